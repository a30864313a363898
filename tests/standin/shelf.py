"""The documents of one collection at one time, with what is looked up in them; and the indexes that constrain them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Document = dict[str, Any]
Direction = Literal["OUTBOUND", "INBOUND"]
_END = {"OUTBOUND": "_from", "INBOUND": "_to"}


@dataclass(frozen=True, slots=True)
class Index:
    """An index as the API shows it; `fields` are the attribute paths of one that is unique."""

    shown: dict[str, Any]
    fields: tuple[tuple[str, ...], ...] = field(default=())

    @property
    def unique(self) -> bool:
        return bool(self.shown.get("unique")) and self.shown["type"] == "persistent"

    def entry(self, document: Document) -> str | None:
        """What the document takes in the index; None when a sparse index leaves it out."""
        values = [_value(document, path) for path in self.fields]
        if self.shown.get("sparse") and any(value is None for value in values):
            return None
        return repr([_comparable(value) for value in values])


def _value(document: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        document = document.get(name) if isinstance(document, dict) else None
    return document


def _comparable(value: Any) -> Any:
    """1 and 1.0 are one value in an index, true is not 1."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return float(value)


class Shelf:
    """Documents by key, in the order of their revisions; lookups are built when first asked for."""

    def __init__(self, documents: dict[str, Document], indexes: tuple[Index, ...]) -> None:
        self.documents = documents
        self.indexes = indexes
        self._ends: dict[str, dict[str, list[Document]]] = {}
        self._taken: dict[str, dict[str, str]] = {}

    def copy(self) -> Shelf:
        twin = Shelf(dict(self.documents), self.indexes)
        twin._ends = dict(self._ends)
        twin._taken = {index: dict(taken) for index, taken in self._taken.items()}
        return twin

    def put(self, document: Document) -> None:
        """The document moves to the end, as its revision is the newest."""
        key = document["_key"]
        old = self.documents.pop(key, None)
        self.documents[key] = document
        self._ends.clear()
        for index in self.indexes:
            taken = self._taken.get(index.shown["id"])
            if taken is not None:
                self._release(index, taken, old)
                entry = index.entry(document)
                if entry is not None:
                    taken[entry] = key

    def remove(self, key: str) -> Document | None:
        old = self.documents.pop(key, None)
        self._ends.clear()
        for index in self.indexes:
            taken = self._taken.get(index.shown["id"])
            if taken is not None:
                self._release(index, taken, old)
        return old

    def edges(self, vertex: str, direction: Direction) -> list[Document]:
        by_vertex = self._ends.get(direction)
        if by_vertex is None:
            by_vertex = self._ends[direction] = {}
            for document in list(self.documents.values()):
                by_vertex.setdefault(document[_END[direction]], []).append(document)
        return by_vertex.get(vertex, [])

    def holder(self, index: Index, entry: str) -> str | None:
        """The key of the document which has that entry in a unique index."""
        taken = self._taken.get(index.shown["id"])
        if taken is None:
            taken = self._taken[index.shown["id"]] = {}
            for key, document in self.documents.items():
                own = index.entry(document)
                if own is not None:
                    taken[own] = key
        return taken.get(entry)

    @staticmethod
    def _release(index: Index, taken: dict[str, str], document: Document | None) -> None:
        if document is None:
            return
        entry = index.entry(document)
        if entry is not None and taken.get(entry) == document["_key"]:
            del taken[entry]
