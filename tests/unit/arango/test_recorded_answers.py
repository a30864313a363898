"""Answers recorded from real servers, given to the adapter through the real driver: what each means to the caller."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from tests.unit.arango.scripted import SECRET, Answer, Script, Waits, error, named, open_store, recorded, rows

from shotwright.errors import QueryError, StaleEdit, StoreError
from shotwright.model.graph import Node
from shotwright.model.query import AskLimits

if TYPE_CHECKING:
    from collections.abc import Callable

    from shotwright.adapters.story_store.arango import ArangoStoryStore

ADA = Node(id="character/ada", kind="character", data={"name": "Ada"})
BO = Node(id="character/bo", kind="character", data={"name": "Bo"})
HELD = {"_id": "characters/birds:ada", "_key": "birds:ada", "_rev": "_old", "production": "birds", "name": "Ada",
        "node": "character/ada", "scope": "film", "order": 0, "version": 1, "words": ["ada"], "hash": "x"}  # fmt: skip


@pytest.fixture(scope="module")
def gold(shared_arango: Callable[[str], Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = shared_arango("http_gold.json")
    return found


def test_a_collection_that_is_missing_is_named(gold: list[dict[str, Any]]) -> None:
    script = Script().on("post /_api/cursor", *named(gold, "RestCursorCreateCursorUnknownCollection"))
    with pytest.raises(StoreError, match=r"lacks a collection.*unknowncoll") as failed:
        open_store(script).scopes()
    assert "doctor" in failed.value.hint


def test_a_raw_query_that_is_wrong_says_where(gold: list[dict[str, Any]]) -> None:
    script = Script().on("post /_api/explain", *named(gold, "RestQueryInvalid"))
    with pytest.raises(QueryError, match="unexpected assignment") as failed:
        open_store(script).ask("aql", "FOR i IN 1..100 FILTER i = 1 LIMIT 2 RETURN i * 3", {})
    assert (failed.value.line, failed.value.column) == (1, 26)


@pytest.mark.parametrize(
    ("name", "said"),
    [("RestExplainInvalid", "no value specified"),
     ("RestCursorCreateCursorUnknownCollection", "not found: unknowncoll"),
     ("RestCursorCreateCursorMissingBody", "query is empty")],
)  # fmt: skip
def test_what_a_raw_query_is_to_blame_for_is_a_query_error(gold: list[dict[str, Any]], name: str, said: str) -> None:
    script = Script().on("post /_api/explain", *named(gold, name))
    with pytest.raises(QueryError, match=said):
        open_store(script).ask("aql", "RETURN 1", {})


def test_a_raw_query_that_needs_too_much_memory_is_to_blame_and_a_statement_of_ours_is_not(
    gold: list[dict[str, Any]],
) -> None:
    answer = named(gold, "RestCursorMemoryLimit")
    with pytest.raises(QueryError, match="more than 256 MB"):
        open_store(Script().on("post /_api/cursor", *answer)).ask("aql", "RETURN 1", {})
    with pytest.raises(StoreError, match="not enough memory"):
        open_store(Script().on("post /_api/cursor", *answer)).scopes()


def test_a_raw_query_that_runs_too_long_says_so() -> None:
    script = Script().on("post /_api/cursor", error(410, 1500, "query killed"))
    with pytest.raises(QueryError, match=r"longer than 1\.5 s"):
        open_store(script).ask("aql", "RETURN SLEEP(9)", {}, AskLimits(seconds=1.5))


def test_a_document_that_is_not_there_is_none(gold: list[dict[str, Any]]) -> None:
    missing = named(gold, "RestDocumentHandlerReadDocumentUnknownHandle")
    assert open_store(Script().on("get /_api/document/characters/.*", *missing)).get("character/nobody") is None


@pytest.mark.parametrize(
    "name", ["RestDocumentHandlerUpdateDocumentIfMatchOther", "RestDocumentHandlerUpdateDocumentUnknownHandle"]
)
def test_an_edit_of_what_has_changed_or_gone_meanwhile_is_stale(gold: list[dict[str, Any]], name: str) -> None:
    script = Script().on("get /_api/document/characters/.*", Answer(200, HELD))
    script.on("put /_api/document/.*", *named(gold, name))
    with pytest.raises(StaleEdit):
        open_store(script).patch_if("character/ada", 1, {"age": "30"})
    edit = next(s for s in script.sent if s.line.startswith("put /_api/document/"))
    assert edit.headers["if-match"] == '"_old"'
    assert script.lines("delete /_api/transaction/") == ["delete /_api/transaction/1"]
    assert not script.lines("put /_api/transaction/")


def test_an_answer_in_several_batches_is_read_to_its_end(gold: list[dict[str, Any]]) -> None:
    first, second = named(gold, "RestCursorPostBatch")[:2]
    cursor = json.loads(first.text)["id"]
    last = Answer(200, {**json.loads(second.text), "result": [5], "hasMore": False})
    script = Script().on("post /_api/cursor", first).on(f"post /_api/cursor/{cursor}", second, last)
    assert open_store(script).ask("aql", "FOR i IN 1..5 RETURN i", {}).rows == (1, 2, 3, 4, 5)


def test_what_is_past_the_limit_stays_on_the_server_and_its_cursor_is_given_back(gold: list[dict[str, Any]]) -> None:
    first, second = named(gold, "RestCursorPostBatch")[:2]
    cursor = json.loads(first.text)["id"]
    script = Script().on("post /_api/cursor", first).on(f"post /_api/cursor/{cursor}", second)
    answer = open_store(script).ask("aql", "FOR i IN 1..5 RETURN i", {}, AskLimits(rows=3))
    assert (answer.rows, answer.truncated) == ((1, 2, 3), True)
    assert script.lines("delete /_api/cursor/") == [f"delete /_api/cursor/{cursor}"]
    assert len(script.lines("post /_api/cursor/")) == 1


def test_a_cursor_that_the_server_forgot_begins_the_read_anew(gold: list[dict[str, Any]]) -> None:
    script = Script().on("post /_api/cursor", rows(["a", "1"], more="123123"), rows(["a", "1"], ["b", "2"]))
    script.on("post /_api/cursor/123123", *named(gold, "RestCursorPostInvalidCursorIdentifier"))
    assert open_store(script).scopes() == {"a": "1", "b": "2"}


def test_a_conflict_among_many_documents_is_seen_in_a_success_and_begins_anew(gold: list[dict[str, Any]]) -> None:
    script = Script().on(
        "post /_api/document/characters", *named(gold, "RestDocumentHandlerDeleteDocumentRevConflictMulti")
    )
    assert open_store(script).replace("film", [ADA, BO], []).nodes_put == 2
    assert len(script.lines("post /_api/transaction/begin")) == 2


def test_one_refused_among_many_documents_gives_all_up(gold: list[dict[str, Any]]) -> None:
    script = Script().on("post /_api/document/characters", *named(gold, "RestDocumentHandlerPostBadJsonMulti"))
    with pytest.raises(StoreError, match="illegal document key"):
        open_store(script).replace("film", [ADA, BO], [])
    assert script.lines("delete /_api/transaction/") == ["delete /_api/transaction/1"]


def test_what_is_to_be_removed_and_is_gone_already_is_no_failure(gold: list[dict[str, Any]]) -> None:
    script = Script().on("post /_api/cursor", rows(["film", "h"]), rows(["film", "h"]))
    script.on("post /_api/cursor", rows(["node", "character/ada", "film", 0, "x", 1]))
    script.on("delete /_api/document/characters", *named(gold, "RestDocumentHandlerDeleteDocumentUnknownMulti"))
    assert open_store(script).replace("film", [], []).nodes_removed == 1
    assert script.lines("put /_api/transaction/")


@pytest.mark.parametrize(
    ("name", "said"),
    [("RestTransactionBeginNonExisting", "lacks a collection"), ("RestDocumentHandlerPostBadJson1", "VPackError"),
     ("RestTransactionAbortInternal", "unique constraint"), ("RestDocumentHandlerPostUnknownCollection1", "lacks")],
)  # fmt: skip
def test_a_transaction_that_cannot_be_is_a_store_error(gold: list[dict[str, Any]], name: str, said: str) -> None:
    script = Script().on("post /_api/transaction/begin", *named(gold, name))
    with pytest.raises(StoreError, match=said) as failed:
        open_store(script).replace("film", [ADA], [])
    assert not failed.value.transient


def test_a_stream_transaction_as_servers_begin_and_commit_it(gold: list[dict[str, Any]]) -> None:
    begun, committed = named(gold, "RestTransactionBeginSingle")[0], named(gold, "RestTransactionBeginAbort")[-1]
    number = json.loads(begun.text)["result"]["id"]
    script = Script().on("post /_api/transaction/begin", begun).on(f"put /_api/transaction/{number}", committed)
    assert open_store(script).replace("film", [ADA], []).nodes_put == 1
    assert script.lines("put /_api/transaction/") == [f"put /_api/transaction/{number}"]


ACTS: dict[str, Callable[[ArangoStoryStore], object]] = {
    "reading a document": lambda store: store.get("character/ada"),
    "reading rows": lambda store: store.scopes(),
    "asking": lambda store: store.ask("aql", "RETURN 1", {}),
    "putting a part": lambda store: store.replace("film", [ADA], []),
    "editing": lambda store: store.patch_if("character/ada", 1, {"age": "30"}),
}


@pytest.mark.parametrize("act", ACTS)
def test_every_recorded_error_at_any_request_is_one_clear_line(gold: list[dict[str, Any]], act: str) -> None:
    refusals = [a for e in gold for a in recorded(e) if e["response_head"] and a.status >= 400]
    assert len(refusals) > 30
    for refusal in refusals:
        for request in ("get /_api/document/characters/.*", "post /_api/(cursor|explain|transaction/begin)",
                        "(post|put|patch) /_api/document/.*", "put /_api/transaction/.*"):  # fmt: skip
            script = Script().on("get /_api/document/meta/layout").always(request, refusal)
            if not request.startswith("get"):
                script.always("get /_api/document/characters/.*", Answer(200, HELD))
            try:
                ACTS[act](open_store(script, attempts=2))
            except (StoreError, QueryError, StaleEdit) as failed:
                said = f"{failed.message} {failed.hint}"
                assert "\n" not in said
                assert SECRET not in said
            begun = len(script.lines("post /_api/transaction/begin"))
            ended = len(script.lines("put /_api/transaction/")) + len(script.lines("delete /_api/transaction/"))
            assert ended >= begun or request.endswith("transaction/begin)")


@pytest.mark.parametrize(
    ("answer", "said", "hint", "transient"),
    [
        (error(401, 11, "not authorized"), "does not accept the user ida", "password", False),
        (error(403, 11, "forbidden"), "may not do this in the database films", "grant", False),
        (error(403, 1004, "read only"), "read-only", "licence", False),
        (error(404, 1228, "database not found"), "no database films", "create", False),
        (error(400, 1620, "shotwright: not a character"), "does not fit the schema", "version", False),
        (error(500, 3, "out of memory"), "not enough memory", "memory", False),
        (error(403, 9005, "disk usage exceeded"), "may not do this|no room left", "", False),
        (error(507, 1104, "disk full"), "no room left", "space", False),
        (error(503, 503, "starting"), "not ready", "moment", True),
        (error(503, 1496, "not a leader"), "not ready", "moment", True),
        (Answer(200, "<html>hello</html>"), "is not ArangoDB", "port", False),
        (Answer(404, "<html>not here</html>"), "is not ArangoDB", "port", False),
        (ConnectionRefusedError(111, "Connection refused"), "no server answers at db.example:8529", "running", True),
        (ConnectionResetError(104, "reset by peer"), "broke", "arangodb+tls", True),
        (TimeoutError("timed out"), "did not answer within 30 s", "time", True),
    ],
)
def test_each_failure_says_what_where_and_what_to_do(
    answer: Answer | BaseException, said: str, hint: str, transient: bool
) -> None:
    script = Script().always("post /_api/cursor", answer)
    with pytest.raises(StoreError, match=said) as failed:
        open_store(script, Waits()).scopes()
    assert hint in failed.value.hint
    assert failed.value.transient is transient
    assert SECRET not in f"{failed.value} {failed.value.hint}"


def test_a_secret_that_a_server_repeats_is_not_passed_on() -> None:
    script = Script().always("post /_api/cursor", error(500, 4, f"ida:{SECRET}@db"))
    with pytest.raises(StoreError) as failed:
        open_store(script).scopes()
    assert SECRET not in str(failed.value)


@pytest.mark.parametrize("bound", [{"x": float("nan")}, {"x": {1, 2}}, {"x": object()}])
def test_what_cannot_be_bound_is_refused_before_anything_is_sent(bound: dict[str, Any]) -> None:
    script = Script()
    store = open_store(script)
    before = len(script.sent)
    with pytest.raises(QueryError, match="is not JSON"):
        store.ask("aql", "RETURN @x", bound)
    assert len(script.sent) == before


def test_sql_belongs_to_the_embedded_store() -> None:
    with pytest.raises(QueryError, match="embedded"):
        open_store(Script()).ask("sql", "SELECT 1", {})


@pytest.mark.parametrize(
    "plan",
    [{"isModificationQuery": True}, {"nodes": [{"type": "RemoveNode"}]}, {"nodes": [{"type": "UpsertNode"}]},
     {"collections": [{"name": "scenes", "type": "write"}]}],
)  # fmt: skip
def test_what_the_servers_plan_says_writes_is_refused_whatever_our_parser_thinks(plan: dict[str, Any]) -> None:
    script = Script().on("post /_api/explain", Answer(200, {"plan": plan}))
    with pytest.raises(QueryError, match="may only read"):
        open_store(script).ask("aql", "RETURN SOMETHING_NEW(1)", {})
    assert not script.lines("post /_api/cursor")


def test_a_query_beyond_our_parser_is_left_to_the_server_with_the_production_bound() -> None:
    script = Script().on("post /_api/query", Answer(200, {"bindVars": ["production"]}))
    script.on("post /_api/cursor", rows(1))
    text = "FOR x IN `unclosed FILTER x.p == @production RETURN x"
    assert open_store(script).ask("aql", text, {}).rows == (1,)
    assert [s.body["bindVars"] for s in script.sent if "bindVars" in (s.body or {})] == [{"production": "birds"}] * 2
