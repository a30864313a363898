"""Questions about a scene and about the order of scenes."""

from __future__ import annotations

from typing import Any, Literal

from shotwright.model.query import NamedQuery
from shotwright.model.value import Value


class OneScene(Value):
    scene: str
    """A scene: `scene/sc_…`."""


class BriefingRow(Value):
    part: Literal["scene", "cast", "place", "thing", "plot_point", "previous", "next"]
    """What the row tells of."""
    order: int
    """The place among the rows of its part."""
    id: str
    """The node that it tells of."""
    data: Any
    """What the scene sees of the node; of a neighbour the little that a scene is briefed on. Null when unknown."""
    edge: Any
    """What binds the node to the scene: of the cast its presence. Null of the scene itself."""
    look: Any
    """Of the cast: what it wears here; else null."""


QUERIES = (
    NamedQuery(
        name="scene_briefing",
        what="All that the crew is told about a scene in one answer: the scene, its cast with looks and feelings, "
        "place, things, plot points and neighbours.",
        parameters=OneScene,
        row=BriefingRow,
        order=("part", "order", "id"),
    ),
)
