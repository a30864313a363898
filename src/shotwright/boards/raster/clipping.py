"""Cutting faces at the near plane, so that a floor under the lens is drawn as far as the lens can see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def clip_near(
    ahead: NDArray[Any], attributes: NDArray[Any], faces: NDArray[Any], near: float
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Faces cut at a distance in front of the lens.

    `ahead` float32 (n,): distance of each vertex along the lens axis; `attributes` float32 (n, k): what a vertex
    carries; `faces` int32 (m, 3). Returns attributes with the new vertices appended, faces wholly in front with their
    winding kept, and for each the row of `faces` that it came from. A face with one vertex in front leaves one
    triangle, with two it leaves two.
    """
    inside = ahead[faces] >= near
    count = inside.sum(axis=1)
    whole = np.flatnonzero(count == 3)
    rows = [whole]
    kept = [faces[whole]]
    new: list[NDArray[Any]] = []
    total = len(attributes)
    for wanted in (1, 2):
        cut = np.flatnonzero(count == wanted)
        if not len(cut):
            continue
        # Turn each face so that its odd vertex comes first: the one in front, or the one behind.
        odd = np.argmax(inside[cut] == (wanted == 1), axis=1)
        a, b, c = (faces[cut, (odd + i) % 3] for i in range(3))
        ab, ac = _between(ahead, attributes, a, b, near), _between(ahead, attributes, a, c, near)
        at_ab = np.arange(total, total + len(cut), dtype=np.int32)
        at_ac = at_ab + len(cut)
        total += 2 * len(cut)
        new += [ab, ac]
        if wanted == 1:
            kept.append(np.stack([a, at_ab, at_ac], axis=1))
            rows.append(cut)
        else:
            kept += [np.stack([at_ab, b, c], axis=1), np.stack([at_ab, c, at_ac], axis=1)]
            rows += [cut, cut]
    if new:
        attributes = np.concatenate([attributes, *new]).astype(np.float32, copy=False)
    return attributes, np.concatenate(kept).astype(np.int32, copy=False), np.concatenate(rows)


def _between(
    ahead: NDArray[Any], attributes: NDArray[Any], start: NDArray[Any], end: NDArray[Any], near: float
) -> NDArray[Any]:
    share = ((near - ahead[start]) / (ahead[end] - ahead[start]))[:, None]
    made: NDArray[Any] = attributes[start] + (attributes[end] - attributes[start]) * share
    return made
