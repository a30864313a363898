"""The inner loops in numpy, for machines without numba: the same pictures in all that matters, more slowly.

Surface patterns, the highlights of shiny things and clouds are left out; masks, depths, light and shadow are not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SMALL_PX = 12
SUN_POWER = 8


def fill(screen: Any, faces: Any, one_sided: Any, nearness: Any, drawn: Any) -> None:
    """Nearest face of every pixel; see `kernels.fill`. Small faces are done together, large ones one by one."""
    height, width = nearness.shape
    a, b, c = (screen[faces[:, i]].astype(np.float64) for i in range(3))
    area = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    low = np.ceil(np.minimum(np.minimum(a, b), c)[:, :2] - 0.5).astype(np.int64)
    high = np.floor(np.maximum(np.maximum(a, b), c)[:, :2] - 0.5).astype(np.int64)
    low, high = np.maximum(low, 0), np.minimum(high, [width - 1, height - 1])
    wide = high - low + 1
    seen = (area != 0) & ~(one_sided & (area > 0)) & (wide > 0).all(axis=1)
    for size in (2, 4, 8, SMALL_PX):
        fits = np.flatnonzero(seen & (wide.max(axis=1) <= size))
        seen[fits] = False
        step = max(400_000 // (size * size), 1)
        for start in range(0, len(fits), step):
            rows = fits[start : start + step]
            dy, dx = np.mgrid[0:size, 0:size]
            x, y = low[rows, 0, None] + dx.ravel(), low[rows, 1, None] + dy.ravel()
            inside, z = _weigh(a[rows, None], b[rows, None], c[rows, None], area[rows, None], x, y)
            inside &= (x < width) & (y < height)
            face = np.broadcast_to(rows[:, None], x.shape)[inside]
            _keep(nearness, drawn, y[inside] * width + x[inside], z[inside], face)
    for row in np.flatnonzero(seen):
        y, x = np.mgrid[low[row, 1] : high[row, 1] + 1, low[row, 0] : high[row, 0] + 1]
        inside, z = _weigh(a[row], b[row], c[row], area[row], x, y)
        part = (slice(low[row, 1], high[row, 1] + 1), slice(low[row, 0], high[row, 0] + 1))
        inside &= z > nearness[part]
        nearness[part][inside] = z[inside]
        drawn[part][inside] = row


def _weigh(a: Any, b: Any, c: Any, area: Any, x: Any, y: Any) -> tuple[Any, Any]:
    dx, dy = x + 0.5 - a[..., 0], y + 0.5 - a[..., 1]
    w1 = (dx * (c[..., 1] - a[..., 1]) - dy * (c[..., 0] - a[..., 0])) / area
    w2 = ((b[..., 0] - a[..., 0]) * dy - (b[..., 1] - a[..., 1]) * dx) / area
    inside = (w1 >= 0) & (w2 >= 0) & (w1 + w2 <= 1)
    return inside, a[..., 2] + w1 * (b[..., 2] - a[..., 2]) + w2 * (c[..., 2] - a[..., 2])


def _keep(nearness: Any, drawn: Any, spot: Any, z: Any, face: Any) -> None:
    order = np.argsort(z, kind="stable")
    spot, z, face = spot[order], z[order], face[order]
    flat, who = nearness.reshape(-1), drawn.reshape(-1)
    better = z > flat[spot]
    # Of several values for one place numpy keeps the last, which is the nearest.
    flat[spot[better]] = z[better]
    who[spot[better]] = face[better]


def shade(
    nearness: Any, drawn: Any, screen: Any, normals: Any, faces: Any, colours: Any, glow: Any, surface: Any, eye: Any,
    axes: Any, focal: float, key: Any, key_rgb: Any, fill_: Any, fill_rgb: Any, back: Any, back_rgb: Any, above: Any,
    below: Any, zenith: Any, horizon: Any, sun: Any, numbers: Any, centre: Any, lamps: Any, feet: Any, room: Any,
    shadow: Any, coarse: Any, taps: Any, shadow_axes: Any, shadow_scale: float, out: Any,
) -> None:  # fmt: skip
    """Linear light of every pixel; see `kernels.shade`."""
    height, width = nearness.shape
    wrap, penumbra, haze, spread = (float(v) for v in numbers)
    y, x = np.mgrid[0:height, 0:width]
    ux, uy = (x + 0.5 - width / 2) / focal, -(y + 0.5 - height / 2) / focal
    ray = (axes[0] * ux[..., None] + axes[1] * uy[..., None] + axes[2]).astype(np.float32)
    length = np.linalg.norm(ray, axis=2, keepdims=True)
    view = ray / length
    share = np.maximum(view[..., 1:2], 0) ** 0.55
    toward = np.maximum(view @ key, 0)[..., None] ** SUN_POWER
    out[:] = horizon * (1 - share) + zenith * share + sun * 0.55 * toward
    hit = drawn >= 0
    t = drawn[hit]
    if not len(t):
        return
    far = 1 / nearness[hit][:, None]
    ray, view, length = ray[hit], view[hit], length[hit]
    point = eye + ray * far
    a, b, c = (faces[t, i] for i in range(3))
    ax, ay = screen[a, 0], screen[a, 1]
    area = (screen[b, 0] - ax) * (screen[c, 1] - ay) - (screen[b, 1] - ay) * (screen[c, 0] - ax)
    qx, qy = x[hit] + 0.5 - ax, y[hit] + 0.5 - ay
    w1 = (qx * (screen[c, 1] - ay) - qy * (screen[c, 0] - ax)) / area * screen[b, 2] * far[:, 0]
    w2 = ((screen[b, 0] - ax) * qy - (screen[b, 1] - ay) * qx) / area * screen[c, 2] * far[:, 0]
    normal = normals[a] * (1 - w1 - w2)[:, None] + normals[b] * w1[:, None] + normals[c] * w2[:, None]
    normal /= np.linalg.norm(normal, axis=1, keepdims=True) + 1e-9
    facing = -(normal * view).sum(axis=1)
    normal[facing < -0.25] *= -1
    facing = np.abs(facing)[:, None]
    person = (surface[t] >= 128)[:, None]
    lit = np.maximum((normal @ key + wrap) / (1 + wrap), 0)
    off = point - centre + normal * 0.012
    side = shadow.shape[0]
    sx, sy = off @ shadow_axes[0] * shadow_scale + side / 2, side / 2 - off @ shadow_axes[1] * shadow_scale
    depth = off @ key + 0.012
    reach = penumbra * shadow_scale
    tries = taps * reach if reach >= 2.0 else np.zeros((1, 2), np.float32)
    held = np.zeros(len(t), np.float32)
    for tap in tries:
        jx, jy = (sx + tap[0]).astype(np.int64), (sy + tap[1]).astype(np.int64)
        on = (jx >= 0) & (jx < side) & (jy >= 0) & (jy < side)
        slack = 0.4 * penumbra if reach >= 2.0 else 0.0
        held += on & (shadow[np.clip(jy, 0, side - 1), np.clip(jx, 0, side - 1)] > depth + slack)
    lit = (lit * (1 - held / len(tries)))[:, None]
    if spread > 0:
        away = ((point - centre) ** 2 * [1, 0.7, 1]).sum(axis=1, keepdims=True)
        lit = np.where(person, lit, lit * (0.42 + 0.58 / (1 + 0.5 * away / spread**2) ** 2))
    occluded = np.ones_like(lit)
    if room[1] > room[0]:
        walls = np.stack([np.maximum(np.minimum(point[:, k] - room[2 * k], room[2 * k + 1] - point[:, k]), 0)
                          for k in range(3)])  # fmt: skip
        occluded = np.where(person, 1, 1 - 0.38 / (1 + 6 * np.median(walls, axis=0)[:, None] ** 2))
    for fx, fz, radius in feet:
        r2 = ((point[:, 0] - fx) ** 2 + (point[:, 2] - fz) ** 2)[:, None] / radius**2
        dark = 1 - 0.55 * np.exp(-r2 * 1.6) * (1 - point[:, 1:2] * 2)
        occluded = np.where(person | (point[:, 1:2] >= 0.5) | (r2 >= 6), occluded, occluded * dark)
    up = 0.5 + 0.5 * normal[:, 1:2]
    gentle = np.maximum((normal @ fill_ + 0.6) / 1.6, 0)[:, None]
    rim = np.where(person, np.maximum(normal @ back, 0)[:, None] * (1 - np.minimum(facing, 1)) ** 1.5, 0)
    light = key_rgb * lit + fill_rgb * gentle * occluded + (below * (1 - up) + above * up) * occluded + back_rgb * rim
    for lamp in lamps:
        way = lamp[:3] - point
        d2 = (way**2).sum(axis=1, keepdims=True)
        cos = (normal * way).sum(axis=1, keepdims=True) / np.sqrt(d2 + 1e-6)
        light = light + np.where(d2 < 64, np.maximum(cos * 0.8 + 0.2, 0) / (d2 + lamp[6]), 0) * lamp[3:6]
    value = colours[t] * (light + glow[t][:, None])
    if haze > 0:
        fog = 1 - np.exp(-((far * length / haze) ** 1.3))
        value = value * (1 - fog) + horizon * fog
    out[hit] = value


def outline(image: Any, nearness: Any, ids: Any, strength: float) -> None:
    """Darken the nearer side of every edge between things."""
    here = nearness[1:-1, 1:-1]
    ink = np.zeros_like(here)
    height, width = nearness.shape
    for j, i in ((1, 0), (-1, 0), (0, 1), (0, -1)):
        part = (slice(1 + j, height - 1 + j), slice(1 + i, width - 1 + i))
        there = nearness[part]
        ink = np.where((ids[part] != ids[1:-1, 1:-1]) & (there <= here), np.maximum(ink, 0.4), ink)
        ink = np.where(there < here * 0.955, 1.0, ink)
    image[1:-1, 1:-1] *= (1 - strength * np.where(here > 0, ink, 0))[..., None]


def gather(image: Any, blurred: Any, circle: Any, levels: int) -> None:
    """Mix each pixel from the blurred copies nearest to its circle of confusion, in place."""
    height, width = circle.shape
    level = np.clip(np.log2(np.maximum(circle, 1e-3) / 1.2), 0, levels - 0.001)
    rows = np.minimum(np.arange(height) // 2, blurred.shape[1] - 1)
    columns = np.minimum(np.arange(width) // 2, blurred.shape[2] - 1)
    sharp = image.copy()
    for index in range(levels):
        soft = blurred[index][rows][:, columns]
        less = sharp if index == 0 else blurred[index - 1][rows][:, columns]
        here = (level >= index) & (level < index + 1) & (circle > 1.2)
        share = (level - index)[here][:, None]
        image[here] = less[here] * (1 - share) + soft[here] * share


def smooth_edges(image: Any, out: Any) -> None:
    """Soften stairs: where the brightness of neighbours leaps, mix with them."""
    out[:] = image
    green = image[..., 1].astype(np.float32)
    leap = np.maximum(np.abs(green[2:, 1:-1] - green[:-2, 1:-1]), np.abs(green[1:-1, 2:] - green[1:-1, :-2]))
    mixed = (
        image[1:-1, 1:-1] * 0.5 + (image[2:, 1:-1] * 0.125 + image[:-2, 1:-1] * 0.125)
        + (image[1:-1, 2:] * 0.125 + image[1:-1, :-2] * 0.125)
    )  # fmt: skip
    edge = leap > 14
    out[1:-1, 1:-1][edge] = (mixed[edge] + 0.5).astype(np.uint8)


def develop(image: Any, curve: Any, out: Any) -> None:
    """Linear light to 8-bit by a table of the tone curve over sqrt(light / 16)."""
    value = np.sqrt(np.clip(image, 0, 16) * 0.0625) * (len(curve) - 1)
    out[:] = curve[value.astype(np.int64)]


def spread(values: NDArray[Any], step: int) -> NDArray[Any]:
    """Binomial blur of three taps, `step` apart, down and across; over the edge a pixel stands for its neighbour."""
    return _spread_along(_spread_along(values, step, 0), step, 1)


def _spread_along(values: NDArray[Any], step: int, axis: int) -> NDArray[Any]:
    """Binomial blur of three taps, `step` apart."""
    count = values.shape[axis]
    step = min(step, count - 1)
    out = values * np.float32(0.5)
    low = [slice(None)] * values.ndim
    high = [slice(None)] * values.ndim
    low[axis], high[axis] = slice(0, count - step), slice(step, count)
    quarter = values * np.float32(0.25)
    out[tuple(high)] += quarter[tuple(low)]
    out[tuple(low)] += quarter[tuple(high)]
    low[axis], high[axis] = slice(0, step), slice(count - step, count)
    out[tuple(low)] += quarter[tuple(low)]
    out[tuple(high)] += quarter[tuple(high)]
    return out
