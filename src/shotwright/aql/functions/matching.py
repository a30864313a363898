"""Text compared with patterns, and with text that is nearly the same: LIKE, regular expressions, n-grams, distances."""

from __future__ import annotations

import re
import struct
from functools import lru_cache
from typing import TYPE_CHECKING

from shotwright.aql.functions.automaton import Searcher, compile_pattern
from shotwright.aql.functions.calling import (
    INVALID_REGEX,
    Context,
    Family,
    NoAnswer,
    integer,
    number_of,
    spell,
    text_of,
    weigh_text,
)
from shotwright.aql.functions.patterns import InvalidPattern
from shotwright.aql.values import Value, truthy
from shotwright.errors import QueryError

if TYPE_CHECKING:
    from shotwright.aql.functions.automaton import Spans

FAMILY = Family("matching")

_MOST_CELLS = 4_000_000
"""Pairs of characters that a comparison of two texts may look at: about two seconds."""


_NO_LETTERS = re.compile(r"^[^a-z]+")


# LIKE

_ONE = None
"""Stands for `_` in a part of a pattern."""


@lru_cache(maxsize=256)
def _parts(pattern: str) -> tuple[tuple[str | None, ...], ...]:
    """What lies between the `%` of a pattern: characters, or None for any one; `\\` takes the next `%`, `_` or `\\` as
    is."""
    parts: list[list[str | None]] = [[]]
    characters = iter(pattern)
    for character in characters:
        if character == "%":
            parts.append([])
        elif character == "_":
            parts[-1].append(_ONE)
        elif character == "\\":
            following = next(characters, "")
            parts[-1] += [following] if following in {"%", "_", "\\"} else ["\\", *following]
        else:
            parts[-1].append(character)
    return tuple(map(tuple, parts))


def is_like(text: str, pattern: str, *, insensitive: bool = False) -> bool:
    """The operator LIKE: `%` is any text, `_` any one character. The first place for each part is enough, so no going
    back."""
    if insensitive:
        text, pattern = text.lower(), pattern.lower()
    first, *rest = _parts(pattern)
    if not rest:
        return len(text) == len(first) and _fits(text, 0, first)
    *middle, last = rest
    end = len(text) - len(last)
    if end < len(first) or not _fits(text, 0, first) or not _fits(text, end, last):
        return False
    at = len(first)
    for part in middle:
        at = _place(text, at, end, part)
        if at < 0:
            return False
        at += len(part)
    return True


def _fits(text: str, at: int, part: tuple[str | None, ...]) -> bool:
    return all(one is _ONE or text[at + place] == one for place, one in enumerate(part))


def _place(text: str, start: int, end: int, part: tuple[str | None, ...]) -> int:
    if _ONE not in part:
        return text.find("".join(one or "" for one in part), start, end)
    if (end - start) * len(part) > _MOST_CELLS:
        raise QueryError("a LIKE pattern that takes too long for so long a text", hint="use fewer _")
    return next((at for at in range(start, end - len(part) + 1) if _fits(text, at, part)), -1)


@FAMILY.function("LIKE", least=2, most=3)
def like(context: Context, value: Value, pattern: Value, insensitive: Value = None) -> bool:
    return is_like(spell(context, value), spell(context, pattern), insensitive=truthy(insensitive))


# Regular expressions


def _searcher(context: Context, pattern: Value, insensitive: Value) -> Searcher:
    try:
        return compile_pattern(spell(context, pattern), truthy(insensitive))
    except InvalidPattern as error:
        raise NoAnswer(INVALID_REGEX) from error


def _cut(text: str, span: tuple[int, int]) -> str:
    return text[span[0] : span[1]] if span[0] >= 0 else ""


@FAMILY.function("REGEX_TEST", least=2, most=3)
def regex_test(context: Context, value: Value, pattern: Value, insensitive: Value = None) -> bool:
    return _searcher(context, pattern, insensitive).find(context, spell(context, value)) is not None


@FAMILY.function("REGEX_MATCHES", least=2, most=3)
def regex_matches(context: Context, value: Value, pattern: Value, insensitive: Value = None) -> list[str] | None:
    """The first match and then its groups; null when nothing matches."""
    searcher = _searcher(context, pattern, insensitive)
    text = spell(context, value)
    if not text and pattern != "":
        return [""]
    found = searcher.find(context, text)
    return None if found is None else [_cut(text, span) for span in found]


@FAMILY.function("REGEX_SPLIT", least=2, most=4)
def regex_split(
    context: Context, value: Value, pattern: Value, insensitive: Value = None, *limit: Value
) -> list[str] | None:
    """What lies between the matches, with the groups of each match; the first `limit` of it."""
    count = int(number_of(limit[0])) if limit else None
    if count is not None and count < 0:
        return None
    searcher = _searcher(context, pattern, insensitive)
    text = spell(context, value)
    if pattern == "":
        context.budget(len(text))
        return list(text)[:count]
    parts: list[str] = []
    at = 0
    for spans in searcher.find_all(context, text):
        if spans[0][1] == 0:
            continue
        context.budget(len(spans))
        parts.append(text[at : spans[0][0]])
        parts += [_cut(text, span) for span in spans[1:]]
        at = spans[0][1]
        if count is not None and len(parts) >= count:
            break
    parts.append(text[at:])
    return parts[:count]


@FAMILY.function("REGEX_REPLACE", least=3, most=4)
def regex_replace(context: Context, value: Value, pattern: Value, replacement: Value, insensitive: Value = None) -> str:
    """Every match replaced; `$1` or `${name}` in the replacement is a group, `\\$` a dollar sign."""
    searcher = _searcher(context, pattern, insensitive)
    text, template = spell(context, value), _template(searcher, spell(context, replacement))
    parts: list[str] = []
    at = 0
    for spans in searcher.find_all(context, text):
        parts.append(text[at : spans[0][0]])
        filled = _fill(text, template, spans)
        weigh_text(context, len(filled) + 32)
        parts.append(filled)
        at = spans[0][1]
    return "".join([*parts, text[at:]])


def _template(searcher: Searcher, replacement: str) -> list[str | int]:
    """Text and numbers of groups."""
    parts: list[str | int] = []
    at = 0
    while at < len(replacement):
        character = replacement[at]
        at += 1
        if character == "\\" and at < len(replacement):
            parts.append(replacement[at])
            at += 1
        elif character == "$":
            number, at = _group(searcher, replacement, at)
            parts.append(number)
        else:
            parts.append(character)
    return parts


def _group(searcher: Searcher, replacement: str, at: int) -> tuple[int, int]:
    if replacement[at : at + 1] == "{":
        name, close, _ = replacement[at + 1 :].partition("}")
        if not close or name not in searcher.names:
            raise NoAnswer(INVALID_REGEX)
        return searcher.names[name], at + len(name) + 2
    number, start = 0, at
    while at < len(replacement) and "0" <= replacement[at] <= "9":
        longer = 10 * number + int(replacement[at])
        if at > start and longer > searcher.groups:
            break
        number, at = longer, at + 1
    if at == start or number > searcher.groups:
        raise NoAnswer(INVALID_REGEX)
    return number, at


def _fill(text: str, template: list[str | int], spans: Spans) -> str:
    return "".join(part if isinstance(part, str) else _cut(text, spans[part]) for part in template)


# Likeness


@FAMILY.function("SOUNDEX", least=1)
def soundex(context: Context, value: Value) -> str:
    """The first letter and three digits for the consonants after it; the same for words that sound alike in English.

    As on the server, the first letter does not swallow a like consonant after it, and h and w part consonants as vowels
    do, which is not so in the American standard.
    """
    letters = _NO_LETTERS.sub("", spell(context, value).lower(), count=1)
    if not letters:
        return ""
    codes = dict.fromkeys("bfpv", "1") | dict.fromkeys("cgjkqsxz", "2") | dict.fromkeys("dt", "3")
    codes |= {"l": "4", "m": "5", "n": "5", "r": "6"}
    result, before = letters[0].upper(), ""
    for letter in letters[1:]:
        code = codes.get(letter, "")
        if code and code != before:
            result += code
        before = code
        if len(result) == 4:
            break
    return result.ljust(4, "0")


def _room(context: Context, left: str, right: str) -> None:
    cells = len(left) * len(right)
    if cells > _MOST_CELLS:
        raise QueryError("two texts too long to compare letter by letter", hint="compare LEFT(text, 1000)")
    context.budget(cells // 256)


def _distance(left: str, right: str, *, swaps: bool) -> int:
    """Letters to put in, take out or replace, and with `swaps` neighbours to exchange, to make one the other."""
    before: list[int] = []
    row = list(range(len(right) + 1))
    for place, one in enumerate(left, start=1):
        following = [place]
        for column, other in enumerate(right, start=1):
            best = min(row[column] + 1, following[-1] + 1, row[column - 1] + (one != other))
            crossed = swaps and place > 1 and column > 1 and one == right[column - 2] and left[place - 2] == other
            if crossed:
                best = min(best, before[column - 2] + 1)
            following.append(best)
        before, row = row, following
    return row[-1]


@FAMILY.function("LEVENSHTEIN_DISTANCE", least=2)
def levenshtein_distance(context: Context, left: Value, right: Value) -> int:
    one, other = spell(context, left), spell(context, right)
    _room(context, one, other)
    return _distance(one, other, swaps=False)


@FAMILY.function("LEVENSHTEIN_MATCH", least=3, most=6)
def levenshtein_match(context: Context, value: Value, target: Value, most: Value, *rest: Value) -> bool:
    """Whether at most so many changes lie between; exchanged neighbours are one, unless the fourth argument is false or
    more than 3 changes are allowed. The last argument is a prefix that both must have."""
    one, other = text_of(value), text_of(target)
    limit = integer(number_of(most))
    swaps = rest[0] if rest else True
    if limit < 0 or not isinstance(swaps, bool) or (not swaps and limit > 4):
        raise NoAnswer
    other = (text_of(rest[2]) if len(rest) > 2 else "") + other
    _room(context, one, other)
    return _distance(one, other, swaps=swaps and limit <= 3) <= limit


def _single(number: float) -> float:
    """Rounded to single precision, in which the server counts likeness."""
    rounded: float = struct.unpack("f", struct.pack("f", number))[0]
    return rounded


def _likeness(context: Context, value: Value, target: Value, size: Value, *, positional: bool) -> float:
    """The longest common sequence of n-grams, as a share of the n-grams; with `positional`, n-grams that are alike in
    part count in part."""
    one, other = text_of(value), text_of(target)
    width = integer(number_of(size))
    if width < 1:
        raise NoAnswer
    if positional and len(other) > len(one):
        one, other = other, one
    if min(len(one), len(other)) < width:
        return float(one == other)
    _room(context, one, other * min(width, 100))
    grams = [one[at : at + width] for at in range(len(one) - width + 1)]
    targets = [other[at : at + width] for at in range(len(other) - width + 1)]
    row = [0.0] * (len(grams) + 1)
    for wanted in targets:
        corner = 0.0
        for column, gram in enumerate(grams, start=1):
            if positional:
                alike = sum(a == b for a, b in zip(gram, wanted, strict=True)) / width
            else:
                alike = float(gram == wanted)
            here = max(row[column - 1], row[column], corner + alike)
            corner, row[column] = row[column], here
    return _single(row[-1] / (max(len(grams), len(targets)) if positional else len(targets)))


@FAMILY.function("NGRAM_SIMILARITY", least=3)
def ngram_similarity(context: Context, value: Value, target: Value, size: Value) -> float:
    return _likeness(context, value, target, size, positional=False)


@FAMILY.function("NGRAM_POSITIONAL_SIMILARITY", least=3)
def ngram_positional_similarity(context: Context, value: Value, target: Value, size: Value) -> float:
    return _likeness(context, value, target, size, positional=True)
