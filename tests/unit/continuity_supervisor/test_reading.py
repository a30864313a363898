"""The reading report ticks a clean scene and names what fails in a broken one."""

from __future__ import annotations

import pytest
from supervisor_scenes import CLEAN, two_hander

from shotwright.craft.reading import read_sequence


@pytest.mark.parametrize("scene", CLEAN, ids=[c.__name__ for c in CLEAN])
def test_a_clean_scene_reads_clean(scene):
    stage = scene()
    failed = [item for item in read_sequence(stage.shots, stage.units) if not item.passed]
    assert [(i.number, i.detail) for i in failed if i.number != 20] == []


def test_a_lost_line_and_a_missing_action_are_named():
    stage = two_hander()
    report = {item.number: item for item in read_sequence(stage.shots[2:], stage.units)}
    assert not report[1].passed
    assert not report[2].passed
    assert report[19].passed


def test_a_prompt_with_an_id_a_number_or_a_name_fails():
    stage = two_hander()
    first = stage.shots[0].shot_id
    for text in ("character/ana stands", "a lamp at 4300", "Ana waits"):
        report = {i.number: i for i in read_sequence(stage.shots, stage.units, prompts={first: [text]}, names=["Ana"])}
        assert report[19].shots == (1,)
    report = {
        i.number: i
        for i in read_sequence(stage.shots, stage.units, prompts={first: ["the woman waits"]}, names=["Ana"])
    }
    assert report[19].passed
