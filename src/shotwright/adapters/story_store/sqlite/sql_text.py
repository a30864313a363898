"""What can be told about a SQL query from its text alone: that it selects, how much it expands to, where a word is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from shotwright.errors import QueryError

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_EXPANSIONS = 4096
"""SQLite copies a WITH table's definition each time it is named, before its clock runs: 4,096 copies take 30 ms."""

_TOKEN = re.compile(
    r"(?P<gap>\s+|--[^\n]*|/\*.*?(?:\*/|\Z))"
    r"|(?P<quoted>'(?:[^']|'')*'?)"
    r'|(?P<name>"(?:[^"]|"")*"?|`[^`]*`?|\[[^\]]*\]?|[^\W\d][\w$]*)'
    r"|(?P<other>[\d.][\w.]*|.)",
    re.DOTALL,
)
_FIRST = ("SELECT", "WITH", "VALUES", "EXPLAIN")


def require_select(text: str, longest: int) -> None:
    """QueryError for a text that is too long, is not a query, or expands too far."""
    if len(text) > longest:
        raise QueryError(f"the query has more than {longest:,} characters", hint="bind long values by name")
    if "\0" in text:
        raise QueryError("the query holds a null character", hint="leave it out")
    tokens = [token for token, _ in _tokens(text)]
    if not tokens:
        raise QueryError("the query is empty", hint="begin with SELECT")
    if tokens[0].upper() not in _FIRST:
        line, column = place_of(text, tokens[0])
        raise QueryError(
            f"a raw query may only read, and this one begins with {tokens[0][:40]}",
            hint="begin with SELECT or WITH", line=max(line, 1), column=max(column, 1),
        )  # fmt: skip
    if _expansions(tokens) > MOST_EXPANSIONS:
        raise QueryError("the tables of WITH name each other too often", hint="use each of them once or twice")


def place_of(text: str, word: str) -> tuple[int, int]:
    """Line and column of a word that the text holds once, else (0, 0)."""
    found = list(words_at(text, word))
    return found[0][1:] if len(found) == 1 else (0, 0)


def words_at(text: str, word: str) -> Iterator[tuple[int, int, int]]:
    """(offset, line, column) of each token that is this word, in whatever case."""
    wanted = word.casefold()
    for token, offset in _tokens(text):
        if token.casefold() == wanted or _plain(token) == wanted:
            start = text.rfind("\n", 0, offset) + 1
            yield offset, text.count("\n", 0, offset) + 1, offset - start + 1


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    for match in _TOKEN.finditer(text):
        if match.lastgroup != "gap":
            yield match[0], match.start()


def _plain(token: str) -> str:
    return token.strip('"`[]').casefold()


def _expansions(tokens: list[str]) -> int:
    """At most so many definitions does SQLite copy for the tables of WITH."""
    bodies: dict[str, list[tuple[int, int]]] = {}
    for i, token in enumerate(tokens):
        if token.upper() == "AS":
            start = i + 1
            while start < len(tokens) and tokens[start].upper() in ("NOT", "MATERIALIZED"):
                start += 1
            if start < len(tokens) and tokens[start] == "(" and i > 0:
                bodies.setdefault(_name_before(tokens, i), []).append((start, _end_of(tokens, start)))
    if not bodies:
        return 0
    named = {
        name: [_plain(tokens[i]) for start, end in spans for i in range(start, end) if _is_table(tokens, i)]
        for name, spans in bodies.items()
    }
    costs: dict[str, int] = {}
    whole = [_plain(tokens[i]) for i in range(len(tokens)) if _is_table(tokens, i)]
    return sum(_cost(name, named, costs, frozenset()) for name in whole)


def _cost(name: str, named: dict[str, list[str]], costs: dict[str, int], above: frozenset[str]) -> int:
    if name not in named or name in above:
        return 0
    if name not in costs:
        if len(above) > 200:
            return MOST_EXPANSIONS + 1
        below = above | {name}
        costs[name] = min(1 + sum(_cost(n, named, costs, below) for n in named[name]), MOST_EXPANSIONS + 1)
    return costs[name]


def _is_table(tokens: list[str], i: int) -> bool:
    """A name that may stand for a table: not a column after a dot, nor what a column's dot follows."""
    before = tokens[i - 1] if i else ""
    after = tokens[i + 1] if i + 1 < len(tokens) else ""
    return before != "." and after != "." and not tokens[i].startswith("'")


def _name_before(tokens: list[str], i: int) -> str:
    """The name that `AS` at i defines: directly before it, or before its list of columns."""
    i -= 1
    if tokens[i] == ")":
        depth = 0
        while i >= 0:
            depth += (tokens[i] == ")") - (tokens[i] == "(")
            i -= 1
            if depth == 0:
                break
    return _plain(tokens[max(i, 0)])


def _end_of(tokens: list[str], start: int) -> int:
    depth = 0
    for i in range(start, len(tokens)):
        depth += (tokens[i] == "(") - (tokens[i] == ")")
        if depth == 0:
            return i
    return len(tokens)
