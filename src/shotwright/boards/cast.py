"""Who is drawn how: the film's people, animals and places, as a shot's own assets dress them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from shotwright.boards.figures import animal, animal_kind, appearance_of, figure
from shotwright.boards.scene import MeshMaker, gaze_of
from shotwright.boards.sets import place_look
from shotwright.model.ids import digest
from shotwright.model.story import Character

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shotwright.boards.figures import Appearance
    from shotwright.boards.mesh import Mesh
    from shotwright.boards.sets import PlaceLook
    from shotwright.model.asset import Asset
    from shotwright.model.crew import Casting
    from shotwright.model.shot import Shot, Subject
    from shotwright.model.story import Location, Look, Story

STEPS = 12
"""Moments of a step or a syllable that are told apart: so many meshes at most, whatever the moment."""


@dataclass(frozen=True)
class CastSheet:
    """The story's people and places with the assets that they are cast as."""

    characters: tuple[Character, ...] = ()
    looks: tuple[Look, ...] = ()
    locations: tuple[Location, ...] = ()
    castings: tuple[Casting, ...] = ()
    assets: Mapping[str, Asset] = field(default_factory=dict)
    """By key."""
    indoors: Mapping[str, tuple[str, bool]] = field(default_factory=dict)
    """Scene -> its location, and whether it plays inside."""

    @classmethod
    def of(cls, story: Story, castings: Sequence[Casting], assets: Sequence[Asset]) -> CastSheet:
        indoors = {
            str(s.scene_id): (str(s.location), s.slugline.int_ext in ("INT", "INT/EXT", "")) for s in story.scenes
        }
        by_key = {a.key: a for a in assets}
        return cls(story.characters, story.looks, story.locations, tuple(castings), by_key, indoors)

    @cached_property
    def _people(self) -> dict[str, tuple[int, Character]]:
        places = {str(who.id): place for place, who in enumerate(self.characters)}
        # Somebody's younger self has the elder's skin and hair.
        return {str(w.id): (places.get(str(w.version_of), places[str(w.id)]), w) for w in self.characters}

    @cached_property
    def _looks(self) -> dict[str, Look]:
        return {str(look.id): look for look in self.looks}

    @cached_property
    def _places(self) -> dict[str, Location]:
        return {str(place.id): place for place in self.locations}

    @cached_property
    def _castings(self) -> dict[str, Casting]:
        return {str(casting.entity): casting for casting in self.castings}

    @cached_property
    def _keys(self) -> dict[str, list[Casting]]:
        found: dict[str, list[Casting]] = {}
        for casting in self.castings:
            found.setdefault(casting.key or casting.proposed_key, []).append(casting)
        return found

    def makers(self, shot: Shot) -> dict[str, MeshMaker]:
        """Entity -> maker of its mesh, for everybody staged in the shot: cast and dressed as its assets say."""
        lens = shot.technical_layer.camera.position_m
        worn = self._worn(shot)
        found: dict[str, MeshMaker] = {}
        for subject in shot.technical_layer.staging.subjects:
            entity = str(subject.entity)
            kind = entity.partition("/")[0]
            _, who = self._people.get(entity, (0, None))
            if kind == "animal" or (who is not None and who.kind == "animal"):
                found[entity] = self._animal(entity, shot, lens)
            elif kind == "character":
                found[entity] = self._person(self._dressed(subject, shot, worn.get(entity)), shot, lens)
        return found

    def places(self, shots: Sequence[Shot]) -> dict[str, PlaceLook]:
        """Location -> its look, for the places that these shots of one scene play in. The whole scene is given, so that
        the set leaves room for all its cameras and people."""
        found: dict[str, PlaceLook] = {}
        for shot in shots:
            where = shot.technical_layer.staging.plate.partition(" side ")[0]
            if where not in found:
                found[where] = self._place(where, shots, shot)
        return found

    def appearance(self, character: str, look: str) -> Appearance:
        """Somebody in a look as story and casting have them: what every drawing of them must agree with."""
        place, who = self._person_of(character)
        chosen = self._looks.get(look)
        casting = self._cast_as(character, chosen)
        asset = self.assets.get(casting.key or "") if casting is not None else None
        return appearance_of(who, chosen, asset, casting, clothes=self._wardrobe(character, chosen, asset), place=place)

    def as_told(self, shot: Shot) -> tuple[str, dict[str, MeshMaker]] | None:
        """(what they depend on, makers) of everybody staged with all people as story and casting have them, whatever
        the shot's assets say; None where the shot has them so already."""
        makers = self.makers(shot)
        worn = self._worn(shot)
        lens = shot.technical_layer.camera.position_m
        told: list[str] = []
        differs = False
        for subject in shot.technical_layer.staging.subjects:
            entity = str(subject.entity)
            known = self._people.get(entity)
            if not entity.startswith("character/") or (known is not None and known[1].kind == "animal"):
                continue
            wanted = self.appearance(entity, subject.look)
            told.append(repr(wanted))
            if wanted != self._dressed(subject, shot, worn.get(entity)):
                differs = True
                makers[entity] = self._person(wanted, shot, lens)
        return (digest(*told, length=32), makers) if differs else None

    def fingerprint(self, shot: Shot) -> str:
        """Of everything here that the drawing of the shot depends on."""
        parts: list[str] = []
        for subject in shot.technical_layer.staging.subjects:
            place, who = self._people.get(str(subject.entity), (-1, None))
            if who is not None:
                parts += [str(place), who.model_copy(update={"evidence": None}).model_dump_json(exclude={"evidence"})]
            if subject.look in self._looks:
                parts.append(self._looks[subject.look].model_dump_json(exclude={"evidence"}))
            if str(subject.entity) in self._castings:
                parts.append(self._castings[str(subject.entity)].model_dump_json(exclude={"because", "confidence"}))
        for bound in shot.digital_assets.bindings.values():
            if isinstance(bound, str) and bound in self.assets:
                parts.append(bound + self.assets[bound].fingerprint)
        parts += [f"{key}{self.assets[key].fingerprint}" for key in shot.digital_assets.clothes if key in self.assets]
        return digest(*parts, length=32)

    # people

    def _person_of(self, entity: str) -> tuple[int | None, Character]:
        known = self._people.get(entity)
        if known is not None:
            return known
        name = entity.partition("/")[2].replace("_", " ").title()
        return None, Character.model_validate({"id": entity, "name": name})

    def _cast_as(self, character: str, look: Look | None) -> Casting | None:
        """The casting of the person, or of the person at the age that the look has them."""
        if look is not None and look.age:
            aged = f"{character}@{'_'.join(look.age.split())}"
            found = self._castings.get(aged)
            if found is not None:
                return found
        return self._castings.get(character)

    def _wardrobe(self, character: str, look: Look | None, asset: Asset | None) -> list[Asset]:
        """The clothes assets of a look: those that the library's look for the day names, and those cast for garments
        that the script names."""
        keys: dict[str, None] = {}
        day = look.story_day if look is not None else ""
        for known in asset.looks if asset is not None else ():
            if not known.story_days or day in known.story_days:
                keys.update(dict.fromkeys(known.clothes))
                break
        stem = f"clothes/{character.partition('/')[2]}."
        for garment in look.clothes if look is not None else ():
            casting = self._castings.get(stem + "_".join(garment.lower().split()))
            if casting is not None and casting.key:
                keys[casting.key] = None
        return [self.assets[key] for key in keys if key in self.assets]

    def _worn(self, shot: Shot) -> dict[str, list[Asset]]:
        """Person -> clothes assets of the shot's list. A key that is nobody's by the bindings is worn by the first
        whose own are missing from the list."""
        listed = shot.digital_assets.clothes
        owners: dict[str, str] = {}
        for entity, bound in shot.digital_assets.bindings.items():
            kind, _, rest = entity.partition("/")
            if kind == "clothes" and isinstance(bound, str):
                owners[bound] = "character/" + rest.partition(".")[0]
        missing = [owner for key, owner in owners.items() if key not in listed]
        found: dict[str, list[Asset]] = {}
        for key in listed:
            owner = owners.get(key) or (missing.pop(0) if missing else "")
            if owner and key in self.assets:
                found.setdefault(owner, []).append(self.assets[key])
        return found

    def _dressed(self, subject: Subject, shot: Shot, clothes: list[Asset] | None) -> Appearance:
        entity = str(subject.entity)
        place, who = self._person_of(entity)
        look = self._looks.get(subject.look)
        bound = shot.digital_assets.bindings.get(entity)
        asset = self.assets.get(bound) if isinstance(bound, str) else None
        casting = self._cast_as(entity, look)
        if casting is not None and asset is not None and casting.key != asset.key:
            casting = next((c for c in self._keys.get(asset.key, ()) if c.kind == casting.kind), None)
            if casting is not None and str(casting.entity).partition("@")[0] != entity:
                # Somebody else's asset: the person drawn is that somebody, in the clothes that this shot names.
                place, who = self._person_of(str(casting.entity).partition("@")[0])
        if clothes is None:
            clothes = self._wardrobe(entity, look, asset)
        return appearance_of(who, look, asset, casting, clothes=clothes, place=place)

    def _person(self, appearance: Appearance, shot: Shot, lens: tuple[float, float, float]) -> MeshMaker:
        def made(subject: Subject, at: float) -> Mesh:
            hands = {
                side: "grip" for side, thing in (("l", subject.hands.left), ("r", subject.hands.right)) if thing
            }  # fmt: skip
            return figure(
                appearance,
                subject.pose_end if at > 0.5 else subject.pose_start,
                phase=round(((subject.action_phase + at) % 1.0) * STEPS) / STEPS,
                gaze=gaze_of(subject, shot, lens),
                mouth=subject.mouth,
                hands=hands,
                conditions=subject.condition,
            )

        return made

    def _animal(self, entity: str, shot: Shot, lens: tuple[float, float, float]) -> MeshMaker:
        _, who = self._people.get(entity, (0, None))
        bound = shot.digital_assets.bindings.get(entity)
        asset = self.assets.get(bound) if isinstance(bound, str) else None
        words = [entity.partition("/")[2].replace("_", " ")]
        words += [who.name, who.description] if who is not None else []
        words += [asset.name, asset.description, *asset.tags] if asset is not None else []
        kind = next((k for k in map(animal_kind, words) if k), "dog")
        colours = asset.colours if asset is not None else ()

        def made(subject: Subject, at: float) -> Mesh:
            pose = subject.pose_end if at > 0.5 else subject.pose_start
            return animal(kind, colours=colours, pose=pose, phase=at, gaze=gaze_of(subject, shot, lens))

        return made

    # places

    def _place(self, where: str, shots: Sequence[Shot], shot: Shot) -> PlaceLook:
        known = self._places.get(where)
        name = known.name if known is not None else where.rpartition("/")[2].rpartition(".")[2].replace("_", " ")
        bound = shot.digital_assets.bindings.get(where)
        asset = self.assets.get(bound) if isinstance(bound, str) else None
        home, inside = self.indoors.get(str(shot.scene_id), ("", True))
        if where != home and known is not None and known.int_ext:
            inside = "INT" in known.int_ext
        colours: tuple[Any, ...] = asset.colours if asset is not None else ()
        return place_look(where, name, inside, shots, colours=colours)
