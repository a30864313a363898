"""A whole feature judged: how often a model is asked and with how much, and that what it notes of an air can be mended
without breaking a rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from shotwright.craft.answers import answer_schema
from shotwright.crew.architect import brief_scenes, meet_cast, read_scene, weave
from shotwright.crew.art_director import cast_film, dress_scene, relevant_casting
from shotwright.crew.cinematographer import photograph_scene
from shotwright.crew.continuity_supervisor import inspect_scene
from shotwright.crew.continuity_supervisor.judging import Judgement, Note, Notes, ask, revisions_of
from shotwright.crew.director import direct_scene
from shotwright.crew.sound_designer import score_scene
from shotwright.crew.sound_designer.refine import Air, Sounds
from shotwright.crew.sound_designer.refine import ask as ask_sound
from shotwright.model.crew import FilmSettings
from shotwright.production.assemble import assemble_scene
from shotwright.production.revise import numbered_in_scene
from shotwright.screenplay import read, read_string

if TYPE_CHECKING:
    from shotwright.model.crew import DirectedScene, DressedScene, PhotographedScene, ScoredScene
    from shotwright.model.screenplay import Screenplay
    from shotwright.model.shot import Shot
    from shotwright.model.story import SceneBrief

FEATURE = "big_fish_nyousefi.fountain"
FILM = FilmSettings()


@dataclass
class Finished:
    """A scene as the line leaves it without a model."""

    brief: SceneBrief
    directed: DirectedScene
    photographed: PhotographedScene
    dressed: DressedScene
    scored: ScoredScene

    def shots(self, scored: ScoredScene | None = None) -> list[Shot]:
        return numbered_in_scene(
            assemble_scene(
                self.brief, self.directed, self.photographed, self.dressed, scored or self.scored, FILM
            )
        )  # fmt: skip


def finished(screenplay: Screenplay) -> list[Finished]:
    cast = meet_cast(screenplay)
    story = weave(screenplay, cast, tuple(read_scene(s, cast) for s in screenplay.scenes if not s.omitted), FILM)
    casting = cast_film(story, ())
    scenes = []
    for brief in brief_scenes(story, FILM):
        directed = direct_scene(brief, FILM)
        scenes.append(
            Finished(
                brief,
                directed,
                photograph_scene(brief, directed, FILM),
                dress_scene(brief, directed, relevant_casting(brief, casting), ()),
                score_scene(brief, directed, (), FILM),
            )
        )
    return scenes


@pytest.fixture(scope="module")
def feature() -> list[Finished]:
    from tests.conftest import SHARED

    path = SHARED / "screenplays" / FEATURE
    if not path.exists():
        pytest.skip(f"SHARED SCREENPLAY NOT HERE: {FEATURE}")
    return finished(read(path).screenplay)


def test_a_feature_is_judged_in_few_words(feature: list[Finished]) -> None:
    tokens = shots = 0.0
    for scene in feature:
        made = scene.shots()
        shots += len(made)
        asked = ask(scene.brief, made, inspect_scene(made, scene.brief, FILM), FILM, "")
        if asked is None:
            continue
        size = (len(asked.instructions) + len(asked.body) + len(answer_schema(asked.answer))) / 4
        tokens += size
        assert size <= max(950, 130 * len(made)), asked.body
        taken = asked.take(Judgement(), asked.drafted, frozenset(asked.keys), "m")
        assert (taken.value, taken.refused) == (Judgement(), {})
    assert tokens / shots <= 95


def test_a_note_on_an_air_is_mended_without_breaking_a_rule(feature: list[Finished]) -> None:
    mended = 0
    for scene in feature[::4]:
        made = scene.shots()
        asked = ask(scene.brief, made, (), FILM, "")
        if asked is None:
            continue
        name = scene.brief.cast[0].character.name if scene.brief.cast else scene.brief.place.name
        note = Note(shot=1, code="sound_against_mood", say=f"the air is too friendly for what {name} has lost here")
        judged = asked.take(Judgement(), Notes(notes=[note]), frozenset(asked.keys), "m").value
        sent = revisions_of(judged, 1)
        sound = ask_sound(scene.brief, scene.directed, scene.scored, (), (), sent, FILM, "")
        assert sound is not None
        assert sound.keys == ("air A",)
        words = Sounds(airs=[Air(air="A", say="rain in a gutter, loose boards, one far bell")], drop=[], add=[])
        if "rain" not in scene.scored.shots[0].ambience:
            words.airs[0].say = "loose boards ticking, one far bell"
        taken = sound.take(scene.scored, words, frozenset(sound.keys), "m")
        if not taken.changed:
            continue
        mended += 1
        after = inspect_scene(scene.shots(taken.value), scene.brief, FILM)
        assert len(after) <= len(inspect_scene(made, scene.brief, FILM))
    assert mended > 10


def test_a_line_edited_in_one_scene_leaves_the_question_about_another_as_it_was() -> None:
    bodies = []
    for line in ("I sold the boat.", "I sold the old boat."):
        hut = f"INT. HUT - NIGHT\n\nANNA mends a net. The lamp smokes.\n\nBEN\n{line}\n\nAnna drops the net.\n\n"
        talk = "".join(
            f"{who}\nWe were to go out at dawn and you knew that well enough.\n\n" for who in ("ANNA", "BEN")
        )
        pier = f"EXT. PIER - DAY\n\nBEN coils a rope.\n\n{talk}Anna walks off along the pier.\n\n{talk}"
        scenes = finished(read_string(hut + pier).screenplay)
        asked = [ask(s.brief, s.shots(), (), FILM) for s in scenes]
        bodies.append([q.body if q is not None else "" for q in asked])
    assert bodies[0][1]
    assert bodies[0][1] == bodies[1][1]
