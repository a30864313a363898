"""What every StoryStore must do. A new adapter joins by adding itself to `STORES` in `conftest.py`."""

from __future__ import annotations

import json
import multiprocessing
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from shotwright.adapters.story_store import SqliteStoryStore
from shotwright.errors import QueryError, StaleEdit, StoreError
from shotwright.model.graph import Edge, Node, ReplaceReport
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
    with pytest.raises((QueryError, StoreError)) as unknown:
        told.run("every_scene")
    assert "character_arc" in unknown.value.hint
    with pytest.raises((QueryError, StoreError), match="needs character"):
        told.run("character_arc")
    with pytest.raises((QueryError, StoreError), match="does not take colour"):
        told.run("unresolved", colour="red")


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
