"""Turning bones: rotations, two-bone limbs that reach a point, and the skin that follows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from shotwright.boards.figures.body import body_data

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def turn(x: float = 0.0, y: float = 0.0, z: float = 0.0) -> NDArray[Any]:
    """Rotation in degrees about x (nod forwards), then z (tilt), then y (turn towards +x)."""
    cx, sx, cy, sy, cz, sz = (f(math.radians(a)) for a in (x, y, z) for f in (math.cos, math.sin))
    about_x = np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    about_z = np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]])
    return np.asarray(about_y @ about_z @ about_x)


def about(axis: NDArray[Any], degrees: float) -> NDArray[Any]:
    """Rotation about an axis (Rodrigues)."""
    x, y, z = axis.tolist()
    long = math.sqrt(x * x + y * y + z * z) + 1e-12
    x, y, z = x / long, y / long, z / long
    s, c = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
    u = 1 - c
    return np.array([
        [c + x * x * u, x * y * u - z * s, x * z * u + y * s],
        [y * x * u + z * s, c + y * y * u, y * z * u - x * s],
        [z * x * u - y * s, z * y * u + x * s, c + z * z * u],
    ])  # fmt: skip


def cross(a: NDArray[Any], b: NDArray[Any]) -> NDArray[Any]:
    """The cross product of two vectors: a tenth of the time of numpy's, which is made for many."""
    ax, ay, az = a.tolist()
    bx, by, bz = b.tolist()
    return np.array([ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx])


def _unit(v: NDArray[Any]) -> NDArray[Any]:
    return np.asarray(v / (math.sqrt(float(v @ v)) + 1e-12))


def _frame(along: NDArray[Any], towards: NDArray[Any]) -> NDArray[Any]:
    """Columns: the way of a bone, the side that its joint bends to, and the hinge."""
    a = _unit(along)
    hinge = _unit(cross(a, towards))
    return np.stack([a, cross(hinge, a), hinge], 1)


class Skeleton:
    """One person's joints in one pose; every bone's rotation is in the space of the figure."""

    def __init__(self, points: NDArray[Any]) -> None:
        data = body_data()
        self.data = data
        self.bones = {b: i for i, b in enumerate(data.bones)}
        self.rest = {n: points[i].astype(float) for n, i in data.joints.items()}
        self.turns: dict[str, NDArray[Any]] = {}
        self.at: dict[str, NDArray[Any]] = {}
        self.local: dict[str, NDArray[Any]] = {}
        self.length = {
            side: {
                "leg": float(np.linalg.norm(self.rest[f"thigh_{side}"] - self.rest[f"foot_{side}"])),
                "arm": float(np.linalg.norm(self.rest[f"upperarm_{side}"] - self.rest[f"lowerarm_{side}"])
                             + np.linalg.norm(self.rest[f"lowerarm_{side}"] - self.rest[f"hand_{side}"])),
            }
            for side in "lr"
        }  # fmt: skip

    def set_root(self, place: NDArray[Any], rotation: NDArray[Any]) -> None:
        self.at["pelvis"], self.turns["pelvis"] = place, rotation

    def parent(self, bone: str) -> str:
        return self.data.bones[self.data.parents[self.bones[bone]]]

    def put(self, bone: str, rotation: NDArray[Any] | None = None) -> None:
        """Hang a bone on its parent: with a rotation of its own (in the figure's space), or going along."""
        up = self.parent(bone)
        self.at[bone] = self.at[up] + self.turns[up] @ (self.rest[bone] - self.rest[up])
        self.turns[bone] = self.turns[up] if rotation is None else rotation

    def bend(self, bone: str, rotation: NDArray[Any]) -> None:
        """Hang a bone on its parent, turned against it."""
        self.put(bone)
        self.turns[bone] = self.turns[bone] @ rotation

    def reach(
        self, chain: Sequence[str], goal: NDArray[Any], pole: NDArray[Any], rest_pole: NDArray[Any]
    ) -> None:  # fmt: skip
        """Turn two bones so that the third of the chain comes to a point, the joint between bending towards a pole.

        What is out of reach is pointed at, all but stretched.
        """
        upper, lower, end = chain
        self.put(upper)
        a, b, c = (self.rest[n] for n in chain)
        one, two = float(np.linalg.norm(b - a)), float(np.linalg.norm(c - b))
        way = goal - self.at[upper]
        far = min(max(float(np.linalg.norm(way)), abs(one - two) * 1.05 + 1e-4), (one + two) * 0.999)
        way = _unit(way)
        side = _unit(pole - way * float(pole @ way))
        cos = (one * one + far * far - two * two) / (2 * one * far)
        cos = min(max(cos, -1.0), 1.0)
        knee = self.at[upper] + one * (cos * way + math.sqrt(1 - cos * cos) * side)
        goal = self.at[upper] + far * way
        rest_hinge = cross(c - a, rest_pole)
        hinge = cross(way, side)
        for name, start, stop, rest_way in ((upper, self.at[upper], knee, b - a), (lower, knee, goal, c - b)):
            was = _frame(rest_way, cross(rest_hinge, rest_way))
            now = _frame(stop - start, cross(hinge, stop - start))
            self.at[name] = start
            self.turns[name] = now @ was.T
        self.put(end)

    def finish(self) -> None:
        """Hang every bone that nobody turned on its parent."""
        for bone in self.data.bones:
            if bone in self.at:
                continue
            self.put(bone)
            if bone in self.local:
                self.turns[bone] = self.turns[bone] @ self.local[bone]

    def point(self, name: str, bone: str) -> NDArray[Any]:
        """Where a resting joint comes to when a bone carries it."""
        return np.asarray(self.at[bone] + self.turns[bone] @ (self.rest[name] - self.rest[bone]))

    def matrices(self) -> NDArray[Any]:
        """float32, (bones, 12): three rows of rotation and shift for each bone."""
        out = np.empty((len(self.data.bones), 3, 4), np.float32)
        for i, bone in enumerate(self.data.bones):
            out[i, :, :3] = self.turns[bone]
            out[i, :, 3] = self.at[bone] - self.turns[bone] @ self.rest[bone]
        return out.reshape(-1, 12)


def skinned(
    points: NDArray[Any], index: NDArray[Any], weights: NDArray[Any], matrices: NDArray[Any]
) -> NDArray[Any]:  # fmt: skip
    """Points carried by up to four bones each: float32 (n, 3)."""
    blended = matrices[index[:, 0]] * weights[:, :1]
    for k in range(1, index.shape[1]):
        blended += matrices[index[:, k]] * weights[:, k : k + 1]
    x, y, z = points.T
    out = np.empty((len(points), 3), np.float32)
    for row in range(3):
        a, b, c, d = blended[:, row * 4 : row * 4 + 4].T
        out[:, row] = a * x + b * y + c * z + d
    return out
