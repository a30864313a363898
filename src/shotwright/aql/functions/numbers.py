"""Numbers and vectors. Arguments are cast to numbers; an answer that is no number is null."""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING

from shotwright.aql.functions.calling import (
    INVALID_ARITHMETIC,
    WRONG_ARGUMENT,
    Context,
    Family,
    NoAnswer,
    array_of,
    number_of,
)
from shotwright.aql.values import Number, Value, rank, to_number, whole

if TYPE_CHECKING:
    from collections.abc import Callable

FAMILY = Family("numbers")


def _enter(name: str, figure: Callable[[float], float]) -> None:
    """A function of one number; outside its domain it gives null."""

    def body(context: Context, value: Value) -> Number | None:
        try:
            return whole(figure(float(to_number(value))))
        except (ValueError, OverflowError):
            return None

    FAMILY.function(name, least=1)(body)


_enter("FLOOR", math.floor)
_enter("CEIL", math.ceil)
_enter("ROUND", lambda number: math.floor(number + 0.5))
_enter("SQRT", math.sqrt)
_enter("LOG", math.log)
_enter("LOG2", math.log2)
_enter("LOG10", math.log10)
_enter("EXP", math.exp)
_enter("EXP2", lambda number: 2.0**number)
_enter("SIN", math.sin)
_enter("COS", math.cos)
_enter("TAN", math.tan)
_enter("ASIN", math.asin)
_enter("ACOS", math.acos)
_enter("ATAN", math.atan)
_enter("RADIANS", lambda degrees: degrees * (math.pi / 180))
_enter("DEGREES", lambda radians: radians * (180 / math.pi))


@FAMILY.function("ABS", least=1)
def absolute(context: Context, value: Value) -> Number | None:
    return whole(abs(to_number(value)))


@FAMILY.function("POW", least=2)
def power(context: Context, base: Value, exponent: Value) -> Number | None:
    try:
        return whole(math.pow(to_number(base), to_number(exponent)))
    except (ValueError, OverflowError):
        return None


@FAMILY.function("ATAN2", least=2)
def atan2(context: Context, y: Value, x: Value) -> Number | None:
    return whole(math.atan2(to_number(y), to_number(x)))


@FAMILY.function("PI", least=0)
def pi(context: Context) -> float:
    return math.pi


@FAMILY.function("RAND", least=0, repeatable=False)
def rand(context: Context) -> float:
    return random.random()


@FAMILY.function("MINHASH_COUNT", least=1)
def minhash_count(context: Context, error: Value) -> int:
    """How many hashes keep the error of MINHASH within this rate."""
    rate = number_of(error)
    if not 1e-9 < rate <= 1:
        raise NoAnswer
    return math.ceil(round(1 / rate**2, 9))


@FAMILY.function("MINHASH_ERROR", least=1)
def minhash_error(context: Context, count: Value) -> float:
    number = number_of(count)
    if number < 1:
        raise NoAnswer
    return 1 / math.sqrt(int(number))


# Vectors


def _vector(value: Value) -> list[float]:
    items = array_of(value, WRONG_ARGUMENT)
    return [float(number_of(item)) for item in items]


def _of_vectors(
    context: Context, left: Value, right: Value, figure: Callable[[list[float], list[float]], float]
) -> Value:
    """A figure of two vectors, or of each vector of an array of them and one more."""
    items = array_of(left, WRONG_ARGUMENT)
    other = _vector(right)
    context.budget((len(items) + 1) * (len(other) + 1))
    many = bool(items) and rank(items[0]) == 4
    answers = []
    for item in items if many else [items]:
        vector = _vector(item)
        if len(vector) != len(other):
            raise NoAnswer
        answers.append(whole(figure(vector, other)))
    return answers if many else answers[0]


def _cosine(left: list[float], right: list[float]) -> float:
    lengths = math.sqrt(sum(one * one for one in left)) * math.sqrt(sum(one * one for one in right))
    if lengths == 0:
        raise NoAnswer(INVALID_ARITHMETIC)
    return max(-1.0, min(1.0, sum(one * other for one, other in zip(left, right, strict=True)) / lengths))


@FAMILY.function("COSINE_SIMILARITY", least=2)
def cosine_similarity(context: Context, left: Value, right: Value) -> Value:
    return _of_vectors(context, left, right, _cosine)


@FAMILY.function("L1_DISTANCE", least=2)
def l1_distance(context: Context, left: Value, right: Value) -> Value:
    return _of_vectors(
        context, left, right, lambda ones, others: sum(abs(a - b) for a, b in zip(ones, others, strict=True))
    )


@FAMILY.function("L2_DISTANCE", least=2)
def l2_distance(context: Context, left: Value, right: Value) -> Value:
    return _of_vectors(
        context,
        left,
        right,
        lambda ones, others: math.sqrt(sum((a - b) ** 2 for a, b in zip(ones, others, strict=True))),
    )


# Decay: 1 within `offset` of the origin, `decay` at `scale` beyond that


def _decay(context: Context, arguments: tuple[Value, ...], curve: Callable[[float, float, float], float]) -> Value:
    """`curve(distance, scale, decay)` for a number, or for each of an array of numbers."""
    value = arguments[0]
    origin, scale, offset, decay = (float(number_of(argument)) for argument in arguments[1:])
    if scale <= 0 or offset < 0 or not 0 < decay < 1:
        raise NoAnswer
    many = rank(value) == 4
    context.budget(len(value) if many else 1)
    numbers = _vector(value) if many else [float(number_of(value))]
    answers = [whole(curve(max(0.0, abs(number - origin) - offset), scale, decay)) for number in numbers]
    return answers if many else answers[0]


@FAMILY.function("DECAY_GAUSS", least=5)
def decay_gauss(context: Context, *arguments: Value) -> Value:
    return _decay(context, arguments, lambda far, scale, decay: math.exp(far**2 * math.log(decay) / scale**2))


@FAMILY.function("DECAY_EXP", least=5)
def decay_exp(context: Context, *arguments: Value) -> Value:
    return _decay(context, arguments, lambda far, scale, decay: math.exp(far * math.log(decay) / scale))


@FAMILY.function("DECAY_LINEAR", least=5)
def decay_linear(context: Context, *arguments: Value) -> Value:
    def curve(far: float, scale: float, decay: float) -> float:
        reach = scale / (1 - decay)
        return max(0.0, (reach - far) / reach)

    return _decay(context, arguments, curve)
