"""From a picture to what a vision transformer takes, with numpy and Pillow alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from shotwright.vision.engines import Picture

MEAN = np.array([0.485, 0.456, 0.406], np.float32)
STD = np.array([0.229, 0.224, 0.225], np.float32)
"""Of ImageNet, as both DINOv2 and DINOv3 were trained with."""
GREY = np.uint8(124)
"""The mean colour of ImageNet: what is outside a mask says nothing."""
MOST_ELONGATED = 4.0
"""A longer strip than this is squeezed, so that no side falls under a few patches."""


def cut_out(picture: Picture) -> tuple[NDArray[Any], NDArray[Any] | None]:
    """(pixels of the subject's box, its mask there or None): what lies outside the mask is grey."""
    from shotwright.vision.pictures import crop_of

    mask = picture.mask
    pixels = crop_of(picture)
    if mask is None or not mask.any():
        return pixels, None
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return pixels, mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def fitting(pixels: NDArray[Any], side: int, patch: int, fixed: tuple[int, int] | None = None) -> NDArray[Any]:
    """The picture in its own proportions at about side x side pixels, both sides whole numbers of patches; uint8.

    `fixed`: the height and width that it is squeezed into instead.
    """
    from PIL import Image

    height, width = pixels.shape[:2]
    shape = min(max(width / height, 1 / MOST_ELONGATED), MOST_ELONGATED) ** 0.5
    free = (max(2, round(side * shape / patch)) * patch, max(2, round(side / shape / patch)) * patch)
    size = free if fixed is None else fixed[::-1]
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BICUBIC))


def normalised(pictures: list[NDArray[Any]]) -> NDArray[Any]:
    """float32, (pictures, 3, height, width), of pictures of one size."""
    stacked = np.stack(pictures).astype(np.float32) / 255
    return np.ascontiguousarray(((stacked - MEAN) / STD).transpose(0, 3, 1, 2))
