"""Who is in the film: one person for every spelling, and nobody who is only a camera direction or a noise."""

from __future__ import annotations

from shotwright.crew.architect import Cast, meet_cast, read_scene, relevant_cast
from shotwright.screenplay import read_string

SCRIPT = """Title: Low Water

FADE IN:

EXT. SLIPWAY - DAY

CLOSE ON a rope. It SNAPS with a BANG.

SERGEANT ABARA, 51, in a waxed coat, watches the tide. WIDER: a MIDDLE-AGED WOMAN with a pram. A CROWD gathers.

SERGEANT ABARA
Stand back, please.

TOM REEVE, 34, hurries down. His mother ELLEN follows.

TOM
Is it her boat?

ABARA (CONT’D)
It might be.

TOM AND ELLEN
Whose?

COP #2
Sarge!

ELLEN'S VOICE (O.S.)
Tom!

INT. REEVE HOUSE - NIGHT (FLASHBACK)

YOUNG TOM, 9, sits on the stairs.

YOUNG TOM
I heard it.

ALL
Go to bed!

CUT TO:
"""


def cast_of(text: str) -> Cast:
    return meet_cast(read_string(text).screenplay)


def test_a_rank_and_a_bare_name_are_one_person() -> None:
    cast = cast_of(SCRIPT)
    assert cast.speakers["SERGEANT ABARA"] == cast.speakers["ABARA"]
    abara = cast.by_id[cast.speakers["ABARA"][0]]
    assert set(abara.cues) == {"SERGEANT ABARA", "ABARA"}
    assert abara.age == "51"


def test_the_full_name_of_the_introduction_is_kept_and_the_first_name_answers_to_it() -> None:
    cast = cast_of(SCRIPT)
    tom = cast.by_id[cast.speakers["TOM"][0]]
    assert tom.name == "Tom Reeve"
    assert {"tom", "tom reeve"} <= set(tom.aliases)
    assert tom.gender == "male"


def test_a_joint_cue_is_two_speakers_and_a_voice_is_its_owner() -> None:
    cast = cast_of(SCRIPT)
    assert cast.speakers["TOM AND ELLEN"] == (cast.speakers["TOM"][0], "character/ellen")
    assert cast.speakers["ELLEN'S VOICE"] == ("character/ellen",)
    assert cast.speakers["COP #2"] == ("character/cop_2",)


def test_a_younger_self_points_at_the_person() -> None:
    cast = cast_of(SCRIPT)
    young = cast.by_id[cast.speakers["YOUNG TOM"][0]]
    assert young.version_of == "character/tom"
    assert young.gender == "male"


def test_somebody_who_never_speaks_is_met_in_action() -> None:
    cast = cast_of(SCRIPT)
    woman = cast.by_id["character/middle_aged_woman"]  # type: ignore[index]
    assert (woman.role, woman.speaks, woman.gender) == ("background", False, "female")
    assert cast.by_id["character/crowd"].kind == "group"  # type: ignore[index]


def test_directions_noises_and_title_words_are_nobody() -> None:
    names = {person.name.upper() for person in cast_of(SCRIPT).characters}
    assert not names & {"CLOSE ON", "SNAPS", "BANG", "WIDER", "FADE IN", "CUT TO", "LOW WATER", "SLIPWAY", "ALL"}


def test_an_age_given_to_the_plain_name_is_a_stage_of_one_person_and_followed() -> None:
    text = """INT. HALL - DAY

NORA VANE, 62, winds a clock.

NORA
It was always slow.

BILL
Sit down, Nora.

EXT. PIER - DAY (FLASHBACK)

Nora, 24, dives.

NORA
It's warm!

INT. HALL - DAY (PRESENT)

NORA
It was warm.
"""
    screenplay = read_string(text + text.replace("62", "62").replace("HALL", "LANDING") * 4).screenplay
    cast = meet_cast(screenplay)
    assert cast.stages[screenplay.scenes[1].id] == (("character/nora", "young", "24"),)
    assert screenplay.scenes[2].id not in cast.stages
    assert {person.id for person in cast.characters} == {"character/nora", "character/bill"}
    assert cast.by_id["character/nora"].age == "62"  # type: ignore[index]


def test_a_self_that_is_introduced_by_name_but_cued_by_the_plain_one_is_one_person() -> None:
    text = """INT. HALL - DAY

NORA VANE, 62, winds a clock.

NORA
It was always slow.

EXT. PIER - DAY (FLASHBACK)

YOUNG NORA, 9, dives.

NORA
It's warm!
"""
    screenplay = read_string(text).screenplay
    cast = meet_cast(screenplay)
    pier = screenplay.scenes[1]
    assert cast.stages[pier.id] == (("character/nora", "child", "9"),)
    reading = read_scene(pier, cast)
    assert {presence.character for presence in reading.presences} == {"character/nora"}
    assert reading.speeches[0].speakers == ("character/nora",)


def test_the_age_is_that_of_the_self_that_the_plain_name_means() -> None:
    text = "INT. A - DAY (FLASHBACK)\n\nLEN, 3, listens.\n\nINT. B - DAY\n\nLEN, 28, a clerk, waits.\n\nLEN\nNo.\n"
    len_ = meet_cast(read_string(text).screenplay).by_id["character/len"]  # type: ignore[index]
    assert (len_.age, len_.description) == ("28", "a clerk")


def test_a_scene_sees_only_its_own_people() -> None:
    screenplay = read_string(SCRIPT).screenplay
    cast = meet_cast(screenplay)
    subset = relevant_cast(screenplay.scenes[-1], cast)
    assert {person.id for person in subset.characters} == {"character/young_tom", "character/tom"}


def test_the_grown_self_of_a_child_is_not_a_second_child() -> None:
    cast = cast_of("INT. BARN - DAY\n\nOLD ODGERS, 77, sits.\n\nODGERS\nRain.\n")
    assert [person.id for person in cast.characters] == ["character/odgers"]


def test_an_animal_with_a_name_is_an_animal() -> None:
    text = (
        "EXT. ROOF - DAY\n\nOn the ridge stands a pigeon. This is DUSK.\n\nA dog named REX barks. "
        "BRAMBLE, a grey pony, eats.\n\nThere is a fish in the trap. This is The Mayor.\n\nANN\nHush.\n"
    )
    kinds = {person.name: person.kind for person in cast_of(text).characters}
    assert kinds == {"Dusk": "animal", "Rex": "animal", "Bramble": "animal", "Mayor": "animal", "Ann": "person"}
