"""The part of reading a film that touches its bytes: a process of its own, with a limit on time, memory and files.

    python -m shotwright.vision.video_reading < request.json

Decoders are large and written in C, and a film may come from anybody: whatever one does to them happens here, where the
kernel takes it away. The request and the answer are those of `vision.video_shots`. Only the containers that the request
names are opened, from the open file alone: none of those that refer to other files or addresses.
"""

from __future__ import annotations

import contextlib
import json
import math
import resource
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from shotwright.vision.video_motion import CameraMove, Step

CUT_WIDTH = 256
"""Pixels across, of the frames in which cuts are looked for."""
KEYFRAME_WIDTH = 960
STEPS_A_SECOND = 10
STRIDE = 5
"""Steps."""
CANDIDATES = 24
"""Frames of a shot that are kept until its middle is known."""
LEAST_SHOT_SECONDS = 0.35
MOST_SHOTS = 5000


class Unusable(Exception):
    """What is wrong with the film, in words for people."""


@dataclass
class Shot:
    start: float
    end: float
    middle: float | None = None
    """Seconds, of its keyframe."""
    keyframe: str = ""
    """A file name."""


@dataclass(frozen=True)
class Frame:
    """One frame. `at`: seconds from the first; `grey` and `colour` are small, the latter blue first."""

    at: float
    colour: NDArray[Any]
    large: NDArray[Any] | None
    """RGB, only where a keyframe might be."""


def main() -> int:
    asked = json.load(sys.stdin)
    _limit(asked)
    try:
        answer = _read(asked)
    except Unusable as error:
        answer = {"error": str(error)}
    except MemoryError:
        answer = {"error": "the film needs more memory than it may have"}
    except Exception as error:
        line = (str(error).splitlines() or [type(error).__name__])[0][:120]
        answer = {"error": f"the film is damaged or cut off: {line}"}
    json.dump(answer, sys.stdout)
    return 0


def _limit(asked: dict[str, Any]) -> None:
    seconds = math.ceil(asked["cpu_seconds"])
    limits = (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, asked["most_memory"]),
        (resource.RLIMIT_FSIZE, 64 * 1024 * 1024),
        (resource.RLIMIT_CORE, 0),
    )
    for what, most in limits:
        # Not every system knows every limit; the caller's clock holds on all of them.
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(what, (most, most))


def _read(asked: dict[str, Any]) -> dict[str, Any]:
    import av

    av.logging.set_level(av.logging.PANIC)
    with Path(asked["path"]).open("rb") as file, av.open(file, "r", format=asked["container"]) as film:
        if not film.streams.video:
            raise Unusable("the film has no picture")
        stream = film.streams.video[0]
        context = stream.codec_context
        context.options = {"max_pixels": str(asked["most_pixels"])}
        facts: dict[str, Any] = {
            "width": context.width,
            "height": context.height,
            "rate": float(stream.average_rate or stream.guessed_rate or 24),
            "seconds": float(film.duration / av.time_base) if film.duration else 0.0,
            "codec": context.name,
        }
        if context.width * context.height > asked["most_pixels"]:
            raise Unusable(f"its picture is {context.width} x {context.height}, over {asked['most_pixels']:,} pixels")
        if facts["seconds"] > asked["most_seconds"]:
            raise Unusable(f"it is {facts['seconds']:,.0f} s long, over {asked['most_seconds']:,.0f}")
        if not 1 <= facts["rate"] <= 1000:
            raise Unusable(f"it says that it has {facts['rate']:g} frames a second")
        frames = _frames(film, stream, asked)
        if not asked["shots"]:
            first = next(frames, None)
            if first is None:
                raise Unusable("no frame of it can be decoded")
            return {"facts": facts, "shots": []}
        return _found(frames, facts, asked)


def _frames(film: Any, stream: Any, asked: dict[str, Any]) -> Iterator[Frame]:
    first: float | None = None
    rate = float(stream.average_rate or stream.guessed_rate or 24)
    next_large = 0.0
    for number, frame in enumerate(film.decode(stream)):
        if frame.width * frame.height > asked["most_pixels"]:
            raise Unusable(f"one of its frames is {frame.width} x {frame.height}")
        said = frame.time if frame.time is not None else number / rate
        first = said if first is None else first
        at = max(said - first, 0.0)
        if at > asked["most_seconds"] or number > asked["most_seconds"] * 120:
            raise Unusable(f"it is longer than it says, over {asked['most_seconds']:,.0f} s")
        wide = at >= next_large
        if wide:
            next_large = at + 0.2
        turned = round(getattr(frame, "rotation", 0) / 90) % 4
        yield Frame(
            at,
            _scaled(frame, CUT_WIDTH * 5 // 4, "bgr24", turned),
            _scaled(frame, KEYFRAME_WIDTH, "rgb24", turned) if wide else None,
        )


def _scaled(frame: Any, most: int, kind: str, turned: int) -> NDArray[Any]:
    share = min(1.0, most / max(frame.width, frame.height * 16 / 9))
    width, height = max(16, round(frame.width * share / 2) * 2), max(16, round(frame.height * share / 2) * 2)
    pixels: NDArray[Any] = frame.reformat(width=width, height=height, format=kind, interpolation="AREA").to_ndarray()
    return np.ascontiguousarray(np.rot90(pixels, turned)) if turned else pixels


def _found(frames: Iterator[Frame], facts: dict[str, Any], asked: dict[str, Any]) -> dict[str, Any]:
    cuts = _Cuts(facts["rate"], asked["threshold"])
    album = _Album(Path(asked["folder"]) if asked["keyframes"] else None)
    motion = _Motion(facts["rate"])
    starts = [0.0]
    at, count = 0.0, 0
    for frame in frames:
        at, count = frame.at, count + 1
        for cut in cuts.after(frame):
            album.close(starts[-1], cut)
            starts.append(cut)
            if len(starts) > MOST_SHOTS:
                raise Unusable(f"it has over {MOST_SHOTS:,} shots")
        album.add(frame)
        motion.add(frame)
    if not count:
        raise Unusable("no frame of it can be decoded")
    end = at + 1 / facts["rate"]
    album.close(starts[-1], end)
    facts["seconds"], facts["frames"] = round(end, 4), count
    rows = []
    for shot, until in zip(album.shots, [*starts[1:], end], strict=True):
        rows.append({**asdict(shot), "move": asdict(motion.between(shot.start, until))})
    return {"facts": facts, "shots": rows}


def _grey(colour: NDArray[Any]) -> NDArray[Any]:
    import cv2

    return np.asarray(cv2.cvtColor(colour, cv2.COLOR_BGR2GRAY))


class _Motion:
    """Steps of a tenth of a second, and strides of half a second."""

    def __init__(self, rate: float) -> None:
        self._least = 1 / STEPS_A_SECOND - 0.5 / rate
        self._seen: list[tuple[float, NDArray[Any]]] = []
        self._steps: list[Step] = []
        self._strides: list[Step] = []

    def add(self, frame: Frame) -> None:
        from shotwright.vision.video_motion import step_between

        if self._seen and frame.at - self._seen[-1][0] < self._least:
            return
        grey = _grey(frame.colour)
        if self._seen and self._seen[-1][1].shape == grey.shape:
            step = step_between(self._seen[-1][1], grey, self._seen[-1][0], frame.at)
            self._steps += [step] if step is not None else []
            if len(self._seen) == STRIDE:
                stride = step_between(self._seen[0][1], grey, self._seen[0][0], frame.at)
                self._strides += [stride] if stride is not None else []
                self._seen = self._seen[-1:]
        elif self._seen:
            self._seen = []
        self._seen.append((frame.at, grey))

    def between(self, start: float, end: float) -> CameraMove:
        from shotwright.vision.video_motion import move_of

        steps, strides = (
            [s for s in found if s.start >= start - 1e-6 and s.end < end - 1e-6]
            for found in (self._steps, self._strides)
        )
        return move_of(steps, strides, end - start)


class _Cuts:
    """PySceneDetect's adaptive detector, frame by frame: a cut stands out from the frames about it, a fast pan does
    not. `threshold` 0-1 as the plain wire has it, 0.3 the usual."""

    def __init__(self, rate: float, threshold: float) -> None:
        from scenedetect.detectors import AdaptiveDetector  # type: ignore[import-untyped,unused-ignore]

        self._rate = rate
        self._number = 0
        self._times: list[float] = []
        self._found = AdaptiveDetector(
            adaptive_threshold=3.0 * threshold / 0.3,
            min_content_val=15.0 * threshold / 0.3,
            min_scene_len=max(2, round(LEAST_SHOT_SECONDS * rate)),
        )

    def after(self, frame: Frame) -> list[float]:
        """When there were cuts that are known now, a few frames late."""
        from scenedetect import FrameTimecode  # type: ignore[import-untyped,unused-ignore]

        self._times.append(frame.at)
        found = self._found.process_frame(FrameTimecode(self._number, self._rate), frame.colour)
        self._number += 1
        return [self._times[cut.frame_num] for cut in found]


class _Album:
    """Keyframes: the frame nearest to the middle of each shot, chosen from an even few once the shot is over."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._candidates: list[tuple[float, NDArray[Any]]] = []
        self._apart = 0.0
        self.shots: list[Shot] = []

    def add(self, frame: Frame) -> None:
        if self._folder is None or frame.large is None:
            return
        if self._candidates and frame.at - self._candidates[-1][0] < self._apart:
            return
        self._candidates.append((frame.at, frame.large))
        if len(self._candidates) > CANDIDATES:
            self._candidates = self._candidates[::2]
            self._apart = 2 * max(self._apart, 0.2)

    def close(self, start: float, end: float) -> None:
        own = [c for c in self._candidates if start - 1e-6 <= c[0] < end - 1e-6]
        self._candidates = [c for c in self._candidates if c[0] >= end - 1e-6]
        self._apart = 0.0
        shot = Shot(round(start, 4), round(end, 4))
        self.shots.append(shot)
        if self._folder is None or not own:
            return
        from PIL import Image

        shot.middle, pixels = min(own, key=lambda c: (abs(c[0] - (start + end) / 2), c[0]))
        shot.keyframe = f"{len(self.shots):05d}.jpg"
        Image.fromarray(pixels).save(self._folder / shot.keyframe, "JPEG", quality=90, subsampling=0)


if __name__ == "__main__":
    sys.exit(main())
