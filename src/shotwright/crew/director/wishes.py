"""What a director asks of a cut beyond the rules: where shots begin, and whose face a line is heard on.

A wish is kept where it is legal. Nobody's doing is left out of the frame, nothing that must be read, and no more than
a third of the talk is watched on a listener; a long speech keeps one listener at least.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shotwright.crew.director.pieces import ELEMENT_SEGMENTS, OWN_FRAME

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shotwright.crew.director.coverage import Coverage
    from shotwright.model.ids import EntityId

LISTENED = 1 / 3
"""Share of the shots with speech that wishes may turn to a listener, one at least."""
HEARD = "the line is heard over the one who must hear it"
TALK = ("speaker", "listener", "exchange")


@dataclass(frozen=True, slots=True)
class Wishes:
    """Pieces are counted over all that is not fixed."""

    starts: frozenset[int]
    """Pieces at which a shot is wished to begin."""
    watch: Mapping[int, tuple[EntityId, ...]] = field(default_factory=dict)
    """Piece -> who is wished to be in the frame of a shot that begins there, one or two people."""


def watch(shots: Sequence[Coverage], wanted: Mapping[int, tuple[EntityId, ...]]) -> None:
    """Turn frames to those who are wished for, where that is legal: listeners first, then speakers."""
    left = max(1, math.ceil(LISTENED * sum(bool(s.speech) for s in shots)))
    wishes: list[tuple[Coverage, tuple[EntityId, ...]]] = []
    at = 0
    for shot in shots:
        if people := wanted.get(at, ()):
            wishes.append((shot, people))
        at += len(shot.pieces)
    for shot, people in wishes:
        if {*people} == {*shot.on} or not _may_watch(shot, people):
            continue
        if not shot.speech:
            shot.focus, shot.on = "action", list(people)
        elif left and len(people) == 1 and not _speaking(shot, people):
            left -= 1
            shot.focus, shot.on = "listener", list(people)
            shot.because = HEARD
    for shot, people in wishes:
        if {*people} == {*shot.on} or not _may_watch(shot, people) or not _speaking(shot, people):
            continue
        if shot.focus == "listener" and not _heard_elsewhere(shot, shots):
            continue
        shot.focus, shot.on = ("exchange" if len(people) > 1 else "speaker"), list(people)
        shot.because = ""


def _speaking(shot: Coverage, people: Sequence[EntityId]) -> bool:
    return any(w in p.speakers for p in shot.speech for w in people)


def _heard_elsewhere(shot: Coverage, shots: Sequence[Coverage]) -> bool:
    """Whether the speech of a listener's shot is one that another shot shows a listener to, or that is short."""
    units = {p.unit for p in shot.speech}
    beside = [s for s in shots if s is not shot and any(p.unit in units for p in s.speech)]
    return not beside or any(s.focus == "listener" for s in beside)


def _may_watch(shot: Coverage, people: Sequence[EntityId]) -> bool:
    """Whether the frame of a shot may be on these people alone; where two talk, one alone never carries it."""
    if shot.pieces[0].segment in ELEMENT_SEGMENTS or len(people) > 2 or not {*people} <= {*shot.present}:
        return False
    if any(d.kind in OWN_FRAME for p in shot.pieces for d in p.written) or any(p.reads for p in shot.action):
        return False
    if not shot.speech:
        # What nobody is named in may be done by the two who are there.
        return shot.focus == "place" and {*people} == {*shot.present}
    if shot.focus not in TALK or any(len(p.speakers) > 1 or p.dual or p.voice == "voice_over" for p in shot.speech):
        return False
    talking = {w for p in shot.speech for w in p.speakers if w in shot.present}
    if len(people) == 1 and len(talking) > 1:
        return False
    return {a for p in shot.action for a in p.actors} <= {*people}
