"""Requests, and which function answers which."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.standin.answers import Answer, Refusal
from tests.standin.documents import Documents, truth
from tests.standin.transactions import Transaction, running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.standin.database import Database, Holdings

Handler = "Callable[..., Answer]"
_SEGMENTS = "{}"
_STRUCTURES = {"collection", "index", "view", "analyzer", "gharial"}


@dataclass(frozen=True, slots=True)
class Request:
    """One request to one database."""

    method: str
    path: str
    """Without the database's prefix."""
    parameters: dict[str, str]
    headers: dict[str, str]
    """Names in lower case."""
    body: bytes
    holdings: Holdings
    database: Database
    user: str

    def json(self) -> Any:
        """The body; 600 for one that is not JSON."""
        if not self.body.strip():
            return None
        return parsed(self.body)

    def object(self) -> dict[str, Any]:
        value = self.json()
        if not isinstance(value, dict):
            raise Refusal(400, "expecting an object in the request")
        return value

    def asked(self, name: str, default: bool = False) -> bool:
        return truth(self.parameters[name]) if name in self.parameters else default

    @property
    def read_only(self) -> bool:
        """Whether the user may only read in this database."""
        return bool(self.user) and self.holdings.permission(self.user, self.database.name) != "rw"

    def location(self) -> dict[str, str]:
        return {"location": f"/_db/{self.database.name}{self.path}"}

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """The stream transaction that the request names, or one of its own, committed when nothing fails."""
        named = self.headers.get("x-arango-trx-id")
        if named:
            stream = running(self.database, named)
            with stream.use:
                yield stream
            return
        own = Transaction(self.holdings, self.database, "0", None, read_only=self.read_only)
        try:
            yield own
        except BaseException:
            own.abort()
            raise
        own.commit()

    def documents(self, transaction: Transaction, collection: str) -> Documents:
        return Documents(transaction, self.holdings.ticks, collection)


def parsed(text: bytes | str) -> Any:
    try:
        return json.loads(text, parse_constant=_no_constant, parse_int=_number)
    except (ValueError, RecursionError) as error:
        wanted = "'\"' or '}'" if "property name" in str(error) else "JSON value"
        raise Refusal(600, f"VPackError error: Expecting {wanted}") from None


def _number(digits: str) -> int | float:
    """Whole numbers have 64 bits; beyond that a server keeps a float."""
    value = int(digits[:400])
    return value if -(2**63) <= value < 2**64 else float(digits)


def _no_constant(name: str) -> Any:
    raise ValueError(name)


@dataclass(frozen=True, slots=True)
class Route:
    """A method and a path whose segments in braces stand for any."""

    method: str
    template: str
    answer: Callable[..., Answer] = field(compare=False)

    @property
    def changes_structure(self) -> bool:
        """Whether it makes, changes or drops what is no document."""
        family = self.template.split("/")[2]
        documents = self.template.count("/") > 4 or self.template.endswith("/truncate")
        return self.method != "GET" and family in _STRUCTURES and not documents

    @property
    def shape(self) -> str:
        """The template without the names of its variables, to compare with the documented paths."""
        return "/".join(_SEGMENTS if part.startswith("{") else part for part in self.template.split("/"))


ROUTES: list[Route] = []
_BY_LENGTH: dict[tuple[str, int], list[tuple[list[str], Route]]] = {}


def route(*descriptions: str) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
    """`@route("GET /_api/version")`; the variables of the path are passed by name."""

    def register(function: Callable[..., Answer]) -> Callable[..., Answer]:
        for description in descriptions:
            method, template = description.split(" ")
            made = Route(method, template, function)
            ROUTES.append(made)
            parts = template.split("/")
            _BY_LENGTH.setdefault((method, len(parts)), []).append((parts, made))
        return function

    return register


def find_route(method: str, segments: list[str]) -> tuple[Route, dict[str, str]]:
    """The route of a path, exact segments before variable ones; 404 or 405 when there is none."""
    best: tuple[int, Route, dict[str, str]] | None = None
    for parts, candidate in _BY_LENGTH.get((method, len(segments)), ()):
        names: dict[str, str] = {}
        for part, segment in zip(parts, segments, strict=True):
            if part.startswith("{"):
                names[part[1:-1]] = segment
            elif part != segment:
                break
        else:
            if best is None or len(names) < best[0]:
                best = (len(names), candidate, names)
    if best is not None:
        return best[1], best[2]
    if any(kind == method for kind, _ in _BY_LENGTH) and not any(
        length == len(segments) and any(_fits(parts, segments) for parts, _ in listed)
        for (_, length), listed in _BY_LENGTH.items()
    ):
        raise Refusal(404, f"unknown path '{'/'.join(segments)}'")
    raise Refusal(405)


def _fits(parts: list[str], segments: list[str]) -> bool:
    return all(part.startswith("{") or part == segment for part, segment in zip(parts, segments, strict=True))
