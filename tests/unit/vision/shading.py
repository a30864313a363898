"""Frames of a known truth: an egg of a head on a barrel of a body before a wall, lit as told, ray by ray.

Independent of the product's own drawing. A camera stands at `camera_deg` of the room and looks level at the person.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from shotwright.vision.measures.colour import _planck
from shotwright.vision.measures.subject import Region

PALE, DARK = (0.56, 0.36, 0.26), (0.20, 0.12, 0.085)
LEGEND = {1: Region("ann", "skin"), 2: Region("ann", "upper"), 3: Region("ben", "skin"), 4: Region("ben", "upper")}


@dataclass(frozen=True)
class Lit:
    """Light of a frame: azimuth in the room, key to fill, kelvin against a balance of 6500, stops."""

    azimuth_deg: float = -60.0
    elevation_deg: float = 30.0
    ratio: float = 4.0
    kelvin: float = 6500.0
    ev: float = 0.0
    wrap: float = 0.0
    wall: float = 0.3


def tint(kelvin: float) -> Any:
    ratio, mired = _planck()
    warm = np.interp(1e6 / kelvin, mired, ratio) - np.interp(153.8, mired, ratio)
    return np.array([2 ** (warm / 2), 1.0, 2 ** (-warm / 2)])


def drawn(
    lit: Lit,
    *,
    camera_deg: float = 0.0,
    who: tuple[str, ...] = ("ann",),
    size: float = 0.9,
    headroom: float = 0.08,
    tilt_deg: float = 0.0,
    shift: float = 0.0,
    noise: float = 0.0,
    width: int = 960,
    height: int = 540,
    seed: int = 1,
) -> tuple[Any, Any]:
    """(uint8 picture, uint8 id mask). `size`: height of the frame at the person, metres."""
    per_m = height / size
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    turn, rise = np.radians(lit.azimuth_deg - camera_deg), np.radians(lit.elevation_deg)
    light = np.array([np.sin(turn) * np.cos(rise), np.sin(rise), np.cos(turn) * np.cos(rise)])
    fill = 1.0 / (lit.ratio - 1) if lit.ratio > 1 else 40.0
    lean = np.tan(np.radians(tilt_deg))
    panel = (x - width / 2) - lean * (y - height / 2)
    stripe = np.where(np.abs(panel % 220 - 110) < 14, 0.55, 1.0)
    colour = (lit.wall * stripe * (0.8 * fill + 0.35))[..., None] * np.array([1.0, 0.96, 0.9])
    ids = np.zeros((height, width), np.uint8)
    for n, name in enumerate(who):
        skin = np.array(PALE if name == "ann" else DARK)
        cloth = np.array((0.10, 0.16, 0.35) if name == "ann" else (0.36, 0.33, 0.22))
        middle = width / 2 + (shift if len(who) == 1 else (n - 0.5) * 0.5) * per_m
        crown = headroom * height
        u, v = (x - middle) / per_m, (y - crown) / per_m
        parts = (
            (2, cloth, 0.23, 0.80, 0.80, 0.4, 1.72),
            (1, skin, 0.052, 0.06, 0.26, 0.05, 0.3),
            (1, skin, 0.08, 0.118, 0.118, 0.118, 9.0),
        )
        for number, paint, a, b, at, _, cut in parts:
            nx = u / a
            ny = -(v - at - (0.24 if number == 2 else 0)) / b
            inside = (nx**2 + ny**2 < 1) & (v < cut)
            nz = np.sqrt(np.maximum(1 - nx**2 - ny**2, 0))
            normal = np.stack([nx / a, ny / b, nz / (0.9 * a)], -1)
            normal /= np.maximum(np.linalg.norm(normal, axis=-1, keepdims=True), 1e-9)
            shade = np.maximum(normal @ light + lit.wrap, 0) / (1 + lit.wrap) + fill
            colour = np.where(inside[..., None], shade[..., None] * paint, colour)
            ids = np.where(inside, number + (0 if name == "ann" else 2), ids)
    colour = colour * tint(lit.kelvin) * 2**lit.ev * (0.9 if lit.ratio > 1 else 0.025)
    if noise:
        colour = colour + np.random.default_rng(seed).normal(0, noise, colour.shape)
    colour = np.clip(colour, 0, 1)
    encoded = np.where(colour <= 0.0031308, colour * 12.92, 1.055 * colour ** (1 / 2.4) - 0.055)
    return np.round(encoded * 255).astype(np.uint8), ids.astype(np.uint8)
