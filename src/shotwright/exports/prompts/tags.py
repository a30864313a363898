"""The short tag that stands for each person, place and thing in every prompt: words that a video model can draw.

A library's own prompt tag comes first. Where there is none the tag is made from what the script says: age, gender,
calling, clothes where the person wears the same throughout, features of the body. No two people share a tag, and a
tag is the same words in every shot of the film.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from shotwright.model.ids import kind_of

if TYPE_CHECKING:
    from shotwright.exports.film import Film
    from shotwright.model.story import Character, Location

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_PLACE_ENDINGS = ("room", "house", "yard", "field", "shop", "side")
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
    used: Counter[str] = Counter()
    plain_words = plain_words_of(film)
    nouns = set(appearance()["noun"].values())
    # Whoever has a younger self of their own is not the child of their introduction.
    grown = {person.version_of for person in people if person.version_of}
    for person in people:
        if person.id not in tags:
            plain = _person_tag(person, clothes.get(person.id, ""), plain_words, person.id in grown)
            # `the man` alone would be anybody: whoever has nothing of his own is given something.
            called = _WORD.findall(person.name.lower())
            own = person.kind == "group" or (called and _is_role(called[-1]))
            bare = {plain} if not own and len(plain.split()) <= 3 and plain.split()[-1] in nouns else set()
            tags[person.id] = _unlike(plain, taken | bare, _held(person), crowd=person.kind == "group", used=used)
            taken.add(tags[person.id])
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


def _person_tag(person: Character, clothes: str, plain_words: set[str], grown: bool) -> str:
    """`the young man in the grey suit`, `the old waitress with glasses`."""
    called = _WORD.findall(person.name.lower())
    if person.kind == "group":
        kept = [w for w in called if w != "the"]
        plain = all(w in plain_words or _is_role(w) for w in kept)
        return f"the {' '.join(kept)}" if kept and plain else "the group of people"
    years = _years(person.age)
    child = years is not None and years <= 12 and not grown
    age = "" if grown and years is not None and years <= 19 else _age_word(person)
    noun = appearance()["noun"][f"{person.gender}_child" if child else person.gender]
    if called and _is_role(called[-1]) and called[-1] != "voice":
        # `Bored Boy`, `Old Waitress`: the name itself says whom to draw.
        said = [w for w in called[:-1] if w in plain_words or _is_role(w)]
        noun = " ".join([*(w for w in said if w not in {*age.split(), "the", "a"}), called[-1]])
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


def _unlike(
    tag: str, taken: set[str], described: set[str], *, crowd: bool = False, used: Counter[str] | None = None
) -> str:
    """The tag, made unlike all that are taken, by the distinction that the fewest people have so far."""
    used = Counter() if used is None else used
    if tag not in taken:
        return tag
    phrases = appearance()["distinctions"]["crowds" if crowd else "phrases"]
    own_hair = "hair" in described or "bald" in described
    usable = [p for p in phrases if not (own_hair and "hair" in p)]
    joined = " and " if " with " in tag else " "
    for phrase in sorted(usable, key=lambda p: used[p]):
        candidate = f"{tag}{joined}{phrase}"
        if candidate not in taken:
            used[phrase] += 1
            return candidate
    for first in usable:
        for second in usable:
            candidate = f"{tag}{joined}{first} and {second.removeprefix('with ').removeprefix('in ')}"
            if first != second and candidate not in taken:
                return candidate
    return _unlike(f"the other {tag.removeprefix('the ')}", taken, described, crowd=crowd, used=used)


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
    for part in reversed(re.split(r"\s+[-–—]\s+|/", place.name)):
        found = [w.lower() for w in _WORD.findall(part)]
        kept = [
            w
            for w in found
            if w not in names and not w.endswith(("'s", "’s")) and (_is_place(w) or w in plain_words or _is_role(w))
        ]
        while kept and kept[-1] in {"of", "the", "and", "in", "at", "on", "by", "to", "a", "with"}:
            kept.pop()
        if any(map(_is_place, kept)) or (kept and len(kept) == len(found)):
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


def _is_role(word: str) -> bool:
    return word in _roles() or word.removesuffix("s") in _roles()


def _is_place(word: str) -> bool:
    return word in _places() or word.removesuffix("s") in _places() or word.endswith(_PLACE_ENDINGS)


@cache
def _roles() -> frozenset[str]:
    return frozenset(appearance()["roles"]["words"])


@cache
def _places() -> frozenset[str]:
    return frozenset(appearance()["places"]["words"])
