"""Errors planted by a mutator that knows nothing of the checker are found, and laid at the right door."""

from __future__ import annotations

from collections import Counter

from supervisor_scenes import CLEAN


def test_ninety_five_in_a_hundred_planted_errors_are_found_with_their_owner(mutator):
    stages = [scene() for scene in CLEAN]
    scenes = [[shot.model_dump(mode="json") for shot in stage.shots] for stage in stages]
    briefs = [stage.brief().model_dump(mode="json") for stage in stages]
    result = mutator.measure(scenes, briefs)
    assert result["impossible"] == []
    assert result["planted"] == 120
    assert result["owned"] >= 0.95 * result["planted"], result["missed"]


def test_the_mutator_plants_ten_errors_a_check(mutator):
    assert set(Counter(code for code, _, _ in mutator.PLANTS).values()) == {10}
    assert len(mutator.PLANTS) == 120
