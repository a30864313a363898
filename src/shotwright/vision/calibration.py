"""What a similarity is worth: the odds that a picture shows this look rather than another.

Genuine similarities of a look are those of its references left out one at a time; impostor ones those of other looks'
references. Both are normal distributions, shrunk to the pooled ones with the weight of eight observations. The score is
the sigmoid of the log likelihood ratio: 0.95 says 19 to 1 at even odds.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np

from shotwright.vision.evidence import log_ratio, probability
from shotwright.vision.similarity import leave_one_out, likeness

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

POOLED_WEIGHT = 8.0
LEAST_REFERENCES = 3
LEAST_LOOKS = 2
"""Without a cohort, other looks must say what a stranger is like."""
LEAST_SPREAD = 0.02
"""Of cosines: near-copies among the references would make every new picture a stranger."""
MOST_EVIDENCE = 6.0
"""Of a log likelihood ratio: some three references never say more than 400 to 1."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """Similarities of many subjects with three references each, as four figures; no pictures."""

    name: str
    genuine_mean: float
    genuine_spread: float
    impostor_mean: float
    impostor_spread: float


@dataclass(frozen=True, slots=True)
class LookModel:
    """What similarities to one look are like, its own and others'."""

    genuine_mean: float
    genuine_spread: float
    impostor_mean: float
    impostor_spread: float

    def log_ratio(self, raw: float) -> float:
        """log G - log I of a similarity; never falls with it, because past either mean it stays as it is there."""
        genuine, impostor = (self.genuine_mean, self.genuine_spread), (self.impostor_mean, self.impostor_spread)
        return log_ratio(raw, genuine, impostor, MOST_EVIDENCE)

    def score(self, raw: float) -> float:
        """Probability of this look at even odds."""
        return probability(self.log_ratio(raw))

    def typicality(self, raw: float) -> float:
        """Share of genuine pictures that are less alike."""
        return 0.5 * math.erfc((self.genuine_mean - raw) / (self.genuine_spread * math.sqrt(2.0)))

    def passes(self, threshold: float) -> bool:
        """Whether a typical picture of the look can pass at all."""
        return self.score(self.genuine_mean) >= threshold


def fit_cohort(looks: Mapping[str, NDArray[Any]], name: str) -> Cohort:
    """A cohort from looks of at least three references each: rows of length 1."""
    genuine, impostor = _similarities(looks)
    own, others = list(genuine.values()), list(impostor.values())
    return Cohort(name, _mean(own), _pooled(own), _mean(others), _pooled(others))


def fit_looks(looks: Mapping[str, NDArray[Any]], cohort: Cohort | None = None) -> dict[str, LookModel]:
    """Look -> its model; looks that cannot be calibrated (too few references, no stranger known) are left out."""
    enough = {name: rows for name, rows in looks.items() if len(rows) >= LEAST_REFERENCES}
    if cohort is None:
        if len(enough) < LEAST_LOOKS:
            return {}
        cohort = fit_cohort(enough, "the film's own looks")
    genuine, impostor = _similarities(enough)
    found = {}
    for name in enough:
        own, others = genuine[name], impostor[name]
        found[name] = LookModel(
            *_shrunk(own, cohort.genuine_mean, cohort.genuine_spread),
            *_shrunk(others, cohort.impostor_mean, cohort.impostor_spread),
        )
    return found


@cache
def photograph_cohort(*, company: bool = False) -> Cohort:
    """The bundled cohort: photographs of 15 animals and things, by the embedded backbone. No human faces.

    `company`: of looks that were asked about several at once, and lost what they have in common.
    """
    text = resources.files("shotwright.vision").joinpath("cohort.json").read_text(encoding="utf-8")
    return Cohort(**json.loads(text)["company" if company else "cohort"])


def cohort_weights() -> str:
    """sha256 of the weights that the bundled cohort was measured with; it says nothing about others."""
    text = resources.files("shotwright.vision").joinpath("cohort.json").read_text(encoding="utf-8")
    return str(json.loads(text)["weights_sha256"])


def expected_calibration_error(scores: Sequence[float], truths: Sequence[bool], bins: int = 10) -> float:
    """ECE over equal bins of 0-1, with genuine and impostor trials weighed alike: scores are at even odds."""
    at, true = np.asarray(scores, float), np.asarray(truths, bool)
    weight = np.where(true, 0.5 / max(int(true.sum()), 1), 0.5 / max(int((~true).sum()), 1))
    which = np.minimum((at * bins).astype(int), bins - 1)
    total = 0.0
    for one in range(bins):
        inside = which == one
        share = float(weight[inside].sum())
        if share > 0:
            gap = (weight[inside] * (at[inside] - true[inside])).sum()
            total += abs(float(gap))
    return total


def _similarities(looks: Mapping[str, NDArray[Any]]) -> tuple[dict[str, NDArray[Any]], dict[str, NDArray[Any]]]:
    genuine = {name: leave_one_out(rows) for name, rows in looks.items()}
    impostor = {}
    for name, rows in looks.items():
        others = [likeness(other, rows) for key, other in looks.items() if key != name]
        impostor[name] = np.concatenate(others) if others else np.zeros(0)
    return genuine, impostor


def _mean(groups: list[NDArray[Any]]) -> float:
    return float(np.concatenate(groups).mean())


def _pooled(groups: list[NDArray[Any]]) -> float:
    """Spread over all observations, between looks and within: a new look may lie anywhere in it."""
    return max(float(np.concatenate(groups).std(ddof=1)), LEAST_SPREAD)


def _shrunk(observed: NDArray[Any], mean: float, spread: float) -> tuple[float, float]:
    """(mean, spread) of the observations with the pooled ones as eight more of them."""
    # A stranger's pictures are not independent of each other: however many, they count as eight at most.
    count = min(float(len(observed)), POOLED_WEIGHT)
    if not count:
        return mean, spread
    both = count + POOLED_WEIGHT
    centre = (count * float(observed.mean()) + POOLED_WEIGHT * mean) / both
    off = (count * float(observed.var()) + POOLED_WEIGHT * spread**2) / both
    return centre, max(off**0.5, LEAST_SPREAD)
