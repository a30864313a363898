"""The shot library and the media that a service holds: pictures by content, the rest in SQLite."""

from __future__ import annotations

import contextlib
import math
import re
import sqlite3
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from shotwright.errors import VisionError
from shotwright.model.ids import digest
from shotwright.model.vision import LibraryShot
from shotwright.vision.holdings import Holdings
from shotwright.vision.pictures import sha256_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

MOST_MEDIA_BYTES = 20 * 1024**3
"""Of all pictures that people upload; beyond that uploads are refused, nothing is thrown away."""
MOST_EMBEDDING_BYTES = 512 * 1024 * 1024
"""Of the cache of embeddings on disk: 220,000 pictures at 600 numbers each."""
PRUNED_EVERY = 2000
"""Embeddings after which a process that goes on and on looks whether the cache is over its bound: 5 MB."""
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
    """Media, embeddings and annotated shots in one folder.

    A server has its folder to itself; with `shared` several processes may open one. Safe for many threads, over a
    fork, and against being killed at any moment.
    """

    def __init__(self, folder: Path, *, shared: bool = False, cache_bytes: int = MOST_EMBEDDING_BYTES) -> None:
        self._held = Holdings(folder, shared=shared)
        self._cache_bytes = cache_bytes
        self._kept = 0
        """Embeddings since the cache was last pruned."""
        self._used: set[str] = set()
        """Embeddings asked for that the file does not know of yet."""

    def put_picture(
        self, data: bytes, filename: str, content_type: str, width: int, height: int, kind: str
    ) -> tuple[Media, bool]:
        """Keep a picture. The same bytes are the same asset: (it, whether it is new)."""
        sha256 = sha256_of(data)
        asset_id = f"as_{sha256[:32]}"
        with self._held.change():
            known = self.media(asset_id)
            if known is not None:
                return known, False
            held = self._held.db.execute("SELECT coalesce(sum(file_size), 0) FROM media").fetchone()[0]
            if held + len(data) > MOST_MEDIA_BYTES:
                raise VisionError("the service holds all the pictures that it may", hint="delete some (DELETE /media)")
            self._held.write_blob(sha256, data)
            self._held.db.execute(
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
        with self._held.lock:
            row = self._held.db.execute("SELECT * FROM media WHERE asset_id=?", (asset_id,)).fetchone()
        return None if row is None else Media(*row)

    def picture(self, asset_id: str) -> bytes | None:
        """The bytes of an asset."""
        # Under the lock, or it could be forgotten between the row and the file.
        with self._held.lock:
            found = self.media(asset_id)
            return None if found is None else self._held.read_blob(found.sha256)

    def path_of(self, asset_id: str) -> Path | None:
        """Where the bytes of an asset lie, for what must not be read into memory whole."""
        found = self.media(asset_id)
        return None if found is None else self._held.blob(found.sha256)

    def forget(self, asset_id: str) -> bool:
        """Remove an asset; its bytes stay while a library shot shows them."""
        with self._held.lock:
            found = self.media(asset_id)
            if found is None:
                return False
            with self._held.change():
                self._held.db.execute("DELETE FROM media WHERE asset_id=?", (asset_id,))
            if self._held.db.execute("SELECT 1 FROM shot WHERE image_sha256=?", (found.sha256,)).fetchone() is None:
                self._held.blob(found.sha256).unlink(missing_ok=True)
        return True

    def mark_features(self, asset_id: str) -> None:
        """Say that an asset's features have been extracted."""
        with self._held.change():
            self._held.db.execute("UPDATE media SET features=1 WHERE asset_id=?", (asset_id,))

    def put_frame(self, shot_id: str, frame: str, asset_id: str) -> None:
        """Say which asset is a shot's frame; the last word counts."""
        with self._held.change():
            self._held.db.execute("INSERT OR REPLACE INTO frame VALUES (?,?,?)", (shot_id, frame, asset_id))

    def frame(self, shot_id: str, frame: str) -> bytes | None:
        with self._held.lock:
            row = self._held.db.execute(
                "SELECT asset_id FROM frame WHERE shot_id=? AND frame=?", (shot_id, frame)
            ).fetchone()
        return None if row is None else self.picture(row[0])

    def embedding(self, key: str) -> bytes | None:
        with self._held.lock:
            row = self._held.db.execute("SELECT vector FROM embedding WHERE key=?", (key,)).fetchone()
        if row is None:
            return None
        self._used.add(key)
        return bytes(row[0])

    def keep_embeddings(self, vectors: Mapping[str, bytes]) -> None:
        """Keep embeddings, in one transaction. A full disk fails nobody: a lost one is computed again."""
        rows = [(key, vector, _now()) for key, vector in vectors.items()]
        with self._held.lock, contextlib.suppress(sqlite3.Error, VisionError):
            # For the same reason it needs no flush to the disk of its own.
            self._held.db.execute("PRAGMA synchronous=NORMAL")
            try:
                with self._held.change() as db:
                    db.executemany("INSERT OR IGNORE INTO embedding (key, vector, used) VALUES (?,?,?)", rows)
            finally:
                self._held.db.execute("PRAGMA synchronous=FULL")
            self._kept += len(rows)
            if self._kept >= PRUNED_EVERY:
                self.prune_embeddings()

    def prune_embeddings(self) -> int:
        """Forget the embeddings that were longest not asked for, until the rest are nine tenths of the bound; how many
        were forgotten. Nothing happens under the bound, and media are never touched."""
        most_bytes, self._kept = self._cache_bytes, 0
        with self._held.change() as db:
            used, self._used = sorted(self._used), set()
            db.executemany("UPDATE embedding SET used=? WHERE key=?", [(_now(), key) for key in used])
            count, held = db.execute("SELECT count(*), coalesce(sum(length(vector)), 0) FROM embedding").fetchone()
            if held <= most_bytes:
                return 0
            over: int = min(math.ceil((held - 0.9 * most_bytes) / (held / count)), count)
            db.execute(
                "DELETE FROM embedding WHERE key IN (SELECT key FROM embedding ORDER BY used, key LIMIT ?)", (over,)
            )
            return over

    def add(self, shots: Sequence[LibraryShot], pictures: Sequence[bytes | None]) -> tuple[list[str], int]:
        """Put annotated shots with their keyframes: (their ids in order, how many were new), all or none."""
        ids, added = [], 0
        with self._held.change():
            for shot, data in zip(shots, pictures, strict=True):
                sha256 = "" if data is None else sha256_of(data)
                bare = shot.model_copy(update={"id": "", "image": None})
                name = f"ls_{digest(bare.canonical_json(), sha256, length=16)}"
                ids.append(name)
                if self._held.db.execute("SELECT 1 FROM shot WHERE id=?", (name,)).fetchone():
                    continue
                if data is not None:
                    self._held.write_blob(sha256, data)
                stored = bare.model_copy(update={"id": name}).canonical_json()
                number = self._held.db.execute(
                    "INSERT INTO shot (id, image_sha256, shot) VALUES (?,?,?)", (name, sha256, stored)
                ).lastrowid
                self._held.db.executemany(
                    "INSERT INTO word VALUES (?,?,?)", [(w, number, n) for w, n in sorted(_weights(shot).items())]
                )
                added += 1
        return ids, added

    def size(self) -> int:
        with self._held.lock:
            return int(self._held.db.execute("SELECT count(*) FROM shot").fetchone()[0])

    def revision(self) -> str:
        """Changes with the shots."""
        with self._held.lock:
            row = self._held.db.execute("SELECT count(*), coalesce(max(number), 0) FROM shot").fetchone()
            last = self._held.db.execute("SELECT id FROM shot ORDER BY number DESC LIMIT 1").fetchone()
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
        with self._held.lock:
            total = int(self._held.db.execute(f"SELECT count(*) FROM shot WHERE {condition}", values).fetchone()[0])
            rows = self._held.db.execute(
                f"SELECT shot FROM shot WHERE {condition} ORDER BY number LIMIT ? OFFSET ?", (*values, limit, offset)
            ).fetchall()
        return [LibraryShot.model_validate_json(row[0]) for row in rows], total

    def keyframe(self, library_id: str) -> bytes | None:
        """The picture of a library shot."""
        with self._held.lock:
            row = self._held.db.execute("SELECT image_sha256 FROM shot WHERE id=?", (library_id,)).fetchone()
        return None if row is None or not row[0] else self._held.read_blob(row[0])

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
        with self._held.lock:
            for word in sorted(asked):
                rows = self._held.db.execute("SELECT shot, weight FROM word WHERE word=?", (word,)).fetchall()
                rarity = 1.0 - len(rows) / (total + 1.0)
                worth = asked[word] * rarity
                whole += worth if rows or asked[word] > 1.0 else 0.25 * worth
                for number, weight in rows:
                    scores[number] = scores.get(number, 0.0) + worth * weight / (weight + 0.5)
                    met.setdefault(number, []).append(word)
            best = sorted(scores, key=lambda n: (-scores[n], n))[:limit]
            found = {
                n: self._held.db.execute("SELECT shot FROM shot WHERE number=?", (n,)).fetchone()[0] for n in best
            }  # fmt: skip
        return [
            Hit(LibraryShot.model_validate_json(found[n]), min(scores[n] / whole, 1.0) if whole else 0.0, tuple(met[n]))
            for n in best
        ]

    def close(self) -> None:
        """Let go of the folder."""
        self._held.close()


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


def _now() -> int:
    """Seconds since 1970: only to know which embedding was asked for longest ago."""
    return int(time.time())


def utc_now() -> str:
    """ISO 8601, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
