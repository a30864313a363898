"""What the light of a scene is, so that one frame of it can be said to differ, and in what: side, ratio, level, colour.

All faces of a scene are read against one key in the room, each under a level of its own, because a pale skin in one
shot and a dark one in the next are no change of light, nor is a face turned away from the key. A frame departs where
some one change - another side, another ratio, another exposure - explains its faces clearly better than the light of
the other frames does; where nothing can be read nothing is said. The frame that departs most is set aside first, so
that nobody is blamed for another's light. Frames with a declared light event neither count nor are judged.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from shotwright.craft.geometry import turn_between
from shotwright.vision.measures import backdrop
from shotwright.vision.measures.keylight import AZIMUTHS, ELEVATIONS, MOST_OFF, RATIOS
from shotwright.vision.measures.limits import limits

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from shotwright.vision.measures.keylight import Fit

Change = Literal["side", "ratio", "level"]
LEVEL_WEIGHT = 0.6
"""What a stop between two frames of one face costs beside a stop unexplained on the face."""
LEAST_GAIN = 0.1
"""Stops, averaged over the fields of the faces, that a change must explain before it is believed; of somebody seen in
one other frame alone twice as much."""
CLOTH_SHARE = 0.35
"""What clothes count beside faces for the level."""
LEAST_TURN_OF_CLOTHS = 70.0
GAIN_OF_CLOTHS = 0.2
"""Stops that a change of side must explain on what somebody wears who is turned away."""
RATIO_GAIN = 1.5
"""So much more for a change of ratio, which shadows of hats and hair look like."""
SET_CHANGED, SET_SAME = 0.1, 0.03
"""Stops in the most changed quarter of a set seen twice from one place."""
GAIN_IF_CHANGED, GAIN_IF_SAME = 0.02, 0.35
"""A set that changed lends faces belief, and one that did not takes it."""


@dataclass(frozen=True, slots=True)
class LightReading:
    """The light of one frame as the scene compares it."""

    fits: tuple[Fit, ...] = ()
    setting: backdrop.Setting | None = None
    """The set behind, where the camera is known."""
    mireds: Mapping[str, float] | None = None
    """Entity -> mired of the light on its skin."""
    worn: tuple[Fit, ...] = ()
    """What the people wear: it tells of the level where no face is seen, and never of the key."""
    cloths: Mapping[str, float] | None = None
    """Somebody in a look -> warmth of what is worn, in mired against itself."""
    close: bool = False
    """A close-up: it may soften and cheat."""
    event: bool = False
    """A light event is declared: this frame is another light on purpose."""
    moving_key: bool = False
    """A motivated source that moves: its azimuth is free."""


@dataclass(frozen=True, slots=True)
class SceneLight:
    """The one key that explains the faces of a scene best."""

    at: tuple[int, int, int]
    """Azimuth, elevation and ratio in the grids of `measures.keylight`."""
    levels: Mapping[str, float]
    """Entity -> stops of its skin under the full key."""
    mireds: Mapping[str, float]

    @property
    def azimuth_deg(self) -> float:
        return float(AZIMUTHS[self.at[0]])

    @property
    def elevation_deg(self) -> float:
        return float(ELEVATIONS[self.at[1]])

    @property
    def key_fill_stops(self) -> float:
        return math.log2(float(RATIOS[self.at[2]]))


@dataclass(frozen=True, slots=True)
class Departure:
    """How far a frame is from the others of its scene; None was not to be compared, 0 agrees."""

    turn_deg: float | None
    contrast_stops: float | None
    exposure_ev: float | None
    mired: float | None
    same_person: bool
    """Level and colour were compared on somebody seen in the other frames too."""
    gain: float
    """Stops that the change explains."""
    against: SceneLight | None
    azimuth_deg: float | None = None
    """Where this frame's key comes from, in the room, by the best explanation."""
    frames: int = 2
    """In how many others its people are seen."""
    pattern_stops: float | None = None
    """How otherwise the light falls on the set than in the frames from the same camera position."""

    def excess(self, allowed: Allowed) -> float:
        """The largest of its departures in what is allowed: over 1 is too far."""
        pattern = (self.pattern_stops or 0.0) / allowed.pattern_stops
        found = (
            (self.turn_deg, allowed.turn_deg), (self.contrast_stops, allowed.contrast_stops),
            (self.exposure_ev, allowed.exposure_ev), (self.mired, allowed.mired),
        )  # fmt: skip
        apart = max((abs(off) / most for off, most in found if off is not None), default=0.0)
        # Of two frames of a set that disagree, the one whose faces speak against the scene too is at fault.
        return max(apart, pattern) * (1 + self.gain if self.pattern_stops is not None else 1.0)


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a frame may depart by, from limits.toml."""

    turn_deg: float
    contrast_stops: float
    mired: float
    exposure_ev: float
    pattern_stops: float


def scene_light(readings: Sequence[LightReading]) -> SceneLight | None:
    """The key that all frames without a light event agree on best; None without a face."""
    kept = [r for r in readings if not r.event]
    by_entity: dict[str, list[Fit]] = {}
    for reading in kept:
        for fit in reading.fits:
            by_entity.setdefault(fit.entity, []).append(fit)
    mireds: dict[str, list[float]] = {}
    for reading in kept:
        for entity, mired in (reading.mireds or {}).items():
            mireds.setdefault(entity, []).append(mired)
    usual = {entity: median(values) for entity, values in sorted(mireds.items())}
    if not by_entity:
        return SceneLight((0, 0, 0), {}, usual) if usual else None
    total: NDArray[Any] | None = None
    for _, fits in sorted(by_entity.items()):
        levels = np.stack([f.levels for f in fits])
        apart = np.minimum(np.abs(levels - np.median(levels, axis=0)), MOST_OFF) if len(fits) > 1 else None
        for i, fit in enumerate(fits):
            own = fit.costs if apart is None else fit.costs + LEVEL_WEIGHT * apart[i]
            total = fit.worth * own if total is None else total + fit.worth * own
    assert total is not None
    at = np.unravel_index(int(np.argmin(total)), total.shape)
    where = (int(at[0]), int(at[1]), int(at[2]))
    levels_at = {e: median(float(f.levels[where]) for f in fits) for e, fits in sorted(by_entity.items())}
    return SceneLight(where, levels_at, usual)


def departure(at: int, readings: Sequence[LightReading]) -> Departure | None:
    """Frame `at` against the others; None for an event or where nothing is left to compare with.

    Of two frames alone the later one departs: whoever comes first sets the light.
    """
    own = readings[at]
    others = [(i, r) for i, r in enumerate(readings) if i != at and not r.event and (r.fits or r.setting)]
    if own.event or not others or (len(others) == 1 and others[0][0] > at):
        return None
    around = [r for _, r in others]
    changes = [
        change
        for r in around
        if own.setting is not None and r.setting is not None and backdrop.same_camera(own.setting, r.setting)
        and (change := backdrop.change_between(own.setting, r.setting)) is not None
    ]  # fmt: skip
    if not changes:
        return _by_faces(own, around, LEAST_GAIN)
    changed = median(c.any_stops for c in changes)
    gain = GAIN_IF_CHANGED if changed > SET_CHANGED else GAIN_IF_SAME if changed < SET_SAME else LEAST_GAIN
    return _with_set(_by_faces(own, around, gain), changes)


def _by_faces(own: LightReading, others: Sequence[LightReading], least_gain: float) -> Departure:
    light = scene_light(others)
    if light is None:
        return Departure(None, None, None, None, False, 0.0, None)
    mired, same_colour = _colour_apart(own, others, light)
    faces = [f for f in own.fits if f.entity in light.levels]
    if not faces:
        worn = [f for f in own.worn if any(o.entity == f.entity for r in others for o in r.worn)]
        if worn:
            return _by_cloths(own, worn, others, light, mired, max(GAIN_OF_CLOTHS, 1.2 * least_gain))
        level = None
        if own.fits and light.levels:
            level = median(float(f.levels[light.at]) for f in own.fits) - median(light.levels.values())
        return Departure(None, None, level, mired, same_colour and level is None, 0.0, light)
    seen = max(sum(f.entity == o.entity for r in others for o in r.fits) for f in faces)
    change, off, gain, azimuth = _explained(own, faces, others, light)
    if gain < least_gain * (1 + 1 / seen) * (RATIO_GAIN if change == "ratio" else 1.0):
        off, azimuth = 0.0, light.azimuth_deg
    return Departure(
        off if change == "side" else 0.0, off if change == "ratio" else 0.0, off if change == "level" else 0.0,
        mired, same_colour, gain, light, azimuth, seen,
    )  # fmt: skip


def _by_cloths(
    own: LightReading,
    worn: Sequence[Fit],
    others: Sequence[LightReading],
    light: SceneLight,
    mired: float | None,
    least_gain: float,
) -> Departure:
    """Of somebody turned away: what clothes tell, of which only the level and a clear change of side are believed."""
    dressed = [replace(r, fits=r.worn, worn=()) for r in others]
    change, off, gain, azimuth = _explained(replace(own, fits=(), worn=()), worn, dressed, light)
    if change == "side" and gain > least_gain and abs(off) > LEAST_TURN_OF_CLOTHS:
        return Departure(off, None, None, mired, True, gain, light, azimuth)
    return Departure(None, None, _level_of_cloths(own, others, light), mired, True, 0.0, light)


def _level_of_cloths(own: LightReading, others: Sequence[LightReading], light: SceneLight) -> float | None:
    """Stops of what somebody wears from the same clothes elsewhere, under the scene's key; None where none are."""
    apart = []
    for fit in own.worn:
        elsewhere = [float(o.levels[light.at]) for r in others for o in r.worn if o.entity == fit.entity]
        if elsewhere:
            level = float(fit.levels[light.at])
            apart.append(level - _usual(level, elsewhere))
    return median(apart) if apart else None


def _with_set(found: Departure, changes: Sequence[backdrop.Change]) -> Departure:
    """The departure with what the set shows that other frames see from the same place: it decides level and colour
    where faces are turned away, and tells of a key whose side no face shows."""
    level = median(c.level_stops for c in changes)
    pattern = median(c.pattern_stops for c in changes)
    seen = found.mired if found.mired is not None and found.same_person else None
    mired = median(c.mired for c in changes)
    exposure = found.exposure_ev
    if not found.turn_deg and not found.contrast_stops and pattern < limits()["scene"]["pattern_stops"]:
        exposure = level
    return replace(
        found, exposure_ev=exposure, mired=mired if seen is None else seen, pattern_stops=pattern, same_person=True
    )


def departures(readings: Sequence[LightReading]) -> list[Departure | None]:
    """Of every frame, the worst set aside first and judged against those that are left."""
    apart: set[int] = set()
    most = max(1, (len(readings) - 1) // 2)
    while True:
        standing = [
            LightReading(event=True) if i in apart else reading for i, reading in enumerate(readings)
        ]  # fmt: skip
        found = {i: departure(i, standing) for i in range(len(readings)) if i not in apart}
        worst, by = -1, 1.0
        for i, one in found.items():
            excess = 0.0 if one is None else one.excess(allowed(readings[i], one))
            if excess > by or (excess > 1.0 and excess >= by - 1e-6):
                worst, by = i, excess
        if worst < 0 or len(apart) >= most:
            break
        apart.add(worst)
    result: list[Departure | None] = []
    for i in range(len(readings)):
        if i in apart:
            against = [r if j == i or j not in apart else LightReading(event=True) for j, r in enumerate(readings)]
            result.append(departure(i, against) or found.get(i))
        else:
            result.append(found[i])
    return result


def _colour_apart(own: LightReading, others: Sequence[LightReading], light: SceneLight) -> tuple[float | None, bool]:
    """(mired from the same people elsewhere, True), or from everybody else, False; None where no skin is seen."""
    mine = own.mireds or {}
    for seen, theirs in (
        (mine, [o.mireds or {} for o in others]),
        (own.cloths or {}, [o.cloths or {} for o in others]),
    ):
        same = []
        for entity, value in sorted(seen.items()):
            elsewhere = [m[entity] for m in theirs if entity in m]
            if elsewhere:
                same.append(value - _usual(value, elsewhere))
        if same:
            return median(same), True
    if mine and light.mireds:
        return median(mine.values()) - median(light.mireds.values()), False
    return None, False


def _usual(own: float, others: Sequence[float]) -> float:
    """The median with the frame itself: of two others that disagree the mean would blame a third for one's fault."""
    return median([own, *others]) if len(others) > 1 else others[0]


def _explained(
    own: LightReading, faces: Sequence[Fit], others: Sequence[LightReading], light: SceneLight
) -> tuple[Change, float, float, float]:
    """(what changed, by how much, stops gained, azimuth): the change that explains the frame's faces best."""
    azimuth, rise, ratio = light.at
    weight = sum(f.worth for f in faces)
    levels = {
        f.entity: _usual(
            float(f.levels[light.at]),
            [float(o.levels[light.at]) for r in others for o in r.fits if o.entity == f.entity],
        )
        for f in faces
    }

    def cost(where: Any, by: float = 0.0) -> Any:
        return sum(f.worth * f.cost_at(levels[f.entity] + by, where) for f in faces) / weight

    stands = float(cost((slice(azimuth, azimuth + 1), rise, ratio))[0])
    shifts = sorted((float(f.levels[light.at]) - levels[f.entity], f.worth) for f in faces)
    shift = _middle(shifts)
    cloths = _level_of_cloths(own, others, light)
    if cloths is not None:
        shift += CLOTH_SHARE * (cloths - shift)
    found: list[tuple[float, Change, float]] = [
        (stands - float(cost((slice(azimuth, azimuth + 1), rise, ratio), shift)[0]), "level", shift)
    ]
    by_ratio = cost((azimuth, rise, slice(None)))
    best = int(np.argmin(by_ratio))
    found.append((stands - float(by_ratio[best]), "ratio", math.log2(float(RATIOS[best] / RATIOS[ratio]))))
    turned = azimuth
    if not own.moving_key:
        by_side = cost((slice(None), slice(None), ratio))
        at = np.unravel_index(int(np.argmin(by_side)), by_side.shape)
        turned = int(at[0])
        off = turn_between(float(AZIMUTHS[azimuth]), float(AZIMUTHS[turned]))
        found.append((stands - float(by_side[at]), "side", off))
    gain, change, off = max(found, key=lambda f: f[0])
    return change, off, gain, float(AZIMUTHS[turned if change == "side" else azimuth])


def _middle(ranked: Sequence[tuple[float, float]]) -> float:
    """Weighted median of (value, weight), rising."""
    half, heard = sum(w for _, w in ranked) / 2, 0.0
    for value, weight in ranked:
        heard += weight
        if heard >= half:
            return value
    return ranked[-1][0]


def allowed(reading: LightReading, found: Departure) -> Allowed:
    """The continuity limits with the measures' own spread on top; close-ups may soften and cheat."""
    table = limits()["scene"]
    turn = table["close_up_azimuth_deg"] if reading.close else table["azimuth_deg"]
    softer = found.contrast_stops is not None and found.contrast_stops < 0
    contrast = table["close_up_contrast_stops"] if reading.close and softer else table["contrast_stops"]
    return Allowed(
        turn + table["slack_azimuth_deg"],
        contrast + table["slack_contrast_stops"],
        table["mired"] + table["slack_mired"] + (0 if found.same_person else table["stranger_mired"]),
        table["exposure_ev"]
        + table["slack_exposure_ev"]
        + (0 if found.same_person else table["stranger_ev"])
        + (table["slack_single_ev"] if found.frames < 2 and found.pattern_stops is None else 0),
        table["pattern_stops"],
    )
