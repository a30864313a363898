"""A model's answer about the whole film, checked entry by entry: each is taken, or the reason why not is said."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from shotwright.craft.answers import Refused, phrase, sentence
from shotwright.crew.architect.reading_film import STRUCTURE, FilmFrame, FilmReading
from shotwright.model.ids import EntityId, slug
from shotwright.model.question import Taken
from shotwright.model.story import Evidence, PlotPoint, Relation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.crew.architect.reading_film import (
        BondEntry,
        FilmAnswer,
        PayoffEntry,
        PointEntry,
        Role,
        RoleEntry,
        Structural,
    )
    from shotwright.model.story import SceneStory
    from shotwright.model.vocabulary import PlotPointKind

_WHERE: dict[Structural, tuple[float, float]] = {
    "inciting": (0.0, 0.35), "first_turn": (0.08, 0.5), "midpoint": (0.3, 0.7), "low_point": (0.5, 0.97),
    "climax": (0.6, 1.0), "resolution": (0.75, 1.0),
}  # fmt: skip
"""(from, to) as shares of the film: far wider than the manuals', so that only what cannot be meant falls out."""
_MOST_TURNS, _MOST_PAYOFFS, _MOST_BONDS, _MOST_LEADS = 8, 12, 20, 5
_LEAD_SCENES = 4
_LONG_FILM = 24
"""Scenes; in a film so long a lead is seen in four of them at least."""
_BECAUSE = "the film read as a whole"


def take_film(
    frame: FilmFrame, prompt: str, standing: FilmReading, answer: FilmAnswer, open_keys: frozenset[str], mind: str
) -> Taken[FilmReading]:
    """Part by part what can be used."""
    refused: dict[str, str] = {}
    changed: set[str] = set()
    reading = _take_structure(frame, prompt, standing, answer.points, open_keys, mind, refused, changed)
    if "question" in open_keys:
        reading = _take_question(frame, reading, answer.question, prompt, refused, changed)
    if "turns" in open_keys:
        reading = _take_turns(frame, prompt, reading, answer.points, mind, refused, changed)
    if "payoffs" in open_keys:
        reading = _take_payoffs(frame, reading, answer.payoffs, mind, refused, changed)
    if "bonds" in open_keys:
        reading = _take_bonds(frame, reading, answer.bonds, mind, refused, changed)
    if "roles" in open_keys:
        reading = _take_roles(frame, reading, answer.roles, refused, changed)
    return Taken(reading, refused, frozenset(changed))


def _take_question(
    frame: FilmFrame, reading: FilmReading, text: str, prompt: str, refused: dict[str, str], changed: set[str]
) -> FilmReading:
    if text == reading.question:
        return reading
    try:
        clean = _words(text, frame, prompt, 28)
    except Refused as refusal:
        refused["question"] = refusal.why
        return reading
    if clean != reading.question:
        changed.add("question")
    return reading.model_copy(update={"question": clean})


def _take_structure(
    frame: FilmFrame,
    prompt: str,
    standing: FilmReading,
    entries: Sequence[PointEntry],
    open_keys: frozenset[str],
    mind: str,
    refused: dict[str, str],
    changed: set[str],
) -> FilmReading:
    """The six points of the film's shape. Those that would stand before an earlier one go back to what stood."""
    index = {scene.scene_id: i for i, scene in enumerate(frame.scenes)}
    now = {point.kind: point for point in standing.points if point.kind in STRUCTURE}
    new = dict(now)
    for kind in STRUCTURE:
        if kind not in open_keys:
            continue
        entry = next((e for e in entries if e.kind == kind), None)
        if entry is None:
            refused[kind] = "no scene is named for it"
            continue
        if not 1 <= entry.scene <= len(frame.scenes):
            refused[kind] = f"there is no such scene; the film has scenes 1 to {len(frame.scenes)}"
            continue
        scene = frame.scenes[entry.scene - 1]
        old = now.get(kind)
        if old is not None and old.scene == scene.scene_id and old.summary == entry.words:
            continue
        low, high = _WHERE[kind]
        if not low <= frame.places[entry.scene - 1] <= high:
            refused[kind] = (
                f"scene {entry.scene} cannot be it: it lies {frame.places[entry.scene - 1]:.0%} into the film"
            )
            continue
        try:
            words = _words(entry.words, frame, prompt, 22)
        except Refused as refusal:
            refused[kind] = refusal.why
            continue
        new[kind] = _point(f"plot_point/{kind}", kind, scene, words, mind)
    while True:
        order = [kind for kind in STRUCTURE if kind in new and new[kind].scene in index]
        wrong = [
            kind
            for before, after in pairwise(order)
            if index[new[after].scene] < index[new[before].scene]
            for kind in (after, before)
            if new[kind] != now.get(kind)
        ]
        if not wrong:
            break
        refused[wrong[0]] = "the points of the film must follow each other in their order"
        if wrong[0] in now:
            new[wrong[0]] = now[wrong[0]]
        else:
            del new[wrong[0]]
    changed.update(kind for kind in new if new[kind] != now.get(kind))
    others = tuple(point for point in standing.points if point.kind not in STRUCTURE)
    if new == now:
        return standing
    return standing.model_copy(update={"points": (*(new[kind] for kind in STRUCTURE if kind in new), *others)})


def _take_turns(
    frame: FilmFrame,
    prompt: str,
    reading: FilmReading,
    entries: Sequence[PointEntry],
    mind: str,
    refused: dict[str, str],
    changed: set[str],
) -> FilmReading:
    """The scenes on which the film turns beside its six points; one answered well is enough to replace the rules'."""
    told = [entry for entry in entries if entry.kind == "turn"]
    now = [point for point in reading.points if point.kind == "turn"]
    index = {scene.scene_id: n for n, scene in enumerate(frame.scenes, 1)}
    if not told or [(index.get(p.scene), p.summary) for p in now] == [(e.scene, e.words) for e in told]:
        return reading
    found: dict[int, str] = {}
    why = ""
    for entry in told:
        try:
            if not 1 <= entry.scene <= len(frame.scenes):
                raise Refused(f"there is no such scene; the film has scenes 1 to {len(frame.scenes)}")
            if entry.scene not in found and len(found) < _MOST_TURNS:
                found[entry.scene] = _words(entry.words, frame, prompt, 22)
        except Refused as refusal:
            why = why or refusal.why
    if not found:
        refused["turns"] = why
        return reading
    turns: list[PlotPoint] = []
    for n, words in sorted(found.items()):
        tenth = min(9, int(frame.places[n - 1] * 10)) + 1
        more = sum(1 for point in turns if point.id.startswith(f"plot_point/turn.{tenth}."))
        first = not any(point.id == f"plot_point/turn.{tenth}" for point in turns)
        name = f"plot_point/turn.{tenth}" if first else f"plot_point/turn.{tenth}.{more + 2}"
        turns.append(_point(name, "turn", frame.scenes[n - 1], words, mind))
    changed.add("turns")
    others = tuple(point for point in reading.points if point.kind != "turn")
    return reading.model_copy(update={"points": (*others, *turns)})


def _take_payoffs(
    frame: FilmFrame,
    reading: FilmReading,
    entries: Sequence[PayoffEntry],
    mind: str,
    refused: dict[str, str],
    changed: set[str],
) -> FilmReading:
    """What is planted and paid off; one answered well is enough to replace what the rules took for it."""
    now = [point for point in reading.points if point.kind in ("introduction", "payoff")]
    if not entries or _as_told(frame, now) == [(e.plant, e.pay, e.words) for e in entries]:
        return reading
    found: dict[str, tuple[PlotPoint, PlotPoint]] = {}
    why = ""
    for entry in entries:
        try:
            name, pair = _planted(frame, entry, mind)
        except Refused as refusal:
            why = why or refusal.why
            continue
        if len(found) < _MOST_PAYOFFS:
            found.setdefault(name, pair)
    if not found:
        refused["payoffs"] = why
        return reading
    changed.add("payoffs")
    others = tuple(point for point in reading.points if point.kind not in ("introduction", "payoff"))
    return reading.model_copy(update={"points": (*others, *(point for pair in found.values() for point in pair))})


def _as_told(frame: FilmFrame, points: Sequence[PlotPoint]) -> list[tuple[int, int, str]]:
    index = {scene.scene_id: n for n, scene in enumerate(frame.scenes, 1)}
    planted = {point.id: point for point in points if point.kind == "introduction"}
    return [
        (index[planted[p.pays_off].scene], index[p.scene], p.summary)
        for p in points
        if p.pays_off in planted and p.scene in index and planted[p.pays_off].scene in index
    ]


def _planted(frame: FilmFrame, entry: PayoffEntry, mind: str) -> tuple[str, tuple[PlotPoint, PlotPoint]]:
    count = len(frame.scenes)
    if not (1 <= entry.plant <= count and 1 <= entry.pay <= count):
        raise Refused(f"there is no such scene; the film has scenes 1 to {count}")
    if entry.plant >= entry.pay:
        raise Refused("what is paid off must be planted in an earlier scene")
    if not 0 <= entry.thing <= len(frame.things):
        raise Refused(f"there is no such thing; there are {len(frame.things)}, and 0 for none of them")
    words = _short(entry.words, frame, 14)
    thing = frame.things[entry.thing - 1] if entry.thing else None
    name = thing.partition("/")[2] if thing else slug(" ".join(words.split()[:5]))
    start = EntityId(f"plot_point/plants.{name}")
    plant, pay = frame.scenes[entry.plant - 1], frame.scenes[entry.pay - 1]
    if thing is not None and thing not in plant.things and thing not in pay.things:
        raise Refused(f"thing {entry.thing} shows in neither of these scenes")
    return name, (
        PlotPoint(
            id=start, kind="introduction", scene=plant.scene_id, summary=f"Plants this: {words}.",
            about=thing if thing in plant.things else None, evidence=_evidence(plant, thing, mind),
        ),
        PlotPoint(
            id=EntityId(f"plot_point/pays.{name}"), kind="payoff", scene=pay.scene_id,
            summary=f"Pays this off: {words}.", about=thing if thing in pay.things else None, pays_off=start,
            evidence=_evidence(pay, thing, mind),
        ),
    )  # fmt: skip


def _take_bonds(
    frame: FilmFrame,
    reading: FilmReading,
    entries: Sequence[BondEntry],
    mind: str,
    refused: dict[str, str],
    changed: set[str],
) -> FilmReading:
    people = [person.id for person in frame.people]
    if not entries:
        return reading
    standing = {(r.a, r.b): r for r in reading.relations}
    found: dict[tuple[int, int], Relation] = {}
    why = ""
    for entry in entries:
        a, b = sorted((entry.a, entry.b))
        if a == b or a < 1 or b > len(people):
            why = why or f"a bond is between two of the people 1 to {len(people)}"
            continue
        old = standing.get((people[a - 1], people[b - 1]))
        try:
            words = old.words if old and entry.words == old.words else _short(entry.words, frame, 14)
        except Refused as refusal:
            why = why or refusal.why
            continue
        if (a, b) in found or len(found) >= _MOST_BONDS:
            continue
        same = old is not None and (old.bond, old.state, old.words) == (entry.bond, entry.state, words)
        found[(a, b)] = (
            old
            if old is not None and same
            else Relation(
                a=people[a - 1], b=people[b - 1], bond=entry.bond, state=entry.state, words=words,
                evidence=Evidence(confidence=0.8, because=_BECAUSE, mind=mind),
            )
        )  # fmt: skip
    if not found:
        refused["bonds"] = why
        return reading
    relations = tuple(found[pair] for pair in sorted(found))
    if relations == reading.relations:
        return reading
    changed.add("bonds")
    return reading.model_copy(update={"relations": relations})


def _take_roles(
    frame: FilmFrame,
    reading: FilmReading,
    entries: Sequence[RoleEntry],
    refused: dict[str, str],
    changed: set[str],
) -> FilmReading:
    roles: dict[EntityId, Role] = dict(reading.roles)
    before = dict(roles)
    done: set[EntityId] = set()
    why = ""
    for entry in entries:
        if not 1 <= entry.person <= len(frame.people):
            why = why or f"there is no such person; there are {len(frame.people)}"
            continue
        person = frame.people[entry.person - 1]
        if person.id in done:
            continue
        if entry.role == "lead" and entry.role != roles.get(person.id):
            few = len(frame.scenes) >= _LONG_FILM and frame.seen.get(person.id, 0) < _LEAD_SCENES
            many = sum(1 for role in roles.values() if role == "lead") >= _MOST_LEADS
            if person.kind == "animal" or few or many:
                why = why or f"person {entry.person} is no lead: seen too seldom, an animal, or one lead too many"
                continue
        done.add(person.id)
        roles[person.id] = entry.role
    if why and not done:
        refused["roles"] = why
    if roles == before:
        return reading
    changed.add("roles")
    return reading.model_copy(update={"roles": tuple(roles.items())})


_ABOUT_FILM = re.compile(r"\b(?:the|this) (?:story|film|movie|scene|script|audience|plot|narrative)\b", re.IGNORECASE)


def _words(text: str, frame: FilmFrame, prompt: str, most: int) -> str:
    clean = sentence(text, most=240, least_words=3, apart_from=frame.told)
    clean = clean[:1].upper() + clean[1:]
    if len(clean.split()) > most:
        raise Refused(f"it has more than {most} words")
    if clean.casefold().rstrip(".!?…") in prompt.casefold():
        raise Refused("it repeats the instructions")
    if _ABOUT_FILM.search(clean):
        raise Refused("it speaks of the film; speak of its people")
    return clean


def _short(text: str, frame: FilmFrame, most: int) -> str:
    clean = phrase(text, most=120, apart_from=frame.told)
    if len(clean.split()) > most:
        raise Refused(f"it has more than {most} words")
    return clean


def _point(name: str, kind: PlotPointKind, scene: SceneStory, words: str, mind: str) -> PlotPoint:
    units = (scene.turn.unit,) if scene.turn is not None else ()
    return PlotPoint(
        id=EntityId(name),
        kind=kind,
        scene=scene.scene_id,
        summary=words,
        evidence=Evidence(units=units, confidence=0.8, because=_BECAUSE, mind=mind),
    )


def _evidence(scene: SceneStory, thing: EntityId | None, mind: str) -> Evidence:
    shown = tuple(note.unit for note in scene.actions if thing is not None and thing in note.things)[:2]
    return Evidence(units=shown, confidence=0.8, because=_BECAUSE, mind=mind)
