"""A part of a figure at rest: points that bones carry, triangles, colours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from shotwright.boards.figures.body import body_data

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Piece:
    """Points (n, 3), faces (m, 3), colours (m, 3), weights (n, bones); `part` names what it is."""

    part: str
    points: NDArray[Any]
    faces: NDArray[Any]
    colours: NDArray[Any]
    weights: NDArray[Any]


def carried(part: str, points: Any, faces: Any, colours: Any, shares: dict[str, float]) -> Piece:
    """A piece that moves with a bone, or with several by the same shares everywhere. One colour may stand for all."""
    data = body_data()
    weights = np.zeros((len(points), len(data.bones)), np.float32)
    for bone, share in shares.items():
        weights[:, data.bones.index(bone)] = share
    faces = np.asarray(faces, np.int32).reshape(-1, 3)
    colours = np.asarray(colours, np.float32)
    if colours.ndim == 1:
        colours = np.tile(colours, (len(faces), 1))
    return Piece(part, np.asarray(points, np.float32), faces, colours, weights)


def lattice(rows: int, columns: int, *, closed: bool = False) -> NDArray[Any]:
    """Triangles of a grid of points in row order; `closed` joins the last column to the first.

    Counter-clockwise where rows go down and columns to the right of who looks at it.
    """
    down, across = np.meshgrid(np.arange(rows - 1), np.arange(columns if closed else columns - 1), indexing="ij")
    i, j = down.ravel(), across.ravel()
    a, b = i * columns + j, i * columns + (j + 1) % columns
    c, d = (i + 1) * columns + (j + 1) % columns, (i + 1) * columns + j
    return np.stack([np.stack([a, d, b], 1), np.stack([b, d, c], 1)], 1).reshape(-1, 3).astype(np.int32)


def tube(line: NDArray[Any], radius: NDArray[Any] | float, sides: int = 6, *, ring: bool = False) -> tuple[Any, Any]:
    """Points and faces of a pipe along a line; `ring` joins its ends, otherwise they close to a point."""
    line = np.asarray(line, float)
    radii = np.broadcast_to(np.asarray(radius, float), (len(line),))
    way = np.roll(line, -1, 0) - np.roll(line, 1, 0) if ring else np.gradient(line, axis=0)
    way /= np.linalg.norm(way, axis=1, keepdims=True) + 1e-12
    across = np.where(np.abs(way[:, 1:2]) < 0.9, [[0.0, 1.0, 0.0]], [[1.0, 0.0, 0.0]])
    u = np.cross(way, across)
    u /= np.linalg.norm(u, axis=1, keepdims=True) + 1e-12
    v = np.cross(way, u)
    angle = 2 * np.pi * np.arange(sides) / sides
    points = line[:, None] + radii[:, None, None] * (
        np.cos(angle)[None, :, None] * u[:, None] + np.sin(angle)[None, :, None] * v[:, None]
    )
    faces: NDArray[Any] = lattice(len(line), sides, closed=True)[:, ::-1]
    points = points.reshape(-1, 3)
    if ring:
        last = (len(line) - 1) * sides
        k = np.arange(sides)
        n = (k + 1) % sides
        seam = np.concatenate([np.stack([last + k, last + n, k], 1), np.stack([last + n, n, k], 1)])
        return points, np.concatenate([faces, seam])
    ends = np.concatenate([points, line[:1], line[-1:]])
    k, n, base = np.arange(sides), (np.arange(sides) + 1) % sides, (len(line) - 1) * sides
    first, last_point = len(points), len(points) + 1
    caps = np.concatenate([
        np.stack([np.full(sides, first), k, n], 1), np.stack([np.full(sides, last_point), base + n, base + k], 1)
    ])  # fmt: skip
    return ends, np.concatenate([faces, caps]).astype(np.int32)


def ball(centre: Any, radius: Any, rows: int = 8, columns: int = 12) -> tuple[Any, Any]:
    """Points and faces of an ellipsoid; the radius may differ by axis."""
    up = np.linspace(np.pi / 2, -np.pi / 2, rows)[:, None]
    around = np.linspace(0, 2 * np.pi, columns, endpoint=False)[None]
    unit = np.stack(np.broadcast_arrays(np.cos(up) * np.sin(around), np.sin(up), np.cos(up) * np.cos(around)), -1)
    points = unit.reshape(-1, 3) * np.asarray(radius, float) + np.asarray(centre, float)
    return points, lattice(rows, columns, closed=True)
