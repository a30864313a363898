"""Calling a function of AQL alone, without a query around it."""

from __future__ import annotations

from typing import Any

from shotwright.aql.functions import FUNCTIONS
from shotwright.errors import QueryError

DOCUMENTS = {
    "scenes/1": {"_id": "scenes/1", "_key": "1", "heading": "INT. LOFT - DAY"},
    "scenes/2": {"_id": "scenes/2", "_key": "2", "heading": "EXT. QUAY - NIGHT"},
}


class Caller:
    """A query with two documents, and room for so many values."""

    database = "film"
    user: str | None = "wren"

    def __init__(self, room: int = 100_000) -> None:
        self.room = room
        self.warnings: list[tuple[int, str]] = []

    def document(self, identifier: str) -> dict[str, Any] | None:
        return DOCUMENTS.get(identifier)

    def count(self, collection: str) -> int | None:
        return len(DOCUMENTS) if collection == "scenes" else None

    def warn(self, code: int, message: str) -> None:
        self.warnings.append((code, message))

    def budget(self, size: int) -> None:
        self.room -= size
        if self.room < 0:
            raise QueryError("no room left")


def answer(name: str, *arguments: Any) -> Any:
    """What the function answers, with no warning."""
    caller = Caller()
    found = FUNCTIONS[name].call(caller, *arguments)
    assert not caller.warnings
    return found


def warning(name: str, *arguments: Any) -> int:
    """The number of the one warning that a function leaves when it answers null."""
    caller = Caller()
    assert FUNCTIONS[name].call(caller, *arguments) is None
    ((code, message),) = caller.warnings
    assert f"{name}()" in message
    return code
