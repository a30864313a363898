"""Where attention goes in a shot: whom or what everyone looks at, where the things are, and who has to do with whom."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from shotwright.craft.geometry import Plan, step
from shotwright.model.ids import kind_of

if TYPE_CHECKING:
    from shotwright.crew.cinematographer.figures import Figure, Stage
    from shotwright.model.crew import DirectedShot
    from shotwright.model.story import ActionNote


@cache
def words_of(kind: str) -> re.Pattern[str]:
    """The pattern of one list of action.toml, for whole words in any case."""
    raw = tomllib.loads(resources.files("shotwright.crew.cinematographer").joinpath("action.toml").read_text("utf-8"))
    return re.compile(rf"\b(?:{'|'.join(raw[kind])})\b", re.I)


def idle_heading(stage: Stage, person: str) -> float:
    """Where somebody faces who has nothing to look at: into the place, ahead in a car; degrees of the room."""
    if stage.kind == "car":
        return 0.0
    x = stage.slots[person][0]
    way = stage.facing if abs(x) < 0.05 else (1 if x < 0 else -1)
    return 40.0 * way


def where_is(stage: Stage, things: dict[str, tuple[float, float, float]], target: str) -> Plan | None:
    """The spot on the plan that a gaze at a target goes to; None when the target has no place."""
    if target == "road":
        return (0.0, 60.0)
    if target in stage.slots:
        return stage.slots[target]
    if target in things:
        return things[target][0], things[target][2]
    return None


def target_of(
    scene_type: str, stage: Stage, person: str, people: list[str], actions: list[ActionNote],
    speakers: set[str], addressee: dict[str, str],
) -> str:  # fmt: skip
    """Whom or what somebody looks at in a shot."""
    if person == stage.driver:
        return "road"
    looked = ""
    handled = ""
    for note in actions:
        for who, what in note.looks_at:
            if who == person and what != person and (what in people or kind_of(what) in ("prop", "vehicle", "animal")):
                looked = str(what)
        if person in note.actors and note.things:
            handled = str(note.things[0])
    if stage.kind == "car":
        return looked if kind_of(looked) == "prop" else "road"
    spoken_to = addressee.get(person, "")
    if person in speakers and spoken_to in people and spoken_to != person:
        return spoken_to
    if looked:
        return looked
    others = [s for s in people if s in speakers and s != person]
    if others:
        return others[0]
    if handled:
        return handled
    kept = stage.targets.get(person, "")
    if kept in people:
        return kept
    rest = [p for p in people if p != person]
    if rest and scene_type != "phone_intercut":
        return rest[0]
    return "nowhere"


def things_of(
    hands: dict[str, list[str | None]],
    stage: Stage,
    shot: DirectedShot,
    people: list[str],
    actions: list[ActionNote],
    targets: dict[str, str],
) -> dict[str, tuple[float, float, float]]:
    """Where the things of a shot are: in the hands of whoever holds them, else where they were first seen."""
    named: list[str] = []
    users: dict[str, str] = {}
    for note in actions:
        for thing in note.things:
            named.append(str(thing))
            for actor in note.actors:
                if actor in people:
                    users.setdefault(str(thing), str(actor))
    named += [str(e) for e in shot.intent.on if kind_of(e) in ("prop", "vehicle", "animal")]
    for person, target in targets.items():
        if kind_of(target) in ("prop", "vehicle", "animal"):
            named.append(str(target))
            users.setdefault(str(target), person)
    found: dict[str, tuple[float, float, float]] = {}
    holders = {held: p for p in people for held in hands.get(p, ()) if held}
    for name in dict.fromkeys(named):
        if name in stage.slots:
            continue
        holder = holders.get(name)
        if holder is not None:
            found[name] = _in_hand(stage, holder)
            continue
        if name not in stage.things:
            stage.things[name] = _put_down(stage, users.get(name))
        found[name] = stage.things[name]
    return found


def _in_hand(stage: Stage, holder: str) -> tuple[float, float, float]:
    x, z = stage.slots[holder]
    heading = idle_heading(stage, holder)
    ahead = step((x, z), heading, 0.35)
    height = 0.75 if stage.poses[holder] in ("sit", "drive", "lie", "crouch", "kneel") else 1.05
    return round(ahead[0], 2), height, round(ahead[1], 2)


def _put_down(stage: Stage, user: str | None) -> tuple[float, float, float]:
    if stage.kind == "car":
        return 0.0, 0.95, 0.7
    spread = 0.25 * (len(stage.things) % 4)
    if user is None:
        return round(stage.facing * (0.9 + spread), 2), 0.8, 0.9
    x, z = stage.slots[user]
    way = 1 if idle_heading(stage, user) > 0 else -1
    return round(x + way * (0.5 + spread), 2), 0.8, round(z + 0.55, 2)


def pair_of(figures: dict[str, Figure], speakers: set[str], addressee: dict[str, str]) -> tuple[str, str] | None:
    """Whoever speaks and whom to; else whoever looks at somebody, and at whom."""
    for person, figure in figures.items():
        if person in speakers:
            other = addressee.get(person, "")
            if other not in figures or other == person:
                other = figure.target if figure.target in figures else ""
            if other:
                return person, other
    for person, figure in figures.items():
        if figure.target in figures:
            return person, figure.target
    return None
