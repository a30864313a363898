"""CACT and CCONT: an action goes on across a cut where it left off; a long take in several clips stays one take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shotwright.crew.continuity_supervisor.progression import neighbours

if TYPE_CHECKING:
    from shotwright.crew.continuity_supervisor.footage import Footage, View
    from shotwright.model.vocabulary import Agent

MOVED = {"walk": "stand", "run": "stand"}
"""A walk or run ends standing: the next frame may find the person on its feet."""


def inspect_action(footage: Footage) -> None:
    """Flag poses and phases of an action that do not meet at the cut."""
    for before, after in neighbours(footage):
        if after.time_cut or after.shot.transition_in == "jump_cut":
            continue
        both = set(before.shot.source.units).intersection(after.shot.source.units)
        shared = any(footage.kinds.get(unit) == "action" for unit in both)
        shared = shared or after.shot.transition_in == "match_cut"
        for figure in after.figures:
            earlier = before.by.get(figure.entity)
            if earlier is None or not (figure.in_frame and earlier.in_frame) or not figure.person:
                continue
            one, two = earlier.subject, figure.subject
            path = f"technical_layer.staging.subjects.{figure.index}"
            name = footage.name(figure.entity)
            if not _poses_meet(one.pose_end, two.pose_start):
                footage.flag(
                    after, "CACT", "warn", "cinematographer", f"{path}.pose_start",
                    f"{name} ends shot {before.number} in the pose “{one.pose_end}” and begins shot {after.number} in "
                    f"“{two.pose_start}”.",
                    measured=two.pose_start, threshold=one.pose_end,
                    hint="Start the shot in the pose that the one before ends in.", other=before,
                )  # fmt: skip
            if shared and two.action_phase + 1e-6 < one.action_phase:
                footage.flag(
                    after, "CACT", "warn", "cinematographer", f"{path}.action_phase",
                    f"{name}'s action has come to {one.action_phase:.2f} in shot {before.number} and only to "
                    f"{two.action_phase:.2f} in shot {after.number}: it is done twice.",
                    measured=f"{two.action_phase:.2f}", threshold=f"≥ {one.action_phase:.2f}",
                    hint="Take up the action where the cut left it.", other=before,
                )  # fmt: skip


def _poses_meet(end: str, start: str) -> bool:
    return end == start or MOVED.get(end, end) == MOVED.get(start, start)


def inspect_continued(footage: Footage) -> None:
    """Flag long takes that change set-up, size or move from clip to clip, run too long, or are cut in mid-motion."""
    by_id = {view.shot.shot_id: view for view in footage.views}
    chain: dict[str, int] = {}
    for view in footage.views:
        wanted = view.shot.continues_shot_id
        if wanted is None:
            continue
        before = by_id.get(wanted)
        if before is None or before.index >= view.index:
            _flag(
                footage, view, None, "director", "continues_shot_id",
                f"Shot {view.number} continues a shot that does not come before it in the scene.",
            )  # fmt: skip
            continue
        chain[view.shot.shot_id] = chain.get(wanted, 0) + 1
        if chain[view.shot.shot_id] > footage.rules.most_continuations:
            _flag(
                footage, view, before, "director", "continues_shot_id",
                f"Shot {view.number} is continuation {chain[view.shot.shot_id]} of one take.",
                str(chain[view.shot.shot_id]), f"≤ {footage.rules.most_continuations}",
            )  # fmt: skip
        _inspect_seam(footage, before, view)


def _inspect_seam(footage: Footage, before: View, after: View) -> None:
    one, two = before.shot, after.shot
    a, b = before.camera, after.camera
    if before.place != after.place or any(not v.apart for v in footage.views[before.index + 1 : after.index]):
        _flag(
            footage, after, before, "director", "continues_shot_id",
            f"Shot {after.number} continues shot {before.number}, but other frames or another place lie between them.",
        )  # fmt: skip
    differing = (
        ("setup_id", "set-up", one.setup_id, two.setup_id),
        ("technical_layer.camera.shot_size", "size", a.shot_size, b.shot_size),
        ("technical_layer.camera.movement.type", "move", a.movement.type, b.movement.type),
        ("technical_layer.camera.lens.focal_mm", "lens", a.lens.focal_mm, b.lens.focal_mm),
    )
    for path, what, first, second in differing:
        if first != second:
            shown = ("", "") if what == "set-up" else (str(second), str(first))
            _flag(
                footage, after, before, "cinematographer", path,
                f"Shot {after.number} continues shot {before.number} with another {what}.", *shown,
            )  # fmt: skip
    if _in_motion(footage, before, after):
        footage.flag(
            after, "CCONT", "warn", "director", "continues_shot_id",
            f"The seam between shots {before.number} and {after.number} falls in mid-motion.",
            threshold="stillness or a foreground wipe", hint="Break the take where the figures "
            "are still.", other=before,
        )  # fmt: skip


def _in_motion(footage: Footage, before: View, after: View) -> bool:
    if any(word in change for change in before.changes for word in footage.rules.wipe_words):
        return False
    if before.camera.movement.speed in ("fast", "whip"):
        return True
    return any(
        f.in_frame
        and f.person
        and f.entity in after.by
        and f.subject.pose_end not in footage.rules.still_poses
        and f.subject.travel is not None
        for f in before.figures
    )


def _flag(
    footage: Footage, view: View, other: View | None, agent: Agent, path: str, message: str,
    measured: str = "", threshold: str = "",
) -> None:  # fmt: skip
    footage.flag(
        view, "CCONT", "error", agent, path, message, measured=measured, threshold=threshold,
        hint="Keep the take's frame, or end the take.", other=other,
    )  # fmt: skip
