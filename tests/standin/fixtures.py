"""Fixtures: one stand-in for a whole run of the tests, and a fresh database of it for each."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote, urlsplit

import pytest

from tests.standin.server import StandIn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arango.client import ArangoClient

    from shotwright.adapters.story_store.arango import ArangoSettings
    from tests.standin.database import Database
    from tests.standin.faults import Faults

PASSWORD = "test password"
LIVE_VARIABLE = "SHOTWRIGHT_TEST_ARANGO_URL"
LIVE_NOT_RUN = f"ARANGO LIVE SUITE NOT RUN: set {LIVE_VARIABLE} to arangodb://root:PASSWORD@localhost:8529 to run it"
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class ArangoServer:
    """A stand-in and a database on it that nothing else uses. The user is root."""

    standin: StandIn
    database: str

    @property
    def url(self) -> str:
        return self.standin.url

    @property
    def address(self) -> str:
        """As the product's settings have it."""
        return f"arangodb://127.0.0.1:{self.standin.port}/{self.database}"

    @property
    def password(self) -> str:
        return self.standin.password

    @property
    def faults(self) -> Faults:
        return self.standin.faults

    @property
    def held(self) -> Database:
        """What the database holds, to look at."""
        return self.standin.holdings.database(self.database)


@pytest.fixture(scope="session")
def arango_standin() -> Iterator[StandIn]:
    """A stand-in ArangoDB server on a free port of the loopback."""
    with StandIn(PASSWORD) as standin:
        yield standin


@pytest.fixture(scope="session")
def arango_prepared(arango_standin: StandIn) -> Database:
    """A database that is ready for Story Graphs and holds none: to be copied."""
    from shotwright.adapters.story_store.arango import ArangoSettings, ArangoStoryStore

    settings = ArangoSettings(f"arangodb://127.0.0.1:{arango_standin.port}/prepared", password=PASSWORD)
    ArangoStoryStore(settings, "nothing").close()
    return arango_standin.holdings.database("prepared")


@pytest.fixture
def arango_story_server(arango_server: ArangoServer, arango_prepared: Database) -> ArangoServer:
    """The stand-in, with a database of this test's own that is ready for Story Graphs."""
    holdings = arango_server.standin.holdings
    with holdings.lock:
        holdings.databases[arango_server.database] = arango_prepared.twin(arango_server.database)
    return arango_server


@dataclass(frozen=True, slots=True)
class LiveServer:
    """A database made for this run on a real server, to be thrown away."""

    settings: ArangoSettings

    def empty(self) -> None:
        """Take all documents out but those of the layout."""
        from shotwright.adapters.story_store.arango.layout import META

        with _client(self.settings) as client:
            own = self.settings
            database = client.db(own.database, username=own.username, password=own.password)
            for collection in cast("list[dict[str, Any]]", database.collections()):
                if not collection["system"] and collection["name"] != META:
                    database.collection(collection["name"]).truncate()


@pytest.fixture(scope="session")
def arango_live() -> Iterator[LiveServer]:
    """A throw-away database on the server that SHOTWRIGHT_TEST_ARANGO_URL names, or a loud skip."""
    from shotwright.adapters.story_store.arango import ArangoSettings, ArangoStoryStore

    address = os.environ.get(LIVE_VARIABLE)
    if not address:
        pytest.skip(LIVE_NOT_RUN)
    parts = urlsplit(address)
    settings = ArangoSettings(
        f"{parts.scheme}://{parts.hostname}:{parts.port or 8529}/shotwright_test_{os.getpid()}",
        username=unquote(parts.username or "root"),
        password=unquote(parts.password or ""),
    )
    ArangoStoryStore(settings, "nothing").close()
    try:
        yield LiveServer(settings)
    finally:
        with _client(settings) as client:
            system = client.db("_system", username=settings.username, password=settings.password)
            system.delete_database(settings.database)


@contextmanager
def _client(settings: ArangoSettings) -> Iterator[ArangoClient]:
    from arango.client import ArangoClient

    client = ArangoClient(hosts=settings.endpoint)
    try:
        yield client
    finally:
        client.close()


@pytest.fixture
def arango_server(arango_standin: StandIn) -> Iterator[ArangoServer]:
    """The stand-in, with an empty database of its own for this test and no faults ordered."""
    name = f"test_{next(_numbers)}"
    holdings = arango_standin.holdings
    with holdings.lock:
        holdings.create_database(name, [])
    arango_standin.faults.clear()
    try:
        yield ArangoServer(arango_standin, name)
    finally:
        arango_standin.faults.clear()
        with holdings.lock:
            holdings.databases.pop(name, None)
