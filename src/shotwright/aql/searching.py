"""SEARCH on a view: a filter in which an attribute that holds an array matches when any of its items does.

An analyzer other than `identity` splits the attribute's text into words first, as the view's index would hold them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shotwright.aql import syntax
from shotwright.aql.expansion import compile_quantifier
from shotwright.aql.functions import FUNCTIONS
from shotwright.aql.operators import holds
from shotwright.aql.values import truthy

if TYPE_CHECKING:
    from collections.abc import Callable

    from shotwright.aql.evaluation import Compiler, Frame, Scope, Thunk

_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


def compile_search(compiler: Compiler, node: syntax.Expression, place: int, scope: Scope) -> Thunk:
    """A condition on the document in `place`."""
    return _Search(compiler, place, scope).condition(node, "identity")


class _Search:
    def __init__(self, compiler: Compiler, place: int, scope: Scope) -> None:
        self.compiler = compiler
        self.place = place
        self.scope = scope

    def condition(self, node: syntax.Expression, analyzer: str) -> Thunk:
        match node:
            case syntax.Binary("AND", left, right):
                one, other = self.condition(left, analyzer), self.condition(right, analyzer)
                return lambda frame: truthy(one(frame)) and truthy(other(frame))
            case syntax.Binary("OR", left, right):
                one, other = self.condition(left, analyzer), self.condition(right, analyzer)
                return lambda frame: truthy(one(frame)) or truthy(other(frame))
            case syntax.Unary("NOT", operand):
                part = self.condition(operand, analyzer)
                return lambda frame: not truthy(part(frame))
            case syntax.Binary():
                return self._comparison(node, analyzer)
            case syntax.Comparison(quantifier, "==", left, right) if self._is_attribute(right):
                return self._all_in(quantifier, left, right, analyzer)
            case syntax.Call():
                return self._call(node, analyzer)
        return self.compiler.expression(node, self.scope)

    def _comparison(self, node: syntax.Binary, analyzer: str) -> Thunk:
        left, right, operator = node.left, node.right, str(node.operator)
        if not self._is_attribute(left) and self._is_attribute(right) and operator in _MIRRORED:
            left, right, operator = right, left, _MIRRORED[operator]
        if not self._is_attribute(left) or operator in ("LIKE", "NOT LIKE", "=~", "!~"):
            return self._pattern(node, analyzer) if operator == "LIKE" else self.compiler.expression(node, self.scope)
        negated = operator in ("!=", "NOT IN")
        test = holds(self.compiler, {"!=": "==", "NOT IN": "IN"}.get(operator, operator))
        values, wanted = self._values(left, analyzer), self.compiler.expression(right, self.scope)

        def compare(frame: Frame) -> bool:
            other = wanted(frame)
            return any(test(value, other) for value in values(frame)) is not negated

        return compare

    def _all_in(
        self, quantifier: syntax.Quantifier, left: syntax.Expression, right: syntax.Expression, analyzer: str
    ) -> Thunk:
        """`["a", "b"] ALL == d.words`: whether the attribute has each, any or none of the values."""
        wanted, values = self.compiler.expression(left, self.scope), self._values(right, analyzer)
        verdict = compile_quantifier(self.compiler, quantifier, self.scope)
        within = holds(self.compiler, "IN")

        def ask(frame: Frame) -> bool:
            asked, held = wanted(frame), values(frame)
            return isinstance(asked, list) and verdict(frame, (within(one, held) for one in asked), len(asked))

        return ask

    def _pattern(self, node: syntax.Binary, analyzer: str) -> Thunk:
        return self._each("LIKE", node.left, (node.right,), analyzer)

    def _call(self, node: syntax.Call, analyzer: str) -> Thunk:
        arguments = node.arguments
        if node.name == "ANALYZER" and len(arguments) == 2:
            return self.condition(arguments[0], str(self.compiler.constant(arguments[1])))
        if node.name == "BOOST" and arguments:
            return self.condition(arguments[0], analyzer)
        if node.name == "MIN_MATCH" and len(arguments) > 1:
            parts = [self.condition(argument, analyzer) for argument in arguments[:-1]]
            least = self.compiler.expression(arguments[-1], self.scope)
            return lambda frame: sum(truthy(part(frame)) for part in parts) >= least(frame)
        if node.name == "EXISTS" and arguments:
            value = self.compiler.expression(arguments[0], self.scope)
            return lambda frame: value(frame) is not None
        if node.name == "PHRASE" and len(arguments) > 1:
            return self._phrase(arguments, analyzer)
        if node.name in ("STARTS_WITH", "LIKE", "IN_RANGE") and arguments and self._is_attribute(arguments[0]):
            return self._each(node.name, arguments[0], arguments[1:], analyzer)
        return self.compiler.expression(node, self.scope)

    def _each(
        self, function: str, attribute: syntax.Expression, rest: tuple[syntax.Expression, ...], analyzer: str
    ) -> Thunk:
        """A function that is asked of each of the attribute's words."""
        running, call = self.compiler.running, FUNCTIONS[function].call
        values = self._values(attribute, analyzer)
        others = [self.compiler.expression(part, self.scope) for part in rest]

        def ask(frame: Frame) -> bool:
            given = [other(frame) for other in others]
            return any(call(running, value, *given) is True for value in values(frame) if isinstance(value, str))

        return ask

    def _phrase(self, arguments: tuple[syntax.Expression, ...], analyzer: str) -> Thunk:
        """`PHRASE(attribute, text)`, with the analyzer as a third argument: the words in a row."""
        if len(arguments) > 2:
            analyzer = str(self.compiler.constant(arguments[2]))
        values, text = self._values(arguments[0], analyzer), self.compiler.expression(arguments[1], self.scope)

        def ask(frame: Frame) -> bool:
            asked = text(frame)
            if not isinstance(asked, str):
                return False
            words, held = self._words(asked, analyzer), values(frame)
            ends = range(len(words), len(held) + 1)
            return bool(words) and any(held[end - len(words) : end] == words for end in ends)

        return ask

    def _values(self, node: syntax.Expression, analyzer: str) -> Callable[[Frame], list[Any]]:
        """What an index of the view would hold of the attribute."""
        read = self.compiler.expression(node, self.scope)
        meter = self.compiler.running.meter

        def values(frame: Frame) -> list[Any]:
            value = read(frame)
            items = value if isinstance(value, list) else [value]
            if analyzer != "identity":
                split: list[Any] = []
                for item in items:
                    split += self._words(item, analyzer) if isinstance(item, str) else [item]
                items = split
            for _ in items:
                meter.step()
            return items

        return values

    def _words(self, text: str, analyzer: str) -> list[Any]:
        if analyzer == "identity":
            return [text]
        found = FUNCTIONS["TOKENS"].call(self.compiler.running, text, analyzer)
        return found if isinstance(found, list) else [found]

    def _is_attribute(self, node: syntax.Expression) -> bool:
        """Of the document that is searched."""
        while isinstance(node, syntax.Attribute | syntax.Index):
            node = node.target
        return isinstance(node, syntax.Name) and self.scope.place(node.name) == self.place
