"""Traversals and path searches over small graphs whose answers can be read off."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from shotwright.aql.data import EdgeDefinition
from shotwright.aql.interpreter import run_query
from shotwright.aql.memory import MemoryGraph
from shotwright.errors import QueryError


def built(*edges: tuple[str, str, str, float]) -> MemoryGraph:
    """(collection, from, to, weight); `m` leads from scene to scene, `k` holds other relations."""
    definitions = [EdgeDefinition(name, ("n",), ("n",)) for name in ("m", "k")]
    graph = MemoryGraph({"n": "documents", "m": "edges", "k": "edges"}, graphs={"all": definitions})
    for name in sorted({end for _, *ends, _ in edges for end in ends}):
        graph.put("n", {"_key": name}, replace=False)
    for collection, start, end, weight in edges:
        graph.put(collection, {"_from": f"n/{start}", "_to": f"n/{end}", "w": weight}, replace=False)
    return graph


DIAMOND = built(
    ("m", "a", "b", 1),
    ("m", "a", "c", 5),
    ("m", "b", "d", 1),
    ("m", "c", "d", 1),
    ("m", "d", "e", 1),
    ("k", "e", "a", 1),
)


def ask(text: str, graph: MemoryGraph = DIAMOND, **bind: Any) -> list[Any]:
    return run_query(text, bind, graph).rows


def test_depth_first_takes_the_last_edge_first_and_breadth_first_goes_by_depth() -> None:
    assert ask("FOR v IN 1..3 OUTBOUND 'n/a' m RETURN v._key") == ["c", "d", "e", "b", "d", "e"]
    breadth = "FOR v, e, p IN 1..3 OUTBOUND 'n/a' m OPTIONS {order: 'bfs'} RETURN CONCAT(p.vertices[*]._key)"
    assert ask(breadth) == ["ab", "ac", "abd", "acd", "abde", "acde"]
    assert ask(breadth.replace("order: 'bfs'", "bfs: true")) == ask(breadth)


def test_a_depth_is_one_unless_it_is_given() -> None:
    assert ask("FOR v IN OUTBOUND 'n/a' m RETURN v._key") == ["c", "b"]
    assert ask("FOR v IN 2 OUTBOUND 'n/a' m RETURN v._key") == ["d", "d"]
    assert ask("FOR v, e, p IN 0..0 OUTBOUND 'n/a' m RETURN [v._key, e, LENGTH(p.edges)]") == [["a", None, 0]]
    with pytest.raises(QueryError, match="depth range"):
        ask("FOR v IN 3..1 OUTBOUND 'n/a' m RETURN v")


def test_edges_are_followed_against_their_direction_and_both_ways() -> None:
    assert ask("FOR v IN INBOUND 'n/d' m RETURN v._key") == ["c", "b"]
    assert ask("FOR v IN ANY 'n/d' m SORT v._key RETURN v._key") == ["b", "c", "e"]
    assert ask("FOR v IN OUTBOUND 'n/e' m, k RETURN v._key") == ["a"]
    assert ask("FOR v IN OUTBOUND 'n/d' m, INBOUND k RETURN v._key") == ["e"]
    assert ask("FOR v IN 1..9 OUTBOUND 'n/d' GRAPH 'all' OPTIONS {edgeCollections: 'm'} RETURN v._key") == ["e"]


def test_a_start_may_be_a_document_and_a_wrong_one_is_a_warning() -> None:
    assert ask("FOR s IN n FILTER s._key == 'd' FOR v IN OUTBOUND s m RETURN v._key") == ["e"]
    result = run_query("FOR v IN OUTBOUND null m RETURN v", {}, DIAMOND)
    assert (result.rows, result.warnings[0][0]) == ([], 10)


def test_an_edge_is_taken_once_on_a_path_and_a_vertex_again_unless_told() -> None:
    loop = built(("m", "a", "b", 1), ("m", "b", "a", 1))
    assert ask("FOR v IN 1..9 OUTBOUND 'n/a' m RETURN v._key", loop) == ["b", "a"]
    unique = "FOR v IN 1..9 OUTBOUND 'n/a' m OPTIONS {uniqueVertices: 'path'} RETURN v._key"
    assert ask(unique, loop) == ["b"]
    free = "FOR v IN 1..4 OUTBOUND 'n/a' m OPTIONS {uniqueEdges: 'none'} RETURN v._key"
    assert ask(free, loop) == ["b", "a", "b", "a"]


def test_an_edge_from_a_vertex_to_itself_is_taken_once() -> None:
    graph = built(("m", "a", "a", 1), ("m", "a", "b", 1))
    assert sorted(ask("FOR v IN 1..1 ANY 'n/a' m RETURN v._key", graph)) == ["a", "b"]
    assert sorted(ask("FOR v IN 1..1 INBOUND 'n/a' m RETURN v._key", graph)) == ["a"]


def test_a_vertex_is_met_once_in_all_when_unique_globally() -> None:
    text = "FOR v IN 0..9 OUTBOUND 'n/a' m OPTIONS {order: 'bfs', uniqueVertices: 'global'} RETURN v._key"
    assert ask(text) == ["a", "b", "c", "d", "e"]
    with pytest.raises(QueryError, match="only supported with order bfs"):
        ask("FOR v IN 0..9 OUTBOUND 'n/a' m OPTIONS {uniqueVertices: 'global'} RETURN v._key")


def test_by_weight_the_lightest_comes_first() -> None:
    text = """FOR v, e, p IN 1..9 OUTBOUND 'n/a' m
              OPTIONS {order: 'weighted', weightAttribute: 'w', uniqueVertices: 'global'}
              RETURN [v._key, p.weights[-1]]"""
    assert ask(text) == [["b", 1], ["d", 2], ["e", 3], ["c", 5]]


def test_prune_stops_after_the_vertex_and_can_be_asked_about() -> None:
    text = "FOR v, e, p IN 1..9 OUTBOUND 'n/a' m PRUNE stop = v._key == 'd' RETURN [v._key, stop]"
    assert ask(text) == [["c", False], ["d", True], ["b", False], ["d", True]]
    assert ask("FOR v, e IN 1..9 OUTBOUND 'n/a' m PRUNE e.w == 5 RETURN v._key") == ["c", "b", "d", "e"]


def test_a_filter_may_ask_of_a_place_that_a_path_has_not() -> None:
    text = "FOR v, e, p IN 1..3 OUTBOUND 'n/a' m FILTER p.vertices[2]._key == null RETURN v._key"
    assert ask(text) == ["c", "b"]


def test_an_edge_to_nothing_gives_null_and_a_warning() -> None:
    graph = built(("m", "a", "b", 1))
    graph.drop("n", "b")
    result = run_query("FOR v IN OUTBOUND 'n/a' m RETURN v", {}, graph)
    assert (result.rows, result.warnings[0][0]) == ([None], 1202)


def test_a_limit_stops_a_traversal_of_an_endless_circle() -> None:
    circle = built(*[("m", str(i), str((i + 1) % 50), 1) for i in range(50)])
    text = "FOR v IN 1..1000000000 OUTBOUND 'n/0' m OPTIONS {uniqueEdges: 'none'} LIMIT 120 RETURN v._key"
    rows = ask(text, circle)
    assert (len(rows), rows[-1]) == (120, "20")


def test_the_shortest_path_gives_each_vertex_with_the_edge_to_it() -> None:
    text = "FOR v, e IN OUTBOUND SHORTEST_PATH 'n/a' TO 'n/e' m RETURN [v._key, e.w]"
    assert ask(text) == [["a", None], ["b", 1], ["d", 1], ["e", 1]]
    assert ask(text.replace(" m ", " m, k ").replace("OUTBOUND", "INBOUND")) == [["a", None], ["e", 1]]
    weighted = """FOR v IN OUTBOUND SHORTEST_PATH 'n/a' TO 'n/d' m
                  OPTIONS {weightAttribute: 'x', defaultWeight: 2} RETURN v._key"""
    assert ask(weighted) == ["a", "b", "d"]
    assert ask("FOR v IN OUTBOUND SHORTEST_PATH 'n/e' TO 'n/a' m RETURN v") == []
    assert ask("FOR v IN ANY SHORTEST_PATH 'n/a' TO 'n/a' m RETURN v._key") == ["a"]


def test_the_shortest_path_is_as_short_from_both_ends_as_from_one() -> None:
    ends = [(i, (i * 7 + j * 11) % 60) for i in range(60) for j in range(1, 3)]
    graph = built(*[("m", str(one), str(other), 1) for one, other in ends])
    for target in range(1, 60):
        for way in ("OUTBOUND", "INBOUND", "ANY"):
            met = ask(f"FOR v, e IN {way} SHORTEST_PATH 'n/0' TO 'n/{target}' m RETURN [v._id, e]", graph)
            reached = ask(
                f"""FOR v, e, p IN 0..60 {way} 'n/0' m OPTIONS {{order: 'bfs', uniqueVertices: 'global'}}
                    FILTER v._key == '{target}' RETURN LENGTH(p.edges)""",
                graph,
            )
            assert [len(met) - 1] == (reached or [-1])
            for (one, _), (other, edge) in pairwise(met):
                out = (edge["_from"], edge["_to"]) == (one, other)
                back = (edge["_to"], edge["_from"]) == (one, other)
                assert {"OUTBOUND": out, "INBOUND": back, "ANY": out or back}[way]


def test_a_weight_below_zero_is_refused() -> None:
    graph = built(("m", "a", "b", -1))
    with pytest.raises(QueryError, match="negative edge weight"):
        ask("FOR v IN OUTBOUND SHORTEST_PATH 'n/a' TO 'n/b' m OPTIONS {weightAttribute: 'w'} RETURN v", graph)


def test_a_weight_may_lie_below_an_attribute() -> None:
    graph = MemoryGraph({"n": "documents", "m": "edges"})
    for name in "abc":
        graph.put("n", {"_key": name}, replace=False)
    for start, end, hours in (("a", "c", 9), ("a", "b", 1), ("b", "c", 1)):
        graph.put("m", {"_from": f"n/{start}", "_to": f"n/{end}", "by": {"train": hours}}, replace=False)
    text = "FOR v IN OUTBOUND SHORTEST_PATH 'n/a' TO 'n/c' m OPTIONS {weightAttribute: @way} RETURN v._key"
    assert ask(text, graph, way=["by", "train"]) == ["a", "b", "c"]
    with pytest.raises(QueryError, match="weightAttribute takes"):
        ask(text, graph, way=[["by"]])


def test_all_shortest_paths_are_those_of_the_least_length() -> None:
    text = "FOR p IN OUTBOUND ALL_SHORTEST_PATHS 'n/a' TO 'n/e' m RETURN CONCAT(p.vertices[*]._key)"
    assert sorted(ask(text)) == ["abde", "acde"]


def test_k_shortest_paths_come_lightest_first_with_their_weight() -> None:
    text = """FOR p IN OUTBOUND K_SHORTEST_PATHS 'n/a' TO 'n/e' m OPTIONS {weightAttribute: 'w'}
              RETURN [CONCAT(p.vertices[*]._key), p.weight]"""
    assert ask(text) == [["abde", 3], ["acde", 7]]


def test_k_paths_have_a_length_within_the_range_and_no_vertex_twice() -> None:
    text = "FOR p IN {} OUTBOUND K_PATHS 'n/a' TO 'n/d' GRAPH 'all' RETURN CONCAT(p.vertices[*]._key)"
    assert sorted(ask(text.format("1..9"))) == ["abd", "acd"]
    assert ask(text.format("3..9")) == []
    assert sorted(ask(text.format("1..9").replace("OUTBOUND", "ANY"))) == ["abd", "acd", "aed"]
