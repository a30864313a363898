"""Operators by precedence: from a flat chain of operands and operators to one expression.

Precedence is ArangoDB's, from the loosest: `? :`, OR, AND, an array quantifier, equality with LIKE and the regular
expressions, IN, the order comparisons, `..`, sum, product. All but the ternary group from the left.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from shotwright.aql import syntax as tree
from shotwright.aql.failures import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

_TERNARY, _OR, _AND, _QUANTIFIED, _EQUALITY, _MEMBER, _ORDER, _RANGE, _SUM, _PRODUCT = range(10)

_LEVELS = {
    "OR": _OR, "AND": _AND, "==": _EQUALITY, "!=": _EQUALITY, "LIKE": _EQUALITY, "=~": _EQUALITY, "!~": _EQUALITY,
    "IN": _MEMBER, "NOT IN": _MEMBER, "<": _ORDER, "<=": _ORDER, ">": _ORDER, ">=": _ORDER, "..": _RANGE, "+": _SUM,
    "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "%": _PRODUCT,
}  # fmt: skip

_SPELT = {"&&": "AND", "||": "OR"}
_NEGATED = {"LIKE": "NOT LIKE", "=~": "!~", "!~": "=~"}
_LONG = 32
"""Operands from which a row of AND or OR becomes a balanced tree, so that long conditions stay shallow."""


class _Operator(NamedTuple):
    entering: int
    """Its level against the operator before it."""
    holding: int
    """Its level against the operator after it: a quantifier enters loosely and holds as its comparison does."""
    make: Callable[[Any, Any], tree.Expression]
    joins: str


def fold(parts: list[Any]) -> tree.Expression:
    """The expression of a chain: operands, and between them one or two tokens or what a rule made of them."""
    if len(parts) == 1:
        single: tree.Expression = parts[0]
        return single
    operands, operators = [parts[0]], []
    index = 1
    while index < len(parts):
        link = parts[index]
        following = parts[index + 1]
        # A link of two words: NOT LIKE, ALL ==.
        second = following if hasattr(following, "type") else None
        operators.append(_operator(link, second))
        index += 2 if second is not None else 1
        operands.append(parts[index])
        index += 1
    return _climb(operands, operators)


def _operator(link: Any, second: Any) -> _Operator:
    if isinstance(link, tuple):
        token, value = link
        at = token.start_pos
        if token.type == "QUESTION":
            return _Operator(_TERNARY, _TERNARY, lambda left, right: tree.Conditional(left, value, right, at), "")
        return _quantified(value, second, at)
    at = link.start_pos
    if link.type == "QUANTIFIER":
        return _quantified(tree.Quantifier(link.upper()), second, at)
    word = _SPELT.get(link, link.upper())
    if second is not None:
        word = _NEGATED.get(second.upper(), "")
        if not word:
            raise Fault(f"expected IN, LIKE or =~ after NOT, found {second}", second.start_pos)
        return _Operator(_MEMBER, _EQUALITY, _binary(word, at), "")
    level = _LEVELS[word]
    if word == "..":
        return _Operator(level, level, lambda left, right: tree.Range(left, right, at), "")
    return _Operator(level, level, _binary(word, at), word if word in ("AND", "OR") else "")


def _binary(word: Any, at: int) -> Callable[[Any, Any], tree.Expression]:
    return lambda left, right: tree.Binary(word, left, right, at)


def _quantified(quantifier: tree.Quantifier, comparison: Any, at: int) -> _Operator:
    word = comparison.upper()
    return _Operator(
        _QUANTIFIED, _LEVELS[word], lambda left, right: tree.Comparison(quantifier, word, left, right, at), ""
    )


def _climb(operands: list[Any], operators: list[_Operator]) -> tree.Expression:
    if len(operators) >= _LONG and all(operator.holding != _TERNARY for operator in operators):
        for joined in ("OR", "AND"):
            places = [index for index, operator in enumerate(operators) if operator.joins == joined]
            if len(places) >= _LONG:
                return _balance(operands, operators, places)
    values = [operands[0]]
    waiting: list[_Operator] = []
    for operator, operand in zip(operators, operands[1:], strict=True):
        while waiting and _binds(waiting[-1], operator):
            _apply(values, waiting.pop())
        waiting.append(operator)
        values.append(operand)
    while waiting:
        _apply(values, waiting.pop())
    result: tree.Expression = values[0]
    return result


def _binds(before: _Operator, after: _Operator) -> bool:
    return before.holding > after.entering or (before.holding == after.entering and after.entering != _TERNARY)


def _apply(values: list[Any], operator: _Operator) -> None:
    right = values.pop()
    values.append(operator.make(values.pop(), right))


def _balance(operands: list[Any], operators: list[_Operator], places: list[int]) -> tree.Expression:
    edges = [-1, *places, len(operators)]
    level = [_climb(operands[first + 1 : last + 1], operators[first + 1 : last]) for first, last in pairwise(edges)]
    joins = [operators[place] for place in places]
    while len(level) > 1:
        paired, between = [], []
        for index in range(0, len(level) - 1, 2):
            paired.append(joins[index].make(level[index], level[index + 1]))
            if index + 1 < len(joins):
                between.append(joins[index + 1])
        if len(level) % 2:
            paired.append(level[-1])
        level, joins = paired, between
    return level[0]
