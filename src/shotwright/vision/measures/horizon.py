"""How far the frame leans, by the uprights of what is behind the people.

Uprights of the world meet in one point of the picture, below it where the lens looks down: with the pitch of the
camera known each pixel says by itself how far its line leans off where a level camera would have it, and the lean that
most of them agree on is the camera's. Without a camera the lines' lean is read at the middle of the frame.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from shotwright.craft.geometry import sensor_mm

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from shotwright.model.shot import Camera
    from shotwright.vision.measures.subject import View

MOST_DEG = 16.0
"""A line that leans farther is no upright."""
BIN_DEG = 0.5
NEAR_DEG = 1.5
LEAST_PIXELS = 220
LEAST_AGREED = 0.42
"""Share of the lines near upright that must agree on the lean."""
LEAST_ROWS = 0.16
"""Of the frame's height: rows on which agreeing lines must lie."""


def measure_tilt(view: View, camera: Camera | None = None) -> float | None:
    """Degrees that the frame leans, + clockwise; None where the background has too few uprights that agree."""
    tone = np.sqrt(view.luminance)
    apart = np.ones_like(tone, bool)
    for person in view.people:
        apart &= ~_grown(view.small(person.mask))
    lean, strength, counts = _leans(tone, apart)
    rows, columns = np.nonzero(counts)
    if len(rows) < LEAST_PIXELS:
        return None
    found, weight = lean[rows, columns], np.minimum(strength[rows, columns], 0.5)
    height, width = tone.shape
    x = columns + (width - lean.shape[1]) / 2 - width / 2
    y = rows + (height - lean.shape[0]) / 2 - height / 2
    if camera is not None:
        found = found - _expected(x, y, width, height, camera)
        return _agreed(found, weight, rows, columns, height)
    near = np.abs(found) < MOST_DEG + 4
    if int(near.sum()) < LEAST_PIXELS:
        return None
    return _at_middle(found[near], x[near] / width, weight[near])


def _grown(mask: NDArray[Any]) -> NDArray[Any]:
    out = mask.copy()
    out[:, 2:] |= mask[:, :-2]
    out[:, :-2] |= mask[:, 2:]
    return out


def _leans(tone: NDArray[Any], apart: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """(degrees off upright, strength, where it counts) after a blur along the uprights: a line drawn without
    anti-aliasing steps by whole pixels, at 2 degrees every 28 rows, and only its mean over rows has a slope."""
    rows = min(33, tone.shape[0] // 4)
    total = np.cumsum(np.pad(tone, ((1, 0), (0, 0))), axis=0, dtype=np.float64)
    smooth = ((total[rows:] - total[:-rows]) / rows).astype(np.float32)
    kept = np.cumsum(np.pad(apart, ((1, 0), (0, 0))), axis=0, dtype=np.int32)
    clear = (kept[rows:] - kept[:-rows]) == rows
    smooth = (smooth[:, :-2] + smooth[:, 1:-1] + smooth[:, 2:]) / 3
    dx = smooth[1:-1, 2:] - smooth[1:-1, :-2]
    dy = smooth[2:, 1:-1] - smooth[:-2, 1:-1]
    strength = np.hypot(dx, dy)
    inner = clear[1:-1, 2:-2] & clear[1:-1, 4:] & clear[1:-1, :-4]
    lean = np.degrees(np.arctan2(dy, dx))
    lean = (lean + 90) % 180 - 90
    counts = inner & (strength > max(0.012, 0.25 * float(np.percentile(strength, 99))))
    return lean, strength, counts


def _expected(x: NDArray[Any], y: NDArray[Any], width: int, height: int, camera: Camera) -> NDArray[Any]:
    """Lean of an upright at a pixel of a level camera, degrees."""
    (px, py, pz), (ax, ay, az) = camera.position_m, camera.look_at_m
    pitch = math.atan2(ay - py, max(math.hypot(ax - px, az - pz), 1e-3))
    gate, _ = sensor_mm(width / height)
    focal = camera.lens.focal_mm / gate * width
    # The point where uprights meet lies focal / tan(pitch) off the middle: above it where the lens looks up.
    slope = math.tan(pitch) / focal
    lean: NDArray[Any] = np.degrees(np.arctan2(-x * slope, 1 + y * slope))
    return lean


def _agreed(
    lean: NDArray[Any], weight: NDArray[Any], rows: NDArray[Any], columns: NDArray[Any], height: int
) -> float | None:
    near = np.abs(lean) < MOST_DEG
    if int(near.sum()) < LEAST_PIXELS:
        return None
    bins = round(2 * MOST_DEG / BIN_DEG)
    at = np.clip(((lean[near] + MOST_DEG) / BIN_DEG).astype(int), 0, bins - 1)
    heard = np.bincount(at, weights=weight[near], minlength=bins)
    reach = round(NEAR_DEG / BIN_DEG)
    around = np.convolve(heard, np.ones(2 * reach + 1), mode="same")
    middle = (int(around.argmax()) + 0.5) * BIN_DEG - MOST_DEG
    agree = near & (np.abs(lean - middle) <= NEAR_DEG)
    if float(weight[agree].sum()) < LEAST_AGREED * float(weight[near].sum()):
        return None
    if len(np.unique(rows[agree])) < LEAST_ROWS * height or int(agree.sum()) < LEAST_PIXELS:
        return None
    order = np.argsort(lean[agree], kind="stable")
    total = np.cumsum(weight[agree][order])
    return float(lean[agree][order][int(np.searchsorted(total, total[-1] / 2))])


def _at_middle(angle: NDArray[Any], place: NDArray[Any], weight: NDArray[Any]) -> float:
    """The lean at the middle of the frame of lines that lean with perspective, robustly."""
    order = np.argsort(angle, kind="stable")
    total = np.cumsum(weight[order])
    middle, slope = float(angle[order][int(np.searchsorted(total, total[-1] / 2))]), 0.0
    spread_out = float(place.max() - place.min()) > 0.3
    for _ in range(6):
        robust = weight / (1 + ((angle - middle - slope * place) / 1.5) ** 2)
        sum_of = float(robust.sum())
        mx, my = float((robust * place).sum()) / sum_of, float((robust * angle).sum()) / sum_of
        varied = float((robust * (place - mx) ** 2).sum())
        slope = 0.0
        if spread_out and varied > 1e-4 * sum_of:
            slope = float((robust * (place - mx) * (angle - my)).sum()) / varied
        middle = my - slope * mx if spread_out else my
    return middle
