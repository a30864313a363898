"""The human body: one mesh that takes every gender, age, weight and muscle, and the fields that clothes are cut by.

Its data, body.npz, is baked by scripts/bake_figures from MakeHuman's base mesh and targets, which are CC0
(body.LICENSE.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

_AGES = (("baby", 1.0), ("child", 10.0), ("young", 24.0), ("young", 32.0), ("old", 80.0))
MASKS = ("lips", "mouth", "eyelids", "ears", "nails")


@dataclass(frozen=True, slots=True)
class BodyData:
    """The baked body. Points are vertices, joints and the grids on the skin, all moved by the same targets."""

    base: NDArray[Any]
    """float32, (n, 3), metres: neither man nor woman, arms at 45 degrees."""
    basis: NDArray[Any]
    """float32, (rank, n * 3), metres."""
    mix: dict[str, NDArray[Any]]
    """Macro target -> its shares of the basis."""
    face: dict[str, tuple[NDArray[Any], NDArray[Any]]]
    """Face target -> points it moves, and by how much in metres."""
    faces: dict[str, NDArray[Any]]
    """Piece -> int32 triangles: `body`, `suit` (a smooth skin for clothes), `skirt`, `teeth`, `lashes`."""
    grids: dict[str, NDArray[Any]]
    joints: dict[str, int]
    bones: tuple[str, ...]
    parents: tuple[int, ...]
    weight_bones: NDArray[Any]
    weights: NDArray[Any]
    masks: NDArray[Any]
    """float32, (n, 5), 0-1, in the order of `MASKS`."""
    sleeve: NDArray[Any]
    """0 at the shoulder, 1 at the elbow, 2 at the wrist, 3 at the finger tips; -1 off the arms."""
    level: NDArray[Any]
    """0 at the ankle, 1 at the knee, 2 at the hip, 3 at the waist, 4 at the base of the neck, 5 at the chin."""


@cache
def body_data() -> BodyData:
    """The contents of body.npz, read once."""
    with (
        resources.files("shotwright.boards.figures").joinpath("body.npz").open("rb") as file,
        np.load(file, allow_pickle=False) as npz,
    ):
        z: Mapping[str, NDArray[Any]] = dict(npz)
    base = z["base"].astype(np.float32) / 30000
    joints = {str(n): int(i) for n, i in zip(z["joint_names"], z["joints"], strict=True)}
    bones = tuple(str(b) for b in z["bones"])
    weights = z["weights"].astype(np.float32)
    weights /= weights.sum(1, keepdims=True)
    sleeve, level = _fields(base, joints, bones, z["weight_bones"], weights)
    return BodyData(
        base=base,
        basis=z["basis"].astype(np.float32) * z["basis_scale"][:, None],
        mix={str(n): row for n, row in zip(z["mix_names"], z["mix"], strict=True)},
        face={
            k[5:]: (z[k].astype(np.intp), z[f"{k}_by"].astype(np.float32) / 1e5)
            for k in z if k.startswith("face_") and not k.endswith("_by")
        },
        faces={k[6:]: z[k].astype(np.int32) for k in z if k.startswith("faces_")},
        grids={k[5:]: z[k].astype(np.intp) for k in z if k.startswith("grid_")},
        joints=joints, bones=bones, parents=tuple(int(p) for p in z["parents"]),
        weight_bones=z["weight_bones"].astype(np.intp), weights=weights,
        masks=z["masks"].astype(np.float32) / 255, sleeve=sleeve, level=level,
    )  # fmt: skip


def _along(p: NDArray[Any], line: list[NDArray[Any]]) -> NDArray[Any]:
    """Where each point lies along a broken line, in segments from its start; the ends go on straight."""
    out = np.zeros(len(p), np.float32)
    nearest = np.full(len(p), np.inf, np.float32)
    last = len(line) - 2
    for i in range(last + 1):
        a, way = line[i], line[i + 1] - line[i]
        t = ((p - a) @ way) / float(way @ way)
        t = np.clip(t, -np.inf if i == 0 else 0, np.inf if i == last else 1)
        far = np.linalg.norm(p - a - t[:, None] * way, axis=1)
        closer = far < nearest
        out[closer], nearest[closer] = i + t[closer], far[closer]
    return out


def _fields(
    base: NDArray[Any], joints: dict[str, int], bones: tuple[str, ...], index: NDArray[Any], weights: NDArray[Any]
) -> tuple[NDArray[Any], NDArray[Any]]:
    arm = [i for i, b in enumerate(bones) if b.startswith(("upperarm", "lowerarm", "hand", "thumb", "index", "middle",
                                                            "ring", "pinky"))]  # fmt: skip
    on_arm = (np.isin(index, arm) * weights).sum(1) > 0.35
    sleeve = np.full(len(base), -1.0, np.float32)
    for side, sign in (("l", 1), ("r", -1)):
        names = (f"upperarm_{side}", f"lowerarm_{side}", f"hand_{side}", f"middle_03_{side}_end")
        mine = on_arm & (base[:, 0] * sign > 0)
        sleeve[mine] = _along(base[mine], [base[joints[n]] for n in names])
    y = [float(base[joints[n], 1]) for n in ("foot_l", "calf_l", "thigh_l", "spine_02", "neck_01")]
    level = np.interp(base[:, 1], [y[0] - 0.08, *y, y[-1] + 0.07], [-1, 0, 1, 2, 3, 4, 5]).astype(np.float32)
    level[on_arm] = 3.7
    return sleeve, level


def _age_shares(years: float) -> list[tuple[str, float]]:
    years = min(max(years, _AGES[0][1]), 95.0)
    if years >= _AGES[-1][1]:
        return [("old", 1.0)]
    for (young, low), (old, high) in pairwise(_AGES):
        if years <= high:
            t = (years - low) / (high - low)
            return [(young, 1.0)] if young == old else [(young, 1 - t), (old, t)]
    return [("old", 1.0)]


def _three(value: float, names: tuple[str, str, str]) -> list[tuple[str, float]]:
    value = min(max(value, -1.0), 1.0)
    return [(names[1], 1 - abs(value)), (names[2] if value > 0 else names[0], abs(value))]


def shaped(
    *,
    male: float,
    years: float,
    weight: float,
    muscle: float,
    features: tuple[float, float, float],
    face: Mapping[str, float],
    height_m: float,
) -> NDArray[Any]:
    """All points of one person at rest, float32 (n, 3), standing on y = 0; male 0-1, weight and muscle -1 to 1.

    `features` are shares of the three sets of facial features that the targets know; `face` scales face targets.
    """  # fmt: skip
    data = body_data()
    rank = len(data.basis)
    shares = np.zeros(rank, np.float32)
    whole = sum(features) or 1.0
    for gender, g in (("male", male), ("female", 1 - male)):
        for age, a in _age_shares(years):
            for people, f in zip(("african", "asian", "caucasian"), features, strict=True):
                shares += np.float32(g * a * f / whole) * data.mix[f"{gender}-{age}-{people}"]
            for m, mw in _three(muscle, ("minmuscle", "averagemuscle", "maxmuscle")):
                for w, ww in _three(weight, ("minweight", "averageweight", "maxweight")):
                    shares += np.float32(g * a * mw * ww) * data.mix[f"{gender}-{age}-{m}-{w}"]
    points = data.base + (shares @ data.basis).reshape(-1, 3)
    for name, by in face.items():
        where, moved = data.face[name]
        points[where] += np.float32(by) * moved
    skin = points[np.unique(data.faces["body"])]
    low, high = float(skin[:, 1].min()), float(skin[:, 1].max())
    points[:, 1] -= low
    return np.asarray(points * np.float32(height_m / (high - low)), np.float32)
