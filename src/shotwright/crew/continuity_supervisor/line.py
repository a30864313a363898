"""C180: the camera stays on one side of the line of action through a passage; nobody changes sides of the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shotwright.craft import geometry

if TYPE_CHECKING:
    from shotwright.craft.geometry import Plan
    from shotwright.crew.continuity_supervisor.footage import Footage, View
    from shotwright.model.shot import Line

LINE = "technical_layer.staging.line"
CAMERA = "technical_layer.camera.position_m"
LEFTWARD = frozenset({"left", "center_left"})
RIGHTWARD = frozenset({"right", "center_right"})


def inspect_line(footage: Footage) -> None:
    """Flag cameras that cross the line, and asserted sides and screen positions that the floor plan contradicts."""
    for run in footage.places.values():
        _inspect_run(footage, [v for v in run if not v.apart])
    for view in footage.views:
        if not view.apart and not view.mirrored:
            _inspect_screen_positions(footage, view)


def _inspect_run(footage: Footage, run: list[View]) -> None:
    sides: dict[tuple[str, str], tuple[int, View]] = {}
    last: View | None = None
    for at, view in enumerate(run):
        line = view.line or _borrowed_line(view, last)
        if line is None or view.mirrored:
            continue
        ends = line_ends(footage, view, line)
        if view.line is not None and ends is not None:
            _inspect_assertion(footage, view, line, ends)
        if view.time_cut or (last is not None and last.line is not None and reset_between(footage, last, view)):
            sides.clear()
        if view.line is not None:
            last = view
        if _is_neutral(footage, view, line, ends):
            sides.clear()
            continue
        sign = _sign(footage, view, line, ends)
        key = (min(line.a, line.b), max(line.a, line.b))
        if sign == 0:
            continue
        before = sides.get(key)
        if before is None:
            sides[key] = (sign, view)
        elif before[0] != sign:
            _flag_crossing(footage, view, line, before[1])
            if _next_sign(footage, run[at + 1 :], key) == sign:
                sides[key] = (sign, view)
        else:
            sides[key] = (sign, view)


def _borrowed_line(view: View, last: View | None) -> Line | None:
    """A shot that names no line of its own still shows an end of the passage's line."""
    if last is None or last.line is None or last.line.kind not in ("look", "seats"):
        return None
    for end in (last.line.a, last.line.b):
        figure = view.by.get(end)
        if figure is not None and figure.in_frame and figure.subject.travel is None:
            return last.line
    return None


def line_ends(footage: Footage, view: View, line: Line) -> tuple[Plan, Plan] | None:
    """Plan positions of the two ends of a line, or None when one cannot be placed."""
    a, b = footage.where(view, line.a), footage.where(view, line.b)
    if a is not None and b is None and line.kind == "travel" and line.a in view.by:
        b = geometry.step(a, view.by[line.a].subject.heading_deg, 1.0)
    if a is None or b is None or geometry.distance_between(a, b) < 0.05:
        return None
    return a, b


def _sign(footage: Footage, view: View, line: Line, ends: tuple[Plan, Plan] | None) -> int:
    """+1 or -1 with the ends in alphabetical order, 0 when the side cannot be told."""
    if ends is None:
        value = {"right": 1, "left": -1, "on": 0}[line.side] if line is view.line else 0
    else:
        if geometry.angle_off_line(*ends, view.lens) < footage.rules.line_slack_deg:
            return 0
        value = 1 if geometry.side_of_line(*ends, view.lens) > 0 else -1
    return value if line.a <= line.b else -value


def _next_sign(footage: Footage, rest: list[View], key: tuple[str, str]) -> int:
    for view in rest:
        if view.line is not None and (min(view.line.a, view.line.b), max(view.line.a, view.line.b)) == key:
            return _sign(footage, view, view.line, line_ends(footage, view, view.line))
    return 0


def _is_neutral(footage: Footage, view: View, line: Line, ends: tuple[Plan, Plan] | None) -> bool:
    if line is not view.line or line.side != "on":
        return False
    return ends is None or geometry.angle_off_line(*ends, view.lens) <= footage.rules.neutral_deg + 0.5


def reset_between(footage: Footage, before: View, after: View) -> bool:
    """True when `after` opens a new passage and something seen lets it: an asserted reason alone does not count."""
    if before.line is None or after.line is None or before.line.passage == after.line.passage:
        return False
    rules = footage.rules
    ends = {before.line.a, before.line.b, after.line.a, after.line.b}
    new_look = {before.line.a, before.line.b} != {after.line.a, after.line.b}
    between = [v for v in footage.views[before.index : after.index + 1] if v.place == after.place]
    moved = any(v.camera.movement.type in rules.crossing_moves for v in between)
    neutral = before.line.side == "on" or after.line.side == "on"
    # Whoever travels along a line does not cross it.
    crossed = "travel" not in (before.line.kind, after.line.kind) and any(
        f.in_frame and f.subject.travel is not None for v in between for f in v.figures if f.entity in ends
    )
    shown = sum(after.shows(end) for end in (after.line.a, after.line.b))
    together = shown == 2
    wide = (after.size <= rules.establishing_steps and shown > 0) or (
        together and after.size <= rules.establishing_steps + 1 and after.shot.function in ("establishing", "master")
    )
    return moved or neutral or crossed or wide or new_look


def _inspect_assertion(footage: Footage, view: View, line: Line, ends: tuple[Plan, Plan]) -> None:
    off = geometry.angle_off_line(*ends, view.lens)
    side = "right" if geometry.side_of_line(*ends, view.lens) > 0 else "left"
    pair = f"{footage.name(line.a)} to {footage.name(line.b)}"
    if line.side == "on":
        if off > footage.rules.neutral_deg + 0.5:
            footage.flag(
                view, "C180", "error", "cinematographer", LINE,
                f"Shot {view.number} claims to stand on the line from {pair}, but its camera is {off:.0f}° off it.",
                measured=f"{off:.1f}°", threshold=f"≤ {footage.rules.neutral_deg:.0f}°",
                hint="Move the camera on to the line or give the shot its true side.",
            )  # fmt: skip
    elif side != line.side and off >= footage.rules.line_slack_deg:
        footage.flag(
            view, "C180", "error", "cinematographer", LINE,
            f"Shot {view.number} claims the {line.side} side of the line from {pair}, but its camera is on the {side}.",
            measured=side, threshold=line.side, hint="Recompute the side from the camera's position.",
        )  # fmt: skip


def _flag_crossing(footage: Footage, view: View, line: Line, other: View) -> None:
    footage.flag(
        view, "C180", "error", "cinematographer", CAMERA,
        f"The camera of shot {view.number} crosses the line between {footage.name(line.a)} and {footage.name(line.b)}: "
        f"it stands on the other side from shot {other.number} and nothing on screen lets it.",
        measured="other side", threshold=f"the side of shot {other.number}",
        detail=f"passage {line.passage}, reset “{line.reset}”" if line.reset else f"passage {line.passage}",
        hint="Bring the camera back over the line, or cross through a neutral shot, a seen move "
        "or a wide.", other=other,
    )  # fmt: skip


def _inspect_screen_positions(footage: Footage, view: View) -> None:
    rules = footage.rules
    width = geometry.sensor_mm(footage.settings.aspect)[0]
    for figure in view.figures:
        x = geometry.screen_x(view.lens, view.aim, figure.plan, view.camera.lens.focal_mm, width)
        said = figure.subject.screen_position
        if figure.subject.foreground:
            continue
        if x is None:
            wrong = said != "off"
        elif said == "off":
            wrong = abs(x) < rules.inside and view.size <= 1 and figure.person
        elif said in LEFTWARD:
            wrong = x > rules.side_slack or x < -rules.edge
        elif said in RIGHTWARD:
            wrong = x < -rules.side_slack or x > rules.edge
        else:
            wrong = abs(x) > rules.centre_slack
        if wrong:
            at = "behind the camera" if x is None else f"{x:+.2f} half-widths from the middle"
            footage.flag(
                view, "C180", "error", "cinematographer",
                f"technical_layer.staging.subjects.{figure.index}.screen_position",
                f"{footage.name(figure.entity)} is said to be {said.replace('_', ' ')} in shot {view.number}, "
                f"but the floor plan puts it {at}.",
                measured=at, threshold=said, hint="Recompute the screen position from camera and floor plan.",
            )  # fmt: skip
