"""Transactions: a snapshot to read, own copies to change, locks on keys, and a commit or an abort."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from tests.standin.answers import Refusal, message_of, no_collection

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.standin.database import Collection, Database, Holdings
    from tests.standin.shelf import Document, Index, Shelf

READ, WRITE, EXCLUSIVE = "read", "write", "exclusive"
MOST_IDLE_SECONDS = 60.0
DEFAULT_LOCK_SECONDS = 2.0
"""A server waits 900 s; a test should hear of a lock that nobody gives back."""


class Transaction:
    """What one request, or the requests with one transaction id, see and change of a database.

    A key that another running transaction has changed, or that was changed after this one began, is a conflict (1200).
    """

    def __init__(
        self,
        holdings: Holdings,
        database: Database,
        identifier: str,
        access: Mapping[str, str] | None,
        *,
        read_only: bool = False,
    ) -> None:
        self.id = identifier
        self.read_only = read_only
        self.status = "running"
        self.access = dict(access) if access is not None else None
        self.implicit = True
        self.last_used = time.monotonic()
        self.use = threading.RLock()
        self._holdings = holdings
        self._database = database
        with holdings.lock:
            self._begun = holdings.commits
            self.collections: dict[str, Collection] = dict(database.collections)
            self._shelves: dict[str, Shelf] = {name: one.lend() for name, one in self.collections.items()}
        self._changed: dict[str, dict[str, None]] = {}
        self._locks: list[tuple[str, ...]] = []

    @property
    def lock(self) -> threading.RLock:
        """To be held while something is taken from what is committed."""
        return self._holdings.lock

    def collection(self, name: str) -> Collection:
        found = self.collections.get(name)
        if found is None:
            found = next((one for one in self.collections.values() if one.id == name), None) if name.isdigit() else None
        if found is None:
            raise no_collection(name)
        return found

    def shelf(self, name: str) -> Shelf:
        """The documents that this transaction sees."""
        found = self.collection(name)
        if self.access is not None and not self.implicit and found.name not in self.access:
            raise Refusal(1652, f"{message_of(1652)}: {found.name} [read]")
        return self._shelves[found.name]

    def require_write(self, name: str) -> Collection:
        found = self.collection(name)
        if self.read_only:
            raise Refusal(1004)
        if self.access is not None and self.access.get(found.name, READ) == READ:
            raise Refusal(1652, f"{message_of(1652)}: {found.name} [write]")
        return found

    def put(self, name: str, document: Document) -> None:
        found = self.require_write(name)
        key = document["_key"]
        with self._holdings.lock:
            old = self._shelves[found.name].documents.get(key)
            if found.schema is not None:
                found.schema.require(document, old)
            kept = len(self._locks)
            try:
                self._claim(found, key, old)
                for index in found.unique:
                    entry = index.entry(document)
                    if entry is not None:
                        self._claim_entry(found, index, entry, key)
            except Refusal:
                self._release(kept)
                raise
            self._own(found.name, key).put(document)

    def remove(self, name: str, key: str) -> Document | None:
        found = self.require_write(name)
        with self._holdings.lock:
            old = self._shelves[found.name].documents.get(key)
            if old is None:
                return None
            self._claim(found, key, old)
            return self._own(found.name, key).remove(key)

    def _own(self, name: str, key: str) -> Shelf:
        if name not in self._changed:
            self._changed[name] = {}
            self._shelves[name] = self._shelves[name].copy()
        self._changed[name].pop(key, None)
        self._changed[name][key] = None
        return self._shelves[name]

    def _claim(self, found: Collection, key: str, old: Document | None) -> None:
        extra: dict[str, Any] = {"_id": f"{found.name}/{key}", "_key": key, "_rev": old["_rev"] if old else ""}
        where = f"in index primary of type primary over '_key'; conflicting key: {key}"
        wait_for_exclusive(self._holdings, self._database, found.name, self)
        self._lock((self._database.name, found.name, key), f"timeout waiting to lock key - {where}", extra)
        if found.touched.get(key, 0) > self._begun:
            raise Refusal(1200, f"write-write conflict - {where}", **extra)

    def _claim_entry(self, found: Collection, index: Index, entry: str, key: str) -> None:
        shown = index.shown
        over = ", ".join(shown["fields"])
        where = f"in index {shown['name']} of type {shown['type']} over '{over}'; conflicting key: "
        holder = self._shelves[found.name].holder(index, entry)
        if holder is not None and holder != key:
            raise Refusal(1210, f"{message_of(1210)} - {where}{holder}")
        self._lock((self._database.name, shown["id"], entry), f"timeout waiting to lock key - {where}{key}", {})
        committed = found.shelf.holder(index, entry)
        if committed not in (None, key) and found.touched.get(str(committed), 0) > self._begun:
            raise Refusal(1200, f"write-write conflict - {where}{committed}")

    def _lock(self, lock: tuple[str, ...], message: str, extra: dict[str, Any]) -> None:
        holder = self._holdings.locks.get(lock)
        if holder is None:
            self._holdings.locks[lock] = self
            self._locks.append(lock)
        elif holder is not self:
            raise Refusal(1200, message, **extra)

    def _release(self, kept: int) -> None:
        """Give up all locks but the first `kept`."""
        for lock in self._locks[kept:]:
            del self._holdings.locks[lock]
        del self._locks[kept:]

    def commit(self) -> None:
        with self._holdings.lock:
            if self._changed:
                self._holdings.commits += 1
            for name, keys in self._changed.items():
                found = self.collections[name]
                own = self._shelves[name].documents
                shelf = found.own()
                for key in keys:
                    if key in own:
                        shelf.put(own[key])
                    else:
                        shelf.remove(key)
                    found.touched[key] = self._holdings.commits
            self._end("committed")

    def abort(self) -> None:
        with self._holdings.lock:
            self._end("aborted")

    def _end(self, status: str) -> None:
        self.status = status
        self._release(0)
        self._changed = {}
        self._shelves = {}
        self._holdings.changed.notify_all()


def wait_for_exclusive(
    holdings: Holdings, database: Database, name: str, own: Transaction | None, seconds: float = DEFAULT_LOCK_SECONDS
) -> None:
    """Wait, under the lock, while another transaction has the collection for itself."""

    def taken() -> bool:
        return any(
            one is not own and one.status == "running" and one.access is not None and one.access.get(name) == EXCLUSIVE
            for one in database.transactions.values()
        )

    _wait(holdings, database, taken, name, seconds)


def _wait(holdings: Holdings, database: Database, taken: Callable[[], bool], name: str, seconds: float) -> None:
    """Wait until nobody has it. A transaction that was left alone too long is aborted meanwhile, as a server does."""
    end = time.monotonic() + seconds
    while taken():
        for one in list(database.transactions.values()):
            if one.status == "running" and time.monotonic() - one.last_used > database.most_idle_seconds:
                one.abort()
        if not taken():
            return
        left = end - time.monotonic()
        if left <= 0:
            raise Refusal(18, "timeout waiting to lock the collection " + name)
        holdings.changed.wait(min(left, 0.1))


def begin(holdings: Holdings, database: Database, body: Any, *, read_only: bool) -> Transaction:
    """A stream transaction, as the body of a request asks for it."""
    if not isinstance(body, dict) or not isinstance(body.get("collections"), dict):
        raise Refusal(400, "invalid collections")
    access: dict[str, str] = {}
    for kind in (READ, WRITE, EXCLUSIVE):
        names = body["collections"].get(kind, [])
        for name in [names] if isinstance(names, str) else names:
            access[database.collection(name).name] = kind
    if read_only and set(access.values()) - {READ}:
        raise Refusal(1004)
    seconds = float(body.get("lockTimeout", DEFAULT_LOCK_SECONDS)) or DEFAULT_LOCK_SECONDS
    with holdings.lock:
        for name, kind in access.items():
            if kind == READ:
                continue
            wait_for_exclusive(holdings, database, name, None, seconds)
            if kind == EXCLUSIVE:
                _wait_for_writers(holdings, database, name, seconds)
        made = Transaction(holdings, database, holdings.ticks.number(), access, read_only=read_only)
        made.implicit = bool(body.get("allowImplicit", body["collections"].get("allowImplicit", True)))
        database.transactions[made.id] = made
    return made


def _wait_for_writers(holdings: Holdings, database: Database, name: str, seconds: float) -> None:
    def written() -> bool:
        return any(
            one.status == "running" and one.access is not None and one.access.get(name, READ) != READ
            for one in database.transactions.values()
        )

    _wait(holdings, database, written, name, seconds)


def find(database: Database, identifier: str) -> Transaction:
    """A stream transaction by its id, running or ended; one left alone too long is aborted."""
    found = database.transactions.get(identifier)
    if found is None:
        raise Refusal(1655, f"transaction '{identifier}' not found")
    if found.status == "running" and time.monotonic() - found.last_used > database.most_idle_seconds:
        found.abort()
    found.last_used = time.monotonic()
    return found


def running(database: Database, identifier: str) -> Transaction:
    """A stream transaction to work in."""
    found = find(database, identifier)
    if found.status == "aborted":
        raise Refusal(1654, f"transaction '{identifier}' was already aborted")
    if found.status == "committed":
        raise Refusal(1653, f"transaction '{identifier}' was already committed")
    return found
