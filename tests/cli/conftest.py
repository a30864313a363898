"""A real process for every command, so that exit codes, streams and signals are the user's."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
Shotwright = Callable[..., "subprocess.CompletedProcess[str]"]

SHORT = """Title: Two Cups

INT. KITCHEN - NIGHT

Rain on the window. ANNA, 30, pours tea into two cups. She sets one in front of an empty chair.

ANNA
He said he would be back before the rain.

BEN, 35, stands in the doorway, soaked. He does not come in.

BEN
I was.

She looks at the second cup. It has gone cold.

ANNA
Then where were you standing all this time, and why did nobody in this house hear the door?

Nobody moves.

EXT. GARDEN - DAY

Anna digs. A spade HITS metal. She kneels and pulls a tin box out of the earth.

ANNA
Ben!
"""


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "two_cups.fountain"
    path.write_text(SHORT)
    return path


@pytest.fixture
def shotwright(tmp_path: Path) -> Shotwright:
    def call(*args: str, **options: object) -> subprocess.CompletedProcess[str]:
        kept = "SHOTWRIGHT_BOARDS_DRAW"
        environ = {k: v for k, v in os.environ.items() if not k.startswith("SHOTWRIGHT_") or k == kept}
        environ |= {"PYTHONPATH": str(ROOT / "src"), "XDG_CONFIG_HOME": str(tmp_path / "no-config")}
        return subprocess.run(
            [sys.executable, "-m", "shotwright", *args],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env=environ,
            timeout=120,
            **options,  # type: ignore[call-overload]
        )

    return call
