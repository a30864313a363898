"""What a raw likeness says for one of two: a likelihood ratio between two normal distributions, and a probability.

Pure arithmetic: the calibration of our own scores and that of another service's figures both stand on it.
"""

from __future__ import annotations

import math

Normal = tuple[float, float]
"""(mean, spread)."""


def log_ratio(raw: float, own: Normal, other: Normal, most: float) -> float:
    """log of how much likelier a raw score is under `own` than under `other`, at most `most` either way.

    It never falls with the score, because past either mean it stays as it is there; 0 where the means do not differ.
    """
    if own[0] <= other[0]:
        return 0.0
    at = min(max(raw, other[0]), own[0])
    return min(max(_log_density(at, own) - _log_density(at, other), -most), most)


def probability(ratio: float) -> float:
    """At even odds, from a log likelihood ratio."""
    return 1.0 / (1.0 + math.exp(-ratio))


def _log_density(at: float, normal: Normal) -> float:
    mean, spread = normal
    return -0.5 * ((at - mean) / spread) ** 2 - math.log(spread)
