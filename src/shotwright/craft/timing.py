"""How long the script's words take on screen, and where a speech may be cut.

Speech lasts words / rate + 0.4 s, with a rate of 2.4 words a second that delivery moves between 2.0 and 3.0. Action is
timed from its words and verbs: one page comes to about one minute over a film. All numbers and word lists are in
`timing.toml`; trade conventions, to be overruled by whoever directs.
"""

from __future__ import annotations

import itertools
import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal

BoundaryKind = Literal["start", "pause", "sentence", "dash", "clause", "comma", "phrase"]

# How unwelcome a cut is at each kind of boundary inside a speech.
BOUNDARY_COST: dict[str, float] = {
    "start": 0.0, "pause": 0.0, "sentence": 0.15, "dash": 0.7, "clause": 1.0, "comma": 1.8, "phrase": 5.0,
}  # fmt: skip

_SPACELESS = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f]")
_SPACELESS_RUN = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uff9f…—]+|"
    r"[^\s\u0e00-\u0eff\u1000-\u109f\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uff9f]+"
)
_BARE = re.compile(r"^[^\w']+|[^\w']+$")
_WORD = re.compile(r"[\w’'-]+")


@dataclass(frozen=True, slots=True)
class TimingTable:
    """The contents of `timing.toml`, with word lists as sets and patterns compiled."""

    gap: float
    lead: float
    slowest: float
    fastest: float
    characters_per_second: float
    fast: re.Pattern[str]
    slow: re.Pattern[str]
    changes: tuple[float, float, float, float]
    action: dict[str, float]
    words: dict[str, frozenset[str]]
    long_hold: re.Pattern[str]
    short_hold: re.Pattern[str]


@cache
def table() -> TimingTable:
    """The timing table, read once."""
    raw = tomllib.loads(files("shotwright.craft").joinpath("timing.toml").read_text("utf-8"))
    speech, delivery = raw["speech"], raw["delivery"]

    def any_of(words: list[str]) -> re.Pattern[str]:
        return re.compile(r"\b(?:" + "|".join(map(re.escape, words)) + r")\b", re.I)

    return TimingTable(
        gap=speech["gap"],
        lead=speech["lead"],
        slowest=speech["slowest"],
        fastest=speech["fastest"],
        characters_per_second=speech["characters_per_second"],
        fast=any_of(delivery["fast"]),
        slow=any_of(delivery["slow"]),
        changes=(
            delivery["fast_change"],
            delivery["slow_change"],
            delivery["exclaimed_change"],
            delivery["trailing_change"],
        ),
        action={name: float(value) for name, value in raw["action"].items()},
        words={name: frozenset(value) for name, value in raw["words"].items()},
        long_hold=re.compile("|".join(raw["held"]["long"]), re.I),
        short_hold=re.compile("|".join(raw["held"]["short"]), re.I),
    )


def plain(text: str) -> str:
    """The text with every run of white space as one space: the form in which speech is compared and cut."""
    return " ".join(text.split())


@dataclass(frozen=True, slots=True)
class Token:
    """The smallest thing that a cut never divides: a word, or one character of a script without spaces."""

    text: str
    spaced: bool
    """A space stands before it."""
    words: float
    """Its weight in words: 1, or what a character is worth against the default rate of 2.4."""


def tokens(text: str) -> list[Token]:
    """The text as tokens, in order: joining them, with a space where `spaced`, gives `plain(text)` again."""
    found: list[Token] = []
    if not _SPACELESS.search(text):
        for i, word in enumerate(text.split()):
            found.append(Token(word, i > 0, 1.0 if _WORD.search(word) else 0.0))
        return found
    per_character = 2.4 / table().characters_per_second
    for i, word in enumerate(text.split()):
        spaced = i > 0
        for run in _SPACELESS_RUN.findall(word):
            if _SPACELESS.search(run):
                for character in run:
                    found.append(Token(character, spaced, per_character if character.isalnum() else 0.0))
                    spaced = False
            else:
                found.append(Token(run, spaced, 1.0 if _WORD.search(run) else 0.0))
                spaced = False
    return found


def joined(parts: list[Token]) -> str:
    """Tokens as text, without a space at the front."""
    return "".join((" " + t.text if t.spaced and i else t.text) for i, t in enumerate(parts))


def speech_rate(delivery: str, text: str, default: float) -> float:
    """Words a second for a delivery such as `whispering`: the default moved, kept within 2.0 and 3.0."""
    t = table()
    fast, slow, exclaimed, trailing = t.changes
    rate = default
    if delivery:
        if t.fast.search(delivery):
            rate += fast
        elif t.slow.search(delivery):
            rate += slow
    if text.endswith("!"):
        rate += exclaimed
    elif text.endswith(("...", "…")):
        rate += trailing
    return max(min(t.slowest, default), min(max(t.fastest, default), rate))


def speech_seconds(words: float, rate: float) -> float:
    """Seconds that words need within a cut: words / rate + 0.4."""
    return words / rate + table().gap


def reading_seconds(text: str) -> float:
    """Seconds that a text on screen must stay to be read: words / 2.5 + 1.5."""
    a = table().action
    return sum(t.words for t in tokens(text)) / a["read_words_per_second"] + a["read_base"]


def held_seconds(text: str) -> float:
    """Still time that a sentence of action asks for (`Nobody turns.`), 0 when it asks for none."""
    t = table()
    if t.long_hold.search(text):
        return t.action["long_hold"]
    return t.action["hold"] if t.short_hold.search(text) else 0.0


@lru_cache(maxsize=4096)
def action_seconds(text: str) -> tuple[float, float, float]:
    """Time of one action sentence: (natural seconds, the least that it can be squeezed to, held seconds in it).

    Description that is seen at a glance (`Rain.`, `Nadia, 40, drives.`) takes next to no time of its own, as it is
    true of the frame while other things happen; looks overlap with speech; the rest squeezes by a third.
    """
    t = table()
    a, lists = t.action, t.words
    words = [w.casefold() for w in _WORD.findall(text)]
    size = sum(token.words for token in tokens(text)) or 1.0
    held = held_seconds(text)
    if held:
        seconds = max(held, a["shortest"]) + min(2.5, 0.12 * max(0.0, size - 4))
        return round(min(a["longest"], seconds), 3), max(1.0, held * 0.9), held
    # A word that ends like a verb is a plural after an article, a possessive or a preposition.
    verbs = [w for before, w in itertools.pairwise(words) if before not in lists["openers"] and _is_verb(w, lists)]
    moving = [w for w in verbs if w not in lists["states"]]
    if not moving and not _SPACELESS.search(text):
        seconds = min(3.0, a["described"] + a["described_word"] * size)
        return round(seconds, 3), a["described_floor"], 0.0
    seconds = a["base"] + a["word"] * size + a["verb"] * max(0, len(moving) - 1)
    seconds = min(a["longest"], max(a["shortest"], seconds))
    floor = a["look_floor"] if moving and set(moving) <= lists["looks"] else a["floor_share"] * seconds
    return round(seconds, 3), round(floor, 3), 0.0


def _is_verb(word: str, lists: dict[str, frozenset[str]]) -> bool:
    if word in lists["states"] or word in lists["looks"]:
        return True
    if word in lists["not_verbs"] or len(word) < 3 or word.endswith(("'s", "’s", "ss", "us")):
        return False
    return word.endswith(("s", "ing", "ed"))
