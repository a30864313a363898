"""What the named queries are given. A node is named by its id, `scene/sc_…`; an unknown one has an empty answer."""

from __future__ import annotations

from shotwright.model.value import Value


class OneScene(Value):
    scene: str
    """A scene: `scene/sc_…`."""


class MaybeScene(Value):
    scene: str = ""
    """Only this scene: `scene/sc_…`; empty for the whole film."""


class OneCharacter(Value):
    character: str
    """A character: `character/…`."""


class MaybeCharacter(Value):
    character: str = ""
    """Only what has to do with this character: `character/…`; empty for the whole film."""


class OneLocation(Value):
    location: str
    """A place, which takes in the places within it: `location/…`."""


class OneThing(Value):
    thing: str
    """A prop, vehicle or animal: `prop/…`, `vehicle/…`, `animal/…`."""


class ThingBefore(Value):
    thing: str
    """A prop, vehicle, animal or character."""
    before: str = ""
    """Only scenes before this one: `scene/sc_…`; empty for the whole film."""


class BeatAndLocation(Value):
    beat: str
    """An emotional beat: `grief`, `joy`, `tension_rising` …"""
    location: str = ""
    """Only scenes at this place or within it: `location/…`; empty for every place."""


class Occasion(Value):
    what: str
    """A scene, or what marks scenes out: a plot point, prop, vehicle, animal, location, character, story day or
    `emotional_beat/…`."""


class TwoPlotPoints(Value):
    first: str
    """A plot point: `plot_point/…`."""
    last: str
    """Another; which of the two comes first in the film does not matter."""


class OneAsset(Value):
    asset: str
    """An asset: `asset/…` and its key."""


class OneNode(Value):
    node: str
    """Any node: a scene, character, location, prop, look, asset, shot …"""
