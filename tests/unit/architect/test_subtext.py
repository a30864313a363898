"""What plain words do to people is heard: quiet scenes that are not calm, chases, discoveries, and the film's turns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shotwright.crew.architect import meet_cast, read_scene, weave
from shotwright.model.crew import FilmSettings
from shotwright.screenplay import read_string

if TYPE_CHECKING:
    from shotwright.crew.architect import SceneReading

OPENING = "INT. KITCHEN - NIGHT\n\nMAY, 36, and RUTH, 61, at the table. A lamp.\n\n"
RECKONING = (
    "MAY\nI was six.\n\nRUTH\nYou had a red coat.\n\nMAY\nWhy didn't you come home?\n\nRUTH\nI was waiting for word."
    "\n\n"
    "MAY\nYou never sent one, Mam.\n\nRuth sets the cup down very carefully.\n\nRUTH\nI let it go too long.\n\n"
    "Neither of them moves.\n"
)


def read_one(text: str) -> SceneReading:
    screenplay = read_string(text).screenplay
    return read_scene(screenplay.scenes[0], meet_cast(screenplay))


def felt(text: str) -> set[str]:
    return {beat.name for beat in read_one(text).beats}


def test_a_quiet_reckoning_between_mother_and_daughter_is_not_calm() -> None:
    reading = read_one(OPENING + RECKONING)
    assert reading.beats[-1].name in ("vulnerability", "grief", "tension_rising", "intimacy")
    assert max(beat.intensity for beat in reading.beats) >= 0.5


def test_the_same_kitchen_with_an_errand_is_calm() -> None:
    errand = "MAY\nIs there milk?\n\nRUTH\nIn the door.\n\nMAY\nAnd bread?\n\nRuth gets the bread.\n"
    assert felt(OPENING + errand) == {"calm"}


def test_a_claim_thrown_back_in_its_own_words_is_tension() -> None:
    talk = "MAY\nThe house is in the sale.\n\nRUTH\nThe house isn't in the sale.\n\nMAY\nThe whole house is.\n"
    assert "tension_rising" in felt(OPENING + talk)


def test_a_chase_is_loud_without_words_of_feeling() -> None:
    reading = read_one(
        "EXT. LANE - DAY\n\nThe truck roars round the bend.\n\nKIT, 20, foot flat on the pedal. Gravel.\n\n"
        "The truck slews and skids.\n"
    )
    assert {beat.name for beat in reading.beats} == {"action"}
    assert max(beat.intensity for beat in reading.beats) >= 0.6


def test_what_is_found_and_read_is_a_realization() -> None:
    found = "INT. ATTIC - DAY\n\nKIT, 20, sweeps.\n\nThe board is hollow.\n\nShe unfolds a letter. She reads it.\n"
    assert "realization" in felt(found)


def test_the_turn_of_a_felt_scene_stands_at_half_or_more() -> None:
    screenplay = read_string(OPENING + RECKONING).screenplay
    reading = read_scene(screenplay.scenes[0], meet_cast(screenplay))
    order = {unit.id: i for i, unit in enumerate(screenplay.scenes[0].units)}
    assert reading.turn is not None
    at = order[reading.turn.unit]
    beat = next(b for b in reading.beats if order[b.first_unit] <= at <= order[b.last_unit])
    assert beat.intensity >= 0.5


def test_a_scene_on_which_the_film_turns_plays_higher_than_it_reads_alone() -> None:
    text = "\n".join(
        (OPENING + RECKONING).replace("KITCHEN", f"ROOM {n}") for n in ("ONE", "TWO", "THREE", "FOUR", "FIVE")
    )
    screenplay = read_string(text).screenplay
    cast = meet_cast(screenplay)
    readings = tuple(read_scene(scene, cast) for scene in screenplay.scenes)
    story = weave(screenplay, cast, readings, FilmSettings())
    high = {point.scene for point in story.plot_points if point.kind in ("climax", "low_point", "turn")}
    assert high
    for alone, scene in zip(readings, story.scenes, strict=True):
        read_peak = max(beat.intensity for beat in alone.beats)
        peak = max(beat.intensity for beat in scene.beats)
        assert peak == (round(min(0.95, read_peak + 0.1), 2) if scene.scene_id in high else read_peak)
