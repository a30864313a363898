"""Films whose cuts and camera moves are known: textured planes at several depths, seen through a real lens."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

RATE = 24
SIZE = (480, 270)
TEXTURE, CELL = 720, 70
PLANES = ((9.0, 26.0, 1.0), (6.0, 16.0, 0.7), (3.6, 9.0, 0.7))
"""Metres away, metres across, and how much of it is there at all: a wall, furniture, things near by."""


@dataclass(frozen=True)
class Planted:
    """One shot. `amount`: of the whole move, in frame widths (pan, tilt), metres (truck, pedestal, dolly), a factor
    (zoom), or degrees (roll)."""

    kind: str
    amount: float = 0.0
    seconds: float = 2.0
    shake: float = 0.0
    """Root mean square of the hand's shaking, frame widths."""
    walker: bool = False
    """Whether somebody crosses the picture."""
    seed: int = 0
    lens: float = 1.4
    """Focal length over the frame's width."""


def frames_of(shot: Planted) -> Iterator[NDArray[Any]]:
    """RGB frames of one shot."""
    import cv2

    width, height = SIZE
    planes = [_plane(shot.seed * 10 + n, *size) for n, size in enumerate(PLANES)]
    count = round(shot.seconds * RATE)
    hand = _hand(shot, count)
    for number in range(count):
        share = number / max(count - 1, 1)
        eased = share * share * (3 - 2 * share) if shot.seed % 2 else share
        place, turn, focal = _camera(shot, eased - 0.5)
        turn[0] += hand[number, 0] / shot.lens
        turn[1] += hand[number, 1] / shot.lens
        picture = np.zeros((height, width, 3), np.uint8)
        walker = _walker(shot, share) if shot.walker else None
        for depth, pixels, alpha, metres in [*planes, *([walker] if walker else [])]:
            view = _homography(place, turn, focal * width, depth, metres, pixels.shape)
            seen = cv2.warpPerspective(pixels, view, SIZE, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
            inside = cv2.warpPerspective(alpha, view, SIZE, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
            if depth == PLANES[0][0]:
                picture = seen
            else:
                share_seen = (inside[..., None] / 255).astype(np.float32)
                picture = (seen * share_seen + picture * (1 - share_seen)).astype(np.uint8)
        yield picture


def write_film(
    path: Path, shots: Sequence[Planted], *, codec: str = "libx264", sized: tuple[int, int] = SIZE
) -> list[float]:
    """Write the shots one after another; the seconds at which there is a cut."""
    import av
    import cv2

    cuts, at = [], 0.0
    with av.open(str(path), "w") as film:
        stream = film.add_stream(codec, rate=RATE)
        stream.width, stream.height = sized
        stream.pix_fmt = "yuv420p"
        stream.bit_rate = 2_500_000
        for shot in shots:
            for pixels in frames_of(shot):
                scaled = pixels if sized == SIZE else cv2.resize(pixels, sized)
                film.mux(stream.encode(av.VideoFrame.from_ndarray(scaled, "rgb24")))
            at += round(shot.seconds * RATE) / RATE
            cuts.append(at)
        film.mux(stream.encode())
    return cuts[:-1]


def _plane(seed: int, depth: float, metres: float, share: float) -> tuple[float, NDArray[Any], NDArray[Any], float]:
    import cv2

    rng = np.random.default_rng(seed)
    pixels = np.zeros((TEXTURE, TEXTURE, 3), np.float32)
    base = rng.integers(40, 190, 3)
    for cells, weight in ((6, 40.0), (30, 34.0), (120, 22.0)):
        coarse = rng.normal(0, 1, (cells, cells, 3)).astype(np.float32)
        pixels += weight * cv2.resize(coarse, (TEXTURE, TEXTURE), interpolation=cv2.INTER_CUBIC)
    pixels = (pixels + base).clip(0, 255).astype(np.uint8)
    alpha = np.full((TEXTURE, TEXTURE), 255, np.uint8)
    if share < 1:
        alpha[:] = 0
        for y in range(0, TEXTURE, CELL):
            for x in range(0, TEXTURE, CELL):
                left, top = rng.integers(0, CELL // 3, 2)
                w, h = rng.integers(CELL // 3, 2 * CELL // 3, 2)
                if rng.random() < share:
                    alpha[y + top : y + top + h, x + left : x + left + w] = 255
    return depth, pixels, alpha, metres


def _walker(shot: Planted, share: float) -> tuple[float, NDArray[Any], NDArray[Any], float]:
    """Somebody who crosses from left to right, five metres away."""
    rng = np.random.default_rng(shot.seed + 77)
    pixels = rng.integers(0, 255, (60, 60, 3)).astype(np.uint8).repeat(10, 0).repeat(10, 1)
    alpha = np.zeros((600, 600), np.uint8)
    x = int(180 + 170 * share)
    alpha[200:460, x : x + 55] = 255
    return 5.0, np.roll(pixels, x, axis=1), alpha, 8.0


def _camera(shot: Planted, way: float) -> tuple[NDArray[Any], NDArray[Any], float]:
    """(place in metres, yaw, pitch and roll in radians, focal length over width) at -0.5 to 0.5 of the move."""
    place, turn, focal = np.zeros(3), np.zeros(3), shot.lens
    move = shot.amount * way
    if shot.kind.startswith(("pan", "whip")):
        turn[0] = math.atan(move / shot.lens) * (-1 if shot.kind.endswith("left") else 1)
    elif shot.kind.startswith("tilt"):
        turn[1] = math.atan(move / shot.lens) * (-1 if shot.kind.endswith("down") else 1)
    elif shot.kind.startswith("truck"):
        place[0] = move * (-1 if shot.kind.endswith("left") else 1)
    elif shot.kind.startswith("pedestal"):
        place[1] = move * (1 if shot.kind.endswith("down") else -1)
    elif shot.kind.startswith("dolly"):
        place[2] = move * (-1 if shot.kind.endswith("out") else 1)
    elif shot.kind.startswith("zoom"):
        focal *= math.exp(math.log(shot.amount) * way * (-1 if shot.kind.endswith("out") else 1))
    elif shot.kind.startswith("roll"):
        turn[2] = math.radians(move) * (-1 if shot.kind.endswith("ccw") else 1)
    return place, turn, focal


def _homography(
    place: NDArray[Any], turn: NDArray[Any], focal: float, depth: float, metres: float, shape: tuple[int, ...]
) -> NDArray[Any]:
    """From a plane's texture to the frame. x right, y down, z away; yaw to the right, pitch up, roll clockwise."""
    yaw, pitch, roll = turn
    cy, sy, cp, sp, cr, sr = (
        math.cos(yaw),
        math.sin(yaw),
        math.cos(pitch),
        math.sin(pitch),
        math.cos(roll),
        math.sin(roll),
    )
    about_y = np.array([[cy, 0, -sy], [0, 1, 0], [sy, 0, cy]])
    about_x = np.array([[1, 0, 0], [0, cp, sp], [0, -sp, cp]])
    about_z = np.array([[cr, sr, 0], [-sr, cr, 0], [0, 0, 1]])
    lens = np.array([[focal, 0, SIZE[0] / 2], [0, focal, SIZE[1] / 2], [0, 0, 1]])
    scale = metres / shape[1]
    texture = np.array([[scale, 0, -metres / 2], [0, scale, -metres * shape[0] / shape[1] / 2], [0, 0, 1]])
    plane = np.column_stack(([1, 0, 0], [0, 1, 0], np.array([0, 0, depth]) - place))
    return lens @ about_z @ about_x @ about_y @ plane @ texture


def _hand(shot: Planted, count: int) -> NDArray[Any]:
    rng = np.random.default_rng(shot.seed + 5)
    if not shot.shake:
        return np.zeros((count, 2))
    time = np.arange(count)[:, None] / RATE
    swing = sum(
        rng.normal(0, 1, 2) * np.sin(2 * math.pi * (hertz * time + rng.random(2))) / hertz**0.5
        for hertz in (0.6, 1.1, 2.3, 3.7, 5.1)
    )
    return np.asarray(swing / np.sqrt((swing**2).mean()) * shot.shake)
