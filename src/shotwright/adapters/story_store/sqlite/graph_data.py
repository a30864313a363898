"""The graph as documents that AQL asks: what a server would hold, read out of the tables as it is asked for."""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Literal, get_args
from urllib.parse import unquote

from shotwright.adapters.story_store.documents import (
    KINDS,
    document_key,
    edge_document,
    edge_key,
    node_document,
)
from shotwright.adapters.story_store.sqlite.failures import trusting_contents
from shotwright.aql.data import EdgeDefinition
from shotwright.model.graph import COLLECTIONS, RELATIONS, Edge, EdgeKind, Node

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from shotwright.aql.data import Document

GRAPH = "story"
"""The named graph of all relations."""
SEARCH_VIEW = "story_search"
"""The view of all collections of nodes."""

_EDGE_KINDS = frozenset(get_args(EdgeKind))
_NODE = "SELECT production, scope, id, kind, ord, version, data, words FROM nodes WHERE"
_EDGE = "SELECT production, scope, key, kind, src, dst, ord, data FROM edges WHERE"
_LONG = 15
"""Characters of an id from which on its escaped key may be too long to hold it whole."""


class SqliteGraphData:
    """`GraphData` over a connection whose reads see one state of the file. It holds every production of the file."""

    def __init__(self, db: sqlite3.Connection, path: Path | None) -> None:
        self._db = db
        self._path = path

    def kind(self, collection: str) -> Literal["documents", "edges", "view"] | None:
        if collection == SEARCH_VIEW:
            return "view"
        return "documents" if collection in KINDS else "edges" if collection in _EDGE_KINDS else None

    def scan(self, collection: str, equal: Mapping[str, Any]) -> Iterator[Document]:
        if collection == SEARCH_VIEW:
            for member in KINDS:
                yield from self.scan(member, equal)
        elif collection in KINDS:
            yield from self._nodes(collection, equal)
        elif collection in _EDGE_KINDS:
            yield from self._edges(collection, equal)

    def document(self, identifier: str) -> Document | None:
        collection, _, key = identifier.partition("/")
        return next(iter(self.scan(collection, {"_key": key})), None) if collection != SEARCH_VIEW else None

    def edges(self, collection: str, vertex: str, direction: Literal["OUTBOUND", "INBOUND"]) -> Sequence[Document]:
        end = "_from" if direction == "OUTBOUND" else "_to"
        return list(self._edges(collection, {end: vertex})) if collection in _EDGE_KINDS else []

    def graph(self, name: str) -> Sequence[EdgeDefinition] | None:
        if name != GRAPH:
            return None
        return [
            EdgeDefinition(kind, tuple(COLLECTIONS[k] for k in sources), tuple(COLLECTIONS[k] for k in targets))
            for kind, (sources, targets) in RELATIONS.items()
        ]

    def _nodes(self, collection: str, equal: Mapping[str, Any]) -> Iterator[Document]:
        narrowed = _Narrowed(f"kind = '{KINDS[collection]}'")
        for name, column in (("production", "production"), ("node", "id"), ("scope", "scope")):
            narrowed.text(column, equal.get(name))
        narrowed.number("ord", equal.get("order"))
        for key in _keys(collection, equal):
            named = self._node_named(collection, key)
            if named is None:
                return
            narrowed.text("production", named[0])
            narrowed.text("id", named[1])
        query = f"SELECT production, id, row FROM nodes WHERE {narrowed.where}"
        found = self._db.execute(query, narrowed.values).fetchall()
        for _, row in sorted((document_key(of, node_id.partition("/")[2]), row) for of, node_id, row in found):
            for values in self._db.execute(f"{_NODE} row = ?", (row,)):
                with trusting_contents(self._path):
                    document = _node_document(collection, values)
                yield document

    def _edges(self, collection: str, equal: Mapping[str, Any]) -> Iterator[Document]:
        narrowed = _Narrowed(f"kind = '{collection}'")
        for name, column in (
            ("production", "production"), ("edge", "key"), ("scope", "scope"), ("src", "src"), ("dst", "dst")
        ):  # fmt: skip
            narrowed.text(column, equal.get(name))
        for name, column in (("_from", "src"), ("_to", "dst")):
            if isinstance(equal.get(name), str):
                of, _, key = equal[name].partition("/")
                end = self._node_named(of, key)
                if end is None:
                    return
                narrowed.text("production", end[0])
                narrowed.text(column, end[1])
        asked = _keys(collection, equal)
        for key in asked:
            narrowed.text("production", key.partition(":")[0])
        query = f"SELECT production, key FROM edges WHERE {narrowed.where}"
        found = sorted((edge_key(of, key), of, key) for of, key in self._db.execute(query, narrowed.values))
        for key, of, name in found:
            if all(key == each for each in asked):
                for values in self._db.execute(f"{_EDGE} production = ? AND key = ?", (of, name)):
                    with trusting_contents(self._path):
                        document = _edge_document(collection, values)
                    yield document

    def _node_named(self, collection: str, key: str) -> tuple[str, str] | None:
        """(production, id) that a document key stands for, whether there is such a node or not; None for no key."""
        production, colon, escaped = key.partition(":")
        if not colon or not key.isascii() or collection not in KINDS:
            return None
        kind = KINDS[collection]
        name = unquote(escaped, errors="replace")
        if document_key(production, name) == key:
            return production, f"{kind}/{name}"
        query = f"SELECT id FROM nodes WHERE production = ? AND kind = ? AND length(id) > {_LONG}"
        for (node_id,) in self._db.execute(query, (production, kind)):
            if document_key(production, node_id.partition("/")[2]) == key:
                return production, node_id
        return None


class _Narrowed:
    """The condition of a query, with the values that it compares to."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.values: list[Any] = []

    def text(self, column: str, value: Any) -> None:
        # A lone surrogate equals nothing that is kept, and cannot be asked for.
        if isinstance(value, str):
            self._add(column, value.encode("utf-8", "replace").decode())

    def number(self, column: str, value: Any) -> None:
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 2**63:
            self._add(column, value)

    def _add(self, column: str, value: Any) -> None:
        self.where += f" AND {column} = ?"
        self.values.append(value)


def _keys(collection: str, equal: Mapping[str, Any]) -> list[str]:
    """The document keys that are asked for: `_key`, and `_id`, which names the collection too."""
    found = [equal["_key"]] if isinstance(equal.get("_key"), str) else []
    if isinstance(equal.get("_id"), str):
        of, _, key = equal["_id"].partition("/")
        found.append(key if of == collection else "")
    return found


def _node_document(collection: str, values: Sequence[Any]) -> Document:
    production, scope, node_id, kind, order, version, data, words = values
    node = Node.model_construct(id=node_id, kind=kind, data=json.loads(data), order=order, version=version)
    document = node_document(production, scope, node, words)
    return {**document, "_id": f"{collection}/{document['_key']}", "_rev": _revision(version, scope, order, data)}


def _edge_document(collection: str, values: Sequence[Any]) -> Document:
    production, scope, key, kind, src, dst, order, data = values
    edge = Edge.model_construct(key=key, kind=kind, src=src, dst=dst, data=json.loads(data), order=order)
    document = edge_document(production, scope, edge)
    return {**document, "_id": f"{collection}/{document['_key']}", "_rev": _revision(1, scope, src, dst, order, data)}


def _revision(version: int, *contents: Any) -> str:
    """Other when anything of the document is: a server counts its revisions, here they follow from the contents."""
    return f"_{version:x}{blake2b(repr(contents).encode('utf-8', 'surrogatepass'), digest_size=5).hexdigest()}"
