"""Pictures and masks of a production, by the sha256 of their content: the same bytes lie there once."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from typing import TYPE_CHECKING

from shotwright.errors import ProductionError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NAME = re.compile(r"[0-9a-f]{64}")
ENDINGS = {b"\xff\xd8\xff": ".jpg", b"\x89PNG": ".png", b"RIFF": ".webp"}
"""First bytes of a picture file -> its ending, so that a person can open it."""


class Blobs:
    """A folder of blobs. Any number of processes may put the same blob: it is written beside its place and renamed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, data: bytes) -> str:
        """Keep bytes; returns their sha256."""
        name = hashlib.sha256(data).hexdigest()
        path = self._path(name, data)
        if path.exists() and path.stat().st_size == len(data):
            return name
        beside = path.with_name(f".{name}.{os.getpid()}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            beside.write_bytes(data)
            beside.replace(path)
        except OSError as error:
            with contextlib.suppress(OSError):
                beside.unlink()
            raise ProductionError(
                f"{path}: cannot write ({error.strerror or error})",
                hint="free some space and run again: everything finished so far is kept",
            ) from error
        return name

    def get(self, sha256: str) -> bytes | None:
        """The bytes; None when they are not there or are not what their name says."""
        path = self.find(sha256)
        try:
            data = path.read_bytes() if path is not None else None
        except OSError:
            return None
        return data if data is not None and hashlib.sha256(data).hexdigest() == sha256 else None

    def find(self, sha256: str) -> Path | None:
        if not _NAME.fullmatch(sha256):
            return None
        stem = self.folder / sha256[:2] / sha256
        return next((p for e in ENDINGS.values() if (p := stem.with_suffix(e)).is_file()), None)

    def has(self, sha256: str) -> bool:
        """Whether it lies there; its bytes are not read."""
        return self.find(sha256) is not None

    def all(self) -> Iterator[tuple[str, Path]]:
        """(sha256, file) of every blob, in order."""
        for path in sorted(self.folder.glob("??/*")):
            if _NAME.fullmatch(path.stem):
                yield path.stem, path

    def keep_only(self, wanted: set[str]) -> tuple[int, int]:
        """Remove every blob that is not wanted, and what killed writers left. Returns (files, bytes)."""
        files = freed = 0
        for path in sorted(self.folder.glob("??/*")) + sorted(self.folder.glob("??/.*")):
            if path.stem in wanted and not path.name.startswith("."):
                continue
            files, freed = files + 1, freed + path.stat().st_size
            path.unlink(missing_ok=True)
        return files, freed

    def _path(self, name: str, data: bytes) -> Path:
        ending = next((e for start, e in ENDINGS.items() if data.startswith(start)), "")
        if not ending:
            raise ProductionError("this is no picture that is kept", hint="JPEG, PNG or WebP")
        return self.folder / name[:2] / (name + ending)
