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
    accessories: frozenset[str]
    background: dict[str, str]
    """A phrase for extras -> what the background is called."""
    background_found: re.Pattern[str]
    effects: tuple[Effect, ...]
    effects_found: re.Pattern[str]
    """Any effect at all: the quick test before the single ones."""
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
        accessories=frozenset(table["garments"]["accessories"]),
        background=background,
        background_found=_either(list(background)),
        effects=effects,
        effects_found=_words([entry["any"] for entry in table["effects"].values()]),
        makeup={word: name for name, words in table["makeup"].items() for word in words},
    )
