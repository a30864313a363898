"""A folder of pictures by content beside an SQLite file, safe against being killed at any moment.

A picture is written beside its place, flushed, and renamed before the row that names it is committed, so a row never
lacks its picture; what a kill leaves over (half-written files, pictures that no row names) is swept when the folder is
next opened by one process alone. Every change is one transaction.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import sqlite3
import threading
from importlib.resources import files
from typing import TYPE_CHECKING

from shotwright.errors import ConfigError, VisionError
from shotwright.vision.pictures import sha256_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

VERSION = 2
BUSY_SECONDS = 30.0
"""How long a change waits for another process's."""


class Holdings:
    """The folder of one process alone, or with `shared` of several at once, which then sweep nothing.

    Safe for many threads, and over a fork: a child opens the file anew. ConfigError where the folder cannot be used.
    """

    def __init__(self, folder: Path, *, shared: bool = False) -> None:
        self.folder = folder
        self.blobs = folder / "pictures"
        self.lock = threading.RLock()
        self._inherited: list[sqlite3.Connection] = []
        try:
            self.blobs.mkdir(parents=True, exist_ok=True)
            self._guard = _guarded(folder, shared)
            self._db = self._opened()
            self._pid = os.getpid()
            if not shared:
                self._sweep()
        except (OSError, sqlite3.Error) as error:
            raise ConfigError(
                f"{folder}: the vision library cannot be opened: {error}", hint="give another folder with --data"
            ) from error

    @property
    def db(self) -> sqlite3.Connection:
        """The connection; to be used under `lock`."""
        if self._pid != os.getpid():
            # A connection must not be used, nor even closed, on the other side of a fork.
            self._inherited.append(self._db)
            self._db = self._opened()
            self._pid = os.getpid()
        return self._db

    @contextlib.contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """One transaction; a change inside a change is part of it."""
        with self.lock:
            db = self.db
            if db.in_transaction:
                yield db
                return
            try:
                db.execute("BEGIN IMMEDIATE")
                yield db
                db.execute("COMMIT")
            except BaseException as error:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                if isinstance(error, sqlite3.Error):
                    raise VisionError(f"the library cannot be written: {error}", transient=True) from error
                raise

    def blob(self, sha256: str) -> Path:
        return self.blobs / sha256[:2] / sha256

    def read_blob(self, sha256: str) -> bytes:
        """The bytes under a hash, which they still have. Raises VisionError."""
        try:
            data = self.blob(sha256).read_bytes()
        except OSError as error:
            raise VisionError(f"a picture that the library names is gone from its folder: {sha256[:12]}…") from error
        if sha256_of(data) != sha256:
            raise VisionError(f"a picture of the library has changed on disk: {sha256[:12]}…")
        return data

    def write_blob(self, sha256: str, data: bytes) -> None:
        """Put bytes under their hash, on the disk before this returns."""
        place = self.blob(sha256)
        if place.exists():
            return
        beside = place.with_name(f"{sha256}.{secrets.token_hex(4)}.part")
        try:
            place.parent.mkdir(exist_ok=True)
            with beside.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(place)
            for folder in (place.parent, self.blobs):
                handle = os.open(folder, os.O_RDONLY)
                try:
                    os.fsync(handle)
                finally:
                    os.close(handle)
        except OSError as error:
            beside.unlink(missing_ok=True)
            raise VisionError(f"a picture cannot be kept: {error.strerror}", transient=True) from error

    def close(self) -> None:
        with self.lock:
            if self._pid == os.getpid():
                self._db.close()
            os.close(self._guard)

    def _opened(self) -> sqlite3.Connection:
        db = sqlite3.connect(
            self.folder / "library.db", timeout=BUSY_SECONDS, check_same_thread=False, isolation_level=None
        )
        try:
            db.executescript("PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;")
            version = _version(db)
            if version > VERSION:
                raise ConfigError(f"{self.folder}: the library was made by a newer shotwright (version {version})")
            if version < VERSION:
                _migrate(db, self.folder)
        except BaseException:
            db.close()
            raise
        return db

    def _sweep(self) -> None:
        named = {row[0] for row in self._db.execute("SELECT sha256 FROM media UNION SELECT image_sha256 FROM shot")}
        for path in self.blobs.glob("*/*"):
            if path.name not in named:
                path.unlink(missing_ok=True)


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def _migrate(db: sqlite3.Connection, folder: Path) -> None:
    """Bring a file to this version; of several processes that come at once, one does it."""
    with (folder / "opening").open("w") as turn:
        # SQLite does not wait its turn to change the journal's mode.
        fcntl.flock(turn, fcntl.LOCK_EX)
        version = _version(db)
        if version == VERSION:
            return
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("BEGIN IMMEDIATE")
        for statement in _statements("library_from_1.sql" if version else "library.sql"):
            db.execute(statement)
        db.execute(f"PRAGMA user_version={VERSION}")
        db.execute("COMMIT")


def _statements(name: str) -> list[str]:
    """The statements of a script, for a transaction of the caller's: `executescript` would end it."""
    text = files(__package__).joinpath(name).read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("--")]
    return [statement for statement in "\n".join(lines).split(";") if statement.strip()]


def _guarded(folder: Path, shared: bool) -> int:
    """A kernel lock on the folder, held until closed: a process that sweeps must be alone."""
    handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        raise ConfigError(
            f"{folder}: another process has this vision library open", hint="give another folder with --data"
        ) from error
    return handle
