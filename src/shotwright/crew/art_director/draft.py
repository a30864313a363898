"""The Art Director's rules: every shot of a scene dressed with library keys, or with what is wanted."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shotwright.crew.art_director.casting import INSIDE, OUTSIDE, names_in
from shotwright.crew.art_director.lexicon import lexicon
from shotwright.crew.art_director.needs import age_of, aged_entity, is_named, quote, same_thing
from shotwright.crew.art_director.requests import answer
from shotwright.crew.art_director.sightings import effects_in, extras_in, literal, sign_of, weather_names
from shotwright.crew.art_director.wardrobe import Worn, wear
from shotwright.model.crew import (
    Casting,
    DirectedScene,
    DirectedShot,
    DressedScene,
    Pin,
    Revision,
    ShotAssets,
    WantedAsset,
)
from shotwright.model.ids import EntityId, UnitId, entity_id, kind_of, slug
from shotwright.model.shot import DigitalAssets, Provenance, Wanted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shotwright.model.asset import Asset
    from shotwright.model.story import ActionNote, CastMember, SceneBrief
    from shotwright.model.vocabulary import AssetKind

_LISTS: dict[AssetKind, str] = {
    "character": "characters", "animal": "animals", "location": "locations", "object": "objects", "vehicle": "vehicles",
    "clothes": "clothes", "background": "background", "makeup_hair": "makeup_hair", "effect": "effects",
}  # fmt: skip
_STORY_KINDS: dict[str, AssetKind] = {
    "character": "character", "animal": "animal", "location": "location", "prop": "object", "vehicle": "vehicle",
    "clothes": "clothes", "background": "background", "makeup_hair": "makeup_hair", "effect": "effect",
}  # fmt: skip
_NOTHING_NEAR = ("there is no library yet", "nothing in the library bears its name")
_CARRY_DEPTH = 12
"""Reasons named in one provenance; the bindings hold the rest."""


@dataclass(slots=True)
class _Dress:
    """One shot's assets while they are gathered: bindings in order of importance, and why each."""

    keys: dict[str, dict[str, None]] = field(default_factory=dict)
    bindings: dict[str, str | Wanted] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)

    def put(self, kind: AssetKind, key: str) -> None:
        self.keys.setdefault(_LISTS[kind], {})[key] = None


class _Scene:
    """A scene's facts in the form that dressing its shots asks for, and the state that runs through it."""

    def __init__(self, brief: SceneBrief, casting: Sequence[Casting], assets: Sequence[Asset]) -> None:
        scene = brief.scene
        self.brief = brief
        self.cast: dict[str, Casting] = {entry.entity: entry for entry in casting}
        self.assets: dict[str, Asset] = {asset.key: asset for asset in assets}
        self.named = [asset for asset in assets if asset.kind in ("background", "effect")]
        self.units = {unit.id: unit for unit in scene.units}
        self.notes: dict[UnitId, ActionNote] = {note.unit: note for note in scene.actions}
        self.members: dict[str, CastMember] = {member.character.id: member for member in brief.cast}
        self.voices = {p.character for p in scene.presences if p.voice_only}
        self.names: dict[str, str] = {str(member.character.id): member.character.name for member in brief.cast}
        self.names.update({thing.id: thing.name for thing in brief.things})
        self.names[brief.place.id] = brief.place.name
        self.ages: dict[str, str] = {member.character.id: age_of(member.look) for member in brief.cast}
        self.outdoors = scene.slugline.int_ext in ("EXT", "EST", "INT/EXT") or scene.scene_type == "car"
        self.held: dict[str, list[str]] = {p.character: list(p.holding) for p in scene.presences if p.holding}
        self.put_down: dict[str, dict[str, None]] = {}
        self.weather: dict[str, None] = {}
        self.extras: dict[str, dict[str, None]] = {}
        self.done: set[UnitId] = set()
        self.worn: dict[tuple[str, str], tuple[list[Worn], list[Worn]]] = {}
        self.wanted: dict[str, WantedAsset] = {}
        self.wants: dict[str, Wanted] = {}
        opening = [unit for unit in scene.units if unit.kind == "action" and unit.paragraph <= 1]
        if self.outdoors:
            for unit in opening:
                for name in effects_in(unit.text):
                    if name in weather_names():
                        self.weather[name] = None

    def named_as(self, entity: str) -> str:
        return self.names.get(entity) or entity.partition("/")[2].replace("_", " ")

    def asks(self, entity: str, kind: AssetKind, name: str) -> str:
        """The words of the script that ask for it, in quotation marks."""
        scene = self.brief.scene
        if kind == "location":
            return f"the heading “{scene.slugline.raw}”" if entity == scene.location else ""
        for unit in scene.units:
            note = self.notes.get(unit.id)
            shown = note is not None and (entity in note.things or entity in note.actors)
            if shown and is_named(name, unit.text) is not False:
                return quote(unit.text, name)
        for speech in scene.speeches:
            if entity in speech.speakers:
                return f"says {quote(self.units[speech.unit].text)}"
        if kind in ("effect", "background"):
            for unit in scene.units:
                seen = sign_of(kind, name, unit.text) if unit.kind == "action" else ""
                if seen:
                    return quote(unit.text, seen)
        return ""

    def label(self, entity: str, kind: AssetKind, name: str) -> str:
        """What a list calls it: a set with the place that it belongs to, a person with the age."""
        if kind == "location" and "." in entity and " - " not in name:
            outer = entity.partition("/")[2].split(".")[-2].replace("_", " ")
            return name if outer in name.casefold() else f"{outer.title()}: {name}"
        if kind in ("object", "animal", "vehicle"):
            return same_thing(name)
        age = self.ages.get(entity)
        return f"{name}, {age}" if age else name

    def want(self, entity: EntityId, kind: AssetKind, key: str, name: str, why: str) -> Wanted:
        """Put a need on the scene's list once, and give what its binding holds."""
        if key not in self.wants:
            self.wants[key] = Wanted(wanted=key)
            self.wanted[key] = WantedAsset(entity=entity, kind=kind, proposed_key=key, name=name, why=why)
        return self.wants[key]


def dress_scene(
    brief: SceneBrief,
    directed: DirectedScene,
    casting: Sequence[Casting],
    assets: Sequence[Asset],
    pins: Sequence[Pin] = (),
    revisions: Sequence[Revision] = (),
) -> DressedScene:
    """Dress every shot of a scene: who could be seen in it, where, with what, wearing what.

    `casting` is the film's or `relevant_casting` of it, `assets` the entries that it rests on. A voice that is heard
    and not seen is bound and stands in no list. A pinned list stays as pinned. `revisions` change their own shot only:
    a person's words ("wears the yellow mackintosh", "add a bucket", "remove the ladder"), or a shot that the Supervisor
    holds against another, which then wears what that one does.
    """
    scene = _Scene(brief, casting, assets)
    dressed = [_dress_shot(shot, scene) for shot in directed.shots]
    shots = tuple(_close(shot, facts, pins) for shot, facts in zip(directed.shots, dressed, strict=True))
    if revisions:
        shots = _revised(shots, revisions, pins, scene)
    return DressedScene(scene_id=directed.scene_id, shots=shots, wanted=tuple(scene.wanted.values()))


def _revised(
    shots: tuple[ShotAssets, ...], revisions: Sequence[Revision], pins: Sequence[Pin], scene: _Scene
) -> tuple[ShotAssets, ...]:
    """The shots with those changed of which something is asked; a field that a person pinned stays."""
    others: dict[str, DigitalAssets] = {shot.shot_id: shot.assets for shot in shots}
    held = {pin.shot_id for pin in pins if pin.field.partition(".")[0] == "digital_assets"}
    result: list[ShotAssets] = []
    for shot in shots:
        asked = [revision for revision in revisions if revision.shot_id == shot.shot_id]
        if not asked or shot.shot_id in held:
            result.append(shot)
            continue
        assets, done = answer(shot.assets, asked, tuple(scene.assets.values()), scene.names, others)
        if done:
            person = any(revision.code == "PERSON" for revision in asked)
            for entity, key in assets.bindings.items():
                if isinstance(key, Wanted):
                    kind = _STORY_KINDS.get(kind_of(entity), "object")
                    scene.want(EntityId(entity), kind, key.wanted, entity.partition("/")[2], "a person asked for it")
            why = Provenance(
                by="art_director", mind="person" if person else "rules", evidence=shot.provenance.evidence,
                because=f"{'a person asked' if person else 'mended'}: {done}; {shot.provenance.because}",
            )  # fmt: skip
            shot = shot.model_copy(update={"assets": assets, "provenance": why})
        result.append(shot)
    return tuple(result)


def wanted_for_film(scenes: Sequence[DressedScene]) -> tuple[WantedAsset, ...]:
    """What every scene wants, once each, in the order in which the film first needs it."""
    merged: dict[str, WantedAsset] = {}
    for scene in scenes:
        for need in scene.wanted:
            merged.setdefault(need.proposed_key, need)
    return tuple(merged.values())


def _dress_shot(shot: DirectedShot, scene: _Scene) -> _Dress:
    dress = _Dress()
    fresh = [unit for unit in shot.units if unit not in scene.done]
    held_before = {who: tuple(props) for who, props in scene.held.items()}
    people = _people(shot, scene)
    for person in people:
        _bind(dress, scene, person)
    for line in shot.dialogue:
        for speaker in (line.speaker, *line.speakers):
            if speaker not in dress.bindings:
                _bind(dress, scene, speaker, listed=False, why="heard in this shot, not seen")
    _set_place(dress, shot, scene)
    _set_things(dress, shot, scene, people, held_before)
    if shot.intent.focus != "place" or people:
        for person in people:
            _wear(dress, shot, scene, person)
    _set_background(dress, shot, scene, fresh)
    _set_effects(dress, shot, scene, fresh)
    _move_on(fresh, scene)
    return dress


def _people(shot: DirectedShot, scene: _Scene) -> list[str]:
    """Who could be in the frame, those whom it is about first. A frame of a thing takes only whoever handles it."""
    intent = shot.intent
    everyone: list[str] = list(
        dict.fromkeys(
            e for e in (*intent.on, *intent.present) if kind_of(e) in ("character", "animal") and e not in scene.voices
        )
    )
    if intent.focus not in ("thing", "place") and not shot.added:
        return everyone
    acting = {actor for unit in shot.units if unit in scene.notes for actor in scene.notes[unit].actors}
    return [e for e in everyone if e in intent.on or e in acting]


def _bind(dress: _Dress, scene: _Scene, entity: str, *, listed: bool = True, why: str = "", place: str = "") -> None:
    """Bind a story id to its casting, and list the key when it is found and seen."""
    aged = aged_entity(entity, scene.ages[entity]) if scene.ages.get(entity) else ""
    entry = scene.cast.get(aged or place or entity) or scene.cast.get(entity)
    if entry is None and (
        kind_of(entity) != "location" or entity.partition("/")[2].replace("_", " ") in lexicon().no_place
    ):
        return  # dressing of the set, a mere voice or no place at all: nothing that the film's casting asks for
    kind = entry.kind if entry is not None else _STORY_KINDS.get(kind_of(entity), "object")
    name = scene.names.get(entity, entity.partition("/")[2].replace("_", " ").replace(".", " "))
    if entry is not None and entry.key is not None:
        dress.bindings[entity] = entry.key
        if listed:
            dress.put(kind, entry.key)
        dress.reasons.append(f"{name}: {entry.because}" + (f" ({why})" if why else ""))
        return
    proposed = entry.proposed_key if entry is not None else f"{kind}_{slug(name)}_v01"
    if proposed not in scene.wants:
        near = entry.because if entry is not None else "not cast for the film"
        asks = scene.asks(entity, kind, name)
        reason = "; ".join(part for part in (asks or why, near) if part and part not in _NOTHING_NEAR)
        scene.want(EntityId(aged or entity), kind, proposed, scene.label(entity, kind, name), reason)
    dress.bindings[entity] = scene.wants[proposed]
    dress.reasons.append(f"{name}: wanted, {scene.wanted[proposed].why}")


def _set_place(dress: _Dress, shot: DirectedShot, scene: _Scene) -> None:
    place: str = shot.intent.place
    side = ""
    if place == scene.brief.scene.location:
        side = place + (INSIDE if scene.brief.scene.slugline.int_ext.startswith("INT") else OUTSIDE)
    _bind(dress, scene, place, place=side)


def _set_things(
    dress: _Dress, shot: DirectedShot, scene: _Scene, people: list[str], held: Mapping[str, tuple[str, ...]]
) -> None:
    why: dict[str, str] = {}
    for subject in shot.intent.on:
        if kind_of(subject) in ("prop", "vehicle"):
            why[subject] = "the frame is about it"
    for unit in shot.units:
        note = scene.notes.get(unit)
        for thing in note.things if note is not None else ():
            if is_named(scene.named_as(thing), scene.units[unit].text) is not False:
                why.setdefault(thing, "in the action")
    for person in people:
        for prop in held.get(person, ()):
            why.setdefault(prop, f"in {scene.names.get(person, person)}'s hands or on them")
    if shot.function in ("master", "establishing") or shot.intent.focus in ("place", "group"):
        for prop in scene.put_down.get(shot.intent.place, ()):
            why.setdefault(prop, "was put down here")
    for needed, reason in why.items():
        if needed not in dress.bindings:
            _bind(dress, scene, needed, why=reason)


def _wear(dress: _Dress, shot: DirectedShot, scene: _Scene, person: str) -> None:
    member = scene.members.get(person)
    if member is None or member.character.kind != "person":
        return
    story = scene.brief.scene
    day = story.story_day
    if shot.intent.segment == "flashback" and not day.startswith("FB"):
        day = "FB1"
    elif member.look is not None and member.look.story_day and not story.flashback:
        day = member.look.story_day
    if (person, day) not in scene.worn:
        scene.worn[person, day] = wear(member, day, scene.cast, scene.assets)
    clothes, makeup = scene.worn[person, day]
    for piece in clothes:
        _put_on(dress, scene, piece, "clothes", member)
    for piece in makeup:
        _put_on(dress, scene, piece, "makeup_hair", member)


def _put_on(dress: _Dress, scene: _Scene, piece: Worn, kind: AssetKind, member: CastMember) -> None:
    name, entry = member.character.name, piece.casting
    if entry.key is not None:
        dress.bindings.setdefault(entry.entity, entry.key)
        dress.put(kind, entry.key)
        dress.reasons.append(f"{name} wears {entry.key}: {piece.because}")
        return
    age = age_of(member.look)
    worn = entry.entity.partition(".")[2].removeprefix(slug(age) + "_" if age else "").replace("_", " ")
    label = f"{name}, {age}: {worn}" if age else f"{name}: {worn}"
    near = "" if entry.because in (*_NOTHING_NEAR, "nothing in the library is made up so") else f"; {entry.because}"
    why = piece.because + near
    dress.bindings.setdefault(entry.entity, scene.want(entry.entity, kind, entry.proposed_key, label, why))
    dress.reasons.append(f"{name} wants {entry.proposed_key}: {why}")


def _set_background(dress: _Dress, shot: DirectedShot, scene: _Scene, fresh: list[UnitId]) -> None:
    standing = scene.extras.setdefault(shot.intent.place, {})
    for unit in fresh:
        if scene.units[unit].kind == "action":
            for name in extras_in(scene.units[unit].text):
                standing[entity_id("background", name)] = None
    if shot.intent.focus != "thing":
        for entity in standing:
            if entity not in dress.bindings:
                _bind(dress, scene, entity, why="extras of the place")
    if scene.named:
        heading = (shot.intent.place.partition("/")[2].replace("_", " ").replace(".", " "),)
        text = " . ".join(
            (*heading, *(literal(scene.units[u].text) for u in shot.units if scene.units[u].kind != "speech"))
        )
        for entity in names_in(text, scene.named):
            if entity not in dress.bindings and entity in scene.cast:
                _bind(dress, scene, entity, why="named in the action")


def _set_effects(dress: _Dress, shot: DirectedShot, scene: _Scene, fresh: list[UnitId]) -> None:
    weather = weather_names()
    here: dict[str, str] = {}
    for unit in shot.units:
        if scene.units[unit].kind == "action":
            for name in effects_in(scene.units[unit].text):
                here[name] = "in the action"
    if scene.outdoors:
        scene.weather.update(dict.fromkeys(name for name in here if name in weather))
        if (
            shot.intent.segment in ("normal", "series_of_shots", "sub_location")
            or shot.intent.place == scene.brief.scene.location
        ):
            for name in scene.weather:
                here.setdefault(name, "the scene's weather")
    for name, why in here.items():
        entity = entity_id("effect", name)
        if entity not in dress.bindings:
            _bind(dress, scene, entity, why=why)


def _move_on(fresh: list[UnitId], scene: _Scene) -> None:
    """Carry hands and put-down props past the units that the shot was the first to show."""
    for unit in fresh:
        scene.done.add(unit)
        note = scene.notes.get(unit)
        if note is None:
            continue
        for who, prop in note.takes:
            for props in scene.held.values():
                if prop in props:
                    props.remove(prop)
            scene.held.setdefault(who, []).append(prop)
            for placed in scene.put_down.values():
                placed.pop(prop, None)
        for who, prop in note.drops:
            if prop in scene.held.get(who, ()):
                scene.held[who].remove(prop)
            scene.put_down.setdefault(scene.brief.scene.location, {})[prop] = None
        for who in note.exits:
            scene.held.pop(who, None)


def _close(shot: DirectedShot, dress: _Dress, pins: Sequence[Pin]) -> ShotAssets:
    values: dict[str, object] = {name: tuple(keys) for name, keys in dress.keys.items()}
    values["bindings"] = dress.bindings
    pinned: list[str] = []
    for pin in pins:
        head, _, name = pin.field.partition(".")
        if pin.shot_id != shot.shot_id or head != "digital_assets":
            continue
        value = json.loads(pin.value_json)
        if not name:
            values = dict(value)
        elif name in DigitalAssets.model_fields:
            values[name] = value
        pinned.append(pin.field)
    reasons = list(dict.fromkeys(dress.reasons))
    more = f"; and {len(reasons) - _CARRY_DEPTH} more" if len(reasons) > _CARRY_DEPTH else ""
    because = "; ".join(reasons[:_CARRY_DEPTH]) + more
    if pinned:
        because = f"a person set {', '.join(pinned)}; {because}"
    keys = tuple(key for keys in dress.keys.values() for key in keys)
    return ShotAssets(
        shot_id=shot.shot_id,
        assets=DigitalAssets.model_validate(values),
        provenance=Provenance(
            by="art_director", because=because, evidence=(*shot.units[:6], *keys[:8]), pinned="digital_assets" in pinned
        ),
    )
