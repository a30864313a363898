"""The set behind the people, field by field: two frames from one camera position show it in the same places, so that
any change of its light can be told even where no face is turned to the key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from shotwright.vision.measures.colour import mired_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from shotwright.model.shot import Camera
    from shotwright.vision.measures.subject import View

ACROSS, DOWN = 24, 14
STEP = 4
"""Every fourth pixel is looked at."""
LEAST_CLEAR = 0.7
"""Of a field: without people."""
LEAST_FIELDS = 90


@dataclass(frozen=True, slots=True)
class Setting:
    """The set of one frame."""

    camera: tuple[float, ...]
    """Where the camera stands, what it looks at, and its lens."""
    stops: NDArray[Any]
    """float32 (fields,): log2 of luminance."""
    warmth: NDArray[Any]
    """float32 (fields,): log2 of red over blue."""
    clear: NDArray[Any]
    """bool (fields,)."""


@dataclass(frozen=True, slots=True)
class Change:
    """One frame of a set against another from the same camera."""

    level_stops: float
    """The whole set's."""
    pattern_stops: float
    """What the level leaves, in the most changed third of the fields: light that falls otherwise."""
    any_stops: float
    """What changed in the most changed quarter, level and all."""
    mired: float


def setting_of(view: View, camera: Camera) -> Setting | None:
    """None where people hide the set."""
    light = view.film[view.pixels[STEP // 2 :: STEP, STEP // 2 :: STEP]]
    height, width = light.shape[0] // DOWN * DOWN, light.shape[1] // ACROSS * ACROSS
    apart = np.ones(light.shape[:2], bool)
    for person in view.people:
        apart &= ~person.mask[STEP // 2 :: STEP, STEP // 2 :: STEP]
    shape = (DOWN, height // DOWN, ACROSS, width // ACROSS)
    seen = apart[:height, :width].astype(np.float32)
    count = seen.reshape(shape).sum(axis=(1, 3))
    rgb = (light[:height, :width] * seen[..., None]).reshape(*shape, 3).sum(axis=(1, 3)) / np.maximum(count, 1)[
        ..., None
    ]
    clear = count >= LEAST_CLEAR * shape[1] * shape[3]
    if int(clear.sum()) < LEAST_FIELDS:
        return None
    tone = rgb @ np.array([0.2126, 0.7152, 0.0722], np.float32)
    # Black stays black in any light.
    clear &= tone > 0.003
    stops = np.log2(np.maximum(tone, 1e-4))
    warmth = np.log2((rgb[..., 0] + 1e-4) / (rgb[..., 2] + 1e-4))
    where = (*camera.position_m, *camera.look_at_m, float(camera.lens.focal_mm))
    return Setting(where, stops.ravel(), warmth.ravel(), clear.ravel())


def same_camera(one: Setting, two: Setting) -> bool:
    return all(abs(a - b) < 0.02 for a, b in zip(one.camera, two.camera, strict=True))


def change_between(one: Setting, two: Setting) -> Change | None:
    """What changed from `two` to `one`; None where too little of the set is seen in both."""
    both = one.clear & two.clear
    if int(both.sum()) < LEAST_FIELDS:
        return None
    off = one.stops[both] - two.stops[both]
    level = float(np.median(off))
    warm = float(np.median(two.warmth[both]))
    by = float(np.median(one.warmth[both] - two.warmth[both]))
    return Change(
        level,
        float(np.quantile(np.abs(off - level), 0.7)),
        float(np.quantile(np.abs(off), 0.75)),
        mired_of(2 ** (warm + by), 1.0) - mired_of(2**warm, 1.0),
    )
