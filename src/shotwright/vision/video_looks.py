"""What a keyframe shows: the size of the shot by whoever stands out, and the light.

Nobody says where the people of a film are, so the part of the picture that the backbone finds salient stands for the
subject. It is measured as a mask is: the whole of a body where it is whole, else the width of the head. That is worth
less than an exact mask, and `confidence` says how much.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from shotwright.craft.optics import size_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from shotwright.model.vocabulary import KeyStyle, LightDirection, ShotSize

SALIENT = 0.4
"""Of the saliency above the picture's edge, from which a pixel is the subject's."""
EDGE = 0.025
"""Of the frame: a subject that ends so near to its edge goes on beyond it; patches are no finer."""
LEAST_SHARE, MOST_SHARE = 0.004, 0.85
FILLED = 0.42
SURE = 0.5
"""Confidence from which the library keeps a size."""
BAND = 1.15
"""Coverage may err by this factor; where the size would then be another, it is less sure."""


class Salience(Protocol):
    """How far each pixel of a picture stands out, 0-1, float32 (height, width) of any resolution; None without."""

    def __call__(self, pixels: NDArray[Any]) -> NDArray[Any] | None: ...


@dataclass(frozen=True, slots=True)
class Look:
    """Null is not measured."""

    shot_size: ShotSize | None = None
    confidence: float = 0.0
    """Of the size, 0-1."""
    subject_share: float | None = None
    """Of the frame."""
    key_style: KeyStyle | None = None
    light_direction: LightDirection | None = None
    luminance: float | None = None
    """Median CIE L*, 0-100."""


def subject_of(salience: NDArray[Any], shape: tuple[int, int]) -> tuple[NDArray[Any], float] | None:
    """(bool mask of the frame's shape, how much of what stands out it is), or None where nothing or everything does."""
    import cv2

    from shotwright.vision.backbones.colour import subject_weight

    weight = subject_weight(salience)
    count, labels, stats, _ = cv2.connectedComponentsWithStats((weight > SALIENT).astype(np.uint8))
    if count < 2 or float(salience.max()) < 0.3:
        return None
    areas = stats[1:, cv2.CC_STAT_AREA]
    inside = labels == 1 + int(areas.argmax())
    height = inside.shape[0]
    rows = np.flatnonzero(inside.any(axis=1))
    if rows[-1] >= height * (1 - EDGE) - 1:
        inside[rows[-1] :] |= inside[max(rows[-1] - 1, 0)]
    if rows[0] <= height * EDGE / 2:
        inside[: rows[0]] |= inside[min(rows[0] + 1, height - 1)]
    if not LEAST_SHARE <= inside.mean() <= MOST_SHARE:
        return None
    scaled = cv2.resize(inside.astype(np.uint8), shape[::-1], interpolation=cv2.INTER_NEAREST) > 0
    return scaled, float(areas.max() / areas.sum()) * min(1.0, float(salience.max()) / 0.8)


def look_at_keyframe(pixels: NDArray[Any], salience: Salience | None) -> Look:
    """uint8 RGB (height, width, 3) to what can be told of it."""
    from shotwright.vision.measures.framing import measure_framing
    from shotwright.vision.measures.light import direction_of, key_style_of, measure_light
    from shotwright.vision.measures.subject import Person, view_of

    shape = (pixels.shape[0], pixels.shape[1])
    raw = salience(pixels) if salience is not None else None
    found = None if raw is None else subject_of(raw, shape)
    level = float(np.median(pixels @ np.array([0.2126, 0.7152, 0.0722]))) / 255
    lightness = 116 * np.cbrt(((level + 0.055) / 1.055) ** 2.4) - 16 if level > 0.04045 else level * 70
    if found is None:
        return Look(luminance=round(float(lightness), 2))
    mask, alone = found
    view = view_of(pixels, [Person("", mask)], known_by="mask")
    framed = measure_framing(view)
    lit = measure_light(view, view.people[0]) if view.people else None
    size, sure = framed.shot_size, 0.0
    if size is None and framed.subject_share >= FILLED and mask[0].any() and mask[-1].any():
        # A head whose sides are not to be seen is wider than the frame.
        size, sure = "extreme_close_up", 0.6 * alone
    elif size is not None and framed.coverage_m is not None:
        steady = size_of(framed.coverage_m * BAND) == size_of(framed.coverage_m / BAND)
        sure = alone * (0.8 if steady else 0.55)
    return Look(
        shot_size=size,
        confidence=round(sure, 3),
        subject_share=round(framed.subject_share, 4),
        key_style=None if lit is None else key_style_of(lit),
        light_direction=None if lit is None else direction_of(lit),
        luminance=round(float(lightness), 2),
    )
