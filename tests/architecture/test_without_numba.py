"""numba makes boards fast and nothing else: with it hidden, the same tests of drawing and looking pass."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TESTS = (
    "tests/unit/boards/test_raster.py",
    "tests/unit/boards/test_drawing.py",
    "tests/unit/boards/test_camera.py",
    "tests/unit/vision_service/test_batching.py",
    "tests/unit/vision_service/test_inline.py::test_no_thread_is_started",
)
# A module that is None in sys.modules cannot be imported: as if it had never been installed.
HIDING = """
import sys
sys.modules["numba"] = None
import pytest
from shotwright.boards.raster.drawing_board import rasteriser_name
assert rasteriser_name() == "plain", rasteriser_name()
sys.exit(pytest.main(sys.argv[1:]))
"""


def test_drawing_and_looking_work_without_numba() -> None:
    asked = [sys.executable, "-c", HIDING, "-q", "-x", "-m", "not slow", "-p", "no:cacheprovider", *TESTS]
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(asked, cwd=ROOT, env=env, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
