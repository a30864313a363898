"""The reader's words (`words.toml`), loaded once and shaped for matching."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Every table of `words.toml`, upper case unless said, with the patterns that are built from them."""

    heading: re.Pattern[str]
    """Matches the opening of a scene heading; one of the groups INT, EXT, EST, BOTH, mark is set."""
    heading_words: dict[str, str]
    """An opening word, without stops -> INT, EXT, EST or INT/EXT."""
    omitted: frozenset[str]
    time_core: frozenset[str]
    time_phrases: frozenset[str]
    time_beside: frozenset[str]
    remarks: frozenset[str]
    transitions: frozenset[str]
    transition_leads: frozenset[str]
    direction_whole: frozenset[str]
    direction_lead: re.Pattern[str]
    direction_ends: tuple[str, ...]
    filmed: re.Pattern[str]
    content: frozenset[str]
    place_preposition: re.Pattern[str]
    place_whole: frozenset[str]
    place_nouns: frozenset[str]
    determiners: frozenset[str]
    extension: re.Pattern[str]
    cue_abbreviations: frozenset[str]
    cue_small: frozenset[str]
    performance: frozenset[str]
    title_keys: frozenset[str]
    abbreviations: frozenset[str]
    either: frozenset[str]
    before_figures: frozenset[str]
    openers: frozenset[str]


def _either(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


def _opens(words: list[str]) -> re.Pattern[str]:
    """Any of the words at the start of a line, as whole words."""
    return re.compile(rf"(?:{_either(words)})(?!\w)", re.IGNORECASE)


def _heading(table: dict[str, list[str]]) -> re.Pattern[str]:
    single = table["INT"] + table["EXT"]
    word = _either([*single, *table["EST"]])
    pair = rf"(?:{_either(single)})\.?\s?[/\\&-]\s?(?:{_either(single)})"
    marks = "".join(re.escape(mark) for mark in table["marks"])
    opening = rf"(?P<both>{pair}|{_either(table['BOTH'])})|(?P<word>{word})"
    return re.compile(
        rf"(?:(?:{opening})(?P<stop>[.。．:：]\s*|\s*[-–—]\s+|\s+|$)|(?P<mark>[{marks}])\s*)", re.IGNORECASE
    )


@cache
def lexicon() -> Lexicon:
    """The tables, read from the package on the first call."""
    raw = tomllib.loads(files(__package__).joinpath("words.toml").read_text(encoding="utf-8"))
    heads, times, cues, places = raw["headings"], raw["times"], raw["cues"], raw["places"]
    directions, sentences = raw["directions"], raw["sentences"]
    kinds = {"INT": "INT", "EXT": "EXT", "EST": "EST", "BOTH": "INT/EXT"}
    prepositions, determiners = _either(places["prepositions"]), _either(places["determiners"])
    return Lexicon(
        heading=_heading(heads),
        heading_words={word: kind for key, kind in kinds.items() for word in heads[key]},
        omitted=frozenset(heads["omitted"]),
        time_core=frozenset(times["core"]),
        time_phrases=frozenset(times["phrases"]),
        time_beside=frozenset(times["beside"]),
        remarks=frozenset(times["remarks"]),
        transitions=frozenset(raw["transitions"]["phrases"]),
        transition_leads=frozenset(raw["transitions"]["leads"]),
        direction_whole=frozenset(directions["whole"]),
        direction_lead=re.compile(rf"(?:{_either(directions['leads'])})(?!\w)"),
        direction_ends=tuple(directions["ends"]),
        filmed=_opens(directions["filmed"]),
        content=frozenset(directions["content"]),
        place_preposition=re.compile(rf"(?:{prepositions}) (?:{determiners}|\S+['’]S) \S"),
        place_whole=frozenset(places["whole"]),
        place_nouns=frozenset(places["nouns"]),
        determiners=frozenset(places["determiners"]),
        extension=re.compile(rf"[\s,]+((?:{_either(cues['extensions'])}))\s*$", re.IGNORECASE),
        cue_abbreviations=frozenset(cues["abbreviations"]),
        cue_small=frozenset(cues["small"]),
        performance=frozenset(cues["performance"]),
        title_keys=frozenset(raw["title_page"]["keys"]),
        abbreviations=frozenset(sentences["abbreviations"]),
        either=frozenset(sentences["either"]),
        before_figures=frozenset(sentences["before_figures"]),
        openers=frozenset(sentences["openers"]),
    )
