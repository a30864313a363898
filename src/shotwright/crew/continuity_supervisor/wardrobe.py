"""CWARD: looks, conditions and hands stay as they are between change events that a shot shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shotwright.crew.continuity_supervisor.footage import Figure, Footage, View
from shotwright.model.ids import kind_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from shotwright.model.shot import Subject

State = tuple[str, ...]
Sighting = tuple[View, Figure]
LOOK_WORDS = frozenset({"look", "condition", "wears", "changes", "dresses", "undresses", "removes"})


def look_of(subject: Subject) -> State:
    return (subject.look,)


def condition_of(subject: Subject) -> State:
    return tuple(sorted(subject.condition))


def hands_of(subject: Subject) -> State:
    return subject.hands.left or "", subject.hands.right or ""


def in_words(footage: Footage, what: str, state: State) -> str:
    """A state as a person would say it."""
    if what == "hands":
        parts = [
            f"{footage.name(held)} in the {side} hand"
            for side, held in zip(("left", "right"), state, strict=True)
            if held
        ]
        return " and ".join(parts) or "empty hands"
    if what == "look":
        return f"the look {state[0].rpartition('/')[2] or 'unnamed'}"
    return ", ".join(state) or "no such condition"


def inspect_wardrobe(footage: Footage) -> None:
    """Flag looks, conditions and hands that change unseen."""
    for entity, sightings in _sightings(footage).items():
        _inspect_state(footage, entity, sightings, "look", look_of)
        _inspect_state(footage, entity, sightings, "condition", condition_of)
        _inspect_state(footage, entity, sightings, "hands", hands_of)


def _sightings(footage: Footage) -> dict[str, list[Sighting]]:
    """Each person's appearances in frame; a montage's elements have days and looks of their own."""
    found: dict[str, list[Sighting]] = {}
    for view in footage.views:
        if not view.montage:
            for figure in view.figures:
                if figure.in_frame and figure.person:
                    found.setdefault(figure.entity, []).append((view, figure))
    return found


def _inspect_state(
    footage: Footage, entity: str, sightings: list[Sighting], what: str, state_of: Callable[[Subject], State]
) -> None:
    states = [state_of(figure.subject) for _, figure in sightings]
    if len(set(states)) < 2:
        return
    kept = 0
    for i in range(1, len(sightings)):
        if states[i] == states[kept]:
            kept = i
            continue
        if _changed(footage, entity, what, sightings[kept][0], sightings[i][0], states[kept], states[i]):
            kept = i
            continue
        _flag_state(footage, entity, what, sightings[kept], sightings[i], states[kept], states[i])
        returns = (
            i + 1 < len(sightings)
            and states[i + 1] == states[kept]
            and not _changed(footage, entity, what, sightings[i][0], sightings[i + 1][0], states[i], states[kept])
        )
        if not returns:
            kept = i


def _flag_state(
    footage: Footage, entity: str, what: str, before: Sighting, after: Sighting, was: State, now: State
) -> None:
    view, figure = after
    name = footage.name(entity)
    verb = "is in" if what == "look" else ("has" if what == "hands" else "shows")
    footage.flag(
        view, "CWARD", "error", "cinematographer", f"technical_layer.staging.subjects.{figure.index}.{what}",
        f"{name} {verb} {in_words(footage, what, now)} in shot {view.number} but {in_words(footage, what, was)} "
        "in shot "
        f"{before[0].number}, and no shot shows the change.",
        measured=", ".join(now), threshold=", ".join(was),
        hint="Carry the state on, or show the change.", other=before[0],
    )  # fmt: skip


def _changed(footage: Footage, entity: str, what: str, before: View, after: View, was: State, now: State) -> bool:
    """True when time is cut, or a shot from one sighting to the other shows a change of this kind."""
    span = footage.views[before.index : after.index + 1]
    if any(v.time_cut for v in span[1:]):
        return True
    wanted = {*was, *now} - {""}
    for view in span:
        for change in view.changes:
            words = change.split()
            if entity not in words:
                continue
            of_look = not LOOK_WORDS.isdisjoint(words)
            if what != "hands":
                if of_look or not any(kind_of(w) == "prop" for w in words):
                    return True
            elif not of_look and (not wanted.isdisjoint(words) or not any("/" in w for w in words if w != entity)):
                return True
    return what == "hands" and _written(footage, entity, span, wanted)


def _written(footage: Footage, entity: str, span: list[View], wanted: set[str]) -> bool:
    """The script's own action, carried by one of these shots, puts the thing into the hand or out of it."""
    units = {unit for view in span for unit in view.shot.source.units}
    return any(
        who == entity and thing in wanted
        for note in footage.brief.scene.actions
        if note.unit in units
        for who, thing in (*note.takes, *note.drops)
    )
