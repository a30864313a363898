"""Small pictures of our own: people as stacks of colour, in a room that is not quite the same twice."""

from __future__ import annotations

import io
import zlib

import numpy as np
from PIL import Image

COLOURS = {
    "mara": ((40, 30, 25), (30, 110, 60), (50, 50, 60)),
    "odell": ((200, 200, 195), (60, 60, 140), (120, 90, 50)),
    "pim": ((180, 90, 30), (190, 40, 40), (30, 30, 30)),
}
"""Hair, upper and lower garments."""


def encoded(pixels: np.ndarray, kind: str = "PNG") -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels.astype(np.uint8)).save(file, kind)
    return file.getvalue()


def flat(colour: tuple[int, int, int] = (128, 128, 128), size: tuple[int, int] = (96, 64), kind: str = "PNG") -> bytes:
    width, height = size
    return encoded(np.full((height, width, 3), colour, np.uint8), kind)


def person(name: str, seed: int = 0, light: float = 1.0) -> bytes:
    """Somebody's picture: the same colours, a little noise and shift by the seed."""
    rng = np.random.default_rng(seed * 1009 + zlib.crc32(name.encode()) % 997)
    pixels = np.full((96, 64, 3), 150.0)
    hair, upper, lower = COLOURS[name]
    shift = int(rng.integers(-3, 4))
    pixels[10:22, 24 + shift : 40 + shift] = hair
    pixels[22:34, 26 + shift : 38 + shift] = (205, 165, 140)
    pixels[34:62, 18 + shift : 46 + shift] = upper
    pixels[62:94, 22 + shift : 42 + shift] = lower
    pixels = pixels * light + rng.normal(0, 4, pixels.shape)
    return encoded(pixels.clip(0, 255))


def bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """A PNG of a few hundred bytes that says it has 3.6 thousand million pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")

    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, 2, 0, 0, 0])
    body = zlib.compress(b"\0" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
