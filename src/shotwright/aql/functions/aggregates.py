"""What AGGREGATE in COLLECT and WINDOW makes of one group: from the values of its rows to one value.

Null rows are left out of figures; a row that is neither null nor a number makes a figure null. Of no rows at all there
is null, and the count 0."""

from __future__ import annotations

import math
from operator import and_, or_, xor
from typing import TYPE_CHECKING

from shotwright.aql.functions.arrays import distinct
from shotwright.aql.functions.bits import combine
from shotwright.aql.functions.calling import NoAnswer
from shotwright.aql.functions.statistics import greatest, least, numbers_in, spread
from shotwright.aql.values import Value, compare, distinct_key, sort_key, whole

if TYPE_CHECKING:
    from collections.abc import Callable


def _sum(rows: list[Value]) -> Value:
    numbers = numbers_in(rows)
    result = 0.0
    for number in numbers:
        result += number
    return whole(result) if rows else None


def _average(rows: list[Value]) -> Value:
    numbers = numbers_in(rows)
    result = 0.0
    for number in numbers:
        result += number
    return whole(result / len(numbers)) if numbers else None


def _variance(rows: list[Value], *, sample: bool) -> float | None:
    numbers = numbers_in(rows)
    count = len(numbers) - sample
    return spread(numbers) / count if count > 0 else None


def _deviation(rows: list[Value], *, sample: bool) -> Value:
    variance = _variance(rows, sample=sample)
    return None if variance is None else whole(math.sqrt(variance))


def _spread(rows: list[Value], *, sample: bool) -> Value:
    variance = _variance(rows, sample=sample)
    return None if variance is None else whole(variance)


def _sorted_unique(rows: list[Value]) -> list[Value]:
    kept: list[Value] = []
    for row in sorted(rows, key=sort_key):
        if not kept or compare(kept[-1], row) != 0:
            kept.append(row)
    return kept


def _count_distinct(rows: list[Value]) -> int:
    return len({distinct_key(row) for row in rows})


def _or_null(figure: Callable[[list[Value]], Value]) -> Callable[[list[Value]], Value]:
    def answer(rows: list[Value]) -> Value:
        try:
            return figure(rows)
        except NoAnswer:
            return None

    return answer


def _population_variance(rows: list[Value]) -> Value:
    return _spread(rows, sample=False)


def _sample_variance(rows: list[Value]) -> Value:
    return _spread(rows, sample=True)


def _population_deviation(rows: list[Value]) -> Value:
    return _deviation(rows, sample=False)


def _sample_deviation(rows: list[Value]) -> Value:
    return _deviation(rows, sample=True)


AGGREGATES: dict[str, Callable[[list[Value]], Value]] = {
    "LENGTH": len,
    "COUNT": len,
    "COUNT_DISTINCT": _count_distinct,
    "COUNT_UNIQUE": _count_distinct,
    "UNIQUE": distinct,
    "SORTED_UNIQUE": _sorted_unique,
    "PUSH": list,
    "MIN": least,
    "MAX": greatest,
    "SUM": _or_null(_sum),
    "AVERAGE": _or_null(_average),
    "AVG": _or_null(_average),
    "VARIANCE": _or_null(_population_variance),
    "VARIANCE_POPULATION": _or_null(_population_variance),
    "VARIANCE_SAMPLE": _or_null(_sample_variance),
    "STDDEV": _or_null(_population_deviation),
    "STDDEV_POPULATION": _or_null(_population_deviation),
    "STDDEV_SAMPLE": _or_null(_sample_deviation),
    "BIT_AND": _or_null(lambda rows: combine(and_, rows)),
    "BIT_OR": _or_null(lambda rows: combine(or_, rows)),
    "BIT_XOR": _or_null(lambda rows: combine(xor, rows)),
}
