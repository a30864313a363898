"""Absurd and hostile answers to every question of a film: nothing is lost, nothing is illegal."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks import fuzz_bench

from shotwright.production import wire
from shotwright.production.refining import Refining
from shotwright.production.studio import RunRequest, run_production

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "last_bird_in"


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What broke a room's own rules; the fuzzing model is in place of every agent's."""
    for name in ("direct", "photograph"):
        monkeypatch.setattr(Refining, name, getattr(Refining, name))
    monkeypatch.setattr(wire, "minds", wire.minds)
    found: list[str] = []
    fuzz_bench.watch(found)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("seed", [7_001, 7_002, 7_003])
def test_a_film_survives_any_answers(seen: list[str], tmp_path: Path, seed: int) -> None:
    model = fuzz_bench.Fuzz(seed)
    fuzz_bench.attach(model)
    request = RunRequest(
        EXAMPLE / "last_bird_in.fountain", tmp_path / "film", (EXAMPLE / "assets",),
        flags={"models.default": "fuzz"}, frames=False,
    )  # fmt: skip
    _, report = run_production(request)
    assert model.answers > 100
    assert sum(len(r.fallen) for r in report.refinements) > 100
    assert not list(fuzz_bench.faults_of(report, seen))
