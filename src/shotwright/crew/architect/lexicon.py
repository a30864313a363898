"""The Architect's word lists, loaded once from the TOML files beside this module and turned into lookups."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shotwright.model.vocabulary import BeatName


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(name).read_text(encoding="utf-8"))


def _phrases(text: str) -> frozenset[str]:
    """`a b_c` -> {`a`, `b c`}."""
    return frozenset(word.replace("_", " ") for word in text.split())


@dataclass(frozen=True, slots=True)
class People:
    """Nouns, titles and names of people, all lower case."""

    male: frozenset[str]
    female: frozenset[str]
    neutral: frozenset[str]
    groups: frozenset[str]
    joint: frozenset[str]
    titles: frozenset[str]
    male_titles: frozenset[str]
    female_titles: frozenset[str]
    ages_young: frozenset[str]
    ages_old: frozenset[str]
    kin: frozenset[str]
    kin_male: frozenset[str]
    kin_female: frozenset[str]
    articles: frozenset[str]
    group_address: frozenset[str]
    honorific_male: frozenset[str]
    honorific_female: frozenset[str]
    crowd_words: frozenset[str]
    crowd_nouns: frozenset[str]
    not_people: frozenset[str]
    sounds: frozenset[str]
    first_names_male: frozenset[str]
    first_names_female: frozenset[str]

    @property
    def nouns(self) -> frozenset[str]:
        """Every singular noun for a person."""
        return _person_nouns()


@cache
def people() -> People:
    return People(**{key: _phrases(value) for key, value in _table("people.toml").items()})


@cache
def _person_nouns() -> frozenset[str]:
    words = people()
    return words.male | words.female | words.neutral


@dataclass(frozen=True, slots=True)
class Verbs:
    """`forms` maps every inflected verb to its base form; the other fields are classes of base forms."""

    forms: dict[str, str]
    classes: dict[str, frozenset[str]]
    particles: dict[str, frozenset[str]]
    """First word of a phrasal verb -> its particles."""
    poses: dict[str, str]
    """Base form or participle -> pose of the vocabulary."""
    held: tuple[str, ...]


@cache
def verbs() -> Verbs:
    table = _table("actions.toml")
    irregular: dict[str, str] = table.pop("irregular")
    poses: dict[str, str] = table.pop("poses")
    held = tuple(sorted(_phrases(table.pop("held")), key=lambda phrase: (-len(phrase), phrase)))
    classes = {key: _phrases(value) for key, value in table.items()}
    particles: dict[str, set[str]] = {}
    bases: set[str] = set(irregular)
    for words in classes.values():
        for word in words:
            first, _, particle = word.partition(" ")
            bases.add(first)
            if particle:
                particles.setdefault(first, set()).add(particle)
    pose_of: dict[str, str] = {}
    for pose, text in poses.items():
        for word in text.split():
            pose_of[word] = pose
            if not word.endswith("ing") and word not in ("seated", "perched", "asleep"):
                bases.add(word)
    forms: dict[str, str] = {}
    for base in sorted(bases):
        for form in [base, *_inflected(base)]:
            forms.setdefault(form, base)
    for base, text in irregular.items():
        for form in text.split():
            forms[form] = base
    return Verbs(forms, classes, {key: frozenset(value) for key, value in particles.items()}, pose_of, held)


def _inflected(base: str) -> tuple[str, ...]:
    """The regular third person, participle and past of a base form."""
    if base.endswith("e"):
        return (base + "s", base[:-1] + "ing", base + "d")
    if base.endswith("y") and base[-2:-1] not in "aeou":
        return (base[:-1] + "ies", base + "ing", base[:-1] + "ied")
    if base.endswith(("s", "sh", "ch", "x", "z")):
        return (base + "es", base + "ing", base + "ed")
    return (base + "s", base + "ing", base + "ed")


@dataclass(frozen=True, slots=True)
class Things:
    """Nouns of things. `kind` maps a singular noun phrase to prop, vehicle or animal."""

    kind: dict[str, str]
    always: frozenset[str]
    compounds: dict[str, tuple[tuple[str, ...], ...]]
    """First word -> the compounds that it may begin, longest first."""
    garments: frozenset[str]
    garment_compounds: dict[str, tuple[tuple[str, ...], ...]]
    conditions: dict[str, str]
    """Word -> condition."""
    heard_with: dict[str, frozenset[str]]
    """Noun -> words beside which it is a sound: the ring of a phone."""


def _compounds(words: frozenset[str]) -> dict[str, tuple[tuple[str, ...], ...]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in words:
        parts = tuple(phrase.split(" "))
        if len(parts) > 1:
            found.setdefault(parts[0], []).append(parts)
    return {key: tuple(sorted(value, key=lambda parts: (-len(parts), parts))) for key, value in found.items()}


@cache
def things() -> Things:
    table = _table("things.toml")
    always = _phrases(table["always"])
    props = _phrases(table["props"]) | always
    kind: dict[str, str] = {}
    for name, words in (
        ("prop", props),
        ("vehicle", _phrases(table["vehicles"])),
        ("animal", _phrases(table["animals"])),
    ):
        for word in words:
            kind[word] = name
    garments = _phrases(table["garments"])
    conditions = {word: name for name, text in table["conditions"].items() for word in text.split()}
    heard_with = {word: frozenset(text.split()) for word, text in table["heard_with"].items()}
    return Things(kind, always, _compounds(frozenset(kind)), garments, _compounds(garments), conditions, heard_with)


@dataclass(frozen=True, slots=True)
class WordSense:
    """Exact words, phrases and stems, each with the names it counts for."""

    exact: dict[str, tuple[str, ...]]
    stems: dict[str, tuple[tuple[str, str], ...]]
    """By their first two letters."""
    phrases: tuple[tuple[str, str], ...]
    memory: dict[str, tuple[str, ...]]

    def of(self, word: str) -> tuple[str, ...]:
        """The names that a lower-case word counts for."""
        known = self.memory.get(word)
        if known is None:
            known = self.exact.get(word, ()) + tuple(
                name for stem, name in self.stems.get(word[:2], ()) if word.startswith(stem)
            )
            self.memory[word] = known = tuple(dict.fromkeys(known))
        return known


def _senses(table: dict[str, str]) -> WordSense:
    exact: dict[str, list[str]] = {}
    stems: dict[str, list[tuple[str, str]]] = {}
    phrases: list[tuple[str, str]] = []
    for name, text in table.items():
        for word in text.split():
            if word.endswith("*"):
                stems.setdefault(word[:2], []).append((word[:-1], name))
            elif "_" in word:
                phrases.append((word.replace("_", " "), name))
            else:
                exact.setdefault(word, []).append(name)
    return WordSense(
        {key: tuple(value) for key, value in exact.items()},
        {key: tuple(value) for key, value in stems.items()},
        tuple(phrases),
        {},
    )


@dataclass(frozen=True, slots=True)
class Feelings:
    action: WordSense
    said: WordSense
    manner: WordSense
    setting: WordSense
    night: WordSense
    noun: dict[BeatName, str]
    talk: dict[BeatName, str]


@cache
def feelings() -> Feelings:
    table = _table("feelings.toml")
    return Feelings(
        _senses(table["action"]),
        _senses(table["said"]),
        _senses(table["manner"]),
        _senses(table["setting"]),
        _senses(table["night"]),
        table["contrast"],
        table["talk"],
    )


@dataclass(frozen=True, slots=True)
class Aims:
    """Wordings of a scene's goal by its strongest feeling, how a question is met, and common nouns of places."""

    ask: dict[BeatName, str]
    answer: dict[str, str]
    want: dict[BeatName, str]
    tale: dict[BeatName, str]
    feel: dict[BeatName, str]
    places: frozenset[str]


@cache
def aims() -> Aims:
    table = _table("aims.toml")
    return Aims(
        table["ask"], table["answer"], table["want"], table["tale"], table["feel"], _phrases(table["places"]["common"])
    )


@dataclass(frozen=True, slots=True)
class Places:
    times: dict[str, str]
    relative: dict[str, str]
    """Phrase -> same, later or next_day."""
    tails: dict[str, str]
    """Phrase -> flashback, dream or present."""
    vehicle_words: frozenset[str]
    not_vehicle: frozenset[str]
    montage: tuple[tuple[str, str], ...]
    """(phrase, kind of segment)"""
    genres: WordSense
    tones: WordSense
    british: frozenset[str]
    american: frozenset[str]


@cache
def places() -> Places:
    table = _table("places.toml")

    def keyed(name: str) -> dict[str, str]:
        return {phrase: key for key, text in table[name].items() for phrase in _phrases(text)}

    series = table["montage"]
    montage = [(phrase, "series_of_shots") for phrase in sorted(_phrases(series["series"]))]
    montage += [(phrase, "montage") for phrase in sorted(_phrases(series["montage"]))]
    return Places(
        keyed("times"), keyed("relative"), keyed("tails"), _phrases(table["vehicles_inside"]["words"]),
        _phrases(table["vehicles_inside"]["not_words"]), tuple(montage), _senses(table["genres"]),
        _senses(table["tones"]), _phrases(table["british"]["words"]), _phrases(table["american"]["words"]),
    )  # fmt: skip
