"""What is there to be photographed in each shot: who stands where, in what pose, holding what, looking at whom.

This is worked out for the whole scene before any camera is chosen, so that the set never changes to suit a frame.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from shotwright.craft.floor import FloorKind, places, seats
from shotwright.craft.geometry import heading_to
from shotwright.craft.optics import ADULT_M, bed_height, eye_height, has_bed
from shotwright.craft.stature import animal_eyes, height_of, perch_of
from shotwright.crew.cinematographer.attention import (
    idle_heading,
    pair_of,
    target_of,
    things_of,
    where_is,
    words_of,
)
from shotwright.crew.cinematographer.figures import ELEMENTS, Figure, Moment, Stage
from shotwright.model.ids import digest, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shotwright.model.crew import DirectedScene, DirectedShot
    from shotwright.model.story import ActionNote, SceneBrief, SpeechNote
    from shotwright.model.vocabulary import Pose

TRANSIENT: dict[str, Pose] = {
    "walk": "stand",
    "run": "stand",
    "point": "stand",
    "fight": "stand",
    "embrace": "stand",
    "hold": "stand",
    "climb": "stand",
    "fall": "lie",
    "dance": "stand",
    "phone": "stand",
}
SEATED_WORDS = re.compile(
    r"\b(car|taxi|bus|train|plane|boat|restaurant|diner|cafe|café|theater|theatre|classroom|courtroom|carriage)\b", re.I
)
BIG_VEHICLES = re.compile(r"(train|plane|747|ship|boat|ferry|bus)(?![a-z])")
"""Vehicles with an aisle: their floor is a room's."""


class _Scene:
    """The running state from shot to shot."""

    def __init__(self, brief: SceneBrief, directed: DirectedScene, moving_right: bool) -> None:
        scene = brief.scene
        self.brief = brief
        self.texts = {u.id: u.text for u in scene.units}
        self.actions: dict[str, ActionNote] = {a.unit: a for a in scene.actions}
        self.speeches: dict[str, SpeechNote] = {s.unit: s for s in scene.speeches}
        self.heights = {str(m.character.id): height_of(m.character, m.look, m.height_m) for m in brief.cast}
        self.animals = {str(m.character.id): m.character for m in brief.cast if m.character.kind == "animal"}
        self.speech_count = {str(p.character): p.speeches for p in scene.presences}
        self.order = [str(p.character) for p in scene.presences]
        self.hands: dict[str, list[str | None]] = {}
        for presence in scene.presences:
            held = [str(h) for h in presence.holding[:2]]
            self.hands[str(presence.character)] = [held[1] if len(held) > 1 else None, held[0] if held else None]
        self.moving = 90.0 if moving_right else -90.0
        self.stages: dict[str, Stage] = {}
        self.seen_units: dict[str, int] = {}
        self.phases: dict[str, float] = {}
        self.unit_spread: dict[str, int] = {}
        for shot in directed.shots:
            for unit in shot.units:
                self.unit_spread[unit] = self.unit_spread.get(unit, 0) + 1
        self.hidden = _unmet(brief, directed)
        self.people_by_stage: dict[str, list[str]] = {}
        for i, shot in enumerate(directed.shots):
            people = self.people_by_stage.setdefault(self.stage_key(shot, i), [])
            for person in _people(shot):
                if person not in people:
                    people.append(person)

    def stage_key(self, shot: DirectedShot, index: int) -> str:
        if shot.function in ELEMENTS and shot.continues_shot_id is None:
            return f"element {shot.shot_id} {shot.intent.place}"
        segment = shot.intent.segment
        return f"{segment if segment in ('flashback', 'dream') else ''} {shot.intent.place}"


def heard_only(shot: DirectedShot) -> set[str]:
    """Those whose words reach the shot from outside its frame, and who say nothing in it as well."""
    voices: dict[str, set[str]] = {}
    for line in shot.dialogue:
        for speaker in line.speakers or (line.speaker,):
            voices.setdefault(str(speaker), set()).add(line.voice)
    return {speaker for speaker, kinds in voices.items() if kinds <= {"off_screen", "phone"}}


def _people(shot: DirectedShot) -> list[str]:
    """Who may be in frame: everyone present but those whom the script hears without seeing."""
    heard = heard_only(shot)
    return [str(p) for p in shot.intent.present if kind_of(p) in ("character", "animal") and p not in heard]


def _unmet(brief: SceneBrief, directed: DirectedScene) -> dict[str, frozenset[str]]:
    """Shot -> those whom the text has not met yet, until the first words: they stand there and are not shown.

    Somebody whom no unit names is met from the start, and so is everyone in a scene that runs on from another.
    """
    scene = brief.scene
    if scene.scene_type == "car" or words_of("continuous").search(scene.slugline.raw):
        return {}
    named: dict[str, set[str]] = {}
    for note in scene.actions:
        mentioned = (*note.actors, *note.enters, *note.exits, *(whom for pair in note.looks_at for whom in pair))
        named[note.unit] = {str(e) for e in mentioned}
    for speech in scene.speeches:
        named[speech.unit] = {str(e) for e in (*speech.speakers, *speech.addressees)}
    ever = set().union(*named.values()) if named else set()
    met: set[str] = set()
    found: dict[str, frozenset[str]] = {}
    for shot in directed.shots:
        if shot.function in ELEMENTS:
            continue
        met.update(str(e) for e in shot.intent.on)
        for unit in shot.units:
            met |= named.get(unit, set())
        if shot.dialogue:
            break
        found[shot.shot_id] = frozenset(str(p) for p in shot.intent.present if str(p) in ever and str(p) not in met)
    return found


def moments(brief: SceneBrief, directed: DirectedScene) -> list[Moment]:
    """The moments of a scene, one a shot in order."""
    scene = _Scene(brief, directed, moving_right=_moves_right(brief))
    found: list[Moment] = []
    last_key = ""
    for i, shot in enumerate(directed.shots):
        key = scene.stage_key(shot, i)
        if shot.continues_shot_id is not None and last_key.endswith(str(shot.intent.place)):
            key = last_key
        last_key = key
        stage = scene.stages.get(key)
        if stage is None:
            stage = _stage(scene, key, str(shot.intent.place))
            scene.stages[key] = stage
        found.append(_moment(scene, stage, shot))
    return found


def _moves_right(brief: SceneBrief) -> bool:
    """Chases and drives always run to screen right, so that they join; other scenes take turns."""
    if brief.scene.scene_type in ("action_chase", "car"):
        return True
    return int(digest(brief.scene.scene_id, "way", length=2), 16) % 2 == 0


def _stage(scene: _Scene, key: str, place: str) -> Stage:
    brief = scene.brief
    kind_of_scene = brief.scene.scene_type
    people = scene.people_by_stage.get(key, [])
    ranked = sorted(
        people, key=lambda p: (-min(scene.speech_count.get(p, 0), 6), scene.order.index(p) if p in scene.order else 99)
    )
    inside = brief.scene.slugline.int_ext in ("INT", "INT/EXT", "")
    kind: FloorKind = "room" if inside else "open"
    moving = kind_of_scene == "car" or "MOVING" in brief.scene.slugline.raw.upper()
    if inside and place == brief.scene.location and moving and not BIG_VEHICLES.search(place):
        kind = "car"
    elif kind_of_scene == "intimacy":
        kind = "close"
    elif kind_of_scene == "standoff_3":
        kind = "standoff"
    count = len(scene.stages)
    facing = 1 if (count % 2 == 0) == (scene.moving > 0 or kind_of_scene == "phone_intercut") else -1
    ranked[:2] = sorted(ranked[:2], key=lambda p: scene.order.index(p) if p in scene.order else 99)
    stage = Stage(key, place, kind, facing)
    if kind == "car":
        stage.driver = _driver(scene, ranked)
        stage.slots = seats(ranked, stage.driver, brief.scene.driver_side or "left")
    else:
        stage.slots = places(kind, ranked)
    seated = kind == "car" or SEATED_WORDS.search(brief.scene.slugline.raw) is not None
    for person in people:
        first = _first_pose(scene, person) if kind != "car" else None
        stage.poses[person] = first or ("sit" if seated and inside else "stand")
    if stage.driver:
        stage.poses[stage.driver] = "drive"
    return stage


def _driver(scene: _Scene, people: list[str]) -> str | None:
    for action in scene.brief.scene.actions:
        for who, pose in action.poses:
            if pose == "drive" and who in people:
                return str(who)
    for action in scene.brief.scene.actions:
        text = scene.texts.get(action.unit, "").casefold()
        if re.search(r"\b(drives|driving|at the wheel|behind the wheel)\b", text):
            for who in action.actors:
                if who in people:
                    return str(who)
    return people[0] if people else None


def _first_pose(scene: _Scene, person: str) -> Pose | None:
    """A pose that the script gives somebody in the first words about it holds from the start."""
    for action in scene.brief.scene.actions:
        for who, pose in action.poses:
            if who == person:
                text = scene.texts.get(action.unit, "").casefold()
                rises = pose == "stand" and re.search(r"\b(stands up|gets up|rises|gets to)\b", text)
                lowers = pose == "sit" and re.search(r"\b(sits down|sits up|sinks|drops into|takes a seat)\b", text)
                if rises:
                    return "sit"
                if lowers or pose in TRANSIENT:
                    return None
                return cast("Pose", pose)
        if person in action.actors:
            return None
    return None


def _moment(scene: _Scene, stage: Stage, shot: DirectedShot) -> Moment:
    actions, texts, phase, acting = _notes(scene, shot)
    opens = not stage.opened
    stage.opened = True
    changes = _handle(scene, actions)
    speakers, addressee = _talk(scene, shot)
    hidden = scene.hidden.get(shot.shot_id, frozenset())
    people = [p for p in _people(shot) if p not in hidden]
    for person in people:
        if person not in stage.slots:
            stage.slots[person] = (round(1.9 + 0.9 * len(stage.slots), 2), -0.3)
            stage.poses[person] = "stand"
    ways = _travels(scene, stage, shot, actions)
    if shot.intent.focus in ("speaker", "listener", "exchange") and not shot.intent.written:
        ways = {p: way for p, way in ways.items() if way[1] or way[2] or (shot.intent.travel and p not in speakers)}
    figures: dict[str, Figure] = {}
    doing: dict[str, str] = {}
    for unit in shot.units:
        for actor in scene.actions[unit].actors if unit in scene.actions else ():
            doing[str(actor)] = scene.texts.get(unit, "")
    matched = scene.phases if shot.transition_in == "match_cut" else {}
    targets = {
        p: target_of(scene.brief.scene.scene_type, stage, p, people, actions, speakers, addressee) for p in people
    }
    things = things_of(scene.hands, stage, shot, people, actions, targets)
    for person in people:
        start, end = _poses(stage, person, actions, person in ways)
        at = stage.slots[person]
        target = targets[person]
        target_at = where_is(stage, things, target)
        idle = idle_heading(stage, person)
        gaze = heading_to(at, target_at) if target_at is not None and target_at != at else idle
        going = ways.get(person)
        crosses = going is not None and not going[1] and not going[2]
        if going is not None and crosses and (target not in people or person not in speakers):
            gaze = going[0]
            target, target_at = "nowhere", None
        heading = 0.0 if stage.kind == "car" else gaze
        if going is not None and crosses:
            heading = going[0]
        left, right = scene.hands.get(person, [None, None])
        if person == stage.driver:
            left, right = left or "steering wheel", right or "steering wheel"
        stage.targets[person] = target
        figures[person] = Figure(
            id=person, at=at, heading=heading, pose_start=start, pose_end=end, target=target, target_at=target_at,
            gaze_heading=gaze, left=left, right=right, speaking=person in speakers,
            addressee=addressee.get(person), eye_m=_eyes(scene, stage, start, person),
            height_m=scene.heights.get(person, ADULT_M),
            base_m=perch_of(scene.animals[person]) if person in scene.animals else 0.0,
            phase=phase if person in acting else matched.get(person, 0.0),
            going=going[0] if going else None, enters=bool(going and going[1]), exits=bool(going and going[2]),
            doing=doing.get(person, ""),
        )  # fmt: skip
    scene.phases = {person: figure.phase for person, figure in figures.items()}
    return Moment(
        shot, stage, figures, things, changes, pair_of(figures, speakers, addressee), opens, texts,
        _handled(actions, texts, things), _thing_ways(scene, stage, shot, actions, things),
        _glance(stage, people, actions),
    )  # fmt: skip


def _eyes(scene: _Scene, stage: Stage, pose: Pose, person: str) -> float:
    """Height of somebody's eyes above the floor of the place."""
    if person in scene.animals:
        return animal_eyes(scene.animals[person]) + perch_of(scene.animals[person])
    eyes = eye_height(pose, scene.heights.get(person, ADULT_M))
    inside = scene.brief.scene.slugline.int_ext in ("INT", "INT/EXT", "")
    return eyes - bed_height() if pose == "lie" and not has_bed(stage.place, inside) else eyes


def _handled(actions: list[ActionNote], texts: tuple[str, ...], things: dict[str, tuple[float, float, float]]) -> str:
    """The prop that hands do something with as the shot ends; a journey that begins with a thing is not about it."""
    for note, text in list(zip(reversed(actions), reversed(texts), strict=False))[:2]:
        touched = [str(prop) for _, prop in (*note.takes, *note.drops)]
        if not touched and note.actors and words_of("hands").search(text):
            touched = [str(thing) for thing in note.things]
        for thing in touched:
            if thing in things and kind_of(thing) == "prop" and not note.travel:
                return thing
    return ""


def _glance(stage: Stage, people: list[str], actions: list[ActionNote]) -> str:
    """At whom the script has a driver look: a moment only, for the eyes go back to the road."""
    for note in actions:
        for who, whom in note.looks_at:
            if who == stage.driver and whom in people and whom != who:
                return str(whom)
    return ""


def _thing_ways(
    scene: _Scene, stage: Stage, shot: DirectedShot, actions: list[ActionNote], things: Iterable[str]
) -> dict[str, float]:
    """Vehicles and animals that cross the space: all the same way, so that a chase keeps its direction."""
    if stage.kind != "open":
        return {}
    moving = {str(t) for note in actions if note.travel for t in note.things}
    if shot.intent.travel:
        moving |= {str(e) for e in shot.intent.on}
    return {t: scene.moving for t in things if t in moving and kind_of(t) in ("vehicle", "animal")}


def _notes(scene: _Scene, shot: DirectedShot) -> tuple[list[ActionNote], tuple[str, ...], float, set[str]]:
    """(notes that happen first in this shot, texts of its action, how far its last action has come, who acts)."""
    notes, texts, phase = [], [], 1.0
    acting: set[str] = set()
    for unit in shot.units:
        seen = scene.seen_units.get(unit, 0)
        scene.seen_units[unit] = seen + 1
        note = scene.actions.get(unit)
        if note is None:
            continue
        phase = round((seen + 1) / scene.unit_spread[unit], 2)
        texts.append(scene.texts.get(unit, ""))
        acting.update(str(a) for a in note.actors)
        if seen == 0:
            notes.append(note)
    return notes, tuple(texts), phase, acting


def _handle(scene: _Scene, actions: list[ActionNote]) -> tuple[str, ...]:
    changes = []
    for note in actions:
        for who, prop in note.drops:
            hands = scene.hands.setdefault(str(who), [None, None])
            if prop in hands:
                hands[hands.index(str(prop))] = None
                changes.append(f"{who} drops {prop}")
        for who, prop in note.takes:
            hands = scene.hands.setdefault(str(who), [None, None])
            for other, held in scene.hands.items():
                if prop in held and other != who:
                    held[held.index(str(prop))] = None
                    changes.append(f"{other} drops {prop}")
            if prop in hands or None not in hands:
                continue
            hands[1 if hands[1] is None else 0] = str(prop)
            changes.append(f"{who} takes {prop}")
    return tuple(changes)


def _talk(scene: _Scene, shot: DirectedShot) -> tuple[set[str], dict[str, str]]:
    """Who speaks in the room in this shot, and to whom each speaks."""
    speakers: set[str] = set()
    addressee: dict[str, str] = {}
    for line in shot.dialogue:
        if line.voice != "room":
            continue
        for speaker in line.speakers or (line.speaker,):
            speakers.add(str(speaker))
            if line.addressee is not None:
                addressee[str(speaker)] = str(line.addressee)
    return speakers, addressee


def _travels(
    scene: _Scene, stage: Stage, shot: DirectedShot, actions: list[ActionNote]
) -> dict[str, tuple[float, bool, bool]]:
    """Person -> (heading of travel, enters, exits). Whoever comes or goes does so along the lens, at no heading."""
    found: dict[str, tuple[float, bool, bool]] = {}
    people = set(stage.slots)
    if stage.kind == "car":
        return found
    for note in actions:
        for who in note.exits:
            if who in people:
                found[str(who)] = (180.0, False, True)
        for who in note.enters:
            if who in people:
                found[str(who)] = (0.0, True, False)
        if note.travel and stage.kind == "open":
            for who in (*note.actors, *note.things):
                if who in people and str(who) not in found:
                    found[str(who)] = (scene.moving, False, False)
    if shot.intent.travel and stage.kind == "open":
        for who in shot.intent.on:
            if who in people and str(who) not in found:
                found[str(who)] = (scene.moving, False, False)
    return found


def _poses(stage: Stage, person: str, actions: list[ActionNote], travels: bool) -> tuple[Pose, Pose]:
    start = stage.poses[person]
    end: Pose = TRANSIENT.get(start, start)
    if stage.kind != "car":
        for note in actions:
            for who, pose in note.poses:
                if who == person:
                    end = cast("Pose", pose)
        if travels and end == "stand":
            end = "walk"
    stage.poses[person] = end
    return start, end
