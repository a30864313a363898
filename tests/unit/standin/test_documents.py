"""Documents, schemas, indexes and graphs of the stand-in, beyond what was recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from arango.exceptions import (
    DocumentInsertError,
    DocumentRevisionError,
    DocumentUpdateError,
    GraphCreateError,
    IndexCreateError,
)

if TYPE_CHECKING:
    from arango.database import StandardDatabase

RULE = {"type": "object", "required": ["heading"], "properties": {"heading": {"type": "string"}}}


def _schema(level: str) -> dict[str, Any]:
    return {"rule": RULE, "level": level, "message": "a scene needs a heading"}


@pytest.mark.parametrize(
    ("mode", "expected"),
    [("ignore", {"n": 1, "m": 1}), ("replace", {"n": 2}), ("update", {"n": 2, "m": 1})],
)
def test_a_key_that_is_there_is_met_as_the_mode_says(db: StandardDatabase, mode: str, expected: dict[str, int]) -> None:
    scenes = db.collection("scenes")
    scenes.insert({"_key": "a", "n": 1, "m": 1})
    scenes.insert({"_key": "a", "n": 2}, overwrite_mode=mode)
    found = scenes.get("a")
    assert {name: found[name] for name in found if not name.startswith("_")} == expected
    with pytest.raises(DocumentInsertError) as caught:
        scenes.insert({"_key": "a"}, overwrite_mode="conflict")
    assert caught.value.error_code == 1210


@pytest.mark.parametrize("key", ["", "a/b", "ä", "a b", "x" * 255, 7])
def test_an_illegal_key_is_refused(db: StandardDatabase, key: object) -> None:
    with pytest.raises(DocumentInsertError) as caught:
        db.collection("scenes").insert({"_key": key})
    assert (caught.value.http_code, caught.value.error_code) == (400, 1221)


def test_silence_hides_what_went_well_and_tells_what_did_not(db: StandardDatabase) -> None:
    connection = db.conn
    from arango.request import Request

    def send(body: list[dict[str, Any]]) -> Any:
        request = Request(method="post", endpoint="/_api/document/scenes", params={"silent": "true"}, data=body)
        return connection.send_request(request).body

    assert send([{"_key": "a"}, {"_key": "b"}]) == {}
    assert [(one["errorNum"], one["error"]) for one in send([{"_key": "a"}, {"_key": "c"}])] == [(1210, True)]
    assert db.collection("scenes").count() == 3


def test_a_moderate_schema_lets_what_was_wrong_before_stay_wrong(db: StandardDatabase) -> None:
    scenes = db.collection("scenes")
    scenes.insert({"_key": "old"})
    scenes.configure(schema=_schema("moderate"))
    scenes.update({"_key": "old", "n": 1})
    with pytest.raises(DocumentInsertError) as caught:
        scenes.insert({"_key": "new"})
    assert (caught.value.error_code, caught.value.error_message) == (1620, "a scene needs a heading")
    scenes.insert({"_key": "good", "heading": "INT. HOUSE"})
    with pytest.raises(DocumentUpdateError):
        scenes.update({"_key": "good", "heading": 7})
    scenes.configure(schema=_schema("strict"))
    with pytest.raises(DocumentUpdateError):
        scenes.update({"_key": "old", "n": 2})


def test_a_schema_holds_for_queries_too(db: StandardDatabase) -> None:
    db.collection("scenes").configure(schema=_schema("moderate"))
    with pytest.raises(Exception, match="a scene needs a heading"):
        db.aql.execute("INSERT {} INTO scenes")


def test_an_edge_needs_both_its_ends_as_identifiers(db: StandardDatabase) -> None:
    for body in ({}, {"_from": "scenes/a"}, {"_from": "scenes/a", "_to": "b"}):
        with pytest.raises(DocumentInsertError) as caught:
            db.collection("follows").insert(dict(body))
        assert (caught.value.http_code, caught.value.error_code) == (400, 1233)


def test_another_revision_is_not_replaced(db: StandardDatabase) -> None:
    scenes = db.collection("scenes")
    old = scenes.insert({"_key": "a"})
    scenes.update({"_key": "a", "n": 1})
    with pytest.raises(DocumentRevisionError) as caught:
        scenes.replace({"_key": "a", "_rev": old["_rev"]}, check_rev=True)
    assert (caught.value.http_code, caught.value.error_code) == (412, 1200)


def test_a_unique_index_is_kept_through_changes_and_refuses_what_it_cannot_hold(db: StandardDatabase) -> None:
    scenes = db.collection("scenes")
    scenes.add_index({"type": "persistent", "fields": ["order"], "unique": True, "sparse": True})
    scenes.insert_many([{"_key": "a", "order": 1}, {"_key": "b", "order": 2}, {"_key": "c"}, {"_key": "d"}])
    scenes.update({"_key": "a", "order": 3})
    scenes.insert({"_key": "e", "order": 1.0})
    scenes.delete("b")
    scenes.insert({"_key": "f", "order": 2})
    with pytest.raises(DocumentInsertError) as caught:
        scenes.insert({"_key": "g", "order": 1})
    assert caught.value.error_code == 1210
    with pytest.raises(IndexCreateError) as made:
        scenes.add_index({"type": "persistent", "fields": ["nothing"], "unique": True})
    assert made.value.error_code == 1210


def test_a_graph_keeps_its_edges_whole(db: StandardDatabase) -> None:
    graph = db.create_graph(
        "story",
        edge_definitions=[
            {"edge_collection": "follows", "from_vertex_collections": ["scenes"], "to_vertex_collections": ["scenes"]}
        ],
    )
    graph.vertex_collection("scenes").insert_many([{"_key": "a"}, {"_key": "b"}])
    edge = {"_key": "e", "_from": "scenes/a", "_to": "scenes/b"}
    graph.edge_collection("follows").insert(edge)
    with pytest.raises(DocumentInsertError) as caught:
        graph.edge_collection("follows").insert({"_from": "scenes/a", "_to": "scenes/gone"})
    assert (caught.value.http_code, caught.value.error_code) == (404, 1202)
    graph.vertex_collection("scenes").delete("b")
    assert db.collection("follows").count() == 0


def test_numbers_come_back_as_a_server_tells_them(db: StandardDatabase) -> None:
    from arango.request import Request

    body = '{"_key": "a", "whole": 2.0, "half": 2.5, "large": 36893488147419103232, "list": [1.0]}'
    db.conn.send_request(Request(method="post", endpoint="/_api/document/scenes", data=body))
    raw = db.conn.send_request(Request(method="get", endpoint="/_api/document/scenes/a")).raw_body
    assert '"whole":2,"half":2.5,"large":3.6893488147419103e+19,"list":[1]' in raw


def test_a_graph_takes_no_collection_of_documents_for_edges(db: StandardDatabase) -> None:
    definition = {"edge_collection": "scenes", "from_vertex_collections": ["a"], "to_vertex_collections": ["b"]}
    with pytest.raises(GraphCreateError) as caught:
        db.create_graph("story", edge_definitions=[definition])
    assert caught.value.error_code == 1944
