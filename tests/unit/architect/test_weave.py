"""The film around the scenes: places, days, looks, props in hand, plot points and the briefs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shotwright.crew.architect import brief_scenes, check, meet_cast, read_scene, weave
from shotwright.model.crew import FilmSettings
from shotwright.screenplay import read_string

if TYPE_CHECKING:
    from shotwright.model.screenplay import Screenplay
    from shotwright.model.story import Look, Story

SCRIPT = """Title: THE LONG WAY IN

EXT. MILL HOUSE - DAY

BEA, 40, in a green coat, takes a brass key from the wall. The KEY is cold.

BEA
I need to find my brother.

OTTO
Then go.

INT. MILL HOUSE KITCHEN - CONTINUOUS

Bea bursts in, soaked. Otto follows her.

OTTO
You're wet through.

BEA
It's raining.

INT. MILL HOUSE - KITCHEN - LATER

Bea sleeps.

EXT. WEIR - NIGHT (FLASHBACK)

YOUNG BEA, 8, stands by the water.

YOUNG BEA
Come back!

INT. MILL HOUSE - CELLAR - THE NEXT MORNING

Bea turns the key in a lock.

BEA
Otto!

INTERCUT WITH:

INT. STATION - SAME

Otto holds a phone.

OTTO
I'm here.

BEA
He's alive.

END INTERCUT

Otto runs.
"""


def woven(text: str = SCRIPT, settings: FilmSettings | None = None) -> tuple[Screenplay, Story]:
    screenplay = read_string(text).screenplay
    cast = meet_cast(screenplay)
    readings = tuple(read_scene(scene, cast) for scene in screenplay.scenes)
    return screenplay, weave(screenplay, cast, readings, settings or FilmSettings())


def test_a_sound_story_has_no_faults() -> None:
    screenplay, story = woven()
    assert check(story, screenplay) == ()


def test_the_check_speaks_up() -> None:
    screenplay, story = woven()
    scene = story.scenes[0]
    broken = story.model_copy(
        update={
            "scenes": (scene.model_copy(update={"speeches": (), "location": "location/nowhere"}), *story.scenes[1:])
        }
    )
    faults = check(broken, screenplay)
    assert any("nobody speaks" in fault for fault in faults)
    assert any("nowhere" in fault for fault in faults)


def test_a_room_lies_in_its_house_however_it_is_written() -> None:
    _, story = woven()
    assert story.scenes[1].location == story.scenes[2].location == "location/mill_house.kitchen"
    assert (
        next(place for place in story.locations if place.id == "location/mill_house.kitchen").parent
        == "location/mill_house"
    )


def test_days_count_on_and_a_flashback_has_its_own() -> None:
    _, story = woven()
    assert [scene.story_day for scene in story.scenes] == ["D1", "D1", "D1", "FB1", "D2", "D2"]
    assert [scene.flashback for scene in story.scenes] == [False, False, False, True, False, False]
    assert story.scenes[1].continuous
    assert not story.scenes[2].continuous
    assert story.scenes[2].time_of_day == "midday"
    assert story.scenes[4].time_of_day == "morning"


def test_a_look_lasts_until_something_happens_to_it() -> None:
    _, story = woven()
    looks = {look.id: look for look in story.looks}

    def worn(scene: int) -> str:
        return next(p.look for p in story.scenes[scene].presences if p.character == "character/bea") or ""

    assert worn(0) == "look/bea.d1"
    assert "green coat" in looks[worn(0)].clothes  # type: ignore[index]
    assert looks[worn(1)].condition == ("soaked",)  # type: ignore[index]
    assert worn(4) == "look/bea.d2"


def test_a_prop_stays_in_the_hand_while_time_runs_on() -> None:
    _, story = woven()
    bea = next(p for p in story.scenes[1].presences if p.character == "character/bea")
    assert bea.holding == ("prop/key",)
    assert next(thing for thing in story.things if thing.id == "prop/key").hero


def test_an_intercut_runs_over_the_heading_that_follows_it() -> None:
    screenplay, story = woven()
    run = story.scenes[5].segments[0]
    assert (run.kind, run.location, run.other_location) == (
        "intercut",
        "location/station",
        "location/mill_house.cellar",
    )
    texts = {unit.id: unit.text for unit in screenplay.scenes[5].units}
    assert texts[run.last_unit] == "END INTERCUT"
    assert story.scenes[5].scene_type == "phone_intercut"


def test_settings_win_over_what_is_found() -> None:
    settings = FilmSettings(genre=("western",), tone=("dry",))
    _, story = woven(settings=settings)
    assert story.genre == ("western",)
    assert all(scene.genre == ("western",) and scene.tone == ("dry",) for scene in story.scenes)


def test_a_payoff_answers_an_introduction() -> None:
    _, story = woven()
    payoff = next(point for point in story.plot_points if point.kind == "payoff")
    assert payoff.pays_off in {point.id for point in story.plot_points if point.kind == "introduction"}
    assert {"inciting", "midpoint", "climax", "resolution"} <= {point.kind for point in story.plot_points}


def test_briefs_know_their_neighbours_and_the_known_place() -> None:
    _, story = woven()
    briefs = brief_scenes(story, FilmSettings())
    assert briefs[0].opens_film
    assert briefs[-1].closes_film
    assert briefs[0].previous is None
    assert briefs[1].previous is not None
    assert briefs[1].previous.scene_id == story.scenes[0].scene_id
    assert [brief.known_place for brief in briefs[:3]] == [False, False, True]
    assert {member.character.id for member in briefs[0].cast} == {"character/bea", "character/otto"}


def test_showy_moves_need_a_loud_beat() -> None:
    _, story = woven()
    for brief in brief_scenes(story, FilmSettings()):
        loud = max((beat.intensity for beat in brief.scene.beats), default=0.0)
        allowed = brief.allowance
        assert loud >= 0.85 or not (allowed.dutch or allowed.whip_pan or allowed.crash_zoom or allowed.dolly_zoom)


def test_an_edit_elsewhere_leaves_a_scene_equal() -> None:
    _, before = woven()
    screenplay = read_string(SCRIPT.replace("Bea sleeps.", "Bea sleeps. A curtain stirs.")).screenplay
    cast = meet_cast(screenplay)
    after = weave(screenplay, cast, tuple(read_scene(scene, cast) for scene in screenplay.scenes), FilmSettings())
    differing = [i for i, (one, two) in enumerate(zip(before.scenes, after.scenes, strict=True)) if one != two]
    assert differing == [2]


def look_of(story: Story, scene: int, who: str) -> Look:
    presence = next(p for p in story.scenes[scene].presences if p.character == who)
    return next(look for look in story.looks if look.id == presence.look)


def test_a_state_that_the_scene_brings_about_begins_with_the_next_scene() -> None:
    text = """EXT. QUAY - DAY

MAE, 30, and OLE, 40, wait.

Mae slips off the edge. She comes up, soaked.

INT. SHED - CONTINUOUS

Mae and Ole by the stove.

INT. HALL - THE NEXT DAY

Mae sits.
"""
    _, story = woven(text)
    assert look_of(story, 0, "character/mae").condition == ()
    assert look_of(story, 1, "character/mae").condition == ("soaked",)
    assert look_of(story, 2, "character/mae").condition == ()


def test_a_state_in_which_somebody_is_found_holds_from_the_start() -> None:
    _, story = woven("EXT. ROAD - DAY\n\nMAE, 30, muddy, walks on.\n\nMAE\nStill here.\n")
    assert look_of(story, 0, "character/mae").condition == ("muddy",)


def test_another_age_of_one_person_is_a_look() -> None:
    text = """INT. HALL - DAY

NORA VANE, 62, winds a clock.

NORA
It was always slow.

EXT. PIER - DAY (FLASHBACK)

Nora, 9, dives.

NORA
It's warm!
"""
    _, story = woven(text)
    look = look_of(story, 1, "character/nora")
    assert look.id == "look/nora.fb1.girl_of_nine"
    assert look.description == "younger self, girl of nine"
    assert look.condition == ("as a girl of nine",)
    assert look.age == "girl of nine"
    assert look_of(story, 0, "character/nora").age == ""


def test_a_scene_knows_how_the_one_before_closes() -> None:
    text = "INT. A - DAY\n\nMAE, 30, sits.\n\n{}\n\nINT. B - DAY\n\nMae stands.\n"
    for written, told in (("DISSOLVE TO:", "DISSOLVE TO:"), ("CUT TO:", ""), ("FADE OUT.", "FADE OUT."), ("", "")):
        _, story = woven(text.format(written))
        previous = brief_scenes(story, FilmSettings())[1].previous
        assert previous is not None
        assert previous.closing_transition == told


def test_a_goal_says_whom_the_film_meets_and_what_it_pays_off() -> None:
    _, story = woven()
    assert "introduce" in story.scenes[0].goal
    assert any("pay off the key" in scene.goal for scene in story.scenes[1:])


def test_material_without_a_heading_plays_where_its_text_says() -> None:
    for text, place in (
        ("A RIVER.\n\nANN\nCome.\n\nEXT. QUAY - DAY\n\nAnn sits.\n", "river"),
        ("We're on a train platform.\n\nANN\nCome.\n\nINT. X - DAY\n\nAnn sits.\n", "train_platform"),
        ("ANN\nCome.\n\nEXT. QUAY - DAY\n\nAnn sits.\n", "quay"),
        ("INT. - NIGHT\n\nANN, 30, waits in the old kitchen.\n\nANN\nCome.\n", "old_kitchen"),
    ):
        _, story = woven(text)
        assert story.scenes[0].location == f"location/{place}"


def test_a_part_counts_by_the_scenes_it_is_seen_in() -> None:
    text = "".join(
        f"EXT. PLACE {i} - DAY\n\nOLD TAM, 70, walks. ANN, 30, follows.\n\nANN\nWait number {i}.\n\n" for i in range(6)
    )
    _, story = woven(text)
    assert {person.role for person in story.characters} == {"lead"}


def test_what_comes_off_is_off_from_the_next_scene_on_until_another_day() -> None:
    _, story = woven(
        "INT. HALL - DAY\n\nMARA, 30, wears a red coat. She wears a hat. She whips off her hat.\n\n"
        "INT. KITCHEN - CONTINUOUS\n\nMara looks for her hat. She is soaked.\n\n"
        "INT. HALL - CONTINUOUS\n\nMara waits.\n"
    )
    first, second, third = (set(look_of(story, scene, "character/mara").clothes) for scene in range(3))
    assert first == {"hat", "red coat"}
    assert second == third == {"red coat"}


def test_two_rings_are_two_and_a_ringing_phone_is_none() -> None:
    _, story = woven(
        "INT. HALL - DAY\n\nMARA, 30, twists her wedding ring. OTTO, 40, takes an engagement ring out of a box.\n\n"
        "INT. KITCHEN - DAY\n\nMara drops her ring into a cup.\n\n"
        "INT. HALL - NIGHT\n\nThe ring of a telephone, loud. Otto lets it ring.\n"
    )
    rings = {thing.id for thing in story.things if thing.id.endswith("ring")}
    assert rings == {"prop/wedding_ring", "prop/engagement_ring"}
    assert "prop/wedding_ring" in story.scenes[1].things
    assert not [thing for thing in story.scenes[2].things if thing.endswith("ring")]


def test_who_puts_it_on_is_the_subject_of_its_own_clause_and_what_befalls_brings_nothing_to_hand() -> None:
    _, story = woven(
        "INT. HALL - DAY\n\nOTTO, 40, waits. MARA, 30, ducks so Otto can put the locket around her neck.\n\n"
        "Mara gets caught by the locket on a hook.\n"
    )
    put, caught = story.scenes[0].actions[-2:]
    assert put.drops == (("character/otto", "prop/locket"),)
    assert caught.takes == ()
