"""The shot's camera as a projection: position, axes and focal length in pixels, at any moment of its move."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from shotwright.craft.geometry import sensor_mm

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from shotwright.model.shot import Camera

FLOOR_M = 0.15
"""No lower than this does a camera come."""
WALL_M = 0.2
PERSON_M = 0.55
"""A move ends this far from walls and people."""
NEAR_M = 0.08
"""Nothing nearer to the lens than this is drawn; faces that reach nearer are cut there."""
DUTCH_DEG = 12.0
TURN_DEG = {"none": 0.0, "very_slow": 6.0, "slow": 10.0, "moderate": 18.0, "fast": 32.0, "whip": 60.0}
"""How far a pan, tilt or arc turns in one shot."""
RUN = {"none": 0.0, "very_slow": 0.12, "slow": 0.2, "moderate": 0.32, "fast": 0.45, "whip": 0.6}
"""How much of its distance a dolly goes in one shot."""


@dataclass(frozen=True, slots=True)
class View:
    """A pinhole camera. Vectors are float32 (3,) in scene metres; pixels have their origin at the top left."""

    eye: NDArray[Any]
    right: NDArray[Any]
    up: NDArray[Any]
    forward: NDArray[Any]
    focal_px: float
    width: int
    height: int
    focal_mm: float
    aperture_t: float = 5.6
    focus_m: float = 3.0
    """Distance of the plane in focus along the lens axis."""

    def to_camera(self, points: NDArray[Any]) -> NDArray[Any]:
        """Scene points (n, 3) -> (metres right, up, ahead)."""
        axes = np.stack([self.right, self.up, self.forward]).astype(np.float32)
        return np.ascontiguousarray((points - self.eye) @ axes.T, dtype=np.float32)

    def project(self, points: NDArray[Any]) -> NDArray[Any]:
        """Scene points (n, 3) -> (x in pixels, y in pixels, metres ahead); behind the lens x and y mean nothing."""
        seen = self.to_camera(np.atleast_2d(np.asarray(points, np.float32)))
        ahead = np.maximum(seen[:, 2], 1e-4)
        out = np.empty_like(seen)
        out[:, 0] = self.width / 2 + self.focal_px * seen[:, 0] / ahead
        out[:, 1] = self.height / 2 - self.focal_px * seen[:, 1] / ahead
        out[:, 2] = seen[:, 2]
        return out

    def coverage_m(self, distance_m: float) -> float:
        """Height of the frame, metres, at a distance along the lens axis."""
        return distance_m * self.height / self.focal_px

    def circle_px(self, distance_m: float) -> float:
        """Diameter in pixels of the circle of confusion of a point at a distance: thin lens, T taken for f-stop."""
        focal = self.focal_mm / 1000
        focus = max(self.focus_m, focal * 1.5)
        spread = focal * focal / self.aperture_t * abs(distance_m - focus) / (distance_m * (focus - focal))
        return spread * self.focal_px / focal


def view_between(
    eye: tuple[float, float, float], target: tuple[float, float, float], focal_mm: float, size: tuple[int, int],
    *, roll_deg: float = 0.0, aperture_t: float = 5.6, focus_m: float | None = None,
) -> View:  # fmt: skip
    """A camera at `eye` that looks at `target`. The gate is Super 35 (24.89 mm wide), as the shot's sizes suppose."""
    here = np.asarray(eye, np.float64)
    forward = np.asarray(target, np.float64) - here
    length = float(np.linalg.norm(forward))
    forward = forward / length if length > 1e-6 else np.array([0.0, 0.0, -1.0])
    world_up = np.array([0.0, 1.0, 0.0]) if abs(forward[1]) < 0.999 else np.array([0.0, 0.0, -1.0])
    right = np.cross(forward, world_up)
    right /= np.linalg.norm(right)
    up = np.cross(right, forward)
    if roll_deg:
        turn = math.radians(roll_deg)
        right, up = right * math.cos(turn) + up * math.sin(turn), up * math.cos(turn) - right * math.sin(turn)
    width, height = size
    gate, _ = sensor_mm(width / height)
    return View(
        eye=here.astype(np.float32),
        right=right.astype(np.float32),
        up=up.astype(np.float32),
        forward=forward.astype(np.float32),
        focal_px=focal_mm / gate * width,
        width=width,
        height=height,
        focal_mm=focal_mm,
        aperture_t=aperture_t,
        focus_m=focus_m if focus_m is not None else max(length, 0.3),
    )


def view_of(
    camera: Camera, size: tuple[int, int], at: float = 0.0, *, travel: tuple[float, float, float] = (0.0, 0.0, 0.0)
) -> View:
    """The camera of a shot at a moment of its move, `at` 0 (position_m as written) to 1.

    `travel`: metres that whoever it keeps pace with has gone by then; a camera that trucks, follows or leads goes too.
    """
    eye = np.asarray(camera.position_m, np.float64)
    target = np.asarray(camera.look_at_m, np.float64)
    move, focal = camera.movement, float(camera.lens.focal_mm)
    at = min(max(at, 0.0), 1.0)
    pace = np.asarray(travel, np.float64)
    at = at * at * (3 - 2 * at)
    reach = target - eye
    distance = float(np.linalg.norm(reach)) or 1.0
    run = RUN[move.speed] * at
    turn = math.radians(TURN_DEG[move.speed] * at)
    kind = move.type
    if kind == "dolly_in":
        eye = eye + reach * run
    elif kind == "dolly_out":
        eye = eye - reach * run
    elif kind in ("pan_left", "pan_right", "whip_pan"):
        way = 1 if kind == "pan_left" else -1
        target = eye + _about_y(reach, _panned(reach, pace, way, turn) * way)
    elif kind in ("tilt_up", "tilt_down"):
        tilted = math.atan2(reach[1], math.hypot(reach[0], reach[2])) + turn * (1 if kind == "tilt_up" else -1)
        tilted = min(max(tilted, -1.45), 1.45)
        flat = math.hypot(reach[0], reach[2]) or 1e-6
        level = math.cos(tilted) * distance / flat
        target = eye + np.array([reach[0] * level, math.sin(tilted) * distance, reach[2] * level])
    elif kind in ("arc_left", "arc_right"):
        eye = target - _about_y(reach, -turn if kind == "arc_left" else turn)
    elif kind in ("pedestal_up", "pedestal_down", "crane_up", "crane_down"):
        lift = np.array([0.0, distance * run * (1 if kind.endswith("up") else -1), 0.0])
        lift[1] = max(lift[1], min(FLOOR_M - eye[1], 0.0))
        eye = eye + lift
        if kind.startswith("pedestal"):
            target = target + lift
    elif kind in ("truck_left", "truck_right", "follow", "lead"):
        step = _in_pace(kind, reach, pace, distance * run)
        eye, target = eye + step, target + step
    rolled = _rolled(camera, math.degrees(turn))
    zoom = camera.lens.zoom
    if zoom in ("zoom_in", "crash_zoom_in"):
        focal *= 1 + (1.2 if zoom == "crash_zoom_in" else 0.6) * at
    elif zoom == "zoom_out":
        focal *= 1 - 0.35 * at
    elif zoom == "dolly_zoom":
        nearer = 1 - 0.4 * at
        eye, focal = target - reach * nearer, focal * nearer
    return view_between(
        _point(eye), _point(target), focal, size, roll_deg=rolled, aperture_t=max(camera.aperture_t, 0.7)
    )


def _panned(reach: NDArray[Any], pace: NDArray[Any], way: int, usual: float) -> float:
    """Radians of a pan to the side of `way`: as far as whoever is held in it goes that way, else the usual."""
    held = reach + pace
    went = math.atan2(reach[0], reach[2]) - math.atan2(held[0], held[2])
    went = -((went + math.pi) % (2 * math.pi) - math.pi) * way
    return min(went, math.radians(TURN_DEG["whip"])) if pace.any() and went > 0 else usual


def _in_pace(kind: str, reach: NDArray[Any], pace: NDArray[Any], usual: float) -> NDArray[Any]:
    """Metres of a camera that goes with somebody; alone it goes where its name says: to its own side, on or back."""
    ahead = np.array([reach[0], 0.0, reach[2]])
    ahead /= float(np.linalg.norm(ahead)) or 1.0
    across = np.cross(ahead, np.array([0.0, 1.0, 0.0]))
    way = {"truck_left": -across, "truck_right": across, "follow": ahead, "lead": -ahead}[kind]
    if pace.any() and float(pace @ way) > -0.2 * float(np.linalg.norm(pace)):
        return pace
    return np.asarray(way * usual)


def held_back(
    view: Callable[[float], View],
    at: float,
    box: Sequence[float] | None,
    people: Sequence[tuple[float, float, float]] = (),
) -> View:
    """The view at a moment of a move, or as far along it as no wall and nobody is in the way.

    `view`: moment 0-1 -> view; `box`: x0, x1, y0, y1, z0, z1 of the room; `people`: (x, z, height) of everybody. Where
    the shot begins beyond a wall, or near somebody, is left as it is written.
    """
    start = view(0.0)
    free = start if at <= 0 else view(at)
    for share in (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1):
        if share < 1.0:
            free = view(at * share)
        if at <= 0 or _is_free(free.eye, start.eye, box, people):
            return free
    return start


def _is_free(
    eye: NDArray[Any], start: NDArray[Any], box: Sequence[float] | None, people: Sequence[tuple[float, float, float]]
) -> bool:
    if box is not None:
        for axis in range(3):
            low, high = box[2 * axis] + WALL_M, box[2 * axis + 1] - WALL_M
            low, high = min(low, float(start[axis]) + 1e-3), max(high, float(start[axis]) - 1e-3)
            if not low - 2e-3 <= float(eye[axis]) <= high + 2e-3:
                return False
    for x, z, height in people:
        here, before = (math.hypot(float(spot[0]) - x, float(spot[2]) - z) for spot in (eye, start))
        if here < min(PERSON_M, before) and float(eye[1]) < height + 0.15:
            return False
    return True


def _rolled(camera: Camera, turned_deg: float) -> float:
    """Degrees by which the picture leans to the right: a Dutch angle, and against it a roll of the camera itself."""
    dutch = abs(camera.movement.roll_deg or DUTCH_DEG)
    rolled = {"dutch_left": -dutch, "dutch_right": dutch}.get(camera.roll, 0.0)
    return rolled + {"roll_cw": -turned_deg, "roll_ccw": turned_deg}.get(camera.movement.type, 0.0)


def _about_y(vector: NDArray[Any], turn: float) -> NDArray[Any]:
    """A vector turned about the vertical: a positive turn goes to the left as seen from above the camera."""
    cos, sin = math.cos(turn), math.sin(turn)
    return np.array([vector[0] * cos + vector[2] * sin, vector[1], vector[2] * cos - vector[0] * sin])


def _point(value: NDArray[Any]) -> tuple[float, float, float]:
    return float(value[0]), float(value[1]), float(value[2])
