"""Colour: how warm the light is, how saturated the frame, and which colours it is made of."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from shotwright.vision.measures.exposure import lightness

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from shotwright.vision.measures.subject import View

Swatch = tuple[float, float, float, float]
"""L*, a*, b*, share."""
SKIN_RED_BLUE = 1.12
"""log2 of red over blue of skin in neutral light, linear sRGB: people differ by about 0.4 round it."""
NEUTRAL_MIRED = 153.8
"""The white of sRGB, 6504 K."""


MIRED_A_STOP = 69.0
"""Mired that double red over blue, about daylight and tungsten alike."""


@dataclass(frozen=True, slots=True)
class Colour:
    saturation: float
    """Mean chroma, CIE C*ab."""
    palette: tuple[Swatch, ...]
    """The largest share first."""
    cast_mired: float
    """The frame's own neutral, mired above (warmer) or under (cooler) white."""


@cache
def _planck() -> tuple[NDArray[Any], NDArray[Any]]:
    """(log2 red over blue, mired), rising: black bodies in linear sRGB (locus after Kim et al. 2002)."""
    ratio, mired = [], []
    for m in range(60, 560, 10):
        t = 1e6 / m
        if t >= 4000:
            x = -3.0258469e9 / t**3 + 2.1070379e6 / t**2 + 0.2226347e3 / t + 0.240390
        else:
            x = -0.2661239e9 / t**3 - 0.2343589e6 / t**2 + 0.8776956e3 / t + 0.179910
        if t >= 4000:
            y = 3.0817580 * x**3 - 5.87338670 * x**2 + 3.75112997 * x - 0.37001483
        elif t >= 2222:
            y = -0.9549476 * x**3 - 1.37418593 * x**2 + 2.09137015 * x - 0.16748867
        else:
            y = -1.1063814 * x**3 - 1.34811020 * x**2 + 2.18555832 * x - 0.20219683
        big_x, big_z = x / y, (1 - x - y) / y
        red = 3.2406 * big_x - 1.5372 - 0.4986 * big_z
        blue = 0.0557 * big_x - 0.2040 + 1.0570 * big_z
        ratio.append(math.log2(max(red, 1e-3) / max(blue, 1e-3)))
        mired.append(float(m))
    order = np.argsort(ratio, kind="stable")
    return np.array(ratio)[order], np.array(mired)[order]


def mired_of(red: float, blue: float, *, reflectance: float = 0.0) -> float:
    """Mired of the light by which a surface shows linear red and blue; `reflectance`: its own log2 of red over blue."""
    ratio, mired = _planck()
    # The table's own value at white is taken for white, so that grey in white light is neutral to the mired.
    at_white = float(np.interp(NEUTRAL_MIRED, mired, ratio))
    wanted = math.log2(max(red, 1e-5) / max(blue, 1e-5)) - reflectance + at_white
    if wanted < ratio[0]:
        # Bluer than any black body, as skin can be: the scale runs on as it begins, so that differences still count.
        return float(mired[0] - (ratio[0] - wanted) * (mired[8] - mired[0]) / (ratio[8] - ratio[0]))
    return float(np.interp(wanted, ratio, mired))


def skin_mired(rgb: tuple[float, float, float]) -> float:
    """Mired of the light on skin, on a scale where white is 153.8. Between pictures of one person it is exact to a few
    mired; between people it carries the difference of their skins, up to about 30."""
    return mired_of(rgb[0], rgb[2], reflectance=SKIN_RED_BLUE)


def warmth(rgb: tuple[float, float, float]) -> float:
    """Of any surface, on a scale whose differences are mired of the light on it: only ever compared with itself."""
    return MIRED_A_STOP * math.log2(max(rgb[0], 1e-4) / max(rgb[2], 1e-4))


def lab(linear: NDArray[Any]) -> NDArray[Any]:
    """CIE L*a*b* (D65) of linear sRGB, (…, 3)."""
    matrix = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]], np.float32
    )  # fmt: skip
    xyz = linear @ (matrix / np.array([[0.9505], [1.0], [1.089]], np.float32)).T
    root = (lightness(xyz) + 16) / 116
    return np.stack(
        [116 * root[..., 1] - 16, 500 * (root[..., 0] - root[..., 1]), 200 * (root[..., 1] - root[..., 2])], -1
    )


def measure_colour(view: View) -> Colour:
    """Of the whole frame, on every second pixel of the working resolution."""
    rows = view.linear[::2, ::2].reshape(-1, 3)
    colours = lab(rows)
    chroma = np.hypot(colours[:, 1], colours[:, 2])
    # Shades of grey (Finlayson and Trezzi 2004, p = 6): bright surfaces speak most of the light.
    norm = (rows.astype(np.float64) ** 6).mean(axis=0) ** (1 / 6)
    return Colour(
        saturation=float(chroma.mean()),
        palette=_palette(colours),
        cast_mired=mired_of(float(norm[0]), float(norm[2])) - NEUTRAL_MIRED,
    )


def _palette(colours: NDArray[Any], most: int = 5) -> tuple[Swatch, ...]:
    """The commonest cells of a coarse grid in CIE Lab, each by the mean of its pixels."""
    steps = np.floor(colours / np.array([20.0, 18.0, 18.0])).astype(int) + np.array([0, 8, 8])
    label = (steps[:, 0].clip(0, 5) * 16 + steps[:, 1].clip(0, 15)) * 16 + steps[:, 2].clip(0, 15)
    counts = np.bincount(label, minlength=6 * 256)
    found = []
    for cell in np.argsort(-counts, kind="stable")[:most]:
        if counts[cell]:
            light, red, yellow = (round(float(v), 1) for v in colours[label == cell].mean(axis=0))
            found.append((light, red, yellow, round(float(counts[cell] / len(label)), 4)))
    return tuple(found)


def palette_distance(one: tuple[Swatch, ...], two: tuple[Swatch, ...]) -> float:
    """How far two palettes lie apart, CIE units: each swatch to the nearest of the other, by share, both ways."""
    if not one or not two:
        return 0.0

    def way(a: tuple[Swatch, ...], b: tuple[Swatch, ...]) -> float:
        weight = sum(s[3] for s in a) or 1.0
        return sum(s[3] * min(math.dist(s[:3], t[:3]) for t in b) for s in a) / weight

    return (way(one, two) + way(two, one)) / 2
