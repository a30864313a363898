"""INSERT, UPDATE, REPLACE, REMOVE and UPSERT over data in memory, and that a query which may not write does not."""

from __future__ import annotations

from typing import Any

import pytest

from shotwright.aql.failures import AqlFailure
from shotwright.aql.interpreter import Result, run_query
from shotwright.aql.memory import MemoryGraph
from shotwright.errors import QueryError


@pytest.fixture
def graph() -> MemoryGraph:
    made = MemoryGraph({"props": "documents", "holds": "edges"})
    made.put("props", {"_key": "ring", "look": {"metal": "gold", "worn": True}, "n": 1}, replace=False)
    made.put("props", {"_key": "net", "n": 2}, replace=False)
    return made


def write(graph: MemoryGraph, text: str, **bind: Any) -> Result:
    return run_query(text, bind, graph, writable=True)


def held(graph: MemoryGraph, key: str) -> dict[str, Any]:
    found = graph.document(f"props/{key}")
    assert found is not None
    return {name: value for name, value in found.items() if not name.startswith("_")}


def refused(graph: MemoryGraph, text: str) -> int:
    with pytest.raises(AqlFailure) as caught:
        write(graph, text)
    return caught.value.code


@pytest.mark.parametrize(
    "text",
    [
        "INSERT {a: 1} INTO props",
        "FOR p IN props UPDATE p WITH {n: 0} IN props",
        "FOR p IN props REMOVE p IN props",
        "RETURN LENGTH(FOR p IN props REPLACE p WITH {} IN props RETURN 1)",
        "UPSERT {n: 1} INSERT {} UPDATE {} IN props",
    ],
)
def test_a_query_that_may_only_read_is_refused_before_it_runs(graph: MemoryGraph, text: str) -> None:
    with pytest.raises(QueryError, match="may only read") as caught:
        run_query(text, {}, graph)
    assert caught.value.line == 1
    assert caught.value.column == text.index(
        next(w for w in ("INSERT", "UPDATE", "REMOVE", "REPLACE") if w in text)
    ) + 1 or ("UPSERT" in text and caught.value.column == 1)
    assert held(graph, "ring")["n"] == 1


def test_an_insert_gives_the_new_document(graph: MemoryGraph) -> None:
    result = write(graph, "FOR i IN 1..2 INSERT {_key: CONCAT('k', i), n: i} INTO props RETURN [NEW._id, NEW.n, OLD]")
    assert result.rows == [["props/k1", 1, None], ["props/k2", 2, None]]
    assert result.writes_executed == 2
    assert refused(graph, "INSERT {_key: 'ring'} INTO props") == 1210
    assert refused(graph, "INSERT {_key: 'no/slash'} INTO props") == 1221
    assert refused(graph, "INSERT [1] INTO props") == 1227
    assert refused(graph, "INSERT {_from: 'props/ring'} INTO holds") == 1233


def test_an_insert_may_overwrite(graph: MemoryGraph) -> None:
    assert write(graph, "INSERT {_key: 'net', m: 1} INTO props OPTIONS {overwriteMode: 'ignore'} RETURN NEW").rows == [
        None
    ]
    assert held(graph, "net") == {"n": 2}
    write(graph, "INSERT {_key: 'net', m: 1} INTO props OPTIONS {overwriteMode: 'update'}")
    assert held(graph, "net") == {"n": 2, "m": 1}
    write(graph, "INSERT {_key: 'net', m: 3} INTO props OPTIONS {overwriteMode: 'replace'}")
    assert held(graph, "net") == {"m": 3}


def test_an_update_merges_and_a_replace_does_not(graph: MemoryGraph) -> None:
    rows = write(graph, "UPDATE 'ring' WITH {look: {metal: 'brass'}} IN props RETURN [OLD.look.metal, NEW.look]").rows
    assert rows == [["gold", {"metal": "brass", "worn": True}]]
    write(graph, "UPDATE {_key: 'ring', look: {size: 7}} IN props OPTIONS {mergeObjects: false}")
    assert held(graph, "ring")["look"] == {"size": 7}
    write(graph, "UPDATE 'ring' WITH {look: {size: null}, n: null} IN props OPTIONS {keepNull: false}")
    assert held(graph, "ring") == {"look": {}}
    write(graph, "REPLACE 'ring' WITH {found: true} IN props")
    assert held(graph, "ring") == {"found": True}


def test_a_write_to_nothing_fails_unless_errors_are_ignored(graph: MemoryGraph) -> None:
    assert refused(graph, "UPDATE 'ghost' WITH {} IN props") == 1202
    assert refused(graph, "REMOVE 'ghost' IN props") == 1202
    assert refused(graph, "REMOVE 'ring' IN nowhere") == 1203
    result = write(graph, "FOR k IN ['ghost', 'net'] REMOVE k IN props OPTIONS {ignoreErrors: true} RETURN OLD._key")
    assert result.rows == ["net"]
    assert (result.writes_executed, result.writes_ignored) == (1, 1)
    unseen = "FOR k IN ['ghost', 'ring'] REMOVE k IN props OPTIONS {ignoreErrors: true} RETURN k"
    assert write(graph, unseen).rows == ["ghost", "ring"]


def test_an_old_revision_is_refused_where_it_is_asked_for(graph: MemoryGraph) -> None:
    text = "REPLACE {_key: 'ring', _rev: 'old'} IN props OPTIONS {ignoreRevs: false}"
    assert refused(graph, text) == 1200


def test_an_upsert_finds_what_a_row_before_it_has_written(graph: MemoryGraph) -> None:
    text = """FOR name IN ['rope', 'rope', 'net']
                UPSERT {name: name} INSERT {name: name, n: 1} UPDATE {n: OLD.n + 1} IN props
                RETURN [NEW.name, NEW.n, OLD == null]"""
    assert write(graph, text).rows == [["rope", 1, True], ["rope", 2, False], ["net", 1, True]]
    write(graph, "UPSERT FILTER CURRENT.look.metal == 'gold' INSERT {} REPLACE {seen: 1} IN props")
    assert held(graph, "ring") == {"seen": 1}


def test_a_query_reads_all_before_it_writes(graph: MemoryGraph) -> None:
    write(graph, "FOR p IN props INSERT {n: p.n + 10} INTO props")
    assert run_query("FOR p IN props SORT p.n RETURN p.n", {}, graph).rows == [1, 2, 11, 12]


def test_an_edge_that_is_written_can_be_followed_and_removed(graph: MemoryGraph) -> None:
    write(graph, "INSERT {_key: 'e', _from: 'props/ring', _to: 'props/net'} INTO holds")
    follow = "FOR v IN 1..1 OUTBOUND 'props/ring' holds RETURN v._key"
    assert run_query(follow, {}, graph).rows == ["net"]
    write(graph, "UPDATE 'e' WITH {_to: 'props/ring'} IN holds")
    assert run_query(follow, {}, graph).rows == ["ring"]
    write(graph, "REMOVE 'e' IN holds")
    assert run_query(follow, {}, graph).rows == []
