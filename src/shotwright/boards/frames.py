"""Frames of a shot as they are kept: encoded pictures, masks of who is where, and the places of bodies in them."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from shotwright.boards.drawing import draw_shot
from shotwright.model.frame import FramedSubject

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from shotwright.boards.drawing import Drawing
    from shotwright.boards.scene import MeshMaker
    from shotwright.boards.sets import PlaceLook
    from shotwright.model.frame import BodyPart
    from shotwright.model.shot import Shot
    from shotwright.model.vision_picture import Box, FrameAt

VERSION = 2
"""Bumped when the same shot would be drawn otherwise, so that old frames are not taken for new ones."""
SIZE = (960, 540)
QUALITY = 92
"""Of JPEG, with full colour resolution: light and colour are measured on these frames."""
MOMENTS: Mapping[FrameAt, float] = {"first": 0.0, "middle": 0.5, "last": 1.0}
POINTS = (
    "crown", "eyes", "chin", "neck", "chest", "waist", "hips", "knees", "ankles", "shoulder_left", "shoulder_right",
    "elbow_left", "elbow_right", "hand_left", "hand_right", "knee_left", "knee_right", "ankle_left", "ankle_right",
)  # fmt: skip
LEAST_PART = 0.0004
"""Of the frame: a part of a body of which less is seen is not seen."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One drawn frame, encoded."""

    at: FrameAt
    image: bytes
    """JPEG."""
    mask: bytes
    """PNG, one channel of 8 bits: 0 is nobody, else the `value` of a subject."""
    subjects: tuple[FramedSubject, ...]


def frame_size(aspect: float) -> tuple[int, int]:
    """(width, height) in pixels of a frame of this width over height: 960 wide, or 540 high when it is upright."""
    if aspect >= 1:
        return SIZE[0], 2 * round(SIZE[0] / aspect / 2)
    return 2 * round(SIZE[1] * aspect / 2), SIZE[1]


def moments(shot: Shot) -> tuple[FrameAt, ...]:
    """Which frames tell the shot: the first alone where neither camera, people nor light change."""
    layer = shot.technical_layer
    camera = layer.camera
    moves = camera.movement.type != "static" or camera.lens.zoom is not None or camera.focus.pull_to is not None
    acts = any(s.travel is not None or s.pose_start != s.pose_end for s in layer.staging.subjects)
    return ("first", "middle", "last") if moves or acts or layer.lighting.events else ("first",)


def draw_frame(
    shot: Shot, at: FrameAt, cast: Mapping[str, MeshMaker], place: PlaceLook, size: tuple[int, int] = SIZE
) -> Picture:
    """Draw one frame of a shot and encode it. The same shot, cast and place give the same bytes."""
    drawing = draw_shot(shot, cast, place, MOMENTS[at], size)
    values, mask = _values(drawing, shot)
    return Picture(at, jpeg(drawing.image), encode_mask(mask), framed(drawing, shot, values, mask))


def framed(drawing: Drawing, shot: Shot, values: Mapping[str, int], mask: NDArray[Any]) -> tuple[FramedSubject, ...]:
    """Whoever and whatever is staged and seen, in the order of the staging with the focus first."""
    height, width = mask.shape
    focus = shot.technical_layer.camera.focus.on
    staged = sorted(shot.technical_layer.staging.subjects, key=lambda s: s.entity != focus)
    found: list[FramedSubject] = []
    for subject in staged:
        value = values.get(str(subject.entity))
        if value is None:
            continue
        seen = mask == value
        share = float(seen.mean())
        box = _box(seen)
        if box is None:
            continue
        points = {}
        for name, (x, y, ahead) in drawing.anchors.get(str(subject.entity), {}).items():
            if name in POINTS and ahead > 0.05 and math.isfinite(x) and math.isfinite(y):
                points[name] = (round(x / width, 4), round(y / height, 4))
        person = str(subject.entity).startswith("character/")
        found.append(
            FramedSubject(
                entity=subject.entity,
                look=subject.look,
                value=value,
                box=box,
                share=round(share, 5),
                parts=_parts(seen, points) if person else {},
                points=points,
            )
        )
    return tuple(found)


def _values(drawing: Drawing, shot: Shot) -> tuple[dict[str, int], NDArray[Any]]:
    """(entity -> value, mask): one value an entity, in the order of the staging, what is held among them."""
    values: dict[str, int] = {}
    table = np.zeros(max(drawing.legend, default=0) + 1, np.uint8)
    for subject in shot.technical_layer.staging.subjects:
        values.setdefault(str(subject.entity), len(values) + 1)
    for number, name in drawing.legend.items():
        entity = name.rpartition("/")[0]
        if entity != "set" and entity not in values:
            values[entity] = len(values) + 1
        if entity in values and values[entity] < 255:
            table[number] = values[entity]
    return values, table[drawing.ids]


def _box(seen: NDArray[Any]) -> Box | None:
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    if not len(rows):
        return None
    height, width = seen.shape
    return (
        round(float(columns[0]) / width, 4), round(float(rows[0]) / height, 4),
        round(float(columns[-1] + 1) / width, 4), round(float(rows[-1] + 1) / height, 4),
    )  # fmt: skip


def _parts(seen: NDArray[Any], points: Mapping[str, tuple[float, float]]) -> dict[BodyPart, Box]:
    """Head above the chin, upper body to the hips, lower body below: boxes around what is seen of each. Someone who
    lies or falls has none, because the lines between the parts are not level."""
    if not {"crown", "chin", "hips"} <= points.keys():
        return {}
    crown, chin, hips = points["crown"][1], points["chin"][1], points["hips"][1]
    if not crown < chin < hips:
        return {}
    height = seen.shape[0]
    found: dict[BodyPart, Box] = {}
    limits: dict[BodyPart, tuple[float, float]] = {"head": (0.0, chin), "upper": (chin, hips), "lower": (hips, 1.0)}
    for part, (top, bottom) in limits.items():
        first, last = max(0, round(top * height)), min(height, round(bottom * height))
        if first >= last:
            continue
        band = np.zeros_like(seen)
        band[first:last] = seen[first:last]
        if part == "head":
            # Raised hands are not the head.
            reach = (chin - crown) * height * 1.1
            middle = points["eyes"][0] * seen.shape[1] if "eyes" in points else None
            if middle is not None:
                columns = np.arange(seen.shape[1])
                band[:, np.abs(columns - middle) > reach] = False
        box = _box(band)
        if box is not None and float(band.mean()) >= LEAST_PART:
            found[part] = box
    return found


def jpeg(image: NDArray[Any]) -> bytes:
    """An image, uint8 (h, w, 3), as JPEG."""
    from PIL import Image

    data = io.BytesIO()
    Image.fromarray(image).save(data, "JPEG", quality=QUALITY, subsampling=0)
    return data.getvalue()


def encode_mask(mask: NDArray[Any]) -> bytes:
    """A mask, uint8 (h, w), as PNG of one channel."""
    from PIL import Image

    data = io.BytesIO()
    Image.fromarray(mask, "L").save(data, "PNG", compress_level=6)
    return data.getvalue()
