"""Framing: size drawn, headroom, joints on the edge, thirds, look room and who stands on which side."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from shotwright.craft.optics import ADULT_M, SIZES, coverage_of, size_of
from shotwright.vision.measures.limits import limits

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from numpy.typing import NDArray

    from shotwright.model.vocabulary import Pose, ScreenDirection, ShotSize
    from shotwright.vision.measures.subject import Person, View

HEAD_WIDTH_M = 0.17
"""Ear to ear with hair."""
TRUNK_M: tuple[tuple[str, str, float], ...] = (
    ("crown", "hips", 0.83), ("chin", "hips", 0.61), ("crown", "chest", 0.45), ("chin", "chest", 0.22),
    ("shoulders", "hips", 0.48),
)  # fmt: skip
"""Lengths between points of an adult's head and trunk, metres: the ruler that sitting does not bend."""
LEGS_M: tuple[tuple[str, str, float], ...] = (("crown", "knees", 1.27), ("crown", "ankles", 1.64))
HEAD_M = 0.235
"""Crown to chin."""
JOINTS = {"ankles": "ankles", "ankle_left": "ankles", "ankle_right": "ankles", "knees": "knees", "knee_left": "knees",
          "knee_right": "knees", "neck": "neck"}  # fmt: skip
"""Points that the lower edge may not cut -> the joint's name."""
WRISTS = ("hand_left", "hand_right")
JOINT_HEIGHTS_M = {"ankles": 0.09, "knees": 0.5}
"""Above the floor, where a mask has no anchors."""
FEATURE_M = 0.3
"""A frame less high shows one feature, and may end anywhere."""
THINGS = ("animal/", "vehicle/", "prop/", "location/")


@dataclass(frozen=True, slots=True)
class Framing:
    """Shares of the frame 0-1, degrees, metres; None was not to be measured."""

    subject_share: float
    coverage_m: float | None
    shot_size: ShotSize | None
    headroom: float | None
    cut_joints: tuple[str, ...]
    thirds_offset: float | None
    look_room: float | None
    order: tuple[str, ...]
    """Entities from screen left to right."""
    coverages: tuple[tuple[str, float], ...] = ()
    """Entity, height of the frame where they are, metres: of everyone in frame."""


def is_person(person: Person) -> bool:
    """Whether somebody has a body to frame by: no animal, no vehicle, no thing."""
    known = not person.anchors or not {"hips", "knees"}.isdisjoint(person.anchors)
    return known and not person.entity.startswith(THINGS)


def measure_framing(
    view: View,
    *,
    height_m: float = ADULT_M,
    standing: bool = True,
    reclining: Collection[str] = (),
    gaze: ScreenDirection | None = None,
    waist_cut: bool = False,
    focus: str = "",
    pitch_deg: float = 0.0,
) -> Framing:
    """Of whoever is in focus, else of the largest person of the view.

    `standing`: the whole body, where it is whole, is `height_m` high on screen; `reclining`: who lies, of whom neither
    height nor headroom says how the frame is made; `waist_cut`: a cut at the knees is what the size asks for;
    `pitch_deg`: how far the lens looks up, which shortens what is upright.
    """
    people = [p for p in view.people if not p.foreground]
    bodies = [p for p in people if is_person(p)]
    order = tuple(p.entity for p in sorted(bodies, key=lambda p: (_middle(p.mask), p.entity)))
    if not bodies or view.known_by == "nothing":
        return Framing(0.0, None, None, None, (), None, None, order)
    subject = next((p for p in bodies if p.entity == focus), bodies[0])
    mask = subject.mask
    rows = np.flatnonzero(mask.any(axis=1))
    width = mask.shape[1]
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    shortened = math.cos(math.radians(pitch_deg))
    coverages = []
    if view.known_by == "mask":
        for person in bodies:
            if person.entity in reclining:
                continue
            whole = _coverage(person, height_m, standing and person is subject)
            if whole is not None:
                coverages.append((person.entity, whole * shortened))
    coverage = dict(coverages).get(subject.entity)
    face = _face_x(subject, top, bottom) / width
    room = [_headroom(p) for p in bodies if p.entity not in reclining]
    joints = set() if subject.entity in reclining else _cut_joints(subject, coverage, waist_cut)
    if not subject.anchors and standing and coverage is not None and room and room[0] > 0:
        joints |= _joints_by_height(subject, coverage, room[0], height_m, waist_cut)
    return Framing(
        subject_share=float(mask.mean()),
        coverage_m=coverage,
        shot_size=None if coverage is None else size_of(round(coverage * ADULT_M / height_m, 3)),
        headroom=min(room, default=None),
        cut_joints=tuple(sorted(joints)),
        thirds_offset=min(abs(face - 1 / 3), abs(face - 2 / 3)),
        look_room=_look_room(face, gaze),
        order=order,
        coverages=tuple(coverages),
    )


def _middle(mask: NDArray[Any]) -> float:
    columns = mask.sum(axis=0)
    return float((columns * np.arange(len(columns))).sum() / max(int(columns.sum()), 1))


def _face_x(person: Person, top: int, bottom: int) -> float:
    """Pixels from the left to the middle of the face."""
    if "eyes" in person.anchors and 0 <= person.anchors["eyes"][0] <= 1:
        return float(person.anchors["eyes"][0] * person.mask.shape[1])
    upper = person.mask[top : top + max(3, (bottom - top) // 6)]
    return _middle(upper)


def _headroom(person: Person) -> float:
    """Above the crown, which may lie outside; without points above the outline, or by half the width of the cut."""
    if "crown" in person.anchors:
        return float(person.anchors["crown"][1])
    rows = np.flatnonzero(person.mask.any(axis=1))
    height, top, bottom = int(person.mask.shape[0]), int(rows[0]), int(rows[-1]) + 1
    if top > 1:
        return top / height
    cut = int(person.mask[:2].any(axis=0).sum())
    widest = head_width(person.mask, top, bottom) or cut
    return -0.5 * cut / max(widest, 1) * 0.1


def head_width(mask: NDArray[Any], top: int, bottom: int) -> int | None:
    """The widest row above the neck; None where no neck narrows the silhouette."""
    widths = mask[top:bottom].sum(axis=1).astype(np.float32)
    smooth = np.convolve(np.pad(widths, 2, mode="edge"), np.ones(5, np.float32) / 5, mode="valid")
    widest = 0.0
    for width in smooth[: max(8, int(0.9 * len(smooth)))]:
        if width > widest:
            # Past a neck the silhouette may only grow again: the first fall of a fifth ends the head.
            widest = float(width)
        elif width < 0.8 * widest:
            return round(widest)
    return None


def _coverage(person: Person, height_m: float, standing: bool) -> float | None:
    """Height of the frame where somebody is, metres."""
    height, width = int(person.mask.shape[0]), int(person.mask.shape[1])
    k = height_m / ADULT_M
    points = dict(person.anchors)
    if {"shoulder_left", "shoulder_right"} <= points.keys():
        (ax, ay), (bx, by) = points["shoulder_left"], points["shoulder_right"]
        points["shoulders"] = ((ax + bx) / 2, (ay + by) / 2)

    def spans(rulers: tuple[tuple[str, str, float], ...]) -> list[float]:
        found = []
        for high, low, metres in rulers:
            if high in points and low in points:
                (hx, hy), (lx, ly) = points[high], points[low]
                apart = math.hypot((hx - lx) * width / height, hy - ly)
                if apart > 0.01:
                    found.append(metres * k / apart)
        return found

    trunk = spans(TRUNK_M)
    if trunk:
        return float(np.median(trunk))
    found = spans((*LEGS_M, ("crown", "chin", HEAD_M))) if standing else spans((("crown", "chin", HEAD_M),))
    if found:
        return float(np.median(found))
    rows = np.flatnonzero(person.mask.any(axis=1))
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    if standing and top > 1 and bottom < height - 1 and (bottom - top) > 1.6 * _typical_width(person.mask, top, bottom):
        return height_m / ((bottom - top) / height)
    head = [person.parts[n] for n in ("skin", "hair") if n in person.parts]
    shape = np.logical_or.reduce(head) if head else person.mask
    wide = head_width(shape, top, bottom) or head_width(person.mask, top, bottom)
    return None if wide is None else HEAD_WIDTH_M * k * height / wide


def _typical_width(mask: NDArray[Any], top: int, bottom: int) -> float:
    return float(np.median(mask[top:bottom].sum(axis=1)))


def _cut_joints(person: Person, coverage: float | None, waist_cut: bool) -> set[str]:
    """Joints of somebody on the lower edge, and wrists on the sides; somebody who is not there is not cut."""
    table = limits()["frame"]
    near = float(table["joint"]) if coverage is None else min(0.08, float(table["joint_m"]) / coverage)
    found = set()
    if bool(person.mask[-2:].any()):
        for point, joint in JOINTS.items():
            x, y = person.anchors.get(point, (0.5, 9.0))
            meant = (joint == "knees" and waist_cut) or (joint == "neck" and (coverage or 1.0) < FEATURE_M)
            if abs(y - 1) <= near and 0 <= x <= 1 and not meant:
                found.add(joint)
    for side, edge in ((0.0, person.mask[:, :2]), (1.0, person.mask[:, -2:])):
        if bool(edge.any()):
            for point in WRISTS:
                x, y = person.anchors.get(point, (9.0, 0.5))
                if abs(x - side) <= near / 2 and 0 <= y <= 1:
                    found.add("wrists")
    return found


def _joints_by_height(person: Person, coverage: float, headroom: float, height_m: float, waist_cut: bool) -> set[str]:
    """The joint that the lower edge cuts of somebody who stands, by how much of the body is seen."""
    if int(np.flatnonzero(person.mask.any(axis=1))[-1]) < person.mask.shape[0] - 2:
        return set()
    near = float(limits()["frame"]["joint"])
    cut_m = height_m - coverage * (1 - headroom)
    return {
        name
        for name, metres in JOINT_HEIGHTS_M.items()
        if abs(cut_m - metres * height_m / ADULT_M) <= near * coverage and not (name == "knees" and waist_cut)
    }


def size_drawn(coverage_m: float, pose: Pose = "stand") -> ShotSize:
    """The size that a height of frame is of somebody in a pose; bands meet at the geometric mean of neighbours."""
    return min(SIZES, key=lambda size: abs(math.log(coverage_m / coverage_of(size, pose))))


def size_bounds(size: ShotSize, pose: Pose = "stand") -> tuple[float, float]:
    """The heights of frame, metres, between which somebody in a pose is in a size."""
    at, own = SIZES.index(size), coverage_of(size, pose)
    wider = math.inf if at == 0 else math.sqrt(own * coverage_of(SIZES[at - 1], pose))
    tighter = 0.0 if at == len(SIZES) - 1 else math.sqrt(own * coverage_of(SIZES[at + 1], pose))
    return tighter, wider


def _look_room(face: float, gaze: ScreenDirection | None) -> float | None:
    """Room before the face over room behind it."""
    if gaze == "left":
        return face / max(1 - face, 0.02)
    if gaze == "right":
        return (1 - face) / max(face, 0.02)
    return None


def crossed(drawn: tuple[str, ...], staged: Mapping[str, float]) -> tuple[str, str] | None:
    """Two people who stand the other way round on screen than staged; `staged`: entity -> place from left to right."""
    for i, left in enumerate(drawn):
        for right in drawn[i + 1 :]:
            if left in staged and right in staged and staged[left] > staged[right]:
                return left, right
    return None
