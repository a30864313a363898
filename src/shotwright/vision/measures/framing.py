"""Framing: size drawn, headroom, joints on the edge, thirds, look room, horizon and who stands on which side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from shotwright.craft.optics import ADULT_M, size_of
from shotwright.vision.measures.limits import limits

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from shotwright.model.vocabulary import ScreenDirection, ShotSize
    from shotwright.vision.measures.subject import Person, View

HEAD_M = 0.235
"""Crown to chin of an adult of 1.75 m, hair included."""
HEAD_WIDTH_M = 0.17
"""Ear to ear with hair."""
SPANS_M: tuple[tuple[str, str, float], ...] = (
    ("crown", "chin", 0.235), ("eyes", "chin", 0.115), ("crown", "chest", 0.45), ("chin", "chest", 0.22),
    ("chest", "hips", 0.40), ("hips", "knees", 0.42), ("crown", "hips", 0.85), ("crown", "knees", 1.27),
)  # fmt: skip
"""Heights between named points of a standing adult, metres: the body's own ruler."""
JOINTS = (
    "ankles",
    "knees",
    "neck",
    "wrist_left",
    "wrist_right",
    "ankle_left",
    "ankle_right",
    "knee_left",
    "knee_right",
)
JOINT_HEIGHTS_M = {"ankles": 0.09, "knees": 0.5}
"""Above the floor, where a mask has no anchors."""


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


def measure_framing(
    view: View,
    *,
    height_m: float = ADULT_M,
    standing: bool = True,
    gaze: ScreenDirection | None = None,
    waist_cut: bool = False,
) -> Framing:
    """Of the first person of the view. `standing`: the whole body, where it is whole, is `height_m` high on screen;
    `waist_cut`: a cut at the knees is what the size asks for."""
    people = [p for p in view.people if not p.foreground]
    order = tuple(p.entity for p in sorted(people, key=lambda p: (_middle(p.mask), p.entity)))
    subject = view.subject
    if subject is None or view.known_by == "nothing":
        return Framing(0.0, None, None, None, (), None, None, order)
    mask = subject.mask
    rows = np.flatnonzero(mask.any(axis=1))
    width = mask.shape[1]
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    coverage = _coverage(subject, top, bottom, height_m, standing) if view.known_by == "mask" else None
    face = _face_x(subject, top, bottom) / width
    headroom = _headroom(subject, top, bottom)
    return Framing(
        subject_share=float(mask.mean()),
        coverage_m=coverage,
        shot_size=None if coverage is None else size_of(round(coverage * ADULT_M / height_m, 3)),
        headroom=headroom,
        cut_joints=_cut_joints(subject, coverage, headroom, bottom, height_m, standing, waist_cut),
        thirds_offset=min(abs(face - 1 / 3), abs(face - 2 / 3)),
        look_room=_look_room(face, gaze),
        order=order,
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


def _headroom(person: Person, top: int, bottom: int) -> float:
    """Above the head; negative, by the anchors or half the width of the cut, where the frame cuts it."""
    height = int(person.mask.shape[0])
    if "crown" in person.anchors and top <= 1:
        return min(float(person.anchors["crown"][1]), 0.0)
    if top > 1:
        return top / height
    cut = int(person.mask[:2].any(axis=0).sum())
    widest = _head_width(person.mask, top, bottom) or cut
    return -0.5 * cut / max(widest, 1) * 0.1


def _head_width(mask: NDArray[Any], top: int, bottom: int) -> int | None:
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


def _coverage(person: Person, top: int, bottom: int, height_m: float, standing: bool) -> float | None:
    """Height of the frame at the subject, metres."""
    height = int(person.mask.shape[0])
    k = height_m / ADULT_M
    if standing and top > 1 and bottom < height - 1 and (bottom - top) > 1.6 * _typical_width(person.mask, top, bottom):
        return height_m / ((bottom - top) / height)
    anchors = person.anchors
    found = [
        metres * k / (anchors[low][1] - anchors[high][1])
        for high, low, metres in SPANS_M
        if high in anchors and low in anchors and anchors[low][1] - anchors[high][1] > 0.01
        and (standing or (high in ("crown", "eyes") and low == "chin"))
    ]  # fmt: skip
    if found:
        return float(np.median(found))
    head = [person.parts[n] for n in ("skin", "hair") if n in person.parts]
    shape = np.logical_or.reduce(head) if head else person.mask
    width = _head_width(shape, top, bottom) or _head_width(person.mask, top, bottom)
    return None if width is None else HEAD_WIDTH_M * k * height / width


def _typical_width(mask: NDArray[Any], top: int, bottom: int) -> float:
    return float(np.median(mask[top:bottom].sum(axis=1)))


def _cut_joints(
    person: Person,
    coverage: float | None,
    headroom: float,
    bottom: int,
    height_m: float,
    standing: bool,
    waist_cut: bool,
) -> tuple[str, ...]:
    near = float(limits()["frame"]["joint"])
    if bottom < person.mask.shape[0] - 1:
        return ()
    at_edge = {
        name.split("_")[0].removesuffix("s") + "s" if name != "neck" else name
        for name in JOINTS
        if name in person.anchors and abs(person.anchors[name][1] - 1) <= near and 0 <= person.anchors[name][0] <= 1
    }
    if not person.anchors and standing and coverage is not None and headroom > 0:
        cut_m = height_m - coverage * (1 - headroom)
        at_edge = {
            name
            for name, metres in JOINT_HEIGHTS_M.items()
            if abs(cut_m - metres * height_m / ADULT_M) <= near * coverage
        }
    if waist_cut:
        at_edge.discard("knees")
    return tuple(sorted(at_edge))


def _look_room(face: float, gaze: ScreenDirection | None) -> float | None:
    """Room before the face over room behind it."""
    if gaze == "left":
        return face / max(1 - face, 0.02)
    if gaze == "right":
        return (1 - face) / max(face, 0.02)
    return None


def measure_horizon(view: View) -> float | None:
    """Degrees that the frame leans, + clockwise; None where the background has too few uprights and levels.

    Uprights lean with perspective the farther they are from the middle, so a line of lean over x is fitted and read at
    the middle; levels of a wall that is not square to the lens slant and are only asked where uprights are missing.
    """
    tone = np.sqrt(view.luminance)
    apart = np.ones_like(tone, bool)
    for person in view.people:
        apart &= ~view.small(person.mask)
    found = _uprights(tone, apart)
    return found if found is not None else _levels(tone, apart)


def _uprights(tone: NDArray[Any], apart: NDArray[Any]) -> float | None:
    lean, strength, clear = _leans(tone, apart)
    x = np.broadcast_to(np.arange(lean.shape[1]) / lean.shape[1] - 0.5, lean.shape)
    return _lean_at_middle(lean, x, strength, clear & (np.abs(lean) < 20))


def _levels(tone: NDArray[Any], apart: NDArray[Any]) -> float | None:
    lean, strength, clear = _leans(tone.T, apart.T)
    found = _lean_at_middle(-lean, np.zeros_like(lean), strength, clear & (np.abs(lean) < 20))
    return found


def _leans(tone: NDArray[Any], apart: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """(degrees off upright, strength, where it counts) after a blur along the uprights: a line drawn without
    anti-aliasing steps by whole pixels, at 2 degrees every 28 rows, and only its mean over rows has a slope."""
    rows = min(33, tone.shape[0] // 4)
    total = np.cumsum(np.pad(tone, ((1, 0), (0, 0))), axis=0, dtype=np.float64)
    smooth = ((total[rows:] - total[:-rows]) / rows).astype(np.float32)
    kept = np.cumsum(np.pad(apart, ((1, 0), (0, 0))), axis=0)
    clear = (kept[rows:] - kept[:-rows]) == rows
    smooth = (smooth[:, :-2] + smooth[:, 1:-1] + smooth[:, 2:]) / 3
    dx = smooth[1:-1, 2:] - smooth[1:-1, :-2]
    dy = smooth[2:, 1:-1] - smooth[:-2, 1:-1]
    strength = np.hypot(dx, dy)
    inner = clear[1:-1, 2:-2] & clear[1:-1, 4:] & clear[1:-1, :-4]
    lean = np.degrees(np.arctan2(dy, dx))
    lean = (lean + 90) % 180 - 90
    counts = inner & (strength > max(0.02, 0.35 * float(np.percentile(strength, 99))))
    return lean, strength, counts


def _lean_at_middle(lean: NDArray[Any], x: NDArray[Any], strength: NDArray[Any], chosen: NDArray[Any]) -> float | None:
    if int(chosen.sum()) < 60:
        return None
    angle, place, weight = lean[chosen], x[chosen], np.minimum(strength[chosen], 0.6)
    slope = 0.0
    middle = _weighted_median(angle, weight)
    spread_out = float(place.max() - place.min()) > 0.3
    for _ in range(6):
        off = angle - middle - slope * place
        robust = weight / (1 + (off / 1.5) ** 2)
        total = float(robust.sum())
        if spread_out:
            mx, my = float((robust * place).sum()) / total, float((robust * angle).sum()) / total
            varied = float((robust * (place - mx) ** 2).sum())
            slope = float((robust * (place - mx) * (angle - my)).sum()) / varied if varied > 1e-4 * total else 0.0
            middle = my - slope * mx
        else:
            middle = float((robust * angle).sum()) / total
    return middle


def _weighted_median(values: NDArray[Any], weights: NDArray[Any]) -> float:
    order = np.argsort(values, kind="stable")
    total = np.cumsum(weights[order])
    return float(values[order][int(np.searchsorted(total, total[-1] / 2))])


def crossed(drawn: tuple[str, ...], staged: Mapping[str, float]) -> tuple[str, str] | None:
    """Two people who stand the other way round on screen than staged; `staged`: entity -> place from left to right."""
    for i, left in enumerate(drawn):
        for right in drawn[i + 1 :]:
            if left in staged and right in staged and staged[left] > staged[right]:
                return left, right
    return None
