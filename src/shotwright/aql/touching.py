"""Which collections a query reads and writes, and whether it reads what it has written.

A server reads and writes a query's collections in an order of its own; so nothing may be read after it was written
(ArangoDB's error 1579), no traversal or look-up may follow a write, and a sub-query may not write what was read around
it.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shotwright.aql.failures import Fault, Number

if TYPE_CHECKING:
    from collections.abc import Iterator

_HINT = "read first and write last, or use two queries"


@dataclass(slots=True)
class Touching:
    """What has been read and written so far, in the order of the text."""

    read: set[str] = field(default_factory=set)
    written: set[str] = field(default_factory=set)
    depth: int = 0
    first: dict[str, int] = field(default_factory=dict)
    """How deep in sub-queries a collection was named first."""
    busy: bool = False

    def reading(self, name: str, at: int) -> None:
        """A collection is read."""
        if name in self.written:
            raise Fault(f"collection '{name}' is read after it was written", at, _HINT, Number.READ_AFTER_WRITE)
        self.read.add(name)
        self.first.setdefault(name, self.depth)

    def traversing(self, at: int) -> None:
        """A graph is followed."""
        if self.written:
            raise Fault("a graph is followed after a write", at, _HINT, Number.READ_AFTER_WRITE)

    def looking_up(self, function: str, at: int) -> None:
        """A function reads documents."""
        if self.written:
            raise Fault(f"{function} reads documents after a write", at, _HINT, Number.READ_AFTER_WRITE)

    def writing(self, name: str, at: int) -> None:
        """A collection is written."""
        if name in self.written:
            hint = "one query writes a collection once"
            raise Fault(f"collection '{name}' is written twice", at, hint, Number.WRITTEN_TWICE)
        if self.first.setdefault(name, self.depth) < self.depth:
            said = f"collection '{name}' is written in a sub-query of what reads it"
            raise Fault(said, at, _HINT, Number.WRITTEN_TWICE)
        self.written.add(name)

    @contextmanager
    def one_write(self, at: int) -> Iterator[None]:
        """A write with all that it holds; a write cannot hold another."""
        if self.busy:
            hint = "put it into a LET before"
            raise Fault("a write cannot stand within another", at, hint, Number.WRITTEN_TWICE)
        self.busy = True
        yield
        self.busy = False

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """A sub-query."""
        self.depth += 1
        yield
        self.depth -= 1
