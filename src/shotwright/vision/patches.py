"""How far somebody in a frame is from what they should look like in that very set-up, patch by patch.

The look is drawn alone with the lens, light and pose of the frame, and so every patch of the subject has one that it
should match: same light, same size, same facing. Each pixel takes its best match within one pixel at a scale where a
head is 32 pixels high; what differs are lightness (a third as much as hue, because it varies with light) and the two
chromatic ratios, as logarithms, which a change of exposure leaves alone. An outline that one of the two has and the
other has not counts as a mismatch, unless something stands in front there.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from shotwright.vision.parts import bands_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from shotwright.model.shot import Camera
    from shotwright.model.vision_picture import BodyPart, Box
    from shotwright.vision.engines import Picture

HEAD_PIXELS = 32
FLOOR = 0.08
"""Of the light on the subject: below it hues are noise."""
LIGHTNESS = 0.35
"""Weight of lightness beside the chromatic ratios."""
MOST = 2.0
"""Of a difference: further apart is only apart."""
OUTLINE = 1.5
"""What a pixel counts that only one of the two has."""
LEAST_PIXELS = 20
MOST_STOPS = 0.4
"""Of exposure between the two that is nobody's fault here: light has its own measures."""
WORST = 0.2
"""Share of a part's pixels that the worst are."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Of one part: mean over its pixels, mean over the worst fifth, share of pixels off the outline."""

    mean: float
    worst: float
    outline: float


def differences(
    seen: Picture,
    others: NDArray[Any],
    expected: Picture,
    parts: Mapping[BodyPart, Box],
    camera: Camera | None = None,
) -> dict[BodyPart, Difference]:
    """Part -> how far it is from what it should be; parts of which too little is seen are left out.

    `seen` and `expected` have masks and the same proportions. `others`: bool, the frame's size: whatever is staged
    besides, which may hide the subject.
    """
    assert seen.mask is not None
    assert expected.mask is not None
    bands = bands_of(parts, seen.mask | at_size(expected.mask, seen.mask.shape), camera)
    if not bands:
        return {}
    height, width = _working_size(expected, bands)
    a, b = _scaled(seen.pixels, height, width), _scaled(expected.pixels, height, width)
    own, due, hidden = (_coverage(m, height, width) for m in (seen.mask, expected.mask, others))
    rows, columns = _rows_and_columns((own > 0.5) | (due > 0.5))
    if rows.stop <= rows.start:
        return {}
    a, b, own, due, hidden = (x[rows, columns] for x in (a, b, own, due, hidden))
    at = (np.arange(rows.start, rows.start + a.shape[0]) + 0.5) / height
    lines = {part: (at >= top) & (at < bottom) for part, (top, bottom) in bands.items()}
    far, valid, outline = _far(a, b, own, due, hidden, list(lines.values()))
    found: dict[BodyPart, Difference] = {}
    for part, among in lines.items():
        here = valid & among[:, None]
        count = int(here.sum())
        if count >= LEAST_PIXELS:
            values = np.sort(far[here])
            worst = values[int((1 - WORST) * count) :]
            found[part] = Difference(float(values.mean()), float(worst.mean()), float(outline[here].mean()))
    return found


def _far(
    a: NDArray[Any],
    b: NDArray[Any],
    own: NDArray[Any],
    due: NDArray[Any],
    hidden: NDArray[Any],
    lines: Sequence[NDArray[Any]],
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """(difference of every pixel, where it may be judged, where only one of the two has a body)."""
    grey = np.array([0.2126, 0.7152, 0.0722], np.float32)
    light, other = a @ grey, b @ grey
    inside = due > 0.9
    level = float(np.quantile(other[inside] if inside.any() else other, 0.75)) + 1e-4
    both = (own > 0.95) & (due > 0.95) & (hidden < 0.02)
    stops = np.log2((light + 0.02 * level) / (other + 0.02 * level))
    seen = [both & among[:, None] for among in lines]
    # The part that differs least in exposure says what light does; other clothes would say what dye does.
    medians = [float(np.median(stops[here])) for here in seen if int(here.sum()) > LEAST_PIXELS]
    if medians:
        a = a / np.float32(2.0 ** float(np.clip(min(medians, key=abs), -MOST_STOPS, MOST_STOPS)))
    x, y = _tones(a, level), _tones(b, level)
    nearest = np.full(own.shape, 9.0, np.float32)
    for down in (-1, 0, 1):
        for across in (-1, 0, 1):
            moved = np.abs(x - np.roll(y, (down, across), (0, 1))).sum(axis=-1)
            nearest = np.minimum(nearest, np.where(np.roll(inside, (down, across), (0, 1)), moved, 9.0))
    matched = (own > 0.9) & (nearest < 9.0)
    has, should = own > 0.5, due > 0.5
    outline = (has & ~_grown(should, 1)) | (should & ~_grown(has, 1))
    valid = (matched | outline) & ~_grown(hidden > 0.02, 2)
    return np.where(outline, OUTLINE, np.minimum(nearest, MOST)), valid, outline


def _tones(linear: NDArray[Any], level: float) -> NDArray[Any]:
    """(h, w, 3): lightness and the ratios of red and blue to green, in stops."""
    stops = np.log2(linear / np.float32(level) + np.float32(FLOOR))
    light = stops @ np.array([0.3, 0.5, 0.2], np.float32)
    return np.stack([LIGHTNESS * light, stops[..., 0] - stops[..., 1], stops[..., 2] - stops[..., 1]], axis=-1)


def _working_size(expected: Picture, bands: Mapping[BodyPart, tuple[float, float]]) -> tuple[int, int]:
    assert expected.mask is not None
    height, width = expected.mask.shape
    rows = np.flatnonzero(expected.mask.any(axis=1))
    top = float(rows[0]) if len(rows) else 0.0
    head = bands["head"][1] * height - top if "head" in bands else 0.1 * height
    by = max(1.0, head / HEAD_PIXELS)
    return max(8, round(height / by)), max(8, round(width / by))


def _scaled(pixels: NDArray[Any], height: int, width: int) -> NDArray[Any]:
    """float32 (height, width, 3), linear light."""
    from PIL import Image

    small = np.asarray(Image.fromarray(pixels).resize((width, height), Image.Resampling.BOX))
    linear: NDArray[Any] = _linear_table()[small]
    return linear


@cache
def _linear_table() -> NDArray[Any]:
    value = np.arange(256, dtype=np.float32) / 255
    table: NDArray[Any] = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    return table.astype(np.float32)


def _coverage(mask: NDArray[Any], height: int, width: int) -> NDArray[Any]:
    from PIL import Image

    scaled = Image.fromarray(mask.astype(np.uint8) * 255).resize((width, height), Image.Resampling.BOX)
    return np.asarray(scaled, np.float32) / 255


def at_size(mask: NDArray[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    """A mask, bool, scaled to (height, width)."""
    if mask.shape == shape:
        return mask
    return _coverage(mask, shape[0], shape[1]) > 0.5


def _rows_and_columns(mask: NDArray[Any], room: int = 3) -> tuple[slice, slice]:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return slice(0, 0), slice(0, 0)
    return (
        slice(max(0, int(rows[0]) - room), int(rows[-1]) + room + 1),
        slice(max(0, int(columns[0]) - room), int(columns[-1]) + room + 1),
    )


def _grown(mask: NDArray[Any], by: int) -> NDArray[Any]:
    for _ in range(by):
        grown = mask.copy()
        grown[1:] |= mask[:-1]
        grown[:-1] |= mask[1:]
        grown[:, 1:] |= mask[:, :-1]
        grown[:, :-1] |= mask[:, 1:]
        mask = grown
    return mask
