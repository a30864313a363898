"""Indexes: of all kinds only a unique persistent one constrains anything; a query needs none to be right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.standin.answers import Answer, Refusal, done
from tests.standin.api.routing import route
from tests.standin.shelf import Index

if TYPE_CHECKING:
    from tests.standin.api.routing import Request
    from tests.standin.database import Collection

_GEO = {"bestIndexedLevel": 17, "legacyPolygons": False, "maxNumCoverCells": 8, "worstIndexedLevel": 4}
_INVERTED: dict[str, Any] = {
    "analyzer": "identity", "cleanupIntervalStep": 2, "commitIntervalMsec": 1000, "consolidationIntervalMsec": 5000,
    "consolidationPolicy": {
        "type": "tier", "segmentsBytesMax": 8589934592, "maxSkewThreshold": 0.4, "minDeletionRatio": 0.5,
    },
    "features": ["frequency", "norm"], "includeAllFields": False, "optimizeTopK": [],
    "primarySort": {"fields": [], "compression": "lz4"}, "searchField": False, "storedValues": [],
    "trackListPositions": False, "version": 1, "writebufferActive": 0, "writebufferIdle": 64,
    "writebufferSizeMax": 33554432,
}  # fmt: skip
_KINDS = ("persistent", "hash", "skiplist", "ttl", "geo", "fulltext", "mdi", "mdi-prefixed", "inverted", "vector")


@route("GET /_api/index")
def list_indexes(request: Request) -> Answer:
    found = request.database.collection(request.parameters.get("collection", ""))
    shown = [one.shown for one in found.indexes]
    return done(200, indexes=shown, identifiers={one["id"]: one for one in shown})


@route("POST /_api/index")
def create(request: Request) -> Answer:
    body = request.object()
    with request.holdings.lock:
        found = request.database.collection(request.parameters.get("collection", ""))
        wanted = _described(request, found, body)
        for one in found.indexes:
            if _same(one.shown, wanted):
                return _answer(200, {**one.shown, "isNewlyCreated": False})
            if one.shown["name"] == wanted["name"]:
                raise Refusal(1207, "duplicate value - duplicate name in index definition", status=409)
        made = Index(wanted, _paths(wanted) if wanted["type"] == "persistent" else ())
        if made.unique:
            _require_unique(found, made)
        found.reindex([*found.indexes, made])
    return _answer(201, {**wanted, "isNewlyCreated": True})


@route("GET /_api/index/{collection}/{number}")
def get(request: Request, collection: str, number: str) -> Answer:
    return _answer(200, _find(request.database.collection(collection), number).shown)


@route("DELETE /_api/index/{collection}/{number}")
def drop(request: Request, collection: str, number: str) -> Answer:
    with request.holdings.lock:
        found = request.database.collection(collection)
        gone = _find(found, number)
        if gone.shown["type"] in {"primary", "edge"}:
            raise Refusal(11, "forbidden", status=403)
        found.reindex([one for one in found.indexes if one is not gone])
    return _answer(200, {"id": gone.shown["id"]})


def _answer(status: int, shown: dict[str, Any]) -> Answer:
    return Answer(status, {**shown, "code": status, "error": False})


def _find(found: Collection, number: str) -> Index:
    for one in found.indexes:
        if one.shown["id"] == f"{found.name}/{number}" or one.shown["name"] == number:
            return one
    raise Refusal(1212)


def _described(request: Request, found: Collection, body: dict[str, Any]) -> dict[str, Any]:
    kind, fields = body.get("type"), body.get("fields")
    if kind in {"hash", "skiplist"}:
        kind = "persistent"
    if kind not in _KINDS:
        raise Refusal(400, "invalid index type")
    if not isinstance(fields, list) or not fields:
        raise Refusal(400, "expecting a non-empty array of fields")
    number = request.holdings.ticks.number()
    shown: dict[str, Any] = {
        "id": f"{found.name}/{number}", "name": body.get("name", f"idx_{number}"), "type": kind, "fields": fields,
        "unique": bool(body.get("unique", False)), "sparse": bool(body.get("sparse", False)),
    }  # fmt: skip
    if kind == "persistent":
        shown |= {
            "cacheEnabled": bool(body.get("cacheEnabled", False)), "deduplicate": bool(body.get("deduplicate", True)),
            "estimates": bool(body.get("estimates", True)), "selectivityEstimate": 1,
        }  # fmt: skip
        if body.get("storedValues"):
            shown["storedValues"] = body["storedValues"]
    elif kind == "ttl":
        shown |= {"expireAfter": body.get("expireAfter", 0), "estimates": False, "sparse": True}
    elif kind == "geo":
        shown |= {**_GEO, "geoJson": bool(body.get("geoJson", False)), "sparse": True}
    elif kind == "fulltext":
        shown |= {"minLength": body.get("minLength", 2), "sparse": True}
    elif kind == "mdi":
        shown |= {"fieldValueTypes": body.get("fieldValueTypes"), "estimates": False}
    elif kind == "mdi-prefixed":
        shown |= {
            "fieldValueTypes": body.get("fieldValueTypes"), "prefixFields": body.get("prefixFields", []),
            "estimates": True, "selectivityEstimate": 1,
        }  # fmt: skip
    elif kind == "vector":
        shown["params"] = body.get("params", {})
    else:
        shown |= _inverted(request, body)
    return shown


def _inverted(request: Request, body: dict[str, Any]) -> dict[str, Any]:
    own = {name: body[name] for name in _INVERTED if name in body}
    fields: list[dict[str, Any]] = []
    for field in body["fields"]:
        one = {"name": field} if isinstance(field, str) else dict(field)
        if "analyzer" in one:
            analyzer = request.database.analyzer(one["analyzer"])
            one.setdefault("features", analyzer["features"])
        fields.append(one)
    return {**_INVERTED, **own, "fields": fields, "sparse": True}


def _same(shown: dict[str, Any], wanted: dict[str, Any]) -> bool:
    return all(shown.get(name) == wanted[name] for name in ("type", "fields", "unique", "sparse"))


def _paths(wanted: dict[str, Any]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(field.replace("[*]", "").split(".")) for field in wanted["fields"])


def _require_unique(found: Collection, index: Index) -> None:
    seen: set[str] = set()
    for key, document in found.shelf.documents.items():
        entry = index.entry(document)
        if entry is not None and entry in seen:
            over = ", ".join(index.shown["fields"])
            where = f"in index {index.shown['name']} of type persistent over '{over}'; conflicting key: {key}"
            raise Refusal(1210, f"unique constraint violated - {where}")
        if entry is not None:
            seen.add(entry)
