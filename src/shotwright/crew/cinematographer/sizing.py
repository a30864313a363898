"""What a size is on somebody's body, where the lens aims in it, and what the set calls a frame."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

from shotwright.craft.geometry import heading_to, sensor_mm, turn_between
from shotwright.craft.optics import ADULT_M, SIZES, coverage_of

if TYPE_CHECKING:
    from shotwright.craft.chooser import Candidate
    from shotwright.craft.geometry import Plan
    from shotwright.crew.cinematographer.cameras import Setup
    from shotwright.crew.cinematographer.figures import Figure
    from shotwright.model.vocabulary import Facing, Framing, ShotSize

INSERT_M = 1.6
"""A frame of a thing taller than this is no insert: it is a shot of the thing."""
CROWN_M = 0.12
"""From the eyes to the crown of an adult."""
HEADROOM: dict[int, float] = {2: 0.12, 3: 0.12, 4: 0.1, 5: 0.04, 6: 0.3}
"""Room above the crown as a share of the frame, by step of size; the tightest is measured from the eyes."""
EDGE = 1.06
"""A frame of several people is kept this much of its height away from where its size would have another name."""
BELOW = 0.36
"""How much of what a frame of the whole body leaves free lies under the feet."""


def covering(size: ShotSize, figure: Figure) -> float:
    """Height of the frame at somebody, metres: the size's own, scaled to the body's height and pose."""
    return coverage_of(size, figure.pose_start) * figure.height_m / ADULT_M


def size_seen(coverage_m: float, figure: Figure) -> ShotSize:
    """The size that a frame of this height at somebody is; bands meet at the geometric mean of neighbours."""
    for wider, tighter in pairwise(SIZES):
        if coverage_m >= math.sqrt(covering(wider, figure) * covering(tighter, figure)):
            return wider
    return SIZES[-1]


def coverage_at(setup: Setup, at: Plan, eye_m: float, aspect: float) -> float:
    """Height of the frame at somebody's eyes, metres, along the lens axis."""
    to_eyes = (at[0] - setup.position[0], eye_m - setup.position[1], at[1] - setup.position[2])
    axis = tuple(b - a for a, b in zip(setup.position, setup.look_at, strict=True))
    length = math.hypot(*axis) or 1.0
    ahead = sum(a * b for a, b in zip(to_eyes, axis, strict=True)) / length
    return max(ahead, 0.05) * sensor_mm(aspect)[1] / setup.focal_mm


def aim_height(eye_m: float, size: int, coverage: float, tall: float = 1.0) -> float:
    """The height that the lens is aimed at, so that the head has the usual room above it; a frame of the whole body
    shares what is free between sky and ground. `tall`: the body's height over an adult's."""
    crown = eye_m + CROWN_M * max(tall, 0.7)
    if size <= 1:
        return coverage / 2 - BELOW * max(coverage - crown, 0.0)
    if size == 6:
        return eye_m + HEADROOM[6] * coverage - coverage / 2
    return crown + HEADROOM[size] * coverage - coverage / 2


def facing(setup: Setup, at: Plan, heading: float) -> Facing:
    """The side of a subject that the camera sees."""
    off = abs(turn_between(heading, heading_to(at, setup.plan)))
    if off < 9:
        return "frontal"
    if off < 62:
        return "three_quarter"
    if off < 118:
        return "profile"
    return "three_quarter_back" if off < 165 else "back"


def framing(candidate: Candidate, seen: int, shoulder: bool, covered: float) -> Framing:
    """What the frame is, from what is in it."""
    if candidate.kind == "insert" and covered > INSERT_M:
        return "single"
    if candidate.kind in ("insert", "pov", "empty"):
        return candidate.kind
    if candidate.kind == "over" and shoulder:
        return "over_the_shoulder"
    if seen == 0:
        return "empty"
    if seen == 1:
        return "single"
    if seen == 2:
        return "two_shot"
    return "three_shot" if seen == 3 else "group"
