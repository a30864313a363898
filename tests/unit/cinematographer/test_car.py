"""The night drive: two who will not look at each other, and a mother on the phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shotwright.crew.cinematographer import check_photography, photograph_scene
from shotwright.model.crew import DirectedScene, FilmSettings, PhotographedScene

if TYPE_CHECKING:
    from shotwright.model.story import SceneBrief

Scene = tuple["SceneBrief", DirectedScene]
NADIA, THEO, MUM = "character/nadia", "character/theo", "character/mum"


def photographed(scene: Scene) -> PhotographedScene:
    brief, directed = scene
    found = photograph_scene(brief, directed, FilmSettings())
    assert check_photography(brief, directed, found) == ()
    return PhotographedScene.model_validate_json(found.model_dump_json())


def in_frame(shot) -> set[str]:
    return {s.entity for s in shot.technical.staging.subjects if s.screen_position != "off"}


def test_the_answer_is_valid_json_of_the_model_and_one_for_one(car: Scene) -> None:
    found = photographed(car)
    assert [s.shot_id for s in found.shots] == [s.shot_id for s in car[1].shots]


def test_the_voice_on_the_phone_is_in_no_frame_and_moves_no_mouth(car: Scene) -> None:
    found = photographed(car)
    assert all(MUM not in in_frame(shot) for shot in found.shots)
    call = found.shots[2]
    assert all(s.mouth == "closed" for s in call.technical.staging.subjects)


def test_the_one_who_speaks_over_a_listener_shot_is_out_of_frame(car: Scene) -> None:
    found = photographed(car)
    assert in_frame(found.shots[6]) & {NADIA, THEO} == {THEO}
    assert in_frame(found.shots[3]) & {NADIA, THEO} == {THEO}


def test_answering_singles_match_in_size_lens_and_height_and_look_opposite_ways(car: Scene) -> None:
    found = photographed(car)
    for one, other in ((2, 3), (5, 6)):
        a, b = found.shots[one].technical, found.shots[other].technical
        assert a.camera.shot_size == b.camera.shot_size
        assert a.camera.lens.focal_mm == b.camera.lens.focal_mm
        assert abs(a.camera.position_m[1] - b.camera.position_m[1]) <= 0.2
        assert {a.staging.subjects[0].gaze.screen_direction, b.staging.subjects[0].gaze.screen_direction} == {
            "left",
            "right",
        }


def test_the_driver_watches_the_road_in_every_frame(car: Scene) -> None:
    found = photographed(car)
    gazes = [s.gaze.target for shot in found.shots for s in shot.technical.staging.subjects if s.entity == NADIA]
    assert gazes
    assert set(gazes) == {"road"}


def test_a_right_hand_driver_is_to_screen_left_and_the_cameras_stay_outside_the_windscreen(car: Scene) -> None:
    found = photographed(car)
    first = {s.entity: s.screen_position for s in found.shots[0].technical.staging.subjects}
    assert "left" in first[NADIA]
    assert "right" in first[THEO]
    for shot in found.shots:
        if shot.technical.camera.framing != "insert":
            assert shot.technical.camera.position_m[2] > 1.0
            assert shot.technical.staging.line.kind == "seats"
            assert shot.technical.staging.line.side == "right"


def test_no_frame_is_of_the_car_from_outside(car: Scene) -> None:
    found = photographed(car)
    assert all(shot.technical.camera.framing != "empty" for shot in found.shots)
    assert all(shot.technical.camera.shot_size not in ("extreme_wide", "wide") for shot in found.shots)


def test_an_insert_looks_forward_and_the_passengers_right_hand_comes_from_screen_left(car: Scene) -> None:
    insert = photographed(car).shots[1].technical.camera
    assert insert.framing == "insert"
    assert insert.position_m[2] < insert.look_at_m[2]
    assert "right hand" in insert.movement.end
    assert "screen left" in insert.movement.end


def test_the_cake_box_stays_in_his_hand_through_the_scene(car: Scene) -> None:
    found = photographed(car)
    held = {s.hands.right for shot in found.shots for s in shot.technical.staging.subjects if s.entity == THEO}
    assert held == {"prop/cake_box"}


def test_the_phone_glows_until_the_call_is_ended_and_the_indicator_only_at_the_end(car: Scene) -> None:
    found = photographed(car)
    glow = ["phone glow" in shot.technical.lighting.practicals for shot in found.shots]
    assert glow == [False, True, True, True, False, False, False, False, False]
    assert [any(e.what == "indicator amber" for e in s.technical.lighting.events) for s in found.shots] == [
        False
    ] * 8 + [True]


def test_a_set_up_that_returns_keeps_its_id(car: Scene) -> None:
    found = photographed(car)
    assert found.shots[0].setup_id == found.shots[8].setup_id
    assert found.shots[5].setup_id == found.shots[7].setup_id
    assert len({s.setup_id for s in found.shots}) <= 7
