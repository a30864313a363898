"""What people and the Supervisor ask of a shot's sound is done in that shot, and nowhere else."""

from __future__ import annotations

import pytest
from tests.unit.director.scenes import car

from shotwright.crew.director.draft import direct_scene
from shotwright.crew.sound_designer import score_scene
from shotwright.model.crew import FilmSettings, MusicPlan, Revision, ScoredScene, ShotSound
from shotwright.model.ids import ShotId

SETTINGS = FilmSettings()
MUSIC = MusicPlan(cue_id="mx_1", starts_here=True, ends_here=True, description="low strings", why_in="it turns")


def scored(*asked: tuple[int, str, str, str]) -> tuple[ScoredScene, ScoredScene]:
    """The scene as it was, and with (shot, field, code, feedback) asked of it."""
    brief = car()
    directed = direct_scene(brief, SETTINGS)
    revisions = tuple(
        Revision(agent="sound_designer", shot_id=ShotId(directed.shots[n].shot_id), field=f, code=c, feedback=words)
        for n, f, c, words in asked
    )
    return (
        score_scene(brief, directed, [MUSIC], SETTINGS),
        score_scene(brief, directed, [MUSIC], SETTINGS, (), revisions),
    )


def asked_of(shot: int, words: str, field: str = "audio") -> tuple[ShotSound, ShotSound]:
    before, after = scored((shot, field, "PERSON", words))
    assert [n for n, (a, b) in enumerate(zip(before.shots, after.shots, strict=True)) if a != b] in ([shot], [])
    return before.shots[shot], after.shots[shot]


def noisy() -> int:
    before, _ = scored()
    return next(n for n, shot in enumerate(before.shots) if shot.sound_effects)


def test_no_music_here_lays_the_cue_aside_in_that_shot() -> None:
    before, after = asked_of(1, "No music here.", "audio.music_cue")
    assert before.music_cue.state != "none"
    assert after.music_cue.state == "none"
    assert after.provenance["music_cue"].mind == "person"
    assert "no music here" in after.provenance["music_cue"].because


def test_silence_takes_bed_and_effects() -> None:
    _, after = asked_of(noisy(), "Silence, please")
    assert (after.sound_effects, after.ambience) == ((), "silence")


def test_louder_rain_brings_the_rain_forward_in_the_bed() -> None:
    before, after = asked_of(0, "louder rain")
    assert "rain to the fore" in after.ambience or "rain" in after.ambience.split(" to the fore")[0]
    assert after.ambience != before.ambience
    assert after.sound_effects == before.sound_effects


def test_what_is_asked_for_is_added_in_its_time() -> None:
    before, after = asked_of(0, "Add a door slam at the end")
    added = next(e for e in after.sound_effects if e.name == "door slam")
    assert len(after.sound_effects) == len(before.sound_effects) + 1
    assert added.start_seconds > 2
    assert added.seconds


def test_what_is_not_wanted_is_removed_by_name() -> None:
    n = noisy()
    before, _ = scored()
    name = before.shots[n].sound_effects[0].name
    _, after = asked_of(n, f"remove the {name}")
    assert name not in [e.name for e in after.sound_effects]


@pytest.mark.parametrize("words", ["", "lovely", "more of this feeling? no idea"])
def test_words_that_ask_for_no_sound_leave_the_effects(words: str) -> None:
    before, after = asked_of(0, words, "audio.music_cue")
    assert after == before


def test_a_field_that_was_not_sent_back_stays() -> None:
    before, after = asked_of(noisy(), "silence", "audio.ambience")
    assert after.sound_effects == before.sound_effects
    assert after.ambience == "silence"


def test_the_supervisor_gets_the_scenes_bed_and_a_cue_that_starts() -> None:
    before, after = scored(
        (1, "audio.ambience", "CSOUND", "The ambience of shot 2 is not the bed of the scene."),
        (1, "audio.music_cue.state", "CSOUND", "Music continues in shot 2, but none was playing."),
    )
    assert after.shots[1].ambience == before.shots[0].ambience
    assert after.shots[1].music_cue.state == "starts"


def test_a_person_outranks_the_supervisor() -> None:
    _, after = scored(
        (1, "audio.ambience", "PERSON", "silence"),
        (1, "audio.ambience", "CSOUND", "The ambience of shot 2 is not the bed of the scene."),
    )
    assert after.shots[1].ambience == "silence"


def test_the_first_words_of_a_scene_have_bodies_under_them() -> None:
    brief = car()
    directed = direct_scene(brief, SETTINGS)
    first = next(n for n, shot in enumerate(directed.shots) if any(line.voice == "room" for line in shot.dialogue))
    sound, _ = scored()
    assert any(effect.category == "FLY" for effect in sound.shots[first].sound_effects)
