"""One run of a query: its data, its bind variables, what it has warned of, and its measure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from shotwright.aql.failures import AqlFailure
from shotwright.aql.syntax import where

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from shotwright.aql.data import Document, GraphData
    from shotwright.aql.limits import Meter

WARNINGS = 10
"""A query tells of its first ten warnings, as the server does."""


class Running:
    """What every part of a running query shares; functions get it as their context."""

    __slots__ = (
        "_documents",
        "_edges",
        "bind",
        "data",
        "meter",
        "text",
        "warnings",
        "writes_executed",
        "writes_ignored",
    )

    database = "_system"
    user: str | None = None

    def __init__(self, text: str, bind: Mapping[str, Any], data: GraphData, meter: Meter) -> None:
        self.text = text
        self.bind = bind
        self.data = data
        self.meter = meter
        self.warnings: list[tuple[int, str]] = []
        self.writes_executed = 0
        self.writes_ignored = 0
        self._documents: dict[str, Document | None] = {}
        self._edges: dict[tuple[str, str, str], Sequence[Document]] = {}

    def warn(self, code: int, message: str) -> None:
        if len(self.warnings) < WARNINGS:
            self.warnings.append((code, message))

    def budget(self, size: int) -> None:
        """Before `size` values are made, or about as many steps taken."""
        self.meter.charge(size)
        self.meter.look()

    def count(self, collection: str) -> int | None:
        """Documents in a collection; None when there is no such collection."""
        if self.data.kind(collection) is None:
            return None
        return sum(1 for _ in self.scan(collection, {}))

    def failure(self, code: int, message: str, at: int, *, hint: str = "") -> AqlFailure:
        """The error of one place in the text."""
        line, column = where(self.text, at)
        return AqlFailure(code, message, hint=hint, line=line, column=column)

    def document(self, identifier: str) -> Document | None:
        """By `_id`, read once in a query."""
        try:
            return self._documents[identifier]
        except KeyError:
            self.meter.step()
            self.meter.scanned += 1
            found = self._documents[identifier] = self.data.document(identifier)
            self.meter.charge(1)
            return found

    def vertex(self, identifier: str) -> Document | None:
        """The document at the end of an edge; a dangling edge gives None and a warning."""
        found = self.document(identifier)
        if found is None:
            self.warn(1202, f"document not found: {identifier}")
        return found

    def edges(self, collection: str, vertex: str, way: Literal["OUTBOUND", "INBOUND"]) -> Sequence[Document]:
        """Of one vertex, read once in a query."""
        key = (collection, vertex, way)
        try:
            return self._edges[key]
        except KeyError:
            found = self._edges[key] = self.data.edges(collection, vertex, way)
            self.meter.scanned += len(found)
            self.meter.charge(1 + len(found))
            self.meter.step()
            return found

    def scan(self, collection: str, equal: Mapping[str, Any]) -> Iterator[Document]:
        meter = self.meter
        for document in self.data.scan(collection, equal):
            meter.scanned += 1
            meter.step()
            yield document

    def forget(self) -> None:
        """Documents have changed."""
        self._documents.clear()
        self._edges.clear()
