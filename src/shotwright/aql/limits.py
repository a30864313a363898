"""How much one query may use, what counts it, and how a query fails."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shotwright.aql.failures import AqlFailure, Number

if TYPE_CHECKING:
    from collections.abc import Callable

_TEXT = 64
"""Characters that weigh as much as one value."""
_LARGE = 200
"""Values of this size are measured once."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may use before it is stopped with a QueryError."""

    seconds: float = 5.0
    rows: int = 10_000
    """Of the result."""
    memory_values: int = 2_000_000
    """Values that the query makes or holds on the way: rows to sort and to group, arrays, objects, paths."""
    depth: int = 100
    """Levels of arrays and objects in one value."""


class Meter:
    """Counts steps and values, and looks at the clock every 256th step."""

    __slots__ = ("_clock", "_deadline", "_sizes", "limits", "scanned", "steps", "values")

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self.limits = limits
        self.steps = 0
        self.values = 0
        self.scanned = 0
        self._sizes: dict[int, tuple[Any, int, int]] = {}
        """By identity, of large values: (the value, its size, its depth)."""
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
                Number.KILLED,
                f"the query ran longer than {self.limits.seconds:g} s",
                hint="add LIMIT or FILTER, or narrow the traversal",
            )

    def charge(self, count: int) -> None:
        """`count` more values are made or held."""
        self.values += count
        if self.values > self.limits.memory_values:
            raise AqlFailure(
                Number.RESOURCE_LIMIT,
                f"the query holds more than {self.limits.memory_values} values",
                hint="add LIMIT or FILTER before what sorts, groups or gathers",
            )

    def weigh(self, value: Any) -> Any:
        """Charge for an array, an object or a long text that was just made, without what it shares; returns it.

        Its size all told is bounded too, shared parts counted each time: whoever compares or prints it walks them all.
        """
        kind = type(value)
        if kind is list or kind is dict:
            self.charge(len(value) + 1)
            self.size(value)
        elif kind is str and len(value) > _TEXT:
            self.charge(len(value) // _TEXT)
        return value

    def hold(self, value: Any) -> Any:
        """Charge for a value of which every part is about to be copied; returns it."""
        kind = type(value)
        if kind is list or kind is dict:
            self.charge(self.size(value))
        elif kind is str and len(value) > _TEXT:
            self.charge(len(value) // _TEXT)
        return value

    def gather(self, total: int, value: Any) -> int:
        """The size of what is gathered, of which `total` is the size before this value came to it."""
        self.charge(1)
        kind = type(value)
        total += self.size(value) if kind is list or kind is dict else 1
        if total > self.limits.memory_values:
            self.charge(total)
        return total

    def size(self, value: Any) -> int:
        """Values in an array or object, on all levels and itself included; an error when it is too large or deep."""
        known = self._sizes.get(id(value))
        if known is not None:
            return known[1]
        total = depth = deepest = 0
        level: list[Any] = [value]
        while level:
            depth += 1
            below: list[Any] = []
            for holder in level:
                total += len(holder) + 1
                for item in holder if type(holder) is list else holder.values():
                    if type(item) is list or type(item) is dict:
                        known = self._sizes.get(id(item))
                        if known is None:
                            below.append(item)
                        else:
                            total += known[1]
                            deepest = max(deepest, depth + known[2])
                self.step()
            deepest = max(deepest, depth)
            if deepest > self.limits.depth:
                raise AqlFailure(
                    Number.RESOURCE_LIMIT,
                    f"a value nests more than {self.limits.depth} arrays and objects",
                    hint="flatten it",
                )
            if total > self.limits.memory_values:
                self.charge(total)
            level = below
        if total > _LARGE:
            # Kept with the value itself, so that no other value can get its id.
            self._sizes[id(value)] = (value, total, deepest)
        return total
