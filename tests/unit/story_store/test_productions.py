"""Many productions in one file: none sees or touches another, and AQL sees them as a server's documents would be."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from shotwright.adapters.story_store import SqliteStoryStore
from shotwright.adapters.story_store.documents import edge_document, node_document
from shotwright.adapters.story_store.sqlite.graph_data import SqliteGraphData
from shotwright.adapters.story_store.words import searchable
from shotwright.model.graph import COLLECTIONS, RELATIONS, Edge, Node

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LONG = "李明" * 60
PEOPLE = [
    Node(id="character/ada", kind="character", data={"name": "Ada", "description": "tide"}),
    Node(id="character/bo b/c%:", kind="character", order=1, data={"name": "Bo"}),
    Node(id=f"character/{LONG}", kind="character", order=2, data={"name": "Li Ming"}),
    Node(id="scene/sc_1", kind="scene", data={"synopsis": "tide"}),
]
MEETINGS = [
    Edge(key=f"appears_in|{n.id}|scene/sc_1", kind="appears_in", src=n.id, dst="scene/sc_1", order=i, data={"n": i})
    for i, n in enumerate(PEOPLE[:3])
]


def act(store: SqliteStoryStore) -> list[Any]:
    """Everything that a production's store answers."""
    return [
        store.get("character/ada"), store.neighbours("scene/sc_1", depth=2), store.search("tide"), list(store.dump()),
        store.scopes(), store.fingerprint(), store.run("scene_briefing", scene="scene/sc_1"),
    ]  # fmt: skip


@pytest.mark.parametrize("names", [("film", "film-2"), ("big-fish", "big"), ("a_b", "a-b")])
def test_what_is_done_to_one_production_changes_nothing_in_another(tmp_path: Path, names: tuple[str, str]) -> None:
    path = tmp_path / "graph.db"
    with closing(SqliteStoryStore(path, names[0])) as one, closing(SqliteStoryStore(path, names[1])) as other:
        for store in (one, other):
            store.replace_all([("film", PEOPLE, []), ("scene/sc_1", [], MEETINGS)])
        before = act(other)
        assert act(one) == before
        dump = list(one.dump())
        one.patch_if("character/ada", 1, {"name": "Adele"})
        one.replace("film", PEOPLE[:1], [])
        one.replace_all([])
        assert act(other) == before
        assert [list(one.dump()), one.scopes(), one.search("tide")] == [[], {}, []]
        one.load(dump)
        assert act(one) == act(other) == before


@pytest.fixture
def data(tmp_path: Path) -> Iterator[SqliteGraphData]:
    path = tmp_path / "graph.db"
    store, other = SqliteStoryStore(path, "film"), SqliteStoryStore(path, "film-2")
    for each in (other, store):
        each.replace("film", PEOPLE, MEETINGS)
    yield SqliteGraphData(store._db, path)
    other.close()
    store.close()


def test_a_document_is_as_a_server_would_hold_it(data: SqliteGraphData) -> None:
    for node in PEOPLE:
        expected = node_document("film", "film", node, searchable(node.data))
        collection = COLLECTIONS[node.kind]
        found = data.document(f"{collection}/{expected['_key']}")
        assert found is not None
        assert found.pop("_rev")
        assert found == {**expected, "_id": f"{collection}/{expected['_key']}"}
    for edge in MEETINGS:
        expected = edge_document("film", "film", edge)
        found = data.document(f"appears_in/{expected['_key']}")
        assert found is not None
        assert found.pop("_rev")
        assert found == {**expected, "_id": f"appears_in/{expected['_key']}"}


def test_a_revision_changes_with_the_document_and_with_nothing_else(tmp_path: Path) -> None:
    with closing(SqliteStoryStore(tmp_path / "graph.db")) as store:
        seen = []
        for name in ("Ada", "Adele", "Ada"):
            store.replace("film", [Node(id="character/ada", kind="character", data={"name": name})], [])
            store.replace("film", [Node(id="character/ada", kind="character", data={"name": name})], [])
            found = SqliteGraphData(store._db, None).document("characters/film:ada")
            assert found is not None
            seen.append(found["_rev"])
        assert len(set(seen)) == 3


def test_a_scan_comes_in_the_order_of_keys_whatever_narrows_it(data: SqliteGraphData) -> None:
    whole = list(data.scan("characters", {}))
    assert [d["_key"] for d in whole] == sorted(d["_key"] for d in whole)
    assert len(whole) == 6
    edges = list(data.scan("appears_in", {}))
    assert [d["_key"] for d in edges] == sorted(d["_key"] for d in edges)
    for everything, name in ((whole, "characters"), (edges, "appears_in")):
        for document in everything:
            for field, value in document.items():
                if isinstance(value, str | int):
                    narrowed = list(data.scan(name, {field: value}))
                    asked = [d for d in everything if d.get(field) == value]
                    assert [d for d in narrowed if d.get(field) == value] == asked, field
        for field in ("_key", "_id", "production", "node", "edge", "src", "_from", "_to", "scope", "order", "name"):
            for value in ("", "nothing", "characters/", "film:", "\ud800", "x/y:\ud800", 7, 7.5, 2**70, True):
                found = list(data.scan(name, {field: value}))
                assert not [d for d in found if d.get(field) == value and not isinstance(value, bool)], (field, value)


def test_a_scan_by_key_or_end_reads_only_that(data: SqliteGraphData) -> None:
    assert len(list(data.scan("characters", {"_key": "film:ada"}))) == 1
    assert len(list(data.scan("characters", {"production": "film"}))) == 3
    assert len(list(data.scan("appears_in", {"_from": "characters/film:ada"}))) == 1
    assert (
        len(list(data.scan("appears_in", {"_id": data.edges("appears_in", "scenes/film:sc_1", "INBOUND")[0]["_id"]})))
        == 1
    )


def test_edges_lead_both_ways_and_stay_in_their_production(data: SqliteGraphData) -> None:
    inbound = data.edges("appears_in", "scenes/film:sc_1", "INBOUND")
    assert {d["src"] for d in inbound} == {n.id for n in PEOPLE[:3]}
    assert {d["production"] for d in inbound} == {"film"}
    for document in inbound:
        assert data.document(document["_from"]) is not None
        assert [d["_id"] for d in data.edges("appears_in", document["_from"], "OUTBOUND")] == [document["_id"]]
    assert data.edges("appears_in", "scenes/film:sc_1", "OUTBOUND") == []
    assert data.edges("nothing", "scenes/film:sc_1", "OUTBOUND") == []
    assert data.edges("appears_in", "nothing", "OUTBOUND") == []


def test_names_stand_for_what_a_server_would_have(data: SqliteGraphData) -> None:
    assert {data.kind(name) for name in COLLECTIONS.values()} == {"documents"}
    assert {data.kind(name) for name in RELATIONS} == {"edges"}
    assert (data.kind("story_search"), data.kind("nodes"), data.kind("story")) == ("view", None, None)
    graph = data.graph("story")
    assert graph is not None
    assert {d.collection for d in graph} == set(RELATIONS)
    assert data.graph("other") is None
    assert len(list(data.scan("story_search", {"production": "film"}))) == 4
    assert data.document("story_search/film:ada") is None
    assert data.document("characters") is None


def test_aql_sees_one_state_of_the_file_while_another_process_writes(tmp_path: Path) -> None:
    path = tmp_path / "graph.db"
    with closing(SqliteStoryStore(path)) as store:
        store.replace("film", PEOPLE, MEETINGS)
        reader = store._aside()
        reader.execute("BEGIN")
        seen = SqliteGraphData(reader, path)
        first = list(seen.scan("characters", {}))
        store.replace("film", [], [])
        assert list(seen.scan("characters", {})) == first
        reader.close()
        assert store.ask("aql", "RETURN LENGTH(characters)", {}).rows == (0,)


def test_what_aql_answers_is_the_same_in_memory_and_in_a_file(tmp_path: Path) -> None:
    text = "FOR v, e IN 1..2 ANY 'scenes/film:sc_1' GRAPH 'story' SORT e._key RETURN [v, e]"
    answers = []
    for path in (None, tmp_path / "graph.db"):
        with closing(SqliteStoryStore(path)) as store:
            store.replace("film", PEOPLE, MEETINGS)
            answers.append(store.ask("aql", text, {}))
    assert answers[0] == answers[1]
    assert answers[0].rows
