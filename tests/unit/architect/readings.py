"""The example film and what the tests of its refinement share."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shotwright.crew.architect import meet_cast, read_scene, weave
from shotwright.crew.architect.refine import WindowReading, ask_window, draft_window, windows
from shotwright.model.crew import FilmSettings
from shotwright.screenplay import read_string

if TYPE_CHECKING:
    from shotwright.model.ids import SceneId
    from shotwright.model.question import Question
    from shotwright.model.screenplay import Screenplay
    from shotwright.model.story import SceneStory, Story

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "last_bird_in" / "last_bird_in.fountain"
SETTINGS = FilmSettings()


def told(text: str, previous: Any = None) -> tuple[Screenplay, Story]:
    reading = read_string(text, previous)
    cast = meet_cast(reading.screenplay)
    readings = tuple(read_scene(scene, cast) for scene in reading.screenplay.scenes)
    return reading.screenplay, weave(reading.screenplay, cast, readings, SETTINGS)


@cache
def example() -> tuple[Screenplay, Story]:
    return told(EXAMPLE.read_text(encoding="utf-8"))


def window_with(story: Story, slug: str) -> tuple[tuple[SceneId, ...], int]:
    """The window that has the scene whose heading holds the words, and the scene's number in it."""
    scene = next(scene for scene in story.scenes if slug in scene.slugline.raw)
    window = next(window for window in windows(story) if scene.scene_id in window)
    return window, window.index(scene.scene_id) + 1


def asked(story: Story, window: tuple[SceneId, ...]) -> tuple[Question[WindowReading], WindowReading]:
    question = ask_window(story, window, "Film: LAST BIRD IN")
    assert question is not None
    return question, draft_window(story, window)


def scene_of(story: Story, slug: str) -> SceneStory:
    return next(scene for scene in story.scenes if slug in scene.slugline.raw)


def line_of(scene: SceneStory, words: str) -> int:
    """The number of the line that holds the words."""
    return next(i for i, unit in enumerate(scene.units, 1) if words in unit.text)
