"""Exteriors: ground to the horizon, hills, and houses, trees, sea or a shed beyond where anybody is staged."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from shotwright.boards.sets.place import PlaceLook, colour_of, row_of
from shotwright.boards.sets.rooms import is_clear
from shotwright.boards.sets.solids import Colour, Solids, linear, shaded

if TYPE_CHECKING:
    from shotwright.boards.mesh import Mesh

FAR_M = 160.0
LEAVES = linear("#5f7a3c")
BARK = linear("#5b4632")


def exterior(place: PlaceLook, lamp_glow: float) -> Mesh:
    """The whole place. `lamp_glow`: light of street lamps and lit windows, 0 by day."""
    row = row_of(place)
    out = Solids()
    ground = linear(row["ground_colour"])
    for i in range(4):
        x0, z0 = (-FAR_M, 0.0)[i % 2], (-FAR_M, 0.0)[i // 2]
        out.quad(
            f"ground:{row['ground']}",
            [(x0, 0, z0 + FAR_M), (x0 + FAR_M, 0, z0 + FAR_M), (x0 + FAR_M, 0, z0), (x0, 0, z0)], ground,
        )  # fmt: skip
    features = list(row["features"])
    name = place.name.casefold()
    if any(word in name for word in ("sea", "harbour", "harbor", "coast")) and "sea" not in features:
        features.append("sea")
    _hills(out, place, "sea" in features)
    zs = [z for _, z in place.people] + [z for (_, z), _, _ in place.sights] or [0.0]
    back = min([z for _, z in place.people] or [0.0]) - 3.4
    front = max(zs) + 3.0
    for feature in features:
        if feature == "houses":
            _street(out, place, back, front, lamp_glow)
        elif feature == "lamps":
            for x in (-9.0, 7.5):
                _street_lamp(out, x, back + 0.6, lamp_glow)
        elif feature == "trees":
            _trees(out, place, back, 9, 7.0, 45.0)
        elif feature == "forest":
            _trees(out, place, back, 46, 3.2, 34.0)
        elif feature in ("sea", "water"):
            far = -FAR_M if feature == "sea" else back - 12
            out.quad(
                "sea:water", [(-FAR_M, 0.03, back - 1.2), (FAR_M, 0.03, back - 1.2), (FAR_M, 0.03, far),
                              (-FAR_M, 0.03, far)], linear("#4f7383"),
            ) if "houses" not in features else out.quad(
                "sea:water", [(FAR_M, 0.03, front + 14), (-FAR_M, 0.03, front + 14), (-FAR_M, 0.03, FAR_M),
                              (FAR_M, 0.03, FAR_M)], linear("#4f7383"),
            )  # fmt: skip
        elif feature == "road":
            _road(out, back)
        elif feature == "fence":
            _fence(out, back - (0.6 if "sea" not in features else 0.3), front + 4)
        elif feature == "shed":
            _shed(out, place, back)
    return out.mesh(smooth=False)


def _hills(out: Solids, place: PlaceLook, sea: bool) -> None:
    colour = linear("#6f8468")
    count = 26
    for i in range(count):
        a = 2 * math.pi * i / count
        if sea and math.cos(a) < -0.35:
            continue
        high = 5 + 13 * place.share(f"hill {i}")
        x, z = math.sin(a) * 125, math.cos(a) * 125
        out.blob("hill:grass", (x, -1.5, z), (26, high, 26), shaded(colour, 0.8 + 0.3 * place.share(f"tone {i}")))


def _street(out: Solids, place: PlaceLook, back: float, front: float, glow: float) -> None:
    """A terrace on the far side and one behind the cameras, pavement and road between."""
    brick = colour_of(place, 1, ["#8c5a45", "#94705a", "#7d6a60"])
    roof = colour_of(place, 0, ["#5d6b78", "#6b6660", "#74564a"])
    trim = colour_of(place, 2, ["#d9d3c2", "#c9d2d6"])
    out.box("pavement:stone", (-60, 0, back), (60, 0.1, back + 1.6), linear("#8f8b84"))
    for row, (z, way) in enumerate(((back, -1), (front + 5, 1))):
        for i in range(-6, 7):
            x = i * 5.2
            tone = 0.85 + 0.3 * place.share(f"house {row} {i}")
            z0, z1 = (z - 7, z) if way < 0 else (z, z + 7)
            out.box("house:brick", (x - 2.6, 0, z0), (x + 2.6, 5.4, z1), shaded(brick, tone))
            out.add(
                "roof:slates",
                [(x - 2.6, 5.3, z0 - 0.2), (x + 2.6, 5.3, z0 - 0.2), (x + 2.6, 7.4, (z0 + z1) / 2),
                 (x - 2.6, 7.4, (z0 + z1) / 2), (x - 2.6, 5.3, z1 + 0.2), (x + 2.6, 5.3, z1 + 0.2)],
                [[1, 0, 3], [1, 3, 2], [4, 5, 2], [4, 2, 3]], shaded(roof, tone),
            )  # fmt: skip
            out.block("chimney:brick", x + 2.2, 6.6, (z0 + z1) / 2, (0.6, 1.6, 0.6), shaded(brick, 0.8))
            step = 0.04 * -way
            door = (linear("#4c6b5a"), linear("#7a3f38"), linear("#3f5370"), linear("#8a7a4c"))
            _facade(out, x - 1.5, 0.1, z, step, (0.95, 2.1), "door:wood", door[int(place.share(f"d{row}{i}") * 4)])
            lit = glow if place.share(f"lit {row} {i}") < 0.45 else 0.0
            for wx, wy in ((0.9, 0.9), (-1.4, 3.2), (0.9, 3.2)):
                _facade(out, x + wx, wy - 0.08, z, step, (1.36, 1.46), "window_frame", trim)
                pane = linear("#e8c98c") if lit else linear("#6d7f8a")
                _facade(out, x + wx, wy, z, step * 1.6, (1.2, 1.3), "window:glass", pane, lit)
                _facade(out, x + wx, wy + 0.62, z, step * 2, (1.2, 0.05), "window_frame", trim)


def _facade(
    out: Solids, x: float, y: float, z: float, step: float, size: tuple[float, float], part: str, colour: Colour,
    glow: float = 0.0,
) -> None:  # fmt: skip
    w, h = size
    out.box(part, (x - w / 2, y, min(z, z + step)), (x + w / 2, y + h, max(z, z + step)), colour, glow)


def _street_lamp(out: Solids, x: float, z: float, glow: float) -> None:
    out.tube("street_lamp:metal", (x, 0, z), (x, 4.4, z), 0.06, linear("#3b4144"))
    out.blob("street_lamp", (x, 4.5, z), (0.22, 0.2, 0.22), linear("#f4e2b8"), glow=glow)


def _trees(out: Solids, place: PlaceLook, back: float, count: int, near: float, far: float) -> None:
    for i in range(count):
        a = 2 * math.pi * (i + 0.6 * place.share(f"tree {i}")) / count
        r = near + (far - near) * place.share(f"reach {i}") ** 1.3
        x, z = math.sin(a) * r * 1.3, math.cos(a) * r + (back + 2) / 2
        if not is_clear(place, x, z, 1.1):
            continue
        high = 3.6 + 3.0 * place.share(f"high {i}")
        leaves = shaded(LEAVES, 0.75 + 0.5 * place.share(f"leaf {i}"))
        out.lathe("tree:wood", (x, 0, z), [(0.22, 0), (0.14, high * 0.5), (0.05, high * 0.8)], BARK, sides=7)
        out.blob("tree:foliage", (x, high * 0.78, z), (1.25, high * 0.3, 1.25), leaves)
        out.blob("tree:foliage", (x + 0.6, high * 0.6, z + 0.3), (0.9, high * 0.2, 0.9), shaded(leaves, 0.9))
        out.blob("tree:foliage", (x - 0.6, high * 0.64, z - 0.2), (0.8, high * 0.2, 0.9), shaded(leaves, 1.1))


def _road(out: Solids, back: float) -> None:
    out.quad(
        "road:asphalt", [(-FAR_M, 0.015, 3.6), (FAR_M, 0.015, 3.6), (FAR_M, 0.015, back + 1.4),
                         (-FAR_M, 0.015, back + 1.4)], linear("#66666a"),
    )  # fmt: skip
    middle = (3.6 + back + 1.4) / 2
    for i in range(-14, 15):
        x = i * 3.0
        out.quad(
            "road_line", [(x, 0.025, middle + 0.06), (x + 1.5, 0.025, middle + 0.06), (x + 1.5, 0.025, middle - 0.06),
                          (x, 0.025, middle - 0.06)], linear("#d8d4c6"),
        )  # fmt: skip


def _fence(out: Solids, back: float, front: float) -> None:
    wood = linear("#8d7a60")
    for z in (back, front):
        for i in range(-14, 15):
            out.block("fence:wood", i * 1.9, 0, z, (0.1, 1.1, 0.1), wood)
        for y in (0.45, 0.85):
            out.box("fence:wood", (-27, y, z - 0.02), (27, y + 0.09, z + 0.02), wood)


def _shed(out: Solids, place: PlaceLook, back: float) -> None:
    """A boarded shed on stilts, as lofts and garden sheds are."""
    main = colour_of(place, 0, ["#6d7c5a", "#7c6650"])
    trim = colour_of(place, 1, ["#efeade", "#d9c9a3"])
    z = back - 0.2
    out.box("shed:planks", (-2.1, 0.5, z - 2.2), (2.1, 2.7, z), main)
    for x in (-1.9, 0.0, 1.9):
        out.block("shed:wood", x, 0, z - 0.2, (0.16, 0.5, 0.16), BARK)
    out.add(
        "roof:slates", [(-2.4, 2.6, z + 0.3), (2.4, 2.6, z + 0.3), (2.4, 3.5, z - 1.1), (-2.4, 3.5, z - 1.1),
                        (-2.4, 2.6, z - 2.5), (2.4, 2.6, z - 2.5)],
        [[0, 1, 2], [0, 2, 3], [5, 4, 3], [5, 3, 2]], shaded(trim, 0.5),
    )  # fmt: skip
    out.box("shed_door:planks", (0.7, 0.55, z), (1.5, 2.4, z + 0.05), trim)
    out.box("window_frame", (-1.6, 1.3, z), (-0.2, 2.2, z + 0.04), trim)
    for i in range(5):
        out.box("shed_gap", (-1.52 + i * 0.26, 1.36, z + 0.03), (-1.34 + i * 0.26, 2.14, z + 0.05), linear("#2b2620"))
