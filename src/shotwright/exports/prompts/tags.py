"""The short tag that stands for each person, place and thing in every prompt: words that a video model can draw.

A library's own prompt tag comes first. Where there is none the tag is made from what the script says: age, gender,
calling, clothes where the person wears the same throughout, features of the body. No two people share a tag, and a
tag is the same words in every shot of the film.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from shotwright.model.ids import kind_of

if TYPE_CHECKING:
    from shotwright.exports.film import Film
    from shotwright.model.story import Character, Location

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_YEARS = re.compile(r"\d+")


@cache
def appearance() -> dict[str, Any]:
    return tomllib.loads((files("shotwright.exports.prompts") / "appearance.toml").read_text(encoding="utf-8"))


def entity_tags(film: Film) -> dict[str, str]:
    """Entity id -> tag, for every character, place and thing of the film. Tags of characters are unique."""
    given = _library_tags(film)
    tags: dict[str, str] = {}
    taken: set[str] = set()
    people = film.story.characters if film.story else ()
    for entity, tag in given.items():
        if kind_of(entity) == "character":
            tags[entity] = _unlike(tag, taken, set())
            taken.add(tags[entity])
    names = {word.casefold() for person in people for word in _WORD.findall(person.name)}
    clothes = _constant_clothes(film)
    for person in people:
        if person.id not in tags:
            plain = _person_tag(person, clothes.get(person.id, ""))
            tags[person.id] = _unlike(plain, taken, _held(person))
            taken.add(tags[person.id])
    plain_words = plain_words_of(film)
    for place in film.story.locations if film.story else ():
        tags[place.id] = given.get(place.id) or _place_tag(place, names, plain_words)
    for thing in film.story.things if film.story else ():
        kept = [w for w in _WORD.findall(thing.name.lower()) if w not in names and not w.endswith(("'s", "’s"))]
        tags[thing.id] = given.get(thing.id) or f"the {' '.join(kept) or thing.kind}"
    return {**given, **tags}


def _library_tags(film: Film) -> dict[str, str]:
    prompts = {asset.key: asset.prompt for asset in film.assets}
    tags: dict[str, str] = {}
    for casting in film.castings:
        tag = (casting.prompt or prompts.get(casting.key or "", "")).strip(" .")
        if tag:
            tags[casting.entity] = tag
    return tags


def _person_tag(person: Character, clothes: str) -> str:
    """`the young man in the grey suit`, `the old waitress with glasses`."""
    if person.kind == "group":
        kept = [w for w in _WORD.findall(person.name.lower()) if w in _roles()]
        return f"the group of {kept[-1]}" if kept else "the group of people"
    age = _age_word(person)
    child = _years(person.age) is not None and (_years(person.age) or 0) <= 12
    noun = appearance()["noun"][f"{person.gender}_child" if child else person.gender]
    calling = [w for w in _WORD.findall(person.name.lower()) if w in _roles() and w != "voice"]
    if calling:
        noun = calling[-1]
    feature = _feature(person.description, person.name)
    before = " ".join(part for part in (age, noun) if part)
    if feature.startswith("with"):
        before, feature = f"{before} {feature}", ""
    elif feature:
        before = " ".join(part for part in (feature, age, noun) if part)
    return f"the {before} in the {clothes}" if clothes else f"the {before}"


def _age_word(person: Character) -> str:
    table = appearance()["age"]
    said = f"{person.age} {person.name}".lower()
    for word in (*_WORD.findall(said), *_WORD.findall(said.replace("-", " "))):
        if word in table["words"]:
            return str(table["words"][word])
    years = _years(person.age)
    if years is not None:
        return next((str(word) for limit, word in table["years"] if years <= limit), "")
    return ""


def _years(age: str) -> int | None:
    found = _YEARS.search(age)
    return int(found[0]) if found else None


def _feature(description: str, name: str) -> str:
    """The first bodily feature that the script gives: `bald`, `with glasses`."""
    text = f" {' '.join(_WORD.findall(f'{description} {name}'.lower()))} "
    for phrase in appearance()["features"]["phrases"]:
        if f" {phrase} " in text:
            last = phrase.split()[-1]
            if last in appearance()["features"]["counted"]:
                return f"with a {phrase}"
            return f"with {phrase}" if last in appearance()["features"]["worn"] else phrase
    return ""


def _held(person: Character) -> set[str]:
    """Words of the script's own description: a distinction that is given must not go against them."""
    return set(_WORD.findall(person.description.lower()))


def _unlike(tag: str, taken: set[str], described: set[str]) -> str:
    """The tag, made unlike all that are taken."""
    if tag not in taken:
        return tag
    phrases = appearance()["distinctions"]["phrases"]
    own_hair = "hair" in described or "bald" in described
    usable = [p for p in phrases if not (own_hair and "hair" in p)]
    joined = " and " if " with " in tag else " "
    for phrase in usable:
        candidate = f"{tag}{joined}{phrase}"
        if candidate not in taken:
            return candidate
    for first in usable:
        for second in usable:
            candidate = f"{tag}{joined}{first} and {second.removeprefix('with ')}"
            if first != second and candidate not in taken:
                return candidate
    return _unlike(f"the other {tag.removeprefix('the ')}", taken, described)


def _constant_clothes(film: Film) -> dict[str, str]:
    """Character id -> garment, for those who wear the same throughout."""
    worn: dict[str, set[tuple[str, ...]]] = {}
    for look in film.story.looks if film.story else ():
        worn.setdefault(look.character, set()).add(look.clothes)
    constant: dict[str, str] = {}
    for who, outfits in worn.items():
        outfit = next(iter(outfits))
        if len(outfits) == 1 and outfit:
            constant[who] = " ".join(_WORD.findall(outfit[0].lower())).removeprefix("a ").removeprefix("the ")
    return {who: garment for who, garment in constant.items() if garment}


def _place_tag(place: Location, names: set[str], plain_words: set[str]) -> str:
    """`Bloom House - Kitchen` -> `the kitchen`: place words that a model knows, the innermost place that has any."""
    lexicon = _places()
    for part in reversed(re.split(r"\s+[-–—]\s+|/", place.name)):
        found = [w.lower() for w in _WORD.findall(part)]
        kept = [
            w
            for w in found
            if w not in names and not w.endswith(("'s", "’s")) and (w in lexicon or w in plain_words or w in _roles())
        ]
        while kept and kept[-1] in {"of", "the", "and", "in", "at", "on", "by", "to", "a", "with"}:
            kept.pop()
        if any(w in lexicon for w in kept):
            return f"the {' '.join(kept).removeprefix('the ')}"
    indoors = "EXT" not in place.int_ext
    return "the room" if indoors else "the open place outdoors"


def plain_words_of(film: Film) -> set[str]:
    """Words that the script writes small somewhere: those are no names."""
    if film.story is None:
        return set()
    return {
        word
        for scene in film.story.scenes
        for unit in scene.units
        for word in _WORD.findall(unit.text)
        if word.islower()
    }


@cache
def _roles() -> frozenset[str]:
    return frozenset(appearance()["roles"]["words"])


@cache
def _places() -> frozenset[str]:
    return frozenset(appearance()["places"]["words"])
