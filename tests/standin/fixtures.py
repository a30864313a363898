"""Fixtures: one stand-in for a whole run of the tests, and a fresh database of it for each."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

import pytest

from tests.standin.server import StandIn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.standin.database import Database
    from tests.standin.faults import Faults

PASSWORD = "test password"
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
