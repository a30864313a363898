"""The models that ship for tests."""

from __future__ import annotations

import asyncio
import json

import pytest

from shotwright.adapters.language_model.function import FunctionLanguageModel
from shotwright.adapters.language_model.scripted import ScriptedLanguageModel, cut_short, down, limited, refusal
from shotwright.errors import LanguageModelError, RateLimited, Unavailable
from shotwright.model.language import Message, ModelReply, ModelRequest

REQUEST = ModelRequest(
    instructions="abcd" * 10, film="film", messages=(Message(role="user", text="what?"),), answer_name="a",
    answer_schema="{}",
)  # fmt: skip


def test_a_function_is_counted_in_calls_tokens_and_callers_at_once() -> None:
    model = FunctionLanguageModel(lambda r: json.dumps({"said": r.messages[-1].text}), "mine", delay=0.02)

    async def many() -> list[ModelReply]:
        return await asyncio.gather(*(model.ask(REQUEST) for _ in range(5)))

    replies = asyncio.run(many())
    assert [r.text for r in replies] == ['{"said": "what?"}'] * 5
    assert replies[0].model == model.fingerprint() == "mine"
    assert (replies[0].input_tokens, replies[0].output_tokens) == (10 + 1 + 1 + 2, 5)
    assert (model.calls, model.in_flight_peak, model.in_flight) == (5, 5, 0)
    assert (model.input_tokens, model.output_tokens) == (70, 25)


def test_a_function_may_count_tokens_its_own_way() -> None:
    model = FunctionLanguageModel(lambda _: "one two three", count=lambda text: len(text.split()))
    assert asyncio.run(model.ask(REQUEST)).output_tokens == 3


def test_a_script_is_said_in_turn_then_the_function_answers() -> None:
    model = ScriptedLanguageModel(
        ["first", limited(7.0), cut_short("0123456789"), refusal(), down()], then=lambda _: "after"
    )

    async def all_of_it() -> list[ModelReply | LanguageModelError]:
        said: list[ModelReply | LanguageModelError] = []
        for _ in range(6):
            try:
                said.append(await model.ask(REQUEST))
            except LanguageModelError as error:
                said.append(error)
        return said

    first, later, cut, no, gone, after = asyncio.run(all_of_it())
    assert isinstance(first, ModelReply)
    assert first.text == "first"
    assert isinstance(later, RateLimited)
    assert later.retry_after == 7.0
    assert isinstance(cut, ModelReply)
    assert (cut.text, cut.finish) == ("01234", "length")
    assert isinstance(no, ModelReply)
    assert no.finish == "refused"
    assert isinstance(gone, Unavailable)
    assert gone.transient
    assert isinstance(after, ModelReply)
    assert after.text == "after"
    assert (model.calls, model.in_flight) == (6, 0)


def test_a_script_without_an_end_is_out_of_reach_after_it() -> None:
    with pytest.raises(Unavailable):
        asyncio.run(ScriptedLanguageModel([]).ask(REQUEST))
