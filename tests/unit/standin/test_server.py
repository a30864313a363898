"""The stand-in as a server: who may ask, what goes wrong on order, how fast it starts and how quietly it ends."""

from __future__ import annotations

import gc
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
from arango.client import ArangoClient
from arango.exceptions import ArangoServerError, ServerConnectionError
from requests.exceptions import ChunkedEncodingError, ReadTimeout
from requests.exceptions import ConnectionError as LineCut
from tests.standin.server import StandIn

if TYPE_CHECKING:
    from arango.database import StandardDatabase
    from tests.standin.fixtures import ArangoServer

UNREACHABLE = (ConnectionAbortedError, LineCut, ChunkedEncodingError)


def test_it_starts_and_ends_at_once_and_leaves_nothing_open() -> None:
    began = time.perf_counter()
    standin = StandIn("secret")
    assert time.perf_counter() - began < 1
    client = ArangoClient(hosts=standin.url)
    assert client.db("_system", username="root", password="secret").version() == "3.12.10"
    began = time.perf_counter()
    standin.close()
    assert time.perf_counter() - began < 2
    client.close()
    gc.collect()
    assert not [thread for thread in threading.enumerate() if "process_request_thread" in thread.name]


def test_the_wrong_password_and_no_password_are_refused(client: ArangoClient, arango_server: ArangoServer) -> None:
    for user, password in (("root", "wrong"), ("nobody", arango_server.password), ("root", "")):
        with pytest.raises(ServerConnectionError) as caught:
            client.db(arango_server.database, username=user, password=password, verify=True)
        assert (caught.value.http_code, caught.value.error_code) == (401, 11)


def test_a_token_stands_for_a_user_until_its_time_is_over(client: ArangoClient, arango_server: ArangoServer) -> None:
    db = client.db(arango_server.database, username="root", password=arango_server.password, auth_method="jwt")
    assert db.collections() is not None
    forged = client.db(arango_server.database, superuser_token="bm90.YQ.dG9rZW4")
    with pytest.raises(ArangoServerError) as caught:
        forged.collections()
    assert caught.value.http_code == 401


def test_a_user_needs_leave_for_a_database(client: ArangoClient, arango_server: ArangoServer) -> None:
    system = client.db("_system", username="root", password=arango_server.password)
    if not system.has_user("ida"):
        system.create_user("ida", "pass")
    ida = client.db(arango_server.database, username="ida", password="pass")
    with pytest.raises(ArangoServerError) as caught:
        ida.collections()
    assert caught.value.error_code == 11
    system.update_permission("ida", "rw", arango_server.database)
    ida.create_collection("scenes")
    ida.collection("scenes").insert({"_key": "a"})
    system.update_permission("ida", "ro", arango_server.database)
    assert list(ida.aql.execute("FOR s IN scenes RETURN s._key")) == ["a"]
    for refused in (
        lambda: ida.collection("scenes").insert({}),
        lambda: ida.aql.execute("INSERT {} INTO scenes"),
        lambda: ida.begin_transaction(write=["scenes"]),
    ):
        with pytest.raises(ArangoServerError) as caught:
            refused()
        assert (caught.value.http_code, caught.value.error_code) == (403, 1004)
    with pytest.raises(ArangoServerError) as made:
        ida.create_collection("props")
    assert (made.value.http_code, made.value.error_code) == (403, 11)


def test_an_unknown_database_path_and_method_are_told_apart(client: ArangoClient, arango_server: ArangoServer) -> None:
    from arango.request import Request

    db = client.db(arango_server.database, username="root", password=arango_server.password)

    def said(method: str, path: str) -> tuple[int, Any]:
        response = db.conn.send_request(Request(method=method, endpoint=path))  # type: ignore[arg-type]
        return response.status_code, response.error_code

    assert said("get", "/_api/nothing") == (404, 404)
    assert said("patch", "/_api/version") == (405, 405)
    gone = client.db("gone", username="root", password=arango_server.password)
    with pytest.raises(ArangoServerError) as caught:
        gone.collections()
    assert (caught.value.http_code, caught.value.error_code) == (404, 1228)


@pytest.mark.parametrize(("kind", "status", "number"), [("conflict", 409, 1200), ("unauthorized", 401, 11)])
def test_a_refusal_on_order_happens_as_often_as_ordered(
    db: StandardDatabase, arango_server: ArangoServer, kind: Any, status: int, number: int
) -> None:
    arango_server.faults.order(kind, method="POST", path="/_api/document", times=2, skip=1)
    scenes = db.collection("scenes")
    scenes.insert({"_key": "before"})
    for _ in range(2):
        with pytest.raises(ArangoServerError) as caught:
            scenes.insert({"_key": "during"})
        assert (caught.value.http_code, caught.value.error_code) == (status, number)
    scenes.insert({"_key": "after"})
    assert scenes.count() == 2
    assert arango_server.faults.committed == [(kind, "POST", "/_api/document/scenes")] * 2


def test_an_unavailable_server_says_when_to_come_back(db: StandardDatabase, arango_server: ArangoServer) -> None:
    import http.client

    arango_server.faults.order("unavailable", seconds=3.0)
    line = http.client.HTTPConnection("127.0.0.1", arango_server.standin.port)
    line.request("GET", "/_api/version")
    answer = line.getresponse()
    assert (answer.status, answer.headers["retry-after"]) == (503, "3")
    line.close()


@pytest.mark.parametrize(("kind", "done"), [("reset before", 0), ("reset after", 1), ("truncated", 1)])
def test_a_line_cut_on_order_is_cut_before_or_after_the_work(
    db: StandardDatabase, arango_server: ArangoServer, kind: Any, done: int
) -> None:
    arango_server.faults.order(kind, method="POST", path="/_api/document")
    with pytest.raises(UNREACHABLE):
        db.collection("scenes").insert({"_key": "a"})
    assert db.collection("scenes").count() == done


def test_a_slow_answer_comes_late(db: StandardDatabase, arango_server: ArangoServer) -> None:
    arango_server.faults.order("slow", path="/_api/document", seconds=0.3)
    client = ArangoClient(hosts=arango_server.url, request_timeout=0.1, resolver_max_tries=1)
    with pytest.raises((ReadTimeout, *UNREACHABLE)):
        client.db(arango_server.database, username="root", password=arango_server.password).collection("scenes").insert(
            {}
        )
    client.close()


def test_many_at_once_lose_nothing(db: StandardDatabase, arango_server: ArangoServer) -> None:
    db.collection("scenes").insert({"_key": "counter", "n": 0})
    problems: list[Exception] = []

    def work(worker: int) -> None:
        client = ArangoClient(hosts=arango_server.url)
        own = client.db(arango_server.database, username="root", password=arango_server.password)
        try:
            for at in range(20):
                own.collection("scenes").insert({"_key": f"{worker}-{at}"})
                _increase(own)
        except Exception as error:  # told below, in the test's own thread
            problems.append(error)
        finally:
            client.close()

    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert db.collection("scenes").count() == 81
    counter = db.collection("scenes").get("counter")
    assert isinstance(counter, dict)
    assert counter["n"] == 80


def _increase(db: StandardDatabase) -> None:
    """Until no other did it at the same time."""
    while True:
        try:
            db.aql.execute("FOR s IN scenes FILTER s._key == 'counter' UPDATE s WITH {n: s.n + 1} IN scenes")
        except ArangoServerError as error:
            if error.error_code != 1200:
                raise
        else:
            return
