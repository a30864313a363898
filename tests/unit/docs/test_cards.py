"""A scene as it is shown: the whole script beside its shots at every width, and the plan from above."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

import pytest
from rich.console import Console
from tests.unit.docs.test_docs import ROOT, SCRIPT, load

from shotwright import Production, RunRequest, run_production
from shotwright.cli.cards import ScenePage, lay_out, render_scene

if TYPE_CHECKING:
    from shotwright.model.shot import Shot
    from shotwright.model.story import SceneStory


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> tuple[ScenePage, list[Shot], SceneStory]:
    script = tmp_path_factory.mktemp("cards") / "film.fountain"
    script.write_text(SCRIPT)
    folder, _ = run_production(RunRequest(script))
    with Production(folder.path) as opened:
        scene, shots = opened.film[0]
        return lay_out(opened, scene, shots), shots, opened.story.scenes[0]


def test_a_scene_shows_every_word_of_its_script_in_order(
    shown: tuple[ScenePage, list[Shot], SceneStory],
) -> None:
    page, _, told = shown
    printed = " ".join(passage.text for card in page.cards for passage in card.script)
    assert printed == " ".join(unit.text for unit in told.units)


@pytest.mark.parametrize("width", [60, 96, 140])
def test_no_line_is_wider_than_the_terminal_and_every_shot_is_there(
    shown: tuple[ScenePage, list[Shot], SceneStory], width: int
) -> None:
    page, shots, _ = shown
    console = Console(width=width, file=io.StringIO(), record=True)
    console.print(render_scene(page, width))
    text = console.export_text()
    assert max(len(line.rstrip()) for line in text.splitlines()) <= width
    assert [label for label in re.findall(r"\d{3}-\d{4}", text)] == [s.label for s in shots]


def test_what_stands_in_the_script_is_not_said_again_beside_it(
    shown: tuple[ScenePage, list[Shot], SceneStory],
) -> None:
    page, _, _ = shown
    for card in page.cards:
        for row in card.rows:
            if row.label == "action":
                assert not any(s in row.text for p in card.script if not p.cue for s in p.sentences)


def test_the_plan_shows_every_camera_and_everyone_staged(shown: tuple[ScenePage, list[Shot], SceneStory]) -> None:
    _, shots, _ = shown
    plan = load("floor_plan").draw_plan(shots, "Kitchen", {"character/anna": "Anna & co"})
    words = " ".join(node.text or "" for node in ET.fromstring(plan).iter())
    runs = {s.technical_layer.staging.line.passage for s in shots if s.technical_layer.staging.line}
    for shot in shots if len(runs) == 1 else ():
        if shot.technical_layer.staging.line:
            assert re.search(rf"\b{shot.slate}\b", words)
    assert "Anna & co" in words
    assert (ROOT / "docs" / "floor_plan.py").is_file()
