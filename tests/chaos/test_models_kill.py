"""kill -9 while language models are being asked: what was recorded is not asked again, and the film is the same."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.standin.language_model.server import running

if TYPE_CHECKING:
    from tests.standin.language_model.shapes import Asked

ROOT = Path(__file__).resolve().parents[2]
FILM = ROOT / "examples" / "last_bird_in"
POINTS = 4
SECRET = "sk-very-secret-0123456789"
WORDS = ("Mara", "keeps", "the", "light", "because", "grief", "waits", "there", "and", "fear", "turns", "her", "away")


def answer(asked: Asked) -> str:
    """Of the form that was asked for, with values drawn from the request: the same for the same request."""
    luck = random.Random(asked.text)
    return json.dumps(_value(asked.schema or {}, luck))


def _value(schema: dict[str, Any], luck: random.Random) -> Any:
    if "enum" in schema:
        return luck.choice(schema["enum"])
    if "anyOf" in schema:
        return _value(schema["anyOf"][0], luck)
    kind = schema.get("type")
    if kind == "object":
        return {name: _value(part, luck) for name, part in schema.get("properties", {}).items()}
    if kind == "array":
        return [_value(schema.get("items", {}), luck) for _ in range(luck.randrange(1, 8))]
    if kind == "integer":
        return luck.randrange(1, 9)
    return " ".join(luck.choice(WORDS) for _ in range(luck.randrange(4, 12)))


def start(out: Path, model: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [
            sys.executable, "-m", "shotwright", "--debug", "run", str(FILM / "last_bird_in.fountain"), "--no-frames",
            "--assets", str(FILM / "assets"), "--out", str(out),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={
            **os.environ, "PYTHONPATH": str(ROOT / "src"), "SHOTWRIGHT_MODELS_DEFAULT": model,
            "SHOTWRIGHT_MODEL_KEY": SECRET, "SHOTWRIGHT_MODELS_IN_FLIGHT": "4",
        },
    )  # fmt: skip


def recorded(out: Path) -> set[str]:
    """The turns of every exchange in the journal, as one text each."""
    if not (out / "journal.sqlite").exists():
        return set()
    with sqlite3.connect(out / "journal.sqlite") as db:
        try:
            rows = db.execute("SELECT request FROM exchange").fetchall()
        except sqlite3.OperationalError:
            return set()
    return {_turns(json.loads(zlib.decompress(row[0]))) for row in rows}


def _turns(request: dict[str, Any]) -> str:
    return json.dumps([m["text"] for m in request["messages"]])


@pytest.mark.slow
def test_a_run_killed_while_it_asks_asks_nothing_again_that_was_recorded(tmp_path: Path) -> None:
    with running(answer, delay=0.03, key=SECRET) as server:
        straight = tmp_path / "straight"
        process = start(straight, server.spelling)
        said = process.communicate(timeout=180)[0].decode()
        assert process.returncode in (0, 3), said
        whole = server.answered
        expected = (straight / "shots.json").read_bytes()
        killed = 0
        for point in range(1, POINTS + 1):
            out = tmp_path / f"killed{point}"
            server.clear()
            process = start(out, server.spelling)
            while server.answered < whole * point // (POINTS + 1) and process.poll() is None:
                time.sleep(0.005)
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
                killed += 1
            process.communicate()
            known = recorded(out)
            server.clear()
            process = start(out, server.spelling)
            said = process.communicate(timeout=180)[0].decode()
            assert process.returncode in (0, 3), said
            again = {json.dumps([t for _, t in asked.messages]) for asked in server.asked} & known
            assert not again
            assert known
            assert (out / "shots.json").read_bytes() == expected
        assert killed >= POINTS - 1
        for path in tmp_path.rglob("*"):
            if path.is_file():
                assert SECRET.encode() not in path.read_bytes()
        assert SECRET not in said


def test_a_key_is_never_told_not_even_where_it_is_refused(tmp_path: Path) -> None:
    with running(answer, key="another key") as server:
        process = start(tmp_path / "film", server.spelling)
        said = process.communicate(timeout=180)[0].decode()
        assert process.returncode in (0, 3), said
        assert "Pending" in said
        assert SECRET not in said
        assert server.calls <= 8
    for path in tmp_path.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert SECRET.encode() not in data
            assert SECRET.encode() not in _inflated(path)


def _inflated(path: Path) -> bytes:
    """What the journal holds packed."""
    if path.name != "journal.sqlite":
        return b""
    with sqlite3.connect(path) as db:
        packed = [row[0] for row in db.execute("SELECT value FROM result")]
    return b"".join(zlib.decompress(blob) for blob in packed)
