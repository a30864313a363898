"""The whole way from triangles to an 8-bit picture, its masks and its depths."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from shotwright.boards.camera import NEAR_M
from shotwright.boards.raster.clipping import clip_near

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from shotwright.boards.camera import View
    from shotwright.boards.raster.triangles import Lights, Triangles

SHADOW_SIDE = 896
BLUR_LEVELS = 5
CURVE_STEPS = 4096
INK = 0.42
TAPS = np.array(
    [[((i + 0.5) / 8) ** 0.5 * np.cos(i * 2.39996), ((i + 0.5) / 8) ** 0.5 * np.sin(i * 2.39996)] for i in range(8)],
    np.float32,
)
"""Points spread evenly over a disc of radius 1, by the golden angle."""


@dataclass(slots=True)
class DrawnPixels:
    """image uint8 (h, w, 3) sRGB; ids uint16 (h, w), 0 where there is only sky; depth float32 (h, w), metres along the
    lens axis, inf in the sky."""

    image: NDArray[Any]
    ids: NDArray[Any]
    depth: NDArray[Any]


@cache
def _loops() -> Any:
    try:
        return import_module("shotwright.boards.raster.kernels")
    except ImportError:
        return import_module("shotwright.boards.raster.plain")


def rasteriser_name(loops: Any = None) -> str:
    """`kernels` (numba) or `plain` (numpy)."""
    return str((loops or _loops()).__name__).rpartition(".")[2]


def draw_triangles(
    body: Triangles, lights: Lights, view: View, *, ink: float = INK, blur: bool = True, loops: Any = None
) -> DrawnPixels:
    """Draw a scene through a camera. `ink`: darkness of outlines 0-1; `blur`: depth of field."""
    loops = loops or _loops()
    height, width = view.height, view.width
    seen = view.to_camera(body.vertices)
    carried = np.concatenate([seen, body.normals], axis=1)
    carried, faces, rows = clip_near(seen[:, 2], carried, body.faces, NEAR_M)
    screen = np.empty((len(carried), 3), np.float32)
    ahead = np.maximum(carried[:, 2], NEAR_M * 0.5)
    np.divide(1.0, ahead, out=screen[:, 2])
    screen[:, 0] = width / 2 + view.focal_px * carried[:, 0] * screen[:, 2]
    screen[:, 1] = height / 2 - view.focal_px * carried[:, 1] * screen[:, 2]
    normals = np.ascontiguousarray(carried[:, 3:])
    nearness = np.zeros((height, width), np.float32)
    drawn = np.full((height, width), -1, np.int32)
    loops.fill(screen, faces, body.one_sided[rows], nearness, drawn)
    shadow, shadow_axes, scale = shadow_map(body, lights, loops)
    light = np.empty((height, width, 3), np.float32)
    axes = np.stack([view.right, view.up, view.forward]).astype(np.float32)
    numbers = np.array([lights.wrap, lights.penumbra_m, lights.haze_m, lights.spread_m], np.float32)
    loops.shade(
        nearness, drawn, screen, normals, faces, body.colours[rows], body.glow[rows], body.surface[rows],
        view.eye, axes, float(view.focal_px), lights.key, lights.key_rgb, lights.fill, lights.fill_rgb, lights.back,
        lights.back_rgb, lights.above_rgb, lights.below_rgb, lights.zenith_rgb, lights.horizon_rgb, lights.sun_rgb,
        numbers, lights.centre, lights.lamps, lights.feet, lights.room, shadow,
        coarsest(shadow), TAPS, shadow_axes, scale, light,
    )  # fmt: skip
    ids = np.where(drawn >= 0, body.ids[rows][np.maximum(drawn, 0)], 0).astype(np.uint16)
    if ink > 0:
        loops.outline(light, nearness, ids, ink)
    with np.errstate(divide="ignore"):
        depth = np.where(drawn >= 0, 1 / nearness, np.inf).astype(np.float32)
    if blur:
        _defocus(light, nearness, view, loops)
    rough = np.empty((height, width, 3), np.uint8)
    loops.develop(light, tone_curve(), rough)
    image = np.empty_like(rough)
    loops.smooth_edges(rough, image)
    return DrawnPixels(image, ids, depth)


def shadow_map(body: Triangles, lights: Lights, loops: Any) -> tuple[NDArray[Any], NDArray[Any], float]:
    """How far towards the key the first thing lies, over a square about the centre: (map, its axes, pixels a metre)."""
    side = SHADOW_SIDE
    key = lights.key.astype(np.float64)
    up = np.array([0.0, 1.0, 0.0]) if abs(key[1]) < 0.95 else np.array([1.0, 0.0, 0.0])
    right = np.cross(up, key)
    right /= np.linalg.norm(right)
    axes = np.stack([right, np.cross(key, right)]).astype(np.float32)
    scale = side / (2 * lights.reach_m)
    frame = np.concatenate([axes, lights.key[None]]).astype(np.float32)
    at = (body.vertices - lights.centre) @ frame.T
    screen = np.empty((len(at), 3), np.float32)
    screen[:, 0] = at[:, 0] * scale + side / 2
    screen[:, 1] = side / 2 - at[:, 1] * scale
    screen[:, 2] = at[:, 2]
    thrown = np.full((side, side), -1e30, np.float32)
    who = np.full((side, side), -1, np.int32)
    faces = np.ascontiguousarray(body.faces[body.casts])
    loops.fill(screen, faces, np.zeros(len(faces), np.bool_), thrown, who)
    return thrown, axes, float(scale)


def coarsest(shadow: NDArray[Any]) -> NDArray[Any]:
    """The largest of each 16 × 16 of a shadow map and of its eight neighbours."""
    side = shadow.shape[0] // 16
    rows = shadow.reshape(side, 16, side * 16).max(axis=1)
    most = np.pad(rows.reshape(side, side, 16).max(axis=2), 1, mode="edge")
    wide = np.maximum(np.maximum(most[:, :-2], most[:, 1:-1]), most[:, 2:])
    return np.ascontiguousarray(np.maximum(np.maximum(wide[:-2], wide[1:-1]), wide[2:]))


def _defocus(light: NDArray[Any], nearness: NDArray[Any], view: View, loops: Any) -> None:
    """Blur what is out of focus, in place. A sharp thing gives nothing to the blur of what lies behind it."""
    focal = view.focal_mm / 1000
    focus = max(view.focus_m, focal * 1.5)
    # |1/d - 1/focus| grows linearly in nearness, so the circle needs no division by pixel.
    per = focal * focal / view.aperture_t * focus / (focus - focal) * view.focal_px / focal
    circle = np.abs(nearness - np.float32(1 / focus)) * np.float32(per)
    np.minimum(circle, np.float32(view.height / 14), out=circle)
    widest = float(circle.max())
    if widest < 1.6:
        return
    levels = min(BLUR_LEVELS, int(np.ceil(np.log2(widest / 1.2))) + 1)
    h, w = circle.shape[0] // 2, circle.shape[1] // 2
    quad = (
        light[: h * 2 : 2, : w * 2 : 2] + light[1 : h * 2 : 2, : w * 2 : 2] + light[: h * 2 : 2, 1 : w * 2 : 2]
        + light[1 : h * 2 : 2, 1 : w * 2 : 2]
    ) * np.float32(0.25)  # fmt: skip
    small = circle[: h * 2 : 2, : w * 2 : 2]
    layers = np.empty((levels, h, w, 3), np.float32)
    weight = np.clip(small / 2.5, 0.02, 1.0)[..., None]
    sum_ = np.concatenate([quad * weight, weight], axis=2).astype(np.float32)
    for level in range(levels):
        step = 1 << max(level - 1, 0)
        sum_ = loops.spread(sum_, step)
        layers[level] = sum_[..., :3] / sum_[..., 3:]
    loops.gather(light, layers, circle, levels)


@cache
def tone_curve() -> NDArray[Any]:
    """uint8 (CURVE_STEPS,): sRGB of linear light 16 (i / last)²; grey of 0.18 is kept, highlights roll off."""
    light = 16 * np.linspace(0, 1, CURVE_STEPS) ** 2
    # Rational film curve with toe and shoulder, scaled to leave mid-grey where it is.
    scaled = light * 0.62
    shown = scaled * (2.51 * scaled + 0.03) / (scaled * (2.43 * scaled + 0.59) + 0.14)
    shown = np.clip(shown, 0, 1)
    coded = np.where(shown <= 0.0031308, 12.92 * shown, 1.055 * shown ** (1 / 2.4) - 0.055)
    return (coded * 255 + 0.5).astype(np.uint8)
