"""The story turned into one brief a scene: all that the crew needs to know of the film to shoot it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from shotwright.crew.architect.naming import plain
from shotwright.crew.architect.plot import act_of, positions
from shotwright.model.story import (
    Allowance,
    CastMember,
    Evidence,
    Location,
    Neighbour,
    PlotPoint,
    Relation,
    SceneBrief,
    SceneStory,
    Story,
)

if TYPE_CHECKING:
    from shotwright.model.crew import FilmSettings
    from shotwright.model.ids import EntityId
    from shotwright.model.vocabulary import Bond

_CLICHES: dict[str, tuple[str, ...]] = {
    "dutch": ("confusion", "shock", "dread"),
    "whip_pan": ("action", "shock"),
    "crash_zoom": ("shock", "anger"),
    "dolly_zoom": ("realization", "dread", "shock"),
    "arc": ("intimacy", "joy", "awe"),
}
_LOUD = 0.85
_PAGES = 15
"""One of each showy move in fifteen pages, and only where a beat is at 0.85 or more; elsewhere the
script must ask."""


def brief_scenes(story: Story, settings: FilmSettings) -> tuple[SceneBrief, ...]:
    """One brief a scene, in order. Personality, manner and height are left for whoever knows the asset library."""
    scenes = list(story.scenes)
    people = {person.id: person for person in story.characters}
    places = {place.id: place for place in story.locations}
    things = {thing.id: thing for thing in story.things}
    looks = {look.id: look for look in story.looks}
    points: dict[str, list[PlotPoint]] = {}
    for point in story.plot_points:
        points.setdefault(point.scene, []).append(point)
    allowed = _allowances(scenes)
    acts = [act_of(at) for at in positions(scenes)]
    seen: set[EntityId] = set()
    filmed = [i for i, scene in enumerate(scenes) if scene.units]
    out = []
    for i, scene in enumerate(scenes):
        here = {presence.character for presence in scene.presences}
        out.append(
            SceneBrief(
                scene=scene,
                cast=tuple(
                    CastMember(character=people[p.character], presence=p, look=looks.get(p.look) if p.look else None)
                    for p in scene.presences
                    if p.character in people
                ),
                place=places.get(scene.location, Location(id=scene.location, name=scene.slugline.place)),
                things=tuple(things[eid] for eid in scene.things if eid in things),
                plot_points=tuple(points.get(scene.scene_id, ())),
                previous=_neighbour(scenes[i - 1]) if i else None,
                next=_neighbour(scenes[i + 1]) if i + 1 < len(scenes) else None,
                known_place=scene.location in seen,
                act=acts[i],
                genre=scene.genre or story.genre,
                tone=scene.tone or story.tone,
                references=settings.references or story.references,
                allowance=allowed[i],
                opens_film=bool(filmed) and i == filmed[0],
                closes_film=bool(filmed) and i == filmed[-1],
                relations=tuple(_tie(bond) for bond in story.relations if bond.a in here and bond.b in here),
            )
        )
        seen.add(scene.location)
    return tuple(out)


_TIES: dict[Bond, str] = {
    "parent_child": "parent and child", "siblings": "siblings", "spouses": "married", "kin": "relatives",
    "lovers": "lovers", "friends": "friends", "allies": "allies", "rivals": "rivals", "enemies": "enemies",
    "mentor": "teacher and pupil", "service": "one in the other's service", "strangers": "strangers",
}  # fmt: skip


def _tie(relation: Relation) -> Relation:
    """What a scene is told of a relation: its two choices alone, so that a film read again in other words does not
    reach every scene of the two."""
    words = f"{_TIES[relation.bond]}, {relation.state}"
    return relation.model_copy(update={"words": words, "evidence": Evidence(mind=relation.evidence.mind)})


def _neighbour(scene: SceneStory) -> Neighbour:
    """The same value whichever side it is told to: the graph keeps one for each scene."""
    return Neighbour(
        scene_id=scene.scene_id,
        location=scene.location,
        time_of_day=scene.time_of_day,
        story_day=scene.story_day,
        scene_type=scene.scene_type,
        closing_beat=scene.beats[-1].name if scene.beats else "calm",
        flashback=scene.flashback,
        closing_transition=_closing_transition(scene),
    )


_TRANSITION = re.compile(
    r"(?:(?:slow |quick |hard |flash |l[ao]ng )?(?:cut|dissolve|fade|wipe|iris|match|smash|jump|invisible)\b.*"
    r"|.*\b(?:cut|dissolve|fade|wipe) (?:to|out|in|into)\b.*)$",
    re.IGNORECASE,
)


def _closing_transition(scene: SceneStory) -> str:
    """The transition written at a scene's end; empty for a plain cut or none."""
    for unit in reversed(scene.units):
        if unit.kind != "direction":
            return ""
        text = plain(unit.text).upper()
        if _TRANSITION.match(text):
            return "" if text.rstrip(" :.") in ("CUT TO", "CUT") else text
    return ""


def _allowances(scenes: list[SceneStory]) -> list[Allowance]:
    """Each showy move goes to a scene that outweighs all its rivals within fifteen pages, so that an edit elsewhere
    moves nothing unless it changes who is loudest nearby."""
    starts, run = [], 0
    for scene in scenes:
        starts.append(run)
        run += scene.eighths
    granted: list[dict[str, bool]] = [{} for _ in scenes]
    for move, feelings in _CLICHES.items():
        loud = {
            i: max(beat.intensity for beat in scene.beats if beat.name in feelings and beat.intensity >= _LOUD)
            for i, scene in enumerate(scenes)
            if any(beat.name in feelings and beat.intensity >= _LOUD for beat in scene.beats)
        }
        ranked = sorted(loud, key=lambda i: (-loud[i], scenes[i].scene_id))
        taken: list[int] = []
        for i in ranked:
            if all(abs(starts[i] - starts[j]) >= _PAGES * 8 for j in taken):
                taken.append(i)
                granted[i][move] = True
    quiet = ("establishing", "montage", "series_of_shots")
    return [
        Allowance(
            push_in=scene.scene_type not in quiet,
            extreme_close_up=scene.scene_type != "establishing",
            **granted[i],
        )
        for i, scene in enumerate(scenes)
    ]
