"""Video models: which lengths, sizes, frames and references each takes, and how long a clip to ask for."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from shotwright.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

HANDLE_SECONDS = 0.5
"""Wanted before and after what the cut uses, so that an editor can slide it."""

LengthFlag = Literal["HANDLE_NONE", "HANDLE_SHORT", "TOO_LONG"]


@dataclass(frozen=True, slots=True)
class Generator:
    """One video model's limits. See `generators.toml` for what each field means."""

    name: str
    title: str
    fps: int
    sizes: tuple[tuple[int, int], ...]
    refs: int
    refs_with_frames: bool
    first_frame: Literal["required", "optional", "no"]
    last_frame: bool
    prompt: Literal["full", "motion"]
    negative: str
    sound: bool
    seconds: tuple[int, ...] = ()
    seconds_with_refs: tuple[int, ...] = ()
    frame_rule: int = 0
    """n of `n k + 1` frames; 0 when the model is asked for seconds."""
    max_frames: int = 0
    multiple_of: int = 1
    max_seed: int = 0
    """0 when it takes no seed."""
    camera_control: str = ""

    def size_for(self, aspect: float) -> tuple[int, int]:
        """The (width, height) whose shape is nearest to the aspect; of equals the first listed."""
        return min(self.sizes, key=lambda s: abs(math.log(s[0] / s[1] / aspect)))

    def lengths(self, *, with_refs: bool = False) -> tuple[tuple[float, int], ...]:
        """Every (seconds, frames) that may be asked for, shortest first."""
        if self.frame_rule:
            counts = range(self.frame_rule + 1, self.max_frames + 1, self.frame_rule)
            return tuple((count / self.fps, count) for count in counts)
        seconds = self.seconds_with_refs if with_refs and self.seconds_with_refs else self.seconds
        return tuple((float(s), s * self.fps) for s in seconds)


@dataclass(frozen=True, slots=True)
class RequestLength:
    """What to ask a model for, and where in it the wanted clip lies. Seconds; frames at the model's own rate."""

    seconds: float
    frames: int
    use_from: float
    use_seconds: float
    flags: tuple[LengthFlag, ...] = ()


def request_length(generator: Generator, use_seconds: float, *, with_refs: bool = False) -> RequestLength:
    """The shortest length that leaves half a second before and after the part used.

    Where the model has none, the longest that holds the part, flagged HANDLE_NONE or HANDLE_SHORT; a part longer than
    all of them is flagged TOO_LONG.
    """
    lengths = generator.lengths(with_refs=with_refs)
    # A frame count holds one frame more than its whole seconds say; a frame less than asked is no shortage.
    frame = 1 / generator.fps if generator.frame_rule else 0.0
    for seconds, frames in lengths:
        if seconds + 1e-6 >= use_seconds + 2 * HANDLE_SECONDS:
            return RequestLength(round(seconds, 3), frames, HANDLE_SECONDS, use_seconds)
    seconds, frames = lengths[-1]
    spare = seconds - use_seconds
    if spare < -1e-6:
        return RequestLength(round(seconds, 3), frames, 0.0, round(seconds, 3), ("TOO_LONG",))
    flag: LengthFlag = "HANDLE_NONE" if spare <= frame + 1e-6 else "HANDLE_SHORT"
    return RequestLength(round(seconds, 3), frames, round(spare / 2, 3), use_seconds, (flag,))


@cache
def generators() -> Mapping[str, Generator]:
    """Every video model known, by name."""
    return MappingProxyType({name: _read(name, t) for name, t in _tables().items() if name != "camera_control"})


def generator(name: str) -> Generator:
    """The video model of that name. ConfigError, with the names there are, for any other."""
    try:
        return generators()[name]
    except KeyError:
        raise ConfigError(
            f"no video model is called {name}", hint=f"there are: {', '.join(sorted(generators()))}"
        ) from None


def camera_axis(control: str, movement: str, zoom: str | None, speed: str) -> tuple[str, int] | None:
    """(axis, value in -10..10) of a model's own camera control for one move, or None where it has no axis for it."""
    tables = _tables()["camera_control"].get(control)
    if tables is None:
        return None
    found = tables["axes"].get(movement)
    if found is None and movement == "static" and zoom is not None:
        found = tables["zooms"].get(zoom)
    if found is None:
        return None
    axis, sign = found
    return axis, sign * tables["strength"].get(speed, tables["strength"]["moderate"])


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads((files("shotwright.craft") / "generators.toml").read_text(encoding="utf-8"))


def _read(name: str, table: dict[str, Any]) -> Generator:
    values = dict(table)
    first, last = values.pop("seconds_from", None), values.pop("seconds_to", None)
    if first is not None and last is not None:
        values["seconds"] = range(first, last + 1)
    width_height = (size.split("x") for size in values.pop("sizes"))
    sizes = tuple((int(width), int(height)) for width, height in width_height)
    seconds, with_refs = tuple(values.pop("seconds", ())), tuple(values.pop("seconds_with_refs", ()))
    return Generator(name=name, sizes=sizes, seconds=seconds, seconds_with_refs=with_refs, **values)
