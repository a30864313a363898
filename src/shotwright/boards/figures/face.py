"""Eyes that look, brows, lashes, glasses, and the tints of a skin."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from shotwright.boards.figures.body import MASKS, body_data
from shotwright.boards.figures.cloth import normals_of
from shotwright.boards.figures.piece import Piece, carried, lattice, tube

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from shotwright.boards.figures.appearance import Appearance

_SECTORS = 24
# Angle from the middle of the pupil, and what lies inward of it; an iris is nearly six millimetres in radius.
_RINGS = (
    (0.0, ""),
    (11.0, "pupil"),
    (20.0, "iris"),
    (27.0, "iris"),
    (31.0, "rim"),
    (45.0, "white"),
    (68.0, "white"),
    (98.0, "white"),
)
WHITE, PUPIL = (0.70, 0.67, 0.64), (0.006, 0.005, 0.005)


def eyes(points: NDArray[Any], look: Appearance) -> list[Piece]:
    """Both eyeballs, looking straight ahead."""
    data, out = body_data(), []
    angles = np.radians([a for a, _ in _RINGS])
    around = 2 * np.pi * np.arange(_SECTORS) / _SECTORS
    iris = np.array(look.eyes, np.float32)
    for side in "lr":
        centre, front = points[data.joints[f"eye_{side}"]], points[data.joints[f"eye_front_{side}"]]
        radius = float(np.linalg.norm(front - centre)) * 0.985
        # The cornea stands out a little, so that the iris does not look painted on.
        bulge = 1 + 0.035 * np.exp(-((angles / 0.42) ** 2))
        ball = np.stack(
            [
                (np.sin(angles) * bulge)[:, None] * np.sin(around),
                (np.sin(angles) * bulge)[:, None] * np.cos(around),
                np.broadcast_to((np.cos(angles) * bulge)[:, None], (len(angles), _SECTORS)),
            ],
            -1,
        )
        faces = lattice(len(angles), _SECTORS, closed=True)[:, ::-1]
        ring = np.repeat([name for _, name in _RINGS[1:]], _SECTORS * 2)
        spoke = np.tile(np.repeat(np.arange(_SECTORS), 2), len(_RINGS) - 1)
        colours = np.tile(np.array(WHITE, np.float32), (len(faces), 1))
        colours[ring == "iris"] = iris
        # Light falls through the cornea to the far side of the iris: its lower half is brighter.
        lower = (ring == "iris") & (np.cos(around[spoke]) < 0.2)
        colours[lower] = np.minimum(iris * 1.55, 0.9)
        colours[ring == "rim"] = iris * 0.28
        colours[ring == "pupil"] = PUPIL
        out.append(carried("eyes", ball.reshape(-1, 3) * radius + centre, faces, colours, {"head": 1.0}))
    return out


def coarse_eyes(points: NDArray[Any], look: Appearance) -> list[Piece]:
    """Eyes for somebody at the back of a scene: a white and an iris, two discs each."""
    data, out = body_data(), []
    around = 2 * np.pi * np.arange(8) / 8
    k = np.arange(8)
    for side in "lr":
        centre, front = points[data.joints[f"eye_{side}"]], points[data.joints[f"eye_front_{side}"]]
        radius = float(np.linalg.norm(front - centre))
        for size, out_by, colour in ((0.95, 1.0, WHITE), (0.48, 1.06, look.eyes)):
            rim = np.stack(
                [np.sin(around) * size, np.cos(around) * size * (0.55 if size > 0.6 else 1.0), around * 0], 1
            )
            middle = centre + np.array([0, 0, radius * out_by])
            disc = np.concatenate([middle + rim * radius, [middle]])
            faces = np.stack([np.full(8, 8), (k + 1) % 8, k], 1)
            out.append(carried("eyes", disc, faces, colour, {"head": 1.0}))
    return out


def glint(points: NDArray[Any]) -> list[Piece]:
    """The small light in each eye; it stays where the lamp is while the eye turns."""
    data, out = body_data(), []
    for side in "lr":
        centre, front = points[data.joints[f"eye_{side}"]], points[data.joints[f"eye_front_{side}"]]
        radius = float(np.linalg.norm(front - centre))
        way = np.array([0.16, 0.20, 1.0])
        way /= np.linalg.norm(way)
        u = np.cross([0, 1, 0], way)
        v = np.cross(way, u)
        around = 2 * np.pi * np.arange(8) / 8
        rim = (
            centre + way * radius * 1.055 + radius * 0.085 * (np.cos(around)[:, None] * u + np.sin(around)[:, None] * v)
        )
        disc = np.concatenate([rim, [rim.mean(0)]])
        k = np.arange(8)
        out.append(carried("eyes", disc, np.stack([np.full(8, 8), k, (k + 1) % 8], 1), (1.0, 1.0, 1.0), {"head": 1.0}))
    return out


def brows(points: NDArray[Any], look: Appearance) -> list[Piece]:
    """Two brows, in the colour of the hair and darker."""
    data, out = body_data(), []
    colour = np.array(look.brows, np.float32)
    middle = points[data.joints["eye_l"]] / 2 + points[data.joints["eye_r"]] / 2
    for side in "lr":
        grid = data.grids[f"brow_{side}"]
        strip = points[grid.ravel()].reshape(*grid.shape, 3).astype(float)
        if look.gender == "female" or look.years < 14:
            strip = strip[1] + (strip - strip[1]) * (0.72 if look.years >= 14 else 0.55)
        strip[1] += (strip[1] - middle) * 0.006
        strip += (strip - middle) / np.linalg.norm(strip - middle, axis=2, keepdims=True) * 0.0016
        out.append(carried("brows", strip.reshape(-1, 3), lattice(*grid.shape)[:, ::-1], colour, {"head": 1.0}))
    return out


def lashes(points: NDArray[Any], look: Appearance) -> Piece:
    """The upper lashes: what gives an eye its edge."""
    faces = body_data().faces["lashes"]
    used, inverse = np.unique(faces, return_inverse=True)
    place = points[used].astype(float)
    shade = (0.012, 0.009, 0.008) if look.gender == "female" else (0.035, 0.026, 0.022)
    return carried("brows", place, inverse.reshape(-1, 3), shade, {"head": 1.0})


def glasses(points: NDArray[Any], look: Appearance) -> list[Piece]:
    """Frames with a bridge and sides that rest on the ears."""
    data = body_data()
    out: list[Piece] = []
    colour = look.glasses
    if colour is None:
        return out
    left, right = (points[data.joints[f"eye_front_{s}"]].astype(float) for s in "lr")
    apart = float(left[0] - right[0])
    round_ = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    for eye, sign in ((left, 1.0), (right, -1.0)):
        x = np.sign(np.cos(round_)) * np.abs(np.cos(round_)) ** 0.8 * 0.385 * apart
        y = np.sign(np.sin(round_)) * np.abs(np.sin(round_)) ** 0.8 * 0.33 * apart
        rim = eye + np.stack(
            [x + sign * 0.02 * apart, y - 0.05 * apart, 0.17 * apart - 0.10 * np.abs(x) * (x * sign > 0)], 1
        )
        out.append(carried("glasses", *tube(rim, 0.024 * apart, 5, ring=True), colour, {"head": 1.0}))
        outer = eye + np.array([sign * 0.40, 0.08, 0.15]) * apart
        line = np.stack(
            [
                outer,
                outer + np.array([sign * 0.13, 0.0, -0.4]) * apart,
                outer + np.array([sign * 0.27, 0.02, -1.50]) * apart,
            ]
        )
        out.append(carried("glasses", *tube(line, 0.022 * apart, 4), colour, {"head": 1.0}))
    middle = (left + right) / 2
    bridge = middle + np.array([[-0.12, 0.06, 0.18], [0, 0.12, 0.21], [0.12, 0.06, 0.18]]) * apart
    out.append(carried("glasses", *tube(bridge, 0.022 * apart, 4), colour, {"head": 1.0}))
    return out


@cache
def _mouth_depth() -> NDArray[Any]:
    """Which points lie inside the mouth."""
    return np.asarray(body_data().masks[:, MASKS.index("mouth")] > 0.5)


def skin_colours(points: NDArray[Any], look: Appearance, faces: NDArray[Any]) -> NDArray[Any]:
    """Colour of each face of skin: lips, lids, warm cheeks, nose and ears, a dark mouth."""
    data = body_data()
    masks = data.masks[faces].mean(1)
    lips, mouth, lids, ears, nails = (masks[:, MASKS.index(n)] for n in MASKS)
    skin = np.array(look.skin, np.float32)
    out = np.tile(skin, (len(faces), 1))
    base = data.base[faces].mean(1)
    eye = data.base[data.joints["eye_l"]]
    side = np.abs(base[:, 0])
    cheek = np.exp(-(((side - 0.042) / 0.024) ** 2 + ((base[:, 1] - eye[1] + 0.036) / 0.02) ** 2)) * (base[:, 2] > 0.06)
    nose = np.exp(-((side / 0.016) ** 2 + ((base[:, 1] - eye[1] + 0.035) / 0.018) ** 2)) * (base[:, 2] > 0.14)
    socket = np.exp(-(((side - eye[0]) / 0.021) ** 2 + ((base[:, 1] - eye[1] - 0.004) / 0.015) ** 2)) * (
        base[:, 2] > 0.1
    )
    warm = np.clip(0.55 * cheek + 0.5 * nose + 0.5 * (ears > 0.5) + 0.25 * (nails > 0.5), 0, 1)[:, None]
    out *= 1 - warm * np.array([0.05, 0.26, 0.28], np.float32)
    out *= 1 - 0.30 * socket[:, None]
    out[lids > 0.5] *= 0.72
    red = look.lips
    strong = np.clip((lips - 0.25) / 0.4, 0, 1)[:, None]
    out = out * (1 - strong) + strong * np.array(red, np.float32)
    out[mouth > 0.5] = (0.05, 0.012, 0.012)
    return np.asarray(out, np.float32)


def teeth(points: NDArray[Any]) -> Piece:
    """The upper teeth, which an open mouth shows."""
    faces = body_data().faces["teeth"]
    used, inverse = np.unique(faces, return_inverse=True)
    return carried("mouth", points[used], inverse.reshape(-1, 3), (0.55, 0.52, 0.46), {"head": 1.0})


def skin_normals(points: NDArray[Any]) -> NDArray[Any]:
    """Normals of all points of the body; those of other pieces are none."""
    return normals_of(points, body_data().faces["body"])
