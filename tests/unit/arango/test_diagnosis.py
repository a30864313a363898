"""What the doctor finds about a server, case by case, and that it changes nothing."""

from __future__ import annotations

import ssl
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from tests.unit.arango.scripted import SECRET, SETTINGS, Answer, Script, error

from shotwright.adapters.story_store.arango import ArangoSettings, ArangoStoryStore, Finding, diagnose
from shotwright.adapters.story_store.arango.connection import Connection
from shotwright.adapters.story_store.arango.layout import collections, graph_definition, view_links

if TYPE_CHECKING:
    from collections.abc import Callable

LICENCE = {"upgrading": False, "diskUsage": {"bytesUsed": 2**30, "bytesLimit": 100 * 2**30, "limitReached": False}}


def script(**changes: Any) -> Script:
    """A server on which all is as it should be, with a licence of its own, unless `changes` say otherwise."""
    usual: dict[str, Any] = {
        "get /_api/version": Answer(200, {"server": "arango", "license": "enterprise", "version": "3.12.10"}),
        "get /_admin/license": Answer(200, {**LICENCE, "license": "JD4E", "status": "good"}),
        "get /_api/database/current": Answer(200, {"result": {"name": "films"}}),
        "get /_api/user/ida/database/films": Answer(200, {"result": "rw"}),
        "get /_api/collection": Answer(200, {"result": [{"name": c.name} for c in collections()]}),
        "get /_api/gharial/story": Answer(200, {"graph": graph_definition()}),
        "get /_api/view/story_search/properties": Answer(200, {"type": "arangosearch", "links": view_links()}),
        "get /_api/index": Answer(
            200, {"indexes": [{"fields": list(i.fields)} for c in collections() for i in c.indexes]}
        ),
    }
    made = Script()
    for line, answer in {**usual, **changes}.items():
        made.always(line, answer)
    return made


def found(client: Script, settings: ArangoSettings = SETTINGS) -> list[Finding]:
    findings = diagnose(settings, http_client=client)
    assert all(sent.method == "get" for sent in client.sent)
    for finding in findings:
        assert "\n" not in finding.line + finding.hint
        assert SECRET not in finding.line + finding.hint
        assert finding.level == "ok" or finding.hint or "GiB" in finding.line
    return findings


def test_a_server_on_which_all_is_well_has_nothing_but_that_it_is_not_encrypted() -> None:
    findings = found(script())
    assert [f for f in findings if f.level != "ok"] == [findings[1]]
    assert "not encrypted" in findings[1].line
    assert len(findings) == 9


@pytest.mark.parametrize(
    ("changes", "level", "said"),
    [
        ({"get /_api/version": ConnectionRefusedError(111, "Connection refused")}, "fail", "no server answers"),
        ({"get /_api/version": TimeoutError("timed out")}, "fail", "did not answer within"),
        ({"get /_api/version": Answer(200, "<html>")}, "fail", "is not ArangoDB"),
        ({"get /_api/version": error(401, 11, "not authorized")}, "fail", "does not accept the user ida"),
        ({"get /_api/version": error(403, 11, "forbidden")}, "fail", "may not"),
        ({"get /_api/version": Answer(200, {"version": "3.11.4", "license": "community"})}, "fail", "ArangoDB 3.11.4"),
        ({"get /_api/version": Answer(200, {"version": "3.12.5", "license": "community"})}, "warn", "no commercial"),
        ({"get /_admin/license": Answer(200, LICENCE)}, "warn", "without a licence key"),
        ({"get /_admin/license": Answer(200, {"license": "x", "status": "expired"})}, "fail", "licence.* is expired"),
        ({"get /_admin/license": Answer(200, {"license": "x", "status": "read-only"})}, "fail", "is read-only"),
        ({"get /_admin/license": Answer(200, {"license": "x", "status": "expiring"})}, "warn", "runs out soon"),
        ({"get /_admin/license": Answer(200, {"license": "x", "diskUsage": {
            "bytesUsed": 95 * 2**30, "bytesLimit": 100 * 2**30}})}, "warn", "95.0 of 100 GiB"),
        ({"get /_admin/license": Answer(200, {"license": "x", "diskUsage": {
            "bytesUsed": 101 * 2**30, "bytesLimit": 100 * 2**30, "limitReached": True}})}, "fail", "101.0 of 100 GiB"),
        ({"get /_api/database/current": error(404, 1228, "database not found")}, "warn", "no database films yet"),
        ({"get /_api/database/current": error(401, 11, "no")}, "fail", "does not accept"),
        ({"get /_api/user/ida/database/films": Answer(200, {"result": "ro"})}, "warn", "may only read"),
        ({"get /_api/user/ida/database/films": Answer(200, {"result": "none"})}, "fail", "has no access"),
        ({"get /_api/document/meta/layout": error(404, 1203)}, "warn", "no story graphs yet"),
        ({"get /_api/document/meta/layout": Answer(200, {"version": 7})}, "fail", "newer shotwright"),
        ({"get /_api/document/meta/layout": Answer(200, {"version": 1, "mark": "old"})}, "warn", "older layout"),
        ({"get /_api/document/meta/layout": error(403, 11)}, "fail", "may not do this"),
        ({"get /_api/collection": Answer(200, {"result": [{"name": c.name} for c in collections()[1:]]})},
         "fail", "the collection films is missing"),
        ({"get /_api/index": Answer(200, {"indexes": []})}, "fail", "index of scenes on production, node is missing"),
        ({"get /_api/gharial/story": error(404, 1924)}, "fail", "the graph story is missing"),
        ({"get /_api/gharial/story": Answer(200, {"graph": {"edgeDefinitions": []}})},
         "fail", "relation uses .* is missing"),
        ({"get /_api/view/story_search/properties": error(404, 1203)}, "fail", "search view story_search is missing"),
        ({"get /_api/view/story_search/properties": Answer(200, {"links": {}})},
         "fail", "link of the search view to props"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_found(changes: dict[str, Any], level: str, said: str) -> None:
    import re

    assert any(f.level == level and re.search(said, f.line) for f in found(script(**changes)))


def test_a_database_that_is_not_there_does_not_hide_the_server() -> None:
    client = script(**{"get /_api/database/current": error(404, 1228)})
    client.on("get /_api/version", error(404, 1228, "database not found"))
    lines = [f.line for f in found(client)]
    assert "the server is ArangoDB 3.12.10" in lines
    assert "there is no database films yet" in lines


@pytest.mark.parametrize("line", ["get /_admin/license", "get /_api/user/ida/database/films"])
def test_what_only_administrators_may_ask_is_passed_over(line: str) -> None:
    findings = found(script(**{line: error(403, 11, "forbidden")}))
    assert not [f for f in findings if f.level == "fail"]


def test_encryption_is_judged_by_how_far_it_is_from_here_and_whether_it_is_checked() -> None:
    def said(**changes: Any) -> Finding:
        return found(script(), replace(SETTINGS, **changes))[1]

    assert said(url="arangodb://127.0.0.1/films").level == "ok"
    assert said(url="arangodb+tls://db.example:8529/films").level == "ok"
    assert said(url="arangodb+tls://db.example:8529/films", verify=False).level == "warn"


def test_a_certificate_that_is_not_trusted_is_told_with_what_to_do() -> None:
    import requests

    reason = ssl.SSLCertVerificationError(1, "[SSL] certificate verify failed: self-signed certificate (_ssl.c:1006)")
    client = script(**{"get /_api/version": requests.exceptions.SSLError(reason)})
    (finding,) = found(client, replace(SETTINGS, url="arangodb+tls://db.example:8529/films"))
    assert "certificate verify failed: self-signed certificate" in finding.line
    assert "certificate authority" in finding.hint


def test_without_the_driver_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "arango.client", None)
    (finding,) = diagnose(SETTINGS)
    assert finding.level == "fail"
    assert finding.hint == 'pip install "shotwright[arango]"'


def test_a_server_that_was_made_ready_passes_and_one_that_lost_an_index_does_not(
    open_arango: Callable[..., ArangoStoryStore], arango_settings: ArangoSettings
) -> None:
    open_arango()
    assert not [f for f in diagnose(arango_settings) if f.level == "fail"]
    connection = Connection(arango_settings)
    listed = connection.send("get", "/_api/index", params={"collection": "looks"})["indexes"]
    connection.send("delete", f"/_api/index/{next(i['id'] for i in listed if i['name'] == 'story_order')}")
    assert [f.line for f in diagnose(arango_settings) if f.level == "fail"] == [
        "the index of looks on production, order is missing"
    ]


def test_a_wrong_password_is_told_as_such(arango_settings: ArangoSettings) -> None:
    wrong = replace(arango_settings, password="not this one")
    findings = diagnose(wrong)
    assert findings[-1].level == "fail"
    assert "does not accept the user root" in findings[-1].line
    assert "not this one" not in str(findings)
