"""Requests to one ArangoDB database through the driver, cursors and transactions, with what can be repeated repeated.

The driver signs, sends and reads; what it is asked to send is spelled here. Its own calls for many documents send
parameters that ArangoDB 4.0 no longer has and keep silent about a document that was refused, and its connection would
repeat any request three times when one is lost, be it harmless or not.
"""

from __future__ import annotations

import json
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, TypeVar, cast
from urllib.parse import quote

from shotwright.adapters.story_store.arango.errors import (
    DOCUMENT_NOT_FOUND,
    TRANSACTION_ABORTED,
    TRANSACTION_NOT_FOUND,
    NoAnswer,
    Refusal,
    first_refusal,
    no_answer,
    query_error,
    store_error,
)
from shotwright.adapters.story_store.arango.retrying import Backoff
from shotwright.adapters.story_store.arango.transport import Transport
from shotwright.errors import ConfigError, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from shotwright.adapters.story_store.arango.settings import ArangoSettings

T = TypeVar("T")
BATCH = 1000
"""Rows of an answer, and documents written, in one request."""
LARGEST_BODY = 16_000_000
"""Bytes of one request that writes documents; servers take 512 MiB, but hold all of it in memory at once."""


class Connection:
    """One database of one server. Every failure leaves here as StoreError, of `ask` also as QueryError."""

    def __init__(self, settings: ArangoSettings, *, http_client: Any = None, backoff: Backoff | None = None) -> None:
        self.settings = settings
        self._backoff = backoff or Backoff(patience=settings.patience_seconds)
        try:
            from arango.client import ArangoClient
        except ImportError as error:
            raise StoreError(
                "the driver for ArangoDB is not installed", hint='pip install "shotwright[arango]"'
            ) from error
        if settings.ca_file is not None and not settings.ca_file.exists():
            raise ConfigError(f"there is no file of certificates {settings.ca_file}", hint="see store.ca_file")
        self._transport = Transport(settings, http_client)
        self._client = ArangoClient(
            hosts=settings.endpoint,
            http_client=cast("Any", self._transport),
            resolver_max_tries=1,
            serializer=_serialize,
        )
        self._databases: dict[str, Any] = {}

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        params: Mapping[str, str] | None = None,
        revision: str = "",
        transaction: str = "",
        database: str = "",
    ) -> Any:
        """One request, never repeated: the answer's body. Refusal, NoAnswer.

        A body of text is that of a request about many documents, in JSON already.
        """
        from arango.exceptions import ArangoClientError
        from arango.request import Request

        headers = {"x-arango-trx-id": transaction} if transaction else {}
        if revision:
            headers["if-match"] = f'"{revision}"'
        request = Request(method=method, endpoint=path, headers=headers, params=dict(params or {}), data=body)
        try:
            response = self._database(database or self.settings.database).conn.send_request(request)
        except (ArangoClientError, OSError) as error:
            raise no_answer(error, self.settings) from error
        if not response.is_success:
            number = response.error_code if isinstance(response.error_code, int) else 0
            said = response.error_message or response.status_text or ""
            if not number and not isinstance(response.body, dict) and response.status_code not in (401, 403):
                raise NoAnswer("foreign")
            raise Refusal(response.status_code, number, str(said))
        if not isinstance(response.body, (dict, list) if isinstance(body, str) else dict):
            raise NoAnswer("foreign")
        return response.body

    def attempt(self, act: Callable[[], T], doing: str = "") -> T:
        """What `act` returns, called again after transient failures: it must change nothing when it is repeated."""
        try:
            return self._backoff.attempt(act)
        except (Refusal, NoAnswer) as failure:
            raise store_error(failure, self.settings, doing) from failure

    def rows(self, statement: str, bind: Mapping[str, Any], *, transaction: str = "") -> list[Any]:
        """All rows of one of the adapter's own statements (a file of `statements/`)."""

        def read() -> list[Any]:
            return self._page(statement_text(statement), bind, transaction, None, {}, 0)[0]

        return read() if transaction else self.attempt(read)

    def query(self, text: str, bind: Mapping[str, Any]) -> list[Any]:
        """All rows of a statement that only reads, given as text."""
        return self.attempt(lambda: self._page(text, bind, "", None, {}, 0)[0])

    def ask(
        self, text: str, bind: Mapping[str, Any], *, seconds: float, limit: int
    ) -> tuple[list[Any], tuple[str, ...], bool]:
        """(at most `limit` rows, warnings, whether there were more) of a raw query, within time and memory."""
        options = {"maxRuntime": seconds, "stream": True, "maxWarningCount": 10}
        memory = self.settings.memory_megabytes * 1_000_000
        with self.reporting(seconds), self._transport.patient(seconds):
            return self._backoff.attempt(lambda: self._page(text, bind, "", limit, options, memory))

    @contextmanager
    def reporting(self, seconds: float) -> Iterator[None]:
        """Failures inside as those of a raw query."""
        try:
            yield
        except (Refusal, NoAnswer) as failure:
            raise query_error(failure, self.settings, seconds) from failure

    def again(self, act: Callable[[], T]) -> T:
        """As `attempt`, but the failure stays what it is, for a caller that tells several apart."""
        return self._backoff.attempt(act)

    def transact(self, collections: Sequence[str], act: Callable[[Transaction], T], doing: str = "") -> T:
        """What `act` returns, all that it wrote being committed at once; done again from its start after a conflict.

        A commit that got no answer is asked for again, which is harmless; when that tells nothing either, the act is
        done again, and finds what it wrote or not.
        """

        def once() -> T:
            # Waiting for an exclusive lock of somebody else must end before the answer is given up.
            wait = max(1, int(self.settings.timeout_seconds / 2))
            wanted = {"collections": {"write": list(collections)}, "lockTimeout": wait}
            begun = self.send("post", "/_api/transaction/begin", wanted)
            transaction = Transaction(self, part_of(part_of(begun, "result", dict), "id", str))
            try:
                result = act(transaction)
            except BaseException:
                self._abort(transaction)
                raise
            self._commit(transaction)
            return result

        return self.attempt(once, doing)

    def close(self) -> None:
        self._transport.close()

    def _commit(self, transaction: Transaction) -> None:
        forgotten: list[Refusal] = []

        def ask() -> None:
            try:
                self.send("put", f"/_api/transaction/{transaction.id}")
            except Refusal as refusal:
                # A server that no longer knows it will not know it in a moment either.
                if refusal.number not in (TRANSACTION_NOT_FOUND, TRANSACTION_ABORTED):
                    raise
                forgotten.append(refusal)

        try:
            self._backoff.attempt(ask)
        except (Refusal, NoAnswer):
            self._abort(transaction)
            raise
        if forgotten:
            raise forgotten[0]

    def _abort(self, transaction: Transaction) -> None:
        # The server drops an idle transaction by itself: failing here changes nothing.
        with suppress(Refusal, NoAnswer):
            self.send("delete", f"/_api/transaction/{transaction.id}")

    def _page(
        self,
        text: str,
        bind: Mapping[str, Any],
        transaction: str,
        limit: int | None,
        options: Mapping[str, Any],
        memory: int,
    ) -> tuple[list[Any], tuple[str, ...], bool]:
        size = BATCH if limit is None else min(BATCH, limit + 1)
        asked = {"query": text, "bindVars": dict(bind), "batchSize": size}
        if memory:
            asked["memoryLimit"] = memory
        asked["options"] = {"maxRuntime": self.settings.timeout_seconds, **options}
        answer = self.send("post", "/_api/cursor", asked, transaction=transaction)
        rows = list(part_of(answer, "result", list))
        warnings = _warnings(answer)
        more, cursor = part_of(answer, "hasMore", bool), str(answer.get("id", ""))
        try:
            while more and (limit is None or len(rows) <= limit):
                answer = self.send("post", f"/_api/cursor/{cursor}", transaction=transaction)
                rows.extend(part_of(answer, "result", list))
                more = part_of(answer, "hasMore", bool)
                warnings = _warnings(answer) or warnings
        finally:
            if more:
                with suppress(Refusal, NoAnswer):
                    self.send("delete", f"/_api/cursor/{cursor}", transaction=transaction)
        if limit is None:
            return rows, warnings, False
        return rows[:limit], warnings, len(rows) > limit

    def _database(self, name: str) -> Any:
        found = self._databases.get(name)
        if found is None:
            settings, shown = self.settings, quote(name, safe="")
            if settings.token:
                # The server judges every kind of token; the driver would first want to read it itself.
                found = self._client.db(shown, superuser_token=settings.token)
            else:
                found = self._client.db(shown, username=settings.username, password=settings.password)
            self._databases[name] = found
        return found


@dataclass(frozen=True, slots=True)
class Transaction:
    """A stream transaction that is open."""

    connection: Connection
    id: str

    def rows(self, statement: str, bind: Mapping[str, Any]) -> list[Any]:
        return self.connection.rows(statement, bind, transaction=self.id)

    def put(self, collection: str, documents: Sequence[Mapping[str, Any]]) -> None:
        """Insert the documents or replace those of the same key."""
        params = {"overwriteMode": "replace", "silent": "true"}
        for batch in _batches(documents):
            self._write("post", collection, batch, params, passable=0)

    def remove(self, collection: str, keys: Sequence[str]) -> None:
        """Remove the documents of these keys; one that is missing is removed."""
        for batch in _batches(keys):
            self._write("delete", collection, batch, {"silent": "true"}, passable=DOCUMENT_NOT_FOUND)

    def replace(self, identifier: str, document: Mapping[str, Any], revision: str) -> str:
        """Replace one document if it still is of this revision: its new revision. Refusal 412 when it is not."""
        path = document_path(identifier)
        answer = self.connection.send("put", path, document, revision=revision, transaction=self.id)
        return part_of(answer, "_rev", str)

    def _write(self, method: str, collection: str, body: Any, params: Mapping[str, str], *, passable: int) -> None:
        # What is said of many documents is a success by its status, whatever became of each.
        answer = self.connection.send(method, f"/_api/document/{collection}", body, params=params, transaction=self.id)
        refused = first_refusal(answer, passable)
        if refused is not None:
            raise refused


def part_of(answer: Any, name: str, kind: type[T]) -> T:
    """A field of an answer; NoAnswer when what answered is no ArangoDB after all."""
    found = answer.get(name) if isinstance(answer, dict) else None
    if not isinstance(found, kind):
        raise NoAnswer("foreign")
    return found


def document_path(identifier: str) -> str:
    """The path of the document with this `_id`."""
    collection, _, key = identifier.partition("/")
    return f"/_api/document/{collection}/{quote(key, safe='')}"


@cache
def statement_text(name: str) -> str:
    return (files("shotwright.adapters.story_store.arango") / "statements" / name).read_text(encoding="utf-8")


def _batches(items: Iterable[Any]) -> Iterator[str]:
    """The items in JSON arrays of at most BATCH, none longer than LARGEST_BODY unless one item is."""
    batch: list[str] = []
    size = 0
    for text in map(_serialize, items):
        if batch and (len(batch) == BATCH or size + len(text) > LARGEST_BODY):
            yield f"[{','.join(batch)}]"
            batch, size = [], 0
        batch.append(text)
        size += len(text) + 1
    if batch:
        yield f"[{','.join(batch)}]"


def _warnings(answer: Mapping[str, Any]) -> tuple[str, ...]:
    found = (answer.get("extra") or {}).get("warnings") or ()
    return tuple(str(w.get("message", "")) for w in found if isinstance(w, dict))


def _serialize(body: Any) -> str:
    try:
        return json.dumps(body, separators=(",", ":"), allow_nan=False)
    except (ValueError, TypeError, RecursionError) as error:
        raise StoreError(f"what was to be kept is not JSON: {error}") from error
