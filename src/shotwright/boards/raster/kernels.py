"""The inner loops, compiled by numba: filling triangles into a z-buffer, shading pixels, lens blur and edges.

Every loop has a twin in `plain` for machines without numba. Compiled code is kept in the user's cache, not beside the
source.
"""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numba  # type: ignore[import-not-found,import-untyped,unused-ignore]
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

FAST = {"reassoc", "contract", "arcp", "nsz"}
"""All of fast arithmetic but the promise that no number is ever infinite or undefined."""
F = TypeVar("F", bound="Callable[..., Any]")

if not os.environ.get("NUMBA_CACHE_DIR"):
    _home = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    vars(numba.config)["CACHE_DIR"] = str(Path(_home) / "shotwright" / "numba")


def compiled(function: F) -> F:
    """The function compiled at its first call; kept for the next process where the cache can be written."""
    try:
        return cast("F", numba.njit(cache=True, fastmath=FAST, nogil=True)(function))
    except RuntimeError:
        return cast("F", numba.njit(fastmath=FAST, nogil=True)(function))


@compiled
def fill(screen: Any, faces: Any, one_sided: Any, nearness: Any, drawn: Any) -> None:
    """Nearest face of every pixel. `screen` (n, 3): x, y and a nearness that is linear on the screen (1/distance)."""
    height, width = nearness.shape
    for t in range(faces.shape[0]):
        a, b, c = faces[t, 0], faces[t, 1], faces[t, 2]
        ax, ay, az = screen[a, 0], screen[a, 1], screen[a, 2]
        bx, by, bz = screen[b, 0], screen[b, 1], screen[b, 2]
        cx, cy, cz = screen[c, 0], screen[c, 1], screen[c, 2]
        area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
        # y runs down the screen: a face seen from in front has a negative area.
        # Not a number is never above zero: such a face is left out.
        if not abs(area) > 0.0 or (one_sided[t] and area > 0.0):
            continue
        low_x, high_x = min(ax, bx, cx), max(ax, bx, cx)
        low_y, high_y = min(ay, by, cy), max(ay, by, cy)
        if high_x < 0 or high_y < 0 or low_x > width or low_y > height:
            continue
        x0, x1 = max(0, math.ceil(low_x - 0.5)), min(width - 1, math.floor(high_x - 0.5))
        y0, y1 = max(0, math.ceil(low_y - 0.5)), min(height - 1, math.floor(high_y - 0.5))
        if x0 > x1 or y0 > y1:
            continue
        inv = 1.0 / area
        w1x, w1y = (cy - ay) * inv, -(cx - ax) * inv
        w2x, w2y = -(by - ay) * inv, (bx - ax) * inv
        zx = w1x * (bz - az) + w2x * (cz - az)
        for y in range(y0, y1 + 1):
            dx, dy = x0 + 0.5 - ax, y + 0.5 - ay
            w1 = dx * w1x + dy * w1y
            w2 = dx * w2x + dy * w2y
            # The span of the row that lies inside all three edges, so that no pixel outside is visited.
            first, last = float(x0), float(x1)
            s0, v0 = -(w1x + w2x), 1.0 - w1 - w2
            empty = False
            for edge in range(3):
                s = w1x if edge == 0 else (w2x if edge == 1 else s0)
                v = w1 if edge == 0 else (w2 if edge == 1 else v0)
                if s > 1e-12:
                    first = max(first, x0 - v / s)
                elif s < -1e-12:
                    last = min(last, x0 - v / s)
                elif v < 0:
                    empty = True
            if empty or first > last:
                continue
            from_x, to_x = math.ceil(first - 1e-6), math.floor(last + 1e-6)
            z = az + w1 * (bz - az) + w2 * (cz - az) + zx * (from_x - x0)
            for x in range(from_x, to_x + 1):
                if z > nearness[y, x]:
                    nearness[y, x] = z
                    drawn[y, x] = t
                z += zx


@compiled
def hash2(x: int, y: int) -> float:
    n = (x * 374761393 + y * 668265263) & 0x7FFFFFFF
    n = ((n ^ (n >> 13)) * 1274126177) & 0x7FFFFFFF
    return ((n ^ (n >> 16)) & 0xFFFF) * (1 / 65535.0)


@compiled
def noise2(x: float, y: float) -> float:
    ix, iy = math.floor(x), math.floor(y)
    fx, fy = x - ix, y - iy
    fx, fy = fx * fx * (3 - 2 * fx), fy * fy * (3 - 2 * fy)
    i, j = int(ix), int(iy)
    top = hash2(i, j) * (1 - fx) + hash2(i + 1, j) * fx
    low = hash2(i, j + 1) * (1 - fx) + hash2(i + 1, j + 1) * fx
    return top * (1 - fy) + low * fy


@compiled
def joint(v: float, width: float) -> float:
    """1 on a joint between pieces at whole numbers, 0 off it."""
    f = v - math.floor(v)
    return 1.0 if f < width else 0.0


@compiled
def pattern(  # noqa: C901 - one branch a surface
    kind: int, x: float, y: float, z: float, nx: float, ny: float, nz: float, far: float
) -> float:
    """Brightness of a surface at a point against its colour. Fine work fades with distance rather than shimmering."""
    fine = 1.0 / (1.0 + (far / 9.0) ** 2)
    # Along the wall: the horizontal axis that the face does not look along.
    u = z if abs(nx) > abs(nz) else x
    if kind == 4:
        row = math.floor(z / 0.14)
        tone = 0.82 + 0.3 * hash2(int(row), math.floor(x / 1.6 + row * 0.37))
        tone *= 0.94 + 0.12 * noise2(x * 3.0, z * 40.0)
        return 1 + (tone * (1 - 0.35 * joint(z / 0.14, 0.06)) - 1) * (0.35 + 0.65 * fine)
    if kind == 5:
        check = 0.88 if (math.floor(x / 0.4) + math.floor(z / 0.4)) % 2 == 0 else 1.08
        line = max(joint(x / 0.4, 0.03), joint(z / 0.4, 0.03))
        return 1 + (check * (1 - 0.25 * line) - 1) * (0.25 + 0.75 * fine)
    if kind == 6:
        return 0.9 + 0.2 * noise2(x * 7, z * 7) * fine + 0.1 * (1 - fine)
    if kind in (7, 22):
        return 0.95 + 0.1 * noise2(u * 1.3, y * 1.3)
    if kind == 8:
        row = math.floor(y / 0.085)
        shift = 0.5 * (int(row) % 2)
        line = max(joint(y / 0.085, 0.14), joint(u / 0.24 + shift, 0.05))
        tone = 0.84 + 0.3 * hash2(int(row), math.floor(u / 0.24 + shift))
        return 1 + (tone * (1 + 0.35 * line) - 1) * fine
    if kind == 9:
        return 0.78 + 0.28 * noise2(x * 0.6, z * 0.6) + 0.34 * (noise2(x * 9, z * 9) - 0.3) * fine
    if kind in (10, 12, 13):
        coarse = 0.2 if kind == 12 else 0.12
        return 1 - coarse + coarse * 2 * (0.6 * noise2(x * 0.8, z * 0.8) + 0.4 * (noise2(x * 14, z * 14)) * fine)
    if kind == 11:
        row = math.floor(z / 0.16)
        line = max(joint(z / 0.16, 0.12), joint(x / 0.2 + 0.5 * (int(row) % 2), 0.1))
        tone = 0.8 + 0.35 * hash2(int(row), math.floor(x / 0.2 + 0.5 * (int(row) % 2)))
        return 1 + (tone * (1 - 0.4 * line) - 1) * fine
    if kind == 14:
        return 0.75 + 0.5 * noise2(x * 0.5 + 0.3 * noise2(z, x), z * 2.2)
    if kind == 15:
        line = joint(u / 0.15, 0.08)
        return 1 + ((0.85 + 0.3 * hash2(math.floor(u / 0.15), 3)) * (1 - 0.45 * line) - 1) * (0.3 + 0.7 * fine)
    if kind == 16:
        v = y / 0.16
        line = max(joint(v, 0.12), joint(u / 0.25 + 0.5 * (math.floor(v) % 2), 0.06))
        return 1 + ((0.85 + 0.3 * hash2(math.floor(v), math.floor(u / 0.25))) * (1 - 0.3 * line) - 1) * fine
    if kind == 17:
        return 0.62 + 0.75 * noise2((x + y) * 5.0, (z - y) * 5.0)
    if kind == 21:
        stripe = 0.94 if math.floor(u / 0.11) % 2 == 0 else 1.03
        return 1 + (stripe - 1) * fine
    if kind == 23:
        return 0.9 + 0.2 * noise2((x + z) * 4, y * 30 + (x - z) * 2)
    return 1.0


@compiled
def sky(dx: float, dy: float, dz: float, zenith: Any, horizon: Any, sun: Any, key: Any, out: Any) -> None:
    up = max(dy, 0.0)
    share = up**0.55
    toward = max(dx * key[0] + dy * key[1] + dz * key[2], 0.0)
    glow = 0.55 * toward**8 + 1.6 * toward**400
    cloud = 0.0
    if dy > 0.015:
        cloud = noise2(dx / (dy + 0.12) * 1.1 + 7, dz / (dy + 0.12) * 1.1 + 3)
        cloud = 0.6 * cloud + 0.4 * noise2(dx / (dy + 0.12) * 2.7, dz / (dy + 0.12) * 2.7)
        cloud = max(cloud - 0.5, 0.0) * 1.5 * min(dy * 6, 1.0)
    for i in range(3):
        base = horizon[i] * (1 - share) + zenith[i] * share
        out[i] = base * (1 - cloud) + (horizon[i] * 1.15) * cloud + sun[i] * glow


@compiled
def shade(  # noqa: C901 - one pass a pixel, unrolled for the compiler
    nearness: Any, drawn: Any, screen: Any, normals: Any, faces: Any, colours: Any, glow: Any, surface: Any,
    eye: Any, axes: Any, focal: float, key: Any, key_rgb: Any, fill_: Any, fill_rgb: Any, back: Any,
    back_rgb: Any, above: Any, below: Any, zenith: Any, horizon: Any, sun: Any, numbers: Any, centre: Any, lamps: Any,
    feet: Any, room: Any, shadow: Any, coarse: Any, taps: Any, shadow_axes: Any, shadow_scale: float,
    out: Any,
) -> None:  # fmt: skip
    """Linear light of every pixel. `numbers`: wrap, penumbra_m, haze_m, spread_m.

    `coarse` (side/16)²: the largest of `shadow` round about each 16 × 16 of it, so that most pixels need no more than
    one look; `taps` (8, 2): a disc of radius 1."""
    height, width = nearness.shape
    wrap, penumbra, haze, spread = numbers[0], numbers[1], numbers[2], numbers[3]
    side = shadow.shape[0]
    has_room = room[1] > room[0]
    ray = np.zeros(3, np.float32)
    behind = np.zeros(3, np.float32)
    for y in range(height):
        for x in range(width):
            ux, uy = (x + 0.5 - width / 2) / focal, -(y + 0.5 - height / 2) / focal
            for i in range(3):
                ray[i] = axes[0, i] * ux + axes[1, i] * uy + axes[2, i]
            length = math.sqrt(ray[0] * ray[0] + ray[1] * ray[1] + ray[2] * ray[2])
            vx, vy, vz = ray[0] / length, ray[1] / length, ray[2] / length
            t = drawn[y, x]
            if t < 0:
                sky(vx, vy, vz, zenith, horizon, sun, key, behind)
                for i in range(3):
                    out[y, x, i] = behind[i]
                continue
            far = 1.0 / nearness[y, x]
            px, py, pz = eye[0] + ray[0] * far, eye[1] + ray[1] * far, eye[2] + ray[2] * far
            a, b, c = faces[t, 0], faces[t, 1], faces[t, 2]
            ax, ay = screen[a, 0], screen[a, 1]
            bx, by, cx, cy = screen[b, 0], screen[b, 1], screen[c, 0], screen[c, 1]
            inv = 1.0 / ((bx - ax) * (cy - ay) - (by - ay) * (cx - ax))
            qx, qy = x + 0.5 - ax, y + 0.5 - ay
            w1 = (qx * (cy - ay) - qy * (cx - ax)) * inv * screen[b, 2] * far
            w2 = ((bx - ax) * qy - (by - ay) * qx) * inv * screen[c, 2] * far
            w0 = 1 - w1 - w2
            nx = w0 * normals[a, 0] + w1 * normals[b, 0] + w2 * normals[c, 0]
            ny = w0 * normals[a, 1] + w1 * normals[b, 1] + w2 * normals[c, 1]
            nz = w0 * normals[a, 2] + w1 * normals[b, 2] + w2 * normals[c, 2]
            s = 1 / math.sqrt(nx * nx + ny * ny + nz * nz + 1e-12)
            nx, ny, nz = nx * s, ny * s, nz * s
            facing = -(nx * vx + ny * vy + nz * vz)
            if facing < 0:
                # The back of an open sheet is lit as seen; a grazing smooth normal is left where it leans.
                if facing < -0.25:
                    nx, ny, nz = -nx, -ny, -nz
                facing = abs(facing)
            code = surface[t]
            person = code >= 128
            kind = int(code & 127)
            tone = pattern(kind, px, py, pz, nx, ny, nz, far) if kind > 3 and kind != 19 else 1.0
            lit = nx * key[0] + ny * key[1] + nz * key[2]
            lit = max((lit + wrap) / (1 + wrap), 0.0)
            if lit > 0:
                ox, oy, oz = px - centre[0] + nx * 0.012, py - centre[1] + ny * 0.012, pz - centre[2] + nz * 0.012
                sx = (ox * shadow_axes[0, 0] + oy * shadow_axes[0, 1] + oz * shadow_axes[0, 2]) * shadow_scale
                sy = (ox * shadow_axes[1, 0] + oy * shadow_axes[1, 1] + oz * shadow_axes[1, 2]) * shadow_scale
                depth = ox * key[0] + oy * key[1] + oz * key[2] + 0.012
                sx, sy = sx + side / 2, side / 2 - sy
                if 1 < sx < side - 2 and 1 < sy < side - 2 and coarse[int(sy) >> 4, int(sx) >> 4] > depth:
                    reach = penumbra * shadow_scale
                    held = 0.0
                    if reach < 2.0:
                        for j in range(2):
                            for i in range(2):
                                ix, iy = int(sx - 0.5) + i, int(sy - 0.5) + j
                                wx = 1 - abs(sx - 0.5 - ix)
                                wy = 1 - abs(sy - 0.5 - iy)
                                if shadow[iy, ix] > depth:
                                    held += wx * wy
                    else:
                        turn = hash2(x, y)
                        cos, sin = 1 - 2 * turn, 2 * math.sqrt(turn * (1 - turn))
                        for i in range(8):
                            jx = int(sx + reach * (taps[i, 0] * cos - taps[i, 1] * sin))
                            jy = int(sy + reach * (taps[i, 0] * sin + taps[i, 1] * cos))
                            if 0 <= jx < side and 0 <= jy < side and shadow[jy, jx] > depth + 0.4 * penumbra:
                                held += 0.125
                    lit *= 1 - min(held, 1.0)
                if spread > 0 and not person:
                    ex, ey, ez = px - centre[0], py - centre[1], pz - centre[2]
                    fall = 1 + 0.5 * (ex * ex + 0.7 * ey * ey + ez * ez) / (spread * spread)
                    lit *= 0.42 + 0.58 / (fall * fall)
            gentle = max((nx * fill_[0] + ny * fill_[1] + nz * fill_[2] + 0.6) / 1.6, 0.0)
            rim = 0.0
            if person:
                turned = 1 - min(facing, 1.0)
                rim = max(nx * back[0] + ny * back[1] + nz * back[2], 0.0) * turned * math.sqrt(turned)
            occluded = 1.0
            if not person:
                if has_room:
                    near_x = max(min(px - room[0], room[1] - px), 0.0)
                    near_y = max(min(py - room[2], room[3] - py), 0.0)
                    near_z = max(min(pz - room[4], room[5] - pz), 0.0)
                    most = max(near_x, near_y, near_z)
                    least = min(near_x, near_y, near_z)
                    middle = near_x + near_y + near_z - most - least
                    occluded = 1 - 0.38 / (1 + 6 * middle * middle)
                if py < 0.5:
                    for k in range(feet.shape[0]):
                        fx, fz = px - feet[k, 0], pz - feet[k, 1]
                        r2 = (fx * fx + fz * fz) / (feet[k, 2] * feet[k, 2])
                        if r2 < 6:
                            occluded *= 1 - 0.55 * math.exp(-r2 * 1.6) * (1 - py * 2)
            up = 0.5 + 0.5 * ny
            gloss, power = 0.0, 1.0
            if kind == 19:
                gloss, power = 0.5, 90.0
            elif kind == 1:
                gloss, power = 0.05, 14.0
            elif kind == 2:
                gloss, power = 0.10, 24.0
            elif kind in (14, 18, 20):
                gloss, power = 0.28, 40.0
            elif kind in (4, 5, 23):
                gloss, power = 0.05, 30.0
            shine = 0.0
            if gloss > 0 and lit > 0:
                hx, hy, hz = key[0] - vx, key[1] - vy, key[2] - vz
                s = 1 / math.sqrt(hx * hx + hy * hy + hz * hz + 1e-9)
                facet = (nx * hx + ny * hy + nz * hz) * s
                # Below this a highlight is too faint to be seen, and a power costs as much as all the rest.
                if facet > 0.6:
                    shine = gloss * facet**power * min(lit * 4, 1.0)
            lr, lg, lb = 0.0, 0.0, 0.0
            for k in range(lamps.shape[0]):
                ex, ey, ez = lamps[k, 0] - px, lamps[k, 1] - py, lamps[k, 2] - pz
                d2 = ex * ex + ey * ey + ez * ez
                if d2 < 64:
                    s = 1 / math.sqrt(d2 + 1e-6)
                    spill = max((nx * ex + ny * ey + nz * ez) * s * 0.8 + 0.2, 0.0) / (d2 + lamps[k, 6])
                    lr, lg, lb = lr + lamps[k, 3] * spill, lg + lamps[k, 4] * spill, lb + lamps[k, 5] * spill
            fog = 0.0
            if haze > 0:
                fog = 1 - math.exp(-((far * length / haze) ** 1.3))
            for i in range(3):
                ambient = (below[i] * (1 - up) + above[i] * up) * occluded
                lamp = lr if i == 0 else (lg if i == 1 else lb)
                light = key_rgb[i] * lit + fill_rgb[i] * gentle * occluded + ambient + back_rgb[i] * rim + lamp
                value = colours[t, i] * tone * light + key_rgb[i] * shine + glow[t] * colours[t, i]
                if fog > 0:
                    value = value * (1 - fog) + horizon[i] * fog
                out[y, x, i] = value


@compiled
def outline(image: Any, nearness: Any, ids: Any, strength: float) -> None:
    """Darken the nearer side of every edge between things, as a pencil would."""
    height, width = nearness.shape
    for y in range(1, height - 1):
        for x in range(1, width - 1):
            here = nearness[y, x]
            if here <= 0:
                continue
            ink = 0.0
            for k in range(4):
                j = y + (1 if k == 0 else (-1 if k == 1 else 0))
                i = x + (1 if k == 2 else (-1 if k == 3 else 0))
                there = nearness[j, i]
                if there < here * 0.955:
                    ink = 1.0
                    break
                if ids[j, i] != ids[y, x] and there <= here:
                    ink = max(ink, 0.4)
            if ink > 0:
                for i in range(3):
                    image[y, x, i] *= 1 - strength * ink


@compiled
def spread(values: Any, step: int) -> Any:
    """Binomial blur of three taps, `step` apart, down and across; over the edge a pixel stands for its neighbour."""
    height, width, parts = values.shape
    down = np.empty_like(values)
    out = np.empty_like(values)
    half, quarter = np.float32(0.5), np.float32(0.25)
    for y in range(height):
        above = y - step if y >= step else y
        below = y + step if y + step < height else y
        for x in range(width):
            for k in range(parts):
                down[y, x, k] = half * values[y, x, k] + quarter * (values[above, x, k] + values[below, x, k])
    for y in range(height):
        for x in range(width):
            left = x - step if x >= step else x
            right = x + step if x + step < width else x
            for k in range(parts):
                out[y, x, k] = half * down[y, x, k] + quarter * (down[y, left, k] + down[y, right, k])
    return out


@compiled
def gather(image: Any, blurred: Any, circle: Any, levels: int) -> None:
    """Mix each pixel from the blurred copies whose width is nearest to its circle of confusion, in place.

    `blurred` (levels, h/2, w/2, 3): copies of half size, each twice as soft as the one before.
    """
    height, width = circle.shape
    for y in range(height):
        for x in range(width):
            c = circle[y, x]
            if c <= 1.2:
                continue
            level = min(max(math.log2(c / 1.2), 0.0), levels - 0.001)
            low = min(max(int(level), 0), levels - 1)
            share = level - low
            fx, fy = (
                min(max(x / 2 - 0.25, 0.0), blurred.shape[2] - 1.001),
                min(max(y / 2 - 0.25, 0.0), blurred.shape[1] - 1.001),
            )
            i, j = int(fx), int(fy)
            tx, ty = fx - i, fy - j
            for k in range(3):
                soft = 0.0
                for step in range(2):
                    index = low + step - 1
                    if index < 0:
                        value = image[y, x, k]
                    else:
                        value = (blurred[index, j, i, k] * (1 - tx) + blurred[index, j, i + 1, k] * tx) * (1 - ty) + (
                            blurred[index, j + 1, i, k] * (1 - tx) + blurred[index, j + 1, i + 1, k] * tx
                        ) * ty
                    soft += value * (share if step == 1 else 1 - share)
                image[y, x, k] = soft


@compiled
def smooth_edges(image: Any, out: Any) -> None:
    """Soften stairs along edges of an 8-bit picture: where neighbours differ, mix along the edge (after FXAA)."""
    height, width = image.shape[0], image.shape[1]
    out[:] = image
    for y in range(1, height - 1):
        for x in range(1, width - 1):
            nw = image[y - 1, x - 1, 1] * 1.0
            ne = image[y - 1, x + 1, 1] * 1.0
            sw = image[y + 1, x - 1, 1] * 1.0
            se = image[y + 1, x + 1, 1] * 1.0
            m = image[y, x, 1] * 1.0
            low, high = min(nw, ne, sw, se, m), max(nw, ne, sw, se, m)
            if high - low < max(10.0, high * 0.09):
                continue
            dx, dy = -((nw + ne) - (sw + se)), (nw + sw) - (ne + se)
            scale = 1.0 / (min(abs(dx), abs(dy)) + max((nw + ne + sw + se) * 0.03, 2.0))
            dx, dy = min(max(dx * scale, -4.0), 4.0), min(max(dy * scale, -4.0), 4.0)
            for k in range(3):
                total = 0.0
                for tap in range(4):
                    f = (-0.5, -0.1667, 0.1667, 0.5)[tap]
                    fx = min(max(x + dx * f, 0.0), width - 1.001)
                    fy = min(max(y + dy * f, 0.0), height - 1.001)
                    i, j = int(fx), int(fy)
                    tx, ty = fx - i, fy - j
                    total += (image[j, i, k] * (1 - tx) + image[j, i + 1, k] * tx) * (1 - ty) + (
                        image[j + 1, i, k] * (1 - tx) + image[j + 1, i + 1, k] * tx
                    ) * ty
                out[y, x, k] = np.uint8(min(max(total * 0.25 + 0.5, 0.0), 255.0))


@compiled
def develop(image: Any, curve: Any, out: Any) -> None:
    """Linear light to 8-bit by a table of the tone curve over sqrt(light / 16)."""
    height, width = image.shape[0], image.shape[1]
    top = curve.shape[0] - 1
    for y in range(height):
        for x in range(width):
            for i in range(3):
                v = math.sqrt(min(max(image[y, x, i], 0.0), 16.0) * 0.0625) * top
                out[y, x, i] = curve[min(max(int(v), 0), top)]
