"""Floor plans keep everyone's place, and idioms have an answer for every kind of scene."""

from __future__ import annotations

from typing import get_args

from shotwright.craft.floor import places, seats
from shotwright.craft.geometry import distance_between
from shotwright.craft.idioms import idioms
from shotwright.model.vocabulary import SceneType


def test_the_main_pair_stands_left_and_right_and_nobody_on_anyone() -> None:
    for count in range(2, 14):
        spots = places("room", [f"p{i}" for i in range(count)])
        assert spots["p0"][0] < spots["p1"][0]
        found = list(spots.values())
        for i, a in enumerate(found):
            assert all(distance_between(a, b) > 0.5 for b in found[i + 1 :])


def test_a_right_hand_driver_is_to_screen_left_through_the_windscreen() -> None:
    right = seats(["theo", "nadia"], "nadia", "right")
    left = seats(["theo", "nadia"], "nadia", "left")
    assert right["nadia"][0] < 0 < right["theo"][0]
    assert left["theo"][0] < 0 < left["nadia"][0]
    assert right["nadia"][1] == right["theo"][1]


def test_every_scene_type_has_an_idiom_with_every_phase() -> None:
    assert set(get_args(SceneType)) == set(idioms())
    for idiom in idioms().values():
        assert idiom.because
        assert all(idiom.phases.values())
