"""The example film's frames hold what its shots say of them."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest

from shotwright.production.studio import RunRequest, run_production

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Every question that benchmarks/size_bench.py asks of a frame, with how often it held and where it did not."""
    spec = importlib.util.spec_from_file_location("size_bench", ROOT / "benchmarks" / "size_bench.py")
    assert spec is not None
    assert spec.loader is not None
    bench = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = bench
    spec.loader.exec_module(bench)
    script, library = bench.EXAMPLE / "last_bird_in.fountain", bench.EXAMPLE / "assets"
    out = tmp_path_factory.mktemp("frames") / "last_bird_in.shotwright"
    run_production(RunRequest(script, out, (library,), until="layers"))
    tally = bench.Tally()
    bench.look_through(out, tally, None)
    table: dict[str, Any] = tally.table()
    return table


@pytest.mark.parametrize("question", ["size", "side", "gaze", "key"])
def test_what_a_shot_says_of_its_frame_is_what_is_drawn(answers: dict[str, Any], question: str) -> None:
    told = answers[question]
    assert told["of"] > 25
    assert told["share"] >= 0.99, told["faults"]


@pytest.mark.parametrize("question", ["head", "seen", "floor", "eyes"])
def test_no_head_is_cut_or_hidden_no_floor_is_black_and_no_eyes_are_empty(
    answers: dict[str, Any], question: str
) -> None:
    assert answers[question]["of"]
    assert answers[question]["faults"] == []
