"""What a director asks of a cut beyond the rules: where shots begin, and whose face a line is heard on.

A wish is kept where it is legal. Nobody's doing is left out of the frame, nothing that must be read, and no more than
a third of the talk is watched on a listener; a listener whom the rules have given a long speech keeps it.
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
TALK = ("speaker", "listener", "exchange")


@dataclass(frozen=True, slots=True)
class Wishes:
    """Pieces are counted over all that is not fixed."""

    starts: frozenset[int]
    """Pieces at which a shot is wished to begin."""
    watch: Mapping[int, tuple[EntityId, ...]] = field(default_factory=dict)
    """Piece at which a shot begins -> who is wished to be in its frame, one or two people."""


def watch(shots: Sequence[Coverage], wanted: Mapping[int, tuple[EntityId, ...]]) -> None:
    """Turn the frame of talk to those who are wished for, where that is legal."""
    left = max(1, math.ceil(LISTENED * sum(bool(s.speech) for s in shots)))
    at = 0
    for shot in shots:
        people = wanted.get(at, ())
        at += len(shot.pieces)
        if not people or {*people} == {*shot.on} or not _may_watch(shot, people):
            continue
        speaking = [w for w in people if any(w in p.speakers for p in shot.speech)]
        if len(people) == 1 and not speaking:
            if not left:
                continue
            left -= 1
            shot.focus, shot.on = "listener", list(people)
            shot.because = "the line is heard over the one who must hear it"
        elif len(people) == 1:
            shot.focus, shot.on, shot.because = "speaker", list(people), ""
        elif speaking:
            shot.focus, shot.on, shot.because = "exchange", list(people), ""


def _may_watch(shot: Coverage, people: Sequence[EntityId]) -> bool:
    """Whether the frame of a shot may be on these people alone; where two talk, one alone never carries it."""
    if not shot.speech or shot.focus not in TALK or shot.pieces[0].segment in ELEMENT_SEGMENTS or len(people) > 2:
        return False
    if shot.focus == "listener" and shot.because:
        return False
    if any(d.kind in OWN_FRAME for p in shot.pieces for d in p.written) or any(p.reads for p in shot.action):
        return False
    if any(len(p.speakers) > 1 or p.dual or p.voice == "voice_over" for p in shot.speech):
        return False
    talking = {w for p in shot.speech for w in p.speakers if w in shot.present}
    if len(people) == 1 and len(talking) > 1:
        return False
    acting = {a for p in shot.action for a in p.actors}
    return {*people} <= {*shot.present} and acting <= {*people}
