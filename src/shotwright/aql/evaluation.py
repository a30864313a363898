"""Expressions, compiled once per query to Python functions of a frame.

A frame is the list of the values of all variables of a query, its sub-queries' included: a variable is a place in it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from shotwright.aql import syntax
from shotwright.aql.expansion import compile_comparison, compile_expansion
from shotwright.aql.functions import FUNCTIONS
from shotwright.aql.functions.calling import integer
from shotwright.aql.operators import compile_binary, compile_unary
from shotwright.aql.values import to_text, truthy

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
        return _COMPILERS[type(node)](self, node, scope)

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


def _name(compiler: Compiler, node: syntax.Name, scope: Scope) -> Thunk:
    place = scope.place(node.name)
    if place is not None:
        compiler.reads(place)
        return lambda frame: frame[place]
    raise compiler.running.failure(
        1568, f"'{node.name}' is no variable, and a collection is no value", node.at, hint="write FOR … IN"
    )


def _bind(compiler: Compiler, node: syntax.Bind, scope: Scope) -> Thunk:
    value = compiler.bound(node)
    return lambda frame: value


def _attribute(compiler: Compiler, node: syntax.Attribute, scope: Scope) -> Thunk:
    name = str(node.name) if isinstance(node.name, str) else compiler.bound(node.name)
    if isinstance(name, list):
        return _path(compiler.expression(node.target, scope), [str(part) for part in name])
    if not isinstance(name, str):
        raise compiler.running.failure(1553, "a name of an attribute must be text", node.at)
    if isinstance(node.target, syntax.Name):
        place = scope.place(node.target.name)
        if place is not None:
            compiler.reads(place)

            def of_variable(frame: Frame) -> Any:
                value = frame[place]
                return value.get(name) if type(value) is dict else None

            return of_variable
    return _path(compiler.expression(node.target, scope), [name])


def _path(target: Thunk, names: list[str]) -> Thunk:
    def read(frame: Frame) -> Any:
        value = target(frame)
        for name in names:
            if type(value) is not dict:
                return None
            value = value.get(name)
        return value

    return read


def _index(compiler: Compiler, node: syntax.Index, scope: Scope) -> Thunk:
    target, index = compiler.expression(node.target, scope), compiler.expression(node.index, scope)

    def read(frame: Frame) -> Any:
        value = target(frame)
        key = index(frame)
        if type(value) is list:
            place = key if type(key) is int else integer(key)
            return value[place] if -len(value) <= place < len(value) else None
        if type(value) is dict:
            return value.get(key if type(key) is str else to_text(key))
        return None

    return read


def _call(compiler: Compiler, node: syntax.Call, scope: Scope) -> Thunk:
    special = _counted(compiler, node, scope) or _first(compiler, node, scope)
    if special is not None:
        return special
    function = FUNCTIONS.get(node.name)
    if function is None:
        raise compiler.running.failure(
            1540, f"the function {node.name} is not known here", node.at, hint="it may be one that only a server has"
        )
    if not function.repeatable:
        compiler.varies()
    running = compiler.running
    arguments = [_argument(compiler, part, scope) for part in node.arguments]
    call, weigh, step = function.call, running.meter.weigh, running.meter.step

    if len(arguments) == 1:
        only = arguments[0]

        def call_with_one(frame: Frame) -> Any:
            step()
            return weigh(call(running, only(frame)))

        return call_with_one

    def call_with_all(frame: Frame) -> Any:
        step()
        return weigh(call(running, *[argument(frame) for argument in arguments]))

    return call_with_all


def _argument(compiler: Compiler, node: syntax.Expression, scope: Scope) -> Thunk:
    """A bare collection is its name: the check before has made sure that the function takes one."""
    if _is_collection(node, scope):
        name = compiler.collection(node)
        return lambda frame: name
    return compiler.expression(node, scope)


def _is_collection(node: syntax.Expression, scope: Scope) -> bool:
    if isinstance(node, syntax.Bind):
        return node.collection
    return isinstance(node, syntax.Name) and scope.place(node.name) is None


def _counted(compiler: Compiler, node: syntax.Call, scope: Scope) -> Thunk | None:
    """LENGTH of a collection or sub-query, counted without holding it."""
    if node.name not in ("LENGTH", "COUNT") or len(node.arguments) != 1:
        return None
    running, argument = compiler.running, node.arguments[0]
    if isinstance(argument, syntax.Subquery):
        rows, same = compiler.subquery(argument.query, scope)
        return _once(lambda frame: sum(1 for _ in rows(frame)), same)
    if not _is_collection(argument, scope):
        return None
    collection = compiler.collection(argument)
    if running.data.kind(collection) is None:
        raise running.failure(1203, f"collection or view not found: {collection}", argument.at)
    return lambda frame: sum(1 for _ in running.scan(collection, {}))


def _first(compiler: Compiler, node: syntax.Call, scope: Scope) -> Thunk | None:
    """FIRST of a sub-query, which then needs to give no second row."""
    if node.name != "FIRST" or len(node.arguments) != 1 or not isinstance(node.arguments[0], syntax.Subquery):
        return None
    rows, same = compiler.subquery(node.arguments[0].query, scope)
    return _once(lambda frame: next(rows(frame), None), same)


def _once(thunk: Thunk, same: bool) -> Thunk:
    """Of what is the same every time the value is made when it is first asked for, and kept."""
    if not same:
        return thunk
    made: list[Any] = []

    def read(frame: Frame) -> Any:
        if not made:
            made.append(thunk(frame))
        return made[0]

    return read


def _conditional(compiler: Compiler, node: syntax.Conditional, scope: Scope) -> Thunk:
    condition, otherwise = compiler.expression(node.condition, scope), compiler.expression(node.otherwise, scope)
    if node.then is None:

        def or_else(frame: Frame) -> Any:
            value = condition(frame)
            return value if truthy(value) else otherwise(frame)

        return or_else
    then = compiler.expression(node.then, scope)
    return lambda frame: then(frame) if truthy(condition(frame)) else otherwise(frame)


def _range(compiler: Compiler, node: syntax.Range, scope: Scope) -> Thunk:
    whole = compile_range(compiler, node, scope)
    meter = compiler.running.meter

    def read(frame: Frame) -> list[int]:
        numbers = whole(frame)
        # Charged before the list exists: 1..1000000000 must not be built first.
        meter.charge(abs(numbers.stop - numbers.start))
        return list(numbers)

    return read


def compile_range(compiler: Compiler, node: syntax.Range, scope: Scope) -> Callable[[Frame], range]:
    """`low..high`, up or down, cut to whole numbers."""
    low, high = compiler.expression(node.low, scope), compiler.expression(node.high, scope)

    def read(frame: Frame) -> range:
        first, last = integer(low(frame)), integer(high(frame))
        return range(first, last + 1) if first <= last else range(first, last - 1, -1)

    return read


def _array(compiler: Compiler, node: syntax.ArrayOf, scope: Scope) -> Thunk:
    items = [compiler.expression(item, scope) for item in node.items]
    weigh = compiler.running.meter.weigh
    return lambda frame: weigh([item(frame) for item in items])


def _object_of(compiler: Compiler, node: syntax.ObjectOf, scope: Scope) -> Thunk:
    weigh = compiler.running.meter.weigh
    # Of an attribute that is written twice the last counts, as on the server.
    named = {str(key): compiler.expression(value, scope) for key, value in node.entries if isinstance(key, str)}
    if all(isinstance(key, str) for key, _ in node.entries):
        pairs = list(named.items())
        return lambda frame: weigh({key: value(frame) for key, value in pairs})
    computed: list[tuple[Thunk, Thunk]] = []
    for key, value in node.entries:
        name: syntax.Expression = syntax.Constant(str(key), node.at) if isinstance(key, str) else key
        computed.append((compiler.expression(name, scope), compiler.expression(value, scope)))
    return lambda frame: weigh({to_text(key(frame)): value(frame) for key, value in computed})


def _subquery(compiler: Compiler, node: syntax.Subquery, scope: Scope) -> Thunk:
    rows, same = compiler.subquery(node.query, scope)
    gather = compiler.running.meter.gather

    def read(frame: Frame) -> list[Any]:
        found: list[Any] = []
        total = 0
        for row in rows(frame):
            total = gather(total, row)
            found.append(row)
        return found

    return _once(read, same)


_COMPILERS: dict[type, Callable[[Compiler, Any, Scope], Thunk]] = {
    syntax.Name: _name,
    syntax.Bind: _bind,
    syntax.Attribute: _attribute,
    syntax.Index: _index,
    syntax.Expansion: compile_expansion,
    syntax.Call: _call,
    syntax.Unary: compile_unary,
    syntax.Binary: compile_binary,
    syntax.Comparison: compile_comparison,
    syntax.Conditional: _conditional,
    syntax.Range: _range,
    syntax.ArrayOf: _array,
    syntax.ObjectOf: _object_of,
    syntax.Subquery: _subquery,
}
