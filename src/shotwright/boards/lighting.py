"""The light of a shot as numbers: directions in the room, linear colours balanced to the camera, exposed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from shotwright.boards.raster.triangles import Lights

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from shotwright.boards.camera import View
    from shotwright.model.shot import Lighting

SOFTNESS = {"hard": (0.0, 0.008), "mixed": (0.14, 0.05), "soft": (0.3, 0.14)}
"""Quality -> (wrap of the key, half-width of a shadow's edge in metres)."""
KEY_LEVEL = {"high_key": 1.55, "mid_key": 1.25, "low_key": 1.15, "flat": 1.3, "silhouette": 0.5, "chiaroscuro": 1.0}
"""Light on a surface that faces the key, beside what shows mid-grey as mid-grey."""
NIGHT = ("night", "blue_hour")
SKIES: dict[str, tuple[tuple[float, float, float], tuple[float, float, float], float]] = {
    "dawn": ((0.34, 0.42, 0.58), (0.85, 0.70, 0.60), 0.5),
    "morning": ((0.30, 0.47, 0.75), (0.80, 0.85, 0.88), 0.5),
    "midday": ((0.25, 0.45, 0.80), (0.74, 0.85, 0.92), 0.4),
    "afternoon": ((0.28, 0.45, 0.74), (0.85, 0.84, 0.80), 0.5),
    "golden_hour": ((0.33, 0.38, 0.55), (1.05, 0.68, 0.36), 0.9),
    "dusk": ((0.13, 0.17, 0.32), (0.55, 0.38, 0.36), 0.3),
    "blue_hour": ((0.06, 0.11, 0.26), (0.17, 0.24, 0.40), 0.05),
    "night": ((0.010, 0.016, 0.035), (0.030, 0.042, 0.070), 0.03),
}
"""Hour -> zenith, horizon, glow about the sun: linear RGB."""


def kelvin_rgb(kelvin: float) -> NDArray[Any]:
    """Linear RGB of black-body light, green 1 at 6500 K, luminance 1.

    Planckian locus in CIE xy by Kim et al. (US patent 7024034), then the sRGB primaries.
    """
    t = min(max(kelvin, 1700.0), 25000.0)
    if t <= 4000:
        x = -0.2661239e9 / t**3 - 0.2343589e6 / t**2 + 0.8776956e3 / t + 0.179910
    else:
        x = -3.0258469e9 / t**3 + 2.1070379e6 / t**2 + 0.2226347e3 / t + 0.240390
    if t <= 2222:
        y = -1.1063814 * x**3 - 1.34811020 * x**2 + 2.18555832 * x - 0.20219683
    elif t <= 4000:
        y = -0.9549476 * x**3 - 1.37418593 * x**2 + 2.09137015 * x - 0.16748867
    else:
        y = 3.0817580 * x**3 - 5.87338670 * x**2 + 3.75112997 * x - 0.37001483
    xyz = np.array([x / y, 1.0, (1 - x - y) / y])
    to_rgb = np.array([[3.2406, -1.5372, -0.4986], [-0.9689, 1.8758, 0.0415], [0.0557, -0.2040, 1.0570]])
    rgb: NDArray[Any] = np.maximum(to_rgb @ xyz, 0.02)
    return rgb


def balanced(kelvin: float, white_balance_k: float) -> NDArray[Any]:
    """Colour of a light as a camera balanced to `white_balance_k` sees it, luminance 1, linear RGB."""
    rgb = kelvin_rgb(kelvin) / kelvin_rgb(white_balance_k)
    shown: NDArray[Any] = rgb / float(rgb @ np.array([0.2126, 0.7152, 0.0722]))
    return shown


def direction(azimuth_deg: float, elevation_deg: float) -> NDArray[Any]:
    """Unit vector towards a light: azimuth 0° along +z, +90° along +x."""
    a, e = math.radians(azimuth_deg), math.radians(elevation_deg)
    return np.array([math.sin(a) * math.cos(e), math.sin(e), math.cos(a) * math.cos(e)], np.float32)


def lights_of(lighting: Lighting, white_balance_k: int, view: View, *, inside: bool, open_sky: bool = False) -> Lights:
    """Key, fill, back light, ambient and sky of a shot. Key and fill keep `contrast_ratio` on a face between them."""
    night = lighting.time_of_day in NIGHT
    level = KEY_LEVEL[lighting.key_style] * 2.0**lighting.exposure_ev * (0.78 if night else 1.0)
    ratio = max(lighting.contrast_ratio, 1.1)
    shadow = level / ratio
    key = direction(lighting.azimuth_deg, max(lighting.elevation_deg, -60.0))
    wrap, penumbra = SOFTNESS[lighting.quality]
    warm = balanced(lighting.color_temperature_k, white_balance_k)
    cool = balanced(lighting.color_temperature_k * (1.0 if inside else 1.35) + 400, white_balance_k)
    toward = -view.forward.astype(np.float64)
    lens = math.degrees(math.atan2(toward[0], toward[2]))
    off = (lighting.azimuth_deg - lens + 180) % 360 - 180
    fill = direction(lens - 38 * (1 if off >= 0 else -1), 18)
    back = direction(lens + 180 - 35 * (1 if off >= 0 else -1), 35)
    zenith, horizon, sun = SKIES[lighting.time_of_day]
    tint = kelvin_rgb(5600) / kelvin_rgb(white_balance_k)
    tint = np.clip(tint / tint[1], 0.35, 2.2)
    sky_level = 2.0**lighting.exposure_ev
    above = cool * shadow * (0.62 if inside else 0.7)
    below = warm * shadow * (0.62 if inside else 0.34)
    return Lights(
        key=key,
        key_rgb=(warm * max(level - shadow, 0.03)).astype(np.float32),
        fill=fill,
        fill_rgb=(cool * shadow * 0.5).astype(np.float32),
        back=back,
        back_rgb=(0.5 * (warm + cool) * level * (0.5 if lighting.key_style != "flat" else 0.2)).astype(np.float32),
        above_rgb=above.astype(np.float32),
        below_rgb=below.astype(np.float32),
        zenith_rgb=(np.array(zenith) * tint * sky_level).astype(np.float32),
        horizon_rgb=(np.array(horizon) * tint * sky_level).astype(np.float32),
        sun_rgb=(warm * sun * sky_level).astype(np.float32),
        wrap=wrap,
        penumbra_m=penumbra,
        haze_m=0.0 if inside and not open_sky else {"dawn": 55.0, "night": 60.0, "dusk": 80.0}.get(
            lighting.time_of_day, 140.0
        ),
        spread_m=3.4 if inside else (9.0 if night else 0.0),
    )  # fmt: skip


def lamp_rgb(kelvin: float, white_balance_k: float, strength: float) -> tuple[float, float, float]:
    """Light of a practical at one metre, linear RGB."""
    r, g, b = (float(v) for v in balanced(kelvin, white_balance_k) * strength)
    return r, g, b
