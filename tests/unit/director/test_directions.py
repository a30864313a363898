"""What the script itself says to the camera."""

from __future__ import annotations

import pytest

from shotwright.craft.directions import shown_text, title_text, transition_of, without_camera, written_directions
from shotwright.model.ids import UnitId

UNIT = UnitId("un_1")
NAMES = {"ANNA": "character/anna", "RING": "prop/ring"}


@pytest.mark.parametrize(
    ("text", "kind", "target"),
    [
        ("CLOSE ON THE RING as it falls.", "close_on", "prop/ring"),
        ("ANGLE ON ANNA, smiling.", "angle_on", "character/anna"),
        ("INSERT - TELEGRAM", "insert", "TELEGRAM"),
        ("ANNA'S POV: the empty road.", "pov", "character/anna"),
        ("We push in on Anna.", "push_in", "character/anna"),
        ("RUSH IN on Anna, who stares.", "rush_in", "character/anna"),
        ("WIDE SHOT - the harbour.", "wide", "harbour"),
        ("HOLD ON the ring.", "hold", "prop/ring"),
        ("BACK TO ANNA", "back_to", "character/anna"),
        ("TRACKING SHOT along the wall.", "tracking", "wall"),
    ],
)
def test_a_direction_is_read_with_its_target(text: str, kind: str, target: str) -> None:
    first = written_directions(text, UNIT, NAMES)[0]
    assert (first.kind, first.target) == (kind, target)


@pytest.mark.parametrize(
    "text",
    ["He pans for gold.", "The TRACKING device beeps.", "She moves in with her sister.", "They follow the river.", 
     "A wide road.",
     "He holds on to the rail.", "The shop is close to the sea.", "He polishes the ZOOM lens."],
)  # fmt: skip
def test_prose_is_not_taken_for_direction(text: str) -> None:
    assert written_directions(text, UNIT, NAMES) == ()


@pytest.mark.parametrize(
    ("text", "transition"),
    [("CUT TO:", "cut"), ("SMASH CUT TO:", "smash_cut"), ("MATCH CUT TO:", "match_cut"), ("DISSOLVE TO:", "dissolve"),
     ("FADE IN:", "fade_in"), ("FADE OUT.", "fade_out"), ("FADE TO WHITE.", "fade_white"),
     ("They cut to the chase.", None)],
)  # fmt: skip
def test_a_transition_is_read(text: str, transition: str | None) -> None:
    assert transition_of(text) == transition


def test_words_to_be_read_are_found() -> None:
    assert shown_text("Her phone BUZZES and lights up: MUM.") == "MUM"
    assert shown_text("A sign reads CLOSED.") == "CLOSED"
    assert shown_text("He reads the paper.") == ""
    assert title_text('SUPER: "Two years later"') == "Two years later"


def test_camera_words_are_left_out_of_what_is_seen() -> None:
    assert without_camera("We RUSH IN on Zara, who stares at the hatch.") == "Zara stares at the hatch."
    assert without_camera("Anna runs.") == "Anna runs."
