"""INSERT, UPDATE, REPLACE, REMOVE and UPSERT, on data that may be written.

All rows are read before the first is written, as though from a snapshot. An error leaves what was
written before it: the caller that wants all or nothing brings a copy or a transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, cast

from shotwright.aql.data import WritableGraphData
from shotwright.aql.failures import AqlFailure
from shotwright.aql.values import equal, truthy

if TYPE_CHECKING:
    from collections.abc import Callable

    from shotwright.aql import syntax
    from shotwright.aql.data import Document
    from shotwright.aql.evaluation import Compiler, Frame, Scope
    from shotwright.aql.statements import Operator, Stream

Change: TypeAlias = "Callable[[Frame], tuple[Document | None, Document | None]]"
"""Writes for one row; gives (OLD, NEW)."""

NOT_FOUND, CONFLICT, UNIQUE, NOT_A_DOCUMENT, KEY_MISSING = 1202, 1200, 1210, 1227, 1221
_SYSTEM = ("_key", "_id", "_rev")


class _Writer:
    """One writing statement's collection and options."""

    def __init__(self, compiler: Compiler, collection: syntax.Expression, options: dict[str, Any]) -> None:
        self.running = compiler.running
        self.collection = compiler.collection(collection)
        self.options = options
        kind = self.running.data.kind(self.collection)
        if kind is None:
            raise self.running.failure(1203, f"collection or view not found: {self.collection}", collection.at)
        if kind == "view":
            raise self.running.failure(1218, f"'{self.collection}' is a view", collection.at, hint="name a collection")
        if not isinstance(self.running.data, WritableGraphData):
            raise self.running.failure(1004, "this store takes no writes", collection.at)
        self._data: WritableGraphData = self.running.data

    def operator(self, change: Change, scope: Scope, compiler: Compiler) -> Operator:
        new, old = compiler.declare("NEW", scope), compiler.declare("OLD", scope)
        running = self.running
        ignore = truthy(self.options.get("ignoreErrors", False))

        def write(frame: Frame, stream: Stream) -> Stream:
            rows = []
            for _ in stream:
                running.meter.step()
                running.meter.charge(2)
                rows.append(frame[:])
            done = []
            for row in rows:
                running.meter.step()
                frame[:] = row
                try:
                    before, after = change(frame)
                    running.writes_executed += before is not None or after is not None
                except AqlFailure as failure:
                    if not ignore or failure.code not in (NOT_FOUND, CONFLICT, UNIQUE, NOT_A_DOCUMENT, KEY_MISSING):
                        raise
                    running.writes_ignored += 1
                    # The server passes such a row on only to who asks for neither OLD nor NEW.
                    if old not in compiler.seen and new not in compiler.seen:
                        done.append(row)
                    continue
                row[old], row[new] = before, after
                done.append(row)
            running.forget()
            for row in done:
                frame[:] = row
                yield

        return write

    def insert(self, document: Any) -> tuple[Document | None, Document | None]:
        if not isinstance(document, dict):
            raise AqlFailure(NOT_A_DOCUMENT, "invalid document type")
        overwrite = "replace" if self.options.get("overwrite") is True else "conflict"
        mode = self.options.get("overwriteMode", overwrite)
        held = self.held(document["_key"]) if mode != "conflict" and isinstance(document.get("_key"), str) else None
        if held is None:
            return None, self._put(document, replace=False)
        if mode == "ignore":
            return None, None
        return held, self.replaced(held, document) if mode == "replace" else self.updated(held, document)

    def updated(self, held: Document, patch: Any) -> Document:
        if not isinstance(patch, dict):
            raise AqlFailure(NOT_A_DOCUMENT, "invalid document type")
        self._check_revision(held, patch)
        merge = self.options.get("mergeObjects", True) is not False
        keep = self.options.get("keepNull", True) is not False
        changed = {name: value for name, value in patch.items() if name not in _SYSTEM}
        merged = _merge(held, changed, deep=merge)
        return self._put(merged if keep else _without_nulls(merged, changed), replace=True)

    def replaced(self, held: Document, document: Any) -> Document:
        if not isinstance(document, dict):
            raise AqlFailure(NOT_A_DOCUMENT, "invalid document type")
        self._check_revision(held, document)
        ends = {name: held[name] for name in ("_from", "_to") if name in held}
        return self._put(ends | document | {"_key": held["_key"]}, replace=True)

    def remove(self, key: Any) -> tuple[Document, None]:
        held = self.find(key)
        self._check_revision(held, key if isinstance(key, dict) else {})
        self._data.drop(self.collection, held["_key"])
        return held, None

    def find(self, key: Any) -> Document:
        """By `_key`, or by a document that has one."""
        if isinstance(key, dict):
            key = key.get("_key")
        if not isinstance(key, str):
            raise AqlFailure(KEY_MISSING, "illegal document key")
        held = self.held(key)
        if held is None:
            raise AqlFailure(NOT_FOUND, "document not found")
        return held

    def held(self, key: str) -> Document | None:
        return self._data.document(f"{self.collection}/{key}")

    def _put(self, document: Document, *, replace: bool) -> Document:
        self.running.meter.weigh(document)
        stored = {name: value for name, value in document.items() if name not in ("_id", "_rev")}
        return self._data.put(self.collection, stored, replace=replace)

    def _check_revision(self, held: Document, given: Document) -> None:
        if self.options.get("ignoreRevs", True) is False and given.get("_rev", held["_rev"]) != held["_rev"]:
            raise AqlFailure(CONFLICT, "conflict, _rev values do not match")


def compile_write(compiler: Compiler, node: syntax.Write, scope: Scope) -> Operator:
    writer = _Writer(compiler, node.collection, compiler.options(node.options))
    key = compiler.expression(node.key, scope) if node.key is not None else None
    value = compiler.expression(node.value, scope) if node.value is not None else None

    def given(frame: Frame) -> Any:
        return value(frame) if value is not None else None

    def named(frame: Frame) -> Any:
        return key(frame) if key is not None else given(frame)

    change: Change
    match node.kind:
        case "INSERT":
            change = lambda frame: writer.insert(given(frame))  # noqa: E731
        case "REMOVE":
            change = lambda frame: writer.remove(named(frame))  # noqa: E731
        case _:
            apply = writer.updated if node.kind == "UPDATE" else writer.replaced

            def change(frame: Frame) -> tuple[Document, Document]:
                held = writer.find(named(frame))
                return held, apply(held, given(frame))

    return writer.operator(change, scope, compiler)


def compile_upsert(compiler: Compiler, node: syntax.Upsert, scope: Scope) -> Operator:
    """UPSERT looks each row up anew: rows before it may have written what it finds."""
    writer = _Writer(compiler, node.collection, compiler.options(node.options))
    running = compiler.running
    inner = _with_hidden(compiler, scope, "CURRENT")
    search = compiler.expression(node.search, inner if node.filtered else scope)
    insert = compiler.expression(node.insert, scope)
    seen = _with_hidden(compiler, scope, "OLD")
    value = compiler.expression(node.value, seen)
    current, old = inner.names["CURRENT"], seen.names["OLD"]
    apply = writer.updated if node.change == "UPDATE" else writer.replaced

    def found(frame: Frame) -> Document | None:
        if node.filtered:
            for document in running.scan(writer.collection, {}):
                frame[current] = document
                if truthy(search(frame)):
                    return document
            return None
        example = search(frame)
        if not isinstance(example, dict):
            raise AqlFailure(NOT_A_DOCUMENT, "UPSERT takes an object to look for")
        asked = {name: part for name, part in example.items() if type(part) in (str, int, float, bool)}
        return next((each for each in running.scan(writer.collection, asked) if _matches(each, example)), None)

    def change(frame: Frame) -> tuple[Document | None, Document | None]:
        held = found(frame)
        if held is None:
            return writer.insert(insert(frame))
        frame[old] = held
        return held, apply(held, value(frame))

    return writer.operator(change, scope, compiler)


def _with_hidden(compiler: Compiler, scope: Scope, name: str) -> Scope:
    from shotwright.aql.evaluation import Scope as NewScope

    inner = NewScope(scope.outer | scope.names)
    compiler.declare(name, inner)
    return inner


def _matches(document: Document, example: dict[str, Any]) -> bool:
    for name, value in example.items():
        held = document.get(name)
        if isinstance(value, dict) and value:
            if not isinstance(held, dict) or not _matches(held, value):
                return False
        elif not equal(held, value):
            return False
    return True


def _merge(held: Document, patch: Document, *, deep: bool) -> Document:
    merged = dict(held)
    for name, value in patch.items():
        before = merged.get(name)
        both = deep and isinstance(before, dict) and isinstance(value, dict)
        merged[name] = _merge(cast("Document", before), value, deep=True) if both else value
    return merged


def _without_nulls(merged: Document, patch: Document) -> Document:
    """Without the attributes that the patch sets to null, on every level that it touches."""
    kept = {}
    for name, value in merged.items():
        if name in patch and patch[name] is None:
            continue
        if isinstance(value, dict) and isinstance(patch.get(name), dict):
            value = _without_nulls(value, patch[name])
        kept[name] = value
    return kept
