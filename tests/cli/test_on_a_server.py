"""The whole production line on a server, by one setting; and a graph moved there and back. Real processes and real
HTTP; the server is the stand-in."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.standin.fixtures import arango_prepared, arango_server, arango_standin, arango_story_server

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.standin.fixtures import ArangoServer

__all__ = ["arango_prepared", "arango_server", "arango_standin", "arango_story_server"]
ROOT = Path(__file__).resolve().parents[2]
FILM = ROOT / "examples" / "last_bird_in"


class OnServer:
    """shotwright as somebody runs it who has a server."""

    def __init__(self, server: ArangoServer, home: Path) -> None:
        self.server = server
        self.home = home

    def environ(self, url: str) -> dict[str, str]:
        kept = "SHOTWRIGHT_BOARDS_DRAW"
        environ = {k: v for k, v in os.environ.items() if not k.startswith("SHOTWRIGHT_") or k == kept}
        environ |= {"PYTHONPATH": str(ROOT / "src"), "XDG_CONFIG_HOME": str(self.home / "none")}
        environ |= {"SHOTWRIGHT_STORE_PASSWORD": self.server.password}
        return environ | ({"SHOTWRIGHT_STORE_URL": url} if url else {})

    def __call__(self, *args: str, url: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "shotwright", *args],
            capture_output=True, text=True, env=self.environ(url), timeout=120, check=False, cwd=self.home,
        )  # fmt: skip


@pytest.fixture
def shotwright(arango_story_server: ArangoServer, tmp_path: Path) -> OnServer:
    return OnServer(arango_story_server, tmp_path)


def run(shotwright: OnServer, out: Path, url: str = "") -> dict[str, Any]:
    film = [str(FILM / "last_bird_in.fountain"), "--assets", str(FILM / "assets")]
    made = shotwright("run", *film, "--out", str(out), "--json", url=url)
    assert made.returncode in (0, 3), made.stderr
    report: dict[str, Any] = json.loads(made.stdout)
    return report


def graph(shotwright: OnServer, out: Path, *args: str, url: str = "") -> str:
    asked = shotwright("graph", str(out), *args, url=url)
    assert asked.returncode == 0, asked.stderr
    return asked.stdout


@pytest.mark.slow
def test_the_whole_line_runs_on_a_server_and_makes_the_same_film_and_the_same_graph(
    shotwright: OnServer, tmp_path: Path
) -> None:
    there, here = tmp_path / "film.shotwright", tmp_path / "own" / "film.shotwright"
    here.parent.mkdir()
    url = shotwright.server.address
    run(shotwright, there, url)
    run(shotwright, here)
    assert (there / "shots.json").read_bytes() == (here / "shots.json").read_bytes()
    assert not (there / "story.sqlite").exists()
    assert graph(shotwright, there, "--export", "-", url=url) == graph(shotwright, here, "--export", "-")
    for question in (["scene_briefing", "--scene", "3"], ["story_map"], ["custody", "--thing", "envelope"]):
        asked = [*question, "--json"]
        assert graph(shotwright, there, *asked, url=url) == graph(shotwright, here, *asked), question
    text = "FOR c IN characters FILTER c.production == @production SORT c.order RETURN [c.name, LENGTH(c.cues)]"
    asked = ["--aql", text, "--json"]
    assert graph(shotwright, there, *asked, url=url) == graph(shotwright, here, *asked)
    refused = shotwright("graph", str(there), "--aql", "FOR c IN characters REMOVE c IN characters", url=url)
    assert refused.returncode == 2
    assert "Traceback" not in refused.stderr
    shown = shotwright("show", str(there), "scene", "3", url=url)
    assert shown.returncode == 0
    examined = shotwright("doctor", str(there), url=url)
    assert examined.returncode == 0, examined.stdout


@pytest.mark.slow
def test_a_copied_production_runs_on_with_nothing_redone_and_comes_back_equal(
    shotwright: OnServer, tmp_path: Path
) -> None:
    out = tmp_path / "film.shotwright"
    run(shotwright, out)
    whole = graph(shotwright, out, "--export", "-")
    url = shotwright.server.address
    told = json.loads(graph(shotwright, out, "--copy-to", url, "--json"))
    assert told["answers_compared"] > 100
    again = run(shotwright, out, url)
    assert sum(again["steps_run"].values()) == 0
    assert graph(shotwright, out, "--export", "-", url=url) == whole
    (out / "story.sqlite").unlink()
    graph(shotwright, out, "--copy-to", "embedded", url=url)
    assert graph(shotwright, out, "--export", "-") == whole


@pytest.mark.slow
def test_a_copy_killed_on_its_way_goes_on_and_ends_verified(shotwright: OnServer, tmp_path: Path) -> None:
    out = tmp_path / "film.shotwright"
    run(shotwright, out)
    whole = graph(shotwright, out, "--export", "-")
    url = shotwright.server.address
    # What a killed client held is let go when its transaction has been idle for so long: a minute on a server.
    shotwright.server.held.most_idle_seconds = 1.0
    commits: list[str] = []

    def count(method: str, path: str) -> None:
        if method == "PUT" and path.startswith("/_api/transaction/"):
            commits.append(path)

    shotwright.server.faults.order_when = count
    killed = 0
    for enough in (1, 2):
        commits.clear()
        process = subprocess.Popen(
            [sys.executable, "-m", "shotwright", "graph", str(out), "--copy-to", url],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=shotwright.environ(""),
        )  # fmt: skip
        wait_until(partial(reached, process, commits, enough))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        killed += process.returncode == -signal.SIGKILL
    assert killed
    told = json.loads(graph(shotwright, out, "--copy-to", url, "--json"))
    assert told["parts_kept"] > 0, "the copy began again from nothing"
    assert graph(shotwright, out, "--export", "-", url=url) != ""
    assert graph(shotwright, out, "--export", "-", url=url) == whole


def reached(process: subprocess.Popen[bytes], commits: list[str], enough: int) -> bool:
    return process.poll() is not None or len(commits) >= enough


def wait_until(done: Callable[[], bool], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not done() and time.monotonic() < end:
        time.sleep(0.005)


@pytest.mark.slow
def test_two_films_of_one_name_do_not_overwrite_each_other(shotwright: OnServer, tmp_path: Path) -> None:
    first, second = tmp_path / "a" / "film.shotwright", tmp_path / "b" / "film.shotwright"
    for out in (first, second):
        out.parent.mkdir()
    url = shotwright.server.address
    run(shotwright, first, url)
    refused = shotwright("run", str(FILM / "last_bird_in.fountain"), "--out", str(second), url=url)
    assert refused.returncode == 2
    assert "another name" in refused.stderr


@pytest.mark.slow
def test_a_server_that_is_not_there_costs_a_line_and_nothing_that_was_done(
    shotwright: OnServer, tmp_path: Path
) -> None:
    out = tmp_path / "film.shotwright"
    run(shotwright, out)
    before = (out / "shots.json").read_bytes()
    refused = shotwright("run", str(out), url="arangodb://127.0.0.1:1/films")
    assert refused.returncode == 1
    assert "127.0.0.1:1" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert (out / "shots.json").read_bytes() == before
    assert run(shotwright, out)["steps_run"] == {}
