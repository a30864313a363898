"""What a reader makes of a window: an overlay on what the rules found in its scenes, and the rules' own as a draft."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel

from shotwright.model.ids import EntityId, SceneId, UnitId
from shotwright.model.story import Beat, Turn
from shotwright.model.value import Value
from shotwright.model.vocabulary import BeatName

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.model.story import SceneStory, Story

STEPS = 20
"""An intensity is told in twentieths."""


class SceneOverlay(Value):
    """One scene as read in its window. What no reader has touched is the rules' own."""

    scene_id: SceneId
    goal: str
    turn: Turn | None = None
    beats: tuple[Beat, ...] = ()
    synopsis: str = ""
    subtext: str = ""
    worded_by: str = "rules"
    """Of the goal."""
    to: tuple[tuple[UnitId, EntityId], ...] = ()
    """(speech, whom it is said to), where the rules were wrong."""
    props: tuple[tuple[UnitId, str], ...] = ()
    """(action, the words that name a thing)"""
    also: tuple[tuple[UnitId, EntityId], ...] = ()
    """(action, who is meant in it under another name)"""
    mind: str = "rules"
    """Whose `to`, `props` and `also` are."""


class WindowReading(Value):
    """The scenes of one window, in order."""

    scenes: tuple[SceneOverlay, ...]


class SceneEntry(BaseModel):
    scene: int
    goal: str = ""
    turn: int = -1
    synopsis: str = ""
    subtext: str = ""


class BeatEntry(BaseModel):
    scene: int
    at: int
    feel: BeatName
    force: int


class ToEntry(BaseModel):
    scene: int
    line: int
    person: int


class PropEntry(BaseModel):
    scene: int
    line: int
    words: str


class AlsoEntry(BaseModel):
    scene: int
    line: int
    words: str
    person: int


class WindowAnswer(BaseModel):
    """Lists side by side rather than within each other, so that one bad entry spoils no other."""

    scenes: tuple[SceneEntry, ...] = ()
    beats: tuple[BeatEntry, ...] = ()
    to: tuple[ToEntry, ...] = ()
    props: tuple[PropEntry, ...] = ()
    also: tuple[AlsoEntry, ...] = ()


Part = Literal["goal", "turn", "beats", "synopsis", "subtext"]
PARTS: tuple[Part, ...] = ("goal", "turn", "beats", "synopsis", "subtext")


def scenes_of(story: Story, window: Sequence[SceneId]) -> tuple[SceneStory, ...]:
    """The window's scenes, in the film's order."""
    wanted = frozenset(window)
    return tuple(scene for scene in story.scenes if scene.scene_id in wanted)


def draft_window(story: Story, window: Sequence[SceneId]) -> WindowReading:
    """What the rules found in the window's scenes."""
    return WindowReading(scenes=tuple(draft_scene(scene) for scene in scenes_of(story, window)))


def draft_scene(scene: SceneStory) -> SceneOverlay:
    """What stands in a scene."""
    return SceneOverlay(
        scene_id=scene.scene_id,
        goal=scene.goal,
        turn=scene.turn,
        beats=scene.beats,
        synopsis=scene.synopsis,
        subtext=scene.subtext,
        worded_by=scene.worded_by,
    )


def drafted_answer(scenes: Sequence[SceneStory]) -> WindowAnswer:
    """The answer of somebody who agrees with all that stands."""
    told: list[SceneEntry] = []
    felt: list[BeatEntry] = []
    for n, scene in enumerate(scenes, 1):
        at = {unit.id: i for i, unit in enumerate(scene.units, 1)}
        turn = at.get(scene.turn.unit, 0) if scene.turn is not None else 0
        told.append(SceneEntry(scene=n, goal=scene.goal, turn=turn, synopsis=scene.synopsis, subtext=scene.subtext))
        felt += [BeatEntry(scene=n, at=at[b.first_unit], feel=b.name, force=forced(b.intensity)) for b in scene.beats]
    return WindowAnswer(scenes=tuple(told), beats=tuple(felt))


def forced(intensity: float) -> int:
    """An intensity in twentieths."""
    return round(intensity * STEPS)
