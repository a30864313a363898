"""A hundred consecutive shots that a person has read and labelled: the Supervisor may cry wolf once at most."""

from __future__ import annotations

import gzip
import hashlib
import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from shotwright.crew.continuity_supervisor import inspect_scene
from shotwright.model.crew import FilmSettings
from shotwright.model.shot import Shot
from shotwright.model.story import SceneBrief

FOLDER = Path(__file__).resolve().parent / "labelled"
RULES = {"C180", "C30", "CEYE", "CDIR", "CACT", "CSIZE", "CEST", "CWARD", "CLIGHT", "CDUR", "CCONT", "CPRES", "CSOUND"}


@pytest.fixture(scope="module")
def text() -> str:
    return gzip.decompress((FOLDER / "film.json.gz").read_bytes()).decode()


@pytest.fixture(scope="module")
def scenes(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(text)["scenes"]
    return found


@pytest.fixture(scope="module")
def labels() -> dict[str, Any]:
    return tomllib.loads((FOLDER / "labels.toml").read_text("utf-8"))


def test_the_labels_belong_to_these_hundred_shots(text: str, scenes: Any, labels: Any) -> None:
    names = {f"{n:02d}-{at:02d}" for n, scene in enumerate(scenes, 1) for at in range(1, len(scene["shots"]) + 1)}
    assert len(names) == 100
    assert labels["read_by_eye"] == hashlib.sha256(text.encode()).hexdigest()[:16]
    assert {*labels["exceptions"], *labels["faults"]} <= names
    assert not {*labels["exceptions"]} & {*labels["faults"]}
    for label in (*labels["exceptions"].values(), *labels["faults"].values()):
        assert label["rule"] in RULES
        assert label["why"]
    assert len(labels["exceptions"]) >= 20


def test_clean_shots_raise_one_false_alarm_at_most(scenes: Any, labels: Any) -> None:
    alarms = []
    for number, scene in enumerate(scenes, 1):
        shots = [Shot.model_validate(shot) for shot in scene["shots"]]
        places = {shot.shot_id: f"{number:02d}-{at:02d}" for at, shot in enumerate(shots, 1)}
        for flag in inspect_scene(shots, SceneBrief.model_validate(scene["brief"]), FilmSettings()):
            cut_short = flag.code == "CTEXT" and not scene["whole"]
            if flag.severity != "info" and places[flag.shot_id] not in labels["faults"] and not cut_short:
                alarms.append((places[flag.shot_id], flag.code, flag.message))
    assert len(alarms) <= 1, alarms
