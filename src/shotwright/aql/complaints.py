"""Why a row of words is no query, in plain words, and what the writer may have meant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shotwright.aql.failures import Fault
from shotwright.aql.lexing import RESERVED, SHARED, SOFT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lark import Token, UnexpectedInput

_VALUES = SOFT | {
    "LITERAL", "STRING", "NAME", "FUNCTION", "BIND", "BIND_COLLECTION", "LPAR", "LSQB", "LBRACE", "NOT", "MINUS",
    "PLUS", "LIKE_CALL",
}  # fmt: skip
_STATEMENTS = frozenset(
    {
        "FOR", "LET", "FILTER", "SORT", "LIMIT", "COLLECT", "WINDOW", "RETURN", "INSERT", "REMOVE", "CHANGE", "UPSERT",
    }
)  # fmt: skip
_OPERATORS = frozenset(
    {
        "COMPARE", "OPERATOR", "IN", "NOT_IN", "LIKE", "LIKE_CALL", "PLUS", "MINUS", "TIMES", "NOT", "QUANTIFIER",
        "AT_LEAST", "QUESTION", "_DOT", "LSQB", "LPAR",
    }
)  # fmt: skip
_BRACKETS = {"LPAR": "RPAR", "LSQB": "_RSQB", "LBRACE": "_RBRACE"}
_WORDS = {
    "RPAR": '")"', "_RSQB": '"]"', "_RBRACE": '"}"', "_COMMA": '","', "COLON": '":"', "ASSIGN": '"="', "LPAR": '"("',
    "LSQB": '"["', "LBRACE": '"{"', "COMPARE": "a comparison", "TIMES": '"*"', "QUESTION": '"?"', "STRING": "a string",
    "LITERAL": "a value", "BIND": "a bind variable", "BIND_COLLECTION": "a bind variable for a collection",
    "OPERATOR": "an operator", "FUNCTION": "a function", "DIRECTION": "OUTBOUND, INBOUND", "CHANGE": "UPDATE, REPLACE",
    "PATHS": "SHORTEST_PATH", "_DOT": '"."', "NOT_IN": "NOT IN", "AT_LEAST": "AT LEAST", "QUANTIFIER": "ALL, ANY, NONE",
    "PLUS": '"+"', "MINUS": '"-"',
}  # fmt: skip

_FOREIGN = {
    "SELECT": "AQL has no SELECT: write FOR item IN collection ... RETURN item",
    "FROM": "AQL has no FROM: write FOR item IN collection",
    "WHERE": "AQL filters with FILTER",
    "HAVING": "AQL filters groups with a FILTER after COLLECT",
    "GROUP": "AQL groups with COLLECT name = expression",
    "ORDER": "AQL sorts with SORT",
    "JOIN": "AQL joins with a second FOR and a FILTER",
    "OFFSET": "write LIMIT offset, count",
    "DELETE": "AQL deletes with REMOVE",
    "SET": "write UPDATE key WITH {attribute: value} IN collection",
    "VALUES": "write INSERT {attribute: value} INTO collection",
    "BETWEEN": "write x >= low AND x <= high",
    "IS": "compare with == or !=, also with null",
    "AS": "AQL has no AS: use LET name = expression, or {name: expression}",
    "CASE": "write condition ? then : otherwise",
    "ELSE": "write condition ? then : otherwise",
    "UNION": "write UNION(first, second)",
    "EXISTS": "write LENGTH(sub-query) > 0",
    "XOR": "write (a OR b) AND NOT (a AND b)",
}
"""Words of other query languages."""

_SHOWN = 4
"""Most expected things that a message names."""

_LOOK_BACK = 3
_LONG = 5_000
"""Words from which no repair is tried, to keep the answer quick."""


def explain(
    problem: UnexpectedInput,
    found: list[Token],
    reach: Callable[[list[Token]], int],
    accepts: Callable[[list[Token]], set[str]],
) -> Fault:
    """What the parser stumbled over, as a Fault.

    `reach` says how many words of a row make sense together, `accepts` which kinds of word may follow a row.
    """
    token: Any = problem.token  # type: ignore[attr-defined]
    ended = token.type == "$END"
    place = len(found) if ended else next(index for index, other in enumerate(found) if other is token)
    if place < _LONG:
        misspelt = _misspelt_before(found, place, reach) or _missing_before(found, place, reach)
        if misspelt:
            return misspelt
    accepted = accepts(found[:place])
    at = (found[-1].end_pos or 0) if ended and found else 0 if ended else token.start_pos
    shown = "the end of the query" if ended else _shorten(token)
    return Fault(
        f"expected {_either(_expected(accepted))}, found {shown}",
        at,
        _hint(None if ended else token, accepted, found[:place]),
    )


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that differs least, by a letter or two; empty when none is near. Case does not count."""
    given = word.upper()
    best, least = "", (1 if len(given) < 6 else 2) + 1
    for other in sorted(known):
        if abs(len(other) - len(given)) <= least:
            away = _distance(given, other.upper(), least)
            same_start = other[:1].upper() == given[:1]
            if away < least or (away == least and best and same_start and best[:1].upper() != given[:1]):
                best, least = other, away
    return best


def _distance(left: str, right: str, limit: int) -> int:
    """Letters to insert, drop, change or swap."""
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        earlier, before, row = before, row, [i]
        for j, b in enumerate(right, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return row[-1]


def _shorten(word: str) -> str:
    flat = " ".join(word.split())
    return flat if len(flat) <= 40 else flat[:37] + "..."


def _either(words: list[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " or " + words[-1]


def _expected(accepted: set[str]) -> list[str]:
    left = set(accepted)
    words: list[str] = []
    if {"LITERAL", "LPAR", "NAME"} <= left:
        words.append("a value")
        left -= _VALUES
    elif "NAME" in left:
        words.append("a name")
        left -= SOFT | {"NAME"}
    operators = "COMPARE" in left and "OPERATOR" in left
    if operators:
        left -= _OPERATORS
    statements = {"FOR", "LET"} <= left
    if statements:
        left -= _STATEMENTS
    finished = "$END" in left
    left.discard("$END")
    if operators:
        words.append("an operator")
    if statements:
        words.append("a statement such as FOR, FILTER or RETURN")
    if finished:
        words.append("the end of the query")
    if words and words[0] == "a value":
        left -= _VALUES
    others = sorted({_WORDS.get(kind, kind) for kind in left}, key=lambda word: (word[0].isalpha(), word))
    if statements:
        others = [word for word in others if not word[0].isalpha()]
    return [*others[: max(0, _SHOWN - len(words))], *words]


def _hint(token: Any, accepted: set[str], before: list[Token]) -> str:
    named = "NAME" in accepted and "LITERAL" not in accepted
    if token is not None and token.upper() in RESERVED and named and before[-1].type != "_COMMA":
        return f"{token} is a reserved word: in backticks it can be a name"
    if token is None or token.type in _BRACKETS.values() or token.type in _STATEMENTS:
        open_bracket = _unclosed(before, token)
        if open_bracket:
            return open_bracket
        if {"FOR", "LET"} <= accepted and "RETURN" in accepted:
            return "a query ends with RETURN, or with INSERT, UPDATE, REPLACE, REMOVE or UPSERT"
        return "nothing follows RETURN in a query" if "$END" in accepted else ""
    if token == "=" and "COMPARE" in accepted | {before[-1].type if before else ""}:
        return "equality is written =="
    if token.type == "NAME" and not token.startswith(("`", "´")):
        return _word_hint(token, accepted)
    if token.type in ("BIND", "BIND_COLLECTION") and "NAME" in accepted:
        return "a bind variable cannot stand here"
    return ""


def _word_hint(token: Token, accepted: set[str]) -> str:
    near = nearest(token, _keywords(accepted))
    if near:
        return f"did you mean {near}?"
    return _FOREIGN.get(token.upper(), "")


def _keywords(accepted: set[str]) -> list[str]:
    words = [kind for kind in accepted if kind in RESERVED or kind in SOFT]
    words += [word for word, kind in SHARED.items() if kind in accepted]
    if "QUANTIFIER" in accepted:
        words += ["ALL", "ANY", "NONE"]
    return words


def _unclosed(before: list[Token], token: Any) -> str:
    stack: list[int] = []
    for index, earlier in enumerate(before):
        if earlier.type in _BRACKETS:
            stack.append(index)
        elif earlier.type in _BRACKETS.values() and stack:
            stack.pop()
    if not stack:
        return "" if token is None or token.type not in _BRACKETS.values() else f"no bracket is open for this {token}"
    bracket = before[stack[-1]]
    if token is not None and token.type == _BRACKETS[bracket.type]:
        return ""
    inside = " ".join(before[stack[-1] + 1 : stack[-1] + 4])
    return f"the {bracket} before {_shorten(inside)} is not closed" if inside else f"this {bracket} is not closed"


def _misspelt_before(found: list[Token], place: int, reach: Callable[[list[Token]], int]) -> Fault | None:
    """A misspelt keyword reads as a name, and the parser stumbles over what follows it: blame the keyword."""
    best, furthest = None, place
    for index in range(place - 1, max(place - 1 - _LOOK_BACK, -1), -1):
        word = found[index]
        if word.type != "NAME" or len(word) < 3 or word[0] in "`´":
            continue
        for keyword in sorted(RESERVED | SOFT):
            if nearest(word, (keyword,)):
                repaired = word.update(SHARED.get(keyword, keyword), keyword)
                far = reach([*found[:index], repaired, *found[index + 1 :]])
                if far > furthest:
                    best, furthest = (word, keyword), far
    if best is None:
        return None
    return Fault(f"expected {best[1]}, found {_shorten(best[0])}", best[0].start_pos or 0, f"did you mean {best[1]}?")


def _missing_before(found: list[Token], place: int, reach: Callable[[list[Token]], int]) -> Fault | None:
    """COUNT, TO and the like read as names where the keyword before them is missing."""
    if place == 0 or found[place - 1].type not in SOFT:
        return None
    word = found[place - 1]
    for keyword in sorted(RESERVED):
        added = word.update(SHARED.get(keyword, keyword), keyword)
        if reach([*found[: place - 1], added, *found[place - 1 :]]) > place + 1:
            return Fault(f"expected {keyword}, found {word}", word.start_pos or 0)
    return None
