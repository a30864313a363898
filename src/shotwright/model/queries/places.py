"""Questions about places, feelings and days: which scenes share them."""

from __future__ import annotations

from shotwright.model.query import NamedQuery
from shotwright.model.value import Value


class BeatAndLocation(Value):
    beat: str
    """An emotional beat: `grief`, `joy`, `tension_rising` …"""
    location: str = ""
    """Only scenes at this place or within it: `location/…`; empty for every place."""


class BeatSceneRow(Value):
    scene: str
    order: int
    """The scene's place in the film."""
    synopsis: str | None
    location: str
    intensity: float | None
    """The greatest of this feeling in the scene, 0-1."""


QUERIES = (
    NamedQuery(
        name="scenes_by_beat_and_location",
        what="Scenes that hold a feeling, in order, with its greatest intensity there; a place takes in the places "
        "within it.",
        parameters=BeatAndLocation,
        row=BeatSceneRow,
        order=("order", "scene", "location"),
    ),
)
