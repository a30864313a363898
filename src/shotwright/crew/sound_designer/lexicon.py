"""The Sound Designer's words (`ambience.toml`, `effects.toml`, `music.toml`), loaded once and shaped for matching."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shotwright.model.vocabulary import SoundCategory

_DOUBLED = re.compile(r"[^aeiou][aeiou][bdgklmnprt]$")


@dataclass(frozen=True, slots=True)
class Place:
    """How a sort of place sounds."""

    inside: str
    outside: str
    inside_night: str
    outside_night: str
    moving: str
    rain_inside: str
    vehicle: bool
    surface: str
    open_air: bool
    """Has no inside, whatever the heading says."""
    generic: bool
    """Says nothing by itself: the set around it decides."""


@dataclass(frozen=True, slots=True)
class Overlay:
    """A sound that weather or a thing adds to any bed."""

    found: re.Pattern[str]
    unmade: re.Pattern[str] | None
    outside: str
    inside: str


@dataclass(frozen=True, slots=True)
class Beds:
    """The tables of `ambience.toml`."""

    default: dict[str, str]
    places: dict[str, Place]
    """A word or phrase for a place -> its sound."""
    place_words: re.Pattern[str]
    weather: tuple[Overlay, ...]
    layers: tuple[tuple[re.Pattern[str], str, bool], ...]
    """(pattern, what it adds, indoors only)"""
    night: frozenset[str]
    moving: frozenset[str]
    moving_found: re.Pattern[str]
    parked_found: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class SoundWord:
    """A word that is a sound: what it is called as a noun, and how long it lasts in seconds."""

    noun: str
    seconds: float
    vocal: bool
    noun_already: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """A deed of the action that makes a sound."""

    sound: str
    category: SoundCategory
    seconds: float
    nouns: frozenset[str]
    who: bool
    feet: bool
    before: bool
    """The noun must stand before the verb: it is what does it."""
    after: frozenset[str]
    """Words of which one must follow the verb."""
    direct: bool
    """The noun must be what the verb takes, before any preposition."""
    order: int


@dataclass(frozen=True, slots=True)
class Effects:
    """The tables of `effects.toml`."""

    sounds: dict[str, SoundWord]
    """Every form of a word that may stand in capitals as a sound."""
    not_bare: frozenset[str]
    never_of_people: frozenset[str]
    """Nouns of sounds that are figures of speech when somebody does them."""
    by_verb: dict[str, tuple[Rule, ...]]
    by_noun: dict[str, Rule]
    figures: re.Pattern[str]
    negations: frozenset[str]
    determiners: frozenset[str]
    prepositions: frozenset[str]
    not_makers: frozenset[str]
    giving: frozenset[str]


@dataclass(frozen=True, slots=True)
class Spotting:
    """The tables of `music.toml`."""

    weights: dict[str, float]
    levels: tuple[float, ...]
    share: float
    hold: float
    """Points below the level down to which a scene keeps a cue that already plays."""
    longest_scenes: int
    families: dict[str, str]
    sounds: dict[str, str]
    why: dict[str, str]
    source: re.Pattern[str]
    plays: re.Pattern[str]
    sings: re.Pattern[str]
    named: re.Pattern[str]
    off: re.Pattern[str]
    unmade: re.Pattern[str]
    score: re.Pattern[str]


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(name).read_text("utf-8"))


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE)


def _maybe(pattern: str) -> re.Pattern[str] | None:
    return _words(pattern) if pattern else None


def _forms(verb: str, irregular: dict[str, list[str]]) -> list[str]:
    """Present, -ing and -ed of a base verb, with the base itself."""
    if verb in irregular:
        return [verb, *irregular[verb]]
    if verb.endswith("e"):
        return [verb, verb + "s", verb[:-1] + "ing", verb + "d"]
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return [verb, verb[:-1] + "ies", verb + "ing", verb[:-1] + "ied"]
    if verb.endswith(("s", "x", "z", "ch", "sh")):
        return [verb, verb + "es", verb + "ing", verb + "ed"]
    stem = verb + verb[-1] if _DOUBLED.search(verb) and len(verb) < 6 else verb
    return [verb, verb + "s", stem + "ing", stem + "ed"]


@cache
def beds() -> Beds:
    """The places' sounds, read at the first call."""
    table = _read("ambience.toml")
    places: dict[str, Place] = {}
    for entry in table["place"]:
        place = Place(
            inside=entry["inside"],
            outside=entry["outside"],
            inside_night=entry.get("inside_night", entry["inside"]),
            outside_night=entry.get("outside_night", entry["outside"]),
            moving=entry.get("moving", ""),
            rain_inside=entry.get("rain_inside", ""),
            vehicle=entry.get("vehicle", False),
            surface=entry["surface"],
            open_air=entry.get("open_air", False),
            generic=entry.get("generic", False),
        )
        for word in entry["words"]:
            places.setdefault(word, place)
    phrases = sorted(places, key=lambda word: (-len(word), word))
    return Beds(
        default=table["default"],
        places=places,
        place_words=re.compile(
            rf"(?<!\w)({'|'.join(re.escape(word) for word in phrases)})(?:'s|s)?(?!\w)", re.IGNORECASE
        ),
        weather=tuple(
            Overlay(_words(entry["any"]), _maybe(entry["not"]), entry["outside"], entry["inside"])
            for entry in table["weather"]
        ),
        layers=tuple((_words(e["any"]), e["adds"], e.get("indoors", False)) for e in table["layer"]),
        night=frozenset(table["night"]["words"]),
        moving=frozenset(table["moving"]["words"]),
        moving_found=_words(table["moving"]["pattern"]),
        parked_found=_words(table["moving"]["parked"]),
    )


@cache
def effects() -> Effects:
    """What makes a noise, read at the first call."""
    table = _read("effects.toml")
    irregular: dict[str, list[str]] = table["irregular"]
    words = table["sounds"]
    called: dict[str, str] = words["called"]
    vocal = frozenset(words["vocal"]["words"])
    sounds: dict[str, SoundWord] = {}
    for length in ("brief", "short", "long"):
        for verb in words[length]["verbs"]:
            for form in _forms(verb, irregular):
                sounds.setdefault(
                    form, SoundWord(called.get(verb, verb), words[length]["seconds"], verb in vocal, False)
                )
    for noun in words["nouns"]["words"]:
        sounds[noun] = SoundWord(noun, words["nouns"]["seconds"], False, True)
    by_verb: dict[str, list[Rule]] = {}
    by_noun: dict[str, Rule] = {}
    for order, entry in enumerate(table["effect"]):
        rule = Rule(
            sound=entry["sound"],
            category=entry.get("category", "SFX"),
            seconds=entry["seconds"],
            nouns=frozenset(entry.get("nouns", ())),
            who=entry.get("who", False),
            feet=entry.get("feet", False),
            before=entry.get("before", False),
            after=frozenset(entry.get("after", ())),
            direct=entry.get("direct", False),
            order=order,
        )
        for verb in entry.get("verbs", ()):
            for form in _forms(verb, irregular):
                by_verb.setdefault(form, []).append(rule)
        for noun in entry.get("nouns_only", ()):
            by_noun[noun] = rule
    return Effects(
        sounds=sounds,
        not_bare=frozenset(words["not"]["words"]),
        never_of_people=frozenset(words["of_people"]["never"]),
        by_verb={form: tuple(rules) for form, rules in by_verb.items()},
        by_noun=by_noun,
        figures=_words("|".join(table["figures"]["patterns"])),
        negations=frozenset(table["figures"]["negations"]),
        determiners=frozenset(table["figures"]["determiners"]),
        prepositions=frozenset(table["figures"]["prepositions"]),
        giving=frozenset(table["figures"]["giving"]),
        not_makers=frozenset(table["figures"]["not_makers"]),
    )


@cache
def spotting() -> Spotting:
    """How music is spotted, read at the first call."""
    table = _read("music.toml")
    source = table["source"]
    return Spotting(
        weights={name: float(points) for name, points in table["weights"].items()},
        levels=tuple(float(level) for level in table["levels"]["try"]),
        share=table["levels"]["share"],
        hold=table["levels"]["hold"],
        longest_scenes=table["levels"]["longest_scenes"],
        families={beat: entry["family"] for beat, entry in table["beats"].items()},
        sounds={beat: entry["sounds"] for beat, entry in table["beats"].items()},
        why={beat: entry["why"] for beat, entry in table["beats"].items()},
        source=_words(source["source"]),
        plays=_words(source["plays"]),
        sings=_words(source["sings"]),
        named=_words(source["named"]),
        off=_words(source["off"]),
        unmade=_words(source["not"]),
        score=_words(source["score"]),
    )
