"""A query that asks for too much is stopped, soon and in one clear line, whatever it does."""

from __future__ import annotations

import time
from contextlib import suppress
from itertools import pairwise

import pytest

from shotwright.aql.failures import AqlFailure
from shotwright.aql.interpreter import run_query
from shotwright.aql.limits import Limits
from shotwright.aql.memory import MemoryGraph


def mesh(size: int) -> MemoryGraph:
    """Every vertex with an edge to every other."""
    graph = MemoryGraph({"n": "documents", "m": "edges"})
    for i in range(size):
        graph.put("n", {"_key": str(i), "i": i}, replace=False)
    for i in range(size):
        for j in range(size):
            if i != j:
                graph.put("m", {"_from": f"n/{i}", "_to": f"n/{j}"}, replace=False)
    return graph


MESH = mesh(24)
ENDLESS = {
    "a loop in a loop": "FOR a IN 1..1000000000 FOR b IN 1..1000000000 FILTER a + b < 0 RETURN a",
    "a loop over the store": "FOR a IN m FOR b IN m FOR c IN m FOR d IN m FILTER a.x == 1 RETURN 1",
    "a sub-query": "RETURN LENGTH(FOR a IN 1..1000000000 RETURN a)",
    "a count": "FOR a IN 1..1000000000 COLLECT WITH COUNT INTO n RETURN n",
    "an aggregate": "FOR a IN 1..1000000000 COLLECT AGGREGATE n = SUM(a) RETURN n",
    "groups": "FOR a IN 1..1000000000 COLLECT x = a RETURN x",
    "a sort": "FOR a IN 1..1000000000 SORT -a RETURN a",
    "distinct rows": "FOR a IN 1..1000000000 RETURN DISTINCT a % 2",
    "a traversal": "FOR v IN 1..100 OUTBOUND 'n/0' m FILTER v.i == -1 RETURN v",
    "a traversal by breadth": "FOR v IN 1..100 OUTBOUND 'n/0' m OPTIONS {order: 'bfs'} FILTER v.i == -1 RETURN v",
    "a pruned traversal": "FOR v, e, p IN 1..100 ANY 'n/0' m PRUNE LENGTH(p.edges) > 90 FILTER v.i == -1 RETURN v",
    "all paths": "FOR p IN 1..24 OUTBOUND K_PATHS 'n/0' TO 'n/1' m FILTER LENGTH(p.edges) == 99 RETURN 1",
    "paths by length": "FOR p IN OUTBOUND K_SHORTEST_PATHS 'n/0' TO 'n/1' m FILTER p.weight == 99 RETURN 1",
    "expansions": "LET a = 1..1000 FOR i IN a RETURN LENGTH(a[* FILTER LENGTH(a[* FILTER CURRENT == -1]) > 0])",
    "array operators": "LET a = 1..2000 FOR i IN a FILTER a[*] ALL IN a RETURN 1",
    "windows": "FOR a IN 1..200000 WINDOW {preceding: 'unbounded'} AGGREGATE s = SUM(a) FILTER s < 0 RETURN s",
    "searching": "LET a = (FOR i IN 1..1000 RETURN {i}) FOR x IN a FOR y IN a FILTER x NOT IN a || y NOT IN a RETURN 1",
}


@pytest.mark.parametrize("text", ENDLESS.values(), ids=ENDLESS.keys())
def test_a_query_that_would_not_end_is_stopped_in_time(text: str) -> None:
    began = time.monotonic()
    with pytest.raises(AqlFailure, match=r"ran longer than|holds more than|answers more than") as caught:
        run_query(text, {}, MESH, limits=Limits(seconds=0.3))
    assert time.monotonic() - began < 2
    assert caught.value.hint


def _doubling(first: str, step: str, last: str) -> str:
    """Twelve LETs, each made of several of the one before; `last` asks of `n`, the thirteenth."""
    names = "abcdefghijklmn"
    steps = [f"LET {name} = {step.replace('?', before)}" for before, name in pairwise(names)]
    return f"LET a = {first} {' '.join(steps)} RETURN {last}"


GROWING = {
    "a range": "RETURN 1..1000000000",
    "a range in a call": "RETURN LENGTH(1..1000000000)",
    "arrays of arrays": _doubling("[1, 1]", "[?, ?, ?, ?]", "n == n"),
    "objects of objects": _doubling("{x: 1, y: 2}", "{p: ?, q: ?, r: ?, s: ?}", "n"),
    "text on text": _doubling("'xxxxxxxxxxxxxxxx'", "CONCAT(?, ?, ?, ?, ?, ?)", "LENGTH(n)"),
    "sub-queries of sub-queries": """LET a = (FOR i IN 1..300 RETURN i) LET b = (FOR i IN 1..300 RETURN a)
                                     RETURN (FOR i IN 1..300 RETURN b)""",
    "groups with their members": "FOR a IN 1..3000 FOR b IN 1..3000 COLLECT x = 1 INTO g RETURN LENGTH(g)",
    "flattening": "LET a = (FOR i IN 1..1000 RETURN 1..1000) LET b = [a, a, a, a, a] RETURN b[***]",
    "groups of large members": """LET a = 1..100000 LET b = [a, a, a, a, a]
                                  FOR i IN 1..1000 COLLECT x = 1 INTO g = b RETURN g == g""",
    "sort keys of large values": "LET a = 1..200000 FOR i IN 1..1000 SORT a RETURN i",
    "distinct rows of large values": "LET a = 1..200000 FOR i IN 1..1000 RETURN DISTINCT a",
    "repetition": "RETURN REPEAT('x', 1000000000)",
}


@pytest.mark.parametrize("text", GROWING.values(), ids=GROWING.keys())
def test_a_query_that_grows_is_stopped_by_what_it_holds(text: str) -> None:
    began = time.monotonic()
    with pytest.raises(AqlFailure) as caught:
        run_query(text, {}, MESH, limits=Limits(seconds=20, memory_values=1_000_000))
    assert caught.value.code == 32
    assert time.monotonic() - began < 5


def test_more_rows_than_allowed_are_an_error_with_a_hint() -> None:
    assert len(run_query("FOR i IN 1..100 RETURN i", {}, MESH, limits=Limits(rows=100)).rows) == 100
    with pytest.raises(AqlFailure, match="more than 100 rows") as caught:
        run_query("FOR i IN 1..101 RETURN i", {}, MESH, limits=Limits(rows=100))
    assert "LIMIT" in caught.value.hint


def test_the_clock_alone_decides_when_time_is_up() -> None:
    ticks = iter(range(10**9))
    with pytest.raises(AqlFailure, match="ran longer than 3 s") as caught:
        run_query(
            "FOR i IN 1..1000000000 FILTER i < 0 RETURN i",
            {},
            MESH,
            limits=Limits(seconds=3),
            clock=lambda: next(ticks),
        )
    assert caught.value.code == 1500


def _nested(opening: str, closing: str, inner: str, times: int) -> str:
    return f"RETURN {opening * times}{inner}{closing * times}"


DEEP = {
    "arrays": _nested("[", "]", "1", 190),
    "very many arrays": _nested("[", "]", "1", 50_000),
    "parentheses": _nested("(", ")", "1", 50_000),
    "negations": _nested("NOT ", "", "1", 50_000),
    "objects": _nested("{a: ", "}", "1", 190),
    "a sum": "RETURN " + "1 + " * 60_000 + "1",
    "LETs": " ".join(f"LET a{i} = {i}" for i in range(4000)) + " RETURN a1",
    "FORs": " ".join(f"FOR a{i} IN [1]" for i in range(4000)) + " RETURN a1",
    "arrays by LET": "LET a0 = 1 " + " ".join(f"LET a{i + 1} = [a{i}]" for i in range(190)) + " RETURN a190",
}


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP.keys())
def test_what_nests_too_deeply_is_one_clear_error(text: str) -> None:
    with pytest.raises(AqlFailure) as caught:
        run_query(text, {}, MESH)
    assert "\n" not in caught.value.message


def test_a_pattern_that_would_not_end_is_stopped() -> None:
    began = time.monotonic()
    with suppress(AqlFailure):
        run_query(f"RETURN '{'a' * 40}!' =~ '^(a+)+$'", {}, MESH, limits=Limits(seconds=1))
    assert time.monotonic() - began < 5
