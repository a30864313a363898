"""Whatever is wrong, a person gets one clear line with a hint, never a traceback, and nothing done is lost."""

from __future__ import annotations

import fcntl
import os
import resource
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Shotwright


def complains(answer: object, *words: str, code: int = 2) -> None:
    text = answer.stderr  # type: ignore[attr-defined]
    assert answer.returncode == code, text  # type: ignore[attr-defined]
    assert "Traceback" not in text
    lines = [line for line in text.splitlines() if line.startswith("error: ")]
    assert len(lines) == 1, text
    for word in words:
        assert word in text, text


def test_a_missing_file(shotwright: Shotwright) -> None:
    complains(shotwright("run", "nowhere.fountain"), "nowhere.fountain: no such file", "hint:")


def test_an_empty_file(shotwright: Shotwright, tmp_path: Path) -> None:
    (tmp_path / "empty.fountain").write_text("  \n\n")
    complains(shotwright("run", "empty.fountain"), "empty.fountain", "empty")
    assert not (tmp_path / "empty.shotwright" / "shots.json").exists()


def test_a_binary_file(shotwright: Shotwright, tmp_path: Path) -> None:
    (tmp_path / "picture.fountain").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
    complains(shotwright("run", "picture.fountain"), "picture.fountain")


def test_a_file_of_fifty_megabytes_is_refused_at_once(shotwright: Shotwright, tmp_path: Path) -> None:
    with open(tmp_path / "huge.fountain", "wb") as handle:
        handle.truncate(50_000_000)
    complains(shotwright("run", "huge.fountain"), "huge.fountain", "MB")


def test_prose_is_adapted_and_not_read_as_a_screenplay(shotwright: Shotwright, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Anna,\n\nit rained and the roof leaks again.\n\nYours, Ben\n" * 5)
    answer = shotwright("run", "letter.txt")
    assert answer.returncode == 0
    assert "Adapted letter.txt" in answer.stderr
    complains(shotwright("read", "letter.txt"), "letter.txt", "hint:")


def test_a_folder_that_is_no_production(shotwright: Shotwright, tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    complains(shotwright("status", "notes"), "not a production folder")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written(shotwright: Shotwright, script: Path, tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir()
    locked.chmod(0o500)
    complains(shotwright("run", script.name, "--out", "locked/film"), "cannot write here", "--out")


def test_a_place_where_no_folder_can_be_made(shotwright: Shotwright, script: Path, tmp_path: Path) -> None:
    (tmp_path / "occupied").write_text("a file stands here")
    complains(shotwright("run", script.name, "--out", "occupied/film"), "cannot write here", "--out")


def test_a_library_with_a_broken_toml_names_the_file_and_the_line(
    shotwright: Shotwright, script: Path, tmp_path: Path
) -> None:
    entry = tmp_path / "library" / "char_anna_v01"
    entry.mkdir(parents=True)
    (entry / "asset.toml").write_text('schema = "shotwright/asset@1"\nkey = "char_anna_v01\n')
    complains(shotwright("run", script.name, "--assets", "library"), "asset.toml", "line 2")


def test_no_space_left_keeps_what_is_done_and_the_next_run_goes_on(
    shotwright: Shotwright, script: Path, tmp_path: Path
) -> None:
    straight = shotwright("run", script.name, "--out", "straight")
    assert straight.returncode in (0, 3), straight.stderr
    stopped = shotwright(
        "run", script.name, "--out", "film",
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (90_000, 90_000)),
    )  # fmt: skip
    assert stopped.returncode != 0
    assert "Traceback" not in stopped.stderr
    assert "error: " in stopped.stderr
    assert not (tmp_path / "film" / "shots.json").exists()
    after = shotwright("run", script.name, "--out", "film")
    assert after.returncode == straight.returncode, after.stderr
    assert (tmp_path / "film" / "shots.json").read_bytes() == (tmp_path / "straight" / "shots.json").read_bytes()


def test_two_runs_on_one_folder_at_once(shotwright: Shotwright, script: Path, tmp_path: Path) -> None:
    assert shotwright("run", script.name).returncode in (0, 3)
    folder = tmp_path / "two_cups.shotwright"
    before = (folder / "shots.json").read_bytes()
    with open(folder / "lock", "r+") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        complains(shotwright("run", script.name), "another run is working here", "hint:")
    assert (folder / "shots.json").read_bytes() == before


def test_a_damaged_journal_is_said_and_left_alone(shotwright: Shotwright, script: Path, tmp_path: Path) -> None:
    assert shotwright("run", script.name).returncode in (0, 3)
    journal = tmp_path / "two_cups.shotwright" / "journal.sqlite"
    for extra in ("-wal", "-shm"):
        journal.with_name(journal.name + extra).unlink(missing_ok=True)
    journal.write_bytes(b"\x00garbage" * 5000)
    damaged = journal.read_bytes()
    complains(shotwright("run", script.name), "damaged")
    assert journal.read_bytes() == damaged


def test_unknown_settings_get_a_did_you_mean(shotwright: Shotwright, script: Path, tmp_path: Path) -> None:
    folder = tmp_path / "two_cups.shotwright"
    folder.mkdir()
    (folder / "shotwright.toml").write_text("[film]\nframe_rat = 25\n")
    complains(shotwright("run", script.name), "unknown setting film.frame_rat", "did you mean film.frame_rate?")


def test_a_command_misspelt(shotwright: Shotwright) -> None:
    answer = shotwright("exprot", "x")
    assert answer.returncode == 2
    assert "Did you mean export?" in answer.stderr
