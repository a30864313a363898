"""What queries answer over a small production held in memory."""

from __future__ import annotations

from typing import Any

import pytest

from shotwright.aql.data import EdgeDefinition
from shotwright.aql.interpreter import Result, run_query
from shotwright.aql.memory import MemoryGraph
from shotwright.errors import QueryError

SCENES = [
    {"_key": "s1", "order": 1, "place": "harbour", "cast": ["joss", "della"], "pages": 1.5, "words": ["net", "gull"]},
    {"_key": "s2", "order": 2, "place": "van", "cast": ["joss"], "pages": 0.5, "words": ["key"]},
    {"_key": "s3", "order": 3, "place": "harbour", "cast": [], "pages": 2, "mood": None, "words": []},
    {"_key": "s4", "order": 4, "place": "bus", "cast": ["della", "quill"], "pages": 1, "words": ["gull", "ticket"]},
]


@pytest.fixture
def film() -> MemoryGraph:
    definition = EdgeDefinition("next", ("scenes",), ("scenes",))
    graph = MemoryGraph(
        {"scenes": "documents", "people": "documents", "next": "edges"},
        views={"everything": ["scenes", "people"]},
        graphs={"story": [definition]},
    )
    for scene in SCENES:
        graph.put("scenes", scene, replace=False)
    for key, name in (("joss", "Joss"), ("della", "Della")):
        graph.put("people", {"_key": key, "name": name}, replace=False)
    for one, other in (("s1", "s2"), ("s2", "s3"), ("s3", "s4")):
        graph.put("next", {"_from": f"scenes/{one}", "_to": f"scenes/{other}"}, replace=False)
    return graph


def ask(graph: MemoryGraph, text: str, **bind: Any) -> list[Any]:
    return run_query(text, bind, graph).rows


VALUES: list[tuple[str, Any]] = [
    ("1 + 2 * 3", 7),
    ("'4' + null + true", 5),
    ("7 % 3", 1),
    ("-7 % 3", -1),
    ("6 / 4", 1.5),
    ("6 / 3", 2),
    ("9223372036854775807 + 1", 9223372036854775808),
    ("+'12'", 12),
    ("-'x'", 0),
    ("1 == 1.0", True),
    ("true == 1", False),
    ("null < false && false < 0 && 0 < '' && '' < [] && [] < {}", True),
    ("'a' < 'B'", True),
    ("[1, 2] < [1, 2, 0]", True),
    ("{a: 1, b: null} == {a: 1}", True),
    ("null || 'otherwise'", "otherwise"),
    ("0 && 1", 0),
    ("1 && 'last'", "last"),
    ("NOT [] ", False),
    ("false ?: 'short'", "short"),
    ("1 > 2 ? 'a' : 'b'", "b"),
    ("2 IN [1, 2]", True),
    ("2 NOT IN [1, 2]", False),
    ("2 IN null", False),
    ("2 IN 1..3", True),
    ("2.5 IN 1..3", False),
    ("3..1", [3, 2, 1]),
    ("1.7..3.2", [1, 2, 3]),
    ("[1, 2, 3][-1]", 3),
    ("[1, 2, 3][9]", None),
    ("[1, 2, 3]['1']", 2),
    ("[1, 2, 3][1.9]", 2),
    ("[1, 2, 3][null]", None),
    ("[1, 2, 3]['x']", None),
    ("{'1': 5}[1.7]", 5),
    ("{'true': 5}[true]", None),
    ("{a: {b: 2}}.a['b']", 2),
    ("{a: 1}.b.c.d", None),
    ("('text').length", None),
    ("{a: 1, a: 2}", {"a": 2}),
    ("{[CONCAT('a', 1)]: 2}", {"a1": 2}),
    ("[1, 2, 3] ALL > 0", True),
    ("[] ALL > 0", True),
    ("[] ANY > 0", False),
    ("[1, 2, 3] ANY == 2", True),
    ("[1, 2, 3] NONE == 2", False),
    ("[1, 2, 3] AT LEAST (2) > 1", True),
    ("[1, 2, 3] AT LEAST (3) > 1", False),
    ("[1, 2] ALL IN [1, 2, 3]", True),
    ("null ANY == null", False),
    ("'net and gull' LIKE '%gull'", True),
    ("'gull' NOT LIKE 'g_l'", True),
    ("'gull' =~ '^g.+l$'", True),
    ("'gull' !~ 'x'", True),
    ("[{n: 1}, {n: 2}][*].n", [1, 2]),
    ("[[1, 2], [3]][**]", [1, 2, 3]),
    ("[1, 2, 3, 4][* FILTER CURRENT % 2 == 0 RETURN CURRENT * 10]", [20, 40]),
    ("[1, 2, 3, 4][* FILTER CURRENT > 1 LIMIT 1, 1]", [3]),
    ("[{a: [{b: 1}, {b: 2}]}][*].a[*].b", [[1, 2]]),
    ("(null)[*].a", []),
    ("[1, 2, 3][? ANY FILTER CURRENT == 2]", True),
    ("[1, 2, 3][? ALL FILTER CURRENT > 1]", False),
    ("[1, 2, 3][? 2 FILTER CURRENT > 1]", True),
    ("[1, 2, 3][? 1..2 FILTER CURRENT > 0]", False),
    ("[1, 2, 3][? AT LEAST (2) FILTER CURRENT > 1]", True),
    ("[][? NONE FILTER CURRENT]", True),
    ("LENGTH(FOR i IN 1..4 FILTER i > 2 RETURN i)", 2),
    ("FIRST(FOR i IN 5..9 RETURN i)", 5),
    ("(FOR i IN 1..2 FOR j IN 1..2 RETURN [i, j])", [[1, 1], [1, 2], [2, 1], [2, 2]]),
]


@pytest.mark.parametrize(("expression", "value"), VALUES)
def test_an_expression_has_the_value_that_the_server_gives_it(film: MemoryGraph, expression: str, value: Any) -> None:
    found = ask(film, f"RETURN {expression}")[0]
    assert found == value
    assert isinstance(found, bool) is isinstance(value, bool)
    # The same from a row, where nothing is constant.
    assert ask(film, f"FOR row IN [null] RETURN {expression}") == [value]


QUERIES: list[tuple[str, list[Any]]] = [
    ("FOR s IN scenes RETURN s._id", ["scenes/s1", "scenes/s2", "scenes/s3", "scenes/s4"]),
    ("FOR s IN scenes FILTER s.place == 'harbour' RETURN s.order", [1, 3]),
    ("FOR s IN scenes FILTER s._key == 's2' RETURN s.order", [2]),
    ("FOR s IN scenes FILTER s._id == 'scenes/s2' RETURN s.order", [2]),
    ("FOR s IN scenes FILTER s._id == 'people/joss' RETURN s.order", []),
    ("FOR s IN scenes FILTER s.order == 1 AND s.order == 2 RETURN s", []),
    ("FOR s IN scenes FILTER s.mood == null RETURN s.order", [1, 2, 3, 4]),
    ("FOR s IN scenes FILTER HAS(s, 'mood') RETURN s.order", [3]),
    ("FOR s IN scenes SORT s.place, s.order DESC RETURN s.order", [4, 3, 1, 2]),
    ("FOR s IN scenes SORT s.pages DESC LIMIT 1, 2 RETURN s.order", [1, 4]),
    ("FOR s IN scenes LET n = LENGTH(s.cast) FILTER n > 0 RETURN n", [2, 1, 2]),
    ("FOR s IN scenes FOR c IN s.cast RETURN DISTINCT c", ["joss", "della", "quill"]),
    ("FOR s IN scenes FOR p IN people FILTER p._key IN s.cast RETURN CONCAT(s._key, p.name)",
     ["s1Della", "s1Joss", "s2Joss", "s4Della"]),
    ("FOR p IN people FOR s IN scenes FILTER p._key == s.cast[0] SORT s.order RETURN [p.name, s.order]",
     [["Joss", 1], ["Joss", 2], ["Della", 4]]),
    ("FOR s IN scenes LET who = (FOR p IN people FILTER p._key IN s.cast SORT p.name RETURN p.name) RETURN who",
     [["Della", "Joss"], ["Joss"], [], ["Della"]]),
    ("RETURN LENGTH(scenes)", [4]),
    ("RETURN DOCUMENT('scenes/s2').order", [2]),
    ("RETURN DOCUMENT(scenes, 's2').order", [2]),
    ("RETURN DOCUMENT('scenes/none')", [None]),
    ("FOR d IN everything RETURN d._key", ["s1", "s2", "s3", "s4", "della", "joss"]),
    ("FOR d IN everything SEARCH d.words == 'gull' RETURN d._key", ["s1", "s4"]),
    ("FOR d IN everything SEARCH ANALYZER(d.words IN ['key', 'net'], 'identity') RETURN d._key", ["s1", "s2"]),
    ("FOR d IN everything SEARCH d.words == 'gull' AND NOT (d.place == 'bus') RETURN d._key", ["s1"]),
    ("FOR d IN everything SEARCH BOOST(d.words == 'gull', 2) OR d.name == 'Joss' RETURN d._key", ["s1", "s4", "joss"]),
    ("FOR d IN everything SEARCH ['gull', 'net'] ALL IN d.words RETURN d._key", ["s1"]),
    ("FOR d IN everything SEARCH ['gull', 'net'] ALL == d.words RETURN d._key", ["s1"]),
    ("FOR d IN everything SEARCH ['key', 'net'] ANY == d.words RETURN d._key", ["s1", "s2"]),
    ("FOR d IN everything SEARCH STARTS_WITH(d.words, 'ti') RETURN d._key", ["s4"]),
    ("FOR d IN everything SEARCH MIN_MATCH(d.words == 'gull', d.words == 'net', d.order == 4, 2) RETURN d._key",
     ["s1", "s4"]),
    ("FOR d IN everything SEARCH 3 <= d.order RETURN d._key", ["s3", "s4"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "rows"), QUERIES)
def test_a_query_answers_its_rows_in_order(film: MemoryGraph, text: str, rows: list[Any]) -> None:
    assert ask(film, text) == rows


def test_bind_variables_stand_for_values_collections_and_attributes(film: MemoryGraph) -> None:
    text = "FOR d IN @@where FILTER d.@what == @value RETURN d._key"
    assert ask(film, text, **{"@where": "scenes", "what": "place", "value": "van"}) == ["s2"]
    assert ask(film, "RETURN @value.a[0]", value={"a": [7]}) == [7]


@pytest.mark.parametrize("value", [{1, 2}, float("nan"), float("inf"), object(), b"bytes"])
def test_a_bind_variable_that_json_cannot_hold_is_refused(film: MemoryGraph, value: Any) -> None:
    with pytest.raises(QueryError, match="what JSON cannot"):
        ask(film, "RETURN @value", value=value)
    assert ask(film, "RETURN LENGTH(@value)", value=(1, 2)) == [2]


def test_a_division_by_zero_is_null_and_a_warning(film: MemoryGraph) -> None:
    result = run_query("RETURN 1 / 0", {}, film)
    assert result.rows == [None]
    assert result.warnings == [(1562, "division by zero")]


def test_ten_warnings_are_told_and_no_more(film: MemoryGraph) -> None:
    assert len(run_query("FOR i IN 1..100 RETURN i % 0", {}, film).warnings) == 10


def test_a_loop_over_what_is_no_array_says_where(film: MemoryGraph) -> None:
    with pytest.raises(QueryError, match="type 'null'") as caught:
        ask(film, "FOR s IN scenes\n  FOR x IN s.nothing\n    RETURN x")
    assert (caught.value.line, caught.value.column) == (2, 14)
    assert getattr(caught.value, "code", None) == 1563


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("FOR x IN nowhere RETURN x", 1203),
        ("RETURN @missing", 1551),
        ("RETURN NO_SUCH_FUNCTION(1)", 1540),
        ("RETURN LENGTH()", 1541),
        ("FOR x IN", 1501),
        ("FOR v IN 1..2 OUTBOUND 'scenes/s1' GRAPH 'nowhere' RETURN v", 1924),
        ("FOR v IN 1..2 OUTBOUND 'scenes/s1' people RETURN v", 1218),
        ("RETURN scenes[*]._key", 1568),
        ("RETURN @@scenes", 1568),
        ("FOR s IN scenes COLLECT AGGREGATE x = CONCAT(s.place) RETURN x", 1574),
        ("LET o = {} FOR v IN 1..2 OUTBOUND 'scenes/s1' next OPTIONS o RETURN v", 1501),
        ("LET a = 1 LET a = 2 RETURN a", 1511),
        ("FOR s IN scenes LIMIT -1 RETURN s", 1501),
        ("RETURN unknown", 1203),
    ],
)
def test_a_query_that_is_not_valid_fails_with_the_servers_number(film: MemoryGraph, text: str, code: int) -> None:
    with pytest.raises(QueryError) as caught:
        ask(film, text)
    assert getattr(caught.value, "code", None) == code
    assert caught.value.line == 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("FOR s IN scenes INSERT {} INTO scenes FOR t IN scenes RETURN t", 1579),
        ("FOR s IN scenes REMOVE s IN scenes REMOVE s IN scenes", 1573),
        ("FOR s IN scenes REMOVE s IN everything", 1218),
    ],
)
def test_a_write_that_a_server_would_not_take_fails_with_its_number(film: MemoryGraph, text: str, code: int) -> None:
    with pytest.raises(QueryError) as caught:
        run_query(text, {}, film, writable=True)
    assert getattr(caught.value, "code", None) == code
    assert len(ask(film, "FOR s IN scenes RETURN s")) == 4


def test_a_value_for_no_bind_variable_is_an_error(film: MemoryGraph) -> None:
    with pytest.raises(QueryError, match="not used") as caught:
        ask(film, "RETURN 1", surplus=1)
    assert getattr(caught.value, "code", None) == 1552


def test_groups_come_in_the_order_of_their_values(film: MemoryGraph) -> None:
    text = "FOR s IN scenes COLLECT place = s.place INTO found RETURN {place, keys: found[*].s._key}"
    assert ask(film, text) == [
        {"place": "bus", "keys": ["s4"]},
        {"place": "harbour", "keys": ["s1", "s3"]},
        {"place": "van", "keys": ["s2"]},
    ]
    hashed = "FOR s IN scenes COLLECT place = s.place OPTIONS {method: 'hash'} RETURN place"
    assert ask(film, hashed) == ["harbour", "van", "bus"]


def test_a_group_can_keep_a_value_or_some_variables(film: MemoryGraph) -> None:
    keep = "LET a = 1 FOR s IN scenes LET o = s.order COLLECT p = s.place INTO g KEEP o FILTER p == 'harbour' RETURN g"
    assert ask(film, keep) == [[{"o": 1}, {"o": 3}]]
    value = "FOR s IN scenes COLLECT p = s.place INTO orders = s.order FILTER p == 'harbour' RETURN orders"
    assert ask(film, value) == [[1, 3]]
    all_since_the_loop = "LET a = 1 FOR i IN [7] LET b = 2 COLLECT x = i INTO g RETURN g"
    assert ask(film, all_since_the_loop) == [[{"i": 7, "b": 2}]]


def test_a_collect_counts_and_aggregates(film: MemoryGraph) -> None:
    text = """FOR s IN scenes COLLECT place = s.place AGGREGATE pages = SUM(s.pages), least = MIN(s.order), n = COUNT()
              RETURN [place, pages, least, n]"""
    assert ask(film, text) == [["bus", 1, 4, 1], ["harbour", 3.5, 1, 2], ["van", 0.5, 2, 1]]
    assert ask(film, "FOR s IN scenes COLLECT WITH COUNT INTO n RETURN n") == [4]
    assert ask(film, "FOR s IN scenes COLLECT p = s.place WITH COUNT INTO n SORT n DESC LIMIT 1 RETURN [p, n]") == [
        ["harbour", 2]
    ]


def test_a_collect_without_groups_answers_one_row_even_of_nothing(film: MemoryGraph) -> None:
    assert ask(film, "FOR s IN [] COLLECT WITH COUNT INTO n RETURN n") == [0]
    assert ask(film, "FOR s IN [] COLLECT AGGREGATE m = MAX(s), n = COUNT(s) RETURN [m, n]") == [[None, 0]]


def test_a_collect_in_a_sub_query_still_sees_the_query_around(film: MemoryGraph) -> None:
    text = """FOR p IN people
                RETURN (FOR s IN scenes FILTER p._key IN s.cast COLLECT x = 1 WITH COUNT INTO n RETURN [p.name, n])"""
    assert ask(film, text) == [[["Della", 2]], [["Joss", 2]]]


def test_a_limit_reads_no_further_than_it_must(film: MemoryGraph) -> None:
    result: Result = run_query("FOR s IN scenes LIMIT 2 RETURN s._key", {}, film)
    assert result.rows == ["s1", "s2"]
    assert result.scanned == 2
    assert ask(film, "FOR i IN 1..1000000000 FILTER i % 1000 == 0 LIMIT 2 RETURN i") == [1000, 2000]


def test_a_document_is_read_once_in_a_query(film: MemoryGraph) -> None:
    assert run_query("FOR i IN 1..50 RETURN DOCUMENT('scenes/s1').order", {}, film).scanned == 1


def test_an_equal_filter_lets_the_store_read_less(film: MemoryGraph) -> None:
    assert run_query("FOR s IN scenes LET x = 1 FILTER x == 1 && s.place == 'van' RETURN s", {}, film).scanned == 1
    joined = run_query("FOR s IN scenes FOR p IN people FILTER p._key == s.cast[0] RETURN p.name", {}, film)
    assert joined.rows == ["Joss", "Joss", "Della"]
    # The third scene has nobody: null narrows nothing, so both people are read for it.
    assert joined.scanned == 4 + 3 + 2


OF_EVERY_TYPE = [None, False, True, 0, 1, 1.0, 2.5, "", "1", "a", [], [1], [None], {}, {"a": 1}, {"a": None}]


@pytest.mark.parametrize("value", OF_EVERY_TYPE, ids=repr)
def test_a_filter_that_narrows_the_scan_keeps_what_it_would_keep_without(value: Any) -> None:
    graph = MemoryGraph({"things": "documents"})
    for held in OF_EVERY_TYPE:
        graph.put("things", {"v": held}, replace=False)
    graph.put("things", {}, replace=False)
    for operator in ("==", "!=", "<", "<=", ">", ">=", "IN", "NOT IN"):
        narrowed = f"FOR t IN things FILTER t.v {operator} @value RETURN t._key"
        every_row = f"FOR t IN things LET kept = t.v {operator} NOT_NULL(@value) FILTER kept RETURN t._key"
        mirrored = f"FOR t IN things FILTER true == (t.v {operator} @value) RETURN t._key"
        rows = ask(graph, narrowed, value=value)
        assert rows == ask(graph, every_row, value=value) == ask(graph, mirrored, value=value)


def test_a_search_for_a_value_lets_the_store_read_less(film: MemoryGraph) -> None:
    text = "FOR d IN everything SEARCH d.words == @one AND d.words == @other RETURN d._key"
    found = run_query(text, {"one": "gull", "other": "net"}, film)
    assert (found.rows, found.scanned) == (["s1"], 2)


def test_rows_that_a_window_looks_back_on_come_with_their_sums(film: MemoryGraph) -> None:
    text = """FOR s IN scenes WINDOW {preceding: 1} AGGREGATE two = SUM(s.pages)
              WINDOW {preceding: "unbounded"} AGGREGATE total = SUM(s.pages) RETURN [two, total]"""
    assert ask(film, text) == [[1.5, 1.5], [2, 2], [2.5, 4], [3, 5]]
    by_value = "FOR s IN scenes WINDOW s.order WITH {preceding: 1, following: 1} AGGREGATE n = COUNT() RETURN n"
    assert ask(film, by_value) == [2, 3, 3, 2]
    months = """FOR t IN ['2024-01-31', '2024-02-29', '2024-03-15'] WINDOW DATE_TIMESTAMP(t) WITH {preceding: 'P1M'}
                AGGREGATE n = COUNT() RETURN n"""
    assert ask(film, months) == [1, 2, 2]


def test_queries_leave_the_data_as_it_was(film: MemoryGraph) -> None:
    before = ask(film, "FOR d IN everything RETURN d")
    ask(film, "FOR s IN scenes LET x = MERGE(s, {a: 1}) LET y = PUSH(s.cast, 'z') SORT s.order DESC RETURN [x, y]")
    assert ask(film, "FOR d IN everything RETURN d") == before


def test_a_sub_query_in_a_loop_may_sort_and_group_by_itself(film: MemoryGraph) -> None:
    text = "FOR x IN (FOR s IN scenes SORT s.order DESC RETURN s.order) FOR y IN [x, -x] SORT y LIMIT 3 RETURN [x, y]"
    assert ask(film, text) == [[4, -4], [3, -3], [2, -2]]


def test_a_sub_query_that_is_the_same_for_every_row_is_run_once(film: MemoryGraph) -> None:
    text = "FOR s IN scenes LET all = (FOR p IN people RETURN p._key) RETURN LENGTH(all)"
    assert run_query(text.replace("all", "everyone"), {}, film).scanned == 4 + 2
    of_the_row = "FOR s IN scenes LET who = (FOR c IN s.cast FOR x IN (RETURN s.order) RETURN CONCAT(c, x)) RETURN who"
    assert ask(film, of_the_row)[:2] == [["joss1", "della1"], ["joss2"]]
    in_an_expansion = "RETURN [1, 2][* RETURN (FOR i IN [10] RETURN i + CURRENT)]"
    assert ask(film, in_an_expansion) == [[[11], [12]]]
    tossed = "RETURN UNIQUE(FOR i IN 1..9 LET r = (RETURN RAND()) RETURN r[0])"
    assert len(ask(film, tossed)[0]) > 1


def test_what_stood_before_the_first_for_can_still_be_seen_after_collect() -> None:
    assert run_query("LET x = 5 FOR i IN 1..3 COLLECT y = i RETURN x + y", {}, MemoryGraph({})).rows == [6, 7, 8]
    query = "FOR i IN 1..2 COLLECT y = i INTO g FOR z IN [y] COLLECT w = z RETURN w"
    assert run_query(query, {}, MemoryGraph({})).rows == [1, 2]
