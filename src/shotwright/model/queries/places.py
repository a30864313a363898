"""Questions about places, feelings and days: which scenes share them."""

from __future__ import annotations

from shotwright.model.queries.parameters import BeatAndLocation, OneLocation, OneScene
from shotwright.model.queries.rows import Feeling, Lines, SceneRow
from shotwright.model.query import NamedQuery, NoParameters


class BeatSceneRow(SceneRow):
    synopsis: str | None
    """One line of what happens."""
    location: str
    """Where: `location/…`."""
    intensity: float | None
    """The greatest of this feeling in the scene, 0-1."""


class PlaceSceneRow(SceneRow):
    location: str
    """The place itself or one within it."""
    heading: str | None
    """The slugline as written."""
    synopsis: str | None
    """One line of what happens."""
    time_of_day: str | None
    """Resolved: `midday`, `night` …"""
    story_day: str | None
    """`D1`, `N1`, `FB1` …"""
    eighths: int | None
    """The scene's length in eighths of a page."""
    characters: tuple[str, ...]
    """Who is in the place, in the order of the scene's cast."""
    lines: Lines | None
    """Where the scene stands in the script."""


class KindredRow(SceneRow):
    synopsis: str | None
    """One line of what happens."""
    location: str
    """The scene's place, or one that holds or lies within it."""
    same_place: bool
    """The very same place."""
    feelings: tuple[Feeling, ...]
    """Those that both scenes hold, in this one's order."""


class DayRow(SceneRow):
    story_day: str | None
    """`D1`, `N1`, `FB1` …"""
    day_order: int | None
    """The day's place among the film's story days."""
    time_of_day: str | None
    """Resolved: `midday`, `night` …"""
    continuous: bool | None
    """It goes on from the scene before without a gap in time."""
    flashback: bool | None
    """It tells of an earlier time."""
    dream: bool | None
    """It is dreamt."""
    location: str | None
    """Where: `location/…`."""
    synopsis: str | None
    """One line of what happens."""
    eighths: int | None
    """The scene's length in eighths of a page."""


QUERIES = (
    NamedQuery(
        name="scenes_at_location",
        what="The scenes at a place and the places within it, with time, story day, length and who is there.",
        parameters=OneLocation,
        row=PlaceSceneRow,
        order=("order", "scene", "location"),
    ),
    NamedQuery(
        name="scenes_by_beat_and_location",
        what="Scenes that hold a feeling, in order, with its greatest intensity there; a place takes in the places "
        "within it.",
        parameters=BeatAndLocation,
        row=BeatSceneRow,
        order=("order", "scene", "location"),
    ),
    NamedQuery(
        name="same_place_and_feeling",
        what="Other scenes that share a scene's place, or one around or within it, and a feeling with it.",
        parameters=OneScene,
        row=KindredRow,
        order=("order", "scene", "location"),
    ),
    NamedQuery(
        name="story_days",
        what="Which scenes play on which story day, at what time, and which go on without a gap.",
        parameters=NoParameters,
        row=DayRow,
        order=("day_order", "order", "scene"),
    ),
)
