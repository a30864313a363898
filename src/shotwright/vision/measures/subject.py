"""Who is where in a frame, and the frame in linear light.

With an id mask people and their parts are exact. Without one a box, or as a last resort the middle of the frame that
differs from its border, stands in; `View.known_by` says which, so that nobody trusts a guess as a measurement.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

KnownBy = Literal["mask", "box", "guess", "nothing"]
WORKING_WIDTH = 480
"""Light and colour are read on a frame averaged down to about this width; framing and focus on the whole one."""
LEAST_SHARE = 0.0005


@dataclass(frozen=True, slots=True)
class Region:
    """What one id of a mask stands for."""

    entity: str
    part: str = ""
    """`skin`, `hair`, `upper` …; empty: the whole of it."""


@dataclass(frozen=True, slots=True)
class Person:
    """Someone or something in a frame."""

    entity: str
    mask: NDArray[Any]
    """bool, the frame's (height, width)."""
    parts: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    """Part -> bool mask of the same shape."""
    anchors: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    """Named points as fractions of the frame, y down; they may lie outside."""
    foreground: bool = False
    """The shoulder of a dirty frame: light and framing are not judged on it."""
    look: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """A frame ready to be measured."""

    pixels: NDArray[Any]
    """uint8, (height, width, 3), sRGB."""
    linear: NDArray[Any]
    """float32, (h, w, 3): linear light 0-1, averaged down by `step`."""
    luminance: NDArray[Any]
    """float32, (h, w)."""
    step: int
    people: tuple[Person, ...]
    """The one whom the frame is of first."""
    known_by: KnownBy
    film: NDArray[Any]
    """float32 (256,): the light that a coded value stands for."""

    def small(self, mask: NDArray[Any]) -> NDArray[Any]:
        """A mask of the frame at the working resolution."""
        height, width = self.luminance.shape
        half = self.step // 2
        return mask[half :: self.step, half :: self.step][:height, :width]

    @property
    def subject(self) -> Person | None:
        return self.people[0] if self.people and not self.people[0].foreground else None


@cache
def _linear_table() -> NDArray[Any]:
    value = np.arange(256, dtype=np.float32) / 255
    table: NDArray[Any] = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    return table.astype(np.float32)


def view_of(
    pixels: NDArray[Any],
    people: Sequence[Person] = (),
    *,
    known_by: KnownBy | None = None,
    guess: bool = True,
    film: NDArray[Any] | None = None,
) -> View:
    """The frame in linear light with those who are in it, the largest first and shoulders last."""
    step = max(1, round(pixels.shape[1] / WORKING_WIDTH))
    height, width = pixels.shape[0] // step * step, pixels.shape[1] // step * step
    linear = _linear_table()[pixels[:height, :width]]
    if step > 1:
        linear = sum(linear[i::step, j::step] for i in range(step) for j in range(step)) / np.float32(step * step)
    luminance = linear @ np.array([0.2126, 0.7152, 0.0722], np.float32)
    area = pixels.shape[0] * pixels.shape[1]
    sized = [(int(p.mask.sum()), p) for p in people]
    seen = tuple(
        p for n, p in sorted(sized, key=lambda x: (x[1].foreground, -x[0], x[1].entity)) if n >= LEAST_SHARE * area
    )
    how: KnownBy = known_by or ("mask" if seen else "nothing")
    if not people and guess:
        found = _standing_out(luminance, step, pixels.shape[:2])
        if found is not None:
            seen, how = (Person("", found),), "guess"
    return View(pixels, linear, luminance, step, seen, how, _linear_table() if film is None else film)


def people_of(
    ids: NDArray[Any],
    legend: Mapping[int, Region],
    *,
    entities: Sequence[str] = (),
    anchors: Mapping[str, Mapping[str, tuple[float, float]]] | None = None,
    foreground: Sequence[str] = (),
) -> tuple[Person, ...]:
    """The people of an id mask. `entities` names whom to read; empty takes every entity that has skin."""
    wanted = entities or tuple(dict.fromkeys(r.entity for r in legend.values() if r.part == "skin"))
    present = set(np.unique(ids).tolist())
    people = []
    for entity in wanted:
        parts: dict[str, NDArray[Any]] = {}
        for number, region in sorted(legend.items()):
            if region.entity == entity and number in present:
                here = ids == number
                parts[region.part] = parts[region.part] | here if region.part in parts else here
        if parts:
            whole = np.logical_or.reduce(list(parts.values()))
            named = {part: mask for part, mask in parts.items() if part}
            people.append(Person(entity, whole, named, (anchors or {}).get(entity, {}), entity in foreground))
    return tuple(people)


def box_mask(box: tuple[float, float, float, float], shape: tuple[int, int]) -> NDArray[Any]:
    """The ellipse inside a box: corners of a box round a person are background."""
    height, width = shape
    left, top, right, bottom = box
    y = ((np.arange(height) + 0.5) / height - (top + bottom) / 2) / max((bottom - top) / 2, 1e-6)
    x = ((np.arange(width) + 0.5) / width - (left + right) / 2) / max((right - left) / 2, 1e-6)
    inside: NDArray[Any] = y[:, None] ** 2 + x[None, :] ** 2 <= 1.0
    return inside


def _standing_out(luminance: NDArray[Any], step: int, shape: tuple[int, int]) -> NDArray[Any] | None:
    """What near the middle differs from the frame's border in lightness: a prior, not a detection."""
    tone = np.log2(luminance + 0.01)
    height, width = tone.shape
    rim = max(2, width // 24)
    border = np.concatenate([tone[:rim].ravel(), tone[:, :rim].ravel(), tone[:, -rim:].ravel()])
    middle, spread = float(np.median(border)), float(np.median(np.abs(border - np.median(border)))) + 0.15
    y, x = np.mgrid[0:height, 0:width]
    centred = np.exp(-(((x / width - 0.5) / 0.32) ** 2) - ((y / height - 0.55) / 0.45) ** 2)
    salient = np.abs(tone - middle) / spread * centred > 1.2
    if not 0.01 <= salient.mean() <= 0.7:
        return None
    whole = np.zeros(shape, bool)
    grown = np.repeat(np.repeat(salient, step, 0), step, 1)[: shape[0], : shape[1]]
    whole[: grown.shape[0], : grown.shape[1]] = grown
    return whole
