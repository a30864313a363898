"""One scene read: who does what, who speaks to whom, what it feels like and what it is for.

The reading depends on the scene's own units and on the cast entries that occur in it, so an edit elsewhere leaves it
equal.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from shotwright.crew.architect import addressing, aims, feeling, kinds, telling, wording
from shotwright.crew.architect.acting import act, crowd_in
from shotwright.crew.architect.company import relevant_cast
from shotwright.crew.architect.lexicon import WordSense, places
from shotwright.crew.architect.naming import is_over, plain
from shotwright.crew.architect.objects import SceneThings, conditions, garments
from shotwright.crew.architect.sightings import SceneEar, Sentence
from shotwright.model.ids import EntityId, SceneId, UnitId
from shotwright.model.story import ActionNote, Beat, Presence, Segment, SpeechNote, Thing, Turn
from shotwright.model.value import Value
from shotwright.model.vocabulary import SceneType

if TYPE_CHECKING:
    from shotwright.crew.architect.cast import Cast
    from shotwright.model.screenplay import Scene

_WORD = re.compile(r"[^\W_]+(?:['\-][^\W_]+)*")
_EARLIER = re.compile(r"\b(?:years?|months?|weeks?|days?|decades?)\s+(?:earlier|ago|before)\b", re.IGNORECASE)
_CHANGE = re.compile(
    r"\b(?:now (?:dressed )?in|now wear(?:s|ing)|changes into|changed into|dressed in|puts on|dons)\b",
    re.IGNORECASE,
)


class SceneReading(Value):
    """What one scene says by itself. `weave` sets it into the film."""

    scene_id: SceneId
    scene_type: SceneType = "activity"
    presences: tuple[Presence, ...] = ()
    speeches: tuple[SpeechNote, ...] = ()
    actions: tuple[ActionNote, ...] = ()
    segments: tuple[Segment, ...] = ()
    things: tuple[Thing, ...] = ()
    beats: tuple[Beat, ...] = ()
    goal: str = ""
    turn: Turn | None = None
    synopsis: str = ""
    wears: tuple[tuple[EntityId, str, UnitId], ...] = ()
    """(who, garment, where it says so)"""
    sheds: tuple[tuple[EntityId, str, UnitId], ...] = ()
    """(who, garment, where it comes off)"""
    suffers: tuple[tuple[EntityId, str, UnitId], ...] = ()
    """(who, condition, where it says so)"""
    changes: tuple[EntityId, ...] = ()
    """Who changes clothes in the scene."""
    ends_holding: tuple[tuple[EntityId, EntityId], ...] = ()
    """(who, prop) still in hand when the scene ends."""
    withheld: UnitId | None = None
    driver_side: Literal["left", "right"] | None = None
    earlier: bool = False
    """A title in the scene sets it in the past: `TWENTY YEARS EARLIER`."""
    dream: bool = False
    genres: tuple[tuple[str, int], ...] = ()
    """(genre, words that speak for it), the strongest first, at most three."""
    tones: tuple[tuple[str, int], ...] = ()


def read_scene(scene: Scene, cast: Cast) -> SceneReading:
    """Read one scene against the cast; pass the whole cast or the scene's `relevant_cast`, the answer
    is the same."""
    cast = relevant_cast(scene, cast)
    ear = SceneEar(scene, cast)
    floor = addressing.Floor(ear)
    units = scene.units
    shown, speakers = _forehear(scene, ear)
    phone_scene = _phone_scene(scene)
    floor.on_line = _on_line(scene, ear, shown, phone_scene)
    floor.phone = phone_scene
    callers = _only_callers(scene, ear, floor.on_line)
    riding = kinds.in_vehicle(scene)
    things = SceneThings()
    sentences: dict[str, Sentence] = {}
    actions: list[ActionNote] = []
    speeches: list[SpeechNote] = []
    wears: list[tuple[EntityId, str, UnitId]] = []
    sheds: list[tuple[EntityId, str, UnitId]] = []
    suffers: list[tuple[EntityId, str, UnitId]] = []
    changes: dict[EntityId, None] = {}
    first_seen: dict[EntityId, tuple[int, UnitId]] = {}
    if not scene.heading.int_ext and units:
        for who in ear.listen(units[0].model_copy(update={"text": scene.heading.raw}), -1).actors:
            floor.arrive(who)
            first_seen[who] = (0, units[0].id)
    for i, unit in enumerate(units):
        if unit.kind == "action":
            sentence = ear.listen(unit, i)
            sentences[unit.id] = sentence
            note = _in_the_place(act(sentence, things, list(floor.present)), callers, riding)
            actions.append(note)
            floor.watch(note, tuple(who for mention in sentence.mentions for who in mention.who), sentence.words)
            if crowd_in(sentence.words):
                floor.crowded = True
                floor.crowd = floor.crowd or next((c.id for c in cast.characters if c.kind == "group"), None)
            for who in note.actors:
                first_seen.setdefault(who, (i, unit.id))
            for who, garment, off in garments(sentence):
                wears.append((who, garment, unit.id))
                if off:
                    sheds.append((who, garment, unit.id))
            suffers += [(who, name, unit.id) for who, name in conditions(sentence)]
            if _CHANGE.search(sentence.text):
                changes.update(dict.fromkeys(note.actors[:1]))
        elif unit.kind == "direction":
            heard = ear.listen(unit, i)
            floor.since.update((who, None) for mention in heard.mentions for who in mention.who)
        elif unit.kind == "speech":
            upcoming = [who for j, who in speakers if j > i][:3]
            spoken = addressing.address(unit, floor, upcoming, shown, phone_scene)
            speeches.append(spoken)
            things.hear(unit.text)
            if spoken.voice in ("room", "off_screen"):
                ear.heard(spoken.speakers)
                for who in spoken.speakers:
                    first_seen.setdefault(who, (i, unit.id))
    present = [who for who in first_seen if ear.kind.get(who) != "voice"]
    runs = kinds.segments(scene)
    stated = list(sentences.values())
    scores = feeling.scores_of(units, stated, actions)
    kind = kinds.scene_type(scene, runs, stated, actions, speeches, present)
    felt = feeling.beats(units, scores, feeling.leanings(scene, scores, kind))
    tale = wording.Tale(
        scene, kind, wording.names_of(cast.by_id), cast.by_id, sentences, scores,
        {note.unit: note for note in speeches}, {note.unit: note for note in actions}, present, felt,
        things.found,
    )  # fmt: skip
    turning = telling.turn(tale)
    words = [word for unit in units for word in _WORD.findall(plain(unit.text).lower())]
    tale.beats = felt = feeling.shape(units, scores, felt, turning.unit if turning else None)
    hearts = feeling.Hearts(units, stated, speeches, scores)
    return SceneReading(
        scene_id=scene.id,
        scene_type=kind,
        presences=_presences(scene, cast, actions, speeches, first_seen, felt, hearts),
        speeches=tuple(speeches),
        actions=tuple(actions),
        segments=runs,
        things=things.close(),
        beats=felt,
        goal=aims.goal(tale, turning),
        turn=turning,
        synopsis=telling.synopsis(tale, turning),
        wears=tuple(dict.fromkeys(wears)),
        sheds=tuple(dict.fromkeys(sheds)),
        suffers=tuple(dict.fromkeys(suffers)),
        changes=tuple(changes),
        ends_holding=_ends_holding(actions),
        withheld=_withheld(scene, stated),
        driver_side=kinds.driver_side(scene),
        earlier=any(
            unit.kind != "speech" and unit.text.isupper() | ("SUPER" in unit.text) and _EARLIER.search(unit.text)
            for unit in units
        ),
        dream=any(run.kind == "dream" for run in runs),
        genres=_votes(words, places().genres),
        tones=_votes(words, places().tones),
    )


def _forehear(scene: Scene, ear: SceneEar) -> tuple[set[EntityId], list[tuple[int, tuple[EntityId, ...]]]]:
    """Who action names anywhere in the scene, and the aloud speakers in order."""
    shown: set[EntityId] = set()
    speakers: list[tuple[int, tuple[EntityId, ...]]] = []
    for i, unit in enumerate(scene.units):
        if unit.kind == "speech":
            if not is_over(unit.extension):
                speakers.append((i, ear.speaker_ids(unit)))
            continue
        raw = plain(unit.text)
        words = [(word, word.lower().removesuffix("'s")) for word in _WORD.findall(raw)]
        for at, (spelled, word) in enumerate(words):
            for name, who in ear.calls.get(word, ()):
                if tuple(w for _, w in words[at : at + len(name)]) == name and (
                    spelled[:1].isupper() or who in ear.generic
                ):
                    shown.add(ear.version.get(who, who))
    return shown, speakers


_PHONE = re.compile(
    r"\b(?:phone|telephone|receiver|mouthpiece|walkie|walkie-talkie|payphone|radio|headset|intercom)\b", re.IGNORECASE
)


def _phone_scene(scene: Scene) -> bool:
    """True when somebody in the scene talks to a voice by phone or radio."""
    parts = [part.text for unit in scene.units for part in unit.parts if part.kind == "parenthetical"]
    parts += [unit.extension for unit in scene.units if unit.kind == "speech"]
    if any(re.search(r"phone|filtered|walkie|radio|receiver", text, re.IGNORECASE) for text in parts):
        return True
    return any(unit.kind == "direction" and unit.text.upper().startswith("INTERCUT") for unit in scene.units) and any(
        _PHONE.search(unit.text) for unit in scene.units if unit.kind == "action"
    )


def _on_line(scene: Scene, ear: SceneEar, shown: set[EntityId], phone_scene: bool) -> list[EntityId]:
    """Who is heard by phone: filtered, or off or over in a phone scene and not shown in it."""
    out: dict[EntityId, None] = {}
    for unit in scene.units:
        if unit.kind == "speech":
            who = ear.speaker_ids(unit)
            voice = addressing.voice_of(unit, any(one in shown for one in who))
            if voice == "phone" or (phone_scene and voice == "voice_over" and is_over(unit.extension)):
                out.update(dict.fromkeys(who))
    return list(out)


def _only_callers(scene: Scene, ear: SceneEar, on_line: list[EntityId]) -> frozenset[EntityId]:
    """Who is only a voice on the line, even where a phone's screen shows the name; nobody in an intercut."""
    if any(unit.kind == "direction" and "INTERCUT" in unit.text.upper() for unit in scene.units):
        return frozenset()
    aloud = {
        who
        for unit in scene.units
        if unit.kind == "speech" and addressing.voice_of(unit, True) in ("room", "off_screen")
        for who in ear.speaker_ids(unit)
    }
    return frozenset(on_line) - aloud


def _in_the_place(note: ActionNote, callers: frozenset[EntityId], riding: bool) -> ActionNote:
    """The note without those who are only on the line; whoever rides in a car sits."""
    changed: dict[str, object] = {}
    if callers.intersection(note.actors):
        changed["actors"] = tuple(who for who in note.actors if who not in callers)
    if riding and any(pose == "ride" for _, pose in note.poses):
        changed["poses"] = tuple((who, "sit" if pose == "ride" else pose) for who, pose in note.poses)
    return note.model_copy(update=changed) if changed else note


def _presences(
    scene: Scene, cast: Cast, actions: list[ActionNote], speeches: list[SpeechNote],
    first_seen: dict[EntityId, tuple[int, UnitId]], felt: tuple[Beat, ...],
    hearts: feeling.Hearts,
) -> tuple[Presence, ...]:  # fmt: skip
    spoken: dict[EntityId, int] = {}
    phoned: dict[EntityId, None] = {}
    for note in speeches:
        for who in note.speakers:
            spoken[who] = spoken.get(who, 0) + 1
            if note.voice == "phone":
                phoned[who] = None
    enters: dict[EntityId, UnitId] = {}
    exits: dict[EntityId, UnitId] = {}
    seen_at = {who: at for who, (at, _) in first_seen.items()}
    order = {unit.id: i for i, unit in enumerate(scene.units)}
    for act_note in actions:
        for who in act_note.enters:
            if seen_at.get(who, 10**6) >= order[act_note.unit]:
                enters.setdefault(who, act_note.unit)
            exits.pop(who, None)
        for who in act_note.exits:
            exits[who] = act_note.unit
    last_at: dict[EntityId, int] = {}
    for act_note in actions:
        last_at.update(dict.fromkeys(act_note.actors, order[act_note.unit]))
    for note in speeches:
        if note.voice in ("room", "off_screen"):
            last_at.update((who, max(order[note.unit], last_at.get(who, 0))) for who in note.speakers)
    paragraph = {unit.id: unit.paragraph for unit in scene.units}
    exits = {
        who: unit
        for who, unit in exits.items()
        if paragraph[scene.units[last_at.get(who, 0)].id] <= paragraph[unit] or last_at.get(who, 0) <= order[unit]
    }
    out = []
    for who in [*first_seen, *(one for one in spoken if one not in first_seen)]:
        if who not in cast.by_id:
            continue
        gone = exits.get(who)
        last = order[gone] if gone else max(last_at.get(who, 0), len(order) - 2)
        feels = hearts.felt(who, seen_at.get(who, 0), last, felt, order)
        out.append(
            Presence(
                character=who,
                voice_only=who not in first_seen or (cast.by_id[who].kind == "voice"),
                on_phone=who in phoned,
                enters=enters.get(who),
                exits=gone,
                speeches=spoken.get(who, 0),
                feels_from=feels[0],
                feels_to=feels[1],
            )
        )
    return tuple(out)


def _ends_holding(actions: list[ActionNote]) -> tuple[tuple[EntityId, EntityId], ...]:
    held: dict[EntityId, EntityId] = {}
    for note in actions:
        for who, prop in note.drops:
            if held.get(prop) == who:
                del held[prop]
        for who, prop in note.takes:
            held[prop] = who
    return tuple((who, prop) for prop, who in held.items())


_HIDDEN = re.compile(
    r"\b(?:can't (?:yet )?see (?:who|his|her|their|the face)|don't see (?:who|his|her)|never see (?:who|"
    r"his|her)|unseen|face hidden|we can't make out|only see (?:his|her) back)\b",
    re.IGNORECASE,
)
_SHOWN = re.compile(
    r"\b(?:reveal\w*|turns out to be|we (?:finally )?see (?:it's|that it's|who)|to find it's)\b", re.IGNORECASE
)


def _withheld(scene: Scene, sentences: list[Sentence]) -> UnitId | None:
    """The unit that reveals what the script hides on purpose, where it hides and then reveals."""
    hidden = -1
    for sentence in sentences:
        if _HIDDEN.search(sentence.text):
            hidden = sentence.index
        elif _SHOWN.search(sentence.text) and (
            hidden >= 0 or re.search(r"\bpull(?:s|ing)? back to reveal\b", sentence.text, re.IGNORECASE)
        ):
            return sentence.unit.id
    return None


def _votes(words: list[str], sense: WordSense) -> tuple[tuple[str, int], ...]:
    count: dict[str, int] = {}
    memory = sense.memory
    for word in words:
        names = memory.get(word)
        for name in sense.of(word) if names is None else names:
            count[name] = count.get(name, 0) + 1
    ranked = sorted(count.items(), key=lambda item: (-item[1], item[0]))
    return tuple((name, number) for name, number in ranked[:3] if number >= 2)
