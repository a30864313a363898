"""C180 in company: from shot to shot of a passage each of a group keeps a side of the screen from the others."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from shotwright.craft import geometry
from shotwright.crew.continuity_supervisor.line import CAMERA, reset_between
from shotwright.model.ids import kind_of

if TYPE_CHECKING:
    from shotwright.crew.continuity_supervisor.footage import Figure, Footage, View

LEAST = 3
"""Persons of a company: two have the line between them, which is checked by itself."""
Sides = dict[tuple[str, str], tuple[int, "View"]]


def inspect_order(footage: Footage) -> None:
    """Flag shots in which two of a group stand the other way round from the last frame that held them both.

    Where each stands is worked out from camera and floor plan. A pair that is nearer together on screen than
    `screen.apart` in either frame has no order, nor has a pair of which one is background to the other; a wide that
    re-establishes gives a new one, and so does whoever is seen to cross, to come in, or to be elsewhere by the next
    shot.
    """
    crowds: set[str] = {m.character.id for m in footage.brief.cast if m.character.kind == "group"}
    for run in footage.places.values():
        plain = [view for view in run if not view.apart and not view.mirrored]
        company = {f.entity for view in plain for f in _company(view, crowds)}
        if len(company) >= LEAST:
            _inspect_run(footage, plain, crowds)


def _company(view: View, crowds: set[str]) -> list[Figure]:
    return [f for f in view.figures if f.in_frame and kind_of(f.entity) == "character" and f.entity not in crowds]


def _inspect_run(footage: Footage, run: list[View], crowds: set[str]) -> None:
    width = geometry.sensor_mm(footage.settings.aspect)[0]
    kept: Sides = {}
    last: View | None = None
    for view in run:
        wide = view.size <= footage.rules.establishing_steps or view.shot.function == "establishing"
        if view.time_cut or (last is not None and _is_reset(footage, last, view)):
            kept.clear()
        last = view
        across: list[tuple[str, float, Figure]] = []
        for figure in _company(view, crowds):
            x = geometry.screen_x(view.lens, view.aim, figure.plan, view.camera.lens.focal_mm, width)
            if x is not None:
                across.append((figure.entity, x, figure))
        across.sort(key=lambda entry: entry[0])
        for one, two in combinations(across, 2):
            if abs(one[1] - two[1]) < footage.rules.apart or _is_behind(footage, view, one[2], two[2]):
                continue
            side = 1 if one[1] > two[1] else -1
            before = kept.get((one[0], two[0]))
            if (
                before is not None
                and before[0] != side
                and not wide
                and not _crossed(footage, before[1], view, one, two)
            ):
                _flag(footage, view, before[1], one, two)
                continue
            kept[one[0], two[0]] = (side, view)


def _is_behind(footage: Footage, view: View, one: Figure, two: Figure) -> bool:
    """Background slides against foreground with every change of angle: that is parallax and no change of sides."""
    near, far = sorted(geometry.distance_between(view.lens, figure.plan) for figure in (one, two))
    return far > footage.rules.parallax * near


def _is_reset(footage: Footage, before: View, after: View) -> bool:
    """A lawful new passage. A look at somebody new is none here: the others stay where they were."""
    if before.line is None or after.line is None or not reset_between(footage, before, after):
        return False
    same_look = {before.line.a, before.line.b} == {after.line.a, after.line.b}
    moves = footage.rules.crossing_moves
    return same_look or "on" in (before.line.side, after.line.side) or any(
        v.camera.movement.type in moves for v in (before, after)
    )  # fmt: skip


def _crossed(
    footage: Footage, before: View, after: View, one: tuple[str, float, Figure], two: tuple[str, float, Figure]
) -> bool:
    """One of them is seen to move, comes in, or stands elsewhere by now; or the camera went round in sight."""
    moves = footage.rules.crossing_moves
    for view in footage.views[before.index : after.index + 1]:
        if view.camera.movement.type in moves:
            return True
        for entity, _, _ in (one, two):
            figure = view.by.get(entity)
            if (figure is not None and figure.subject.travel is not None) or view.mentions(entity):
                return True
    return any(before.by[entity].plan != figure.plan for entity, _, figure in (one, two))


def _flag(
    footage: Footage, view: View, other: View, one: tuple[str, float, Figure], two: tuple[str, float, Figure]
) -> None:
    left, right = (one, two) if one[1] < two[1] else (two, one)
    footage.flag(
        view, "C180", "error", "cinematographer", CAMERA,
        f"{footage.name(left[0])} stands left of {footage.name(right[0])} in shot {view.number} and right in shot "
        f"{other.number}: in a group each keeps a side, and nothing on screen changes it.",
        measured=f"{left[1]:+.2f} and {right[1]:+.2f} half-widths", threshold=f"the order of shot {other.number}",
        hint="Bring the camera back to the side of the group, or re-establish with a wide or a seen move.",
        other=other,
    )  # fmt: skip
