"""What replacing parts changes, worked out beside the database on the keys and hashes that it holds."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from shotwright.adapters.story_store.canonical import edge_row, hash_of, node_row
from shotwright.errors import StoreError
from shotwright.model.graph import ReplaceReport

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from shotwright.model.graph import Edge, Node
    from shotwright.ports.story_store import Part


@dataclass(slots=True)
class HeldNode:
    """A node as the database holds it, or with `new` as it is to be written."""

    scope: str
    order: int
    hash: str | None
    """Of its data; None when something else wrote the document."""
    version: int
    new: Node | None = None


@dataclass(slots=True)
class HeldEdge:
    scope: str
    kind: str
    order: int
    hash: str | None
    src: str
    dst: str
    new: Edge | None = None


@dataclass(slots=True)
class Held:
    """What a production holds, as far as an act of replacing has to know it."""

    scopes: dict[str, str] = field(default_factory=dict)
    """Scope -> hash of its contents, of all."""
    nodes: dict[str, HeldNode] = field(default_factory=dict)
    edges: dict[str, HeldEdge] = field(default_factory=dict)

    def add(self, rows: Iterable[Sequence[Any]]) -> None:
        """Rows of the statements that read keys and hashes."""
        for row in rows:
            if row[0] == "node":
                self.nodes.setdefault(row[1], HeldNode(row[2], row[3], row[4], row[5]))
            else:
                self.edges.setdefault(row[1], HeldEdge(row[2], row[0], row[3], row[4], row[5], row[6]))


class Draft:
    """A part as it is to be: StoreError when it names something twice or holds what cannot be kept."""

    def __init__(self, part: Part) -> None:
        self.scope, nodes, edges = part
        self.nodes = {n.id: n for n in nodes}
        self.edges = {e.key: e for e in edges}
        if len(self.nodes) != len(nodes) or len(self.edges) != len(edges):
            raise StoreError(f"the part {self.scope} names a node or an edge twice", hint="give each its own id or key")
        self._nodes = {n.id: node_row(n) for n in nodes}
        self._edges = {e.key: edge_row(e) for e in edges}
        self.content_hash = hash_of(self._nodes.values(), self._edges.values())

    @property
    def size(self) -> int:
        return len(self.nodes) + len(self.edges)

    @property
    def characters(self) -> int:
        """Of its data, about."""
        data = [row[3] for row in self._nodes.values()] + [row[5] for row in self._edges.values()]
        return sum(len(text) + 400 for text in data)

    def node_hash(self, name: str) -> str:
        return data_hash(self._nodes[name][3])

    def edge_hash(self, key: str) -> str:
        return data_hash(self._edges[key][5])


def data_hash(text: str) -> str:
    """Hash of data in canonical JSON, as a document keeps it. StoreError for text that is not valid Unicode."""
    try:
        return blake2b(text.encode(), digest_size=16).hexdigest()
    except UnicodeEncodeError as error:
        raise StoreError(f"text that is not valid Unicode cannot be kept: {error.reason}") from error


def drafts_of(parts: Sequence[Part]) -> list[Draft]:
    if len({scope for scope, _, _ in parts}) != len(parts):
        raise StoreError("a part is given twice", hint="give each scope once")
    return [Draft(part) for part in parts]


def emptied(scopes: Iterable[str], drafts: Sequence[Draft], under: Sequence[str]) -> list[str]:
    """The scopes that no draft names and whose names begin with one of `under`, in order."""
    named = {draft.scope for draft in drafts}
    return sorted(scope for scope in scopes if scope not in named and under and scope.startswith(tuple(under)))


class Rewriting:
    """One act of replacing, part by part, on what is held: the same that the embedded store does row by row."""

    def __init__(self, held: Held) -> None:
        self.held = held
        self._before = {name: node.scope for name, node in held.nodes.items()}
        self._kinds = {key: edge.kind for key, edge in held.edges.items()}
        self._scopes = dict(held.scopes)
        self._given: set[str] = set()
        self._loaded: dict[str, str] = {}
        """Hashes that a dump gives its scopes: true in the end, whatever moved between them meanwhile."""
        self._gone: list[tuple[str, str]] = []
        self._counts = dict.fromkeys(ReplaceReport.model_fields, 0)
        self._members: dict[str, tuple[dict[str, None], dict[str, None]]] = defaultdict(lambda: ({}, {}))
        self._ends: dict[str, dict[str, None]] = defaultdict(dict)
        for name, node in held.nodes.items():
            self._members[node.scope][0][name] = None
        for key, edge in held.edges.items():
            self._members[edge.scope][1][key] = None
            self._ends[edge.src][key] = self._ends[edge.dst][key] = None

    def put(self, draft: Draft) -> None:
        """Make the scope hold what the draft does."""
        scope = draft.scope
        self._given.add(scope)
        if self.held.scopes.get(scope) == draft.content_hash:
            self._counts["unchanged"] += draft.size
            return
        nodes, edges = self._members[scope]
        stood, linked = list(nodes), list(edges)
        for name, node in draft.nodes.items():
            self._put_node(scope, node, draft.node_hash(name), None)
        for key, edge in draft.edges.items():
            self._put_edge(scope, edge, draft.edge_hash(key))
        self._gone += [(name, scope) for name in stood if name not in draft.nodes]
        for key in linked:
            if key not in draft.edges:
                self._erase(key)
        if draft.size:
            self.held.scopes[scope] = draft.content_hash
        else:
            self.held.scopes.pop(scope, None)

    def load(self, draft: Draft, ids: Collection[str], keys: Collection[str]) -> None:
        """As `put`, with the versions that the nodes have; what `ids` and `keys` name stays wherever it is."""
        scope = draft.scope
        self._given.add(scope)
        stood, linked = (list(names) for names in self._members[scope])
        for name, node in draft.nodes.items():
            self._put_node(scope, node, draft.node_hash(name), node.version)
        for key, edge in draft.edges.items():
            self._put_edge(scope, edge, draft.edge_hash(key))
        self._gone += [(name, scope) for name in stood if name not in ids]
        for key in linked:
            if key not in keys:
                self._erase(key)
        self._loaded[scope] = draft.content_hash

    def finish(self) -> ReplaceReport:
        """Drop the nodes that no part holds any more, and the edges that other parts have to them."""
        for name, scope in self._gone:
            node = self.held.nodes.get(name)
            if node is None or node.scope != scope:
                continue
            del self.held.nodes[name]
            self._counts["nodes_removed"] += 1
            lost = [key for key in self._ends[name] if self.held.edges[key].scope not in self._given]
            for key in sorted(lost):
                self._mark(self.held.edges[key].scope)
                self._erase(key)
        self.held.scopes |= self._loaded
        return ReplaceReport(**self._counts)

    def nodes_to_write(self) -> Iterable[tuple[HeldNode, Node]]:
        return ((held, held.new) for held in self.held.nodes.values() if held.new is not None)

    def edges_to_write(self) -> Iterable[tuple[HeldEdge, Edge]]:
        return ((held, held.new) for held in self.held.edges.values() if held.new is not None)

    def nodes_to_remove(self) -> list[str]:
        return [name for name in self._before if name not in self.held.nodes]

    def edges_to_remove(self) -> list[tuple[str, str]]:
        """(kind, key); an edge that has become one of another kind leaves its old collection."""
        edges = self.held.edges
        return [(kind, key) for key, kind in self._kinds.items() if key not in edges or edges[key].kind != kind]

    def scopes_to_write(self) -> Mapping[str, str]:
        return {scope: text for scope, text in self.held.scopes.items() if self._scopes.get(scope) != text}

    def scopes_to_remove(self) -> list[str]:
        return [scope for scope in self._scopes if scope not in self.held.scopes]

    def _put_node(self, scope: str, node: Node, found: str, version: int | None) -> None:
        held = self.held.nodes.get(node.id)
        known = None if held is None else (held.scope, held.order, held.hash, held.version)
        if held is not None and known == (scope, node.order, found, held.version if version is None else version):
            self._counts["unchanged"] += 1
            return
        if held is not None and held.scope != scope:
            self._mark(held.scope)
            del self._members[held.scope][0][node.id]
        if version is None:
            version = 1 if held is None else held.version + (held.hash != found)
        self.held.nodes[node.id] = HeldNode(scope, node.order, found, version, node)
        self._members[scope][0][node.id] = None
        self._counts["nodes_put"] += 1

    def _put_edge(self, scope: str, edge: Edge, found: str) -> None:
        held = self.held.edges.get(edge.key)
        new = HeldEdge(scope, edge.kind, edge.order, found, edge.src, edge.dst, edge)
        if held is not None:
            if all(getattr(held, name) == getattr(new, name) for name in _COMPARED):
                self._counts["unchanged"] += 1
                return
            if held.scope != scope:
                self._mark(held.scope)
            self._forget(edge.key, held)
        self.held.edges[edge.key] = new
        self._members[scope][1][edge.key] = None
        self._ends[edge.src][edge.key] = self._ends[edge.dst][edge.key] = None
        self._counts["edges_put"] += 1

    def _erase(self, key: str) -> None:
        self._forget(key, self.held.edges.pop(key))
        self._counts["edges_removed"] += 1

    def _forget(self, key: str, held: HeldEdge) -> None:
        del self._members[held.scope][1][key]
        for end in {held.src, held.dst}:
            del self._ends[end][key]

    def _mark(self, scope: str) -> None:
        """What is put last wins: the scope that held it until now is marked, so that it is put again."""
        if scope in self.held.scopes:
            self.held.scopes[scope] = ""


_COMPARED = ("scope", "kind", "order", "hash", "src", "dst")
