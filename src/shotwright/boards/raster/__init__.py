"""Triangles to pixels: clipping, z-buffer, light and lens, by numba where it is installed and by numpy where not."""

from __future__ import annotations

from shotwright.boards.raster.drawing_board import DrawnPixels, draw_triangles, rasteriser_name
from shotwright.boards.raster.triangles import Lights, Triangles

__all__ = ["DrawnPixels", "Lights", "Triangles", "draw_triangles", "rasteriser_name"]
