"""Figures of an array of numbers. Null elements are left out; any other element that is no number gives null."""

from __future__ import annotations

import math

from shotwright.aql.functions.calling import (
    INVALID_ARITHMETIC,
    Context,
    Family,
    NoAnswer,
    array_of,
    number_of,
    text_of,
)
from shotwright.aql.values import Number, Value, compare, is_number, whole

FAMILY = Family("statistics")


def numbers_in(value: Value) -> list[float]:
    numbers = [item for item in array_of(value) if item is not None]
    if not all(map(is_number, numbers)):
        raise NoAnswer(INVALID_ARITHMETIC)
    return [float(number) for number in numbers]


def least(items: list[Value]) -> Value:
    """The least in the order of AQL; null for none."""
    found: Value = None
    for item in items:
        if item is not None and (found is None or compare(item, found) < 0):
            found = item
    return found


def greatest(items: list[Value]) -> Value:
    found: Value = None
    for item in items:
        if item is not None and (found is None or compare(item, found) > 0):
            found = item
    return found


@FAMILY.function("MIN", least=1)
def minimum(context: Context, value: Value) -> Value:
    return least(array_of(value))


@FAMILY.function("MAX", least=1)
def maximum(context: Context, value: Value) -> Value:
    return greatest(array_of(value))


@FAMILY.function("SUM", least=1)
def total(context: Context, value: Value) -> Number | None:
    """One addition after the other, in floating point, as the server does it."""
    return whole(_add(numbers_in(value)))


def _add(numbers: list[float]) -> float:
    result = 0.0
    for number in numbers:
        result += number
    return result


@FAMILY.function("PRODUCT", least=1)
def product(context: Context, value: Value) -> Number | None:
    result = 1.0
    for number in numbers_in(value):
        result *= number
    return whole(result)


@FAMILY.function("AVERAGE", "AVG", least=1)
def average(context: Context, value: Value) -> Number | None:
    numbers = numbers_in(value)
    return whole(_add(numbers) / len(numbers)) if numbers else None


@FAMILY.function("MEDIAN", least=1)
def median(context: Context, value: Value) -> Number | None:
    numbers = sorted(numbers_in(value))
    if not numbers:
        return None
    middle = len(numbers) // 2
    return whole(numbers[middle] if len(numbers) % 2 else (numbers[middle - 1] + numbers[middle]) / 2)


@FAMILY.function("PERCENTILE", least=2, most=3)
def percentile(context: Context, value: Value, border: Value, method: Value = "rank") -> Number | None:
    """The n-th percentile, 0 < n <= 100, by nearest rank, or with "interpolation" between the two nearest."""
    items = array_of(value)
    share = number_of(border)
    if not 0 < share <= 100 or text_of(method) not in {"rank", "interpolation"}:
        raise NoAnswer
    numbers = sorted(numbers_in(items))
    count = len(numbers)
    if count < 2:
        return whole(numbers[0]) if numbers else None
    if method == "rank":
        return whole(numbers[min(math.ceil(share * count / 100), count) - 1])
    place = share * (count + 1) / 100
    below = math.floor(place)
    if below >= count:
        return whole(numbers[-1])
    if below <= 0:
        return None
    return whole((place - below) * (numbers[below] - numbers[below - 1]) + numbers[below - 1])


def spread(numbers: list[float]) -> float:
    """The sum of squared distances from the mean, by Welford's method."""
    mean = result = 0.0
    for count, number in enumerate(numbers, start=1):
        delta = number - mean
        mean += delta / count
        result += delta * (number - mean)
    return result


@FAMILY.function("VARIANCE_POPULATION", "VARIANCE", least=1)
def variance_population(context: Context, value: Value) -> Number | None:
    numbers = numbers_in(value)
    return whole(spread(numbers) / len(numbers)) if numbers else None


@FAMILY.function("VARIANCE_SAMPLE", least=1)
def variance_sample(context: Context, value: Value) -> Number | None:
    numbers = numbers_in(value)
    return whole(spread(numbers) / (len(numbers) - 1)) if len(numbers) > 1 else None


@FAMILY.function("STDDEV_POPULATION", "STDDEV", least=1)
def stddev_population(context: Context, value: Value) -> Number | None:
    numbers = numbers_in(value)
    return whole(math.sqrt(spread(numbers) / len(numbers))) if numbers else None


@FAMILY.function("STDDEV_SAMPLE", least=1)
def stddev_sample(context: Context, value: Value) -> Number | None:
    numbers = numbers_in(value)
    return whole(math.sqrt(spread(numbers) / (len(numbers) - 1))) if len(numbers) > 1 else None
