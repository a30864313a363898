"""The whole script through the Architect: cast, scenes, story, casting, music, and a brief for every scene."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from shotwright.crew.architect import Cast, SceneReading, brief_scenes, meet_cast, read_scene, relevant_cast, weave
from shotwright.crew.art_director import cast_film
from shotwright.crew.sound_designer import plan_music
from shotwright.model.crew import Casting, FilmSettings, MusicPlan
from shotwright.model.story import SceneBrief, Story
from shotwright.production.ahead import work
from shotwright.production.film_questions import MUSIC, film_card, recast, retold
from shotwright.production.journal import dumps
from shotwright.production.projection import STORY, brief_from_answer, project_story, scene_node

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from shotwright.model.asset import Asset
    from shotwright.model.language import Refinement
    from shotwright.model.screenplay import Scene, Screenplay
    from shotwright.ports.story_store import StoryStore
    from shotwright.production.asking import Asking
    from shotwright.production.steps import Steps


@dataclass(frozen=True, slots=True)
class Told:
    """The film before any shot is made."""

    story: Story
    briefs: list[SceneBrief]
    """With personalities and heights from the library; one a scene that is not omitted, in order."""
    casting: tuple[Casting, ...]
    music: dict[str, tuple[MusicPlan, ...]]
    film: str = ""
    """What language models are told of the film."""
    refinements: tuple[Refinement, ...] = ()
    """What became of the questions about the whole film."""


def tell_story(
    steps: Steps,
    screenplay: Screenplay,
    settings: FilmSettings,
    assets: Sequence[Asset],
    store: StoryStore | None,
    advance: Callable[[int, int], None],
    asking: Asking | None = None,
    only: frozenset[str] | None = None,
) -> Told:
    """Build the story, put it into the store, and brief every scene from there (from the values when there is none).

    `only`: the scenes that a run is about. Language models are then asked about these and nothing of the whole film.
    """
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

    prepare = partial(asking.prepare, "architect") if asking is not None and asking.serves("architect") else None
    work([partial(take, scene) for scene in scenes], steps, lambda done: advance(done, len(scenes)), meanwhile=prepare)
    readings = [found[scene.id] for scene in scenes]
    story = steps.do(
        "weave",
        "",
        [script, title, cast.json, dumps(screenplay.eighths), settings_json],
        Story,
        lambda: weave(screenplay, cast.value, tuple(readings), settings),
    )
    film = film_card(story.value, settings)
    records: list[Refinement] = []
    final = story.value
    if asking is not None and asking.serves("architect"):
        final = asking.run(retold(steps, asking, final, settings, film, records, only))
    final_json = story.json if final is story.value else final.model_dump_json()
    library = dumps([a.fingerprint for a in assets])
    casting = steps.do(
        "casting", "", [final_json, library], tuple[Casting, ...], lambda: cast_film(final, assets)
    ).value  # fmt: skip
    music = steps.do("music", "", [final_json, settings_json], MUSIC, lambda: plan_music(final, settings)).value

    def brief() -> list[SceneBrief]:
        briefs = list(brief_scenes(final, settings))
        if store is None:
            return briefs
        store.replace_all(project_story(final, briefs, screenplay.lines), under=STORY)
        return [brief_from_answer(store.run("scene_briefing", scene=scene_node(b.scene.scene_id))) for b in briefs]

    if asking is None or only is not None:
        briefs = brief()
    else:
        questions = recast(steps, asking, final, casting, music, assets, film, records)
        (casting, music), briefs = asking.run(asking.meanwhile(questions, brief))
    plans: dict[str, list[MusicPlan]] = {}
    for scene_id, plan in music:
        plans.setdefault(scene_id, []).append(plan)
    return Told(
        final,
        [with_library(brief, casting) for brief in briefs],
        casting,
        {scene: tuple(found) for scene, found in plans.items()},
        film,
        tuple(records),
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
