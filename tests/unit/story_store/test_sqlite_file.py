"""The embedded store's file: brought forward, copied, put back, damaged, changed by hand."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from shotwright.adapters.story_store import SqliteStoryStore
from shotwright.adapters.story_store.sqlite import put_back_file, schema
from shotwright.adapters.story_store.sqlite.statements import statement
from shotwright.errors import ShotwrightError, StoreError
from shotwright.model.graph import Edge, Node
from shotwright.model.query import AskLimits

if TYPE_CHECKING:
    from collections.abc import Callable


def person(name: str, **data: Any) -> Node:
    return Node(id=f"character/{name}", kind="character", data={"name": name, **data})


def knows(one: str, other: str) -> Edge:
    src, dst = f"character/{one}", f"character/{other}"
    return Edge(key=f"speaks_to|{src}|{dst}", kind="speaks_to", src=src, dst=dst, data={"speeches": 1})


def fill(path: Path, production: str = "film", people: int = 300) -> SqliteStoryStore:
    """A graph of some hundred pages, with data long enough to run over several."""
    store = SqliteStoryStore(path, production)
    names = [f"p{i:03}" for i in range(people)]
    nodes = [person(name, description=f"tide {name} " * (2000 if i % 50 == 0 else 20)) for i, name in enumerate(names)]
    store.replace_all(
        [("film", nodes[:150], []), ("scene/sc_1", nodes[150:], [knows(names[0], name) for name in names[1:]])]
    )
    return store


def version_one(path: Path) -> list[str]:
    """A file as the first version wrote it; returns the dump that it must give now."""
    store = SqliteStoryStore(None, "old")
    people = [person("ada", age=31, share=0.5, description="tall"), person("bo", description="quiet")]
    store.replace_all([("film", people, [knows("ada", "bo")]), ("assets", [Node(id="asset/a", kind="asset")], [])])
    store.patch_if("asset/a", 1, {"wanted": True})
    lines = list(store.dump())
    with closing(sqlite3.connect(path)) as db:
        db.executescript(statement("migrations/1.sql"))
        rows = [(p.id, "film", p.kind, p.order, 1) for p in people]
        texts = ['{"age":31.0,"description":"tall","name":"ada","share":0.5}', '{"description":"quiet","name":"bo"}']
        put = "INSERT INTO nodes (id, scope, kind, ord, version, data, words) VALUES (?, ?, ?, ?, ?, ?, ?)"
        for row, text, words in zip(rows, texts, (" tall ada ", " quiet bo "), strict=True):
            db.execute(put, (*row, text, words))
        db.execute(put, ("asset/a", "assets", "asset", 0, 2, '{"wanted":true}', "  "))
        edge = knows("ada", "bo")
        db.execute(
            "INSERT INTO edges (key, scope, kind, src, dst, ord, data) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (edge.key, "film", edge.kind, edge.src, edge.dst, 0, '{"speeches":1}'),
        )
        db.execute("INSERT INTO scopes VALUES ('film', 'of version one'), ('assets', '')")
        db.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        db.execute("PRAGMA user_version = 1")
        db.commit()
    return lines


def test_a_file_of_version_one_becomes_the_production_it_is_opened_for(tmp_path: Path) -> None:
    path = tmp_path / "graph.db"
    lines = version_one(path)
    with pytest.raises(StoreError, match="older version"):
        SqliteStoryStore(path, "old", read_only=True)
    store = SqliteStoryStore(path, "old")
    assert list(store.dump()) == lines
    assert store.check() == []
    assert [(scope, bool(put)) for scope, put in store.scopes().items()] == [("assets", False), ("film", True)]
    again = [person("ada", age=31, share=0.5, description="tall"), person("bo", description="quiet")]
    assert store.replace("film", again, [knows("ada", "bo")]).unchanged == 3
    assert [n.id for n in store.search("tall")] == ["character/ada"]
    assert store.ask("sql", "SELECT age FROM characters WHERE name = 'ada'", {}).rows == ((31,),)
    assert SqliteStoryStore(path, "new").scopes() == {}
    store.close()


def _die_while_migrating(path: str, after: int) -> None:
    seen = 0
    whole = schema._canonical_text

    def dying(text: str) -> str:
        nonlocal seen
        seen += 1
        if seen == after:
            os.kill(os.getpid(), signal.SIGKILL)
        return whole(text)

    schema._canonical_text = dying
    SqliteStoryStore(Path(path), "old")


def _migrate(path: str, ready: Any, failed: Any) -> None:
    ready.wait(20)
    try:
        SqliteStoryStore(Path(path), "old").close()
    except ShotwrightError:
        with failed.get_lock():
            failed.value += 1


def test_a_migration_that_is_killed_leaves_the_old_file_and_is_done_by_the_next(tmp_path: Path) -> None:
    path = tmp_path / "graph.db"
    lines = version_one(path)
    context = multiprocessing.get_context("spawn")
    for after in (1, 4):
        dying = context.Process(target=_die_while_migrating, args=(str(path), after))
        dying.start()
        dying.join(20)
        assert dying.exitcode == -signal.SIGKILL
        with closing(sqlite3.connect(path)) as db:
            assert db.execute("PRAGMA user_version").fetchone() == (1,)
            assert db.execute("SELECT COUNT(*) FROM nodes").fetchone() == (3,)
    store = SqliteStoryStore(path, "old")
    assert list(store.dump()) == lines
    store.close()


def test_two_processes_that_migrate_at_once_do_it_once(tmp_path: Path) -> None:
    path = tmp_path / "graph.db"
    lines = version_one(path)
    context = multiprocessing.get_context("spawn")
    ready, failed = context.Barrier(2), context.Value("i", 0)
    both = [context.Process(target=_migrate, args=(str(path), ready, failed)) for _ in range(2)]
    for process in both:
        process.start()
    for process in both:
        process.join(30)
    assert (failed.value, [p.exitcode for p in both]) == (0, [0, 0])
    store = SqliteStoryStore(path, "old")
    assert list(store.dump()) == lines
    store.close()


def test_processes_that_make_the_same_file_at_once_all_get_it(tmp_path: Path) -> None:
    path = tmp_path / "graph.db"
    context = multiprocessing.get_context("spawn")
    ready, failed = context.Barrier(4), context.Value("i", 0)
    makers = [context.Process(target=_migrate, args=(str(path), ready, failed)) for _ in range(4)]
    for process in makers:
        process.start()
    for process in makers:
        process.join(30)
    assert (failed.value, [p.exitcode for p in makers]) == (0, [0] * 4)


def test_a_file_of_version_one_that_is_not_what_it_says_is_a_clear_error_and_left_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "graph.db"
    version_one(path)
    with closing(sqlite3.connect(path)) as db:
        db.execute("UPDATE nodes SET data = 'no json'")
        db.commit()
    with pytest.raises(StoreError) as error:
        SqliteStoryStore(path, "old")
    assert "--rebuild" in error.value.hint
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (1,)


@pytest.mark.parametrize("name", ["", "Film", "a b", "../x", "-a", "é", "a" * 65, "a'b", 'a"b', "a:b"])
def test_a_name_that_no_production_can_have_is_refused(name: str) -> None:
    with pytest.raises(StoreError, match="is not the name of a production"):
        SqliteStoryStore(None, name)


def test_a_backup_taken_while_another_process_writes_is_one_whole_state(tmp_path: Path) -> None:
    store, target = fill(tmp_path / "graph.db"), tmp_path / "copy.db"
    other = SqliteStoryStore(tmp_path / "graph.db", "other")
    other.replace("film", [person("zo")], [])
    other._db.execute("BEGIN IMMEDIATE")
    other._db.execute("DELETE FROM nodes")
    store.backup(target)
    other._db.rollback()
    assert sorted(p.name for p in tmp_path.iterdir() if "copy" in p.name) == ["copy.db"]
    for production, whole in (("film", store), ("other", other)):
        copy = SqliteStoryStore(target, production, read_only=True)
        assert list(copy.dump()) == list(whole.dump())
        assert copy.scopes() == whole.scopes()
        copy.close()
    store.close()
    other.close()


def test_a_backup_that_cannot_be_written_leaves_what_was_there(tmp_path: Path) -> None:
    store = fill(tmp_path / "graph.db", people=151)
    with pytest.raises(StoreError):
        store.backup(tmp_path / "none" / "copy.db")
    with pytest.raises(StoreError, match="itself"):
        store.backup(tmp_path / "graph.db")
    (tmp_path / "folder").mkdir()
    with pytest.raises(StoreError):
        store.backup(tmp_path / "folder")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["folder", "graph.db", "graph.db-shm", "graph.db-wal"]
    store.close()


def test_restoring_puts_the_backup_back_for_every_process(tmp_path: Path) -> None:
    store, target = fill(tmp_path / "graph.db"), tmp_path / "copy.db"
    before, scopes = list(store.dump()), store.scopes()
    store.backup(target)
    reader = SqliteStoryStore(tmp_path / "graph.db", read_only=True)
    store.replace_all([("film", [person("ada")], [])])
    assert len(list(reader.dump())) == 1
    store.restore(target)
    for each in (store, reader):
        assert list(each.dump()) == before
        assert each.scopes() == scopes
        assert len(each.search("tide")) == 300
    assert store.check() == []
    assert store.replace("film", [person("ada")], []).nodes_put == 1
    assert sorted(p.name for p in tmp_path.iterdir() if "restore" in p.name or "part" in p.name) == []
    store.close()
    reader.close()


def test_a_backup_of_an_older_version_is_brought_forward_when_it_is_put_back(tmp_path: Path) -> None:
    lines = version_one(tmp_path / "old.db")
    store = SqliteStoryStore(tmp_path / "graph.db", "old")
    store.restore(tmp_path / "old.db")
    assert list(store.dump()) == lines
    store.close()


def test_what_is_no_sound_backup_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    store = fill(tmp_path / "graph.db")
    before = store.fingerprint()
    store.backup(tmp_path / "good.db")
    good = (tmp_path / "good.db").read_bytes()
    bad = {
        "absent": None, "empty": b"", "text": b"no database at all, but long enough to be one " * 99,
        "short": good[: len(good) // 2], "header": b"\xa5" * 100 + good[100:],
        "middle": good[:40960] + b"\xa5" * 4096 + good[45056:],
    }  # fmt: skip
    for name, contents in bad.items():
        source = tmp_path / f"{name}.db"
        if contents is not None:
            source.write_bytes(contents)
        with pytest.raises(StoreError) as error:
            store.restore(source)
        assert error.value.hint
        assert contents is None or source.read_bytes() == contents
    with closing(sqlite3.connect(tmp_path / "foreign.db")) as db:
        db.execute("CREATE TABLE invoices (id)")
    with pytest.raises(StoreError, match="is not a story graph"):
        store.restore(tmp_path / "foreign.db")
    with closing(sqlite3.connect(tmp_path / "good.db")) as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreError, match="newer"):
        store.restore(tmp_path / "good.db")
    assert store.fingerprint() == before
    assert store.check() == []
    store.close()


def test_a_file_that_cannot_be_opened_any_more_is_replaced_by_its_backup(tmp_path: Path) -> None:
    path, target = tmp_path / "graph.db", tmp_path / "copy.db"
    store = fill(path)
    before = list(store.dump())
    store.backup(target)
    store.close()
    path.write_bytes(b"\xa5" * 9000)
    (tmp_path / "graph.db-wal").write_bytes(b"left over")
    put_back_file(target, path)
    store = SqliteStoryStore(path)
    assert list(store.dump()) == before
    assert store.check() == []
    store.close()


def test_a_change_by_hand_is_found_and_an_edit_is_not_taken_for_one(tmp_path: Path) -> None:
    store = fill(tmp_path / "graph.db")
    store.patch_if("character/p001", 1, {"age": "40"})
    assert store.check() == []
    with closing(sqlite3.connect(tmp_path / "graph.db")) as db:
        db.execute("UPDATE nodes SET data = '{}' WHERE id = 'character/p200'")
        db.execute("INSERT INTO edges (production, key, scope, kind, src, dst, ord, data) "
                   "VALUES ('film', 'x', 'scene/sc_9', 'follows', 'scene/a', 'scene/b', 0, '{}')")  # fmt: skip
        db.commit()
    assert store.check() == [
        "film: scene/sc_1 has been changed by hand",
        "film: scene/sc_9 has been added by hand",
        "film: nodes whose search words are not those of their data: 1",
    ]
    store.close()


ACTS: dict[str, Callable[[SqliteStoryStore], object]] = {
    "get": lambda s: [s.get(f"character/p{i:03}") for i in range(0, 300, 7)],
    "neighbours": lambda s: s.neighbours("character/p000", depth=2),
    "run": lambda s: [s.run("scene_briefing", scene="scene/sc_1"), s.run("co_appearance")],
    "search": lambda s: s.search("tide"),
    "scopes": lambda s: s.scopes(),
    "fingerprint": lambda s: s.fingerprint(),
    "dump": lambda s: list(s.dump()),
    "sql": lambda s: s.ask("sql", "SELECT COUNT(*), SUM(length(data)) FROM nodes", {}),
    "sql views": lambda s: s.ask("sql", "SELECT name, age FROM characters ORDER BY name", {}, AskLimits(rows=9)),
}
"""What reads, and so must answer a damaged file with a StoreError or as it would a sound one."""
WRITES: dict[str, Callable[[SqliteStoryStore], object]] = {
    "patch": lambda s: s.patch_if("character/p001", 1, {"age": "9"}),
    "replace": lambda s: s.replace("scene/sc_1", [person("new")], []),
    "replace all": lambda s: s.replace_all([("film", [person("new")], [])]),
    "load": lambda s: s.load(['{"node":{"data":{},"id":"prop/x","kind":"prop","order":0,"version":1},"scope":"film"}']),
    "check": lambda s: s.check(),
}


def damage_at(part: float, mark: bytes) -> Callable[[bytes], bytes]:
    def damage(whole: bytes) -> bytes:
        page = int(len(whole) // 4096 * part) * 4096
        return whole[:page] + mark * 4096 + whole[page + 4096 :]

    return damage


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "header": lambda whole: b"\xa5" * 100 + whole[100:],
    "schema": lambda whole: whole[:100] + b"\xa5" * 3996 + whole[4096:],
    "truncated to a page": lambda whole: whole[:4096],
    "truncated in the middle": lambda whole: whole[: len(whole) // 2],
    "truncated within a page": lambda whole: whole[: len(whole) // 2 + 1000],
    "everything after the header": lambda whole: whole[:4096] + b"\xa5" * (len(whole) - 4096),
} | {f"a page at {part:.2f}, {mark!r}": damage_at(part, mark)
     for part in (0.05, 0.13, 0.21, 0.37, 0.52, 0.66, 0.79, 0.93) for mark in (b"\xa5", b"\0")}  # fmt: skip


@pytest.mark.parametrize("how", DAMAGES)
def test_a_damaged_file_gives_a_clear_error_or_a_right_answer(tmp_path: Path, how: str) -> None:
    path = tmp_path / "graph.db"
    store = fill(path)
    right = {name: act(store) for name, act in ACTS.items()}
    store.close()
    whole = path.read_bytes()
    told: list[StoreError] = []
    for name, act in (ACTS | WRITES).items():
        path.write_bytes(DAMAGES[how](whole))
        for ending in ("-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)
        try:
            with closing(SqliteStoryStore(path)) as broken:
                found = act(broken)
        except StoreError as error:
            told.append(error)
            continue
        if name == "check" and not told:
            assert found
        if name in right:
            assert found == right[name], name
    assert all("--rebuild" in error.hint and "\n" not in error.message for error in told), told


@pytest.mark.parametrize("what", ["deleted", "garbage", "truncated", "both deleted"])
def test_a_log_that_is_lost_or_damaged_leaves_whole_parts_or_a_clear_error(tmp_path: Path, what: str) -> None:
    path, copy = tmp_path / "graph.db", tmp_path / "copy.db"
    store = fill(path)
    store._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    store._db.execute("PRAGMA wal_autocheckpoint = 0")
    states = [list(store.dump())]
    for age in range(5):
        store.replace("film", [person(f"p{i:03}", age=age, description="x" * 500) for i in range(150)], [])
        states.append(list(store.dump()))
    for ending in ("", "-wal", "-shm"):
        shutil.copy(f"{path}{ending}", f"{copy}{ending}")
    log = tmp_path / "copy.db-wal"
    raw = log.read_bytes()
    if what.endswith("deleted"):
        log.unlink()
        if what == "both deleted":
            (tmp_path / "copy.db-shm").unlink()
    elif what == "garbage":
        log.write_bytes(raw[: len(raw) // 2] + b"\xa5" * 5000 + raw[len(raw) // 2 + 5000 :])
    else:
        log.write_bytes(raw[: len(raw) * 2 // 3])
    if what != "deleted":
        (tmp_path / "copy.db-shm").unlink(missing_ok=True)
    with suppress(StoreError), closing(SqliteStoryStore(copy)) as opened:
        assert list(opened.dump()) in states
        assert opened.check() == []
    store.close()
