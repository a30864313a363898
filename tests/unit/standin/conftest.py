"""The real driver, connected to the stand-in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from arango.client import ArangoClient
from arango.http import DefaultHTTPClient

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arango.database import StandardDatabase
    from tests.standin.fixtures import ArangoServer


@pytest.fixture
def client(arango_server: ArangoServer) -> Iterator[ArangoClient]:
    made = ArangoClient(hosts=arango_server.url, resolver_max_tries=1, http_client=DefaultHTTPClient(retry_attempts=0))
    yield made
    made.close()


@pytest.fixture
def db(client: ArangoClient, arango_server: ArangoServer) -> StandardDatabase:
    """The test's own database, with a collection `scenes` of documents and `follows` of edges."""
    made = client.db(arango_server.database, username="root", password=arango_server.password)
    made.create_collection("scenes")
    made.create_collection("follows", edge=True)
    return made
