"""What looks have in common is taken off, and like is compared with like."""

from __future__ import annotations

import pytest

np = pytest.importorskip("numpy", reason="THE VISION EXTRA IS NOT INSTALLED")

from shotwright.model.vision import ReferenceBucket  # noqa: E402
from shotwright.vision.similarity import common_to, likeness, taken_alike, without  # noqa: E402


def looks(count: int, common: float):
    """Looks of three references each about axes of their own, and about one that all of them share."""
    rng = np.random.default_rng(3)
    found = []
    for number in range(count):
        axis = np.zeros(32)
        axis[number], axis[-1] = 1.0, common
        rows = axis + rng.normal(0, 0.05, (3, 32))
        found.append(rows / np.linalg.norm(rows, axis=1, keepdims=True))
    return found


def test_what_all_looks_share_no_longer_makes_strangers_alike() -> None:
    rows = looks(6, 3.0)
    common = common_to(rows, centred=False)
    before = likeness(rows[0], rows[1]).mean()
    own, other = without(rows[0], common), without(rows[1], common)
    assert before > 0.85
    assert likeness(own, other).mean() < 0.1
    assert likeness(own, own).mean() > 0.9


def test_few_looks_do_not_move_a_bundled_centre_and_many_do() -> None:
    assert common_to(looks(3, 1.0)) is None
    assert common_to(looks(1, 1.0), centred=False) is None
    few, many = common_to(looks(4, 1.0)), common_to(looks(20, 1.0))
    assert np.linalg.norm(few) < np.linalg.norm(np.mean([r.mean(0) for r in looks(4, 1.0)], 0))
    assert np.linalg.norm(many - np.mean([r.mean(0) for r in looks(20, 1.0)], 0)) < 0.15


def test_references_taken_alike_are_chosen_where_there_are_three() -> None:
    def bucket(size, facing, key="mid_key"):
        return ReferenceBucket(shot_size=size, facing=facing, key_style=key)

    buckets = (
        [bucket("medium", "frontal")] * 3 + [bucket("wide", "back")] * 3 + [bucket("medium", "frontal", "low_key")]
    )
    assert taken_alike(buckets, bucket("medium_close_up", "frontal")) == [0, 1, 2]
    assert taken_alike(buckets, bucket("wide", "back", "low_key")) == [3, 4, 5]
    assert taken_alike(buckets, bucket("close_up", "frontal", "flat")) == [0, 1, 2, 6]
    assert taken_alike(buckets, bucket("close_up", "profile")) == list(range(7))
