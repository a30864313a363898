"""Recorded exchanges, played to the stand-in and compared."""

from __future__ import annotations

import http.client
import json
import re
import tomllib
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from tests.standin.answers import Refusal
from tests.standin.api.routing import find_route

if TYPE_CHECKING:
    from collections.abc import Iterator

_HERE = Path(__file__).parent
_DIGITS = re.compile(r"\d{4,}")
_NODES = re.compile(r" ?\[node #\d+: \w+\]")
_REVISION = re.compile(r"\{rev:([^}]*)\}")
_AUTHORIZATION = "Basic cm9vdDo="
_TRANSPORT = {"content-length", "connection"}


@cache
def preparations() -> dict[str, Any]:
    return tomllib.loads((_HERE / "recorded.toml").read_text(encoding="utf-8"))


@cache
def outside() -> dict[str, Any]:
    return tomllib.loads((_HERE / "outside.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer, recorded or the stand-in's."""

    status: int
    headers: dict[str, str]
    body: Any


@dataclass(frozen=True, slots=True)
class Exchange:
    """One recording: what was asked first, and every answer that it holds."""

    version: str
    name: str
    method: str
    path: str
    body: str
    replies: tuple[Reply, ...] = field(default=())

    @classmethod
    def of(cls, recorded: dict[str, Any]) -> Exchange:
        first, *more = re.split(r"\n+(?=HTTP/1\.1 \d)", recorded["response"] or "")
        replies = [Reply(recorded["status"], _headers(recorded["response_head"]), _value(first))]
        for part in more:
            head, _, text = part.partition("\n\n")
            replies.append(Reply(int(head.split()[1]), _headers(head), _value(text)))
        asked = {name: recorded[name] or "" for name in ("version", "name", "method", "path", "body")}
        return cls(**asked, replies=tuple(replies))

    def asked_as(self, namesake: Exchange) -> Exchange:
        """Where a recording has only the answers, with the request of the recording of the same name."""
        return self if self.method else replace(self, method=namesake.method, path=namesake.path, body=namesake.body)

    @property
    def implemented(self) -> bool:
        """Whether the stand-in has a route for it."""
        segments = [unquote(part) for part in urlsplit(self.path).path.split("/")]
        if len(segments) < 2:
            return False
        if segments[1] == "_db":
            segments = ["", *segments[3:]]
        if segments[-1] == "":
            segments.pop()
        try:
            find_route(self.method, segments)
        except Refusal:
            return False
        return True


def _headers(head: str) -> dict[str, str]:
    lines = (line.partition(": ") for line in head.split("\n")[1:] if ": " in line)
    return {name.lower(): value for name, _, value in lines}


def _value(text: str) -> Any:
    try:
        return json.loads(text) if text.strip() else None
    except ValueError:
        return text


class Player:
    """Plays an exchange to a server that has just been emptied."""

    def __init__(self, port: int, exchange: Exchange) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port)
        self._exchange = exchange
        self._preparation = preparations().get(exchange.name, {})
        self._key = urlsplit(exchange.path).path.rsplit("/", 1)[1]
        self._id = ""
        self._revisions: dict[str, str] = {}

    def replies(self) -> list[Reply]:
        try:
            for line in _expanded(self._preparation.get("before", [])):
                reply = self._send(line, {})
                assert reply.status < 300, f"{self._exchange.name}: preparing {line}: {reply}"
            headers = {name: self._filled(value) for name, value in self._preparation.get("headers", {}).items()}
            if "requests" in self._preparation:
                replies = [self._send(line, headers) for line in self._preparation["requests"]]
                lost = self._preparation.get("not_recorded", [])
                return [reply for at, reply in enumerate(replies) if at not in lost]
            return [self._ask(self._exchange.method, self._exchange.path, self._exchange.body, headers)]
        finally:
            self._connection.close()

    def _send(self, line: str, headers: dict[str, str]) -> Reply:
        method, _, rest = line.partition(" ")
        path, _, body = rest.partition(" ")
        return self._ask(method, self._filled(path), self._filled(body), headers)

    def _ask(self, method: str, path: str, body: str, headers: dict[str, str]) -> Reply:
        self._connection.request(method, path, body.encode() or None, {"authorization": _AUTHORIZATION, **headers})
        response = self._connection.getresponse()
        text = response.read().decode()
        reply = Reply(response.status, {name.lower(): value for name, value in response.getheaders()}, _value(text))
        self._remember(reply.body)
        return reply

    def _remember(self, body: Any) -> None:
        for one in body if isinstance(body, list) else [body]:
            if isinstance(one, dict):
                found = one.get("id") or (one["result"].get("id") if isinstance(one.get("result"), dict) else None)
                self._id = found or self._id
                if "_key" in one and "_rev" in one:
                    self._revisions[one["_key"]] = one["_rev"]

    def _filled(self, text: str) -> str:
        text = text.replace("{key}", self._key).replace("{id}", self._id)
        return _REVISION.sub(lambda match: self._revisions[match[1]], text)


def _expanded(lines: list[str]) -> Iterator[str]:
    for line in lines:
        if line.startswith("@"):
            yield from _expanded(preparations()["groups"][line[1:]])
        else:
            yield line


def differences(exchange: Exchange, replies: list[Reply]) -> list[str]:
    """In what the stand-in's replies are not those of the recording."""
    preparation = preparations().get(exchange.name, {})
    found: list[str] = []
    if len(replies) != len(exchange.replies):
        return [f"{len(replies)} answers for {len(exchange.replies)}"]
    for at, (theirs, own) in enumerate(zip(exchange.replies, replies, strict=True)):
        where = f"answer {at + 1}"
        if theirs.status != own.status:
            found.append(f"{where}: status {own.status}, recorded {theirs.status}")
        found += _of_headers(theirs.headers, own.headers, where)
        ignored = outside()["changed"].get(exchange.version, {}).get("names", [])
        one, other = (_without(reply.body, frozenset(ignored)) for reply in (theirs, own))
        found += _of_values(one, other, where, bool(preparation.get("unordered")))
    return found


def _without(value: Any, names: frozenset[str]) -> Any:
    if isinstance(value, dict):
        return {name: _without(one, names) for name, one in value.items() if name not in names}
    return [_without(one, names) for one in value] if isinstance(value, list) else value


def _of_headers(theirs: dict[str, str], own: dict[str, str], where: str) -> Iterator[str]:
    for name in sorted((set(theirs) ^ set(own)) - _TRANSPORT):
        yield f"{where}: header {name} is {'missing' if name in theirs else 'new'}"
    for name in sorted((set(theirs) & set(own)) - _TRANSPORT):
        one, other = theirs[name], own[name]
        if name == "etag":
            one, other = one[:1] == '"', other[:1] == '"'  # type: ignore[assignment]
        if name == "location":
            one, other = _DIGITS.sub("#", one), _DIGITS.sub("#", other)
        if one != other:
            yield f"{where}: header {name} is {other!r}, recorded {one!r}"


def _of_values(theirs: Any, own: Any, where: str, unordered: bool, *, typed: bool = False) -> Iterator[str]:
    if _kind(theirs) != _kind(own):
        yield f"{where}: {own!r:.80}, recorded {theirs!r:.80}"
    elif isinstance(theirs, dict):
        yield from _of_objects(theirs, own, where, unordered)
    elif isinstance(theirs, list):
        if len(theirs) != len(own):
            yield f"{where}: {len(own)} items, recorded {len(theirs)}"
            return
        if unordered:
            theirs, own = sorted(theirs, key=_named), sorted(own, key=_named)
        for at, (one, other) in enumerate(zip(theirs, own, strict=True)):
            yield from _of_values(one, other, f"{where}[{at}]", unordered)
    elif not typed and _comparable(theirs) != _comparable(own):
        yield f"{where}: {own!r:.120}, recorded {theirs!r:.120}"


def _of_objects(theirs: dict[str, Any], own: dict[str, Any], where: str, unordered: bool) -> Iterator[str]:
    rules = outside()
    if "writesExecuted" in theirs:
        volatile, loose = set(theirs) - set(rules["statistics"]), set()
    else:
        volatile, loose = set(rules["volatile"]), set(rules["loose"])
    names, others = {_DIGITS.sub("#", name): name for name in theirs}, {_DIGITS.sub("#", name): name for name in own}
    for name in sorted(set(names) ^ set(others)):
        yield f"{where}.{name} is {'missing' if name in names else 'new'}"
    for name in sorted(set(names) & set(others)):
        one, other = theirs[names[name]], own[others[name]]
        if name in loose:
            if _kind(one) != _kind(other) or (name == "nodes" and _writing(one) != _writing(other)):
                yield f"{where}.{name} is another kind of value"
            continue
        yield from _of_values(one, other, f"{where}.{name}", unordered, typed=name in volatile)


def _writing(nodes: list[dict[str, Any]]) -> list[str]:
    kinds = ("InsertNode", "UpdateNode", "ReplaceNode", "RemoveNode", "UpsertNode")
    return [node["type"] for node in nodes if node["type"] in kinds]


def _kind(value: Any) -> str:
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__


def _comparable(value: Any) -> Any:
    return _NODES.sub("", _DIGITS.sub("#", value)) if isinstance(value, str) else value


def _named(value: Any) -> str:
    return str(value.get("name", value.get("user", value))) if isinstance(value, dict) else str(value)
