"""Bits of whole numbers from 0 to 2^32 - 1; anything else gives null."""

from __future__ import annotations

from functools import reduce
from operator import and_, or_, xor
from typing import TYPE_CHECKING

from shotwright.aql.functions.calling import WRONG_ARGUMENT, Context, Family, NoAnswer, array_of, number_of, text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from shotwright.aql.values import Value

FAMILY = Family("bits")

WIDTH = 32


def bits_of(value: Value, most: int = 2**WIDTH - 1) -> int:
    number = number_of(value)
    if not 0 <= number < most + 1:
        raise NoAnswer
    return int(number)


def combine(operation: Callable[[int, int], int], values: list[Value]) -> int | None:
    """All of the numbers in one; nulls are left out, and of none there is none."""
    numbers = [bits_of(value) for value in values if value is not None]
    return reduce(operation, numbers) if numbers else None


def _combine(operation: Callable[[int, int], int], value: Value, other: tuple[Value, ...]) -> int | None:
    if other:
        return operation(bits_of(value), bits_of(other[0]))
    return combine(operation, array_of(value, WRONG_ARGUMENT))


@FAMILY.function("BIT_AND", least=1, most=2)
def bit_and(context: Context, value: Value, *other: Value) -> int | None:
    return _combine(and_, value, other)


@FAMILY.function("BIT_OR", least=1, most=2)
def bit_or(context: Context, value: Value, *other: Value) -> int | None:
    return _combine(or_, value, other)


@FAMILY.function("BIT_XOR", least=1, most=2)
def bit_xor(context: Context, value: Value, *other: Value) -> int | None:
    return _combine(xor, value, other)


@FAMILY.function("BIT_NEGATE", least=2)
def bit_negate(context: Context, value: Value, width: Value) -> int:
    number, bits = bits_of(value), bits_of(width, WIDTH)
    return ~number & ((1 << bits) - 1)


@FAMILY.function("BIT_TEST", least=2)
def bit_test(context: Context, value: Value, index: Value) -> bool:
    number, place = bits_of(value), bits_of(index, WIDTH - 1)
    return bool(number >> place & 1)


@FAMILY.function("BIT_SHIFT_LEFT", least=3)
def bit_shift_left(context: Context, value: Value, shift: Value, width: Value) -> int:
    number, places, bits = bits_of(value), bits_of(shift, WIDTH), bits_of(width, WIDTH)
    return (number << places) & ((1 << bits) - 1)


@FAMILY.function("BIT_SHIFT_RIGHT", least=3)
def bit_shift_right(context: Context, value: Value, shift: Value, width: Value) -> int:
    number, places, bits = bits_of(value), bits_of(shift, WIDTH), bits_of(width, WIDTH)
    return (number >> places) & ((1 << bits) - 1)


@FAMILY.function("BIT_POPCOUNT", least=1)
def bit_popcount(context: Context, value: Value) -> int:
    return bits_of(value).bit_count()


@FAMILY.function("BIT_CONSTRUCT", least=1)
def bit_construct(context: Context, value: Value) -> int:
    """The number with the bits at these places set."""
    return reduce(or_, (1 << bits_of(place, WIDTH - 1) for place in array_of(value, WRONG_ARGUMENT)), 0)


@FAMILY.function("BIT_DECONSTRUCT", least=1)
def bit_deconstruct(context: Context, value: Value) -> list[int]:
    number = bits_of(value)
    return [place for place in range(WIDTH) if number >> place & 1]


@FAMILY.function("BIT_TO_STRING", least=2)
def bit_to_string(context: Context, value: Value, width: Value) -> str:
    number, bits = bits_of(value), bits_of(width, WIDTH)
    return f"{number & ((1 << bits) - 1):0{bits}b}" if bits else ""


@FAMILY.function("BIT_FROM_STRING", least=1)
def bit_from_string(context: Context, value: Value) -> int:
    text = text_of(value)
    if len(text) > WIDTH or not set(text) <= {"0", "1"}:
        raise NoAnswer
    return int(text or "0", 2)
