"""Emotional beats: every unit scored for the fourteen feelings, then runs of units under one feeling, then their shape.

What is denied (`not happy`), expected in vain (`they should be joyful, but`) or only compared (`like a gunshot`) counts
for little or nothing.
"""

from __future__ import annotations

import math
import re
from itertools import pairwise
from typing import TYPE_CHECKING, cast

from shotwright.crew.architect import subtext
from shotwright.crew.architect.lexicon import WordSense, feelings, people, verbs
from shotwright.crew.architect.naming import plain
from shotwright.model.story import Beat, Evidence

if TYPE_CHECKING:
    from shotwright.crew.architect.sightings import Sentence
    from shotwright.model.ids import EntityId, UnitId
    from shotwright.model.screenplay import Scene, Unit
    from shotwright.model.story import ActionNote, SpeechNote
    from shotwright.model.vocabulary import BeatName, SceneType

_WORD = re.compile(r"[^\W_]+(?:['\-][^\W_]+)*[!?]?")
Scores = dict[str, float]
_PRIOR: dict[str, tuple[BeatName, float]] = {
    "action_chase": ("action", 1.0), "suspense": ("dread", 0.6), "intimacy": ("intimacy", 0.5),
    "discovery": ("realization", 0.4), "standoff_3": ("tension_rising", 0.8),
}  # fmt: skip
_DENIALS = frozenset(
    ("not", "never", "no", "without", "should", "supposed", "hardly", "barely", "neither", "nobody", "cannot", "ought",
     "nor", "isn't", "aren't", "doesn't", "don't", "didn't", "won't", "wasn't", "weren't", "can't", "shouldn't",
     "wouldn't", "couldn't", "instead"))  # fmt: skip
_MARKED = 0.6
"""A unit with its neighbours must say this much before it counts as more than calm."""
_LOUD = 0.7
"""Above this an intensity grows slower, so that only the film's loudest scenes come near the top."""


def score(unit: Unit) -> Scores:
    """How much each feeling stands in a unit: 1 for a plain word, 1.6 for a word of manner."""
    lexicon = feelings()
    out: Scores = {}
    if unit.kind == "speech":
        _count(lexicon.said, plain(unit.text), 0.8, out)
        for part in unit.parts:
            if part.kind == "parenthetical":
                _count(lexicon.manner, plain(part.text), 1.6, out)
        if out and "!" in unit.text:
            out[max(out, key=lambda name: (out[name], name))] += min(0.8, 0.4 * unit.text.count("!"))
        letters = [c for c in unit.text if c.isalpha()]
        if len(letters) > 12 and unit.text.isupper():
            out["anger"] = out.get("anger", 0.0) + 1.0
    elif unit.kind == "action":
        _count(lexicon.action, plain(unit.text), 1.0, out)
    return out


_DONE: tuple[tuple[str, BeatName, float], ...] = (
    ("fights", "action", 0.5), ("hot", "action", 0.7), ("affection", "intimacy", 0.6),
    ("discovers", "realization", 0.5),
)  # fmt: skip


def scores_of(units: tuple[Unit, ...], sentences: list[Sentence], notes: list[ActionNote]) -> list[Scores]:
    """Every unit's score; `sentences` and `notes` are those of its actions, in order."""
    out = [score(unit) for unit in units]
    for sentence, note in zip(sentences, notes, strict=True):
        deepen(out[sentence.index], sentence, note.held)
    subtext.hear(units, sentences, notes, out)
    return out


def deepen(out: Scores, sentence: Sentence, held: bool) -> None:
    """Add to an action's score what it shows beside its words of feeling: stillness, blows, flight, noise, touch."""
    if held:
        out["tension_rising"] = out.get("tension_rising", 0.0) + 0.5
    bases = {verb.base for verb in sentence.verbs}
    if bases:
        classes = verbs().classes
        for group, name, weight in _DONE:
            if not classes[group].isdisjoint(bases) and (group != "affection" or classes["fights"].isdisjoint(bases)):
                out[name] = out.get(name, 0.0) + weight
    if any(len(word) > 3 and word.isupper() and word.lower() in people().sounds for word in sentence.raw):
        out["shock"] = out.get("shock", 0.0) + 0.3
        out["action"] = out.get("action", 0.0) + 0.3


def _count(sense: WordSense, text: str, weight: float, out: Scores) -> None:
    low = text.lower()
    words = _WORD.findall(low)
    memory, known = sense.memory, sense.of
    turn = len(words) - 1 - words[::-1].index("but") if "but" in words else -1
    for at, token in enumerate(words):
        names = memory.get(token)
        if names is None:
            names = known(token) or known(token.rstrip("!?"))
            memory[token] = names
        if not names:
            continue
        share = weight / (1.0, 1.0, 1.4, 2.0)[min(3, len(names))] * _force(words, at, turn)
        if share:
            for name in names:
                out[name] = out.get(name, 0.0) + share
    for phrase, name in sense.phrases:
        if phrase in low:
            out[name] = out.get(name, 0.0) + weight


def _force(words: list[str], at: int, turn: int) -> float:
    """How far a word of feeling is meant: 0 when denied, little when compared or taken back by a `but`."""
    before = words[max(0, at - 4) : at]
    if not _DENIALS.isdisjoint(before):
        return 0.0
    force = 0.4 if "like" in before or "if" in before else 1.0
    if turn > 0:
        force *= 0.3 if at < turn else 1.3
    return force


def leanings(scene: Scene, scores: list[Scores], kind: SceneType) -> Scores:
    """What the scene as a whole leans to: its place, its type and the feelings named again and again."""
    out: Scores = {}
    _count(feelings().setting, plain(scene.heading.raw), 0.62, out)
    if "NIGHT" in scene.heading.time.upper():
        _count(feelings().night, plain(scene.heading.raw), 0.62, out)
    if kind in _PRIOR:
        usual, weight = _PRIOR[kind]
        out[usual] = out.get(usual, 0.0) + weight
    sums: Scores = {}
    for each in scores:
        for name, value in each.items():
            sums[name] = sums.get(name, 0.0) + value
    for name, value in sums.items():
        if value >= 1.2:
            out[name] = out.get(name, 0.0) + min(0.5, 0.9 * value / max(6, len(scores)))
    return out


def beats(units: tuple[Unit, ...], scores: list[Scores], lean: Scores) -> tuple[Beat, ...]:
    """One to five beats that cover the scene's units in order, before they are shaped around the turn.

    Unit by unit the strongest feeling of a window of five wins; runs of one feeling join; the weakest seams close until
    there are few enough for the length. Confidence is low: this is a first guess for a model to mend.
    """
    live = [i for i, unit in enumerate(units) if unit.kind != "direction"] or list(range(len(units)))
    if not live:
        return ()
    runs: list[list[int]] = []
    names: list[BeatName] = []
    for at, i in enumerate(live):
        total: Scores = dict(lean)
        for j in live[max(0, at - 2) : at + 3]:
            weight = 1.0 if j == i else 0.5 if abs(j - i) == 1 else 0.25
            for said, value in scores[j].items():
                total[said] = total.get(said, 0.0) + weight * value
        name = _top(total) or "calm"
        if names and total.get(name, 0.0) < _MARKED:
            name = names[-1] if total.get(names[-1], 0.0) >= 0.3 else "calm"
        elif not names and total.get(name, 0.0) < _MARKED:
            name = "calm"
        if names and names[-1] == name:
            runs[-1].append(i)
        else:
            names.append(name)
            runs.append([i])
    _join(runs, names, scores, lean, limit=max(1, min(4, 1 + len(live) // 5)))
    return _close(units, runs, names, scores, None)


def shape(
    units: tuple[Unit, ...], scores: list[Scores], felt: tuple[Beat, ...], turn: UnitId | None
) -> tuple[Beat, ...]:
    """The beats with their intensities shaped: built up to the turn, highest on it, let go after it.

    A long run of one feeling is parted where the turn stands in it, or in the middle, so that it does not play at one
    pitch from end to end.
    """
    if not felt:
        return felt
    order = {unit.id: i for i, unit in enumerate(units)}
    live = [i for i, unit in enumerate(units) if unit.kind != "direction"] or list(range(len(units)))
    at = order.get(turn, -1) if turn is not None else -1
    runs: list[list[int]] = []
    names: list[BeatName] = []
    room = 5 - len(felt)
    for beat in felt:
        low, high = order[beat.first_unit], order[beat.last_unit]
        run = [i for i in live if low <= i <= high]
        parts = _parted(run, at, room)
        room -= len(parts) - 1
        runs += parts
        for part in parts:
            felt_there = _turned(part, at, scores) if beat.name == "calm" and at in part else beat.name
            if felt_there == "calm" and at in part:
                felt_there = next((one for one in reversed(names) if one != "calm"), "calm")
            names.append(felt_there)
    return _close(units, runs, names, scores, at)


def _parted(run: list[int], turn: int, room: int) -> list[list[int]]:
    """A run cut before the turn and after it, or in the middle of a long one; at least two units a part."""
    cuts: list[int] = []
    if turn in run and len(run) >= 5:
        k = run.index(turn)
        if k >= 2:
            cuts.append(k)
        if len(run) - k - 2 >= 2:
            cuts.append(min(k + 2, len(run) - 2))
    if not cuts and len(run) >= 9:
        cuts.append(len(run) // 2)
    cuts = cuts[: max(0, room)]
    edges = [0, *cuts, len(run)]
    return [run[low:high] for low, high in pairwise(edges)]


def _turned(run: list[int], turn: int, scores: list[Scores]) -> BeatName:
    """The feeling a quiet run turns on: that of the turn and its neighbours, where anything at all is felt there."""
    total: Scores = {}
    for j in run:
        weight = 1.0 if j == turn else 0.6 if abs(j - turn) == 1 else 0.3 if abs(j - turn) <= 3 else 0.1
        for name, value in scores[j].items():
            total[name] = total.get(name, 0.0) + weight * value
    best = _top(total)
    return best if best and total[best] >= 0.3 else "calm"


def _close(
    units: tuple[Unit, ...], runs: list[list[int]], names: list[BeatName], scores: list[Scores], turn: int | None
) -> tuple[Beat, ...]:
    out: list[Beat] = []
    before: BeatName = "calm"
    for run, name in zip(runs, names, strict=True):
        force = max(scores[i].get(name, 0.0) for i in run)
        strongest = max(run, key=lambda i: (scores[i].get(name, 0.0), -i))
        intensity = _stepped(_intensity(units, run, name, scores, turn if turn is not None else -1))
        if out and out[-1].name == name and out[-1].intensity == intensity:
            out[-1] = out[-1].model_copy(update={"last_unit": units[run[-1]].id})
            continue
        out.append(
            Beat(
                name=name,
                intensity=intensity,
                came_from=before,
                first_unit=units[run[0]].id,
                last_unit=units[run[-1]].id,
                evidence=Evidence(
                    units=tuple(dict.fromkeys((units[run[0]].id, units[strongest].id))),
                    confidence=0.3 if force < 1.0 else 0.45 if force < 3 else 0.6,
                    because=f"words of {name.replace('_', ' ')}" if force else "no marked feeling",
                ),
            )
        )
        before = out[-1].name
    return tuple(out)


def _stepped(value: float) -> float:
    return round(round(value * 20) / 20, 2)


def _intensity(units: tuple[Unit, ...], run: list[int], name: str, scores: list[Scores], turn: int) -> float:
    """0.2-0.95, at least 0.5 on the turn: how strong and thick the words of the feeling stand, how loud it is said,
    how near the turn it is."""
    loud = sum(1 for i in run if units[i].kind == "speech" and "!" in units[i].text) / len(run)
    total = sum(sum(scores[i].values()) for i in run) / len(run)
    if name == "calm":
        talk = sum(1 for i in run if units[i].kind == "speech") / len(run)
        return min(0.4, 0.2 + 0.08 * talk + 0.15 * min(1.0, total) + 0.05 * (turn in run))
    own = sorted((scores[i].get(name, 0.0) for i in run), reverse=True)
    thick = sum(own) / math.sqrt(len(run))
    value = 0.3 + 0.11 * min(3.0, own[0]) + 0.1 * min(4.0, thick) + 0.07 * min(1.5, total) + 0.15 * loud
    if name == "action":
        value = max(value, min(0.8, value + 0.15 * min(1.0, own[0])))
    if turn >= 0:
        away = (turn - run[-1]) if run[-1] < turn else (run[0] - turn) if run[0] > turn else 0
        if not away:
            value = max(0.5, value + 0.14)
        elif run[-1] < turn:
            value -= min(0.08, 0.015 * away)
        else:
            value -= 0.1
    if value > _LOUD:
        value = _LOUD + 0.6 * (value - _LOUD)
    return min(0.95, max(0.3, value))


def _top(total: Scores) -> BeatName | None:
    return cast("BeatName", max(total, key=lambda name: (total[name], name))) if total else None


def _join(runs: list[list[int]], names: list[BeatName], scores: list[Scores], lean: Scores, limit: int) -> None:
    """Close the weakest seams: the run with the least of its own feeling goes to the neighbour that
    feels more like it."""
    while len(runs) > 1:
        strength = [
            sum(scores[i].get(name, 0.0) for i in run) + 0.4 * lean.get(name, 0.0) * len(run)
            for run, name in zip(runs, names, strict=True)
        ]
        held = [
            value + 0.22 * len(run) if name == "calm" else value + 0.1 * len(run)
            for value, run, name in zip(strength, runs, names, strict=True)
        ]
        weakest = min(range(len(runs)), key=lambda k: (held[k], k))
        if len(runs) <= limit and held[weakest] >= 0.75 and len(runs[weakest]) > 1:
            break
        left = weakest - 1 if weakest else 1
        right = weakest + 1 if weakest + 1 < len(runs) else weakest - 1
        to = left if strength[left] >= strength[right] else right
        low, high = min(to, weakest), max(to, weakest)
        name = names[to]
        runs[low : high + 1] = [runs[low] + runs[high]]
        names[low : high + 1] = [name]
        k = low
        while k + 1 < len(runs) and names[k] == names[k + 1]:
            runs[k : k + 2] = [runs[k] + runs[k + 1]]
            del names[k + 1]
        while k > 0 and names[k - 1] == names[k]:
            runs[k - 1 : k + 1] = [runs[k - 1] + runs[k]]
            del names[k]
            k -= 1


class Hearts:
    """What the text says of each person's own feeling, unit by unit."""

    def __init__(
        self, units: tuple[Unit, ...], sentences: list[Sentence], speeches: list[SpeechNote], scores: list[Scores]
    ) -> None:
        self.told: dict[EntityId, list[tuple[int, Scores]]] = {}
        for sentence in sentences:
            self._watch(sentence, scores[sentence.index])
        at = {unit.id: i for i, unit in enumerate(units)}
        for note in speeches:
            for who in note.speakers if scores[at[note.unit]] else ():
                self._add(who, at[note.unit], scores[at[note.unit]])

    def _watch(self, sentence: Sentence, scores: Scores) -> None:
        """An action: each word of feeling is about whoever was named last before it."""
        people = [mention for mention in sentence.mentions if mention.shown]
        if not people or not scores:
            return
        whole = dict.fromkeys(who for mention in people for who in mention.who)
        if len(whole) == 1:
            self._add(next(iter(whole)), sentence.index, scores)
            return
        sense = feelings().action
        words = sentence.words
        turn = len(words) - 1 - words[::-1].index("but") if "but" in words else -1
        for at, word in enumerate(words):
            names = sense.of(word) if word[0].isalpha() else ()
            if not names:
                continue
            force = _force(words, at, turn)
            about = next((mention for mention in reversed(people) if mention.start <= at), people[0])
            for who in about.who if force else ():
                self._add(who, sentence.index, dict.fromkeys(names, force / len(names)))

    def _add(self, who: EntityId, index: int, scores: Scores) -> None:
        self.told.setdefault(who, []).append((index, scores))

    def felt(
        self, who: EntityId, first: int, last: int, felt: tuple[Beat, ...], order: dict[UnitId, int]
    ) -> tuple[BeatName, BeatName]:
        """(feels from, feels to): by the text about the person in either half of the stay, else by the scene's beat."""
        told = self.told.get(who, ())
        middle = (first + last) / 2
        start = _strongest([scores for at, scores in told if at <= middle])
        end = _strongest([scores for at, scores in told if at > middle] or [scores for _, scores in told])
        return start or beat_at(felt, first, order), end or beat_at(felt, last, order)


def _strongest(found: list[Scores]) -> BeatName | None:
    total: Scores = {}
    for scores in found:
        for name, value in scores.items():
            total[name] = total.get(name, 0.0) + value
    best = _top(total)
    return best if best and total[best] >= 0.9 else None


def beat_at(felt: tuple[Beat, ...], index: int, order: dict[UnitId, int]) -> BeatName:
    """The feeling of the run that a unit stands in, by the unit's place in the scene."""
    name: BeatName = felt[0].name if felt else "calm"
    for beat in felt:
        if order[beat.first_unit] <= index:
            name = beat.name
    return name
