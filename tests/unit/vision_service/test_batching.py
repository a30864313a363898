"""Embeddings for many callers: batched, computed once, and one bad picture fails nobody else."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from tests.unit.vision_service.pictures import flat

from shotwright.errors import VisionError
from shotwright.model.vision import VisionModel
from shotwright.vision.batching import BatchedEmbedder
from shotwright.vision.library import ShotLibrary
from shotwright.vision.pictures import picture_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from shotwright.vision.engines import Picture


class Slow:
    """A backbone that notes what it is asked, and chokes on pure red."""

    model = VisionModel(name="slow", dimension=3)
    device = "cpu"

    def __init__(self) -> None:
        self.asked: list[int] = []

    def embed(self, pictures: Sequence[Picture]) -> Any:
        self.asked.append(len(pictures))
        time.sleep(0.01)
        means = np.stack([p.pixels.mean(axis=(0, 1)) for p in pictures]).astype(np.float32)
        if (means == (255, 0, 0)).all(axis=1).any():
            raise VisionError("red hurts")
        return means / np.linalg.norm(means, axis=1, keepdims=True)


def pictures(count: int) -> list[Picture]:
    return [picture_of(flat((10, 20, n + 1))) for n in range(count)]


def test_callers_share_batches() -> None:
    slow = Slow()
    embedder = BatchedEmbedder(slow, most=8)
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda p: embedder.embed([p])[0], pictures(64)))
    embedder.close()
    assert sum(slow.asked) == 64
    assert len(slow.asked) <= 24, "sixty-four lone pictures came in few batches"
    assert max(slow.asked) <= 8
    for picture, vector in zip(pictures(64), found, strict=True):
        assert vector == pytest.approx(slow.embed([picture])[0]), "everybody gets his own"


def test_the_same_picture_is_computed_once_however_many_ask() -> None:
    slow = Slow()
    embedder = BatchedEmbedder(slow)
    one = pictures(1)[0]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: embedder.embed([one]), range(40)))
    embedder.close()
    assert sum(slow.asked) == 1


def test_a_bad_picture_fails_alone() -> None:
    embedder = BatchedEmbedder(Slow(), patience=0.05)
    red = picture_of(flat((255, 0, 0)))
    results: dict[int, object] = {}

    def ask(at: int, picture: Picture) -> None:
        try:
            results[at] = embedder.embed([picture])
        except VisionError as error:
            results[at] = error

    threads = [threading.Thread(target=ask, args=(i, p)) for i, p in enumerate([*pictures(5), red])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    embedder.close()
    assert isinstance(results[5], VisionError)
    assert all(isinstance(results[i], np.ndarray) for i in range(5))


def test_embeddings_outlive_the_process(tmp_path: Path) -> None:
    library = ShotLibrary(tmp_path)
    first, again = Slow(), Slow()
    one = BatchedEmbedder(first, library)
    before = one.embed(pictures(3))
    one.close()
    two = BatchedEmbedder(again, library)
    after, known = two.embed_marked(pictures(3))
    two.close()
    library.close()
    assert again.asked == []
    assert known == [True, True, True]
    assert np.array_equal(before, after)


def test_a_box_and_another_model_are_other_embeddings(tmp_path: Path) -> None:
    library = ShotLibrary(tmp_path)
    slow = Slow()
    embedder = BatchedEmbedder(slow, library)
    data = flat((10, 20, 30))
    embedder.embed([picture_of(data), picture_of(data, bbox=(0, 0, 0.5, 1))])
    assert sum(slow.asked) == 2
    embedder.close()
    other = Slow()
    other.model = VisionModel(name="slow", weights_sha256="b" * 64, dimension=3)
    renewed = BatchedEmbedder(other, library)
    renewed.embed([picture_of(data)])
    renewed.close()
    library.close()
    assert sum(other.asked) == 1


def test_after_closing_it_refuses() -> None:
    embedder = BatchedEmbedder(Slow())
    embedder.embed(pictures(1))
    embedder.close()
    with pytest.raises(VisionError, match="closing"):
        embedder.embed(pictures(2)[1:])
