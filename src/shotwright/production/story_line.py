"""The whole script through the Architect: cast, scenes, story, casting, music, and a brief for every scene."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from shotwright.crew.architect import Cast, SceneReading, brief_scenes, meet_cast, read_scene, relevant_cast, weave
from shotwright.crew.art_director import cast_film
from shotwright.crew.sound_designer import plan_music
from shotwright.model.crew import Casting, FilmSettings, MusicPlan
from shotwright.model.ids import SceneId
from shotwright.model.story import SceneBrief, Story
from shotwright.production.ahead import work
from shotwright.production.journal import dumps
from shotwright.production.projection import STORY, brief_from_answer, project_story, scene_node

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from shotwright.model.asset import Asset
    from shotwright.model.screenplay import Scene, Screenplay
    from shotwright.ports.story_store import StoryStore
    from shotwright.production.steps import Steps

_MUSIC = tuple[tuple[SceneId, MusicPlan], ...]


@dataclass(frozen=True, slots=True)
class Told:
    """The film before any shot is made."""

    story: Story
    briefs: list[SceneBrief]
    """With personalities and heights from the library; one a scene that is not omitted, in order."""
    casting: tuple[Casting, ...]
    music: dict[str, tuple[MusicPlan, ...]]


def tell_story(
    steps: Steps,
    screenplay: Screenplay,
    settings: FilmSettings,
    assets: Sequence[Asset],
    store: StoryStore | None,
    advance: Callable[[int, int], None],
) -> Told:
    """Build the story, put it into the store, and brief every scene from there (from the values when there is none)."""
    settings_json = settings.model_dump_json()
    scenes = tuple(s for s in screenplay.scenes if not s.omitted)
    if len(scenes) != len(screenplay.scenes):
        screenplay = screenplay.model_copy(update={"scenes": scenes})
    script = "[" + ",".join(s.model_dump_json() for s in scenes) + "]"
    title = dumps(screenplay.title_page)
    cast = steps.do("cast", "", [script, title], Cast, lambda: meet_cast(screenplay))
    found: dict[str, SceneReading] = {}

    def take(scene: Scene) -> None:
        own = relevant_cast(scene, cast.value)
        inputs = [scene.model_dump_json(), own.model_dump_json()]
        found[scene.id] = steps.do("scene_story", scene.id, inputs, SceneReading, lambda: read_scene(scene, own)).value

    work([partial(take, scene) for scene in scenes], steps, lambda done: advance(done, len(scenes)))
    readings = [found[scene.id] for scene in scenes]
    story = steps.do(
        "weave",
        "",
        [script, title, cast.json, dumps(screenplay.eighths), settings_json],
        Story,
        lambda: weave(screenplay, cast.value, tuple(readings), settings),
    )
    library = dumps([a.fingerprint for a in assets])
    matched = [story.json, library]
    casting = steps.do("casting", "", matched, tuple[Casting, ...], lambda: cast_film(story.value, assets))
    music = steps.do("music", "", [story.json, settings_json], _MUSIC, lambda: plan_music(story.value, settings))
    plans: dict[str, list[MusicPlan]] = {}
    for scene_id, plan in music.value:
        plans.setdefault(scene_id, []).append(plan)
    briefs = list(brief_scenes(story.value, settings))
    if store is not None:
        store.replace_all(project_story(story.value, briefs, screenplay.lines), under=STORY)
        briefs = [
            brief_from_answer(store.run("scene_briefing", scene=scene_node(brief.scene.scene_id))) for brief in briefs
        ]
    return Told(
        story.value,
        [with_library(brief, casting.value) for brief in briefs],
        casting.value,
        {scene: tuple(found) for scene, found in plans.items()},
    )


def with_library(brief: SceneBrief, casting: Sequence[Casting]) -> SceneBrief:
    """The brief with what the asset library knows of its cast: personality, manner, height."""
    known = {c.entity: c for c in casting if c.personality or c.manner or c.height_m}
    if not any(m.character.id in known for m in brief.cast):
        return brief
    cast = tuple(
        m.model_copy(
            update={
                "personality": known[m.character.id].personality,
                "manner": known[m.character.id].manner,
                "height_m": known[m.character.id].height_m,
            }
        )
        if m.character.id in known
        else m
        for m in brief.cast
    )
    return brief.model_copy(update={"cast": cast})


