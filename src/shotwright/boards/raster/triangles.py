"""What the rasteriser is given: one body of triangles in scene metres, and the light that falls on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

PERSON = 128
"""Added to a surface code: a face of somebody, which takes the back light and no darkening of corners."""
SURFACES: tuple[str, ...] = (
    "plain", "skin", "hair", "cloth", "boards", "tiles", "carpet", "plaster", "brick", "grass", "asphalt", "cobbles",
    "earth", "sand", "water", "planks", "slates", "foliage", "glass", "eye", "metal", "wallpaper", "stone", "wood",
)  # fmt: skip
SURFACE_CODE: dict[str, int] = {name: i for i, name in enumerate(SURFACES)}


@dataclass(slots=True)
class Triangles:
    """n vertices and m faces of a whole scene. Rows of the face arrays belong together."""

    vertices: NDArray[Any]
    """float32 (n, 3)."""
    normals: NDArray[Any]
    """float32 (n, 3), unit length."""
    faces: NDArray[Any]
    """int32 (m, 3)."""
    colours: NDArray[Any]
    """float32 (m, 3), linear reflectance."""
    glow: NDArray[Any]
    """float32 (m,)."""
    ids: NDArray[Any]
    """uint16 (m,); 0 is kept for what is no thing (sky)."""
    surface: NDArray[Any]
    """uint8 (m,): index into SURFACES, plus PERSON."""
    one_sided: NDArray[Any]
    """bool (m,): not drawn from behind. Walls are, so that a camera outside the room looks into it."""
    casts: NDArray[Any]
    """bool (m,): throws a shadow of the key light."""


@dataclass(slots=True)
class Lights:
    """Everything that lights a frame, in linear RGB already balanced to the camera and multiplied by the exposure."""

    key: NDArray[Any]
    """float32 (3,): unit vector towards the key."""
    key_rgb: NDArray[Any]
    fill: NDArray[Any]
    fill_rgb: NDArray[Any]
    back: NDArray[Any]
    back_rgb: NDArray[Any]
    above_rgb: NDArray[Any]
    """Ambient from above (sky, ceiling)."""
    below_rgb: NDArray[Any]
    """Ambient from below (ground)."""
    zenith_rgb: NDArray[Any]
    horizon_rgb: NDArray[Any]
    sun_rgb: NDArray[Any]
    """Glow of the sky about the key."""
    wrap: float = 0.0
    """How far the key reaches round a form: 0 hard to 0.5 soft."""
    penumbra_m: float = 0.02
    """Half-width of the edge of a shadow."""
    haze_m: float = 0.0
    """Distance at which the air hides two thirds of a thing; 0 is clear air."""
    spread_m: float = 0.0
    """Radius of the pool of key light on the set about `centre`; 0 lights everything alike."""
    centre: NDArray[Any] = field(default_factory=lambda: np.zeros(3, np.float32))
    reach_m: float = 6.0
    """Half-width of the square that the shadow map covers about `centre`."""
    lamps: NDArray[Any] = field(default_factory=lambda: np.zeros((0, 7), np.float32))
    """float32 (k, 7): x, y, z, r, g, b of the light at one metre, radius."""
    feet: NDArray[Any] = field(default_factory=lambda: np.zeros((0, 3), np.float32))
    """float32 (k, 3): x, z, radius of the dark where something stands on the ground."""
    room: NDArray[Any] = field(default_factory=lambda: np.zeros(6, np.float32))
    """float32 (6,): x0, x1, y0, y1, z0, z1 of a room whose corners darken; all zero outside."""
