"""How the camera moves in a shot, from how the picture as a whole shifts, grows and turns between frames.

Corners are followed from frame to frame (pyramidal Lucas-Kanade, there and back again), and one shift, scale and turn
is fitted to most of them (RANSAC), so that people who move do not count as the camera. A pan shifts near and far alike,
a truck does not; a zoom scales near and far alike, a dolly does not: how unlike they are is the parallax.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from shotwright.model.vocabulary import Speed

Kind = Literal[
    "static", "handheld", "pan_left", "pan_right", "tilt_up", "tilt_down", "truck_left", "truck_right", "pedestal_up",
    "pedestal_down", "dolly_in", "dolly_out", "zoom_in", "zoom_out", "roll_cw", "roll_ccw", "whip_pan", "unknown",
]  # fmt: skip

WIDTH = 320
"""Pixels across, of the frames that are compared."""
CELL = 16
"""Pixels: the best corner of each such square is followed, so that no busy coat outvotes a quiet wall."""
LEAST_CORNERS = 14
LEAST_SHIFT = 0.018
"""Frame widths a second, below which a shift is no move."""
LEAST_GROWTH = 0.02
"""Of the scale, e-folds a second."""
LEAST_TURN = 0.018
"""Radians a second."""
LEAST_TRAVEL = 0.02
"""Frame widths over the whole shot, of whatever moves."""
RADIUS = 0.3
"""Frame widths from the middle at which growth and turn are compared with shifts: the mean of a picture."""
SHAKE = 0.0016
"""Frame widths, root mean square about the smooth path, from which a camera is in somebody's hand."""
PARALLAX = 0.15
"""Spread of the shift or scale of near and far, over its middle, from which the camera itself travels."""
SMOOTH_SECONDS = 0.7
WHIP = 1.2
SPEEDS: tuple[tuple[float, Speed], ...] = ((0.04, "very_slow"), (0.12, "slow"), (0.35, "moderate"), (WHIP, "fast"))
"""Frame widths a second under which a move is so fast."""


@dataclass(frozen=True, slots=True)
class Step:
    """How the picture changed between two frames. Shifts in frame widths, x right and y down; growth in e-folds;
    turn in radians, clockwise."""

    start: float
    end: float
    """Seconds."""
    x: float
    y: float
    growth: float
    turn: float
    backing: float
    """Share of the corners that agree, 0-1."""
    shift_spread: float | None = None
    growth_spread: float | None = None
    """Interquartile range over the median of what near and far do; None where too little moved to tell."""


@dataclass(frozen=True, slots=True)
class CameraMove:
    """What the camera does in a shot."""

    kind: Kind
    rate: float
    """Frame widths a second that the picture moves."""
    speed: Speed
    handheld: bool
    confidence: float
    """0-1: how many corners agreed, and how far the move is from being another."""
    parallax: float | None = None


def step_between(before: NDArray[Any], after: NDArray[Any], start: float, end: float) -> Step | None:
    """The change between two grey frames (uint8, same shape); None where there is too little to follow."""
    import cv2

    height, width = before.shape
    corners = _corners(before)
    if len(corners) < LEAST_CORNERS:
        return None
    window: dict[str, Any] = {"winSize": (21, 21), "maxLevel": 4}
    there, found, _ = cv2.calcOpticalFlowPyrLK(before, after, corners, np.empty_like(corners), **window)
    back, again, _ = cv2.calcOpticalFlowPyrLK(after, before, there, np.empty_like(corners), **window)
    kept = (found.ravel() == 1) & (again.ravel() == 1) & (np.abs(back - corners).reshape(-1, 2).max(axis=1) < 0.7)
    if kept.sum() < LEAST_CORNERS:
        return None
    middle = np.array([width / 2, height / 2], np.float32)
    old, new = corners.reshape(-1, 2)[kept] - middle, there.reshape(-1, 2)[kept] - middle
    cv2.setRNGSeed(1)
    fitted, agree = cv2.estimateAffinePartial2D(old, new, method=cv2.RANSAC, ransacReprojThreshold=1.2)
    if fitted is None:
        return None
    a, b = float(fitted[0, 0]), float(fitted[1, 0])
    scale = float(np.hypot(a, b))
    if not 0.5 < scale < 2.0:
        return None
    moved = new - old
    shift = np.median(moved, axis=0)
    return Step(
        start=start,
        end=end,
        x=float(fitted[0, 2]) / width,
        y=float(fitted[1, 2]) / width,
        growth=float(np.log(scale)),
        turn=float(np.arctan2(b, a)),
        backing=float(agree.mean()) * min(1.0, kept.sum() / (3 * LEAST_CORNERS)),
        shift_spread=_shift_spread(moved, shift),
        growth_spread=_growth_spread(old, moved, fitted),
    )


def _corners(grey: NDArray[Any]) -> NDArray[Any]:
    """float32, (corners, 1, 2): x and y, one a square."""
    import cv2

    strength = np.asarray(cv2.cornerMinEigenVal(grey, 5))
    down, across = strength.shape[0] // CELL, strength.shape[1] // CELL
    squares = strength[: down * CELL, : across * CELL].reshape(down, CELL, across, CELL).swapaxes(1, 2)
    flat = squares.reshape(down * across, CELL * CELL)
    best, at = flat.max(axis=1), flat.argmax(axis=1)
    row, column = np.divmod(np.arange(down * across), across)
    places = np.stack([column * CELL + at % CELL, row * CELL + at // CELL], axis=1).astype(np.float32)
    kept: NDArray[Any] = places[best > max(1e-6, 1e-4 * float(best.max()))][:, None, :]
    return kept


def _shift_spread(moved: NDArray[Any], shift: NDArray[Any]) -> float | None:
    far = float(np.hypot(*shift))
    if far < 0.8:
        return None
    along = moved @ (shift / far)
    # What stands still never moves against the camera: that is somebody walking.
    along = along[along > 0]
    low, high = np.percentile(along, [25, 75])
    return float(high - low) / far


def _growth_spread(old: NDArray[Any], moved: NDArray[Any], fitted: NDArray[Any]) -> float | None:
    """Of how much each corner leaves the point that the picture grows from."""
    growth = fitted[:, :2] - np.eye(2)
    if abs(np.linalg.det(growth)) < 1e-6:
        return None
    source = -np.linalg.solve(growth, fitted[:, 2])
    away = old - source
    far = np.hypot(*away.T)
    outer = far > 0.15 * WIDTH
    if outer.sum() < LEAST_CORNERS:
        return None
    each = (moved[outer] * away[outer]).sum(axis=1) / far[outer] ** 2
    middle = float(np.median(each))
    if abs(middle) * float(np.median(far[outer])) < 0.8:
        return None
    low, high = np.percentile(each, [25, 75])
    return float(high - low) / abs(middle)


def move_of(steps: Sequence[Step], strides: Sequence[Step], seconds: float) -> CameraMove:
    """What the steps of one shot come to. `strides` are longer, so that even a slow move shows its parallax. `seconds`:
    of the whole shot; too little that could be followed is `unknown`."""
    known = sum(s.end - s.start for s in steps)
    if len(steps) < 3 or known < 0.5 * seconds:
        return CameraMove("unknown", 0.0, "none", False, 0.0)
    spans = np.array([s.end - s.start for s in steps])
    rows = np.array([(s.x, s.y, s.growth, s.turn) for s in steps])
    rates = rows.sum(axis=0) / known
    backing = float(np.median([s.backing for s in steps]))
    shaking = _shake(rows[:, :2], spans)
    held = shaking > SHAKE
    # Each as frame widths a second that the picture moves by it.
    sizes = np.abs(rates) * (1, 1, RADIUS, RADIUS)
    least = np.array([LEAST_SHIFT, LEAST_SHIFT, LEAST_GROWTH * RADIUS, LEAST_TURN * RADIUS])
    steady = _steadiness(rows, spans)
    moving = (sizes >= least) & (sizes * known >= LEAST_TRAVEL) & (steady > 0.5)
    if not moving.any():
        path = float(np.abs(rows[:, :2]).sum() / known)
        kind: Kind = "handheld" if held else "static"
        clear = min(
            1.0, abs(np.log(max(shaking, 1e-6) / SHAKE)) + 0.5 if held else 1.0 - 0.5 * float((sizes / least).max())
        )
        return CameraMove(kind, path if held else 0.0, "none", held, round(backing * max(clear, 0.3), 3))
    which = int(np.argmax(np.where(moving, sizes, 0)))
    rate = float(sizes[which])
    parallax = None if which == 3 else _parallax(strides, which) or _parallax(steps, which)
    kind = _named(which, float(rates[which]), parallax, rate)
    others = np.delete(np.where(moving, sizes, 0), which)
    clear = 1.0 - 0.5 * float(others.max()) / rate
    sure = 1.0 if which == 3 else 0.5 if parallax is None else min(1.0, 0.5 + 2 * abs(parallax - PARALLAX))
    speed: Speed = next((name for most, name in SPEEDS if rate < most), "whip")
    return CameraMove(kind, rate, speed, held, round(backing * clear * sure, 3), parallax)


def _parallax(steps: Sequence[Step], which: int) -> float | None:
    spreads = [s.growth_spread if which == 2 else s.shift_spread for s in steps]
    told = [s for s in spreads if s is not None]
    return float(np.median(told)) if len(told) >= 2 else None


def _named(which: int, rate: float, parallax: float | None, size: float) -> Kind:
    """The picture moves left when the camera turns or goes right, and up when it goes down."""
    travels = parallax is not None and parallax > PARALLAX
    if which == 0:
        if size >= WHIP:
            return "whip_pan"
        if travels:
            return "truck_right" if rate < 0 else "truck_left"
        return "pan_right" if rate < 0 else "pan_left"
    if which == 1:
        if travels:
            return "pedestal_up" if rate > 0 else "pedestal_down"
        return "tilt_up" if rate > 0 else "tilt_down"
    if which == 2:
        if travels:
            return "dolly_in" if rate > 0 else "dolly_out"
        return "zoom_in" if rate > 0 else "zoom_out"
    # The picture turns against the camera.
    return "roll_ccw" if rate > 0 else "roll_cw"


def _steadiness(rows: NDArray[Any], spans: NDArray[Any]) -> NDArray[Any]:
    """0-1 for each part of the motion: the net way over the way travelled, smoothed so that shaking does not count."""
    each = max(1, round(SMOOTH_SECONDS / float(np.median(spans))))
    count = max(1, len(rows) // each)
    sums = np.stack([part.sum(axis=0) for part in np.array_split(rows, count)])
    steady: NDArray[Any] = np.abs(sums.sum(axis=0)) / np.maximum(np.abs(sums).sum(axis=0), 1e-9)
    return steady


def _shake(shifts: NDArray[Any], spans: NDArray[Any]) -> float:
    """Root mean square distance of the path from its own running mean, in frame widths."""
    path = np.concatenate([np.zeros((1, 2)), np.cumsum(shifts, axis=0)])
    each = max(3, 2 * round(SMOOTH_SECONDS / float(np.median(spans)) / 2) + 1)
    if len(path) < each + 2:
        return 0.0
    kernel = np.ones(each) / each
    smooth = np.stack([np.convolve(path[:, axis], kernel, "valid") for axis in (0, 1)], axis=1)
    inner = path[each // 2 : each // 2 + len(smooth)] - smooth
    # A smooth path that bends differs from its running mean slowly; shaking changes from step to step.
    change = np.diff(inner, axis=0)
    return float(np.sqrt((change**2).sum(axis=1).mean() / 2))
