"""Scenes with a planted fault: the frame at fault is named and no other; declared events are no fault."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from tests.unit.vision.shading import LEGEND, Lit, drawn

from shotwright.model.shot import Camera, LightEvent, Lighting
from shotwright.model.vision import FrameIntent, QualityAnswer
from shotwright.vision.looked import look_at
from shotwright.vision.measures.subject import people_of, view_of
from shotwright.vision.quality import inspect_frames

ANGLES = (0.0, 40.0, 180.0, -30.0, 150.0, 20.0)
SIZES = (1.4, 0.9, 0.6, 0.6, 0.9, 0.7)
WHO = (("ann", "ben"), ("ann",), ("ben",), ("ann",), ("ben",), ("ann", "ben"))
SCENE = Lit(azimuth_deg=-70, ratio=4, kelvin=4800, ev=-0.6)
LIGHT_CODES = {"LIGHT_INCONSISTENT", "EXPOSURE_LOW", "EXPOSURE_HIGH", "COLOR_TEMP_SHIFT"}


def intent(camera_deg: float, lit: Lit, *, event: bool = False) -> FrameIntent:
    turn = math.radians(camera_deg)
    camera = Camera.model_validate({
        "shot_size": "medium", "angle": "eye_level", "height": "eye", "facing": "frontal", "framing": "single",
        "coverage_m": 0.9, "composition": ["center"], "movement": {}, "lens": {"focal_mm": 50, "class": "standard"},
        "aperture_t": 5.6, "depth_of_field": "deep", "white_balance_k": 5600, "focus": {"on": "ann"},
        "position_m": (math.sin(turn) * 3, 1.6, math.cos(turn) * 3), "look_at_m": (0.0, 1.6, 0.0),
    })  # fmt: skip
    lighting = Lighting(
        key_style="mid_key", direction=("side_left",), azimuth_deg=lit.azimuth_deg, elevation_deg=lit.elevation_deg,
        quality="hard", contrast_ratio=lit.ratio, color_temperature_k=4800, source=("daylight",), motivated_by="window",
        time_of_day="morning", description="", events=(LightEvent(what="lamp", on=True),) if event else (),
    )  # fmt: skip
    return FrameIntent(camera=camera, lighting=lighting)


def scene(at: int = -1, changed: Lit = SCENE, *, event: bool = False, base: Lit = SCENE) -> QualityAnswer:
    frames = []
    for i, (angle, size, who) in enumerate(zip(ANGLES, SIZES, WHO, strict=True)):
        lit = changed if i == at else base
        pixels, ids = drawn(lit, camera_deg=angle, size=size, who=who, width=640, height=360)
        frames.append(
            look_at(
                i + 1, f"s{i + 1}", view_of(pixels, people_of(ids, LEGEND)), intent(angle, lit, event=i == at and event)
            )
        )
    return inspect_frames(frames)


def light_issues(answer: QualityAnswer) -> list[tuple[str, int]]:
    return [(i.code, i.shot_index) for i in answer.issues if i.code in LIGHT_CODES]


def test_a_scene_with_reverse_angles_in_one_light_has_no_issue_of_light() -> None:
    assert light_issues(scene()) == []


@pytest.mark.parametrize("at", [1, 2, 3, 4])
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"azimuth_deg": 110.0}, "LIGHT_INCONSISTENT"),
        ({"kelvin": 3000.0}, "COLOR_TEMP_SHIFT"),
        ({"kelvin": 8500.0}, "COLOR_TEMP_SHIFT"),
        ({"ev": -2.2}, "EXPOSURE_LOW"),
    ],
)
def test_a_planted_change_is_found_in_its_own_shot(at: int, change: dict[str, float], code: str) -> None:
    found = light_issues(scene(at, replace(SCENE, **change)))  # type: ignore[arg-type]
    assert (code, at) in found
    assert {index for _, index in found} == {at}


def test_the_message_of_inconsistent_light_is_the_agreed_one() -> None:
    (found,) = [i for i in scene(4, replace(SCENE, azimuth_deg=110.0)).issues if i.code == "LIGHT_INCONSISTENT"]
    assert found.message == "Lighting in shot 5 is inconsistent with previous shots"
    assert found.agent == "cinematographer"
    assert found.field.startswith("technical_layer.lighting")


def test_a_declared_light_event_is_no_fault() -> None:
    assert light_issues(scene(3, replace(SCENE, azimuth_deg=110.0, ev=-2.2), event=True)) == []


def test_scores_fall_with_the_fault() -> None:
    answer = scene(3, replace(SCENE, kelvin=3000.0))
    assert all(0 <= v <= 1 for i in answer.images for v in i.scores.model_dump().values() if v is not None)
    colours = [i.scores.color for i in answer.images]
    assert colours[3] == min(c for c in colours if c is not None)


def test_one_frame_alone_is_compared_with_nothing() -> None:
    pixels, ids = drawn(SCENE)
    answer = inspect_frames([look_at(1, "s1", view_of(pixels, people_of(ids, LEGEND)), intent(0, SCENE))])
    assert answer.baseline is None
    assert answer.images[0].scores.lighting_consistency is None


def test_a_photograph_without_a_mask_is_said_to_be_a_guess() -> None:
    pixels, _ = drawn(SCENE, size=0.7)
    answer = inspect_frames([look_at(1, "s1", view_of(pixels))])
    assert "low confidence" in answer.images[0].note
    assert all(i.severity == "info" for i in answer.issues)
