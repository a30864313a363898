"""The shot library and the media that a service holds, on disk: pictures by content, the rest in SQLite.

Safe against being killed at any moment. A picture is written beside its place, flushed, and renamed before the row that
names it is committed, so a row never lacks its picture; what a kill leaves over (half-written files, pictures that no
row names) is swept when the library is next opened. Every change is one transaction.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import secrets
import sqlite3
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from shotwright.errors import ConfigError, VisionError
from shotwright.model.ids import digest
from shotwright.model.vision import LibraryShot
from shotwright.vision.pictures import sha256_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

VERSION = 1
MOST_MEDIA_BYTES = 20 * 1024**3
"""Of all pictures that people upload; beyond that uploads are refused, nothing is thrown away."""
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_ASSET = re.compile(r"as_[0-9a-f]{32}")
WEIGHTS = {"tags": 3.0, "usage_situations": 2.0, "beat": 2.0, "scene_description": 1.0, "source": 0.5}
"""How much a word counts by where it stands: people choose tags with care."""


@dataclass(frozen=True, slots=True)
class Media:
    """A picture that the service holds. Sizes in bytes and pixels, `uploaded` in UTC (ISO 8601)."""

    asset_id: str
    sha256: str
    filename: str
    content_type: str
    file_size: int
    width: int
    height: int
    format: str
    uploaded: str
    features: int
    """1 once they have been extracted."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A library shot that a search found; `score` is 0-1, the best of the search is not stretched to 1."""

    shot: LibraryShot
    score: float
    words: tuple[str, ...]
    """Which words met."""


class ShotLibrary:
    """Media, embeddings and annotated shots in one folder. Safe for many threads of one process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._blobs = folder / "pictures"
        self._lock = threading.RLock()
        try:
            self._blobs.mkdir(parents=True, exist_ok=True)
            self._guard = _only_one(folder)
            self._db = sqlite3.connect(folder / "library.db", check_same_thread=False, isolation_level=None)
            self._db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;")
            version = int(self._db.execute("PRAGMA user_version").fetchone()[0])
            if version > VERSION:
                raise ConfigError(f"{folder}: the library was made by a newer shotwright (version {version})")
            self._db.executescript(files(__package__).joinpath("library.sql").read_text("utf-8"))
            self._db.execute(f"PRAGMA user_version={VERSION}")
            self._sweep()
        except (OSError, sqlite3.Error) as error:
            raise ConfigError(
                f"{folder}: the vision library cannot be opened: {error}", hint="give another folder with --data"
            ) from error

    def put_picture(
        self, data: bytes, filename: str, content_type: str, width: int, height: int, kind: str
    ) -> tuple[Media, bool]:
        """Keep a picture. The same bytes are the same asset: (it, whether it is new)."""
        sha256 = sha256_of(data)
        asset_id = f"as_{sha256[:32]}"
        with self._change():
            known = self.media(asset_id)
            if known is not None:
                return known, False
            held = self._db.execute("SELECT coalesce(sum(file_size), 0) FROM media").fetchone()[0]
            if held + len(data) > MOST_MEDIA_BYTES:
                raise VisionError("the service holds all the pictures that it may", hint="delete some (DELETE /media)")
            self._write_blob(sha256, data)
            self._db.execute(
                "INSERT INTO media VALUES (?,?,?,?,?,?,?,?,?,0)",
                (asset_id, sha256, filename, content_type, len(data), width, height, kind, utc_now()),
            )
            found = self.media(asset_id)
            assert found is not None
        return found, True

    def media(self, asset_id: str) -> Media | None:
        """What is known of an asset; None for one that is not there, whatever its id looks like."""
        if not _ASSET.fullmatch(asset_id):
            return None
        with self._lock:
            row = self._db.execute("SELECT * FROM media WHERE asset_id=?", (asset_id,)).fetchone()
        return None if row is None else Media(*row)

    def picture(self, asset_id: str) -> bytes | None:
        """The bytes of an asset."""
        # Under the lock, or it could be forgotten between the row and the file.
        with self._lock:
            found = self.media(asset_id)
            return None if found is None else self._read_blob(found.sha256)

    def forget(self, asset_id: str) -> bool:
        """Remove an asset; its bytes stay while a library shot shows them."""
        with self._lock:
            found = self.media(asset_id)
            if found is None:
                return False
            with self._change():
                self._db.execute("DELETE FROM media WHERE asset_id=?", (asset_id,))
            if self._db.execute("SELECT 1 FROM shot WHERE image_sha256=?", (found.sha256,)).fetchone() is None:
                self._blob(found.sha256).unlink(missing_ok=True)
        return True

    def mark_features(self, asset_id: str) -> None:
        """Say that an asset's features have been extracted."""
        with self._change():
            self._db.execute("UPDATE media SET features=1 WHERE asset_id=?", (asset_id,))

    def put_frame(self, shot_id: str, frame: str, asset_id: str) -> None:
        """Say which asset is a shot's frame; the last word counts."""
        with self._change():
            self._db.execute("INSERT OR REPLACE INTO frame VALUES (?,?,?)", (shot_id, frame, asset_id))

    def frame(self, shot_id: str, frame: str) -> bytes | None:
        with self._lock:
            row = self._db.execute(
                "SELECT asset_id FROM frame WHERE shot_id=? AND frame=?", (shot_id, frame)
            ).fetchone()
        return None if row is None else self.picture(row[0])

    def embedding(self, key: str) -> bytes | None:
        with self._lock:
            row = self._db.execute("SELECT vector FROM embedding WHERE key=?", (key,)).fetchone()
        return None if row is None else bytes(row[0])

    def keep_embedding(self, key: str, vector: bytes) -> None:
        # A lost embedding is computed again: this needs no flush to the disk of its own, and a full disk fails nobody.
        with self._lock, contextlib.suppress(sqlite3.Error):
            self._db.execute("PRAGMA synchronous=NORMAL")
            try:
                self._db.execute("INSERT OR IGNORE INTO embedding VALUES (?,?)", (key, vector))
            finally:
                self._db.execute("PRAGMA synchronous=FULL")

    def add(self, shots: Sequence[LibraryShot], pictures: Sequence[bytes | None]) -> tuple[list[str], int]:
        """Put annotated shots with their keyframes: (their ids in order, how many were new), all or none."""
        ids, added = [], 0
        with self._change():
            for shot, data in zip(shots, pictures, strict=True):
                sha256 = "" if data is None else sha256_of(data)
                bare = shot.model_copy(update={"id": "", "image": None})
                name = f"ls_{digest(bare.canonical_json(), sha256, length=16)}"
                ids.append(name)
                if self._db.execute("SELECT 1 FROM shot WHERE id=?", (name,)).fetchone():
                    continue
                if data is not None:
                    self._write_blob(sha256, data)
                stored = bare.model_copy(update={"id": name}).canonical_json()
                number = self._db.execute(
                    "INSERT INTO shot (id, image_sha256, shot) VALUES (?,?,?)", (name, sha256, stored)
                ).lastrowid
                self._db.executemany(
                    "INSERT INTO word VALUES (?,?,?)", [(w, number, n) for w, n in sorted(_weights(shot).items())]
                )
                added += 1
        return ids, added

    def size(self) -> int:
        with self._lock:
            return int(self._db.execute("SELECT count(*) FROM shot").fetchone()[0])

    def revision(self) -> str:
        """Changes with the shots."""
        with self._lock:
            row = self._db.execute("SELECT count(*), coalesce(max(number), 0) FROM shot").fetchone()
            last = self._db.execute("SELECT id FROM shot ORDER BY number DESC LIMIT 1").fetchone()
        return f"{row[0]}-{row[1]}-{last[0] if last else ''}"

    def shots(self, offset: int = 0, limit: int = 100, **filters: str) -> tuple[list[LibraryShot], int]:
        """(a page of the shots in the order in which they came, how many there are), by exact fields of `LibraryShot`;
        the filter `tag` asks for one of the tags."""
        where, values = ["1"], []
        for name, value in sorted(filters.items()):
            if name == "tag":
                where.append("EXISTS (SELECT 1 FROM json_each(shot, '$.tags') WHERE lower(value)=lower(?))")
            elif name in LibraryShot.model_fields:
                where.append(f"json_extract(shot, '$.{name}')=?")
            else:
                raise VisionError(f"the library has no field {name}")
            values.append(value)
        condition = " AND ".join(where)
        with self._lock:
            total = int(self._db.execute(f"SELECT count(*) FROM shot WHERE {condition}", values).fetchone()[0])
            rows = self._db.execute(
                f"SELECT shot FROM shot WHERE {condition} ORDER BY number LIMIT ? OFFSET ?", (*values, limit, offset)
            ).fetchall()
        return [LibraryShot.model_validate_json(row[0]) for row in rows], total

    def keyframe(self, library_id: str) -> bytes | None:
        """The picture of a library shot."""
        with self._lock:
            row = self._db.execute("SELECT image_sha256 FROM shot WHERE id=?", (library_id,)).fetchone()
        return None if row is None or not row[0] else self._read_blob(row[0])

    def search(self, text: str, tags: Iterable[str] = (), limit: int = 20) -> list[Hit]:
        """The shots whose annotation shares most with the words, rare words counting more, best first.

        `score` is the share of the question's weight (inverse document frequency; tags count threefold) that a shot
        meets, saturated by how prominently the shot bears the word.
        """
        asked: dict[str, float] = {}
        for word in words_of(text)[:200]:
            asked[word] = max(asked.get(word, 0.0), 1.0)
        for tag in tags:
            for word in words_of(tag):
                asked[word] = 3.0
        total = self.size()
        if not asked or not total:
            return []
        scores: dict[int, float] = {}
        met: dict[int, list[str]] = {}
        whole = 0.0
        with self._lock:
            for word in sorted(asked):
                rows = self._db.execute("SELECT shot, weight FROM word WHERE word=?", (word,)).fetchall()
                rarity = 1.0 - len(rows) / (total + 1.0)
                worth = asked[word] * rarity
                whole += worth if rows or asked[word] > 1.0 else 0.25 * worth
                for number, weight in rows:
                    scores[number] = scores.get(number, 0.0) + worth * weight / (weight + 0.5)
                    met.setdefault(number, []).append(word)
            best = sorted(scores, key=lambda n: (-scores[n], n))[:limit]
            found = {
                n: self._db.execute("SELECT shot FROM shot WHERE number=?", (n,)).fetchone()[0] for n in best
            }  # fmt: skip
        return [
            Hit(LibraryShot.model_validate_json(found[n]), min(scores[n] / whole, 1.0) if whole else 0.0, tuple(met[n]))
            for n in best
        ]

    def close(self) -> None:
        with self._lock:
            self._db.close()
            os.close(self._guard)

    def _blob(self, sha256: str) -> Path:
        return self._blobs / sha256[:2] / sha256

    def _read_blob(self, sha256: str) -> bytes:
        try:
            data = self._blob(sha256).read_bytes()
        except OSError as error:
            raise VisionError(f"a picture that the library names is gone from its folder: {sha256[:12]}…") from error
        if sha256_of(data) != sha256:
            raise VisionError(f"a picture of the library has changed on disk: {sha256[:12]}…")
        return data

    def _write_blob(self, sha256: str, data: bytes) -> None:
        place = self._blob(sha256)
        if place.exists():
            return
        place.parent.mkdir(exist_ok=True)
        beside = place.with_name(f"{sha256}.{secrets.token_hex(4)}.part")
        try:
            with beside.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(place)
            for folder in (place.parent, self._blobs):
                handle = os.open(folder, os.O_RDONLY)
                try:
                    os.fsync(handle)
                finally:
                    os.close(handle)
        except OSError as error:
            beside.unlink(missing_ok=True)
            raise VisionError(f"a picture cannot be kept: {error.strerror}", transient=True) from error

    def _sweep(self) -> None:
        """Remove what a kill left over: half-written files, and pictures that no row names."""
        named = {row[0] for row in self._db.execute("SELECT sha256 FROM media UNION SELECT image_sha256 FROM shot")}
        for path in self._blobs.glob("*/*"):
            if path.name not in named:
                path.unlink(missing_ok=True)

    @contextlib.contextmanager
    def _change(self) -> Iterator[None]:
        with self._lock:
            if self._db.in_transaction:
                yield
                return
            try:
                self._db.execute("BEGIN IMMEDIATE")
                yield
                self._db.execute("COMMIT")
            except BaseException as error:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                if isinstance(error, sqlite3.Error):
                    raise VisionError(f"the library cannot be written: {error}", transient=True) from error
                raise


def words_of(text: str) -> list[str]:
    """The words that count, folded, without endings that only inflect: `Slowly pushing` -> slow, push."""
    found = []
    for word in _WORD.findall(text.casefold()):
        if len(word) < 3 or word in _small_words():
            continue
        for ending in ("ing", "ed", "ly", "es", "s"):
            if word.endswith(ending) and len(word) - len(ending) >= 4 and not word.endswith("ss"):
                word = word.removesuffix(ending)
                break
        # `stopping` and `stops`, `quarrelling` and `quarrel`: one letter for two, in every word alike.
        found.append(word[:-1] if word[-1] == word[-2] and word[-1] not in "aeiou" else word)
    return found


@cache
def _small_words() -> frozenset[str]:
    return frozenset(files(__package__).joinpath("small_words.txt").read_text("utf-8").split())


def _weights(shot: LibraryShot) -> dict[str, float]:
    """Word -> how prominently a shot bears it."""
    found: dict[str, float] = {}
    for name, weight in WEIGHTS.items():
        value = getattr(shot, name)
        for text in value if isinstance(value, tuple) else (value or "",):
            for word in words_of(text.replace("_", " ")):
                found[word] = max(found.get(word, 0.0), weight)
    for term in (shot.shot_size, shot.angle, shot.framing, shot.movement, shot.key_style):
        for word in words_of((term or "").replace("_", " ")):
            found[word] = max(found.get(word, 0.0), 1.0)
    return found


def _only_one(folder: Path) -> int:
    """A kernel lock on the folder, held until closed: two processes would sweep each other's pictures."""
    handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        raise ConfigError(
            f"{folder}: another process has this vision library open", hint="give another folder with --data"
        ) from error
    return handle


def utc_now() -> str:
    """ISO 8601, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
