"""C30 and CSIZE: neighbours on the same subject differ enough, sizes neither leap nor repeat three times running."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from shotwright.craft import geometry
from shotwright.crew.continuity_supervisor.footage import Footage, View, principal
from shotwright.model.vocabulary import SIZE_ABBREVIATION

if TYPE_CHECKING:
    from collections.abc import Iterator

CAMERA = "technical_layer.camera"
EXEMPT_CUTS = frozenset({"jump_cut"})


def inspect_angles(footage: Footage) -> None:
    """Flag adjacent shots of one subject that differ neither by 30° nor by two sizes: a jump in the picture."""
    rules = footage.rules
    for before, after in neighbours(footage):
        if after.shot.transition_in in EXEMPT_CUTS or after.time_cut:
            continue
        subject = _same_subject(before, after)
        if subject is None:
            continue
        steps = abs(after.size - before.size)
        if steps >= rules.angle_size_steps:
            continue
        turn = _turn_around(footage, before, after, subject)
        if turn is None or turn >= rules.angle_deg - rules.angle_slack_deg:
            continue
        footage.flag(
            after, "C30", "warn", "cinematographer", CAMERA,
            f"Shot {after.number} shows {footage.name(subject)} from nearly the same angle and size as shot "
            f"{before.number}: the cut will jump.",
            measured=f"{turn:.0f}° and {steps} size step{'' if steps == 1 else 's'}",
            threshold=f"≥ {rules.angle_deg:.0f}° or ≥ {rules.angle_size_steps} size steps",
            hint="Move round the subject by 30° or change the size by two steps.", other=before,
        )  # fmt: skip


def inspect_sizes(footage: Footage) -> None:
    """Flag leaps of four sizes that neither shock nor reveal, and a third shot running on one size, angle, subject."""
    for before, after in neighbours(footage):
        if not after.time_cut:
            _inspect_jump(footage, before, after)
    _inspect_repeats(footage)


def neighbours(footage: Footage) -> Iterator[tuple[View, View]]:
    """Adjacent shots in one place of which neither stands apart nor continues the other."""
    for before, after in pairwise(footage.views):
        if before.apart or after.apart or before.place != after.place or after.shot.continues_shot_id is not None:
            continue
        yield before, after


def _same_subject(before: View, after: View) -> str | None:
    """The one subject that both shots are of, whoever else is in frame, or None."""
    seen_before = {f.entity for f in before.seen()}
    seen_after = {f.entity for f in after.seen()}
    one, two = principal(before), principal(after)
    if seen_before and seen_before == seen_after:
        shared = one or two
        return shared.entity if shared is not None else min(seen_before)
    if one is not None and two is not None and one.entity == two.entity and len(seen_before) == len(seen_after):
        return one.entity
    if not seen_before and not seen_after and before.camera.focus.on == after.camera.focus.on:
        return before.camera.focus.on
    return None


def _turn_around(footage: Footage, before: View, after: View, subject: str) -> float | None:
    """How far the camera goes round the subject between the shots, degrees; round the group where several are seen."""
    spots = []
    group = [f.plan for f in after.seen()]
    if len(group) > 1:
        spots.append((sum(p[0] for p in group) / len(group), sum(p[1] for p in group) / len(group)))
        spots.append(after.aim)
    else:
        spot = footage.where(after, subject)
        if spot is None and geometry.distance_between(before.aim, after.aim) < 0.5:
            spot = before.aim
        if spot is None:
            return None
        spots.append(spot)
    turns = [
        abs(geometry.turn_between(geometry.heading_to(spot, before.lens), geometry.heading_to(spot, after.lens)))
        for spot in spots
    ]
    return max(*turns, abs(_elevation(after) - _elevation(before)))


def _elevation(view: View) -> float:
    return {"overhead": 90.0, "worms_eye": -60.0}.get(view.camera.angle, 0.0)


def _inspect_jump(footage: Footage, before: View, after: View) -> None:
    leap = abs(after.size - before.size)
    if leap < footage.rules.size_jump:
        return
    shot = after.shot
    shock = shot.contextual_layer.emotional_beat.name == "shock" or shot.transition_in in ("smash_cut", "jump_cut")
    reveal = "reveal" in (shot.function, before.shot.function)
    if shock or reveal:
        return
    one, two = SIZE_ABBREVIATION[before.camera.shot_size], SIZE_ABBREVIATION[after.camera.shot_size]
    footage.flag(
        after, "CSIZE", "warn", "cinematographer", f"{CAMERA}.shot_size",
        f"The size leaps from {one} in shot {before.number} to {two} in shot {after.number} with neither shock "
        "nor reveal.",
        measured=f"{leap} steps", threshold=f"< {footage.rules.size_jump} steps",
        hint="Put a size between them, or let the moment be a shock or a reveal.", other=before,
    )  # fmt: skip


def _inspect_repeats(footage: Footage) -> None:
    rules = footage.rules
    run: list[View] = []
    for view in footage.views:
        if view.apart:
            run = []
            continue
        if view.shot.continues_shot_id is not None:
            continue
        if run and not (_alike(run[-1], view) and not view.time_cut):
            run = []
        run.append(view)
        if len(run) >= rules.size_running:
            subject = principal(view)
            who = footage.name(subject.entity) if subject is not None else "the same frame"
            footage.flag(
                view, "CSIZE", "warn", "cinematographer", CAMERA,
                f"Shot {view.number} is the {_ordinal(len(run))} running on {who} with the same size and angle "
                f"({SIZE_ABBREVIATION[view.camera.shot_size]}, {view.camera.angle.replace('_', ' ')}).",
                measured=f"{len(run)} running", threshold=f"< {rules.size_running} running",
                hint="Change size or angle, or cut away.", other=run[-2],
            )  # fmt: skip


def _alike(before: View, after: View) -> bool:
    if before.place != after.place or before.size != after.size or before.camera.angle != after.camera.angle:
        return False
    if {f.entity for f in before.seen()} != {f.entity for f in after.seen()}:
        return False
    one, two = principal(before), principal(after)
    return (one.entity if one else before.camera.focus.on) == (two.entity if two else after.camera.focus.on)


def _ordinal(count: int) -> str:
    return {3: "third", 4: "fourth", 5: "fifth", 6: "sixth"}.get(count, f"{count}th")
