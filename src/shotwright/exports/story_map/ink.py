"""What every part of a story map is drawn with: colours, coordinates, runs, curves, and words as XML."""

from __future__ import annotations

import re
import tomllib
from colorsys import hls_to_rgb
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.exports.story_map.contents import StoryMap

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@cache
def palette() -> tuple[str, ...]:
    """Fills of the most used places."""
    raw = resources.files("shotwright.exports.story_map").joinpath("palette.toml").read_text("utf-8")
    return tuple(tomllib.loads(raw)["places"])


@cache
def style() -> str:
    return resources.files("shotwright.exports.story_map").joinpath("style.css").read_text("utf-8").strip()


def fills_of(film: StoryMap) -> dict[str, str]:
    """Place -> fill: the palette for the most used, then hues in steps of the golden angle, paler."""
    colours = palette()
    fills = {}
    for i, (place, _, _) in enumerate(film.places):
        if i < len(colours):
            fills[place] = colours[i]
        else:
            hue = ((i - len(colours)) * 137.508) % 360 / 360
            red, green, blue = (round(255 * part) for part in hls_to_rgb(hue, (0.62, 0.7, 0.54)[i % 3], 0.22))
            fills[place] = f"#{red:02x}{green:02x}{blue:02x}"
    return fills


def is_light(fill: str) -> bool:
    """Whether dark letters read better on it: relative luminance above 0.3 (by the formula of WCAG 2.1)."""
    parts = [int(fill[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.3


def runs(values: Sequence[str]) -> list[tuple[str, int, int]]:
    """(value, first, last) of every run of equal values."""
    found: list[tuple[str, int, int]] = []
    for i, value in enumerate(values):
        if found and found[-1][0] == value:
            found[-1] = (value, found[-1][1], i)
        else:
            found.append((value, i, i))
    return found


def smooth_path(points: Sequence[tuple[float, float]]) -> str:
    """A curve through the points that never overshoots them: monotone cubic (Fritsch and Carlson 1980) as Béziers."""
    slopes = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in pairwise(points)]
    bends = [slopes[0]]
    for before, after in pairwise(slopes):
        bends.append(0.0 if before * after <= 0 else 2 * before * after / (before + after))
    bends.append(slopes[-1])
    path = [f"M{px(points[0][0])} {px(points[0][1])}"]
    for i in range(len(slopes)):
        (x0, y0), (x1, y1) = points[i], points[i + 1]
        third = (x1 - x0) / 3
        path.append(
            f"C{px(x0 + third)} {px(y0 + bends[i] * third)} {px(x1 - third)} {px(y1 - bends[i + 1] * third)} "
            f"{px(x1)} {px(y1)}"
        )
    return "".join(path)


def cut(text: str, most: float) -> str:
    """The text, cut to so many characters with an ellipsis."""
    plain = " ".join(text.split())
    room = max(1, int(most))
    return plain if len(plain) <= room else plain[: room - 1].rstrip() + "…"


def xml(words: str) -> str:
    """Words as XML text: escaped, without the characters that XML 1.0 forbids."""
    plain = _ILLEGAL.sub("", words)
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def px(number: float) -> str:
    """A coordinate to a tenth of a pixel."""
    text = f"{number:.1f}"
    return text[:-2] if text.endswith(".0") else text
