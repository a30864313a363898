"""Queries: run, read on, explain and parse."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from shotwright.aql.check import check
from shotwright.aql.parser import parse
from shotwright.errors import QueryError
from tests.standin.answers import Answer, Refusal, done
from tests.standin.api.routing import route
from tests.standin.cursors import DEFAULT_BATCH, DEFAULT_SECONDS, Cursor, find
from tests.standin.plans import plan
from tests.standin.queries import TransactionData, execute, refused, statistics

if TYPE_CHECKING:
    from shotwright.aql import syntax
    from shotwright.aql.check import Checked
    from tests.standin.api.routing import Request


@route("POST /_api/cursor")
def create(request: Request) -> Answer:
    body = _query(request)
    options = body.get("options") or {}
    batch_size = body.get("batchSize", DEFAULT_BATCH)
    if not isinstance(batch_size, int) or batch_size < 1:
        raise Refusal(400, "expecting positive value for 'batchSize'")
    began = time.perf_counter()
    with request.transaction() as transaction:
        data = TransactionData(transaction, request.database, request.holdings.ticks, text=body["query"])
        seconds, memory = float(options.get("maxRuntime", 0.0)), int(body.get("memoryLimit", 0))
        result = execute(body["query"], body.get("bindVars") or {}, data, seconds=seconds, memory=memory)
        full = _full_count(body, data) if options.get("fullCount") else {}
    measure = statistics(
        writesExecuted=result.writes_executed,
        writesIgnored=result.writes_ignored,
        scannedFull=result.scanned,
        **full,
        executionTime=time.perf_counter() - began,
    )
    extra = {"warnings": [{"code": code, "message": message} for code, message in result.warnings], "stats": measure}
    if options.get("profile", 0) in (2, 3):
        extra["plan"] = plan(parse(body["query"]), data, body.get("bindVars") or {})
    shown: dict[str, Any] = {"count": len(result.rows)} if body.get("count") and not options.get("stream") else {}
    streamed = bool(options.get("stream"))
    shown |= {} if streamed else {"cached": False}
    cursor = Cursor(
        request.holdings.ticks.number(), result.rows, batch_size, shown, extra, extra_at_end=streamed,
        seconds=float(body.get("ttl", DEFAULT_SECONDS)), retry=bool(options.get("allowRetry", False)),
    )  # fmt: skip
    batch = cursor.batch()
    if not cursor.done:
        with request.holdings.lock:
            request.database.cursors[cursor.id] = cursor
    return _batch(201, batch)


@route("POST /_api/cursor/{identifier}", "PUT /_api/cursor/{identifier}")
def read_on(request: Request, identifier: str) -> Answer:
    with request.holdings.lock:
        cursor = find(request.database, identifier)
        batch = cursor.batch()
        if cursor.done:
            del request.database.cursors[identifier]
    return _batch(200, batch)


@route("POST /_api/cursor/{identifier}/{batch}")
def read_batch(request: Request, identifier: str, batch: str) -> Answer:
    with request.holdings.lock:
        cursor = find(request.database, identifier)
        found = cursor.batch(int(batch) if batch.isdecimal() else -1)
        if cursor.done:
            del request.database.cursors[identifier]
    return _batch(200, found)


@route("DELETE /_api/cursor/{identifier}")
def close(request: Request, identifier: str) -> Answer:
    with request.holdings.lock:
        find(request.database, identifier)
        del request.database.cursors[identifier]
    return done(202, id=identifier)


@route("PUT /_api/cursor")
def read_nothing(request: Request) -> Answer:
    """Not documented, but answered: the id is missing."""
    raise Refusal(400, "expecting POST /_api/cursor/<cursor-id>")


@route("POST /_api/explain")
def explain(request: Request) -> Answer:
    body = _query(request)
    bind = body.get("bindVars") or {}
    with request.transaction() as transaction:
        data = TransactionData(transaction, request.database, request.holdings.ticks)
        query = _parsed(body["query"])
        _checked(query, body["query"], bind, data)
        made = plan(query, data, bind)
    measure = {
        "rulesExecuted": 0, "rulesSkipped": 0, "plansCreated": 1, "rules": {}, "peakMemoryUsage": 0,
        "executionTime": 0.0,
    }  # fmt: skip
    shown: dict[str, Any] = {"plan": made, "cacheable": not made["isModificationQuery"]}
    if (body.get("options") or {}).get("allPlans"):
        shown = {"plans": [made]}
    return done(200, **shown, warnings=[], stats=measure)


@route("POST /_api/query")
def parse_query(request: Request) -> Answer:
    text = _query(request)["query"]
    query = _parsed(text)
    found = _checked(query, text)
    names = sorted(name for name in {*found.reads, *found.written} if not name.startswith("@"))
    bound = [*found.bind_values, *(f"@{name}" for name in found.bind_collections)]
    tree = [{"type": "root", "subNodes": [{"type": type(one).__name__.lower()} for one in query.statements]}]
    return done(200, parsed=True, collections=names, bindVars=bound, ast=tree, warnings=[])


def _query(request: Request) -> dict[str, Any]:
    body = request.json()
    if body is None or (isinstance(body, dict) and not body.get("query")):
        raise Refusal(1502)
    if not isinstance(body, dict) or not isinstance(body["query"], str):
        raise Refusal(400, "expecting an object with a string in 'query'")
    bind = body.get("bindVars")
    if bind is not None and not isinstance(bind, dict):
        raise Refusal(400, "expecting object for <bindVars>")
    return body


def _parsed(text: str) -> syntax.Query:
    try:
        return parse(text)
    except QueryError as error:
        raise refused(text, error) from None


def _checked(
    query: syntax.Query, text: str, bind: dict[str, Any] | None = None, data: TransactionData | None = None
) -> Checked:
    try:
        return check(query, text, collections=data.kind if data is not None else None, bind=bind)
    except QueryError as error:
        raise refused(text, error) from None


def _full_count(body: dict[str, Any], data: TransactionData) -> dict[str, int]:
    """How many rows there were but for the last LIMIT of the outermost query."""
    from shotwright.aql import syntax

    query = parse(body["query"])
    limits = [one for one in query.statements if isinstance(one, syntax.Limit)]
    if not limits:
        return {}
    text = body["query"]
    after = [one for one in query.statements if one.at > limits[-1].at]
    if any(not isinstance(one, syntax.Return | syntax.Let) for one in after) or not after:
        return {}
    whole = text[: limits[-1].at] + text[after[0].at :]
    return {"fullCount": len(execute(whole, body.get("bindVars") or {}, data).rows)}


def _batch(status: int, batch: dict[str, Any]) -> Answer:
    return Answer(status, {**batch, "error": False, "code": status})
