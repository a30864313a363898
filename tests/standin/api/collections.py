"""Collections: list, create, properties, count, truncate, drop."""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from tests.standin.answers import Refusal, done
from tests.standin.api.routing import route
from tests.standin.database import DOCUMENTS
from tests.standin.schemas import Schema

if TYPE_CHECKING:
    from tests.standin.answers import Answer
    from tests.standin.api.routing import Request
    from tests.standin.database import Collection


@route("GET /_api/collection")
def list_collections(request: Request) -> Answer:
    found = request.database.collections.values()
    hide = request.asked("excludeSystem")
    return done(200, result=[one.head() for one in found if not (hide and one.system)])


@route("POST /_api/collection")
def create(request: Request) -> Answer:
    body = request.object()
    with request.holdings.lock:
        made = request.database.create_collection(body.get("name"), int(body.get("type", DOCUMENTS)), body)
    return done(200, **made.properties())


@route("GET /_api/collection/{name}")
def describe(request: Request, name: str) -> Answer:
    return _located(request, request.database.collection(name).head())


@route("GET /_api/collection/{name}/properties")
def properties(request: Request, name: str) -> Answer:
    return _located(request, request.database.collection(name).properties())


@route("PUT /_api/collection/{name}/properties")
def change_properties(request: Request, name: str) -> Answer:
    body = request.object()
    with request.holdings.lock:
        found = request.database.collection(name)
        found.wait_for_sync = bool(body.get("waitForSync", found.wait_for_sync))
        found.cache_enabled = bool(body.get("cacheEnabled", found.cache_enabled))
        found.computed_values = body.get("computedValues", found.computed_values)
        if "schema" in body:
            found.schema = Schema.of(body["schema"])
    return _located(request, found.properties())


@route("GET /_api/collection/{name}/count")
def count(request: Request, name: str) -> Answer:
    found, number = _counted(request, name)
    return _located(request, {**found.properties(), "count": number})


@route("GET /_api/collection/{name}/figures")
def figures(request: Request, name: str) -> Answer:
    found, number = _counted(request, name)
    size = sum(len(json.dumps(document)) for document in found.shelf.documents.values())
    shown: dict[str, Any] = {
        "indexes": {"count": len(found.indexes), "size": 0}, "documentsSize": size, "cacheInUse": False, "cacheSize": 0,
        "cacheUsage": 0,
    }  # fmt: skip
    if request.asked("details"):
        kinds = [{"type": one.shown["type"], "id": at, "count": number} for at, one in enumerate(found.indexes)]
        shown["engine"] = {"documents": number, "indexes": kinds}
    return _located(request, {**found.properties(), "count": number, "figures": shown})


@route("GET /_api/collection/{name}/revision")
def revision(request: Request, name: str) -> Answer:
    found = request.database.collection(name)
    return _located(request, {**found.properties(), "revision": _last_revision(found)})


@route("GET /_api/collection/{name}/checksum")
def checksum(request: Request, name: str) -> Answer:
    """A checksum of its own: the same for the same documents, another number than a server's."""
    found = request.database.collection(name)
    left_out = set() if request.asked("withRevisions") else {"_rev"}
    if not request.asked("withData"):
        rows = sorted(document["_key"] for document in found.shelf.documents.values())
    else:
        rows = sorted(
            json.dumps({name: value for name, value in document.items() if name not in left_out}, sort_keys=True)
            for document in found.shelf.documents.values()
        )
    digest = int.from_bytes(blake2b("\n".join(rows).encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
    return _located(request, {**found.head(), "revision": _last_revision(found), "checksum": str(digest)})


@route("PUT /_api/collection/{name}/truncate")
def truncate(request: Request, name: str) -> Answer:
    with request.transaction() as transaction:
        found = transaction.require_write(name)
        for key in list(transaction.shelf(found.name).documents):
            transaction.remove(found.name, key)
    return _located(request, found.head())


@route("PUT /_api/collection/{name}/load", "PUT /_api/collection/{name}/unload")
def load(request: Request, name: str) -> Answer:
    found, number = _counted(request, name)
    return _located(request, {**found.head(), **({"count": number} if request.path.endswith("/load") else {})})


@route("PUT /_api/collection/{name}/loadIndexesIntoMemory")
def load_indexes(request: Request, name: str) -> Answer:
    request.database.collection(name)
    return _located(request, {"result": True})


@route("PUT /_api/collection/{name}/compact")
def compact(request: Request, name: str) -> Answer:
    return _located(request, request.database.collection(name).head())


@route("PUT /_api/collection/{name}/rename")
def rename(request: Request, name: str) -> Answer:
    wanted = request.object().get("name")
    with request.holdings.lock:
        found = request.database.collection(name)
        if not isinstance(wanted, str) or not wanted:
            raise Refusal(1208)
        if wanted in request.database.collections or wanted in request.database.views:
            raise Refusal(1207)
        del request.database.collections[found.name]
        found.rename(wanted)
        request.database.collections[wanted] = found
    return _located(request, found.head())


@route("DELETE /_api/collection/{name}")
def drop(request: Request, name: str) -> Answer:
    with request.holdings.lock:
        if request.database.collection(name).system and not request.asked("isSystem"):
            raise Refusal(11, status=403)
        identifier = request.database.drop_collection(name)
    return done(200, id=identifier)


@route("GET /_api/key-generators")
def key_generators(request: Request) -> Answer:
    answer = done(200, keyGenerators=["upgrade", "padded", "uuid", "autoincrement", "traditional"])
    del answer.body["error"], answer.body["code"]
    return answer


def _counted(request: Request, name: str) -> tuple[Collection, int]:
    with request.transaction() as transaction:
        found = transaction.collection(name)
        return found, len(transaction.shelf(found.name).documents)


def _last_revision(found: Collection) -> str:
    return max((document["_rev"] for document in found.shelf.documents.values()), default="0")


def _located(request: Request, body: dict[str, Any]) -> Answer:
    answer = done(200, **body)
    answer.headers.update(request.location())
    return answer
