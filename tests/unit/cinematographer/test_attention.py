"""Focus that goes from near to far, a driver's glance, and vehicles that keep their way."""

from __future__ import annotations

from shotwright.crew.cinematographer import check_photography, photograph_scene
from shotwright.model.crew import FilmSettings, WrittenDirection
from shotwright.model.ids import EntityId, UnitId


def photograph(s):
    brief, directed = s.done()
    found = photograph_scene(brief, directed, FilmSettings())
    assert check_photography(brief, directed, found) == ()
    return found.shots


def test_focus_goes_to_the_far_of_the_place_once_a_scene(scene_maker) -> None:
    s = scene_maker("dialogue_2", "EXT. PIER - DAY", ["ann", "ben"])
    for i in range(3):
        unit = s.act("A ship burns in the distance.")
        s.shot([unit, s.say("ann", f"There, {i}.", "ben")], "speaker", ["ann"])
    pulled = [shot.technical.camera.focus for shot in photograph(s) if shot.technical.camera.focus.pull_to]
    assert [(focus.on, focus.pull_to) for focus in pulled] == [("character/ann", "location/place")]


def test_no_focus_is_pulled_where_the_words_do_not_ask(scene_maker) -> None:
    s = scene_maker("dialogue_2", "INT. HALL - DAY", ["ann", "ben"])
    for i in range(6):
        s.shot([s.say("ann", f"Line {i}.", "ben")], "speaker", ["ann"])
    assert all(shot.technical.camera.focus.pull_to is None for shot in photograph(s))


def test_a_driver_glances_in_words_while_the_gaze_stays_on_the_road(car) -> None:
    brief, directed = car
    found = photograph_scene(brief, directed, FilmSettings())
    ends = [shot.technical.camera.movement.end for shot in found.shots]
    glances = [i for i, end in enumerate(ends) if "glances at" in end]
    looks = next(a.unit for a in brief.scene.actions if a.looks_at and a.looks_at[0][0] == "character/nadia")
    assert glances == [i for i, shot in enumerate(directed.shots) if looks in shot.units]
    for shot in found.shots:
        for subject in shot.technical.staging.subjects:
            if subject.pose_start == "drive":
                assert subject.gaze.target == "road"


def test_vehicles_of_a_chase_keep_one_direction_and_are_led_or_followed_on_wide_lenses(scene_maker) -> None:
    s = scene_maker("action_chase", "EXT. ROAD - DAY", ["ann"])
    s.things = ["vehicle/van", "vehicle/bus"]
    for i in range(6):
        vehicle = s.things[i % 2]
        unit = s.act(f"It takes the bend, {i}.", things=(vehicle,), travel=True)
        s.shot([unit], "travel", [vehicle], ("action", 0.8), travel=True)
    shots = photograph(s)
    ways = {
        x.travel.screen_direction for shot in shots for x in shot.technical.staging.subjects if x.travel is not None
    }
    assert ways
    assert ways <= {"right", "toward_camera", "away"}
    moves = {shot.technical.camera.movement.type for shot in shots}
    assert moves & {"follow", "lead"}
    assert all(18 <= shot.technical.camera.lens.focal_mm <= 35 for shot in shots)


def test_a_written_angle_on_something_unknown_is_not_claimed(scene_maker) -> None:
    s = scene_maker("activity", "EXT. STEPS - DAY", ["ann"])
    unit = s.act("ANGLE ON the tower. ANN waits.", actors=("character/ann",))
    written = WrittenDirection(kind="angle_on", target="the tower", unit=UnitId(unit), words="ANGLE ON the tower")
    s.shot([unit], "action", [EntityId("character/ann")], written=(written,))
    assert "the script asks for it" not in photograph(s)[0].provenance["camera"].because
