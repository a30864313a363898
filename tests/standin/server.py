"""The server: HTTP on a free port of the loopback, from which it hands each request to the API."""

from __future__ import annotations

import base64
import binascii
import socket
import threading
import time
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import parse_qsl, unquote, urlsplit

import tests.standin.api  # noqa: F401 - registers the routes
from tests.standin.answers import COMMON_HEADERS, Answer, Refusal
from tests.standin.api.administration import user_of_token
from tests.standin.api.routing import Request, find_route
from tests.standin.database import Holdings
from tests.standin.faults import Faults

if TYPE_CHECKING:
    from types import TracebackType

LARGEST_BODY = 512 * 1024 * 1024


class StandIn:
    """A running server. `url` is where it listens, `holdings` what it holds, `faults` what shall go wrong."""

    def __init__(self, password: str = "") -> None:
        self.password = password
        self.holdings = Holdings(password)
        self.faults = Faults()
        self.requests: list[tuple[str, str]] = []
        """(method, path with its database) of every request so far."""
        self._http = _Server(("127.0.0.1", 0), _Handler)
        self._http.standin = self
        self._thread = threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, name="arango-stand-in", daemon=True
        )
        self._thread.start()

    @property
    def port(self) -> int:
        return int(self._http.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        self._http.shutdown()
        self._thread.join()
        self._http.cut_all()
        self._http.server_close()

    def __enter__(self) -> StandIn:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        """What the API says to one request."""
        url = urlsplit(target)
        segments = [unquote(part) for part in url.path.split("/")]
        name = "_system"
        if len(segments) > 3 and segments[1] == "_db":
            name, segments = segments[2], ["", *segments[3:]]
        if len(segments) > 2 and segments[-1] == "":
            segments.pop()
        try:
            user = self._user(segments, headers)
            database = self.holdings.database(name)
            if user and self.holdings.permission(user, name) == "none":
                raise Refusal(11)
            route, names = find_route(method, segments)
            parameters = dict(parse_qsl(url.query, keep_blank_values=True))
            request = Request(
                method, "/".join(segments), parameters, headers, _inflated(headers, body), self.holdings, database, user
            )
            if request.read_only and route.changes_structure:
                raise Refusal(11, "forbidden", status=403)
            return route.answer(request, **names)
        except Refusal as refusal:
            return refusal.answer()

    def _user(self, segments: list[str], headers: dict[str, str]) -> str:
        """Who asks; nobody on the open routes."""
        if segments[1:2] == ["_open"]:
            return ""
        scheme, _, credentials = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "basic":
            try:
                name, _, password = base64.b64decode(credentials, validate=True).decode().partition(":")
            except (binascii.Error, UnicodeDecodeError):
                raise Refusal(11) from None
            user = self.holdings.users.get(name)
            if user is not None and user["active"] and user["password"] == password:
                return name
        elif scheme.lower() == "bearer":
            known = user_of_token(credentials)
            if known is not None and known in self.holdings.users:
                return known
        raise Refusal(11)


def _inflated(headers: dict[str, str], body: bytes) -> bytes:
    if headers.get("content-encoding") == "deflate":
        return zlib.decompress(body)
    return body


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    standin: StandIn

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        self._open: set[socket.socket] = set()
        self._threads_open: set[threading.Thread] = set()
        self._open_lock = threading.Lock()
        super().__init__(address, handler)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        thread = threading.current_thread()
        with self._open_lock:
            self._open.add(request)
            self._threads_open.add(thread)
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self._open_lock:
                self._open.discard(request)
                self._threads_open.discard(thread)

    def cut_all(self) -> None:
        """Clients keep their connections open; end them and wait for those that served them."""
        with self._open_lock:
            sockets, threads = list(self._open), list(self._threads_open)
        for one in sockets:
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
        for thread in threads:
            thread.join(timeout=2.0)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is none of the server's errors."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    _REASONS: ClassVar[dict[int, str]] = {304: "Not Modified", 412: "Precondition Failed"}

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""

    def _serve(self) -> None:
        standin = self.server.standin  # type: ignore[attr-defined]
        length = int(self.headers.get("content-length") or 0)
        if length > LARGEST_BODY:
            self.close_connection = True
            self._send(Refusal(413, "request too large", status=413).answer())
            return
        body = self.rfile.read(length)
        standin.requests.append((self.command, self.path))
        path = urlsplit(self.path).path
        bare = "/" + path.split("/", 3)[3] if path.startswith("/_db/") and path.count("/") > 2 else path
        fault = standin.faults.next(self.command, bare)
        if fault is not None and fault.kind == "reset before":
            self._cut()
            return
        answer = fault.refusal() if fault is not None else None
        if answer is None:
            try:
                answer = standin.answer(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body)
            except Exception as error:  # a fault of the stand-in's own is told, as a server would
                answer = Refusal(4, f"internal error in the stand-in: {error!r}", status=500).answer()
        if fault is not None and fault.kind == "slow":
            time.sleep(fault.seconds)
        if fault is not None and fault.kind == "reset after":
            self._cut()
            return
        self._send(answer, truncated=fault is not None and fault.kind == "truncated")

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = _serve

    def _send(self, answer: Answer, *, truncated: bool = False) -> None:
        payload = answer.encoded()
        self.send_response_only(answer.status)
        headers = {"content-type": "application/json", "connection": "Keep-Alive", **COMMON_HEADERS, **answer.headers}
        for name in sorted(headers):
            self.send_header(name, headers[name])
        self.send_header("content-length", str(len(payload)))
        self.end_headers()
        if truncated:
            payload = payload[: len(payload) // 2]
            self.close_connection = True
        if self.command != "HEAD":
            self.wfile.write(payload)
        self.wfile.flush()
        if truncated:
            self._cut(orderly=True)

    def _cut(self, *, orderly: bool = False) -> None:
        self.close_connection = True
        if not orderly:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
            self.connection.close()
            return
        self.connection.shutdown(socket.SHUT_WR)
