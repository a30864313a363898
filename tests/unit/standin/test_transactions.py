"""Stream transactions of the stand-in, through the real driver."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from arango.exceptions import AQLQueryExecuteError, ArangoServerError, DocumentInsertError, DocumentReplaceError
from tests.standin.transactions import find

if TYPE_CHECKING:
    from arango.database import StandardDatabase
    from tests.standin.fixtures import ArangoServer


def _numbers(caught: pytest.ExceptionInfo[Any]) -> tuple[int, int]:
    return caught.value.http_code, caught.value.error_code


def _keys(db: Any) -> list[str]:
    return list(db.aql.execute("FOR s IN scenes SORT s._key RETURN s._key"))


def test_what_a_transaction_writes_is_seen_by_nobody_else_until_it_commits(db: StandardDatabase) -> None:
    transaction = db.begin_transaction(write=["scenes"])
    transaction.collection("scenes").insert({"_key": "a"})
    transaction.aql.execute("INSERT {_key: 'b'} INTO scenes")
    assert (_keys(transaction), _keys(db)) == (["a", "b"], [])
    assert transaction.collection("scenes").count() == 2
    assert db.collection("scenes").count() == 0
    transaction.commit_transaction()
    assert _keys(db) == ["a", "b"]
    assert transaction.transaction_status() == "committed"


def test_a_transaction_sees_what_was_there_when_it_began(db: StandardDatabase) -> None:
    db.collection("scenes").insert({"_key": "a", "n": 1})
    transaction = db.begin_transaction(read=["scenes"])
    db.collection("scenes").insert({"_key": "b"})
    db.collection("scenes").update({"_key": "a", "n": 2})
    assert _keys(transaction) == ["a"]
    assert transaction.collection("scenes").get("a")["n"] == 1
    assert db.collection("scenes").get("a")["n"] == 2


def test_an_abort_leaves_nothing_behind(db: StandardDatabase) -> None:
    db.collection("scenes").insert({"_key": "kept"})
    transaction = db.begin_transaction(write=["scenes"])
    transaction.collection("scenes").insert({"_key": "a"})
    transaction.collection("scenes").delete("kept")
    transaction.abort_transaction()
    assert _keys(db) == ["kept"]
    with pytest.raises(ArangoServerError) as caught:
        transaction.collection("scenes").get("kept")
    assert _numbers(caught) == (410, 1654)


def test_a_key_that_a_running_transaction_changed_is_a_conflict_for_all_others(db: StandardDatabase) -> None:
    db.collection("scenes").insert({"_key": "a"})
    first, second = db.begin_transaction(write=["scenes"]), db.begin_transaction(write=["scenes"])
    first.collection("scenes").update({"_key": "a", "n": 1})
    for other in (second, db):
        with pytest.raises(DocumentReplaceError) as caught:
            other.collection("scenes").replace({"_key": "a", "n": 2})
        assert _numbers(caught) == (409, 1200)
        with pytest.raises(AQLQueryExecuteError) as asked:
            other.aql.execute("UPDATE 'a' WITH {n: 3} IN scenes")
        assert _numbers(asked) == (409, 1200)
    first.abort_transaction()
    second.collection("scenes").replace({"_key": "a", "n": 4})
    second.commit_transaction()
    assert db.collection("scenes").get("a")["n"] == 4


def test_a_key_that_was_changed_since_the_transaction_began_is_a_conflict(db: StandardDatabase) -> None:
    db.collection("scenes").insert({"_key": "a"})
    transaction = db.begin_transaction(write=["scenes"])
    db.collection("scenes").update({"_key": "a", "n": 1})
    with pytest.raises(DocumentReplaceError) as caught:
        transaction.collection("scenes").replace({"_key": "a", "n": 2})
    assert _numbers(caught) == (409, 1200)


def test_two_transactions_may_not_take_the_same_place_in_a_unique_index(db: StandardDatabase) -> None:
    db.collection("scenes").add_index({"type": "persistent", "fields": ["production", "order"], "unique": True})
    first, second = db.begin_transaction(write=["scenes"]), db.begin_transaction(write=["scenes"])
    first.collection("scenes").insert({"_key": "a", "production": "heron", "order": 1})
    with pytest.raises(DocumentInsertError) as caught:
        second.collection("scenes").insert({"_key": "b", "production": "heron", "order": 1})
    assert _numbers(caught) == (409, 1200)
    first.commit_transaction()
    with pytest.raises(DocumentInsertError) as late:
        db.collection("scenes").insert({"_key": "b", "production": "heron", "order": 1})
    assert _numbers(late) == (409, 1210)


def test_only_what_was_declared_for_writing_may_be_written(db: StandardDatabase) -> None:
    transaction = db.begin_transaction(read=["scenes"], write=["follows"])
    with pytest.raises(DocumentInsertError) as caught:
        transaction.collection("scenes").insert({})
    assert _numbers(caught) == (400, 1652)
    db.create_collection("props")
    with pytest.raises(AQLQueryExecuteError) as asked:
        transaction.aql.execute("FOR i IN 1..2 INSERT {i} INTO scenes")
    assert _numbers(asked) == (400, 1652)


def test_reading_what_was_not_declared_needs_leave(db: StandardDatabase) -> None:
    assert _keys(db.begin_transaction(write=["follows"])) == []
    strict = db.begin_transaction(write=["follows"], allow_implicit=False)
    with pytest.raises(AQLQueryExecuteError) as caught:
        _keys(strict)
    assert _numbers(caught) == (400, 1652)


def test_an_exclusive_collection_makes_other_writers_wait_and_then_fail(db: StandardDatabase) -> None:
    holder = db.begin_transaction(exclusive=["scenes"])
    began = time.monotonic()
    with pytest.raises(ArangoServerError) as caught:
        db.begin_transaction(write=["scenes"], lock_timeout=0.05)
    assert _numbers(caught) == (500, 18)
    assert time.monotonic() - began >= 0.05
    holder.commit_transaction()
    db.begin_transaction(write=["scenes"], lock_timeout=0.05).abort_transaction()


def test_ending_twice_is_harmless_in_the_same_way_and_refused_in_the_other(db: StandardDatabase) -> None:
    transaction = db.begin_transaction(write=["scenes"])
    assert transaction.commit_transaction()
    assert transaction.commit_transaction()
    with pytest.raises(ArangoServerError) as caught:
        transaction.abort_transaction()
    assert _numbers(caught) == (400, 1653)
    with pytest.raises(ArangoServerError) as unknown:
        db.fetch_transaction("1").collection("scenes").count()
    assert _numbers(unknown) == (404, 1655)


def test_a_transaction_left_alone_is_aborted(db: StandardDatabase, arango_server: ArangoServer) -> None:
    transaction = db.begin_transaction(write=["scenes"])
    transaction.collection("scenes").insert({"_key": "a"})
    arango_server.held.most_idle_seconds = 0.0
    assert find(arango_server.held, str(transaction.transaction_id)).status == "aborted"
    db.collection("scenes").insert({"_key": "a"})


def test_a_query_that_fails_half_way_changes_nothing(db: StandardDatabase) -> None:
    db.collection("scenes").insert({"_key": "3"})
    with pytest.raises(AQLQueryExecuteError) as caught:
        db.aql.execute("FOR i IN 1..5 INSERT {_key: TO_STRING(i)} INTO scenes")
    assert _numbers(caught) == (409, 1210)
    assert _keys(db) == ["3"]
