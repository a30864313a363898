"""Triangles with colours and names: what figures, sets and props are made of and what the rasteriser draws."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Mesh:
    """One body of triangles in metres, y up, right-handed, counter-clockwise seen from outside.

    Its own space is that of the thing (a figure stands on y = 0 and faces +z); `place` in `boards` puts it into the
    scene, whose axes are those of the shot JSON: x to screen right, y up, z towards the scene's master camera.
    """

    vertices: NDArray[Any]
    """float32, (n, 3)."""
    faces: NDArray[Any]
    """int32, (m, 3)."""
    colours: NDArray[Any]
    """float32, (m, 3): linear RGB reflectance of each face, 0-1."""
    parts: NDArray[Any]
    """uint8, (m,): index into `names`."""
    names: tuple[str, ...] = ("body",)
    """What the parts are: `skin`, `hair`, `eyes`, `upper`, `lower`, `shoes`, `wall`, `floor` …"""
    smooth: bool = True
    """Whether normals are averaged over a vertex; walls and boxes have edges."""
    glow: NDArray[Any] | None = None
    """float32, (m,): light that a face gives by itself (a lamp, a window by day), in the units of the exposure."""
    anchors: dict[str, tuple[float, float, float]] = field(default_factory=dict)
    """Named points in the mesh's space: `eyes`, `chin`, `crown`, `chest`, `hips`, `knees`, `hand_left` …"""
