"""Replacing and loading do in a server exactly what they do in the embedded store, and count the same."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.unit.arango.film import feature

from shotwright.adapters.story_store import SqliteStoryStore
from shotwright.adapters.story_store.arango import connection, writing
from shotwright.adapters.story_store.arango.delta import Draft, Held, Rewriting, drafts_of, emptied
from shotwright.errors import StaleEdit, StoreError
from shotwright.model.graph import Edge, Node

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.unit.arango.conftest import Recorder

    from shotwright.adapters.story_store.arango import ArangoStoryStore
    from shotwright.ports.story_store import Part, StoryStore

NODES = [("character", "ada"), ("character", "bo"), ("scene", "sc_1"), ("look", "cape")]
SCOPES = ["film", "scene/sc_1", "shots/sc_1"]

nodes = st.lists(
    st.builds(
        lambda n, x, order: Node(id=f"{n[0]}/{n[1]}", kind=n[0], data={"x": x}, order=order),
        st.sampled_from(NODES),
        st.sampled_from([1, 2.0, 2, None, {"a": [1.0]}, "é"]),
        st.integers(0, 1),
    ),
    unique_by=lambda n: n.id,
    max_size=4,
)
edges = st.lists(
    st.builds(
        lambda key, kind, a, b, x: Edge(
            key=key, kind=kind, src="/".join(a), dst="/".join(b), data={} if x is None else {"x": x}
        ),
        st.sampled_from(["e1", "e2", "e3"]),
        st.sampled_from(["wears", "speaks_to"]),
        st.sampled_from(NODES),
        st.sampled_from(NODES),
        st.sampled_from([None, 1]),
    ),
    unique_by=lambda e: e.key,
    max_size=3,
)
parts = st.lists(st.tuples(st.sampled_from(SCOPES), nodes, edges), unique_by=lambda p: p[0], min_size=1, max_size=3)
under = st.sampled_from([(), ("",), ("scene/", "shots/"), ("film",)])
acts = st.lists(
    st.one_of(
        st.tuples(st.just("put"), parts, under),
        st.tuples(st.just("load"), parts, st.just(())),
        st.tuples(st.just("patch"), st.sampled_from(NODES), st.integers(1, 3)),
    ),
    min_size=1,
    max_size=5,
)


def _do(store: StoryStore, act: tuple[Any, Any, Any]) -> object:
    """One act, and what it reports."""
    match act:
        case ("put", given_parts, prefixes):
            return store.replace_all(given_parts, under=prefixes)
        case ("load", given_parts, _):
            source = SqliteStoryStore(None)
            # What a dump can hold: each node and edge once.
            source.replace_all(given_parts)
            return store.load(list(source.dump()))
        case (_, name, version):
            try:
                return store.patch_if("/".join(name), version, {"y": 3.0})
            except StaleEdit as error:
                return str(error)


@settings(max_examples=12, deadline=None, derandomize=True, phases=[Phase.generate],
          suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])  # fmt: skip
@given(done=acts)
def test_any_acts_leave_the_same_in_both_and_say_the_same(
    done: list[Any], open_arango: Callable[..., ArangoStoryStore]
) -> None:
    server, embedded = open_arango(), SqliteStoryStore(None)
    server.replace_all([])
    for act in done:
        assert _do(server, act) == _do(embedded, act)
        assert server.scopes() == embedded.scopes()
        assert list(server.dump()) == list(embedded.dump())
    assert server.fingerprint() == embedded.fingerprint()
    embedded.close()


def _lines(held: Held) -> list[tuple[Any, ...]]:
    nodes = [(n.scope, name, n.version, n.order) for name, n in held.nodes.items()]
    edges = [(e.scope, key, e.kind, e.src, e.dst) for key, e in held.edges.items()]
    return [*sorted(nodes), *sorted(edges)]


def _lines_of(store: StoryStore) -> list[tuple[Any, ...]]:
    entries = [json.loads(line) for line in store.dump()]
    nodes = [(e["scope"], e["node"]["id"], e["node"]["version"], e["node"]["order"]) for e in entries if "node" in e]
    edges = [(e["scope"], *(e["edge"][name] for name in ("key", "kind", "src", "dst"))) for e in entries if "edge" in e]
    return [*sorted(nodes), *sorted(edges)]


@settings(max_examples=150, deadline=None, derandomize=True)
@given(done=st.lists(st.tuples(parts, under), min_size=1, max_size=5))
def test_what_is_worked_out_on_keys_and_hashes_is_what_the_embedded_store_does_on_rows(done: list[Any]) -> None:
    held, embedded = Held(), SqliteStoryStore(None)
    for given_parts, prefixes in done:
        for known in (*held.nodes.values(), *held.edges.values()):
            known.new = None
        drafts = drafts_of(given_parts)
        rewriting = Rewriting(held)
        for scope in emptied(held.scopes, drafts, prefixes):
            rewriting.put(Draft((scope, (), ())))
        for draft in drafts:
            rewriting.put(draft)
        assert rewriting.finish() == embedded.replace_all(given_parts, under=prefixes)
        assert held.scopes == embedded.scopes()
        assert _lines(held) == _lines_of(embedded)
    embedded.close()


def test_another_production_in_the_same_database_is_neither_seen_nor_touched(
    open_arango: Callable[..., ArangoStoryStore],
) -> None:
    one, two = open_arango("one"), open_arango("two")
    film: list[Part] = feature(4)
    one.replace_all(film)
    two.replace_all(film)
    before = list(two.dump())
    one.replace_all([])
    assert list(one.dump()) == []
    assert one.get("character/p0") is None
    assert list(two.dump()) == before


def test_a_dump_larger_than_one_transaction_shows_in_its_scopes_until_all_of_it_is_there(
    open_arango: Callable[..., ArangoStoryStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    film: list[Part] = feature(6)
    source = SqliteStoryStore(None)
    source.replace_all(film)
    lines = list(source.dump())
    store = open_arango()
    opened = store._connection
    begun = 0

    def cut_short(*given: Any, **named: Any) -> Any:
        nonlocal begun
        begun += 1
        if begun > 4:
            raise StoreError("the line was cut")
        return transact(*given, **named)

    transact = opened.transact
    monkeypatch.setattr(opened, "transact", cut_short)
    with pytest.raises(StoreError, match="cut"):
        writing.load_lines(opened, "birds", lines, largest=20_000)
    half = store.scopes()
    assert set(half) == {scope for scope, _, _ in film}
    assert "" in half.values()
    assert any(half.values())
    monkeypatch.undo()
    report = writing.load_lines(opened, "birds", lines, largest=20_000)
    assert report.unchanged > 0
    assert report.nodes_put > 0
    assert list(store.dump()) == lines
    assert store.scopes() == source.scopes()


def test_long_documents_go_in_several_requests(
    open_arango: Callable[..., ArangoStoryStore], recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "LARGEST_BODY", 10_000)
    store = open_arango()
    scenes = [Node(id=f"scene/{i}", kind="scene", data={"note": "x" * 3_000}) for i in range(10)]
    assert store.replace("film", scenes, []).nodes_put == 10
    sent = [s.body for s in recorder.sent if s.path.endswith("/_api/document/scenes")]
    assert [len(body) for body in sent] == [3, 3, 3, 1]
    assert len(store.neighbours("scene/0")) == 0
    assert len(list(store.dump())) == 10


@pytest.mark.parametrize(
    ("given_parts", "said"),
    [
        ([("film", [Node(id="look/a", kind="look"), Node(id="look/a", kind="look")], [])], "twice"),
        ([("film", [], []), ("film", [], [])], "given twice"),
        ([("film", [Node(id="look/a", kind="look", data={"scope": 1})], [])], "may not name"),
        ([("film", [Node(id="look/a", kind="look", data={"x": "\ud800"})], [])], "not valid Unicode"),
        ([("film", [Node(id="look/a", kind="look", data={"x": float("inf")})], [])], "JSON"),
        ([("film", [Node(id="look/a", kind="shot")], [])], "not the id of a shot"),
    ],
)
def test_what_cannot_be_kept_is_refused_before_anything_is_written(
    open_arango: Callable[..., ArangoStoryStore], given_parts: list[Part], said: str
) -> None:
    store = open_arango()
    with pytest.raises(StoreError, match=said):
        store.replace_all(given_parts)
    assert store.scopes() == {}
