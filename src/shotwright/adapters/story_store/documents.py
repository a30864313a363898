"""A node or an edge as a document: what AQL sees, in ArangoDB and in the embedded store alike.

A document holds the data's own fields beside those of the store: `production`, `node` (`character/ada`) or `edge` (its
key) with `src` and `dst`, `scope`, `order`, and of a node `version` and `words`. So `FOR c IN characters FILTER c.name
== "Ada"` asks as one would expect, and no name of the data can hide one of the store's.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from shotwright.errors import StoreError
from shotwright.model.graph import COLLECTIONS, RESERVED, Edge, Node

if TYPE_CHECKING:
    from collections.abc import Mapping

KINDS = {collection: kind for kind, collection in COLLECTIONS.items()}
LONGEST_KEY = 254
"""Bytes of a document key in ArangoDB."""
_KEY_MARKS = "-_.@()+,=;$!*'"
"""What a key may hold beside letters and digits, the colon that ends the production's name and the escape `%` apart."""
_PRODUCTION = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_STORE_FIELDS = RESERVED | {"_key", "_id", "_rev", "_from", "_to"}


def require_production(name: str) -> str:
    """The name; StoreError for one that is not a production's: letters a-z, digits, `-` and `_`, at most 64."""
    if not _PRODUCTION.fullmatch(name):
        raise StoreError(
            f"{name!r} is not the name of a production", hint="use lower-case letters, digits, - and _, at most 64"
        )
    return name


def document_key(production: str, name: str) -> str:
    """`production:name` as a document key: what a key may not hold is escaped, what is too long is cut and hashed."""
    key = f"{production}:{quote(name, safe=_KEY_MARKS, errors='surrogatepass')}"
    if len(key) <= LONGEST_KEY:
        return key
    mark = blake2b(name.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
    return f"{key[: LONGEST_KEY - len(mark) - 1].rstrip('%')}.{mark}"


def node_identifier(production: str, node_id: str) -> str:
    """`character/ada` -> `characters/<production>:ada`. StoreError for a kind that there is none of."""
    kind, _, name = node_id.partition("/")
    if kind not in COLLECTIONS or not name:
        raise StoreError(f"{node_id!r} is not the id of a node", hint=f"kinds are {', '.join(COLLECTIONS)}")
    return f"{COLLECTIONS[kind]}/{document_key(production, name)}"


def node_document(production: str, scope: str, node: Node, words: str) -> dict[str, Any]:
    return {
        **node.data,
        "_key": document_key(production, node.id.partition("/")[2]),
        "production": production,
        "node": node.id,
        "scope": scope,
        "order": node.order,
        "version": node.version,
        "words": words.split(),
    }


def edge_document(production: str, scope: str, edge: Edge) -> dict[str, Any]:
    return {
        **edge.data,
        "_key": edge_key(production, edge.key),
        "_from": node_identifier(production, edge.src),
        "_to": node_identifier(production, edge.dst),
        "production": production,
        "edge": edge.key,
        "src": edge.src,
        "dst": edge.dst,
        "scope": scope,
        "order": edge.order,
    }


def edge_key(production: str, key: str) -> str:
    """The document key of an edge: its own key names two nodes, which is too long to escape in full."""
    return f"{production}:{blake2b(key.encode('utf-8', 'surrogatepass'), digest_size=12).hexdigest()}"


def node_of(document: Mapping[str, Any]) -> Node:
    kind = KINDS[document["_id"].partition("/")[0]] if "_id" in document else document["node"].partition("/")[0]
    return Node(
        id=document["node"], kind=kind, data=own_data(document), order=document["order"], version=document["version"]
    )


def edge_of(document: Mapping[str, Any], kind: str) -> Edge:
    return Edge.model_validate(
        {
            "key": document["edge"], "kind": kind, "src": document["src"], "dst": document["dst"],
            "data": own_data(document), "order": document["order"],
        }
    )  # fmt: skip


def own_data(document: Mapping[str, Any]) -> dict[str, Any]:
    """The data that a document was made from."""
    return {name: value for name, value in document.items() if name not in _STORE_FIELDS}


def require_own_names(name: str, data: Mapping[str, Any]) -> None:
    """StoreError when the data of a node or edge uses a name that the store keeps for itself."""
    for field in data:
        if field in RESERVED or field.startswith("_"):
            raise StoreError(f"{name}: its data may not name a field {field!r}", hint="the store keeps that for itself")
