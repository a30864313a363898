"""Weights that a user brings have no bundled centre: the looks of a request are their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

np = pytest.importorskip("numpy", reason="THE VISION EXTRA IS NOT INSTALLED")
pytest.importorskip("onnxruntime", reason="THE VISION EXTRA IS NOT INSTALLED")
pytest.importorskip("onnx", reason="THE VISION EXTRA IS NOT INSTALLED")
pytest.importorskip("PIL", reason="THE VISION EXTRA IS NOT INSTALLED")

from tests.unit.vision.test_backbones import small_transformer  # noqa: E402

from shotwright.model.vision import (  # noqa: E402
    CharacterReferences,
    ImageRef,
    SequenceRequest,
    SequenceShot,
    SubjectRegion,
)
from shotwright.vision.backbones.dinov3 import open_dinov3  # noqa: E402
from shotwright.vision.consistency import UNCENTRED, CalibratedLikeness  # noqa: E402
from shotwright.vision.engines import Picture  # noqa: E402
from shotwright.vision.similarity import likeness  # noqa: E402

if TYPE_CHECKING:
    from pathlib import Path

COLOURS = {"A": (190, 60, 50), "B": (60, 90, 190), "C": (80, 160, 70)}


def see(image, bbox=None, mask=None) -> Picture:
    """`A3` is the third picture of A: a coat of their colour before a wall that everybody has."""
    name = image.asset_id
    rng = np.random.default_rng([ord(name[0]), int(name[1:])])
    pixels = np.full((96, 96, 3), 200, np.float32) + rng.normal(0, 6, (96, 96, 3))
    left = 20 + 4 * (int(name[1:]) % 5)
    pixels[16:90, left : left + 40] = np.array(COLOURS[name[0]]) * rng.uniform(0.9, 1.1)
    return Picture(name, np.clip(pixels, 0, 255).astype(np.uint8), bbox)


def test_the_looks_of_a_request_centre_a_backbone_that_has_no_centre(tmp_path: Path) -> None:
    backbone = open_dinov3(str(small_transformer(tmp_path / "model.onnx")), side=96)
    assert UNCENTRED in backbone.model.name
    names = {who: [ImageRef(asset_id=f"{who}{n}") for n in range(4)] for who in COLOURS}

    def judged(picture: str):
        request = SequenceRequest(
            characters=tuple(CharacterReferences(character=w, references=tuple(r)) for w, r in names.items()),
            shots=(
                SequenceShot(
                    number=1,
                    shot_id="s",
                    frames=(ImageRef(asset_id=picture),),
                    subjects=(SubjectRegion(character="A"),),
                ),
            ),
            measured_on="pictures",
        )
        return CalibratedLikeness(backbone).validate(request, see).shots[0].characters[0]

    own, other = judged("A9"), judged("B9")
    raw = backbone.embed([see(ImageRef(asset_id="B9")), *map(see, names["A"])])
    assert other.raw < float(likeness(raw[:1], raw[1:])[0]) - 0.3
    assert own.raw > other.raw + 0.5
    assert (own.passed, other.passed) == (True, False)
