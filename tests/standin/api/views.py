"""Views and analyzers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.standin.answers import Answer, Refusal, done
from tests.standin.api.routing import route
from tests.standin.database import ANALYZERS

if TYPE_CHECKING:
    from tests.standin.api.routing import Request

_SETTINGS: dict[str, Any] = {
    "cleanupIntervalStep": 2, "commitIntervalMsec": 1000, "consolidationIntervalMsec": 5000,
    "consolidationPolicy": {
        "type": "tier", "segmentsBytesMax": 8589934592, "maxSkewThreshold": 0.4, "minDeletionRatio": 0.5,
    },
    "optimizeTopK": [], "primarySort": [], "primarySortCompression": "lz4", "storedValues": [], "writebufferActive": 0,
    "writebufferIdle": 64, "writebufferSizeMax": 33554432,
}  # fmt: skip
_LINK: dict[str, Any] = {
    "analyzers": ["identity"], "fields": {}, "includeAllFields": False, "storeValues": "none",
    "trackListPositions": False,
}  # fmt: skip
_CHANGEABLE = ("cleanupIntervalStep", "commitIntervalMsec", "consolidationIntervalMsec", "consolidationPolicy")


@route("GET /_api/view")
def list_views(request: Request) -> Answer:
    return done(200, result=[_head(view) for view in request.database.views.values()])


@route("POST /_api/view")
def create(request: Request) -> Answer:
    body = request.object()
    name, kind = body.get("name"), body.get("type")
    if not isinstance(name, str) or not name or name.startswith("_"):
        raise Refusal(1208)
    if kind not in ("arangosearch", "search-alias"):
        raise Refusal(400, "unsupported view type")
    with request.holdings.lock:
        database = request.database
        if name in database.views or name in database.collections:
            raise Refusal(1207)
        identifier = request.holdings.ticks.number()
        view: dict[str, Any] = {"globallyUniqueId": f"h1/{identifier}", "id": identifier, "name": name, "type": kind}
        if kind == "arangosearch":
            settings = {setting: body.get(setting, default) for setting, default in _SETTINGS.items()}
            view |= {**settings, "links": _links(request, body.get("links", {}))}
        else:
            view["indexes"] = _aliases(request, body.get("indexes", []), [])
        database.views[name] = view
        database.indexed("", now=True)
    return Answer(201, view)


@route("GET /_api/view/{name}")
def get(request: Request, name: str) -> Answer:
    return done(200, **_head(_find(request, name)))


@route("GET /_api/view/{name}/properties")
def properties(request: Request, name: str) -> Answer:
    return done(200, **_find(request, name))


@route("PUT /_api/view/{name}/properties")
def replace_properties(request: Request, name: str) -> Answer:
    return _change(request, name, keep=False)


@route("PATCH /_api/view/{name}/properties")
def change_properties(request: Request, name: str) -> Answer:
    return _change(request, name, keep=True)


@route("PUT /_api/view/{name}/rename")
def rename(request: Request, name: str) -> Answer:
    wanted = request.object().get("name")
    with request.holdings.lock:
        found = _find(request, name)
        if wanted in request.database.views or wanted in request.database.collections:
            raise Refusal(1207)
        del request.database.views[found["name"]]
        found = {**found, "name": wanted}
        request.database.views[str(wanted)] = found
    return Answer(200, found)


@route("DELETE /_api/view/{name}")
def drop(request: Request, name: str) -> Answer:
    with request.holdings.lock:
        del request.database.views[_find(request, name)["name"]]
    return done(200, result=True)


def _head(view: dict[str, Any]) -> dict[str, Any]:
    return {name: view[name] for name in ("globallyUniqueId", "id", "name", "type")}


def _find(request: Request, name: str) -> dict[str, Any]:
    views = request.database.views
    found = views.get(name) or next((one for one in views.values() if one["id"] == name), None)
    if found is None:
        raise Refusal(1203)
    return found


def _change(request: Request, name: str, *, keep: bool) -> Answer:
    body = request.object()
    with request.holdings.lock:
        found = dict(_find(request, name))
        if found["type"] == "search-alias":
            found["indexes"] = _aliases(request, body.get("indexes", []), found["indexes"] if keep else [])
        else:
            defaults = found if keep else _SETTINGS
            found |= {setting: body.get(setting, defaults[setting]) for setting in _CHANGEABLE}
            old = found["links"] if keep else {}
            asked = body.get("links", {})
            found["links"] = {one: link for one, link in old.items() if one not in asked} | _links(request, asked)
        request.database.views[found["name"]] = found
        request.database.indexed("", now=True)
    return Answer(200, found)


def _links(request: Request, asked: Any) -> dict[str, Any]:
    if not isinstance(asked, dict):
        raise Refusal(400, "error parsing link parameters")
    links: dict[str, Any] = {}
    for name, link in asked.items():
        if link is None:
            continue
        collection = request.database.collections.get(name)
        if collection is None:
            raise Refusal(1203, f"while creating link in view, failed to find collection '{name}'")
        for analyzer in link.get("analyzers", []):
            request.database.analyzer(analyzer)
        links[name] = {**_LINK, **link, "fields": {field: dict(one) for field, one in link.get("fields", {}).items()}}
    return links


def _aliases(request: Request, asked: list[dict[str, Any]], old: list[dict[str, Any]]) -> list[dict[str, Any]]:
    result = list(old)
    for one in asked:
        entry = {"collection": one.get("collection", ""), "index": one.get("index", "")}
        indexes = request.database.collection(entry["collection"]).indexes
        if not any((have.shown["name"], have.shown["type"]) == (entry["index"], "inverted") for have in indexes):
            raise Refusal(1212)
        if one.get("operation") == "del":
            result = [known for known in result if known != entry]
        elif entry not in result:
            result.append(entry)
    return result


@route("GET /_api/analyzer")
def list_analyzers(request: Request) -> Answer:
    return done(200, result=[*ANALYZERS.values(), *request.database.analyzers.values()])


@route("POST /_api/analyzer")
def create_analyzer(request: Request) -> Answer:
    body = request.object()
    name = body.get("name")
    if not isinstance(name, str) or not name.isidentifier() or not isinstance(body.get("type"), str):
        raise Refusal(400, "invalid characters in analyzer name")
    made = {
        "name": f"{request.database.name}::{name}", "type": body["type"], "properties": body.get("properties", {}),
        "features": body.get("features", []),
    }  # fmt: skip
    with request.holdings.lock:
        old = request.database.analyzers.get(name)
        if old is not None and old != made:
            raise Refusal(400, f"name collision detected while registering the analyzer: {name}")
        request.database.analyzers[name] = made
    return Answer(200 if old is not None else 201, made)


@route("GET /_api/analyzer/{name}")
def get_analyzer(request: Request, name: str) -> Answer:
    return done(200, **request.database.analyzer(name))


@route("DELETE /_api/analyzer/{name}")
def drop_analyzer(request: Request, name: str) -> Answer:
    with request.holdings.lock:
        gone = request.database.analyzers.pop(name.rpartition("::")[2], None)
    if gone is None:
        raise Refusal(1202, "analyzer not found")
    return done(200, name=gone["name"])
