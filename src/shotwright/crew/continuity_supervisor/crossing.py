"""Continuity over the cut between two scenes: what time carries on, people, hands, light and travel carry on too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shotwright.craft import geometry
from shotwright.crew.continuity_supervisor.footage import Figure, Footage, View, gaze_angle, lay_out, screen_side
from shotwright.crew.continuity_supervisor.light import differences
from shotwright.crew.continuity_supervisor.wardrobe import condition_of, hands_of, in_words, look_of
from shotwright.model.crew import FilmSettings
from shotwright.model.shot import Wanted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.crew.continuity_supervisor.wardrobe import State
    from shotwright.model.shot import Flag, Shot, Subject
    from shotwright.model.story import SceneBrief
    from shotwright.model.vocabulary import Agent

SIDES = {"left": -1, "right": 1}
WAYS = {-1: "left", 1: "right"}


def inspect_cut(
    before: Sequence[Shot],
    after: Sequence[Shot],
    brief_before: SceneBrief,
    brief_after: SceneBrief,
    settings: FilmSettings | None = None,
) -> tuple[Flag, ...]:
    """Check the cut from one scene to the next.

    Where time is continuous, looks, conditions, hands, light (in one place) and travel carry on. On one story day a
    look is bound to the same assets whatever lies between. Flags lie on shots of the later scene.
    """
    if not before or not after:
        return ()
    chosen = settings or FilmSettings()
    earlier, later = lay_out(before, brief_before, chosen), lay_out(after, brief_after, chosen)
    later.names.update({k: v for k, v in earlier.names.items() if k not in later.names})
    one, two = brief_before.scene, brief_after.scene
    if one.story_day == two.story_day:
        _inspect_looks(earlier, later)
    continuous = two.continuous and one.story_day == two.story_day and not later.views[0].time_cut
    if continuous:
        _inspect_people(earlier, later)
        _inspect_light(earlier, later)
        _inspect_travel(earlier, later)
    return tuple(later.found)


def _last_seen(footage: Footage) -> dict[str, tuple[View, Figure]]:
    return {f.entity: (v, f) for v in footage.views if not v.montage for f in v.figures if f.in_frame and f.person}


def _first_seen(footage: Footage) -> dict[str, tuple[View, Figure]]:
    seen: dict[str, tuple[View, Figure]] = {}
    for view in footage.views:
        if not view.montage:
            for figure in view.figures:
                if figure.in_frame and figure.person:
                    seen.setdefault(figure.entity, (view, figure))
    return seen


def _inspect_people(earlier: Footage, later: Footage) -> None:
    last = _last_seen(earlier)
    for entity, (view, figure) in _first_seen(later).items():
        if entity not in last:
            continue
        left, was_figure = last[entity]
        shown = _event_shown(later, view, entity)
        handled = _handled(earlier, earlier.views[left.index :], entity) or _handled(
            later, later.views[: view.index + 1], entity
        )
        for what, state_of in (("look", look_of), ("condition", condition_of), ("hands", carried_by)):
            was, now = state_of(was_figure.subject), state_of(figure.subject)
            if was == now or any(v.mentions(entity) for v in (left, view)) or (handled if what == "hands" else shown):
                continue
            name = later.name(entity)
            agent: Agent = (
                "architect"
                if what != "hands" and _as_briefed(earlier, later, entity, was_figure, figure)
                else "cinematographer"
            )
            later.flag(
                view, "CWARD", "error", agent, f"technical_layer.staging.subjects.{figure.index}.{what}",
                f"{name} leaves the scene before with {in_words(later, what, was)} and is here in shot "
                f"{view.number} with "
                f"{in_words(later, what, now)}, though no time has passed.",
                measured=", ".join(now), threshold=", ".join(was),
                hint="Carry the state over the cut.", other=left,
            )  # fmt: skip


def carried_by(subject: Subject) -> State:
    """What the hands hold that can be carried off: a part of the set, such as a steering wheel, stays where it is."""
    left, right = (held if "/" in held else "" for held in hands_of(subject))
    return left, right


def _event_shown(later: Footage, view: View, entity: str) -> bool:
    """True when what made the look stands in the script of the shots up to this one: the change is seen."""
    look = next((m.look for m in later.brief.cast if m.character.id == entity), None)
    if look is None:
        return False
    shown = {unit for v in later.views[: view.index + 1] for unit in v.shot.source.units}
    return not shown.isdisjoint(look.evidence.units)


def _as_briefed(earlier: Footage, later: Footage, entity: str, was: Figure, now: Figure) -> bool:
    """True when both scenes stage the looks that their briefs name: then the story itself changes them unseen."""
    one, two = earlier.presences.get(entity), later.presences.get(entity)
    return one is not None and two is not None and one.look == was.subject.look and two.look == now.subject.look


def _handled(footage: Footage, span: list[View], entity: str) -> bool:
    """The script has the person take or put down something in what these shots carry."""
    units = {unit for v in span for unit in v.shot.source.units}
    return any(
        who == entity
        for note in footage.brief.scene.actions
        if note.unit in units
        for who, _ in (*note.takes, *note.drops)
    )


def _inspect_light(earlier: Footage, later: Footage) -> None:
    first = later.views[0]
    last = next((v for v in reversed(earlier.views) if v.place == first.place and not v.montage), None)
    if last is None or first.montage:
        return
    if last.shot.technical_layer.lighting.events or first.shot.technical_layer.lighting.events:
        return
    for path, severity, what, measured, threshold in differences(later.rules, last, first):
        later.flag(
            first, "CLIGHT", severity, "cinematographer", f"technical_layer.lighting.{path}",
            f"{what} in shot {first.number} against the end of the scene before, in the same place and time.",
            measured=measured, threshold=threshold, hint="Carry the light over the cut.", other=last,
        )  # fmt: skip


def _inspect_travel(earlier: Footage, later: Footage) -> None:
    """Exit right, enter left: who leaves travelling one way arrives travelling the same way."""
    out = next((v for v in reversed(earlier.views) if not v.apart), None)
    into = next((v for v in later.views if not v.apart), None)
    if out is None or into is None or out.mirrored or into.mirrored:
        return
    for figure in into.figures:
        left = out.by.get(figure.entity)
        if left is None or left.subject.travel is None or figure.subject.travel is None:
            continue
        one, two = _side(later, out, left), _side(later, into, figure)
        if one * two < 0:
            later.flag(
                into, "CDIR", "error", "cinematographer", f"technical_layer.staging.subjects.{figure.index}.travel",
                f"{later.name(figure.entity)} leaves the scene before to the {WAYS[one]} and comes into shot "
                f"{into.number} "
                f"going {WAYS[two]}.",
                measured=WAYS[two], threshold=WAYS[one], hint="Exit right, enter left.", other=out,
            )  # fmt: skip


def _side(footage: Footage, view: View, figure: Figure) -> int:
    travel = figure.subject.travel
    assert travel is not None
    ahead = geometry.step(figure.plan, figure.subject.heading_deg, 1.0)
    return SIDES.get(travel.screen_direction, 0) or screen_side(
        gaze_angle(view, figure, ahead), footage.rules.travel_lateral_deg
    ) * (travel.screen_direction not in ("toward_camera", "away"))


def _inspect_looks(earlier: Footage, later: Footage) -> None:
    """On one story day a person in one look is one asset."""
    bound: dict[str, tuple[str, View, str]] = {}
    for view in earlier.views:
        for figure in view.figures:
            key = view.shot.digital_assets.bindings.get(figure.entity)
            if key is not None:
                bound[figure.entity] = (_key(key), view, figure.subject.look)
    done: set[str] = set()
    for view in later.views:
        for figure in view.figures:
            key = view.shot.digital_assets.bindings.get(figure.entity)
            before = bound.get(figure.entity)
            if key is None or before is None or figure.entity in done or before[2] != figure.subject.look:
                continue
            if _key(key) != before[0]:
                done.add(figure.entity)
                later.flag(
                    view, "CWARD", "error", "art_director", f"digital_assets.bindings.{figure.entity}",
                    f"{later.name(figure.entity)} is {_key(key)} in shot {view.number} but {before[0]} in the "
                    "scene before, "
                    "on the same day in the same look.",
                    measured=_key(key), threshold=before[0], hint="Keep one asset for one look.", other=before[1],
                )  # fmt: skip


def _key(value: str | Wanted) -> str:
    return f"wanted {value.wanted}" if isinstance(value, Wanted) else value
