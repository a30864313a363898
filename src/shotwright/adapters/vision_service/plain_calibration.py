"""Scores that mean something out of a service's raw ones: fitted to how it scores the characters' own references.

A plain-wire service gives (cosine + 1) x 50, where two strangers may well reach 96. What it gives to two references of
one character, and to references of two, says what its figures are worth today.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import fmean, stdev
from typing import TYPE_CHECKING

from shotwright.vision.evidence import log_ratio, probability

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LEAST_REFERENCES = 3
LEAST_OTHERS = 3
POOLED_WEIGHT = 8.0
"""How many observations the spread over all characters counts beside a character's own."""
LEAST_SPREAD = 0.004
"""Of scores 0-1: under it a handful of near-copies would make every new picture a stranger."""
MOST_EVIDENCE = 6.0
"""Of a log likelihood ratio: so few references never say more than 400 to 1."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """One character's own and others' scores, 0-1, as two normal distributions."""

    own_mean: float
    own_spread: float
    other_mean: float
    other_spread: float

    def log_ratio(self, raw: float) -> float:
        """How much likelier a raw score is for this character than for another; flat beyond both means."""
        own, other = (self.own_mean, self.own_spread), (self.other_mean, self.other_spread)
        return log_ratio(raw, own, other, MOST_EVIDENCE)

    def score(self, raw: float) -> float:
        """Probability at even odds."""
        return probability(self.log_ratio(raw))

    def typicality(self, raw: float) -> float:
        """Share of the character's own pictures that would score lower."""
        return 0.5 * (1.0 + math.erf((raw - self.own_mean) / (self.own_spread * math.sqrt(2.0))))


def fit(
    own: Mapping[str, Sequence[float]], others: Mapping[str, Sequence[float]], threshold: float
) -> dict[str, Fitted]:
    """Character -> its fit; those whom the service's scores cannot tell from others well enough are left out.

    `own`: each reference against the character's other references. `others`: other characters' references against it.
    Well enough: a typical picture of the character passes the threshold, a typical stranger stays below even odds.
    """
    own_spread = _pooled(own)
    other_spread = _pooled(others)
    found = {}
    for character, scores in own.items():
        strangers = others.get(character, ())
        if len(scores) < LEAST_REFERENCES or len(strangers) < LEAST_OTHERS:
            continue
        fitted = Fitted(fmean(scores), _shrunk(scores, own_spread), fmean(strangers), _shrunk(strangers, other_spread))
        apart = fitted.own_mean > fitted.other_mean
        if apart and fitted.score(fitted.own_mean) >= threshold and fitted.score(fitted.other_mean) < 0.5:
            found[character] = fitted
    return found


def _pooled(groups: Mapping[str, Sequence[float]]) -> float:
    freedom = sum(len(g) - 1 for g in groups.values() if len(g) > 1)
    if not freedom:
        return LEAST_SPREAD
    return max(math.sqrt(sum((len(g) - 1) * stdev(g) ** 2 for g in groups.values() if len(g) > 1) / freedom), 0.0)


def _shrunk(scores: Sequence[float], pooled: float) -> float:
    own = len(scores) - 1
    variance = (own * stdev(scores) ** 2 + POOLED_WEIGHT * pooled**2) / (own + POOLED_WEIGHT)
    return max(math.sqrt(variance), LEAST_SPREAD)
