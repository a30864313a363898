"""What a sentence sounds like, and what in it only looks like a sound."""

from __future__ import annotations

import pytest

from shotwright.crew.sound_designer.effects import Names, sounds_in
from shotwright.model.ids import EntityId, UnitId
from shotwright.model.story import ActionNote

NAMES = Names(
    people={"anna": "character/anna", "rattle": "character/rattle", "gwen": "character/gwen"},
    things={"phone": "prop/phone", "tin": "prop/tin", "bus": "vehicle/bus", "crates": "prop/crate"},
)
NOTE = ActionNote(unit=UnitId("un_1"), actors=(EntityId("character/anna"),))


def names_of(sentence: str, note: ActionNote | None = NOTE, it: str = "") -> list[str]:
    return [heard.name for heard in sounds_in(sentence, note, NAMES, "gravel", False, it)]


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("Her phone, clipped to the dash, BUZZES and lights up: MUM.", ["phone buzz"]),
        ("The gate gives a SQUEAL and CREAK.", ["gate squeal", "gate creak"]),
        ("She RINGS THE DOORBELL.", ["doorbell ring"]),
        ("The indicator TICKS.", ["indicator tick"]),
        ("Somewhere below, a tin RATTLES.", ["tin rattle"]),
        ("Over the brow comes the bus. Its HORN BLARES.", ["horn blare"]),
        ("Crates slide out and SPLINTER on the tarmac.", ["crates splintering"]),
        ("He leans forward and KNOCKS on the glass.", ["knock on glass"]),
        ("Gwen LAUGHS.", ["Gwen's laugh"]),
        ("A THUD from inside.", ["thud"]),
    ],
)
def test_the_scripts_capitalised_sounds_come_first(sentence: str, names: list[str]) -> None:
    heard = sounds_in(sentence, NOTE, NAMES, "gravel", False)
    assert [h.name for h in heard if h.from_script] == names


@pytest.mark.parametrize(
    "sentence",
    [
        "RATTLE, 40, steps out of the shadow.",
        "CLOSE ON a jam jar.",
        "The box is marked JOSS.",
        'SUPER: "BANG"',
        "THE DOOR SLAMS",
        'A sign reads "RING FOR SERVICE".',
        "ANNA SNAPS.",
        "Nothing RINGS.",
        "VARIOUS SHOTS of the town.",
    ],
)
def test_names_signs_and_camera_words_in_capitals_are_no_sounds(sentence: str) -> None:
    assert not [h for h in sounds_in(sentence, None, NAMES, "gravel", False) if h.from_script]


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("Anna knocks on the door.", "knock on door"),
        ("Anna runs down the lane.", "running footsteps on gravel"),
        ("She crosses to the window.", "footsteps on gravel"),
        ("Theo reaches across and presses the speaker key.", "key tap"),
        ("She ends the call with her thumb.", "call-end tone"),
        ("The wipers cross the glass.", "wiper pass"),
        ("She unfolds the letter.", "paper handled"),
        ("He fires the pistol.", "gunshot"),
        ("Anna sets the mug down.", "mug set down"),
        ("The door opens.", "door opening"),
    ],
)
def test_deeds_are_heard(sentence: str, name: str) -> None:
    assert name in names_of(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "She closes her eyes.",
        "Anna runs a finger along the sill.",
        "The road runs along the cliff.",
        "She breaks into a smile.",
        "He does not knock.",
        "She almost slams the door.",
        "The window is open.",
        "They are like birds that fly off a wire, like applause.",
        "Tears run down her face.",
        "She drops her voice.",
        "He is fired.",
        "Nobody runs.",
        "She lays the tickets on the boards.",
    ],
)
def test_figures_of_speech_and_denials_make_no_sound(sentence: str) -> None:
    assert names_of(sentence) == []


def test_a_pronoun_means_the_thing_named_before_it() -> None:
    heard = sounds_in("It GRINDS away down the lane.", None, NAMES, "gravel", False, "vehicle/van")
    assert [(h.name, h.source) for h in heard] == [("van grind", "vehicle/van")]


def test_nobody_walks_in_a_car() -> None:
    assert not [h for h in sounds_in("Anna crosses to the window.", NOTE, NAMES, "floor", True) if "foot" in h.name]


def test_a_prop_that_is_taken_is_heard() -> None:
    note = NOTE.model_copy(update={"takes": ((EntityId("character/anna"), EntityId("prop/tin")),)})
    assert names_of("Anna takes the tin from him.", note) == ["tin picked up"]


@pytest.mark.parametrize("sentence", ["Анна ЗВОНИТ в дверь.", "彼女はドアを開ける。", "ΗΧΟΣ", "…", "123"])
def test_other_scripts_are_left_in_peace(sentence: str) -> None:
    assert sounds_in(sentence, None, NAMES, "floor", False) == []
