"""Poses: a skeleton set by feet that are planted, hands that reach and a head that looks."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np

from shotwright.boards.figures.skeleton import Skeleton, about, cross, turn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

_FINGERS = ("thumb", "index", "middle", "ring", "pinky")
_CLOSE = {"thumb": 14.0, "index": 6.0, "middle": 0.0, "ring": -6.0, "pinky": -13.0}
_SIGN = {"l": 1.0, "r": -1.0}
EYE_TURN = 22.0
"""Degrees that the eyes turn before the head must follow all the way."""
NECK_TURN = 78.0
SEAT_ADULT = 1.75


@cache
def pose_table() -> dict[str, Any]:
    """The contents of poses.toml, read once."""
    return tomllib.loads(resources.files("shotwright.boards.figures").joinpath("poses.toml").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Habit:
    """How one person stands unlike another, each -1 to 1; the same for the same person always."""

    weight: float = 0.0
    """On which leg."""
    nod: float = 0.0
    tilt: float = 0.0
    arms: float = 0.0
    feet: float = 0.0
    idle: str = "hang"
    """What the hands do when they have nothing to do: `hang`, `fold`, `hip`, `clasp`, `pocket`."""


@dataclass(frozen=True, slots=True)
class Posed:
    skeleton: Skeleton
    eyes: tuple[float, float]
    """Yaw and pitch of the eyes in the head, degrees."""
    ground: str
    """`feet`: the lowest point stands on the floor; `back`, `lowest`: likewise; `water`: the eyes above y = 0;
    `seat`: the seat has its height, and short legs hang."""


def _pair(spec: Mapping[str, Any], key: str, side: str, default: Any) -> Any:
    return spec.get(f"{key}_{side}", spec.get(key, default))


def _gait(kind: str, phase: float) -> dict[str, Any]:
    """One moment of walking or running; phase 0 is the left heel's contact, 0.5 the right one's."""
    running = kind == "run"
    stride, lift, swing = (0.42, 0.30, 0.50) if running else (0.29, 0.09, 0.30)
    spec: dict[str, Any] = {"fingers": "fist" if running else "relaxed"}
    for side, shift in (("l", 0.0), ("r", 0.5)):
        p = (phase + shift) % 1.0
        # The first 0.55 of a step the foot stands and passes backwards; then it swings forwards.
        if p < 0.55:
            forward, up = stride * (1 - 2 * p / 0.55), 0.0
            toes = 18 * max(0.0, 1 - p / 0.1) - 38 * max(0.0, (p - 0.36) / 0.19)
        else:
            q = (p - 0.55) / 0.45
            forward, up = stride * (-math.cos(math.pi * q)), lift * math.sin(math.pi * q) ** 1.2
            toes = -44 * (1 - q) ** 1.5 + 18 * q
        heel = 0.11 * max(0.0, -toes) / 44
        spec[f"foot_{side}"] = [0.07, up + heel, forward, 5, toes]
        arm = math.cos(2 * math.pi * (p + 0.5))
        if running:
            spec[f"hand_{side}"] = [0.02 - 0.12 * max(arm, 0), -0.46 + 0.26 * arm, 0.30 + swing * arm]
            spec[f"elbow_{side}"] = [0.5, -0.3, -1]
        else:
            spec[f"hand_{side}"] = [0.12, -0.93 + 0.05 * abs(arm), 0.08 + swing * arm]
            spec[f"elbow_{side}"] = [0.45, 0, -1]
    spec["twist"] = (14 if running else 7) * -math.cos(2 * math.pi * phase)
    bob = math.cos(4 * math.pi * phase)
    spec["hips"] = (0.925 if running else 0.962) - (0.02 if running else 0.012) * bob
    return spec


def _idle(spec: dict[str, Any], habit: Habit) -> None:
    """The person's own way of standing: weight on one leg, feet apart or not, hands where they like to be."""
    s = habit.weight
    spec["shift"] = 0.045 * s
    spec["hip_tilt"] = -4.0 * s
    spec["side"] = spec.get("side", 0) + 4.5 * s
    free = "l" if s < 0 else "r"
    foot = list(spec["foot"])
    foot[0] += 0.03 * habit.feet
    for side in "lr":
        mine = list(foot)
        if side == free:
            mine[2] += 0.10 * abs(s)
            mine[3] += 12 * abs(s)
            mine[0] += 0.03 * abs(s)
        spec.setdefault(f"foot_{side}", mine)
    own = {"fold": "fold", "clasp": "clasp"}.get(habit.idle)
    busy = any(k in spec for k in ("hand_to", "hand_to_l", "hand_to_r"))
    if spec.get("hand") == [0.14, -0.955, 0.08]:
        if own and not busy:
            spec["hand_to"] = own
            spec["elbow"] = [0.9, -0.6, -0.2]
        elif habit.idle in ("hip", "pocket"):
            side = "r" if habit.weight < 0 else "l"
            if f"hand_to_{side}" not in spec:
                spec[f"hand_to_{side}"] = habit.idle
                spec[f"elbow_{side}"] = [1, -0.1, -0.7]
        spec["hand"] = [0.14 + 0.03 * habit.arms, -0.95, 0.08 + 0.05 * habit.arms]


def strike(
    points: NDArray[Any],
    height_m: float,
    pose: str,
    *,
    phase: float,
    gaze: tuple[float, float],
    habit: Habit,
    hands: Mapping[str, str] | None = None,
    lap: float = 0.0,
) -> Posed:
    """A skeleton in a pose. Gaze in degrees against the body: yaw towards +x, pitch upwards.

    `lap`: metres that a skirt lies above the thighs of somebody of 1.75 m who sits.
    """
    table = pose_table()
    spec = dict(table.get(pose) or table["stand"]) | {"lap": lap}
    if "gait" in spec:
        spec |= _gait(spec["gait"], phase)
    elif spec.get("idle"):
        _idle(spec, habit)
    bones = Skeleton(points)
    scale = height_m / SEAT_ADULT
    _set_hips(bones, spec, scale)
    _bend_trunk(bones, spec, habit)
    eyes = _look(bones, spec, gaze, habit)
    for side in "lr":
        _plant(bones, spec, side, scale)
    for side in "lr":
        _reach(bones, spec, side, scale)
        shape = (hands or {}).get(side) or _pair(spec, "fingers", side, "relaxed")
        _curl(bones, side, table["hands"].get(shape, table["hands"]["relaxed"]))
    bones.finish()
    return Posed(bones, eyes, str(spec.get("ground", "seat" if "seat" in spec else "feet")))


def _set_hips(bones: Skeleton, spec: dict[str, Any], scale: float) -> None:
    rest = bones.rest
    hip = (rest["thigh_l"] + rest["thigh_r"]) / 2
    ankle = rest["foot_l"][1]
    leg = hip[1] - ankle
    if "seat" in spec:
        height = float(spec["seat"]) + 0.095 * scale
    elif spec.get("kneel"):
        height = 0.285 * scale
    else:
        height = ankle + leg * float(spec.get("hips", 0.985))
    spec["hip_height"], spec["leg"] = height, leg
    root = turn(*spec.get("root", (0, 0, 0))) @ turn(0, 0, spec.get("hip_tilt", 0))
    place = np.array([spec.get("shift", 0.0) * leg, height, 0.0]) - root @ (hip - rest["pelvis"])
    bones.set_root(place, root)


def _bend_trunk(bones: Skeleton, spec: dict[str, Any], habit: Habit) -> None:
    lean, side, twist = (float(spec.get(k, 0)) for k in ("lean", "side", "twist"))
    if "seat" not in spec and "root" not in spec and lean > 12:
        # A deep bend comes from the hips first.
        bones.turns["pelvis"] = bones.turns["pelvis"] @ turn(lean * 0.45)
        lean *= 0.55
    for bone, share in (("spine_01", 0.3), ("spine_02", 0.35), ("spine_03", 0.35)):
        bones.bend(bone, turn(lean * share, twist * share, side * share))
    for s in "lr":
        bones.bend(f"clavicle_{s}", turn(0, 0, _SIGN[s] * (-3 + 2 * habit.arms)))


def _look(bones: Skeleton, spec: dict[str, Any], gaze: tuple[float, float], habit: Habit) -> tuple[float, float]:
    """Turn neck and head; what is left over the eyes do."""
    nod, yaw, tilt = spec.get("head", (0, 0, 0))
    want_yaw = max(-110.0, min(110.0, gaze[0] + yaw))
    want_pitch = max(-60.0, min(60.0, gaze[1]))
    head_yaw = max(-NECK_TURN, min(NECK_TURN, want_yaw - math.copysign(min(abs(want_yaw) * 0.3, EYE_TURN), want_yaw)))
    head_pitch = want_pitch * 0.6 - nod
    lying = "root" in spec and abs(spec["root"][0]) > 30
    upright = np.eye(3) if not lying else bones.turns["spine_03"]
    goal = upright @ turn(-head_pitch + 2.0 * habit.nod, head_yaw, tilt + 3.0 * habit.tilt)
    chest = bones.turns["spine_03"]
    bones.put("neck_01", _between(chest, goal, 0.45))
    bones.put("head", goal)
    return (
        max(-32.0, min(32.0, want_yaw - head_yaw)),
        max(-24.0, min(24.0, want_pitch - head_pitch - nod)),
    )


def _between(a: NDArray[Any], b: NDArray[Any], share: float) -> NDArray[Any]:
    """A rotation part of the way from one to another."""
    r = b @ a.T
    angle = math.acos(max(-1.0, min(1.0, (float(np.trace(r)) - 1) / 2)))
    if angle < 1e-6:
        return a
    axis = np.array([r[2, 1] - r[1, 2], r[0, 2] - r[2, 0], r[1, 0] - r[0, 1]])
    return np.asarray(about(axis, math.degrees(angle) * share) @ a)


def _plant(bones: Skeleton, spec: dict[str, Any], side: str, scale: float) -> None:
    sign, leg = _SIGN[side], spec["leg"]
    chain = (f"thigh_{side}", f"calf_{side}", f"foot_{side}")
    rest, hip = bones.rest, bones.point(f"thigh_{side}", "pelvis")
    ankle = rest[f"foot_{side}"][1]
    out, up, forward, toes_out, toes_up = _pair(spec, "foot", side, [0.11, 0, 0, 12, 0])
    body = np.eye(3) if spec.get("ground") is None else turn(*spec.get("root", (0, 0, 0)))
    if spec.get("kneel"):
        shin = float(np.linalg.norm(rest[chain[1]] - rest[chain[2]]))
        # Sitting on the heels: the knees before the body, the shins along the floor.
        thigh = float(np.linalg.norm(rest[chain[0]] - rest[chain[1]]))
        knee = math.sqrt(max(thigh**2 - (hip[1] - 0.065 * scale) ** 2, 0.01))
        goal = np.array([hip[0] - sign * 0.02, 0.085 * scale, knee - shin * 0.99])
        toes_up = -68.0
        pole = np.array([sign * 0.25, -0.1, 1.0])
    elif "seat" in spec:
        shin = float(np.linalg.norm(rest[chain[1]] - rest[chain[2]]))
        thigh = float(np.linalg.norm(rest[chain[0]] - rest[chain[1]]))
        low = max(ankle + up * leg, spec["hip_height"] - 0.02 - shin * 1.02)
        reach = math.sqrt(max((thigh + shin) ** 2 * 0.97 - (hip[1] - low) ** 2, 0.01))
        goal = np.array([sign * (abs(hip[0]) + (out - 0.11) * leg), low, min(forward * leg, reach)])
        pole = np.array([sign * (0.15 + out), 1.0, 0.6])
    else:
        stand = np.array(
            [sign * (abs(rest["thigh_l"][0]) * 0.75 + (out - 0.08) * leg), ankle + up * leg, forward * leg]
        )
        if spec.get("ground") is not None:
            # The body as a whole is turned: its feet go with it.
            middle = np.array([0.0, spec["hip_height"], 0.0])
            stand = middle + body @ (stand - middle)
        goal = stand
        pole = body @ np.array([sign * (0.12 + 0.6 * math.sin(math.radians(toes_out))), 0.0, 1.0])
    bones.reach(chain, goal, pole, np.array([sign * 0.12, 0.0, 1.0]))
    flat = body @ turn(0, sign * toes_out, 0) @ turn(-toes_up)
    # At rest the feet already point outwards a little.
    way = rest[f"ball_{side}"] - rest[f"foot_{side}"]
    bones.turns[f"foot_{side}"] = flat @ turn(0, -math.degrees(math.atan2(way[0], way[2])), 0)
    if toes_up < -8:
        bones.bend(f"ball_{side}", turn(-min(-toes_up, 45) * 0.8))


def _reach(bones: Skeleton, spec: dict[str, Any], side: str, scale: float) -> None:
    sign, chest = _SIGN[side], bones.turns["spine_03"]
    arm = bones.length[side]["arm"]
    shoulder = bones.point(f"upperarm_{side}", f"clavicle_{side}")
    mirror = np.array([sign, 1.0, 1.0])
    pole = chest @ (np.array(_pair(spec, "elbow", side, [0.45, 0, -1]), float) * mirror)
    palm, wrist = float(_pair(spec, "palm", side, 0)), 0.0
    target = _pair(spec, "hand_to", side, "")
    if f"hand_{side}" in spec and f"hand_to_{side}" not in spec:
        target = ""
    if target:
        goal, palm, wrist = _place_of(
            bones, target, side, scale, palm, max(float(spec.get("lap", 0.0)), 0.045 if spec.get("kneel") else 0.0)
        )
    else:
        goal = shoulder + chest @ (np.array(_pair(spec, "hand", side, [0.14, -0.955, 0.08]), float) * mirror) * arm
    bones.reach(
        (f"upperarm_{side}", f"lowerarm_{side}", f"hand_{side}"),
        goal,
        pole,
        np.array([sign * 0.3, -0.45, -1.0]),
    )
    axis = bones.turns[f"lowerarm_{side}"] @ (bones.rest[f"hand_{side}"] - bones.rest[f"lowerarm_{side}"])
    bones.turns[f"hand_{side}"] = about(axis, sign * palm) @ bones.turns[f"hand_{side}"]
    bones.turns[f"lowerarm_{side}"] = about(axis, sign * palm * 0.5) @ bones.turns[f"lowerarm_{side}"]
    if wrist:
        bones.turns[f"hand_{side}"] = bones.turns[f"hand_{side}"] @ about(_palm(bones, side)[1], sign * wrist)


def _place_of(
    bones: Skeleton, target: str, side: str, scale: float, palm: float, lap: float
) -> tuple[NDArray[Any], float, float]:
    """Where a wrist goes for a target on the own body, with the turn of the palm and the bend of the wrist."""
    sign, chest, pelvis = _SIGN[side], bones.turns["spine_03"], bones.turns["pelvis"]
    heart = bones.at["spine_03"]
    if target in ("thigh", "knee"):
        hip, knee = bones.at[f"thigh_{side}"], bones.at[f"calf_{side}"]
        share = 0.55 if target == "thigh" else 0.92
        return hip + (knee - hip) * share + np.array([sign * 0.01, 0.122 + lap, -0.02]) * scale, palm, -30.0
    if target == "ear":
        head = bones.turns["head"]
        ear = bones.point("eye_l" if side == "l" else "eye_r", "head")
        return ear + head @ (np.array([sign * 0.070, -0.115, -0.015]) * scale), palm, 0.0
    if target == "fold":
        # One hand lies on the other arm, the other is tucked under it.
        near = np.array([-sign * 0.035, 0.0, 0.205]) if side == "l" else np.array([-sign * 0.05, -0.035, 0.155])
        return heart + chest @ (near * scale), (-25.0 if side == "l" else 0.0), (-35.0 if side == "l" else 10.0)
    if target == "clasp":
        return bones.at["pelvis"] + pelvis @ (np.array([sign * 0.045, -0.01, 0.235]) * scale), -20, 0.0
    if target == "hip":
        return bones.at["pelvis"] + pelvis @ (np.array([sign * 0.235, 0.13, -0.03]) * scale), -60, 0.0
    return bones.at["pelvis"] + pelvis @ (np.array([sign * 0.225, 0.035, 0.03]) * scale), 0.0, 0.0


def _palm(bones: Skeleton, side: str) -> tuple[NDArray[Any], NDArray[Any]]:
    """At rest: the way that the palm faces, and the hinge of the wrist."""
    wrist, index, little = (bones.rest[f"{n}_{side}"] for n in ("hand", "index_01", "pinky_01"))
    face = cross(index - wrist, little - wrist) * _SIGN[side]
    return face / (np.linalg.norm(face) + 1e-12), cross(index + little - 2 * wrist, face)


def _curl(bones: Skeleton, side: str, shape: list[float]) -> None:
    face, _ = _palm(bones, side)
    for finger, degrees in zip(_FINGERS, shape, strict=True):
        for joint in (1, 2, 3):
            name = f"{finger}_0{joint}_{side}"
            way = bones.rest[f"{name}_end"] - bones.rest[name]
            axis = cross(way, face)
            local = about(axis, degrees * (0.7 if joint == 3 else 1.0))
            if joint == 1:
                # At rest the fingers are spread; in use they lie together.
                local = about(face, _SIGN[side] * _CLOSE[finger]) @ local
            bones.local[name] = local
