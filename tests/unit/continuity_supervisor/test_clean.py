"""Clean scenes raise no flag: legal exceptions are not errors."""

from __future__ import annotations

import time

import pytest
from supervisor_scenes import CLEAN
from supervisor_stage import SETTINGS

from shotwright.crew.continuity_supervisor import inspect_scene


@pytest.mark.parametrize("scene", CLEAN, ids=[c.__name__ for c in CLEAN])
def test_a_clean_scene_raises_no_flag(scene):
    stage = scene()
    flags = [f for f in inspect_scene(stage.shots, stage.brief(), SETTINGS) if f.severity != "info"]
    assert [(f.shot_id, f.code, f.message) for f in flags] == []


def test_the_clean_scenes_are_more_than_thirty_shots():
    assert sum(len(scene().shots) for scene in CLEAN) >= 40


def test_a_feature_of_shots_is_inspected_in_half_a_second():
    staged = [(s.shots, s.brief()) for s in (scene() for scene in CLEAN)]
    begun = time.process_time()
    done = 0
    while done < 1100:
        for shots, brief in staged:
            inspect_scene(shots, brief, SETTINGS)
            done += len(shots)
    assert time.process_time() - begun < 0.5
