"""A drawing as a page of a PDF, drawn with Pillow at twice its size."""

from __future__ import annotations

import io
import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from shotwright.exports.floor_plan.drawing import Disc, Shape, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from shotwright.exports.floor_plan.drawing import Drawing
    from shotwright.exports.pdf import Page

TIMES = 2


def pages(drawings: Iterable[Drawing]) -> Iterator[Page]:
    """A page a drawing, with its words behind it."""
    from shotwright.exports.pdf import Page, Words

    for drawing in drawings:
        image = paint(drawing)
        data = io.BytesIO()
        image.save(data, "JPEG", quality=90, subsampling=0)
        words = tuple(
            Words(item.box[0] * TIMES, item.box[3] * TIMES, item.size * TIMES, item.text)
            for item in drawing.items
            if isinstance(item, Text)
        )
        yield Page(data.getvalue(), image.width, image.height, words)


def paint(drawing: Drawing) -> Any:
    """The drawing as an RGB picture of Pillow."""
    from PIL import Image, ImageDraw

    from shotwright.boards.lettering import Lettering

    size = round(drawing.width * TIMES), round(drawing.height * TIMES)
    image = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(image, "RGBA")
    types: dict[float, Lettering] = {}
    for item in drawing.items:
        if isinstance(item, Shape):
            _paint_shape(pen, item)
        elif isinstance(item, Disc):
            x, y, r = item.x * TIMES, item.y * TIMES, item.radius * TIMES
            pen.ellipse((x - r, y - r, x + r, y + r), fill=item.fill)
        else:
            letters = types.setdefault(item.size, Lettering(round(item.size * TIMES)))
            left, top, right, _ = (v * TIMES for v in item.box)
            text = letters.fit(item.text, right - left)
            for shift in (0.0, 0.8) if item.bold else (0.0,):
                letters.draw(pen, (left + shift, top), text, item.fill)
    return image


def _paint_shape(pen: Any, item: Shape) -> None:
    from PIL import ImageColor

    points = [(x * TIMES, y * TIMES) for x, y in item.points]
    alpha = round(255 * item.opacity)
    if item.fill:
        pen.polygon(points, fill=(*ImageColor.getrgb(item.fill), alpha))
    if item.stroke:
        colour, width = (*ImageColor.getrgb(item.stroke), alpha), max(1, round(item.width * TIMES))
        if item.closed:
            points.append(points[0])
        if item.dash is None:
            pen.line(points, fill=colour, width=width, joint="curve")
        else:
            for run in _dashes(points, item.dash[0] * TIMES, item.dash[1] * TIMES):
                pen.line(run, fill=colour, width=width)


def _dashes(
    points: list[tuple[float, float]], on: float, off: float
) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    for (ax, ay), (bx, by) in pairwise(points):
        long = math.hypot(bx - ax, by - ay)
        start = 0.0
        while start < long:
            end = min(start + on, long)
            yield (
                (ax + (bx - ax) * start / long, ay + (by - ay) * start / long),
                (ax + (bx - ax) * end / long, ay + (by - ay) * end / long),
            )
            start += on + off
