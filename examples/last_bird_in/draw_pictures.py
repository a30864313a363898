"""Draw the example library's pictures: flat posters, one silhouette each, from the colours in every `asset.toml`.

Run `python examples/last_bird_in/draw_pictures.py`; standard library only, and the same bytes every time.
Coordinates are hundredths of the picture, x to the right and y down.
"""

from __future__ import annotations

import math
import struct
import tomllib
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

SIZE = 256
GRID = SIZE * 2  # drawn at twice the size, then averaged, so that edges are smooth
ASSETS = Path(__file__).parent / "assets"
INK = "#1b1e24"
PAPER = "#f2ece0"


def mix(first: str, second: str, share: float) -> str:
    """Return the colour that lies `share` of the way from `first` to `second`."""
    a = [int(first[i : i + 2], 16) for i in (1, 3, 5)]
    b = [int(second[i : i + 2], 16) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(x + (y - x) * share):02x}" for x, y in zip(a, b, strict=True))


class Poster:
    """A square picture of flat shapes."""

    def __init__(self, ground: str) -> None:
        self.palette: dict[str, int] = {ground: 0}
        self.rows = [bytearray(GRID) for _ in range(GRID)]

    def _run(self, row: int, left: float, right: float, index: int) -> None:
        start, stop = max(0, round(left)), min(GRID, round(right))
        if stop > start:
            self.rows[row][start:stop] = bytes([index]) * (stop - start)

    def poly(self, colour: str, *points: tuple[float, float]) -> None:
        """Fill a polygon by the even-odd rule."""
        index = self.palette.setdefault(colour, len(self.palette))
        scale = GRID / 100
        corners = [(x * scale, y * scale) for x, y in points]
        top = max(0, math.floor(min(y for _, y in corners)))
        bottom = min(GRID - 1, math.ceil(max(y for _, y in corners)))
        for row in range(top, bottom + 1):
            middle = row + 0.5
            crossings = []
            for (x1, y1), (x2, y2) in zip(corners, corners[1:] + corners[:1], strict=True):
                if (y1 <= middle) != (y2 <= middle):
                    crossings.append(x1 + (middle - y1) * (x2 - x1) / (y2 - y1))
            crossings.sort()
            for left, right in zip(crossings[::2], crossings[1::2], strict=False):
                self._run(row, left, right, index)

    def rect(self, colour: str, x: float, y: float, width: float, height: float) -> None:
        """Fill a rectangle from its upper left corner."""
        self.poly(colour, (x, y), (x + width, y), (x + width, y + height), (x, y + height))

    def disc(self, colour: str, x: float, y: float, rx: float, ry: float | None = None) -> None:
        """Fill an ellipse about its middle."""
        tall = rx if ry is None else ry
        turn = [math.tau * step / 72 for step in range(72)]
        self.poly(colour, *[(x + rx * math.cos(a), y + tall * math.sin(a)) for a in turn])

    def line(self, colour: str, x1: float, y1: float, x2: float, y2: float, width: float = 1.0) -> None:
        """Fill a straight stroke."""
        length = math.hypot(x2 - x1, y2 - y1) or 1.0
        dx, dy = (y1 - y2) / length * width / 2, (x2 - x1) / length * width / 2
        self.poly(colour, (x1 + dx, y1 + dy), (x2 + dx, y2 + dy), (x2 - dx, y2 - dy), (x1 - dx, y1 - dy))

    def png(self) -> bytes:
        """Return the picture as PNG bytes, 8-bit RGB."""
        rgb = [tuple(int(name[i : i + 2], 16) for i in (1, 3, 5)) for name in self.palette]
        seen: dict[tuple[int, int, int, int], bytes] = {}
        lines = bytearray()
        for y in range(0, GRID, 2):
            upper, lower = self.rows[y], self.rows[y + 1]
            lines.append(0)
            for quad in zip(upper[::2], upper[1::2], lower[::2], lower[1::2], strict=True):
                if quad not in seen:
                    seen[quad] = bytes(sum(rgb[i][part] for i in quad) // 4 for part in range(3))
                lines += seen[quad]
        header = struct.pack(">IIBBBBB", SIZE, SIZE, 8, 2, 0, 0, 0)
        chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(lines), 9)), (b"IEND", b""))
        parts = [struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in chunks]
        return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def backdrop(colour: str) -> Poster:
    """Return a pale ground with a disc behind where the subject will stand."""
    pale = sum(int(colour[i : i + 2], 16) for i in (1, 3, 5)) > 600
    base = mix(colour, "#5d6b78", 0.55) if pale else colour
    p = Poster(mix(base, PAPER, 0.80))
    p.disc(mix(base, PAPER, 0.62), 50, 50, 41)
    return p


# People


def dress(p: Poster, coat: str, extra: str) -> None:
    """Draw what the clothes add to a person's coat."""
    if extra == "tie":
        p.poly(mix(coat, INK, 0.4), (48, 61), (52, 61), (53.5, 78), (50, 83), (46.5, 78))
        p.rect("#c8a45c", 27, 72, 10, 2)
    elif extra == "denim":
        p.line(mix(coat, INK, 0.35), 50, 72, 50, 100, 1)
        for x in (32, 58):
            p.rect(mix(coat, INK, 0.2), x, 78, 10, 9)
    elif extra == "stroke":
        for x in (28, 40, 60, 72):
            p.line(mix(coat, "#c8a45c", 0.45), x, 72, x, 100, 1)
        for level in (78, 90):
            p.line(mix(coat, "#2f3b33", 0.5), 20, level, 80, level, 1)
    elif extra == "shoulders":
        p.poly("#4a3526", (21, 78), (21, 70), (38, 60), (44, 66), (36, 78))
        p.poly("#4a3526", (79, 78), (79, 70), (62, 60), (56, 66), (64, 78))
    elif extra == "apron":
        p.poly("#4d6f94", (38, 74), (62, 74), (68, 101), (32, 101))
        p.line("#4d6f94", 40, 62, 42, 76, 2.4)
        p.line("#4d6f94", 60, 62, 58, 76, 2.4)
    elif extra == "toggles":
        for level in (76, 84, 92):
            p.rect("#5c3a1e", 46, level, 8, 2)
    elif extra == "tabard":
        p.rect(mix(coat, INK, 0.3), 54, 78, 10, 8)
        p.line(PAPER, 57, 76, 57, 82, 1)
    elif extra == "waistcoat":
        p.poly("#c8a45c", (43, 64), (57, 64), (60, 101), (40, 101))


def person(
    coat: str,
    hair: str,
    skin: str,
    *,
    style: str = "short",
    hat: str = "",
    trim: str = PAPER,
    extra: str = "",
    child: bool = False,
) -> Poster:
    """Return a person to the waist: `style` is the hair, `extra` what the clothes or hands add."""
    p = backdrop(coat)
    y = 8 if child else 0
    if style in ("long", "tied"):
        p.disc(hair, 50, 36 + y, 16, 19)
        p.rect(hair, 34, 36 + y, 32, 18 if style == "long" else 6)
    half = 23 if child else 31
    p.poly(
        coat,
        (50 - half, 101),
        (50 - half + 2, 70 + y),
        (38, 60 + y),
        (62, 60 + y),
        (48 + half, 70 + y),
        (50 + half, 101),
    )
    p.rect(mix(skin, INK, 0.18), 44, 50 + y, 12, 12)
    p.poly(trim, (42, 60 + y), (58, 60 + y), (50, 72 + y))
    p.disc(skin, 50, 38 + y, 13, 16)
    if style == "bald":
        p.disc(hair, 37.5, 38 + y, 2.5, 6)
        p.disc(hair, 62.5, 38 + y, 2.5, 6)
    elif style != "none":
        p.poly(
            hair,
            (36, 38 + y),
            (36, 26 + y),
            (43, 19 + y),
            (57, 19 + y),
            (64, 26 + y),
            (64, 38 + y),
            (60, 30 + y),
            (48, 27 + y),
            (40, 31 + y),
        )
    if style == "bun":
        p.disc(hair, 61, 20 + y, 6)
    if hat == "cap":
        p.poly(mix(coat, INK, 0.25), (34, 29 + y), (38, 18 + y), (56, 16 + y), (66, 25 + y), (72, 30 + y), (60, 31 + y))
    if hat == "felt":
        p.disc(mix(coat, INK, 0.3), 50, 26 + y, 22, 4)
        p.poly(mix(coat, INK, 0.15), (37, 25 + y), (40, 12 + y), (60, 12 + y), (63, 25 + y))
        p.line("#a3542e", 58, 24, 68, 8, 1.6)
    p.rect(INK, 43, 38 + y, 3, 1.4)
    p.rect(INK, 54, 38 + y if extra != "stroke" else 39.5 + y, 3, 1.4)
    p.poly(
        mix(skin, INK, 0.45),
        (45, 47 + y),
        (55, 47 + y if extra != "stroke" else 50 + y),
        (54, 48 + y if extra != "stroke" else 51 + y),
        (46, 48 + y),
    )
    dress(p, coat, extra)
    return p


def radio_voice(coat: str, ink: str, skin: str) -> Poster:
    """Return the picture of someone who is only heard."""
    p = backdrop(coat)
    p.poly(ink, (34, 30), (66, 30), (66, 84), (34, 84))
    p.rect(coat, 39, 36, 22, 12)
    for level in range(54, 80, 5):
        p.rect(mix(ink, PAPER, 0.35), 40, level, 20, 2)
    p.line(ink, 60, 30, 64, 10, 2.5)
    for reach in (10, 16, 22):
        p.line(skin, 68 + reach * 0.6, 40 - reach * 0.6, 68 + reach * 0.6, 40 + reach * 0.6, 2)
    return p


# Birds


def bird(p: Poster, x: float, y: float, scale: float, body: str, dark: str, eye: str) -> None:
    """Draw a standing pigeon that faces right."""

    def at(*points: tuple[float, float]) -> list[tuple[float, float]]:
        return [(x + a * scale, y + b * scale) for a, b in points]

    p.poly(dark, *at((-16, 4), (-40, 16), (-38, 20), (-12, 12)))
    p.disc(body, x - 2 * scale, y + 2 * scale, 21 * scale, 14 * scale)
    p.poly(body, *at((4, -6), (12, -24), (22, -22), (20, 4)))
    p.poly(mix(body, "#3f7a56", 0.55), *at((7, -12), (21, -12), (20, -4), (6, -4)))
    p.disc(body, x + 17 * scale, y - 23 * scale, 8 * scale, 7 * scale)
    p.poly(mix(body, PAPER, 0.2), *at((10, -2), (-30, 14), (-4, 14)))
    for shift in (0, 7):
        p.line(dark, x + (-9 - shift) * scale, y + 1 * scale, x + (-4 - shift) * scale, y + 13 * scale, 2.6 * scale)
    p.poly("#e7dfd2", *at((24, -25), (31, -21), (24, -20)))
    p.disc(eye, x + 19 * scale, y - 24 * scale, 2 * scale)
    p.disc(INK, x + 19 * scale, y - 24 * scale, 0.9 * scale)
    for leg in (-3, 4):
        p.line("#b0453f", x + leg * scale, y + 14 * scale, x + (leg + 1) * scale, y + 24 * scale, 1.8 * scale)


def flyer(p: Poster, x: float, y: float, scale: float, colour: str) -> None:
    """Draw a bird in flight, far off."""
    p.poly(
        colour,
        (x - 7 * scale, y - 4 * scale),
        (x, y),
        (x + 7 * scale, y - 5 * scale),
        (x + 2 * scale, y + 2 * scale),
        (x - 3 * scale, y + 3 * scale),
    )


def duchess(colours: list[str], name: str) -> Poster:
    """Draw the blue hen, standing or with a wing fanned."""
    p = backdrop(colours[0])
    if name == "wing.png":
        for feather in range(8):
            angle = math.radians(190 + feather * 17)
            tip = (50 + 40 * math.cos(angle), 70 + 52 * math.sin(angle))
            p.line(mix(colours[0], PAPER, 0.08 * feather), 50, 70, *tip, 8)
            near = (50 + 24 * math.cos(angle), 70 + 31 * math.sin(angle))
            far = (50 + 29 * math.cos(angle), 70 + 38 * math.sin(angle))
            p.line(colours[1], *near, *far, 8)
        p.disc(colours[0], 50, 74, 13, 9)
        return p
    p.line(mix(colours[0], INK, 0.55), 8, 82, 92, 82, 6)
    bird(p, 50, 54, 1.05, *colours)
    return p


def flock(colours: list[str], name: str) -> Poster:
    """Draw the thirty birds."""
    p = backdrop(colours[0])
    for n in range(30):
        angle, reach = n * 2.399963, 7 * math.sqrt(n + 0.5)
        flyer(
            p,
            50 + reach * math.cos(angle),
            50 + 0.8 * reach * math.sin(angle),
            0.7 + (n % 4) * 0.18,
            colours[n % 3] if n % 3 < 2 else mix(colours[1], INK, 0.3),
        )
    return p


CAST: dict[str, Callable[[str], Poster]] = {
    "char_della": lambda n: person("#22345a", "#3a2a22", "#d9a98a", style="bun", extra="tie"),
    "char_young_della": lambda n: person("#7a1f2b", "#3a2a22", "#e3b596", style="long", child=True, trim="#7a1f2b"),
    "char_joss": lambda n: person("#6f93b8", "#6b4a2c", "#dcae8f", extra="denim", trim="#8a8f98"),
    "char_emlyn": lambda n: (
        person("#7d2f2f", "#c9c2b4", "#d8a98c", style="bald", extra="stroke", trim="#c9d2d6")
        if n == "front.png"
        else person("#2b2b2f", "#3b2c22", "#d8a98c", extra="shoulders", trim="#8a8f98")
    ),
    "char_gwen": lambda n: (
        person("#e9dccb", "#b9b4aa", "#d9ad92", style="bun", extra="apron")
        if n == "front.png"
        else person("#e2b53a", "#6a4630", "#dfb497", style="tied", extra="toggles", trim="#b5862a")
    ),
    "char_salter": lambda n: person("#7a6a4a", "#5a5045", "#d8a689", hat="cap", extra="waistcoat"),
    "char_beatriz": lambda n: person("#b79ccf", "#2c2320", "#b98565", style="tied", extra="tabard"),
    "char_mrs_quill": lambda n: person("#4f6b4a", "#d8d8d8", "#e0b79d", style="tied", hat="felt"),
    "char_priya": lambda n: radio_voice("#d0562f", "#20242c", "#a9744f"),
}


def draw(key: str, colours: list[str], name: str) -> Poster:
    """Return one picture of the asset `key` (without its version)."""
    from draw_places import PLACES, thing

    if key in CAST:
        return CAST[key](name)
    if key in PLACES:
        return PLACES[key](colours, name)
    if key == "anim_duchess":
        return duchess(colours, name)
    if key == "anim_pigeon_flock":
        return flock(colours, name)
    return thing(key, colours)


def main() -> None:
    """Draw every picture that an asset names."""
    for sheet in sorted(ASSETS.glob("*/asset.toml")):
        asset = tomllib.loads(sheet.read_text(encoding="utf-8"))
        for name in asset["pictures"]:
            poster = draw(asset["key"].rsplit("_v", 1)[0], asset["colours"], name)
            (sheet.parent / name).write_bytes(poster.png())


if __name__ == "__main__":
    main()
