"""Frames, lenses and stops."""

from __future__ import annotations

import pytest

from shotwright.craft.geometry import camera_distance
from shotwright.craft.optics import (
    SIZES,
    aperture,
    coverage_of,
    eye_height,
    focal_for,
    height_name,
    lens_class,
    object_coverage,
    size_of,
    white_balance,
)
from shotwright.model.vocabulary import FOCAL_LENGTHS_MM


def test_every_size_is_read_back_from_its_own_coverage() -> None:
    for size in SIZES:
        assert size_of(coverage_of(size)) == size


def test_sizes_get_tighter_and_lenses_longer_in_order() -> None:
    for habit in ("wide", "standard", "long"):
        focals = [focal_for(size, habit) for size in SIZES]
        assert focals == sorted(focals)
        assert set(focals) <= set(FOCAL_LENGTHS_MM)
    assert [coverage_of(s) for s in SIZES] == sorted((coverage_of(s) for s in SIZES), reverse=True)


@pytest.mark.parametrize(
    ("size", "focal", "metres"), [("medium_close_up", 50, 2.14), ("medium", 35, 2.25), ("close_up", 85, 2.55)]
)
def test_known_distances_at_sixteen_to_nine(size, focal, metres) -> None:
    assert camera_distance(coverage_of(size), focal, 16 / 9) == pytest.approx(metres, abs=0.02)


def test_the_seated_are_lower_than_the_standing_and_children_lower_still() -> None:
    assert eye_height("lie") < eye_height("crouch") < eye_height("sit") < eye_height("stand")
    assert eye_height("stand", 1.2) < eye_height("stand")


def test_a_shallow_night_opens_the_lens() -> None:
    assert aperture("shallow", "night") < aperture("moderate", "night") < aperture("deep", "day")


def test_things_take_the_frame_of_their_last_known_word() -> None:
    assert object_coverage("wedding ring") < object_coverage("cake box") < object_coverage("delivery vans")
    assert object_coverage("mystery") == object_coverage("enigma")


def test_classes_and_heights_have_the_words_of_the_set() -> None:
    assert [lens_class(mm) for mm in (18, 28, 50, 85, 135)] == ["ultra_wide", "wide", "standard", "long", "telephoto"]
    assert height_name(1.6, 1.6) == "eye"
    assert height_name(0.5, 1.6) == "knee"
    assert height_name(9.0, 1.6) == "aerial"


def test_a_blue_night_is_held_below_the_moon() -> None:
    assert white_balance(5600, night_blue=True) < 5600
    assert white_balance(2800, night_blue=False) == 3200
