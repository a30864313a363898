"""What every StoryStore must do. A new adapter joins by adding itself to `STORES` in `conftest.py`."""

from __future__ import annotations

import json
import multiprocessing
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from shotwright.adapters.story_store import SqliteStoryStore
from shotwright.adapters.story_store.canonical import canonical, content_hash
from shotwright.errors import QueryError, StaleEdit, StoreError
from shotwright.model.graph import Edge, Node, ReplaceReport
from shotwright.model.query import AskLimits
from shotwright.production.projection import brief_from_answer, project_story

if TYPE_CHECKING:
    from shotwright.model.story import SceneBrief, Story
    from shotwright.ports.story_store import StoryStore


def person(name: str, **data: Any) -> Node:
    return Node(id=f"character/{name}", kind="character", data={"name": name, **data})


def wears(who: str, look: str, scene: str) -> Edge:
    src, dst = f"character/{who}", f"look/{look}"
    return Edge(key=f"wears|{src}|{dst}|{scene}", kind="wears", src=src, dst=dst, data={"scene": scene})


def test_replacing_twice_with_the_same_changes_nothing(store: StoryStore) -> None:
    nodes, edges = [person("ada"), person("bo")], [wears("ada", "cape", "1")]
    assert store.replace("film", nodes, edges) == ReplaceReport(nodes_put=2, edges_put=1)
    before = (list(store.dump()), store.fingerprint())
    assert store.replace("film", list(reversed(nodes)), edges) == ReplaceReport(unchanged=3)
    assert (list(store.dump()), store.fingerprint()) == before


def test_what_a_scope_no_longer_holds_disappears_with_its_edges(store: StoryStore) -> None:
    look = Node(id="look/cape", kind="look")
    store.replace("film", [person("ada"), look], [])
    store.replace("scene/1", [Node(id="scene/1", kind="scene")], [wears("ada", "cape", "1")])
    report = store.replace("film", [look], [])
    assert report.nodes_removed == 1
    assert store.get("character/ada") is None
    assert not any('"edge"' in line for line in store.dump())


def test_an_edge_lost_with_another_scopes_node_comes_back_when_its_own_scope_is_put_again(store: StoryStore) -> None:
    film, scene = [person("ada"), Node(id="look/cape", kind="look")], [Node(id="scene/1", kind="scene")]
    store.replace("film", film, [])
    store.replace("scene/1", scene, [wears("ada", "cape", "1")])
    whole = store.fingerprint()
    store.replace("film", [], [])
    store.replace("film", film, [])
    assert store.replace("scene/1", scene, [wears("ada", "cape", "1")]).edges_put == 1
    assert store.fingerprint() == whole


def test_two_edges_of_a_kind_between_the_same_pair_both_stand(store: StoryStore) -> None:
    store.replace("film", [person("ada"), Node(id="look/cape", kind="look")], [])
    store.replace("scene/1", [], [wears("ada", "cape", "1"), wears("ada", "cape", "2")])
    assert sum('"edge"' in line for line in store.dump()) == 2
    assert [n.id for n in store.neighbours("character/ada", ["wears"])] == ["look/cape"]


def test_a_node_put_by_another_scope_moves_there_and_is_not_lost_with_the_first(store: StoryStore) -> None:
    shot = Node(id="shot/1", kind="shot", data={"size": "wide"})
    store.replace("shots/a", [shot], [])
    store.replace("shots/b", [shot], [])
    store.replace("shots/a", [], [])
    assert store.get("shot/1") == shot


def test_replacing_all_drops_the_scopes_that_are_not_named_and_is_one_act(store: StoryStore) -> None:
    store.replace_all([("film", [person("ada")], []), ("scene/old", [person("bo")], [])])
    assert store.replace_all([("film", [person("ada")], [])]).nodes_removed == 1
    assert store.get(person("bo").id) is None
    before = store.fingerprint()
    with pytest.raises(StoreError):
        store.replace_all([("film", [person("cy")], []), ("scene/new", [person("di"), person("di")], [])])
    assert store.fingerprint() == before


def test_a_part_that_names_a_node_twice_is_refused_and_leaves_the_graph_as_it_was(store: StoryStore) -> None:
    store.replace("film", [person("ada")], [])
    before = store.fingerprint()
    with pytest.raises(StoreError):
        store.replace("film", [person("bo"), person("bo")], [])
    assert store.fingerprint() == before


def test_unknown_ids_are_none_or_empty_and_never_errors(told: StoryStore) -> None:
    assert told.get("character/nobody") is None
    assert told.neighbours("character/nobody", depth=3) == []
    assert told.run("scene_briefing", scene="scene/none") == []
    assert told.search("zeppelin") == []
    assert told.search("  ") == []


def test_neighbours_come_nearest_first_and_obey_kind_direction_and_depth(told: StoryStore) -> None:
    def ids(*args: Any, **kwargs: Any) -> list[str]:
        return [n.id for n in told.neighbours(*args, **kwargs)]

    assert ids("scene/sc_b", ["follows"], "out") == ["scene/sc_a"]
    assert ids("scene/sc_b", ["follows"], "in") == ["scene/sc_c"]
    assert ids("scene/sc_a", ["follows"], "any", 2) == ["scene/sc_b", "scene/sc_c"]
    assert ids("location/house", ["contains", "takes_place_at"], depth=2) == [
        "location/house.kitchen", "scene/sc_b", "scene/sc_a",
    ]  # fmt: skip


def test_search_finds_whole_words_in_any_order_and_puts_names_first(told: StoryStore) -> None:
    assert [n.id for n in told.search("RING")][:1] == ["prop/ring"]
    assert [n.id for n in told.search("flour, mara")] == ["scene/sc_a"]
    assert [n.kind for n in told.search("ring", ["plot_point"])] == ["plot_point", "plot_point"]
    assert told.search("rin") == []


def test_search_reads_accents_and_scripts_without_spaces(store: StoryStore) -> None:
    store.replace("film", [person("Zoé"), person("李明")], [])
    assert [n.id for n in store.search("zoe")] == ["character/Zoé"]
    assert [n.id for n in store.search("李明")] == ["character/李明"]


def test_a_patch_against_the_version_seen_is_kept_and_one_against_an_older_is_stale(store: StoryStore) -> None:
    store.replace("film", [person("ada", age="30")], [])
    patched = store.patch_if("character/ada", 1, {"age": "31"})
    assert (patched.version, patched.data) == (2, {"name": "ada", "age": "31"})
    assert store.get("character/ada") == patched
    with pytest.raises(StaleEdit):
        store.patch_if("character/ada", 1, {"age": "32"})
    with pytest.raises(StaleEdit):
        store.patch_if("character/nobody", 1, {})
    assert store.replace("film", [person("ada", age="30")], []).nodes_put == 1


def test_a_dump_loaded_into_an_empty_store_is_the_same_graph(told: StoryStore, tmp_path: Path) -> None:
    told.patch_if("prop/ring", 1, {"engraved": "to M."})
    lines = list(told.dump())
    assert all(json.loads(line) for line in lines)
    copy = SqliteStoryStore(tmp_path / "copy.db")
    copy.load(lines)
    assert list(copy.dump()) == lines
    assert copy.fingerprint() == told.fingerprint()
    copy.close()


def test_a_dump_cut_short_is_refused_with_its_line_and_leaves_the_graph_as_it_was(told: StoryStore) -> None:
    before = told.fingerprint()
    with pytest.raises(StoreError, match="line 2"):
        told.load([next(iter(told.dump())), '{"scope": "film", "no'])
    assert told.fingerprint() == before


def test_a_briefing_gives_back_the_architects_brief_exactly(told: StoryStore, briefs: tuple[SceneBrief, ...]) -> None:
    for brief in briefs:
        answer = told.run("scene_briefing", scene=f"scene/{brief.scene.scene_id}")
        assert brief_from_answer(answer) == brief


def test_a_briefing_of_no_scene_says_so(told: StoryStore) -> None:
    with pytest.raises(StoreError, match="no such scene"):
        brief_from_answer(told.run("scene_briefing", scene="scene/none"))


def test_a_query_that_does_not_exist_or_is_asked_wrongly_says_what_there_is(told: StoryStore) -> None:
    with pytest.raises(QueryError) as unknown:
        told.run("every_scene")
    assert "character_arc" in unknown.value.hint
    with pytest.raises(QueryError, match="needs character"):
        told.run("character_arc")
    with pytest.raises(QueryError, match="does not take colour"):
        told.run("unresolved", colour="red")


def test_replacing_all_touches_only_what_it_is_about(store: StoryStore) -> None:
    store.replace_all([("film", [person("ada")], []), ("scene/1", [], []), ("shots/1", [person("bo")], [])])
    report = store.replace_all([("shots/2", [person("cy")], [])], under=("shots/",))
    assert (report.nodes_put, report.nodes_removed) == (1, 1)
    assert sorted(store.scopes()) == ["film", "shots/2"]
    assert store.get("character/ada") is not None


def test_replacing_all_keeps_an_edge_whose_node_moves_to_another_part_of_the_same_act(store: StoryStore) -> None:
    look, worn = Node(id="look/cape", kind="look"), wears("ada", "cape", "1")
    store.replace_all([("a", [person("ada"), look], []), ("b", [], [worn])])
    report = store.replace_all([("b", [], [worn]), ("a", [person("ada")], []), ("c", [look], [])])
    assert (report.nodes_removed, report.edges_removed) == (0, 0)
    assert [n.id for n in store.neighbours("character/ada")] == ["look/cape"]
    assert store.replace("b", [], [worn]).unchanged == 1


@pytest.mark.parametrize("name", ["production", "scope", "version", "words", "_key", "_anything", "order"])
def test_data_may_not_use_a_name_that_the_store_keeps_for_itself(store: StoryStore, name: str) -> None:
    store.replace("film", [person("ada")], [wears("ada", "cape", "1")])
    before = store.fingerprint()
    edge = wears("ada", "cape", "1").model_copy(update={"data": {name: "x"}})
    for nodes, edges in (([person("bo", **{name: "x"})], []), ([], [edge])):
        with pytest.raises(StoreError, match=name):
            store.replace("film", nodes, edges)
    with pytest.raises(StoreError, match=name):
        store.patch_if("character/ada", 1, {name: "x"})
    assert store.fingerprint() == before


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "\ud800", {1, 2}])
def test_what_json_cannot_hold_is_refused_and_leaves_the_graph_as_it_was(store: StoryStore, value: Any) -> None:
    store.replace("film", [person("ada")], [])
    before = store.fingerprint()
    with pytest.raises(StoreError):
        store.replace("film", [person("ada"), person("bo", seen=value)], [])
    with pytest.raises(StoreError):
        store.patch_if("character/ada", 1, {"seen": value})
    assert store.fingerprint() == before


def test_an_id_that_is_not_a_kind_and_a_name_is_refused(store: StoryStore) -> None:
    for name in ("ada", "prop/ada", "character/", ""):
        with pytest.raises(StoreError):
            store.replace("film", [Node(id=name, kind="character")], [])
    with pytest.raises(StoreError):
        store.replace("film", [], [Edge(key="k", kind="wears", src="character/ada", dst="cape")])
    assert store.scopes() == {}


def test_a_whole_number_is_kept_as_an_integer(store: StoryStore) -> None:
    store.replace("film", [person("ada", count=30.0, parts=[{"share": 1.0}, 0.5], far=-2.0)], [])
    found = store.get("character/ada")
    assert found is not None
    assert json.dumps(found.data, sort_keys=True) == (
        '{"count": 30, "far": -2, "name": "ada", "parts": [{"share": 1}, 0.5]}'
    )
    assert store.replace("film", [person("ada", count=30, parts=[{"share": 1}, 0.5], far=-2)], []).unchanged == 1
    patched = store.patch_if("character/ada", 1, {"count": 31.0})
    assert repr(patched.data["count"]) == "31"


def test_a_scopes_hash_follows_its_contents_and_is_lost_when_something_else_touches_them(store: StoryStore) -> None:
    nodes, edges = [person("ada", count=30.0), Node(id="look/cape", kind="look")], [wears("ada", "cape", "1")]
    store.replace("film", nodes, edges)
    store.replace("scene/1", [person("bo")], [])
    expected = content_hash([(n, canonical(n.data)) for n in nodes], [(e, canonical(e.data)) for e in edges])
    assert store.scopes()["film"] == expected
    store.patch_if("character/ada", 1, {"count": 31})
    assert store.scopes()["film"] == ""
    assert store.scopes()["scene/1"]
    store.replace("film", nodes, edges)
    assert store.scopes()["film"] == expected
    store.replace("film", [], [])
    assert sorted(store.scopes()) == ["scene/1"]


def test_the_fingerprint_is_that_of_the_contents_however_they_came_there(store: StoryStore, tmp_path: Path) -> None:
    nodes, edges = (
        [person("ada", count=1.0), person("李明"), Node(id="look/cape", kind="look")],
        [wears("ada", "cape", "1")],
    )
    store.replace("film", nodes, edges)
    other = SqliteStoryStore(tmp_path / "other.db", "another")
    other.replace("a", nodes[:1], [])
    other.replace("b", list(reversed(nodes[1:])), edges)
    assert store.fingerprint() == other.fingerprint()
    store.patch_if("look/cape", 1, {"wet": True})
    assert store.fingerprint() != other.fingerprint()
    store.patch_if("look/cape", 2, {"wet": False})
    other.patch_if("look/cape", 1, {"wet": False})
    assert store.fingerprint() == other.fingerprint()
    other.close()


def test_loading_leaves_the_scopes_that_the_dump_does_not_name(store: StoryStore, tmp_path: Path) -> None:
    source = SqliteStoryStore(tmp_path / "source.db", "another")
    source.replace("film", [person("ada", count=40), person("bo")], [wears("ada", "cape", "1")])
    source.patch_if("character/bo", 1, {"count": 9})
    store.replace("film", [person("ada"), person("cy")], [wears("cy", "cape", "2")])
    store.replace("scene/1", [Node(id="look/cape", kind="look")], [wears("cy", "cape", "3")])
    report = store.load(source.dump())
    assert (report.nodes_put, report.nodes_removed) == (2, 1)
    assert store.get("character/cy") is None
    assert store.get("look/cape") is not None
    bo = store.get("character/bo")
    assert bo is not None
    assert (bo.version, bo.data["count"]) == (2, 9)
    assert store.scopes()["scene/1"] == ""
    assert store.load(source.dump()).nodes_put == 0
    source.close()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "line 3"), ("[]", "line 3"), ('{"scope": "film"}', "line 3"), ("null", "line 3"),
        ("[" * 100_000, "line 3"),
        ('{"node": {"id": "prop/x", "kind": "hat"}, "scope": "film"}', "line 3.*kind"),
        ('{"node": {"id": "character/ada", "kind": "character"}, "scope": "film"}', "line 3.*character/ada"),
        ('{"node": {"id": "prop/x", "kind": "prop"}, "scope": 7}', "line 3"),
        ('{"node": {"id": "prop/x", "kind": "prop", "data": {"_key": "a"}}, "scope": "film"}', "_key"),
        ('{"edge": {"key": "k", "kind": "wears", "src": "a", "dst": "b"}, "scope": "film"}', "k"),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_loaded_is_named_and_nothing_is_put(store: StoryStore, line: str, said: str) -> None:
    store.replace("film", [person("zo")], [])
    before = store.fingerprint()
    good = '{"node": {"id": "character/ada", "kind": "character"}, "scope": "film"}'
    with pytest.raises(StoreError, match=said) as error:
        store.load([good, "", line])
    assert "\n" not in error.value.message
    assert store.fingerprint() == before


def test_raw_aql_sees_documents_binds_the_production_and_obeys_its_limits(told: StoryStore) -> None:
    name = "FOR c IN characters FILTER c.production == @production && c.node == @who RETURN c.name"
    assert told.ask("aql", name, {"who": "character/mara"}).rows == ("Mara",)
    keys = "FOR e IN wears FILTER e.production == @production SORT e.dst RETURN [PARSE_IDENTIFIER(e._from).key, e.dst]"
    found = told.ask("aql", keys, {}, AskLimits(rows=1))
    assert (found.rows, found.truncated) == ((["film:mara", "look/mara.coat"],), True)
    walk = "FOR v, e IN 1..2 ANY @start GRAPH 'story' OPTIONS {uniqueVertices: 'global', order: 'bfs'} RETURN v.node"
    reached = told.ask("aql", walk, {"start": "scenes/film:sc_a"}).rows
    assert set(reached) == {n.id for n in told.neighbours("scene/sc_a", depth=2)}
    assert told.ask("aql", "RETURN 1", {}).rows == (1,)


@pytest.mark.parametrize(
    "text",
    ["FOR c IN nowhere RETURN c", "FOR c IN characters REMOVE c IN characters", "FOR c IN", "RETURN @missing", ""],
)
def test_a_raw_query_that_is_wrong_or_writes_is_a_query_error(told: StoryStore, text: str) -> None:
    before = told.fingerprint()
    with pytest.raises(QueryError) as error:
        told.ask("aql", text, {})
    assert "\n" not in error.value.message
    assert told.fingerprint() == before


def test_a_language_that_the_store_does_not_speak_is_a_query_error(told: StoryStore) -> None:
    with pytest.raises(QueryError):
        told.ask("gremlin", "g.V()", {})  # type: ignore[arg-type]


def test_a_file_that_is_no_graph_is_refused_and_left_as_it_was(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_bytes(b"These are not the nodes you look for. " * 40)
    with pytest.raises(StoreError) as error:
        SqliteStoryStore(text)
    assert error.value.hint
    assert text.read_bytes().startswith(b"These are")

    foreign = tmp_path / "other.db"
    db = sqlite3.connect(foreign)
    db.execute("CREATE TABLE invoices (id INTEGER)")
    db.close()
    held = foreign.read_bytes()
    with pytest.raises(StoreError, match="is not a story graph"):
        SqliteStoryStore(foreign)
    assert foreign.read_bytes() == held


def test_a_damaged_graph_is_a_clear_error_that_says_how_to_go_on(
    tmp_path: Path, story: Story, briefs: tuple[SceneBrief, ...]
) -> None:
    path = tmp_path / "graph.db"
    store = SqliteStoryStore(path)
    for part in project_story(story, briefs):
        store.replace(*part)
    store.close()
    raw = bytearray(path.read_bytes())
    raw[2048:] = b"\xa5" * (len(raw) - 2048)
    path.write_bytes(raw)

    def read_all() -> None:
        broken = SqliteStoryStore(path)
        try:
            list(broken.dump())
            broken.search("ring")
        finally:
            broken.close()

    with pytest.raises(StoreError) as error:
        read_all()
    assert "--rebuild" in error.value.hint


def test_a_graph_of_a_newer_version_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "graph.db"
    SqliteStoryStore(path).close()
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(StoreError, match="newer"):
        SqliteStoryStore(path)


def test_reading_only_needs_a_graph_and_cannot_write(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no story graph"):
        SqliteStoryStore(tmp_path / "none.db", read_only=True)
    assert not (tmp_path / "none.db").exists()
    writer = SqliteStoryStore(tmp_path / "graph.db")
    writer.replace("film", [person("ada")], [])
    reader = SqliteStoryStore(tmp_path / "graph.db", read_only=True)
    assert reader.get("character/ada") is not None
    with pytest.raises(StoreError):
        reader.replace("film", [], [])
    reader.close()
    writer.close()


def _read_until(path: str, stop: Any, reads: Any, torn: Any) -> None:
    """In another process: whatever is read while the writer writes must be a whole part, never half of one."""
    reader = SqliteStoryStore(Path(path), read_only=True)
    while not stop.is_set():
        people = reader.search("tide")
        broken = len(people) != 40 or len({n.data["round"] for n in people}) != 1
        with reads.get_lock():
            reads.value += 1
            torn.value += broken
    reader.close()


def test_other_processes_read_whole_parts_while_one_writes(tmp_path: Path) -> None:
    path = tmp_path / "graph.db"
    writer = SqliteStoryStore(path)
    context = multiprocessing.get_context("spawn")
    stop, reads, torn = context.Event(), context.Value("i", 0), context.Value("i", 0)

    def write(round_: int) -> None:
        writer.replace("film", [person(f"p{i}", description="tide", round=round_) for i in range(40)], [])

    write(0)
    readers = [context.Process(target=_read_until, args=(str(path), stop, reads, torn)) for _ in range(2)]
    for reader in readers:
        reader.start()
    round_ = 1
    while reads.value < 100 and round_ < 20_000:
        write(round_)
        round_ += 1
    stop.set()
    for reader in readers:
        reader.join(20)
    writer.close()
    assert reads.value >= 100
    assert torn.value == 0
