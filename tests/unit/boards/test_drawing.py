"""Frames drawn from a shot's JSON, and sheets of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.unit.boards.staged import SIZE, make_shot

from shotwright.boards.drawing import Drawing, draw_shot
from shotwright.boards.sets import PlaceLook, place_look
from shotwright.craft.optics import coverage_of


def draw(**changes: Any) -> Drawing:
    shot = make_shot(**changes)
    return draw_shot(shot, {}, place_look("location/kitchen", "kitchen", True, [shot]), changes.get("at", 0.0), SIZE)


@pytest.mark.parametrize(
    ("size", "seen", "unseen"),
    [
        ("wide", "crown", ""), ("medium_wide", "hips", "ankles"), ("medium", "chest", "knees"),
        ("medium_close_up", "chin", "hips"), ("close_up", "chin", "chest"),
    ],
)  # fmt: skip
def test_the_size_named_cuts_the_body_where_the_name_says(size: str, seen: str, unseen: str) -> None:
    drawing = draw(shot_size=size)
    points = drawing.anchors["character/ann"]
    assert 0 <= points[seen][1] < SIZE[1]
    assert unseen not in points or points[unseen][1] > SIZE[1]
    mask = drawing.mask("character/ann")
    assert mask.any()
    distance = float(np.median(drawing.depth[mask]))
    assert drawing.camera.coverage_m(distance) == pytest.approx(coverage_of(size), rel=0.2)


def test_the_key_side_of_the_face_is_the_brighter_one() -> None:
    drawing = draw(shot_size="close_up", lighting={"quality": "hard"})
    skin = drawing.mask("character/ann", "skin")
    columns = np.flatnonzero(skin.any(axis=0))
    left = np.arange(SIZE[0])[None, :] < columns.mean()
    assert drawing.image[skin & left].mean() > drawing.image[skin & ~left].mean() + 15


def test_a_stop_more_is_a_brighter_frame() -> None:
    assert draw(lighting={"exposure_ev": 1.0}).image.mean() > draw().image.mean() + 15


def test_tungsten_in_a_daylight_balance_is_warm() -> None:
    warm, even = draw(lighting={"color_temperature_k": 3000}).image, draw().image
    assert warm[..., 0].mean() / warm[..., 2].mean() > 1.2 * even[..., 0].mean() / even[..., 2].mean()


def test_a_push_in_ends_closer_and_a_pan_left_moves_the_subject_right() -> None:
    push = {"type": "dolly_in", "speed": "slow"}
    assert draw(movement=push, at=1.0).mask("character/ann").sum() > draw(movement=push).mask("character/ann").sum()
    panned = draw(movement={"type": "pan_left", "speed": "very_slow"}, at=1.0)
    assert panned.anchors["character/ann"]["eyes"][0] > SIZE[0] / 2 + 20


def test_a_dutch_angle_leans_the_other_way_for_the_other_side() -> None:
    def lean(roll: str) -> float:
        points = draw(roll=roll).anchors["character/ann"]
        return points["crown"][0] - points["chin"][0]

    assert lean("dutch_left") * lean("dutch_right") < 0


def test_every_pixel_of_a_mask_has_a_name_and_a_distance() -> None:
    drawing = draw()
    assert set(np.unique(drawing.ids).tolist()) <= {0, *drawing.legend}
    assert np.isfinite(drawing.depth[drawing.ids > 0]).all()
    assert np.isinf(drawing.depth[drawing.ids == 0]).all()


def test_an_open_lens_softens_the_wall_and_not_the_face() -> None:
    shallow, deep = draw(aperture_t=1.4), draw(aperture_t=16.0)
    face = deep.mask("character/ann", "skin")
    wall = deep.mask("set", "window_frame") | deep.mask("set", "furniture")

    def detail(image: Any, where: Any) -> float:
        return float(np.abs(np.diff(image[..., 1].astype(float), axis=1))[where[:, 1:]].mean())

    assert detail(shallow.image, wall) < 0.8 * detail(deep.image, wall)
    assert detail(shallow.image, face) > 0.75 * detail(deep.image, face)


def test_two_samples_a_side_give_the_same_size_of_frame_and_masks() -> None:
    shot = make_shot()
    place = PlaceLook("location/kitchen", "kitchen", True, "kitchen")
    fine = draw_shot(shot, {}, place, size=SIZE, supersample=2)
    assert fine.image.shape == (180, 320, 3)
    assert (fine.ids == draw_shot(shot, {}, place, size=SIZE).ids).mean() > 0.97
