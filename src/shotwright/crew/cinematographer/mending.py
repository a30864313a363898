"""What the Supervisor saw, mended: one field of one shot, as little as will do.

Where the shot has strayed from the Cinematographer's own plan, the plan's value is the answer. Where the plan itself
is what looks wrong, light follows the other shots of the place, and a frame is moved by what was measured.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from shotwright.craft.geometry import turn_between
from shotwright.craft.optics import coverage_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from shotwright.model.crew import Revision
    from shotwright.model.shot import Camera, Lighting, Shot, TechnicalLayer

SEEN = frozenset(
    {
        "LIGHT_INCONSISTENT", "EXPOSURE_LOW", "EXPOSURE_HIGH", "KEY_STYLE_MISMATCH", "COLOR_TEMP_SHIFT",
        "FRAMING_HEADROOM", "FRAMING_CUT_JOINT", "SIZE_MISMATCH", "HORIZON_TILT", "SOFT_FOCUS", "TONE_MISMATCH",
        "AXIS_CROSSED",
    }
)  # fmt: skip
"""Codes of what was seen in a frame, so that a plan which looks wrong is changed too."""
HEADROOM = {"extreme_wide": 0.2, "wide": 0.12, "medium_wide": 0.1, "medium": 0.09, "medium_close_up": 0.06}
"""Above the head, as a share of the frame's height, by size; closer frames may cut the hair."""
OFF_THE_JOINT = 0.9
"""Of the distance: near enough to take the frame's edge from a joint into the limb beside it."""
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def mend(standing: Sequence[Shot], plan: Sequence[Shot], revisions: Sequence[Revision]) -> list[TechnicalLayer]:
    """The technical layer of each shot with every flagged field of `standing` answered; the rest as it stands.

    `plan` holds the same shots, in the same order, as the crew left them.
    """
    asked: dict[str, list[Revision]] = {}
    for revision in revisions:
        if revision.field.startswith("technical_layer."):
            asked.setdefault(revision.shot_id, []).append(revision)
    found = []
    for shot, planned in zip(standing, plan, strict=True):
        technical, back = shot.technical_layer, set[str]()
        wanted = asked.get(shot.shot_id, ())
        for revision in wanted:
            returned = _as_planned(technical, planned.technical_layer, revision)
            if returned is not None:
                technical = returned
                back.add(_layer(revision))
        for revision in wanted:
            # One stray value can look wrong in several ways: where one was put back, nothing else is moved yet.
            if _layer(revision) not in back and revision.code in SEEN:
                technical = _moved(technical, revision, shot, standing)
        found.append(technical)
    return found


def _layer(revision: Revision) -> str:
    """`camera`, `lighting` or `staging`."""
    return revision.field.split(".")[1]


def _as_planned(stands: TechnicalLayer, plan: TechnicalLayer, revision: Revision) -> TechnicalLayer | None:
    """The field as the plan has it; None where it stands so already."""
    _, layer, *rest = revision.field.split(".")
    here, planned = getattr(stands, layer), getattr(plan, layer)
    if rest:
        planned = here.model_copy(update={rest[0]: getattr(planned, rest[0])})
    return None if here == planned else stands.model_copy(update={layer: planned})


def _moved(stands: TechnicalLayer, revision: Revision, shot: Shot, scene: Sequence[Shot]) -> TechnicalLayer:
    """The field of a plan that itself looks wrong."""
    _, layer, *rest = revision.field.split(".")
    if layer == "lighting":
        return stands.model_copy(update={"lighting": _as_around(stands.lighting, rest, shot, scene)})
    moved = _FRAMES.get(revision.code)
    return stands if moved is None else stands.model_copy(update={"camera": moved(stands.camera, revision, shot)})


def _as_around(light: Lighting, rest: Sequence[str], shot: Shot, scene: Sequence[Shot]) -> Lighting:
    """The light of the shot of the same place and hour that differs least from the others."""
    place = shot.technical_layer.staging.plate.partition(" side ")[0]
    around = [
        s.technical_layer.lighting
        for s in scene
        if s.shot_id != shot.shot_id
        and s.technical_layer.staging.plate.partition(" side ")[0] == place
        and s.technical_layer.lighting.time_of_day == light.time_of_day
        and not s.technical_layer.lighting.events
    ]
    if not around:
        return light
    middle = min(around, key=lambda one: sum(_apart(one, other) for other in around))
    if rest:
        return light.model_copy(update={rest[0]: getattr(middle, rest[0])})
    return middle.model_copy(update={"events": light.events, "practicals": light.practicals})


def _apart(one: Lighting, two: Lighting) -> float:
    """How unlike two lights are, in tolerances: 45°, a stop of contrast, 40 mired, 0.7 EV."""
    return (
        abs(turn_between(one.azimuth_deg, two.azimuth_deg)) / 45
        + abs(math.log2(max(one.contrast_ratio, 1) / max(two.contrast_ratio, 1)))
        + abs(1e6 / one.color_temperature_k - 1e6 / two.color_temperature_k) / 40
        + abs(one.exposure_ev - two.exposure_ev) / 0.7
    )


def _level(camera: Camera, revision: Revision, shot: Shot) -> Camera:
    movement = camera.movement.model_copy(update={"roll_deg": 0})
    return camera.model_copy(update={"roll": "level", "movement": movement})


def _with_headroom(camera: Camera, revision: Revision, shot: Shot) -> Camera:
    """Tilted so far that the measured headroom becomes the usual one."""
    measured = _NUMBER.search(revision.measured)
    if measured is None:
        return camera
    share = float(measured[0]) / (100 if "%" in revision.measured else 1)
    wanted = HEADROOM.get(camera.shot_size, 0.0)
    x, y, z = camera.look_at_m
    coverage = camera.coverage_m or coverage_of(camera.shot_size, _pose(shot))
    return camera.model_copy(update={"look_at_m": (x, round(y + (wanted - share) * coverage, 2), z)})


def _at_its_size(camera: Camera, revision: Revision, shot: Shot) -> Camera:
    """As far off as the named size asks: the measured height of the frame at the subject says how far that is."""
    measured = _NUMBER.search(revision.measured)
    if measured is None or float(measured[0]) <= 0:
        return camera
    return _nearer(camera, shot, coverage_of(camera.shot_size, _pose(shot)) / float(measured[0]))


def _off_the_joint(camera: Camera, revision: Revision, shot: Shot) -> Camera:
    return _nearer(camera, shot, OFF_THE_JOINT)


def _focused(camera: Camera, revision: Revision, shot: Shot) -> Camera:
    staged = [s for s in shot.technical_layer.staging.subjects if not s.foreground]
    return (
        camera.model_copy(update={"focus": camera.focus.model_copy(update={"on": staged[0].entity})})
        if staged
        else camera
    )


def _nearer(camera: Camera, shot: Shot, ratio: float) -> Camera:
    """The camera moved along the line to what it looks at; its height stays."""
    (px, py, pz), (ax, _, az) = camera.position_m, camera.look_at_m
    staged = {str(s.entity): s.position_m for s in shot.technical_layer.staging.subjects}
    tx, _, tz = staged.get(camera.focus.on, (ax, 0.0, az))
    x, z = tx + (px - tx) * ratio, tz + (pz - tz) * ratio
    return camera.model_copy(update={"position_m": (round(x, 2), py, round(z, 2))})


def _pose(shot: Shot) -> str:
    focus = shot.technical_layer.camera.focus.on
    return next((s.pose_start for s in shot.technical_layer.staging.subjects if s.entity == focus), "stand")


_FRAMES: dict[str, Callable[[Camera, Revision, Shot], Camera]] = {
    "HORIZON_TILT": _level,
    "FRAMING_HEADROOM": _with_headroom,
    "SIZE_MISMATCH": _at_its_size,
    "FRAMING_CUT_JOINT": _off_the_joint,
    "SOFT_FOCUS": _focused,
}
