"""kill -9 while frames are drawn and looked at: nothing is torn, and the next run ends in the same bytes."""

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

pytest.importorskip("numpy")
pytest.importorskip("PIL")

from shotwright.production.blobs import Blobs

ROOT = Path(__file__).resolve().parents[2]
POINTS = 6
SCENES = "\n\n".join(
    f"INT. ROOM {n} - DAY\n\nANNA (30s) looks at door {n}.\n\nANNA\nThis is not number {n}.\n\nBEN (40s) waits."
    for n in range(1, 9)
)


def start(script: Path) -> subprocess.Popen[str]:
    own = {"SHOTWRIGHT_BOARDS_DRAW": "setups", "SHOTWRIGHT_VISION_BACKBONE": "classical"}
    return subprocess.Popen(
        [sys.executable, "-m", "shotwright", "run", str(script), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, **own, "PYTHONPATH": str(ROOT / "src")},
    )


def finish(script: Path) -> dict[str, dict[str, int]]:
    process = start(script)
    text, _ = process.communicate(timeout=300)
    assert process.returncode in (0, 3)
    report: dict[str, dict[str, int]] = json.loads(text)
    return report


def drawn(folder: Path) -> int:
    path = folder / "journal.sqlite"
    if not path.exists():
        return 0
    db = sqlite3.connect(path)
    try:
        return int(db.execute("SELECT count(*) FROM result WHERE step = 'screen'").fetchone()[0])
    except sqlite3.OperationalError:
        return 0
    finally:
        db.close()


@pytest.mark.slow
def test_a_run_killed_while_it_draws_resumes_to_the_same_bytes(tmp_path: Path) -> None:
    first, straight = tmp_path / "first.fountain", tmp_path / "straight.fountain"
    for script in (first, straight):
        script.write_text(SCENES)
    # The first run of all may compile the rasteriser, which takes longer than everything else.
    finish(first)
    began = time.perf_counter()
    whole = finish(straight)
    length = time.perf_counter() - began
    wanted = (straight.with_suffix(".shotwright") / "shots.json").read_bytes()
    killed = 0
    for point in range(POINTS):
        script = tmp_path / f"killed{point}.fountain"
        script.write_text(SCENES)
        folder = script.with_suffix(".shotwright")
        process = start(script)
        time.sleep(length * (0.25 + 0.65 * point / POINTS))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        killed += process.returncode == -signal.SIGKILL
        kept = drawn(folder)
        report = finish(script)
        assert report["steps_run"].get("screen", 0) == whole["steps_run"]["screen"] - kept, "a screened scene again"
        assert (folder / "shots.json").read_bytes() == wanted
        blobs = Blobs(folder / "frames")
        assert all(blobs.get(name) is not None for name, _ in blobs.all())
    assert killed >= POINTS // 2
