"""What light falls on a face: every key that could be, and how well each explains the readings of its skin.

Light on a field that faces n is level x ((1 - 1/r) key(n) + fill(n)/r), r key to fill. The fill stands beside the lens
on the other side from the key and comes from all round besides, as a set is lit. The level takes the skin with it, so a
face is only ever compared with itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from shotwright.vision.measures.head import Skin

STEP_DEG = 15
AZIMUTHS = np.arange(-180, 180, STEP_DEG).astype(np.float32)
"""In the room."""
ELEVATIONS = np.array([10, 32, 55], np.float32)
RATIOS = np.array([1.1, 1.5, 2.0, 2.8, 4.0, 5.6, 8.0, 11.0, 16.0], np.float32)
WRAP = 0.2
"""How far a key of middling softness reaches round."""
AROUND, BESIDE_LENS = 0.62, 0.5
FILL_DEG, FILL_RISE_DEG = 38.0, 18.0
MOST_OFF = 1.5
"""Stops: a field that is farther off is in a shadow that somebody or something casts."""


@dataclass(frozen=True, slots=True)
class Fit:
    """One face against every key."""

    entity: str
    apart: NDArray[Any]
    """float32 (fields, azimuths, elevations, ratios): stops of a reading over what that key would give."""
    weights: NDArray[Any]
    levels: NDArray[Any]
    """float32 (azimuths, elevations, ratios): the skin's stops under a full key of that kind."""
    costs: NDArray[Any]
    """float32, same shape: mean stops that are left unexplained."""
    share: NDArray[Any]
    """float32, same shape: the part of the light on the face that is the key's, 0-1."""
    worth: float
    """0-1: how much the reading counts, by the size of the face."""

    def cost_at(self, level: float, where: Any = ()) -> Any:
        """Mean stops unexplained with the level given, of the keys at an index of the grid."""
        off = np.minimum(np.abs(self.apart[(slice(None), *where)] - np.float32(level)), MOST_OFF)
        return np.tensordot(self.weights, off, axes=1)


@cache
def _unit(rise: float) -> tuple[float, float]:
    return float(np.cos(np.radians(rise))), float(np.sin(np.radians(rise)))


def fit_of(skin: Skin, camera_azimuth_deg: float) -> Fit:
    """Every key of the room against one face seen from a camera at a heading of the room."""
    turned = (AZIMUTHS - camera_azimuth_deg + 180) % 360 - 180
    aside = np.where(turned >= 0, -FILL_DEG, FILL_DEG)
    across, rise = _unit(FILL_RISE_DEG)
    fills = np.stack(
        [np.sin(np.radians(aside)) * across, np.full(aside.shape, rise), np.cos(np.radians(aside)) * across], -1
    ).astype(np.float32)
    fill = AROUND + BESIDE_LENS * np.maximum((skin.normals @ fills.T + 0.6) / 1.6, 0)
    over = 1 / RATIOS
    key = np.empty((len(skin.stops), len(AZIMUTHS), len(ELEVATIONS)), np.float32)
    for k, elevation in enumerate(ELEVATIONS):
        across, rise = _unit(float(elevation))
        turn = np.radians(turned)
        vectors = np.stack([np.sin(turn) * across, np.full(turn.shape, rise), np.cos(turn) * across], -1)
        key[:, :, k] = np.maximum(skin.normals @ vectors.T.astype(np.float32) + WRAP, 0) / (1 + WRAP)
    by_key = key[..., None] * (1 - over)
    light = by_key + fill[:, :, None, None] * over
    apart = skin.stops[:, None, None, None] - np.log2(light)
    levels = _weighted_median(apart, skin.weights)
    off = np.minimum(np.abs(apart - levels), MOST_OFF)
    share = np.tensordot(skin.weights, by_key / light, axes=1)
    worth = float(np.clip((skin.height_px - 10) / 50, 0.15, 1.0)) * min(1.0, len(skin.stops) / 18)
    costs = np.tensordot(skin.weights, off, axes=1)
    return Fit(skin.entity, apart, skin.weights, levels, costs, share.astype(np.float32), worth)


def nearest_azimuth(azimuth_deg: float) -> int:
    """Where in AZIMUTHS a heading of the room is."""
    return int(np.argmin(np.abs((AZIMUTHS - azimuth_deg + 180) % 360 - 180)))


def nearest_ratio(ratio: float) -> int:
    """Where in RATIOS a key to fill is."""
    return int(np.argmin(np.abs(np.log2(RATIOS / max(ratio, 1.0)))))


def _weighted_median(values: NDArray[Any], weights: NDArray[Any]) -> NDArray[Any]:
    order = np.argsort(values, axis=0)
    ranked = np.take_along_axis(values, order, 0)
    heard = np.cumsum(weights[order], axis=0)
    at = np.argmax(heard >= 0.5 * heard[-1], axis=0)
    found: NDArray[Any] = np.take_along_axis(ranked, at[None], 0)[0]
    return found
