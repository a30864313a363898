"""The table of ids that a reading leaves for the next one: what each scene and unit was when it got its id."""

from typing import Literal

from shotwright.model.ids import SceneId, UnitId
from shotwright.model.value import Value


class UnitEntry(Value):
    """A unit as the last draft had it."""

    id: UnitId
    kind: Literal["action", "speech", "direction"]
    text: str
    cue: str = ""


class SceneEntry(Value):
    """A scene as the last draft had it, units in order."""

    id: SceneId
    heading: str
    """As written, without its number; empty for the material before the first heading."""
    number: str | None = None
    units: tuple[UnitEntry, ...] = ()


class IdTable(Value):
    """Every scene of a draft in order. Reading the same draft against its own table gives the same ids."""

    scenes: tuple[SceneEntry, ...] = ()
