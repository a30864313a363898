"""What plain words do to people: reproach, refusal, admission, absence, held silence, discovery and flight.

Words of feeling are rare in a quiet scene; its feeling stands in how a question is met, in who does not answer, and in
what hands do meanwhile. All of it is read unit by unit within one scene.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING

from shotwright.crew.architect.naming import plain

if TYPE_CHECKING:
    from shotwright.crew.architect.sightings import Sentence
    from shotwright.model.screenplay import Unit
    from shotwright.model.story import ActionNote
    from shotwright.model.vocabulary import BeatName

Scores = dict[str, float]
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
_BROKEN = ("--", "—")
_SMALL = 9
"""Words in a speech that still counts as a short one."""
_LONG = 25
"""Words in a speech that has stopped being an answer and become an outpouring."""
_SELF = frozenset(("i", "me", "my", "i'd", "i've", "i'm"))
_BUSINESS = re.compile(
    r"\b(?:sets? (?:it|her|his|the|down|two)|puts? (?:it|her|his|the) \w*.{0,12}down|touches|folds|"
    r"turns (?:the|it|her|his)|picks (?:it|the)|stands it|taps|lays|closes|smooths|straightens|stirs|"
    r"winds|unwraps|fingers)\b"
)


@dataclass(frozen=True, slots=True)
class Row:
    like: re.Pattern[str] | None
    feels: tuple[tuple[BeatName, float], ...]
    kin: bool


@dataclass(frozen=True, slots=True)
class Subtext:
    """Rows by the words that call for them, and the words of kinship and of plain answers."""

    said: dict[str, tuple[Row, ...]]
    shown: dict[str, tuple[Row, ...]]
    kin: frozenset[str]
    answers: frozenset[str]


@cache
def subtext() -> Subtext:
    table = tomllib.loads(files(__package__).joinpath("subtext.toml").read_text(encoding="utf-8"))

    def keyed(name: str) -> dict[str, tuple[Row, ...]]:
        out: dict[str, tuple[Row, ...]] = {}
        for row in table[name]:
            made = Row(
                re.compile(row["like"]) if "like" in row else None, tuple(row["feels"].items()), row.get("kin", False)
            )
            for word in row["when"].split():
                out[word] = (*out.get(word, ()), made)
        return out

    return Subtext(keyed("said"), keyed("shown"), frozenset(table["kin"].split()), frozenset(table["answers"].split()))


def hear(units: tuple[Unit, ...], sentences: list[Sentence], notes: list[ActionNote], scores: list[Scores]) -> None:
    """Add to every unit's score what stands under its words."""
    table = subtext()
    texts = [plain(unit.text) for unit in units]
    words = [_WORD.findall(text.lower()) for text in texts]
    charge = [0.0] * len(units)
    talk = [i for i, unit in enumerate(units) if unit.kind == "speech"]
    close = 1.0 if any(not table.kin.isdisjoint(words[i]) for i in talk) else 0.5
    for i, unit in enumerate(units):
        if unit.kind == "direction":
            continue
        spoken = unit.kind == "speech"
        rows = table.said if spoken else table.shown
        for row in dict.fromkeys(row for word in words[i] if word in rows for row in rows[word]):
            if row.like is None or row.like.search(texts[i]):
                charge[i] += _add(scores[i], row.feels, close if row.kin else 1.0)
        if spoken and texts[i].endswith(_BROKEN):
            charge[i] += _add(scores[i], (("tension_rising", 0.3),), 1.0)
    for one, two in pairwise(talk):
        if two - one <= 3:
            charge[two] += _exchange(units, words, texts, one, two, scores)
    if len(talk) == 1 and len(words[talk[0]]) <= 3 and texts[talk[0]].endswith((".", "…")) and len(units) > 3:
        charge[talk[0]] += _add(scores[talk[0]], (("realization", 0.7),), 1.0)
    for i in talk:
        if len(words[i]) >= _LONG and sum(word in _SELF for word in words[i]) >= 3 and close == 1.0:
            near = sum(charge[j] for j in talk if 0 < abs(i - j) <= 6)
            charge[i] += _add(scores[i], (("grief", 0.5), ("vulnerability", 0.5)), min(1.8, near / 1.2))
    held = {sentence.index: note.held for sentence, note in zip(sentences, notes, strict=True)}
    for i, still in held.items():
        _business(i, still, units, texts, charge, scores)


def _add(out: Scores, feels: tuple[tuple[BeatName, float], ...], share: float) -> float:
    total = 0.0
    for name, weight in feels:
        out[name] = out.get(name, 0.0) + weight * share
        total += weight * share
    return total


def _exchange(
    units: tuple[Unit, ...], words: list[list[str]], texts: list[str], one: int, two: int, scores: list[Scores]
) -> float:
    """How a speech is met by the next: a question by a question or by something else, a claim by its own words."""
    first, second = words[one], words[two]
    if not first or not second:
        return 0.0
    asked = texts[one].endswith("?")
    if units[one].cue == units[two].cue:
        return _add(scores[one], (("tension_rising", 0.35),), 1.0) if asked and len(first) > 2 else 0.0
    if len(first) > 2 * _SMALL or len(second) > 2 * _SMALL:
        return 0.0
    charged = bool(scores[one])
    if asked and texts[two].endswith("?") and len(first) > 2:
        return _add(scores[two], (("tension_rising", 0.4 if charged else 0.2),), 1.0)
    if asked and charged and second[0] not in subtext().answers:
        return _add(scores[two], (("vulnerability", 0.3),), 1.0)
    common = {word for word in first if len(word) > 2}.intersection(second)
    if not asked and len(common) >= 2 and len(second) <= _SMALL and len(first) <= _SMALL:
        return _add(scores[two], (("tension_rising", 0.5),), 1.0)
    return 0.0


def _business(
    i: int, still: bool, units: tuple[Unit, ...], texts: list[str], charge: list[float], scores: list[Scores]
) -> None:
    """A silence held, or hands busy with a small thing, beside a charged line takes on the line's feeling."""
    if not still and not _BUSINESS.search(texts[i]):
        return
    near = [j for j in (i - 1, i + 1, i - 2) if 0 <= j < len(units) and units[j].kind == "speech" and charge[j] >= 0.4]
    if not near or not scores[near[0]]:
        return
    feeling = scores[near[0]]
    name = max(feeling, key=lambda key: (feeling[key], key))
    scores[i][name] = scores[i].get(name, 0.0) + (0.5 if still else 0.4)
