"""CDIR: whoever travels keeps a screen direction until a neutral shot, a turn that is seen, or a reset."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shotwright.craft import geometry
from shotwright.crew.continuity_supervisor.footage import Figure, Footage, View, gaze_angle, screen_side

if TYPE_CHECKING:
    from collections.abc import Iterator

SIDES = {"left": -1, "right": 1}
WAYS = {-1: "left", 1: "right"}


@dataclass(slots=True)
class Course:
    """The way somebody was last seen to go."""

    view: View
    figure: Figure
    side: int


def inspect_travel(footage: Footage) -> None:
    """Flag travel that turns round on screen unseen, pursuers who part, meetings that do not meet."""
    courses: dict[str, Course] = {}
    last: View | None = None
    seen = 0
    counted: dict[int, int] = {}
    for view in footage.views:
        if view.apart or view.mirrored:
            continue
        seen += 1
        counted[view.index] = seen
        if view.time_cut or (last is not None and last.place == view.place and _camera_crosses(last, view)):
            courses.clear()
        last = view
        for figure in view.figures:
            if figure.in_frame and not (figure.subject.foreground and figure.subject.travel is not None):
                _inspect_traveller(footage, view, figure, courses, counted)
        if footage.brief.scene.scene_type == "action_chase":
            _inspect_company(footage, view, courses)


def _camera_crosses(before: View, after: View) -> bool:
    """True when a new passage opens on a camera that is seen to swing round the travellers."""
    if before.line is None or after.line is None or before.line.passage == after.line.passage:
        return False
    return any(v.camera.movement.type.startswith(("arc_", "crane_")) for v in (before, after))


def _inspect_traveller(
    footage: Footage, view: View, figure: Figure, courses: dict[str, Course], counted: dict[int, int]
) -> None:
    travel = figure.subject.travel
    if travel is None:
        courses.pop(figure.entity, None)
        return
    side = _course_side(footage, view, figure)
    before = courses.get(figure.entity)
    turned = before is not None and before.side * side < 0 and not _forgotten(footage, view, before, counted)
    if before is not None and turned and not _seen_to_turn(footage, before.view, view, figure.entity):
        footage.flag(
            view, "CDIR", "error", "cinematographer", f"technical_layer.staging.subjects.{figure.index}.travel",
            f"{footage.name(figure.entity)} travels {WAYS[side]} in shot {view.number}, {WAYS[before.side]} in shot "
            f"{before.view.number}, and nobody saw the turn.",
            measured=WAYS[side], threshold=WAYS[before.side],
            hint="Keep the camera on its side, or pass through a shot from ahead or behind.", other=before.view,
        )  # fmt: skip
    if side and not _arrived(footage, figure):
        courses[figure.entity] = Course(view, figure, side)
    else:
        courses.pop(figure.entity, None)


def _course_side(footage: Footage, view: View, figure: Figure) -> int:
    """+1 or -1 for travel across the screen, 0 when neutral; the heading decides, and a contradiction is flagged."""
    travel = figure.subject.travel
    assert travel is not None
    rules = footage.rules
    ahead = geometry.step(figure.plan, figure.subject.heading_deg, 1.0)
    angle = gaze_angle(view, figure, ahead)
    said = SIDES.get(travel.screen_direction, 0)
    real = screen_side(angle, rules.travel_lateral_deg)
    neutral = travel.screen_direction in ("toward_camera", "away")
    strongly = screen_side(angle, rules.travel_strongly_deg)
    if (said and real == -said) or (neutral and strongly):
        footage.flag(
            view, "CDIR", "error", "cinematographer", f"technical_layer.staging.subjects.{figure.index}.travel",
            f"{footage.name(figure.entity)} is said to travel {travel.screen_direction.replace('_', ' ')} in shot "
            f"{view.number}, but heads {WAYS[real or strongly]} on screen.",
            measured=f"{angle:.0f}° on screen", threshold=travel.screen_direction,
            hint="Recompute the direction from heading and camera.",
        )  # fmt: skip
        return said or real
    return said or (0 if neutral else real)


def _arrived(footage: Footage, figure: Figure) -> bool:
    """True when the journey ends in the shot: whoever comes to rest may leave again either way."""
    travel, subject = figure.subject.travel, figure.subject
    if travel is None or travel.exits or footage.brief.scene.scene_type == "action_chase":
        return False
    return subject.pose_end in footage.rules.still_poses and subject.pose_end != subject.pose_start


def _forgotten(footage: Footage, view: View, before: Course, counted: dict[int, int]) -> bool:
    if footage.brief.scene.scene_type == "action_chase":
        return False
    gap = counted[view.index] - counted[before.view.index]
    travel = before.figure.subject.travel
    returned = travel is not None and travel.exits and gap > 1 and before.view.place == view.place
    return returned or gap > footage.rules.forget_shots


def _seen_to_turn(footage: Footage, before: View, after: View, entity: str) -> bool:
    for view in footage.views[before.index : after.index + 1]:
        for change in view.changes:
            words = change.split()
            if entity in words and not footage.rules.turn_words.isdisjoint(words):
                return True
    return False


def _inspect_company(footage: Footage, view: View, courses: dict[str, Course]) -> None:
    """In a chase those who head the same way on the plan go the same way on screen; those who approach oppose."""
    rules = footage.rules
    for a, b in _companions(view, courses):
        apart = abs(geometry.turn_between(a.figure.subject.heading_deg, b.figure.subject.heading_deg))
        same = a.side == b.side
        if (apart <= rules.together_deg and not same) or (apart >= 180.0 - rules.together_deg and same):
            wish = "share a direction" if apart <= 90 else "come from opposite sides"
            footage.flag(
                b.view, "CDIR", "error", "cinematographer",
                f"technical_layer.staging.subjects.{b.figure.index}.travel",
                f"{footage.name(b.figure.entity)} travels {WAYS[b.side]} in shot {b.view.number} and "
                f"{footage.name(a.figure.entity)} {WAYS[a.side]} in shot {a.view.number}; they should {wish}.",
                measured=WAYS[b.side], threshold=WAYS[a.side if apart <= 90 else -a.side],
                hint="Shoot both from one side of their course.", other=a.view if a.view is not b.view else None,
            )  # fmt: skip


def _companions(view: View, courses: dict[str, Course]) -> Iterator[tuple[Course, Course]]:
    """Pairs of travellers of which the second is in this shot and the first here or just before."""
    here = [c for c in courses.values() if c.view is view]
    for b in here:
        for a in courses.values():
            if a.figure.entity == b.figure.entity or (a.view is view and a.figure.index > b.figure.index):
                continue
            if a.view.place == view.place and view.index - a.view.index <= 2:
                yield a, b
