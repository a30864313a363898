"""What a scene surely has and no line names: library assets that fit its place and people, and needs of the place.

Everything here rests on one scene's brief and on the library: an edit elsewhere changes nothing.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from shotwright.crew.art_director.lexicon import lexicon
from shotwright.crew.art_director.matching import tokens
from shotwright.crew.art_director.needs import same_thing
from shotwright.crew.art_director.sightings import literal
from shotwright.model.ids import entity_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from shotwright.model.asset import Asset
    from shotwright.model.crew import Casting
    from shotwright.model.ids import UnitId
    from shotwright.model.story import SceneBrief
    from shotwright.model.vocabulary import AssetKind

DRESSING: tuple[AssetKind, ...] = ("object", "vehicle", "background")
"""Kinds that a set is dressed with; people, animals, clothes, make-up and effects come from the script."""
SHORTLIST = 12
"""Most library assets that one scene is asked about."""
_LEAST = 2
_ALIKE = 2
"""Most offers of one noun: two tables are a choice, three are noise."""
_DARK = frozenset(("night", "dusk", "blue_hour"))
_YEAR = re.compile(r"\b(1[0-9]{3}|20[0-9]{2})\b")
_DENIAL = re.compile(r"\b(?:no|without|never an?|not an?|empty of|stripped of)\s+([\w ’'-]{1,40})", re.IGNORECASE)
_LATEST_PAST = 1994
"""A flashback that names no year lies before what came up later."""


@dataclass(frozen=True, slots=True)
class Furnishing:
    """A thing that a sort of place can hardly do without."""

    name: str
    kind: AssetKind


@dataclass(frozen=True, slots=True)
class Furniture:
    """The tables of `furnishing.toml`."""

    places: dict[str, tuple[Furnishing, ...]]
    """Word of a heading -> what such a place can hardly do without."""
    sorts: dict[str, str]
    """Word of a heading -> the first word of its entry: a galley is a kitchen."""
    tools: dict[str, tuple[str, ...]]
    """What somebody does, in a form of the verb -> what that needs in the hand."""
    acts: re.Pattern[str]
    no_thing: frozenset[str]
    abstract: tuple[str, ...]
    concrete: frozenset[str]
    set_marks: frozenset[str]
    modern: dict[str, int]


@cache
def furniture() -> Furniture:
    """The tables, read at the first call."""
    table = tomllib.loads(files(__package__).joinpath("furnishing.toml").read_text("utf-8"))
    words = table["words"]
    silent = set(words["no_sign"])
    places: dict[str, tuple[Furnishing, ...]] = {}
    sorts: dict[str, str] = {}
    for entry in table["place"]:
        things = tuple(_furnishing(text) for text in entry["things"])
        for word in entry["at"]:
            if word not in silent:
                places[tokens(word)[0]] = things
                sorts[tokens(word)[0]] = entry["at"][0]
    tools = {verb: tuple(act["with"]) for act in table["act"] for verb in act["does"]}
    return Furniture(
        tools=tools,
        acts=re.compile(rf"\b(?:{'|'.join(map(re.escape, tools))})\b", re.IGNORECASE),
        places=places,
        sorts=sorts,
        no_thing=frozenset(words["no_thing"]),
        abstract=tuple(words["abstract"]),
        concrete=frozenset(words["concrete"]),
        set_marks=frozenset(words["set_marks"]),
        modern=table["modern"],
    )


def _furnishing(text: str) -> Furnishing:
    kind, colon, name = text.partition(": ")
    if not colon:
        return Furnishing(text, "object")
    return Furnishing(name, next(k for k in DRESSING if k == kind))


def place_words(brief: SceneBrief) -> tuple[str, ...]:
    """Bare words of the scene's place, the set's own first: the last named is the nearest."""
    line = brief.scene.slugline
    found: dict[str, None] = {}
    for name in (*reversed(line.sub_places), brief.place.name.rpartition(" - ")[2], line.place, brief.place.name):
        for word in reversed(tokens(name)):
            if word not in lexicon().place_fillers:
                found[word] = None
    if brief.scene.scene_type == "car":
        found["car"] = None
    return tuple(found)


def usual_things(brief: SceneBrief, most: int = 6) -> tuple[Furnishing, ...]:
    """What the scene's place can hardly do without, by its nearest word that says what sort of place it is."""
    table = furniture().places
    for word in place_words(brief):
        things = table.get(word)
        if things:
            return tuple(thing for thing in things if fits_story(thing.name, brief) == "")[:most]
    return ()


def acts_in(brief: SceneBrief) -> dict[UnitId, tuple[str, ...]]:
    """Action unit -> the things, any of which somebody needs in hand for what the unit has them do."""
    found = {unit.id: _tools_of(unit.text) for unit in brief.scene.units if unit.kind == "action"}
    return {unit: tools for unit, tools in found.items() if tools}


@lru_cache(maxsize=8192)
def _tools_of(text: str) -> tuple[str, ...]:
    table = furniture()
    verbs = dict.fromkeys(verb.casefold() for verb in table.acts.findall(literal(text)))
    return tuple(dict.fromkeys(tool for verb in verbs for tool in table.tools[verb]))


def signs_of(name: str, aliases: Sequence[str], brief: SceneBrief) -> tuple[UnitId, ...]:
    """Action units that name the thing, all of its words, or have somebody do what needs it."""
    own = tokens(name)
    names = [set(own), *(set(words) for words in map(tokens, aliases) if len(words) > 1)]
    found: list[UnitId] = []
    for unit in brief.scene.units:
        if unit.kind != "action":
            continue
        said = set(_words_of(unit.text))
        named = any(words <= said for words in names)
        if named or any(tokens(tool) == own[-len(tokens(tool)) :] for tool in _tools_of(unit.text)):
            found.append(unit.id)
    return tuple(found)


def is_said(name: str, brief: SceneBrief) -> bool:
    """An action unit has every word of the name."""
    words = set(tokens(name))
    return any(unit.kind == "action" and words <= set(_words_of(unit.text)) for unit in brief.scene.units)


@lru_cache(maxsize=8192)
def _words_of(text: str) -> tuple[str, ...]:
    return tokens(literal(text))


def fits_story(name: str, brief: SceneBrief) -> str:
    """Why a thing must not be added to the scene; empty when it may be.

    Not what the story follows (which shots show it is a matter of who has it), not what the script denies, nothing that
    the scene's time has not seen.
    """
    words = tokens(name)
    head = tokens(same_thing(name))[-1]
    for thing in brief.things:
        if head == tokens(same_thing(thing.name))[-1] or set(tokens(thing.name)) <= set(words):
            return f"the script itself has a {thing.name} here, and says when it is seen"
    if denied(words[-1], brief):
        return f"the script says that there is no {words[-1]}"
    year = year_of(brief)
    if year is not None:
        for word in words:
            since = furniture().modern.get(word) or furniture().modern.get(word + "s")
            if since is not None and since > year:
                return f"the scene plays before there was a {word}"
    return ""


def denied(head: str, brief: SceneBrief) -> bool:
    """An action line says that the place is without it."""
    for unit in brief.scene.units:
        if unit.kind == "speech":
            continue
        if any(head in tokens(clause)[:3] for clause in _DENIAL.findall(unit.text)):
            return True
    return False


def year_of(brief: SceneBrief) -> int | None:
    """The year that a heading gives; of a flashback without one, the last that it may be; None of the present."""
    line = brief.scene.slugline
    found = _YEAR.search(" ".join((line.raw, *line.tails)))
    if found:
        return int(found[1])
    return _LATEST_PAST if brief.scene.flashback or brief.scene.story_day.startswith("FB") else None


@dataclass(frozen=True, slots=True)
class _Features:
    """An asset as words, for judging whether it belongs to a place."""

    name: frozenset[str]
    head: str
    told: frozenset[str]
    marks: frozenset[str]
    words: frozenset[str]
    """Every word of the three."""
    signs: frozenset[str]
    """The sorts of place that name and marks speak of."""
    entity: str
    hero: bool


@lru_cache(maxsize=32768)
def _features(kind: AssetKind, name: str, described: str, tags: tuple[str, ...]) -> _Features:
    own = frozenset(tokens(name))
    told = frozenset(tokens(described))
    marks = frozenset(word for tag in tags for word in tokens(tag))
    return _Features(
        name=own,
        head=tokens(same_thing(name))[-1],
        told=told,
        marks=marks,
        words=own | told | marks,
        signs=frozenset(_signs(own | marks)),
        entity=entity_id("prop" if kind == "object" else kind, name),
        hero=bool(marks & {"hero", "hidden"}),
    )


def shortlist(brief: SceneBrief, assets: Sequence[Asset], castings: Sequence[Casting]) -> tuple[Asset, ...]:
    """Library assets that could stand in the scene though no line names them, the likeliest first, `SHORTLIST` at most.

    `castings` are those that the scene rests on: what they use is not offered. What an action line names or needs in a
    hand comes first; else a hero prop is never offered, and what belongs to somebody only where its owner is.
    """
    used = {entry.key for entry in castings if entry.key}
    bound = {str(entry.entity) for entry in castings}
    words = place_words(brief)
    telling = _telling(words)
    signs = set(_signs(words))
    heads = {tokens(same_thing(thing.name))[-1] for thing in usual_things(brief, most=99)}
    said = {word for unit in brief.scene.units if unit.kind == "action" for word in _words_of(unit.text)}
    tools = {tokens(tool)[-1] for found in acts_in(brief).values() for tool in found}
    people = tuple(name for m in brief.cast for name in (m.character.name, *m.character.aliases))
    speaking = {*telling, *furniture().set_marks}
    nouns = {*heads, *said, *tools}
    ranked: list[tuple[int, str, Asset]] = []
    for asset in assets:
        if asset.kind not in DRESSING or asset.key in used:
            continue
        known = _features(asset.kind, asset.name, asset.description, asset.tags)
        phrases = any(" " in alias for alias in asset.aliases)
        if not (phrases or known.head in nouns or speaking & known.words or signs & known.signs):
            continue
        if known.entity in bound or known.head in words[:1]:
            continue
        near = phrases or known.head in tools or known.head in said
        shown = near and bool(signs_of(asset.name, asset.aliases, brief))
        owned = bool(asset.belongs_to)
        if not shown and (known.hero or (owned and not is_owned_by(asset.belongs_to, people))):
            continue
        here = bool(telling & (known.marks | known.name))
        foreign = bool(known.signs) and not signs & known.signs and not here
        handled = "prop" in known.marks and not here and not known.marks & furniture().set_marks
        if (foreign or handled) and not shown:
            continue
        score = 4 * shown + 3 * here + 2 * (known.head in heads) + 2 * bool(telling & known.told) + bool(known.signs)
        score += bool(known.marks & furniture().set_marks)
        if score < _LEAST or _elsewhere(known, brief) or fits_story(asset.name, brief):
            continue
        ranked.append((-score, asset.key, asset))
    ranked.sort(key=lambda row: row[:2])
    return tuple(_few_alike(asset for _, _, asset in ranked))[:SHORTLIST]


def _few_alike(assets: Iterable[Asset]) -> list[Asset]:
    """Of several versions of one thing the newest, and of one sort of thing no more than `_ALIKE`."""
    best: dict[str, Asset] = {}
    sorts: dict[str, int] = {}
    for asset in assets:
        stem = re.sub(r"_v\d+$", "", asset.key)
        head = tokens(same_thing(asset.name))[-1]
        if stem in best:
            best[stem] = max(best[stem], asset, key=lambda a: a.key)
        elif sorts.get(head, 0) < _ALIKE:
            best[stem] = asset
            sorts[head] = sorts.get(head, 0) + 1
    return list(best.values())


def _telling(words: Iterable[str]) -> set[str]:
    """Words that say which place it is and not what sort, how old or how big."""
    silent = lexicon().place_generic | lexicon().ages | lexicon().weak
    return {word for word in words if word not in silent and len(word) > 3}


def _signs(words: Iterable[str]) -> tuple[str, ...]:
    """The sorts of place that the words name, by the first word of each sort's entry."""
    table = furniture()
    return tuple(sorted({table.sorts[word] for word in words if word in table.sorts}))


def _elsewhere(known: _Features, brief: SceneBrief) -> bool:
    """Its marks say that it stands on the other side of the wall, or only at another time of day."""
    side = brief.scene.slugline.int_ext
    words = lexicon()
    inside, outside = bool(known.marks & words.inside), bool(known.marks & words.outside)
    if (side == "INT" and outside and not inside) or (side in ("EXT", "EST") and inside and not outside):
        return True
    dark = brief.scene.time_of_day in _DARK
    at_night, by_day = "night" in known.marks, "day" in known.marks or "daylight" in known.marks
    return (dark and by_day and not at_night) or (not dark and at_night and not by_day)


def is_owned_by(owner: str, names: Iterable[str]) -> bool:
    """Whether an asset's owner is one of those named, in full or by first name: a shared surname is no proof, and
    Ned's father is not Ned."""
    whose = tokens(owner)
    by_first = "'s " not in owner.replace("’", "'")
    titles = lexicon().titles
    for name in map(tokens, names):
        short = len(name) == 1 or len(whose) == 1
        if name == whose or (by_first and short and name[0] == whose[0] and name[0] not in titles):
            return True
    return False


def entity_of(asset: Asset) -> str:
    """The story id that a dressing asset is bound under."""
    return _features(asset.kind, asset.name, asset.description, asset.tags).entity


def not_a_thing(name: str) -> str:
    """Why the words name nothing that a props department can fetch; empty when they do."""
    spelled = name.casefold().replace("’", "'").split()
    if not 1 <= len(spelled) <= 3:
        return "it must be a thing in one to three words"
    table = furniture()
    for word in spelled:
        if not re.fullmatch(r"[^\W\d_]+(?:['-][^\W\d_]+)*", word):
            return "it must be plain words, without signs or figures"
    head = spelled[-1].strip("'")
    if len(head) < 3 or {head, tokens(head)[-1]} & table.no_thing or {"or", "and"} & set(spelled):
        return f"“{name}” is no thing that can be fetched and put there"
    if head not in table.concrete and head.endswith(table.abstract):
        return f"“{name}” is no thing that can be fetched and put there"
    return ""
