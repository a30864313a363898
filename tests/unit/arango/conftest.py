"""A store on the stand-in server, with every request that the driver sends written down."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from tests.standin.fixtures import arango_server, arango_standin
from tests.unit.arango.scripted import Sent

from shotwright.adapters.story_store.arango import ArangoSettings, ArangoStoryStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.standin.fixtures import ArangoServer

__all__ = ["arango_server", "arango_standin"]


class Recorder:
    """The driver's own HTTP client, and what it was asked to send."""

    def __init__(self) -> None:
        from arango.http import DefaultHTTPClient

        self.sent: list[Sent] = []
        self._client = DefaultHTTPClient(request_timeout=30, retry_attempts=0)

    def create_session(self, host: str) -> Any:
        session = self._client.create_session(host)
        session.trust_env = False
        return session

    def send_request(self, session: Any, method: str, url: str, **sent: Any) -> Any:
        path, data = urlsplit(url).path, sent.get("data")
        body = json.loads(data) if data else None
        headers, params = dict(sent.get("headers") or {}), dict(sent.get("params") or {})
        self.sent.append(Sent(method, path, "", params, body, headers, sent.get("auth")))
        return self._client.send_request(session, method, url, **sent)


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def arango_settings(arango_server: ArangoServer) -> ArangoSettings:
    host = urlsplit(arango_server.url).netloc
    return ArangoSettings(f"arangodb://{host}/{arango_server.database}", password=arango_server.password)


@pytest.fixture
def open_arango(arango_settings: ArangoSettings, recorder: Recorder) -> Iterator[Callable[..., ArangoStoryStore]]:
    """`open_arango("birds")` -> the store of a production; all share the database of the test."""
    opened: list[ArangoStoryStore] = []

    def open_one(production: str = "birds") -> ArangoStoryStore:
        opened.append(ArangoStoryStore(arango_settings, production, http_client=recorder))
        return opened[-1]

    yield open_one
    for store in opened:
        store.close()
