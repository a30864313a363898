"""What kind of scene it is, and the runs inside it that have a form of their own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from shotwright.crew.architect.lexicon import places, verbs
from shotwright.model.ids import EntityId, entity_id
from shotwright.model.story import ActionNote, Segment, SpeechNote

if TYPE_CHECKING:
    from shotwright.crew.architect.sightings import Sentence
    from shotwright.model.screenplay import Scene, Unit
    from shotwright.model.vocabulary import SceneType

_WORD = re.compile(r"[^\W_]+(?:['\-][^\W_]+)*")
_WEAPONS = frozenset(
    ["gun", "pistol", "rifle", "shotgun", "revolver", "knife", "sword", "weapon", "guns", "pistols", "knives", "swords"]
)
_AIMS = frozenset(
    [
        "aims",
        "aim",
        "aiming",
        "points",
        "pointing",
        "pointed",
        "draws",
        "drawn",
        "cocks",
        "raises",
        "raised",
        "trained",
        "levels",
        "fires",
        "shoots",
    ]
)
_DREAM = re.compile(r"\b(?:dream|nightmare|fantasy)\b", re.IGNORECASE)


def segments(scene: Scene) -> tuple[Segment, ...]:
    """Montages, series, intercuts, flashbacks and sub-locations of a scene, in order; empty when it is
    all of one piece."""
    out: list[Segment] = []
    units = scene.units
    start: int | None = None
    kind = ""
    place: EntityId | None = None
    other: EntityId | None = None

    def close(end: int) -> None:
        nonlocal start, kind, place, other
        if start is not None and end >= start:
            out.append(
                Segment(
                    kind=kind,
                    first_unit=units[start].id,
                    last_unit=units[end].id,
                    location=place,
                    other_location=other,
                )
            )
        start, kind, place, other = None, "", None, None

    whole = _heading_form(scene)
    if whole and units:
        start, kind = 0, whole
    for i, unit in enumerate(units):
        form = _form(unit)
        if form is None:
            continue
        if form == "end":
            close(i)
            continue
        close(i - 1)
        start, kind = i, form
        if form == "intercut":
            names = re.split(
                r"\s*/\s*|\s+AND\s+|\s+WITH\s+", re.sub(r"^.*?INTERCUT\W*(?:BETWEEN|WITH)?\W*", "", unit.text.upper())
            )
            names = [name.strip(" :.-") for name in names if name.strip(" :.-")]
            if len(names) > 1:
                place, other = entity_id("location", names[0]), entity_id("location", names[1])
            elif names:
                other = entity_id("location", names[0])
    close(len(units) - 1)
    return tuple(out)


def _heading_form(scene: Scene) -> str:
    text = scene.heading.raw.lower()
    for phrase, kind in places().montage:
        if phrase in text:
            return kind
    return ""


def _form(unit: Unit) -> str | None:
    """The form that a unit begins, `end` for one that ends it, else none."""
    text = unit.text.strip()
    low = text.lower()
    if unit.kind == "speech":
        return None
    if unit.kind == "direction" or text.isupper() or (":" in text[:24] and text[:12].isupper()):
        if re.match(r"(?:end|back to scene|back to present|resume|end of)\b", low):
            return "end"
        if low.startswith("intercut"):
            return "intercut"
        for phrase, kind in places().montage:
            if low.startswith(phrase) or (unit.kind == "direction" and phrase in low):
                return kind
        if "flashback" in low or re.search(r"\b(?:years|months) (?:earlier|ago|before)\b", low):
            return "flashback"
        if _DREAM.search(low) and "end" not in low:
            return "dream"
    return None


def scene_type(
    scene: Scene, runs: tuple[Segment, ...], sentences: list[Sentence], actions: list[ActionNote],
    speeches: list[SpeechNote], present: list[EntityId],
) -> SceneType:  # fmt: skip
    """One word for how a scene is to be covered."""
    units = [unit for unit in scene.units if unit.kind != "direction"]
    lead = _covered_by(scene, runs)
    if lead in ("montage", "series_of_shots"):
        return "montage" if lead == "montage" else "series_of_shots"
    heard = [note for note in speeches if note.voice != "voice_over"]
    room = tuple(dict.fromkeys(who for note in heard if note.voice in ("room", "off_screen") for who in note.speakers))
    phones = any(note.voice == "phone" for note in speeches)
    bag = _bag(sentences)
    if in_vehicle(scene) and present:
        return "car"
    if (lead == "intercut" and heard) or (phones and len(heard) >= 3):
        return "phone_intercut"
    if not present and not heard:
        return "establishing" if scene.heading.int_ext else "activity"
    fury = _hits(sentences, "chase")
    if fury >= 3 and fury >= 0.34 * max(1, len(sentences)) and len(heard) <= len(sentences):
        return "action_chase"
    armed = not _WEAPONS.isdisjoint(bag) and not _AIMS.isdisjoint(bag)
    if len(present) >= 3 and len(room) >= 2 and armed and len(heard) >= 3:
        return "standoff_3"
    if len(heard) >= 2 and len(room) >= 2:
        tender = _hits(sentences, "affection")
        if tender >= 2 and len(room) == 2 and len(heard) <= 6:
            return "intimacy"
        return "dialogue_2" if len(room) == 2 else "dialogue_group"
    return _few_words(scene, units, sentences, actions, speeches, heard, present)


def _few_words(
    scene: Scene, units: list[Unit], sentences: list[Sentence], actions: list[ActionNote], speeches: list[SpeechNote],
    heard: list[SpeechNote], present: list[EntityId],
) -> SceneType:  # fmt: skip
    said = sum(len(unit.text.split()) for unit in units if unit.kind == "speech")
    shown = sum(len(unit.text.split()) for unit in units if unit.kind == "action")
    speakers = {who for note in speeches for who in note.speakers}
    fond = _hits(sentences, "affection")
    if len(present) == 2 and (fond >= 2 or (fond and len(sentences) <= 4)):
        return "intimacy"
    if said >= 25 and len(speakers) == 1 and said > 0.8 * shown:
        return "monologue"
    creeps = _hits(sentences, "creeps")
    night = "NIGHT" in scene.heading.time.upper() or "DARK" in scene.heading.raw.upper()
    if creeps >= 2 and (night or creeps >= 3) and len(heard) <= 2:
        return "suspense"
    looks = sum(bool(note.looks_at) for note in actions)
    if _hits(sentences, "discovers") >= 2 and (looks or any(note.things for note in actions)):
        return "discovery"
    if any(note.enters for note in actions[-2:]) and len(actions) <= 6:
        return "entrance"
    if not present or (len(sentences) <= 2 and not heard and not any(note.actors for note in actions)):
        return "establishing" if scene.heading.int_ext else "activity"
    return "activity"


def _covered_by(scene: Scene, runs: tuple[Segment, ...]) -> str:
    """The kind of the segment that covers at least half of the scene, else empty."""
    order = {unit.id: i for i, unit in enumerate(scene.units)}
    for run in runs:
        if order[run.last_unit] - order[run.first_unit] + 1 >= 0.5 * len(scene.units):
            return run.kind
    return ""


def in_vehicle(scene: Scene) -> bool:
    """True when the scene plays inside a car, van, bus or the like."""
    heading = scene.heading
    if heading.int_ext not in ("INT", "INT/EXT"):
        return False
    words = [
        word.lower().removesuffix("'s")
        for word in _WORD.findall(" ".join((heading.place, *heading.sub_places, *heading.tails)))
    ]
    lexicon = places()
    if not lexicon.not_vehicle.isdisjoint(words) or "trailer" in words:
        return False
    own = words[-1:] if words else []
    named = any(word in lexicon.vehicle_words for word in words)
    return named and (
        (bool(own) and own[0] in lexicon.vehicle_words) or "driving" in words or "moving" in words or len(words) <= 4
    )


def _bag(sentences: list[Sentence]) -> frozenset[str]:
    return frozenset(word for sentence in sentences for word in sentence.words)


def _hits(sentences: list[Sentence], name: str) -> int:
    wanted = verbs().classes[name]
    return sum(any(verb.base in wanted for verb in sentence.verbs) for sentence in sentences)


def driver_side(scene: Scene) -> Literal["left", "right"] | None:
    """Of a car scene, where the driver sits: right where the words are British, else left."""
    if not in_vehicle(scene):
        return None
    words = {word.lower().replace("-", "_") for unit in scene.units for word in _WORD.findall(unit.text)}
    lexicon = places()
    british = len(words & lexicon.british) - len(words & lexicon.american)
    return "right" if british > 0 else "left"
