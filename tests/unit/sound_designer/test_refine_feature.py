"""A whole feature's questions about sound: how many, how long, and that an edit of one scene reaches no other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from shotwright.craft.answers import answer_schema
from shotwright.crew.architect import brief_scenes, meet_cast, read_scene, weave
from shotwright.crew.director import direct_scene
from shotwright.crew.sound_designer import plan_music, score_scene
from shotwright.crew.sound_designer.check import check_sound
from shotwright.crew.sound_designer.refine import ask, ask_music
from shotwright.model.crew import FilmSettings
from shotwright.screenplay import read

if TYPE_CHECKING:
    from shotwright.model.crew import MusicPlan, ScoredScene
    from shotwright.model.ids import SceneId
    from shotwright.model.question import Question
    from shotwright.model.screenplay import Screenplay
    from shotwright.model.story import Story

FEATURE = "big_fish_nyousefi.fountain"
FILM = FilmSettings()


@dataclass
class Heard:
    screenplay: Screenplay
    story: Story
    music: tuple[tuple[SceneId, MusicPlan], ...]
    scenes: dict[str, tuple[int, ScoredScene, Question[ScoredScene]]]
    """Scene -> how many shots, the draft, the question."""

    @property
    def shots(self) -> int:
        return sum(count for count, _, _ in self.scenes.values())


def heard(screenplay: Screenplay) -> Heard:
    cast = meet_cast(screenplay)
    story = weave(screenplay, cast, tuple(read_scene(s, cast) for s in screenplay.scenes if not s.omitted), FILM)
    music = plan_music(story, FILM)
    scenes = {}
    for brief in brief_scenes(story, FILM):
        directed = direct_scene(brief, FILM)
        own = tuple(plan for scene, plan in music if scene == brief.scene.scene_id)
        draft = score_scene(brief, directed, own, FILM)
        assert check_sound(directed, draft, FILM.frame_rate) == ()
        asked = ask(brief, directed, draft, own, (), (), FILM, "")
        assert asked is not None
        scenes[str(brief.scene.scene_id)] = (len(directed.shots), draft, asked)
    return Heard(screenplay, story, music, scenes)


@pytest.fixture(scope="module")
def feature() -> Heard:
    from tests.conftest import SHARED

    path = SHARED / "screenplays" / FEATURE
    if not path.exists():
        pytest.skip(f"SHARED SCREENPLAY NOT HERE: {FEATURE}")
    return heard(read(path).screenplay)


def size(question: Question[Any]) -> float:
    return (len(question.instructions) + len(question.body) + len(answer_schema(question.answer))) / 4


def test_a_scenes_question_is_small_and_takes_its_own_draft(feature: Heard) -> None:
    for count, draft, asked in feature.scenes.values():
        assert size(asked) <= max(1200, 160 * count), asked.body
        taken = asked.take(draft, asked.drafted, frozenset(asked.keys), "m")
        assert (taken.value, taken.refused, taken.changed) == (draft, {}, frozenset())
    assert sum(size(asked) for _, _, asked in feature.scenes.values()) <= 130 * feature.shots


def test_the_films_music_takes_few_questions_and_its_own_draft(feature: Heard) -> None:
    questions = ask_music(feature.story, feature.music, "")
    cues = {plan.cue_id for _, plan in feature.music}
    assert sum(len(q.keys) for q in questions) == len(cues)
    assert len(questions) <= len(cues) / 4 + 1
    for asked in questions:
        assert size(asked) <= 1400
        taken = asked.take(feature.music, asked.drafted, frozenset(asked.keys), "m")
        assert (taken.value, taken.refused) == (feature.music, {})


def test_an_edited_line_changes_no_other_scenes_question_and_none_about_music(feature: Heard) -> None:
    scenes = feature.screenplay.scenes
    at = next(n for n, s in enumerate(scenes) if n > 40 and sum(u.kind == "speech" for u in s.units) > 3)
    scene = scenes[at]
    spoken = next(n for n, unit in enumerate(scene.units) if unit.kind == "speech")
    unit = scene.units[spoken]
    said = unit.model_copy(
        update={"text": "Fine.", "parts": tuple(p.model_copy(update={"text": "Fine."}) for p in unit.parts[:1])}
    )
    units = (*scene.units[:spoken], said, *scene.units[spoken + 1 :])
    edited = (*scenes[:at], scene.model_copy(update={"units": units}), *scenes[at + 1 :])
    after = heard(feature.screenplay.model_copy(update={"scenes": edited}))
    moved = {s for s, (_, _, q) in feature.scenes.items() if q.body != after.scenes[s][2].body}
    assert moved <= {str(scene.id)}
    bodies = [[q.body for q in ask_music(film.story, film.music, "")] for film in (feature, after)]
    assert bodies[0] == bodies[1]
