"""The words of an AQL query: one pass over the text that finds every token and what no token can begin with."""

from __future__ import annotations

import math
import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from shotwright.aql.failures import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lark import Token

RESERVED = frozenset(
    {
        "AGGREGATE", "ALL", "ALL_SHORTEST_PATHS", "AND", "ANY", "ASC", "COLLECT", "DESC", "DISTINCT", "FALSE", "FILTER",
        "FOR", "GRAPH", "IN", "INBOUND", "INSERT", "INTO", "K_PATHS", "K_SHORTEST_PATHS", "LET", "LIKE", "LIMIT",
        "NONE", "NOT", "NULL", "OR", "OUTBOUND", "REMOVE", "REPLACE", "RETURN", "SHORTEST_PATH", "SORT", "TRUE",
        "UPDATE", "UPSERT", "WINDOW", "WITH",
    }
)  # fmt: skip
"""Words that are no names unless in backticks."""

SOFT = frozenset({"COUNT", "KEEP", "OPTIONS", "PRUNE", "SEARCH", "TO"})
"""Words that are keywords in their place only."""

_SIGNS = {
    "==": "COMPARE", "!=": "COMPARE", "<": "COMPARE", "<=": "COMPARE", ">": "COMPARE", ">=": "COMPARE",
    "=~": "OPERATOR", "!~": "OPERATOR", "&&": "OPERATOR", "||": "OPERATOR", "/": "OPERATOR", "%": "OPERATOR",
    "..": "OPERATOR", "+": "PLUS", "-": "MINUS", "*": "TIMES", "!": "NOT", "?": "QUESTION", ":": "COLON", "::": "SCOPE",
    "=": "ASSIGN", ",": "_COMMA", ".": "_DOT", "(": "LPAR", ")": "RPAR", "[": "LSQB", "]": "_RSQB", "{": "LBRACE",
    "}": "_RBRACE",
}  # fmt: skip

SHARED = {
    "AND": "OPERATOR", "OR": "OPERATOR", "NULL": "LITERAL", "TRUE": "LITERAL", "FALSE": "LITERAL", "UPDATE": "CHANGE",
    "REPLACE": "CHANGE", "OUTBOUND": "DIRECTION", "INBOUND": "DIRECTION", "SHORTEST_PATH": "PATHS",
    "ALL_SHORTEST_PATHS": "PATHS", "K_SHORTEST_PATHS": "PATHS", "K_PATHS": "PATHS",
}  # fmt: skip
"""Words that the grammar does not tell apart."""

_OPENING = frozenset(("LPAR", "LSQB", "LBRACE"))
_CLOSING = frozenset(("RPAR", "_RSQB", "_RBRACE"))
_COMPARING = frozenset(("COMPARE", "IN", "NOT_IN"))


class Limits(NamedTuple):
    """How much a text may hold."""

    characters: int = 200_000
    depth: int = 200
    """Of brackets, and of the tree."""


LIMITS = Limits()


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile(
        r"""
          (?P<skip>(?:[ \t\r\n]|//[^\n]*|/\*(?:[^*]|\*(?!/))*+\*/)++)
        | (?P<function>[a-zA-Z][_a-zA-Z0-9]*(?:::[_a-zA-Z][_a-zA-Z0-9]*)++)
        | (?P<name>\$?[a-zA-Z][_a-zA-Z0-9]*+|_+[a-zA-Z]+[_a-zA-Z0-9]*+)
        | (?P<ticked>`(?:[^`\\]|\\.)*+`|´(?:[^´\\]|\\.)*+´)
        | (?P<string>"(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+')
        | (?P<number>0[xX][0-9a-fA-F]+|0[bB][01]+|(?:(?:0|[1-9][0-9]*+)(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)
        | (?P<bind>@@?(?:_+[a-zA-Z0-9]+[a-zA-Z0-9_]*+|[a-zA-Z0-9][a-zA-Z0-9_]*+))
        | (?P<foreign><>)
        | (?P<sign>==|=~|!=|!~|<=|>=|&&|\|\||\.\.|::|/(?!\*)|[-+*%<>!?:=,.()\[\]{}])
        """,
        re.VERBOSE | re.DOTALL,
    )


_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_ESCAPE = re.compile(
    r"\\(?:u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.))", re.DOTALL
)


def unescape(inside: str) -> str:
    """The text between quotes or ticks: JSON's escapes, and a backslash before anything else is dropped."""
    if "\\" not in inside:
        return inside

    def one(found: re.Match[str]) -> str:
        high, low, code, other = found.groups()
        if high is not None:
            return chr(0x10000 + ((int(high, 16) - 0xD800) << 10) + (int(low, 16) - 0xDC00))
        if code is not None:
            # A lone half of a pair is no character that could be written out again.
            return "\ufffd" if 0xD800 <= int(code, 16) <= 0xDFFF else chr(int(code, 16))
        return _ESCAPES.get(other, other)

    return _ESCAPE.sub(one, inside)


def number(text: str) -> int | float:
    """A whole number where 64 bits hold it, else a floating point number; infinite where not even that does."""
    low = text.lower()
    base = {"0x": 16, "0b": 2}.get(low[:2], 10)
    if base == 10 and ("." in low or "e" in low or len(low) > 19):
        # int() would take its time over a long row of digits.
        return float(low)
    if base != 10 and len(low.lstrip("0xb")) > 256:
        return math.inf
    value = int(low, 0 if base != 10 else 10)
    return value if value < 1 << 63 else float(value)


def tokens(text: str) -> list[Token]:
    """Every token with its offset; raises Fault at text that begins none and where brackets nest too deep."""
    found = list(_raw(text))
    _join(found)
    depth = 0
    for token in found:
        if token.type in _OPENING:
            depth += 1
            if depth > LIMITS.depth:
                raise Fault(f"brackets nest deeper than {LIMITS.depth}", token.start_pos or 0)
        elif token.type in _CLOSING:
            depth -= 1
    return found


def _raw(text: str) -> Iterator[Token]:
    from lark import Token

    match = _pattern().match
    at, end = 0, len(text)
    while at < end:
        found = match(text, at)
        if found is None:
            raise _stray(text, at)
        kind = found.lastgroup
        word = found.group()
        stop = found.end()
        if kind == "name":
            upper = word.upper()
            if upper in RESERVED:
                yield Token(SHARED.get(upper, upper), word, at, end_pos=stop)
            else:
                yield Token(upper if upper in SOFT else "NAME", word, at, end_pos=stop)
        elif kind == "sign":
            yield Token(_SIGNS[word], word, at, end_pos=stop)
        elif kind == "string":
            yield Token("STRING", word, at, end_pos=stop)
        elif kind == "function":
            yield Token("FUNCTION", word, at, end_pos=stop)
        elif kind == "ticked":
            yield Token("NAME", word, at, end_pos=stop)
        elif kind == "bind":
            yield Token("BIND_COLLECTION" if word.startswith("@@") else "BIND", word, at, end_pos=stop)
        elif kind == "foreign":
            raise Fault("found <>, which AQL does not use", at, "inequality is written !=")
        elif kind == "number":
            if stop < end and (
                text[stop].isalnum() or text[stop] == "_" or (text[stop] == "." and text[stop : stop + 2] != "..")
            ):
                raise _bad_number(text, at)
            yield Token("LITERAL", word, at, end_pos=stop)
        at = stop


def _join(found: list[Token]) -> None:
    """Join NOT IN and AT LEAST; mark ALL, ANY and NONE before a comparison as quantifiers, and LIKE( as such."""
    index = len(found) - 2
    while index >= 0:
        this, following = found[index], found[index + 1]
        if this.type == "NOT" and following.type == "IN" and this != "!":
            found[index : index + 2] = [this.update("NOT_IN", "NOT IN")]
        elif this.type == "NAME" and this.upper() == "AT" and following.upper() == "LEAST":
            found[index : index + 2] = [this.update("AT_LEAST", "AT LEAST")]
        elif this.type in ("ALL", "ANY", "NONE") and following.type in _COMPARING:
            found[index] = this.update("QUANTIFIER")
        elif this.type == "LIKE" and following.type == "LPAR":
            found[index] = this.update("LIKE_CALL")
        index -= 1


def _stray(text: str, at: int) -> Fault:
    sign = text[at]
    if text.startswith("/*", at):
        return Fault("the comment is not closed", at, "end it with */")
    if sign in "\"'":
        return Fault("the string is not closed", at, f"end it with {sign}")
    if sign in "`´":
        return Fault("the quoted name is not closed", at, f"end it with {sign}")
    if sign == "@":
        return Fault("expected a name after @", at, "bind variables are written @name, those for collections @@name")
    if sign == "_":
        return Fault("a name needs a letter", at, "put it in backticks")
    if sign == ";":
        return Fault("found ;, which AQL does not use", at, "a request holds one query, without ; at its end")
    if sign == "&" or sign == "|":
        return Fault(f"found a single {sign}", at, f"write {sign}{sign}" if text[at + 1 : at + 2] != sign else "")
    if sign.isspace():
        return Fault(f"found a space that AQL does not know (U+{ord(sign):04X})", at, "use a plain space")
    if sign.isalpha():
        return Fault(f"found {sign}, which no unquoted name may hold", at, "put the name in backticks")
    shown = sign if sign.isprintable() else f"U+{ord(sign):04X}"
    hint = "use straight quotes" if sign in "“”‘’„" else "comments are written // or /* */" if sign == "#" else ""
    return Fault(f"found {shown}, which AQL does not use", at, hint)


def _bad_number(text: str, at: int) -> Fault:
    word = re.compile(r"[\w.]*").match(text, at)
    shown = word.group() if word else text[at]
    hint = "a number has no leading zeros" if re.fullmatch(r"0\d+", shown) else ""
    return Fault(f"malformed number {shown[:40]}", at, hint)
