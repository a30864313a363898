"""Where a chosen set-up puts the camera: position, aim, lens and what the frame then is, all in real numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from shotwright.craft.geometry import (
    Plan,
    camera_distance,
    distance_between,
    heading_to,
    screen_x,
    sensor_mm,
    step,
    turn_between,
)
from shotwright.craft.optics import (
    ADULT_M,
    SIZES,
    LensHabit,
    coverage_of,
    focal_for,
    object_coverage,
    size_of,
)
from shotwright.crew.cinematographer.sizing import (
    CROWN_M,
    EDGE,
    aim_height,
    coverage_at,
    covering,
    size_seen,
)
from shotwright.model.vocabulary import FOCAL_LENGTHS_MM

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.craft.chooser import Candidate
    from shotwright.crew.cinematographer.figures import Figure, Moment
    from shotwright.model.vocabulary import Angle, ShotSize

WIDTH_MM = 24.89
SHOULDER_M = 0.22
SHOULDER_REACH = 0.17
"""How much of the way back a camera 8 degrees off the line needs before a shoulder hangs into its frame, by metres
between the two over metres of frame."""
VEHICLE_M = 2.4
"""No frame of a vehicle is lower, whatever it is called."""
DETAIL_M = 0.45
"""On the turn of a scene a thing is seen this close, or the part of it that matters."""
EYE_TOLERANCE_M = 0.4
"""Up to this difference of eyes a camera half-way is within 0.2 m of both."""
ANGLE_TAN = math.tan(math.radians(7.5))
TILTED_DEG = 6.0
FRONT_M = 0.25
"""Whoever is nearer to the lens than the subject by this much is a shoulder in the foreground."""
BLOCKED = 0.35
"""A shoulder that comes nearer to the middle of a single than this, in half-widths, stands before its subject."""
PASSING = (28.0, 38.0, 48.0)
ASIDE = 0.2
"""How far over the middle a single may be moved, in half-widths, to leave somebody else out of it."""
MORE_ROOM = 0.16
"""Room to look into beyond the usual, in half-widths, where it leaves somebody else out."""
THIRD: dict[int, float] = {0: 0.0, 1: 0.3, 2: 0.32, 3: 0.3, 4: 0.26, 5: 0.2, 6: 0.0}
"""How far from the middle a single stands, in half-widths, by step of size: room to look into."""


@dataclass(slots=True)
class Setup:
    """A camera in place."""

    position: tuple[float, float, float]
    look_at: tuple[float, float, float]
    focal_mm: int
    size: ShotSize
    coverage_m: float | None
    angle: Angle
    eye_m: float
    """Eyes of the subject, or its height."""
    dutch: float = 0.0

    @property
    def plan(self) -> Plan:
        return self.position[0], self.position[2]

    @property
    def aim(self) -> Plan:
        return self.look_at[0], self.look_at[2]

    def across(self, at: Plan) -> float | None:
        """Screen position of a point on the plan, -1 to 1 within the frame; None behind the camera."""
        return screen_x(self.plan, self.aim, at, self.focal_mm, WIDTH_MM)


def place_camera(candidate: Candidate, moment: Moment, habit: LensHabit, aspect: float, inside: bool) -> Setup:
    """Put the camera of a chosen candidate on the floor."""
    if candidate.kind == "insert":
        return _insert(candidate, moment, aspect)
    if candidate.kind == "pov":
        return _pov(candidate, moment, aspect)
    if candidate.kind == "empty":
        return _empty(candidate, moment, habit, aspect, inside)
    if candidate.kind in ("two", "master"):
        return frame_several(candidate, moment, habit, aspect, inside)
    return _one(candidate, moment, habit, aspect)


def _one(candidate: Candidate, moment: Moment, habit: LensHabit, aspect: float) -> Setup:
    if candidate.kind in ("single", "over"):
        return frame_one(candidate, moment, habit, aspect)[0]
    figure = moment.figures[candidate.primary]
    size = SIZES[candidate.size]
    coverage = covering(size, figure)
    return _on_figure(candidate, moment, figure, size, focal_for(size, habit), coverage, aspect, candidate.theta)


def frame_one(
    candidate: Candidate, moment: Moment, habit: LensHabit, aspect: float
) -> tuple[Setup, tuple[str, ...]]:  # fmt: skip
    """The camera of a single or of a frame over a shoulder, and who else shares it."""
    figure = moment.figures[candidate.primary]
    partner = moment.figures.get(figure.target)
    key = (
        candidate.kind, figure.id, candidate.partner, candidate.size, candidate.azimuth, candidate.theta,
        candidate.angle, figure.gaze_heading, figure.pose_start, figure.eye_m, partner.eye_m if partner else 0.0,
        tuple((f.id, f.at) for f in moment.figures.values()),
    )  # fmt: skip
    known = moment.stage.ones.get(key)
    if known is None:
        size = SIZES[candidate.size]
        coverage = covering(size, figure)
        place = _over if candidate.kind == "over" else _alone
        setup = place(candidate, moment, figure, size, focal_for(size, habit), coverage, aspect)
        known = moment.stage.ones[key] = setup, tuple(strays(setup, moment, figure))
    return known


def _over(
    candidate: Candidate, moment: Moment, figure: Figure, size: ShotSize, focal: int, coverage: float, aspect: float
) -> Setup:
    """Over a shoulder that hangs at the edge of the frame, from where fewest others stand beyond."""
    partner = moment.figures[candidate.partner]
    apart = distance_between(figure.at, partner.at)
    back = max(apart + 0.9, apart / (1.0 - min(0.6, SHOULDER_REACH * apart / coverage)))
    needed = back * sensor_mm(aspect)[1] / coverage
    while focal < needed and focal < 135:
        focal = next(mm for mm in FOCAL_LENGTHS_MM if mm > focal)
    best: tuple[float, Setup] | None = None
    for theta in (14.0, 17.0, 11.5, 9.5, 8.0):
        setup = _on_figure(candidate, moment, figure, size, focal, coverage, aspect, theta)
        x = setup.across(partner.at)
        off = max(0.0, abs(abs(x) - 0.85) - 0.2) if x is not None else 9.0
        worth = 3.0 * off + len(strays(setup, moment, figure))
        if worth == 0.0:
            return setup
        if best is None or worth < best[0]:
            best = (worth, setup)
    assert best is not None
    return best[1]


def _alone(
    candidate: Candidate, moment: Moment, figure: Figure, size: ShotSize, focal: int, coverage: float, aspect: float
) -> Setup:
    """A frame that one person has alone: the camera goes a little round, then the aim aside, then the lens longer."""
    company = len(moment.figures) > 1
    best: tuple[int, Setup] | None = None
    for theta, third, longer in _ways_to_be_alone(candidate):
        lens = focal
        for _ in range(longer):
            lens = next((mm for mm in FOCAL_LENGTHS_MM if mm > lens), lens)
        if third is None:
            setup = _on_figure(candidate, moment, figure, size, lens, coverage, aspect, theta)
        else:
            setup = _aimed(candidate, moment, figure, size, lens, coverage, aspect, theta, third)
        worth = (2 * len(strays(setup, moment, figure)) + _in_the_way(setup, moment, figure)) if company else 0
        if worth == 0:
            return setup
        if best is None or worth < best[0]:
            best = (worth, setup)
    assert best is not None
    if candidate.theta < 30 and _blocked(best[1], moment, figure):
        # Whoever stands before the lens in all of these is passed by from further aside.
        for theta in PASSING:
            setup = _on_figure(candidate, moment, figure, size, focal, coverage, aspect, theta)
            if not _blocked(setup, moment, figure) and not strays(setup, moment, figure):
                return setup
    return best[1]


def _blocked(setup: Setup, moment: Moment, subject: Figure) -> bool:
    """Whether somebody nearer to the lens hangs far into the frame of a subject."""
    own = distance_between(setup.plan, subject.at)
    for other in moment.figures.values():
        near = distance_between(setup.plan, other.at)
        x = setup.across(other.at)
        if other is not subject and near < own and x is not None:
            width = SHOULDER_M * setup.focal_mm / (WIDTH_MM / 2 * max(near, 0.2))
            if abs(x) - width < BLOCKED:
                return True
    return False


@lru_cache(maxsize=64)
def _alternatives(theta: float, third: float) -> tuple[tuple[float, float | None, int], ...]:
    near = (theta, 21.5, 14.5, 11.0) if theta < 30 else (theta, theta - 8.0, theta + 8.0)
    shifts = (third, -ASIDE, third + MORE_ROOM) if third else ()
    return (
        *((angle, None, 0) for angle in near),
        *((angle, shift, 0) for shift in shifts for angle in near[::2]),
        *((angle, None, longer) for longer in (1, 2) for angle in near[::2]),
    )


def _ways_to_be_alone(candidate: Candidate) -> tuple[tuple[float, float | None, int], ...]:
    """(angle off the look, place across the frame or None for the usual, steps of longer lens), the mildest first."""
    return _alternatives(candidate.theta, THIRD[candidate.size])


def _on_figure(
    candidate: Candidate,
    moment: Moment,
    figure: Figure,
    size: ShotSize,
    focal: int,
    coverage: float,
    aspect: float,
    theta: float,
) -> Setup:
    third = THIRD[candidate.size]
    if candidate.kind == "single" and third and len(moment.figures) > 1:
        framed = _aimed(candidate, moment, figure, size, focal, coverage, aspect, theta, third)
        crowding = [framed.across(o.at) for o in moment.figures.values() if o is not figure]
        if not any(x is not None and 0.7 < abs(x) <= 1.1 for x in crowding):
            return framed
        third = 0.0
    return _aimed(candidate, moment, figure, size, focal, coverage, aspect, theta, third)


def _aimed(
    candidate: Candidate, moment: Moment, figure: Figure, size: ShotSize, focal: int, coverage: float, aspect: float,
    theta: float, third: float,
) -> Setup:  # fmt: skip
    azimuth = candidate.azimuth + figure.way * (candidate.theta - theta)
    distance = camera_distance(coverage, focal, aspect)
    camera = step(figure.at, azimuth, distance)
    off = turn_between(azimuth, figure.gaze_heading)
    if third and abs(off) > 4:
        side = -1 if off > 0 else 1
        if candidate.kind == "moving":
            side = -side if abs(off) > 120 else side
        axis = heading_to(camera, figure.at) + math.degrees(math.atan(side * third * WIDTH_MM / 2 / focal))
        aim = step(camera, axis, distance)
    else:
        aim = figure.at
    partner = moment.figures.get(figure.target)
    height, angle = camera_height(candidate, figure.eye_m, partner.eye_m if partner else figure.eye_m, distance)
    look_y = aim_height(figure.eye_m, candidate.size, coverage, figure.height_m / ADULT_M)
    return Setup(_point(camera, height), _point(aim, look_y), focal, size, None, angle, figure.eye_m)


def camera_height(candidate: Candidate, eye: float, looked_at: float, distance: float) -> tuple[float, Angle]:
    """Camera height and the angle that it makes: half-way between two pairs of eyes, or near those looked at."""
    if abs(eye - looked_at) <= EYE_TOLERANCE_M:
        height = (eye + looked_at) / 2
    else:
        height = looked_at + (0.18 if eye > looked_at else -0.18)
    if candidate.angle == "low_angle":
        height = max(0.25, height - max(0.22, min(distance * ANGLE_TAN, 0.9)))
    elif candidate.angle == "high_angle":
        height += max(0.22, min(distance * ANGLE_TAN, 1.4))
    elif candidate.angle == "overhead":
        height = eye + distance * 0.95
    if candidate.angle in ("low_angle", "high_angle", "overhead"):
        return height, candidate.angle  # type: ignore[return-value]
    tilt = math.degrees(math.atan2(height - eye, distance))
    return height, "high_angle" if tilt > TILTED_DEG else "low_angle" if tilt < -TILTED_DEG else "eye_level"


def strays(setup: Setup, moment: Moment, subject: Figure) -> list[str]:
    """Who else shares the frame of a subject, shoulders in the foreground apart."""
    if len(moment.figures) == 1:
        return []
    plan, aim, focal = setup.plan, setup.aim, setup.focal_mm
    nearest = distance_between(plan, subject.at) - FRONT_M
    return [
        other.id
        for other in moment.figures.values()
        if other is not subject
        and distance_between(plan, other.at) >= nearest
        and (x := screen_x(plan, aim, other.at, focal, WIDTH_MM)) is not None
        and abs(x) <= 1.0
    ]


def _in_the_way(setup: Setup, moment: Moment, subject: Figure) -> int:
    """How many others hang in the frame nearer than the subject."""
    own = distance_between(setup.plan, subject.at)
    found = 0
    for other in moment.figures.values():
        if other.id == subject.id:
            continue
        near = distance_between(setup.plan, other.at)
        if near < own and _edge_in(setup, other.at, near):
            found += 1
    return found


def _edge_in(setup: Setup, at: Plan, distance: float) -> bool:
    x = setup.across(at)
    if x is None:
        return False
    half = WIDTH_MM / 2 / setup.focal_mm * max(distance, 0.2)
    return abs(x) - SHOULDER_M / half < 0.97


@lru_cache(maxsize=4096)
def fit_people(
    spots: tuple[Plan, ...], azimuth: float, size: int, pose: str, habit: LensHabit, aspect: float, room: bool,
    limit: float,
) -> tuple[float, int, float]:  # fmt: skip
    """A frame of several people: (distance, focal length, coverage) once it holds them all.

    `spots` on the plan, at most six; `limit`: how far across the frame the outermost may stand, in half-widths.
    """
    middle = middle_of(spots)
    name = SIZES[size]
    coverage = 5.0 if room and size == 0 else coverage_of(name, pose)
    focal = focal_for(name, habit)
    tallness = sensor_mm(aspect)[1] / focal
    distance = coverage / tallness
    for _ in range(14):
        camera = step(middle, azimuth, distance)
        if all(_within(camera, middle, spot, focal, limit) for spot in spots):
            break
        distance *= 1.12
    return distance, focal, distance * tallness


def middle_of(spots: Sequence[Plan]) -> Plan:
    """The middle of the ground that some people stand on."""
    xs, zs = [x for x, _ in spots], [z for _, z in spots]
    return (min(xs) + max(xs)) / 2, (min(zs) + max(zs)) / 2


def several(candidate_kind: str, primary: str, partner: str, moment: Moment) -> list[Figure]:
    """Whom a frame of two or of everyone is built about, six at most."""
    figures = moment.figures
    if candidate_kind == "two":
        return [figures[primary], figures[partner]]
    wanted = [figures[str(p)] for p in moment.shot.intent.on if p in figures][:6]
    return wanted + [f for f in figures.values() if f not in wanted][: 6 - len(wanted)]


def sized_by(candidate: Candidate, moment: Moment) -> Figure | None:
    """Whose size a frame's name is of: its subject; in a frame of everyone in a car whoever sits in front."""
    if candidate.kind == "master" and moment.stage.kind == "car":
        return max(moment.figures.values(), key=lambda f: (f.at[1], f.id))
    return moment.figures.get(candidate.primary)


def frame_several(candidate: Candidate, moment: Moment, habit: LensHabit, aspect: float, inside: bool) -> Setup:
    """The camera of a frame of several people. Its size is the one that the first of them is seen in."""
    chosen = several(candidate.kind, candidate.primary, candidate.partner, moment)
    spots = tuple(sorted(f.at for f in chosen))
    asked = candidate.asked if candidate.asked >= 0 else candidate.size
    limit = 0.85 if candidate.kind == "master" else 0.8
    own = sized_by(candidate, moment)
    assert own is not None
    distance, focal, coverage = fit_people(
        spots, candidate.azimuth, asked, own.pose_start, habit, aspect, inside, limit
    )
    middle = middle_of(spots)
    eyes = sum(f.eye_m for f in chosen) / len(chosen)
    crown = max(f.eye_m + CROWN_M * max(f.height_m / ADULT_M, 0.7) for f in chosen)
    # The size is that of the first of them, who may stand nearer to the lens or further off than the middle of all.
    along = distance - distance_between(own.at, step(middle, candidate.azimuth, distance))
    nearer = distance + along
    if (candidate.kind == "two" or along > 0) and all(
        _within(step(middle, candidate.azimuth, nearer), middle, spot, focal, limit) for spot in spots
    ):
        distance, coverage = nearer, coverage * nearer / distance
    for _ in range(12):
        camera = step(middle, candidate.azimuth, distance)
        height, angle = camera_height(candidate, eyes, eyes, distance)
        wide = asked <= 1 or coverage > 2.0
        look_y = aim_height(crown - CROWN_M, min(asked, 1) if wide else asked, coverage)
        lowered = 0.1 if wide and angle == "eye_level" else 0.0
        setup = Setup(
            _point(camera, height - lowered), _point(middle, look_y), focal, SIZES[asked], None, angle, eyes
        )  # fmt: skip
        at_own = coverage_at(setup, own.at, own.eye_m, aspect)
        setup.size = size_seen(at_own, own)
        clear = size_seen(at_own * EDGE, own) == setup.size == size_seen(at_own / EDGE, own)
        if clear and all(_head_in(setup, f, aspect) for f in chosen):
            break
        # A head is cut, or a step of the subject would change the name of its size: a little further off.
        distance, coverage = distance * EDGE, coverage * EDGE
    return setup


def _within(camera: Plan, aim: Plan, spot: Plan, focal: int, limit: float) -> bool:
    x = screen_x(camera, aim, spot, focal, WIDTH_MM)
    return x is not None and abs(x) <= limit


def _head_in(setup: Setup, figure: Figure, aspect: float) -> bool:
    """Whether somebody's head and shoulders lie between the upper and the lower edge of the frame."""
    half = coverage_at(setup, figure.at, figure.eye_m, aspect) / 2
    flat = distance_between(setup.plan, setup.aim) or 0.01
    ahead = distance_between(setup.plan, figure.at)
    axis = setup.position[1] + (setup.look_at[1] - setup.position[1]) * ahead / flat
    head = CROWN_M * max(figure.height_m / ADULT_M, 0.7)
    return figure.eye_m + head <= axis + 0.97 * half and figure.eye_m - 2.2 * head >= axis - half


def _insert(candidate: Candidate, moment: Moment, aspect: float) -> Setup:
    x, y, z = moment.things[candidate.primary]
    coverage = object_coverage(candidate.primary.partition("/")[2].replace("_", " "))
    if candidate.primary.startswith("vehicle/"):
        coverage = max(coverage, VEHICLE_M)
    if candidate.turn:
        coverage = min(coverage, DETAIL_M)
    focal = 65 if coverage <= 0.6 else 40 if coverage <= 1.6 else 28
    distance = camera_distance(coverage, focal, aspect)
    lift = 30.0 if coverage <= 0.6 else 0.0
    flat = distance * math.cos(math.radians(lift))
    camera = step((x, z), candidate.azimuth, flat)
    if coverage > 0.6:
        y = max(y, min(coverage / 2, 1.4))
    size: ShotSize = "extreme_close_up" if coverage <= 0.3 else "close_up" if coverage <= 0.55 else size_of(coverage)
    height = y + distance * math.sin(math.radians(lift)) if lift else max(y, 1.2)
    angle: Angle = "high_angle" if lift else "eye_level"
    return Setup(_point(camera, height), _point((x, z), y), focal, size, coverage, angle, y)


def _pov(candidate: Candidate, moment: Moment, aspect: float) -> Setup:
    viewer = moment.figures[candidate.partner]
    focal = 40
    if candidate.primary in moment.figures:
        other = moment.figures[candidate.primary]
        aim, look_y = other.at, other.eye_m - 0.1
        size = size_seen(max(distance_between(viewer.at, aim), 0.4) * sensor_mm(aspect)[1] / focal, other)
    elif candidate.primary in moment.things:
        x, y, z = moment.things[candidate.primary]
        aim, look_y = (x, z), y
    else:
        aim, look_y = step(viewer.at, viewer.gaze_heading, 6.0), 1.4
    distance = max(distance_between(viewer.at, aim), 0.4)
    coverage = distance * sensor_mm(aspect)[1] / focal
    tilt = math.degrees(math.atan2(viewer.eye_m - look_y, distance))
    angle: Angle = "high_angle" if tilt > 12 else "low_angle" if tilt < -12 else "eye_level"
    person = candidate.primary in moment.figures
    covered = None if person else round(coverage, 2)
    if not person:
        size = size_of(coverage)
    return Setup(_point(viewer.at, viewer.eye_m), _point(aim, look_y), focal, size, covered, angle, look_y)


def _empty(candidate: Candidate, moment: Moment, habit: LensHabit, aspect: float, inside: bool) -> Setup:
    size = SIZES[candidate.size]
    coverage = (5.5 if inside else 18.0) if candidate.size == 0 else (3.6 if inside else 6.0)
    focal = focal_for(size, habit)
    distance = camera_distance(coverage, focal, aspect)
    aim = (0.0, -1.5)
    camera = step(aim, candidate.azimuth, distance)
    height = 1.5 if inside else 1.8
    angle: Angle = "eye_level"
    if candidate.angle == "high_angle":
        height, angle = 3.6, "high_angle"
    elif candidate.angle == "low_angle":
        height, angle = 0.8, "low_angle"
    return Setup(_point(camera, height), _point(aim, 1.4), focal, size, coverage, angle, 1.5)


def _point(at: Plan, height: float) -> tuple[float, float, float]:
    return round(at[0], 2), round(height, 2), round(at[1], 2)
