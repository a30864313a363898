"""How much one query may use, what counts it, and how a query fails."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shotwright.errors import QueryError

if TYPE_CHECKING:
    from collections.abc import Callable

KILLED, RESOURCE_LIMIT = 1500, 32
"""ArangoDB's numbers for a query that was stopped and for one that asked for too much."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may use before it is stopped with a QueryError."""

    seconds: float = 5.0
    rows: int = 10_000
    """Of the result."""
    memory_values: int = 4_000_000
    """Values that the query makes or holds on the way: rows to sort and to group, arrays, objects, paths."""
    depth: int = 100
    """Levels of arrays and objects in one value."""


class AqlFailure(QueryError):
    """A query that fails with one of ArangoDB's error numbers in `code`."""

    def __init__(self, code: int, message: str, *, hint: str = "", line: int = 0, column: int = 0) -> None:
        super().__init__(message, hint=hint, line=line, column=column)
        self.code = code


class Meter:
    """Counts steps and values, and looks at the clock every 256th step."""

    __slots__ = ("_clock", "_deadline", "limits", "scanned", "steps", "values")

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self.limits = limits
        self.steps = 0
        self.values = 0
        self.scanned = 0
        self._clock = clock
        self._deadline = clock() + limits.seconds

    def step(self) -> None:
        """One turn of any loop."""
        self.steps += 1
        if not self.steps & 0xFF:
            self.look()

    def look(self) -> None:
        if self._clock() > self._deadline:
            raise AqlFailure(
                KILLED,
                f"the query ran longer than {self.limits.seconds:g} s",
                hint="add LIMIT or FILTER, or narrow the traversal",
            )

    def charge(self, count: int) -> None:
        """`count` more values are made or held."""
        self.values += count
        if self.values > self.limits.memory_values:
            raise AqlFailure(
                RESOURCE_LIMIT,
                f"the query holds more than {self.limits.memory_values} values",
                hint="add LIMIT or FILTER before what sorts, groups or gathers",
            )

    def weigh(self, value: Any) -> Any:
        """Charge for an array, an object or a long string with all that it holds, shared parts each time; returns it.

        Shared parts count again because whoever prints or compares the value walks them again.
        """
        kind = type(value)
        if kind is str:
            if len(value) > 64:
                self.charge(len(value) >> 5)
            return value
        if kind is not list and kind is not dict:
            return value
        level: list[Any] = [value]
        for _ in range(self.limits.depth):
            below: list[Any] = []
            for holder in level:
                self.charge(len(holder) + 1)
                items = holder if type(holder) is list else holder.values()
                below += [item for item in items if type(item) is list or type(item) is dict]
                self.step()
            if not below:
                return value
            level = below
        raise AqlFailure(
            RESOURCE_LIMIT, f"a value nests more than {self.limits.depth} arrays and objects", hint="flatten it"
        )
