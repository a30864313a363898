"""Arrays as sets: unions, differences, and what is in common.

The server gives no order for the results of INTERSECTION, MINUS and OUTERSECTION; small ones come last element first
there, and so they do here. UNION_DISTINCT is in the order of its arguments here, in none there."""

from __future__ import annotations

from typing import Any

from shotwright.aql.functions.arrays import distinct
from shotwright.aql.functions.calling import WRONG_ARGUMENT, Context, Family, array_of
from shotwright.aql.values import Value, compare, distinct_key, sort_key

FAMILY = Family("sets")


@FAMILY.function("UNION", least=2, most=None)
def union(context: Context, *values: Value) -> list[Value]:
    arrays = _arrays(context, values, WRONG_ARGUMENT)
    return [item for items in arrays for item in items]


@FAMILY.function("UNION_DISTINCT", least=2, most=None)
def union_distinct(context: Context, *values: Value) -> list[Value]:
    arrays = _arrays(context, values, WRONG_ARGUMENT)
    return distinct([item for items in arrays for item in items])


@FAMILY.function("UNIQUE", least=1)
def unique(context: Context, value: Value) -> list[Value]:
    items = array_of(value)
    context.budget(len(items))
    return distinct(items)


@FAMILY.function("SORTED_UNIQUE", least=1)
def sorted_unique(context: Context, value: Value) -> list[Value]:
    items = array_of(value)
    context.budget(len(items))
    kept: list[Value] = []
    for item in sorted(items, key=sort_key):
        if not kept or compare(kept[-1], item) != 0:
            kept.append(item)
    return kept


@FAMILY.function("COUNT_DISTINCT", "COUNT_UNIQUE", least=1)
def count_distinct(context: Context, value: Value) -> int:
    return len({distinct_key(item) for item in array_of(value)})


@FAMILY.function("INTERSECTION", least=2, most=None)
def intersection(context: Context, *values: Value) -> list[Value]:
    arrays = _arrays(context, values)
    others = [{distinct_key(item) for item in items} for items in arrays[1:]]
    return [item for item in reversed(distinct(arrays[0])) if all(distinct_key(item) in keys for keys in others)]


@FAMILY.function("MINUS", least=2, most=None)
def minus(context: Context, *values: Value) -> list[Value]:
    arrays = _arrays(context, values, WRONG_ARGUMENT)
    others = {distinct_key(item) for items in arrays[1:] for item in items}
    return [item for item in reversed(distinct(arrays[0])) if distinct_key(item) not in others]


@FAMILY.function("OUTERSECTION", least=2, most=None)
def outersection(context: Context, *values: Value) -> list[Value]:
    """What occurs once in all the arrays together."""
    times: dict[Any, int] = {}
    items = [item for array in _arrays(context, values) for item in array]
    for item in items:
        key = distinct_key(item)
        times[key] = times.get(key, 0) + 1
    return [item for item in reversed(items) if times[distinct_key(item)] == 1]


@FAMILY.function("JACCARD", least=2)
def jaccard(context: Context, left: Value, right: Value) -> float:
    """The size of the intersection over the size of the union; 1 for two empty arrays."""
    one, other = ({distinct_key(item) for item in items} for items in _arrays(context, (left, right)))
    together = one | other
    return len(one & other) / len(together) if together else 1.0


def _arrays(context: Context, values: tuple[Value, ...], *code: int) -> list[list[Value]]:
    arrays = [array_of(value, *code) for value in values]
    context.budget(sum(map(len, arrays)))
    return arrays
