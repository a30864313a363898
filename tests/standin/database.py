"""What a server holds: databases, and in each collections, graphs, views and analyzers."""

from __future__ import annotations

import re
import threading
import time
from copy import copy
from typing import TYPE_CHECKING, Any

from tests.standin.answers import Refusal, no_collection
from tests.standin.schemas import Schema
from tests.standin.shelf import Index, Shelf
from tests.standin.transactions import MOST_IDLE_SECONDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.standin.cursors import Cursor
    from tests.standin.transactions import Transaction

DOCUMENTS, EDGES = 2, 3
VIEW_LAG_SECONDS = 1.0
"""How long a view may not know of what was committed: a server's commitIntervalMsec."""
_ALPHABET = "-_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_FIRST_REVISION = 0x1_9A7B_3C00_0000_00
_SYSTEM = (
    "_analyzers", "_appbundles", "_apps", "_aqlfunctions", "_frontend", "_graphs", "_jobs", "_queues", "_statistics",
    "_statistics15", "_statisticsRaw", "_users",
)  # fmt: skip
_COLLECTION_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,255}\Z")
_DATABASE_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}\Z")
_LANGUAGES = ("es", "nl", "de", "no", "pt", "ru", "en", "it", "fi", "sv", "zh", "fr")
ANALYZERS: dict[str, dict[str, Any]] = {
    "identity": {"name": "identity", "type": "identity", "properties": {}, "features": ["frequency", "norm"]},
    **{
        f"text_{language}": {
            "name": f"text_{language}",
            "type": "text",
            "properties": {
                "locale": language,
                "case": "lower",
                "stopwords": [],
                "accent": False,
                "stemming": language != "zh",
            },
            "features": ["frequency", "position", "norm"],
        }
        for language in _LANGUAGES
    },
}


class Ticks:
    """Ids and revisions, each greater than the one before; every run has the same."""

    def __init__(self) -> None:
        self._number = 70_000
        self._revision = 0
        self._lock = threading.Lock()

    def number(self) -> str:
        with self._lock:
            self._number += 1
            return str(self._number)

    def revision(self) -> str:
        with self._lock:
            self._revision += 1
            stamp = _FIRST_REVISION + (self._revision << 12)
        text = ""
        for _ in range(10):
            text = _ALPHABET[stamp & 63] + text
            stamp >>= 6
        return "_" + text


class Collection:
    """One collection: its properties, its indexes and its documents as last committed."""

    def __init__(self, ticks: Ticks, name: str, kind: int, wanted: Mapping[str, Any], *, system: bool = False) -> None:
        self._ticks = ticks
        self.id = ticks.number()
        self.object_id = ticks.number()
        self.name = name
        self.kind = kind
        self.system = system
        self.wait_for_sync = bool(wanted.get("waitForSync", False))
        self.cache_enabled = bool(wanted.get("cacheEnabled", False))
        self.computed_values = wanted.get("computedValues")
        self.schema = Schema.of(wanted.get("schema"))
        self.key_options: dict[str, Any] = {"type": "traditional", "allowUserKeys": True}
        self.key_options |= wanted.get("keyOptions") or {}
        if self.key_options["type"] == "autoincrement":
            self.key_options = {"offset": 0, "increment": 1, **self.key_options}
        self.last_key = int(self.key_options.get("offset", 0))
        self.indexes = [Index(_primary(name))]
        if kind == EDGES:
            self.indexes.append(Index(_edge(name)))
        self.shelf = Shelf({}, ())
        self.lent = False
        self.touched: dict[str, int] = {}
        """Key -> number of the commit that last changed it."""

    @property
    def unique(self) -> tuple[Index, ...]:
        return tuple(index for index in self.indexes if index.unique)

    def lend(self) -> Shelf:
        """The documents as they are, which nothing changes any more."""
        self.lent = True
        return self.shelf

    def own(self) -> Shelf:
        """The documents, to be changed."""
        if self.lent:
            self.shelf = self.shelf.copy()
            self.lent = False
        return self.shelf

    def twin(self) -> Collection:
        """Another collection that holds the same."""
        made = copy(self)
        made.shelf, made.lent, made.touched = self.shelf.copy(), False, {}
        return made

    def reindex(self, indexes: list[Index]) -> None:
        self.indexes = indexes
        self.shelf = Shelf(self.shelf.documents, self.unique)
        if self.lent:
            self.own()

    def rename(self, name: str) -> None:
        self.name = name
        self.indexes = [
            Index({**one.shown, "id": f"{name}/{one.shown['id'].partition('/')[2]}"}, one.fields)
            for one in self.indexes
        ]
        prefix = {key: {**document, "_id": f"{name}/{key}"} for key, document in self.shelf.documents.items()}
        self.shelf = Shelf(prefix, self.unique)
        self.lent = False

    def next_key(self) -> str:
        kind = self.key_options["type"]
        if kind == "autoincrement":
            self.last_key += int(self.key_options["increment"])
            return str(self.last_key)
        number = self._ticks.number()
        self.last_key = int(number)
        if kind == "padded":
            return f"{int(number):016x}"
        if kind == "uuid":
            return f"00000000-0000-4000-8000-{int(number):012x}"
        return number

    def head(self) -> dict[str, Any]:
        return {
            "id": self.id, "name": self.name, "status": 3, "type": self.kind, "isSystem": self.system,
            "globallyUniqueId": self.name if self.system else f"h1/{self.id}",
        }  # fmt: skip

    def properties(self) -> dict[str, Any]:
        told = ("type", "allowUserKeys", "offset", "increment")
        shown = {name: self.key_options[name] for name in told if name in self.key_options}
        return {
            "writeConcern": 1, "waitForSync": self.wait_for_sync, "usesRevisionsAsDocumentIds": True,
            "syncByRevision": True, "supportsRBAC": True, "statusString": "loaded", "isSmartChild": False,
            "schema": self.schema.shown if self.schema else None, "cacheEnabled": self.cache_enabled,
            "internalValidatorType": 0, "keyOptions": {**shown, "lastValue": self.last_key},
            "computedValues": self.computed_values, "objectId": self.object_id, **self.head(),
        }  # fmt: skip


def _primary(name: str) -> dict[str, Any]:
    return {
        "fields": ["_key"], "id": f"{name}/0", "name": "primary", "selectivityEstimate": 1, "sparse": False,
        "type": "primary", "unique": True,
    }  # fmt: skip


def _edge(name: str) -> dict[str, Any]:
    return {
        "fields": ["_from", "_to"], "id": f"{name}/2", "name": "edge", "selectivityEstimate": 1, "sparse": False,
        "type": "edge", "unique": False,
    }  # fmt: skip


class Database:
    """One database."""

    def __init__(self, ticks: Ticks, name: str, *, system_collections: bool = True) -> None:
        self.name = name
        self.ticks = ticks
        self.id = "1" if name == "_system" else ticks.number()
        self.collections: dict[str, Collection] = {}
        self.graphs: dict[str, dict[str, Any]] = {}
        self.views: dict[str, dict[str, Any]] = {}
        self.analyzers: dict[str, dict[str, Any]] = {}
        self.transactions: dict[str, Transaction] = {}
        self.cursors: dict[str, Cursor] = {}
        self.most_idle_seconds = MOST_IDLE_SECONDS
        self.view_lag_seconds = VIEW_LAG_SECONDS
        self._indexed: dict[str, Shelf] = {}
        self._indexed_at = float("-inf")
        if system_collections:
            for system in _SYSTEM:
                self.collections[system] = Collection(ticks, system, DOCUMENTS, {}, system=True)

    def twin(self, name: str) -> Database:
        """Another database that holds the same; what is running in this one is not taken along."""
        made = Database(self.ticks, name, system_collections=False)
        made.collections = {known: one.twin() for known, one in self.collections.items()}
        made.graphs, made.views, made.analyzers = dict(self.graphs), dict(self.views), dict(self.analyzers)
        return made

    def collection(self, name: str) -> Collection:
        """By name, or by id as the API allows."""
        found = self.collections.get(name)
        if found is None and name.isdigit():
            found = next((one for one in self.collections.values() if one.id == name), None)
        if found is None:
            raise no_collection(name)
        return found

    def indexed(self, collection: str, *, now: bool) -> Mapping[str, dict[str, Any]]:
        """What the views know of a collection: with `now` all that is committed, else what was a moment ago."""
        if now or time.monotonic() - self._indexed_at >= self.view_lag_seconds:
            self._indexed = {name: one.lend() for name, one in self.collections.items()}
            self._indexed_at = time.monotonic()
        shelf = self._indexed.get(collection)
        return shelf.documents if shelf is not None else {}

    def analyzer(self, name: str) -> dict[str, Any]:
        """By name, with or without the database's."""
        found = ANALYZERS.get(name) or self.analyzers.get(name.rpartition("::")[2])
        if found is None:
            raise Refusal(1202, "analyzer not found")
        return found

    def create_collection(self, name: Any, kind: int, wanted: Mapping[str, Any]) -> Collection:
        system = bool(wanted.get("isSystem", False))
        if not isinstance(name, str) or not _COLLECTION_NAME.match(name) or (name.startswith("_") and not system):
            raise Refusal(1208)
        if kind not in (DOCUMENTS, EDGES):
            raise Refusal(1217)
        if name in self.collections or name in self.views:
            raise Refusal(1207)
        made = Collection(self.ticks, name, kind, wanted, system=system)
        self.collections[name] = made
        return made

    def drop_collection(self, name: str) -> str:
        gone = self.collection(name)
        del self.collections[gone.name]
        for view in self.views.values():
            view.get("links", {}).pop(gone.name, None)
        return gone.id


def new_user(password: str = "", active: bool = True, extra: Any = None) -> dict[str, Any]:
    return {"password": password, "active": active, "extra": extra or {}, "databases": {}}


class Holdings:
    """All databases and users of one server, under one lock."""

    def __init__(self, password: str) -> None:
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.ticks = Ticks()
        self.commits = 0
        self.locks: dict[tuple[str, ...], Transaction] = {}
        """What running transactions have changed: (database, collection, key) or (database, unique index, entry)."""
        self.databases: dict[str, Database] = {"_system": Database(self.ticks, "_system")}
        self.users: dict[str, dict[str, Any]] = {"root": new_user(password)}

    def database(self, name: str) -> Database:
        found = self.databases.get(name)
        if found is None:
            raise Refusal(1228)
        return found

    def create_database(self, name: Any, users: list[dict[str, Any]]) -> Database:
        if not isinstance(name, str) or not _DATABASE_NAME.match(name):
            raise Refusal(1229)
        if name in self.databases:
            raise Refusal(1207)
        made = self.databases[name] = Database(self.ticks, name)
        for user in users:
            given = new_user(user.get("passwd", ""), user.get("active", True), user.get("extra", {}))
            self.users.setdefault(user.get("username", user.get("user", "")), given)["databases"][name] = "rw"
        return made

    def permission(self, user: str, database: str) -> str:
        granted: dict[str, str] = self.users[user]["databases"]
        return "rw" if user == "root" else granted.get(database, granted.get("*", "none"))
