"""Boxes, tubes, sheets and blobs, gathered part by part into one mesh."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from shotwright.boards.mesh import Mesh

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

Colour = tuple[float, float, float]
Point = tuple[float, float, float]


@cache
def linear(colour: str) -> Colour:
    """`#rrggbb` in sRGB -> linear RGB."""
    values = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values)
    return r, g, b


def shaded(colour: Colour, by: float) -> Colour:
    r, g, b = (min(max(c * by, 0.0), 1.0) for c in colour)
    return r, g, b


class Solids:
    """Collects solids. A part's name says what it is and, after a colon, of what: `floor:boards`, `cup`."""

    def __init__(self) -> None:
        self.points: list[NDArray[Any]] = []
        self.faces: list[NDArray[Any]] = []
        self.colours: list[NDArray[Any]] = []
        self.parts: list[NDArray[Any]] = []
        self.glows: list[NDArray[Any]] = []
        self.names: list[str] = []
        self.count = 0

    def add(self, part: str, points: Any, faces: Any, colour: Colour, glow: float = 0.0) -> None:
        """Any triangles, flat unless they share points."""
        if part not in self.names:
            self.names.append(part)
        faces = np.asarray(faces, np.int32)
        self.points.append(np.asarray(points, np.float32))
        self.faces.append(faces + self.count)
        self.count += len(self.points[-1])
        self.colours.append(np.tile(np.asarray(colour, np.float32), (len(faces), 1)))
        self.parts.append(np.full(len(faces), self.names.index(part), np.uint8))
        self.glows.append(np.full(len(faces), glow, np.float32))

    def quad(self, part: str, corners: Sequence[Point], colour: Colour, glow: float = 0.0) -> None:
        """Four corners, counter-clockwise from the side that is seen."""
        self.add(part, corners, [[0, 1, 2], [0, 2, 3]], colour, glow)

    def box(
        self, part: str, low: Point, high: Point, colour: Colour, glow: float = 0.0, *, sides: Sequence[int] = range(6)
    ) -> None:
        """A box; `sides` picks those that are wanted of +z, -z, +x, -x, top and bottom."""
        x0, y0, z0 = low
        x1, y1, z1 = high
        corners = [
            [(x0, y0, z1), (x1, y0, z1), (x1, y1, z1), (x0, y1, z1)],
            [(x1, y0, z0), (x0, y0, z0), (x0, y1, z0), (x1, y1, z0)],
            [(x1, y0, z1), (x1, y0, z0), (x1, y1, z0), (x1, y1, z1)],
            [(x0, y0, z0), (x0, y0, z1), (x0, y1, z1), (x0, y1, z0)],
            [(x0, y1, z1), (x1, y1, z1), (x1, y1, z0), (x0, y1, z0)],
            [(x0, y0, z0), (x1, y0, z0), (x1, y0, z1), (x0, y0, z1)],
        ]
        faces = [f for i in range(len(sides)) for f in ([4 * i, 4 * i + 1, 4 * i + 2], [4 * i, 4 * i + 2, 4 * i + 3])]
        self.add(part, [p for side in sides for p in corners[side]], faces, colour, glow)

    def block(self, part: str, x: float, y: float, z: float, size: Point, colour: Colour, glow: float = 0.0) -> None:
        """A box by the middle of its foot and its width, height and depth."""
        w, h, d = size[0] / 2, size[1], size[2] / 2
        self.box(part, (x - w, y, z - d), (x + w, y + h, z + d), colour, glow)

    def lathe(
        self, part: str, at: Point, profile: Sequence[tuple[float, float]], colour: Colour, *, sides: int = 14,
        glow: float = 0.0, lean: Point = (0.0, 1.0, 0.0),
    ) -> None:  # fmt: skip
        """A solid of revolution: (radius, height) from the foot upwards, about an axis `lean` through `at`."""
        angles = np.arange(sides) * (2 * math.pi / sides)
        axis = np.asarray(lean, np.float64)
        axis /= np.linalg.norm(axis)
        a = np.cross(axis, [0.0, 0.0, 1.0]) if abs(axis[2]) < 0.9 else np.cross(axis, [1.0, 0.0, 0.0])
        a /= np.linalg.norm(a)
        b = np.cross(a, axis)
        ring = np.cos(angles)[:, None] * a + np.sin(angles)[:, None] * b
        points = np.concatenate([np.asarray(at) + ring * r + axis * h for r, h in profile])
        faces = []
        for level in range(len(profile) - 1):
            for i in range(sides):
                j = (i + 1) % sides
                p, q = level * sides, (level + 1) * sides
                faces += [[p + i, p + j, q + j], [p + i, q + j, q + i]]
        self.add(part, points, faces, colour, glow)

    def tube(self, part: str, start: Point, end: Point, radius: float, colour: Colour, *, sides: int = 8) -> None:
        axis = np.subtract(end, start)
        length = float(np.linalg.norm(axis))
        lean = (float(axis[0]), float(axis[1]), float(axis[2]))
        self.lathe(part, start, [(0, 0), (radius, 0), (radius, length), (0, length)], colour, sides=sides, lean=lean)

    def blob(self, part: str, at: Point, radii: Point, colour: Colour, *, sides: int = 10, glow: float = 0.0) -> None:
        """An ellipsoid."""
        rows = max(sides // 2, 3)
        profile = [(math.sin(math.pi * i / rows), -math.cos(math.pi * i / rows)) for i in range(rows + 1)]
        before = self.count
        self.lathe(part, (0.0, 0.0, 0.0), profile, colour, sides=sides, glow=glow)
        self.points[-1] = (self.points[-1] * np.asarray(radii) + np.asarray(at)).astype(np.float32)
        assert self.count > before

    def mesh(self, anchors: dict[str, Point] | None = None, *, smooth: bool = True) -> Mesh:
        return Mesh(
            vertices=np.concatenate(self.points).astype(np.float32),
            faces=np.concatenate(self.faces).astype(np.int32),
            colours=np.concatenate(self.colours),
            parts=np.concatenate(self.parts),
            names=tuple(self.names),
            smooth=smooth,
            glow=np.concatenate(self.glows),
            anchors=anchors or {},
        )
