"""What was seen in a frame is mended in the flagged field and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.unit.exports.builders import build_shot

from shotwright.craft.optics import coverage_of
from shotwright.crew.cinematographer import mend
from shotwright.model.crew import Revision

if TYPE_CHECKING:
    from shotwright.model.shot import Shot


def scene(count: int = 4) -> list[Shot]:
    return [build_shot(f"sh_{n}") for n in range(1, count + 1)]


def spoilt(shot: Shot, layer: str, **values: Any) -> Shot:
    technical = shot.technical_layer
    part = getattr(technical, layer).model_copy(update=values)
    return shot.model_copy(update={"technical_layer": technical.model_copy(update={layer: part})})


def asked(shot: Shot, code: str, field: str, measured: str = "") -> Revision:
    return Revision(
        agent="cinematographer", shot_id=shot.shot_id, field=field, code=code, feedback="", measured=measured
    )


@pytest.mark.parametrize(
    ("code", "layer", "field", "value"),
    [
        ("LIGHT_INCONSISTENT", "lighting", "azimuth_deg", 170.0),
        ("LIGHT_INCONSISTENT", "lighting", "contrast_ratio", 16.0),
        ("COLOR_TEMP_SHIFT", "lighting", "color_temperature_k", 9000),
        ("EXPOSURE_LOW", "lighting", "exposure_ev", -2.0),
        ("SIZE_MISMATCH", "camera", "position_m", (0.0, 1.5, 9.0)),
    ],
)
def test_what_has_strayed_goes_back_to_the_plan(code: str, layer: str, field: str, value: Any) -> None:
    shots = scene()
    stands = [shots[0], spoilt(shots[1], layer, **{field: value}), *shots[2:]]
    found = mend(stands, shots, [asked(shots[1], code, f"technical_layer.{layer}.{field}")])
    assert found == [s.technical_layer for s in shots]


def test_a_plan_that_is_unlike_its_scene_takes_the_light_of_the_others() -> None:
    shots = scene()
    shots[2] = spoilt(shots[2], "lighting", azimuth_deg=shots[0].technical_layer.lighting.azimuth_deg + 120)
    found = mend(shots, shots, [asked(shots[2], "LIGHT_INCONSISTENT", "technical_layer.lighting.azimuth_deg")])
    assert found[2].lighting.azimuth_deg == shots[0].technical_layer.lighting.azimuth_deg
    assert found[2].lighting.contrast_ratio == shots[2].technical_layer.lighting.contrast_ratio


def test_a_frame_of_the_wrong_size_is_taken_from_as_far_as_its_size_asks() -> None:
    shots = scene()
    camera = shots[1].technical_layer.camera
    wanted = coverage_of(camera.shot_size, "stand")
    revision = asked(shots[1], "SIZE_MISMATCH", "technical_layer.camera.position_m", measured=f"{wanted * 2:.2f}")
    found = mend(shots, shots, [revision])[1].camera

    def away(at: tuple[float, float, float]) -> float:
        staged = {s.entity: s.position_m for s in shots[1].technical_layer.staging.subjects}
        x, _, z = staged.get(camera.focus.on, (camera.look_at_m[0], 0.0, camera.look_at_m[2]))
        return float(((at[0] - x) ** 2 + (at[2] - z) ** 2) ** 0.5)

    assert away(found.position_m) == pytest.approx(away(camera.position_m) / 2, abs=0.02)
    assert found.look_at_m == camera.look_at_m


def test_a_tilted_frame_is_levelled() -> None:
    shots = scene()
    shots[0] = spoilt(shots[0], "camera", roll="dutch_left")
    found = mend(shots, shots, [asked(shots[0], "HORIZON_TILT", "technical_layer.camera")])
    assert found[0].camera.roll == "level"


def test_one_stray_value_that_looks_wrong_in_two_ways_is_put_back_alone() -> None:
    shots = scene()
    stands = [spoilt(shots[0], "camera", position_m=(0.0, 1.5, 0.9)), *shots[1:]]
    revisions = [
        asked(shots[0], "FRAMING_HEADROOM", "technical_layer.camera.look_at_m", measured="-0.2"),
        asked(shots[0], "SIZE_MISMATCH", "technical_layer.camera.position_m", measured="0.4"),
    ]
    assert mend(stands, shots, revisions)[0] == shots[0].technical_layer


def test_nobody_else_s_shot_is_touched() -> None:
    shots = scene()
    revision = asked(shots[1], "FRAMING_HEADROOM", "technical_layer.camera.look_at_m", measured="-0.10")
    found = mend(shots, shots, [revision])
    for at in (0, 2, 3):
        assert found[at] == shots[at].technical_layer
    assert found[1].camera.look_at_m[1] > shots[1].technical_layer.camera.look_at_m[1]
