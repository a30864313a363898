"""Exposure: lightness, clipping and shadow, on a frame in linear light."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from shotwright.vision.measures.subject import View

MID_GREY = 0.18
SHADOW_L = 20.0
"""CIE L* under which a pixel counts as shadow."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """Lightness in CIE L* 0-100, shares of the frame 0-1, stops against mid-grey."""

    l_median: float
    l_p5: float
    l_p95: float
    stops: float
    clipped_high: float
    clipped_low: float
    shadow_fraction: float


def lightness(luminance: NDArray[Any]) -> NDArray[Any]:
    """CIE L* of relative luminance 0-1 (CIE 15)."""
    return np.where(luminance > 216 / 24389, 116 * np.cbrt(luminance) - 16, luminance * (24389 / 27))


def stops(level: float) -> float:
    """log2 of a luminance over mid-grey."""
    return float(np.log2(max(level, 1e-5) / MID_GREY))


def measure_exposure(view: View) -> Exposure:
    """Of the whole frame."""
    tone = lightness(view.luminance[::2, ::2])
    low, middle, high = (float(v) for v in np.percentile(tone, (5, 50, 95)))
    pixels = view.pixels[:: view.step, :: view.step]
    red, green, blue = pixels[..., 0], pixels[..., 1], pixels[..., 2]
    return Exposure(
        l_median=middle,
        l_p5=low,
        l_p95=high,
        stops=stops(float(view.luminance.mean())),
        clipped_high=float(((red >= 254) & (green >= 254) & (blue >= 254)).mean()),
        clipped_low=float(((red <= 1) & (green <= 1) & (blue <= 1)).mean()),
        shadow_fraction=float((tone < SHADOW_L).mean()),
    )
