"""Colours and directions of light."""

from __future__ import annotations

import numpy as np
import pytest

from shotwright.boards.lighting import balanced, direction, kelvin_rgb


def test_tungsten_is_warm_and_blue_hour_cool_to_a_daylight_camera() -> None:
    warm, cool = balanced(3200, 5600), balanced(9000, 5600)
    assert warm[0] > 1.2 > warm[2] * 2
    assert cool[2] > 1 > cool[0]


def test_light_of_the_cameras_own_balance_is_white() -> None:
    assert balanced(4300, 4300) == pytest.approx(np.ones(3))


@pytest.mark.parametrize("kelvin", [500, 1800, 2222, 4000, 6500, 12000, 90000])
def test_every_temperature_has_a_colour(kelvin: float) -> None:
    rgb = kelvin_rgb(kelvin)
    assert np.isfinite(rgb).all()
    assert (rgb > 0).all()


def test_azimuth_ninety_is_screen_right_of_the_master_camera() -> None:
    assert direction(90, 0) == pytest.approx([1, 0, 0], abs=1e-6)
    assert direction(0, 0) == pytest.approx([0, 0, 1], abs=1e-6)
    assert direction(0, 90) == pytest.approx([0, 1, 0], abs=1e-6)
