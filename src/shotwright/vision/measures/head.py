"""The face as a light meter: skin by the direction that it faces, wherever somebody's points say where the head is.

A head is taken for an ellipsoid between crown and chin, turned as the eyes stand off its middle. Its skin is parted
into fields that face alike; the middle lightness of each is one reading, and all of them together say what light falls
on it (`measures.keylight`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from shotwright.vision.measures.framing import head_width

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from shotwright.vision.measures.subject import Person, View

ACROSS, DOWN = 9, 5
"""Fields of the head."""
MOST_PX = 72
"""Of a head's height: more is sampled down to about this."""
LEAST_PX = 14
HALF_WIDTH, HALF_DEPTH = 0.36, 0.46
"""Of a head from ear to ear and from nose to nape, in crown to chin."""
EYES_OFF = 0.40
"""How far the eyes stand before the middle of the head, in crown to chin."""
LEAST_FIELDS = 6
CLOTH_WORTH = 0.35
"""Of a trunk's height against a face's: folds and seams are poor light meters."""


@dataclass(frozen=True, slots=True)
class Head:
    """Where a head is in the frame, pixels, and how it is turned."""

    x: float
    y: float
    half_width: float
    half_height: float
    yaw_deg: float
    """From the lens, + towards screen right."""


@dataclass(frozen=True, slots=True)
class Skin:
    """Readings of one face."""

    entity: str
    normals: NDArray[Any]
    """float32 (n, 3): where each field faces; x right, y up, z to the camera."""
    stops: NDArray[Any]
    """float32 (n,): log2 of its luminance over mid-grey."""
    weights: NDArray[Any]
    """float32 (n,), the sum 1."""
    rgb: tuple[float, float, float]
    """Linear, of the lit half of the skin."""
    height_px: float
    yaw_deg: float


def head_of(points: Mapping[str, tuple[float, float]], width: int, height: int) -> Head | None:
    """The head by crown, chin and eyes; None where they are not known or it is turned upside down."""
    if not {"crown", "chin", "eyes", "hips"} <= points.keys():
        # An animal has eyes and a chin, and no skin.
        return None
    (cx, cy), (jx, jy) = ((points[n][0] * width, points[n][1] * height) for n in ("crown", "chin"))
    ex = points["eyes"][0] * width
    tall = math.hypot(jx - cx, jy - cy)
    if tall < 4 or jy <= cy:
        return None
    # The eyes lie halfway down; what they stand off the line through crown and middle says how the head is turned.
    off = (ex - cx) / (EYES_OFF * tall)
    yaw = math.degrees(math.asin(min(max(off, -1.0), 1.0)))
    left, right = points.get("shoulder_left"), points.get("shoulder_right")
    if left is not None and right is not None and left[0] < right[0] and abs(off) < 0.8:
        spread = (right[0] - left[0]) * width / tall
        if spread > 0.55 or (spread > 0.25 and abs(off) < 0.5):
            yaw = math.copysign(180.0, yaw) - yaw
    turn = math.radians(yaw)
    half = tall * math.hypot(HALF_WIDTH * math.cos(turn), HALF_DEPTH * math.sin(turn))
    return Head(cx + 0.1 * (ex - cx), (cy + jy) / 2, half, 0.52 * tall, yaw)


def head_by_outline(person: Person) -> Head | None:
    """The head of somebody of whom only the outline is known, as if it faced the lens."""
    rows = np.flatnonzero(person.mask.any(axis=1))
    if not len(rows) or int(rows[0]) <= 1:
        return None
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    wide = head_width(person.mask, top, bottom)
    if wide is None or wide < 8:
        return None
    half = wide / 2
    columns = np.flatnonzero(person.mask[top : top + wide].any(axis=0))
    return Head(float(columns.mean()), top + 1.4 * half, half, 1.4 * half, 0.0)


def skin_fields(view: View, person: Person) -> Skin | None:
    """The readings of somebody's face; None where it is turned away, too small, hidden or not known."""
    height, width = person.mask.shape
    head = head_of(person.anchors, width, height) if person.anchors else head_by_outline(person)
    if head is None or abs(head.yaw_deg) > 115 or head.half_height * 2 < LEAST_PX:
        return None
    step = max(1, int(2 * head.half_height / MOST_PX))
    top, bottom = max(0, int(head.y - head.half_height)), min(height, int(head.y + head.half_height) + 1)
    left, right = max(0, int(head.x - head.half_width)), min(width, int(head.x + head.half_width) + 1)
    if bottom - top < 4 or right - left < 4:
        return None
    rows, columns = np.arange(top, bottom, step), np.arange(left, right, step)
    rgb = view.film[view.pixels[top:bottom:step, left:right:step]]
    mask = person.mask[top:bottom:step, left:right:step]
    nx = ((columns - head.x) / head.half_width)[None, :].astype(np.float32)
    ny = (-(rows - head.y) / head.half_height)[:, None].astype(np.float32)
    out = nx**2 + ny**2
    inside = mask & (out < 0.94)
    nz = np.sqrt(np.maximum(1 - out, 0.0))
    turn = math.radians(head.yaw_deg)
    faces = nx * math.sin(turn) + nz * math.cos(turn)
    face = inside & (faces > 0.1) & (ny < 0.25)
    core = face & (faces > 0.55) & (ny < 0.1) & (ny > -0.75)
    if int(core.sum()) < 12:
        return None
    shown = rgb + np.float32(1e-4)
    red, blue = np.log2(shown[..., 0] / shown[..., 1]), np.log2(shown[..., 1] / shown[..., 2])
    flesh = (red > 0.1) | (blue > 0.1)
    seeds = core & flesh if int((core & flesh).sum()) >= 12 else core
    usual_red, usual_blue = float(np.median(red[seeds])), float(np.median(blue[seeds]))
    skin = face & (np.abs(red - usual_red) < 0.35) & (np.abs(blue - usual_blue) < 0.45)
    if "skin" in person.parts:
        skin = face & person.parts["skin"][top:bottom:step, left:right:step]
    if int(skin.sum()) < 12:
        return None
    light = rgb @ np.array([0.2126, 0.7152, 0.0722], np.float32)
    tone = np.log2(np.maximum(light, 2e-4) / np.float32(0.18))
    cell = (np.clip(((nx + 1) / 2 * ACROSS).astype(int), 0, ACROSS - 1)
            + ACROSS * np.clip(((ny + 1) / 2 * DOWN).astype(int), 0, DOWN - 1))  # fmt: skip
    values = tone[skin]
    vectors = np.stack(np.broadcast_arrays(nx, ny, nz), -1)[skin]
    fields = _fields(cell[skin], values, vectors)
    if fields is None:
        return None
    bright = skin & (tone >= np.median(values)) & (tone <= np.percentile(values, 97))
    lit = rgb[bright].mean(axis=0)
    return Skin(
        person.entity, *fields, (float(lit[0]), float(lit[1]), float(lit[2])), 2 * head.half_height, head.yaw_deg
    )


def cloth_fields(view: View, person: Person) -> Skin | None:
    """The readings of what somebody wears about the trunk, taken for a column between shoulders and hips; None where
    it is hidden, of many colours, or not known. It tells of level and colour where the face is turned away."""
    height, width = person.mask.shape
    points = person.anchors
    if not {"shoulder_left", "shoulder_right", "hips"} <= points.keys():
        return None
    (ax, ay), (bx, by), (hx, hy) = (points[n] for n in ("shoulder_left", "shoulder_right", "hips"))
    x0, y0, x1, y1 = (ax + bx) / 2 * width, (ay + by) / 2 * height, hx * width, hy * height
    tall = math.hypot(x1 - x0, y1 - y0)
    if y1 - y0 < max(LEAST_PX, 0.5 * abs(x1 - x0)):
        return None
    half = max(abs(bx - ax) * width / 2, 0.2 * tall) * 1.1
    step = max(1, int(tall / MOST_PX))
    top, bottom = max(0, int(y0)), min(height, int(y1) + 1)
    left, right = max(0, int(min(x0, x1) - half)), min(width, int(max(x0, x1) + half) + 1)
    if bottom - top < 8 or right - left < 6:
        return None
    rows, columns = np.arange(top, bottom, step), np.arange(left, right, step)
    down = ((rows - y0) / (y1 - y0))[:, None]
    nx = ((columns[None, :] - (x0 + (x1 - x0) * down)) / half).astype(np.float32)
    rgb = view.film[view.pixels[top:bottom:step, left:right:step]]
    worn = person.mask[top:bottom:step, left:right:step] & (np.abs(nx) < 0.95)
    shown = rgb + np.float32(1e-4)
    red, blue = np.log2(shown[..., 0] / shown[..., 1]), np.log2(shown[..., 1] / shown[..., 2])
    if int(worn.sum()) < 40:
        return None
    own = worn & (np.abs(red - np.median(red[worn])) < 0.3) & (np.abs(blue - np.median(blue[worn])) < 0.3)
    if float(own.sum()) < 0.6 * float(worn.sum()):
        return None
    nz = np.sqrt(np.maximum(1 - nx**2, 0.05))
    vectors = np.stack(np.broadcast_arrays(nx, np.float32(0.05), nz), -1)
    cell = np.clip(((nx + 1) / 2 * ACROSS).astype(int), 0, ACROSS - 1) + ACROSS * np.clip((down * 3).astype(int), 0, 2)
    light = rgb @ np.array([0.2126, 0.7152, 0.0722], np.float32)
    tone = np.log2(np.maximum(light, 2e-4) / np.float32(0.18))
    fields = _fields(cell[own], tone[own], vectors[own])
    if fields is None:
        return None
    lit = rgb[own & (tone >= np.median(tone[own]))].mean(axis=0)
    key = f"{person.entity} in {person.look}"
    return Skin(key, *fields, (float(lit[0]), float(lit[1]), float(lit[2])), CLOTH_WORTH * tall, 0.0)


def _fields(
    label: NDArray[Any], values: NDArray[Any], vectors: NDArray[Any]
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]] | None:
    """(normals, stops, weights) of the fields that have pixels enough; None where there are too few."""
    order = np.lexsort((values, label))
    counts = np.bincount(label)
    starts = np.concatenate([[0], np.cumsum(counts)])[:-1]
    kept = np.flatnonzero(counts >= 3)
    if len(kept) < LEAST_FIELDS:
        return None
    ranked = values[order]
    low, high = starts[kept] + (counts[kept] - 1) // 2, starts[kept] + counts[kept] // 2
    middle = (ranked[low] + ranked[high]) / 2
    normals = np.stack([np.bincount(label, weights=vectors[:, k])[kept] / counts[kept] for k in range(3)], -1)
    heard = np.sqrt(counts[kept]).astype(np.float32)
    return normals.astype(np.float32), middle.astype(np.float32), heard / heard.sum()


@cache
def film_table(board: bool) -> NDArray[Any]:
    """float32 (256,): linear light of a coded value; of a board's film curve, or plainly of sRGB."""
    value = np.arange(256, dtype=np.float64) / 255
    shown = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    if not board:
        return shown.astype(np.float32)
    # The rational film curve of boards, y = s(2.51 s + 0.03) / (s(2.43 s + 0.59) + 0.14) of s = 0.62 x, solved for x.
    y = np.minimum(shown, 0.985)
    a, b, c = 2.51 - 2.43 * y, 0.03 - 0.59 * y, -0.14 * y
    scaled = (-b + np.sqrt(np.maximum(b * b - 4 * a * c, 0.0))) / (2 * a)
    return (scaled / 0.62).astype(np.float32)
