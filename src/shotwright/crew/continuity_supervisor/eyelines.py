"""CEYE: people who face each other look opposite ways, just off the lens, from matched frames; drivers watch roads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shotwright.craft import geometry
from shotwright.crew.continuity_supervisor.footage import (
    Figure,
    Footage,
    View,
    gaze_angle,
    off_lens,
    principal,
    screen_side,
)
from shotwright.model.ids import kind_of

if TYPE_CHECKING:
    from shotwright.model.vocabulary import Severity

MEDIUM = 3
ANSWERING = frozenset({"single", "over_the_shoulder"})
SIDES: dict[str, int] = {"left": -1, "right": 1}
WAYS = {-1: "left", 1: "right"}


def inspect_eyelines(footage: Footage) -> None:
    """Flag gazes that the floor plan contradicts, answering frames that do not answer, and eyes off the road."""
    for view in footage.views:
        if not view.mirrored and view.camera.framing not in ("pov", "insert"):
            for figure in view.figures:
                if figure.in_frame and figure.target:
                    _inspect_gaze(footage, view, figure)
    _inspect_pairs(footage)
    _inspect_calls(footage)


def _inspect_gaze(footage: Footage, view: View, figure: Figure) -> None:
    gaze = figure.subject.gaze
    assert gaze is not None
    target = footage.where(view, figure.target)
    said = gaze.screen_direction
    rules = footage.rules
    if figure.subject.pose_start == "drive" and kind_of(figure.target) == "character":
        _inspect_driver(footage, view, figure)
    if target is not None and geometry.distance_between(target, figure.plan) > 0.05:
        angle = gaze_angle(view, figure, target)
        wrong = _contradicts(said, angle, rules.eye_lateral_deg, 50.0)
    elif target is None and figure.target in rules.own_places:
        return
    else:
        heading = geometry.step(figure.plan, figure.subject.heading_deg, 1.0)
        angle = gaze_angle(view, figure, heading)
        middle = {"left": -90.0, "right": 90.0, "away": 0.0, "toward_camera": 180.0}.get(said)
        wrong = middle is not None and abs(geometry.turn_between(angle, middle)) > rules.head_turn_deg
    if wrong:
        footage.flag(
            view, "CEYE", "error", "cinematographer", f"technical_layer.staging.subjects.{figure.index}.gaze",
            f"{footage.name(figure.entity)} is said to look {_way(said)} in shot {view.number}, but "
            f"{footage.name(figure.target)} is the other way.",
            measured=f"{angle:.0f}° on screen", threshold=said, hint="Recompute the gaze from the positions.",
        )  # fmt: skip


def _contradicts(said: str, angle: float, lateral_deg: float, wide_deg: float) -> bool:
    """True when an asserted screen direction cannot be the look's: other side, or depth for a plain profile."""
    side = screen_side(angle, lateral_deg)
    if said in SIDES:
        return side == -SIDES[said]
    if said == "toward_camera":
        return abs(angle) < 180.0 - wide_deg
    if said == "away":
        return abs(angle) > wide_deg
    return False


def _way(said: str) -> str:
    return {"toward_camera": "towards the camera", "away": "away from the camera"}.get(said, said)


def _inspect_driver(footage: Footage, view: View, figure: Figure) -> None:
    units = set(view.shot.source.units)
    written = any(
        looker == figure.entity
        for note in footage.brief.scene.actions
        if note.unit in units
        for looker, _ in note.looks_at
    )
    parked = "parked" in view.shot.narrative_layer.action_description.lower()
    if not written and not parked:
        footage.flag(
            view, "CEYE", "warn", "cinematographer", f"technical_layer.staging.subjects.{figure.index}.gaze",
            f"{footage.name(figure.entity)} drives in shot {view.number} with eyes on {footage.name(figure.target)} "
            "for the whole clip; a driver watches the road.",
            measured=f"{view.shot.duration_seconds:.1f} s", threshold="≤ 1.5 s", hint="Let the gaze rest on the road.",
        )  # fmt: skip


def _inspect_pairs(footage: Footage) -> None:
    """Answering frames: A looking at B, then B looking at A, in one place; what stands apart between is skipped."""
    for run in footage.places.values():
        begun: set[tuple[str, str]] = set()
        before: View | None = None
        for view in run:
            if view.apart:
                continue
            if view.time_cut:
                before = None
            if before is not None and before.camera.framing in ANSWERING and view.camera.framing in ANSWERING:
                a, b = principal(before), principal(view)
                if a is not None and b is not None and a.target == b.entity and b.target == a.entity:
                    key = (min(a.entity, b.entity), max(a.entity, b.entity))
                    first = key not in begun
                    if _in_exchange(before) and _in_exchange(view):
                        begun.add(key)
                    _inspect_pair(footage, before, view, a, b, first=first)
            elif view.camera.framing not in ANSWERING:
                begun.clear()
            before = view


def _inspect_pair(footage: Footage, before: View, after: View, a: Figure, b: Figure, *, first: bool) -> None:
    rules = footage.rules
    b_from_before, a_from_after = footage.where(before, b.entity), footage.where(after, a.entity)
    if b_from_before is None or a_from_after is None or before.mirrored or after.mirrored:
        return
    names = (footage.name(a.entity), footage.name(b.entity))
    one = screen_side(gaze_angle(before, a, b_from_before), 1.0)
    two = screen_side(gaze_angle(after, b, a_from_after), 1.0)
    said = tuple(SIDES.get(f.subject.gaze.screen_direction, 0) if f.subject.gaze else 0 for f in (a, b))
    if one * two > 0 or said[0] * said[1] > 0:
        footage.flag(
            after, "CEYE", "error", "cinematographer", f"technical_layer.staging.subjects.{b.index}.gaze",
            f"Gaze of {names[1]} in shot {after.number} looks the same way as {names[0]}'s in shot {before.number}; "
            "they face each other.",
            measured=WAYS[two or said[1]], threshold=WAYS[-(one or said[0])],
            hint="Bring the camera to the same side of the line as its partner.", other=before,
        )  # fmt: skip
        return
    if not (_in_exchange(before) and _in_exchange(after)):
        return
    off = (off_lens(before, a, b_from_before), off_lens(after, b, a_from_after))
    for view, other, angle, name in ((before, after, off[0], names[0]), (after, before, off[1], names[1])):
        if not rules.eye_least_deg - rules.eye_slack_deg <= angle <= rules.eye_most_deg + rules.eye_slack_deg:
            how = "wide of" if angle > rules.eye_most_deg else "into"
            _warn(
                footage, view, other, f"{name} looks {angle:.0f}° {how} the lens in shot {view.number}, which "
                "answers shot "
                f"{other.number}.", f"{angle:.0f}°", f"{rules.eye_least_deg:.0f}-{rules.eye_most_deg:.0f}° off "
                "the lens",
            )  # fmt: skip
    matched = before.camera.framing == after.camera.framing
    if matched and abs(off[0] - off[1]) > rules.eye_match_deg + rules.eye_slack_deg:
        _warn(
            footage, after, before, f"{names[1]}'s eyeline in shot {after.number} ({off[1]:.0f}° off the lens) "
            "does not match "
            f"{names[0]}'s in shot {before.number} ({off[0]:.0f}°).",
            f"{abs(off[0] - off[1]):.0f}° apart", f"≤ {rules.eye_match_deg:.0f}°",
        )  # fmt: skip
    if first:
        _inspect_match(footage, before, after)
    for view, other, looker, at in ((before, after, a, b), (after, before, b, a)):
        _inspect_height(footage, view, other, looker, at)


def _in_exchange(view: View) -> bool:
    """True of a frame of one person, waist up or closer, who talks or listens: what an answering frame must match."""
    talks = bool(view.shot.audio.dialogue) or view.shot.function == "reaction"
    return talks and view.size >= MEDIUM and len(view.seen()) == 1 and view.seen()[0].subject.travel is None


def _inspect_match(footage: Footage, before: View, after: View) -> None:
    one, two = before.camera, after.camera
    if one.framing != two.framing:
        return
    if one.shot_size != two.shot_size:
        _warn(
            footage, after, before, f"Shots {before.number} and {after.number} open an exchange with unmatched sizes.",
            two.shot_size.replace("_", " "), one.shot_size.replace("_", " "), path="technical_layer.camera.shot_size",
        )  # fmt: skip
    if one.lens.focal_mm != two.lens.focal_mm:
        _warn(
            footage, after, before, f"Shots {before.number} and {after.number} open an exchange on unmatched lenses.",
            f"{two.lens.focal_mm} mm", f"{one.lens.focal_mm} mm", path="technical_layer.camera.lens.focal_mm",
        )  # fmt: skip


def _inspect_height(footage: Footage, view: View, other: View, looker: Figure, at: Figure) -> None:
    """The lens stands at the eyes of whoever is looked at; a written or felt angle is a reason to leave them."""
    if view.camera.angle != "eye_level":
        return
    eyes = footage.eye_height(view.by.get(at.entity) or at)
    lens = view.camera.position_m[1]
    limit = footage.rules.camera_height_m
    if abs(lens - eyes) > limit + 0.1:
        _warn(
            footage, view, other, f"The lens of shot {view.number} stands at {lens:.2f} m; "
            f"{footage.name(looker.entity)} looks "
            f"at {footage.name(at.entity)}, whose eyes are at {eyes:.2f} m.",
            f"{lens:.2f} m", f"{eyes:.2f} ± {limit:.1f} m", path="technical_layer.camera.position_m",
        )  # fmt: skip


def _inspect_calls(footage: Footage) -> None:
    """Both ends of an intercut call look opposite ways, though no floor holds them both."""
    if not footage.intercut:
        return
    last: tuple[View, Figure, int] | None = None
    for view in footage.views:
        if view.apart or view.mirrored:
            continue
        figure = principal(view)
        if figure is None or figure.subject.gaze is None or not _on_the_line(footage, view, figure):
            continue
        side = SIDES.get(figure.subject.gaze.screen_direction, 0)
        if last is not None and last[0].place != view.place and last[1].entity != figure.entity and side * last[2] > 0:
            footage.flag(
                view, "CEYE", "error", "cinematographer", f"technical_layer.staging.subjects.{figure.index}.gaze",
                f"Gaze of {footage.name(figure.entity)} in shot {view.number} looks the same way as "
                f"{footage.name(last[1].entity)}'s in shot {last[0].number}; they talk to each other on the phone.",
                measured=WAYS[side], threshold=WAYS[-side], hint="Turn one end of the call round.", other=last[0],
            )  # fmt: skip
            continue
        last = (view, figure, side)


def _on_the_line(footage: Footage, view: View, figure: Figure) -> bool:
    """True of somebody on the phone: nobody looked at here, and a call in the hand, the words or the presence."""
    if figure.target and footage.where(view, figure.target) is not None:
        return False
    presence = footage.presences.get(figure.entity)
    return figure.subject.pose_start == "phone" or (presence is not None and presence.on_phone)


def _warn(
    footage: Footage, view: View, other: View, message: str, measured: str, threshold: str,
    path: str = "technical_layer.camera", severity: Severity = "warn",
) -> None:  # fmt: skip
    footage.flag(
        view, "CEYE", severity, "cinematographer", path, message, measured=measured, threshold=threshold,
        hint="Match the frame to its partner.", other=other,
    )  # fmt: skip
