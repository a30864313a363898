"""Copies of the file, taken while a run writes and put back whole; and what is wrong with a file."""

from __future__ import annotations

import json
import os
import sqlite3
import time
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from shotwright.adapters.story_store.sqlite.failures import damaged, told_clearly, trusting_contents
from shotwright.adapters.story_store.sqlite.schema import BUSY_SECONDS, connect, migrate, require_own, scope_hash
from shotwright.adapters.story_store.words import searchable
from shotwright.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_BESIDE = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a file while it is open, or after it was cut off."""


def back_up(db: sqlite3.Connection, target: Path) -> None:
    """Copy one state of the whole file to `target`, which is one file without a log beside it, or is left as it was."""
    with _replacing(target) as made, closing(sqlite3.connect(made, isolation_level=None)) as copy:
        db.backup(copy, progress=_patience())
        copy.execute("PRAGMA journal_mode = DELETE")


def put_back(source: Path, path: Path | None, db: sqlite3.Connection, production: str) -> None:
    """Make the open file what the backup is, in one transaction: other processes see the one or the other."""
    with TemporaryDirectory(prefix=".restore-", dir=None if path is None else path.parent) as folder:
        made = Path(folder) / "copy"
        _copy_sound(source, made, production)
        with told_clearly(path), closing(sqlite3.connect(made, isolation_level=None)) as kept:
            kept.backup(db, progress=_patience())


def put_back_file(source: Path, path: Path, production: str = "film") -> None:
    """Make the file at `path` what the backup is, whatever is there now; nothing may have it open.

    For a file that cannot be opened any more. StoreError, and nothing is changed, when the backup is not sound.
    """
    with _replacing(path) as made:
        _copy_sound(source, made, production)


@contextmanager
def _replacing(target: Path) -> Iterator[Path]:
    """A new file beside `target` to write to, which takes its place when all went well."""
    made = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        with told_clearly(target):
            _discard(made)
            yield made
            with made.open("rb") as file:
                os.fsync(file.fileno())
            _discard_beside(target)
            made.replace(target)
    except OSError as error:
        raise StoreError(f"{target} cannot be written: {error.strerror}", hint="check the folder") from error
    finally:
        with suppress(OSError):
            _discard(made)


def faults(db: sqlite3.Connection) -> list[str]:
    """What is wrong, a line each: damage to the file, or parts that are not as they were put. None when all is well.

    A scope whose hash is empty is known to have been edited, and is well.
    """
    try:
        broken = [row[0] for row in db.execute("PRAGMA quick_check(20)") if row[0] != "ok"]
        return [f"the file is damaged: {' '.join(said.split())}" for said in broken] or _changed(db)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError) and "decode" not in str(error):
            raise
        return [f"the file is damaged: {error}"]


def _changed(db: sqlite3.Connection) -> list[str]:
    known = {(row[0], row[1]): row[2] for row in db.execute("SELECT production, scope, content_hash FROM scopes")}
    held = "SELECT production, scope FROM nodes UNION SELECT production, scope FROM edges"
    found = [
        f"{production}: {scope} has been changed by hand"
        for (production, scope), put in sorted(known.items())
        if put and scope_hash(db, production, scope) != put
    ]
    added = [f"{row[0]}: {row[1]} has been added by hand" for row in db.execute(held) if (row[0], row[1]) not in known]
    stale: dict[str, int] = {}
    for production, data, words in db.execute("SELECT production, data, words FROM nodes ORDER BY production"):
        if words != searchable(json.loads(data)):
            stale[production] = stale.get(production, 0) + 1
    lost = [
        f"{production}: nodes whose search words are not those of their data: {count}"
        for production, count in stale.items()
    ]
    return found + sorted(added) + lost


def _copy_sound(source: Path, made: Path, production: str) -> None:
    """Copy the backup to a new file of this version. StoreError for one that is damaged, foreign or too new."""
    if not source.is_file():
        raise StoreError(f"there is no backup at {source}", hint="name a file that `backup` made")
    with told_clearly(source):
        with closing(connect(source, read_only=True)) as db, closing(sqlite3.connect(made)) as copy:
            require_own(db, source, may_be_empty=False)
            db.backup(copy, progress=_patience())
        with closing(sqlite3.connect(made, isolation_level=None)) as copy, trusting_contents(source):
            copy.execute("PRAGMA journal_mode = DELETE")
            broken = [row[0] for row in copy.execute("PRAGMA integrity_check(1)") if row[0] != "ok"]
            if broken:
                raise damaged(source, " ".join(broken[0].split()))
            migrate(copy, production)


def _patience() -> Callable[[int, int, int], None]:
    """sqlite3 waits without end for a file that somebody else writes; this gives up."""
    until = time.monotonic() + BUSY_SECONDS

    def look(status: int, _remaining: int, _total: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and time.monotonic() > until:
            raise sqlite3.OperationalError("database is locked")

    return look


def _discard(path: Path) -> None:
    path.unlink(missing_ok=True)
    _discard_beside(path)


def _discard_beside(path: Path) -> None:
    for ending in _BESIDE:
        with suppress(FileNotFoundError):
            path.with_name(path.name + ending).unlink()
