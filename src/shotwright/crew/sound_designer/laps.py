"""Where a scene's sound may come before its picture or run on under the next: J and L cuts that the words allow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from shotwright.model.crew import DirectedScene, DirectedShot, ScoredScene
    from shotwright.model.story import SceneBrief

Way = Literal["lead", "tail"]

LAP_SECONDS = 0.5
FIRST_WORDS = 0.6
"""Words that begin within so many seconds of a cut may be heard before it."""
LAST_WORDS = 0.5
"""Words that end within so many seconds of a cut may be heard after it."""
_HARD = frozenset(("smash_cut", "jump_cut", "fade_in", "fade_out", "fade_white"))
"""Transitions that want picture and sound to begin as one."""


@dataclass(frozen=True, slots=True)
class Lap:
    """One lap on offer: `lead` brings the shot's sound in early, `tail` lets it run on."""

    shot: int
    """Place among the scene's shots, from 0."""
    way: Way
    frames: int
    because: str


def laps_offered(
    brief: SceneBrief, directed: DirectedScene, draft: ScoredScene, rate: int, held: Sequence[str] = ()
) -> tuple[Lap, ...]:
    """Every lap that leaves each word heard alone: into the scene, out of it, and over a cut inside it where one side
    of the cut is silent. Shots that lap already are left as they are; `held` are ids of shots that nobody may change.
    """
    found = _edges(brief, directed, rate)
    inside = _inside(directed, rate)
    return tuple(
        lap
        for lap in (*found, *inside)
        if not draft.shots[lap.shot].lead_frames
        and not draft.shots[lap.shot].tail_frames
        and directed.shots[lap.shot].shot_id not in held
        and lap.frames > 0
    )


def _edges(brief: SceneBrief, directed: DirectedScene, rate: int) -> Iterator[Lap]:
    if not directed.shots:
        return
    first, last = directed.shots[0], directed.shots[-1]
    opens = brief.previous is None or brief.opens_film or first.added
    if not opens and first.transition_in not in _HARD:
        yield Lap(0, "lead", _frames(rate, first), "it is heard before we are there")
    if len(directed.shots) > 1 and brief.next is not None and not brief.closes_film:
        yield Lap(len(directed.shots) - 1, "tail", _frames(rate, last), "it stays in the ear as we leave")


def _inside(directed: DirectedScene, rate: int) -> Iterator[Lap]:
    for at in range(1, len(directed.shots)):
        before, shot = directed.shots[at - 1], directed.shots[at]
        if shot.transition_in in _HARD or shot.continues_shot_id is not None or shot.added or before.added:
            continue
        if shot.intent.place != before.intent.place or shot.intent.segment != before.intent.segment:
            continue
        frames = _frames(rate, before, shot)
        lap = frames / rate
        begins = min((line.start_seconds for line in shot.dialogue), default=None)
        ends = max((line.start_seconds + line.seconds for line in before.dialogue), default=None)
        clip = before.duration_frames / rate
        if begins is not None and begins <= FIRST_WORDS and (ends is None or ends <= clip - lap):
            yield Lap(at, "lead", frames, "the words reach the face that hears them first")
        elif ends is not None and ends >= clip - LAST_WORDS and (begins is None or begins >= lap + 0.1):
            yield Lap(at - 1, "tail", frames, "the words run on over the face that hears them")


def _frames(rate: int, *shots: DirectedShot) -> int:
    return min(round(LAP_SECONDS * rate), *(shot.duration_frames // 4 for shot in shots))
