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


RESERVED = frozenset({"production", "node", "edge", "src", "dst", "scope", "order", "version", "words", "hash"})
"""Names that a store keeps for itself in a document, beside the node's or edge's own data."""

COLLECTIONS: dict[NodeKind, str] = {
    "film": "films", "scene": "scenes", "character": "characters", "location": "locations",
    "plot_point": "plot_points", "emotional_beat": "emotional_beats", "story_day": "story_days", "prop": "props",
    "vehicle": "vehicles", "animal": "animals", "look": "looks", "asset": "assets", "shot": "shots",
}  # fmt: skip
"""The collection (in AQL) or view (in SQL) that holds each kind of node; an edge's kind is the name of its own."""

_THINGS: tuple[NodeKind, ...] = ("prop", "vehicle", "animal")
RELATIONS: dict[EdgeKind, tuple[tuple[NodeKind, ...], tuple[NodeKind, ...]]] = {
    "appears_in": (("character",), ("scene",)),
    "takes_place_at": (("scene",), ("location",)),
    "has_emotional_beat": (("scene",), ("emotional_beat",)),
    "follows": (("scene",), ("scene",)),
    "advances": (("scene",), ("plot_point",)),
    "speaks_to": (("character",), ("character",)),
    "uses": (("scene",), _THINGS),
    "wears": (("character",), ("look",)),
    "part_of": (("shot",), ("scene",)),
    "features": (("shot",), ("character", *_THINGS)),
    "needs": (("shot",), ("asset",)),
    "cuts_to": (("shot",), ("shot",)),
    "contains": (("location",), ("location",)),
    "on_day": (("scene",), ("story_day",)),
}
"""Which kinds of node each kind of edge leads from and to."""
