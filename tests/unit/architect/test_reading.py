"""What one scene says: who speaks to whom, who does what, what it feels like, and what it is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shotwright.crew.architect import SceneReading, meet_cast, read_scene
from shotwright.screenplay import read_string

if TYPE_CHECKING:
    from shotwright.model.screenplay import Screenplay
    from shotwright.model.story import ActionNote, SpeechNote

CAR = """INT. ESTATE CAR (MOVING) - NIGHT

Sleet. IVY, 38, drives. HAL, 41, sits beside her with a tin on his knees. Past the lorry, past the roundabout.

HAL
You took the wrong road.

IVY
It's the only one I know.

Her phone, clipped to the dash, BUZZES and lights up: MUM. Hal presses the key.

MUM (O.S.)
(filtered)
Where are you both?

Ivy looks at Hal. Hal looks at the tin.

IVY
(brightly)
Nearly there, Mum.

Neither moves.

HAL
We turned round an hour ago.
"""

PARTY = """INT. PARLOUR - DAY

ROSE, 30, JACK, 33, and old MR. PELL, 80, wait by the piano. Rose holds a letter.

ROSE
Jack, shut the door.

JACK
Why?

ROSE
(to Pell)
You should sit.

Pell sits. Rose hands Jack the letter. He tears it open, reads, and drops it on the floor.

JACK (V.O.)
That was the last I heard of Ned.

DORA, 25, enters with a lantern.

DORA
I want to know what he wrote.

Jack leaves.
"""


def read_one(text: str, index: int = 0) -> tuple[Screenplay, SceneReading]:
    screenplay = read_string(text).screenplay
    return screenplay, read_scene(screenplay.scenes[index], meet_cast(screenplay))


def speech(screenplay: Screenplay, reading: SceneReading, words: str) -> SpeechNote:
    unit = next(unit for scene in screenplay.scenes for unit in scene.units if unit.text.startswith(words))
    return next(note for note in reading.speeches if note.unit == unit.id)


def action(screenplay: Screenplay, reading: SceneReading, words: str) -> ActionNote:
    unit = next(unit for scene in screenplay.scenes for unit in scene.units if unit.text.startswith(words))
    return next(note for note in reading.actions if note.unit == unit.id)


def test_a_filtered_voice_is_a_phone_voice_and_not_in_the_car() -> None:
    screenplay, reading = read_one(CAR)
    assert speech(screenplay, reading, "Where are").voice == "phone"
    mum = next(presence for presence in reading.presences if presence.character == "character/mum")
    assert mum.voice_only
    assert mum.on_phone
    assert speech(screenplay, reading, "Nearly").addressees == ("character/mum",)
    assert reading.scene_type == "car"
    assert reading.driver_side == "right"


def test_a_passenger_sits_and_a_driver_drives() -> None:
    screenplay, reading = read_one(CAR)
    assert action(screenplay, reading, "IVY").poses == (("character/ivy", "drive"),)
    assert ("character/hal", "sit") in action(screenplay, reading, "HAL").poses


def test_stillness_and_looks_are_noted() -> None:
    screenplay, reading = read_one(CAR)
    assert action(screenplay, reading, "Neither moves").held
    assert action(screenplay, reading, "Ivy looks").looks_at == (("character/ivy", "character/hal"),)
    assert action(screenplay, reading, "Hal looks").looks_at[0][0] == "character/hal"


def test_the_addressee_is_called_named_in_the_parenthetical_or_answered() -> None:
    screenplay, reading = read_one(PARTY)
    assert speech(screenplay, reading, "Jack, shut").addressees == ("character/jack",)
    assert speech(screenplay, reading, "Why?").addressees == ("character/rose",)
    assert speech(screenplay, reading, "You should").addressees == ("character/mr_pell",)


def test_voice_over_is_spoken_to_nobody() -> None:
    screenplay, reading = read_one(PARTY)
    note = speech(screenplay, reading, "That was")
    assert (note.voice, note.addressees) == ("voice_over", ())


def test_props_go_from_hand_to_hand_and_pronouns_are_resolved() -> None:
    screenplay, reading = read_one(PARTY)
    handed = action(screenplay, reading, "Rose hands")
    assert ("character/rose", "prop/letter") in handed.drops
    assert ("character/jack", "prop/letter") in handed.takes
    assert action(screenplay, reading, "He tears").actors == ("character/jack",)


def test_whoever_comes_in_enters_and_whoever_goes_exits() -> None:
    screenplay, reading = read_one(PARTY)
    assert action(screenplay, reading, "DORA").enters == ("character/dora",)
    dora = next(presence for presence in reading.presences if presence.character == "character/dora")
    assert dora.enters == action(screenplay, reading, "DORA").unit
    assert action(screenplay, reading, "Jack leaves").exits == ("character/jack",)


def test_a_wish_becomes_the_goal() -> None:
    _, reading = read_one(PARTY)
    assert "Dora" in reading.goal
    assert "know what he wrote" in reading.goal
    assert reading.goal.endswith((".", '"', "?"))
    assert reading.synopsis[0].isupper()


def test_beats_cover_the_scene_in_order() -> None:
    screenplay, reading = read_one(PARTY)
    order = {unit.id: i for i, unit in enumerate(screenplay.scenes[0].units)}
    assert 1 <= len(reading.beats) <= 5
    assert order[reading.beats[0].first_unit] == 0
    for one, two in zip(reading.beats, reading.beats[1:], strict=False):
        assert order[one.last_unit] < order[two.first_unit]
        assert two.came_from == one.name
    assert all(round(beat.intensity * 20) == beat.intensity * 20 for beat in reading.beats)


def test_a_montage_is_a_segment() -> None:
    text = (
        "EXT. MOOR - DAY\n\nMONTAGE - THE SEARCH\n\nTorches.\n\nA boot in the mud.\n\nEND MONTAGE\n\nFLO, 20, runs.\n"
    )
    screenplay, reading = read_one(text)
    run = reading.segments[0]
    texts = {unit.id: unit.text for unit in screenplay.scenes[0].units}
    assert run.kind == "montage"
    assert texts[run.last_unit] == "END MONTAGE"


def test_a_feeling_in_the_words_changes_the_beat() -> None:
    start = "INT. SHED - DAY\n\nANN, 30, and BO, 30, face each other.\n\nANN\n"
    quarrel = start + "(furious)\nYou liar! Get out, damn you!\n\nBo glares, fists clenched.\n"
    tender = start + "(tenderly)\nMy darling. I love you.\n\nBo kisses her, gently.\n"
    assert "anger" in {beat.name for beat in read_one(quarrel)[1].beats}
    assert "intimacy" in {beat.name for beat in read_one(tender)[1].beats}


def test_a_reading_is_the_same_with_the_whole_cast_or_the_scenes_own() -> None:
    screenplay = read_string(PARTY + "\n" + CAR).screenplay
    alone = read_string(PARTY + "\n" + CAR.replace("HAL", "GUS").replace("Hal", "Gus")).screenplay
    first = read_scene(screenplay.scenes[0], meet_cast(screenplay))
    second = read_scene(alone.scenes[0], meet_cast(alone))
    assert first == second


def test_other_scripts_pass_through() -> None:
    text = "ИНТ. КУХНЯ - НОЧЬ\n\nМАША стоит у окна.\n\nМАША\nКто там?\n\nИВАН\nЯ.\n"
    screenplay = read_string(text).screenplay
    for scene in screenplay.scenes:
        reading = read_scene(scene, meet_cast(screenplay))
        assert all(note.speakers for note in reading.speeches)
        assert reading.goal


def felt_in(text: str) -> SceneReading:
    return read_one(text)[1]


def test_what_is_denied_or_taken_back_is_not_felt() -> None:
    reading = felt_in(
        "INT. HALL - NIGHT\n\nANN, 30, and BO, 50, wait. They should be joyful, but Bo is furious.\n\nBO\nWell.\n"
    )
    bo = next(p for p in reading.presences if p.character == "character/bo")
    assert bo.feels_from == "anger"
    assert "joy" not in {beat.name for beat in reading.beats}


def test_a_fight_is_action_however_close_the_fighters_are() -> None:
    reading = felt_in(
        "EXT. YARD - NIGHT\n\nGUS, 30, wrestles the dog. It bites, he kicks. They tumble.\n\n"
        "Gus hugs its neck and hurls it off.\n"
    )
    assert {beat.name for beat in reading.beats} == {"action"}
    assert max(beat.intensity for beat in reading.beats) >= 0.7


def test_feeling_builds_to_the_turn_and_is_let_go_after_it() -> None:
    lines = ["He waits.", "He looks at the locked door.", "Nothing.", "He is nervous.", "A secret drawer."]
    text = "INT. STUDY - DAY\n\nABE, 40, sits.\n\n" + "\n\n".join(lines) + "\n\n"
    text += (
        "ABE\n(furious)\nYou lied to me! It was you all along!\n\nHe sits.\n\nThe clock.\n\nA curtain.\n\nHe waits.\n"
    )
    screenplay, reading = read_one(text)
    order = {unit.id: i for i, unit in enumerate(screenplay.scenes[0].units)}
    assert reading.turn is not None
    turn = order[reading.turn.unit]
    on_turn = next(b for b in reading.beats if order[b.first_unit] <= turn <= order[b.last_unit])
    assert on_turn.intensity == max(beat.intensity for beat in reading.beats)
    assert reading.beats[0].intensity < on_turn.intensity
    assert reading.beats[-1].intensity < on_turn.intensity


def test_small_talk_is_calm() -> None:
    reading = felt_in(
        "INT. KITCHEN - DAY\n\nANN, 30, and BO, 50, sit.\n\nANN\nMore tea?\n\nBO\nHalf a cup.\n\nANN\nBiscuit?\n"
    )
    assert {beat.name for beat in reading.beats} == {"calm"}
    assert all(0.2 <= beat.intensity <= 0.4 for beat in reading.beats)


def test_a_deathbed_weighs_on_a_scene_that_names_no_feeling() -> None:
    reading = felt_in("INT. HOSPITAL ROOM - NIGHT\n\nANN, 30, sits by the bed.\n\nANN\nIt's raining.\n")
    assert reading.beats[0].name == "grief"


def test_a_goal_says_who_puts_what_to_whom_and_how_it_is_met() -> None:
    talk = "INT. HALL - DAY\n\nANN, 30, and BO, 50, wait.\n\nANN\nWhy did you sell the boat?\n\nBO\n{}\n\nANN\nI see.\n"
    refused = felt_in(talk.format("No. Not today."))
    assert "Bo" in refused.goal
    assert '"Why did you sell the boat?"' in refused.goal
    assert "refused" in refused.goal
    assert "question back" in felt_in(talk.format("Who told you that?")).goal


def test_a_goal_of_few_words_says_what_the_action_does() -> None:
    assert "lantern" in felt_in("EXT. YARD - DAY\n\nANN, 30, picks up a lantern.\n").goal
    goals = {
        felt_in(f"EXT. YARD - DAY\n\nANN, 30, {does}.\n").goal
        for does in ("runs through the gate", "leaves", "picks up a lantern", "stares at the well", "waits")
    }
    assert len(goals) == 5


def test_words_that_only_look_like_things_are_none() -> None:
    reading = felt_in(
        "INT. CAR - DAY\n\nANN, 30, in a bus driver's tie. No one can hold it. They watch. It falls like a gun.\n\n"
        "Ann unbuckles her seat belt.\n"
    )
    assert not {thing.id for thing in reading.things} & {"prop/can", "prop/watch", "prop/gun", "vehicle/bus"}
    assert [garment for _, garment, _ in reading.wears] == ["tie"]


def test_a_part_of_the_body_asleep_is_no_pose() -> None:
    reading = felt_in("INT. ROOM - DAY\n\nAt the window is ANN, 70, half of her face asleep for good.\n")
    assert reading.actions[0].poses == ()


def test_a_bare_voice_is_heard_and_never_in_the_room() -> None:
    reading = felt_in("INT. ROOM - DAY\n\nANN, 70, listens.\n\nDEEP VOICE\nWho goes?\n")
    voice = next(p for p in reading.presences if p.character != "character/ann")
    assert voice.voice_only
    assert reading.speeches[0].voice == "off_screen"


def test_whoever_goes_and_is_seen_no_more_is_out() -> None:
    gone = felt_in("INT. ROOM - DAY\n\nANN, 70, and LEN, 50, sit.\n\nLen leaves.\n\nANN\nGood.\n")
    stays = felt_in("INT. ROOM - DAY\n\nANN, 70, and LEN, 50, sit.\n\nLen leaves.\n\nANN\nGood.\n\nLen laughs.\n")
    assert [p.exits is not None for p in gone.presences] == [False, True]
    assert [p.exits for p in stays.presences] == [None, None]
