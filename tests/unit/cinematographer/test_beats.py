"""Changing only a scene's beat changes its size, move or light in the direction that the beat table gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

import pytest

from shotwright.craft.beats import beat_looks
from shotwright.crew.cinematographer import photograph_scene
from shotwright.model.crew import FilmSettings
from shotwright.model.vocabulary import SIZE_ORDER, BeatName


@dataclass
class Reading:
    sizes: list[int]
    ratio: float
    kelvin: int
    angles: set[str]
    moves: set[str]
    supports: set[str]
    depths: set[str]
    focal: float
    composition: set[str]

    @property
    def size(self) -> float:
        return sum(self.sizes) / len(self.sizes)


def reading(scene_maker, beat: str, intensity: float = 0.8) -> Reading:
    s = scene_maker("dialogue_2", "INT. KITCHEN - DAY", ["ann", "ben"])
    enters = s.act("Ann and Ben stand by the table.", actors=("character/ann",))
    s.shot([enters], "action", ["ann", "ben"], (beat, intensity), function="master")
    for i in range(3):
        s.shot([s.say("ann", f"Words {i}.", "ben")], "speaker", ["ann"], (beat, intensity))
        s.shot([s.say("ben", f"Answer {i}.", "ann")], "speaker", ["ben"], (beat, intensity), turn=i == 1)
    still = s.act("Ann looks at the floor.", actors=("character/ann",))
    s.shot([still], "action", ["ann"], (beat, intensity))
    found = photograph_scene(*s.done(), FilmSettings())
    cameras = [shot.technical.camera for shot in found.shots]
    lights = [shot.technical.lighting for shot in found.shots]
    return Reading(
        sizes=[SIZE_ORDER[c.shot_size] for c in cameras],
        ratio=max(light.contrast_ratio for light in lights),
        kelvin=lights[0].color_temperature_k,
        angles={c.angle for c in cameras},
        moves={c.movement.type for c in cameras},
        supports={c.movement.support for c in cameras},
        depths={c.depth_of_field for c in cameras},
        focal=sum(c.lens.focal_mm for c in cameras) / len(cameras),
        composition={rule for c in cameras for rule in c.composition},
    )


DIRECTIONS = {
    "tension_rising": lambda b, calm: b.size > calm.size and b.ratio > calm.ratio and "dolly_in" in b.moves,
    "dread": lambda b, calm: b.size < calm.size and b.ratio > calm.ratio and "high_angle" in b.angles,
    "shock": lambda b, calm: b.size > calm.size and b.ratio > calm.ratio and "handheld" in b.supports,
    "realization": lambda b, calm: b.size > calm.size and b.focal > calm.focal and "dolly_in" in b.moves,
    "grief": lambda b, calm: b.size > calm.size and b.kelvin > calm.kelvin and "dolly_out" in b.moves,
    "intimacy": lambda b, calm: b.size > calm.size and b.ratio < calm.ratio and b.kelvin < calm.kelvin,
    "joy": lambda b, calm: b.size <= calm.size and b.ratio < calm.ratio and b.kelvin < calm.kelvin,
    "anger": lambda b, calm: b.size > calm.size and b.ratio > calm.ratio and "low_angle" in b.angles,
    "power": lambda b, calm: "low_angle" in b.angles and b.ratio > calm.ratio,
    "vulnerability": lambda b, calm: b.size < calm.size and "high_angle" in b.angles and "dolly_out" in b.moves,
    "awe": lambda b, calm: b.size < calm.size and "low_angle" in b.angles and b.kelvin < calm.kelvin,
    "confusion": lambda b, calm: b.size > calm.size and "handheld" in b.supports and "diagonal" in b.composition,
    "action": lambda b, calm: b.focal < calm.focal and "low_angle" in b.angles and "deep" in b.depths,
    "calm": lambda b, calm: b.angles == {"eye_level"} and b.moves <= {"static", "dolly_in"},
}


def test_every_beat_has_a_row_and_a_direction() -> None:
    assert set(get_args(BeatName)) == set(beat_looks()) == set(DIRECTIONS)


@pytest.mark.parametrize("beat", sorted(DIRECTIONS))
def test_a_beat_moves_the_frame_its_own_way(scene_maker, beat: str) -> None:
    found, calm = reading(scene_maker, beat), reading(scene_maker, "calm")
    assert DIRECTIONS[beat](found, calm), (found, calm)


def test_no_beat_exceeds_ten_degrees_or_twenty_mired() -> None:
    for look in beat_looks().values():
        assert abs(look.angle_deg) <= 10
        assert abs(look.mired) <= 20
