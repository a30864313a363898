"""Arrays: what is where, and arrays with something added, taken away or put in another order."""

from __future__ import annotations

from typing import Any

from shotwright.aql.functions.calling import (
    WRONG_ARGUMENT,
    Context,
    Family,
    NoAnswer,
    array_of,
    integer,
    weigh_text,
)
from shotwright.aql.values import Value, distinct_key, equal, number_text, rank, sort_key, to_number, truthy, whole
from shotwright.errors import QueryError

FAMILY = Family("arrays")


@FAMILY.function("LENGTH", "COUNT", least=1)
def length(context: Context, value: Value) -> int:
    """Elements of an array, attributes of an object, characters of a text or of a number written out; true is 1."""
    kind = rank(value)
    if kind >= 3:
        return len(value)
    if kind == 2:
        return len(number_text(value))
    return 1 if value else 0


@FAMILY.function("FIRST", least=1)
def first(context: Context, value: Value) -> Value:
    items = array_of(value)
    return items[0] if items else None


@FAMILY.function("LAST", least=1)
def last(context: Context, value: Value) -> Value:
    items = array_of(value)
    return items[-1] if items else None


@FAMILY.function("NTH", least=2)
def nth(context: Context, value: Value, position: Value) -> Value:
    items = array_of(value)
    index = integer(position)
    return items[index] if 0 <= index < len(items) else None


@FAMILY.function("POSITION", "CONTAINS_ARRAY", least=2, most=3)
def position(context: Context, value: Value, search: Value, return_index: Value = None) -> bool | int:
    found = _find(array_of(value), search)
    return found if truthy(return_index) else found >= 0


def _find(items: list[Value], search: Value) -> int:
    return next((index for index, item in enumerate(items) if equal(item, search)), -1)


@FAMILY.function("SLICE", least=2, most=3)
def cut(context: Context, value: Value, start: Value, length: Value = None) -> list[Value]:
    """`length` elements from `start`; a negative start counts from the end, a negative length is where to stop."""
    items = array_of(value, WRONG_ARGUMENT)
    begin = integer(start)
    if begin < 0:
        begin = max(0, begin + len(items))
    if length is None:
        end = len(items)
    else:
        end = integer(length)
        end = end + begin if end >= 0 else max(0, end + len(items))
    context.budget(max(0, min(end, len(items)) - begin))
    return items[begin:end]


@FAMILY.function("REVERSE", least=1)
def reverse(context: Context, value: Value) -> Value:
    """An array or a text back to front."""
    if rank(value) == 3:
        weigh_text(context, len(value))
        return value[::-1]
    items = array_of(value)
    context.budget(len(items))
    return items[::-1]


@FAMILY.function("FLATTEN", least=1, most=2)
def flatten(context: Context, value: Value, depth: Value = 1) -> list[Value]:
    levels = max(1, integer(depth))
    flat: list[Value] = []
    pending: list[tuple[Any, int]] = [(iter(array_of(value)), levels)]
    while pending:
        items, below = pending[-1]
        for item in items:
            context.budget(1)
            if below and rank(item) == 4:
                pending.append((iter(item), below - 1))
                break
            flat.append(item)
        else:
            pending.pop()
    return flat


@FAMILY.function("INTERLEAVE", least=2, most=None)
def interleave(context: Context, *values: Value) -> list[Value]:
    arrays = [array_of(value) for value in values]
    context.budget(sum(map(len, arrays)))
    longest = max(map(len, arrays))
    return [items[index] for index in range(longest) for items in arrays if index < len(items)]


@FAMILY.function("PUSH", least=2, most=3)
def push(context: Context, value: Value, item: Value, unique: Value = None) -> list[Value]:
    if value is None:
        return [item]
    items = array_of(value, WRONG_ARGUMENT)
    context.budget(len(items) + 1)
    return list(items) if truthy(unique) and _find(items, item) >= 0 else [*items, item]


@FAMILY.function("UNSHIFT", least=2, most=3)
def unshift(context: Context, value: Value, item: Value, unique: Value = None) -> list[Value]:
    if value is None:
        return [item]
    items = array_of(value, WRONG_ARGUMENT)
    context.budget(len(items) + 1)
    return list(items) if truthy(unique) and _find(items, item) >= 0 else [item, *items]


@FAMILY.function("APPEND", least=2, most=3)
def append(context: Context, value: Value, more: Value, unique: Value = None) -> Value:
    """Both arrays in one; `unique` drops every element that came before. What is no array is one more element."""
    if more is None or more == []:
        return value
    if value is None:
        return more
    items = array_of(value, WRONG_ARGUMENT)
    added = more if rank(more) == 4 else [more]
    context.budget(len(items) + len(added))
    joined = [*items, *added]
    return distinct(joined) if truthy(unique) else joined


def distinct(items: list[Value]) -> list[Value]:
    """The first of each, in order."""
    seen: dict[Any, Value] = {}
    for item in items:
        seen.setdefault(distinct_key(item), item)
    return list(seen.values())


@FAMILY.function("POP", least=1)
def pop(context: Context, value: Value) -> list[Value] | None:
    if value is None:
        return None
    items = array_of(value, WRONG_ARGUMENT)
    context.budget(len(items))
    return items[:-1]


@FAMILY.function("SHIFT", least=1)
def shift(context: Context, value: Value) -> list[Value] | None:
    if value is None:
        return None
    items = array_of(value, WRONG_ARGUMENT)
    context.budget(len(items))
    return items[1:]


@FAMILY.function("REMOVE_VALUE", least=2, most=3)
def remove_value(context: Context, value: Value, unwanted: Value, limit: Value = None) -> list[Value]:
    if value is None:
        return []
    items = array_of(value, WRONG_ARGUMENT)
    context.budget(len(items))
    left = len(items) if limit is None else integer(limit)
    kept = []
    for item in items:
        if left != 0 and equal(item, unwanted):
            left -= 1
        else:
            kept.append(item)
    return kept


@FAMILY.function("REMOVE_VALUES", least=2)
def remove_values(context: Context, value: Value, unwanted: Value) -> Value:
    if unwanted is None:
        return value
    if value is None:
        return []
    items = array_of(value, WRONG_ARGUMENT)
    keys = {distinct_key(item) for item in array_of(unwanted, WRONG_ARGUMENT)}
    context.budget(len(items))
    return [item for item in items if distinct_key(item) not in keys]


@FAMILY.function("REMOVE_NTH", least=2)
def remove_nth(context: Context, value: Value, position: Value) -> list[Value]:
    if value is None:
        return []
    items = array_of(value, WRONG_ARGUMENT)
    context.budget(len(items))
    index = integer(position)
    if not -len(items) <= index < len(items):
        return items
    index %= len(items)
    return items[:index] + items[index + 1 :]


@FAMILY.function("REPLACE_NTH", least=3, most=4)
def replace_nth(context: Context, value: Value, position: Value, item: Value, *padding: Value) -> list[Value]:
    """With the element at `position` replaced; beyond the end only with a value to pad the gap with."""
    items = array_of(value, WRONG_ARGUMENT)
    if position is None:
        raise QueryError("REPLACE_NTH needs a position", hint="give a number as its second argument")
    index = integer(position)
    if index < 0:
        index = max(0, index + len(items))
    if index > len(items) and not padding:
        raise QueryError("REPLACE_NTH beyond the end of the array", hint="give a fourth argument to fill the gap with")
    context.budget(max(len(items), index + 1))
    if index >= len(items):
        return [*items, *[padding[0] if padding else None] * (index - len(items)), item]
    return [*items[:index], item, *items[index + 1 :]]


@FAMILY.function("SORTED", least=1)
def in_order(context: Context, value: Value) -> list[Value]:
    items = array_of(value)
    context.budget(len(items))
    return sorted(items, key=sort_key)


@FAMILY.function("RANGE", least=2, most=3)
def span(context: Context, start: Value, stop: Value, step: Value = None) -> list[Value]:
    """Numbers from `start` to `stop`, both included; whole ones when no step is given, up or down."""
    if step is None:
        low, high = integer(start), integer(stop)
        context.budget(abs(high - low) + 1)
        return list(range(low, high + 1)) if low <= high else list(range(low, high - 1, -1))
    here, end, pace = float(to_number(start)), float(to_number(stop)), float(to_number(step))
    if pace == 0 or (end - here) * pace < 0:
        raise NoAnswer
    context.budget(int(min(abs((end - here) / pace), 2.0**62)) + 1)
    numbers = []
    while here <= end if pace > 0 else here >= end:
        numbers.append(whole(here))
        if here + pace == here:
            raise NoAnswer
        here += pace
    return numbers
