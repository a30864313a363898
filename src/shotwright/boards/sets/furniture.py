"""Furniture: each piece stands on y = 0 with its back to -z, built about the origin."""

from __future__ import annotations

from shotwright.boards.sets.solids import Colour, Solids, linear, shaded

WOOD = linear("#8a6240")
DARK = linear("#4b3a2e")
WHITE = linear("#e6e0d2")
METAL = linear("#8d9194")

FOOTPRINT: dict[str, tuple[float, float, float]] = {
    "counter": (2.2, 0.62, 0.92), "table": (1.4, 0.8, 0.76), "cupboard": (0.9, 0.5, 1.9), "shelf": (1.1, 0.34, 1.7),
    "bed": (1.4, 2.0, 0.55), "wardrobe": (1.2, 0.6, 2.0), "chest": (0.95, 0.46, 0.85), "screen": (1.4, 0.1, 1.7),
    "desk": (1.5, 0.75, 0.75), "picture": (0.8, 0.06, 2.0), "bar": (3.0, 0.7, 1.1), "stools": (1.6, 0.4, 0.75),
    "pews": (2.4, 0.7, 0.95), "altar": (1.6, 0.8, 1.0), "nest_boxes": (2.6, 0.4, 1.5), "crates": (1.2, 0.7, 0.8),
    "bench": (1.5, 0.4, 0.48), "sofa": (1.9, 0.85, 0.82),
}  # fmt: skip
"""Width, depth, height in metres."""


def furnish(out: Solids, piece: str, wood: Colour, cloth: Colour) -> None:  # noqa: C901 - one branch a piece
    """Add one piece at the origin."""
    w, d, h = FOOTPRINT[piece]
    if piece == "counter":
        out.block("furniture:wood", 0, 0.1, 0, (w, h - 0.14, d - 0.04), shaded(wood, 0.9))
        out.block("furniture", 0, h - 0.04, 0, (w + 0.04, 0.04, d), WHITE)
        for i in range(4):
            out.block("furniture", -w / 2 + (i + 0.5) * w / 4, 0.68, d / 2 - 0.01, (0.16, 0.02, 0.03), METAL)
        out.block("furniture:metal", 0.5, h - 0.03, -0.02, (0.5, 0.035, 0.36), METAL)
        out.tube("furniture:metal", (0.5, h, -0.2), (0.5, h + 0.24, -0.2), 0.015, METAL)
        out.tube("furniture:metal", (0.5, h + 0.24, -0.2), (0.5, h + 0.24, -0.04), 0.015, METAL)
        out.lathe("furniture", (-0.6, h, -0.05), [(0.09, 0), (0.11, 0.1), (0.07, 0.17), (0, 0.18)], cloth)
    elif piece in ("table", "desk", "altar"):
        out.block("furniture:wood", 0, h - 0.05, 0, (w, 0.05, d), wood)
        for x in (-1.0, 1.0):
            for z in (-1, 1):
                out.block(
                    "furniture:wood",
                    x * (w / 2 - 0.07),
                    0,
                    z * (d / 2 - 0.07),
                    (0.06, h - 0.05, 0.06),
                    shaded(wood, 0.8),
                )
        if piece == "altar":
            out.block("furniture", 0, h, 0, (w * 0.9, 0.01, d), WHITE)
        if piece == "desk":
            out.block("furniture", -0.2, h, -0.05, (0.3, 0.02, 0.22), WHITE)
    elif piece in ("cupboard", "wardrobe", "chest"):
        out.block("furniture:wood", 0, 0, 0, (w, h, d), wood)
        rows = 3 if piece == "chest" else 1
        columns = 1 if piece == "chest" else 2
        for r in range(rows):
            for c in range(columns):
                x = -w / 2 + (c + 0.5) * w / columns
                height = (h - 0.1) / rows
                out.block(
                    "furniture:wood", x, 0.05 + r * height + 0.015, d / 2, (w / columns - 0.05, height - 0.03, 0.03),
                    shaded(wood, 1.15),
                )  # fmt: skip
                out.block("furniture", x, 0.05 + (r + 0.5) * height, d / 2 + 0.02, (0.08, 0.025, 0.03), DARK)
    elif piece in ("shelf", "nest_boxes"):
        rows, columns = (3, 4) if piece == "nest_boxes" else (4, 1)
        foot = 0.5 if piece == "nest_boxes" else 0.05
        out.block("furniture:wood", 0, foot, -d / 2 + 0.02, (w, h - foot, 0.03), shaded(wood, 0.55))
        for r in range(rows + 1):
            out.block("furniture:wood", 0, foot + r * (h - foot - 0.03) / rows, 0, (w, 0.03, d), wood)
        for c in range(columns + 1):
            out.block("furniture:wood", -w / 2 + c * w / columns, foot, 0, (0.03, h - foot, d), wood)
        if piece == "shelf":
            for i in range(22):
                r, c = i % 3 + 1, i // 3
                height = 0.2 + 0.05 * ((i * 7) % 4)
                tone = (cloth, DARK, wood, WHITE)[(i * 5) % 4]
                y = foot + r * (h - foot - 0.03) / rows + 0.03
                out.block("furniture", -w / 2 + 0.12 + c * 0.125, y, 0.02, (0.06, height, 0.2), tone)
    elif piece in ("bed", "sofa"):
        out.block("furniture:wood", 0, 0.1, 0, (w, 0.2, d), wood)
        out.block("furniture:cloth", 0, 0.3, 0, (w - 0.04, 0.18, d - 0.06), cloth if piece == "sofa" else WHITE)
        if piece == "bed":
            out.block("furniture:cloth", 0, 0.36, 0.35, (w + 0.02, 0.15, d * 0.62), cloth)
            out.blob("furniture:cloth", (0, 0.54, -d / 2 + 0.3), (w * 0.36, 0.09, 0.2), WHITE)
            out.block("furniture:wood", 0, 0, -d / 2, (w, 0.95, 0.05), wood)
        else:
            out.block("furniture:cloth", 0, 0.3, -d / 2 + 0.12, (w, 0.52, 0.24), shaded(cloth, 0.92))
            for x in (-1.0, 1.0):
                out.block("furniture:cloth", x * (w / 2 - 0.09), 0.1, 0, (0.18, 0.52, d), shaded(cloth, 0.95))
    elif piece == "picture":
        out.block("furniture:wood", 0, 1.35, 0, (w, 0.6, 0.04), DARK)
        out.block("furniture", 0, 1.41, 0.02, (w - 0.12, 0.48, 0.03), WHITE)
        out.block("furniture", -0.05, 1.45, 0.03, (w - 0.3, 0.2, 0.03), cloth)
    elif piece == "bar":
        out.block("furniture:planks", 0, 0, 0, (w, h - 0.06, d - 0.12), shaded(wood, 0.8))
        out.block("furniture:wood", 0, h - 0.06, 0.04, (w + 0.1, 0.06, d), wood)
        for i in range(7):
            out.lathe(
                "furniture", (-w / 2 + 0.3 + i * 0.16, h, -0.2),
                [(0.035, 0), (0.035, 0.17), (0.014, 0.22), (0.014, 0.29), (0, 0.29)],
                (shaded(cloth, 0.8), linear("#2f4a33"), linear("#6b3b1e"))[i % 3], sides=8,
            )  # fmt: skip
    elif piece == "stools":
        for x in (-0.6, 0.0, 0.6):
            out.lathe("furniture", (x, 0.7, 0), [(0, 0), (0.18, 0), (0.18, 0.05), (0, 0.06)], cloth)
            out.tube("furniture:metal", (x, 0, 0), (x, 0.7, 0), 0.03, METAL)
    elif piece == "pews":
        out.block("furniture:wood", 0, 0.42, 0.05, (w, 0.05, 0.4), wood)
        out.block("furniture:wood", 0, 0, -0.2, (w, h, 0.05), wood)
    elif piece == "crates":
        out.block("furniture:planks", -0.25, 0, 0, (0.6, 0.4, 0.5), wood)
        out.block("furniture:planks", 0.38, 0, 0.05, (0.55, 0.36, 0.45), shaded(wood, 0.85))
        out.block("furniture:planks", -0.1, 0.4, -0.02, (0.55, 0.36, 0.45), shaded(wood, 1.1))
    elif piece == "bench":
        out.block("furniture:wood", 0, h - 0.06, 0, (w, 0.06, d), wood)
        for x in (-1, 1):
            out.block("furniture:wood", x * (w / 2 - 0.15), 0, 0, (0.06, h - 0.06, d - 0.06), shaded(wood, 0.8))
    elif piece == "screen":
        out.block("furniture:cloth", 0, 0.2, 0, (w, h - 0.2, 0.03), linear("#a9c4bd"))


def chair(out: Solids, wood: Colour) -> None:
    """A kitchen chair whose sitter faces +z."""
    out.block("furniture:wood", 0, 0.41, -0.06, (0.42, 0.04, 0.42), wood)
    for x in (-0.18, 0.18):
        out.block("furniture:wood", x, 0, 0.12, (0.04, 0.42, 0.04), shaded(wood, 0.85))
        out.block("furniture:wood", x, 0, -0.26, (0.04, 0.92, 0.04), shaded(wood, 0.85))
    out.block("furniture:wood", 0, 0.78, -0.27, (0.38, 0.12, 0.025), wood)
    out.block("furniture:wood", 0, 0.6, -0.27, (0.38, 0.06, 0.025), wood)
