"""Scenes of every kind, made up by a seeded generator, hold the continuity rules by construction."""

from __future__ import annotations

import pytest

from shotwright.crew.cinematographer import check_photography, photograph_scene
from shotwright.crew.continuity_supervisor import inspect_scene
from shotwright.model.crew import FilmSettings, PhotographedScene
from shotwright.model.shot import Audio, ContextualLayer, DigitalAssets, Shot, Source


def complete(brief, directed, found) -> list[Shot]:
    shots = []
    for number, (asked, given) in enumerate(zip(directed.shots, found.shots, strict=True), 1):
        shown = {x.entity for x in given.technical.staging.subjects if x.screen_position != "off"}
        lines = tuple(line.model_copy(update={"on_screen": line.speaker in shown}) for line in asked.dialogue)
        shots.append(
            Shot(
                shot_id=asked.shot_id,
                scene_id=brief.scene.scene_id,
                setup_id=given.setup_id,
                shot_number_in_scene=number,
                duration_frames=asked.duration_frames,
                duration_seconds=asked.duration_frames / 24,
                cuts=asked.cuts,
                source=Source(units=asked.units),
                function=asked.function,
                narrative_layer=asked.narrative,
                contextual_layer=ContextualLayer(
                    genre_aesthetics=(), tone_and_mood="", emotional_beat=asked.intent.beat
                ),
                technical_layer=given.technical,
                audio=Audio(dialogue=lines),
                digital_assets=DigitalAssets(),
            )
        )
    return shots


@pytest.mark.parametrize("seed", range(72))
def test_an_invented_scene_breaks_no_rule(invented, seed: int) -> None:
    brief, directed = invented(seed)
    found = photograph_scene(brief, directed, FilmSettings())
    assert PhotographedScene.model_validate_json(found.model_dump_json()) == found
    assert check_photography(brief, directed, found) == ()
    flags = inspect_scene(complete(brief, directed, found), brief, FilmSettings())
    mine = [flag for flag in flags if flag.agent == "cinematographer"]
    assert [flag.message for flag in mine if flag.severity == "error"] == []
    assert len(mine) <= 4
