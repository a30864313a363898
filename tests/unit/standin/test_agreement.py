"""The stand-in answers as real servers did: every recorded exchange of an operation that it has is played to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.standin.agreement import Exchange, Player, Reply, differences, outside, preparations
from tests.standin.database import Holdings
from tests.standin.server import StandIn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LEAST_AGREEING = {"3.12": 175, "4.x": 174}


@pytest.fixture(scope="module")
def server() -> Iterator[StandIn]:
    with StandIn() as standin:
        yield standin


def _compared(server: StandIn, exchange: Exchange) -> list[str]:
    server.holdings = Holdings("")
    return differences(exchange, Player(server.port, exchange).replies())


@pytest.mark.parametrize("version", ["3.12", "4.x"])
def test_agrees_with_every_recording_that_is_not_excepted(
    server: StandIn, shared_arango: Callable[[str], Any], version: str, capsys: pytest.CaptureFixture[str]
) -> None:
    exceptions = outside()[version]
    everything = [Exchange.of(one) for one in shared_arango("http_gold.json")]
    namesakes = {one.name: one for one in everything if one.version == "3.12"}
    recorded = [one.asked_as(namesakes.get(one.name, one)) for one in everything if one.version == version]
    exchanges = [one for one in recorded if one.implemented]
    wrong: dict[str, list[str]] = {}
    stale: list[str] = []
    for exchange in exchanges:
        found = _compared(server, exchange)
        if found and exchange.name not in exceptions:
            wrong[exchange.name] = found
        if not found and exchange.name in exceptions:
            stale.append(exchange.name)
    agreeing = len(exchanges) - len(exceptions)
    with capsys.disabled():
        print(  # noqa: T201 - the count is part of the result
            f"\nArangoDB {version}: {len(recorded)} exchanges recorded, {len(exchanges)} of operations that the"
            f" stand-in has, {agreeing} agree, {len(exceptions)} excepted in outside.toml"
        )
    assert wrong == {}
    assert stale == [], "listed as exceptions, but they agree"
    assert set(exceptions) <= {one.name for one in exchanges}, "listed as exceptions, but not recorded"
    assert agreeing >= LEAST_AGREEING[version]


def test_every_preparation_belongs_to_a_recording(shared_arango: Callable[[str], Any]) -> None:
    names = {one["name"] for one in shared_arango("http_gold.json")}
    assert set(preparations()) - {"groups"} <= names


def _recorded(**changed: Any) -> Exchange:
    body = {"error": False, "_rev": "_a", "name": "x"}
    reply: dict[str, Any] = {"status": 200, "headers": {"etag": '"_a"'}, "body": body}
    return Exchange("3.12", "Example", "GET", "/", "", (Reply(**{**reply, **changed}),))


@pytest.mark.parametrize(
    "changed",
    [
        {"status": 202},
        {"headers": {}},
        {"headers": {"etag": "_a"}},
        {"body": {"error": False, "_rev": "_a"}},
        {"body": {"error": False, "_rev": "_a", "name": "x", "more": 1}},
        {"body": {"error": False, "_rev": "_a", "name": "y"}},
        {"body": {"error": 0, "_rev": "_a", "name": "x"}},
        {"body": {"error": False, "_rev": 1, "name": "x"}},
        {"body": [{"error": False, "_rev": "_a", "name": "x"}]},
    ],
)
def test_the_comparison_notices_what_is_different(changed: dict[str, Any]) -> None:
    theirs = _recorded()
    assert differences(theirs, list(_recorded(body={"error": False, "_rev": "_b", "name": "x"}).replies)) == []
    assert differences(theirs, list(_recorded(**changed).replies)) != []
