"""A film into shots: where it is cut, how the camera moves in each, what size and light its keyframe has.

The film's bytes are read by a process of its own (`vision.video_reading`), which may use so much time and memory and no
more; what comes back is numbers and keyframes. Cuts are PySceneDetect's; dissolves and fades are not looked for.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shotwright.errors import VisionError
from shotwright.vision.pictures import Unreadable
from shotwright.vision.video_motion import CameraMove

if TYPE_CHECKING:
    from shotwright.model.vocabulary import MovementType

CONTAINERS = {"mp4": ("video/mp4", "MP4"), "matroska": ("video/webm", "WEBM")}
"""How a container is opened: its media type, and its name."""
NEEDED = ("av", "cv2", "scenedetect")
THRESHOLD = 0.3
CLOCK = 3.0
"""Wall-clock seconds allowed for each CPU second: other work goes on beside."""
_ZOOMS = frozenset({"zoom_in", "zoom_out"})
_STILL = frozenset({"static", "handheld", *_ZOOMS})


@dataclass(frozen=True, slots=True)
class FilmBounds:
    """What a film may be, and what reading it may cost."""

    most_bytes: int = 64 * 1024 * 1024
    most_seconds: float = 900.0
    most_pixels: int = 9_000_000
    """Of one frame: 4K."""
    cpu_seconds: float = 300.0
    most_memory: int = 4 * 1024**3
    """Bytes of address space."""


@dataclass(frozen=True, slots=True)
class FilmFacts:
    width: int
    height: int
    rate: float
    """Frames a second."""
    seconds: float
    codec: str


@dataclass(frozen=True, slots=True)
class FilmShot:
    """One shot of a film. Times in seconds from its first frame."""

    start: float
    end: float
    move: CameraMove
    keyframe: bytes | None
    """JPEG, at most 960 pixels across."""
    keyframe_at: float | None

    @property
    def movement(self) -> MovementType | None:
        """The move in the words of a shot; a zoom moves the lens, not the camera."""
        if self.move.kind == "unknown":
            return None
        return "static" if self.move.kind in _STILL else self.move.kind  # type: ignore[return-value]

    def tags(self) -> tuple[str, ...]:
        """What the movement alone does not say."""
        found: list[str] = [self.move.kind] if self.move.kind in _ZOOMS else []
        found += ["handheld"] if self.move.handheld else []
        if self.move.kind not in _STILL and self.move.confidence < 0.4:
            found.append("uncertain move")
        return tuple(found)


def container_of(head: bytes) -> str | None:
    """The container of a film by its first bytes, `mp4` or `matroska`; None for anything else."""
    if head[4:8] == b"ftyp":
        return "mp4"
    return "matroska" if head[:4] == b"\x1a\x45\xdf\xa3" else None


def measure_film(path: Path, bounds: FilmBounds) -> FilmFacts:
    """What a film is, with its first frame decoded. Raises Unreadable where it cannot be used."""
    answer, _ = _asked(path, bounds, None, shots=False)
    return _facts(answer)


def find_shots(
    path: Path, bounds: FilmBounds, *, threshold: float = THRESHOLD, keyframes: bool = True
) -> tuple[FilmFacts, list[FilmShot]]:
    """The shots of a film in order, one at least. `threshold` 0-1: the higher, the fewer cuts. Raises Unreadable where
    the film cannot be used, or costs more than the bounds allow."""
    with tempfile.TemporaryDirectory(prefix="shotwright-film-") as folder:
        answer, _ = _asked(path, bounds, Path(folder), shots=True, threshold=threshold, keyframes=keyframes)
        return _facts(answer), [_shot(row, Path(folder)) for row in answer["shots"]]


@cache
def missing() -> str:
    """The first library that reading films needs and that is not installed, or nothing."""
    return next((name for name in NEEDED if find_spec(name) is None), "")


def _asked(path: Path, bounds: FilmBounds, folder: Path | None, **rest: Any) -> tuple[dict[str, Any], Path]:
    if missing():
        raise VisionError(f"reading films needs {missing()}, which is not installed",
                          hint='pip install "shotwright[video]"')  # fmt: skip
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            container = container_of(file.read(16))
    except OSError as error:
        raise Unreadable(f"{path.name} cannot be read: {error.strerror}", hint="give a film's file") from error
    if size > bounds.most_bytes:
        raise Unreadable(f"the film has {size:,} bytes, over {bounds.most_bytes:,}", kind="too_large",
                         hint="cut it, or send it smaller")  # fmt: skip
    if container is None:
        raise Unreadable("these bytes are no MP4, MOV, WebM or Matroska film", kind="media_type",
                         hint="send MP4, MOV, WebM or Matroska")  # fmt: skip
    request = {
        "path": str(path), "container": container, "folder": str(folder or ""), "most_seconds": bounds.most_seconds,
        "most_pixels": bounds.most_pixels, "cpu_seconds": bounds.cpu_seconds, "most_memory": bounds.most_memory,
        "threshold": THRESHOLD, "keyframes": False, **rest,
    }  # fmt: skip
    too_long = Unreadable(
        f"reading the film takes over {bounds.cpu_seconds:,.0f} s of computing", kind="too_large",
        hint="cut it, or send it smaller",
    )  # fmt: skip
    try:
        done = subprocess.run(
            # -P: nothing is imported from wherever the service happens to stand.
            [sys.executable, "-P", "-m", "shotwright.vision.video_reading"],
            input=json.dumps(request).encode(),
            capture_output=True,
            timeout=bounds.cpu_seconds * CLOCK,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise too_long from error
    answer: dict[str, Any] = {}
    with contextlib.suppress(ValueError):
        answer = json.loads(done.stdout)
    if done.returncode in (-24, -9):
        # SIGXCPU, or SIGKILL where it would not hear that.
        raise too_long
    if "shots" not in answer:
        said = answer.get("error") or "the film makes its decoder fail"
        large = any(word in said for word in (" over ", "longer"))
        raise Unreadable(said, kind="too_large" if large else "picture", hint="send MP4, MOV, WebM or Matroska")
    return answer, path


def _facts(answer: dict[str, Any]) -> FilmFacts:
    facts = answer["facts"]
    return FilmFacts(facts["width"], facts["height"], facts["rate"], facts["seconds"], facts["codec"])


def _shot(row: dict[str, Any], folder: Path) -> FilmShot:
    keyframe = (folder / row["keyframe"]).read_bytes() if row["keyframe"] else None
    return FilmShot(row["start"], row["end"], CameraMove(**row["move"]), keyframe, row["middle"])
