"""A graph held in memory: what the tests query and write."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Literal

from shotwright.aql.failures import AqlFailure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from shotwright.aql.data import Document, EdgeDefinition

KEY = re.compile(r"[A-Za-z0-9_\-:.@()+,=;$!*'%]{1,254}", re.ASCII)
"""What ArangoDB allows as `_key`."""

Kind = Literal["documents", "edges"]


class MemoryGraph:
    """Collections, views over them and named graphs. Documents go in through `put`, which numbers keys and revisions.

    A view is a name for several collections. `edges` orders as `scan` does: by key, and numeric keys by number.
    """

    def __init__(
        self,
        collections: Mapping[str, Kind],
        *,
        views: Mapping[str, Sequence[str]] | None = None,
        graphs: Mapping[str, Sequence[EdgeDefinition]] | None = None,
    ) -> None:
        self._kinds = dict(collections)
        self._views = dict(views or {})
        self._graphs = dict(graphs or {})
        self._documents: dict[str, dict[str, Document]] = {name: {} for name in collections}
        self._ends: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        self._sorted: dict[str, list[Document]] = {}
        self._by_value: dict[tuple[str, str], dict[Any, list[Document]]] = {}
        self._count = 0

    def kind(self, collection: str) -> Literal["documents", "edges", "view"] | None:
        return "view" if collection in self._views else self._kinds.get(collection)

    def scan(self, collection: str, equal: Mapping[str, Any]) -> Iterable[Document]:
        if collection in self._views:
            return [found for member in self._views[collection] for found in self.scan(member, equal)]
        if not equal:
            return self._all(collection)
        name = next((known for known in ("_key", "_id") if known in equal), next(iter(equal)))
        return self._having(collection, name, equal[name])

    def document(self, identifier: str) -> Document | None:
        collection, _, key = identifier.partition("/")
        return self._documents.get(collection, {}).get(key)

    def edges(self, collection: str, vertex: str, direction: Literal["OUTBOUND", "INBOUND"]) -> Sequence[Document]:
        end = "_from" if direction == "OUTBOUND" else "_to"
        keys = self._ends[collection, end].get(vertex, ())
        held = self._documents[collection]
        return [held[key] for key in sorted(keys, key=_key_order)]

    def graph(self, name: str) -> Sequence[EdgeDefinition] | None:
        return self._graphs.get(name)

    def put(self, collection: str, document: Document, *, replace: bool) -> Document:
        held = self._collection(collection)
        self._count += 1
        key = document.get("_key", str(self._count))
        if not isinstance(key, str) or not KEY.fullmatch(key):
            raise AqlFailure(1221, "illegal document key")
        if key in held:
            if not replace:
                raise AqlFailure(
                    1210,
                    "unique constraint violated - in index primary of type primary over '_key'; "
                    f"conflicting key: {key}",
                )
            self.drop(collection, key)
        if self._kinds[collection] == "edges":
            for end in ("_from", "_to"):
                if not isinstance(document.get(end), str) or "/" not in document[end]:
                    raise AqlFailure(1233, "edge attribute missing or invalid")
                self._ends[collection, end][document[end]].add(key)
        own = {"_key": key, "_id": f"{collection}/{key}", "_rev": f"_r{self._count:07d}"}
        stored = own | {name: value for name, value in document.items() if name not in own}
        held[key] = stored
        self._changed(collection)
        return stored

    def drop(self, collection: str, key: str) -> Document | None:
        removed = self._collection(collection).pop(key, None)
        if removed is not None:
            for end in ("_from", "_to"):
                if end in removed and self._kinds[collection] == "edges":
                    self._ends[collection, end][removed[end]].discard(key)
            self._changed(collection)
        return removed

    def _collection(self, name: str) -> dict[str, Document]:
        if name not in self._documents:
            raise AqlFailure(1203, f"collection or view not found: {name}")
        return self._documents[name]

    def _all(self, collection: str) -> list[Document]:
        found = self._sorted.get(collection)
        if found is None:
            held = self._collection(collection)
            found = self._sorted[collection] = [held[key] for key in sorted(held, key=_key_order)]
        return found

    def _having(self, collection: str, name: str, value: Any) -> list[Document]:
        if name in ("_key", "_id"):
            identifier = f"{collection}/{value}" if name == "_key" else str(value)
            found = self.document(identifier)
            return [] if found is None or found["_id"].split("/")[0] != collection else [found]
        index = self._by_value.get((collection, name))
        if index is None:
            index = self._by_value[collection, name] = defaultdict(list)
            for document in self._all(collection):
                held = document.get(name)
                for value_held in dict.fromkeys(_simple(held if isinstance(held, list) else [held])):
                    index[value_held].append(document)
        return index.get(value, [])

    def _changed(self, collection: str) -> None:
        self._sorted.pop(collection, None)
        for index in [known for known in self._by_value if known[0] == collection]:
            del self._by_value[index]


def _simple(items: Iterable[Any]) -> Iterator[str | int | float]:
    for item in items:
        if isinstance(item, str | int | float):
            yield item


def _key_order(key: str) -> tuple[int, int, str]:
    return (0, int(key), key) if key.isdecimal() and key.isascii() else (1, 0, key)
