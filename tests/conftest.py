"""Shared fixtures. Screenplays that are not ours lie outside the project; tests that need them skip loudly without."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.standin.fixtures import (
    LIVE_NOT_RUN,
    arango_live,
    arango_prepared,
    arango_server,
    arango_standin,
    arango_story_server,
)

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["arango_live", "arango_prepared", "arango_server", "arango_standin", "arango_story_server"]

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("SHOTWRIGHT_TEST_DATA", ROOT.parent / "shared" / "data"))


@pytest.fixture
def shared_screenplay() -> Callable[[str], Path]:
    """`shared_screenplay("big_fish_nyousefi.fountain")` -> its path, or a loud skip."""

    def find(name: str) -> Path:
        path = SHARED / "screenplays" / name
        if not path.exists():
            pytest.skip(f"SHARED SCREENPLAY NOT HERE: {name}; SHOTWRIGHT_TEST_DATA names the folder above screenplays/")
        return path

    return find


@pytest.fixture(scope="session")
def shared_arango() -> Callable[[str], Any]:
    """`shared_arango("aql_gold.json")` -> its contents: what real ArangoDB servers answered, or a loud skip."""

    def find(name: str) -> Any:
        path = SHARED / "arango" / name
        if not path.exists():
            pytest.skip(f"SHARED RECORDINGS NOT HERE: {name}; SHOTWRIGHT_TEST_DATA names the folder above arango/")
        return json.loads(path.read_text(encoding="utf-8"))

    return find


# Drawing takes a minute where a film takes a second: what is about frames asks for them.
os.environ.setdefault("SHOTWRIGHT_BOARDS_DRAW", "none")

EXAMPLE = ROOT / "examples" / "last_bird_in"


@pytest.fixture(scope="session")
def example_production(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The production folder of the example film, run once with its library. Not to be written to: copy it first."""
    from shotwright.production.studio import RunRequest, run_production

    out = tmp_path_factory.mktemp("example") / "last_bird_in.shotwright"
    folder, _ = run_production(RunRequest(EXAMPLE / "last_bird_in.fountain", out, (EXAMPLE / "assets",)))
    return folder.path


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One loud line when tests that need a real ArangoDB server were left out."""
    skipped = terminalreporter.stats.get("skipped", [])
    left_out = sum(LIVE_NOT_RUN in str(report.longrepr) for report in skipped)
    if left_out:
        terminalreporter.write_line(f"{LIVE_NOT_RUN} ({left_out} tests skipped)", yellow=True, bold=True)
