"""The turn of a scene has its tightest frame, whoever and whatever it is on, and the scene opens after it."""

from __future__ import annotations

import itertools

import pytest

from shotwright.crew.cinematographer import check_photography, photograph_scene
from shotwright.model.crew import FilmSettings
from shotwright.model.vocabulary import SIZE_ORDER


def photograph(s):
    brief, directed = s.done()
    found = photograph_scene(brief, directed, FilmSettings())
    assert check_photography(brief, directed, found) == ()
    return found.shots


def sizes(shots) -> list[int]:
    return [SIZE_ORDER[shot.technical.camera.shot_size] for shot in shots]


def chatter(s, count: int, beat=("tension_rising", 0.6)) -> None:
    for i in range(count):
        a, b = ("ann", "ben") if i % 2 == 0 else ("ben", "ann")
        s.shot([s.say(a, f"Line {i}.", b)], "speaker", [a], beat)


@pytest.mark.parametrize("function", ["coverage", "button", "reveal"])
@pytest.mark.parametrize("beat", ["calm", "dread", "anger", "vulnerability", "joy"])
def test_a_turn_of_two_people_is_held_tighter_than_the_rest(scene_maker, function: str, beat: str) -> None:
    s = scene_maker("dialogue_2", "INT. KITCHEN - DAY", ["ann", "ben"])
    chatter(s, 4, (beat, 0.6))
    units = [s.say("ann", "You knew.", "ben"), s.say("ben", "Yes.", "ann")]
    s.shot(units, "exchange", ["ann", "ben"], (beat, 0.6), function=function, turn=True, peak=True)
    chatter(s, 3, (beat, 0.6))
    shots = photograph(s)
    found = sizes(shots)
    assert found[4] == max(found)
    assert max(found[5:7]) < found[4]
    assert shots[4].technical.camera.framing in ("over_the_shoulder", "two_shot")
    assert {x.entity for x in shots[4].technical.staging.subjects} >= {"character/ann", "character/ben"}


def test_a_turn_of_the_hands_is_an_insert_of_the_thing_they_hold(scene_maker) -> None:
    s = scene_maker("activity", "INT. SHED - DAY", ["ann", "ben"])
    ann = "character/ann"
    s.things = ["prop/tin"]
    chatter(s, 4)
    s.shot(
        [s.act("She closes his hand round the tin.", actors=(ann,), things=("prop/tin",), takes=((ann, "prop/tin"),))],
        "action", ["ann", "ben"], ("vulnerability", 0.7), function="button", turn=True,
    )  # fmt: skip
    camera = photograph(s)[-1].technical.camera
    assert (camera.framing, camera.focus.on) == ("insert", "prop/tin")
    assert SIZE_ORDER[camera.shot_size] >= 5


def test_a_turn_on_a_journey_is_a_face(scene_maker) -> None:
    s = scene_maker("activity", "EXT. FIELD - DAY", ["ann", "ben"])
    chatter(s, 4)
    unit = s.act("She walks away from him.", actors=("character/ann",), travel=True)
    s.shot([unit], "travel", ["ann"], ("realization", 0.7), turn=True, travel=True)
    found = sizes(photograph(s))
    assert found[4] == max(found)
    assert found[4] >= 4


def test_the_push_in_is_spent_on_the_turn_and_nowhere_else(scene_maker) -> None:
    s = scene_maker("dialogue_2", "INT. KITCHEN - DAY", ["ann", "ben"])
    chatter(s, 5, ("realization", 0.9))
    s.shot([s.act("She looks at him.", actors=("character/ann",))], "action", ["ann"], ("realization", 0.9), turn=True)
    chatter(s, 4, ("realization", 0.9))
    moves = [shot.technical.camera.movement.type for shot in photograph(s)]
    assert [i for i, move in enumerate(moves) if move == "dolly_in"] == [5]


def test_a_place_is_shown_without_people_whom_the_text_has_not_met(scene_maker) -> None:
    s = scene_maker("activity", "EXT. ROOFTOPS - DAWN", ["ann", "ben"])
    ann, ben = "character/ann", "character/ben"
    s.shot([s.act("Slates down to a foggy river.")], "place", [], function="establishing")
    s.shot([s.act("On a ridge stands ANN.", actors=(ann,))], "action", ["ann"])
    s.shot([s.act("BEN opens a window.", actors=(ben,))], "action", ["ben"])
    place, first, second = (shot.technical for shot in photograph(s))
    assert place.camera.framing == "empty"
    assert place.camera.coverage_m >= 5
    assert place.staging.subjects == ()
    assert place.staging.line is None
    assert {x.entity for x in first.staging.subjects} == {ann}
    assert ben in {x.entity for x in second.staging.subjects}


def test_no_three_two_shots_of_one_size_run_together_in_a_quick_exchange(scene_maker) -> None:
    s = scene_maker("dialogue_2", "INT. KITCHEN - DAY", ["ann", "ben"])
    for i in range(10):
        units = [s.say("ann", f"Quick {i}.", "ben"), s.say("ben", f"Back {i}.", "ann")]
        s.shot(units, "exchange", ["ann", "ben"], ("calm", 0.3))
    shots = photograph(s)
    framings = [(shot.technical.camera.framing, shot.technical.camera.shot_size) for shot in shots]
    assert sum(framing == "over_the_shoulder" for framing, _ in framings) >= 4
    for i in range(2, len(framings)):
        assert not (framings[i][0] == "two_shot" and framings[i] == framings[i - 1] == framings[i - 2])


def test_an_exchange_alternates_between_the_same_two_set_ups(scene_maker) -> None:
    s = scene_maker("dialogue_2", "INT. KITCHEN - DAY", ["ann", "ben"])
    s.shot([s.act("They stand.", actors=("character/ann",))], "action", ["ann", "ben"], function="master")
    chatter(s, 12, ("calm", 0.4))
    shots = photograph(s)
    assert len({shot.setup_id for shot in shots}) <= len(shots) / 2
    by_setup = {}
    for one in shots:
        camera = one.technical.camera
        assert by_setup.setdefault(one.setup_id, (camera.position_m, camera.lens.focal_mm)) == (
            camera.position_m, camera.lens.focal_mm,
        )  # fmt: skip
    assert all(one.setup_id != two.setup_id for one, two in itertools.pairwise(shots))


def test_reasons_name_what_lost_and_are_not_all_alike(scene_maker) -> None:
    s = scene_maker("activity", "INT. SHED - DAY", ["ann", "ben"])
    chatter(s, 6)
    s.shot([s.say("ann", "It ends.", "ben")], "speaker", ["ann"], ("tension_rising", 0.8), turn=True)
    chatter(s, 3)
    because = [shot.provenance["camera"].because for shot in photograph(s)]
    assert not any(" a activity" in text or " a exchange" in text for text in because)
    assert len(set(because)) >= 7
    assert any("would have" in text or "weighed" in text or "kept back" in text for text in because)
