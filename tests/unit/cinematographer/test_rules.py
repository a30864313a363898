"""What holds of every photographed scene: sides, eyelines, written direction, budgets, pins and revisions."""

from __future__ import annotations

import itertools
import json

import pytest

from shotwright.craft.geometry import heading_to, on_plan, screen_direction, side_of_line, turn_between
from shotwright.crew.cinematographer import check_photography, photograph_scene
from shotwright.model.crew import FilmSettings, Pin, Revision, WrittenDirection
from shotwright.model.vocabulary import SIZE_ORDER

SETTINGS = FilmSettings()


def talk(scene_maker, turns: int = 8, scene_type: str = "dialogue_2", heading: str = "INT. KITCHEN - DAY", **kinds):
    s = scene_maker(scene_type, heading, ["ann", "ben"], **kinds)
    s.shot(
        [s.act("They stand.", actors=("character/ann",))], "action", ["ann", "ben"], ("calm", 0.3), function="master"
    )
    for i in range(turns):
        a, b = ("ann", "ben") if i % 2 == 0 else ("ben", "ann")
        beat = ("tension_rising", 0.3 + 0.5 * i / turns)
        s.shot([s.say(a, f"Line {i}.", b)], "speaker", [a], beat, turn=i == turns - 3)
    return s


def photograph(s):
    brief, directed = s.done()
    found = photograph_scene(brief, directed, SETTINGS)
    assert check_photography(brief, directed, found) == ()
    return found


def test_the_camera_keeps_one_side_of_the_line_through_a_two_hander(scene_maker) -> None:
    found = photograph(talk(scene_maker))
    spots = {s.entity: on_plan(s.position_m) for shot in found.shots for s in shot.technical.staging.subjects}
    a, b = spots["character/ann"], spots["character/ben"]
    assert all(side_of_line(a, b, on_plan(shot.technical.camera.position_m)) > 0 for shot in found.shots)
    assert {shot.technical.staging.line.passage for shot in found.shots} == {1}


def test_answering_singles_look_opposite_ways_five_to_twenty_five_degrees_off_the_lens(scene_maker) -> None:
    found = photograph(talk(scene_maker))
    seen = 0
    for shot in found.shots:
        camera, staging = shot.technical.camera, shot.technical.staging
        if camera.framing not in ("single", "over_the_shoulder"):
            continue
        subject = staging.subjects[0]
        other = "character/ben" if subject.entity == "character/ann" else "character/ann"
        spot = {"character/ann": (-0.8, 0.0), "character/ben": (0.8, 0.0)}
        gaze = heading_to(spot[subject.entity], spot[other])
        off = abs(turn_between(heading_to(spot[subject.entity], on_plan(camera.position_m)), gaze))
        assert 5 <= off <= 25
        assert subject.gaze.screen_direction == ("right" if subject.entity == "character/ann" else "left")
        seen += 1
    assert seen >= 4


def test_a_gaze_is_read_from_positions_and_not_asserted(scene_maker) -> None:
    for shot in photograph(talk(scene_maker)).shots:
        camera = shot.technical.camera
        for subject in shot.technical.staging.subjects:
            if subject.gaze.target.startswith("character/"):
                target = next(
                    (s.position_m for s in shot.technical.staging.subjects if s.entity == subject.gaze.target), None
                )
                if target is None:
                    continue
                angle = screen_direction(
                    on_plan(camera.position_m), on_plan(camera.look_at_m), on_plan(subject.position_m), on_plan(target)
                )
                assert subject.gaze.screen_direction == ("right" if angle > 0 else "left")


def test_the_tightest_frame_is_on_the_turn_and_the_scene_opens_after_it(scene_maker) -> None:
    found = photograph(talk(scene_maker, 9))
    sizes = [SIZE_ORDER[shot.technical.camera.shot_size] for shot in found.shots]
    assert sizes[7] == max(sizes)
    assert max(sizes[8:]) < sizes[7]


def test_at_least_half_of_the_dialogue_is_static_and_one_push_in_stands_on_the_turn(scene_maker) -> None:
    found = photograph(talk(scene_maker, 12))
    moves = [shot.technical.camera.movement.type for shot in found.shots]
    assert moves.count("static") >= len(moves) / 2
    assert moves.count("dolly_in") == 1
    assert moves[10] == "dolly_in"


def test_close_ups_stay_under_their_share_of_a_scene(scene_maker) -> None:
    s = scene_maker("dialogue_2", "INT. KITCHEN - DAY", ["ann", "ben"])
    for i in range(20):
        a, b = ("ann", "ben") if i % 2 == 0 else ("ben", "ann")
        s.shot([s.say(a, f"Line {i}.", b)], "speaker", [a], ("anger", 0.95))
    sizes = [SIZE_ORDER[shot.technical.camera.shot_size] for shot in photograph(s).shots]
    assert sum(1 for size in sizes if size >= 5) <= 0.35 * len(sizes) + 1


def test_set_ups_come_back_in_an_exchange(scene_maker) -> None:
    found = photograph(talk(scene_maker, 14))
    assert len({shot.setup_id for shot in found.shots}) < len(found.shots) * 0.75


def test_neighbours_on_one_person_differ_by_thirty_degrees_or_two_sizes(scene_maker) -> None:
    s = scene_maker("activity", "INT. SHED - DAY", ["ann"])
    for i in range(8):
        s.shot([s.act(f"She works, {i}.", actors=("character/ann",))], "action", ["ann"])
    shots = photograph(s).shots
    for one, two in itertools.pairwise(shots):
        a, b = one.technical.camera, two.technical.camera
        if "insert" in (a.framing, b.framing):
            continue
        turn = abs(turn_between(heading_to((0, 0), on_plan(a.position_m)), heading_to((0, 0), on_plan(b.position_m))))
        assert turn >= 29.5 or abs(SIZE_ORDER[a.shot_size] - SIZE_ORDER[b.shot_size]) >= 2


@pytest.mark.parametrize(
    ("kind", "target", "holds"),
    [
        (
            "close_on",
            "character/ben",
            lambda c, s: c.shot_size == "close_up" and s.subjects[0].entity == "character/ben",
        ),
        ("wide", "", lambda c, s: SIZE_ORDER[c.shot_size] <= 1),
        ("low_angle", "", lambda c, s: c.angle == "low_angle"),
        ("high_angle", "", lambda c, s: c.angle == "high_angle"),
        ("push_in", "", lambda c, s: c.movement.type == "dolly_in"),
        ("pull_back", "", lambda c, s: c.movement.type == "dolly_out"),
        ("two_shot", "", lambda c, s: c.framing == "two_shot"),
        (
            "pov",
            "character/ann",
            lambda c, s: c.framing == "pov" and all(x.entity != "character/ann" for x in s.subjects),
        ),
        ("handheld", "", lambda c, s: c.movement.support == "handheld"),
        ("dutch", "", lambda c, s: c.roll != "level"),
        ("zoom", "", lambda c, s: c.lens.zoom == "zoom_in"),
        ("insert", "prop/letter", lambda c, s: c.framing == "insert" and s.subjects[0].entity == "prop/letter"),
    ],
)
def test_written_direction_is_obeyed(scene_maker, kind, target, holds) -> None:
    s = talk(scene_maker, 4)
    s.things = ["prop/letter"]
    unit = s.act(
        "She holds the letter.",
        actors=("character/ann",),
        things=("prop/letter",),
        looks_at=(("character/ann", "character/ben"),),
    )
    written = (WrittenDirection(kind=kind, target=target, unit=unit, words=kind.upper()),)
    s.shot([unit], "action", ["ann"], written=written)
    shot = photograph_scene(*s.done(), SETTINGS).shots[-1]
    assert holds(shot.technical.camera, shot.technical.staging)


def test_whoever_travels_keeps_one_screen_direction(scene_maker) -> None:
    s = scene_maker("action_chase", "EXT. FIELD - DAY", ["ann", "ben"])
    for i in range(8):
        who = ["ann", "ben"][i % 2]
        unit = s.act(f"Runs {i}.", actors=(f"character/{who}",), travel=True, poses=((f"character/{who}", "run"),))
        s.shot([unit], "travel", [who], ("action", 0.8), travel=True)
    ways = {
        subject.travel.screen_direction
        for shot in photograph(s).shots
        for subject in shot.technical.staging.subjects
        if subject.travel
    }
    assert ways <= {"right", "toward_camera", "away"}
    assert "right" in ways


def test_a_thing_stays_in_the_hand_until_a_shot_shows_the_change(scene_maker) -> None:
    s = scene_maker("activity", "INT. SHED - DAY", ["ann"], holding={"ann": ["prop/lamp"]})
    ann = "character/ann"
    s.shot([s.act("She waits.", actors=(ann,))], "action", ["ann"])
    s.shot([s.act("She takes the ring.", actors=(ann,), takes=((ann, "prop/ring"),))], "action", ["ann"])
    s.shot([s.act("She sets down the lamp.", actors=(ann,), drops=((ann, "prop/lamp"),))], "action", ["ann"])
    shots = photograph(s).shots
    hands = [
        (x.hands.left, x.hands.right) for shot in shots for x in shot.technical.staging.subjects if x.entity == ann
    ]
    assert hands == [(None, "prop/lamp"), ("prop/ring", "prop/lamp"), ("prop/ring", None)]
    assert [shot.technical.staging.changes for shot in shots] == [
        (), ("character/ann takes prop/ring",), ("character/ann drops prop/lamp",)
    ]  # fmt: skip


def test_poses_meet_at_every_cut(scene_maker) -> None:
    s = scene_maker("activity", "INT. SHED - DAY", ["ann"])
    ann = "character/ann"
    for text, pose in (
        ("She sits down.", "sit"),
        ("She kneels.", "kneel"),
        ("She points.", "point"),
        ("She waits.", None),
    ):
        s.shot([s.act(text, actors=(ann,), poses=((ann, pose),) if pose else ())], "action", ["ann"])
    subjects = [x for shot in photograph(s).shots for x in shot.technical.staging.subjects if x.entity == ann]
    assert subjects[0].pose_start == "stand"
    assert subjects[0].pose_end == "sit"
    for one, two in itertools.pairwise(subjects):
        assert one.pose_end == two.pose_start


def test_the_key_stands_still_in_the_room_while_cameras_go_round(scene_maker) -> None:
    lights = [shot.technical.lighting for shot in photograph(talk(scene_maker)).shots]
    assert len({light.azimuth_deg for light in lights}) == 1
    assert len({light.color_temperature_k for light in lights}) == 1
    assert len({light.direction for light in lights}) > 1


def test_two_ends_of_a_call_look_opposite_ways(scene_maker) -> None:
    s = scene_maker("phone_intercut", "INT. KITCHEN - DAY", ["ann", "ben"])
    for i in range(6):
        who, other, place = [("ann", "ben", "location/kitchen"), ("ben", "ann", "location/office")][i % 2]
        s.shot([s.say(who, f"Line {i}.", other)], "speaker", [who], place=place, present=[who], segment="intercut")
    shots = photograph(s).shots
    ways = {}
    for shot in shots:
        assert len(shot.technical.staging.subjects) == 1
        subject = shot.technical.staging.subjects[0]
        ways.setdefault(subject.entity, set()).add(subject.gaze.screen_direction)
    assert sorted(map(sorted, ways.values())) == [["left"], ["right"]]
    passages = [
        (shot.technical.staging.plate.split(" ")[0], shot.technical.camera.setup_id if False else shot.setup_id)
        for shot in shots
    ]
    assert len({place for place, _ in passages}) == 2


def test_three_who_face_off_are_in_one_frame_first(scene_maker) -> None:
    s = scene_maker("standoff_3", "EXT. QUARRY - DAY", ["ann", "ben", "cat"])
    s.shot([s.act("Three stand.", actors=("character/ann",))], "group", ["ann", "ben", "cat"], function="master")
    s.shot([s.say("ann", "Now.", "ben")], "speaker", ["ann"])
    first = photograph(s).shots[0].technical
    assert first.camera.framing == "three_shot"
    assert len({x.screen_position for x in first.staging.subjects}) == 3


def test_a_continued_take_keeps_its_set_up_size_and_move(scene_maker) -> None:
    s = scene_maker("monologue", "INT. HALL - DAY", ["ann"])
    head = s.shot([s.say("ann", "A long speech.")], "speaker", ["ann"])
    s.shot([s.say("ann", "It goes on.")], "speaker", ["ann"], continues=head)
    one, two = photograph(s).shots
    assert one.setup_id == two.setup_id
    assert one.technical.camera.position_m == two.technical.camera.position_m
    assert one.technical.camera.movement.type == two.technical.camera.movement.type


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("technical_layer.camera.shot_size", "extreme_close_up"),
        ("technical_layer.camera.lens.focal_mm", 21),
        ("technical_layer.camera.framing", "over_the_shoulder"),
        ("technical_layer.lighting.contrast_ratio", 12.0),
        ("technical_layer.staging.subjects.0.hands.left", "prop/glove"),
        (
            "technical_layer.camera.movement",
            {"type": "crane_up", "support": "crane", "speed": "slow", "start": "a", "end": "b"},
        ),
    ],
)
def test_a_pinned_field_stands_word_for_word(scene_maker, field: str, value: object) -> None:
    brief, directed = talk(scene_maker).done()
    shot_id = directed.shots[4].shot_id
    found = photograph_scene(
        brief, directed, SETTINGS, pins=(Pin(shot_id=shot_id, field=field, value_json=json.dumps(value)),)
    )
    tree = {"technical_layer": json.loads(found.shots[4].technical.model_dump_json())}
    for name in field.split("."):
        tree = tree[int(name)] if isinstance(tree, list) else tree[name]
    if isinstance(value, dict):
        assert {k: tree[k] for k in value} == value
    else:
        assert tree == value
    part = field.split(".")[1]
    assert found.shots[4].provenance[part].pinned


def test_the_neighbour_of_a_pinned_size_answers_it(scene_maker) -> None:
    brief, directed = talk(scene_maker).done()
    free = photograph_scene(brief, directed, SETTINGS)
    before = free.shots[3].technical.camera.shot_size
    wish = "close_up" if before != "close_up" else "medium"
    pin = Pin(shot_id=directed.shots[3].shot_id, field="technical_layer.camera.shot_size", value_json=json.dumps(wish))
    held = photograph_scene(brief, directed, SETTINGS, pins=(pin,))
    assert held.shots[3].technical.camera.shot_size == wish
    assert held.shots[3].technical.camera.position_m != free.shots[3].technical.camera.position_m


def test_a_revision_changes_only_the_shot_and_field_that_it_names(scene_maker) -> None:
    brief, directed = talk(scene_maker).done()
    first = photograph_scene(brief, directed, SETTINGS)
    revision = Revision(
        agent="cinematographer",
        shot_id=directed.shots[3].shot_id,
        field="technical_layer.camera",
        code="C30",
        feedback="same frame",
    )
    second = photograph_scene(brief, directed, SETTINGS, revisions=(revision,), previous=first)
    for i, (one, two) in enumerate(zip(first.shots, second.shots, strict=True)):
        if i != 3:
            assert one == two
    assert second.shots[3].technical.lighting == first.shots[3].technical.lighting
    assert second.shots[3].technical.camera != first.shots[3].technical.camera


def test_the_same_scene_gives_the_same_bytes(scene_maker) -> None:
    one = photograph(talk(scene_maker)).model_dump_json()
    two = photograph(talk(scene_maker)).model_dump_json()
    assert one == two


def test_every_layer_says_why_on_what_evidence(scene_maker) -> None:
    for shot in photograph(talk(scene_maker)).shots:
        assert set(shot.provenance) == {"camera", "lighting", "staging"}
        for why in shot.provenance.values():
            assert len(why.because) > 20
            assert why.because.endswith(".")
            assert why.evidence


def test_the_one_who_listens_is_framed_without_the_face_of_the_one_who_speaks(scene_maker) -> None:
    for beat in ("joy", "calm", "anger", "vulnerability"):
        s = scene_maker("dialogue_2", "INT. KITCHEN - DAY", ["ann", "ben"])
        for i in range(6):
            units = [s.say("ann", f"Words {i}.", "ben")]
            s.shot(units, "listener" if i % 2 else "speaker", ["ben" if i % 2 else "ann"], (beat, 0.7))
        for shot in photograph(s).shots[1::2]:
            speaker = [x for x in shot.technical.staging.subjects if x.entity == "character/ann"]
            assert all(x.foreground for x in speaker)
