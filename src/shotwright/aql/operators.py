"""Comparisons, logic and arithmetic as functions of a frame, with short ways for the common cases."""

from __future__ import annotations

import operator as python
from typing import TYPE_CHECKING, Any

from shotwright.aql.functions import FUNCTIONS
from shotwright.aql.ranges import compile_range
from shotwright.aql.syntax import Range
from shotwright.aql.values import calculate, compare, distinct_key, equal, is_number, to_number, truthy

if TYPE_CHECKING:
    from collections.abc import Callable

    from shotwright.aql.evaluation import Compiler, Frame, Scope, Thunk
    from shotwright.aql.syntax import Binary, Unary


_ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "<": python.lt,
    "<=": python.le,
    ">": python.gt,
    ">=": python.ge,
}
_NUMBERS = (int, float)
MANY = 8
"""From so many items on, a list that is searched again and again is searched as a set."""


def compile_unary(compiler: Compiler, node: Unary, scope: Scope) -> Thunk:
    operand = compiler.expression(node.operand, scope)
    if node.operator == "NOT":
        return lambda frame: not truthy(operand(frame))
    if node.operator == "-":
        return lambda frame: calculate("-", 0, operand(frame))
    return lambda frame: to_number(operand(frame))


def compile_binary(compiler: Compiler, node: Binary, scope: Scope) -> Thunk:
    left = compiler.expression(node.left, scope)
    operator = node.operator
    if operator in ("IN", "NOT IN"):
        return _membership(compiler, node, left, scope)
    right = compiler.expression(node.right, scope)
    match operator:
        case "AND":
            return _and(left, right)
        case "OR":
            return _or(left, right)
        case "==" | "!=":
            return _equality(compiler, node, left, right, operator == "!=")
        case "<" | "<=" | ">" | ">=":
            return _order(left, right, _ORDERS[operator])
        case "LIKE" | "NOT LIKE" | "=~" | "!~":
            return _pattern(compiler, operator, left, right)
    return _arithmetic(compiler, operator, left, right)


def holds(compiler: Compiler, operator: str) -> Callable[[Any, Any], bool]:
    """A comparison by its operator, from `==` to `NOT IN`, as array operators ask it of each item."""
    if operator == "==":
        return equal
    if operator == "!=":
        return lambda one, other: not equal(one, other)
    if operator in _ORDERS:
        test = _ORDERS[operator]
        return lambda one, other: test(compare(one, other), 0)
    meter = compiler.running.meter

    def within(item: Any, items: Any) -> bool:
        if not isinstance(items, list):
            return False
        for other in items:
            meter.step()
            if equal(item, other):
                return True
        return False

    if operator == "IN":
        return within
    return lambda item, items: isinstance(items, list) and not within(item, items)


def _and(left: Thunk, right: Thunk) -> Thunk:
    def both(frame: Frame) -> Any:
        value = left(frame)
        if value is True or (value is not False and truthy(value)):
            return right(frame)
        return value

    return both


def _or(left: Thunk, right: Thunk) -> Thunk:
    def either(frame: Frame) -> Any:
        value = left(frame)
        if value is True or (value is not False and truthy(value)):
            return value
        return right(frame)

    return either


def _equality(compiler: Compiler, node: Binary, left: Thunk, right: Thunk, unequal: bool) -> Thunk:
    known = compiler.constant(node.right)
    if known is None or type(known) is bool:
        return (lambda frame: left(frame) is not known) if unequal else (lambda frame: left(frame) is known)
    if type(known) is str:
        return (lambda frame: left(frame) != known) if unequal else (lambda frame: left(frame) == known)
    if unequal:
        return lambda frame: not equal(left(frame), right(frame))

    def same(frame: Frame) -> bool:
        one, other = left(frame), right(frame)
        if type(one) is str:
            return bool(one == other)
        return equal(one, other)

    return same


def _order(left: Thunk, right: Thunk, test: Callable[[Any, Any], bool]) -> Thunk:
    def in_order(frame: Frame) -> bool:
        one, other = left(frame), right(frame)
        if type(one) in _NUMBERS and type(other) in _NUMBERS:
            return test(one, other)
        return test(compare(one, other), 0)

    return in_order


def _membership(compiler: Compiler, node: Binary, left: Thunk, scope: Scope) -> Thunk:
    """`IN` and `NOT IN`: false for what is not an array, as on the server."""
    wanted = node.operator == "IN"
    if isinstance(node.right, Range):
        numbers = compile_range(compiler, node.right, scope)

        def in_range(frame: Frame) -> bool:
            value, span = left(frame), numbers(frame)
            # A range finds a whole int at once, and would try a float against every number in it.
            whole = is_number(value) and value == int(value)
            return (whole and int(value) in span) is wanted

        return in_range
    right = compiler.expression(node.right, scope)
    meter, within = compiler.running.meter, holds(compiler, "IN")
    searched: list[Any] = []
    members: set[Any] = set()

    def in_array(frame: Frame) -> bool:
        nonlocal searched, members
        value, items = left(frame), right(frame)
        if type(items) is not list:
            return False
        if len(items) < MANY:
            return within(value, items) is wanted
        if items is not searched:
            searched, members = meter.hold(items), {distinct_key(item) for item in items}
        return (distinct_key(value) in members) is wanted

    return in_array


def _pattern(compiler: Compiler, operator: str, left: Thunk, right: Thunk) -> Thunk:
    running = compiler.running
    call = FUNCTIONS["LIKE" if "LIKE" in operator else "REGEX_TEST"].call
    wanted = operator in ("LIKE", "=~")

    def matches(frame: Frame) -> Any:
        running.meter.step()
        found = call(running, left(frame), right(frame))
        return found if found is None else found is wanted

    return matches


def _arithmetic(compiler: Compiler, operator: Any, left: Thunk, right: Thunk) -> Thunk:
    running = compiler.running

    def result(frame: Frame) -> Any:
        one, other = left(frame), right(frame)
        found = calculate(operator, one, other)
        if found is None:
            if operator in "/%" and not to_number(other):
                running.warn(1562, "division by zero")
            else:
                running.warn(1504, "number out of range")
        # A quotient that comes out even prints as a whole number on the server.
        return (
            int(found)
            if type(found) is float and operator == "/" and found.is_integer() and abs(found) < 2**53
            else found
        )

    return result
