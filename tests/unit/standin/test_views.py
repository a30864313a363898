"""Views of the stand-in lag behind what is committed, as a server's do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from arango.database import StandardDatabase
    from tests.standin.fixtures import ArangoServer

ALL = "FOR s IN found SEARCH s.text == 'rain' {options} SORT s._key RETURN s._key"
WAITING = ALL.format(options="OPTIONS {waitForSync: true}")
AS_IT_IS = ALL.format(options="")


@pytest.fixture
def searched(db: StandardDatabase) -> Any:
    db.collection("scenes").insert({"_key": "a", "text": "rain"})
    db.create_arangosearch_view("found", {"links": {"scenes": {"includeAllFields": True}}})
    return db


def test_a_view_knows_at_once_what_was_there_when_it_was_made(searched: Any) -> None:
    assert list(searched.aql.execute(AS_IT_IS)) == ["a"]


def test_a_view_learns_of_a_change_when_a_query_waits_for_it(searched: Any) -> None:
    scenes = searched.collection("scenes")
    scenes.insert_many([{"_key": "b", "text": "rain"}, {"_key": "c", "text": "snow"}])
    scenes.update({"_key": "a", "n": 1})
    assert list(searched.aql.execute(AS_IT_IS)) == []
    assert list(searched.aql.execute(WAITING)) == ["a", "b"]
    assert list(searched.aql.execute(AS_IT_IS)) == ["a", "b"]
    scenes.delete("a")
    assert list(searched.aql.execute(AS_IT_IS)) == ["b"]


def test_a_view_learns_of_a_change_in_its_own_time(searched: Any, arango_server: ArangoServer) -> None:
    searched.collection("scenes").insert({"_key": "b", "text": "rain"})
    arango_server.held.view_lag_seconds = 0.0
    assert list(searched.aql.execute(AS_IT_IS)) == ["a", "b"]


def test_a_collection_that_is_dropped_leaves_its_views(searched: Any) -> None:
    searched.delete_collection("scenes")
    assert list(searched.aql.execute(WAITING)) == []
