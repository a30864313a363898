"""Things that are held, staged or driven: small shapes that are known by their outline. All stand on y = 0."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from shotwright.boards.sets.solids import Colour, Solids, linear, shaded

if TYPE_CHECKING:
    from collections.abc import Callable

    from shotwright.boards.mesh import Mesh

PAPER = linear("#efe7d2")
CARD = linear("#b08a5a")
STEEL = linear("#9aa0a3")
GLASS = linear("#b9cfd0")
INK = linear("#3a3a40")
RUBBER = linear("#222426")

HOUSED = {
    "van": ("#c9a13b", 4.6, 1.9, 2.1),
    "bus": ("#a8392f", 7.6, 2.5, 3.1),
    "double_decker": ("#a8392f", 7.6, 2.5, 4.3),
    "truck": ("#5d7187", 6.5, 2.3, 2.8),
    "car": ("#5b7a8c", 4.3, 1.75, 1.45),
}
"""Vehicle -> paint, length, width, height in metres."""
WORDS = {"lorry": "truck", "taxi": "car", "coach": "bus", "decker": "double_decker", "ambulance": "van", "cab": "car"}


def _sheet(out: Solids, w: float, h: float, colour: Colour) -> None:
    """Paper that stands leaning back a little, with lines of writing."""
    out.add("prop", [(-w / 2, 0, 0.02), (w / 2, 0, 0.02), (w / 2, h, -0.02), (-w / 2, h, -0.02)],
            [[0, 1, 2], [0, 2, 3], [2, 1, 0], [3, 2, 0]], colour)  # fmt: skip
    for i in range(4):
        y, long = h * (0.8 - 0.18 * i), w * (0.36 if i != 3 else 0.12)
        z = 0.021 - 0.04 * y / h
        out.add("prop", [(-w * 0.38, y - h * 0.02, z), (long, y - h * 0.02, z), (long, y + h * 0.02, z),
                         (-w * 0.38, y + h * 0.02, z)], [[0, 1, 2], [0, 2, 3]], INK)  # fmt: skip


def _paper(out: Solids) -> None:
    _sheet(out, 0.14, 0.1, PAPER)


def _letter(out: Solids) -> None:
    _sheet(out, 0.16, 0.22, PAPER)


def _banknote(out: Solids) -> None:
    _sheet(out, 0.15, 0.075, linear("#9db58a"))


def _envelope(out: Solids) -> None:
    out.block("prop", 0, 0, 0, (0.24, 0.14, 0.02), CARD)
    out.add("prop", [(-0.12, 0.14, 0.012), (0.12, 0.14, 0.012), (0, 0.06, 0.014)], [[2, 1, 0], [0, 2, 1]],
            shaded(CARD, 0.75))  # fmt: skip


def _box(out: Solids) -> None:
    out.block("prop", 0, 0, 0, (0.42, 0.3, 0.32), CARD)
    out.block("prop", 0, 0.3, 0, (0.06, 0.004, 0.325), shaded(CARD, 1.35))
    out.block("prop", 0, 0.1, 0.161, (0.2, 0.08, 0.003), INK)


def _crate(out: Solids) -> None:
    for i in range(4):
        for z in (-0.2, 0.2):
            out.block("prop:wood", 0, 0.02 + i * 0.09, z, (0.6, 0.06, 0.02), linear("#a0835a"))
        for x in (-0.3, 0.3):
            out.block("prop:wood", x, 0.02 + i * 0.09, 0, (0.02, 0.06, 0.42), linear("#94774f"))
    out.block("prop:wood", 0, 0.36, 0, (0.62, 0.02, 0.44), linear("#a98d62"))


def _tin(out: Solids) -> None:
    out.lathe("prop:metal", (0, 0, 0), [(0, 0), (0.05, 0), (0.05, 0.09), (0, 0.09)], linear("#8c4a2e"))
    out.lathe("prop:metal", (0, 0.09, 0), [(0.053, -0.012), (0.053, 0.012), (0, 0.013)], linear("#c2a15a"))


def _jar(out: Solids) -> None:
    out.lathe("prop:glass", (0, 0, 0), [(0, 0), (0.05, 0), (0.055, 0.02), (0.055, 0.11), (0.042, 0.13)], GLASS)
    out.lathe("prop:metal", (0, 0.13, 0), [(0.046, 0), (0.046, 0.022), (0, 0.023)], linear("#b0995a"))
    for i in range(5):
        out.tube("prop", (-0.03 + i * 0.015, 0.02, 0.035), (-0.034 + i * 0.017, 0.1, 0.045), 0.012, PAPER)


def _feather(out: Solids) -> None:
    points = [(0.0, 0.0, 0.0), (0.028, 0.07, 0.0), (0.024, 0.15, 0.01), (0.0, 0.21, 0.02), (-0.022, 0.14, 0.01),
              (-0.024, 0.07, 0.0)]  # fmt: skip
    faces = [[0, 1, 5], [1, 2, 4], [1, 4, 5], [2, 3, 4]]
    out.add("prop", points, faces + [f[::-1] for f in faces], linear("#7d8790"))
    out.tube("prop", (0, -0.02, 0.002), (0, 0.2, 0.021), 0.003, PAPER, sides=4)


def _basket(out: Solids) -> None:
    out.lathe("prop:wood", (0, 0, 0), [(0, 0), (0.18, 0), (0.23, 0.22), (0.2, 0.22), (0.17, 0.04)], linear("#b08a50"))
    out.lathe("prop:wood", (0, 0.22, 0), [(0.235, 0), (0.2, 0.05), (0, 0.07)], linear("#9b7742"))


def _suitcase(out: Solids) -> None:
    out.block("prop", 0, 0, 0, (0.62, 0.42, 0.18), linear("#6e4630"))
    for x in (-0.2, 0.2):
        out.block("prop", x, -0.001, 0, (0.04, 0.423, 0.186), linear("#4a2e20"))
    out.tube("prop", (-0.08, 0.44, 0), (0.08, 0.44, 0), 0.014, linear("#3b2418"))


def _round(out: Solids) -> None:
    out.blob("prop", (0, 0.04, 0), (0.04, 0.04, 0.04), linear("#dd7f26"), sides=14)


def _mug(out: Solids) -> None:
    out.lathe("prop", (0, 0, 0), [(0, 0), (0.04, 0), (0.042, 0.095), (0.036, 0.095), (0.034, 0.015)], linear("#d9d4c6"))
    out.tube("prop", (0.042, 0.03, 0), (0.066, 0.05, 0), 0.007, linear("#d9d4c6"), sides=6)
    out.tube("prop", (0.066, 0.05, 0), (0.042, 0.08, 0), 0.007, linear("#d9d4c6"), sides=6)


def _bowl(out: Solids) -> None:
    out.lathe("prop", (0, 0, 0), [(0.03, 0), (0.08, 0.06), (0.072, 0.06), (0.025, 0.012)], linear("#dfe3e0"))


def _bottle(out: Solids) -> None:
    out.lathe("prop:glass", (0, 0, 0), [(0, 0), (0.037, 0), (0.037, 0.18), (0.013, 0.24), (0.013, 0.31), (0, 0.31)],
              linear("#2f4f35"))  # fmt: skip


def _ring(out: Solids) -> None:
    out.lathe("prop:metal", (0, 0.01, 0), [(0.011, 0), (0.013, 0.002), (0.011, 0.005), (0.009, 0.003)],
              linear("#d6b24e"), sides=20, lean=(0, 0.3, 1))  # fmt: skip


def _phone(out: Solids) -> None:
    out.block("prop", 0, 0, 0, (0.072, 0.15, 0.009), RUBBER)
    out.block("prop:glass", 0, 0.008, 0.005, (0.064, 0.134, 0.001), linear("#33454f"), 0.25)


def _book(out: Solids) -> None:
    out.block("prop", 0, 0, 0, (0.15, 0.22, 0.035), linear("#7a3a34"))
    out.block("prop", 0.004, 0.004, 0, (0.15, 0.212, 0.027), PAPER)


def _knife(out: Solids) -> None:
    out.block("prop:wood", 0, 0, 0, (0.025, 0.11, 0.018), linear("#3c2a1f"))
    out.block("prop:metal", 0, 0.11, 0, (0.024, 0.18, 0.003), STEEL)


def _gun(out: Solids) -> None:
    out.block("prop:metal", 0.03, 0.09, 0, (0.2, 0.035, 0.025), RUBBER)
    out.block("prop", -0.04, 0, 0, (0.045, 0.1, 0.025), linear("#3a2c22"))


def _stick(out: Solids) -> None:
    out.tube("prop:wood", (0, 0, 0), (0, 1.2, 0), 0.014, linear("#a5854f"))
    out.block("prop", 0, 0, 0, (0.26, 0.14, 0.07), linear("#8a6a3a"))


def _bag(out: Solids) -> None:
    out.block("prop:cloth", 0, 0, 0, (0.34, 0.28, 0.14), linear("#5d5546"))
    out.tube("prop", (-0.08, 0.34, 0), (0.08, 0.34, 0), 0.012, linear("#3e382d"))
    for x in (-0.08, 0.08):
        out.tube("prop", (x, 0.27, 0), (x, 0.34, 0), 0.012, linear("#3e382d"))


def _key(out: Solids) -> None:
    out.lathe("prop:metal", (0, 0.05, 0), [(0.008, 0), (0.014, 0.002), (0.008, 0.004)], STEEL, lean=(0, 0, 1))
    out.block("prop:metal", 0, 0, 0, (0.005, 0.045, 0.004), STEEL)
    out.block("prop:metal", 0.006, 0.003, 0, (0.01, 0.012, 0.004), STEEL)


def _lamp(out: Solids) -> None:
    out.lathe("prop", (0, 0, 0), [(0, 0), (0.08, 0), (0.08, 0.02), (0.02, 0.04), (0.02, 0.26)], linear("#6b5a45"))
    out.lathe("prop", (0, 0.24, 0), [(0.14, 0), (0.09, 0.18)], linear("#f3dfb4"), glow=1.2)


def _thing(out: Solids) -> None:
    out.block("prop", 0, 0, 0, (0.2, 0.14, 0.14), linear("#85796a"))


MAKERS: dict[str, Callable[[Solids], None]] = {
    "ticket": _paper, "card": _paper, "note": _paper, "photo": _paper, "photograph": _paper, "letter": _letter,
    "paper": _letter, "map": _letter, "newspaper": _letter, "banknote": _banknote, "money": _banknote,
    "envelope": _envelope, "box": _box, "parcel": _box, "crate": _crate, "cage": _crate, "tin": _tin, "can": _tin,
    "jar": _jar, "feather": _feather, "basket": _basket, "suitcase": _suitcase, "case": _suitcase, "orange": _round,
    "apple": _round, "ball": _round, "mug": _mug, "cup": _mug, "glass": _mug, "bowl": _bowl, "plate": _bowl,
    "bottle": _bottle, "ring": _ring, "phone": _phone, "telephone": _phone, "book": _book, "diary": _book,
    "knife": _knife, "gun": _gun, "pistol": _gun, "broom": _stick, "bag": _bag, "handbag": _bag, "key": _key,
    "lamp": _lamp, "lantern": _lamp, "torch": _lamp, "watch": _ring, "coin": _ring,
}  # fmt: skip


@lru_cache(maxsize=256)
def prop(name: str) -> Mesh:
    """A thing by the last word of its name that is known, else a plain parcel. The mesh is shared: take it as it is."""
    out = Solids()
    words = re.findall(r"[a-z]+", name.casefold()[:200])[::-1]
    maker = next(
        (MAKERS[f] for w in words for f in (w, w.removesuffix("s"), w.removesuffix("es")) if f in MAKERS), _thing
    )
    maker(out)
    return out.mesh(smooth=False)


@lru_cache(maxsize=64)
def vehicle(name: str, colour: str = "") -> Mesh:
    """A vehicle by its name, its side towards +z and its bonnet towards +x, wheels on y = 0."""
    words = re.findall(r"[a-z]+", name.casefold()[:200])[::-1]
    kind = next((WORDS.get(w, w) for w in words if WORDS.get(w, w) in HOUSED), "car")
    if "double" in words:
        kind = "double_decker"
    paint_code, length, width, height = HOUSED[kind]
    paint = linear(colour or paint_code)
    out = Solids()
    half, side = length / 2, width / 2
    floor = 0.35
    glass = linear("#5c7480")
    if kind == "car":
        out.box("vehicle:metal", (-half, floor, -side), (half, 0.85, side), paint)
        out.box("vehicle:metal", (-half * 0.62, 0.85, -side * 0.9), (half * 0.42, height, side * 0.9), paint)
        out.box("vehicle:glass", (-half * 0.56, 0.9, -side * 0.92), (half * 0.36, height - 0.08, side * 0.92), glass)
    else:
        nose = 0.9 if kind in ("van", "truck") else 0.0
        out.box("vehicle:metal", (-half, floor, -side), (half - nose, height, side), paint)
        if nose:
            out.box("vehicle:metal", (half - nose, floor, -side), (half, height * 0.55, side), paint)
            out.box(
                "vehicle:glass",
                (half - nose - 0.9, height * 0.55, -side - 0.02),
                (half - nose - 0.15, height * 0.88, side + 0.02),
                glass,
            )
            out.box(
                "vehicle:glass",
                (half - nose - 0.1, height * 0.55, -side * 0.9),
                (half - nose + 0.03, height * 0.9, side * 0.9),
                glass,
            )
        else:
            for deck in range(2 if kind == "double_decker" else 1):
                low = 1.35 + deck * 1.75
                for i in range(6):
                    x = -half + 0.4 + i * (length - 0.8) / 6
                    out.box(
                        "vehicle:glass",
                        (x, low, -side - 0.02),
                        (x + (length - 0.8) / 6 - 0.14, low + 0.85, side + 0.02),
                        glass,
                    )
            out.box("vehicle:glass", (half - 0.05, 1.3, -side * 0.9), (half + 0.03, 2.4, side * 0.9), glass)
        out.box(
            "vehicle",
            (-half - 0.01, floor + 0.35, -side - 0.01),
            (half - nose, floor + 0.5, side + 0.01),
            shaded(linear("#e8dcae"), 0.9),
        )
    for x in (-half * 0.62, half * 0.62):
        for z in (-side, side):
            out.lathe(
                "vehicle",
                (x, 0.36, z - 0.1),
                [(0, 0), (0.36, 0), (0.36, 0.2), (0.2, 0.21), (0, 0.21)],
                RUBBER,
                lean=(0, 0, 1),
                sides=18,
            )
    out.block("vehicle", half - 0.03, 0.55, side * 0.6, (0.1, 0.16, 0.3), linear("#f1ead2"), 0.2)
    out.block("vehicle", half - 0.03, 0.55, -side * 0.6, (0.1, 0.16, 0.3), linear("#f1ead2"), 0.2)
    return out.mesh(smooth=False)


def cabin(kind: str, people: tuple[tuple[float, float], ...]) -> Mesh:
    """The inside of a vehicle that faces +z: seats, dash, wheel and frames of a car, or rows and poles of a bus."""
    out = Solids()
    dark, cloth = linear("#3a3a3c"), linear("#5d5a63")
    rows = sorted({round(z, 1) for _, z in people} | {0.0})
    back = min(rows) - 0.75
    if kind == "bus":
        out.quad(
            "floor:carpet", [(-1.9, 0, 3.2), (1.9, 0, 3.2), (1.9, 0, back - 3), (-1.9, 0, back - 3)], linear("#5e6266")
        )
        out.quad(
            "ceiling",
            [(-1.9, 2.15, back - 3), (1.9, 2.15, back - 3), (1.9, 2.15, 3.2), (-1.9, 2.15, 3.2)],
            linear("#cfcabc"),
        )
        for x, turn in ((-1.9, 1), (1.9, -1)):
            low = [(x, 0, back - 3), (x, 0, 3.2), (x, 0.95, 3.2), (x, 0.95, back - 3)]
            high = [(x, 1.8, back - 3), (x, 1.8, 3.2), (x, 2.15, 3.2), (x, 2.15, back - 3)]
            for corners in (low, high):
                out.quad("wall", corners if turn < 0 else corners[::-1], linear("#b9b29c"))
            for i in range(6):
                z = back - 3 + i * 1.4
                out.box("frame", (x - 0.03, 0.95, z), (x + 0.03, 1.8, z + 0.1), dark)
        for x in (-1.4, 1.4):
            for i in range(5):
                z = back - 0.5 - i * 0.85
                out.block("seat:cloth", x, 0.4, z, (0.85, 0.14, 0.45), cloth)
                out.block("seat:cloth", x, 0.4, z - 0.25, (0.85, 0.75, 0.1), linear("#7a3f3a"))
        end = back - 3
        out.quad("wall", [(-1.9, 0, end), (1.9, 0, end), (1.9, 1.0, end), (-1.9, 1.0, end)], linear("#b9b29c"))
        out.quad("wall", [(-1.9, 1.75, end), (1.9, 1.75, end), (1.9, 2.15, end), (-1.9, 2.15, end)], linear("#b9b29c"))
        for x in (-1.9, -0.05, 1.8):
            out.box("frame", (x, 1.0, end - 0.04), (x + 0.1, 1.75, end + 0.02), dark)
        for x in (-0.9, 0.9):
            out.tube("pole:metal", (x, 0, back), (x, 2.15, back), 0.018, linear("#d8a83a"))
        for x, z in people:
            out.block("seat:cloth", x, 0.3, z - 0.08, (0.5, 0.12, 0.45), cloth)
            out.block("seat:cloth", x, 0.3, z - 0.34, (0.5, 0.8, 0.1), linear("#7a3f3a"))
        return out.mesh(smooth=False)
    out.quad("floor:carpet", [(-0.85, 0, 0.8), (0.85, 0, 0.8), (0.85, 0, back), (-0.85, 0, back)], dark)
    for z in rows:
        for x in (-0.38, 0.38):
            out.block("seat:cloth", x, 0.28, z - 0.05, (0.52, 0.14, 0.5), cloth)
            out.block("seat:cloth", x, 0.3, z - 0.36, (0.5, 0.72, 0.12), cloth)
            out.block("seat:cloth", x, 1.04, z - 0.36, (0.26, 0.17, 0.09), cloth)
    out.box("dash", (-0.85, 0.62, 0.66), (0.85, 0.86, 0.98), dark)
    out.box("door_panel", (-0.88, 0.3, back), (-0.84, 0.93, 0.98), linear("#55514b"))
    out.box("door_panel", (0.84, 0.3, back), (0.88, 0.93, 0.98), linear("#55514b"))
    out.box("roof", (-0.86, 1.52, back), (0.86, 1.58, 0.55), linear("#8d8778"))
    for x in (-0.85, 0.85):
        out.tube("frame", (x, 0.86, 0.98), (x * 0.98, 1.54, 0.5), 0.03, dark)
        out.tube("frame", (x, 0.9, -0.35), (x, 1.54, -0.35), 0.035, dark)
    out.box("cabin_back", (-0.85, 0.3, back - 0.05), (0.85, 1.0, back), linear("#6a655c"))
    out.box("cabin_back", (-0.85, 1.38, back - 0.05), (0.85, 1.55, back), linear("#6a655c"))
    for x in (-0.85, 0.0, 0.8):
        out.box("cabin_back", (x, 1.0, back - 0.05), (x + 0.07, 1.4, back), linear("#6a655c"))
    driver = people[0][0] if people else 0.38
    out.lathe(
        "wheel",
        (driver, 0.86, 0.55),
        [(0.17, 0), (0.185, 0.012), (0.17, 0.024), (0.158, 0.012)],
        RUBBER,
        sides=24,
        lean=(0, 0.5, -0.87),
    )
    return out.mesh(smooth=False)
