"""Writing parts of a production: what is held is read, what differs is written, all in one transaction.

One document of `meta` belongs to each production and every transaction writes it first. So of two that write the same
production at the same time one fails with a write conflict and is done again on what the other left, while other
productions in the same collections are not held up, as they would be by exclusive locks.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from shotwright.adapters.story_store.arango.delta import Draft, Held, Rewriting, drafts_of, emptied
from shotwright.adapters.story_store.arango.layout import META, SCOPES, WRITTEN
from shotwright.adapters.story_store.canonical import whole
from shotwright.adapters.story_store.documents import document_key, edge_document, edge_key, node_document
from shotwright.adapters.story_store.dump_lines import read_dump
from shotwright.adapters.story_store.words import searchable
from shotwright.model.graph import COLLECTIONS, Node, ReplaceReport

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from shotwright.adapters.story_store.arango.connection import Connection, Transaction
    from shotwright.adapters.story_store.arango.delta import HeldEdge, HeldNode
    from shotwright.model.graph import Edge
    from shotwright.ports.story_store import Part

LARGEST_TRANSACTION = 96_000_000
"""Characters of data, about. A server takes 128 MiB at least in one transaction, and all of it is in its memory."""


def put_parts(
    connection: Connection, production: str, parts: Sequence[Part], under: Sequence[str] = ()
) -> ReplaceReport:
    """Put the parts and empty every other scope whose name begins with one of `under`. One request when all is so."""
    drafts = drafts_of(parts)
    scopes = stored_scopes(connection, production)
    if not emptied(scopes, drafts, under) and all(scopes.get(d.scope) == d.content_hash for d in drafts):
        return ReplaceReport(unchanged=sum(draft.size for draft in drafts))
    settled: list[ReplaceReport] = []

    def act(transaction: Transaction) -> ReplaceReport:
        _claim(transaction, production)
        held = Held(scopes=_scopes(transaction.rows("scopes.aql", {"production": production})))
        gone = [Draft((scope, (), ())) for scope in emptied(held.scopes, drafts, under)]
        changed = [d for d in (*gone, *drafts) if held.scopes.get(d.scope) != d.content_hash]
        _read(transaction, production, held, changed)
        rewriting = Rewriting(held)
        for draft in (*gone, *drafts):
            rewriting.put(draft)
        report = rewriting.finish()
        if not changed and settled:
            # The commit before this try was done, although its answer was lost.
            return settled[-1]
        _write(transaction, production, rewriting)
        settled.append(report)
        return report

    return connection.transact(WRITTEN, act, "the parts were not put")


def load_lines(
    connection: Connection, production: str, lines: Iterable[str], largest: int = LARGEST_TRANSACTION
) -> ReplaceReport:
    """Put what a dump holds, in one transaction where a server takes it at once.

    What is larger goes in several, none of more than `largest` characters unless one part is. The first empties the
    hash of every part that the dump names, and each part gets its own when it is there: a load that was cut short shows
    in `scopes`, and the same load goes on from it.
    """
    drafts = _drafts(lines)
    ids = {name for draft in drafts for name in draft.nodes}
    keys = {key for draft in drafts for key in draft.edges}
    groups = list(_groups(drafts, largest))
    if len(groups) > 1:
        names = {draft.scope for draft in drafts}
        connection.transact(WRITTEN, lambda t: _mark(t, production, names), "the dump was not loaded")
    total = dict.fromkeys(ReplaceReport.model_fields, 0)
    for group in groups:
        for count, value in _load_group(connection, production, group, ids, keys):
            total[count] += value
    return ReplaceReport(**total)


def stored_scopes(connection: Connection, production: str) -> dict[str, str]:
    return _scopes(connection.rows("scopes.aql", {"production": production}))


def new_node_document(production: str, scope: str, node: Node, version: int, found: str) -> dict[str, Any]:
    """The document of a node whose data has the hash `found`, whole numbers as integers."""
    plain = node.model_copy(update={"data": whole(node.data), "version": version})
    return {**node_document(production, scope, plain, searchable(node.data)), "hash": found}


def scope_document(production: str, scope: str, content_hash: str) -> dict[str, Any]:
    key = document_key(production, scope)
    return {"_key": key, "production": production, "scope": scope, "content_hash": content_hash}


def _load_group(
    connection: Connection, production: str, drafts: Sequence[Draft], ids: set[str], keys: set[str]
) -> ReplaceReport:
    settled: list[ReplaceReport] = []

    def act(transaction: Transaction) -> ReplaceReport:
        _claim(transaction, production)
        held = Held(scopes=_scopes(transaction.rows("scopes.aql", {"production": production})))
        _read(transaction, production, held, drafts)
        rewriting = Rewriting(held)
        for draft in drafts:
            rewriting.load(draft, ids, keys)
        report = rewriting.finish()
        if settled and report.unchanged == sum(draft.size for draft in drafts):
            return settled[-1]
        _write(transaction, production, rewriting)
        settled.append(report)
        return report

    return connection.transact(WRITTEN, act, "the dump was not loaded")


def _drafts(lines: Iterable[str]) -> list[Draft]:
    parts: dict[str, tuple[list[Node], list[Edge]]] = {}
    for _, scope, item in read_dump(lines):
        nodes, edges = parts.setdefault(scope, ([], []))
        if isinstance(item, Node):
            nodes.append(item)
        else:
            edges.append(item)
    return [Draft((scope, nodes, edges)) for scope, (nodes, edges) in parts.items()]


def _groups(drafts: Sequence[Draft], largest: int) -> Iterable[list[Draft]]:
    group: list[Draft] = []
    size = 0
    for draft in drafts:
        if group and size + draft.characters > largest:
            yield group
            group, size = [], 0
        group.append(draft)
        size += draft.characters
    if group:
        yield group


def _claim(transaction: Transaction, production: str) -> None:
    transaction.put(META, [{"_key": f"writer:{production}", "production": production}])


def _mark(transaction: Transaction, production: str, names: set[str]) -> None:
    _claim(transaction, production)
    transaction.put(SCOPES, [scope_document(production, scope, "") for scope in sorted(names)])


def _read(transaction: Transaction, production: str, held: Held, drafts: Sequence[Draft]) -> None:
    """Into `held`, what these drafts may change: their scopes, what they take from others, and edges that may go."""
    if not held.scopes:
        return
    ids = [name for draft in drafts for name in draft.nodes]
    keys = [key for draft in drafts for key in draft.edges]
    bind: dict[str, Any] = {"production": production, "scopes": [draft.scope for draft in drafts]}
    held.add(transaction.rows("parts.aql", bind))
    nodes = [name for name in ids if name not in held.nodes]
    edges = [key for key in keys if key not in held.edges]
    given = set(ids)
    gone = [_identifier(production, name) for name in held.nodes if name not in given]
    if nodes or edges:
        held.add(transaction.rows("moved.aql", {"production": production, "nodes": nodes, "edges": edges}))
    if gone:
        held.add(transaction.rows("touching.aql", {"nodes": gone}))


def _write(transaction: Transaction, production: str, rewriting: Rewriting) -> None:
    removed: dict[str, list[str]] = defaultdict(list)
    for name in rewriting.nodes_to_remove():
        collection, _, key = _identifier(production, name).partition("/")
        removed[collection].append(key)
    for kind, key in rewriting.edges_to_remove():
        removed[kind].append(edge_key(production, key))
    removed[SCOPES] = [document_key(production, scope) for scope in rewriting.scopes_to_remove()]
    put: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for held, node in rewriting.nodes_to_write():
        put[COLLECTIONS[node.kind]].append(_node(production, held, node))
    for drawn, edge in rewriting.edges_to_write():
        put[edge.kind].append(_edge(production, drawn, edge))
    put[SCOPES] = [scope_document(production, s, content) for s, content in rewriting.scopes_to_write().items()]
    for collection, keys in removed.items():
        transaction.remove(collection, keys)
    for collection, documents in put.items():
        transaction.put(collection, documents)


def _node(production: str, held: HeldNode, node: Node) -> dict[str, Any]:
    return new_node_document(production, held.scope, node, held.version, held.hash or "")


def _edge(production: str, held: HeldEdge, edge: Edge) -> dict[str, Any]:
    plain = edge.model_copy(update={"data": whole(edge.data)})
    return {**edge_document(production, held.scope, plain), "hash": held.hash or ""}


def _identifier(production: str, node_id: str) -> str:
    kind, _, name = node_id.partition("/")
    return f"{COLLECTIONS[kind]}/{document_key(production, name)}"  # type: ignore[index]


def _scopes(rows: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {scope: content for scope, content in sorted(rows)}
