"""The script parted into windows of a few scenes, so that a reader sees each scene among its neighbours.

The seams hang on the scenes' ids alone, so an edit inside a scene moves none, and a scene that is put in or taken out
moves only those beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from shotwright.model.ids import digest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.model.ids import SceneId
    from shotwright.model.story import SceneStory, Story

REACH = 4
"""A window begins at a scene whose hash is the least among so many on either side: windows have more scenes than so."""
MOST_SCENES = 11
MOST_WORDS = 1800
"""Longer windows are parted again; a scene that is longer by itself has a window of its own."""
LONGEST_SCENE = 9000
"""Words; a longer scene is not read by a model at all."""


def windows(story: Story) -> tuple[tuple[SceneId, ...], ...]:
    """Runs of filmed scenes that follow each other, about six in each, every filmed scene in one of them."""
    filmed = [scene for scene in story.scenes if is_read(scene)]
    marks = [digest("window", scene.scene_id) for scene in filmed]
    size = {scene.scene_id: words_of(scene) for scene in filmed}
    starts = [
        i for i, mark in enumerate(marks) if i == 0 or mark == min(marks[max(0, i - REACH) : i + REACH + 1])
    ]  # fmt: skip
    out: list[tuple[SceneId, ...]] = []
    for at, end in zip(starts, [*starts[1:], len(filmed)], strict=True):
        out += _parted([scene.scene_id for scene in filmed[at:end]], marks[at:end], size)
    return tuple(out)


def is_read(scene: SceneStory) -> bool:
    """Whether the scene has anything that is filmed, and not more than can be shown to a reader."""
    return any(unit.kind != "direction" for unit in scene.units) and words_of(scene) <= LONGEST_SCENE


def words_of(scene: SceneStory) -> int:
    """How many words the scene has."""
    return sum(len(unit.text.split()) for unit in scene.units)


def _parted(run: Sequence[SceneId], marks: Sequence[str], size: dict[SceneId, int]) -> list[tuple[SceneId, ...]]:
    """A run that is too long, cut before the scene of least hash that leaves two scenes on either side where it can."""
    if len(run) < 2 or (len(run) <= MOST_SCENES and sum(size[scene] for scene in run) <= MOST_WORDS):
        return [tuple(run)] if run else []
    inner = range(2, len(run) - 1) if len(run) >= 4 else range(1, len(run))
    cut = min(inner, key=lambda i: (marks[i], i))
    return _parted(run[:cut], marks[:cut], size) + _parted(run[cut:], marks[cut:], size)
