"""Encoded pictures into pixels, within bounds: what comes over a wire may be a bomb, cut off, or no picture."""

from __future__ import annotations

import hashlib
import io
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from shotwright.errors import VisionError
from shotwright.vision.engines import Picture

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from shotwright.model.vision import Box

MOST_BYTES = 24 * 1024 * 1024
"""Of one encoded picture."""
MOST_PIXELS = 36_000_000
"""Of one decoded picture: 108 MB of RGB."""
MOST_SIDE = 16_384
LEAST_SIDE = 8
"""Anything smaller shows nothing that could be measured."""
MEDIA_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
HINT = "send PNG, JPEG or WebP"


class Unreadable(VisionError):
    """A picture that cannot be used; `kind` says in which way."""

    def __init__(self, message: str, *, kind: str = "picture", hint: str = HINT) -> None:
        super().__init__(message, hint=hint)
        self.kind = kind


def sha256_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def decode(data: bytes, media_type: str = "") -> NDArray[Any]:
    """Pixels of an encoded picture: uint8, (height, width, 3), upright, transparency over white."""
    from PIL import Image, ImageOps

    with _opened(data, media_type) as image:
        try:
            image.load()
            upright = ImageOps.exif_transpose(image)
            if upright.mode.startswith("I"):
                # Sixteen bits a pixel: Pillow would cut them off at 255.
                upright = Image.fromarray((np.asarray(upright).astype(np.int64) >> 8).clip(0, 255).astype(np.uint8))
            if "A" in upright.getbands() or "transparency" in upright.info:
                clear = upright.convert("RGBA")
                white = Image.new("RGBA", clear.size, (255, 255, 255, 255))
                upright = Image.alpha_composite(white, clear)
            return np.array(upright.convert("RGB"), np.uint8)
        except _BROKEN as error:
            raise Unreadable(f"the picture is damaged or cut off: {_first_line(error)}") from error


def decode_mask(data: bytes, height: int, width: int, value: int | None) -> NDArray[Any]:
    """bool, (height, width): where a mask has the value, or is not 0; scaled to the picture by nearest pixel."""
    from PIL import Image

    with _opened(data, "") as image:
        try:
            image.load()
            if image.mode not in ("L", "P", "1"):
                image = image.convert("L")
            if image.size != (width, height):
                if abs(image.size[0] * height - image.size[1] * width) > 0.02 * width * image.size[1]:
                    raise Unreadable(
                        f"the mask is {image.size[0]} x {image.size[1]}, the picture {width} x {height}",
                        kind="mask", hint="a mask has the proportions of its picture",
                    )  # fmt: skip
                image = image.resize((width, height), Image.Resampling.NEAREST)
            ids = np.asarray(image)
        except _BROKEN as error:
            raise Unreadable(f"the mask is damaged or cut off: {_first_line(error)}", kind="mask") from error
    inside: NDArray[Any] = np.not_equal(ids, 0) if value is None else np.equal(ids, value)
    return inside


def pixels_of(data: bytes, media_type: str = "") -> int:
    """How many pixels an encoded picture unpacks to, by its header alone."""
    with _opened(data, media_type) as image:
        width, height = image.size
        return int(width * height)


def measure(data: bytes, media_type: str = "") -> tuple[int, int, str]:
    """(width, height, format) of an encoded picture, fully decoded once so that a broken one is found now."""
    pixels = decode(data, media_type)
    with _opened(data, media_type) as image:
        return pixels.shape[1], pixels.shape[0], str(image.format)


def picture_of(
    data: bytes, media_type: str = "", bbox: Box | None = None, mask: bytes | None = None, value: int | None = None
) -> Picture:
    """A picture as engines are given it."""
    pixels = decode(data, media_type)
    found = None if mask is None else decode_mask(mask, pixels.shape[0], pixels.shape[1], value)
    return Picture(sha256_of(data), pixels, bbox, found)


def crop_of(picture: Picture) -> NDArray[Any]:
    """The pixels inside the box, or inside the mask's own box, with what is outside the mask made mid-grey."""
    pixels, bbox = picture.pixels, picture.bbox
    height, width = pixels.shape[:2]
    top, bottom, left, right = 0, height, 0, width
    if picture.mask is not None and picture.mask.any():
        rows, columns = np.flatnonzero(picture.mask.any(axis=1)), np.flatnonzero(picture.mask.any(axis=0))
        top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
        pixels = np.where(picture.mask[..., None], pixels, np.uint8(124))
    elif bbox is not None:
        left, right = int(bbox[0] * width), max(int(bbox[0] * width) + 1, round(bbox[2] * width))
        top, bottom = int(bbox[1] * height), max(int(bbox[1] * height) + 1, round(bbox[3] * height))
    return pixels[top:bottom, left:right]


_BROKEN = (OSError, ValueError, SyntaxError, IndexError, MemoryError, ArithmeticError, TypeError, KeyError)
"""What Pillow's decoders raise on bytes that are not what they promise; its own struct errors are ValueErrors."""


def _opened(data: bytes, media_type: str) -> Any:
    """An image whose size is known and bounded, nothing decoded yet."""
    from PIL import Image, UnidentifiedImageError

    if not data:
        raise Unreadable("the picture is empty")
    if len(data) > MOST_BYTES:
        raise Unreadable(f"the picture has {len(data):,} bytes, over {MOST_BYTES:,}", kind="too_large")
    try:
        with warnings.catch_warnings():
            # Pillow only warns of a bomb up to twice its own limit; ours is checked below, before anything is decoded.
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(data), formats=tuple(MEDIA_TYPES))
    except Image.DecompressionBombError as error:
        raise Unreadable("the picture unpacks to far too many pixels", kind="too_large") from error
    except (*_BROKEN, UnidentifiedImageError) as error:
        raise Unreadable("these bytes are not a PNG, JPEG or WebP picture", kind="media_type") from error
    width, height = image.size
    if width * height > MOST_PIXELS or max(width, height) > MOST_SIDE:
        raise Unreadable(
            f"the picture is {width} x {height}, over {MOST_PIXELS:,} pixels or {MOST_SIDE:,} on a side",
            kind="too_large", hint="scale it down; measures need no more than 4K",
        )  # fmt: skip
    if min(width, height) < LEAST_SIDE:
        raise Unreadable(f"the picture is {width} x {height}; nothing can be measured under {LEAST_SIDE} on a side")
    real = MEDIA_TYPES[str(image.format)]
    said = media_type.partition(";")[0].strip().lower()
    if said and said not in (real, "application/octet-stream", "image/jpg" if real == "image/jpeg" else real):
        raise Unreadable(f"the picture is said to be {said[:60]} and is {real}", kind="media_type",
                         hint="give the media type that the bytes have, or none")  # fmt: skip
    return image


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:120]
