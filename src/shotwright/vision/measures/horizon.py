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
from shotwright.vision.measures.framing import is_person

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from shotwright.model.shot import Camera
    from shotwright.vision.measures.subject import View

NEAR_HORIZON = 0.03
"""Of the frame's height."""
LEAST_STRENGTH = 0.006
STEEPEST = 0.36
"""Tangent of the farthest lean that is looked at."""
RUN = 21
"""Rows that a line is averaged over."""
MOST_DEG = 16.0
"""A line that leans farther is no upright."""
BIN_DEG = 0.5
NEAR_DEG = 1.5
LEAST_PIXELS = 40
LEAST_AGREED = 0.36
"""Share of the lines near upright that must agree on the lean."""
STEEPER = 0.02
"""More for each degree past six: a slanting thing is likelier than a camera that leans so far."""
LEAST_ROWS = 0.1
"""Of the frame's height: rows on which agreeing lines must lie."""


def measure_tilt(view: View, camera: Camera | None = None) -> float | None:
    """Degrees that the frame leans, + clockwise; None where the background has too few uprights that agree."""
    tone = np.sqrt(view.luminance)
    apart = np.ones_like(tone, bool)
    for person in view.people:
        if is_person(person):
            apart &= ~_grown(view.small(person.mask))
    height, width = tone.shape
    lean, strength, x, y = _lines(tone, apart)
    if camera is None:
        near = np.abs(lean) < MOST_DEG + 4
        return _at_middle(lean[near], x[near] / width, strength[near]) if int(near.sum()) >= LEAST_PIXELS else None
    focal, pitch = _lens(camera, width, height)
    upright = lean - _expected(x, y, focal, pitch)
    # Whatever is level and as high as the lens lies on the horizon, from whichever side it is seen.
    across, clear, v, u = _lines(tone.T, apart.T)
    level = -across
    off = v - focal * math.tan(pitch) - u * np.tan(np.radians(level))
    on = np.abs(off) < NEAR_HORIZON * height
    return _agreed(
        np.concatenate([upright, level[on]]), np.concatenate([strength, clear[on]]),
        np.concatenate([y, u[on] * height / width]), height,
    )  # fmt: skip


def _lens(camera: Camera, width: int, height: int) -> tuple[float, float]:
    """(focal length in pixels, pitch upwards in radians)."""
    (px, py, pz), (ax, ay, az) = camera.position_m, camera.look_at_m
    gate, _ = sensor_mm(width / height)
    return camera.lens.focal_mm / gate * width, math.atan2(ay - py, max(math.hypot(ax - px, az - pz), 1e-3))


def _lines(tone: NDArray[Any], apart: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]:
    """(degrees off upright, strength, x, y from the middle) of every pixel on a line near upright, every second row."""
    across, down, clear = _slopes(tone, apart)
    near = clear & (np.abs(down) < STEEPEST * np.abs(across)) & (np.abs(across) > LEAST_STRENGTH)
    if not near.any():
        empty = np.zeros(0, np.float32)
        return empty, empty, empty, empty
    strength = np.abs(across[near])
    strong = strength > 0.25 * float(np.percentile(strength, 99))
    rows, columns = np.nonzero(near)
    lean = np.degrees(np.arctan(down[near][strong] / across[near][strong]))
    x = columns[strong] - across.shape[1] / 2
    y = 2 * rows[strong] - across.shape[0]
    return lean, np.minimum(strength[strong], 0.5), x, y


def _grown(mask: NDArray[Any]) -> NDArray[Any]:
    out = mask.copy()
    out[:, 2:] |= mask[:, :-2]
    out[:, :-2] |= mask[:, 2:]
    return out


def _slopes(tone: NDArray[Any], apart: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """(slope across, slope down, where nobody is) after a blur along the uprights: a line drawn without anti-aliasing
    steps by whole pixels, at 2 degrees every 28 rows, and only its mean over rows has a slope."""
    rows = min(RUN, tone.shape[0] // 4)
    total = np.cumsum(np.pad(tone, ((1, 0), (0, 0))), axis=0, dtype=np.float64)
    smooth = ((total[rows:] - total[:-rows])[::2] / rows).astype(np.float32)
    kept = np.cumsum(np.pad(apart, ((1, 0), (0, 0))), axis=0, dtype=np.int32)
    clear = (kept[rows:] - kept[:-rows])[::2] == rows
    smooth = (smooth[:, :-2] + smooth[:, 1:-1] + smooth[:, 2:]) / 3
    across = smooth[1:-1, 2:] - smooth[1:-1, :-2]
    # Four rows apart, where columns are two.
    down = (smooth[2:, 1:-1] - smooth[:-2, 1:-1]) / 2
    return across, down, clear[1:-1, 2:-2] & clear[1:-1, 4:] & clear[1:-1, :-4]


def _expected(x: NDArray[Any], y: NDArray[Any], focal: float, pitch: float) -> NDArray[Any]:
    """Lean of an upright at a pixel of a level camera, degrees."""
    # The point where uprights meet lies focal / tan(pitch) off the middle: above it where the lens looks up.
    slope = math.tan(pitch) / focal
    lean: NDArray[Any] = np.degrees(np.arctan2(-x * slope, 1 + y * slope))
    return lean


def _agreed(lean: NDArray[Any], weight: NDArray[Any], along: NDArray[Any], height: int) -> float | None:
    """The lean that most lines agree on; `along`: where on the line a pixel is, in rows."""
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
    asked = LEAST_AGREED + STEEPER * max(abs(middle) - 6.0, 0.0)
    if float(weight[agree].sum()) < asked * float(weight[near].sum()):
        return None
    if 2 * len(np.unique(np.round(along[agree] / 2))) < LEAST_ROWS * height or int(agree.sum()) < LEAST_PIXELS:
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
