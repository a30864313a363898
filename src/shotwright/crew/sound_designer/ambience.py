"""The bed of a place: what is heard there when nobody does anything."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shotwright.crew.sound_designer.lexicon import Place, beds

if TYPE_CHECKING:
    from shotwright.model.ids import UnitId
    from shotwright.model.story import SceneBrief, SceneStory

_SIMILE = re.compile(r"\b(?:like|as if|as though)\b[^.;,!?]*|[\"“][^\"”]*[\"”]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Bed:
    """An ambience bed, with why it is so and what feet meet in the place."""

    text: str
    because: str
    surface: str
    vehicle: bool


def scene_bed(brief: SceneBrief) -> Bed:
    """The one bed of a scene, from its place, side of the wall, hour, weather and the steady things in it."""
    scene = brief.scene
    slugline = scene.slugline
    names = [*reversed(slugline.sub_places), slugline.place, brief.place.name]
    place, word = _find_place(names)
    inside = slugline.int_ext.startswith("INT") if slugline.int_ext else place is None or not _reads_outdoors(word)
    if place is not None and place.open_air:
        inside = False
    return _build(scene, place, word, inside, " ".join(names))


def place_bed(brief: SceneBrief, place_id: str) -> Bed:
    """The bed of another place that is live in the scene: an intercut's far side, a flashback's."""
    name = place_id.partition("/")[2].replace("_", " ")
    place, word = _find_place([*reversed(name.split(".")), name])
    inside = not (place is not None and _reads_outdoors(word))
    return _build(brief.scene, place, word, inside, name, weather=not inside)


def montage_bed(brief: SceneBrief) -> Bed:
    """The one bed under a whole montage: the scene's own, thinned."""
    own = scene_bed(brief)
    text = f"{own.text}, {beds().default['montage']}"
    return Bed(text, f"one bed carries the montage across its places; {own.because}", own.surface, own.vehicle)


def _find_place(names: list[str]) -> tuple[Place | None, str]:
    """The sound of the innermost name that the lexicon knows; the last place word of a name is its head."""
    table = beds()
    last: tuple[Place | None, str] = (None, "")
    for name in names:
        found = list(table.place_words.finditer(name))
        if found:
            word = found[-1][1].lower()
            if not table.places[word].generic:
                return table.places[word], word
            last = table.places[word], word
    return last


def _reads_outdoors(word: str) -> bool:
    outdoors = beds().places
    return word in outdoors and outdoors[word].surface in _OUTDOOR_SURFACES


_OUTDOOR_SURFACES = frozenset(
    ("grass", "pavement", "gravel and tarmac", "wet stone", "leaves and twigs", "mud", "sand", "scree", "bank mud",
     "turf", "path gravel", "wet concrete", "gravel roof", "porch boards")
)  # fmt: skip


def _build(scene: SceneStory, place: Place | None, word: str, inside: bool, names: str, *, weather: bool = True) -> Bed:
    table = beds()
    night = scene.time_of_day in ("night", "blue_hour")
    elsewhere = _elements(scene)
    told = (unit.text for unit in scene.units if unit.kind != "speech" and unit.id not in elsewhere)
    action = _SIMILE.sub(" ", " ".join(told))
    reasons = [f"{scene.slugline.int_ext or 'a place'} {word or names.strip()}, {scene.time_of_day.replace('_', ' ')}"]
    side = "inside" if inside else "outside"
    moving = False
    parts: list[str] = []
    if place is None:
        base = table.default[side + ("_night" if night else "")]
        surface = table.default[side + "_surface"]
    else:
        moving = bool(place.moving) and inside and _moves(scene, action)
        options = (
            (place.inside_night if night else place.inside)
            if inside
            else (place.outside_night if night else place.outside)
        )
        base = place.moving if moving else options
        surface = place.surface
        if moving:
            reasons.append("moving")
    overlays: list[str] = []
    for sky in table.weather if weather else ():
        seen = sky.found.search(action)
        if seen and not (sky.unmade and sky.unmade.search(action)):
            reasons.append(f"the action has {seen[0].lower()}")
            if inside and place is not None and place.rain_inside and "rain" in sky.outside:
                overlays.append(place.rain_inside)
            else:
                overlays.append(sky.inside if inside else sky.outside)
    parts = [*overlays, base] if place is not None and place.vehicle else [base, *overlays]
    if weather:
        for found, adds, indoors in table.layers:
            heard = " ".join(parts)
            known = adds in heard or any(word in heard for word in adds.split() if word in ("crowd", "murmur", "fire"))
            if len(parts) < 4 and (inside or not indoors) and not known and found.search(f"{names} . {action}"):
                parts.append(adds)
                reasons.append(f"{adds} from the action")
    if scene.time_of_day == "dawn" and not inside and weather and "bird" not in base and "gulls" not in base:
        parts.append(table.default["dawn"])
    return Bed(", ".join(dict.fromkeys(parts)), "; ".join(reasons), surface, place is not None and place.vehicle)


def _elements(scene: SceneStory) -> set[UnitId]:
    """Units of a montage inside the scene: they lie in other places and other weather."""
    found: set[UnitId] = set()
    for segment in scene.segments:
        if segment.kind == "montage" and scene.scene_type != "montage":
            inside = False
            for unit in scene.units:
                inside = inside or unit.id == segment.first_unit
                if inside:
                    found.add(unit.id)
                if unit.id == segment.last_unit:
                    break
    return found


def _moves(scene: SceneStory, action: str) -> bool:
    table = beds()
    if any(word.lower() in table.moving for tail in scene.slugline.tails for word in tail.split()):
        return True
    if table.moving & set(scene.slugline.raw.lower().replace("(", " ").replace(")", " ").split()):
        return True
    return bool(table.moving_found.search(action)) and not table.parked_found.search(action)
