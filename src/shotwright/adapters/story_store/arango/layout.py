"""What a database that holds Story Graphs consists of: collections, schemas, indexes, the graph and the search view."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from typing import Any

from shotwright.adapters.story_store.arango.schemas import edge_rule, node_rule, own_rule
from shotwright.model.graph import COLLECTIONS, RELATIONS

VERSION = 1
"""Of the layout. A database of a newer one is refused, one of an older is brought to this."""
GRAPH, VIEW = "story", "story_search"
SCOPES, META = "scopes", "meta"
LAYOUT_KEY = "layout"
"""The document in `meta` that says which layout the database has."""
OURS = "shotwright: "
"""What the message of every schema of ours begins with: by it a collection is known as ours."""

VERTICES = tuple(COLLECTIONS.values())
EDGES: tuple[str, ...] = tuple(RELATIONS)
WRITTEN = (*VERTICES, *EDGES, SCOPES, META)
"""All collections, as a transaction that writes parts names them."""


@dataclass(frozen=True, slots=True)
class Index:
    """A persistent index. Its name tells it from those of others."""

    name: str
    fields: tuple[str, ...]
    unique: bool = False

    def body(self) -> dict[str, Any]:
        return {"type": "persistent", "name": self.name, "fields": list(self.fields), "unique": self.unique}


@dataclass(frozen=True, slots=True)
class Collection:
    name: str
    edges: bool
    rule: dict[str, Any]
    message: str
    indexes: tuple[Index, ...]

    def schema(self) -> dict[str, Any]:
        return {"rule": self.rule, "level": "moderate", "message": self.message}

    def body(self) -> dict[str, Any]:
        return {"name": self.name, "type": 3 if self.edges else 2, "schema": self.schema()}


_NODE_INDEXES = (
    Index("story_node", ("production", "node"), unique=True),
    Index("story_order", ("production", "order")),
    Index("story_scope", ("production", "scope")),
)
_EDGE_INDEXES = (
    Index("story_edge", ("production", "edge"), unique=True),
    Index("story_scope", ("production", "scope")),
    Index("story_from", ("_from", "order")),
    Index("story_to", ("_to", "order")),
)


@cache
def collections() -> tuple[Collection, ...]:
    """Every collection, the one that says which layout this is last."""
    nodes = (
        Collection(name, False, node_rule(kind), f"{OURS}not a {kind} of a story graph", _NODE_INDEXES)
        for kind, name in COLLECTIONS.items()
    )
    edges = (
        Collection(kind, True, edge_rule(kind), f"{OURS}not an edge {kind} of a story graph", _EDGE_INDEXES)
        for kind in RELATIONS
    )
    scope = Index("story_scope", ("production", "scope"), unique=True)
    part = own_rule({"production": "string", "scope": "string", "content_hash": "string"})
    own = (
        Collection(SCOPES, False, part, f"{OURS}not a part of a story graph", (scope,)),
        Collection(META, False, own_rule({}), f"{OURS}not a note about the database", ()),
    )
    return (*nodes, *edges, *own)


def graph_definition() -> dict[str, Any]:
    """The named graph: which collections each relation leads from and to; what no relation names stands alone."""
    definitions = [
        {
            "collection": kind,
            "from": sorted(COLLECTIONS[k] for k in sources),
            "to": sorted(COLLECTIONS[k] for k in targets),
        }
        for kind, (sources, targets) in RELATIONS.items()
    ]
    related = {name for d in definitions for end in ("from", "to") for name in d[end]}
    return {
        "name": GRAPH,
        "edgeDefinitions": definitions,
        "orphanCollections": [name for name in VERTICES if name not in related],
    }


def view_links() -> dict[str, Any]:
    """What the search view looks at: the words of each node, as they are, and whose they are."""
    # Said of the whole link: a server does not repeat with a field what the link says already.
    link = {"analyzers": ["identity"], "includeAllFields": False, "fields": {"production": {}, "words": {}}}
    return dict.fromkeys(VERTICES, link)


@cache
def layout_mark() -> str:
    """Hash of everything here, so that one request tells whether a database is as it must be."""
    whole = [[c.body(), [i.body() for i in c.indexes]] for c in collections()]
    text = json.dumps([VERSION, whole, graph_definition(), view_links()], sort_keys=True)
    return blake2b(text.encode(), digest_size=16).hexdigest()
