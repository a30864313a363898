"""Expressions, compiled once per query to Python functions of a frame.

A frame is the list of the values of all variables of a query, its sub-queries' included: a variable is a place in it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from shotwright.aql import syntax
from shotwright.aql.expressions import COMPILERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shotwright.aql.running import Running

Frame: TypeAlias = list[Any]
Thunk: TypeAlias = Callable[[Frame], Any]

UNKNOWN = object()
"""What `Compiler.constant` answers for an expression that is no constant."""


@dataclass(slots=True)
class Scope:
    """The variables that can be seen, and their places: those of the enclosing query, and this query's own."""

    outer: dict[str, int] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)
    looped: bool = False
    """A FOR or COLLECT came before: from there on variables go into the groups of an INTO."""
    gathered: list[str] = field(default_factory=list)

    def place(self, name: str) -> int | None:
        return self.names.get(name, self.outer.get(name))

    def inner(self) -> Scope:
        """For a sub-query."""
        return Scope(self.outer | self.names)


class Compiler:
    """Turns the tree of one query into functions; it ends with the run that it was made for."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.places = 0
        self.writes = False
        """Whether the query writes anywhere; set before its first statement is compiled."""
        self.seen: set[int] = set()
        """Places that some expression reads."""
        self._lowest = 0
        self._steady = True

    def declare(self, name: str, scope: Scope) -> int:
        place = self.hidden()
        scope.names[name] = place
        # A name with a dot before it is the parser's own, for a value that is taken apart.
        if scope.looped and name not in ("NEW", "OLD") and name[0] != ".":
            scope.gathered.append(name)
        return place

    def hidden(self) -> int:
        """A place that has no name."""
        self.places += 1
        return self.places - 1

    def reads(self, place: int) -> None:
        """What is compiled just now reads this place."""
        self.seen.add(place)
        self._lowest = min(self._lowest, place)

    def varies(self) -> None:
        """What is compiled just now may differ each time that it is asked."""
        self._steady = False

    def frame(self) -> Frame:
        return [None] * self.places

    def expression(self, node: syntax.Expression, scope: Scope) -> Thunk:
        value = self.constant(node)
        if value is not UNKNOWN:
            return lambda frame: value
        return COMPILERS[type(node)](self, node, scope)

    def constant(self, node: syntax.Expression) -> Any:
        """The value that can be told without a frame, or UNKNOWN."""
        match node:
            case syntax.Constant(value):
                return value
            case syntax.Bind():
                return self.bound(node)
            case syntax.ArrayOf(items):
                values = [self.constant(item) for item in items]
                return UNKNOWN if any(value is UNKNOWN for value in values) else self.running.meter.weigh(values)
            case syntax.ObjectOf(entries):
                if not all(isinstance(key, str) for key, _ in entries):
                    return UNKNOWN
                pairs = {str(key): self.constant(value) for key, value in entries}
                return UNKNOWN if any(v is UNKNOWN for v in pairs.values()) else self.running.meter.weigh(pairs)
            case syntax.Unary("-", operand):
                value = self.constant(operand)
                return -value if type(value) in (int, float) else UNKNOWN
        return UNKNOWN

    def bound(self, node: syntax.Bind) -> Any:
        key = f"@{node.name}" if node.collection else node.name
        try:
            return self.running.bind[key]
        except KeyError:
            raise self.running.failure(
                1551, f"no value specified for declared bind parameter '{key}'", node.at, hint="give it a value"
            ) from None

    def collection(self, node: syntax.Expression) -> str:
        """The name that stands where only a collection, a view or a graph can."""
        if isinstance(node, syntax.Name):
            return node.name
        value = self.constant(node)
        if not isinstance(value, str):
            raise self.running.failure(1553, "a name of a collection must be text", node.at)
        return value

    def options(self, node: syntax.Expression | None) -> dict[str, Any]:
        """Of OPTIONS, which the server too wants to know before the query runs."""
        if node is None:
            return {}
        value = self.constant(node)
        if not isinstance(value, dict):
            raise self.running.failure(
                1575,
                "query options must be readable at query compile time",
                node.at,
                hint="write an object of constants",
            )
        return value

    def subquery(self, node: syntax.Query, scope: Scope) -> tuple[Callable[[Frame], Iterator[Any]], bool]:
        """(the rows of a sub-query, one by one where that changes nothing; whether they are the same every time)."""
        from shotwright.aql.statements import compile_query

        first, lowest, steady = self.places, self._lowest, self._steady
        self._lowest, self._steady = first, not self.writes
        pipeline = compile_query(self, node, scope.inner())
        # A place from before the sub-query belongs to the query around it.
        same = self._steady and self._lowest >= first
        self._lowest, self._steady = min(lowest, self._lowest), steady and self._steady
        if pipeline.writes:
            return lambda frame: iter(list(pipeline.rows(frame))), False
        return pipeline.rows, same
