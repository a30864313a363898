"""The one spelling of a node's or an edge's data, and the hash of a part: the same in every technology."""

from __future__ import annotations

import json
import re
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shotwright.model.graph import Edge, Node

_encode = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), check_circular=False).encode
_WHOLE_FLOAT = re.compile(r"\d\.0(?!\d)|\de[+-]?\d")
"""Where a float that is a whole number may stand in JSON; text that looks like one costs only a second look."""
_EXACT = 2**53
"""Whole numbers up to here are exact in a double, which is what ArangoDB keeps."""


def canonical(data: Any) -> str:
    """JSON with sorted keys and no spaces; a whole number is written as an integer, as ArangoDB gives it back."""
    text = _encode(data)
    return _encode(whole(data)) if _WHOLE_FLOAT.search(text) else text


def whole(value: Any) -> Any:
    """The value with every float that is a whole number made an integer."""
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) <= _EXACT else value
    if isinstance(value, dict):
        return {name: whole(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [whole(item) for item in value]
    return value


def content_hash(nodes: Iterable[tuple[Node, str]], edges: Iterable[tuple[Edge, str]]) -> str:
    """Hash of a part's nodes and edges, each with its data in canonical JSON. Their order does not matter."""
    rows = [(n.id, n.kind, str(n.order), data) for n, data in nodes]
    rows.sort()
    links = [(e.key, e.kind, e.src, e.dst, str(e.order), data) for e, data in edges]
    links.sort()
    state = blake2b(digest_size=20)
    for row in (*rows, *links):
        state.update("\0".join(row).encode("utf-8", "surrogatepass"))
        state.update(b"\0\0")
    return state.hexdigest()
