"""Each rule names what breaks it: the person, the shots, the owner; and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from supervisor_scenes import LOOK, car, chase, discovery, dressing, long_take, phone, storm, two_hander
from supervisor_stage import SETTINGS, Stage

from shotwright.crew.continuity_supervisor import inspect_cut, inspect_scene, revisions_for
from shotwright.model.ids import EntityId, UnitId
from shotwright.model.shot import Flag, Shot
from shotwright.model.story import ActionNote


def edited(shot: Shot, **fields: Any) -> Shot:
    """The shot with fields set by dotted path; `__` stands for the dot, numbers index lists."""
    data = shot.model_dump(mode="json", by_alias=True)
    for path, value in fields.items():
        *parents, last = path.split("__")
        owner: Any = data
        for part in parents:
            owner = owner[int(part)] if part.isdigit() else owner[part]
        owner[int(last) if last.isdigit() else last] = value
    return Shot.model_validate(data)


def flags(stage: Stage, **changes: dict[str, Any]) -> list[Flag]:
    """Flags of a stage with shots changed: `n3={path: value}` edits shot 3."""
    shots = list(stage.shots)
    for key, fields in changes.items():
        at = int(key[1:]) - 1
        shots[at] = edited(shots[at], **fields)
    return [f for f in inspect_scene(shots, stage.brief(), SETTINGS) if f.severity != "info"]


def codes(found: list[Flag]) -> set[str]:
    return {f.code for f in found}


def test_a_gaze_the_wrong_way_names_both_people_and_both_shots():
    found = flags(two_hander(), n4={"technical_layer__staging__subjects__0__gaze__screen_direction": "left"})
    pair = next(f for f in found if "looks the same way" in f.message)
    assert pair.severity == "error"
    assert pair.agent == "cinematographer"
    assert "Ana in shot 4" in pair.message
    assert "Marcus's in shot 3" in pair.message
    assert pair.other_shot_id == "kitchen-3"


def test_a_passage_number_alone_does_not_let_the_camera_cross():
    s = two_hander()
    s.shoot(
        "medium", "ana", s.facing("ana", "marcus", 16), line=LOOK, passage=2, reset="a new look", action="Ana waits."
    )
    s.shoot("medium", "marcus", s.facing("marcus", "ana", -16), line=LOOK, passage=2, action="Marcus waits.")
    assert [f.shot_id for f in flags(s) if f.code == "C180"] == ["kitchen-9"]


def test_a_crossing_is_legal_when_a_move_is_seen():
    s = two_hander()
    s.shoot(
        "medium", "ana", s.facing("ana", "marcus", 16), line=LOOK, passage=2, reset="the camera arcs round",
        action="Ana waits.", move="arc_left", speed="slow",
    )  # fmt: skip
    assert "C180" not in codes(flags(s))


def test_a_mirror_is_exempt_from_sides_and_gazes():
    s = two_hander()
    s.shoot("medium", "ana", s.facing("ana", "marcus", 16), line=LOOK, action="Ana in the mirror.")
    assert codes(flags(s)) == set()


def test_lenses_and_sizes_match_only_when_an_exchange_opens():
    opening = flags(two_hander(), n3={"technical_layer__camera__lens__focal_mm": 85})
    later = flags(two_hander(), n6={"technical_layer__camera__lens__focal_mm": 85})
    assert any("unmatched lenses" in f.message and f.severity == "warn" for f in opening)
    assert later == []


def test_a_driver_who_stares_at_the_passenger_is_warned():
    s = car()
    s.actions.clear()
    assert [(f.code, f.severity) for f in flags(s)] == [("CEYE", "warn")]


def test_both_ends_of_a_call_look_opposite_ways():
    s = phone()
    subjects = s.shots[3].technical_layer.staging.subjects
    at = next(i for i, x in enumerate(subjects) if x.entity == "character/noor")
    found = flags(s, n4={f"technical_layer__staging__subjects__{at}__gaze__screen_direction": "right"})
    assert any("on the phone" in f.message for f in found)


def test_travel_that_flips_without_a_neutral_shot_is_an_error():
    s = chase()
    del s.shots[4]
    assert any(f.code == "CDIR" and "Kit travels" in f.message for f in flags(s))


def test_the_size_may_leap_on_a_shock():
    size = {"technical_layer__camera__shot_size": "extreme_wide"}
    assert any("leaps" in f.message for f in flags(two_hander(), n7=size))
    calm = {**size, "contextual_layer__emotional_beat__name": "shock"}
    shock = {"contextual_layer__emotional_beat__name": "shock"}
    assert not any("leaps" in f.message for f in flags(two_hander(), n7=calm, n8=shock))


def test_a_prop_that_is_put_down_in_the_script_may_leave_the_hand():
    s = Stage("shed", {"leo": (0, 0, 90)}, scene_type="activity")
    s.hands["leo"] = {"right": "prop/cup"}
    s.shoot("wide", "leo", 20, focal=28, action="Leo drinks.")
    s.hands["leo"] = {}
    put = s.shoot("medium", "leo", 55, action="He sets the cup down.")
    assert [f.code for f in flags(s)] == ["CWARD"]
    drops = ((EntityId("character/leo"), EntityId("prop/cup")),)
    s.actions.append(ActionNote(unit=UnitId(put.source.units[0]), drops=drops))
    assert flags(s) == []


def test_one_shot_that_stands_out_is_flagged_once():
    at = next(i for i, x in enumerate(dressing().shots[1].technical_layer.staging.subjects))
    found = flags(dressing(), n2={f"technical_layer__staging__subjects__{at}__look": "look/leo.armour"})
    assert [(f.code, f.shot_id) for f in found] == [("CWARD", "bedroom-2")]


def test_assets_that_disagree_with_the_look_go_to_the_art_director():
    found = flags(two_hander(), n4={"digital_assets__clothes": ["cloth_other_v01"]})
    assert {(f.code, f.agent) for f in found} == {("CWARD", "art_director")}


def test_light_that_jumps_without_an_event_is_an_error_and_with_one_is_not():
    without = flags(storm(), n2={"technical_layer__lighting__events": []})
    assert {f.code for f in without if f.severity == "error"} == {"CLIGHT"}
    assert all("shot 2" in f.message for f in without)


def test_kelvin_is_read_against_the_white_balance():
    both = {"technical_layer__lighting__color_temperature_k": 5600, "technical_layer__camera__white_balance_k": 5600}
    assert flags(two_hander(), n4=both) == []
    assert codes(flags(two_hander(), n4={"technical_layer__lighting__color_temperature_k": 5600})) == {"CLIGHT"}


@pytest.mark.parametrize(
    ("frames", "reason", "flagged"), [(180, None, True), (96, None, True), (96, "short_scene", False)]
)
def test_a_clip_keeps_its_bounds_or_gives_its_reason(frames, reason, flagged):
    fields = {
        "duration_frames": frames, "duration_seconds": frames / 24, "duration_reason": reason,
        "cuts": [{"src_in": 0, "src_out": frames}],
    }  # fmt: skip
    assert (codes(flags(two_hander(), n1=fields)) == {"CDUR"}) == flagged


def test_a_third_continuation_is_too_long_a_take():
    s = long_take()
    az = s.facing("old", "boy", -16)
    line = ("look", "old", "boy")
    fourth = s.shoot(
        "medium_close_up", "old", az, line=line, setup="take", continues_shot_id="porch-3", action="He stops."
    )
    s.shots[3:] = [fourth]
    found = [f for f in flags(s) if f.code == "CCONT"]
    assert [(f.agent, f.severity) for f in found] == [("director", "error")]


def test_nobody_is_in_frame_before_arriving_or_with_another_voice():
    s = two_hander()
    s.presences["marcus"] = s.presences["marcus"].model_copy(update={"enters": UnitId("kitchen-u3")})
    assert {f.code for f in flags(s)} == {"CPRES"}
    lips = flags(two_hander(), n7={"technical_layer__staging__subjects__0__mouth": "speaking"})
    assert [(f.code, f.agent) for f in lips] == [("CPRES", "cinematographer")]


def test_words_lost_or_out_of_order_are_the_directors():
    s = two_hander()
    s.shots[2], s.shots[3] = s.shots[3], s.shots[2]
    assert {(f.code, f.agent) for f in flags(s) if f.code == "CTEXT"} == {("CTEXT", "director")}
    lost = flags(two_hander(), n2={"audio__dialogue__0__text": "You said noon."})
    assert any("word for word" in f.message for f in lost)


def test_a_bed_that_changes_and_music_without_an_end_are_the_sound_designers():
    found = flags(
        two_hander(), n3={"audio__ambience": "harbour"}, n4={"audio__music_cue": {"state": "starts", "why": "dawn"}}
    )  # fmt: skip
    assert {(f.code, f.agent) for f in found} == {("CSOUND", "sound_designer")}
    assert len(found) == 2


def test_a_new_place_that_is_never_shown_wide_is_warned_and_a_known_one_is_not():
    s = discovery()
    tight = {f"n{n}": {"technical_layer__camera__shot_size": "close_up", "function": "coverage"} for n in (1, 2, 4)}
    assert "CEST" in codes(flags(s, **tight))
    s.known = True
    assert "CEST" not in codes(flags(s, **tight))


def following(continuous: bool) -> tuple[Stage, Stage]:
    one, two = dressing(), Stage("hall", {"leo": (0, 0, 90)}, scene_type="activity", continuous=continuous)
    two.looks["leo"] = "look/leo.d1"
    two.shoot("wide", "leo", 20, focal=28, action="Leo in the hall.")
    return one, two


def test_looks_carry_over_a_continuous_cut_and_need_not_over_a_gap():
    one, two = following(continuous=True)
    found = inspect_cut(one.shots, two.shots, one.brief(), two.brief(), SETTINGS)
    assert {f.code for f in found} == {"CWARD"}
    assert all(f.shot_id == "hall-1" for f in found)
    one, two = following(continuous=False)
    assert inspect_cut(one.shots, two.shots, one.brief(), two.brief(), SETTINGS) == ()


def test_who_exits_right_comes_in_going_right():
    one = Stage("yard", {"kit": (0, 0, 90, "walk")}, scene_type="activity")
    one.shoot("wide", "kit", 0, focal=28, travel={"kit": {"exits": True}}, action="Kit leaves.")
    two = Stage("lane", {"kit": (0, 0, 90, "walk")}, scene_type="activity", continuous=True, place="location/lane")
    two.shoot("wide", "kit", 0, focal=28, travel={"kit": {"enters": True}}, action="Kit comes.")
    three = Stage("lane", {"kit": (0, 0, 90, "walk")}, scene_type="activity", continuous=True, place="location/lane")
    three.shoot("wide", "kit", 180, focal=28, travel={"kit": {"enters": True}}, action="Kit comes.")
    assert inspect_cut(one.shots, two.shots, one.brief(), two.brief(), SETTINGS) == ()
    wrong = inspect_cut(one.shots, three.shots, one.brief(), three.brief(), SETTINGS)
    assert [f.code for f in wrong] == ["CDIR"]


def test_revisions_go_to_owners_with_numbers_and_taste_is_asked_once():
    found = flags(two_hander(), n3={"duration_seconds": 9.0, "technical_layer__camera__lens__focal_mm": 85})
    first, second = revisions_for(found, 1), revisions_for(found, 2)
    assert [r.agent for r in first] == ["director", "cinematographer"]
    assert "should be" in first[0].feedback
    assert [r.agent for r in second] == ["director"]
    assert second[0].round == 2


def a_quay() -> Stage:
    """Three round a crate, opened by a wide that shows Ana left, Ben in the middle, Carl right."""
    s = Stage("pier", {"ana": (-1.5, 0, 90), "ben": (0, -1.0, 0), "carl": (1.5, 0, -90)}, scene_type="dialogue_group")
    s.look_at(ana="carl", carl="ana", ben="ana")
    everyone = ("ana", "ben", "carl")
    s.shoot(
        "wide", "pier", 0, aim=(0, -0.3), seen=everyone, framing="three_shot", function="master", focal=21, line=LOOK_AC
    )
    return s


LOOK_AC = ("look", "ana", "carl")
LOOK_AB = ("look", "ana", "ben")


def of_the_group(s: Stage, azimuth: float, **rest: Any) -> None:
    """A frame of all three from round the middle of the group, on a look that nobody has had before."""
    rest = {"passage": 2, "reset": "ana turns to ben", "line": LOOK_AB, **rest}
    s.shoot(
        "medium_wide", "pier", azimuth, aim=(0, -0.3), seen=("ana", "ben", "carl"), framing="group", focal=21,
        action="They look at the crate.", **rest,
    )  # fmt: skip


def test_in_a_group_each_keeps_a_side_even_on_a_new_look():
    s = a_quay()
    of_the_group(s, 210)
    found = [f for f in flags(s) if f.code == "C180" and "in a group" in f.message]
    assert [(f.shot_id, f.severity, f.agent) for f in found][:1] == [("pier-2", "error", "cinematographer")]
    assert found[0].other_shot_id == "pier-1"
    assert "half-widths" in found[0].measured


@pytest.mark.parametrize("lawful", ["wide", "seen to cross", "camera goes round"])
def test_a_group_may_change_sides_when_something_seen_lets_it(lawful):
    s = a_quay()
    if lawful == "wide":
        s.shoot(
            "wide", "pier", 210, aim=(0, -0.3), seen=("ana", "ben", "carl"), framing="three_shot", function="master",
            focal=21, line=LOOK_AB, passage=2, reset="re-established",
        )  # fmt: skip
    elif lawful == "seen to cross":
        s.people["ana"], s.people["carl"] = (1.6, 0, -90, "stand"), (-1.6, 0, 90, "stand")
        of_the_group(s, 0)
    else:
        of_the_group(s, 210, move="arc_left", speed="slow")
    assert not [f for f in flags(s) if "in a group" in f.message]


def test_a_shoulder_in_the_foreground_is_not_on_screen():
    s = two_hander()
    over = next(
        n for n, shot in enumerate(s.shots, 1) if any(x.foreground for x in shot.technical_layer.staging.subjects)
    )
    shoulder = next(x.entity for x in s.shots[over - 1].technical_layer.staging.subjects if x.foreground)
    lines = [d for d in s.shots[over - 1].audio.dialogue if d.speaker == shoulder]
    assert all(not line.on_screen for line in lines)
    assert not [f for f in flags(s) if f.field.endswith("on_screen")]
    shown = flags(s, **{f"n{over}": {"audio__dialogue__0__on_screen": False}})
    assert [f.agent for f in shown if f.field.endswith("on_screen")] == ["director"]


@pytest.mark.parametrize("listed", ["animals", "background", "characters"])
def test_a_characters_asset_may_stand_in_any_list_of_pictures(listed):
    s = two_hander()
    changes = {}
    for n, shot in enumerate(s.shots, 1):
        assets = shot.digital_assets.model_dump()
        keys = assets["characters"]
        assets["characters"] = []
        assets[listed] = keys
        changes[f"n{n}"] = {"digital_assets": assets}
    assert not [f for f in flags(s, **changes) if f.agent == "art_director"]


def dressed(*worn: tuple[dict[str, Any], list[str]]) -> list[Flag]:
    """Flags of the Art Director on the two-hander with (bindings, clothes listed) given to its first shots."""
    s = two_hander()
    changes = {
        f"n{n}": {"digital_assets__bindings": bindings, "digital_assets__clothes": clothes}
        for n, (bindings, clothes) in enumerate(worn, 1)
    }
    s.shots[:] = s.shots[: len(worn)]
    return [f for f in flags(s, **changes) if f.agent == "art_director"]


def test_only_those_in_frame_are_asked_what_they_wear():
    coat, hat = {"clothes/ana.coat": "cloth_coat_v01"}, {"clothes/zoe.hat": "cloth_hat_v01"}
    assert not dressed((coat, ["cloth_coat_v01"]), ({**coat, **hat}, ["cloth_coat_v01", "cloth_hat_v01"]))


def test_a_coat_that_changes_in_one_look_is_the_art_directors():
    found = dressed(
        ({"clothes/ana.coat": "cloth_coat_v01"}, ["cloth_coat_v01"]),
        ({"clothes/ana.coat": "cloth_cape_v01"}, ["cloth_cape_v01"]),
        ({"clothes/ana.coat": {"wanted": "cloth_cape_v02"}}, []),
    )
    assert found
    assert {(f.code, f.field) for f in found} == {("CWARD", "digital_assets.clothes")}


def test_what_somebody_in_frame_is_bound_to_wear_is_listed():
    found = dressed(({"clothes/ana.coat": "cloth_coat_v01"}, []))
    assert [f.measured for f in found] == ["not listed"]


@pytest.mark.parametrize("voice", ["phone", "off_screen"])
def test_a_voice_from_the_other_side_of_an_intercut_may_be_heard_either_way(voice):
    s = phone()
    n = next(i for i, shot in enumerate(s.shots, 1) if shot.audio.dialogue)
    shot = s.shots[n - 1]
    speaker = shot.audio.dialogue[0].speaker
    subjects = [
        {**x, "screen_position": "off", "mouth": "closed"} if x["entity"] == speaker else x
        for x in shot.model_dump(mode="json")["technical_layer"]["staging"]["subjects"]
    ]
    found = flags(
        s, **{f"n{n}": {
            "audio__dialogue__0__voice": voice, "audio__dialogue__0__on_screen": False,
            "technical_layer__staging__subjects": subjects,
        }}
    )  # fmt: skip
    assert not [f for f in found if f.code == "CPRES" and f.severity == "error"]
