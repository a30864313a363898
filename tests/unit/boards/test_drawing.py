"""Frames drawn from a shot's JSON, and sheets of them."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest

from shotwright.boards.drawing import Drawing, draw_shot
from shotwright.boards.sets import PlaceLook, place_look
from shotwright.boards.sheet import contact_sheet, slate_line
from shotwright.craft.geometry import camera_distance
from shotwright.craft.optics import coverage_of, eye_height
from shotwright.model.shot import Shot

SIZE = (320, 180)


def make_shot(**changes: Any) -> Shot:
    """A woman in a kitchen, from the front, in a named size."""
    size = changes.get("shot_size", "medium_close_up")
    distance = camera_distance(coverage_of(size), 50, 16 / 9)
    eyes = eye_height("stand")
    look_y = eyes - (0.75 if size in ("wide", "extreme_wide") else 0.14 * coverage_of(size))
    subject = {
        "entity": "character/ann", "position_m": (0, 0, 0), "heading_deg": 0, "screen_position": "center",
        "gaze": {"target": "camera", "screen_direction": "toward_camera"}, **changes.get("subject", {}),
    }  # fmt: skip
    camera = {
        "shot_size": size, "angle": "eye_level", "height": "eye", "facing": "frontal", "framing": "single",
        "composition": ["center"], "movement": changes.get("movement", {}),
        "lens": {"focal_mm": 50, "class": "standard"}, "aperture_t": changes.get("aperture_t", 8.0),
        "depth_of_field": "deep", "white_balance_k": 5600, "focus": {"on": "character/ann"},
        "position_m": (0, eyes, distance), "look_at_m": (0, look_y, 0), "roll": changes.get("roll", "level"),
    }  # fmt: skip
    lighting = {
        "key_style": "mid_key", "direction": ["side_left"], "azimuth_deg": -60, "elevation_deg": 30, "quality": "soft",
        "contrast_ratio": 4, "color_temperature_k": 5600, "source": ["daylight"], "motivated_by": "the window",
        "time_of_day": "morning", "description": "Morning.", **changes.get("lighting", {}),
    }  # fmt: skip
    return Shot.model_validate(
        {
            "shot_id": "sh_1", "scene_id": "sc_1", "setup_id": "su_1", "slate": "1A", "shot_number_in_scene": 1,
            "duration_frames": 144, "duration_seconds": 6.0, "cuts": [], "source": {}, "function": "coverage",
            "narrative_layer": {"action_description": "Ann waits.", "character_performance": "", "shot_purpose": ""},
            "contextual_layer": {"genre_aesthetics": [], "tone_and_mood": "",
                                 "emotional_beat": {"name": "calm", "intensity": 0.2}},
            "technical_layer": {"camera": camera, "lighting": lighting,
                                "staging": {"plate": "location/kitchen side A", "subjects": [subject]}},
            "audio": {}, "digital_assets": {},
        }
    )  # fmt: skip


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


def test_a_sheet_has_nine_frames_a_page_and_names_the_shot() -> None:
    from PIL import Image

    shot, drawing = make_shot(), draw()
    pages = contact_sheet([shot] * 10, [drawing] * 10, title="A film")
    assert len(pages) == 2
    assert Image.open(io.BytesIO(pages[0])).size[0] > 1400
    assert slate_line(shot) == "1A · shot 1 · MCU · 50 mm · static · 6.0 s"


def test_shots_and_drawings_that_do_not_match_are_refused() -> None:
    with pytest.raises(ValueError, match="2 shots, but 1 drawings"):
        contact_sheet([make_shot()] * 2, [draw()])
