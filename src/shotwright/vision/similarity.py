"""How alike a picture is to a look: its two best references, because a look has several sides and lights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from shotwright.model.vision import ReferenceBucket
    from shotwright.model.vocabulary import ShotSize

BEST = 2
"""On photographs the two best of three references tell subjects apart as well as the best one, with less noise."""
LEAST_COMMON = 4
"""So many looks have something in common that is nobody's own: fewer would lose what tells them apart."""
COMMON_WEIGHT = 3.0
"""How many looks the bundled centre counts beside those of a request."""
LEAST_ALIKE = 3
"""References taken alike are preferred where there are at least so many."""


def likeness(vectors: NDArray[Any], references: NDArray[Any]) -> NDArray[Any]:
    """(n,) from (n, d) and (m, d), rows of length 1: the mean cosine, -1 to 1, to the best two references."""
    cosines = np.sort(vectors @ references.T, axis=1)
    found: NDArray[Any] = cosines[:, -BEST:].mean(axis=1)
    return found


def leave_one_out(references: NDArray[Any]) -> NDArray[Any]:
    """(m,): each reference against the others of its look; needs two."""
    everything = range(len(references))
    return np.array([likeness(references[[i]], references[[j for j in everything if j != i]])[0] for i in everything])


def common_to(looks: Sequence[NDArray[Any]], *, centred: bool = True) -> NDArray[Any] | None:
    """What the references of several looks have in common, (d,): it tells nobody from anybody.

    `centred`: the vectors have lost a bundled centre already, which a few looks move a little. Without one (weights
    that a user brought) the looks' own mean is the centre. None where there are too few looks.
    """
    if len(looks) < (LEAST_COMMON if centred else 2):
        return None
    mean = np.mean([rows.mean(axis=0) for rows in looks], axis=0)
    share = len(looks) / (len(looks) + COMMON_WEIGHT) if centred else 1.0
    centre: NDArray[Any] = share * mean
    return centre


def without(rows: NDArray[Any], common: NDArray[Any] | None) -> NDArray[Any]:
    """(n, d) rows less what is common, of length 1 again."""
    if common is None:
        return rows
    left = rows - common
    unit: NDArray[Any] = left / np.maximum(np.linalg.norm(left, axis=1, keepdims=True), 1e-9)
    return unit


def taken_alike(buckets: Sequence[ReferenceBucket], wanted: ReferenceBucket) -> list[int]:
    """Places of the references to compare with: those within one size, of the facing and key that are wanted, where
    there are three or more; else the facing counts alone, else all of them."""
    everything = list(range(len(buckets)))
    near = [i for i in everything if _near(buckets[i].shot_size, wanted.shot_size)]
    facing = [i for i in everything if _same(buckets[i].facing, wanted.facing)]
    key = [i for i in everything if _same(buckets[i].key_style, wanted.key_style)]
    for kept in (set(near) & set(facing) & set(key), set(near) & set(facing), set(facing)):
        if len(kept) >= LEAST_ALIKE:
            return sorted(kept)
    return everything


def _near(size: ShotSize | None, wanted: ShotSize | None) -> bool:
    from shotwright.model.vocabulary import SIZE_ORDER

    return size is None or wanted is None or abs(SIZE_ORDER[size] - SIZE_ORDER[wanted]) <= 1


def _same(value: str | None, wanted: str | None) -> bool:
    return value is None or wanted is None or value == wanted
