"""Every request fits the documented HTTP API of ArangoDB 3.12, and none uses what 4.0 drops."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from tests.unit.arango.film import feature, parts_of_production
from tests.unit.arango.scripted import SETTINGS, Answer, Script, error, open_store, rows

from shotwright.adapters.story_store.arango import ArangoStoryStore, diagnose
from shotwright.adapters.story_store.arango.connection import Connection
from shotwright.errors import QueryError, StaleEdit
from shotwright.model.graph import Edge, Node
from shotwright.model.query import AskLimits

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.unit.arango.conftest import Recorder
    from tests.unit.arango.scripted import Sent

    from shotwright.adapters.story_store.arango import ArangoSettings

DROPPED = (
    r"/_api/simple", r"/_api/transaction$", r"/_api/edges", r"/_api/foxx", r"/_api/control_pregel", r"/_api/tasks",
    r"/_api/aqlfunction", r"/_api/batch", r"/_admin/execute", r"/_api/traversal", r"/_api/collection/[^/]+/(un)?load$",
)  # fmt: skip
"""What ArangoDB 4.0 no longer has, JavaScript above all; fetching a batch with PUT besides."""


class Documented:
    """The operations of the API's description, and what is wrong with a request by it."""

    def __init__(self, paths: dict[str, Any]) -> None:
        self._operations = [
            (re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path) + r"\Z"), method, operation)
            for path, methods in paths.items()
            for method, operations in methods.items()
            for operation in operations
        ]

    def complaints(self, sent: Sent) -> list[str]:
        """Empty when one of the operations of this path and method takes the request."""
        found = [self._against(o, sent) for path, method, o in self._operations if method == sent.method
                 and path.match(sent.path)]  # fmt: skip
        return min(found, key=len) if found else ["there is no such operation"]

    def _against(self, operation: dict[str, Any], sent: Sent) -> list[str]:
        parameters = operation.get("parameters", ())
        known = {p["name"] for p in parameters if p["in"] == "query"}
        wrong = [f"query parameter {name}" for name in sent.params if name not in known]
        wrong += [f"lacks {p['name']}" for p in parameters if p["in"] == "query" and p.get("required")
                  and p["name"] not in sent.params]  # fmt: skip
        content = (operation.get("requestBody") or {}).get("content", {})
        schema = content.get("application/json", {}).get("schema")
        if sent.body is None:
            return wrong
        if schema is None:
            return [*wrong, "a body where none is taken"] if not content else wrong
        wrong += [e.message for e in jsonschema.Draft202012Validator(schema).iter_errors(sent.body)]
        return wrong + _unknown(schema, sent.body, "")


def _unknown(schema: dict[str, Any], body: Any, place: str) -> list[str]:
    """Fields of the body that the schema does not name, at any depth that it describes."""
    if isinstance(body, list):
        return [w for item in body for w in _unknown(schema.get("items") or {}, item, f"{place}[]")]
    named = schema.get("properties")
    if not isinstance(body, dict) or not named:
        return []
    wrong = [f"body field {place}{name}" for name in body if name not in named]
    for name, value in body.items():
        wrong += _unknown(named.get(name) or {}, value, f"{place}{name}.")
    return wrong


@pytest.fixture(scope="module")
def documented(shared_arango: Callable[[str], Any]) -> Documented:
    return Documented(shared_arango("arango312-openapi-paths.json"))


def _whole_contract(store: ArangoStoryStore, parts: list[Any]) -> None:
    ada = Node(id="character/ada", kind="character", data={"name": "Ada", "description": "tall"})
    bo = Node(id="character/bo (the 2nd)", kind="character", data={"name": "Bo"})
    cape = Node(id="look/cape", kind="look", data={"description": "cape"})
    wears = Edge(key="wears|a|b", kind="wears", src=ada.id, dst=cape.id, data={"told": True})
    store.replace_all(parts)
    store.replace("one", [ada, bo, cape], [wears])
    store.replace("two", [bo], [wears])
    store.replace("one", [ada], [])
    store.replace_all(parts, under=("one", "two"))
    store.replace("one", [ada, cape], [wears])
    store.get(ada.id)
    store.get("character/nobody")
    for direction in ("out", "in", "any"):
        store.neighbours(ada.id, ["wears"], direction, 3)  # type: ignore[arg-type]
    store.search("tall", ["character"])
    store.run("cast_list")
    store.ask("aql", "FOR c IN characters FILTER c.production == @production RETURN c.name", {}, AskLimits(rows=1))
    with pytest.raises(QueryError):
        store.ask("aql", "FOR c IN", {})
    store.patch_if(ada.id, 1, {"role": "lead"})
    with pytest.raises(StaleEdit):
        store.patch_if(ada.id, 1, {"role": "lead"})
    lines = list(store.dump())
    store.load(lines)
    store.scopes()
    store.fingerprint()


def test_all_that_a_store_ever_sends_is_documented_for_3_12_and_nothing_that_4_0_drops(
    documented: Documented,
    open_arango: Callable[..., ArangoStoryStore],
    arango_settings: ArangoSettings,
    recorder: Recorder,
    example_production: Path,
) -> None:
    _whole_contract(open_arango(), parts_of_production(example_production))
    raw = Connection(arango_settings, http_client=recorder)
    raw.send("put", "/_api/collection/scenes/properties",
             {"schema": {"rule": {}, "level": "strict", "message": "shotwright: of old"}})  # fmt: skip
    raw.send("delete", "/_api/gharial/story/edge/uses")
    raw.send("patch", "/_api/view/story_search/properties", {"links": {"props": None}})
    raw.send("patch", "/_api/document/meta/layout", {"mark": "older"})
    open_arango()
    diagnose(arango_settings, http_client=recorder)
    wrong = {f"{s.line} {c}" for s in recorder.sent for c in documented.complaints(s)}
    assert not wrong
    assert len({re.sub(r"/test_\d+/", "/", s.line) for s in recorder.sent}) > 90
    dropped = {s.line for s in recorder.sent if any(re.search(p, s.path) for p in DROPPED)}
    dropped |= {s.line for s in recorder.sent if s.method == "put" and "/_api/cursor" in s.path}
    assert not dropped


def test_what_is_sent_when_things_go_wrong_is_documented_too(documented: Documented) -> None:
    script = Script().on("post /_api/cursor", rows(["a", "1"], more="8"))
    script.on("post /_api/cursor/8", error(404, 1600)).on("put /_api/transaction/1", error(503, 503))
    script.on("post /_api/document/meta", error(409, 1200))
    script.on("post /_api/explain", error(400, 1501, "syntax error")).on(
        "post /_api/query", Answer(200, {"bindVars": []})
    )
    store = open_store(script)
    store.scopes()
    store.replace("film", [Node(id="film/film", kind="film")], [])
    with pytest.raises(QueryError):
        store.ask("aql", "RETURN `@production", {})
    sent = [s for s in script.sent]
    assert {"delete", "put", "post", "get"} == {s.method for s in sent}
    assert any(s.path == "/_api/query" for s in sent)
    prefixed = [s.__class__(**{**s.__dict__, "path": f"/_db/{s.database}{s.path}"}) for s in sent]
    assert not [c for s in prefixed for c in documented.complaints(s)]


def test_a_request_that_is_not_documented_is_seen(documented: Documented) -> None:
    def sent(method: str, path: str, body: Any = None, **params: str) -> Sent:
        from tests.unit.arango.scripted import Sent as Made

        return Made(method, path, "", params, body, {}, None)

    assert documented.complaints(sent("post", "/_db/d/_api/cursor", {"query": "RETURN 1", "bindvars": {}}))
    assert documented.complaints(sent("post", "/_db/d/_api/cursor", {"bindVars": {}}))
    assert documented.complaints(sent("delete", "/_db/d/_api/document/c", ["a"], overwrite="0"))
    assert documented.complaints(sent("get", "/_db/d/_api/nothing"))
    assert documented.complaints(sent("post", "/_db/d/_api/cursor", {"query": "", "options": {"maxruntime": 1}}))


def test_a_whole_film_is_put_in_a_few_dozen_requests(
    open_arango: Callable[..., ArangoStoryStore], recorder: Recorder
) -> None:
    parts = feature(130)
    sizes = (sum(len(nodes) for _, nodes, _ in parts), sum(len(edges) for _, _, edges in parts))
    assert sizes[0] > 1_800
    assert sizes[1] > 4_500
    store = open_arango()
    before = len(recorder.sent)
    report = store.replace_all(parts)
    assert (report.nodes_put, report.edges_put) == sizes
    assert len(recorder.sent) - before <= 24
    assert all(len(s.body) <= 1000 for s in recorder.sent[before:] if isinstance(s.body, list))
    before = len(recorder.sent)
    assert store.replace_all(parts).unchanged == sum(sizes)
    assert len(recorder.sent) - before == 1
    scope, nodes, edges = parts[1]
    changed = [node.model_copy(update={"data": {"synopsis": "Otherwise."}}) for node in nodes]
    before = len(recorder.sent)
    assert store.replace_all([parts[0], (scope, changed, edges), *parts[2:]]).nodes_put == 1
    sent = recorder.sent[before:]
    assert len(sent) <= 9
    assert [len(s.body) for s in sent if s.path.endswith("/_api/document/scenes")] == [1]


def test_the_settings_reach_the_server(documented: Documented) -> None:
    script = Script()
    open_store(script).ask("aql", "RETURN @x", {"x": 1}, AskLimits(seconds=2.5, rows=10))
    asked = script.sent[-1].body
    assert asked["memoryLimit"] == SETTINGS.memory_megabytes * 1_000_000
    assert asked["options"]["maxRuntime"] == 2.5
    assert asked["batchSize"] == 11
    assert asked["bindVars"] == {"x": 1}
