"""Head, upper and lower body of somebody in a frame: as they are given, or guessed from the shape of the mask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from shotwright.craft.optics import coverage_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from shotwright.model.shot import Camera
    from shotwright.model.vision_picture import BodyPart, Box

PARTS: tuple[BodyPart, ...] = ("head", "upper", "lower")
HEAD_M, TRUNK_M = 0.24, 0.62
"""From crown to chin, and from chin to hips, of an adult."""
HEAD_OF_BODY, TRUNK_OF_BODY = 0.14, 0.36
"""The same as shares of a whole body, where no lens says how large a metre is."""
WHOLE_BODY = 2.2
"""Height over width of a mask that shows somebody from head to foot."""


def bands_of(
    parts: Mapping[BodyPart, Box], mask: NDArray[Any], camera: Camera | None = None
) -> dict[BodyPart, tuple[float, float]]:
    """Part -> (top, bottom) as fractions of the frame's height, for the parts that are seen; they meet each other, and
    the last reaches to the bottom. `mask`: bool, (height, width), of the whole frame."""
    limits = {part: box[3] for part, box in parts.items()} or _guessed(mask, camera)
    found: dict[BodyPart, tuple[float, float]] = {}
    top = 0.0
    seen = [part for part in PARTS if part in limits]
    for part in seen:
        bottom = 1.0 if part == seen[-1] else limits[part]
        if bottom > top:
            found[part] = (top, bottom)
        top = max(top, bottom)
    return found


def _guessed(mask: NDArray[Any], camera: Camera | None) -> dict[BodyPart, float]:
    """Where head and trunk end: metres below the top of the mask if the lens says how large they are, else shares."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return {}
    height = mask.shape[0]
    top, bottom = float(rows[0]) / height, float(rows[-1] + 1) / height
    if camera is not None:
        metre = 1 / coverage_of(camera.shot_size)
        chin, hips = top + HEAD_M * metre, top + (HEAD_M + TRUNK_M) * metre
    elif len(rows) >= WHOLE_BODY * len(columns):
        chin, hips = top + HEAD_OF_BODY * (bottom - top), top + (HEAD_OF_BODY + TRUNK_OF_BODY) * (bottom - top)
    else:
        # Neither a lens nor a whole body: a bust, of which the head is the upper half at most.
        chin, hips = top + 0.45 * (bottom - top), bottom
    found: dict[BodyPart, float] = {"head": min(chin, bottom)}
    if chin < bottom:
        found["upper"] = min(hips, bottom)
    if hips < bottom:
        found["lower"] = bottom
    return found
