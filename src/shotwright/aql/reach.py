"""The edges that a traversal or a path search may follow, from a named graph or a list of edge collections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from shotwright.aql.values import is_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shotwright.aql import syntax
    from shotwright.aql.data import Document
    from shotwright.aql.evaluation import Compiler, Frame, Scope, Thunk

Way: TypeAlias = Literal["OUTBOUND", "INBOUND"]
_WAYS: dict[str, tuple[Way, ...]] = {
    "OUTBOUND": ("OUTBOUND",),
    "INBOUND": ("INBOUND",),
    "ANY": ("OUTBOUND", "INBOUND"),
}
_TURNED: dict[Way, Way] = {"OUTBOUND": "INBOUND", "INBOUND": "OUTBOUND"}


class Reach:
    """What lies one edge away from a vertex."""

    def __init__(self, compiler: Compiler, node: syntax.Traversal | syntax.PathSearch, options: dict[str, Any]) -> None:
        self._running = compiler.running
        listed = _listed(compiler, node)
        refuse = compiler.running.failure
        for name in ("edgeCollections", "vertexCollections", "weightAttribute"):
            if _names(options.get(name, [])) is None:
                raise refuse(10, f"{name} takes one name or an array of names", node.at)
        wanted = _names(options.get("edgeCollections"))
        # Of ANY the second way meets again what loops from a vertex to itself.
        self._steps: list[tuple[str, Way, bool]] = [
            (collection, way, direction == "ANY" and way == "INBOUND")
            for collection, direction in listed
            if not wanted or collection in wanted
            for way in _WAYS[direction]
        ]
        self._vertices = _names(options.get("vertexCollections"))
        self._weight: tuple[str, ...] | None = _names(options.get("weightAttribute"))
        """The attribute, and within it those below, as one may write `["travel", "hours"]`."""
        default = options.get("defaultWeight", 1)
        self._default: float = default if is_number(default) else 1

    def around(self, vertex: str, *, backwards: bool = False) -> Iterator[tuple[Document, str]]:
        """(edge, the vertex at its other end), collection by collection in their order, each by key."""
        step, edges = self._running.meter.step, self._running.edges
        for collection, way, again in self._steps:
            if backwards:
                way = _TURNED[way]
            end = "_to" if way == "OUTBOUND" else "_from"
            for edge in edges(collection, vertex, way):
                step()
                other = edge[end]
                if again and other == vertex:
                    # A loop was met on its way out.
                    continue
                if not self._vertices or other.partition("/")[0] in self._vertices:
                    yield edge, other

    @property
    def weighted(self) -> bool:
        return self._weight is not None

    def cost(self, edge: Document) -> float:
        """1, or the weight attribute, or where an edge has none the default weight; never below 0."""
        if self._weight is None:
            return 1
        value: Any = edge
        for name in self._weight:
            value = value.get(name) if isinstance(value, dict) else None
        cost: float = value if value is not None and is_number(value) else self._default
        if cost < 0:
            raise self._running.failure(
                10, f"negative edge weight found: {edge['_id']}", 0, hint="paths take weights from 0"
            )
        return cost


def _listed(compiler: Compiler, node: syntax.Traversal | syntax.PathSearch) -> list[tuple[str, str]]:
    """(edge collection, direction), each collection once."""
    data, failure = compiler.running.data, compiler.running.failure
    if node.graph is not None:
        name = compiler.collection(node.graph)
        definitions = data.graph(name)
        if definitions is None:
            raise failure(1924, f"graph '{name}' not found", node.graph.at)
        return [(each, node.direction) for each in dict.fromkeys(definition.collection for definition in definitions)]
    found: dict[str, str] = {}
    for direction, expression in node.edges:
        name = compiler.collection(expression)
        kind = data.kind(name)
        if kind is None:
            raise failure(1203, f"collection or view not found: {name}", expression.at)
        if kind != "edges":
            raise failure(
                1218, f"collection '{name}' holds no edges", expression.at, hint="a traversal follows edge collections"
            )
        if found.setdefault(name, direction or node.direction) != (direction or node.direction):
            raise failure(1218, f"conflicting directions specified for collection '{name}'", expression.at)
    return list(found.items())


def _names(value: Any) -> tuple[str, ...] | None:
    """Of one name or an array of them; None for anything else."""
    found = tuple(value) if isinstance(value, list) else (value,)
    return found if all(isinstance(name, str) for name in found) else None


def compile_vertex(compiler: Compiler, node: syntax.Expression, scope: Scope) -> Thunk:
    """The `_id` of a start or target, given as an id or as a document; None, with a warning, for anything else."""
    value = compiler.expression(node, scope)
    running = compiler.running

    def read(frame: Frame) -> str | None:
        found = value(frame)
        if type(found) is dict:
            found = found.get("_id")
        if type(found) is str and "/" in found:
            return found
        running.warn(10, "invalid start vertex: only id strings and objects with _id are allowed")
        return None

    return read
