"""The journal: the truth of a production, in one SQLite file.

Every step's result lies under the hash of what it was made from, so the same work is never done twice. Results are
committed in groups: a kill -9 costs at most the group in flight, and a committed result is never made again. What
people did (the ledger) is committed at once.
"""

from __future__ import annotations

import json
import sqlite3
import time
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shotwright.errors import ProductionError
from shotwright.model.review import LedgerEntry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from shotwright.model.language import ModelReply

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE result (
        key TEXT PRIMARY KEY, step TEXT NOT NULL, scene TEXT NOT NULL, value BLOB NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE current (
        step TEXT NOT NULL, scene TEXT NOT NULL, key TEXT NOT NULL, PRIMARY KEY (step, scene)
    ) WITHOUT ROWID;
    CREATE TABLE shot_name (
        scene TEXT NOT NULL, content TEXT NOT NULL, shot TEXT NOT NULL, PRIMARY KEY (scene, content)
    ) WITHOUT ROWID;
    CREATE TABLE film (
        scene TEXT PRIMARY KEY, place INTEGER NOT NULL, shots BLOB NOT NULL, flags TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE ledger (sequence INTEGER PRIMARY KEY, entry TEXT NOT NULL);
    CREATE TABLE locked_number (kind TEXT NOT NULL, id TEXT NOT NULL, number TEXT NOT NULL, PRIMARY KEY (kind, id))
        WITHOUT ROWID;
    CREATE TABLE event (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, kind TEXT NOT NULL, scene TEXT NOT NULL,
        detail TEXT NOT NULL
    );
    """,
    """
    CREATE TABLE exchange (
        key TEXT PRIMARY KEY, agent TEXT NOT NULL, task TEXT NOT NULL, scene TEXT NOT NULL, model TEXT NOT NULL,
        input_tokens INTEGER NOT NULL, cached_tokens INTEGER NOT NULL, output_tokens INTEGER NOT NULL,
        seconds REAL NOT NULL, cost_usd REAL, request BLOB NOT NULL, reply BLOB NOT NULL
    ) WITHOUT ROWID;
    """,
)
"""One script a version; the file's `user_version` says how many have been run. Never edit one that has shipped."""

GROUP_SECONDS = 0.5
"""How long results may wait for their group's commit."""


@dataclass(frozen=True, slots=True)
class Result:
    key: str
    step: str
    scene: str
    value: str


@dataclass(frozen=True, slots=True)
class FilmRow:
    """A scene's place in the film."""

    scene: str
    shots: list[tuple[str, str]]
    """(shot id, the script text that it carries), in order."""
    flags: str
    """What the Supervisor flagged across the cut into or out of the scene, as a JSON array."""


class Journal:
    """One production's journal. A single writer (the folder's lock sees to it); readers open it `readonly`."""

    def __init__(self, path: Path, *, readonly: bool = False, dry: bool = False) -> None:
        """`dry` keeps every write in memory: a rehearsal that leaves the file as it was."""
        self.path = path
        self.dry = dry
        self._pending: dict[str, tuple[Result, bytes | None]] = {}
        """Results of the group in flight, packed already when they came from the second process."""
        self._group_began = 0.0
        self.unwritten: dict[str, ModelReply] = {}
        """Exchanges of a rehearsal, which writes nothing."""
        try:
            self._db = self._open(path, readonly)
            self._migrate(readonly)
        except sqlite3.DatabaseError as error:
            raise self._damage(error) from error

    @staticmethod
    def _open(path: Path, readonly: bool) -> sqlite3.Connection:
        if readonly:
            db = sqlite3.connect(f"file:{path.as_posix()}?mode=ro", uri=True, isolation_level=None)
        else:
            db = sqlite3.connect(path, isolation_level=None)
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA synchronous=FULL")
        db.execute("PRAGMA busy_timeout=10000")
        return db

    def _migrate(self, readonly: bool) -> None:
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version > len(MIGRATIONS):
            raise ProductionError(
                f"{self.path}: written by a newer shotwright (format {version}, this one knows {len(MIGRATIONS)})",
                hint="upgrade shotwright to open this production",
            )
        if readonly and version < len(MIGRATIONS):
            # An older format, or a file that a killed run had only begun: read as of today, and left as it is.
            memory = sqlite3.connect(":memory:", isolation_level=None)
            self._db.backup(memory)
            self._db.close()
            self._db = memory
        for number in range(version, len(MIGRATIONS)):
            self._db.executescript(f"BEGIN IMMEDIATE; {MIGRATIONS[number]}; PRAGMA user_version={number + 1}; COMMIT;")

    def _damage(self, error: sqlite3.DatabaseError) -> ProductionError:
        text = str(error)
        if "full" in text or "disk I/O" in text:
            return ProductionError(
                f"{self.path}: no space left to write ({text})",
                hint="free some space and run again: everything committed so far is kept",
            )
        if "readonly" in text or "unable to open" in text:
            return ProductionError(f"{self.path}: cannot write here ({text})", hint="check the folder's permissions")
        if "locked" in text:
            return ProductionError(f"{self.path}: busy ({text})", hint="another process writes here; try again")
        return ProductionError(
            f"{self.path}: not a journal, or damaged ({text})",
            hint="restore the folder from a backup, or run into a new one with --out DIR",
        )

    # results

    def get(self, key: str) -> str | None:
        waiting = self._pending.get(key)
        if waiting is not None:
            result, packed = waiting
            return result.value if packed is None else unpack(packed)
        row = self._db.execute("SELECT value FROM result WHERE key = ?", (key,)).fetchone()
        return None if row is None else unpack(row[0])

    def put(self, key: str, step: str, scene: str, value: str, packed: bytes | None = None) -> None:
        """Add a result to the group in flight; the group is committed when it is old enough. `packed` stands for the
        value when it is packed already."""
        now = time.monotonic()
        if not self._pending:
            self._group_began = now
        self._pending[key] = (Result(key, step, scene, value), packed)
        if now - self._group_began > GROUP_SECONDS and not self.dry:
            self.flush()

    def detach(self) -> None:
        """In a forked process: never touch the parent's connection again; read through an own one, keep writes."""
        self._parents = self._db
        self.dry = True
        if self.path.exists():
            self._db = self._open(self.path, readonly=True)

    def flush(self) -> None:
        """Commit the group in flight."""
        if not self._pending or self.dry:
            return
        rows = [(r.key, r.step, r.scene, pack(r.value) if blob is None else blob) for r, blob in self._pending.values()]
        with self.transaction() as db:
            db.executemany("INSERT OR IGNORE INTO result VALUES (?, ?, ?, ?)", rows)
        self._pending.clear()

    @property
    def connection(self) -> sqlite3.Connection:
        """For reading tables that other modules own."""
        return self._db

    def transaction(self) -> _Transaction:
        return _Transaction(self)

    def current(self, step: str) -> dict[str, str]:
        """Scene id (or empty) -> key of the result that the last finished run stands on."""
        rows = self._db.execute("SELECT scene, key FROM current WHERE step = ? ORDER BY scene", (step,))
        return {scene: key for scene, key in rows}

    def current_key(self, step: str, scene: str = "") -> str | None:
        """Key of one result that the last finished run stands on."""
        row = self._db.execute("SELECT key FROM current WHERE step = ? AND scene = ?", (step, scene)).fetchone()
        return None if row is None else str(row[0])

    def current_value(self, step: str, scene: str = "") -> str | None:
        row = self._db.execute(
            "SELECT r.value FROM current c JOIN result r ON r.key = c.key WHERE c.step = ? AND c.scene = ?",
            (step, scene),
        ).fetchone()
        return None if row is None else unpack(row[0])

    def result_counts(self) -> dict[str, int]:
        return dict(self._db.execute("SELECT step, count(*) FROM result GROUP BY step ORDER BY step"))

    # small facts

    def meta(self, name: str) -> str | None:
        row = self._db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def set_meta(self, name: str, value: str) -> None:
        if self.dry:
            return
        with self.transaction() as db:
            db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    # names of shots

    def shot_names(self) -> dict[tuple[str, str], str]:
        return {(s, c): n for s, c, n in self._db.execute("SELECT scene, content, shot FROM shot_name")}

    # the film as last put together

    def film(self) -> list[FilmRow]:
        """The scenes of the film as the last run left it, in order. Their shots lie in the results of step `scene`."""
        rows = self._db.execute("SELECT scene, shots, flags FROM film ORDER BY place")
        return [FilmRow(s, [(i, t) for i, t in json.loads(unpack(v))], f) for s, v, f in rows]

    def commit_run(
        self,
        *,
        current: Iterable[tuple[str, str, str]],
        film: Iterable[FilmRow] | None,
        names: Iterable[tuple[str, str, str]],
        meta: dict[str, str],
    ) -> None:
        """Make a finished run the production's state, in one transaction. `film` None leaves the film as it was."""
        if self.dry:
            return
        self.flush()
        with self.transaction() as db:
            db.execute("DELETE FROM current")
            db.executemany("INSERT INTO current VALUES (?, ?, ?)", list(current))
            if film is not None:
                db.execute("DELETE FROM film")
                rows = [(f.scene, place, pack(dumps(f.shots)), f.flags) for place, f in enumerate(film)]
                db.executemany("INSERT INTO film VALUES (?, ?, ?, ?)", rows)
            db.executemany("INSERT OR IGNORE INTO shot_name VALUES (?, ?, ?)", list(names))
            db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", list(meta.items()))

    # what people did

    def ledger(self) -> list[LedgerEntry]:
        rows = self._db.execute("SELECT entry FROM ledger ORDER BY sequence")
        return [LedgerEntry.model_validate_json(text) for (text,) in rows]

    def append(self, entries: Iterable[LedgerEntry]) -> list[LedgerEntry]:
        """Add acts of a person; their sequence numbers are given here. Committed before this returns."""
        done: list[LedgerEntry] = []
        with self.transaction() as db:
            last = db.execute("SELECT coalesce(max(sequence), 0) FROM ledger").fetchone()[0]
            for entry in entries:
                last += 1
                numbered = entry.model_copy(update={"sequence": last})
                db.execute("INSERT INTO ledger VALUES (?, ?)", (last, numbered.model_dump_json()))
                done.append(numbered)
        return done

    def locked_numbers(self) -> dict[tuple[str, str], str]:
        """(`scene` | `shot` | `setup` | `cue`, id) -> the number that it keeps since the first approval; (`slate`, shot
        id) -> the slate that the shot stood under."""
        return {(k, i): n for k, i, n in self._db.execute("SELECT kind, id, number FROM locked_number")}

    def lock_numbers(self, rows: Iterable[tuple[str, str, str]]) -> None:
        if self.dry:
            return
        with self.transaction() as db:
            db.executemany("INSERT OR IGNORE INTO locked_number VALUES (?, ?, ?)", list(rows))

    # events

    def log(self, events: Iterable[tuple[str, str, str]]) -> None:
        """(kind, scene, detail): what people may want to read of a run. Kept to the last ten thousand."""
        rows = [(time.time(), kind, scene, detail) for kind, scene, detail in events]
        if self.dry or not rows:
            return
        with self.transaction() as db:
            db.executemany("INSERT INTO event (at, kind, scene, detail) VALUES (?, ?, ?, ?)", rows)
            db.execute("DELETE FROM event WHERE sequence <= (SELECT max(sequence) FROM event) - 10000")

    def events(self, limit: int = 200) -> list[dict[str, Any]]:
        rows = self._db.execute(
            "SELECT sequence, at, kind, scene, detail FROM event ORDER BY sequence DESC LIMIT ?", (limit,)
        )
        return [dict(zip(("sequence", "at", "kind", "scene", "detail"), row, strict=True)) for row in rows][::-1]

    # upkeep

    def verify(self) -> str:
        """`ok`, or what SQLite finds wrong with the file, or the first result that cannot be read."""
        verdict = str(self._db.execute("PRAGMA integrity_check").fetchone()[0])
        if verdict != "ok":
            return verdict
        for key, blob in self._db.execute("SELECT key, value FROM result"):
            try:
                unpack(blob)
            except (zlib.error, UnicodeDecodeError):
                return f"result {key} is damaged"
        return "ok"

    def clean(self) -> tuple[int, int]:
        """Drop results that the current state does not stand on. Returns (results dropped, bytes freed)."""
        before = self.path.stat().st_size
        with self.transaction() as db:
            dropped = db.execute("DELETE FROM result WHERE key NOT IN (SELECT key FROM current)").rowcount
        self._db.execute("VACUUM")
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return dropped, max(0, before - self.path.stat().st_size)

    def close(self) -> None:
        try:
            self.flush()
            self._db.close()
        except sqlite3.DatabaseError as error:
            raise self._damage(error) from error

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self.close()
        else:
            self._db.close()


class _Transaction:
    """BEGIN IMMEDIATE … COMMIT, with SQLite's errors told as one clear line."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def __enter__(self) -> sqlite3.Connection:
        try:
            self._journal._db.execute("BEGIN IMMEDIATE")
        except sqlite3.DatabaseError as error:
            raise self._journal._damage(error) from error
        return self._journal._db

    def __exit__(self, kind: object, error: BaseException | None, _: object) -> None:
        db = self._journal._db
        try:
            db.execute("COMMIT" if kind is None else "ROLLBACK")
        except sqlite3.DatabaseError as failure:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise self._journal._damage(failure) from failure
        if isinstance(error, sqlite3.DatabaseError):
            raise self._journal._damage(error) from error


def pack(value: str) -> bytes:
    """Text as stored: deflated, because shots repeat each other's words."""
    return zlib.compress(value.encode(), 1)


def unpack(blob: bytes) -> str:
    return zlib.decompress(blob).decode()


def dumps(value: Any) -> str:
    """Compact JSON with sorted keys: for parts of a key that are not model values."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def iterate_results(journal: Journal, step: str) -> Iterator[tuple[str, str]]:
    """(scene, value) of every current result of a step."""
    for scene in journal.current(step):
        value = journal.current_value(step, scene)
        if value is not None:
            yield scene, value
