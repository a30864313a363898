"""Prose beside its production: whose Fountain is used, and when it is made anew."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from shotwright.production import adaptation
from shotwright.production.adaptation import RECORD, SCRIPT, adapt_prose, is_prose

if TYPE_CHECKING:
    from pathlib import Path

STORY = "Ann sat in the kitchen.\n\n“Where is it?” asked Ben.\n\n“Gone,” she said.\n"


@pytest.fixture
def story(tmp_path: Path) -> Path:
    path = tmp_path / "story.txt"
    path.write_text(STORY)
    (tmp_path / "out").mkdir()
    return path


def test_it_is_made_once_and_then_kept(story: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    made = adapt_prose(story, out)
    assert (made.outcome, made.path) == ("made", out / SCRIPT)
    assert made.notes
    before = {path.name: path.stat().st_mtime_ns for path in out.iterdir()}
    assert adapt_prose(story, out).outcome == "kept"
    assert {path.name: path.stat().st_mtime_ns for path in out.iterdir()} == before


def test_the_record_says_where_each_line_is_from(story: Path, tmp_path: Path) -> None:
    adapt_prose(story, tmp_path / "out")
    record = json.loads((tmp_path / "out" / RECORD).read_text())
    lines = (tmp_path / "out" / SCRIPT).read_text().splitlines()
    spoken = [entry for entry in record["adaptation"]["spans"] if entry["speech"]]
    assert [lines[e["lines"][1] - 1] for e in spoken] == ["Where is it?", "Gone,"]
    assert [STORY[slice(*e["spans"][0])] for e in spoken] == ["Where is it?", "Gone,"]


def test_a_changed_story_is_adapted_anew_where_nobody_edited(story: Path, tmp_path: Path) -> None:
    adapt_prose(story, tmp_path / "out")
    story.write_text(STORY.replace("kitchen", "barn"))
    made = adapt_prose(story, tmp_path / "out")
    assert made.outcome == "made"
    assert "INT. BARN" in made.path.read_text()


def test_an_edited_fountain_is_never_overwritten(story: Path, tmp_path: Path) -> None:
    script = adapt_prose(story, tmp_path / "out").path
    script.write_text(script.read_text().replace("KITCHEN", "SCULLERY"))
    assert adapt_prose(story, tmp_path / "out").outcome == "edited"
    story.write_text(STORY + "\nBen left.\n")
    kept = adapt_prose(story, tmp_path / "out")
    assert kept.outcome == "edited"
    assert "delete" in kept.message
    assert "\n" not in kept.message
    assert "SCULLERY" in script.read_text()


def test_a_deleted_fountain_is_made_anew(story: Path, tmp_path: Path) -> None:
    adapt_prose(story, tmp_path / "out").path.unlink()
    assert adapt_prose(story, tmp_path / "out").outcome == "made"


@pytest.mark.parametrize("damage", ["", "{", '{"format":"other"}', None])
def test_without_a_record_the_fountain_is_taken_for_a_persons(story: Path, tmp_path: Path, damage: str | None) -> None:
    adapt_prose(story, tmp_path / "out")
    record = tmp_path / "out" / RECORD
    record.unlink() if damage is None else record.write_text(damage)
    assert adapt_prose(story, tmp_path / "out").outcome == "edited"


def test_killed_between_the_two_writes_it_blames_nobody(
    story: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    adapt_prose(story, tmp_path / "out")
    story.write_text(STORY.replace("kitchen", "barn"))
    whole = adaptation.write_whole

    def die(path: Path, data: str | bytes) -> None:
        if path.name == SCRIPT:
            raise KeyboardInterrupt
        whole(path, data)

    with monkeypatch.context() as patch:
        patch.setattr(adaptation, "write_whole", die)
        with pytest.raises(KeyboardInterrupt):
            adapt_prose(story, tmp_path / "out")
    assert adapt_prose(story, tmp_path / "out").outcome == "made"
    assert "INT. BARN" in (tmp_path / "out" / SCRIPT).read_text()


def test_another_mind_or_a_pending_one_is_asked_again(story: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    adapt_prose(story, out)
    assert adapt_prose(story, out, refine=lambda draft: (draft, "it is down"), mind="m").outcome == "made"
    assert adapt_prose(story, out, refine=lambda draft: (draft, ""), mind="m").outcome == "made"
    assert adapt_prose(story, out, refine=lambda draft: (draft, ""), mind="m").outcome == "kept"
    assert adapt_prose(story, out).outcome == "kept"


@pytest.mark.parametrize(
    ("name", "text", "prose"),
    [
        ("a.txt", STORY, True),
        ("a.md", "# Ash\n\nHe came.\n", True),
        ("a.md", "# Ash\n\n## INT. BARN - NIGHT\n\nHe came.\n", True),
        ("a.txt", "INT. BARN - NIGHT\n\nHe comes.\n\nANN\nNo.\n", False),
        ("a.txt", "INT. BARN - NIGHT\n\nHe comes. “No,” says Ann. “Go.”\n", True),
        ("a.fountain", STORY, False),
        ("a.txt", "", True),
    ],
)
def test_prose_is_told_from_a_screenplay(tmp_path: Path, name: str, text: str, prose: bool) -> None:
    path = tmp_path / name
    path.write_text(text)
    assert is_prose(path) is prose
