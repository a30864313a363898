"""Drawn frames through the service's own measures: faults of the camera are found from masks and points, and named."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("numpy")
pytest.importorskip("PIL")

from shotwright.boards.frames import draw_frame
from shotwright.boards.sets import place_look
from shotwright.craft.geometry import camera_distance
from shotwright.craft.optics import coverage_of, eye_height
from shotwright.model.shot import Shot
from shotwright.model.vision import FrameIntent, ImageRef, MaskRef, QualityImage, QualityRequest, SubjectRegion
from shotwright.vision.frame_quality import FrameQuality
from shotwright.vision.pictures import picture_of

if TYPE_CHECKING:
    from shotwright.model.vision import Box, QualityAnswer
    from shotwright.vision.engines import Picture

FRAMING = {"SIZE_MISMATCH", "FRAMING_HEADROOM", "FRAMING_CUT_JOINT", "HORIZON_TILT", "AXIS_CROSSED"}


def see(image: ImageRef, bbox: Box | None = None, mask: MaskRef | None = None) -> Picture:
    return picture_of(image.data, image.media_type, bbox, mask.data if mask else None, mask.value if mask else None)


def shot(size: str = "medium", number: int = 1, **camera: Any) -> Shot:
    coverage = coverage_of(size)  # type: ignore[arg-type]
    distance, eyes = camera_distance(coverage, 35, 16 / 9), eye_height("stand")
    lens = {
        "shot_size": size, "angle": "eye_level", "height": "eye", "facing": "three_quarter", "framing": "single",
        "composition": ["center"], "movement": {}, "lens": {"focal_mm": 35, "class": "standard"}, "aperture_t": 8.0,
        "depth_of_field": "deep", "white_balance_k": 5600, "focus": {"on": "character/ann"},
        "position_m": (0.0, eyes, distance), "look_at_m": (0.0, eyes - 0.17 * coverage, 0.0), **camera,
    }  # fmt: skip
    light = {
        "key_style": "mid_key", "direction": ["side_left"], "azimuth_deg": -50, "elevation_deg": 30, "quality": "soft",
        "contrast_ratio": 3, "color_temperature_k": 5600, "source": ["daylight"], "motivated_by": "the window",
        "time_of_day": "morning", "description": "Morning.",
    }  # fmt: skip
    subject = {"entity": "character/ann", "position_m": (0, 0, 0), "heading_deg": 30, "screen_position": "center"}
    return Shot.model_validate({
        "shot_id": f"sh_{number}", "scene_id": "sc_1", "setup_id": "su_1", "shot_number_in_scene": number,
        "duration_frames": 144, "duration_seconds": 6.0, "cuts": [], "source": {}, "function": "coverage",
        "narrative_layer": {"action_description": "", "character_performance": "", "shot_purpose": ""},
        "contextual_layer": {"genre_aesthetics": [], "tone_and_mood": "",
                             "emotional_beat": {"name": "calm", "intensity": 0.2}},
        "technical_layer": {"camera": lens, "lighting": light,
                            "staging": {"plate": "location/kitchen side A", "subjects": [subject]}},
        "audio": {}, "digital_assets": {},
    })  # fmt: skip


@cache
def drawn(size: str, changed: tuple[tuple[str, Any], ...], told: bool) -> QualityImage:
    """A frame of the shot with its camera changed; `told`: the shot says so itself."""
    camera = dict(changed)
    made = shot(size, **camera)
    picture = draw_frame(made, "first", {}, place_look("location/kitchen", "kitchen", True, [made]))
    layer = (made if told else shot(size)).technical_layer
    regions = tuple(
        SubjectRegion(character=s.entity, bbox=s.box, mask=MaskRef(b64=picture.mask, value=s.value), points=s.points)
        for s in picture.subjects
    )
    return QualityImage(
        number=1, shot_id="sh_1", image=ImageRef(b64=picture.image), subjects=regions,
        intent=FrameIntent(camera=layer.camera, lighting=layer.lighting), staged=layer.staging.subjects,
    )  # fmt: skip


def asked(size: str = "medium", *, told: bool = True, **camera: Any) -> QualityAnswer:
    image = drawn(size, tuple(sorted(camera.items())), told)
    return FrameQuality().analyze(QualityRequest(images=(image,)), see)


def found(answer: QualityAnswer) -> dict[str, Any]:
    return {i.code: i for i in answer.issues if i.code in FRAMING}


@pytest.mark.parametrize("size", ["wide", "medium_wide", "medium", "medium_close_up", "close_up"])
def test_a_frame_as_meant_has_no_fault_of_framing(size: str) -> None:
    assert found(asked(size)) == {}


def test_a_camera_too_far_off_is_named_in_metres_for_whoever_mends_it() -> None:
    eyes = eye_height("stand")
    far = camera_distance(coverage_of("medium_wide"), 35, 16 / 9)
    issue = found(asked("medium", position_m=(0.0, eyes, far)))["SIZE_MISMATCH"]
    assert issue.agent == "cinematographer"
    assert issue.field == "technical_layer.camera.position_m"
    assert issue.measured == pytest.approx(coverage_of("medium_wide"), rel=0.1)
    assert "medium wide" in issue.message


@pytest.mark.parametrize(("up", "severity"), [(0.3, "warn"), (-0.35, "error")])
def test_a_lens_that_looks_too_high_or_too_low_is_a_fault_of_headroom(up: float, severity: str) -> None:
    eyes = eye_height("stand")
    issue = found(asked("medium", look_at_m=(0.0, eyes - 0.17 * 0.9 + up, 0.0)))["FRAMING_HEADROOM"]
    assert issue.severity == severity
    assert issue.field == "technical_layer.camera.look_at_m"
    assert issue.hint == ("Tilt down." if up > 0 else "Tilt up.")


@pytest.mark.parametrize("degrees", [-8.0, 3.5, 10.0])
def test_a_frame_that_leans_although_it_was_meant_level_is_found(degrees: float) -> None:
    roll = {"roll": "dutch_right" if degrees > 0 else "dutch_left", "movement": (("roll_deg", abs(degrees)),)}
    image = drawn_leaning(roll)
    issue = found(FrameQuality().analyze(QualityRequest(images=(image,)), see))["HORIZON_TILT"]
    assert abs(float(issue.measured)) == pytest.approx(abs(degrees), abs=0.7)


def drawn_leaning(roll: dict[str, Any]) -> QualityImage:
    made = shot("medium", roll=roll["roll"], movement=dict(roll["movement"]))
    picture = draw_frame(made, "first", {}, place_look("location/kitchen", "kitchen", True, [made]))
    level = drawn("medium", (), True)
    regions = tuple(
        SubjectRegion(character=s.entity, bbox=s.box, mask=MaskRef(b64=picture.mask, value=s.value), points=s.points)
        for s in picture.subjects
    )
    return level.model_copy(update={"image": ImageRef(b64=picture.image), "subjects": regions})


def test_without_points_the_outline_still_tells_the_size() -> None:
    image = drawn("medium", (), True)
    bare = image.model_copy(update={"subjects": tuple(s.model_copy(update={"points": {}}) for s in image.subjects)})
    answer = FrameQuality().analyze(QualityRequest(images=(bare,)), see)
    assert answer.images[0].measures.coverage_m == pytest.approx(0.9, rel=0.35)
    assert answer.images[0].measures.key_azimuth_deg is not None
