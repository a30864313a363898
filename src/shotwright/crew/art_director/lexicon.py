"""The Art Director's words (`words.toml`), loaded once and shaped for matching."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Effect:
    """How an effect shows in the script's words."""

    name: str
    found: re.Pattern[str]
    unmade: re.Pattern[str] | None
    weather: bool
    """Holds for the whole of a scene outdoors, not for one shot."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Every table of `words.toml`."""

    articles: frozenset[str]
    titles: frozenset[str]
    male_titles: frozenset[str]
    female_titles: frozenset[str]
    ages: frozenset[str]
    inside: frozenset[str]
    outside: frozenset[str]
    place_fillers: frozenset[str]
    place_generic: frozenset[str]
    weak: frozenset[str]
    garment_group: dict[str, str]
    """Garment noun -> the first noun of its group."""
    garment_states: frozenset[str]
    accessories: frozenset[str]
    background: dict[str, str]
    """A phrase for extras -> what the background is called."""
    background_found: re.Pattern[str]
    effects: tuple[Effect, ...]
    effects_found: re.Pattern[str]
    """Any effect at all: the quick test before the single ones."""
    figurative: re.Pattern[str]
    """Words that say of a thing that it is not there."""
    ambiguous: frozenset[str]
    """Nouns that are as often something else."""
    determiners: frozenset[str]
    """Words before which such a noun is one."""
    compounds: dict[str, frozenset[str]]
    """Noun -> neighbours that make another thing of it."""
    same: dict[str, str]
    """A name as bare words -> the name of the same thing that the list uses."""
    crowd_fillers: frozenset[str]
    no_place: frozenset[str]
    no_makeup: frozenset[str]
    makeup: dict[str, str]
    """A word for a state -> the name of the make-up."""


def _words(patterns: list[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)", re.IGNORECASE)


def _either(words: list[str]) -> re.Pattern[str]:
    return _words([re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word))])


@cache
def lexicon() -> Lexicon:
    """The words, read at the first call."""
    table = tomllib.loads(files(__package__).joinpath("words.toml").read_text("utf-8"))
    names = table["names"]
    background = {word: name for name, words in table["background"].items() for word in words}
    needs = table["needs"]
    effects = tuple(
        Effect(name, _words([entry["any"]]), _words([entry["not"]]) if entry["not"] else None, entry["weather"])
        for name, entry in table["effects"].items()
    )
    return Lexicon(
        articles=frozenset(names["articles"]),
        titles=frozenset(names["titles"]),
        male_titles=frozenset(names["male_titles"]),
        female_titles=frozenset(names["female_titles"]),
        ages=frozenset(names["ages"]),
        inside=frozenset(names["inside"]),
        outside=frozenset(names["outside"]),
        place_fillers=frozenset(names["place_fillers"]),
        place_generic=frozenset(names["place_generic"]),
        weak=frozenset(names["weak"]),
        garment_group={noun: group[0] for group in table["garments"]["groups"] for noun in group},
        garment_states=frozenset(table["garments"]["states"]),
        accessories=frozenset(table["garments"]["accessories"]),
        background=background,
        background_found=_either(list(background)),
        effects=effects,
        effects_found=_words([entry["any"] for entry in table["effects"].values()]),
        figurative=re.compile("|".join(needs["figurative"]), re.IGNORECASE),
        ambiguous=frozenset(needs["ambiguous"]),
        determiners=frozenset(needs["determiners"]),
        compounds={noun: frozenset(words) for noun, words in needs["compounds"].items()},
        same={word: words[0] for words in reversed(needs["same"]) for word in words},
        no_place=frozenset(needs["no_place"]),
        crowd_fillers=frozenset(needs["crowd_fillers"]),
        no_makeup=frozenset(needs["no_makeup"]),
        makeup={word: name for name, words in table["makeup"].items() for word in words},
    )
