"""From what the grammar finds to the syntax tree: operands, attributes, indexes and the operators on arrays."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from shotwright.aql import syntax as tree
from shotwright.aql.failures import Fault
from shotwright.aql.folding import fold
from shotwright.aql.lexing import number, unescape

if TYPE_CHECKING:
    from lark import Token


class Part(NamedTuple):
    """A clause that belongs to the statement around it."""

    kind: str
    value: Any


def offset(token: Token) -> int:
    """Where a token begins in the text."""
    return token.start_pos or 0


def gather(parts: list[Any]) -> dict[str, Any]:
    """The clauses among the parts of a rule, by kind."""
    return {part.kind: part.value for part in parts if isinstance(part, Part)}


def rest(parts: list[Any]) -> list[Any]:
    """What is no clause among the parts of a rule."""
    return [part for part in parts if not isinstance(part, Part)]


def depths(node: tree.Expression | None) -> tuple[tree.Expression | None, tree.Expression | None]:
    """Least and most of a range; one value is both."""
    return (node.low, node.high) if isinstance(node, tree.Range) else (node, node)


def is_kind(part: Any, kind: str) -> bool:
    return getattr(part, "type", "") == kind


class Operands:
    """What an expression is made of."""

    def name(self, parts: list[Token]) -> tree.Identifier:
        word = str(parts[0])
        if word[0] in "`´":
            word = unescape(word[1:-1])
        return tree.Identifier(word, offset(parts[0]))

    def bind(self, parts: list[Token]) -> tree.Bind:
        token = parts[0]
        return tree.Bind(token.lstrip("@"), token.type == "BIND_COLLECTION", offset(token))

    def literal(self, parts: list[Token]) -> tree.Constant:
        token = parts[0]
        value: Any
        if token.type == "STRING":
            value = unescape(token[1:-1])
        elif token[0] in ".0123456789":
            value = number(token)
            if value == math.inf:
                raise Fault("the number is out of range", offset(token))
        else:
            value = {"NULL": None, "TRUE": True, "FALSE": False}[token.upper()]
        return tree.Constant(value, offset(token))

    def variable(self, parts: list[tree.Identifier]) -> tree.Name:
        return tree.Name(str(parts[0]), parts[0].at)

    def chain(self, parts: list[Any]) -> tree.Expression:
        return fold(parts)

    def then(self, parts: list[Any]) -> tuple[Token, tree.Expression | None]:
        return parts[0], parts[1] if len(parts) == 3 else None

    def at_least(self, parts: list[Any]) -> tuple[Token, tree.Quantifier]:
        return parts[0], tree.Quantifier("AT LEAST", least=parts[2])

    def unary(self, parts: list[Any]) -> tree.Unary:
        sign = {"NOT": "NOT", "MINUS": "-", "PLUS": "+"}[parts[0].type]
        return tree.Unary(sign, parts[1], offset(parts[0]))  # type: ignore[arg-type]

    def group(self, parts: list[Any]) -> tree.Expression:
        expression: tree.Expression = parts[1]
        return expression

    def subquery(self, parts: list[Any]) -> tree.Subquery:
        return tree.Subquery(parts[1], offset(parts[0]))

    def call(self, parts: list[Any]) -> tree.Call:
        function = parts[0]
        at = function.at if isinstance(function, tree.Identifier) else offset(function)
        # A query may stand for an argument without brackets of its own.
        given = tuple(tree.Subquery(part, part.at) if isinstance(part, tree.Query) else part for part in parts[2:-1])
        return tree.Call(function.upper(), given, at)

    def array(self, parts: list[Any]) -> tree.ArrayOf:
        return tree.ArrayOf(tuple(parts[1:]), offset(parts[0]))

    def object(self, parts: list[Any]) -> tree.ObjectOf:
        return tree.ObjectOf(tuple(parts[1:]), offset(parts[0]))

    def entry_name(self, parts: list[tree.Identifier]) -> tuple[str, tree.Name]:
        return str(parts[0]), tree.Name(str(parts[0]), parts[0].at)

    def entry_value(self, parts: list[Any]) -> tuple[str | tree.Bind, tree.Expression]:
        key = parts[0]
        if isinstance(key, tree.Bind):
            if key.collection:
                raise Fault("a collection cannot be the name of an attribute", key.at)
            return key, parts[2]
        return (str(key) if isinstance(key, tree.Identifier) else unescape(key[1:-1])), parts[2]

    def entry_computed(self, parts: list[Any]) -> tuple[tree.Expression, tree.Expression]:
        return parts[1], parts[3]


class Access(Operands):
    """Attributes, indexes and the operators on arrays."""

    def attribute(self, parts: list[Any]) -> tree.Attribute:
        target, name = parts
        return tree.Attribute(target, name if isinstance(name, tree.Bind) else str(name), name.at)

    def index(self, parts: list[Any]) -> tree.Index:
        return tree.Index(parts[0], parts[2], offset(parts[1]))

    def expanded_attribute(self, parts: list[Any]) -> tree.Expansion:
        top, name = parts
        return _within(top, lambda target: self.attribute([target, name]))

    def expanded_index(self, parts: list[Any]) -> tree.Expansion:
        top, bracket, index = parts
        return _within(top, lambda target: self.index([target, bracket, index]))

    def inline_filter(self, parts: list[Any]) -> Part:
        return Part("filter", parts[1])

    def inline_limit(self, parts: list[Any]) -> Part:
        return Part("limit", (parts[1], parts[2]) if len(parts) == 3 else (None, parts[1]))

    def inline_return(self, parts: list[Any]) -> Part:
        return Part("return", parts[1])

    def quantity(self, parts: list[Any]) -> tree.Quantifier:
        given = parts[0]
        if isinstance(given, tuple):
            quantifier: tree.Quantifier = given[1]
            return quantifier
        if hasattr(given, "type"):
            return tree.Quantifier(given.type)
        return tree.Quantifier("RANGE", *depths(given))

    def inside(self, parts: list[Any]) -> _Brackets:
        given = gather(parts)
        offset, count = given.get("limit", (None, None))
        stars = len(rest(parts))
        return _Brackets(stars - 1, given.get("filter"), offset, count, given.get("return"), None)

    def matching(self, parts: list[Any]) -> _Brackets:
        marks = sum(1 for part in parts if is_kind(part, "QUESTION"))
        quantifier = next((part for part in parts if isinstance(part, tree.Quantifier)), tree.Quantifier("ANY"))
        return _Brackets(marks - 1, parts[-1] if len(parts) > marks else None, None, None, None, quantifier)

    def expand(self, parts: list[Any]) -> tree.Expansion:
        target, bracket, inside = parts
        return tree.Expansion(
            target=target,
            flatten=inside.flatten,
            filter=inside.filter,
            offset=inside.offset,
            count=inside.most,
            project=inside.project,
            tail=None,
            quantifier=inside.quantifier,
            at=offset(bracket),
        )

    def expand_again(self, parts: list[Any]) -> tree.Expansion:
        """`a[*].b[*]` expands every b; with more stars than one the whole of `a[*].b` is the target instead."""
        top: tree.Expansion = parts[0]
        _, bracket, inside = parts
        if inside.flatten:
            return self.expand(parts)
        return replace(top, tail=self.expand([top.tail or _item(top.at), bracket, inside]))


class _Brackets(NamedTuple):
    """What stands in the brackets of an expansion."""

    flatten: int
    filter: tree.Expression | None
    offset: tree.Expression | None
    most: tree.Expression | None
    project: tree.Expression | None
    quantifier: tree.Quantifier | None


def _item(at: int) -> tree.Name:
    return tree.Name("CURRENT", at)


def _within(top: tree.Expansion, access: Any) -> tree.Expansion:
    """Apply an access to every item of the innermost of nested expansions."""
    path = [top]
    while isinstance(path[-1].tail, tree.Expansion):
        path.append(path[-1].tail)
    inner = path.pop()
    made = replace(inner, tail=access(inner.tail or _item(inner.at)))
    while path:
        made = replace(path.pop(), tail=made)
    return made
