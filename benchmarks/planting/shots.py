"""Reading and changing a shot of the layered JSON, with a floor plan and a mirror of its own."""

from __future__ import annotations

import copy
import math
import random
from collections.abc import Callable
from typing import Any

Shot = dict[str, Any]
Where = tuple[int, ...]
"""Indices of the shots on which a flag counts as finding the error; the first is the one that was changed."""
Manner = Callable[[list[Shot], int, random.Random], Where | None]

SIZES = ("extreme_wide", "wide", "medium_wide", "medium", "medium_close_up", "close_up", "extreme_close_up")
APART = {"insert", "pov"}
ELEMENTS = {"cutaway", "series_element", "montage_element"}
SOFT_CUTS = {"dissolve", "fade_in", "fade_out", "fade_white", "wipe", "iris"}


def camera(shot: Shot) -> Shot:
    return shot["technical_layer"]["camera"]


def staging(shot: Shot) -> Shot:
    return shot["technical_layer"]["staging"]


def light(shot: Shot) -> Shot:
    return shot["technical_layer"]["lighting"]


def shown(shot: Shot) -> list[Shot]:
    """Persons in frame, shoulders in the foreground left out."""
    return [
        s
        for s in staging(shot)["subjects"]
        if s["screen_position"] != "off" and s["entity"].startswith("character/") and not s.get("foreground")
    ]


def plain(shot: Shot) -> bool:
    """A shot that has neighbours: no insert, point of view, cutaway or element."""
    return camera(shot)["framing"] not in APART and shot["function"] not in ELEMENTS


def place(shot: Shot) -> str:
    return staging(shot)["plate"].partition(" side ")[0]


def together(one: Shot, two: Shot) -> bool:
    """Two neighbours in one place, with a straight cut and no long take between them."""
    return (
        plain(one)
        and plain(two)
        and place(one) == place(two)
        and two["continues_shot_id"] is None
        and two["transition_in"] not in SOFT_CUTS | {"jump_cut", "smash_cut", "match_cut"}
    )


def floor(point: list[float]) -> tuple[float, float]:
    return point[0], point[2]


def spots(shot: Shot) -> dict[str, tuple[float, float]]:
    return {s["entity"]: floor(s["position_m"]) for s in staging(shot)["subjects"]}


def ends(shots: list[Shot], i: int) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """Where the ends of the shot's line stand, when both are people staged here or in a shot beside it."""
    line = staging(shots[i])["line"]
    if line is None or line["side"] == "on":
        return None
    here = spots(shots[i])
    if line["a"] in here and line["b"] in here:
        return here[line["a"]], here[line["b"]]
    return None


def cross(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def bearing(a: tuple[float, float], b: tuple[float, float]) -> float:
    return math.degrees(math.atan2(b[0] - a[0], b[1] - a[1]))


def wrapped(angle: float) -> float:
    return (angle + 180) % 360 - 180


def rederive(shot: Shot) -> None:
    """Make everything that the shot asserts about sides and directions true of its camera again."""
    lens, aim = floor(camera(shot)["position_m"]), floor(camera(shot)["look_at_m"])
    axis, here, line = bearing(lens, aim), spots(shot), staging(shot)["line"]
    for subject in staging(shot)["subjects"]:
        spot = floor(subject["position_m"])
        if subject["screen_position"] != "off":
            off = -wrapped(bearing(lens, spot) - axis)
            subject["screen_position"] = "center" if abs(off) < 2 else ("right" if off > 0 else "left")
        gaze, travel = subject.get("gaze"), subject.get("travel")
        if gaze and gaze["target"] in here and here[gaze["target"]] != spot:
            gaze["screen_direction"] = way(axis, bearing(spot, here[gaze["target"]]))
        if travel:
            travel["screen_direction"] = way(axis, subject["heading_deg"])
    if line and line["a"] in here and line["b"] in here and line["side"] != "on":
        line["side"] = "right" if cross(here[line["a"]], here[line["b"]], lens) > 0 else "left"


def way(axis: float, heading: float) -> str:
    angle = -wrapped(heading - axis)
    if abs(math.sin(math.radians(angle))) > 0.12:
        return "right" if angle > 0 else "left"
    return "away" if abs(angle) < 90 else "toward_camera"


def mirror_camera(shot: Shot, a: tuple[float, float], b: tuple[float, float]) -> None:
    """Put the camera on the other side of the line through a and b."""
    length = math.hypot(b[0] - a[0], b[1] - a[1]) or 1.0
    ux, uz = (b[0] - a[0]) / length, (b[1] - a[1]) / length
    for field in ("position_m", "look_at_m"):
        x, y, z = camera(shot)[field]
        along = (x - a[0]) * ux + (z - a[1]) * uz
        camera(shot)[field] = [2 * (a[0] + along * ux) - x, y, 2 * (a[1] + along * uz) - z]


def turn_camera(shot: Shot, degrees: float, scale: float = 1.0) -> None:
    """Take the camera round what it looks at."""
    lens, aim = floor(camera(shot)["position_m"]), floor(camera(shot)["look_at_m"])
    reach = math.hypot(lens[0] - aim[0], lens[1] - aim[1]) * scale
    turned = math.radians(bearing(aim, lens) + degrees)
    camera(shot)["position_m"] = [
        aim[0] + math.sin(turned) * reach,
        camera(shot)["position_m"][1],
        aim[1] + math.cos(turned) * reach,
    ]


def resize(shot: Shot, size: str) -> None:
    steps = SIZES.index(size) - SIZES.index(camera(shot)["shot_size"])
    camera(shot)["shot_size"] = size
    turn_camera(shot, 0, 0.62**steps)


def take_frame(shots: list[Shot], source: int, target: int) -> None:
    """Give a shot the whole frame of another one, under a set-up of its own."""
    shots[target]["technical_layer"] = copy.deepcopy(shots[source]["technical_layer"])
    shots[target]["function"] = "coverage"
