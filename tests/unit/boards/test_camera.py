"""A shot's camera as a projection."""

from __future__ import annotations

import numpy as np
import pytest

from shotwright.boards.camera import view_between


def test_what_is_looked_at_falls_in_the_middle_of_the_frame() -> None:
    view = view_between((1.0, 1.6, 3.0), (0.0, 1.2, 0.0), 50, (960, 540))
    x, y, ahead = view.project(np.array([[0.0, 1.2, 0.0]]))[0]
    assert (x, y) == pytest.approx((480, 270), abs=0.01)
    assert ahead == pytest.approx(np.linalg.norm([1.0, 0.4, 3.0]), rel=1e-5)


def test_a_medium_close_up_at_fifty_millimetres_covers_sixty_centimetres_at_two_metres_fourteen() -> None:
    view = view_between((0, 1.6, 2.143), (0, 1.6, 0), 50, (960, 540))
    assert view.coverage_m(2.143) == pytest.approx(0.6, abs=0.003)


def test_the_right_hand_of_the_master_camera_is_the_right_of_the_frame() -> None:
    view = view_between((0, 1.6, 4), (0, 1.6, 0), 35, (960, 540))
    assert view.project(np.array([[1.0, 1.6, 0.0]]))[0, 0] > 480
    assert view.project(np.array([[0.0, 2.0, 0.0]]))[0, 1] < 270


def test_a_camera_that_looks_straight_down_still_has_axes() -> None:
    view = view_between((0, 5, 0), (0, 0, 0), 35, (960, 540))
    assert np.isfinite(view.right).all()
    assert abs(float(view.right @ view.forward)) < 1e-6


def test_circles_of_confusion_grow_away_from_the_plane_in_focus_and_with_the_aperture() -> None:
    wide = view_between((0, 1, 3), (0, 1, 0), 75, (960, 540), aperture_t=2.0)
    stopped = view_between((0, 1, 3), (0, 1, 0), 75, (960, 540), aperture_t=8.0)
    assert wide.circle_px(3.0) == pytest.approx(0)
    assert wide.circle_px(6.0) > wide.circle_px(4.0) > 1
    assert wide.circle_px(6.0) == pytest.approx(4 * stopped.circle_px(6.0))
