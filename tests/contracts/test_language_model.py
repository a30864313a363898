"""What every language model keeps: a function, and services over HTTP through their own clients."""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest
from tests.standin.language_model.server import running
from tests.standin.language_model.shapes import Said

from shotwright.adapters.language_model.function import FunctionLanguageModel
from shotwright.errors import LanguageModelError, Unavailable
from shotwright.model.language import MAX_REPLY_CHARS, Message, ModelReply, ModelRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.standin.language_model.shapes import Asked

    from shotwright.adapters.language_model.settings import LanguageModelSettings
    from shotwright.ports.language_model import LanguageModel

NAMED = {
    "openai responses": "openai:gpt-5.6-luna",
    "openai chat": "openai-chat:gpt-4o-mini",
    "anthropic": "anthropic:claude-haiku-4-5",
    "anthropic by tool": "anthropic:claude-haiku-4-5",
    "google": "google:gemini-3.1-flash-lite",
}
KINDS = ("function", "at an address", *NAMED)
KEYS = {"OPENAI_API_KEY": "sk-contract-0123456789abcdef", "ANTHROPIC_API_KEY": "sk-ant-contract-0123456789",
        "GEMINI_API_KEY": "AIza-contract-0123456789"}  # fmt: skip
ANSWER = '{"shots": [{"shot": 1, "pick": "b"}]}'
SCHEMA = (
    '{"type":"object","properties":{"shots":{"type":"array","items":{"type":"object","properties":'
    '{"shot":{"type":"integer"},"pick":{"enum":["a","b"],"type":"string"}},"additionalProperties":false,'
    '"required":["shot","pick"]}}},"additionalProperties":false,"required":["shots"]}'
)


def request(text: str = "Which?", *, messages: tuple[Message, ...] = (), tokens: int = 512) -> ModelRequest:
    return ModelRequest(
        instructions="You choose shots.",
        film="The film is of birds.",
        messages=messages or (Message(role="user", text=text),),
        answer_name="cinematographer_picks",
        answer_schema=SCHEMA,
        max_output_tokens=tokens,
    )


@dataclass
class Wired:
    """A model of one kind, and what it says next."""

    kind: str
    open: Callable[[], LanguageModel]
    told: deque[Said] = field(default_factory=deque)
    saw: list[tuple[tuple[str, ...], tuple[tuple[str, str], ...]]] = field(default_factory=list)
    """(what is shared, the turns) of each request that the model read."""
    slow: Callable[[float], None] = lambda _: None
    """Let so many seconds pass before each answer from now on."""

    def answer(self, turns: tuple[tuple[str, str], ...]) -> Said:
        if self.told:
            return self.told.popleft()
        text = turns[-1][1]
        return Said(json.dumps({"shots": [], "of": text}) if text.startswith("number ") else ANSWER)


@pytest.fixture(params=KINDS)
def wired(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wired]:
    kind = request.param
    if kind == "function":
        yield _function(kind)
        return
    pytest.importorskip("pydantic_ai")
    pytest.importorskip({"anthropic": "anthropic", "google": "google.genai"}.get(kind.split()[0], "openai"))
    from shotwright.adapters.language_model.settings import LanguageModelSettings

    def answer(asked: Asked) -> Said:
        made.saw.append((asked.system, asked.messages))
        return made.answer(asked.messages)

    with running(answer) as standin:
        monkeypatch.setenv("OPENAI_BASE_URL", standin.url)
        monkeypatch.setenv("ANTHROPIC_BASE_URL", standin.root)
        monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", standin.root)
        monkeypatch.delenv("GOOGLE_API_KEY", raising=False)
        for name, value in KEYS.items():
            monkeypatch.setenv(name, value)
        settings = LanguageModelSettings(model=NAMED.get(kind, standin.spelling), timeout_seconds=20, tries=1)
        if kind == "anthropic by tool":
            settings = replace(settings, output="tool")
        made = Wired(kind, lambda: _opened(settings))
        made.slow = lambda seconds: setattr(standin, "delay", seconds)
        yield made


def _opened(settings: LanguageModelSettings) -> LanguageModel:
    from shotwright.adapters.language_model import open_model

    return open_model(settings)


def _function(kind: str) -> Wired:
    delays = [0.0]

    async def answer(asked: ModelRequest) -> ModelReply:
        await asyncio.sleep(delays[-1])
        turns = tuple((m.role, m.text) for m in asked.messages)
        made.saw.append(((asked.instructions, asked.film), turns))
        said = made.answer(turns)
        tokens = -(-len(said.text) // 4)
        return ModelReply(
            text=said.text[:MAX_REPLY_CHARS], finish=said.finish, model="function",  # type: ignore[arg-type]
            input_tokens=40, output_tokens=tokens, cost_usd=0.0,
        )  # fmt: skip

    made = Wired(kind, lambda: FunctionLanguageModel(answer), slow=delays.append)
    return made


def asked(wired: Wired, *requests: ModelRequest) -> list[ModelReply]:
    async def all_of_them() -> list[ModelReply]:
        model = wired.open()
        try:
            return [await model.ask(r) for r in requests]
        finally:
            await model.close()

    return asyncio.run(all_of_them())


def test_a_reply_says_what_was_said_by_whom_and_what_it_used(wired: Wired) -> None:
    (reply,) = asked(wired, request())
    assert json.loads(reply.text) == json.loads(ANSWER)
    assert reply.finish == "stop"
    assert reply.model == NAMED.get(wired.kind, "function" if wired.kind == "function" else "standin-small")
    assert 10 < reply.input_tokens < 400
    assert 5 < reply.output_tokens < 40
    assert reply.cached_tokens == 0


def test_what_is_shared_stands_first_and_the_turns_keep_their_order(wired: Wired) -> None:
    turns = (
        Message(role="user", text="Which?"),
        Message(role="assistant", text='{"shots": []}'),
        Message(role="user", text="This cannot be used: shot 1 is missing."),
    )
    asked(wired, request(messages=turns))
    shared, said = wired.saw[0]
    whole = "\n".join(shared)
    assert whole.index("You choose shots.") < whole.index("The film is of birds.")
    assert whole.startswith("You choose shots.")
    assert said == tuple((m.role, m.text) for m in turns)


@pytest.mark.parametrize(
    ("said", "finish"),
    [
        (Said('{"shots": [{"shot": 1, "pi', "length"), "length"),
        (Said("I cannot help with that.", "refused"), "refused"),
        (Said("Certainly! Here are my thoughts."), "stop"),
    ],
)
def test_a_cut_off_a_refused_and_a_chatty_answer_are_replies(wired: Wired, said: Said, finish: str) -> None:
    wired.told.append(said)
    (reply,) = asked(wired, request())
    assert reply.finish == finish
    if "tool" not in wired.kind:
        assert reply.text == said.text


def test_an_empty_answer_is_a_reply_with_no_text(wired: Wired) -> None:
    """The services' clients know an empty text, and one that is missing."""
    wired.told.append(Said(""))
    try:
        (reply,) = asked(wired, request())
    except LanguageModelError as error:
        pytest.fail(f"an empty answer was raised: {error}")
    assert reply.text == ""


def test_an_endless_answer_is_cut(wired: Wired) -> None:
    wired.told.append(Said("x" * (MAX_REPLY_CHARS + 1000)))
    (reply,) = asked(wired, request())
    assert len(reply.text) == MAX_REPLY_CHARS


def test_many_callers_get_their_own_answers_at_once(wired: Wired) -> None:
    if "tool" in wired.kind:
        pytest.skip("a tool's arguments are as the schema has them")

    async def many() -> tuple[list[ModelReply], float]:
        model = wired.open()
        await model.ask(request())
        wired.slow(0.3)
        began = time.perf_counter()
        replies = await asyncio.gather(*(model.ask(request(f"number {n}")) for n in range(32)))
        took = time.perf_counter() - began
        await model.close()
        return replies, took

    replies, took = asyncio.run(many())
    assert [json.loads(r.text)["of"] for r in replies] == [f"number {n}" for n in range(32)]
    assert took < 0.3 * 32 / 3, "they waited for each other"


def test_a_fingerprint_is_the_same_for_the_same_model(wired: Wired) -> None:
    first, second = wired.open(), wired.open()
    before = first.fingerprint()

    async def once() -> None:
        await first.ask(request())
        await first.close()

    asyncio.run(once())
    assert first.fingerprint() == second.fingerprint() == before
    assert not any(key in before for key in KEYS.values())


def test_a_model_that_was_closed_can_be_asked_in_another_event_loop(wired: Wired) -> None:
    model = wired.open()

    async def once() -> ModelReply:
        try:
            return await model.ask(request())
        finally:
            await model.close()

    for _ in range(2):
        assert asyncio.run(once()).text


def test_closing_is_always_possible(wired: Wired) -> None:
    async def unasked() -> None:
        model = wired.open()
        await model.close()
        await model.close()

    asyncio.run(unasked())


def test_a_call_that_is_cancelled_leaves_the_model_usable(wired: Wired) -> None:
    async def cancelled() -> ModelReply:
        model = wired.open()
        await model.ask(request())
        wired.slow(5.0)
        asking = asyncio.create_task(model.ask(request()))
        await asyncio.sleep(0.1)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        assert asking.cancelled()
        wired.slow(0.0)
        try:
            return await model.ask(request())
        finally:
            await model.close()

    assert asyncio.run(cancelled()).text


def test_what_a_function_raises_is_raised() -> None:
    def refuse(_: ModelRequest) -> str:
        raise Unavailable("nobody is there", transient=True)

    with pytest.raises(Unavailable, match="nobody is there"):
        asyncio.run(FunctionLanguageModel(refuse).ask(request()))
