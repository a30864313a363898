"""Which variables a place in a query sees."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from shotwright.aql.failures import Fault, Number
from shotwright.aql.syntax import Identifier

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(slots=True)
class _Scope:
    kind: Literal["query", "for", "collect"]
    names: dict[str, None] = field(default_factory=dict)


@dataclass(slots=True)
class Scopes:
    """The open scopes, outermost first."""

    opened: list[_Scope] = field(default_factory=lambda: [_Scope("query")])

    def has(self, name: str) -> bool:
        """Whether a variable of that name can be seen."""
        return any(name in scope.names for scope in self.opened)

    def visible(self) -> list[str]:
        """All that can be seen and that a query can name."""
        return [name for scope in self.opened for name in scope.names if not name.startswith(".")]

    def inside(self) -> bool:
        """Whether the query here is within a FOR or a COLLECT of its own."""
        return self.opened[-1].kind != "query"

    def open(self, kind: Literal["query", "for", "collect"]) -> None:
        """Begin a scope; it lasts until the query around it ends or collects."""
        self.opened.append(_Scope(kind))

    def free(self, name: str) -> None:
        """Raise Fault when the name is taken."""
        if self.has(name):
            at = name.at if isinstance(name, Identifier) else 0
            hint = "a name can be given once in a query"
            raise Fault(f"variable '{name}' is assigned multiple times", at, hint, Number.REDEFINED)

    def add(self, name: str) -> None:
        """Bring a variable in; raise Fault when the name is taken."""
        self.free(name)
        self.opened[-1].names[name] = None

    def put(self, name: str, _at: int) -> None:
        """Bring in NEW or OLD, which every write gives anew."""
        self.opened[-1].names[name] = None

    def collect(self) -> None:
        """Close every scope of this query but its first; variables from before its first FOR stay."""
        if self.inside():
            while self.inside():
                self.opened.pop()
            self.open("collect")

    @contextmanager
    def inner(self) -> Iterator[None]:
        """The scope of a sub-query."""
        depth = len(self.opened)
        self.open("query")
        yield
        del self.opened[depth:]
