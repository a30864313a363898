"""Making a database ready for Story Graphs: what is missing is made, what is outdated changed, the rest left alone.

Every step may be repeated, and another process may do the same at the same time.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from shotwright.adapters.story_store.arango.connection import document_path, part_of
from shotwright.adapters.story_store.arango.errors import (
    DATA_SOURCE_NOT_FOUND,
    DATABASE_NOT_FOUND,
    DOCUMENT_NOT_FOUND,
    DUPLICATE_NAME,
    FORBIDDEN,
    GRAPH_DUPLICATE,
    GRAPH_NOT_FOUND,
    Refusal,
)
from shotwright.adapters.story_store.arango.layout import (
    GRAPH,
    LAYOUT_KEY,
    META,
    OURS,
    VERSION,
    VIEW,
    Collection,
    collections,
    graph_definition,
    layout_mark,
    view_links,
)
from shotwright.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from shotwright.adapters.story_store.arango.connection import Connection

OLDEST_SERVER = (3, 12)


def prepare(connection: Connection) -> None:
    """See that the database is as `layout` says. One request when it is."""
    connection.attempt(lambda: _prepare(connection), "the database could not be made ready")


def server_version(said: str) -> tuple[int, ...]:
    """`3.12.10-rc.1` -> (3, 12, 10)."""
    numbers = said.partition("-")[0].split(".")
    return tuple(int(n) for n in numbers if n.isdecimal())


def _prepare(connection: Connection) -> None:
    try:
        noted = connection.send("get", document_path(f"{META}/{LAYOUT_KEY}"))
    except Refusal as refusal:
        if refusal.number == DATABASE_NOT_FOUND:
            _require_server(connection, "_system")
            _make_database(connection)
        elif refusal.number not in (DATA_SOURCE_NOT_FOUND, DOCUMENT_NOT_FOUND):
            raise
    else:
        if noted.get("version", 0) > VERSION:
            where = f"the database {connection.settings.database} at {connection.settings.host}"
            raise StoreError(
                f"{where} was made by a newer shotwright (layout {noted['version']}, this one knows {VERSION})",
                hint="upgrade shotwright, or name another database",
            )
        if noted.get("mark") == layout_mark():
            return
    _require_server(connection, "")
    _set_up(connection)


def _require_server(connection: Connection, database: str) -> None:
    said = str(connection.send("get", "/_api/version", database=database).get("version", ""))
    if server_version(said) < OLDEST_SERVER:
        raise StoreError(
            f"the server at {connection.settings.host} is ArangoDB {said or 'of an unknown version'}",
            hint="3.12 or later is needed",
        )


def _make_database(connection: Connection) -> None:
    settings = connection.settings
    # OneShard: all collections of a cluster's database on one server, so that transactions and joins stay local.
    body = {"name": settings.database, "options": {"sharding": "single"}}
    try:
        connection.send("post", "/_api/database", body, database="_system")
    except Refusal as refusal:
        if refusal.number == DUPLICATE_NAME:
            return
        if refusal.number == FORBIDDEN or refusal.status in (401, 403):
            raise StoreError(
                f"there is no database {settings.database} at {settings.host}, and {settings.who} may not create it",
                hint='have it created with sharding "single", with read and write access to it',
            ) from refusal
        raise


def _set_up(connection: Connection) -> None:
    known = {c["name"] for c in part_of(connection.send("get", "/_api/collection"), "result", list)}
    for collection in collections():
        if collection.name not in known:
            _unless_there(partial(connection.send, "post", "/_api/collection", collection.body()))
        _agree(connection, collection, made=collection.name not in known)
    _draw_graph(connection)
    _open_view(connection)
    # Last, so that a set-up that was cut short is done again.
    note = {"_key": LAYOUT_KEY, "version": VERSION, "mark": layout_mark()}
    connection.send("post", f"/_api/document/{META}", note, params={"overwriteMode": "replace", "silent": "true"})


def _agree(connection: Connection, collection: Collection, *, made: bool) -> None:
    path = f"/_api/collection/{collection.name}/properties"
    if not made:
        _require_ours(connection, collection, connection.send("get", path), path)
    listed = part_of(connection.send("get", "/_api/index", params=_of(collection)), "indexes", list)
    have = {index.get("name"): index for index in listed}
    for index in collection.indexes:
        body = index.body()
        old = have.get(index.name)
        if old is not None and any(old.get(field) != value for field, value in body.items()):
            connection.send("delete", f"/_api/index/{old['id']}")
            old = None
        if old is None:
            connection.send("post", "/_api/index", body, params=_of(collection))


def _require_ours(connection: Connection, collection: Collection, found: Mapping[str, Any], path: str) -> None:
    schema = found.get("schema") or {}
    if not str(schema.get("message", "")).startswith(OURS) or found.get("type") != (3 if collection.edges else 2):
        raise StoreError(
            f"the database {connection.settings.database} has a collection {collection.name} of something else",
            hint="name another database; this one was left as it is",
        )
    if {name: schema.get(name) for name in ("rule", "level", "message")} != collection.schema():
        connection.send("put", path, {"schema": collection.schema()})


def _draw_graph(connection: Connection) -> None:
    wanted = graph_definition()
    path = f"/_api/gharial/{GRAPH}"
    try:
        found = part_of(connection.send("get", path), "graph", dict)
    except Refusal as refusal:
        if refusal.number != GRAPH_NOT_FOUND:
            raise
        _unless_there(lambda: connection.send("post", "/_api/gharial", wanted))
        return
    have = {d["collection"]: d for d in found["edgeDefinitions"]}
    for definition in wanted["edgeDefinitions"]:
        name = definition["collection"]
        old = have.get(name)
        if old is None:
            connection.send("post", f"{path}/edge", definition)
        elif any(sorted(old[end]) != definition[end] for end in ("from", "to")):
            connection.send("put", f"{path}/edge/{name}", definition)
    for name in wanted["orphanCollections"]:
        if name not in found["orphanCollections"]:
            connection.send("post", f"{path}/vertex", {"collection": name})


def _open_view(connection: Connection) -> None:
    path = f"/_api/view/{VIEW}/properties"
    links = view_links()
    try:
        found = connection.send("get", path)
    except Refusal as refusal:
        if refusal.number != DATA_SOURCE_NOT_FOUND:
            raise
        body = {"name": VIEW, "type": "arangosearch", "links": links}
        _unless_there(lambda: connection.send("post", "/_api/view", body))
        return
    if found.get("type") != "arangosearch":
        raise StoreError(
            f"the database {connection.settings.database} has a view {VIEW} of something else",
            hint="name another database; this one was left as it is",
        )
    if any(not _covers(found.get("links", {}).get(name), link) for name, link in links.items()):
        connection.send("patch", path, {"links": links})


def _covers(found: Any, wanted: Any) -> bool:
    """Whether a link says at least what is wanted: the server adds what it defaults to."""
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(_covers(found.get(name), value) for name, value in wanted.items())
    return bool(found == wanted)


def _unless_there(make: Callable[[], Any]) -> None:
    """Make it; another process that made it first is as good."""
    try:
        make()
    except Refusal as refusal:
        if refusal.number not in (DUPLICATE_NAME, GRAPH_DUPLICATE):
            raise


def _of(collection: Collection) -> dict[str, str]:
    return {"collection": collection.name}
