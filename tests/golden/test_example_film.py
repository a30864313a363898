"""The example film, whole: the same bytes every time, valid against the schema, complete in every layer.

After a change that is meant to alter shots: SHOTWRIGHT_FREEZE=1 scripts/test tests/golden, then read the difference.
"""

from __future__ import annotations

import gzip
import itertools
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from shotwright.exports import schemas

ROOT = Path(__file__).resolve().parents[2]
FILM = ROOT / "examples" / "last_bird_in"
GOLDEN = Path(__file__).with_name("last_bird_in.json.gz")


@pytest.fixture(scope="module")
def film(example_production: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((example_production / "shots.json").read_text())
    return told


def test_the_film_is_the_one_that_was_approved(film: dict[str, Any]) -> None:
    if os.environ.get("SHOTWRIGHT_FREEZE"):
        text = json.dumps(film, ensure_ascii=False, sort_keys=True)
        GOLDEN.write_bytes(gzip.compress(text.encode(), mtime=0))
    golden = json.loads(gzip.decompress(GOLDEN.read_bytes()))
    assert [s["shot_id"] for s in film["shots"]] == [s["shot_id"] for s in golden["shots"]]
    for shot, wanted in zip(film["shots"], golden["shots"], strict=True):
        for layer in wanted:
            assert shot[layer] == wanted[layer], f"{shot['label']} {layer}"
    assert film == golden


def test_two_runs_are_byte_equal_whatever_the_hash_seed(example_production: Path, tmp_path: Path) -> None:
    subprocess.run(
        [
            sys.executable, "-m", "shotwright", "run", str(FILM / "last_bird_in.fountain"),
            "--assets", str(FILM / "assets"), "--out", str(tmp_path / "again"),
        ],
        check=False,
        capture_output=True,
        env={**os.environ, "PYTHONHASHSEED": "12345", "PYTHONPATH": str(ROOT / "src")},
    )  # fmt: skip
    assert (tmp_path / "again" / "shots.json").read_bytes() == (example_production / "shots.json").read_bytes()


def test_every_shot_is_valid_against_the_frozen_schema(film: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator(schemas()["film"]).validate(film)


def test_every_shot_fills_every_layer(film: dict[str, Any]) -> None:
    for shot in film["shots"]:
        label = shot["label"]
        for text in (*shot["narrative_layer"].values(), shot["contextual_layer"]["tone_and_mood"]):
            assert text.strip(), label
        assert shot["contextual_layer"]["genre_aesthetics"], label
        assert shot["technical_layer"]["lighting"]["description"], label
        assert shot["audio"]["ambience"], label
        assert shot["digital_assets"]["bindings"], label
        for layer in ("narrative_layer", "technical_layer.camera", "technical_layer.lighting", "digital_assets"):
            assert shot["provenance"][layer]["because"], f"{label} does not say why {layer}"


def test_no_error_stands_and_no_neighbours_share_a_purpose(film: dict[str, Any]) -> None:
    shots = film["shots"]
    assert not [f for s in shots for f in s["continuity"]["flags"] if f["severity"] == "error"]
    purposes = [s["narrative_layer"]["shot_purpose"] for s in shots]
    assert all(a != b for a, b in itertools.pairwise(purposes))


def test_clips_last_five_to_seven_seconds_or_say_why(film: dict[str, Any]) -> None:
    seconds = [s["duration_seconds"] for s in film["shots"]]
    assert max(seconds) <= 7
    assert sum(5 <= s <= 7 for s in seconds) >= 0.95 * len(seconds)
    assert all(s["duration_reason"] for s in film["shots"] if s["duration_seconds"] < 5)
