"""Animals: dog, cat, horse, cow, sheep, bird and fish, built from pipes and balls by their proportions."""

from __future__ import annotations

import math
import re
import tomllib
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np

from shotwright.boards.figures.describing import is_colour, linear
from shotwright.boards.figures.piece import ball, tube
from shotwright.boards.mesh import Mesh

if TYPE_CHECKING:
    from numpy.typing import NDArray

NAMES = ("coat", "dark", "eyes", "light")
Colour = tuple[float, float, float]
Anchors = dict[str, tuple[float, float, float]]


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(resources.files("shotwright.boards.figures").joinpath("animals.toml").read_text("utf-8"))


def animal_kind(text: str) -> str | None:
    """The kind of animal that a name or description means; none where it means none that is drawn."""
    words = re.findall(r"[a-z]+", text.lower()[:1000])
    for word in words:
        for kind, known in _table()["words"].items():
            if word in known or (word.endswith("s") and word[:-1] in known):
                return str(kind)
    return None


class _Build:
    """Parts gathered into one mesh."""

    def __init__(self, colours: tuple[Colour, Colour, Colour]) -> None:
        self.colours = {"coat": colours[0], "dark": colours[1], "light": colours[2], "eyes": (0.01, 0.01, 0.01)}
        self.points: list[NDArray[Any]] = []
        self.faces: list[NDArray[Any]] = []
        self.shades: list[NDArray[Any]] = []
        self.parts: list[NDArray[Any]] = []
        self.count = 0

    def add(self, part: str, shape: tuple[Any, Any], *, shade: float = 1.0) -> None:
        points, faces = shape
        self.points.append(np.asarray(points, float))
        self.faces.append(np.asarray(faces) + self.count)
        self.shades.append(np.tile(np.array(self.colours[part]) * shade, (len(faces), 1)))
        self.parts.append(np.full(len(faces), NAMES.index(part), np.uint8))
        self.count += len(points)

    def mesh(self, anchors: Anchors, *, on_floor: bool = True) -> Mesh:
        points = np.concatenate(self.points).astype(np.float32)
        drop = float(points[:, 1].min()) if on_floor else 0.0
        points[:, 1] -= np.float32(drop)
        return Mesh(
            vertices=points,
            faces=np.concatenate(self.faces).astype(np.int32),
            colours=np.clip(np.concatenate(self.shades), 0, 1).astype(np.float32),
            parts=np.concatenate(self.parts),
            names=NAMES,
            anchors={k: (x, y - drop, z) for k, (x, y, z) in anchors.items()},
        )


def _line(*points: tuple[float, float, float]) -> NDArray[Any]:
    """A smooth line through points (Catmull-Rom, three steps a span)."""
    p = np.array([points[0], *points, points[-1]], float)
    out = []
    for i in range(1, len(p) - 2):
        for t in (0.0, 1 / 3, 2 / 3):
            a, b, c, d = p[i - 1 : i + 3]
            out.append(
                0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
            )
    return np.array([*out, p[-2]])


def _pipe(
    points: list[tuple[float, float, float]], radii: list[float], sides: int = 10, wide: float = 1.0
) -> tuple[Any, Any]:
    line = _line(*points)
    radius = np.interp(np.linspace(0, 1, len(line)), np.linspace(0, 1, len(radii)), radii)
    place, faces = tube(line, radius, sides)
    middle = np.concatenate([np.repeat(line[:, 0], sides), line[[0, -1], 0]])
    place[:, 0] = middle + (place[:, 0] - middle) * wide
    return place, faces


@lru_cache(maxsize=64)
def animal(
    kind: str,
    *,
    colours: tuple[str, ...] = (),
    pose: str = "stand",
    phase: float = 0.0,
    gaze: tuple[float, float] = (0.0, 0.0),
    size: float = 1.0,
) -> Mesh:
    """An animal facing +z on y = 0; a bird in any pose but `stand` and `sit` flies, a fish swims round the origin.

    `colours` are `#rrggbb`: coat, markings, light parts. `size` scales the usual size of the kind. A kind that is not
    known is drawn as a dog. The mesh is shared: take it as it is.
    """
    table = _table()
    spec = table[kind] if kind in table and kind != "words" else table["dog"]
    given = [c for c in colours if is_colour(c)] or spec["colours"]
    tints = [linear(c) for c in (*given, *spec["colours"][len(given) :])][:3]
    build = _Build((tints[0], tints[1], tints[2]))
    if kind == "bird":
        return _bird(build, spec["length"] * size, pose, phase, gaze)
    if kind == "fish":
        return _fish(build, spec["length"] * size, phase)
    return _quadruped(build, spec, size, pose, phase, gaze, cat=kind == "cat")


def _quadruped(
    build: _Build, spec: dict[str, Any], size: float, pose: str, phase: float, gaze: tuple[float, float], *, cat: bool
) -> Mesh:
    h = spec["shoulder"] * size
    length, deep, wide = (x * h for x in spec["body"])
    lying, sitting = pose in ("lie", "fall"), pose in ("sit", "crouch")
    back = h * (0.42 if lying else 1.0) - deep / 2
    rump = back - (h * 0.40 if sitting else 0.0)
    front, rear = length * 0.5 - deep * 0.25, -length * 0.5 + deep * 0.25
    body = [
        (0.0, rump - deep * 0.02, rear - deep * 0.22),
        (0.0, rump, rear),
        (0.0, (rump + back) / 2 - deep * 0.02, 0.0),
        (0.0, back, front),
        (0.0, back + deep * 0.04, front + deep * 0.26),
    ]
    build.add("coat", _pipe(body, [deep * 0.16, deep * 0.46, deep * 0.45, deep * 0.50, deep * 0.20], 14, wide / deep))
    reach, rise, thick, thin = spec["neck"]
    rise = math.radians(rise + (8 if sitting else 0) - (18 if pose == "run" else 0))
    base = np.array([0.0, back + deep * 0.16, front + deep * 0.10])
    top = base + np.array([0.0, math.sin(rise), math.cos(rise)]) * reach * h
    build.add(
        "coat",
        _pipe(
            [tuple(base - [0, deep * 0.1, deep * 0.18]), tuple((base + top) / 2), tuple(top)],
            [thick * h, (thick + thin) / 2 * h, thin * h],
            10,
            0.8,
        ),
    )
    yaw, pitch = (
        math.radians(max(-60.0, min(60.0, gaze[0]))),
        math.radians(max(-35.0, min(35.0, gaze[1])) - (6 if cat else 22)),
    )
    if spec.get("mane"):
        pitch -= math.radians(24)
    way = np.array([math.sin(yaw) * math.cos(pitch), math.sin(pitch), math.cos(yaw) * math.cos(pitch)])
    side = np.array([math.cos(yaw), 0.0, -math.sin(yaw)])
    up = np.cross(way, side)
    long, skull, muzzle = (x * h for x in spec["head"])
    build.add("coat", ball(top + way * skull * 0.25 + up * skull * 0.1, skull * np.array([0.86, 0.92, 1.0]), 9, 14))
    nose = top + way * long * 0.88 - up * skull * 0.16
    build.add(
        "coat",
        _pipe(
            [tuple(top), tuple(top + way * long * 0.45 - up * skull * 0.08), tuple(nose)],
            [skull * 0.78, (skull + muzzle) * 0.46, muzzle * 0.86],
            10,
        ),
    )
    build.add(
        "dark", ball(nose + way * muzzle * 0.55 + up * muzzle * 0.15, muzzle * np.array([0.52, 0.42, 0.42]), 6, 8)
    )
    eye_at = top + way * skull * (0.62 if not spec.get("mane") else 0.5) + up * skull * 0.42
    for s in (1.0, -1.0):
        eye = eye_at + side * s * skull * 0.60
        build.add("light" if cat else "eyes", ball(eye, skull * (0.22 if cat else 0.15), 6, 8))
        build.add("eyes", ball(eye + (way * 0.6 + side * s * 0.5) * skull * 0.14, skull * 0.11, 5, 7))
        tall, broad, out = spec["ears"]
        lean = math.radians(out)
        root = top + up * skull * 0.72 + side * s * skull * 0.50 - way * skull * 0.1
        tip = root + (up * math.cos(lean) + side * s * math.sin(lean)) * tall * h
        build.add(
            "coat",
            _pipe(
                [tuple(root - up * skull * 0.3), tuple((root + tip) / 2), tuple(tip)],
                [broad * h * 0.5, broad * h * 0.42, 0.004 * h],
                6,
            ),
            shade=0.8,
        )
    if spec.get("mane"):
        crest = [
            tuple(top + up * skull * 0.7),
            tuple((base + top) / 2 + np.array([0, thick * h * 0.62, -thick * h * 0.66])),
            tuple(base + np.array([0, thick * h * 0.55, -thick * h * 0.8])),
        ]
        build.add("dark", _pipe(crest, [0.02 * h, 0.06 * h, 0.03 * h], 8, 0.7))
    _legs(build, spec, h, (back, rump, front, rear, deep, wide), pose, phase, lying=lying, sitting=sitting)
    reach, droop, thick = spec["tail"]
    drop = math.radians(droop)
    start = np.array([0.0, rump + deep * 0.22, rear - deep * 0.30])
    bend = start + np.array([0, -math.sin(drop) * 0.5, -math.cos(drop) * 0.5]) * reach * h
    end = bend + np.array([0.02 * h, -math.sin(drop * 1.25) * 0.5, -math.cos(drop * 1.25) * 0.5]) * reach * h
    if end[1] < 0.03 * h:
        end[1] = 0.03 * h
    build.add(
        "dark" if spec.get("mane") else "coat",
        _pipe([tuple(start), tuple(bend), tuple(end)], [thick * h, thick * h * 1.1, thick * h * 0.5], 7),
    )
    crown = top + up * skull
    chest = (0.0, back, front + deep * 0.3)
    eyes = tuple(float(x) for x in eye_at)
    return build.mesh(
        {
            "eyes": (eyes[0], eyes[1], eyes[2]),
            "crown": (float(crown[0]), float(crown[1]), float(crown[2])),
            "chin": (float(nose[0]), float(nose[1] - muzzle), float(nose[2])),
            "chest": chest,
            "back": (0.0, back + deep / 2, 0.0),
            "hips": (0.0, rump, rear),
            "saddle": (0.0, back + deep * 0.48, 0.0),
        }
    )


def _legs(
    build: _Build,
    spec: dict[str, Any],
    h: float,
    trunk: tuple[float, ...],
    pose: str,
    phase: float,
    *,
    lying: bool,
    sitting: bool,
) -> None:
    back, rump, front, rear, deep, wide = trunk
    thick, thin = (x * h for x in spec["leg"])
    stride = {"walk": 0.16, "run": 0.34, "ride": 0.2}.get(pose, 0.0) * h
    for s in (1.0, -1.0):
        for fore in (True, False):
            swing = phase + (0.0 if s > 0 else 0.5) + (0.25 if fore else 0.0)
            go = stride * math.sin(2 * math.pi * swing)
            lift = max(0.0, math.cos(2 * math.pi * swing)) * stride * 0.45
            x = s * wide * 0.36
            y, z = (back, front) if fore else (rump, rear)
            if lying:
                line = [(x, y, z), (x * 1.3, thick, z + 0.20 * h), (x * 1.3, thin, z + (0.46 if fore else 0.34) * h)]
            elif sitting and not fore:
                line = [
                    (x, y, z),
                    (x * 1.5, y * 0.72, z + 0.24 * h),
                    (x * 1.5, thin * 2.2, z + 0.04 * h),
                    (x * 1.5, thin, z + 0.24 * h),
                ]
            else:
                # Elbow and wrist bend forwards and back; knee and hock the other way about.
                knee = (0.03 if fore else 0.10) * h
                hock = (-0.01 if fore else -0.09) * h
                line = [
                    (x, y - deep * 0.05, z),
                    (x, y * 0.62 + lift, z + knee + go * 0.5),
                    (x, y * 0.30 + lift, z + hock + go * 0.9),
                    (x, thin * 0.9 + lift, z + go + (0 if fore else -0.02 * h)),
                ]
            build.add("coat", _pipe(line, [thick * 1.7, thick, thin * 1.15, thin], 8))
            if not lying:
                # Shoulder and haunch, so that the legs grow out of the trunk.
                joint = np.array([x * 0.86, y - deep * 0.06, z + (0.02 if fore else 0.04) * h])
                build.add("coat", ball(joint, np.array([wide * 0.24, deep * 0.44, deep * 0.30]), 7, 10))
            foot = np.add(line[-1], (0, 0, thin * 0.5))
            build.add("dark" if spec.get("hooves") else "coat", ball(foot, thin * np.array([1.15, 0.9, 1.6]), 6, 8))


def _bird(build: _Build, length: float, pose: str, phase: float, gaze: tuple[float, float]) -> Mesh:
    flying = pose not in ("stand", "sit", "walk", "lie", "hold")
    n = length
    tilt = 0.12 if flying else 0.55
    height = 0.0 if flying else 0.30 * n
    up = np.array([0.0, math.cos(tilt), -math.sin(tilt)])
    way = np.array([0.0, math.sin(tilt), math.cos(tilt)])
    middle = np.array([0.0, height, 0.0])
    spine = [
        tuple(middle - way * 0.34 * n),
        tuple(middle - way * 0.16 * n),
        tuple(middle + way * 0.06 * n - up * 0.02 * n),
        tuple(middle + way * 0.26 * n),
    ]
    build.add("coat", _pipe(spine, [0.03 * n, 0.13 * n, 0.175 * n, 0.06 * n], 12))
    yaw = math.radians(max(-90.0, min(90.0, gaze[0])))
    look = np.array([math.sin(yaw), 0.0, math.cos(yaw)])
    side = np.array([math.cos(yaw), 0.0, -math.sin(yaw)])
    head = middle + way * 0.30 * n + np.array([0, 0.10 if flying else 0.15, 0.03]) * n
    build.add(
        "coat",
        _pipe(
            [tuple(middle + way * 0.18 * n), tuple((middle + way * 0.26 * n + head) / 2), tuple(head)],
            [0.13 * n, 0.085 * n, 0.075 * n],
            10,
        ),
        shade=0.75,
    )
    build.add("coat", ball(head, 0.082 * n, 8, 12), shade=0.8)
    build.add(
        "dark",
        _pipe(
            [
                tuple(head + look * 0.06 * n),
                tuple(head + look * 0.12 * n - [0, 0.006 * n, 0]),
                tuple(head + look * 0.155 * n - [0, 0.02 * n, 0]),
            ],
            [0.03 * n, 0.018 * n, 0.003 * n],
            7,
        ),
    )
    for s in (1.0, -1.0):
        eye = head + side * s * 0.062 * n + look * 0.03 * n + [0, 0.02 * n, 0]
        build.add("light", ball(eye, 0.024 * n, 6, 8))
        build.add("eyes", ball(eye + side * s * 0.012 * n, 0.016 * n, 5, 7))
        if flying:
            flap = math.radians(12 + 42 * math.sin(2 * math.pi * phase))
            span = np.array([s * math.cos(flap), math.sin(flap), 0.0])
            root = middle + up * 0.09 * n + np.array([s * 0.08 * n, 0, 0.05 * n])
            for reach, chord, back, part in ((0.42, 0.30, 0.0, "coat"), (0.82, 0.17, -0.09, "dark")):
                centre = root + span * reach * 0.62 * n + np.array([0, 0, back - 0.06]) * n
                wing = ball((0, 0, 0), (1, 1, 1), 7, 12)[0]
                frame = np.stack(
                    [span * 0.34 * n, np.cross([0, 0, 1.0], span) * 0.018 * n, np.array([0, 0, chord * n * 0.6])]
                )
                build.add(part, (wing @ frame + centre, ball((0, 0, 0), 1, 7, 12)[1]))
        else:
            folded = [
                tuple(middle + way * 0.17 * n + [s * 0.12 * n, 0.05 * n, 0]),
                tuple(middle - way * 0.10 * n + [s * 0.15 * n, 0.03 * n, 0]),
                tuple(middle - way * 0.46 * n + [s * 0.05 * n, 0.02 * n, 0]),
            ]
            build.add("coat", _pipe(folded, [0.05 * n, 0.085 * n, 0.012 * n], 8, 0.5), shade=0.85)
            build.add(
                "dark",
                _pipe([tuple(np.add(folded[1], (s * 0.008 * n, 0, 0))), folded[2]], [0.05 * n, 0.012 * n], 8, 0.5),
            )
            hip = middle - way * 0.04 * n + np.array([s * 0.07 * n, -0.11 * n, 0])
            foot = np.array([s * 0.07 * n, 0.012 * n, 0.02 * n])
            build.add(
                "light",
                _pipe(
                    [tuple(hip), tuple((hip + foot) / 2 - [0, 0, 0.02 * n]), tuple(foot)],
                    [0.03 * n, 0.014 * n, 0.013 * n],
                    6,
                ),
            )
            for spread in (-0.05, 0.0, 0.05):
                build.add(
                    "light",
                    _pipe(
                        [tuple(foot), tuple(np.add(foot, (spread * n, -0.004 * n, 0.075 * n)))],
                        [0.013 * n, 0.006 * n],
                        5,
                    ),
                )
    tail = ball((0, 0, 0), (0.085 * n, 0.014 * n, 0.19 * n), 7, 10)
    turn = np.stack([np.array([1.0, 0, 0]), up, way])
    build.add("dark", (np.asarray(tail[0]) @ turn + middle - way * 0.45 * n, tail[1]))
    top = (float(head[0]), float(head[1]), float(head[2]))
    return build.mesh(
        {
            "eyes": top,
            "crown": (top[0], top[1] + 0.08 * n, top[2]),
            "chest": (0.0, height, 0.2 * n),
            "back": (0.0, height + 0.15 * n, 0.0),
            "chin": (top[0], top[1] - 0.08 * n, top[2]),
        },
        on_floor=not flying,
    )


def _fish(build: _Build, length: float, phase: float) -> Mesh:
    n = length
    at = np.linspace(0.5, -0.36, 9)
    bend = [0.05 * n * max(0.0, 0.3 - z) * math.sin(2 * math.pi * phase + 4 * z) for z in at]
    line = [(b, 0.0, float(z) * n) for b, z in zip(bend, at, strict=True)]
    radii = [0.02, 0.075, 0.115, 0.13, 0.128, 0.108, 0.078, 0.048, 0.03]
    build.add("coat", _pipe(line, [r * n for r in radii], 14, 0.62))
    end = np.array(line[-1])
    fin = np.asarray(ball((0, 0, 0), (0.006 * n, 0.10 * n, 0.085 * n), 8, 10)[0])
    faces = ball((0, 0, 0), 1, 8, 10)[1]
    for s in (1.0, -1.0):
        lean = fin.copy()
        lean[:, 2] -= lean[:, 1] * s * 0.45
        build.add("dark", (lean + end + [0, s * 0.055 * n, -0.075 * n], faces))
        side = np.asarray(ball((0, 0, 0), (0.055 * n, 0.008 * n, 0.04 * n), 6, 8)[0])
        side[:, 1] -= np.abs(side[:, 0]) * 0.5
        build.add("dark", (np.add(side, (s * 0.09 * n, -0.06 * n, 0.18 * n)), ball((0, 0, 0), 1, 6, 8)[1]))
        build.add("light", ball((s * 0.047 * n, 0.03 * n, 0.41 * n), 0.022 * n, 6, 8))
        build.add("eyes", ball((s * 0.056 * n, 0.03 * n, 0.415 * n), 0.014 * n, 5, 7))
    build.add("dark", (fin * [1, 0.75, 1.7] + [0, 0.145 * n, 0.04 * n], faces))
    build.add("dark", (fin * [1, 0.45, 0.8] + [0, -0.115 * n, -0.16 * n], faces))
    return build.mesh(
        {
            "eyes": (0.0, 0.03 * n, 0.41 * n),
            "crown": (0.0, 0.13 * n, 0.1 * n),
            "chest": (0.0, 0.0, 0.2 * n),
            "chin": (0.0, -0.03 * n, 0.48 * n),
            "back": (0.0, 0.13 * n, 0.0),
        },
        on_floor=False,
    )
