"""The production folder: where things lie, the lock that one run holds, and writes that are whole or not at all."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import tempfile
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shotwright.errors import ProductionError
from shotwright.model.ids import digest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SUFFIX = ".shotwright"


@dataclass(frozen=True, slots=True)
class ProductionFolder:
    """One production on disk: `film.shotwright/` beside `film.fountain`, or wherever `--out` says."""

    path: Path

    @classmethod
    def beside(cls, screenplay: Path) -> ProductionFolder:
        return cls(screenplay.with_suffix(SUFFIX))

    @property
    def journal(self) -> Path:
        return self.path / "journal.sqlite"

    @property
    def store(self) -> Path:
        return self.path / "story.sqlite"

    @property
    def store_name(self) -> str:
        """The production's name in a store: of the folder's name what such names may hold, and a mark of the rest."""
        stem = self.path.resolve().name.removesuffix(SUFFIX)
        plain = unicodedata.normalize("NFKD", stem.casefold()).encode("ascii", "ignore").decode()
        name = re.sub(r"[^a-z0-9_-]+", "-", plain).strip("-_")[:48]
        return name if name and stem.isascii() else f"{name or 'film'}-{digest(stem, length=8)}"

    @property
    def settings(self) -> Path:
        return self.path / "shotwright.toml"

    @property
    def shots(self) -> Path:
        return self.path / "shots.json"

    @property
    def frames(self) -> Path:
        return self.path / "frames"

    @property
    def vision(self) -> Path:
        return self.path / "vision"

    @property
    def summary(self) -> Path:
        return self.path / "summary.md"

    def exists(self) -> bool:
        return self.journal.is_file()

    def require(self) -> None:
        """Raise when there is no production here."""
        if self.exists():
            return
        if not self.path.exists():
            raise ProductionError(f"{self.path}: no such folder", hint="shotwright run SCREENPLAY makes one")
        raise ProductionError(
            f"{self.path}: not a production folder (no {self.journal.name} in it)",
            hint="shotwright run SCREENPLAY makes one, in SCREENPLAY's name with .shotwright at the end",
        )

    def create(self) -> None:
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self.path, prefix=".probe-"):
                pass
        except OSError as error:
            raise ProductionError(
                f"{self.path}: cannot write here ({error.strerror or error})",
                hint="name another folder with --out DIR",
            ) from error

    def size_bytes(self) -> int:
        return sum(f.stat().st_size for f in self.path.rglob("*") if f.is_file())

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder for one writer. The kernel frees the lock when the process ends, however it ends."""
        try:
            handle = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise ProductionError(f"{self.path}: cannot write here ({error.strerror or error})") from error
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                holder = os.pread(handle, 32, 0).decode("ascii", "replace").strip()
                raise ProductionError(
                    f"{self.path}: another run is working here" + (f" (process {holder})" if holder else ""),
                    hint="wait for it to end; shotwright status shows how far it is",
                ) from error
            with contextlib.suppress(OSError):
                os.ftruncate(handle, 0)
                os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
            _HELD.add(handle)
            yield
        finally:
            _HELD.discard(handle)
            os.close(handle)


_HELD: set[int] = set()


def forget_locks() -> None:
    """In a forked process: let go of the parent's locks, or they would outlive a parent that is killed."""
    for handle in _HELD:
        os.close(handle)
    _HELD.clear()


def write_whole(path: Path, data: str | bytes) -> None:
    """Write a file so that a reader, or a crash, finds the old one or the new one and never a part."""
    raw = data.encode() if isinstance(data, str) else data
    temporary = ""
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}-", delete=False) as handle:
            temporary = handle.name
            handle.write(raw)
            handle.flush()
            os.fsync(handle.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except OSError as error:
        if temporary:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
        raise ProductionError(f"{path}: cannot write ({error.strerror or error})", hint="is the disk full?") from error


def sweep_leftovers(folder: Path) -> None:
    """Remove what a killed run left half written: only our own temporary names."""
    for leftover in folder.glob(".*-*"):
        if leftover.is_file() and leftover.name.startswith((".shots.json-", ".summary.md-", ".probe-")):
            with contextlib.suppress(OSError):
                leftover.unlink()
