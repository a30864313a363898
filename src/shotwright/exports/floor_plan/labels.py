"""Labels that overlap nobody: each takes the first free place about its point, near before far."""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass, field

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels."""
WAYS = (270, 90, 0, 180, 315, 225, 45, 135)
"""Degrees on the page, clockwise from the right: above is tried first."""
NEAR, STEP, RINGS = 4.0, 9.0, 60
GAP = 2.0
LONGEST = 60


def plain(text: str, longest: int = LONGEST) -> str:
    """A text in one line without what neither XML nor a font can hold."""
    text = "".join(c if unicodedata.category(c) not in ("Cc", "Cs", "Co", "Cn") else " " for c in text[:1000])
    text = " ".join(text.split())
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def width_of(text: str, size: float) -> float:
    """Pixels that a text takes at most in a common sans-serif: what is measured before any font is at hand."""
    wide = sum(
        1.05 if unicodedata.east_asian_width(c) in "WF" else 0.9 if c in "MWmw@%—…" else 0.72 if c.isupper() else 0.61
        for c in text
        if not unicodedata.combining(c)
    )
    return wide * size


def overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


@dataclass(slots=True)
class Labels:
    """Free places on a page of some bounds."""

    bounds: Box
    taken: list[Box] = field(default_factory=list)
    """Boxes of labels: nothing else is put there."""
    marks: list[Box] = field(default_factory=list)
    """Boxes of people and cameras: kept free too, while there is other room."""

    def place(self, x: float, y: float, radius: float, size: tuple[float, float]) -> Box | None:
        """The free box of a size that is nearest about a point; None where the page is full."""
        for marks in (self.marks, ()):
            for ring in range(RINGS):
                away = radius + NEAR + ring * STEP
                for degrees in WAYS:
                    way = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
                    middle = x + way[0] * (away + size[0] / 2), y + way[1] * (away + size[1] / 2)
                    box = (middle[0] - size[0] / 2, middle[1] - size[1] / 2,
                           middle[0] + size[0] / 2, middle[1] + size[1] / 2)  # fmt: skip
                    if self._inside(box) and not any(overlap(box, other) for other in (*self.taken, *marks)):
                        self.taken.append((box[0] - GAP, box[1] - GAP, box[2] + GAP, box[3] + GAP))
                        return box
        return None

    def _inside(self, box: Box) -> bool:
        left, top, right, bottom = self.bounds
        return box[0] >= left and box[1] >= top and box[2] <= right and box[3] <= bottom
