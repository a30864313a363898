"""The stand-in itself: its bodies are the published ones, and it bears many callers at little cost."""

from __future__ import annotations

import asyncio
import json
import time
from typing import TYPE_CHECKING, Any

import pytest
from tests.standin.language_model.server import running, smallest_answer
from tests.standin.language_model.shapes import Asked, Said, read_request, write_error, write_reply
from tests.unit.language_model.conftest import question

from shotwright.adapters.language_model import open_model
from shotwright.adapters.language_model.settings import LanguageModelSettings

if TYPE_CHECKING:
    from pydantic import BaseModel

SCHEMA = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"], "additionalProperties": False}
CHAT = {"model": "m", "messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "u"}]}
BODIES: dict[str, dict[str, Any]] = {
    "/v1/chat/completions": CHAT,
    "/v1/responses": {"model": "m", "instructions": "s", "input": [{"role": "user", "content": "u"}]},
    "/v1/messages": {
        "model": "m", "max_tokens": 9, "system": "s", "messages": [{"role": "user", "content": [{"text": "u"}]}],
    },
    "/v1beta/models/m:generateContent": {
        "systemInstruction": {"parts": [{"text": "s"}]}, "contents": [{"role": "user", "parts": [{"text": "u"}]}],
    },
}  # fmt: skip
TOOLS: dict[str, dict[str, Any]] = {
    "/v1/chat/completions": {"type": "function", "function": {"name": "t", "parameters": SCHEMA}},
    "/v1/responses": {"type": "function", "name": "t", "parameters": SCHEMA},
    "/v1/messages": {"name": "t", "input_schema": SCHEMA},
    "/v1beta/models/m:generateContent": {"functionDeclarations": [{"name": "t", "parametersJsonSchema": SCHEMA}]},
}
HEADERS = {"anthropic-version": "2023-06-01", "authorization": "Bearer k"}


def published(path: str) -> type[BaseModel]:
    """The provider's own type of an answer."""
    if path.endswith(":generateContent"):
        return pytest.importorskip("google.genai.types").GenerateContentResponse  # type: ignore[no-any-return]
    if path == "/v1/messages":
        return pytest.importorskip("anthropic.types").Message  # type: ignore[no-any-return]
    if path == "/v1/responses":
        return pytest.importorskip("openai.types.responses").Response  # type: ignore[no-any-return]
    return pytest.importorskip("openai.types.chat").ChatCompletion  # type: ignore[no-any-return]


def asked(path: str, *, tool: bool = False) -> Asked:
    body = BODIES[path] | ({"tools": [TOOLS[path]]} if tool else {})
    return read_request(path, body, HEADERS)


@pytest.mark.parametrize("path", BODIES)
@pytest.mark.parametrize(
    "said", [Said('{"n": 1}', cached_tokens=1), Said("{", "length"), Said("No.", "refused"), Said("")]
)
@pytest.mark.parametrize("tool", [False, True])
def test_answers_are_of_the_published_shape(path: str, said: Said, tool: bool) -> None:
    reply = write_reply(asked(path, tool=tool), said, 7)
    kind = published(path)
    read = kind.model_validate_json(json.dumps(reply), strict=True)
    known = {field.alias or name for name, field in kind.model_fields.items()}
    assert not (set(reply) - known)
    assert read.model_dump(mode="json", exclude_unset=True, by_alias=True) == reply


@pytest.mark.parametrize("path", BODIES)
def test_a_request_is_read_alike_whichever_way_it_comes(path: str) -> None:
    read = asked(path)
    assert (read.system, read.messages, read.text, read.schema) == (("s",), (("user", "u"),), "u", None)
    with_tool = asked(path, tool=True)
    assert (with_tool.schema, with_tool.answer_name, with_tool.as_tool) == (SCHEMA, "t", True)
    assert with_tool.input_tokens > read.input_tokens
    assert smallest_answer(with_tool) == '{"n": 0}'


@pytest.mark.parametrize("path", BODIES)
def test_what_no_service_would_take_is_refused(path: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        read_request(path, {}, HEADERS)
    with pytest.raises((ValueError, KeyError)):
        read_request(path, {"model": "m"}, HEADERS)


def test_errors_are_of_the_published_shape() -> None:
    error = pytest.importorskip("anthropic.types").ErrorResponse
    error.model_validate(write_error("/v1/messages", 429, "later"))
    assert write_error("/v1/chat/completions", 401, "no")["error"]["code"] == "invalid_api_key"


def test_it_bears_sixty_four_callers_at_once_and_idles_while_they_wait() -> None:
    pytest.importorskip("pydantic_ai")
    pytest.importorskip("openai")

    async def many(spelling: str) -> tuple[float, float]:
        model = open_model(LanguageModelSettings(spelling, timeout_seconds=30))
        await model.ask(question())
        standin.delay = 1.0
        began, busy = time.perf_counter(), time.process_time()
        await asyncio.gather(*(model.ask(question(str(n))) for n in range(128)), return_exceptions=False)
        took, worked = time.perf_counter() - began, time.process_time() - busy
        await model.close()
        return took, worked

    with running() as standin:
        took, worked = asyncio.run(many(standin.spelling))
        assert standin.in_flight_peak >= 64
        assert standin.calls == standin.answered == 129
    assert took < 3.5
    assert worked < 2.5
