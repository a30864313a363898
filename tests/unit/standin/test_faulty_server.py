"""The ArangoDB story store on a server that fails: whatever request is lost, what was to be done is done, once."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from shotwright.adapters.story_store.arango import ArangoSettings, ArangoStoryStore
from shotwright.adapters.story_store.arango.retrying import Backoff
from shotwright.errors import StoreError
from shotwright.model.graph import Edge, Node

if TYPE_CHECKING:
    from tests.standin.fixtures import ArangoServer

LOOK = Node(id="look/cape", kind="look")
WEARS = Edge(key="wears|1", kind="wears", src="character/ada", dst="look/cape", data={"scene": "1"})


def _person(name: str, **data: Any) -> Node:
    return Node(id=f"character/{name}", kind="character", data={"name": name, **data})


def _open(server: ArangoServer, *, attempts: int = 6) -> ArangoStoryStore:
    settings = ArangoSettings(server.address, password=server.password, timeout_seconds=5.0)
    return ArangoStoryStore(settings, "heron", backoff=Backoff(attempts=attempts, first=0.002, longest=0.02))


def _work(store: ArangoStoryStore) -> list[Any]:
    """Some of everything, and what it said."""
    return [
        store.replace("film", [_person("ada"), _person("bo"), LOOK], [WEARS]),
        store.replace("film", [_person("ada", age="30"), LOOK], []),
        store.patch_if("character/ada", 2, {"age": "31"}),
        [node.id for node in store.search("ada")],
        store.ask("aql", "FOR c IN characters RETURN c.age", {}).rows,
        store.fingerprint(),
    ]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["unavailable", "conflict", "reset before", "reset after", "truncated"])
def test_one_failure_wherever_it_strikes_changes_no_answer(
    arango_story_server: ArangoServer, arango_prepared: Any, kind: Any
) -> None:
    server, holdings = arango_story_server, arango_story_server.standin.holdings
    store = _open(server)
    first = len(server.standin.requests)
    expected = _work(store)
    requests = server.standin.requests[first:]
    store.close()
    different: dict[str, list[Any]] = {}
    for at, request in enumerate(requests):
        holdings.databases[server.database] = arango_prepared.twin(server.database)
        store = _open(server)
        server.faults.clear()
        server.faults.order(kind, skip=at, seconds=0.0)
        found = _work(store)
        assert len(server.faults.committed) == 1
        if found != expected:
            different[f"request {at + 1}, {' '.join(request)}"] = found
        store.close()
    assert different == {}
    assert len(requests) > 15


def test_a_server_that_never_recovers_is_told_of_in_one_line(arango_story_server: ArangoServer) -> None:
    store = _open(arango_story_server, attempts=3)
    arango_story_server.faults.order("unavailable", times=1000, seconds=0.0)
    with pytest.raises(StoreError) as caught:
        store.replace("film", [_person("ada")], [])
    assert "\n" not in str(caught.value)
    assert "Traceback" not in str(caught.value)
    arango_story_server.faults.clear()
    assert store.get("character/ada") is None
    store.close()


def test_writers_at_the_same_time_wait_for_each_other_and_lose_nothing(arango_story_server: ArangoServer) -> None:
    problems: list[Exception] = []

    def write(writer: int) -> None:
        store = _open(arango_story_server, attempts=200)
        try:
            for at in range(5):
                scene = Node(id=f"scene/{writer}_{at}", kind="scene", order=writer * 10 + at)
                store.replace(f"scene/{writer}_{at}", [scene], [])
        except Exception as error:  # told below, in the test's own thread
            problems.append(error)
        finally:
            store.close()

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    store = _open(arango_story_server)
    assert len(store.scopes()) == 15
    assert "" not in store.scopes().values()
    store.close()
