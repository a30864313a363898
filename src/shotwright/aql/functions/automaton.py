"""Searching text with a regular expression in bounded time, whatever the expression.

Python's `re` goes back and tries again, and some expressions make it do so for ever; it cannot be stopped meanwhile.
So it gets only those whose worst case, counted beforehand for the text at hand, is small: no repeat of more than one
character inside. All others run on a machine after Thompson and Pike that keeps every way to match at once, and takes
at most text length times program length steps. Both prefer the same match: the leftmost, and of its ways the first
that is written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from shotwright.aql.functions.patterns import (
    Characters,
    Choice,
    Group,
    Node,
    Pattern,
    Place,
    Repeat,
    Sequence,
    read_pattern,
)
from shotwright.errors import QueryError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shotwright.aql.functions.calling import Context

Spans: TypeAlias = tuple[tuple[int, int], ...]
"""From where to where the whole match and each group goes; (-1, -1) for a group that took no part."""

MOST_TRIES = 20_000_000
"""Ways that `re` may have to try in the worst case."""
MOST_STEPS = 2_000_000
"""Steps of the machine for one search: a second or two."""
_LARGEST = 5000
_STEPS_A_TELLING = 1 << 16
_STEPS_A_VALUE = 256

_LINE_ENDS = "\n\x0b\x0c\r\x85\u2028\u2029"
_LAST_LINE_END = r"(?=(?:\r\n|[\n\x0b\x0c\r\x85\u2028\u2029])?\Z)"
_PLACES = {
    "start": r"\A",
    "end": _LAST_LINE_END,
    "last": r"\Z",
    "line start": r"(?:\A|(?<=[\n\x0b\x0c\x85\u2028\u2029])|(?<=\r)(?!\n))",
    "line end": r"(?=\Z|[\n\x0b\x0c\r\x85\u2028\u2029])",
    "word": r"\b",
    "not word": r"\B",
}


@lru_cache(maxsize=256)
def compile_pattern(text: str, insensitive: bool) -> Searcher:
    """InvalidPattern when it is no regular expression, QueryError when it is more than is done here."""
    return Searcher(read_pattern(text, insensitive=insensitive))


class Searcher:
    """A regular expression, ready to search."""

    def __init__(self, pattern: Pattern) -> None:
        self.groups = pattern.groups
        self.names = pattern.names
        self._pattern = pattern
        self._plain: re.Pattern[str] | None = None
        if _tries(pattern.root, 1) is not None:
            self._plain = re.compile(_write(pattern.root), re.IGNORECASE if pattern.insensitive else 0)
        self._program: list[Step] | None = None

    def find_all(self, context: Context, text: str) -> Iterator[Spans]:
        """The matches from left to right; none overlaps the one before."""
        if self._plain is not None:
            tries = _tries(self._pattern.root, len(text))
            if tries is not None and tries * (len(text) + 1) <= MOST_TRIES:
                yield from self._search_all(self._plain, text)
                return
        yield from self._run_all(context, text)

    def find(self, context: Context, text: str) -> Spans | None:
        return next(iter(self.find_all(context, text)), None)

    def _search_all(self, plain: re.Pattern[str], text: str) -> Iterator[Spans]:
        """Not `finditer`: after an empty match ICU goes on one character further, and Python does not."""
        at = 0
        while at <= len(text) and (match := plain.search(text, at)) is not None:
            spans = tuple(match.span(number) for number in range(self.groups + 1))
            yield spans
            at = _past(spans)

    def _run_all(self, context: Context, text: str) -> Iterator[Spans]:
        if self._program is None:
            self._program = _assemble(self._pattern)
        meter = _Steps(context)
        at = 0
        while at <= len(text):
            spans = _run(self._program, text, at, self.groups, meter)
            if spans is None:
                return
            yield spans
            at = _past(spans)


def _past(spans: Spans) -> int:
    start, end = spans[0]
    return end if end > start else end + 1


class _Steps:
    """Counts what the machine does in one search, and tells the query now and then."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._taken = 0
        self._told = 0

    def take(self, count: int) -> None:
        self._taken += count
        if self._taken > MOST_STEPS:
            raise QueryError(
                "a regular expression that takes too long for so long a text",
                hint="make it simpler, or look for it with CONTAINS or LIKE first",
            )
        if self._taken - self._told > _STEPS_A_TELLING:
            self._context.budget((self._taken - self._told) // _STEPS_A_VALUE)
            self._told = self._taken


# For Python's `re`


def _tries(node: Node, length: int) -> int | None:
    """How many ways `re` may try at one place of a text in the worst case; None when that cannot be counted."""
    match node:
        case Characters():
            return 1 if _plain(node) else None
        case Place():
            return 1
        case Group(body=body):
            return _tries(body, length)
        case Repeat(body=body, least=least, most=most):
            inner = _tries(body, length)
            if inner is None:
                return None
            if most is not None and most <= 1:
                return 1 + inner
            if not isinstance(body, Characters):
                return None
            return max(1, min(length, most if most is not None else length) - least + 1)
        case Sequence(parts=parts):
            product = 1
            for part in parts:
                inner = _tries(part, length)
                if inner is None:
                    return None
                product *= inner
            return product
        case Choice(branches=branches):
            counted = [_tries(branch, length) for branch in branches]
            return None if None in counted else sum(one for one in counted if one is not None)


def _plain(node: Characters) -> bool:
    """Whether `re` has a set like it."""
    if node.properties or "h" in node.classes or "H" in node.classes:
        return False
    return not any(one.sets or one.properties or one.classes or one.negated for one in node.sets)


def _write(node: Node) -> str:
    match node:
        case Characters():
            return _write_set(node)
        case Place(kind=kind):
            return _PLACES[kind]
        case Group(number=number, body=body):
            return f"({_write(body)})" if number else f"(?:{_write(body)})"
        case Repeat(body=body, least=least, most=most, lazy=lazy):
            bounds = f"{{{least},{'' if most is None else most}}}"
            return f"(?:{_write(body)}){bounds}{'?' if lazy else ''}"
        case Sequence(parts=parts):
            return "".join(map(_write, parts))
        case Choice(branches=branches):
            return "(?:" + "|".join(map(_write, branches)) + ")"


def _write_set(node: Characters) -> str:
    ranges = [*node.ranges, *(one for inner in node.sets for one in inner.ranges)]
    if not node.negated and not node.classes and len(ranges) == 1 and ranges[0][0] == ranges[0][1]:
        return re.escape(chr(ranges[0][0]))
    inside = "".join(f"\\U{low:08x}-\\U{high:08x}" for low, high in ranges) + "".join(
        f"\\{name}" for name in node.classes
    )
    return f"[{'^' if node.negated else ''}{inside}]"


# The machine


@dataclass(frozen=True, slots=True)
class Step:
    """`set`: take a character of it. `split`: go on at `first` or, less preferred, at `second`. `save`: note the place
    in slot `first`. `place`: go on where the condition holds. `match`: done."""

    kind: str
    first: int = 0
    second: int = 0
    characters: Characters | None = None
    place: str = ""


def _assemble(pattern: Pattern) -> list[Step]:
    program: list[Step] = [Step("save", 0)]
    _add(program, pattern.root)
    program += [Step("save", 1), Step("match", int(pattern.insensitive))]
    return program


def _add(program: list[Step], node: Node) -> None:
    if len(program) > _LARGEST:
        raise QueryError("a regular expression that repeats too much", hint="use smaller numbers in {n,m}")
    match node:
        case Characters():
            program.append(Step("set", characters=node))
        case Place(kind=kind):
            program.append(Step("place", place=kind))
        case Group(number=number, body=body):
            if number:
                program.append(Step("save", 2 * number))
            _add(program, body)
            if number:
                program.append(Step("save", 2 * number + 1))
        case Sequence(parts=parts):
            for part in parts:
                _add(program, part)
        case Choice(branches=branches):
            _add_choice(program, branches)
        case Repeat():
            _add_repeat(program, node)


def _add_choice(program: list[Step], branches: tuple[Node, ...]) -> None:
    ends = []
    for branch in branches[:-1]:
        fork = len(program)
        program.append(Step("split"))
        _add(program, branch)
        ends.append(len(program))
        program.append(Step("split"))
        program[fork] = Step("split", fork + 1, len(program))
    _add(program, branches[-1])
    for end in ends:
        program[end] = Step("split", len(program), len(program))


def _add_repeat(program: list[Step], node: Repeat) -> None:
    for _ in range(node.least):
        _add(program, node.body)
    if node.most is None:
        fork = len(program)
        program.append(Step("split"))
        _add(program, node.body)
        program.append(Step("split", fork, fork))
        program[fork] = _fork(fork + 1, len(program), node.lazy)
        return
    forks = []
    for _ in range(node.most - node.least):
        forks.append(len(program))
        program.append(Step("split"))
        _add(program, node.body)
    for fork in forks:
        program[fork] = _fork(fork + 1, len(program), node.lazy)


def _fork(into: int, past: int, lazy: bool) -> Step:
    return Step("split", past, into) if lazy else Step("split", into, past)


def _run(program: list[Step], text: str, start: int, groups: int, meter: _Steps) -> Spans | None:
    """The leftmost match from `start` on: threads in the order of preference, one for each step of the program."""
    insensitive = bool(program[-1].first)
    nothing = (-1,) * (2 * groups + 2)
    found: tuple[int, ...] | None = None
    threads: list[tuple[int, tuple[int, ...]]] = []
    for at in range(start, len(text) + 1):
        seen: set[int] = set()
        ready: list[tuple[int, tuple[int, ...]]] = []
        for counter, saved in threads:
            _follow(program, text, at, counter, saved, seen, ready)
        if found is None:
            _follow(program, text, at, 0, nothing, seen, ready)
        meter.take(len(seen))
        threads = []
        for counter, saved in ready:
            step = program[counter]
            if step.kind == "match":
                found = saved
                break
            if at < len(text) and step.characters is not None and _takes(step.characters, text[at], insensitive):
                threads.append((counter + 1, saved))
        if found is not None and not threads:
            break
    if found is None:
        return None
    return tuple((found[2 * number], found[2 * number + 1]) for number in range(groups + 1))


def _follow(
    program: list[Step],
    text: str,
    at: int,
    counter: int,
    saved: tuple[int, ...],
    seen: set[int],
    ready: list[tuple[int, tuple[int, ...]]],
) -> None:
    """All steps that take a character, or end, which a thread can reach without taking one; the preferred first."""
    pending = [(counter, saved)]
    while pending:
        counter, saved = pending.pop()
        if counter in seen:
            continue
        seen.add(counter)
        step = program[counter]
        if step.kind == "split":
            pending += [(step.second, saved), (step.first, saved)]
        elif step.kind == "save":
            pending.append((counter + 1, (*saved[: step.first], at, *saved[step.first + 1 :])))
        elif step.kind == "place":
            if _stands(step.place, text, at):
                pending.append((counter + 1, saved))
        else:
            ready.append((counter, saved))


def _takes(characters: Characters, character: str, insensitive: bool) -> bool:
    if characters.holds(character):
        return True
    if not insensitive:
        return False
    return any(len(other) == 1 and characters.holds(other) for other in (character.lower(), character.upper()))


def _stands(place: str, text: str, at: int) -> bool:
    if place == "start":
        return at == 0
    if place == "last":
        return at == len(text)
    if place == "end":
        left = len(text) - at
        return left == 0 or (left == 1 and text[at] in _LINE_ENDS) or (left == 2 and text[at:] == "\r\n")
    if place == "line start":
        return at == 0 or (text[at - 1] in _LINE_ENDS and text[at - 1 : at + 1] != "\r\n")
    if place == "line end":
        return at == len(text) or text[at] in _LINE_ENDS
    before = at > 0 and (text[at - 1].isalnum() or text[at - 1] == "_")
    after = at < len(text) and (text[at].isalnum() or text[at] == "_")
    return (before != after) is (place == "word")
