"""Named graphs, and vertices and edges by way of them: an edge needs both its ends, a vertex takes its edges along."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.standin.answers import Answer, Refusal, done
from tests.standin.api.routing import route
from tests.standin.database import DOCUMENTS, EDGES
from tests.standin.documents import Documents, Options

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.standin.api.routing import Request
    from tests.standin.documents import Change
    from tests.standin.transactions import Transaction


@route("GET /_api/gharial")
def list_graphs(request: Request) -> Answer:
    return done(200, graphs=list(request.database.graphs.values()))


@route("POST /_api/gharial")
def create(request: Request) -> Answer:
    body = request.object()
    name = body.get("name")
    if not isinstance(name, str) or not name:
        raise Refusal(1922)
    with request.holdings.lock:
        if name in request.database.graphs:
            raise Refusal(1925)
        definitions = [_definition(one) for one in body.get("edgeDefinitions", [])]
        graph = {
            "_key": name, "edgeDefinitions": definitions, "orphanCollections": list(body.get("orphanCollections", [])),
            "_rev": "", "_id": f"_graphs/{name}", "name": name,
        }  # fmt: skip
        for one in definitions:
            _require_free(request, one)
        return _stored(request, graph)


@route("GET /_api/gharial/{graph}")
def get(request: Request, graph: str) -> Answer:
    return done(200, graph=_find(request, graph))


@route("DELETE /_api/gharial/{graph}")
def drop(request: Request, graph: str) -> Answer:
    with request.holdings.lock:
        gone = _find(request, graph)
        del request.database.graphs[graph]
        if request.asked("dropCollections"):
            kept = {name for other in request.database.graphs.values() for name in _collections(other)}
            for name in _collections(gone):
                if name not in kept and name in request.database.collections:
                    request.database.drop_collection(name)
    return done(202, removed=True)


@route("GET /_api/gharial/{graph}/vertex")
def list_vertex_collections(request: Request, graph: str) -> Answer:
    return done(200, collections=sorted(_vertex_collections(_find(request, graph))))


@route("POST /_api/gharial/{graph}/vertex")
def add_vertex_collection(request: Request, graph: str) -> Answer:
    name = request.object().get("collection")
    with request.holdings.lock:
        found = _find(request, graph)
        if name in found["orphanCollections"]:
            raise Refusal(1938)
        if name in _vertex_collections(found):
            raise Refusal(1929)
        return _stored(request, {**found, "orphanCollections": [*found["orphanCollections"], name]})


@route("DELETE /_api/gharial/{graph}/vertex/{collection}")
def remove_vertex_collection(request: Request, graph: str, collection: str) -> Answer:
    with request.holdings.lock:
        found = _find(request, graph)
        if collection not in _vertex_collections(found):
            raise Refusal(1926)
        if collection not in found["orphanCollections"]:
            raise Refusal(1928)
        orphans = [name for name in found["orphanCollections"] if name != collection]
        if request.asked("dropCollection"):
            request.database.drop_collection(collection)
        return _stored(request, {**found, "orphanCollections": orphans})


@route("GET /_api/gharial/{graph}/edge")
def list_edge_collections(request: Request, graph: str) -> Answer:
    return done(200, collections=sorted(one["collection"] for one in _find(request, graph)["edgeDefinitions"]))


@route("POST /_api/gharial/{graph}/edge")
def add_definition(request: Request, graph: str) -> Answer:
    definition = _definition(request.object())
    with request.holdings.lock:
        found = _find(request, graph)
        if any(one["collection"] == definition["collection"] for one in found["edgeDefinitions"]):
            raise Refusal(1921)
        _require_free(request, definition)
        ends = {*definition["from"], *definition["to"]}
        orphans = [name for name in found["orphanCollections"] if name not in ends]
        definitions = [*found["edgeDefinitions"], definition]
        return _stored(request, {**found, "edgeDefinitions": definitions, "orphanCollections": orphans})


@route("PUT /_api/gharial/{graph}/edge/{collection}")
def replace_definition(request: Request, graph: str, collection: str) -> Answer:
    definition = _definition(request.object())
    with request.holdings.lock:
        found = _find(request, graph)
        if definition["collection"] != collection or collection not in _edge_collections(found):
            raise Refusal(1930)
        definitions = [definition if one["collection"] == collection else one for one in found["edgeDefinitions"]]
        return _stored(request, _with_orphans(found, definitions))


@route("DELETE /_api/gharial/{graph}/edge/{collection}")
def remove_definition(request: Request, graph: str, collection: str) -> Answer:
    with request.holdings.lock:
        found = _find(request, graph)
        if collection not in _edge_collections(found):
            raise Refusal(1930)
        definitions = [one for one in found["edgeDefinitions"] if one["collection"] != collection]
        if request.asked("dropCollections"):
            request.database.drop_collection(collection)
        return _stored(request, _with_orphans(found, definitions))


@route("POST /_api/gharial/{graph}/vertex/{collection}")
def insert_vertex(request: Request, graph: str, collection: str) -> Answer:
    options = Options.of(request.parameters)
    return _changed(request, graph, collection, "vertex", lambda documents, body: documents.insert(body, options))


@route("PUT /_api/gharial/{graph}/vertex/{collection}/{key}")
def replace_vertex(request: Request, graph: str, collection: str, key: str) -> Answer:
    return _changed(request, graph, collection, "vertex", _replacing(request, key))


@route("PATCH /_api/gharial/{graph}/vertex/{collection}/{key}")
def update_vertex(request: Request, graph: str, collection: str, key: str) -> Answer:
    return _changed(request, graph, collection, "vertex", _updating(request, key))


@route("POST /_api/gharial/{graph}/edge/{collection}")
def insert_edge(request: Request, graph: str, collection: str) -> Answer:
    options = Options.of(request.parameters)
    return _changed(request, graph, collection, "edge", lambda documents, body: documents.insert(body, options))


@route("PUT /_api/gharial/{graph}/edge/{collection}/{key}")
def replace_edge(request: Request, graph: str, collection: str, key: str) -> Answer:
    return _changed(request, graph, collection, "edge", _replacing(request, key))


@route("PATCH /_api/gharial/{graph}/edge/{collection}/{key}")
def update_edge(request: Request, graph: str, collection: str, key: str) -> Answer:
    return _changed(request, graph, collection, "edge", _updating(request, key))


@route("GET /_api/gharial/{graph}/vertex/{collection}/{key}", "GET /_api/gharial/{graph}/edge/{collection}/{key}")
def get_document(request: Request, graph: str, collection: str, key: str) -> Answer:
    kind = request.path.split("/")[4]
    _require_part(_find(request, graph), kind, collection)
    with request.transaction() as transaction:
        found = request.documents(transaction, collection).get(key)
    answer = done(200, **{kind: found})
    answer.headers["etag"] = found["_rev"]
    return answer


@route("DELETE /_api/gharial/{graph}/vertex/{collection}/{key}", "DELETE /_api/gharial/{graph}/edge/{collection}/{key}")
def remove_document(request: Request, graph: str, collection: str, key: str) -> Answer:
    kind = request.path.split("/")[4]
    found = _find(request, graph)
    _require_part(found, kind, collection)
    options = Options.of(request.parameters)
    with request.transaction() as transaction:
        change = request.documents(transaction, collection).remove(key, options, _match(request))
        if kind == "vertex":
            _remove_edges(request, transaction, f"{collection}/{key}")
    old = {"old": change.old} if options.returnOld else {}
    return done(_status(options), removed=True, **old)


def _find(request: Request, name: str) -> dict[str, Any]:
    found = request.database.graphs.get(name)
    if found is None:
        raise Refusal(1924, f"graph '{name}' not found")
    return found


def _definition(body: Any) -> dict[str, Any]:
    if not isinstance(body, dict) or not isinstance(body.get("collection"), str):
        raise Refusal(1923)
    for end in ("from", "to"):
        if not isinstance(body.get(end), list) or not body[end]:
            raise Refusal(1923)
    return {"collection": body["collection"], "from": sorted(body["from"]), "to": sorted(body["to"])}


def _require_free(request: Request, definition: dict[str, Any]) -> None:
    """An edge collection may be in several graphs only with the same definition."""
    for graph in request.database.graphs.values():
        for one in graph["edgeDefinitions"]:
            if one["collection"] == definition["collection"] and one != definition:
                raise Refusal(1921)


def _edge_collections(graph: dict[str, Any]) -> list[str]:
    return [one["collection"] for one in graph["edgeDefinitions"]]


def _vertex_collections(graph: dict[str, Any]) -> list[str]:
    ends = [name for one in graph["edgeDefinitions"] for name in (*one["from"], *one["to"])]
    return list(dict.fromkeys([*ends, *graph["orphanCollections"]]))


def _collections(graph: dict[str, Any]) -> list[str]:
    return [*_edge_collections(graph), *_vertex_collections(graph)]


def _with_orphans(graph: dict[str, Any], definitions: list[dict[str, Any]]) -> dict[str, Any]:
    """With new definitions; a vertex collection that none of them names any more is left as an orphan."""
    changed = {**graph, "edgeDefinitions": definitions}
    ends = {name for one in definitions for name in (*one["from"], *one["to"])}
    changed["orphanCollections"] = [name for name in _vertex_collections(graph) if name not in ends]
    return changed


def _stored(request: Request, graph: dict[str, Any]) -> Answer:
    database = request.database
    for name in _edge_collections(graph):
        if name in database.collections and database.collections[name].kind != EDGES:
            raise Refusal(1944)
        if name not in database.collections:
            database.create_collection(name, EDGES, {})
    for name in _vertex_collections(graph):
        if name not in database.collections:
            database.create_collection(name, DOCUMENTS, {})
    graph["_rev"] = request.holdings.ticks.revision()
    database.graphs[graph["name"]] = graph
    answer = done(202, graph=graph)
    answer.headers["etag"] = graph["_rev"]
    return answer


def _require_part(graph: dict[str, Any], kind: str, collection: str) -> None:
    if kind == "vertex" and collection not in _vertex_collections(graph):
        raise Refusal(1926)
    if kind == "edge" and collection not in _edge_collections(graph):
        raise Refusal(1930)


def _changed(
    request: Request, graph: str, collection: str, kind: str, act: Callable[[Documents, Any], Change]
) -> Answer:
    found = _find(request, graph)
    _require_part(found, kind, collection)
    body = request.object()
    options = Options.of(request.parameters)
    with request.transaction() as transaction:
        if kind == "edge":
            _require_ends(request, transaction, found, collection, body)
        change = act(request.documents(transaction, collection), body)
    shown = change.shown(options)
    beside = {name: shown.pop(name) for name in ("new", "old") if name in shown}
    answer = done(_status(options), **{kind: shown}, **beside)
    answer.headers["etag"] = shown["_rev"]
    return answer


def _require_ends(
    request: Request, transaction: Transaction, graph: dict[str, Any], collection: str, body: dict[str, Any]
) -> None:
    """Both ends that the body names lie in collections of the definition, and are there."""
    definition = next(one for one in graph["edgeDefinitions"] if one["collection"] == collection)
    for end, side in (("_from", "from"), ("_to", "to")):
        if end not in body and request.method == "PATCH":
            continue
        name, _, key = str(body.get(end, "")).partition("/")
        if not key:
            raise Refusal(1233)
        if name not in definition[side]:
            raise Refusal(1947 if name not in _vertex_collections(graph) else 1906)
        request.documents(transaction, name).get(key)


def _remove_edges(request: Request, transaction: Transaction, vertex: str) -> None:
    names = {name for graph in request.database.graphs.values() for name in _edge_collections(graph)}
    for name in sorted(names & set(transaction.collections)):
        shelf = transaction.shelf(name)
        keys = [edge["_key"] for edge in (*shelf.edges(vertex, "OUTBOUND"), *shelf.edges(vertex, "INBOUND"))]
        for key in keys:
            transaction.remove(name, key)


def _replacing(request: Request, key: str) -> Callable[[Documents, Any], Change]:
    options = Options.of(request.parameters)
    return lambda documents, body: documents.replace(key, body, options, _match(request))


def _updating(request: Request, key: str) -> Callable[[Documents, Any], Change]:
    options = Options.of(request.parameters)
    return lambda documents, body: documents.update(key, body, options, _match(request))


def _match(request: Request) -> str | None:
    value = request.headers.get("if-match")
    return None if value is None else value.strip().strip('"')


def _status(options: Options) -> int:
    return 201 if options.waitForSync else 202
