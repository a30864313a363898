"""What differences from the expected look are worth: the odds that the look is right, part by part and as a whole.

One logistic model a part, fitted at even odds on drawn frames with and without planted faults, gives a log likelihood
ratio from the logarithms of a part's differences. A whole is as right as its worst part. The models are one for all
looks: what differs in one set-up does not depend on whose look it is.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from shotwright.vision.evidence import probability

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shotwright.model.vision_picture import BodyPart
    from shotwright.vision.patches import Difference

MOST_EVIDENCE = 6.0
"""Of a log likelihood ratio: never more than 400 to 1."""


def features_of(difference: Difference) -> tuple[float, float, float]:
    """Logarithms of mean, worst fifth and outline, each over a floor that noise reaches."""
    return math.log(difference.mean + 0.05), math.log(difference.worst + 0.05), math.log(difference.outline + 0.02)


@dataclass(frozen=True, slots=True)
class PartModel:
    weights: tuple[float, float, float]
    """None is positive: no difference is a merit."""
    bias: float

    def log_ratio(self, difference: Difference) -> float:
        """log of how much likelier this is with the right look than with a wrong one."""
        found = self.bias + sum(w * x for w, x in zip(self.weights, features_of(difference), strict=True))
        return min(max(found, -MOST_EVIDENCE), MOST_EVIDENCE)


@dataclass(frozen=True, slots=True)
class PlaceModel:
    """The models of the parts of a body."""

    name: str
    parts: Mapping[BodyPart, PartModel]

    def log_ratios(self, differences: Mapping[BodyPart, Difference]) -> dict[BodyPart, float]:
        return {p: self.parts[p].log_ratio(d) for p, d in differences.items() if p in self.parts}

    def score(self, differences: Mapping[BodyPart, Difference]) -> float | None:
        """Probability at even odds that all of it is right; None where no part is seen."""
        ratios = self.log_ratios(differences)
        return probability(min(ratios.values())) if ratios else None

    def to_json(self) -> str:
        parts = {part: {"weights": list(one.weights), "bias": one.bias} for part, one in self.parts.items()}
        return json.dumps({"name": self.name, "parts": parts}, indent=2)


@cache
def previz_model() -> PlaceModel:
    """The bundled model of drawn frames; `benchmarks/identity_drawn_bench.py` fits it."""
    text = resources.files("shotwright.vision").joinpath("previz_cohort.json").read_text(encoding="utf-8")
    kept = json.loads(text)
    parts = {part: PartModel(tuple(one["weights"]), one["bias"]) for part, one in kept["parts"].items()}
    return PlaceModel(kept["name"], parts)
