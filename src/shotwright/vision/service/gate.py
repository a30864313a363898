"""The gate before every route: who may ask, how much may come, and how deep JSON may go. Plain ASGI, no framework."""

from __future__ import annotations

import asyncio
import hmac
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from shotwright.vision.service.problems import MEDIA_TYPE, Problem

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    Scope = MutableMapping[str, Any]
    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    App = Callable[[Scope, Receive, Send], Awaitable[None]]

MOST_DEPTH = 24
MOST_TOKENS = 200_000
"""Strings, brackets and commas of a JSON body: a shot with camera, lighting and staging has about 300."""
# The possessive forms keep this linear: an unfinished string is one token to the end.
_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)|[\[\]{},]', re.DOTALL)
LARGE = 256 * 1024
"""Bytes of a body from which it is measured and read off the event loop: under that going there costs more."""
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one request may be, and whom the service answers."""

    token: str = ""
    """Asked of everyone as `Authorization: Bearer …`; empty asks nobody."""
    hosts: frozenset[str] = LOOPBACK
    """Names by which the service may be addressed without a token, so that no web page can reach it under its own."""
    most_json_bytes: int = 64 * 1024 * 1024
    most_upload_bytes: int = 65 * 1024 * 1024
    """Of a film; of a picture `vision.pictures` allows less."""
    arrival_seconds: float = 60.0
    """In which a body must have come."""
    most_held_bytes: int = 512 * 1024 * 1024
    """Of all bodies that are being read or answered."""
    most_at_once: int = 256
    """Requests being read or answered; more are told to come back."""


class Gate:
    """Wraps an ASGI app. The body is read here, whole and bounded, before any route sees the request."""

    def __init__(self, app: App, bounds: Bounds) -> None:
        self._app = app
        self._bounds = bounds
        self._held = 0
        self._inside = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if self._inside >= self._bounds.most_at_once:
            await refuse(send, Problem(503, "too many ask at once", hint="ask again in a second"))
            return
        self._inside += 1
        taken: list[int] = []
        try:
            await self._pass(scope, receive, send, taken)
        finally:
            self._inside -= 1
            self._held -= sum(taken)

    async def _pass(self, scope: Scope, receive: Receive, send: Send, taken: list[int]) -> None:
        headers = {name.lower(): value for name, value in scope["headers"]}
        try:
            self._admit(scope["path"], headers)
            body = await asyncio.wait_for(self._body(headers, receive, taken), self._bounds.arrival_seconds)
            kind = headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
            if kind == b"application/json" or kind.endswith(b"+json"):
                if len(body) < LARGE:
                    measure_json(body)
                else:
                    await asyncio.to_thread(measure_json, body)
        except TimeoutError:
            await refuse(send, Problem(408, f"the body had not come after {self._bounds.arrival_seconds:g} s"))
            return
        except Problem as problem:
            await refuse(send, problem)
            return
        sent = False

        async def again() -> Message:
            nonlocal sent
            if not sent:
                sent = True
                return {"type": "http.request", "body": body, "more_body": False}
            return await receive()

        await self._app(scope, again, send)

    def _admit(self, path: str, headers: dict[bytes, bytes]) -> None:
        token = self._bounds.token
        if token:
            if path.rstrip("/").endswith("/health"):
                return
            given = headers.get(b"authorization", b"")
            if not hmac.compare_digest(given, b"Bearer " + token.encode()):
                raise Problem(401, "the token is missing or is another", hint="send Authorization: Bearer TOKEN")
            return
        host = _host_name(headers.get(b"host", b"").decode("latin-1"))
        if host not in self._bounds.hosts:
            raise Problem(403, "the service is not addressed by that name", hint="use localhost, or set a token")
        origin = headers.get(b"origin")
        if origin is not None and _host_name(origin.decode("latin-1").partition("://")[2]) not in self._bounds.hosts:
            raise Problem(403, "web pages of other places may not ask this service")

    async def _body(self, headers: dict[bytes, bytes], receive: Receive, taken: list[int]) -> bytes:
        upload = headers.get(b"content-type", b"").lower().startswith(b"multipart/")
        most = self._bounds.most_upload_bytes if upload else self._bounds.most_json_bytes
        said = headers.get(b"content-length", b"")
        if said.isdigit() and int(said[:20]) > most:
            raise Problem(413, f"the body has {int(said[:20]):,} bytes, over {most:,}", hint="send it in several")
        parts, held = [], 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise Problem(400, "the request ended before its body did")
            part = message.get("body", b"")
            held += len(part)
            if held > most:
                raise Problem(413, f"the body has over {most:,} bytes", hint="send it in several")
            taken.append(len(part))
            self._held += len(part)
            if self._held > self._bounds.most_held_bytes:
                raise Problem(503, "the service holds all that it may at the moment", hint="ask again in a second")
            parts.append(part)
            if not message.get("more_body", False):
                return b"".join(parts)


def measure_json(body: bytes) -> None:
    """Refuse JSON that is deeper or has more parts than any honest request, before it is parsed."""
    depth = 0
    for count, token in enumerate(_TOKEN.finditer(body)):
        first = body[token.start()]
        if first in b"[{":
            depth += 1
            if depth > MOST_DEPTH:
                raise Problem(400, f"the JSON is over {MOST_DEPTH} levels deep")
        elif first in b"]}":
            depth -= 1
        if count > MOST_TOKENS:
            raise Problem(413, f"the JSON has over {MOST_TOKENS:,} parts", hint="ask in several requests")


async def refuse(send: Send, problem: Problem) -> None:
    """Send a problem as the whole answer."""
    body = problem.body()
    headers = [(b"content-type", MEDIA_TYPE.encode()), (b"content-length", str(len(body)).encode())]
    if problem.status == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    if problem.status == 503:
        headers.append((b"retry-after", b"1"))
    await send({"type": "http.response.start", "status": problem.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _host_name(address: str) -> str:
    """The name of `name:port` or `[v6]:port`."""
    try:
        return (urlsplit(f"//{address.partition('/')[0]}").hostname or "").rstrip(".")
    except ValueError:
        return ""
