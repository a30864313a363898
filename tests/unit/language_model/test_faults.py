"""What becomes of a request when the service fails: tried again where that helps, else one clear line."""

from __future__ import annotations

import asyncio
import socket
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

import pytest
from tests.standin.language_model.faults import Fault, cut, disconnect, drip, garbage, status
from tests.standin.language_model.shapes import Said
from tests.unit.language_model.conftest import MODELS, Rig, question

from shotwright.adapters.language_model import open_model
from shotwright.adapters.language_model.settings import LanguageModelSettings
from shotwright.errors import BadAnswer, ConfigError, LanguageModelError, RateLimited, Unavailable

if TYPE_CHECKING:
    from tests.standin.language_model.server import Standin

PASSING = {
    "500": status(500), "503": status(503), "529": status(529), "408": status(408), "reset": disconnect(),
    "cut in the body": cut(), "no JSON": garbage(), "not even nearly": garbage(b"<html>busy</html>"),
    "429": status(429, retry_after="0"),
}  # fmt: skip


@pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING.keys())
def test_what_passes_is_asked_again(rig: Rig, fault: Fault) -> None:
    rig.standin.order(fault, fault)
    (reply,) = rig.ask()
    assert reply.text
    assert rig.standin.calls == 3


@pytest.mark.parametrize(
    ("fault", "kind"),
    [(status(500), Unavailable), (disconnect(), Unavailable), (cut(), Unavailable), (garbage(), BadAnswer),
     (garbage(b"[]"), BadAnswer), (status(429), RateLimited)],
    ids=["500", "reset", "cut", "no JSON", "a list", "429"],
)  # fmt: skip
def test_what_does_not_pass_is_raised_after_all_tries(rig: Rig, fault: Fault, kind: type[LanguageModelError]) -> None:
    rig.standin.order(*[fault] * 3)
    with pytest.raises(kind) as caught:
        rig.ask()
    assert type(caught.value) is kind
    assert caught.value.transient
    assert "\n" not in caught.value.message
    assert rig.standin.calls == 3, "our tries and no others"


@pytest.mark.parametrize(
    ("code", "told"), [(401, "refuses the key"), (403, "refuses the key"), (404, "is not known there"), (402, "credit")]
)
def test_what_stays_wrong_is_not_asked_again(rig: Rig, code: int, told: str) -> None:
    rig.standin.order(status(code, "no"))
    with pytest.raises(Unavailable, match=told) as caught:
        rig.ask()
    assert not caught.value.transient
    assert rig.standin.calls == 1


def test_a_request_that_is_refused_is_not_asked_again_but_others_are(rig: Rig) -> None:
    rig.standin.order(status(400, "the prompt is odd"))
    with pytest.raises(Unavailable, match=r"refuses the request .the prompt is odd.") as caught:
        rig.ask()
    assert caught.value.transient
    assert rig.standin.calls == 1


def test_a_request_longer_than_the_model_reads_is_said_to_be_that(served: Rig) -> None:
    told = "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens."
    served.standin.order(status(400, told))
    with pytest.raises(LanguageModelError, match=r"so long a request|refuses the request"):
        served.ask()
    assert served.standin.calls == 1


def test_a_wait_in_seconds_is_kept(rig: Rig) -> None:
    rig.standin.order(status(429, retry_after="1"))
    rig.ask()
    first, second = rig.standin.times
    assert 0.95 <= second - first < 2


def test_a_wait_until_a_date_is_kept(served: Rig) -> None:
    # A date has whole seconds: two of them ahead is more than one away.
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=2.2), usegmt=True)
    served.standin.order(status(503, retry_after=date))
    served.ask()
    first, second = served.standin.times
    assert 0.9 <= second - first < 3


def test_a_wait_that_does_not_fit_is_not_waited_out(rig: Rig) -> None:
    rig.standin.order(status(429, retry_after="3600"))
    began = time.perf_counter()
    with pytest.raises(RateLimited, match="3600 s") as caught:
        rig.ask()
    assert caught.value.retry_after == 3600
    assert time.perf_counter() - began < 5
    assert rig.standin.calls == 1


def test_when_one_caller_is_told_to_wait_the_others_wait_too(served: Rig) -> None:
    served.standin.order(status(429, retry_after="1"))

    async def many() -> None:
        model = open_model(served.settings)
        first = asyncio.create_task(model.ask(question("first")))
        await asyncio.sleep(0.4)
        await asyncio.gather(first, *(model.ask(question(str(n))) for n in range(8)))
        await model.close()

    asyncio.run(many())
    first, *others = served.standin.times
    assert served.standin.calls == 10
    assert min(others) - first >= 0.95
    assert len({round(t, 3) for t in others}) > 3, "they do not all come back at once"


def test_pauses_grow_and_differ_between_requests_but_not_between_runs() -> None:
    from shotwright.adapters.language_model.faults import Fault as Failed
    from shotwright.adapters.language_model.pydantic_ai import _pause

    fault = Failed(Unavailable("down"), again=True)
    pauses = [_pause(fault, question("a"), n) for n in range(1, 8)]
    assert pauses == [_pause(fault, question("a"), n) for n in range(1, 8)]
    assert pauses != [_pause(fault, question("b"), n) for n in range(1, 8)]
    for at, pause in enumerate(pauses):
        assert 0.75 <= pause / min(30.0, 0.5 * 2**at) <= 1.25


@pytest.mark.parametrize("fault", [drip(0.05), Fault("delay", seconds=30)], ids=["drips", "is silent"])
def test_an_answer_that_does_not_come_in_time_is_given_up(rig: Rig, fault: Fault) -> None:
    rig.standin.order(fault)
    began = time.perf_counter()
    with pytest.raises(Unavailable, match=r"did not answer within 0\.6 s") as caught:
        rig.ask(timeout_seconds=0.6)
    assert 0.55 < time.perf_counter() - began < 3
    assert caught.value.transient


def test_where_nobody_listens_the_address_is_said() -> None:
    pytest.importorskip("pydantic_ai")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    rig = Rig(None, LanguageModelSettings(f"m@http://127.0.0.1:{port}/v1", tries=1))  # type: ignore[arg-type]
    with pytest.raises(Unavailable, match=f"nobody answers at http://127.0.0.1:{port}/v1") as caught:
        rig.ask()
    assert caught.value.hint == "is it running?"


@pytest.mark.parametrize("fault", [status(500), status(429), status(401), garbage()], ids=["500", "429", "401", "bad"])
def test_the_next_model_is_asked_when_one_cannot_be(served: Rig, fault: Fault) -> None:
    served.standin.order(*[fault] * (1 if fault.status == 401 else 3))
    (reply,) = served.ask(fallbacks=(MODELS["anthropic"],))
    assert reply.model == MODELS["anthropic"]
    assert served.standin.asked[-1].interface == "messages"


def test_a_model_that_failed_is_left_alone_for_a_while_where_another_stands_in(
    served: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    served.standin.order(*[status(500)] * 3)
    replies = served.ask(question("a"), question("b"), question("c"), fallbacks=(MODELS["chat"],))
    assert [r.model for r in replies] == [MODELS["chat"]] * 3
    assert served.standin.calls == 6

    from shotwright.adapters.language_model import pydantic_ai as adapter

    monkeypatch.setattr(adapter, "LEFT_ALONE", 0.0)
    served.standin.order(*[status(500)] * 3)
    replies = served.ask(question("a"), question("b"), fallbacks=(MODELS["chat"],))
    assert [r.model for r in replies] == [MODELS["chat"], "standin-small"], "when it is back it answers again"


def test_a_request_that_is_refused_leaves_the_model_asked(served: Rig) -> None:
    served.standin.order(status(400, "the prompt is odd"))
    replies = served.ask(question("a"), question("b"), fallbacks=(MODELS["chat"],))
    assert [r.model for r in replies] == [MODELS["chat"], "standin-small"]


def test_when_nobody_answers_the_failure_that_may_pass_is_raised(served: Rig) -> None:
    served.standin.order(status(401), *[status(503)] * 3)
    with pytest.raises(Unavailable, match="503") as caught:
        served.ask(fallbacks=(MODELS["chat"],))
    assert caught.value.transient


def test_a_fallback_without_its_key_is_known_before_anything_is_asked(
    standin: Standin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    with pytest.raises(ConfigError, match="ANTHROPIC_API_KEY is not set"):
        open_model(LanguageModelSettings(standin.spelling, fallbacks=(MODELS["anthropic"],)))


def test_a_server_that_knows_no_schema_is_asked_in_laxer_ways(served: Rig) -> None:
    told = "response_format of type json_schema is not supported"
    served.standin.order(status(400, told), status(400, told))
    served.standin.answer = lambda _: Said("{}")
    served.ask(question("a"), question("b"))
    forms = [a.body.get("response_format", {}).get("type") for a in served.standin.asked]
    assert forms == [None, None], "what it refused once it is not asked again"
    assert served.standin.calls == 4
    assert all("JSON object of this schema" in a.system[0] for a in served.standin.asked)


def test_a_way_that_the_settings_fix_is_kept(served: Rig) -> None:
    served.standin.order(status(400, "response_format of type json_schema is not supported"))
    with pytest.raises(Unavailable, match="refuses the request"):
        served.ask(output="json_schema")
    assert served.standin.calls == 1
