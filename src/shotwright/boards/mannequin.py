"""A plain jointless figure for anybody whom the cast does not know."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from shotwright.boards.sets.solids import Solids, linear, shaded
from shotwright.craft.optics import ADULT_M, eye_height
from shotwright.model.ids import digest

if TYPE_CHECKING:
    from shotwright.boards.mesh import Mesh

COATS = ("#5b6f86", "#86604f", "#61764f", "#7d5a78", "#8a7a4d", "#4f7775")


@lru_cache(maxsize=128)
def mannequin(entity: str, pose: str = "stand", height_m: float = ADULT_M) -> Mesh:
    """Somebody on y = 0 facing +z: legs, coat, arms, head with eyes and hair. Sitting poses bend at hip and knee."""
    out = Solids()
    coat = linear(COATS[int(digest(entity, length=4), 16) % len(COATS)])
    skin, hair, dark = linear("#c99f84"), linear("#4a382c"), linear("#3b3d44")
    k = height_m / ADULT_M
    eyes = eye_height(pose, height_m) if pose not in ("lie", "swim", "fall") else eye_height("sit", height_m)
    hip = max(eyes - 0.72 * k, 0.12)
    for x in (-0.1, 0.1):
        if eyes < 1.35 * k:
            out.tube("lower", (x * k, hip, 0), (x * k, hip, 0.42 * k), 0.075 * k, dark)
            out.tube("lower", (x * k, 0.02, 0.42 * k), (x * k, hip, 0.42 * k), 0.06 * k, dark)
            out.blob("shoes", (x * k, 0.05, 0.5 * k), (0.05 * k, 0.05, 0.13 * k), shaded(dark, 0.5))
        else:
            out.lathe("lower", (x * k, 0.04, 0), [(0.05, 0), (0.06, 0.4 * k), (0.085 * k, hip)], dark)
            out.blob("shoes", (x * k, 0.05, 0.06), (0.05 * k, 0.05, 0.13 * k), shaded(dark, 0.5))
    out.lathe(
        "upper", (0, hip - 0.05, 0), [(0, 0), (0.17 * k, 0.02), (0.15 * k, 0.2 * k), (0.19 * k, 0.45 * k),
                                      (0.15 * k, 0.53 * k), (0.05, 0.58 * k)], coat,
    )  # fmt: skip
    for x in (-1, 1):
        out.tube("upper", (x * 0.2 * k, hip + 0.42 * k, 0), (x * 0.27 * k, hip + 0.12 * k, 0.03), 0.05 * k, coat)
        out.tube("upper", (x * 0.27 * k, hip + 0.12 * k, 0.03), (x * 0.25 * k, hip - 0.1 * k, 0.14), 0.04 * k, coat)
        out.blob("skin", (x * 0.25 * k, hip - 0.14 * k, 0.16), (0.04, 0.06, 0.04), skin)
    out.tube("skin", (0, eyes - 0.24 * k, 0), (0, eyes - 0.08 * k, 0.01), 0.055 * k, skin)
    out.blob("skin", (0, eyes - 0.01 * k, 0.01), (0.078 * k, 0.122 * k, 0.095 * k), skin, sides=16)
    out.blob("hair", (0, eyes + 0.03 * k, -0.02), (0.088 * k, 0.1 * k, 0.1 * k), hair, sides=14)
    out.blob("skin", (0, eyes - 0.035 * k, 0.105 * k), (0.014, 0.024, 0.018), skin)
    for x in (-0.032, 0.032):
        out.blob("eyes", (x * k, eyes, 0.094 * k), (0.013, 0.008, 0.01), linear("#e9e6df"), sides=8)
        out.blob("eyes", (x * k, eyes, 0.101 * k), (0.006, 0.007, 0.005), linear("#2c2420"), sides=8)
    anchors = {
        "eyes": (0.0, eyes, 0.1 * k), "chin": (0.0, eyes - 0.12 * k, 0.08 * k), "crown": (0.0, eyes + 0.125 * k, 0.0),
        "chest": (0.0, hip + 0.35 * k, 0.1), "hips": (0.0, hip, 0.0), "knees": (0.0, hip / 2, 0.0),
        "hand_left": (0.25 * k, hip - 0.14 * k, 0.18), "hand_right": (-0.25 * k, hip - 0.14 * k, 0.18),
    }  # fmt: skip
    return out.mesh(anchors)
