"""What can be wrong with a query, each with ArangoDB's own number for it."""

from __future__ import annotations

from enum import IntEnum

from shotwright.aql.syntax import where
from shotwright.errors import QueryError


class Number(IntEnum):
    """ArangoDB's error numbers for what is found before a query runs, and for one that is stopped."""

    RESOURCE_LIMIT = 32
    UNKNOWN = 1203
    """A variable, collection or view that there is none of."""
    KIND = 1218
    """A collection of another kind than is needed."""
    KILLED = 1500
    SYNTAX = 1501
    REDEFINED = 1511
    NESTING = 1524
    FUNCTION = 1540
    ARITY = 1541
    BIND_MISSING = 1551
    BIND_SURPLUS = 1552
    BIND_KIND = 1553
    COLLECTION_AS_VALUE = 1568
    WRITTEN_TWICE = 1573
    AGGREGATE = 1574
    OPTIONS = 1575
    READ_AFTER_WRITE = 1579


class AqlFailure(QueryError):
    """A query that fails with one of ArangoDB's error numbers in `code`."""

    def __init__(self, code: int, message: str, *, hint: str = "", line: int = 0, column: int = 0) -> None:
        super().__init__(message, hint=hint, line=line, column=column)
        self.code = code


class Fault(Exception):
    """What is wrong, at which offset, and what to do about it; the parser turns it into an AqlFailure."""

    def __init__(self, message: str, at: int, hint: str = "", number: Number = Number.SYNTAX) -> None:
        super().__init__(message)
        # A quoted name may hold a line break; a message may not.
        self.message = " ".join(message.split())
        self.at = at
        self.hint = hint
        self.number = number

    def located(self, text: str) -> AqlFailure:
        """The error for the user, with line and column; an offset below 0 means the whole."""
        line, column = where(text, self.at) if self.at >= 0 else (0, 0)
        return AqlFailure(self.number, self.message, hint=self.hint, line=line, column=column)
