"""Opening the file: whose it is, which version of the schema it has, and the way forward from an older one.

The graph is a projection of the journal and can be made again from it, so `synchronous = NORMAL` is safe enough: a
power cut may cost the last commits, never the file. One process writes, any number read at the same time (WAL).
"""

from __future__ import annotations

import json
import sqlite3
import time
from typing import TYPE_CHECKING, Any

from shotwright.adapters.story_store.canonical import canonical, hash_of
from shotwright.adapters.story_store.sqlite.failures import name_of, trusting_contents
from shotwright.adapters.story_store.sqlite.statements import run_script, statement
from shotwright.adapters.story_store.words import searchable
from shotwright.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path

APPLICATION_ID = 0x53684757
"""`ShGW`: marks the file as a Story Graph, so that a foreign database is never written to."""
SCHEMA_VERSION = 3
BUSY_SECONDS = 10.0


def connect(path: Path | None, *, read_only: bool) -> sqlite3.Connection:
    if path is None:
        return sqlite3.connect(":memory:", isolation_level=None)
    if read_only and not path.exists():
        raise StoreError(f"there is no story graph at {path}", hint="`shotwright run` makes it")
    if read_only:
        address = f"{path.resolve().as_uri()}?mode=ro"
        return sqlite3.connect(address, uri=True, isolation_level=None, timeout=BUSY_SECONDS)
    return sqlite3.connect(path, isolation_level=None, timeout=BUSY_SECONDS)


def prepare(db: sqlite3.Connection, path: Path | None, production: str, *, read_only: bool) -> None:
    """Check whose file it is, and bring it to this version."""
    require_own(db, path, may_be_empty=not read_only)
    if read_only and version_of(db) < SCHEMA_VERSION:
        raise StoreError(f"{name_of(path)} is of an older version", hint="`shotwright run` brings it up to date")
    if not read_only:
        _write_ahead(db)
        db.execute("PRAGMA synchronous = NORMAL")
        # A film's first projection is about 1,500 pages: one wait for the disk at its end is enough.
        db.execute("PRAGMA wal_autocheckpoint = 4000")
        if version_of(db) < SCHEMA_VERSION:
            with trusting_contents(path):
                migrate(db, production)


def has_full_text(db: sqlite3.Connection) -> bool:
    """Whether the SQLite that made the file had FTS5."""
    return db.execute("SELECT 1 FROM sqlite_master WHERE name = 'node_words'").fetchone() is not None


def require_own(db: sqlite3.Connection, path: Path | None, *, may_be_empty: bool) -> None:
    """StoreError for a file that is not a Story Graph, or one of a newer version."""
    # In this order: another process may be making the file, and what is no longer empty bears the mark by then.
    empty = number(db, "SELECT COUNT(*) FROM sqlite_master") == 0
    mark = number(db, "PRAGMA application_id")
    if mark != APPLICATION_ID and not (mark == 0 and empty and may_be_empty):
        raise StoreError(f"{name_of(path)} is not a story graph", hint="name another file; this one was left as it is")
    if version_of(db) > SCHEMA_VERSION:
        raise StoreError(
            f"{name_of(path)} was written by a newer shotwright (graph version {version_of(db)}, "
            f"this one knows {SCHEMA_VERSION})",
            hint="upgrade shotwright, or delete the file: the next run makes it again from the journal",
        )


def version_of(db: sqlite3.Connection) -> int:
    return number(db, "PRAGMA user_version")


def number(db: sqlite3.Connection, query: str) -> int:
    return int(db.execute(query).fetchone()[0])


def migrate(db: sqlite3.Connection, production: str) -> None:
    """Bring the file to this version in one transaction: it is of the old or of the new one, never between."""
    db.create_function("canonical", 1, _canonical_text, deterministic=True)
    db.create_function("searchable", 1, _searchable_text, deterministic=True)
    db.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have migrated while this one waited for the lock.
        before = version_of(db)
        for version in range(before + 1, SCHEMA_VERSION + 1):
            run_script(db, statement(f"migrations/{version}.sql"), {"production": production})
        if before < SCHEMA_VERSION:
            if before == 1:
                _hash_again(db, production)
            run_script(db, statement("views.sql"), {})
            run_script(db, statement("statistics.sql"), {})
            db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
            if db.execute("SELECT 1 FROM pragma_compile_options WHERE compile_options = 'ENABLE_FTS5'").fetchone():
                run_script(db, statement("migrations/full_text.sql"), {})
                db.execute("INSERT INTO node_words (node_words) VALUES ('rebuild')")
        db.commit()
    except BaseException:
        db.rollback()
        raise


def scope_hash(db: sqlite3.Connection, production: str, scope: str) -> str:
    """The hash of what the tables hold of a scope now."""
    where = (production, scope)
    return hash_of(
        db.execute("SELECT id, kind, ord, data FROM nodes WHERE production = ? AND scope = ?", where),
        db.execute("SELECT key, kind, src, dst, ord, data FROM edges WHERE production = ? AND scope = ?", where),
    )


def _hash_again(db: sqlite3.Connection, production: str) -> None:
    """Version 1 hashed otherwise; a scope that something else had touched stays marked so."""
    whole = db.execute("SELECT scope FROM scopes WHERE production = ? AND content_hash <> ''", (production,)).fetchall()
    for (scope,) in whole:
        found = scope_hash(db, production, scope)
        db.execute("UPDATE scopes SET content_hash = ? WHERE production = ? AND scope = ?", (found, production, scope))


def _canonical_text(text: Any) -> str:
    return canonical(json.loads(text))


def _searchable_text(text: Any) -> str:
    return searchable(json.loads(text))


def _write_ahead(db: sqlite3.Connection) -> None:
    """Switch to WAL. SQLite does not wait for another process that does the same at this moment; this does."""
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return
