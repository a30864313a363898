"""What can go wrong between here and an ArangoDB server, and what it means to people."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from shotwright.errors import QueryError, ShotwrightError, StoreError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shotwright.adapters.story_store.arango.settings import ArangoSettings

FORBIDDEN, LOCK_TIMEOUT, READ_ONLY = 11, 18, 1004
CONFLICT, DOCUMENT_NOT_FOUND, DATA_SOURCE_NOT_FOUND = 1200, 1202, 1203
DUPLICATE_NAME, DATABASE_NOT_FOUND = 1207, 1228
QUERY_KILLED, CURSOR_NOT_FOUND, VALIDATION_FAILED = 1500, 1600, 1620
TRANSACTION_ABORTED, TRANSACTION_NOT_FOUND = 1654, 1655
GRAPH_DUPLICATE, GRAPH_NOT_FOUND = 1925, 1924
_MEMORY = frozenset({3, 32})
_DISK = frozenset({1104, 9005})
_TRANSIENT = frozenset(
    {LOCK_TIMEOUT, 21, 28, 29, 503, 1302, 1457, 1464, 1465, 1478, 1496, CURSOR_NOT_FOUND, TRANSACTION_ABORTED,
     TRANSACTION_NOT_FOUND, 21003, 21004}
)  # fmt: skip
"""Locked, dead-locked, queues full, a cluster that changes its leader, and what a restarted server no longer knows."""
_QUERY = range(1500, 1600)
_POSITION = re.compile(r"at position (\d+):(\d+)")

Way = Literal["refused", "unknown", "tls", "broken", "timeout", "foreign"]


class Refusal(Exception):
    """The server answered, with an error. `number` is ArangoDB's own (0 when there is none), `status` HTTP's."""

    def __init__(self, status: int, number: int, said: str, retry_after: float | None = None) -> None:
        super().__init__(f"{status}/{number}: {said}")
        self.status = status
        self.number = number
        self.said = said
        self.retry_after = retry_after

    @property
    def locked(self) -> bool:
        """Somebody else is writing the same: it comes right when they have ended, or when the server ends them."""
        return (self.number == CONFLICT and self.status != 412) or self.number == LOCK_TIMEOUT

    @property
    def transient(self) -> bool:
        conflict = self.number == CONFLICT and self.status != 412
        return conflict or self.number in _TRANSIENT or self.status in (429, 503)


class NoAnswer(Exception):
    """There was no answer that ArangoDB could have given."""

    retry_after: float | None = None
    locked = False

    def __init__(self, way: Way, said: str = "") -> None:
        super().__init__(f"{way}: {said}")
        self.way = way
        self.said = said

    @property
    def transient(self) -> bool:
        return self.way in ("refused", "broken", "timeout")


Failure = Refusal | NoAnswer


def no_answer(error: BaseException, settings: ArangoSettings) -> NoAnswer:
    """What a failure below HTTP was: names, sockets, TLS and time."""
    said = _without_secrets(str(error), settings)
    kinds = {type(e).__name__ for e in _chain(error)}
    if kinds & {"SSLError", "SSLCertVerificationError", "SSLEOFError"}:
        return NoAnswer("tls", _reason(said))
    if "gaierror" in kinds or "NameResolutionError" in kinds or "Name or service not known" in said:
        return NoAnswer("unknown")
    if kinds & {"ConnectionRefusedError"} or "Connection refused" in said:
        return NoAnswer("refused")
    if any(kind.endswith(("Timeout", "TimeoutError")) for kind in kinds):
        return NoAnswer("timeout")
    return NoAnswer("broken", _reason(said))


def store_error(failure: Failure, settings: ArangoSettings, doing: str = "") -> StoreError:
    """The failure as people should read it: what, where, and what to do about it."""
    message, hint = _told_silence(failure, settings) if isinstance(failure, NoAnswer) else _told(failure, settings)
    return StoreError(f"{doing}: {message}" if doing else message, hint=hint, transient=failure.transient)


def query_error(failure: Failure, settings: ArangoSettings, seconds: float) -> ShotwrightError:
    """The failure of a raw query: QueryError for what the query itself is to blame for, else StoreError."""
    if isinstance(failure, NoAnswer):
        return store_error(failure, settings)
    if failure.number == QUERY_KILLED or failure.status == 410:
        return QueryError(f"the query took longer than {seconds:g} s", hint="narrow it, or allow more time")
    if failure.number in _MEMORY:
        return QueryError(
            f"the query needs more than {settings.memory_megabytes} MB of the server's memory", hint="narrow it"
        )
    if failure.number in _QUERY or failure.number == DATA_SOURCE_NOT_FOUND or failure.status == 400:
        place = _POSITION.search(failure.said)
        line, column = (int(place[1]), int(place[2])) if place else (0, 0)
        said = _POSITION.sub("", failure.said).replace("AQL: ", "").replace("(while parsing)", "").strip()
        return QueryError(f"AQL: {said}", hint="", line=line, column=column)
    return store_error(failure, settings)


def _told_silence(failure: NoAnswer, settings: ArangoSettings) -> tuple[str, str]:
    where = settings.host
    return {
        "refused": (f"no server answers at {where}", "is it running, and is the port right?"),
        "unknown": (f"there is no host of the name in {where}", "check the address"),
        "tls": (
            f"the encrypted connection to {where} failed: {failure.said}",
            "name the file of the server's certificate authority, or check that the server speaks TLS on this port",
        ),
        "timeout": (
            f"{where} did not answer within {settings.timeout_seconds:g} s", "try again, or allow it more time"
        ),
        "broken": (
            f"the connection to {where} broke: {failure.said}",
            "try again; a server that only speaks TLS needs arangodb+tls://",
        ),
        "foreign": (f"what answers at {where} is not ArangoDB", "check the address and the port"),
    }[failure.way]  # fmt: skip


def _told(failure: Refusal, settings: ArangoSettings) -> tuple[str, str]:
    where, database, number = settings.host, settings.database, failure.number
    said = _without_secrets(failure.said, settings)
    if failure.status == 401:
        return (
            f"{where} does not accept {settings.who}",
            f"check the user name and the password, or the token, and that {settings.database} may be used with them",
        )
    if number == READ_ONLY:
        return (
            f"the server at {where} is read-only",
            "an administrator may have set it so, or its licence has run out: see GET /_admin/license",
        )
    if number == DATABASE_NOT_FOUND:
        return (
            f"there is no database {database} at {where}, or {settings.who} may not see it",
            'open it once with a user who may create databases, or have it created with sharding "single"',
        )
    if failure.status == 403:
        return (
            f"{settings.who} may not do this in the database {database} at {where}",
            f"grant it read and write access to {database}",
        )
    if number == VALIDATION_FAILED:
        return f"a node or an edge does not fit the schema of its collection: {said}", "is its data of another version?"
    if number in _DISK:
        return f"{where} has no room left: {said}", "free some space on the server, or see its licence"
    if number in _MEMORY:
        return f"{where} has not enough memory for this: {said}", "give the server more memory, or write less at once"
    if 9000 <= number < 9100:
        return f"the licence of the server at {where} does not allow this: {said}", "see GET /_admin/license"
    if number == CONFLICT:
        return f"another process is writing the same production at {where}", "try again in a moment"
    if failure.transient:
        return f"{where} is not ready: {said}", "try again in a moment"
    if number == DATA_SOURCE_NOT_FOUND:
        return f"the database {database} at {where} lacks a collection: {said}", "see what `shotwright doctor` finds"
    return f"{where} answered {failure.status} ({number or 'no number'}): {said}", "see what `shotwright doctor` finds"


def first_refusal(answer: object, passable: int) -> Refusal | None:
    """The first error in an answer about many documents, those numbered `passable` aside; None when all are done."""
    for item in answer if isinstance(answer, list) else ():
        if isinstance(item, dict) and item.get("error") and item.get("errorNum") != passable:
            return refusal_of(item, 0)
    return None


def refusal_of(error: Mapping[str, object], status: int) -> Refusal:
    """The refusal of one document among many; a status of its own is derived from ArangoDB's number."""
    number = error.get("errorNum")
    known = number if isinstance(number, int) else 0
    return Refusal(status or (409 if known == CONFLICT else 400), known, str(error.get("errorMessage", "")))


def _chain(error: BaseException) -> list[BaseException]:
    """The error with all that it stands for: causes, contexts, and what urllib3 wraps."""
    found: list[BaseException] = []
    waiting: list[object] = [error]
    while waiting and len(found) < 32:
        item = waiting.pop()
        if isinstance(item, BaseException) and item not in found:
            found.append(item)
            waiting += [item.__cause__, item.__context__, getattr(item, "reason", None), *item.args]
    return found


def _reason(said: str) -> str:
    """The last, plain part of what requests says, without its wrapping."""
    verified = re.search(r"certificate verify failed[^)\"]*", said)
    if verified:
        return verified[0].strip().rstrip(".")
    found = re.findall(r"'([^']{4,120})'", said)
    return str(found[-1]) if found else said[:160]


def _without_secrets(said: str, settings: ArangoSettings) -> str:
    for secret in (settings.password, settings.token):
        if secret:
            said = said.replace(secret, "…")
    return said
