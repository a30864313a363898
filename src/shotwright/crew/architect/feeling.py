"""Emotional beats: every unit scored for the fourteen feelings, then runs of units under one feeling."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from shotwright.crew.architect.lexicon import WordSense, feelings
from shotwright.crew.architect.naming import plain
from shotwright.model.story import Beat, Evidence

if TYPE_CHECKING:
    from shotwright.model.ids import UnitId
    from shotwright.model.screenplay import Unit
    from shotwright.model.vocabulary import BeatName, SceneType

_WORD = re.compile(r"[^\W_]+(?:['\-][^\W_]+)*[!?]?")
Scores = dict[str, float]
_PRIOR: dict[str, BeatName] = {
    "action_chase": "action", "suspense": "dread", "intimacy": "intimacy", "discovery": "realization",
    "standoff_3": "tension_rising",
}  # fmt: skip
_QUIET = 1.0


def score(unit: Unit) -> Scores:
    """How much each feeling stands in a unit: 1 for a plain word, 2 for a word of manner."""
    lexicon = feelings()
    out: Scores = {}
    if unit.kind == "speech":
        _count(lexicon.said, plain(unit.text), 0.8, out)
        for part in unit.parts:
            if part.kind == "parenthetical":
                _count(lexicon.manner, plain(part.text), 2.0, out)
        shouts = unit.text.count("!")
        if shouts:
            strongest = max(out, key=lambda name: (out[name], name)) if out else "action"
            out[strongest] = out.get(strongest, 0.0) + min(1.2, 0.5 * shouts)
        letters = [c for c in unit.text if c.isalpha()]
        if len(letters) > 6 and all(c.isupper() for c in letters):
            out["anger"] = out.get("anger", 0.0) + 1.0
    elif unit.kind == "action":
        _count(lexicon.action, plain(unit.text), 1.0, out)
    return out


def _count(sense: WordSense, text: str, weight: float, out: Scores) -> None:
    low = text.lower()
    for token in _WORD.findall(low):
        names = sense.of(token) or sense.of(token.rstrip("!?"))
        for name in names:
            out[name] = out.get(name, 0.0) + weight / (1.0 if len(names) == 1 else 1.4 if len(names) == 2 else 2.0)
    for phrase, name in sense.phrases:
        if phrase in low:
            out[name] = out.get(name, 0.0) + weight


def beats(units: tuple[Unit, ...], scores: list[Scores], scene_type: SceneType) -> tuple[Beat, ...]:
    """One to five beats that cover the scene's units in order.

    Paragraph by paragraph the strongest feeling of a window of five units wins; runs of one feeling join; the weakest
    seams close until there are few enough for the length. Confidence is low: this is a first guess for a model to mend.
    """
    live = [i for i, unit in enumerate(units) if unit.kind != "direction"] or list(range(len(units)))
    if not live:
        return ()
    prior = _PRIOR.get(scene_type)
    runs: list[list[int]] = []
    names: list[str] = []
    for at, i in enumerate(live):
        window = live[max(0, at - 2) : at + 3]
        total: Scores = {}
        for j in window:
            weight = 1.0 if j == i else 0.45 if abs(j - i) == 1 else 0.25
            for name, value in scores[j].items():
                total[name] = total.get(name, 0.0) + weight * value
        if prior:
            total[prior] = total.get(prior, 0.0) + 0.7
        name = max(total, key=lambda key: (total[key], key)) if total else "calm"
        if not total or total[name] < 0.55:
            name = names[-1] if names else "calm"
        if names and names[-1] == name:
            runs[-1].append(i)
        else:
            names.append(name)
            runs.append([i])
    _join(runs, names, scores, limit=max(1, min(5, 1 + len(live) // 6)))
    out: list[Beat] = []
    before: BeatName = "calm"
    for run, name in zip(runs, names, strict=True):
        peak = sorted((scores[i].get(name, 0.0) for i in run), reverse=True)
        force = peak[0] + (0.5 * peak[1] if len(peak) > 1 else 0.0)
        intensity = 0.2 if name == "calm" else min(0.95, 0.3 + 0.14 * force + 0.02 * min(len(run), 6))
        strongest = max(run, key=lambda i: (scores[i].get(name, 0.0), -i))
        out.append(
            Beat(
                name=name,
                intensity=round(round(intensity * 20) / 20, 2),
                came_from=before,
                first_unit=units[run[0]].id,
                last_unit=units[run[-1]].id,
                evidence=Evidence(
                    units=_cite(units, run, strongest),
                    confidence=0.3 if force < _QUIET else 0.45 if force < 3 else 0.6,
                    because=f"words of {name.replace('_', ' ')}" if force else "no marked feeling",
                ),
            )
        )
        before = out[-1].name
    return tuple(out)


def _cite(units: tuple[Unit, ...], run: list[int], strongest: int) -> tuple[UnitId, ...]:
    return tuple(dict.fromkeys((units[run[0]].id, units[strongest].id)))


def _join(runs: list[list[int]], names: list[str], scores: list[Scores], limit: int) -> None:
    """Close the weakest seams: the run with the least of its own feeling goes to the neighbour that
    feels more like it."""
    while len(runs) > 1:
        strength = [sum(scores[i].get(name, 0.0) for i in run) for run, name in zip(runs, names, strict=True)]
        weakest = min(range(len(runs)), key=lambda k: (strength[k] + 0.3 * len(runs[k]), k))
        if len(runs) <= limit and (strength[weakest] >= 1.6 and len(runs[weakest]) > 1):
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
