"""What an expression is made of: variables, attributes, calls, literals, conditions and sub-queries, compiled."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from shotwright.aql import syntax
from shotwright.aql.expansion import compile_comparison, compile_expansion
from shotwright.aql.functions import FUNCTIONS
from shotwright.aql.functions.calling import integer
from shotwright.aql.operators import compile_binary, compile_unary
from shotwright.aql.ranges import compile_range
from shotwright.aql.values import to_text, truthy

if TYPE_CHECKING:
    from collections.abc import Callable

    from shotwright.aql.evaluation import Compiler, Frame, Scope, Thunk

_WHOLE = re.compile(r"\s*[+-]?\d{1,18}", re.ASCII)


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
            place = key if type(key) is int else _position(key)
            return value[place] if place is not None and -len(value) <= place < len(value) else None
        if type(value) is dict and type(key) in (str, int, float):
            return value.get(key if type(key) is str else str(integer(key)))
        return None

    return read


def _position(key: Any) -> int | None:
    """A place in an array, from a number or from text that begins with a whole one."""
    if type(key) is float:
        return integer(key)
    digits = _WHOLE.match(key) if type(key) is str else None
    return int(digits[0]) if digits is not None else None


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


COMPILERS: dict[type, Callable[[Compiler, Any, Scope], Thunk]] = {
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
