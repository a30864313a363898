"""The StoryStore on an ArangoDB server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from shotwright.adapters.story_store.arango import writing
from shotwright.adapters.story_store.arango.asking import ask_aql
from shotwright.adapters.story_store.arango.connection import Connection, document_path
from shotwright.adapters.story_store.arango.delta import data_hash
from shotwright.adapters.story_store.arango.errors import (
    DATA_SOURCE_NOT_FOUND,
    DOCUMENT_NOT_FOUND,
    Refusal,
)
from shotwright.adapters.story_store.arango.layout import SCOPES
from shotwright.adapters.story_store.arango.setup import prepare
from shotwright.adapters.story_store.canonical import edge_row, hash_of, node_row, whole
from shotwright.adapters.story_store.documents import (
    document_key,
    edge_of,
    node_identifier,
    node_of,
    require_own_names,
    require_production,
)
from shotwright.adapters.story_store.dump_lines import edge_line, node_line
from shotwright.adapters.story_store.named_queries import query_text
from shotwright.adapters.story_store.words import rank, words_of
from shotwright.errors import QueryError, StaleEdit, StoreError
from shotwright.model.graph import RELATIONS, Edge, EdgeKind, Node, NodeKind, ReplaceReport

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from shotwright.adapters.story_store.arango.connection import Transaction
    from shotwright.adapters.story_store.arango.retrying import Backoff
    from shotwright.adapters.story_store.arango.settings import ArangoSettings
    from shotwright.model.query import AskLimits, QueryLanguage, RawAnswer
    from shotwright.ports.story_store import Part

FARTHEST = 1_000_000
"""Edges: more than any film's graph has on one way."""


class ArangoStoryStore:
    """A StoryStore in a database of an ArangoDB server (3.12 or later), which may hold many productions.

    Opening makes the database ready where it is not. `http_client` stands in for the driver's own, and `backoff` says
    how failures that may pass are met. StoreError when the server cannot be reached or used.
    """

    def __init__(
        self, settings: ArangoSettings, production: str, *, http_client: Any = None, backoff: Backoff | None = None
    ) -> None:
        self._production = require_production(production)
        self._connection = Connection(settings, http_client=http_client, backoff=backoff)
        try:
            prepare(self._connection)
        except BaseException:
            self._connection.close()
            raise

    @property
    def production(self) -> str:
        return self._production

    def replace(self, scope: str, nodes: Sequence[Node], edges: Sequence[Edge]) -> ReplaceReport:
        return writing.put_parts(self._connection, self._production, [(scope, nodes, edges)])

    def replace_all(self, parts: Sequence[Part], *, under: Sequence[str] = ("",)) -> ReplaceReport:
        return writing.put_parts(self._connection, self._production, parts, under)

    def get(self, node_id: str) -> Node | None:
        document = self._document(node_id)
        return None if document is None else _node(document)

    def neighbours(
        self,
        node_id: str,
        kinds: Sequence[EdgeKind] = (),
        direction: Literal["out", "in", "any"] = "any",
        depth: int = 1,
    ) -> list[Node]:
        start = self._identifier(node_id)
        wanted = [kind for kind in RELATIONS if kind in kinds] if kinds else list(RELATIONS)
        if start is None or not wanted or depth < 1:
            return []
        bind = {"start": start, "kinds": wanted, "depth": min(depth, FARTHEST)}
        rows = self._connection.rows(f"neighbours_{direction}.aql", bind)
        found = [(steps, _node(document)) for steps, document in rows]
        found.sort(key=lambda item: (item[0], item[1].kind, item[1].order, item[1].id))
        return [node for _, node in found if node.id != node_id]

    def run(self, query: str, **parameters: Any) -> list[dict[str, Any]]:
        from shotwright.model.queries import query_named

        named = query_named(query)
        bound = named.bind(parameters) | {"production": self._production}
        return named.sort(whole(row) for row in self._connection.query(query_text(query, "aql"), bound))

    def ask(
        self, language: QueryLanguage, text: str, bind: Mapping[str, Any], limits: AskLimits | None = None
    ) -> RawAnswer:
        if language != "aql":
            raise QueryError("SQL belongs to the embedded store", hint="ask a server in AQL")
        return ask_aql(self._connection, self._production, text, bind, limits)

    def search(self, text: str, kinds: Sequence[NodeKind] = ()) -> list[Node]:
        wanted = list(dict.fromkeys(words_of(text)))
        if not wanted:
            return []
        rows = self._connection.rows("search.aql", {"production": self._production, "words": wanted})
        found = [(_node(row), f" {' '.join(row['words'])} ") for row in rows]
        found = [(node, words) for node, words in found if not kinds or node.kind in kinds]
        return [node for node, _ in sorted(found, key=lambda item: rank(item[0], item[1], wanted))]

    def patch_if(self, node_id: str, expected_version: int, patch: dict[str, Any]) -> Node:
        require_own_names(node_id, patch)
        written: list[str] = []

        def act(transaction: Transaction) -> Node:
            document = self._document(node_id, transaction)
            if document is None:
                raise StaleEdit(f"{node_id} is no longer in the story graph", hint="look again, then edit")
            if written and document["_rev"] == written[-1]:
                # The commit before this try was done, although its answer was lost.
                return _node(document)
            node = _node(document)
            if node.version != expected_version:
                raise StaleEdit(
                    f"{node_id} has changed since you looked (version {node.version}, not {expected_version})",
                    hint="look again, then edit",
                )
            patched = node.model_copy(update={"data": whole({**node.data, **patch}), "version": expected_version + 1})
            found = data_hash(node_row(patched)[3])
            scope = str(document["scope"])
            new = writing.new_node_document(self._production, scope, patched, patched.version, found)
            try:
                written.append(transaction.replace(str(document["_id"]), new, str(document["_rev"])))
            except Refusal as refusal:
                if refusal.status != 412 and refusal.number != DOCUMENT_NOT_FOUND:
                    raise
                raise StaleEdit(
                    f"{node_id} is being changed by another process", hint="look again, then edit"
                ) from refusal
            self._unsettle(transaction, scope)
            return patched

        collections = (*self._collection_of(node_id), SCOPES)
        return self._connection.transact(collections, act, f"{node_id} was not changed")

    def dump(self) -> Iterator[str]:
        """The graph as JSON lines, nodes first, in a fixed order. All of it is read before the first line is given."""
        nodes, edges = self._everything()
        for document in sorted(nodes, key=lambda d: (d["node"].partition("/")[0], d["order"], d["node"])):
            node = _node(document)
            yield node_line(document["scope"], node_row(node), node.version)
        for kind, document in sorted(edges, key=lambda e: str(e[1]["edge"])):
            yield edge_line(document["scope"], edge_row(edge_of(document, kind)))

    def load(self, lines: Iterable[str]) -> ReplaceReport:
        return writing.load_lines(self._connection, self._production, lines)

    def scopes(self) -> dict[str, str]:
        return writing.stored_scopes(self._connection, self._production)

    def fingerprint(self) -> str:
        nodes, edges = self._everything()
        return hash_of(
            (node_row(_node(document)) for document in nodes),
            (edge_row(edge_of(document, kind)) for kind, document in edges),
        )

    def close(self) -> None:
        self._connection.close()

    def _everything(self) -> tuple[list[dict[str, Any]], list[tuple[str, dict[str, Any]]]]:
        """Documents of nodes, and of edges with their kind: one state of the database."""
        rows = self._connection.rows("everything.aql", {"production": self._production})
        nodes = [document for kind, document in rows if kind == "node"]
        return nodes, [(kind, document) for kind, document in rows if kind != "node"]

    def _document(self, node_id: str, transaction: Transaction | None = None) -> dict[str, Any] | None:
        identifier = self._identifier(node_id)
        if identifier is None:
            return None

        def read() -> dict[str, Any] | None:
            try:
                found: dict[str, Any] = self._connection.send(
                    "get", document_path(identifier), transaction=transaction.id if transaction else ""
                )
            except Refusal as refusal:
                if refusal.number == DOCUMENT_NOT_FOUND:
                    return None
                raise
            return found

        return read() if transaction else self._connection.attempt(read)

    def _identifier(self, node_id: str) -> str | None:
        try:
            return node_identifier(self._production, node_id)
        except StoreError:
            return None

    def _collection_of(self, node_id: str) -> tuple[str, ...]:
        identifier = self._identifier(node_id)
        return () if identifier is None else (identifier.partition("/")[0],)

    def _unsettle(self, transaction: Transaction, scope: str) -> None:
        """Empty the hash of a scope, where the scope is known."""
        path = document_path(f"{SCOPES}/{document_key(self._production, scope)}")
        try:
            self._connection.send("patch", path, {"content_hash": ""}, transaction=transaction.id)
        except Refusal as refusal:
            if refusal.number not in (DOCUMENT_NOT_FOUND, DATA_SOURCE_NOT_FOUND):
                raise


def _node(document: Mapping[str, Any]) -> Node:
    """The node of a document, whole numbers as integers."""
    node = node_of(document)
    return node.model_copy(update={"data": whole(node.data)})
