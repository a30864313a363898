"""The example film through the whole crew: planted errors are found there too, and clean shots raise few flags."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from shotwright.adapters.asset_library.folder import FolderAssetLibrary
from shotwright.crew.architect import brief_scenes, meet_cast, read_scene, weave
from shotwright.crew.art_director import cast_film, dress_scene
from shotwright.crew.cinematographer import photograph_scene
from shotwright.crew.continuity_supervisor import inspect_scene
from shotwright.crew.director import direct_scene
from shotwright.crew.sound_designer import plan_music, score_scene
from shotwright.model.crew import FilmSettings, MusicPlan
from shotwright.production.assemble import assemble_scene
from shotwright.screenplay import read

if TYPE_CHECKING:
    from shotwright.model.shot import Shot
    from shotwright.model.story import SceneBrief

FILM = Path(__file__).resolve().parents[3] / "examples" / "last_bird_in"
SETTINGS = FilmSettings()


@pytest.fixture(scope="module")
def film() -> list[tuple[SceneBrief, list[Shot]]]:
    screenplay = read(FILM / "last_bird_in.fountain").screenplay
    cast = meet_cast(screenplay)
    story = weave(screenplay, cast, tuple(read_scene(scene, cast) for scene in screenplay.scenes), SETTINGS)
    assets = FolderAssetLibrary([FILM / "assets"]).assets()
    casting = cast_film(story, assets)
    music: dict[str, list[MusicPlan]] = defaultdict(list)
    for scene, plan in plan_music(story, SETTINGS):
        music[scene].append(plan)
    made = []
    for brief in brief_scenes(story, SETTINGS):
        directed = direct_scene(brief, SETTINGS)
        photographed = photograph_scene(brief, directed, SETTINGS)
        dressed = dress_scene(brief, directed, casting, assets)
        scored = score_scene(brief, directed, music[brief.scene.scene_id], SETTINGS)
        shots = assemble_scene(brief, directed, photographed, dressed, scored, SETTINGS)
        if shots:
            made.append((brief, shots))
    return made


def test_planted_errors_are_found_in_the_example_film(film: Any, mutator: Any) -> None:
    scenes = [[shot.model_dump(mode="json") for shot in shots] for _, shots in film]
    briefs = [brief.model_dump(mode="json") for brief, _ in film]
    result = mutator.measure(scenes, briefs)
    assert result["planted"] >= 110
    assert result["owned"] >= 0.95 * result["planted"], result["missed"]


def test_errors_planted_by_hand_are_found_in_the_example_film(film: Any, careless: Any) -> None:
    scenes = [[shot.model_dump(mode="json") for shot in shots] for _, shots in film]
    briefs = [brief.model_dump(mode="json") for brief, _ in film]
    result = careless.measure(scenes, briefs, each=4)
    assert result["planted"] >= 40
    assert result["owned"] >= 0.95 * result["planted"], result["missed"]


def test_clean_scenes_of_the_example_film_raise_no_error(film: Any) -> None:
    errors = [
        (f.shot_id, f.code, f.message)
        for brief, shots in film
        for f in inspect_scene(shots, brief, SETTINGS)
        if f.severity == "error"
    ]
    assert errors == []
