"""Cloth: a smooth skin over the body that is eased off it and cut along clean lines."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from shotwright.boards.figures.body import body_data

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_ROUNDS = 8


@dataclass(frozen=True, slots=True)
class Cloth:
    """Points with all that goes along when an edge is cut through: weights, and where they lie on the body."""

    points: NDArray[Any]
    normals: NDArray[Any]
    weights: NDArray[Any]
    """float32, (n, bones)."""
    sleeve: NDArray[Any]
    level: NDArray[Any]
    faces: NDArray[Any]

    def cut(self, field: NDArray[Any]) -> Cloth:
        """What lies where a field over the points is positive, with a clean edge along its zero."""
        inside = field > 0
        count = inside[self.faces].sum(1)
        whole, part = self.faces[count == 3], self.faces[(count == 1) | (count == 2)]
        if not len(part):
            return self._with_faces(whole)
        # Turned so that the odd corner stands first.
        odd = np.where(inside[part].sum(1) == 1, inside[part].argmax(1), (~inside[part]).argmax(1))
        a, b, c = (part[np.arange(len(part)), (odd + k) % 3] for k in range(3))
        pairs = np.sort(np.concatenate([np.stack([a, b], 1), np.stack([a, c], 1)]), 1)
        edges, where = np.unique(pairs, axis=0, return_inverse=True)
        where = where.ravel() + len(self.points)
        ab, ac = where[: len(part)], where[len(part) :]
        lone = inside[a]
        faces = [whole, np.stack([a, ab, ac], 1)[lone], np.stack([ab, b, c], 1)[~lone], np.stack([ab, c, ac], 1)[~lone]]
        x, y = edges.T
        t = (field[x] / (field[x] - field[y] + 1e-12)).astype(np.float32)

        def grown_by(v: NDArray[Any]) -> NDArray[Any]:
            return np.concatenate([v, v[x] + (v[y] - v[x]) * (t[:, None] if v.ndim > 1 else t)])

        grown = Cloth(
            grown_by(self.points),
            grown_by(self.normals),
            grown_by(self.weights),
            grown_by(self.sleeve),
            grown_by(self.level),
            np.concatenate(faces),
        )
        return grown._with_faces(grown.faces)

    def welded(self) -> Cloth:
        """Points that lie in one place made one, so that light runs smoothly over the edges of a pattern."""
        _, first, where = np.unique(np.round(self.points * 2e5).astype(np.int64), axis=0, return_index=True,
                                    return_inverse=True)  # fmt: skip
        faces = where.ravel()[self.faces]
        sound = (faces[:, 0] != faces[:, 1]) & (faces[:, 1] != faces[:, 2]) & (faces[:, 0] != faces[:, 2])
        return Cloth(
            self.points[first], self.normals[first], self.weights[first], self.sleeve[first], self.level[first],
            faces[sound].astype(np.int32),
        )  # fmt: skip

    def level_normals(self) -> NDArray[Any]:
        """Normals without their part along the limb, so that hems stay where they are cut."""
        along = np.zeros_like(self.normals)
        on_arm = self.sleeve > 0.15
        along[on_arm, 0], along[on_arm, 1] = np.sign(self.points[on_arm, 0]) * 0.70, -0.71
        trunk = ~on_arm & (self.level < 3.4) & (self.level > -0.4)
        along[trunk, 1] = 1.0
        flat = self.normals - 0.9 * along * (self.normals * along).sum(1, keepdims=True)
        return np.asarray(flat / np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 0.35))

    def split(self, field: NDArray[Any]) -> Cloth:
        """The same cloth with an edge along a field's zero."""
        field = np.where(np.abs(field) < 1e-6, 1e-6, field)
        count = (field > 0)[self.faces].sum(1)
        if not ((count == 1) | (count == 2)).any():
            return self
        crossed = self._with_faces(self.faces[(count == 1) | (count == 2)])
        part = field[np.unique(self.faces[(count == 1) | (count == 2)])]
        return joined(
            [self._with_faces(self.faces[(count == 0) | (count == 3)]), crossed.cut(part), crossed.cut(-part)]
        )

    def _with_faces(self, faces: NDArray[Any]) -> Cloth:
        used, inverse = np.unique(faces, return_inverse=True)
        return Cloth(
            self.points[used],
            self.normals[used],
            self.weights[used],
            self.sleeve[used],
            self.level[used],
            inverse.reshape(-1, 3).astype(np.int32),
        )

    def eased(self, by: NDArray[Any]) -> Cloth:
        """Moved outwards along the normals, metres a point."""
        return replace(self, points=(self.points + self.level_normals() * by[:, None]).astype(np.float32))


def joined(pieces: Sequence[Cloth]) -> Cloth:
    """Several cloths as one."""
    shift, faces = 0, []
    for piece in pieces:
        faces.append(piece.faces + shift)
        shift += len(piece.points)
    return Cloth(
        np.concatenate([p.points for p in pieces]),
        np.concatenate([p.normals for p in pieces]),
        np.concatenate([p.weights for p in pieces]),
        np.concatenate([p.sleeve for p in pieces]),
        np.concatenate([p.level for p in pieces]),
        np.concatenate(faces).astype(np.int32),
    )


def normals_of(points: NDArray[Any], faces: NDArray[Any]) -> NDArray[Any]:
    """Unit normals of points, averaged over their faces."""
    a, b, c = (points[faces[:, k]] for k in range(3))
    flat = np.cross(b - a, c - a)
    out = np.stack(
        [sum(np.bincount(faces[:, k], flat[:, axis], len(points)) for k in range(3)) for axis in range(3)], 1
    )
    return np.asarray(out / (np.linalg.norm(out, axis=1, keepdims=True) + 1e-12), np.float32)


@cache
def _neighbours(piece: str) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Of a piece: its points, its faces counted from them, and both ends of every edge."""
    used, inverse = np.unique(body_data().faces[piece], return_inverse=True)
    faces = inverse.reshape(-1, 3)
    edges = np.unique(np.sort(faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), 1), axis=0)
    both = np.concatenate([edges, edges[:, ::-1]])
    return used, faces, both[:, 0], both[:, 1]


def dense_weights(rows: NDArray[Any]) -> NDArray[Any]:
    """The weights of points, one column a bone."""
    data = body_data()
    out = np.zeros((len(rows), len(data.bones)), np.float32)
    np.put_along_axis(out, data.weight_bones[rows], data.weights[rows], 1)
    return out


def draped(points: NDArray[Any], piece: str) -> Cloth:
    """A piece of the body as cloth lies on it: smooth over hollows, never inside the skin."""
    data = body_data()
    used, faces, start, stop = _neighbours(piece)
    skin = points[used].astype(float)
    degree = np.bincount(start, minlength=len(used))[:, None]
    smooth = skin
    for _ in range(_ROUNDS):
        mean = np.stack([np.bincount(start, smooth[stop, k], len(used)) for k in range(3)], 1) / degree
        smooth = smooth + 0.6 * (mean - smooth)
    normals = normals_of(smooth, faces)
    inside = np.maximum(((skin - smooth) * normals).sum(1), 0)
    cloth = (smooth + normals * inside[:, None]).astype(np.float32)
    return Cloth(cloth, normals, dense_weights(used), data.sleeve[used], data.level[used], faces.astype(np.int32))
