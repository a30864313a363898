"""A whole feature with a library of 300 assets and with none: how often a model is asked, with how much, about what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from tests.unit.art_director.libraries import library_for

from shotwright.craft.answers import answer_schema
from shotwright.crew.architect import brief_scenes, meet_cast, read_scene, weave
from shotwright.crew.art_director import cast_film, dress_scene, relevant_casting
from shotwright.crew.art_director.check import check_dressing
from shotwright.crew.art_director.refine import ask, ask_casting, shortlist
from shotwright.crew.director.draft import direct_scene
from shotwright.model.crew import FilmSettings
from shotwright.screenplay import read

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from shotwright.model.asset import Asset
    from shotwright.model.crew import Casting, DirectedScene, DressedScene
    from shotwright.model.question import Question
    from shotwright.model.screenplay import Screenplay
    from shotwright.model.story import SceneBrief, Story

FEATURE = "big_fish_nyousefi.fountain"


@dataclass
class Feature:
    story: Story
    briefs: list[SceneBrief]
    directed: list[DirectedScene]

    @property
    def shots(self) -> int:
        return sum(len(scene.shots) for scene in self.directed)


def told(screenplay: Screenplay) -> Feature:
    cast, film = meet_cast(screenplay), FilmSettings()
    story = weave(screenplay, cast, tuple(read_scene(s, cast) for s in screenplay.scenes if not s.omitted), film)
    briefs = list(brief_scenes(story, film))
    return Feature(story, briefs, [direct_scene(brief, film) for brief in briefs])


@pytest.fixture(scope="module")
def feature() -> Feature:
    from tests.conftest import SHARED

    path = SHARED / "screenplays" / FEATURE
    if not path.exists():
        pytest.skip(f"SHARED SCREENPLAY NOT HERE: {FEATURE}")
    return told(read(path).screenplay)


def scenes(
    feature: Feature, library: Sequence[Asset]
) -> list[
    tuple[
        SceneBrief, DirectedScene, DressedScene, tuple[Casting, ...], tuple[Asset, ...], Question[DressedScene] | None
    ]
]:
    casting = cast_film(feature.story, library)
    by_key = {asset.key: asset for asset in library}
    found = []
    for brief, directed in zip(feature.briefs, feature.directed, strict=True):
        own = relevant_casting(brief, casting)
        used = tuple(by_key[entry.key] for entry in own if entry.key in by_key)
        draft = dress_scene(brief, directed, own, used)
        assets = (*used, *shortlist(brief, library, own))
        found.append((brief, directed, draft, own, assets, ask(brief, directed, draft, own, assets)))
    return found


def size(question: Question[DressedScene] | Question[tuple[Casting, ...]]) -> float:
    return (len(question.instructions) + len(question.body) + len(answer_schema(question.answer))) / 4


def test_without_a_library_nobody_is_asked(feature: Feature) -> None:
    assert ask_casting(feature.story, cast_film(feature.story, ()), ()) == ()
    assert [q for *_, q in scenes(feature, ()) if q is not None] == []


def test_with_a_library_the_questions_stay_few_and_small(feature: Feature) -> None:
    library = library_for(feature.story)
    assert len(library) == 300
    asked = [(directed, q) for _, directed, _, _, _, q in scenes(feature, library) if q is not None]
    castings = ask_casting(feature.story, cast_film(feature.story, library), library)
    assert 50 <= len(asked) <= len(feature.briefs)
    assert len(castings) <= 12
    for directed, question in asked:
        assert size(question) <= max(1200, 160 * len(directed.shots)), question.body
    whole = sum(size(q) for _, q in asked) + sum(size(q) for q in castings)
    assert whole <= 100 * feature.shots


def test_every_draft_passes_the_check_and_is_its_own_accepted_answer(feature: Feature) -> None:
    library = library_for(feature.story)
    for brief, directed, draft, own, assets, question in scenes(feature, library):
        assert check_dressing(brief, directed, own, assets, (), draft) == ()
        if question is not None:
            taken = question.take(draft, question.drafted, frozenset(question.keys), "m-1")
            assert (taken.value, taken.refused) == (draft, {})


def test_an_edited_line_changes_no_other_scenes_question(
    feature: Feature, shared_screenplay: Callable[[str], Path]
) -> None:
    screenplay = read(shared_screenplay(FEATURE)).screenplay
    library = library_for(feature.story)
    at = next(n for n, s in enumerate(screenplay.scenes) if n > 40 and sum(u.kind == "speech" for u in s.units) > 3)
    scene = screenplay.scenes[at]
    spoken = next(n for n, unit in enumerate(scene.units) if unit.kind == "speech")
    unit = scene.units[spoken]
    said = unit.model_copy(
        update={"text": "Fine.", "parts": tuple(p.model_copy(update={"text": "Fine."}) for p in unit.parts[:1])}
    )
    units = (*scene.units[:spoken], said, *scene.units[spoken + 1 :])
    edited = (*screenplay.scenes[:at], scene.model_copy(update={"units": units}), *screenplay.scenes[at + 1 :])
    after = told(screenplay.model_copy(update={"scenes": edited}))
    bodies = [
        {brief.scene.scene_id: q.body for brief, *_, q in scenes(film, library) if q is not None}
        for film in (feature, after)
    ]
    assert len(bodies[0]) > 50
    assert {s for s in bodies[0] if bodies[0][s] != bodies[1].get(s)} <= {scene.id}
    castings = [[q.body for q in ask_casting(f.story, cast_film(f.story, library), library)] for f in (feature, after)]
    assert castings[0] == castings[1]
