"""kill -9 at points spread over a run: the next run ends in the same bytes and repeats nothing committed."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILM = ROOT / "examples" / "last_bird_in"
POINTS = 20


def start(out: Path, *more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [
            sys.executable, "-m", "shotwright", "run", str(FILM / "last_bird_in.fountain"),
            "--assets", str(FILM / "assets"), "--out", str(out), "--json", *more,
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )  # fmt: skip


def finish(out: Path) -> dict[str, dict[str, int]]:
    process = start(out)
    text, _ = process.communicate(timeout=120)
    assert process.returncode in (0, 3)
    report: dict[str, dict[str, int]] = json.loads(text)
    return report


def results(folder: Path) -> set[str]:
    path = folder / "journal.sqlite"
    if not path.exists():
        return set()
    db = sqlite3.connect(path)
    try:
        return {key for (key,) in db.execute("SELECT key FROM result")}
    except sqlite3.OperationalError:
        return set()
    finally:
        db.close()


@pytest.mark.slow
def test_a_killed_run_resumes_to_the_same_bytes(tmp_path: Path) -> None:
    began = time.perf_counter()
    straight = tmp_path / "straight"
    finish(straight)
    length = time.perf_counter() - began
    wanted = (straight / "shots.json").read_bytes()
    killed = 0
    for point in range(POINTS):
        folder = tmp_path / f"killed{point}"
        process = start(folder)
        time.sleep(0.9 * length * (point + 0.5) / POINTS)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        killed += process.returncode == -signal.SIGKILL
        committed = results(folder)
        report = finish(folder)
        made = sum(report["steps_run"].values())
        assert made == len(results(folder)) - len(committed), "committed work was done again"
        assert (folder / "shots.json").read_bytes() == wanted
        assert not list(folder.glob(".shots.json-*"))
    assert killed >= POINTS // 2
