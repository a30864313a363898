"""The floor plan: points, lines of action, and where things fall on the screen.

Right-handed, y up, metres. On the plan a point is (x, z): x runs to screen right and z towards the camera as seen from
the scene's master camera. Headings and azimuths are degrees about y: 0 points along +z, +90 along +x.
"""

from __future__ import annotations

import math

Plan = tuple[float, float]
"""(x, z) on the floor."""


def on_plan(point: tuple[float, float, float]) -> Plan:
    """Drop the height: (x, y, z) -> (x, z)."""
    return point[0], point[2]


def side_of_line(a: Plan, b: Plan, camera: Plan) -> float:
    """Twice the signed area of (a, b, camera): > 0 when the camera is on the right hand of someone going from a to b.

    Its sign is the test of the 180-degree rule: cross(b - a, camera - a) on the (x, z) plan.
    """
    return (b[0] - a[0]) * (camera[1] - a[1]) - (b[1] - a[1]) * (camera[0] - a[0])


def angle_off_line(a: Plan, b: Plan, camera: Plan) -> float:
    """Degrees, 0-90, between the line through a and b and the ray from its middle to the camera."""
    middle = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)
    line = heading_to(a, b)
    ray = heading_to(middle, camera)
    off = abs(turn_between(line, ray))
    return min(off, 180.0 - off)


def heading_to(origin: Plan, target: Plan) -> float:
    """Degrees in (-180, 180] of the direction from origin to target."""
    return math.degrees(math.atan2(target[0] - origin[0], target[1] - origin[1]))


def turn_between(a: float, b: float) -> float:
    """The smallest turn from heading a to heading b, degrees in [-180, 180)."""
    return (b - a + 180.0) % 360.0 - 180.0


def step(origin: Plan, heading: float, distance: float) -> Plan:
    """The point `distance` metres from origin along a heading."""
    turn = math.radians(heading)
    return origin[0] + math.sin(turn) * distance, origin[1] + math.cos(turn) * distance


def distance_between(a: Plan, b: Plan) -> float:
    return math.hypot(b[0] - a[0], b[1] - a[1])


def camera_space(camera: Plan, look_at: Plan, point: Plan) -> tuple[float, float]:
    """(metres to screen right of the lens axis, metres in front of the lens) of a point on the plan."""
    forward_x, forward_z = look_at[0] - camera[0], look_at[1] - camera[1]
    length = math.hypot(forward_x, forward_z) or 1.0
    forward_x, forward_z = forward_x / length, forward_z / length
    dx, dz = point[0] - camera[0], point[1] - camera[1]
    return -forward_z * dx + forward_x * dz, forward_x * dx + forward_z * dz


def screen_x(camera: Plan, look_at: Plan, point: Plan, focal_mm: float, sensor_width_mm: float) -> float | None:
    """Where a point falls across the frame: -1 left edge, 0 centre, +1 right edge; None behind the camera."""
    right, ahead = camera_space(camera, look_at, point)
    if ahead <= 0.01:
        return None
    return (right / ahead) * focal_mm / (sensor_width_mm / 2)


def screen_direction(camera: Plan, look_at: Plan, origin: Plan, target: Plan) -> float:
    """Which way a gaze or a move from origin to target goes on screen: degrees from straight away from the camera (0),
    +90 to screen right, -90 to screen left, ±180 towards the camera."""
    lens = heading_to(camera, look_at)
    return -turn_between(lens, heading_to(origin, target))


def sensor_mm(aspect: float) -> tuple[float, float]:
    """(width, height) of the Super 35 sensor area used at an aspect ratio: 24.89 mm wide, cropped in height."""
    return 24.89, 24.89 / aspect


def camera_distance(coverage_m: float, focal_mm: float, aspect: float) -> float:
    """Metres from the subject at which the frame is `coverage_m` high there: coverage × focal / sensor height."""
    return coverage_m * focal_mm / sensor_mm(aspect)[1]
