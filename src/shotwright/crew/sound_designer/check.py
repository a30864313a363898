"""What must hold of a scored scene, whoever scored it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shotwright.model.crew import DirectedScene, ScoredScene

MOST_EFFECTS = 8
"""The five that the rules place, a body under the first words, the grain of a line, and one that a model adds."""


def check_sound(directed: DirectedScene, scored: ScoredScene, rate: int) -> tuple[str, ...]:
    """Every fault found, one sentence each; empty when all holds: one entry for each of the Director's shots in order,
    every sound named and within its clip, few at once, an air everywhere. `rate`: frames a second."""
    return tuple(_faults(directed, scored, rate))


def _faults(directed: DirectedScene, scored: ScoredScene, rate: int) -> Iterator[str]:
    if [s.shot_id for s in scored.shots] != [s.shot_id for s in directed.shots]:
        yield "the shots are not the Director's, one for one and in order"
        return
    for shot, sound in zip(directed.shots, scored.shots, strict=True):
        clip = shot.duration_frames / rate
        if not sound.ambience.strip():
            yield f"{shot.shot_id}: has no air"
        if len(sound.sound_effects) > MOST_EFFECTS:
            yield f"{shot.shot_id}: has more than {MOST_EFFECTS} effects"
        for effect in sound.sound_effects:
            if not effect.name.strip():
                yield f"{shot.shot_id}: has an effect without a name"
            if not 0 <= effect.start_seconds <= clip:
                yield f"{shot.shot_id}: {effect.name} begins outside of the clip"
            elif effect.seconds is not None and effect.start_seconds + effect.seconds > clip + 0.05:
                yield f"{shot.shot_id}: {effect.name} goes on after the clip"
