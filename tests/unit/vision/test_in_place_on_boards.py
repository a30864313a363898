"""Faults planted in drawn people, found in their own set-up by the part that is wrong."""

from __future__ import annotations

import sys
from typing import Any

import pytest

np = pytest.importorskip("numpy", reason="THE VISION EXTRA IS NOT INSTALLED")
pytest.importorskip("PIL", reason="THE VISION EXTRA IS NOT INSTALLED")

from tests.conftest import ROOT  # noqa: E402

from shotwright.vision.in_place import previz_model  # noqa: E402
from shotwright.vision.patches import differences  # noqa: E402
from shotwright.vision.pictures import decode_mask, picture_of  # noqa: E402


@pytest.fixture(scope="module")
def drawn_people() -> Any:
    folder = str(ROOT / "benchmarks")
    sys.path.insert(0, folder)
    try:
        import drawn_people as module
    finally:
        sys.path.remove(folder)
    return module


def parts_of(module: Any, take: Any, shown: Any, due: Any, beside: Any = None) -> dict[str, float]:
    """Part -> the probability that it is right."""
    shot, frame = module.drawn(take, shown, beside)
    _, told = module.drawn(take, due, beside)
    subject = next(s for s in frame.subjects if s.entity == shown.entity)
    wanted = next(s for s in told.subjects if s.entity == shown.entity)
    seen = picture_of(frame.image, "", None, frame.mask, subject.value)
    expected = picture_of(told.image, "", None, told.mask, wanted.value)
    assert seen.mask is not None
    anybody = decode_mask(frame.mask, *seen.pixels.shape[:2], None)
    found = differences(seen, anybody & ~seen.mask, expected, subject.parts, shot.technical_layer.camera)
    return {part: previz_model().score({part: one}) for part, one in found.items()}


def test_planted_faults_are_found_by_the_part_that_is_wrong(drawn_people: Any) -> None:
    everybody = drawn_people.people()
    person, other = everybody[10], everybody[11]
    take = drawn_people.Take(person.name, "", "left", "medium", "three_quarter", 40, "stand", "kitchen", True)
    own = person.appearance

    def shown(fault: str) -> dict[str, float]:
        wrong, _ = drawn_people.planted(person, fault, [other], 0)
        return parts_of(drawn_people, take, wrong, own)

    right = parts_of(drawn_people, take, own, own, other.appearance)
    assert min(right.values()) > 0.99
    coat, hair, drift = shown("coat"), shown("hair_colour"), shown("drift")
    assert coat["upper"] < 0.05 < 0.95 < coat["head"]
    assert hair["head"] < 0.5 < 0.95 < hair["upper"]
    assert drift["upper"] < 0.05 < 0.95 < drift["head"]
    assert max(shown("person").values()) < 0.5
    assert shown("person_same_clothes")["head"] < 0.05
