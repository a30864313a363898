"""Questions about props, vehicles, animals and what is worn: who has it, and where."""

from __future__ import annotations

from shotwright.model.query import NamedQuery
from shotwright.model.value import Value


class ThingBefore(Value):
    thing: str
    """A prop, vehicle, animal or character."""
    before: str = ""
    """Only scenes before this one: `scene/sc_…`; empty for the whole film."""


class SightingRow(Value):
    scene: str
    order: int
    """The scene's place in the film."""
    synopsis: str | None
    place: int
    """The place in the scene's chain of hands, from 0."""
    holder: str | None
    """The character that has it; of a character itself; null when nobody has it."""
    how: str
    """`holds`, `takes`, `drops`; `seen` when nobody has it, `appears` of a character."""
    look: str | None
    """What the holder wears: `look/…`."""
    wearing: str | None
    """The same in words."""


QUERIES = (
    NamedQuery(
        name="last_seen_with",
        what="Who had a prop, and what they wore, latest first; of a character, where it was last seen and in what.",
        parameters=ThingBefore,
        row=SightingRow,
        order=("-order", "scene", "-place", "holder", "look"),
    ),
)
