"""What the light of a scene is, so that one frame of it can be said to differ: medians in stops, mired and degrees.

The key's azimuth is compared in the room, so that a reverse angle agrees with what it reverses; level and colour are
compared on the same person, so that a pale face in one shot and a dark one in the next are no change of light. Frames
with a declared light event neither count nor are judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from shotwright.craft.geometry import turn_between
from shotwright.vision.measures.limits import limits

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MOST_FOR_SIDE_DEG = 180.0
CERTAIN_FIT = 0.3


@dataclass(frozen=True, slots=True)
class LightReading:
    """The light of one frame as the scene compares it."""

    azimuth_deg: float | None
    """Of the key, in the room."""
    key_fill_stops: float | None
    levels: Mapping[str, float]
    """Entity -> stops of its lit skin over mid-grey."""
    mireds: Mapping[str, float]
    """Entity -> mired of the light on its skin."""
    close: bool = False
    """A close-up: it may soften and cheat."""
    event: bool = False
    """A light event is declared: this frame is another light on purpose."""
    fit: float = 1.0
    """0-1: how much the reading of the key is worth."""
    sidelong: bool = False
    """The key stands beside or behind the face, where a silhouette pulls its azimuth towards the side."""
    moving_key: bool = False
    """A motivated source that moves: its azimuth is free."""


@dataclass(frozen=True, slots=True)
class Departure:
    """How far a frame is from the others of its scene; None was not to be compared."""

    turn_deg: float | None
    contrast_stops: float | None
    mired: float | None
    exposure_ev: float | None
    certain: bool
    same_person: bool
    """Level and colour were compared on someone seen in the other frames too."""
    against: SceneLight


@dataclass(frozen=True, slots=True)
class SceneLight:
    azimuth_deg: float | None
    key_fill_stops: float | None
    exposure_stops: float | None
    mired: float | None


def median_azimuth(angles: Sequence[float]) -> float | None:
    """The angle among them from which the others turn least."""
    if not angles:
        return None
    return min(angles, key=lambda a: (sum(abs(turn_between(a, b)) for b in angles), a))


def scene_light(readings: Iterable[LightReading]) -> SceneLight:
    """The medians of the frames without a light event."""
    kept = [r for r in readings if not r.event]
    levels = [v for r in kept for v in r.levels.values()]
    mireds = [v for r in kept for v in r.mireds.values()]
    stops = [r.key_fill_stops for r in kept if r.key_fill_stops is not None]
    return SceneLight(
        median_azimuth([r.azimuth_deg for r in kept if r.azimuth_deg is not None and not r.moving_key]),
        median(stops) if stops else None,
        median(levels) if levels else None,
        median(mireds) if mireds else None,
    )


def departure(at: int, readings: Sequence[LightReading]) -> Departure | None:
    """Frame `at` against the others; None for an event or where nothing is left to compare with.

    Of two frames alone the later one departs: whoever comes first sets the light.
    """
    own = readings[at]
    others = [r for i, r in enumerate(readings) if i != at and not r.event]
    if own.event or not others or (len(others) == 1 and readings.index(others[0]) > at):
        return None
    light = scene_light(others)
    turn = None
    if own.azimuth_deg is not None and light.azimuth_deg is not None and not own.moving_key:
        turn = turn_between(light.azimuth_deg, own.azimuth_deg)
    contrast = None
    if own.key_fill_stops is not None and light.key_fill_stops is not None:
        contrast = own.key_fill_stops - light.key_fill_stops
    level, same = _against(own.levels, [r.levels for r in others])
    mired, same_colour = _against(own.mireds, [r.mireds for r in others])
    return Departure(turn, contrast, mired, level, own.fit >= CERTAIN_FIT, same and same_colour, light)


def _against(own: Mapping[str, float], others: Sequence[Mapping[str, float]]) -> tuple[float | None, bool]:
    """(the median of how far each person is from itself elsewhere, True), or from everyone else, False."""
    same = [
        value - _usual(value, [o[entity] for o in others if entity in o])
        for entity, value in sorted(own.items())
        if any(entity in o for o in others)
    ]
    if same:
        return median(same), True
    everyone = [v for o in others for v in o.values()]
    if own and everyone:
        return median(own.values()) - median(everyone), False
    return None, False


def _usual(own: float, others: Sequence[float]) -> float:
    """The median with the frame itself: of two others that disagree the mean would blame a third for one's fault."""
    return median([own, *others]) if len(others) > 1 else others[0]


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a frame may depart by, from limits.toml."""

    turn_deg: float
    contrast_stops: float
    mired: float
    exposure_ev: float


def allowed(reading: LightReading, found: Departure) -> Allowed:
    """The continuity limits with the measures' own spread on top; close-ups may soften and cheat."""
    table = limits()["scene"]
    turn = table["close_up_azimuth_deg"] if reading.close else table["azimuth_deg"]
    if reading.sidelong:
        turn = max(turn, table["azimuth_deg"] + table["slack_sidelong_deg"])
    softer = found.contrast_stops is not None and found.contrast_stops < 0
    contrast = table["close_up_contrast_stops"] if reading.close and softer else table["contrast_stops"]
    return Allowed(
        turn + table["slack_azimuth_deg"],
        contrast + table["slack_contrast_stops"],
        table["mired"] + table["slack_mired"] + (0 if found.same_person else table["stranger_mired"]),
        table["exposure_ev"] + table["slack_exposure_ev"] + (0 if found.same_person else table["stranger_ev"]),
    )
