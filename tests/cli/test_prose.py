"""`shotwright run STORY`: prose becomes a screenplay that people edit, and then shots."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Shotwright

EXAMPLES = sorted((Path(__file__).resolve().parents[2] / "examples" / "prose").glob("*.*"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.name)
def test_a_story_becomes_shots(shotwright: Shotwright, tmp_path: Path, path: Path) -> None:
    out = tmp_path / "film.shotwright"
    done = shotwright("run", str(path), "--out", str(out), "--no-frames")
    assert done.returncode in (0, 3), done.stderr
    assert "failed=0" in done.stdout
    assert (out / "screenplay.fountain").is_file()
    again = shotwright("run", str(out), "--no-frames")
    assert "Nothing to do" in again.stderr


def test_an_edit_of_the_fountain_is_what_is_filmed(shotwright: Shotwright, tmp_path: Path) -> None:
    story, out = tmp_path / "story.md", tmp_path / "story.shotwright"
    story.write_text("# Ash\n\nAnn sat in the kitchen.\n\n“Where is it?” asked Ben.\n\n“Gone,” she said.\n")
    assert shotwright("run", str(story), "--no-frames").returncode in (0, 3)
    script = out / "screenplay.fountain"
    script.write_text(script.read_text().replace("KITCHEN", "SCULLERY"))
    done = shotwright("run", str(story), "--no-frames")
    assert done.returncode in (0, 3), done.stderr
    assert "SCULLERY" in script.read_text()
    shots = json.loads((out / "shots.json").read_text())
    assert "scullery" in json.dumps(shots)


def test_an_empty_story_is_one_clear_line(shotwright: Shotwright, tmp_path: Path) -> None:
    story = tmp_path / "story.txt"
    story.write_text(" \n")
    done = shotwright("run", str(story), "--no-frames")
    assert done.returncode == 2
    assert "empty" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_dry_run_of_a_story_writes_nothing(shotwright: Shotwright, tmp_path: Path) -> None:
    story = tmp_path / "story.txt"
    story.write_text("Ann sat in the kitchen.\n\n“Gone,” she said.\n")
    done = shotwright("run", str(story), "--dry-run")
    assert done.returncode == 0, done.stderr
    assert sorted(p.name for p in tmp_path.iterdir() if p.name != "no-config") == ["story.txt"]
