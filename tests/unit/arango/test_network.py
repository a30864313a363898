"""Over a real socket: lines that are cut, answers that are late, ports where nobody or somebody else listens."""

from __future__ import annotations

import socket
import threading
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

import pytest
from tests.standin.server import StandIn
from tests.unit.arango.film import feature
from tests.unit.arango.scripted import Waits

from shotwright.adapters.story_store.arango import ArangoSettings, ArangoStoryStore, diagnose
from shotwright.errors import ConfigError, StaleEdit, StoreError
from shotwright.model.graph import Node

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.standin.fixtures import ArangoServer

ADA = Node(id="character/ada", kind="character", data={"name": "Ada"})


@pytest.fixture
def store(arango_settings: ArangoSettings) -> Iterator[ArangoStoryStore]:
    """With the driver's own HTTP client, and waits that take no time."""
    opened = ArangoStoryStore(arango_settings, "birds", backoff=Waits().backoff())
    yield opened
    opened.close()


WRITES = ("POST /_api/document/scenes", "POST /_api/document/meta", "POST /_api/document/scopes")
OTHERS = ("POST /_api/cursor", "POST /_api/transaction/begin", "PUT /_api/transaction")


@pytest.mark.parametrize(
    ("kind", "line"),
    [*product(("reset before", "reset after", "unavailable"), WRITES + OTHERS), *product(("conflict",), WRITES)],
)
def test_a_fault_at_any_request_of_a_replacing_leaves_the_whole_of_it_done_once(
    store: ArangoStoryStore, arango_server: ArangoServer, kind: str, line: str
) -> None:
    film = feature(2)
    method, path = line.split()
    arango_server.faults.order(kind, method=method, path=path, times=2)  # type: ignore[arg-type]
    report = store.replace_all(film)
    assert len(arango_server.faults.committed) == 2
    assert report.nodes_put == sum(len(nodes) for _, nodes, _ in film)
    assert store.replace_all(film).unchanged == sum(len(nodes) + len(edges) for _, nodes, edges in film)
    assert all(node.version == 1 for node in store.neighbours("scene/sc_0"))


@pytest.mark.parametrize("kind", ["reset before", "reset after"])
@pytest.mark.parametrize("path", ["/_api/document/characters", "/_api/transaction"])
def test_an_edit_over_a_line_that_is_cut_is_made_once(
    store: ArangoStoryStore, arango_server: ArangoServer, kind: str, path: str
) -> None:
    store.replace("film", [ADA], [])
    arango_server.faults.order(kind, method="PUT", path=path)  # type: ignore[arg-type]
    assert store.patch_if(ADA.id, 1, {"role": "lead"}).version == 2
    found = store.get(ADA.id)
    assert found is not None
    assert (found.version, found.data["role"]) == (2, "lead")
    with pytest.raises(StaleEdit):
        store.patch_if(ADA.id, 1, {"role": "minor"})


def test_a_fault_that_stays_leaves_nothing_behind(store: ArangoStoryStore, arango_server: ArangoServer) -> None:
    store.replace("film", [ADA], [])
    before = (store.scopes(), list(store.dump()))
    arango_server.faults.order("unavailable", method="POST", path="/_api/document/looks", times=99, seconds=0)
    with pytest.raises(StoreError) as failed:
        store.replace_all([("film", [ADA, Node(id="look/cape", kind="look")], []), ("new", [], [])])
    assert failed.value.transient
    arango_server.faults.clear()
    assert (store.scopes(), list(store.dump())) == before


def test_an_answer_cut_short_is_read_again(store: ArangoStoryStore, arango_server: ArangoServer) -> None:
    store.replace("film", [ADA], [])
    arango_server.faults.order("truncated", method="POST", path="/_api/cursor")
    assert list(store.scopes()) == ["film"]


def test_an_answer_that_is_late_is_asked_for_again(
    arango_settings: ArangoSettings, store: ArangoStoryStore, arango_server: ArangoServer
) -> None:
    store.replace("film", [ADA], [])
    hasty = ArangoStoryStore(replace(arango_settings, timeout_seconds=0.3), "birds", backoff=Waits().backoff())
    arango_server.faults.order("slow", method="GET", path="/_api/document/characters", seconds=0.8)
    assert hasty.get(ADA.id) == ADA
    hasty.close()


def test_a_password_that_is_no_longer_taken_is_told_at_once(
    store: ArangoStoryStore, arango_server: ArangoServer
) -> None:
    arango_server.faults.order("unauthorized", times=99)
    with pytest.raises(StoreError, match="does not accept the user root") as failed:
        store.scopes()
    assert not failed.value.transient
    assert len(arango_server.faults.committed) == 1


def test_a_port_where_nobody_listens(arango_settings: ArangoSettings) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nobody = replace(arango_settings, url=f"arangodb://127.0.0.1:{closed.getsockname()[1]}/films")
    waits = Waits()
    with pytest.raises(StoreError, match="no server answers at 127") as failed:
        ArangoStoryStore(nobody, "birds", backoff=waits.backoff())
    assert failed.value.transient
    assert len(waits.slept) == 5


def test_a_host_that_is_not_there(arango_settings: ArangoSettings) -> None:
    nowhere = replace(arango_settings, url="arangodb://nowhere.invalid:8529/films")
    (finding,) = diagnose(nowhere)
    assert finding.level == "fail"
    assert "nowhere.invalid" in finding.line


def test_a_server_that_does_not_speak_tls_is_told_as_such(arango_settings: ArangoSettings) -> None:
    encrypted = replace(arango_settings, url=arango_settings.url.replace("arangodb:", "arangodb+tls:"))
    with pytest.raises(StoreError, match=r"encrypted connection to .* failed") as failed:
        ArangoStoryStore(encrypted, "birds", backoff=Waits().backoff())
    assert not failed.value.transient
    assert "TLS on this port" in failed.value.hint


@pytest.mark.parametrize(
    "said",
    [b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 13\r\n\r\n<html></html>",
     b"HTTP/1.1 404 Not Found\r\ncontent-length: 4\r\n\r\nnone", b"220 mail.example ESMTP ready\r\n",
     b'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n[]'],
)  # fmt: skip
def test_something_else_that_listens_is_one_clear_line(arango_settings: ArangoSettings, said: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            for _ in range(12):
                try:
                    line, _ = server.accept()
                except OSError:
                    return
                with line:
                    line.recv(65536)
                    line.sendall(said)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        other = replace(arango_settings, url=f"arangodb://127.0.0.1:{server.getsockname()[1]}/films")
        with pytest.raises(StoreError) as failed:
            ArangoStoryStore(other, "birds", backoff=Waits().backoff(attempts=2))
        assert "\n" not in failed.value.message
        assert "is not ArangoDB" in failed.value.message or "broke" in failed.value.message


def test_two_that_write_the_same_production_at_once_both_succeed_one_after_the_other(
    arango_settings: ArangoSettings, store: ArangoStoryStore
) -> None:
    def write(name: str, failures: list[BaseException]) -> None:
        mine = ArangoStoryStore(arango_settings, "birds")
        try:
            for turn in range(5):
                mine.replace(f"scene/{name}", [Node(id=f"scene/{name}", kind="scene", order=turn)], [])
        except BaseException as error:
            failures.append(error)
        finally:
            mine.close()

    failures: list[BaseException] = []
    threads = [threading.Thread(target=write, args=(name, failures)) for name in ("a", "b", "c")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failures
    assert {name: store.get(f"scene/{name}").order for name in "abc"} == dict.fromkeys("abc", 4)  # type: ignore[union-attr]


def test_a_password_in_any_script_is_understood() -> None:
    with StandIn("пароль ß 密") as server:
        settings = ArangoSettings(f"arangodb://127.0.0.1:{server.port}/films", password=server.password)
        ArangoStoryStore(settings, "birds").close()


def test_certificates_that_are_not_there_are_told_before_anything_is_sent(tmp_path: Path) -> None:
    settings = ArangoSettings("arangodb+tls://db.example/films", ca_file=tmp_path / "ca.pem")
    with pytest.raises(ConfigError, match=r"ca\.pem"):
        ArangoStoryStore(settings, "birds")


def test_the_environment_neither_signs_nor_redirects(
    arango_settings: ArangoSettings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    ArangoStoryStore(arango_settings, "birds").close()
