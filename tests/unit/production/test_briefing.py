"""The graph tells the crew what the Architect found, and no less."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shotwright.crew.architect import brief_scenes
from shotwright.production.opened import Production

if TYPE_CHECKING:
    from pathlib import Path


def test_every_scene_of_the_example_is_briefed_from_the_graph_as_by_the_architect(example_production: Path) -> None:
    with Production(example_production) as production:
        briefs = brief_scenes(production.story, production.configured.settings.film)
        assert any(b.previous and b.previous.closing_transition for b in briefs)
        for brief in briefs:
            assert production.brief(brief.scene.scene_id) == brief
