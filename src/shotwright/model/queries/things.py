"""Questions about props, vehicles and animals: who has one, and where it goes."""

from __future__ import annotations

from shotwright.model.queries.parameters import OneThing, ThingBefore
from shotwright.model.queries.rows import Lines, SceneRow
from shotwright.model.query import NamedQuery


class SightingRow(SceneRow):
    synopsis: str | None
    """One line of what happens."""
    place: int
    """The place in the scene's chain of hands, from 0."""
    holder: str | None
    """The character that has it; of a character itself; null when nobody has it."""
    how: str
    """`holds` as the scene begins, `takes`, `drops`; `seen` when nobody has it, `appears` of a character."""
    look: str | None
    """What the holder wears: `look/…`."""
    wearing: str | None
    """The same in words."""


class CustodyRow(SceneRow):
    place: int
    """The place in the scene's chain of hands, from 0."""
    holder: str | None
    """The character that has it; null when it is there and in nobody's hands."""
    how: str
    """`holds` as the scene begins, `takes`, `drops`; `seen` when in nobody's hands."""
    unit: str | None
    """The unit of the script at which it changes hands."""
    synopsis: str | None
    """One line of what happens in the scene."""
    lines: Lines | None
    """Where in the script the scene shows it."""


QUERIES = (
    NamedQuery(
        name="last_seen_with",
        what="Who had a prop, and what they wore, latest first; of a character, where it was last seen and in what.",
        parameters=ThingBefore,
        row=SightingRow,
        order=("-order", "scene", "-place", "holder", "look"),
    ),
    NamedQuery(
        name="custody",
        what="Where a prop goes: every hand that holds, takes or drops it, in the order of the film.",
        parameters=OneThing,
        row=CustodyRow,
        order=("order", "scene", "place"),
    ),
)
