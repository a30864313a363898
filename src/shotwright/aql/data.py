"""What the interpreter reads, and in tests writes: collections of documents, edges between them, and named graphs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Document = dict[str, Any]
"""With `_key`, `_id` (`collection/key`), `_rev`, and for an edge `_from` and `_to`."""


@dataclass(frozen=True, slots=True)
class EdgeDefinition:
    """One relation of a named graph: an edge collection and the vertex collections at its ends."""

    collection: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]


class GraphData(Protocol):
    """Documents to query. Nothing here changes what it returned; the interpreter changes none of it either."""

    def kind(self, collection: str) -> Literal["documents", "edges", "view"] | None:
        """What a name stands for; None when there is no such collection or view."""

    def scan(self, collection: str, equal: Mapping[str, Any]) -> Iterable[Document]:
        """All documents in the store's own order (by key). Of a view: of all that it covers.

        `equal` (top-level attribute -> string, number or truth value that the query asks for anyway) lets a store
        narrow the scan. A store may ignore it, and give more than what equals; it may leave out nothing whose
        attribute equals the value or, since SEARCH asks in the same way, is an array that holds it.
        """

    def document(self, identifier: str) -> Document | None:
        """By `_id`."""

    def edges(self, collection: str, vertex: str, direction: Literal["OUTBOUND", "INBOUND"]) -> Sequence[Document]:
        """Edges of one collection that leave (OUTBOUND) or reach (INBOUND) the vertex with this `_id`, by key."""

    def graph(self, name: str) -> Sequence[EdgeDefinition] | None:
        """A named graph; None when there is none of that name."""


@runtime_checkable
class WritableGraphData(GraphData, Protocol):
    """Documents that INSERT, UPDATE, REPLACE, REMOVE and UPSERT may change."""

    def put(self, collection: str, document: Document, *, replace: bool) -> Document:
        """Store a whole document under its `_key` (made when absent) and return it with `_id` and a new `_rev`. An
        existing key is an error (`unique constraint violated`, 1210) unless `replace`."""

    def drop(self, collection: str, key: str) -> Document | None:
        """Remove; what was there, or None."""
