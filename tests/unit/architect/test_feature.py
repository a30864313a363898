"""A whole feature: its speakers read by eye, and an edit that stays where it is made."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from shotwright.crew.architect import check, meet_cast, read_scene, weave
from shotwright.model.crew import FilmSettings
from shotwright.screenplay import read, read_string

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from shotwright.model.screenplay import Screenplay
    from shotwright.model.story import Story

FEATURE = "big_fish_nyousefi.fountain"
SPEAKERS = {
    "EDWARD": "edward",
    "ADULT EDWARD": "edward",
    "YOUNG EDWARD": "young_edward",
    "WILL": "will",
    "YOUNG WILL": "young_will",
    "SANDRA": "sandra",
    "JENNY": "jenny",
    "JOSEPHINE": "josephine",
    "AMOS": "amos",
    "NORTHER WINSLOW": "norther_winslow",
    "DR. BENNETT": "dr_bennett",
    "YOUNG DR. BENNETT": "young_dr_bennett",
    "DON PRICE": "don_price",
    "BEAMEN": "beamen",
    "KARL": "karl",
    "PING": "ping",
    "JING": "jing",
    "ZACKY": "zacky",
    "MILDRED": "mildred",
    "WILBUR FREELY": "wilbur_freely",
    "MAYOR": "mayor",
    "TELLER WOMAN": "teller_woman",
    "SON": "son",
    "RUTHIE": "ruthie",
    "LITTLE BRAVE": "little_brave",
    "WILL'S DATE": "wills_date",
    "GIRL": "girl",
    "SHARECROPPER": "sharecropper",
    "LITTLE GIRL": "little_girl",
    "HOT-BLOODED SHOTGUN TOTER": "hot_blooded_shotgun_toter",
    "SOME FARMER": "some_farmer",
    "SHEPHARD": "shephard",
    "A VOICE": "a_voice",
    "VOICE": "voice",
    "VARIOUS TOWNFOLK": "various_townfolk",
    "MAN'S VOICE": "mans_voice",
    "A GIRL'S VOICE": "a_girls_voice",
    "A DEEP VOICE": "a_deep_voice",
    "CASHIER": "cashier",
    "A MAN'S VOICE": "a_mans_voice",
    "JUMP LEADER": "jump_leader",
    "THE MAN": "man",
    "WOMAN'S VOICE": "womans_voice",
    "STUDENT": "student",
    "NURSE": "nurse",
    "THE CROWD": "crowd",
    "KID": "kid",
}


def story_of(screenplay: Screenplay) -> Story:
    cast = meet_cast(screenplay)
    return weave(screenplay, cast, tuple(read_scene(scene, cast) for scene in screenplay.scenes), FilmSettings())


def test_every_cue_of_a_feature_is_the_person_a_reader_would_name(shared_screenplay: Callable[[str], Path]) -> None:
    cast = meet_cast(read(shared_screenplay(FEATURE)).screenplay)
    found = {cue: tuple(who.removeprefix("character/") for who in ids) for cue, ids in cast.speakers.items()}
    assert found.pop("EDWARD AND WILL") == ("edward", "will")
    assert found == {cue: (who,) for cue, who in SPEAKERS.items()}


def test_a_feature_is_sound_and_its_words_are_not_one_phrase(shared_screenplay: Callable[[str], Path]) -> None:
    screenplay = read(shared_screenplay(FEATURE)).screenplay
    story = story_of(screenplay)
    assert check(story, screenplay) == ()
    goals = [scene.goal for scene in story.scenes if scene.units]
    assert len(set(goals)) >= 0.97 * len(goals)


def _edits(shared_screenplay: Callable[[str], Path], count: int) -> None:
    text = shared_screenplay(FEATURE).read_text(encoding="utf-8")
    first = read_string(text)
    before = {scene.scene_id: scene for scene in story_of(first.screenplay).scenes}
    lines = text.split("\n")
    spots = [
        i for i in range(60, len(lines) - 5)
        if not lines[i].strip() and lines[i - 1].strip() and not lines[i - 1].isupper() and lines[i + 1].strip()
    ]  # fmt: skip
    chooser = random.Random(11)
    for _ in range(count):
        at = chooser.choice(spots)
        edited = "\n".join([*lines[:at], "", "A curtain stirs in the draught.", "", *lines[at:]])
        after = story_of(read_string(edited, first.id_table).screenplay).scenes
        differing = [scene.scene_id for scene in after if before.get(scene.scene_id) != scene]
        assert len(differing) <= 1, (at, differing)


def test_a_neutral_line_changes_only_its_own_scene(shared_screenplay: Callable[[str], Path]) -> None:
    _edits(shared_screenplay, 1)


@pytest.mark.slow
def test_ten_neutral_lines_change_only_their_own_scenes(shared_screenplay: Callable[[str], Path]) -> None:
    _edits(shared_screenplay, 10)
