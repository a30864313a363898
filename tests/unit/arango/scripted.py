"""An HTTP client for the driver that answers from a script, and recordings of real servers as answers to script."""

from __future__ import annotations

import json
import re
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from shotwright.adapters.story_store.arango import ArangoSettings, ArangoStoryStore
from shotwright.adapters.story_store.arango.layout import layout_mark
from shotwright.adapters.story_store.arango.retrying import Backoff

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

SECRET = "correct horse battery"
SETTINGS = ArangoSettings("arangodb://db.example:8529/films", username="ida", password=SECRET)


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return self.body if isinstance(self.body, str) else json.dumps(self.body)


@dataclass(frozen=True)
class Sent:
    """One request as the driver sent it; the path without its database."""

    method: str
    path: str
    database: str
    params: dict[str, str]
    body: Any
    headers: dict[str, str]
    auth: tuple[str, str] | None

    @property
    def line(self) -> str:
        return f"{self.method} {self.path}"


def error(status: int, number: int, said: str = "no", **headers: str) -> Answer:
    return Answer(status, {"error": True, "code": status, "errorNum": number, "errorMessage": said}, headers)


def rows(*found: Any, more: str = "") -> Answer:
    body = {"result": list(found), "hasMore": bool(more), "error": False, "code": 201, "extra": {"warnings": []}}
    return Answer(201, {**body, "id": more} if more else body)


class Script:
    """What a server that is set up and holds nothing answers, unless a test says otherwise with `on`."""

    def __init__(self) -> None:
        self.sent: list[Sent] = []
        self._rules: list[tuple[str, deque[Answer | BaseException]]] = []
        self._always: list[tuple[str, Answer | BaseException]] = []
        self._number = 0

    def on(self, pattern: str, *answers: Answer | BaseException) -> Script:
        """Requests whose `method path` matches get these answers, one after the other, and then the usual one."""
        self._rules.append((pattern, deque(answers)))
        return self

    def always(self, pattern: str, answer: Answer | BaseException) -> Script:
        self._always.append((pattern, answer))
        return self

    def lines(self, start: str = "") -> list[str]:
        return [sent.line for sent in self.sent if sent.line.startswith(start)]

    def create_session(self, host: str) -> object:
        return object()

    def send_request(
        self,
        session: Any,
        method: str,
        url: str,
        headers: Any = None,
        params: Any = None,
        data: Any = None,
        auth: Any = None,
    ) -> Any:
        from arango.response import Response

        path = urlsplit(url).path
        database = ""
        if path.startswith("/_db/"):
            _, _, database, rest = path.split("/", 3)
            path = f"/{rest}"
        body = json.loads(data) if data else None
        sent = Sent(method, path, unquote(database), dict(params or {}), body, dict(headers or {}), auth)
        self.sent.append(sent)
        answer = self._answer(sent)
        if isinstance(answer, BaseException):
            raise answer
        return Response(method, url, dict(answer.headers), answer.status, "said", answer.text)

    def _answer(self, sent: Sent) -> Answer | BaseException:
        for pattern, waiting in self._rules:
            if waiting and re.fullmatch(pattern, sent.line):
                return waiting.popleft()
        for pattern, answer in self._always:
            if re.fullmatch(pattern, sent.line):
                return answer
        return self._usual(sent)

    def _usual(self, sent: Sent) -> Answer:
        if sent.line == "get /_api/document/meta/layout":
            return Answer(200, {"_key": "layout", "version": 1, "mark": layout_mark()})
        if sent.path == "/_api/transaction/begin":
            self._number += 1
            return Answer(201, {"result": {"id": str(self._number), "status": "running"}})
        if sent.line == "post /_api/cursor":
            return rows()
        if sent.line == "post /_api/explain":
            return Answer(200, {"plan": {"nodes": [], "collections": [], "isModificationQuery": False}})
        if sent.method == "put" and sent.path.startswith("/_api/document/"):
            return Answer(202, {"_rev": "_new"})
        if sent.method == "get" and sent.path.startswith("/_api/document/"):
            return error(404, 1202, "document not found")
        return Answer(200, {})


class Waits:
    """A clock that only the waits move, and what they were."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def backoff(self, jitter: Callable[[], float] = lambda: 1.0, **changes: Any) -> Backoff:
        return Backoff(jitter=jitter, sleep=self.sleep, clock=lambda: self.now, **changes)


def open_store(script: Script, waits: Waits | None = None, **changes: Any) -> ArangoStoryStore:
    backoff = (waits or Waits()).backoff(**changes)
    return ArangoStoryStore(SETTINGS, "birds", http_client=script, backoff=backoff)


def recorded(exchange: dict[str, Any]) -> list[Answer]:
    """The answers of a recording, which may hold several exchanges one after the other."""
    found = []
    for part in re.split(r"\n(?=HTTP/1\.1 )", f"{exchange['response_head']}\n\n{exchange['response']}"):
        head, _, body = part.partition("\n\n")
        first, *lines = head.splitlines()
        headers = dict(line.split(": ", 1) for line in lines if ": " in line)
        found.append(Answer(int(first.split()[1]), body.strip(), headers))
    return found


def named(exchanges: Iterable[dict[str, Any]], name: str) -> list[Answer]:
    for exchange in exchanges:
        if exchange["name"] == name and exchange["version"] == "3.12":
            return recorded(exchange)
    raise AssertionError(f"there is no recording {name}")
