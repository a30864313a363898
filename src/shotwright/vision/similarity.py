"""How alike a picture is to a look: its two best references, because a look has several sides and lights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

BEST = 2
"""On photographs the two best of three references tell subjects apart as well as the best one, with less noise."""


def likeness(vectors: NDArray[Any], references: NDArray[Any]) -> NDArray[Any]:
    """(n,) from (n, d) and (m, d), rows of length 1: the mean cosine, -1 to 1, to the best two references."""
    cosines = np.sort(vectors @ references.T, axis=1)
    found: NDArray[Any] = cosines[:, -BEST:].mean(axis=1)
    return found


def leave_one_out(references: NDArray[Any]) -> NDArray[Any]:
    """(m,): each reference against the others of its look; needs two."""
    everything = range(len(references))
    return np.array([likeness(references[[i]], references[[j for j in everything if j != i]])[0] for i in everything])
