"""The one spelling of a node's or an edge's data, and the hash of a part: the same in every technology."""

from __future__ import annotations

import json
import re
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from shotwright.adapters.story_store.documents import require_own_names
from shotwright.errors import StoreError
from shotwright.model.graph import COLLECTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shotwright.model.graph import Edge, Node

NodeRow = tuple[str, str, int, str]
"""(id, kind, order, data in canonical JSON)."""
EdgeRow = tuple[str, str, str, str, int, str]
"""(key, kind, src, dst, order, data in canonical JSON)."""

_encode = json.JSONEncoder(
    sort_keys=True, ensure_ascii=False, separators=(",", ":"), check_circular=False, allow_nan=False
).encode
_WHOLE_FLOAT = re.compile(r"\d\.0(?!\d)")
"""Where a float that is a whole number may stand in JSON; text that looks like one costs only a second look."""
_EXACT = 2**53
"""Whole numbers up to here are exact in a double, which is what ArangoDB keeps; Python writes none with an exponent."""


def canonical(data: Any) -> str:
    """JSON with sorted keys and no spaces; a whole number is written as an integer, as ArangoDB gives it back."""
    text = _encode(data)
    return _encode(whole(data)) if ".0" in text and _WHOLE_FLOAT.search(text) else text


def whole(value: Any) -> Any:
    """The value with every float that is a whole number made an integer."""
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) <= _EXACT else value
    if isinstance(value, dict):
        return {name: whole(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [whole(item) for item in value]
    return value


def node_row(node: Node) -> NodeRow:
    """A node as it is hashed and kept. StoreError when its id is not `kind/name` or its data cannot be kept."""
    if not node.id.startswith(f"{node.kind}/") or len(node.id) == len(node.kind) + 1:
        raise StoreError(f"{node.id!r} is not the id of a {node.kind}", hint=f"it must be {node.kind}/ and a name")
    return node.id, node.kind, node.order, _data(node.id, node.data)


def edge_row(edge: Edge) -> EdgeRow:
    """An edge as it is hashed and kept. StoreError when an end is not the id of a node or its data cannot be kept."""
    for end in (edge.src, edge.dst):
        kind, _, name = end.partition("/")
        if kind not in COLLECTIONS or not name:
            raise StoreError(f"the edge {edge.key} leads to {end!r}", hint="an end is a kind of node, / and a name")
    return edge.key, edge.kind, edge.src, edge.dst, edge.order, _data(edge.key, edge.data)


def _data(name: str, data: dict[str, Any]) -> str:
    require_own_names(name, data)
    try:
        return canonical(data)
    except (ValueError, TypeError, RecursionError) as error:
        raise StoreError(f"{name}: its data is not JSON: {error}", hint="infinite numbers are none either") from error


def content_hash(nodes: Iterable[tuple[Node, str]], edges: Iterable[tuple[Edge, str]]) -> str:
    """Hash of a part's nodes and edges, each with its data in canonical JSON. Their order does not matter."""
    return hash_of(
        ((n.id, n.kind, n.order, data) for n, data in nodes),
        ((e.key, e.kind, e.src, e.dst, e.order, data) for e, data in edges),
    )


def hash_of(nodes: Iterable[NodeRow], edges: Iterable[EdgeRow]) -> str:
    """Hash of nodes and edges in any order: of a part its content hash, of a whole production its fingerprint.

    Scopes and versions do not count, so what came about another way and is the same has the same hash.
    """
    state = blake2b(digest_size=20)
    for name, kind, order, data in sorted(nodes):
        state.update(f"{name}\0{kind}\0{order}\0{data}\0\0".encode("utf-8", "surrogatepass"))
    for key, kind, src, dst, order, data in sorted(edges):
        state.update(f"{key}\0{kind}\0{src}\0{dst}\0{order}\0{data}\0\0".encode("utf-8", "surrogatepass"))
    return state.hexdigest()
