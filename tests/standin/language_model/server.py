"""The stand-in's HTTP server: one event loop in a thread of its own, hundreds of connections."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import threading
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from tests.standin.language_model.shapes import Said, read_request, write_error, write_reply

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tests.standin.language_model.faults import Fault
    from tests.standin.language_model.shapes import Asked

POSTS = ("/v1/chat/completions", "/v1/responses", "/v1/messages")
MODEL = "standin-small"
_BLOCK = 512
"""Characters: 128 tokens, the grain of OpenAI's prompt cache, which begins at eight of them."""
_FIRST_BLOCKS = 8
_KEPT = 5000


class UpToFault(Exception):
    """The connection is over."""


@dataclass
class Standin:
    """A running server, and what it has seen. Numbers are written by its thread alone."""

    answer: Callable[[Asked], str | Said]
    delay: float = 0.0
    """Seconds before each answer."""
    key: str = ""
    """Requests with another one get 401; empty: every one is taken."""
    models: tuple[str, ...] = (MODEL,)
    port: int = 0
    calls: int = 0
    """Requests that were read, faults included."""
    answered: int = 0
    in_flight: int = 0
    in_flight_peak: int = 0
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    asked: deque[Asked] = field(default_factory=lambda: deque(maxlen=_KEPT))
    """The last requests, in the order in which they came."""
    times: deque[float] = field(default_factory=lambda: deque(maxlen=_KEPT))
    """When each came, in seconds of the server's clock."""
    _faults: deque[Fault | None] = field(default_factory=deque)
    _seen: set[int] = field(default_factory=set)

    @property
    def url(self) -> str:
        """As OpenAI's clients have it."""
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def root(self) -> str:
        """As Anthropic's and Google's clients have it."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def spelling(self) -> str:
        """As shotwright's settings have it."""
        return f"{self.models[0]}@{self.url}"

    def order(self, *faults: Fault | None) -> None:
        """Faults of the next requests, one each; `None` lets one through."""
        self._faults.extend(faults)

    def clear(self) -> None:
        """No faults, and nothing seen."""
        self._faults.clear()
        self._seen.clear()
        self.asked.clear()
        self.times.clear()
        self.calls = self.answered = self.in_flight_peak = 0
        self.input_tokens = self.cached_tokens = self.output_tokens = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await _head(reader):
                method, path, headers = head
                body = await reader.readexactly(int(headers.get("content-length", "0")))
                await self._one(writer, method, path.partition("?")[0], headers, body)
        except (UpToFault, ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        except asyncio.CancelledError:
            # The server ends; asyncio would write of a connection that was cancelled.
            pass
        finally:
            with contextlib.suppress(ConnectionError):
                writer.close()

    async def _one(
        self, writer: asyncio.StreamWriter, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> None:
        if method == "GET" and path == "/v1/models":
            listed = [{"id": m, "object": "model", "created": 0, "owned_by": "standin"} for m in self.models]
            await _send(writer, 200, {"object": "list", "data": listed})
            return
        if method != "POST" or not (path in POSTS or path.endswith(":generateContent")):
            await _send(writer, 404, write_error(path, 404, f"unknown path {path}"))
            return
        self.calls += 1
        self.in_flight += 1
        self.in_flight_peak = max(self.in_flight_peak, self.in_flight)
        try:
            await self._answer(writer, path, headers, body)
        finally:
            self.in_flight -= 1

    async def _answer(self, writer: asyncio.StreamWriter, path: str, headers: dict[str, str], body: bytes) -> None:
        number = self.calls
        fault = self._faults.popleft() if self._faults else None
        self.times.append(asyncio.get_running_loop().time())
        if fault is not None and fault.kind == "disconnect":
            _reset(writer)
        if fault is not None and fault.kind == "status":
            told = write_error(path, fault.status, fault.message)
            await _send(writer, fault.status, told, fault.headers)
            return
        try:
            asked = read_request(path, json.loads(body), headers)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            await _send(writer, 400, write_error(path, 400, f"{type(error).__name__}: {error}"))
            return
        self.asked.append(asked)
        if self.key and asked.key != self.key:
            # OpenAI repeats a wrong key in its answer, as do others.
            await _send(writer, 401, write_error(path, 401, f"Incorrect API key provided: {asked.key}."))
            return
        if asked.model not in self.models and not asked.model.startswith(("gpt-", "claude-", "gemini-")):
            await _send(writer, 404, write_error(path, 404, f"The model `{asked.model}` does not exist"))
            return
        wait = self.delay + (fault.seconds if fault is not None and fault.kind == "delay" else 0.0)
        if wait:
            await asyncio.sleep(wait)
        said = self.answer(asked)
        said = Said(said) if isinstance(said, str) else said
        cached = said.cached_tokens or self._cached(asked)
        said = Said(said.text, said.finish, cached, said.output_tokens)
        reply = write_reply(asked, said, number)
        if fault is not None and fault.kind in ("cut", "drip", "garbage"):
            await _spoil(writer, fault, json.dumps(reply).encode())
            return
        self.answered += 1
        self.input_tokens += asked.input_tokens
        self.cached_tokens += cached
        self.output_tokens += said.spent
        await _send(writer, 200, reply)

    def _cached(self, asked: Asked) -> int:
        """Tokens of the prompt's beginning that came before, by blocks of 128 and from 1,024 on, as OpenAI counts."""
        text = "\x00".join((*asked.system, *(t for _, t in asked.messages)))
        hits, going = 0, True
        for end in range(_BLOCK, len(text) + 1, _BLOCK):
            block = hash(text[:end])
            going = going and block in self._seen
            hits += going
            self._seen.add(block)
        return hits * _BLOCK // 4 if hits >= _FIRST_BLOCKS else 0


def smallest_answer(asked: Asked) -> str:
    """The least that the answer's schema allows: empty lists and texts. `{}` where the schema is in words only."""
    return json.dumps(_smallest(asked.schema)) if asked.schema else "{}"


@contextmanager
def running(
    answer: Callable[[Asked], str | Said] = smallest_answer,
    faults: Iterable[Fault | None] = (),
    *,
    delay: float = 0.0,
    key: str = "",
    models: tuple[str, ...] = (MODEL,),
) -> Iterator[Standin]:
    """A stand-in on a free port of the loopback, in a thread of its own, until the block ends.

    `answer`: what is said to a request; called in the server's thread, so it must be quick. `faults`: of the first
    requests, one each. `delay` (seconds) passes before each answer, for all of them at once.
    """
    standin = Standin(answer, delay, key, models)
    standin.order(*faults)
    ready = threading.Event()
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()

    async def live() -> None:
        server = await asyncio.start_server(standin.serve, "127.0.0.1", 0, backlog=512, limit=4 * 1024 * 1024)
        standin.port = server.sockets[0].getsockname()[1]
        ready.set()
        await stop.wait()
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def run() -> None:
        try:
            loop.run_until_complete(live())
        finally:
            ready.set()
            loop.close()

    thread = threading.Thread(target=run, name="language model stand-in", daemon=True)
    thread.start()
    ready.wait(10)
    assert standin.port, "the stand-in did not start"
    try:
        yield standin
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)


async def _head(reader: asyncio.StreamReader) -> tuple[str, str, dict[str, str]] | None:
    try:
        raw = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = raw.decode("latin-1").split("\r\n")
    method, path, _ = first.split(" ", 2)
    headers = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if colon:
            headers[name.strip().lower()] = value.strip()
    return method, path, headers


async def _send(
    writer: asyncio.StreamWriter, status: int, body: dict[str, Any], more: tuple[tuple[str, str], ...] = ()
) -> None:
    payload = json.dumps(body).encode()
    writer.write(_headers(status, len(payload), more) + payload)
    await writer.drain()


def _headers(status: int, length: int, more: tuple[tuple[str, str], ...] = ()) -> bytes:
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = "Overloaded"
    lines = [f"HTTP/1.1 {status} {phrase}", "content-type: application/json", f"content-length: {length}"]
    lines += [f"{name}: {value}" for name, value in more]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


async def _spoil(writer: asyncio.StreamWriter, fault: Fault, payload: bytes) -> None:
    if fault.kind == "garbage":
        writer.write(_headers(200, len(fault.body)) + fault.body)
        await writer.drain()
        return
    writer.write(_headers(200, len(payload)))
    if fault.kind == "cut":
        writer.write(payload[: len(payload) // 2])
        await writer.drain()
        raise UpToFault
    for at in range(len(payload)):
        writer.write(payload[at : at + 1])
        await writer.drain()
        await asyncio.sleep(fault.seconds)


def _reset(writer: asyncio.StreamWriter) -> None:
    linger = b"\x01\x00\x00\x00\x00\x00\x00\x00"
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    raise UpToFault


def _smallest(schema: dict[str, Any]) -> Any:
    if "enum" in schema:
        return schema["enum"][0]
    if "const" in schema:
        return schema["const"]
    for ways in ("anyOf", "oneOf"):
        if schema.get(ways):
            return _smallest(schema[ways][0])
    kind = schema.get("type")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        return {name: _smallest(inner) for name, inner in schema.get("properties", {}).items()}
    return {"array": [], "string": "", "integer": 0, "number": 0, "boolean": False}.get(str(kind))
