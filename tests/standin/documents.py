"""What can be done to documents: get, insert, replace, update, remove, with the options of the API."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from tests.standin.answers import Refusal, message_of
from tests.standin.database import EDGES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.standin.database import Collection, Ticks
    from tests.standin.shelf import Document
    from tests.standin.transactions import Transaction

_KEY = re.compile(r"[A-Za-z0-9_\-:.@()+,=;$!*'%]{1,254}\Z")
_END = re.compile(r"[^/]+/[^/]+\Z")
_SYSTEM = ("_key", "_id", "_rev", "_from", "_to")
NOT_THE_REVISION = "conflict, _rev values do not match"


@dataclass(frozen=True, slots=True)
class Options:
    """The query parameters of a document operation, by the names that they have there."""

    waitForSync: bool = False
    returnNew: bool = False
    returnOld: bool = False
    silent: bool = False
    overwrite: bool = False
    overwriteMode: str = ""
    keepNull: bool = True
    mergeObjects: bool = True
    ignoreRevs: bool = True

    @classmethod
    def of(cls, parameters: Mapping[str, str]) -> Options:
        known = {one.name for one in fields(cls)}
        given: dict[str, Any] = {name: value for name, value in parameters.items() if name in known}
        for name in given.keys() - {"overwriteMode"}:
            given[name] = truth(given[name])
        return cls(**given)


def truth(text: str) -> bool:
    return text.lower() in {"true", "1", "yes", "on", "y"}


@dataclass(frozen=True, slots=True)
class Change:
    """What was done to one document."""

    old: Document | None
    new: Document | None

    def shown(self, options: Options) -> dict[str, Any]:
        document = self.new or self.old
        assert document is not None
        body: dict[str, Any] = {name: document[name] for name in ("_id", "_key", "_rev")}
        if self.new is not None and self.old is not None:
            body["_oldRev"] = self.old["_rev"]
        if options.returnOld and self.old is not None:
            body["old"] = self.old
        if options.returnNew and self.new is not None:
            body["new"] = self.new
        return body


class Documents:
    """The documents of one collection, as one transaction sees and changes them."""

    def __init__(self, transaction: Transaction, ticks: Ticks, name: str) -> None:
        self._transaction = transaction
        self._ticks = ticks
        self.collection: Collection = transaction.collection(name)

    def get(self, key: str) -> Document:
        found = self._transaction.shelf(self.collection.name).documents.get(key)
        if found is None:
            raise Refusal(1202)
        return found

    def insert(self, body: Any, options: Options) -> Change:
        if not isinstance(body, dict):
            raise Refusal(1227)
        self._transaction.require_write(self.collection.name)
        key = body.get("_key")
        if key is None:
            key = self.collection.next_key()
        elif not isinstance(key, str) or not _KEY.match(key):
            raise Refusal(1221)
        elif not self.collection.key_options.get("allowUserKeys", True):
            raise Refusal(1222)
        self._require_ends(body)
        old = self._transaction.shelf(self.collection.name).documents.get(key)
        if old is not None:
            mode = options.overwriteMode or ("replace" if options.overwrite else "conflict")
            if mode == "ignore":
                return Change(None, old)
            if mode == "update":
                return self._store(old, self._merged(old, body, options))
            if mode != "replace":
                where = f"in index primary of type primary over '_key'; conflicting key: {key}"
                raise Refusal(1210, f"{message_of(1210)} - {where}")
        return self._store(old, {**body, "_key": key})

    def replace(self, key: Any, body: Any, options: Options, revision: str | None = None) -> Change:
        old = self._to_change(key, body, options, revision)
        ends: Document = {name: body.get(name, old[name]) for name in ("_from", "_to") if name in old}
        return self._store(old, {**body, **ends, "_key": old["_key"]})

    def update(self, key: Any, body: Any, options: Options, revision: str | None = None) -> Change:
        old = self._to_change(key, body, options, revision)
        return self._store(old, self._merged(old, body, options))

    def remove(self, selector: Any, options: Options, revision: str | None = None) -> Change:
        key = self._key_of(selector)
        old = self.get(key)
        if not options.ignoreRevs and isinstance(selector, dict):
            revision = selector.get("_rev", revision)
        self._require_revision(old, revision)
        self._transaction.remove(self.collection.name, key)
        return Change(old, None)

    def select(self, selector: Any) -> Document:
        return self.get(self._key_of(selector))

    def _key_of(self, selector: Any) -> str:
        if isinstance(selector, dict):
            selector = selector.get("_key", selector.get("_id"))
        if not isinstance(selector, str):
            raise Refusal(1221 if selector is not None else 1227)
        name, slash, key = selector.rpartition("/")
        if slash and name != self.collection.name:
            raise Refusal(1202)
        return key

    def _to_change(self, key: Any, body: Any, options: Options, revision: str | None) -> Document:
        if not isinstance(body, dict):
            raise Refusal(1227)
        self._transaction.require_write(self.collection.name)
        old = self.get(self._key_of(key))
        if not options.ignoreRevs:
            revision = body.get("_rev", revision)
        self._require_revision(old, revision)
        return old

    def _require_revision(self, old: Document, revision: str | None) -> None:
        if revision is not None and revision != old["_rev"]:
            raise Refusal(1200, NOT_THE_REVISION, status=412, **{name: old[name] for name in ("_id", "_key", "_rev")})

    def _require_ends(self, body: Document) -> None:
        if self.collection.kind != EDGES:
            return
        for name in ("_from", "_to"):
            end = body.get(name)
            if not isinstance(end, str) or not _END.match(end):
                raise Refusal(1233)

    def _store(self, old: Document | None, body: Document) -> Change:
        self._require_ends(body)
        system = {"_key": body["_key"], "_id": f"{self.collection.name}/{body['_key']}"}
        if self.collection.kind == EDGES:
            system |= {"_from": body["_from"], "_to": body["_to"]}
        system["_rev"] = self._ticks.revision()
        own = {name: value for name, value in body.items() if name not in _SYSTEM}
        document = {**system, **own}
        self._transaction.put(self.collection.name, document)
        return Change(old, document)

    def _merged(self, old: Document, patch: Document, options: Options) -> Document:
        ends: Document = {name: patch.get(name, old[name]) for name in ("_from", "_to") if name in old}
        own = {name: value for name, value in patch.items() if name not in _SYSTEM}
        return {**merged(old, own, options.keepNull, options.mergeObjects), **ends, "_key": old["_key"]}


def merged(old: Document, patch: Mapping[str, Any], keep_null: bool, merge_objects: bool) -> Document:
    """`old` with the attributes of `patch`; objects within are merged too if asked, nulls take away if not kept."""
    result = dict(old)
    for name, value in patch.items():
        before = old.get(name)
        if value is None and not keep_null:
            result.pop(name, None)
        elif isinstance(value, dict) and isinstance(before, dict) and merge_objects:
            result[name] = merged(before, value, keep_null, merge_objects)
        elif isinstance(value, dict) and not keep_null:
            result[name] = merged({}, value, keep_null, merge_objects)
        else:
            result[name] = value
    return result
