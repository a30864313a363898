"""Text: joining, cutting, trimming, searching, replacing. Other types are cast to text; positions count characters."""

from __future__ import annotations

import re

from shotwright.aql.functions.calling import (
    Context,
    Family,
    NoAnswer,
    integer,
    number_of,
    spell,
    text_of,
    weigh_text,
)
from shotwright.aql.values import Value, rank, to_text, truthy

FAMILY = Family("strings")

_BLANKS = " \t\r\n"


@FAMILY.function("CHAR_LENGTH", least=1)
def char_length(context: Context, value: Value) -> int:
    return len(spell(context, value))


@FAMILY.function("CONCAT", least=1, most=None)
def concat(context: Context, *values: Value) -> str:
    return _join(context, "", values)


@FAMILY.function("CONCAT_SEPARATOR", least=2, most=None)
def concat_separator(context: Context, separator: Value, *values: Value) -> str:
    return _join(context, spell(context, separator), values)


def _join(context: Context, separator: str, values: tuple[Value, ...]) -> str:
    """One array stands for its elements; nulls are left out."""
    items = values[0] if len(values) == 1 and rank(values[0]) == 4 else values
    texts = [spell(context, item) for item in items if item is not None]
    weigh_text(context, sum(map(len, texts)) + len(separator) * len(texts))
    return separator.join(texts)


@FAMILY.function("REPEAT", least=2, most=3)
def repeat(context: Context, value: Value, count: Value, separator: Value = "") -> str:
    text, between = spell(context, value), spell(context, separator)
    times = integer(count)
    if times < 0:
        raise NoAnswer
    weigh_text(context, times * (len(text) + len(between)))
    return between.join([text] * times) if between else text * times


@FAMILY.function("LOWER", least=1)
def lower(context: Context, value: Value) -> str:
    return spell(context, value).lower()


@FAMILY.function("UPPER", least=1)
def upper(context: Context, value: Value) -> str:
    return spell(context, value).upper()


@FAMILY.function("LEFT", least=2)
def left(context: Context, value: Value, length: Value) -> str:
    return spell(context, value)[: max(0, integer(length))]


@FAMILY.function("RIGHT", least=2)
def right(context: Context, value: Value, length: Value) -> str:
    text = spell(context, value)
    return text[max(0, len(text) - max(0, integer(length))) :]


@FAMILY.function("SUBSTRING", least=2, most=3)
def substring(context: Context, value: Value, offset: Value, *length: Value) -> str:
    """`length` characters from `offset`, which counts from the end when negative."""
    text = spell(context, value)
    start = integer(offset)
    if start < 0:
        start = max(0, start + len(text))
    return text[start : start + max(0, integer(length[0]))] if length else text[start:]


@FAMILY.function("SUBSTRING_BYTES", least=2, most=5)
def substring_bytes(
    context: Context, value: Value, offset: Value, length: Value = None, left: Value = 0, right: Value = 0
) -> str:
    """By bytes of UTF-8, with `left` and `right` more characters at its ends; null where that cuts a character."""
    data = spell(context, value).encode("utf-8", "surrogatepass")
    start = integer(offset)
    if start < 0:
        start = max(0, start + len(data))
    start = min(start, len(data))
    end = len(data) if length is None else min(len(data), start + max(0, integer(length)))
    try:
        before, middle, after = (part.decode("utf-8") for part in (data[:start], data[start:end], data[end:]))
    except UnicodeDecodeError as error:
        raise NoAnswer from error
    return before[max(0, len(before) - max(0, integer(left))) :] + middle + after[: max(0, integer(right))]


@FAMILY.function("TRIM", least=1, most=2)
def trim(context: Context, value: Value, what: Value = None) -> str:
    """`what`: the characters to take off, or 1 for the blanks at the start only, 2 for those at the end."""
    text = spell(context, value)
    if rank(what) == 2:
        side = integer(what)
        return text.lstrip(_BLANKS) if side == 1 else text.rstrip(_BLANKS) if side == 2 else text.strip(_BLANKS)
    return _strip(text, what if rank(what) == 3 else _BLANKS, start=True, end=True)


@FAMILY.function("LTRIM", least=1, most=2)
def ltrim(context: Context, value: Value, what: Value = _BLANKS) -> str:
    return _strip(spell(context, value), to_text(what), start=True, end=False)


@FAMILY.function("RTRIM", least=1, most=2)
def rtrim(context: Context, value: Value, what: Value = _BLANKS) -> str:
    return _strip(spell(context, value), to_text(what), start=False, end=True)


def _strip(text: str, characters: str, *, start: bool, end: bool) -> str:
    if start and characters:
        text = text.lstrip(characters)
    return text.rstrip(characters) if end and characters else text


@FAMILY.function("CONTAINS", least=2, most=3)
def contains(context: Context, value: Value, search: Value, return_index: Value = None) -> bool | int:
    """The empty text is found nowhere."""
    text, wanted = spell(context, value), spell(context, search)
    found = text.find(wanted) if wanted else -1
    return found if truthy(return_index) else found >= 0


@FAMILY.function("FIND_FIRST", least=2, most=4)
def find_first(context: Context, value: Value, search: Value, start: Value = None, end: Value = None) -> int:
    text, wanted = spell(context, value), spell(context, search)
    bounds = _bounds(text, start, end)
    if bounds is None:
        return -1
    return text.find(wanted, *bounds) if wanted else bounds[0]


@FAMILY.function("FIND_LAST", least=2, most=4)
def find_last(context: Context, value: Value, search: Value, start: Value = None, end: Value = None) -> int:
    text, wanted = spell(context, value), spell(context, search)
    bounds = _bounds(text, start, end)
    if bounds is None:
        return -1
    return text.rfind(wanted, *bounds) if wanted else bounds[1]


def _bounds(text: str, start: Value, end: Value) -> tuple[int, int] | None:
    """From `start` to `end`, which is included."""
    begin = integer(start)
    last = len(text) if end is None else integer(end)
    return None if begin < 0 or last < begin else (begin, min(last + 1, len(text) + 1))


@FAMILY.function("STARTS_WITH", least=2, most=3)
def starts_with(context: Context, value: Value, prefix: Value, least: Value = 1) -> bool:
    """One prefix, or at least `least` of an array of them."""
    text = text_of(value)
    if rank(prefix) != 4:
        return text.startswith(text_of(prefix))
    context.budget(len(prefix))
    return sum(text.startswith(text_of(one)) for one in prefix) >= integer(least)


@FAMILY.function("SPLIT", least=1, most=3)
def split(context: Context, value: Value, separators: Value = None, *limit: Value) -> list[Value] | None:
    """At one separator or any of an array of them, the first `limit` parts; by the empty text into characters."""
    if limit:
        count = int(number_of(limit[0]))
        if count < 0:
            return None
    if rank(separators) == 5:
        raise NoAnswer
    if separators is None:
        return [value]
    text = spell(context, value)
    marks = [to_text(one) for one in (separators if rank(separators) == 4 else [separators])]
    context.budget(len(text) // 8 + len(marks))
    if not all(marks):
        others = [mark for mark in marks if mark]
        parts = list("".join(_split(text, others)) if others else text)
    else:
        parts = _split(text, marks)
    return parts[:count] if limit else parts


def _split(text: str, marks: list[str]) -> list[str]:
    return re.split("|".join(map(re.escape, marks)), text) if marks else [text]


@FAMILY.function("SUBSTITUTE", least=2, most=4)
def substitute(context: Context, value: Value, search: Value, *rest: Value) -> Value:
    """Every one of some texts replaced, or the first `limit` places; no replacement is searched again.

    `search` and what replaces it: two texts, an array and a text, two arrays (the second may be shorter: nothing for
    the rest), or one object of both."""
    if rank(search) == 5:
        table = {name: _replacement(search[name]) for name in sorted(search)}
        limits = rest
    else:
        table = _pairs(search, rest[0] if rest else [])
        limits = rest[1:]
    limit = integer(limits[0]) if limits else -1
    if limit == 0 or not table:
        return value
    if "" in table or len(limits) > 1:
        raise NoAnswer
    text = spell(context, value)
    longest = max(map(len, table.values()))
    shortest = min(map(len, table))
    weigh_text(context, len(text) + longest * (len(text) // shortest))
    pattern = "|".join(map(re.escape, table))
    return re.sub(pattern, lambda match: table[match[0]], text, count=max(limit, 0))


def _pairs(search: Value, replace: Value) -> dict[str, str]:
    searched = [text_of(one) for one in (search if rank(search) == 4 else [search])]
    if rank(replace) == 3:
        replacements = [replace] * len(searched)
    elif rank(replace) == 4:
        replacements = [_replacement(one) for one in replace][: len(searched)]
        replacements += [""] * (len(searched) - len(replacements))
    else:
        raise NoAnswer
    table: dict[str, str] = {}
    for one, other in zip(searched, replacements, strict=True):
        table.setdefault(one, other)
    return table


def _replacement(value: Value) -> str:
    return "" if value is None else text_of(value)
