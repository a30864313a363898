"""What must hold of the Art Director's answer, whoever made it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from shotwright.crew.art_director.requests import LISTS
from shotwright.model.ids import entity_id, kind_of
from shotwright.model.shot import DigitalAssets, Wanted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from shotwright.model.asset import Asset
    from shotwright.model.crew import Casting, DirectedScene, DressedScene, Pin, ShotAssets
    from shotwright.model.story import SceneBrief

ENTITY_KINDS = frozenset(
    ("character", "animal", "location", "prop", "vehicle", "clothes", "background", "makeup_hair", "effect")
)


def check_dressing(
    brief: SceneBrief,
    directed: DirectedScene,
    casting: Sequence[Casting],
    assets: Sequence[Asset],
    pins: Sequence[Pin],
    dressed: DressedScene,
) -> tuple[str, ...]:
    """Everything that is wrong with an answer, one sentence each; empty when it may be used.

    An entry a shot and in order, every key in the library and in the list of its kind, whatever is bound to no key on
    the scene's list of what is wanted, every binding a thing that story, casting or library know, pins verbatim.
    """
    if [shot.shot_id for shot in dressed.shots] != [shot.shot_id for shot in directed.shots]:
        return ("The shots are not the Director's, one for one and in order.",)
    kinds = {asset.key: asset.kind for asset in assets}
    known = _known(brief, casting, assets) | {str(need.entity) for need in dressed.wanted}
    wanted = {need.proposed_key for need in dressed.wanted}
    wrong: list[str] = []
    if len(wanted) != len(dressed.wanted):
        wrong.append(f"{dressed.scene_id}: a need is listed twice.")
    for shot in dressed.shots:
        fixed = [pin for pin in pins if pin.shot_id == shot.shot_id and pin.field.startswith("digital_assets")]
        if fixed:
            wrong.extend(_pinned(shot, fixed))
            continue
        wrong.extend(_lists(shot, kinds))
        for entity, value in shot.assets.bindings.items():
            if entity not in known or kind_of(entity) not in ENTITY_KINDS:
                wrong.append(f"{shot.shot_id}: {entity} is bound, which nobody knows.")
            if isinstance(value, Wanted):
                if value.wanted not in wanted:
                    wrong.append(f"{shot.shot_id}: {value.wanted} is wanted and stands on no list.")
            elif value not in kinds:
                wrong.append(f"{shot.shot_id}: {entity} is bound to {value}, which no library holds.")
    return tuple(wrong)


def _known(brief: SceneBrief, casting: Sequence[Casting], assets: Sequence[Asset]) -> set[str]:
    scene = brief.scene
    known: set[str] = {scene.location, brief.place.id, *scene.things, *(thing.id for thing in brief.things)}
    known.update(member.character.id for member in brief.cast)
    for entry in casting:
        known.update((entry.entity, entry.entity.partition("@")[0]))
    for segment in scene.segments:
        known.update(place for place in (segment.location, segment.other_location) if place)
    for note in scene.actions:
        known.update((*note.things, *note.actors))
    for presence in scene.presences:
        known.update((presence.character, *presence.holding))
    for speech in scene.speeches:
        known.update(speech.speakers)
    for asset in assets:
        known.add(entity_id("prop" if asset.kind == "object" else asset.kind, asset.name))
    return known


def _lists(shot: ShotAssets, kinds: Mapping[str, str]) -> Iterator[str]:
    bound = {value for value in shot.assets.bindings.values() if isinstance(value, str)}
    for kind, name in LISTS.items():
        keys: tuple[str, ...] = getattr(shot.assets, name)
        if len(set(keys)) != len(keys):
            yield f"{shot.shot_id}: {name} holds a key twice."
        for key in keys:
            if kinds.get(key) != kind:
                yield f"{shot.shot_id}: {key} stands in {name} and is {kinds.get(key, 'in no library')}."
            elif key not in bound:
                yield f"{shot.shot_id}: {key} stands in {name} and is bound to nothing."


def _pinned(shot: ShotAssets, pins: Sequence[Pin]) -> Iterator[str]:
    for pin in pins:
        name = pin.field.partition(".")[2]
        if name and name not in DigitalAssets.model_fields:
            continue
        value = json.loads(pin.value_json)
        if not name:
            held, pinned = shot.assets, DigitalAssets.model_validate(value)
            same = held == pinned
        else:
            same = getattr(shot.assets, name) == getattr(DigitalAssets.model_validate({name: value}), name)
        if not same:
            yield f"{shot.shot_id}: {pin.field} is not as a person set it."
