"""The shot's camera as a projection: position, axes and focal length in pixels, at any moment of its move."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from shotwright.craft.geometry import sensor_mm

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from shotwright.model.shot import Camera

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
        target = eye + _about_y(reach, turn if kind == "pan_left" else -turn)
    elif kind in ("tilt_up", "tilt_down"):
        target = target + np.array([0.0, math.tan(turn) * distance * (1 if kind == "tilt_up" else -1), 0.0])
    elif kind in ("arc_left", "arc_right"):
        eye = target - _about_y(reach, -turn if kind == "arc_left" else turn)
    elif kind in ("pedestal_up", "pedestal_down", "crane_up", "crane_down"):
        lift = np.array([0.0, distance * run * (1 if kind.endswith("up") else -1), 0.0])
        eye = eye + lift
        if eye[1] < 0.15:
            eye[1] = 0.15
        if kind.startswith("pedestal"):
            target = target + lift
    elif kind in ("truck_left", "truck_right", "follow", "lead"):
        step = np.asarray(travel, np.float64)
        if not step.any() and kind.startswith("truck"):
            across = np.cross(reach / distance, np.array([0.0, 1.0, 0.0]))
            step = across * distance * run * (1 if kind == "truck_right" else -1)
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


def _rolled(camera: Camera, turned_deg: float) -> float:
    """Degrees of roll: a Dutch angle and a roll of the camera on its axis."""
    dutch = abs(camera.movement.roll_deg or DUTCH_DEG)
    rolled = {"dutch_left": -dutch, "dutch_right": dutch}.get(camera.roll, 0.0)
    return rolled + {"roll_cw": turned_deg, "roll_ccw": -turned_deg}.get(camera.movement.type, 0.0)


def _about_y(vector: NDArray[Any], turn: float) -> NDArray[Any]:
    """A vector turned about the vertical: a positive turn goes to the left as seen from above the camera."""
    cos, sin = math.cos(turn), math.sin(turn)
    return np.array([vector[0] * cos + vector[2] * sin, vector[1], vector[2] * cos - vector[0] * sin])


def _point(value: NDArray[Any]) -> tuple[float, float, float]:
    return float(value[0]), float(value[1]), float(value[2])
