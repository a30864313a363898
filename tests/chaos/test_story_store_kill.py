"""The embedded store under many readers, and a writer that is killed: nobody ever sees half a part."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from shotwright.adapters.story_store import SqliteStoryStore
from shotwright.errors import StoreError
from shotwright.model.graph import Edge, Node

SCENES = 12
BEATS = 40
KILLS = 20


def part(scene: int, round_: int) -> tuple[str, list[Node], list[Edge]]:
    """A scene's part: its node and edges all bear the round in which they were written."""
    here = f"scene/sc_{scene}"
    nodes = [Node(id=here, kind="scene", order=scene, data={"synopsis": "tide", "round": round_})]
    nodes += [
        Node(id=f"prop/{scene}_{i}", kind="prop", data={"name": f"tide {i} " * 30, "round": round_})
        for i in range(BEATS)
    ]
    edges = [
        Edge(key=f"uses|{here}|{i}", kind="uses", src=here, dst=f"prop/{scene}_{i}", data={"round": round_})
        for i in range(BEATS)
    ]
    return here, nodes, edges


def torn(lines: list[str]) -> list[str]:
    """Scopes of a dump that are not whole: of two rounds, or with something missing."""
    rounds: dict[str, set[int]] = {}
    counts: dict[str, int] = {}
    for line in lines:
        entry = json.loads(line)
        held = entry.get("node") or entry["edge"]
        rounds.setdefault(entry["scope"], set()).add(held["data"]["round"])
        counts[entry["scope"]] = counts.get(entry["scope"], 0) + 1
    return [scope for scope in rounds if len(rounds[scope]) != 1 or counts[scope] != 1 + 2 * BEATS]


def _write(path: str, production: str, first: int, written: Any) -> None:
    store = SqliteStoryStore(Path(path), production)
    for round_ in range(first, first + 100_000):
        if round_ % 3:
            store.replace(*part(round_ % SCENES, round_))
        else:
            store.replace_all([part(scene, round_) for scene in range(SCENES)])
        written.value = round_


def _read(path: str, stop: Any, reads: Any, wrong: Any) -> None:
    store = SqliteStoryStore(Path(path), read_only=True)
    while not stop.is_set():
        broken = len(torn(list(store.dump())))
        found = store.ask("sql", "SELECT COUNT(DISTINCT json_extract(data, '$.round')) FROM nodes GROUP BY scope", {})
        broken += sum(row != (1,) for row in found.rows)
        # A word index and the rows that it leads to must be of one state too.
        broken += len(store.search("tide")) != SCENES * (1 + BEATS)
        with reads.get_lock():
            reads.value += 1
            wrong.value += broken
    store.close()


@pytest.mark.slow
def test_readers_in_other_processes_see_whole_parts_while_one_writes(tmp_path: Path) -> None:
    path = tmp_path / "graph.db"
    store = SqliteStoryStore(path)
    store.replace_all([part(scene, 0) for scene in range(SCENES)])
    context = multiprocessing.get_context("spawn")
    stop, reads, wrong, written = context.Event(), context.Value("i", 0), context.Value("i", 0), context.Value("i", 0)
    writer = context.Process(target=_write, args=(str(path), "film", 1, written))
    readers = [context.Process(target=_read, args=(str(path), stop, reads, wrong)) for _ in range(4)]
    for process in (writer, *readers):
        process.start()
    until = time.monotonic() + 60
    while time.monotonic() < until and (reads.value < 120 or written.value < 60):
        time.sleep(0.05)
    stop.set()
    for reader in readers:
        reader.join(20)
    writer.kill()
    writer.join(20)
    assert (reads.value >= 120, written.value >= 60, wrong.value) == (True, True, 0)
    assert [reader.exitcode for reader in readers] == [0] * 4
    assert store.check() == []
    store.close()


@pytest.mark.slow
def test_a_writer_killed_twenty_times_never_leaves_half_a_scene(tmp_path: Path) -> None:
    path = tmp_path / "graph.db"
    other = SqliteStoryStore(path, "other")
    other.replace("film", [Node(id="character/ada", kind="character")], [])
    untouched = list(other.dump())
    context = multiprocessing.get_context("spawn")
    round_ = 3
    for kill in range(KILLS):
        written = context.Value("i", 0)
        writer = context.Process(target=_write, args=(str(path), "film", round_, written))
        writer.start()
        until = time.monotonic() + 20
        while written.value < round_ + 2 and time.monotonic() < until:
            time.sleep(0.001)
        # Spread over the time that a write takes, so that some fall in the middle of one.
        time.sleep(0.0021 * (kill % 10))
        assert writer.pid is not None
        os.kill(writer.pid, signal.SIGKILL)
        writer.join(20)
        assert writer.exitcode == -signal.SIGKILL
        store = SqliteStoryStore(path)
        assert torn(list(store.dump())) == []
        assert store.check() == []
        assert len(store.search("tide")) == len(store.scopes()) * (1 + BEATS)
        store.close()
        round_ = written.value + 1
    assert round_ > 3 + KILLS
    assert list(other.dump()) == untouched
    other.close()


@pytest.mark.slow
def test_two_productions_written_by_two_processes_into_one_file_both_arrive(tmp_path: Path) -> None:
    path = tmp_path / "graph.db"
    context = multiprocessing.get_context("spawn")
    names = ("one", "two")
    counts = [context.Value("i", 0) for _ in names]
    writers = [
        context.Process(target=_write, args=(str(path), name, 3, count))
        for name, count in zip(names, counts, strict=True)
    ]
    for writer in writers:
        writer.start()
    until = time.monotonic() + 60
    while min(count.value for count in counts) < 20 and time.monotonic() < until:
        time.sleep(0.05)
    for writer in writers:
        writer.kill()
        writer.join(20)
    assert min(count.value for count in counts) >= 20
    for name in names:
        store = SqliteStoryStore(path, name)
        assert torn(list(store.dump())) == []
        assert len(store.scopes()) == SCENES
        store.close()


def test_a_file_that_another_process_keeps_locked_is_a_clear_error_that_may_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shotwright.adapters.story_store.sqlite.schema.BUSY_SECONDS", 0.05)
    path = tmp_path / "graph.db"
    one, other = SqliteStoryStore(path), SqliteStoryStore(path)
    one._db.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError) as error:
        other.replace(*part(1, 1))
    assert error.value.transient
    one._db.rollback()
    assert other.replace(*part(1, 1)).nodes_put == 1 + BEATS
    one.close()
    other.close()
