"""Documents, one or many in a request, and the edges of a vertex."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.standin.answers import NO_BODY, Answer, Refusal, quoted
from tests.standin.api.routing import route
from tests.standin.database import EDGES
from tests.standin.documents import Change, Documents, Options
from tests.standin.queries import statistics

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.standin.api.routing import Request


@route("GET /_api/document/{collection}/{key}", "HEAD /_api/document/{collection}/{key}")
def get(request: Request, collection: str, key: str) -> Answer:
    with request.transaction() as transaction:
        document = request.documents(transaction, collection).get(key)
    headers = {"etag": quoted(document["_rev"])}
    known = _revision(request, "if-none-match")
    if known == document["_rev"]:
        return Answer(304, NO_BODY, {**headers, "content-type": "text/plain"})
    wanted = _revision(request, "if-match")
    if wanted is not None and wanted != document["_rev"]:
        extra = {name: document[name] for name in ("_id", "_key", "_rev")}
        raise Refusal(1200, "conflict, _rev values do not match", status=412, **extra)
    return Answer(200, document, headers)


@route("POST /_api/document/{collection}")
def insert(request: Request, collection: str) -> Answer:
    options = Options.of(request.parameters)
    return _change(request, collection, options, lambda documents, one: documents.insert(one, options), (201, 202))


@route("PUT /_api/document/{collection}")
def replace_many(request: Request, collection: str) -> Answer:
    if request.asked("onlyget"):
        return _get_many(request, collection)
    options = Options.of(request.parameters)
    return _change(
        request, collection, options, lambda documents, one: documents.replace(one, one, options), (201, 202)
    )


@route("PATCH /_api/document/{collection}")
def update_many(request: Request, collection: str) -> Answer:
    options = Options.of(request.parameters)
    return _change(request, collection, options, lambda documents, one: documents.update(one, one, options), (201, 202))


@route("DELETE /_api/document/{collection}")
def remove_many(request: Request, collection: str) -> Answer:
    options = Options.of(request.parameters)
    return _change(request, collection, options, lambda documents, one: documents.remove(one, options), (200, 202))


@route("PUT /_api/document/{collection}/{key}")
def replace(request: Request, collection: str, key: str) -> Answer:
    options, match = Options.of(request.parameters), _revision(request, "if-match")
    return _one(
        request, collection, options, lambda documents, one: documents.replace(key, one, options, match), (201, 202)
    )


@route("PATCH /_api/document/{collection}/{key}")
def update(request: Request, collection: str, key: str) -> Answer:
    options, match = Options.of(request.parameters), _revision(request, "if-match")
    return _one(
        request, collection, options, lambda documents, one: documents.update(key, one, options, match), (201, 202)
    )


@route("DELETE /_api/document/{collection}/{key}")
def remove(request: Request, collection: str, key: str) -> Answer:
    options, match = Options.of(request.parameters), _revision(request, "if-match")
    return _one(request, collection, options, lambda documents, _: documents.remove(key, options, match), (200, 202))


@route("GET /_api/edges/{collection}")
def edges(request: Request, collection: str) -> Answer:
    vertex, direction = request.parameters.get("vertex"), request.parameters.get("direction", "any")
    if not vertex or direction not in {"any", "in", "out"}:
        raise Refusal(400, "illegal document identifier")
    with request.transaction() as transaction:
        documents = request.documents(transaction, collection)
        if documents.collection.kind != EDGES:
            raise Refusal(1217)
        shelf = transaction.shelf(documents.collection.name)
        found = [] if direction == "in" else list(shelf.edges(vertex, "OUTBOUND"))
        if direction != "out":
            found += [edge for edge in shelf.edges(vertex, "INBOUND") if edge not in found]
    return Answer(200, {"edges": found, "error": False, "code": 200, "stats": statistics(scannedIndex=len(found))})


def _revision(request: Request, header: str) -> str | None:
    value = request.headers.get(header)
    return None if value is None else value.strip().strip('"')


def _change(
    request: Request,
    collection: str,
    options: Options,
    act: Callable[[Documents, Any], Change],
    statuses: tuple[int, int],
) -> Answer:
    """One document or many, as the body says; each of many has its own result, and a header counts what failed."""
    body = request.json()
    if not isinstance(body, list):
        return _one(request, collection, options, act, statuses)
    results: list[dict[str, Any]] = []
    failures: dict[str, int] = {}
    with request.transaction() as transaction:
        documents = request.documents(transaction, collection)
        for item in body:
            try:
                results.append(act(documents, item).shown(options))
            except Refusal as refusal:
                if refusal.number in {1203, 1652}:
                    raise
                results.append(refusal.item())
                failures[str(refusal.number)] = failures.get(str(refusal.number), 0) + 1
    headers = {"x-arango-error-codes": json.dumps(failures, separators=(",", ":"))} if failures else {}
    shown: Any = results
    if options.silent:
        shown = [item for item in results if "error" in item] or {}
    return Answer(_status(documents, options, statuses), shown, headers)


def _one(
    request: Request,
    collection: str,
    options: Options,
    act: Callable[[Documents, Any], Change],
    statuses: tuple[int, int],
) -> Answer:
    body = request.json()
    with request.transaction() as transaction:
        documents = request.documents(transaction, collection)
        change = act(documents, body)
    shown = change.shown(options)
    headers = {
        "etag": quoted(shown["_rev"]),
        "location": f"/_db/{request.database.name}/_api/document/{shown['_id']}",
    }
    return Answer(_status(documents, options, statuses), {} if options.silent else shown, headers)


def _get_many(request: Request, collection: str) -> Answer:
    selectors = request.json()
    if not isinstance(selectors, list):
        raise Refusal(400, "expecting an array in the request")
    found: list[dict[str, Any]] = []
    with request.transaction() as transaction:
        documents = request.documents(transaction, collection)
        for selector in selectors:
            try:
                found.append(documents.select(selector))
            except Refusal as refusal:
                found.append(refusal.item())
    return Answer(200, found)


def _status(documents: Documents, options: Options, statuses: tuple[int, int]) -> int:
    return statuses[0] if options.waitForSync or documents.collection.wait_for_sync else statuses[1]
