"""Sharpness and noise, whatever the exposure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from shotwright.vision.measures.subject import View

_SPREAD = 9
"""Pixels of the blur that a sharp frame suffers from and a soft one does not."""


def _luma(pixels: NDArray[Any]) -> NDArray[Any]:
    flat = pixels.astype(np.float32)
    luma: NDArray[Any] = flat @ np.array([0.2126, 0.7152, 0.0722], np.float32)
    return luma


def _window(view: View) -> tuple[slice, slice]:
    """The subject's upper part with a margin, or the middle of the frame."""
    height, width = view.pixels.shape[:2]
    subject = view.subject
    if subject is None:
        return slice(height // 6, height - height // 6), slice(width // 6, width - width // 6)
    rows, columns = np.flatnonzero(subject.mask.any(axis=1)), np.flatnonzero(subject.mask.any(axis=0))
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    bottom = min(bottom, top + max(96, int(0.6 * (bottom - top))))
    return slice(max(0, top - 6), bottom), slice(max(0, int(columns[0]) - 6), int(columns[-1]) + 7)


def measure_sharpness(view: View) -> float:
    """0-1: how much of the detail on the subject a blur takes away (after Crete et al. 2007), free of brightness."""
    tone = np.sqrt(_luma(view.pixels[_window(view)]))
    if min(tone.shape) < 2 * _SPREAD:
        return 0.0
    found = []
    for turned in (tone, tone.T):
        total = np.cumsum(turned, axis=0, dtype=np.float64)
        blurred = ((total[_SPREAD:] - total[:-_SPREAD]) / _SPREAD).astype(np.float32)
        inner = turned[_SPREAD // 2 + 1 : _SPREAD // 2 + 1 + len(blurred)]
        steps, softened = np.abs(np.diff(inner, axis=0)), np.abs(np.diff(blurred, axis=0))
        # Slow shading is no detail: only steps that stand over it count.
        edge = steps > max(0.08, float(np.percentile(steps, 97)) * 0.5)
        if edge.any():
            found.append(float(np.maximum(steps - softened, 0)[edge].sum() / steps[edge].sum()))
    return max(found) if found else 0.0


def measure_noise(view: View) -> float:
    """Standard deviation of the noise in 8-bit steps, on the flat half of the frame (after Immerkaer 1996)."""
    grey = _luma(view.pixels[::2, ::1])[:, : view.pixels.shape[1] // 2 * 2]
    mask = grey[:, :-2] - 2 * grey[:, 1:-1] + grey[:, 2:]
    return float(np.median(np.abs(mask)) / (0.6745 * np.sqrt(6.0)))
