"""Making a database ready: what is made, what is left alone, what is changed and what is refused."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import jsonschema
import pytest
from tests.unit.arango.film import parts_of_production
from tests.unit.arango.scripted import SETTINGS, Answer, Script, Waits, error, open_store

from shotwright.adapters.story_store.arango import ArangoStoryStore, diagnose
from shotwright.adapters.story_store.arango.connection import Connection
from shotwright.adapters.story_store.arango.layout import (
    EDGES,
    GRAPH,
    VERTICES,
    VIEW,
    collections,
    graph_definition,
    layout_mark,
)
from shotwright.adapters.story_store.arango.writing import new_node_document
from shotwright.errors import StoreError
from shotwright.model.graph import COLLECTIONS, RELATIONS, Node

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.unit.arango.conftest import Recorder

    from shotwright.adapters.story_store.arango import ArangoSettings
    from shotwright.ports.story_store import Part


@pytest.fixture
def raw(open_arango: Callable[..., ArangoStoryStore], arango_settings: ArangoSettings) -> Connection:
    """A connection to a database that is ready."""
    open_arango()
    return Connection(arango_settings)


def test_opening_again_costs_one_request_and_changes_nothing(
    open_arango: Callable[..., ArangoStoryStore], recorder: Recorder
) -> None:
    open_arango()
    first = len(recorder.sent)
    open_arango("other")
    assert [s.method for s in recorder.sent[first:]] == ["get"]
    assert first < 200


def test_every_kind_of_node_and_edge_has_its_collection_schema_and_indexes(raw: Connection) -> None:
    assert set(VERTICES) == set(COLLECTIONS.values())
    assert set(EDGES) == set(RELATIONS)
    for collection in collections():
        found = raw.send("get", f"/_api/collection/{collection.name}/properties")
        assert found["type"] == (3 if collection.edges else 2)
        assert found["schema"]["level"] == "moderate"
        indexes = raw.send("get", "/_api/index", params={"collection": collection.name})["indexes"]
        have = {(tuple(i["fields"]), i["unique"]) for i in indexes}
        if collection.edges:
            assert {(("production", "edge"), True), (("production", "scope"), False)} <= have
            assert {(("_from", "order"), False), (("_to", "order"), False)} <= have
        elif collection.name in VERTICES:
            wanted = {
                (("production", "node"), True),
                (("production", "order"), False),
                (("production", "scope"), False),
            }
            assert wanted <= have


def test_the_graph_and_the_search_view_cover_everything(raw: Connection) -> None:
    graph = raw.send("get", f"/_api/gharial/{GRAPH}")["graph"]
    assert {d["collection"] for d in graph["edgeDefinitions"]} == set(RELATIONS)
    named = {n for d in graph["edgeDefinitions"] for end in ("from", "to") for n in d[end]}
    assert named | set(graph["orphanCollections"]) == set(VERTICES)
    links = raw.send("get", f"/_api/view/{VIEW}/properties")["links"]
    assert set(links) == set(VERTICES)
    assert all(set(link["fields"]) == {"production", "words"} for link in links.values())


def _outdate(raw: Connection) -> None:
    raw.send("patch", "/_api/document/meta/layout", {"mark": "older", "version": 0})


def test_what_is_outdated_is_brought_up_to_date_and_the_rest_left_as_it_is(
    raw: Connection, open_arango: Callable[..., ArangoStoryStore], recorder: Recorder
) -> None:
    old = {"rule": {"type": "object"}, "level": "strict", "message": "shotwright: of old"}
    raw.send("put", "/_api/collection/scenes/properties", {"schema": old})
    listed = raw.send("get", "/_api/index", params={"collection": "looks"})["indexes"]
    raw.send("delete", f"/_api/index/{next(i['id'] for i in listed if i['name'] == 'story_order')}")
    body = {"type": "persistent", "name": "story_order", "fields": ["order"], "unique": False}
    raw.send("post", "/_api/index", body, params={"collection": "looks"})
    raw.send("put", f"/_api/gharial/{GRAPH}/edge/uses", {"collection": "uses", "from": ["scenes"], "to": ["props"]})
    raw.send("delete", f"/_api/gharial/{GRAPH}/edge/cuts_to")
    raw.send("delete", f"/_api/view/{VIEW}")
    _outdate(raw)
    before = len(recorder.sent)
    open_arango()
    changed = [s for s in recorder.sent[before:] if s.method not in ("get",)]
    assert len(changed) == 7, [s.line for s in changed]
    scenes = next(c for c in collections() if c.name == "scenes")
    assert raw.send("get", "/_api/collection/scenes/properties")["schema"]["rule"] == scenes.rule
    graph = raw.send("get", f"/_api/gharial/{GRAPH}")["graph"]
    have = {d["collection"]: d for d in graph["edgeDefinitions"]}
    assert {k: sorted(d["to"]) for k, d in have.items()} == {
        d["collection"]: d["to"] for d in graph_definition()["edgeDefinitions"]
    }
    assert raw.send("get", f"/_api/view/{VIEW}/properties")["links"]
    assert raw.send("get", "/_api/document/meta/layout")["mark"] == layout_mark()


def test_a_set_up_that_was_cut_short_is_finished(
    open_arango: Callable[..., ArangoStoryStore], arango_settings: ArangoSettings
) -> None:
    connection = Connection(arango_settings)
    first = collections()[0]
    connection.send("post", "/_api/collection", first.body())
    store = open_arango()
    assert store.replace("film", [Node(id="film/film", kind="film")], []).nodes_put == 1


def test_two_processes_may_make_the_same_database_ready_at_once(arango_settings: ArangoSettings) -> None:
    def open_one(number: int) -> int:
        store = ArangoStoryStore(arango_settings, f"p{number}")
        try:
            return store.replace("film", [Node(id="film/film", kind="film")], []).nodes_put
        finally:
            store.close()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(open_one, range(4))) == [1, 1, 1, 1]


def test_a_collection_of_something_else_is_refused_and_left_as_it_was(
    open_arango: Callable[..., ArangoStoryStore], arango_settings: ArangoSettings
) -> None:
    connection = Connection(arango_settings)
    connection.send("post", "/_api/collection", {"name": "props", "type": 2})
    before = connection.send("get", "/_api/collection/props/properties")
    with pytest.raises(StoreError, match="a collection props of something else") as refused:
        open_arango()
    assert "another database" in refused.value.hint
    assert connection.send("get", "/_api/collection/props/properties") == before


def test_a_database_of_a_newer_shotwright_is_refused(
    raw: Connection, open_arango: Callable[..., ArangoStoryStore]
) -> None:
    raw.send("patch", "/_api/document/meta/layout", {"version": 99})
    with pytest.raises(StoreError, match="newer") as refused:
        open_arango()
    assert "upgrade" in refused.value.hint


def test_a_database_that_is_missing_is_made_for_one_server_alone(
    arango_settings: ArangoSettings, recorder: Recorder
) -> None:
    fresh = replace(arango_settings, url=f"{arango_settings.url}_fresh")
    ArangoStoryStore(fresh, "birds", http_client=recorder).close()
    made = next(s for s in recorder.sent if s.path == "/_db/_system/_api/database")
    assert made.body == {"name": fresh.database, "options": {"sharding": "single"}}
    assert diagnose(fresh)[-1].level == "ok"


def test_a_database_that_may_not_be_made_says_who_must_make_it() -> None:
    script = Script().always("get /_api/document/meta/layout", error(404, 1228, "database not found"))
    script.on("get /_api/version", Answer(200, {"version": "3.12.4"}))
    script.on("post /_api/database", error(403, 11, "forbidden"))
    with pytest.raises(StoreError, match="the user ida may not create it") as refused:
        open_store(script)
    assert "single" in refused.value.hint


@pytest.mark.parametrize("version", ["3.11.14", "3.10.0-rc.1", "2.8"])
def test_a_server_that_is_too_old_is_named_with_its_version_and_left_alone(version: str) -> None:
    script = Script().on("get /_api/document/meta/layout", error(404, 1203))
    script.on("get /_api/version", Answer(200, {"version": version}))
    with pytest.raises(StoreError, match=version) as refused:
        open_store(script)
    assert "3.12" in refused.value.hint
    assert all(s.method == "get" for s in script.sent)


def test_the_rights_to_read_are_enough_for_a_database_that_is_ready() -> None:
    script = Script()
    open_store(script)
    assert script.lines() == ["get /_api/document/meta/layout"]
    assert script.sent[0].auth == ("ida", SETTINGS.password)
    assert script.sent[0].database == "films"


def test_a_token_signs_instead_of_name_and_password() -> None:
    script = Script()
    settings = replace(SETTINGS, token="aaa.bbb.ccc")
    ArangoStoryStore(settings, "birds", http_client=script, backoff=Waits().backoff())
    assert script.sent[0].headers["Authorization"] == "bearer aaa.bbb.ccc"
    assert script.sent[0].auth is None


def test_the_name_of_a_production_is_checked_before_anything_is_sent() -> None:
    script = Script()
    with pytest.raises(StoreError):
        ArangoStoryStore(SETTINGS, "Two Words", http_client=script)
    assert not script.sent


def test_the_schemas_take_a_whole_story_and_refuse_another_type(told_parts: list[Part]) -> None:
    rules = {c.name: jsonschema.Draft4Validator(c.rule) for c in collections()}
    for collection in collections():
        jsonschema.Draft4Validator.check_schema(collection.rule)
    seen = set()
    for scope, nodes, _ in told_parts:
        for node in nodes:
            seen.add(node.kind)
            document = new_node_document("birds", scope, node, 1, "h")
            rules[COLLECTIONS[node.kind]].validate(document)
    assert {"character", "scene", "location", "look", "plot_point"} <= seen
    wrong = new_node_document("birds", "film", Node(id="character/a", kind="character", data={"cues": "A"}), 1, "h")
    with pytest.raises(jsonschema.ValidationError):
        rules["characters"].validate(wrong)


@pytest.fixture
def told_parts(example_production: Path) -> list[Part]:
    """The parts of the example film's graph."""
    return parts_of_production(example_production)
