"""CWARD: looks, conditions, hands and their assets stay as they are between change events that a shot shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shotwright.crew.continuity_supervisor.footage import Figure, Footage, View
from shotwright.model.ids import kind_of
from shotwright.model.shot import Wanted

if TYPE_CHECKING:
    from collections.abc import Callable

    from shotwright.model.shot import DigitalAssets, Subject

State = tuple[str, ...]
Sighting = tuple[View, Figure]
Worn = tuple[str, str, State]
"""(who, in which look, in what condition)"""
LOOK_WORDS = frozenset({"look", "condition", "wears", "changes", "dresses", "undresses", "removes"})
LISTS = {
    "character": "characters",
    "animal": "animals",
    "vehicle": "vehicles",
    "prop": "objects",
    "location": "locations",
}


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
    """Flag looks, conditions and hands that change unseen, and assets that change while the look does not."""
    for entity, sightings in _sightings(footage).items():
        _inspect_state(footage, entity, sightings, "look", look_of)
        _inspect_state(footage, entity, sightings, "condition", condition_of)
        _inspect_state(footage, entity, sightings, "hands", hands_of)
    _inspect_bindings(footage)
    _inspect_clothes(footage)


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


def _inspect_bindings(footage: Footage) -> None:
    """One story entity is one asset all through the scene, and what is bound and in frame is listed."""
    bound: dict[str, tuple[str, View]] = {}
    for view in footage.views:
        if view.montage:
            continue
        assets = view.shot.digital_assets
        for entity, value in assets.bindings.items():
            key = f"wanted {value.wanted}" if isinstance(value, Wanted) else value
            before = bound.setdefault(entity, (key, view))
            if before[0] != key and not _swapped(footage, entity, before[1], view):
                footage.flag(
                    view, "CWARD", "error", "art_director", f"digital_assets.bindings.{entity}",
                    f"{footage.name(entity)} is {key} in shot {view.number} but {before[0]} in shot "
                    f"{before[1].number}.",
                    measured=key, threshold=before[0], hint="Keep one asset for one thing.", other=before[1],
                )  # fmt: skip
        for figure in view.figures:
            listed = LISTS.get(kind_of(figure.entity))
            if listed is None or not figure.in_frame:
                continue
            asset = assets.bindings.get(figure.entity)
            # A character may be an animal and a vehicle a set: any list will do.
            if isinstance(asset, str) and not any(asset in keys for keys in _lists(assets)):
                footage.flag(
                    view, "CWARD", "error", "art_director", f"digital_assets.{listed}",
                    f"{footage.name(figure.entity)} is in frame in shot {view.number}, but its asset {asset} is "
                    "not listed.",
                    measured="not listed", threshold=asset, hint="List the asset with the shot.",
                )  # fmt: skip


def _lists(assets: DigitalAssets) -> tuple[tuple[str, ...], ...]:
    return assets.characters, assets.animals, assets.objects, assets.vehicles, assets.locations, assets.background


def _swapped(footage: Footage, entity: str, before: View, after: View) -> bool:
    span = footage.views[before.index : after.index + 1]
    if any(v.time_cut or v.mentions(entity) for v in span):
        return True
    one, two = before.by.get(entity), after.by.get(entity)
    return one is not None and two is not None and one.subject.look != two.subject.look


def _inspect_clothes(footage: Footage) -> None:
    """The same people in the same looks and conditions wear the same assets, whoever of them the frame reaches."""
    for listed, what in (("clothes", "wears"), ("makeup_hair", "is made up with")):
        looks: dict[str, tuple[str, State]] = {}
        worn: dict[tuple[Worn, ...], list[tuple[View, frozenset[str]]]] = {}
        for view in footage.views:
            assets = view.shot.digital_assets
            for figure in view.figures:
                if figure.in_frame:
                    looks[figure.entity] = (figure.subject.look, condition_of(figure.subject))
            if view.montage or view.camera.framing in ("insert", "pov"):
                continue
            present = set(assets.characters)
            dressed = sorted(e for e, key in assets.bindings.items() if isinstance(key, Wanted) or key in present)
            people = tuple((e, *looks.get(e, ("", ()))) for e in dressed if kind_of(e) == "character")
            if people:
                worn.setdefault(people, []).append((view, frozenset(getattr(assets, listed))))
        for people, group in worn.items():
            _inspect_group(footage, people, group, listed, what)


def _inspect_group(
    footage: Footage,
    people: tuple[Worn, ...],
    group: list[tuple[View, frozenset[str]]],
    listed: str,
    what: str,
) -> None:
    kept = 0
    for i in range(1, len(group)):
        before, after = group[kept], group[i]
        if before[1] == after[1]:
            kept = i
            continue
        span = footage.views[before[0].index : after[0].index + 1]
        if any(v.time_cut or any(v.mentions(p[0]) for p in people) for v in span):
            kept = i
            continue
        who = " and ".join(footage.name(p[0]) for p in people)
        footage.flag(
            after[0], "CWARD", "error", "art_director", f"digital_assets.{listed}",
            f"{who} {what} {_keys(after[1])} in shot {after[0].number} but {_keys(before[1])} in shot "
            f"{before[0].number}, "
            "in the same look.",
            measured=_keys(after[1]), threshold=_keys(before[1]),
            hint="Dress the look alike in every shot.", other=before[0],
        )  # fmt: skip
        if not (i + 1 < len(group) and group[i + 1][1] == before[1]):
            kept = i


def _keys(keys: frozenset[str]) -> str:
    return ", ".join(sorted(keys)) or "nothing listed"
