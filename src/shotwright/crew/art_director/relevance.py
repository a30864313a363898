"""Which of the film's castings one scene rests on: no more than those enter its step's key."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from shotwright.crew.art_director.matching import tokens
from shotwright.crew.art_director.sightings import effects_in, extras_in
from shotwright.model.ids import entity_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.model.crew import Casting
    from shotwright.model.story import SceneBrief


def relevant_casting(brief: SceneBrief, casting: Sequence[Casting]) -> tuple[Casting, ...]:
    """The castings that one scene rests on, and no more: they are what enters the step's key."""
    scene = brief.scene
    wanted: set[str] = {scene.location, brief.place.id, *scene.things, *(thing.id for thing in brief.things)}
    people: set[str] = {member.character.id for member in brief.cast}
    for presence in scene.presences:
        people.add(presence.character)
        wanted.update(presence.holding)
    for segment in scene.segments:
        wanted.update(place for place in (segment.location, segment.other_location) if place)
    for note in scene.actions:
        wanted.update(note.things)
        people.update(note.actors)
    for speech in scene.speeches:
        people.update((*speech.speakers, *speech.addressees))
    wanted |= people
    slugs = {person.partition("/")[2] for person in people}
    text = " ".join(
        [scene.slugline.raw, scene.slugline.place, *(unit.text for unit in scene.units if unit.kind != "speech")]
    )
    words = {word for token in tokens(text) for word in (token, token + "s")}
    sightings = {
        entity_id("effect", name) for unit in scene.units if unit.kind != "speech" for name in effects_in(unit.text)
    }
    sightings |= {
        entity_id("background", name) for unit in scene.units if unit.kind != "speech" for name in extras_in(unit.text)
    }

    found: list[Casting] = []
    for entry in casting:
        base, of_the_place, wearer, named = _parts(entry.entity)
        if (
            base in wanted
            or wearer in slugs
            or (of_the_place and (entry.entity in sightings or (entry.key and not words.isdisjoint(named))))
        ):
            found.append(entry)
    return tuple(found)


@lru_cache(maxsize=8192)
def _parts(entity: str) -> tuple[str, bool, str, tuple[str, ...]]:
    """(the entity without its side or age, whether it is an effect or extras, who wears it, the words of its name)."""
    base = entity.partition("@")[0]
    kind, _, name = entity.partition("/")
    wearer = name.partition(".")[0] if kind in ("clothes", "makeup_hair") else ""
    return base, kind in ("effect", "background"), wearer, tuple(name.split("_"))
