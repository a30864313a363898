"""Mentions that could mean either of two things of the scene: `the suitcase`, where there are a brown and a red one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shotwright.crew.art_director.matching import tokens
from shotwright.crew.art_director.needs import is_named, quote, same_thing

if TYPE_CHECKING:
    from shotwright.model.crew import DirectedScene, DressedScene
    from shotwright.model.ids import UnitId
    from shotwright.model.story import SceneBrief, Thing

MOST = 4
"""Mentions of one scene that are asked about."""


@dataclass(frozen=True, slots=True)
class Mention:
    """One unit's bare name for a thing, and the things that it could be; the first is what the draft took."""

    unit: UnitId
    words: str
    things: tuple[Thing, ...]
    shots: tuple[str, ...]
    """Ids of the shots where the draft's thing is bound because of this unit alone."""


def find_mentions(brief: SceneBrief, directed: DirectedScene, draft: DressedScene, opened: set[str]) -> list[Mention]:
    """Ambiguous mentions in the shots that are open, in script order.

    What somebody takes, puts down or holds is never in doubt here: who has it decides which shots show it.
    """
    texts = {unit.id: unit.text for unit in brief.scene.units}
    tracked = {str(prop) for presence in brief.scene.presences for prop in presence.holding}
    for note in brief.scene.actions:
        tracked.update(prop for _, prop in (*note.takes, *note.drops))
    alike: dict[str, list[Thing]] = {}
    for thing in brief.things:
        if thing.id not in tracked:
            alike.setdefault(f"{thing.kind} {tokens(same_thing(thing.name))[-1]}", []).append(thing)
    groups = [things for things in alike.values() if len(things) > 1]
    if not groups:
        return []
    bound = {shot.shot_id: shot.assets.bindings for shot in draft.shots}
    cast = {entity: value for bindings in bound.values() for entity, value in bindings.items()}
    found: list[Mention] = []
    for note in brief.scene.actions:
        text = texts.get(note.unit, "")
        for things in groups:
            meant = next((thing for thing in things if thing.id in note.things), None)
            others = [t for t in things if t is not meant and t.id in cast and not _is_same(t, meant)]
            if meant is None or not others or any(thing.id in note.things for thing in others):
                continue
            if not is_named(meant.name, text) or _told_apart(things, text):
                continue
            shots = tuple(
                shot.shot_id
                for shot in directed.shots
                if note.unit in shot.units
                and shot.shot_id in opened
                and meant.id in bound.get(shot.shot_id, {})
                and meant.id not in shot.intent.on
                and not any(other.id in bound[shot.shot_id] for other in others)
                and not _elsewhere(meant, note.unit, shot.units, brief)
            )
            if shots:
                found.append(Mention(note.unit, quote(text, meant.name), (meant, *others[:3]), shots))
    return found[:MOST]


def _is_same(thing: Thing, other: Thing | None) -> bool:
    """Two names of one thing."""
    return other is not None and same_thing(thing.name) == same_thing(other.name)


def _told_apart(things: list[Thing], text: str) -> bool:
    """A word that only one of them bears stands in the text."""
    words = set(tokens(text))
    sets = [set(tokens(thing.name)) for thing in things]
    shared = set.intersection(*sets)
    heads = {tokens(thing.name)[-1] for thing in things}
    return any((own - shared - heads) & words for own in sets)


def _elsewhere(thing: Thing, unit: UnitId, units: tuple[UnitId, ...], brief: SceneBrief) -> bool:
    """Another unit of the same shot shows the thing too."""
    return any(note.unit in units and note.unit != unit and thing.id in note.things for note in brief.scene.actions)
