"""AQL values over plain JSON values of Python (None, bool, int, float, str, list, dict): order, equality and casts.

Types are ordered null < bool < number < string < array < object. Whole numbers are exact while they fit 64 bits; a
result beyond that is a floating-point number, and one that is no number (overflow, division by zero) is null.
"""

from __future__ import annotations

import json
import math
import re
from functools import cmp_to_key
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from shotwright.aql.collation import text_key

if TYPE_CHECKING:
    from collections.abc import Hashable

Value: TypeAlias = Any
"""None, bool, int, float, str, list of Value, or dict of str to Value."""
Number: TypeAlias = int | float

_RANKS: dict[type, int] = {type(None): 0, bool: 1, int: 2, float: 2, str: 3, list: 4, tuple: 4, dict: 5}
TYPE_NAMES = ("null", "bool", "number", "string", "array", "object")

_LEAST_INTEGER = -(2**63)
_MOST_INTEGER = 2**64 - 1
_EXACT = 2**53
_NUMBER_TEXT = re.compile(r"\s*([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)\s*", re.ASCII)
MOST_NUMBER_TEXT = 400
"""Longer texts are no numbers: reading a very long one would take time for nothing."""


def rank(value: Value) -> int:
    """The place of the value's type in the order of types, from 0 (null) to 5 (object)."""
    found = _RANKS.get(type(value))
    if found is not None:
        return found
    for kind in (bool, int, float, str, list, dict):
        if isinstance(value, kind):
            return _RANKS[kind]
    raise TypeError(f"not a JSON value: {type(value).__name__}")


def type_name(value: Value) -> str:
    """As TYPENAME gives it."""
    return TYPE_NAMES[rank(value)]


def is_number(value: Value) -> bool:
    return rank(value) == 2


def whole(number: Number) -> Number | None:
    """The number as AQL can hold it: whole numbers beyond 64 bits as floating point, NaN and infinity as null.

    A floating-point number with no fraction becomes a whole one where that loses nothing, so that 6 / 2 prints as 3.
    """
    if isinstance(number, int):
        return number if _LEAST_INTEGER <= number <= _MOST_INTEGER else _float_of(number)
    if not math.isfinite(number):
        return None
    return int(number) if number.is_integer() and abs(number) < _EXACT else number


def _float_of(number: int) -> float | None:
    try:
        return float(number)
    except OverflowError:
        return None


# Order and equality


def compare(left: Value, right: Value) -> int:
    """-1, 0 or 1.

    Arrays go element by element, and the shorter first; objects by their attributes in the order of their names, where
    an attribute that one of them lacks counts as null.
    """
    kind = rank(left)
    other = rank(right)
    if kind != other:
        return -1 if kind < other else 1
    if kind == 4:
        return _compare_arrays(left, right)
    if kind == 5:
        return _compare_objects(left, right)
    if left == right:
        return 0
    if kind == 3:
        return -1 if text_key(left) < text_key(right) else 1
    return -1 if left < right else 1


def _compare_arrays(left: list[Value], right: list[Value]) -> int:
    for one, other in zip(left, right, strict=False):
        result = compare(one, other)
        if result:
            return result
    return (len(left) > len(right)) - (len(left) < len(right))


def _compare_objects(left: dict[str, Value], right: dict[str, Value]) -> int:
    for name in sorted(left.keys() | right.keys(), key=text_key):
        result = compare(left.get(name), right.get(name))
        if result:
            return result
    return 0


def equal(left: Value, right: Value) -> bool:
    """The operator `==`: 1 and 1.0 are equal, true and 1 are not."""
    if type(left) is type(right) and isinstance(left, (str, int, float)):
        return bool(left == right)
    return compare(left, right) == 0


_object_key = cmp_to_key(_compare_objects)


def sort_key(value: Value) -> tuple[Any, ...]:
    """A key for `sorted` that orders values as `compare` does."""
    kind = rank(value)
    if kind == 3:
        return (3, text_key(value))
    if kind == 4:
        return (4, tuple(sort_key(item) for item in value))
    if kind == 5:
        return (5, _object_key(value))
    return (kind, value) if kind else (0,)


def distinct_key(value: Value) -> Hashable:
    """The same key for values that DISTINCT, COLLECT and UNIQUE take for one: 1 and 1.0 are, true and 1 are not."""
    kind = rank(value)
    if kind == 1:
        return ("bool", value)
    if kind == 4:
        return ("array", tuple(distinct_key(item) for item in value))
    if kind == 5:
        return ("object", tuple((name, distinct_key(value[name])) for name in sorted(value)))
    hashable: Hashable = value
    return hashable


# Casts


def truthy(value: Value) -> bool:
    """False: null, false, 0 and the empty text. Arrays and objects are true, even when empty."""
    return rank(value) >= 4 or bool(value)


def to_bool(value: Value) -> bool:
    return truthy(value)


def to_number(value: Value) -> Number:
    """null, an object, and text or an array that holds no number are 0; an array of one is what that one is."""
    while rank(value) == 4:
        if len(value) != 1:
            return 0
        value = value[0]
    kind = rank(value)
    if kind == 1:
        return 1 if value else 0
    if kind == 2:
        number: Number = value
        return number
    if kind == 3 and len(value) <= MOST_NUMBER_TEXT:
        return parse_number(value) or 0
    return 0


def parse_number(text: str) -> Number | None:
    """The number that a text spells in decimal, blanks around it allowed; None when it spells none that can be held."""
    match = _NUMBER_TEXT.fullmatch(text) if len(text) <= MOST_NUMBER_TEXT else None
    if match is None:
        return None
    spelled = match[1]
    return whole(int(spelled)) if spelled.lstrip("+-").isdigit() else whole(float(spelled))


def to_text(value: Value) -> str:
    """null is the empty text, a number is as `number_text` writes it, an array or object is JSON without blanks."""
    kind = rank(value)
    if kind == 0:
        return ""
    if kind == 3:
        text: str = value
        return text
    return to_json(value)


def to_list(value: Value) -> list[Value]:
    """null is the empty array, an object the array of its values, and anything else an array of it alone."""
    kind = rank(value)
    if kind == 0:
        return []
    if kind == 4:
        return list(value)
    if kind == 5:
        return list(value.values())
    return [value]


# Text of values


def number_text(number: Number) -> str:
    """The shortest text that reads back as the same number, laid out as ArangoDB does: 1.0 is 1, 1e8 is 1e+8."""
    if isinstance(number, int):
        return str(int(number))
    if not math.isfinite(number):
        return "null"
    if number == 0:
        return "-0" if math.copysign(1, number) < 0 else "0"
    sign = "-" if number < 0 else ""
    mantissa, _, exponent = f"{abs(number)!r}".partition("e")
    before, _, after = mantissa.partition(".")
    digits = (before + after).lstrip("0")
    power = int(exponent or 0) - len(after)
    trimmed = digits.rstrip("0")
    power += len(digits) - len(trimmed)
    return sign + _lay_out(trimmed, power)


def _lay_out(digits: str, power: int) -> str:
    """`digits` times ten to the `power`: plain where that takes few zeros, with an exponent otherwise."""
    magnitude = abs(power + len(digits) - 1)
    if power >= 0 and magnitude < len(digits) + 7:
        return digits + "0" * power
    if power < 0 and (power > -7 or magnitude < 4):
        point = len(digits) + power
        return f"{digits[:point]}.{digits[point:]}" if point > 0 else "0." + "0" * -point + digits
    fraction = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{digits[0]}{fraction}e{'-' if power + len(digits) - 1 < 0 else '+'}{magnitude}"


def to_json(value: Value) -> str:
    """JSON without blanks, attributes in their own order, and numbers as `number_text` writes them."""
    kind = rank(value)
    if kind == 5:
        return "{" + ",".join(f"{_quoted(name)}:{to_json(item)}" for name, item in value.items()) + "}"
    if kind == 4:
        return "[" + ",".join(map(to_json, value)) + "]"
    if kind == 3:
        return _quoted(value)
    if kind == 2:
        return number_text(value)
    return "null" if value is None else "true" if value else "false"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


# Arithmetic


def calculate(operator: Literal["+", "-", "*", "/", "%"], left: Value, right: Value) -> Number | None:
    """An arithmetic operator, its operands cast to numbers; None for a division by zero and for an overflow."""
    one, other = to_number(left), to_number(right)
    try:
        if operator == "+":
            return whole(one + other)
        if operator == "-":
            return whole(one - other)
        if operator == "*":
            return whole(one * other)
        if other == 0:
            return None
        if operator == "/":
            return whole(one / other)
        return _remainder(one, other)
    except OverflowError:
        return None


def _remainder(one: Number, other: Number) -> Number | None:
    """The sign is that of the dividend, as in C."""
    if isinstance(one, int) and isinstance(other, int):
        rest = abs(one) % abs(other)
        return -rest if one < 0 else rest
    return whole(math.fmod(one, other))
