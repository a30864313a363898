"""Scenes and their units."""

from __future__ import annotations

import pytest

from shotwright.screenplay import read_string
from shotwright.screenplay.fountain import parse
from shotwright.screenplay.scenes import SceneText, gather_scenes


def scenes(text: str) -> list[SceneText]:
    return gather_scenes(parse(text)[1])


def units(text: str) -> list[tuple[str, str]]:
    return [(unit.kind, unit.text) for unit in scenes(f"INT. MILL\n\n{text}\n")[0].units]


def test_sentences_of_one_paragraph_share_its_number() -> None:
    scene = scenes("INT. MILL\n\nRain. Wind.\n\nADA\nYes.\n\nSun.\n")[0]
    assert [(u.kind, u.text, u.paragraph) for u in scene.units] == [
        ("action", "Rain.", 0),
        ("action", "Wind.", 0),
        ("speech", "Yes.", 1),
        ("action", "Sun.", 2),
    ]


def test_a_sentence_knows_its_own_lines() -> None:
    scene = scenes("INT. MILL\n\nRain on\nthe roof. Wind.\nSun.\n")[0]
    assert [(u.text, u.lines) for u in scene.units] == [
        ("Rain on the roof.", (3, 4)),
        ("Wind.", (4, 4)),
        ("Sun.", (5, 5)),
    ]


def test_a_speech_keeps_its_parts_and_its_words() -> None:
    speech = scenes("INT. MILL\n\nADA (V.O.)\n(low)\nGo  on.\n(then)\nGo.\n~La\n")[0].units[0]
    assert (speech.cue, speech.extension, speech.text) == ("ADA", "V.O.", "Go on. Go. La")
    assert [(part.kind, part.text) for part in speech.parts] == [
        ("parenthetical", "low"),
        ("words", "Go on."),
        ("parenthetical", "then"),
        ("words", "Go."),
        ("lyric", "La"),
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("You came. (beat) Sit down.", "You came. Sit down."),
        ("Wait (a beat) here.", "Wait here."),
        ("You came. (turning to Ben) Sit.", "You came. Sit."),
        ("I was (sort of) happy.", "I was (sort of) happy."),
    ],
)
def test_a_performance_among_the_words_is_split_out_and_spoken_brackets_stay(line: str, said: str) -> None:
    assert units(f"ADA\n{line}") == [("speech", said)]


def test_a_speech_interrupted_by_action_is_two_units() -> None:
    assert units("ADA\nOne.\n\nShe sits.\n\nADA (CONT'D)\nTwo.") == [
        ("speech", "One."),
        ("action", "She sits."),
        ("speech", "Two."),
    ]


def test_a_note_inside_a_speech_does_not_cut_it() -> None:
    scene = scenes("INT. MILL\n\nADA\nOne.\n[[mind]]\nTwo.\n")[0]
    assert [(u.kind, u.text) for u in scene.units] == [("speech", "One. Two.")]
    assert scene.notes == ["mind"]


def test_a_cue_with_nothing_said_is_action() -> None:
    assert units("ADA\n(nods)\n\nBen goes.") == [("action", "ADA (nods)"), ("action", "Ben goes.")]


@pytest.mark.parametrize(
    "line",
    [
        "CUT TO:", "ON ADA AND BEN", "ANGLE ON BEN", "CLOSE ON THE KEY", "LATER",
        "MONTAGE - ADA SEARCHES",
        "END MONTAGE",
        "INTERCUT - MILL / BARN", "BACK TO SCENE", "THE EMPTY LOT", "AT THE CAR", "DOWN THE HALL",
        "TITLE OVER:",
        "SERIES OF SHOTS:", "ADA'S POV", "FURTHER ALONG", "END FLASHBACK",
    ],
)  # fmt: skip
def test_written_direction_is_a_direction(line: str) -> None:
    assert units(f"Rain falls.\n\n{line}\n\nBen waits.")[1] == ("direction", line)


@pytest.mark.parametrize(
    "line",
    [
        "ANGLE ON Ben, stunned, hat in hand.", 'SUPER: "TEN YEARS ON"', "A RIVER.", "RINGS THE DOORBELL.",
        "BEN THE TALL",
        "BLACK.", "TWO BIG HANDS", "CLOSE ON THE KEY AS IT FALLS.",
        "CLOSE ON BEN, ASLEEP", "LIGHTNING!", "Later, rain.",
    ],
)  # fmt: skip
def test_what_may_be_filmed_stays_action(line: str) -> None:
    assert units(f"Rain falls.\n\n{line}\n\nBen waits.")[1] == ("action", line)


def test_a_capital_line_inside_a_running_sentence_stays_action() -> None:
    assert units("She runs and\n\nAT THE CAR\n\nShe stops.")[1][0] == "action"
    assert units("She runs.\n\nTHE EMPTY LOT\n\nshakes with sound.")[1][0] == "action"


def test_what_stands_before_the_first_heading_is_an_implied_scene() -> None:
    first, second = scenes("FADE IN:\n\nA river.\n\nADA (V.O.)\nOnce.\n\nINT. MILL\n\nRain.\n")
    assert first.implied
    assert not second.implied
    assert [u.kind for u in first.units] == ["direction", "action", "speech"]


def test_a_lone_fade_in_goes_to_the_first_scene() -> None:
    (scene,) = scenes("FADE IN:\n\nINT. MILL\n\nRain.\n")
    assert [(u.kind, u.paragraph) for u in scene.units] == [("direction", 0), ("action", 1)]


def test_synopses_and_notes_go_to_their_scene() -> None:
    one, two = scenes(
        "# Act\n\n= The start.\n\nINT. MILL\n\n= Rain comes.\n\nRain. [[loud]]\n\n# Act\n\nINT. BARN\n\nSun.\n"
    )
    assert (one.synopsis, one.notes) == (["The start.", "Rain comes."], ["loud"])
    assert (two.synopsis, two.notes) == ([], [])


@pytest.mark.parametrize("heading", ["OMITTED", "12 OMITTED 12", "INT. MILL (OMITTED)", ".OMITTED #12#"])
def test_an_omitted_scene_is_kept_and_takes_no_room(heading: str) -> None:
    screenplay = read_string(f"{heading}\n\nINT. BARN\n\nRain.\n").screenplay
    assert [scene.omitted for scene in screenplay.scenes] == [True, False]
    assert [screenplay.eighths[scene.id] for scene in screenplay.scenes] == [0, 1]


def test_both_speeches_of_a_dual_dialogue_are_marked() -> None:
    scene = scenes("INT. MILL\n\nADA\nOne.\n\nBEN ^\nTwo.\n\nCY\nThree.\n")[0]
    assert [u.dual for u in scene.units] == [True, True, False]
