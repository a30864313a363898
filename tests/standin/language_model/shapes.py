"""The bodies of OpenAI's chat completions and responses, Anthropic's messages and Google's generated content, as those
services publish them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

CREATED = 1_700_000_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, whichever interface it came by."""

    interface: str
    """chat, responses, messages or contents."""
    model: str
    system: tuple[str, ...]
    """Every system text in its order."""
    messages: tuple[tuple[str, str], ...]
    """(role, text) of the turns."""
    schema: dict[str, Any] | None
    """The answer's schema, where it came beside the messages: in the form asked for, or as a tool."""
    answer_name: str
    """How that schema is called; empty without."""
    as_tool: bool
    max_tokens: int
    key: str
    body: dict[str, Any]
    """All of it, as it came."""
    headers: dict[str, str]

    @property
    def text(self) -> str:
        """The last turn of the user."""
        return next((text for role, text in reversed(self.messages) if role == "user"), "")

    @property
    def input_tokens(self) -> int:
        """A token for every four characters: messages, and the schema where the messages do not hold it."""
        texts = [*self.system, *(text for _, text in self.messages)]
        count = sum(len(text) for text in texts)
        if self.schema is not None:
            told = json.dumps(self.schema, separators=(",", ":"), ensure_ascii=False)
            if not any(told in text for text in self.system):
                count += len(told)
        return -(-count // 4)


def read_request(path: str, body: dict[str, Any], headers: dict[str, str]) -> Asked:
    """ValueError for what none of the services would take."""
    if path.endswith(":generateContent"):
        return _contents(path.rpartition("/")[2].partition(":")[0], body, headers)
    model = body.get("model")
    if not isinstance(model, str) or not model:
        raise ValueError("you must provide a model parameter")
    key = headers.get("x-api-key", "") or headers.get("authorization", "").removeprefix("Bearer ")
    if path.endswith("/chat/completions"):
        return _chat(model, body, headers, key)
    if path.endswith("/responses"):
        return _responses(model, body, headers, key)
    return _messages(model, body, headers, key)


def _chat(model: str, body: dict[str, Any], headers: dict[str, str], key: str) -> Asked:
    turns = [(str(m["role"]), _text(m.get("content"))) for m in body["messages"]]
    if not turns:
        raise ValueError("messages: at least one is needed")
    schema, name, as_tool = None, "", False
    form = body.get("response_format") or {}
    if form.get("type") == "json_schema":
        schema, name = form["json_schema"]["schema"], form["json_schema"]["name"]
    for tool in body.get("tools") or []:
        schema, name, as_tool = tool["function"]["parameters"], tool["function"]["name"], True
    most = body.get("max_completion_tokens") or body.get("max_tokens") or 0
    return Asked(
        "chat", model, tuple(t for r, t in turns if r in ("system", "developer")),
        tuple((r, t) for r, t in turns if r not in ("system", "developer")), schema, name, as_tool, most, key, body,
        headers,
    )  # fmt: skip


def _responses(model: str, body: dict[str, Any], headers: dict[str, str], key: str) -> Asked:
    given = body["input"]
    items = [{"role": "user", "content": given}] if isinstance(given, str) else given
    turns = [(str(i.get("role", "user")), _text(i.get("content"))) for i in items]
    system = [body["instructions"]] if body.get("instructions") else []
    system += [t for r, t in turns if r in ("system", "developer")]
    schema, name, as_tool = None, "", False
    form = (body.get("text") or {}).get("format") or {}
    if form.get("type") == "json_schema":
        schema, name = form["schema"], form["name"]
    for tool in body.get("tools") or []:
        schema, name, as_tool = tool["parameters"], tool["name"], True
    return Asked(
        "responses", model, tuple(system), tuple((r, t) for r, t in turns if r not in ("system", "developer")),
        schema, name, as_tool, body.get("max_output_tokens") or 0, key, body, headers,
    )  # fmt: skip


def _messages(model: str, body: dict[str, Any], headers: dict[str, str], key: str) -> Asked:
    if not headers.get("anthropic-version"):
        raise ValueError("anthropic-version: header is required")
    if not body.get("max_tokens"):
        raise ValueError("max_tokens: field required")
    given = body.get("system") or []
    system = [given] if isinstance(given, str) else [str(block["text"]) for block in given]
    turns = tuple((str(m["role"]), _text(m["content"])) for m in body["messages"])
    if not turns:
        raise ValueError("messages: at least one message is required")
    schema, name, as_tool = None, "", False
    form = (body.get("output_config") or {}).get("format") or body.get("output_format") or {}
    if form.get("type") == "json_schema":
        schema = form["schema"]
    for tool in body.get("tools") or []:
        schema, name, as_tool = tool["input_schema"], tool["name"], True
    return Asked("messages", model, tuple(system), turns, schema, name, as_tool, body["max_tokens"], key, body, headers)


def _contents(model: str, body: dict[str, Any], headers: dict[str, str]) -> Asked:
    system = tuple(str(part["text"]) for part in (body.get("systemInstruction") or {}).get("parts", ()))
    roles = {"model": "assistant"}
    turns = tuple((roles.get(str(c["role"]), str(c["role"])), _text(c["parts"])) for c in body["contents"])
    if not turns:
        raise ValueError("contents are not specified")
    told = body.get("generationConfig") or {}
    schema, name, as_tool = told.get("responseJsonSchema") or told.get("responseSchema"), "", False
    for tool in body.get("tools") or []:
        for function in tool.get("functionDeclarations", ()):
            # Names in JSON may be in either case there; the client writes this one so.
            schema = function.get("parameters_json_schema") or function.get("parametersJsonSchema")
            name, as_tool = function["name"], True
    key = headers.get("x-goog-api-key", "")
    most = told.get("maxOutputTokens") or 0
    return Asked("contents", model, system, turns, schema, name, as_tool, most, key, body, headers)


@dataclass(frozen=True, slots=True)
class Said:
    """An answer, to be put into a service's form."""

    text: str
    finish: str = "stop"
    """stop, length or refused."""
    cached_tokens: int = 0
    output_tokens: int | None = None
    """A token for every four characters where it is None."""

    @property
    def spent(self) -> int:
        return -(-len(self.text) // 4) if self.output_tokens is None else self.output_tokens


def write_reply(asked: Asked, said: Said, number: int) -> dict[str, Any]:
    """The body of an answer in the form of the interface that was asked."""
    return {"chat": _chat_reply, "responses": _response_reply, "messages": _message_reply, "contents": _content_reply}[
        asked.interface
    ](asked, said, number)


def _chat_reply(asked: Asked, said: Said, number: int) -> dict[str, Any]:
    refused = said.finish == "refused"
    message: dict[str, Any] = {"role": "assistant", "content": None if refused else said.text, "refusal": None}
    finish = "length" if said.finish == "length" else "stop"
    if refused:
        message["refusal"] = said.text
    elif asked.as_tool:
        message["content"] = None
        function = {"name": asked.answer_name, "arguments": said.text}
        message["tool_calls"] = [{"id": f"call_{number}", "type": "function", "function": function}]
        finish = "length" if said.finish == "length" else "tool_calls"
    return {
        "id": f"chatcmpl-{number}", "object": "chat.completion", "created": CREATED, "model": asked.model,
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": finish}],
        "usage": {
            "prompt_tokens": asked.input_tokens, "completion_tokens": said.spent,
            "total_tokens": asked.input_tokens + said.spent,
            "prompt_tokens_details": {"cached_tokens": said.cached_tokens},
            "completion_tokens_details": {"reasoning_tokens": 0},
        },
    }  # fmt: skip


def _response_reply(asked: Asked, said: Said, number: int) -> dict[str, Any]:
    part: dict[str, Any] = {"type": "output_text", "text": said.text, "annotations": [], "logprobs": []}
    if said.finish == "refused":
        part = {"type": "refusal", "refusal": said.text}
    cut = said.finish == "length"
    item: dict[str, Any] = {
        "type": "message", "id": f"msg_{number}", "role": "assistant", "content": [part],
        "status": "incomplete" if cut else "completed",
    }  # fmt: skip
    if asked.as_tool and said.finish != "refused":
        item = {
            "type": "function_call", "id": f"fc_{number}", "call_id": f"call_{number}", "name": asked.answer_name,
            "arguments": said.text, "status": "completed",
        }  # fmt: skip
    return {
        "id": f"resp_{number}", "object": "response", "created_at": CREATED, "model": asked.model, "error": None,
        "status": "incomplete" if cut else "completed", "output": [item], "parallel_tool_calls": True,
        "incomplete_details": {"reason": "max_output_tokens"} if cut else None, "instructions": None,
        "metadata": {}, "temperature": 1.0, "top_p": 1.0, "tool_choice": "auto", "tools": [],
        "usage": {
            "input_tokens": asked.input_tokens,
            "input_tokens_details": {"cached_tokens": said.cached_tokens, "cache_write_tokens": 0},
            "output_tokens": said.spent, "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": asked.input_tokens + said.spent,
        },
    }  # fmt: skip


def _message_reply(asked: Asked, said: Said, number: int) -> dict[str, Any]:
    content: list[dict[str, Any]] = [{"type": "text", "text": said.text}] if said.text else []
    stop = {"stop": "end_turn", "length": "max_tokens", "refused": "refusal"}[said.finish]
    if asked.as_tool and said.finish != "refused":
        try:
            given = json.loads(said.text)
        except ValueError:
            given = None
        if isinstance(given, dict):
            content = [{"type": "tool_use", "id": f"toolu_{number}", "name": asked.answer_name, "input": given}]
            stop = "tool_use" if said.finish == "stop" else stop
    return {
        "id": f"msg_{number}", "type": "message", "role": "assistant", "model": asked.model, "content": content,
        "stop_reason": stop, "stop_sequence": None,
        "usage": {
            "input_tokens": asked.input_tokens - said.cached_tokens, "cache_read_input_tokens": said.cached_tokens,
            "cache_creation_input_tokens": 0, "output_tokens": said.spent,
        },
    }  # fmt: skip


def _content_reply(asked: Asked, said: Said, number: int) -> dict[str, Any]:
    parts: list[dict[str, Any]] = [{"text": said.text}] if said.text else []
    if asked.as_tool and said.finish == "stop":
        try:
            given = json.loads(said.text)
        except ValueError:
            given = None
        if isinstance(given, dict):
            parts = [{"functionCall": {"name": asked.answer_name, "args": given}}]
    finish = {"stop": "STOP", "length": "MAX_TOKENS", "refused": "SAFETY"}[said.finish]
    usage: dict[str, Any] = {
        "promptTokenCount": asked.input_tokens, "candidatesTokenCount": said.spent,
        "totalTokenCount": asked.input_tokens + said.spent,
    }  # fmt: skip
    if said.cached_tokens:
        usage["cachedContentTokenCount"] = said.cached_tokens
    candidate = {"content": {"role": "model", "parts": parts}, "finishReason": finish, "index": 0}
    return {
        "candidates": [candidate], "usageMetadata": usage, "modelVersion": asked.model, "responseId": f"resp{number}",
    }  # fmt: skip


def write_error(asked_path: str, status: int, message: str) -> dict[str, Any]:
    """An error in the form of the interface that a path belongs to."""
    if asked_path.endswith("/messages"):
        kinds = {
            400: "invalid_request_error", 401: "authentication_error", 403: "permission_error", 404: "not_found_error",
            429: "rate_limit_error", 503: "overloaded_error", 529: "overloaded_error",
        }  # fmt: skip
        return {"type": "error", "error": {"type": kinds.get(status, "api_error"), "message": message}}
    if asked_path.endswith(":generateContent"):
        names = {400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND",
                 429: "RESOURCE_EXHAUSTED", 500: "INTERNAL", 503: "UNAVAILABLE"}  # fmt: skip
        return {"error": {"code": status, "message": message, "status": names.get(status, "UNKNOWN")}}
    kinds = {400: "invalid_request_error", 401: "invalid_request_error", 429: "requests", 404: "invalid_request_error"}
    codes = {401: "invalid_api_key", 404: "model_not_found", 429: "rate_limit_exceeded"}
    return {
        "error": {"message": message, "type": kinds.get(status, "server_error"), "param": None,
                  "code": codes.get(status)}
    }  # fmt: skip


def _text(content: Any) -> str:
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return ""
    return "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
