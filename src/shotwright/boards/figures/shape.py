"""A whole person at rest: body, eyes, hair and clothes put together once and kept."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from shotwright.boards.figures import face, hair
from shotwright.boards.figures.body import body_data, shaped
from shotwright.boards.figures.cloth import dense_weights
from shotwright.boards.figures.garments import Garment, Worn, cuts, dressed
from shotwright.boards.figures.piece import Piece, carried, lattice, tube

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from shotwright.boards.figures.appearance import Appearance

NAMES = (
    "skin",
    "mouth",
    "eyes",
    "brows",
    "hair",
    "upper",
    "lower",
    "dress",
    "coat",
    "extra",
    "shoes",
    "hat",
    "glasses",
    "tie",
    "scarf",
    "held",
)
_KEPT = 32
"""People whose shapes are kept: some 0.7 MB each."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One person at rest, ready to be posed."""

    body: NDArray[Any]
    """float32: all points of the body, joints among them."""
    points: NDArray[Any]
    """float32, (n, 3): what is drawn."""
    index: NDArray[Any]
    weights: NDArray[Any]
    faces: NDArray[Any]
    colours: NDArray[Any]
    parts: NDArray[Any]
    drawn: NDArray[Any]
    """Of each row of `body`: the point of skin or lashes that draws it, or -1."""
    balls: tuple[tuple[int, int, tuple[float, float, float]], ...]
    """Of each eyeball: first point, one past the last, and its middle."""
    level: NDArray[Any]
    """float32 a face: how high on the body it lies (see `BodyData.level`)."""


def shape_of(look: Appearance, crowd: bool = False) -> Shape:
    """The shape of a person; the same object for the same look. `crowd` is coarse, for the back of a scene."""
    return _shape(look, crowd)


def forget_shapes() -> None:
    """Let go of the shapes that are kept."""
    _shape.cache_clear()


@lru_cache(maxsize=_KEPT)
def _shape(look: Appearance, crowd: bool) -> Shape:
    data = body_data()
    body = shaped(
        male=1.0 if look.gender == "male" else 0.0,
        years=look.years,
        weight=look.weight,
        muscle=look.muscle,
        features=look.features,
        face=dict(look.face) | {"brows_up": 0.28},
        height_m=look.height_m,
    )
    k = look.height_m / 1.75
    if crowd:
        return _assembled(body, _crowd(body, look, k), np.unique(data.faces["crowd"]))
    worn, bare = dressed(body, look.garments, k, 0.62 if look.gender == "female" else 1.0)
    skin_faces = data.faces["body"][bare]
    rows, inverse = np.unique(skin_faces, return_inverse=True)
    colours = face.skin_colours(body, look, skin_faces)
    skin = Piece("skin", body[rows], inverse.reshape(-1, 3).astype(np.int32), colours, dense_weights(rows))
    pieces = [
        skin,
        face.lashes(body, look),
        *face.eyes(body, look),
        *face.glint(body),
        face.teeth(body),
        *face.brows(body, look),
        *hair.hair(body, look),
        *(_as_piece(w) for w in worn),
        *hair.headwear(body, look.garments),
        *_neckwear(body, look.garments, k),
        *face.glasses(body, look),
    ]
    return _assembled(body, pieces, np.concatenate([rows, np.unique(data.faces["lashes"])]))


def _as_piece(worn: Worn) -> Piece:
    return Piece(worn.part, worn.cloth.points, worn.cloth.faces, worn.colours, worn.cloth.weights)


def _neckwear(body: NDArray[Any], garments: Sequence[Garment], k: float) -> list[Piece]:
    """Shirt collars, ties and scarves."""
    data, out = body_data(), []
    ring = body[data.grids["neck"].ravel()].reshape(2, 32, 3).astype(float)
    middle = ring.mean(1, keepdims=True)
    flat = ring - middle
    flat /= np.linalg.norm(flat, axis=2, keepdims=True)
    kinds = {g.kind: g for g in garments}
    shares = {"neck_01": 0.45, "spine_03": 0.55}
    azimuth = np.linspace(-180, 180, 32, endpoint=False)
    collar = next((g for g in garments if cuts()[g.kind].get("collar")), None)
    if collar is not None and "scarf" not in kinds:
        stand = ring[0] + flat[0] * 0.010 * k + np.array([0, 0.022, 0]) * k
        under = ring[0] + flat[0] * 0.006 * k - np.array([0, 0.015, 0]) * k
        turned = ring[0] + flat[0] * 0.021 * k - np.array([0, 0.016, -0.003]) * k
        some = np.flatnonzero(np.abs(azimuth) >= 6)
        some = np.concatenate([some[azimuth[some] > 0], some[azimuth[some] < 0]])
        turned[np.abs(azimuth) < 24] += np.array([0, -0.016, 0.006]) * k
        grid = np.stack([turned[some], stand[some], under[some]])
        colours = np.tile(np.array(collar.colour, np.float32), (len(lattice(3, len(some))), 1))
        colours[: len(colours) // 2] *= 1.08
        out.append(
            carried("upper", grid.reshape(-1, 3), lattice(3, len(some))[:, ::-1], np.minimum(colours, 0.95), shares)
        )
    hooded = next((g for g in garments if cuts()[g.kind].get("hood")), None)
    if hooded is not None:
        # A hood lies back, thickest behind the neck.
        behind = np.flatnonzero(np.abs(azimuth) >= 62)
        behind = np.concatenate([behind[azimuth[behind] > 0], behind[azimuth[behind] < 0]])
        thick = 0.008 + 0.030 * np.sin(np.linspace(0, np.pi, len(behind)))
        lowered = np.outer(thick, [0.0, -0.6, 0.0])
        line = ring[0, behind] + (flat[0, behind] * (0.026 + thick[:, None] * 0.7) + lowered) * k
        colour = np.array(hooded.colour) * 0.9
        out.append(carried(cuts()[hooded.kind]["slot"], *tube(line, thick * k, 8), colour, {"spine_03": 1.0}))
    if "scarf" in kinds:
        rows = []
        for up, off in ((-0.035, 0.012), (-0.02, 0.036), (0.012, 0.042), (0.04, 0.030), (0.048, 0.010)):
            rows.append(ring[0] + flat[0] * off * k + np.array([0, up, 0]) * k)
        grid = np.stack(rows[::-1])
        out.append(carried("scarf", grid.reshape(-1, 3), lattice(5, 32, closed=True), kinds["scarf"].colour, shares))
    if "tie" in kinds:
        line = body[data.grids["front"].ravel()].astype(float)[:8]
        top = ring[0, 16] + np.array([0, 0.004, 0.020]) * k
        line = np.concatenate([[top], line[1:] + np.array([0, 0, 0.021]) * k])
        for i in range(2, len(line)):
            line[i, 2] = max(line[i, 2], line[i - 1, 2] - 0.004 * k)
        wide = np.interp(np.linspace(0, 1, len(line)), [0, 0.08, 0.14, 0.9, 1], [0.017, 0.014, 0.013, 0.036, 0.004]) * k
        across = np.stack([-wide, wide * 0, wide], 1)
        grid = np.stack(
            [
                np.broadcast_to(line[:, None, 0], across.shape) + across,
                np.broadcast_to(line[:, None, 1], across.shape),
                line[:, None, 2] + np.array([-0.006, 0.002, -0.006]) * k,
            ],
            -1,
        )
        piece = carried("tie", grid.reshape(-1, 3), lattice(len(line), 3), kinds["tie"].colour, {"spine_03": 1.0})
        low = np.repeat(np.clip((np.arange(len(line)) - 3) / 5, 0, 1), 3).astype(np.float32)
        piece.weights[:, data.bones.index("spine_03")] = 1 - low
        piece.weights[:, data.bones.index("spine_02")] = low
        out.append(piece)
    return out


def _crowd(body: NDArray[Any], look: Appearance, k: float) -> list[Piece]:
    """Few triangles: clothes are painted on a coarse body, a little out from it."""
    data = body_data()
    faces = data.faces["crowd"]
    rows, inverse = np.unique(faces, return_inverse=True)
    colours = face.skin_colours(body, look, faces)
    level, sleeve = data.level[faces].mean(1), data.sleeve[faces].mean(1)
    part = np.zeros(len(faces), int)
    for garment in look.garments:
        cut = cuts()[garment.kind]
        slot = cut["slot"]
        if slot in ("hat", "tie", "scarf"):
            continue
        arm = (sleeve > 0) & (sleeve < cut.get("sleeve", 0))
        if slot == "lower":
            mine = (sleeve <= 0) & (level < cut["waist"]) & (level > cut.get("leg", cut.get("skirt", 0)))
        elif slot == "shoes":
            mine = (sleeve <= 0) & (level < max(cut["top"], 0.05))
        else:
            mine = arm | ((sleeve <= 0) & (level > cut.get("skirt", cut["hem"])) & (level < cut.get("neck", 4.1) + 0.1))
        colours[mine] = garment.colour
        part[mine] = NAMES.index(slot)
    points = body[rows]
    pieces = []
    for number in sorted({int(p) for p in part}):
        mine = part == number
        pieces.append(
            Piece(
                NAMES[number], points, inverse.reshape(-1, 3)[mine].astype(np.int32), colours[mine], dense_weights(rows)
            )
        )
    pieces += [*face.coarse_eyes(body, look), *face.brows(body, look), *_crowd_skirt(body, look, k)]
    shell = [h for h in hair.hair(body, look) if len(h.points) > 400]
    for piece in shell:
        grid = piece.points[:-1].reshape(*data.grids["cap"].shape, 3)[::3, ::3]
        coarse = lattice(*grid.shape[:2], closed=True)
        pieces.append(carried("hair", grid.reshape(-1, 3), coarse, look.hair_colour, {"head": 1.0}))
    return pieces


def _crowd_skirt(body: NDArray[Any], look: Appearance, k: float) -> list[Piece]:
    """Skirts and coat tails of somebody at the back: a few rings, each side carried by its own leg."""
    data, out = body_data(), []
    joint = {n: body[i].astype(float) for n, i in data.joints.items()}
    at = [joint[n][1] for n in ("foot_l", "calf_l", "thigh_l", "spine_02")]
    around = 2 * np.pi * np.arange(14) / 14
    for garment in look.garments:
        cut = cuts()[garment.kind]
        if "skirt" not in cut or "panel" in cut:
            continue
        levels = [2.6, 2.0, 1.5, cut["skirt"]]
        wide = np.array([0.150, 0.190, 0.205, 0.215 + 0.02 * (1 - cut["skirt"])]) * (1 + 0.25 * max(look.weight, 0))
        more = 0.015 if cut["slot"] != "lower" else 0.0
        middle = (joint["thigh_l"] + joint["thigh_r"]) / 2
        rows = [
            np.stack(
                [
                    np.sin(around) * (w + more) * k,
                    np.full(14, np.interp(level, range(4), at)),
                    middle[2] + np.cos(around) * (w * 0.80 + more) * k,
                ],
                1,
            )
            for level, w in zip(levels, wide, strict=True)
        ]
        piece = carried(cut["slot"], np.concatenate(rows), lattice(4, 14, closed=True), garment.colour, {})
        left = np.tile(0.5 + 0.5 * np.sin(around), 4)
        low = np.repeat([0.0, 0.35, 0.8, 1.0], 14)
        for bone, share in (("pelvis", 1 - low), ("thigh_l", low * left), ("thigh_r", low * (1 - left))):
            piece.weights[:, data.bones.index(bone)] = share
        out.append(piece)
    return out


def _assembled(body: NDArray[Any], pieces: Sequence[Piece], skin_rows: NDArray[Any]) -> Shape:
    weights = np.concatenate([p.weights for p in pieces])
    best = np.argpartition(-weights, 3, axis=1)[:, :4]
    best.sort(axis=1)
    four = np.take_along_axis(weights, best, 1)
    four /= np.maximum(four.sum(1, keepdims=True), 1e-9)
    data = body_data()
    faces, shift = [], 0
    balls: list[tuple[int, int, tuple[float, float, float]]] = []
    for piece in pieces:
        if piece.part == "eyes" and len(piece.points) > 100:
            x, y, z = (float(c) for c in body[data.joints[f"eye_{'lr'[len(balls)]}"]])
            balls.append((shift, shift + len(piece.points), (x, y, z)))
        faces.append(piece.faces + shift)
        shift += len(piece.points)
    drawn = np.full(len(body), -1, np.int32)
    drawn[skin_rows] = np.arange(len(skin_rows))
    points = np.concatenate([p.points for p in pieces]).astype(np.float32)
    joined = np.concatenate(faces).astype(np.int32)
    at = [float(body[data.joints[n], 1]) for n in ("foot_l", "calf_l", "thigh_l", "spine_02", "neck_01")]
    level = np.interp(points[joined].mean(1)[:, 1], [0, *at, at[-1] + 0.1], [-1, 0, 1, 2, 3, 4, 5])
    return Shape(
        body=body,
        points=points,
        index=best.astype(np.uint8),
        weights=four.astype(np.float32),
        faces=joined,
        colours=np.concatenate([p.colours for p in pieces]).astype(np.float32),
        parts=np.repeat(np.array([NAMES.index(p.part) for p in pieces], np.uint8), [len(p.faces) for p in pieces]),
        drawn=drawn,
        balls=tuple(balls),
        level=level.astype(np.float32),
    )
