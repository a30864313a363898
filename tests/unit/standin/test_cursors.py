"""Cursors and plans of the stand-in, through the real driver."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import pytest
from arango.exceptions import AQLQueryExecuteError, CursorNextError
from arango.request import Request

if TYPE_CHECKING:
    from arango.database import StandardDatabase
    from tests.standin.fixtures import ArangoServer


def test_a_result_comes_in_batches_and_then_the_cursor_is_gone(
    db: StandardDatabase, arango_server: ArangoServer
) -> None:
    cursor = db.aql.execute("FOR i IN 1..7 RETURN i", batch_size=3, count=True)
    assert len(arango_server.held.cursors) == 1
    assert (list(cursor), cursor.count()) == ([1, 2, 3, 4, 5, 6, 7], 7)
    assert arango_server.held.cursors == {}
    with pytest.raises(CursorNextError):
        cursor.fetch()


def test_a_closed_cursor_and_one_past_its_time_are_gone(db: StandardDatabase, arango_server: ArangoServer) -> None:
    cursor = db.aql.execute("FOR i IN 1..7 RETURN i", batch_size=3)
    assert cursor.close() is True
    late = db.aql.execute("FOR i IN 1..7 RETURN i", batch_size=3)
    arango_server.held.cursors[late.id].expires = 0.0
    with pytest.raises(CursorNextError) as caught:
        late.fetch()
    assert (caught.value.http_code, caught.value.error_code) == (404, 1600)


def test_a_batch_may_be_asked_for_again_where_the_query_allows_it(db: StandardDatabase) -> None:
    def send(method: Literal["post", "delete"], path: str, body: object = None) -> Any:
        return db.conn.send_request(Request(method=method, endpoint=path, data=body)).body

    query = {"query": "FOR i IN 1..5 RETURN i", "batchSize": 2, "options": {"allowRetry": True}}
    cursor = f"/_api/cursor/{send('post', '/_api/cursor', query)['id']}"
    assert [send("post", f"{cursor}/{number}")["result"] for number in (2, 2, 3, 3)] == [[3, 4], [3, 4], [5], [5]]
    assert send("post", f"{cursor}/2")["errorNum"] == 1600
    assert send("delete", cursor)["code"] == 202


def test_a_streaming_query_tells_of_its_warnings_with_its_last_batch(db: StandardDatabase) -> None:
    cursor = db.aql.execute("FOR i IN 1..3 RETURN 1 / 0", batch_size=2, stream=True)
    assert cursor.warnings() is None
    cursor.fetch()
    assert {one["code"] for one in cursor.warnings() or []} == {1562}


def test_a_query_counts_what_its_limit_left_out(db: StandardDatabase) -> None:
    cursor = db.aql.execute("FOR i IN 1..50 FILTER i > 10 LIMIT 5, 3 RETURN i", full_count=True)
    assert (list(cursor), (cursor.statistics() or {})["fullCount"]) == ([16, 17, 18], 40)


def test_time_and_memory_are_bounded(db: StandardDatabase) -> None:
    with pytest.raises(AQLQueryExecuteError) as slow:
        db.aql.execute("FOR a IN 1..3000 FOR b IN 1..3000 FILTER a == b RETURN a", max_runtime=0.05)
    assert (slow.value.http_code, slow.value.error_code) == (410, 1500)
    with pytest.raises(AQLQueryExecuteError) as large:
        db.aql.execute("FOR i IN 1..100000 SORT i RETURN i", memory_limit=100_000)
    assert (large.value.http_code, large.value.error_code) == (500, 32)


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("INSERT {} INTO scenes", "InsertNode"),
        ("FOR s IN scenes UPDATE s WITH {} IN scenes", "UpdateNode"),
        ("FOR s IN scenes REPLACE s WITH {} IN scenes", "ReplaceNode"),
        ("FOR s IN scenes REMOVE s IN scenes", "RemoveNode"),
        ("UPSERT {_key: 'a'} INSERT {} UPDATE {} IN scenes", "UpsertNode"),
        ("LET made = (INSERT {} INTO scenes RETURN NEW) RETURN made", "InsertNode"),
    ],
)
def test_a_plan_tells_that_a_query_writes(db: StandardDatabase, text: str, node: str) -> None:
    found = db.aql.explain(text)
    assert isinstance(found, dict)
    assert found["isModificationQuery"] is True
    assert node in [one["type"] for one in found["nodes"]]
    assert {"name": "scenes", "type": "write"} in found["collections"]


def test_the_plan_of_a_reading_query_writes_nothing(db: StandardDatabase) -> None:
    text = "FOR s IN scenes LET next = (FOR v IN 1 OUTBOUND s follows RETURN v._key) SORT s.n LIMIT 2 RETURN {s, next}"
    found = db.aql.explain(text)
    assert isinstance(found, dict)
    assert found["isModificationQuery"] is False
    assert {one["type"] for one in found["collections"]} == {"read"}
    assert db.collection("scenes").count() == 0
