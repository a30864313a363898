"""AQL on the stand-in: the project's own interpreter on what a transaction sees; a server's words for failures."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from shotwright.aql.data import EdgeDefinition
from shotwright.aql.failures import AqlFailure, Number
from shotwright.aql.interpreter import Result, run_query
from shotwright.aql.limits import Limits
from shotwright.errors import QueryError
from tests.standin.answers import Refusal, message_of
from tests.standin.database import EDGES
from tests.standin.documents import Documents, Options

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tests.standin.database import Database, Ticks
    from tests.standin.shelf import Document
    from tests.standin.transactions import Transaction

_WAIT_FOR_SYNC = re.compile(r"\bwaitForSync\s*:\s*true\b")
_BYTES_A_VALUE = 16
_LONGEST_SECONDS = 60.0
_WHILE_EXECUTING = {1200, 1202, 1210, 1221, 1227, 1233, 1620, Number.KILLED, Number.RESOURCE_LIMIT, 1569, 1579}
_WHILE_PARSING = {1510, 1511, 1512, 1540, 1541, 1550, 1551, 1552, 1553, 1568, 1575}
_TOKENS = {
    "=": "assignment", ",": "comma", ")": "closing parenthesis", "(": "opening parenthesis", "]": "closing bracket",
    "}": "closing brace", ":": "colon",
}  # fmt: skip


class TransactionData:
    """What a query sees and changes. Documents come in the order of their revisions, which no query may rely on."""

    def __init__(self, transaction: Transaction, database: Database, ticks: Ticks, *, text: str = "") -> None:
        self._synced = _WAIT_FOR_SYNC.search(text) is not None
        self._transaction = transaction
        self._database = database
        self._ticks = ticks

    def kind(self, collection: str) -> Literal["documents", "edges", "view"] | None:
        if collection in self._database.views:
            return "view"
        found = self._transaction.collections.get(collection)
        if found is None:
            return None
        return "edges" if found.kind == EDGES else "documents"

    def scan(self, collection: str, equal: Mapping[str, Any]) -> Iterable[Document]:
        if collection in self._database.views:
            return self._found(collection)
        try:
            documents = self._transaction.shelf(collection).documents
        except Refusal as refusal:
            raise _failure(refusal) from None
        key = equal.get("_key")
        if key is None and isinstance(equal.get("_id"), str):
            name, _, key = equal["_id"].partition("/")
            if name != collection:
                return []
        if isinstance(key, str):
            return [documents[key]] if key in documents else []
        return list(documents.values())

    def document(self, identifier: str) -> Document | None:
        collection, _, key = identifier.partition("/")
        if collection not in self._transaction.collections:
            return None
        try:
            return self._transaction.shelf(collection).documents.get(key)
        except Refusal as refusal:
            raise _failure(refusal) from None

    def edges(self, collection: str, vertex: str, direction: Literal["OUTBOUND", "INBOUND"]) -> Sequence[Document]:
        try:
            return self._transaction.shelf(collection).edges(vertex, direction)
        except Refusal as refusal:
            raise _failure(refusal) from None

    def graph(self, name: str) -> Sequence[EdgeDefinition] | None:
        found = self._database.graphs.get(name)
        if found is None:
            return None
        definitions = found["edgeDefinitions"]
        return [EdgeDefinition(one["collection"], tuple(one["from"]), tuple(one["to"])) for one in definitions]

    def put(self, collection: str, document: Document, *, replace: bool) -> Document:
        options = Options(overwriteMode="replace" if replace else "conflict")
        try:
            change = Documents(self._transaction, self._ticks, collection).insert(document, options)
        except Refusal as refusal:
            raise _failure(refusal) from None
        assert change.new is not None
        return change.new

    def drop(self, collection: str, key: str) -> Document | None:
        try:
            return self._transaction.remove(collection, key)
        except Refusal as refusal:
            raise _failure(refusal) from None

    def _found(self, view: str) -> list[Document]:
        """What a view covers. It lags behind unless the query waits for it, and never shows what is there no more."""
        found: list[Document] = []
        for name in self._covered(view):
            with self._transaction.lock:
                indexed = self._database.indexed(name, now=self._synced)
            documents = self._transaction.shelf(name).documents
            found += [one for key, one in documents.items() if key in indexed and indexed[key]["_rev"] == one["_rev"]]
        return found

    def _covered(self, view: str) -> list[str]:
        shown = self._database.views[view]
        if shown["type"] == "search-alias":
            names = dict.fromkeys(one["collection"] for one in shown["indexes"])
        else:
            names = dict.fromkeys(shown["links"])
        return [name for name in names if name in self._transaction.collections]


def _failure(refusal: Refusal) -> AqlFailure:
    return AqlFailure(refusal.number, refusal.message)


def execute(
    text: str, bind: Mapping[str, Any], data: TransactionData, *, seconds: float = 0.0, memory: int = 0
) -> Result:
    """Run a query as a server would: Refusal with the server's number and words when it fails."""
    limits = Limits(
        seconds=seconds or _LONGEST_SECONDS,
        rows=10_000_000,
        memory_values=memory // _BYTES_A_VALUE if memory else 50_000_000,
    )
    try:
        return run_query(text, bind, data, limits=limits, writable=True)
    except QueryError as error:
        raise refused(text, error) from None


def refused(text: str, error: QueryError) -> Refusal:
    """A query's failure as a server tells it."""
    code = getattr(error, "code", 0) or 1501
    message = str(error.args[0]) if error.args else str(error)
    for says, number, words in _complaints():
        found = says.match(message)
        if found is not None and code in (1501, number):
            return Refusal(number, words.format(*found.groups()))
    if code == 1501:
        return Refusal(1501, _syntax_error(text, error))
    if code == Number.KILLED:
        message = message_of(Number.KILLED)
    elif code == Number.RESOURCE_LIMIT:
        message = "query would use more memory than allowed"
    if code in _WHILE_EXECUTING:
        message = f"AQL: {message} (while executing)"
    elif code in _WHILE_PARSING:
        message = f"{message} (while parsing)"
    return Refusal(code, message)


@cache
def _complaints() -> list[tuple[re.Pattern[str], int, str]]:
    table = tomllib.loads(Path(__file__).with_name("complaints.toml").read_text(encoding="utf-8"))
    return [(re.compile(one["says"]), one["number"], one["words"]) for one in table["complaint"]]


def _syntax_error(text: str, error: QueryError) -> str:
    line, column = getattr(error, "line", 0), getattr(error, "column", 0)
    if not line:
        return f"syntax error, {error}"
    rest = "\n".join([*text.split("\n")[line - 1 : line], *text.split("\n")[line:]])[column - 1 :]
    if not rest:
        return f"syntax error, unexpected end of query string near '' at position {line}:{column}"
    token = _TOKENS.get(rest[0], rest.split()[0])
    return f"syntax error, unexpected {token} near '{rest}' at position {line}:{column}"


def statistics(**own: float) -> dict[str, Any]:
    """The measure of a query; the numbers which depend on how a server runs it are nought."""
    return {
        "writesExecuted": 0, "writesIgnored": 0, "documentLookups": 0, "seeks": 0, "scannedFull": 0, "scannedIndex": 0,
        "searchParallelism": 1, "cursorsCreated": 0, "cursorsRearmed": 0, "cacheHits": 0, "cacheMisses": 0,
        "filtered": 0, "httpRequests": 0, "executionTime": 0.0, "peakMemoryUsage": 0, "intermediateCommits": 0, **own,
    }  # fmt: skip
