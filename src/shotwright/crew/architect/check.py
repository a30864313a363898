"""What must hold of a story before the crew works from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shotwright.model.ids import EntityId
    from shotwright.model.screenplay import Screenplay
    from shotwright.model.story import SceneStory, Story


def check(story: Story, screenplay: Screenplay) -> tuple[str, ...]:
    """Every fault found, one line each; empty when the story is sound."""
    faults: list[str] = []
    if [scene.scene_id for scene in story.scenes] != [scene.id for scene in screenplay.scenes]:
        faults.append("the story's scenes are not the screenplay's, in order")
    people = {person.id for person in story.characters}
    places = {place.id for place in story.locations}
    things = {thing.id for thing in story.things}
    looks = {look.id for look in story.looks}
    counted = (
        ("character", people, len(story.characters)),
        ("location", places, len(story.locations)),
        ("thing", things, len(story.things)),
        ("look", looks, len(story.looks)),
        ("plot point", {point.id for point in story.plot_points}, len(story.plot_points)),
    )
    faults += [f"two entries share a {name} id" for name, ids, count in counted if len(ids) != count]
    known = _Known(frozenset(people), frozenset(places), frozenset(things), frozenset(looks))
    for person in story.characters:
        if person.version_of is not None and person.version_of not in people:
            faults.append(f"{person.id}: a version of {person.version_of}, who is nobody")
    for place in story.locations:
        if place.parent is not None and place.parent not in places:
            faults.append(f"{place.id}: lies in {place.parent}, which is nowhere")
    for scene in story.scenes:
        faults += _scene_faults(scene, known)
    faults += _film_faults(story, people)
    return tuple(faults)


def _film_faults(story: Story, people: set[EntityId]) -> list[str]:
    """Of plot points and relations."""
    faults: list[str] = []
    points = {point.id: point for point in story.plot_points}
    scenes = {scene.scene_id: i for i, scene in enumerate(story.scenes)}
    for point in story.plot_points:
        if point.scene not in scenes:
            faults.append(f"{point.id}: its scene does not exist")
        if point.pays_off is None:
            continue
        planted = points.get(point.pays_off)
        if planted is None:
            faults.append(f"{point.id}: pays off {point.pays_off}, which was never introduced")
        elif scenes.get(planted.scene, -1) > scenes.get(point.scene, len(scenes)):
            faults.append(f"{point.id}: pays off what is only introduced later")
    for bond in story.relations:
        if bond.a == bond.b or not {bond.a, bond.b} <= people:
            faults.append(f"{bond.a} and {bond.b} are no two people of the film")
    return faults


@dataclass(frozen=True, slots=True)
class _Known:
    """Every id that a scene may use."""

    people: frozenset[EntityId]
    places: frozenset[EntityId]
    things: frozenset[EntityId]
    looks: frozenset[EntityId]


def _scene_faults(scene: SceneStory, known: _Known) -> list[str]:
    return [*_unit_faults(scene), *_people_faults(scene, known), *_span_faults(scene)]


def _unit_faults(scene: SceneStory) -> list[str]:
    at = scene.scene_id
    faults: list[str] = []
    spoken = {note.unit: note for note in scene.speeches}
    acted = {note.unit for note in scene.actions}
    for unit in scene.units:
        if unit.kind == "speech" and (unit.id not in spoken or not spoken[unit.id].speakers):
            faults.append(f"{at}: nobody speaks {unit.id}")
        if unit.kind == "action" and unit.id not in acted:
            faults.append(f"{at}: no note of action {unit.id}")
    if any(unit.kind != "direction" for unit in scene.units):
        if not 1 <= len(scene.beats) <= 5:
            faults.append(f"{at}: {len(scene.beats)} beats, where one to five belong")
        if not scene.goal or not scene.synopsis:
            faults.append(f"{at}: no goal or no synopsis")
    return faults


def _people_faults(scene: SceneStory, known: _Known) -> list[str]:
    at = scene.scene_id
    faults: list[str] = []
    if scene.location not in known.places:
        faults.append(f"{at}: location {scene.location} is unknown")
    here = {presence.character for presence in scene.presences}
    for speech in scene.speeches:
        named = (*speech.speakers, *speech.addressees)
        faults += [f"{at}: {speech.unit} names {who}, who is nobody" for who in named if who not in known.people]
        faults += [f"{at}: {who} speaks and has no presence" for who in speech.speakers if who not in here]
        if set(speech.speakers) & set(speech.addressees):
            faults.append(f"{at}: {speech.unit} is spoken to its own speaker")
    for note in scene.actions:
        faults += [f"{at}: {note.unit} shows {who}, who is nobody" for who in note.actors if who not in known.people]
        faults += [
            f"{at}: {note.unit} names {what}, which is nothing" for what in note.things if what not in known.things
        ]
    faults += [f"{at}: has {what}, which is nothing" for what in scene.things if what not in known.things]
    for presence in scene.presences:
        if presence.look is not None and presence.look not in known.looks:
            faults.append(f"{at}: {presence.character} wears {presence.look}, which is no look")
    return faults


def _span_faults(scene: SceneStory) -> list[str]:
    at = scene.scene_id
    faults: list[str] = []
    order = {unit.id: i for i, unit in enumerate(scene.units)}
    spans = [("beat", beat.first_unit, beat.last_unit) for beat in scene.beats]
    spans += [("segment", run.first_unit, run.last_unit) for run in scene.segments]
    for name, first, last in spans:
        if first not in order or last not in order or order[first] > order[last]:
            faults.append(f"{at}: a {name} spans {first} to {last}, which is no run of the scene")
    live = [unit.id for unit in scene.units if unit.kind != "direction"] or [unit.id for unit in scene.units]
    if not faults and scene.beats:
        felt = [u.id for b in scene.beats for u in scene.units[order[b.first_unit] : order[b.last_unit] + 1]]
        if [unit for unit in felt if unit in set(live)] != live:
            faults.append(f"{at}: the beats do not cover the scene once, in order")
    faults += [f"{at}: a beat of intensity {b.intensity}" for b in scene.beats if not 0 <= b.intensity <= 1]
    if scene.turn is not None and scene.turn.unit not in order:
        faults.append(f"{at}: turns on {scene.turn.unit}, which is not in it")
    return faults
