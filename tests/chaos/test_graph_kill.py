"""kill -9 in the middle of writing the Story Graph: no half-written part is seen, and the next run makes it agree with
the journal."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from shotwright.adapters.story_store import SqliteStoryStore
from shotwright.adapters.story_store.canonical import canonical, content_hash
from shotwright.model.graph import Edge, Node
from shotwright.production.files import ProductionFolder
from shotwright.production.graph import rebuild_graph

ROOT = Path(__file__).resolve().parents[2]
FILM = ROOT / "examples" / "last_bird_in"
POINTS = 20


def run(screenplay: Path, out: Path, point: int = 0) -> tuple[int, int]:
    """(exit code, writes to the graph when it lived)."""
    counted = out.parent / "writes"
    done = subprocess.run(
        [
            sys.executable, str(ROOT / "tests" / "chaos" / "dying.py"), str(point), str(counted),
            "run", str(screenplay), "--assets", str(FILM / "assets"), "--out", str(out),
        ],
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        check=False,
    )  # fmt: skip
    return done.returncode, 0 if point else int(counted.read_text())


def graph_of(out: Path) -> tuple[str, list[str]]:
    """(fingerprint, parts whose contents are not those that their hash says)."""
    folder = ProductionFolder(out)
    if not folder.store.exists():
        return "", []
    store = SqliteStoryStore(folder.store)
    try:
        parts: dict[str, tuple[list[tuple[Node, str]], list[tuple[Edge, str]]]] = {s: ([], []) for s in store.scopes()}
        for line in store.dump():
            entry = json.loads(line)
            if "node" in entry:
                node = Node(**entry["node"])
                parts[entry["scope"]][0].append((node, canonical(node.data)))
            else:
                edge = Edge(**entry["edge"])
                parts[entry["scope"]][1].append((edge, canonical(edge.data)))
        torn = [scope for scope, held in store.scopes().items() if held and content_hash(*parts[scope]) != held]
        return store.fingerprint(), torn
    finally:
        store.close()


def revised(tmp_path: Path) -> Path:
    """A second draft: a scene more, a scene less, a prop that somebody else takes."""
    text = (FILM / "last_bird_in.fountain").read_text(encoding="utf-8")
    second = tmp_path / "second.fountain"
    head, mark, tail = text.partition("\nINT.")
    assert mark
    added = "\nEXT. SLIPWAY - NIGHT\n\nA gull lands. A woman with a lantern picks up a coil of rope.\n\n"
    second.write_text(head + added + mark.lstrip("\n").join(["\n", ""]) + tail, encoding="utf-8")
    return second


@pytest.mark.slow
def test_a_run_killed_while_it_writes_the_graph_leaves_whole_parts_and_is_made_good(tmp_path: Path) -> None:
    first, second = FILM / "last_bird_in.fountain", revised(tmp_path)
    straight = tmp_path / "straight"
    _, writes_first = run(first, straight)
    before, torn = graph_of(straight)
    assert not torn
    old = tmp_path / "old"
    shutil.copytree(straight, old)
    _, writes_second = run(second, straight)
    after, torn = graph_of(straight)
    assert not torn
    assert before != after
    for number in range(POINTS):
        folder = tmp_path / f"killed{number}"
        again = number % 2 == 1
        if again:
            shutil.copytree(old, folder)
        writes = writes_second if again else writes_first
        point = max(1, int(writes * (number + 0.5) / POINTS))
        code, _ = run(second if again else first, folder, point)
        assert code == -signal.SIGKILL
        seen, torn = graph_of(folder)
        assert not torn, f"torn at write {point} of {writes}"
        if again:
            assert seen, "the old graph is gone"
        code, _ = run(second if again else first, folder)
        assert code in (0, 3)
        assert graph_of(folder) == (after if again else before, [])
        rebuild_graph(folder)
        assert graph_of(folder) == (after if again else before, [])
        shutil.rmtree(folder)
