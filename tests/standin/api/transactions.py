"""Stream transactions: begin, status, commit, abort."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.standin.answers import Answer, Refusal, done
from tests.standin.api.routing import route
from tests.standin.transactions import begin, find

if TYPE_CHECKING:
    from tests.standin.api.routing import Request
    from tests.standin.transactions import Transaction


@route("POST /_api/transaction/begin")
def begin_transaction(request: Request) -> Answer:
    return _answer(201, begin(request.holdings, request.database, request.object(), read_only=request.read_only))


@route("GET /_api/transaction")
def list_transactions(request: Request) -> Answer:
    shown = [
        {"id": one.id, "state": one.status} for one in request.database.transactions.values() if one.status == "running"
    ]
    return Answer(200, {"transactions": shown})


@route("GET /_api/transaction/{identifier}")
def get(request: Request, identifier: str) -> Answer:
    return _answer(200, find(request.database, identifier))


@route("PUT /_api/transaction/{identifier}")
def commit(request: Request, identifier: str) -> Answer:
    with request.holdings.lock:
        found = find(request.database, identifier)
        if found.status == "aborted":
            raise Refusal(1653, f"transaction '{identifier}' was already aborted")
        if found.status == "running":
            found.commit()
    return _answer(200, found)


@route("DELETE /_api/transaction/{identifier}")
def abort(request: Request, identifier: str) -> Answer:
    with request.holdings.lock:
        found = find(request.database, identifier)
        if found.status == "committed":
            raise Refusal(1653, f"transaction '{identifier}' was already committed")
        if found.status == "running":
            found.abort()
    return _answer(200, found)


def _answer(status: int, found: Transaction) -> Answer:
    return done(status, result={"id": found.id, "status": found.status})
