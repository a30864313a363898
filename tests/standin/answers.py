"""What a server answers: bodies, headers and the numbered errors."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

STATUS_OF_QUERY_ERRORS = range(1500, 1600)
_WHOLE_FLOAT = re.compile(r"\d\.0(?:[,\]}]|$)")
_LARGEST_WHOLE = 2.0**53
NO_BODY = object()
"""An answer without a body, as 304 has it."""

COMMON_HEADERS = {
    "cache-control": "no-cache, no-store, must-revalidate, pre-check=0, post-check=0, max-age=0, s-maxage=0",
    "content-security-policy": "frame-ancestors 'self'; form-action 'self';",
    "expires": "0",
    "pragma": "no-cache",
    "server": "ArangoDB",
    "strict-transport-security": "max-age=31536000 ; includeSubDomains",
    "x-arango-queue-time-seconds": "0.000000",
    "x-content-type-options": "nosniff",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, a body that becomes JSON, and the headers beside those of every answer."""

    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)

    def encoded(self) -> bytes:
        if self.body is NO_BODY:
            return b""
        text = json.dumps(self.body, ensure_ascii=False, separators=(",", ":"))
        if _WHOLE_FLOAT.search(text):
            text = json.dumps(_with_whole_numbers(self.body), ensure_ascii=False, separators=(",", ":"))
        return text.encode("utf-8", "surrogatepass")


def _with_whole_numbers(value: Any) -> Any:
    """With 2.0 written as 2: a server tells no difference between them."""
    if isinstance(value, float) and value.is_integer() and abs(value) < _LARGEST_WHOLE:
        return int(value)
    if isinstance(value, dict):
        return {name: _with_whole_numbers(one) for name, one in value.items()}
    return [_with_whole_numbers(one) for one in value] if isinstance(value, list) else value


@cache
def _errors() -> dict[int, tuple[int, str]]:
    table = tomllib.loads(Path(__file__).with_name("errors.toml").read_text(encoding="utf-8"))
    return {int(number): (status, message) for number, (status, message) in table.items()}


def status_of(number: int) -> int:
    if number in _errors():
        return _errors()[number][0]
    return 400 if number in STATUS_OF_QUERY_ERRORS else 500


def message_of(number: int) -> str:
    return _errors()[number][1]


class Refusal(Exception):
    """What the server will not do: an error number, its message, and fields that the body also has."""

    def __init__(self, number: int, message: str | None = None, *, status: int | None = None, **extra: Any) -> None:
        self.number = number
        self.message = message_of(number) if message is None else message
        self.status = status_of(number) if status is None else status
        self.extra = extra
        super().__init__(f"{self.status} [{number}] {self.message}")

    def answer(self) -> Answer:
        headers = {}
        if "_rev" in self.extra and self.status == 412:
            headers["etag"] = quoted(self.extra["_rev"])
        if self.status == 401:
            headers["www-authenticate"] = 'Bearer token_type="JWT", realm="ArangoDB"'
        body = {"error": True, "code": self.status, "errorNum": self.number, "errorMessage": self.message, **self.extra}
        return Answer(self.status, body, headers)

    def item(self) -> dict[str, Any]:
        """As one of many documents' results."""
        return {"error": True, "errorNum": self.number, "errorMessage": self.message}


def no_collection(name: str) -> Refusal:
    return Refusal(1203, f"{message_of(1203)}: {name}")


def quoted(revision: str) -> str:
    return f'"{revision}"'


def done(status: int, /, **body: Any) -> Answer:
    """The envelope of most answers."""
    return Answer(status, {"error": False, "code": status, **body})
