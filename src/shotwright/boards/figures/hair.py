"""Hair, beards and hats: shells over the scalp, each with its own edge, none over the face."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from shotwright.boards.figures.body import body_data
from shotwright.boards.figures.garments import Garment, cuts
from shotwright.boards.figures.piece import Piece, ball, carried, lattice, tube

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from shotwright.boards.figures.appearance import Appearance

SHAPES = ("short", "crop", "parted", "swept", "long", "bob", "bun", "ponytail", "curly", "afro", "receding", "bald")


class _Scalp:
    """The grid of the scalp on one head: rows from the crown to the hairline, columns from the nape round by +x."""

    def __init__(self, points: NDArray[Any]) -> None:
        data = body_data()
        grid = data.grids["cap"]
        self.shape = grid.shape
        self.skin = points[grid.ravel()].reshape(*grid.shape, 3).astype(float)
        ring = self.skin[-1]
        self.centre = np.array(
            [
                0.0,
                float(self.skin[:, :, 1].max()) * 0.42 + float(np.median(ring[:, 1])) * 0.58,
                float(self.skin[:, :, 2].mean()),
            ]
        )
        out = self.skin - self.centre
        self.out = out / np.linalg.norm(out, axis=2, keepdims=True)
        self.share = np.linspace(0.04, 1, self.shape[0])[:, None]
        self.azimuth = np.linspace(-180, 180, self.shape[1], endpoint=False)[None]
        self.size = float(self.skin[:, :, 1].max() - self.skin[-1, self.shape[1] // 2, 1])
        """Metres from the brow's hairline to the crown: the scale of this head."""
        self.k = float(np.ptp(self.skin[:, :, 0])) / 0.155


def _strands(columns: int, rows: int, colour: NDArray[Any], seed: float, amount: float = 0.22) -> NDArray[Any]:
    """Hair's own light and dark along its fall: colours of a lattice's faces."""
    j = np.arange(columns)
    wave = np.sin(j * 2.3 + seed * 7) * 0.5 + np.sin(j * 5.1 + seed * 13) * 0.5
    tone = 1 + amount * wave
    return np.asarray(np.tile(np.repeat(tone, 2)[:, None] * colour, (rows, 1)), np.float32)


def _thickness(scalp: _Scalp, look: Appearance) -> NDArray[Any]:
    """Metres of hair over the scalp by row and column."""
    t, az = scalp.share, scalp.azimuth
    front = np.exp(-((az / 48) ** 2))
    back = np.exp(-(((np.abs(az) - 180) / 70) ** 2))
    edge = np.sqrt(np.clip(1.02 - t, 0, 1))
    seed = look.seed
    table = {
        "short": 0.016 * edge + 0.010 * front * np.exp(-(((t - 0.75) / 0.3) ** 2)) + 0.002,
        "crop": 0.006 * edge + 0.002,
        "parted": 0.017 * edge + 0.012 * np.exp(-(((az - 35) / 60) ** 2)) * (t > 0.2) * edge**0.4 + 0.003,
        "swept": 0.018 * edge + 0.022 * front * np.exp(-(((t - 0.8) / 0.28) ** 2)) + 0.003,
        "long": 0.016 * edge**0.5 + 0.005 + 0.006 * back,
        "bob": 0.018 * edge**0.5 + 0.007 + 0.006 * back,
        "bun": 0.008 * edge**0.6 + 0.003,
        "ponytail": 0.009 * edge**0.6 + 0.003,
        "curly": 0.034 * edge**0.35 + 0.004,
        "afro": 0.062 * edge**0.3 + 0.004,
        "receding": 0.009 * edge**0.5 + 0.002,
        "bald": 0.006 * edge**0.5 + 0.0015,
    }
    out = np.broadcast_to(table.get(look.hair, table["short"]), scalp.shape).astype(float)
    if look.hair in ("curly", "afro"):
        rough = 0.010 if look.hair == "curly" else 0.007
        i = np.arange(scalp.shape[0])[:, None]
        j = np.arange(scalp.shape[1])[None]
        bumps = np.sin(j * 2.61 + i * 1.7 + seed * 9) * np.sin(i * 2.2 + j * 0.52 + seed * 5)
        out = out + rough * bumps * np.clip(1.15 - t, 0.15, 1)
    return np.asarray(out * scalp.k)


def hair(points: NDArray[Any], look: Appearance) -> list[Piece]:
    """The hair of the head and the face."""
    scalp = _Scalp(points)
    out = _beard(points, look)
    hat = any(cuts()[g.kind]["slot"] == "hat" for g in look.garments)
    colour = np.array(look.hair_colour, float)
    if look.hair == "bald":
        if look.years >= 45:
            out.append(_fringe_of_the_bald(scalp, colour, look))
        return out
    rows, columns = scalp.shape
    skin, t = scalp.skin, scalp.share
    thick = _thickness(scalp, look)
    if hat:
        thick = np.minimum(thick, 0.003 * scalp.k + 0.03 * np.clip(t - 0.8, 0, 1))
    place = skin + scalp.out * (thick * np.where(t >= 1, 0.25, 1) + 0.0012)[:, :, None]
    drop = 0.16 if look.hair == "receding" else 0.0
    if drop:
        # The hairline goes back over the temples and brow.
        back = np.exp(-((scalp.azimuth / 58) ** 2)) * 0.55
        keep = np.clip(t * (1 - back), 0, 1) * (rows - 1)
        low = np.floor(keep).astype(int)
        high = np.minimum(low + 1, rows - 1)
        frac = (keep - low)[:, :, None]
        col = np.broadcast_to(np.arange(columns), keep.shape)
        place = place[low, col] * (1 - frac) + place[high, col] * frac
        place[-1] = (
            skin[low[-1], col[-1]] * (1 - frac[-1]) + skin[high[-1], col[-1]] * frac[-1] + scalp.out[-1] * 0.0015
        )
    # A hairline is never a ruled line.
    loose = 0.22 * (1 + np.sin(np.arange(columns) * 1.9 + look.seed * 20)) * (np.abs(scalp.azimuth[0]) < 60)
    place[-1] += (place[-2] - place[-1]) * loose[:, None]
    faces = lattice(rows, columns, closed=True)
    # The first row leaves a small hole at the crown.
    crown = len(place.reshape(-1, 3))
    k = np.arange(columns)
    lid = np.stack([np.full(columns, crown), k, (k + 1) % columns], 1)
    cap = np.concatenate([place.reshape(-1, 3), place[:1].mean(1) + np.array([0, 0.001, 0])])
    colours = np.concatenate(
        [_strands(columns, rows - 1, colour, look.seed), np.tile(colour, (columns, 1)).astype(np.float32)]
    )
    out.append(carried("hair", cap, np.concatenate([faces, lid]), colours, {"head": 1.0}))
    if any(g.kind in ("headscarf", "helmet") for g in look.garments):
        return out
    if look.hair in ("long", "bob"):
        out += _fall(scalp, place, colour, look)
    if look.fringe and not hat and look.hair not in ("receding", "afro"):
        out.append(_fringe(scalp, place, colour, look))
    if look.hair == "bun" and not hat:
        top = place[rows // 2 - 1, 0] + np.array([0, 0.004, -0.016]) * scalp.k
        pts, fcs = ball(top, np.array([0.040, 0.036, 0.034]) * scalp.k, 9, 14)
        out.append(carried("hair", pts, fcs, _strands(14, 8, colour, look.seed, 0.3), {"head": 1.0}))
    if look.hair == "ponytail":
        root = place[rows // 2 if not hat else rows - 4, 0]
        line = (
            root
            + np.array(
                [
                    [0, 0.004, 0.014],
                    [0, 0.008, -0.016],
                    [0, -0.024, -0.036],
                    [0, -0.09, -0.030],
                    [0, -0.16, -0.022],
                    [0, -0.22, -0.018],
                ]
            )
            * scalp.k
        )
        pts, fcs = tube(line, np.array([0.012, 0.020, 0.026, 0.025, 0.018, 0.006]) * scalp.k, 9)
        out.append(carried("hair", pts, fcs, colour * 0.92, {"head": 0.8, "neck_01": 0.2}))
    return out


def _fall(scalp: _Scalp, place: NDArray[Any], colour: NDArray[Any], look: Appearance) -> list[Piece]:
    """Hair that hangs behind the ears and down the back: from the temples round, never over the face."""
    k = scalp.k
    az = scalp.azimuth[0]
    ring = place.shape[0] - 4
    edge = np.flatnonzero(np.abs(az) >= 58)
    # From the left temple round the nape to the right one.
    edge = np.concatenate([edge[az[edge] > 0], edge[az[edge] < 0]])
    start = place[ring, edge]
    length = (0.075 if look.hair == "bob" else 0.235 + 0.10 * look.seed) * k
    side = np.abs(az[edge])
    steps = 9
    down = np.linspace(0, 1, steps)[:, None]
    jaw = scalp.centre[1] - 0.085 * k
    goal_y = jaw - length
    y = start[None, :, 1] * (1 - down) + goal_y * down
    out = np.stack([np.sin(np.radians(az[edge])), np.cos(np.radians(az[edge]))], 1)
    wide = np.where(side < 115, 0.088, 0.084) * k
    # Swells over ear and jaw, then comes in towards the neck and lies on shoulders and back.
    swell = np.interp(down[:, 0], [0, 0.25, 0.55, 0.8, 1], [0.0, 0.012, 0.010, 0.004, -0.006])[:, None] * k
    ahead = np.clip((100 - side) / 42, 0, 1)
    base_x, base_z = start[None, :, 0], start[None, :, 2]
    x = base_x * (1 - down) + (out[:, 0] * wide)[None] * down + out[None, :, 0] * swell
    z = base_z * (1 - down) + (scalp.centre[2] + out[:, 1] * wide * 1.0)[None] * down + out[None, :, 1] * swell
    z -= ahead[None] * 0.028 * k * np.minimum(down * 3, 1)
    lower = np.clip((scalp.centre[1] - 0.15 * k - y) / (0.12 * k), 0, 1)
    z -= lower * (0.024 + 0.034 * np.clip((side - 95) / 60, 0, 1))[None] * k
    grid = np.stack([x, y, z], -1)
    rows, columns = grid.shape[:2]
    faces = lattice(rows, columns)
    colours = _strands(columns - 1, rows - 1, colour, look.seed)
    inner = grid - scalp_out(grid, scalp.centre) * 0.004 * k
    data = body_data()
    pieces = []
    for points, tris, tint in ((grid, faces, colours), (inner, faces[:, ::-1], colours * 0.6)):
        piece = carried("hair", points.reshape(-1, 3), tris, tint, {"head": 1.0})
        share = (0.75 * lower.reshape(-1)).astype(np.float32)
        piece.weights[:, data.bones.index("head")] = 1 - share
        piece.weights[:, data.bones.index("spine_03")] = share
        pieces.append(piece)
    return pieces


def scalp_out(grid: NDArray[Any], centre: NDArray[Any]) -> NDArray[Any]:
    """Level ways outwards from the middle of the head."""
    flat = grid - centre
    flat[..., 1] = 0
    return np.asarray(flat / (np.linalg.norm(flat, axis=-1, keepdims=True) + 1e-9))


def _fringe(scalp: _Scalp, place: NDArray[Any], colour: NDArray[Any], look: Appearance) -> Piece:
    """Hair over the brow, ending well above the eyebrows."""
    az = scalp.azimuth[0]
    some = np.flatnonzero(np.abs(az) <= 46)
    start = place[-4, some]
    skin = scalp.skin[-1, some]
    reach = 0.026 * scalp.k * np.sqrt(np.cos(np.radians(az[some]) * 88 / 46))
    reach = reach * (1 - 0.25 * np.abs(np.sin(np.arange(len(some)) * 2.1 + look.seed * 6)))
    end = skin + np.array([0, -1, 0]) * reach[:, None] + scalp.out[-1, some] * 0.010 * scalp.k
    end[:, 2] += 0.004 * scalp.k
    middle = skin + scalp.out[-1, some] * 0.013 * scalp.k
    grid = np.stack([start, middle, end])
    return carried(
        "hair",
        grid.reshape(-1, 3),
        lattice(3, len(some)),
        _strands(len(some) - 1, 2, colour, look.seed, 0.1),
        {"head": 1.0},
    )


def _fringe_of_the_bald(scalp: _Scalp, colour: NDArray[Any], look: Appearance) -> Piece:
    """What is left round the back of a bald head, from ear to ear."""
    az = scalp.azimuth[0]
    some = np.flatnonzero(np.abs(az) >= 72)
    some = np.concatenate([some[az[some] > 0], some[az[some] < 0]])
    rows = scalp.skin[scalp.shape[0] // 2 :, some]
    n = len(rows)
    thick = 0.008 * np.sin(np.linspace(0.05, math.pi * 0.97, n))[:, None, None] * scalp.k + 0.001
    grid = rows + scalp.out[scalp.shape[0] // 2 :, some] * thick
    return carried(
        "hair",
        grid.reshape(-1, 3),
        lattice(n, len(some)),
        _strands(len(some) - 1, n - 1, colour, look.seed),
        {"head": 1.0},
    )


def _beard(points: NDArray[Any], look: Appearance) -> list[Piece]:
    data, out = body_data(), []
    colour = np.array(look.hair_colour, float) * 0.9
    if look.beard in ("full", "stubble", "goatee"):
        grid = data.grids["beard"]
        skin = points[grid.ravel()].reshape(*grid.shape, 3).astype(float)
        middle = np.array([0, skin[:, :, 1].mean() + 0.05, skin[:, :, 2].mean() - 0.06])
        way = skin - middle
        way /= np.linalg.norm(way, axis=2, keepdims=True)
        rows, columns = grid.shape
        some = np.arange(columns)
        if look.beard == "goatee":
            skin = _narrowed(skin, columns // 2, 5)
            way = _narrowed(way, columns // 2, 5)
            some = np.arange(skin.shape[1])
        r = np.sin(np.linspace(0.0, math.pi, rows))[:, None]
        side = np.sin(np.linspace(0.0, math.pi, len(some)))[None] ** 0.5
        deep = {"full": 0.013, "goatee": 0.012, "stubble": 0.0004}[look.beard]
        place = skin[:, some] + way[:, some] * (deep * r * side + 0.0012)[:, :, None]
        if look.beard == "stubble":
            colour = colour * 0.35 + np.array(look.skin) * 0.65 * np.array([0.8, 0.75, 0.75])
        out.append(
            carried(
                "hair",
                place.reshape(-1, 3),
                lattice(rows, len(some)),
                _strands(len(some) - 1, rows - 1, colour, look.seed, 0.12),
                {"head": 1.0},
            )
        )
    if look.beard in ("full", "goatee", "moustache"):
        grid = data.grids["moustache"]
        skin = points[grid.ravel()].reshape(*grid.shape, 3).astype(float)
        puff = np.sin(np.linspace(0.1, math.pi * 0.95, grid.shape[0]))[:, None, None] * 0.0055 + 0.001
        place = skin + puff * np.array([0, -0.1, 1.0])
        out.append(carried("hair", place.reshape(-1, 3), lattice(*grid.shape), colour, {"head": 1.0}))
    return out


def _narrowed(grid: NDArray[Any], middle: int, half: int) -> NDArray[Any]:
    """The middle columns of a grid, narrower at its top and bottom than between."""
    wide = half * np.sin(np.linspace(0.35, math.pi - 0.5, len(grid)))[:, None]
    at = middle + np.linspace(-1, 1, 2 * half + 1)[None] * wide
    low = np.floor(at).astype(int)
    rows = np.arange(len(grid))[:, None]
    share = (at - low)[:, :, None]
    return np.asarray(grid[rows, low] * (1 - share) + grid[rows, low + 1] * share)


def headwear(points: NDArray[Any], garments: Sequence[Garment]) -> list[Piece]:
    """Hats and hoods over the hair."""
    out: list[Piece] = []
    for garment in garments:
        cut = cuts()[garment.kind]
        if cut["slot"] == "hat":
            out += _hat(points, garment, cut)
    return out


def _hat(points: NDArray[Any], garment: Garment, cut: dict[str, Any]) -> list[Piece]:
    scalp = _Scalp(points)
    k = scalp.k
    columns = scalp.shape[1]
    az = np.radians(scalp.azimuth[0])
    colour = np.array(garment.colour, float)
    # One level round the head: above the brow in front, above the ears, over the nape behind.
    crown = float(scalp.skin[:, :, 1].max())
    level = crown - (0.064 + 0.085 * (cut["down"] - 0.84)) * k - 0.026 * k * (1 - np.cos(az)) / 2
    if garment.kind in ("beanie", "helmet", "headscarf"):
        level = level - 0.018 * k - (0.055 * k if garment.kind != "beanie" else 0.02 * k) * (1 - np.cos(az)) / 2
    up = np.linspace(1, 0, 9)[:, None]
    wide_x = float(np.ptp(scalp.skin[:, :, 0])) / 2 + cut["thick"] * k
    data = body_data()
    brow = points[np.concatenate([data.grids["brow_l"].ravel(), data.grids["brow_r"].ravel()])]
    front, back = float(brow[:, 2].max()) + 0.006 * k, float(scalp.skin[:, :, 2].min())
    deep, middle = (front - back) / 2 + cut["thick"] * k * 0.9, (front + back) / 2
    top = crown + cut["high"] * k
    radius = np.sqrt(1 - up ** (5.0 if cut.get("band") else 2.2))
    y = level[None] + (top - level[None]) * up
    x = wide_x * np.sin(az)[None] * np.maximum(radius, 0.02)
    z = middle + deep * np.cos(az)[None] * np.maximum(radius, 0.02)
    if garment.kind == "flat_cap":
        z = z + 0.006 * k * up
        y = y + 0.012 * k * (np.cos(az)[None] < 0) * up * (1 - up)
    shell = np.stack([x, y, np.broadcast_to(z, x.shape)], -1)
    tints = np.tile(colour, (8 * columns * 2, 1))
    if cut.get("band"):
        tints[-columns * 2 * 2 :] = np.array(garment.accent) * 0.8
    out = [carried("hat", shell.reshape(-1, 3), lattice(9, columns, closed=True), tints, {"head": 1.0})]
    rim = shell[-1]
    flat = np.stack([np.sin(az), np.zeros_like(az), np.cos(az)], 1)
    if "brim" in cut:
        edge = rim + flat * cut["brim"] * k + np.array([0, -0.014 * k, 0]) * (0.4 + 0.6 * np.cos(az)[:, None])
        for a, b, shade in ((rim, edge, 1.0), (edge - [0, 0.003, 0], rim - [0, 0.003, 0], 0.7)):
            ring = np.concatenate([a, b])
            out.append(carried("hat", ring, lattice(2, columns, closed=True), colour * shade, {"head": 1.0}))
    if "peak" in cut:
        some = np.flatnonzero(np.abs(scalp.azimuth[0]) <= 62)
        shape = np.cos(np.radians(scalp.azimuth[0][some]) * 1.4)[:, None]
        edge = rim[some] + np.array([0, -0.022, 1.0]) * cut["peak"] * k * np.clip(shape, 0, 1) ** 0.6
        for a, b, shade in ((rim[some], edge, 0.8), (edge - [0, 0.004, 0], rim[some] - [0, 0.004, 0], 0.55)):
            strip = np.concatenate([a, b])
            out.append(carried("hat", strip, lattice(2, len(some)), colour * shade, {"head": 1.0}))
    return out
