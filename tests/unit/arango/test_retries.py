"""What is tried again, how often and after which wait; and what is never repeated."""

from __future__ import annotations

import random

import pytest
from tests.unit.arango.scripted import Answer, Script, Waits, error, open_store, rows

from shotwright.adapters.story_store.arango.errors import NoAnswer, Refusal
from shotwright.errors import StaleEdit, StoreError
from shotwright.model.graph import Node, ReplaceReport

ADA = Node(id="character/ada", kind="character", data={"name": "Ada"})
HELD = {"_id": "characters/birds:ada", "_key": "birds:ada", "_rev": "_old", "production": "birds", "name": "Ada",
        "node": "character/ada", "scope": "film", "order": 0, "version": 1, "words": ["ada"], "hash": "x"}  # fmt: skip


def reset() -> BaseException:
    return ConnectionResetError(104, "Connection reset by peer")


def test_waits_double_up_to_a_bound_and_are_drawn_from_nothing_to_it() -> None:
    waits, drawn = Waits(), iter([1.0, 0.5, 1.0, 0.25, 1.0])

    def fail() -> None:
        raise Refusal(503, 503, "busy")

    with pytest.raises(Refusal):
        waits.backoff(lambda: next(drawn), attempts=6, first=1.0, longest=5.0).attempt(fail)
    assert waits.slept == [1.0, 1.0, 4.0, 1.25, 5.0]


def test_the_same_draws_give_the_same_waits() -> None:
    def slept(seed: int) -> list[float]:
        waits = Waits()
        with pytest.raises(NoAnswer):
            waits.backoff(random.Random(seed).random).attempt(lambda: (_ for _ in ()).throw(NoAnswer("broken")))
        return waits.slept

    assert slept(4) == slept(4) != slept(5)
    assert len(slept(4)) == 5


def test_what_the_server_asks_to_wait_is_added() -> None:
    waits = Waits()
    script = Script().on("post /_api/cursor", error(503, 503, "starting", **{"retry-after": "7"}), rows(["film", "h"]))
    assert open_store(script, waits, first=0.1).scopes() == {"film": "h"}
    assert waits.slept == [7.1]


def test_patience_ends_before_the_attempts_do() -> None:
    waits = Waits()
    script = Script().always("post /_api/cursor", error(503, 503, "starting", **{"retry-after": "20"}))
    with pytest.raises(StoreError) as failed:
        open_store(script, waits, patience=50.0).scopes()
    assert failed.value.transient
    assert sum(waits.slept) <= 50.0
    assert len(script.lines("post /_api/cursor")) == 3


@pytest.mark.parametrize(
    "passing",
    [reset(), TimeoutError("timed out"), error(503, 503), error(429, 21003), error(503, 1496), error(409, 28)],
)
def test_a_read_is_asked_again_after_a_failure_that_passes(passing: Answer | BaseException) -> None:
    script = Script().on("post /_api/cursor", passing, passing, rows(["film", "h"]))
    assert open_store(script).scopes() == {"film": "h"}


def test_attempts_are_bounded() -> None:
    script = Script().always("get /_api/document/characters/.*", reset())
    store = open_store(script)
    with pytest.raises(StoreError) as failed:
        store.get("character/ada")
    assert failed.value.transient
    assert len(script.lines("get /_api/document/characters")) == 6


def test_an_error_that_does_not_pass_is_not_repeated() -> None:
    script = Script().always("post /_api/cursor", error(403, 11, "forbidden"))
    with pytest.raises(StoreError) as failed:
        open_store(script).scopes()
    assert not failed.value.transient
    assert len(script.lines("post /_api/cursor")) == 1


def test_the_next_batch_is_not_asked_for_twice_and_the_read_begins_anew() -> None:
    script = Script().on("post /_api/cursor", rows(["a", "1"], more="8"), rows(["a", "1"], more="9"))
    script.on("post /_api/cursor/8", reset()).on("post /_api/cursor/9", rows(["b", "2"]))
    assert open_store(script).scopes() == {"a": "1", "b": "2"}
    assert script.lines("post /_api/cursor/8") == ["post /_api/cursor/8"]
    assert script.lines("delete /_api/cursor/") == ["delete /_api/cursor/8"]


def test_a_write_that_is_lost_is_not_repeated_in_its_transaction_which_is_given_up_and_begun_anew() -> None:
    script = Script().on("post /_api/document/characters", reset())
    assert open_store(script).replace("film", [ADA], []).nodes_put == 1
    writes = [s.headers["x-arango-trx-id"] for s in script.sent if s.line == "post /_api/document/characters"]
    assert writes == ["1", "2"]
    assert script.lines("delete /_api/transaction/") == ["delete /_api/transaction/1"]
    assert script.lines("put /_api/transaction/") == ["put /_api/transaction/2"]


@pytest.mark.parametrize("number", [1200, 18, 29])
def test_a_write_conflict_begins_the_whole_transaction_anew(number: int) -> None:
    script = Script().on("post /_api/document/meta", error(409, number, "write-write conflict"))
    assert open_store(script).replace("film", [ADA], []).nodes_put == 1
    assert len(script.lines("post /_api/transaction/begin")) == 2


def test_a_conflict_that_stays_is_a_transient_error_and_nothing_is_left_open() -> None:
    script = Script().always("post /_api/document/meta", error(409, 1200, "write-write conflict"))
    with pytest.raises(StoreError, match="another process is writing") as failed:
        open_store(script).replace("film", [ADA], [])
    assert failed.value.transient
    begun = script.lines("post /_api/transaction/begin")
    assert len(begun) == len(script.lines("delete /_api/transaction/"))
    assert len(begun) > 20, "who meets a lock waits as long as patience lasts"


def test_a_failure_that_does_not_pass_gives_the_transaction_up_at_once() -> None:
    script = Script().on("post /_api/document/characters", error(400, 1620, "schema violation"))
    with pytest.raises(StoreError, match="schema"):
        open_store(script).replace("film", [ADA], [])
    assert len(script.lines("post /_api/transaction/begin")) == 1
    assert script.lines("delete /_api/transaction/") == ["delete /_api/transaction/1"]


def test_a_commit_that_got_no_answer_is_asked_for_again() -> None:
    script = Script().on("put /_api/transaction/1", reset())
    assert open_store(script).replace("film", [ADA], []).nodes_put == 1
    assert script.lines("put /_api/transaction/") == ["put /_api/transaction/1"] * 2
    assert len(script.lines("post /_api/transaction/begin")) == 1


def test_the_report_of_a_commit_whose_answer_was_lost_for_good_is_kept() -> None:
    store_hash = Script()
    open_store(store_hash).replace("film", [ADA], [])
    written = next(s.body[0]["content_hash"] for s in store_hash.sent if s.path == "/_api/document/scopes")
    script = Script().on("put /_api/transaction/1", reset(), error(404, 1655, "transaction not found"))
    # Before and in the first transaction the scope is not there, afterwards it is.
    script.on("post /_api/cursor", rows(), rows(), rows(["film", written]))
    # Asked again, the commit is said to be unknown: the act is done again, and finds it done.
    assert open_store(script, attempts=3).replace("film", [ADA], []) == ReplaceReport(nodes_put=1)
    assert len(script.lines("post /_api/transaction/begin")) == 2
    assert len(script.lines("post /_api/document/characters")) == 1


def test_an_edit_whose_commit_was_done_though_its_answer_was_lost_is_not_stale() -> None:
    after = {**HELD, "_rev": "_new", "version": 2, "age": "30"}
    script = Script().on("get /_api/document/characters/.*", Answer(200, HELD), Answer(200, after))
    script.on("put /_api/transaction/1", reset(), error(404, 1655, "transaction not found"))
    assert open_store(script).patch_if("character/ada", 1, {"age": "30"}).version == 2
    assert len(script.lines("put /_api/document/")) == 1


def test_an_edit_that_met_a_conflict_looks_again_and_finds_itself_stale() -> None:
    theirs = {**HELD, "_rev": "_theirs", "version": 2}
    script = Script().on("get /_api/document/characters/.*", Answer(200, HELD), Answer(200, theirs))
    script.on("put /_api/document/characters/.*", error(409, 1200, "write-write conflict"))
    with pytest.raises(StaleEdit, match="version 2, not 1"):
        open_store(script).patch_if("character/ada", 1, {"age": "30"})
    assert len(script.lines("delete /_api/transaction/")) == 2


def test_the_driver_repeats_nothing_by_itself() -> None:
    script = Script().always("post /_api/cursor", reset())
    with pytest.raises(StoreError):
        open_store(script, attempts=1).scopes()
    assert len(script.lines("post /_api/cursor")) == 1
