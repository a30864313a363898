"""Every move goes the way that its name says, ends where a camera can be, and keeps with whom it keeps pace."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from tests.unit.boards.staged import SIZE, make_shot

from shotwright.boards.camera import PERSON_M, WALL_M, View, held_back, view_of
from shotwright.boards.drawing import Drawing, draw_shot
from shotwright.boards.sets import place_look

if TYPE_CHECKING:
    from shotwright.model.shot import Camera, Shot

EYE, AIM = (1.0, 1.6, 3.0), (0.0, 1.4, 0.0)
GONE = (0.9, 0.0, 0.0)


def camera(kind: str, speed: str = "slow", **changes: Any) -> Camera:
    made = make_shot(movement={"type": kind, "speed": speed}).technical_layer.camera
    return made.model_copy(update={"position_m": EYE, "look_at_m": AIM, **changes})


def moved(kind: str, speed: str = "slow", travel: Any = (0.0, 0.0, 0.0), **changes: Any) -> tuple[View, View]:
    shot = camera(kind, speed, **changes)
    return view_of(shot, SIZE, 0.0), view_of(shot, SIZE, 1.0, travel=travel)


def on_screen(view: View, point: Any = AIM) -> tuple[float, float]:
    x, y, _ = view.project(np.array([point], np.float32))[0]
    return float(x), float(y)


def aside(first: View, last: View) -> float:
    """Metres that the camera went to its own right."""
    return float((last.eye - first.eye) @ first.right)


def test_a_still_camera_stays_whatever_holds_it() -> None:
    for at in (0.0, 0.5, 1.0):
        view = view_of(camera("static", "none"), SIZE, at)
        assert view.eye == pytest.approx(EYE)
        assert view.focal_px == view_of(camera("static", "none"), SIZE).focal_px


@pytest.mark.parametrize(("kind", "nearer"), [("dolly_in", True), ("dolly_out", False)])
def test_a_dolly_goes_along_the_lens(kind: str, nearer: bool) -> None:
    first, last = moved(kind)
    went = last.eye - first.eye
    assert (float(went @ first.forward) > 0.3) is nearer
    assert float(np.linalg.norm(np.cross(went, first.forward))) < 1e-3
    assert on_screen(last) == pytest.approx(on_screen(first), abs=0.1)


@pytest.mark.parametrize(("kind", "way"), [("truck_left", -1), ("truck_right", 1)])
def test_a_truck_goes_to_the_cameras_own_side_and_does_not_turn(kind: str, way: int) -> None:
    first, last = moved(kind)
    assert aside(first, last) * way > 0.3
    assert last.forward == pytest.approx(first.forward, abs=1e-5)
    assert last.eye[1] == pytest.approx(first.eye[1], abs=0.01)


@pytest.mark.parametrize(("kind", "way"), [("pan_left", 1), ("pan_right", -1), ("whip_pan", -1)])
def test_a_pan_turns_about_its_own_place_and_what_was_seen_slides_the_other_way(kind: str, way: int) -> None:
    first, last = moved(kind)
    assert last.eye == pytest.approx(first.eye)
    assert (on_screen(last)[0] - on_screen(first)[0]) * way > 20
    assert float(last.forward @ first.right) * way < 0


@pytest.mark.parametrize(("kind", "way"), [("tilt_up", 1), ("tilt_down", -1)])
def test_a_tilt_turns_up_or_down_where_the_camera_stands(kind: str, way: int) -> None:
    first, last = moved(kind)
    assert last.eye == pytest.approx(first.eye)
    assert (float(last.forward[1]) - float(first.forward[1])) * way > 0.1
    assert abs(float(last.forward @ first.right)) < 1e-5


@pytest.mark.parametrize("kind", ["tilt_up", "tilt_down"])
def test_a_tilt_from_a_steep_lens_does_not_turn_over(kind: str) -> None:
    first, last = moved(kind, "whip", look_at_m=(1.0, 5.0 if kind == "tilt_up" else -3.0, 2.0))
    assert float(last.up[1]) > 0
    assert abs(float(last.forward @ first.right)) < 1e-4


@pytest.mark.parametrize(
    ("kind", "way", "turns"),
    [("pedestal_up", 1, False), ("pedestal_down", -1, False), ("crane_up", 1, True), ("crane_down", -1, True)],
)
def test_a_pedestal_rises_level_and_a_crane_keeps_its_subject(kind: str, way: int, turns: bool) -> None:
    first, last = moved(kind)
    assert float(last.eye[1] - first.eye[1]) * way > 0.3
    assert (last.eye[0], last.eye[2]) == pytest.approx((EYE[0], EYE[2]))
    if turns:
        assert on_screen(last) == pytest.approx((SIZE[0] / 2, SIZE[1] / 2), abs=0.1)
    else:
        assert last.forward == pytest.approx(first.forward, abs=1e-5)


@pytest.mark.parametrize("kind", ["pedestal_down", "crane_down"])
def test_no_camera_goes_through_the_floor(kind: str) -> None:
    _, last = moved(kind, "whip", position_m=(0.0, 0.6, 5.0))
    assert 0.1 < last.eye[1] < 0.6


@pytest.mark.parametrize(("kind", "way"), [("arc_left", -1), ("arc_right", 1)])
def test_an_arc_goes_round_its_subject_at_one_distance(kind: str, way: int) -> None:
    first, last = moved(kind, "moderate")
    assert aside(first, last) * way > 0.3
    apart = [float(np.linalg.norm(np.asarray(AIM) - v.eye)) for v in (first, last)]
    assert apart[0] == pytest.approx(apart[1], abs=1e-4)
    assert on_screen(last) == pytest.approx((SIZE[0] / 2, SIZE[1] / 2), abs=0.1)


@pytest.mark.parametrize(("kind", "way"), [("follow", 1), ("lead", -1)])
def test_follow_goes_on_and_lead_goes_back(kind: str, way: int) -> None:
    first, last = moved(kind, "moderate")
    assert float((last.eye - first.eye) @ first.forward) * way > 0.3
    assert last.eye[1] == pytest.approx(first.eye[1])


@pytest.mark.parametrize(
    ("kind", "travel"),
    [
        ("follow", (-0.4, 0, -1.2)), ("lead", (0.4, 0, 1.2)), ("truck_right", (1.3, 0, -0.4)),
        ("truck_left", (-1.3, 0, 0.4)),
    ],
)  # fmt: skip
def test_a_camera_that_keeps_pace_keeps_whom_it_goes_with_in_place(kind: str, travel: Any) -> None:
    first, last = moved(kind, "moderate", travel)
    assert last.eye - first.eye == pytest.approx(np.asarray(travel), abs=1e-5)
    assert on_screen(last, np.add(AIM, travel)) == pytest.approx(on_screen(first), abs=0.1)


def test_a_truck_goes_its_own_way_where_the_journey_would_take_it_the_other() -> None:
    first, last = moved("truck_left", "moderate", (1.3, 0.0, 0.0))
    assert aside(first, last) < -0.3


def test_a_pan_goes_as_far_as_whoever_is_held_in_it() -> None:
    first, last = moved("pan_right", "slow", GONE)
    assert on_screen(last, np.add(AIM, GONE))[0] == pytest.approx(on_screen(first)[0], abs=1.0)
    first, last = moved("pan_left", "slow", GONE)
    assert float(last.forward @ first.right) < 0


@pytest.mark.parametrize(("kind", "way"), [("roll_cw", 1), ("roll_ccw", -1)])
def test_a_roll_turns_the_camera_about_its_lens(kind: str, way: int) -> None:
    first, last = moved(kind)
    assert last.forward == pytest.approx(first.forward, abs=1e-6)
    # A camera that leans clockwise sees the world lean the other way.
    assert float(last.up @ first.right) * way > 0.1
    level = on_screen(last, np.asarray(AIM) + np.asarray(first.right))[1] - SIZE[1] / 2
    assert level * way < 0


@pytest.mark.parametrize(("zoom", "longer"), [("zoom_in", True), ("crash_zoom_in", True), ("zoom_out", False)])
def test_a_zoom_changes_the_lens_and_not_the_place(zoom: str, longer: bool) -> None:
    made = camera("static", "none")
    made = made.model_copy(update={"lens": made.lens.model_copy(update={"zoom": zoom})})
    first, last = view_of(made, SIZE, 0.0), view_of(made, SIZE, 1.0)
    assert last.eye == pytest.approx(first.eye)
    assert (last.focal_px > 1.2 * first.focal_px) is longer
    assert (last.focal_px < 0.8 * first.focal_px) is not longer


def test_a_dolly_zoom_keeps_its_subject_as_large_while_the_distance_grows_wide() -> None:
    made = camera("static", "none")
    made = made.model_copy(update={"lens": made.lens.model_copy(update={"zoom": "dolly_zoom"})})
    first, last = view_of(made, SIZE, 0.0), view_of(made, SIZE, 1.0)
    high = np.add(AIM, (0.0, 0.3, 0.0))
    assert on_screen(last, high)[1] - on_screen(last)[1] == pytest.approx(
        on_screen(first, high)[1] - on_screen(first)[1], rel=0.05
    )
    assert float(np.linalg.norm(last.eye - np.asarray(AIM))) < 0.7 * float(np.linalg.norm(first.eye - np.asarray(AIM)))


ROOM = (-2.0, 2.0, 0.0, 2.6, -2.0, 3.4)


@pytest.mark.parametrize("kind", ["dolly_out", "truck_left", "truck_right", "crane_up", "arc_right", "lead", "follow"])
def test_no_move_ends_in_a_wall(kind: str) -> None:
    made = camera(kind, "whip")
    last = held_back(lambda at: view_of(made, SIZE, at), 1.0, ROOM)
    first = view_of(made, SIZE)
    for axis in range(3):
        assert ROOM[2 * axis] + WALL_M - 0.01 <= last.eye[axis] <= ROOM[2 * axis + 1] - WALL_M + 0.01
    assert float(np.linalg.norm(last.eye - first.eye)) > 0.05


def test_no_move_ends_in_a_person_and_one_that_begins_there_may_go() -> None:
    made = camera("dolly_in", "whip")
    between = (0.45, 1.35, 1.8)
    last = held_back(lambda at: view_of(made, SIZE, at), 1.0, None, [between])
    assert math.hypot(last.eye[0] - between[0], last.eye[2] - between[1]) >= PERSON_M - 1e-3
    gone = held_back(lambda at: view_of(made, SIZE, at), 1.0, None, [(1.3, 3.2, 1.8)])
    assert gone.eye == pytest.approx(view_of(made, SIZE, 1.0).eye)


def test_a_camera_that_looks_in_from_beyond_a_wall_stays_there() -> None:
    made = camera("static", "none", position_m=(0.0, 1.5, 6.0))
    assert held_back(lambda at: view_of(made, SIZE, at), 1.0, ROOM).eye[2] == pytest.approx(6.0)


def drawn(shot: Shot, at: float) -> Drawing:
    return draw_shot(shot, {}, place_look("location/kitchen", "kitchen", True, [shot]), at, SIZE)


def test_whoever_leaves_is_further_off_in_the_last_frame() -> None:
    away = {"pose_start": "walk", "heading_deg": 180, "travel": {"screen_direction": "away", "exits": True}}
    shot = make_shot(shot_size="wide", subject=away)
    first, last = (drawn(shot, at).mask("character/ann").sum() for at in (0.0, 1.0))
    assert last < 0.8 * first


def test_a_pull_of_focus_goes_from_the_one_to_the_other_by_way_of_the_middle() -> None:
    shot = make_shot(aperture_t=1.4)
    layer = shot.technical_layer
    other = layer.staging.subjects[0].model_copy(
        update={"entity": "character/ben", "position_m": (0.7, 0.0, -2.5), "gaze": None}
    )
    focus = layer.camera.focus.model_copy(update={"pull_to": "character/ben"})
    shot = shot.model_copy(
        update={
            "technical_layer": layer.model_copy(
                update={
                    "camera": layer.camera.model_copy(update={"focus": focus}),
                    "staging": layer.staging.model_copy(update={"subjects": (*layer.staging.subjects, other)}),
                }
            )
        }
    )
    planes = [drawn(shot, at).camera.focus_m for at in (0.0, 0.5, 1.0)]
    assert planes[0] < planes[1] - 0.3 < planes[2] - 0.6
    assert planes[2] - planes[0] == pytest.approx(2.5, abs=0.4)


def test_a_pull_to_the_place_leaves_whom_it_began_on() -> None:
    shot = make_shot()
    camera_layer = shot.technical_layer.camera
    focus = camera_layer.focus.model_copy(update={"pull_to": "location/kitchen"})
    camera_layer = camera_layer.model_copy(update={"focus": focus})
    shot = shot.model_copy(update={"technical_layer": shot.technical_layer.model_copy(update={"camera": camera_layer})})
    assert drawn(shot, 1.0).camera.focus_m > drawn(shot, 0.0).camera.focus_m + 2
