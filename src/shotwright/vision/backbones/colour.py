"""The colours of a subject, which a transformer's summary of a picture all but forgets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEVELS = 6
DIMENSION = LEVELS**3
BACKGROUND = 0.01
"""Weight of a pixel that is surely not the subject's: a little, so that a picture without a subject has colours."""


def colours_of(pixels: NDArray[Any], weight: NDArray[Any]) -> NDArray[Any]:
    """The square root of a 6 x 6 x 6 histogram of sRGB (Hellinger), length 1. `weight`: (height, width), 0-1."""
    steps = np.minimum((pixels.astype(np.float32) * (LEVELS / 256)).astype(np.int64), LEVELS - 1)
    cells = steps @ np.array([LEVELS * LEVELS, LEVELS, 1])
    counted = np.bincount(cells.ravel(), (weight + BACKGROUND).ravel(), DIMENSION)
    root = np.sqrt(counted)
    return (root / max(float(np.linalg.norm(root)), 1e-9)).astype(np.float32)


def subject_weight(saliency: NDArray[Any]) -> NDArray[Any]:
    """0-1, (height, width): how far each pixel stands out above what the picture's edge has."""
    edge = float(np.median(np.concatenate([saliency[0], saliency[-1], saliency[:, 0], saliency[:, -1]])))
    spread = float(saliency.max() - saliency.min())
    weight: NDArray[Any] = np.clip((saliency - edge) / (spread + 1e-6), 0, 1)
    return weight
