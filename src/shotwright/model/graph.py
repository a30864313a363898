"""The Story Graph as a store holds it: nodes and edges with deterministic keys."""

from typing import Any, Literal

from shotwright.model.value import Value

NodeKind = Literal[
    "film", "scene", "character", "location", "plot_point", "emotional_beat", "story_day", "prop", "vehicle", "animal",
    "look", "asset", "shot",
]  # fmt: skip
EdgeKind = Literal[
    "appears_in", "takes_place_at", "has_emotional_beat", "follows", "advances", "speaks_to", "uses", "wears",
    "part_of", "features", "needs", "cuts_to", "contains", "on_day",
]  # fmt: skip


class Node(Value):
    """A vertex. `id` is unique over kinds (`character/edward`, `scene/sc_…`)."""

    id: str
    kind: NodeKind
    data: dict[str, Any] = {}
    order: int = 0
    version: int = 1


class Edge(Value):
    """A directed edge. `key` carries a discriminator, so that two edges of one kind between the same pair can stand."""

    key: str
    kind: EdgeKind
    src: str
    dst: str
    data: dict[str, Any] = {}
    order: int = 0


class ReplaceReport(Value):
    """What replacing a scope did."""

    nodes_put: int = 0
    nodes_removed: int = 0
    edges_put: int = 0
    edges_removed: int = 0
    unchanged: int = 0
