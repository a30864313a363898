"""Interiors: a box of walls about everybody who is staged in it, with windows, a door, furniture and lamps."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from shotwright.boards.sets.furniture import FOOTPRINT, WOOD, furnish
from shotwright.boards.sets.place import PlaceLook, colour_of, row_of
from shotwright.boards.sets.solids import Colour, Solids, linear, shaded

if TYPE_CHECKING:
    from shotwright.boards.mesh import Mesh

HEIGHT_M = {"church": 6.5, "barn": 3.0, "shop": 3.0, "bar": 2.8, "corridor": 2.6}
SILL_M = 0.94
OPENING_M = 0.85
"""Half the width that a window or a door keeps free of what stands or hangs before it."""
SIDES = {0.0: "back", 180.0: "front", 90.0: "left", -90.0: "right"}
CLEAR_M = 0.6
"""Nothing stands nearer to a place where somebody is staged."""
Box = tuple[float, float, float, float, float, float]


def room_box(place: PlaceLook) -> Box:
    """x0, x1, y0, y1, z0, z1 of the room: beyond everybody on all sides, and round most cameras."""
    xs = [x for x, _ in place.people] or [0.0]
    zs = [z for _, z in place.people] or [0.0]
    narrow = 0.5 if place.kind == "corridor" else 0.0
    more = 0.4 * place.share("width")
    box = [min(xs) - 2.0 - more, max(xs) + 2.0 + more, min(zs) - 1.9 + narrow - more / 2, max(zs) + 2.2]
    for (x, z), _, _ in place.sights:
        box[0], box[1] = min(box[0], max(x - 0.4, box[0] - 1.5)), max(box[1], min(x + 0.4, box[1] + 1.5))
        box[2], box[3] = min(box[2], max(z - 0.4, box[2] - 1.2)), max(box[3], min(z + 0.4, box[3] + 2.5))
    return box[0], box[1], 0.0, HEIGHT_M.get(place.kind, 2.6), box[2], box[3]


def room(place: PlaceLook, key_azimuth_deg: float, daylight: float, lamp_glow: float) -> tuple[Mesh, Box]:
    """The empty room, its furniture and its windows. `daylight`: glow of the windows; `lamp_glow` of the lamps.

    Windows are in the wall that the key comes from and in the far wall, so that the light has somewhere to come from.
    """
    row = row_of(place)
    out = Solids()
    box = room_box(place)
    x0, x1, _, y1, z0, z1 = box
    wall = colour_of(place, 0, row["walls"])
    wood = colour_of(place, 1, ["#8a6240", "#6e4a33", "#a58257"])
    light = colour_of(place, 2, ["#9aa6a8", "#b08d74", "#7c8f7d"])
    material = row.get("wall", "plaster")
    out.quad(f"floor:{row['floor']}", [(x0, 0, z1), (x1, 0, z1), (x1, 0, z0), (x0, 0, z0)], linear(row["floor_colour"]))
    out.quad("ceiling:plaster", [(x0, y1, z0), (x1, y1, z0), (x1, y1, z1), (x0, y1, z1)], linear("#d8d3c8"))
    if place.kind == "barn":
        for i in range(int((x1 - x0) / 1.1)):
            out.box("beam:wood", (x0 + 0.5 + i * 1.1, y1 - 0.2, z0), (x0 + 0.62 + i * 1.1, y1, z1), shaded(wall, 0.6))
    walls = ["back", "front", "left", "right"]
    lit = _wall_towards(key_azimuth_deg)
    for side in walls:
        _wall(out, side, box, wall, material)
    openings = _openings(place, lit)
    for side, share, low in openings:
        if low:
            _window(out, side, box, share, daylight, place)
        else:
            _on_wall(out, side, box, share, 0.9, 0.0, 2.02, "door:wood", wood, 0.0)
    _place_furniture(out, place, box, row.get("furniture", []), wood, light, openings)
    lamp = (x0 + 0.55, z0 + 0.5) if place.share("lamp") < 0.5 else (x1 - 0.55, z0 + 0.5)
    if is_clear(place, lamp[0], lamp[1], 0.25):
        _floor_lamp(out, lamp, lamp_glow)
    return out.mesh(smooth=False), box


def _openings(place: PlaceLook, lit: str) -> list[tuple[str, float, float]]:
    """(wall, how far along it, height of its sill) of windows and, with no sill, doors."""
    left = place.share("window") < 0.5
    found = [(lit, 0.5, SILL_M)]
    if lit != "back":
        found.append(("back", 0.27 if left else 0.73, SILL_M))
    found.append(("right" if lit != "right" else "left", 0.14, 0.0))
    found.append(("back", 0.76 if left else 0.24, 0.0))
    found.append(("front", 0.4, 0.0))
    return found


def _wall_towards(azimuth: float) -> str:
    turn = (azimuth + 180) % 360 - 180
    if abs(turn) < 45:
        return "front"
    if abs(turn) > 135:
        return "back"
    return "right" if turn > 0 else "left"


def _wall(out: Solids, side: str, box: Box, colour: Colour, material: str) -> None:
    x0, x1, y0, y1, z0, z1 = box
    part = f"wall:{material}"
    corners = {
        "back": [(x0, y0, z0), (x1, y0, z0), (x1, y1, z0), (x0, y1, z0)],
        "front": [(x1, y0, z1), (x0, y0, z1), (x0, y1, z1), (x1, y1, z1)],
        "left": [(x0, y0, z1), (x0, y0, z0), (x0, y1, z0), (x0, y1, z1)],
        "right": [(x1, y0, z0), (x1, y0, z1), (x1, y1, z1), (x1, y1, z0)],
    }
    out.quad(part, corners[side], colour)
    length = (x1 - x0) if side in ("back", "front") else (z1 - z0)
    if material != "planks":
        _on_wall(out, side, box, 0.5, length, 0.0, 0.13, "skirting", linear("#d9d1c0"), 0.0, deep=0.02)


def _on_wall(
    out: Solids, side: str, box: Box, share: float, width: float, low: float, high: float, part: str, colour: Colour,
    glow: float, *, deep: float = 0.04,
) -> None:  # fmt: skip
    """A flat box against the inside of a wall, `share` of the way along it; seen from inside the room only."""
    x0, x1, _, _, z0, z1 = box
    along = (x1 - x0) if side in ("back", "front") else (z1 - z0)
    middle = along * share
    a, b = middle - width / 2, middle + width / 2
    if side == "back":
        out.box(part, (x0 + a, low, z0), (x0 + b, high, z0 + deep), colour, glow, sides=(0, 2, 3, 4, 5))
    elif side == "front":
        out.box(part, (x0 + a, low, z1 - deep), (x0 + b, high, z1), colour, glow, sides=(1,))
    elif side == "left":
        out.box(part, (x0, low, z0 + a), (x0 + deep, high, z0 + b), colour, glow, sides=(2,))
    else:
        out.box(part, (x1 - deep, low, z0 + a), (x1, high, z0 + b), colour, glow, sides=(3,))


def _window(out: Solids, side: str, box: Box, share: float, daylight: float, place: PlaceLook) -> None:
    tall = 3.6 if place.kind == "church" else 1.15
    low = 1.6 if place.kind == "church" else 0.95
    width = 0.8 if place.kind in ("church", "barn") else 1.25
    frame = linear("#e4dfd2") if place.kind != "barn" else linear("#6c5a44")
    _on_wall(out, side, box, share, width + 0.16, low - 0.1, low + tall + 0.1, "window_frame", frame, 0.0, deep=0.05)
    _on_wall(out, side, box, share, width, low, low + tall, "window:glass", linear("#cfe0ea"), daylight, deep=0.055)
    _on_wall(out, side, box, share, 0.05, low, low + tall, "window_frame", frame, 0.0, deep=0.07)
    _on_wall(
        out, side, box, share, width, low + tall * 0.5 - 0.025, low + tall * 0.5 + 0.025, "window_frame", frame, 0.0,
        deep=0.07,
    )  # fmt: skip
    _on_wall(out, side, box, share, width + 0.26, low - 0.14, low - 0.08, "window_frame", frame, 0.0, deep=0.14)
    if place.kind in ("bedroom", "living_room", "room"):
        cloth = colour_of(place, 2, ["#7d5a54", "#5c6f7a", "#8d7a52"])
        length = box[1] - box[0] if side in ("back", "front") else box[5] - box[4]
        for way in (-1, 1):
            at = share + way * (width / 2 + 0.12) / length
            _on_wall(out, side, box, at, 0.3, 0.25, low + tall + 0.15, "curtain:cloth", cloth, 0.0, deep=0.1)


def _floor_lamp(out: Solids, at: tuple[float, float], glow: float) -> None:
    x, z = at
    out.lathe("lamp", (x, 0, z), [(0, 0), (0.14, 0), (0.14, 0.02), (0.015, 0.04), (0.015, 1.4), (0, 1.4)], WOOD)
    out.lathe("lamp_shade", (x, 1.35, z), [(0.2, 0), (0.13, 0.26)], linear("#f3dfb4"), glow=glow)


def lamp_at(place: PlaceLook, box: Box) -> tuple[float, float, float] | None:
    """Where the room's lamp glows, or None where there was no room for one."""
    lamp = (box[0] + 0.55, box[4] + 0.5) if place.share("lamp") < 0.5 else (box[1] - 0.55, box[4] + 0.5)
    return (lamp[0], 1.48, lamp[1]) if is_clear(place, lamp[0], lamp[1], 0.25) else None


def _place_furniture(
    out: Solids, place: PlaceLook, box: Box, pieces: list[str], wood: Colour, cloth: Colour,
    openings: list[tuple[str, float, float]],
) -> None:  # fmt: skip
    """Each piece on the first stretch of wall that is free, before no door or window, in nobody's way and no camera's.

    What is lower than a sill may stand below a window.
    """
    x0, x1, _, _, z0, z1 = box
    taken: list[tuple[float, float, float]] = []
    for piece in [*pieces, "picture"]:
        w, d, h = FOOTPRINT[piece]
        spots = []
        for share in (0.5, 0.25, 0.75, 0.12, 0.88, 0.38, 0.62):
            spots.append((x0 + (x1 - x0) * share, z0 + d / 2 + 0.06, 0.0))
            spots.append((x0 + d / 2 + 0.06, z0 + (z1 - z0) * share, 90.0))
            spots.append((x1 - d / 2 - 0.06, z0 + (z1 - z0) * share, -90.0))
            spots.append((x0 + (x1 - x0) * share, z1 - d / 2 - 0.06, 180.0))
        for x, z, turn in spots:
            radius = max(w, d) / 2
            wide, deep = (w, d) if turn in (0.0, 180.0) else (d, w)
            inside = x0 + wide / 2 < x < x1 - wide / 2 and z0 + deep / 2 < z < z1 - deep / 2
            apart = all(math.hypot(x - a, z - b) > radius + r for a, b, r in taken)
            flat = piece == "picture"
            high = h if not flat else 2.0
            along, start, length = (x, x0, x1 - x0) if turn in (0.0, 180.0) else (z, z0, z1 - z0)
            shut = any(
                side == SIDES[turn]
                and high > low
                and abs(along - start - length * middle) < OPENING_M * (0.75 if low else 0.5) + w / 2
                for side, middle, low in openings
            )
            if (
                inside
                and apart
                and not shut
                and ((flat and turn == 0.0) or is_clear(place, x, z, radius, (wide / 2, deep / 2)))
            ):
                own = Solids()
                furnish(own, piece, wood, cloth)
                _turned(out, own, x, z, turn)
                taken.append((x, z, radius * (0.8 if flat else 1.0)))
                break


def _turned(out: Solids, own: Solids, x: float, z: float, turn: float) -> None:
    cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    spin = np.array([[cos, 0, -sin], [0, 1, 0], [sin, 0, cos]], np.float32)
    mesh = own.mesh()
    moved = mesh.vertices @ spin + np.array([x, 0, z], np.float32)
    for index, name in enumerate(mesh.names):
        rows = mesh.parts == index
        if rows.any():
            for colour in np.unique(mesh.colours[rows], axis=0):
                these = rows & (mesh.colours == colour).all(axis=1)
                out.add(name, moved, mesh.faces[these], (float(colour[0]), float(colour[1]), float(colour[2])))


def is_clear(place: PlaceLook, x: float, z: float, radius: float, half: tuple[float, float] | None = None) -> bool:
    """Whether a piece stands in nobody's way and between no camera and what it looks at.

    `radius` about (x, z) is kept out of what a lens sees, the rectangle of half-widths `half` clear of people.
    """
    wide, deep = half or (radius, radius)
    for a, b in place.people:
        if math.hypot(max(abs(x - a) - wide, 0.0), max(abs(z - b) - deep, 0.0)) < CLEAR_M:
            return False
    for (cx, cz), (tx, tz), spread in place.sights:
        length = math.hypot(tx - cx, tz - cz) or 1.0
        fx, fz = (tx - cx) / length, (tz - cz) / length
        ahead = (x - cx) * fx + (z - cz) * fz
        aside = abs(-(x - cx) * fz + (z - cz) * fx)
        if -radius - 0.3 < ahead < length + 0.4 + radius * 0.5 and aside < max(ahead, 0.0) * spread + radius + 0.15:
            return False
    return True
