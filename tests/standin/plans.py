"""A plan for a query: one node or two a statement, so that a client can tell what is read and what is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shotwright.aql import syntax

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.standin.queries import TransactionData

_WRITES = {"INSERT": "InsertNode", "UPDATE": "UpdateNode", "REPLACE": "ReplaceNode", "REMOVE": "RemoveNode"}
_PATHS = {"SHORTEST_PATH": "ShortestPathNode"}
_PLAIN = {
    syntax.Filter: ("CalculationNode", "FilterNode"), syntax.Sort: ("SortNode",), syntax.Limit: ("LimitNode",),
    syntax.Collect: ("CollectNode",), syntax.Window: ("WindowNode",), syntax.Let: ("CalculationNode",),
}  # fmt: skip


def plan(query: syntax.Query, data: TransactionData, bind: Mapping[str, Any]) -> dict[str, Any]:
    """Not optimised, costs made up."""
    builder = _Builder(data, bind)
    builder.add("SingletonNode", bindParameterVariables={})
    builder.query(query)
    writes = any(node["type"] in {*_WRITES.values(), "UpsertNode"} for node in builder.nodes)
    return {
        "nodes": builder.nodes, "rules": [], "asyncPrefetchNodes": 0, "estimatedCost": len(builder.nodes),
        "estimatedNrItems": 1,
        "collections": [{"name": name, "type": kind} for name, kind in sorted(builder.collections.items())],
        "variables": [
            {"id": at, "name": name, "isFullDocumentFromCollection": False} for at, name in enumerate(builder.names)
        ],
        "isModificationQuery": writes,
    }  # fmt: skip


class _Builder:
    def __init__(self, data: TransactionData, bind: Mapping[str, Any]) -> None:
        self._data = data
        self._bind = bind
        self.nodes: list[dict[str, Any]] = []
        self.collections: dict[str, str] = {}
        self.names: list[str] = []

    def add(self, kind: str, **own: Any) -> None:
        number = len(self.nodes) + 1
        dependencies = [number - 1] if self.nodes else []
        costs = {"estimatedCost": number, "estimatedNrItems": 1}
        self.nodes.append({"type": kind, "dependencies": dependencies, "id": number, **costs, **own})

    def query(self, query: syntax.Query) -> None:
        for declared in query.declared:
            self._used(declared, "read")
        for statement in query.statements:
            self._statement(statement)

    def _statement(self, statement: syntax.Statement) -> None:
        for inner in _subqueries(statement):
            self.add("SubqueryStartNode")
            self.query(inner)
            self.add("SubqueryEndNode")
        match statement:
            case syntax.For():
                self.names += statement.names
                self._source(statement)
            case syntax.Return():
                if not isinstance(statement.value, syntax.Name):
                    self.add("CalculationNode")
                self.add("ReturnNode")
            case syntax.Write():
                self.add("CalculationNode")
                self.add(_WRITES[statement.kind], collection=self._used(statement.collection, "write"))
            case syntax.Upsert():
                self.add("CalculationNode")
                self.add("UpsertNode", collection=self._used(statement.collection, "write"))
            case _:
                if isinstance(statement, syntax.Let):
                    self.names.append(statement.name)
                for kind in _PLAIN[type(statement)]:
                    self.add(kind)

    def _source(self, statement: syntax.For) -> None:
        source = statement.source
        if isinstance(source, syntax.Traversal | syntax.PathSearch):
            for _, edges in source.edges:
                self._used(edges, "read")
            kind = "TraversalNode"
            if isinstance(source, syntax.PathSearch):
                kind = _PATHS.get(source.kind, "EnumeratePathsNode")
            if source.graph is not None:
                name = self._name(source.graph)
                for definition in self._data.graph(name) or ():
                    for used in (definition.collection, *definition.sources, *definition.targets):
                        self.collections.setdefault(used, "read")
            self.add(kind)
            return
        name = self._name(source)
        found = self._data.kind(name) if name not in self.names[: -len(statement.names)] else None
        if found == "view":
            self.add("EnumerateViewNode", view=name)
        elif found is not None:
            self.collections.setdefault(name, "read")
            self.add("EnumerateCollectionNode", collection=name)
        else:
            self.add("CalculationNode")
            self.add("EnumerateListNode")

    def _used(self, expression: syntax.Expression, kind: str) -> str:
        name = self._name(expression)
        if kind == "write" or name not in self.collections:
            self.collections[name] = kind
        return name

    def _name(self, expression: syntax.Expression) -> str:
        match expression:
            case syntax.Name(name=name):
                return name
            case syntax.Bind(name=name, collection=collection):
                return str(self._bind.get(f"@{name}" if collection else name, ""))
            case syntax.Constant(value=value):
                return str(value)
        return ""


def _subqueries(statement: syntax.Statement) -> Iterator[syntax.Query]:
    """The sub-queries right within a statement, not those within them."""
    ahead: list[Any] = list(syntax.children(statement))
    while ahead:
        node = ahead.pop(0)
        if isinstance(node, syntax.Query):
            yield node
        else:
            ahead = [*syntax.children(node), *ahead]
