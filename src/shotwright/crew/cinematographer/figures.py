"""The people and things of one shot on its floor plan, before a camera is chosen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shotwright.craft.optics import ADULT_M

if TYPE_CHECKING:
    from shotwright.craft.floor import FloorKind
    from shotwright.craft.geometry import Plan
    from shotwright.crew.cinematographer.cameras import Setup
    from shotwright.model.crew import DirectedShot
    from shotwright.model.vocabulary import Pose

ELEMENTS = ("montage_element", "series_element")
"""Functions of shots that have a floor of their own each."""


@dataclass(slots=True)
class Figure:
    """Somebody in the place during one shot. Headings in degrees of the room."""

    id: str
    at: Plan
    heading: float
    pose_start: Pose
    pose_end: Pose
    target: str
    target_at: Plan | None
    gaze_heading: float
    left: str | None
    right: str | None
    speaking: bool
    addressee: str | None
    eye_m: float
    height_m: float = ADULT_M
    base_m: float = 0.0
    """Above the floor, of what a small animal stands on."""
    phase: float = 0.0
    going: float | None = None
    """Heading of its travel."""
    enters: bool = False
    exits: bool = False
    doing: str = ""
    """The last action of the shot that is its own, as written."""

    @property
    def way(self) -> int:
        """+1 when it looks to screen right of the room, -1 to the left: cameras stand on that side of the look."""
        if abs(self.gaze_heading) < 1.0:
            return 1 if self.at[0] < 0 else -1
        return 1 if self.gaze_heading > 0 else -1


@dataclass(slots=True)
class Stage:
    """One space with its own floor plan. Positions persist in it."""

    key: str
    place: str
    kind: FloorKind
    facing: int
    """+1: people with nothing to look at face screen right."""
    slots: dict[str, Plan] = field(default_factory=dict)
    driver: str | None = None
    poses: dict[str, Pose] = field(default_factory=dict)
    targets: dict[str, str] = field(default_factory=dict)
    things: dict[str, tuple[float, float, float]] = field(default_factory=dict)
    opened: bool = False
    fits: dict[tuple[str, str, str, int, float, str], tuple[int, float]] = field(default_factory=dict)
    """Frames of several people that were measured: (kind, subject, the others, size, azimuth, pose) -> (size, azimuth
    of the camera about the subject)."""
    ones: dict[tuple[object, ...], tuple[Setup, tuple[str, ...]]] = field(default_factory=dict)
    """Cameras found for frames of one person: all that the place of one depends on -> (camera, who else is seen)."""


@dataclass(slots=True)
class Moment:
    """One shot before its camera."""

    shot: DirectedShot
    stage: Stage
    figures: dict[str, Figure]
    things: dict[str, tuple[float, float, float]]
    changes: tuple[str, ...]
    pair: tuple[str, str] | None
    """Whoever speaks and whom to, or who looks and at whom; both in the place."""
    opens_stage: bool
    texts: tuple[str, ...]
    handled: str = ""
    """The thing that somebody's hands are on in what the shot shows last."""
    thing_ways: dict[str, float] = field(default_factory=dict)
    """Vehicle or animal that travels -> heading."""
    glance: str = ""
    """At whom the driver looks for a moment."""
