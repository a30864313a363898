"""Choosing among arguments, calling by name, warning and failing, and who asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shotwright.aql.functions.calling import USER_WARNING, Context, Family, NoAnswer, array_of, number_of, text_of
from shotwright.aql.values import Value, compare, rank, to_text, truthy
from shotwright.errors import QueryError

if TYPE_CHECKING:
    from shotwright.aql.functions.calling import Function

FAMILY = Family("control")

_nested = {"CALL", "APPLY"}


@FAMILY.function("NOT_NULL", least=1, most=None)
def not_null(context: Context, *values: Value) -> Value:
    return next((value for value in values if value is not None), None)


@FAMILY.function("FIRST_LIST", least=1, most=None)
def first_list(context: Context, *values: Value) -> Value:
    return next((value for value in values if rank(value) == 4), None)


@FAMILY.function("FIRST_DOCUMENT", least=1, most=None)
def first_document(context: Context, *values: Value) -> Value:
    return next((value for value in values if rank(value) == 5), None)


@FAMILY.function("IN_RANGE", least=5)
def in_range(context: Context, value: Value, low: Value, high: Value, with_low: Value, with_high: Value) -> bool:
    if any(rank(flag) != 1 for flag in (with_low, with_high)):
        raise NoAnswer
    above, below = compare(value, low), compare(value, high)
    return (above > 0 or (above == 0 and with_low)) and (below < 0 or (below == 0 and with_high))


@FAMILY.function("MIN_MATCH", least=2, most=None)
def min_match(context: Context, *arguments: Value) -> bool:
    """Whether at least as many of the conditions hold as the last argument says."""
    return sum(map(truthy, arguments[:-1])) >= number_of(arguments[-1])


@FAMILY.function("BOOST", least=2)
def boost(context: Context, value: Value, weight: Value) -> Value:
    """The condition alone: without a search index nothing is ranked."""
    return value


@FAMILY.function("PASSTHRU", "NOOPT", "NOEVAL", least=1)
def passthru(context: Context, value: Value) -> Value:
    return value


@FAMILY.function("CALL", least=1, most=None)
def call(context: Context, name: Value, *arguments: Value) -> Value:
    return _call(context, name, arguments)


@FAMILY.function("APPLY", least=1, most=2)
def apply(context: Context, name: Value, arguments: Value = ()) -> Value:
    return _call(context, name, tuple(array_of(arguments, 1542)))


def _call(context: Context, name: Value, arguments: tuple[Value, ...]) -> Value:
    function = _named(text_of(name).upper())
    if len(arguments) < function.min or (function.max is not None and len(arguments) > function.max):
        raise QueryError(f"{function.name} cannot be called with {len(arguments)} arguments")
    return function.call(context, *arguments)


def _named(name: str) -> Function:
    from shotwright.aql.functions import FUNCTIONS

    if name in _nested or name not in FUNCTIONS:
        raise QueryError(f"no function {name} to call", hint="CALL and APPLY take the name of a built-in function")
    return FUNCTIONS[name]


@FAMILY.function("ASSERT", least=2)
def assert_true(context: Context, condition: Value, message: Value) -> bool:
    """True, or the query fails with the message."""
    text = text_of(message)
    if not truthy(condition):
        raise QueryError(text[:500], hint="this is what ASSERT in the query says")
    return True


@FAMILY.function("WARN", least=2)
def warn(context: Context, condition: Value, message: Value) -> bool:
    text = text_of(message)
    if not truthy(condition):
        context.warn(USER_WARNING, text[:500])
    return truthy(condition)


@FAMILY.function("FAIL", least=0, most=1)
def fail(context: Context, message: Value = "") -> Value:
    raise QueryError(f"FAIL was called: {to_text(message)[:500]}".rstrip(": "), hint="the query itself says so")


@FAMILY.function("CURRENT_DATABASE", least=0)
def current_database(context: Context) -> str:
    return context.database


@FAMILY.function("CURRENT_USER", least=0)
def current_user(context: Context) -> str | None:
    return context.user
