"""The journal: what is committed stays, what is damaged is said."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from shotwright.errors import ProductionError
from shotwright.model.ids import ShotId
from shotwright.model.review import LedgerEntry
from shotwright.production.exchanges import spent
from shotwright.production.journal import MIGRATIONS, FilmRow, Journal

if TYPE_CHECKING:
    from pathlib import Path


def test_a_result_is_there_for_the_next_process(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    with Journal(path) as journal:
        journal.put("k", "direct", "sc_1", '{"a":1}')
        assert journal.get("k") == '{"a":1}'
    with Journal(path) as journal:
        assert journal.get("k") == '{"a":1}'
        assert journal.get("other") is None


def test_a_rehearsal_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    Journal(path).close()
    before = path.read_bytes()
    dry = Journal(path, readonly=True, dry=True)
    dry.put("k", "direct", "sc_1", "x")
    dry.set_meta("a", "b")
    dry.commit_run(current=[("direct", "sc_1", "k")], film=[FilmRow("sc_1", [], "[]")], names=[], meta={"m": "1"})
    assert dry.get("k") == "x"
    dry.close()
    assert path.read_bytes() == before


@pytest.mark.parametrize("version", range(len(MIGRATIONS)))
def test_an_older_journal_or_one_just_begun_can_be_read_and_is_left_as_it_is(tmp_path: Path, version: int) -> None:
    path = tmp_path / "journal.sqlite"
    path.touch()
    with sqlite3.connect(path) as db:
        for script in MIGRATIONS[:version]:
            db.executescript(script)
        db.execute(f"PRAGMA user_version={version}")
        if version:
            db.execute("INSERT INTO meta VALUES ('flags', '{}')")
    before = path.read_bytes()
    with Journal(path, readonly=True) as journal:
        assert journal.meta("flags") == ("{}" if version else None)
        assert spent(journal) == []
    assert path.read_bytes() == before
    with Journal(path) as journal:
        journal.put("k", "direct", "sc_1", "x")
        assert journal.get("k") == "x"


def test_the_ledger_numbers_its_entries_and_forgets_none(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    entry = LedgerEntry(sequence=0, kind="approve", shot_id=ShotId("sh_1"))
    with Journal(path) as journal:
        journal.append([entry, entry])
    with Journal(path) as journal:
        journal.append([entry])
        assert [e.sequence for e in journal.ledger()] == [1, 2, 3]


@pytest.mark.parametrize("content", [b"not a database at all" * 100, b"SQLite format 3\x00" + b"\xff" * 4000])
def test_a_damaged_file_is_one_clear_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "journal.sqlite"
    path.write_bytes(content)
    with pytest.raises(ProductionError, match="not a journal, or damaged") as caught:
        Journal(path)
    assert caught.value.hint
    assert path.read_bytes() == content


def test_a_journal_of_a_newer_version_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    Journal(path).close()
    db = sqlite3.connect(path)
    db.execute(f"PRAGMA user_version={len(MIGRATIONS) + 1}")
    db.close()
    with pytest.raises(ProductionError, match="newer shotwright"):
        Journal(path)


def test_cleaning_drops_only_what_the_film_does_not_stand_on(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal.sqlite") as journal:
        journal.put("old", "direct", "sc_1", "1")
        journal.put("new", "direct", "sc_1", "2")
        journal.commit_run(current=[("direct", "sc_1", "new")], film=[], names=[], meta={})
        dropped, _ = journal.clean()
        assert dropped == 1
        assert journal.get("new") == "2"
        assert journal.get("old") is None
        assert journal.verify() == "ok"
