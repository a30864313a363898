"""Array expansion `[*]`, its inline FILTER, LIMIT and RETURN, the question `[? …]`, and array operators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shotwright.aql.functions.calling import integer
from shotwright.aql.operators import holds
from shotwright.aql.values import to_number, truthy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from shotwright.aql.evaluation import Compiler, Frame, Scope, Thunk
    from shotwright.aql.syntax import Comparison, Expansion, Quantifier


def compile_expansion(compiler: Compiler, node: Expansion, scope: Scope) -> Thunk:
    target = compiler.expression(node.target, scope)
    from shotwright.aql.evaluation import Scope as NewScope

    # CURRENT of this expansion hides that of an outer one, and is no variable that an INTO gathers.
    inner = NewScope(scope.outer | scope.names)
    current = inner.names["$CURRENT"] = compiler.declare("CURRENT", inner)

    def part(expression: Any, within: Scope) -> Thunk | None:
        return None if expression is None else compiler.expression(expression, within)

    wanted, project, tail = part(node.filter, inner), part(node.project, inner), part(node.tail, inner)
    offset, count = part(node.offset, scope), part(node.count, scope)
    meter, flatten = compiler.running.meter, node.flatten

    def items(frame: Frame) -> list[Any]:
        value = target(frame)
        if type(value) is not list:
            return []
        for _ in range(flatten):
            flat: list[Any] = []
            for item in value:
                meter.step()
                flat += item if type(item) is list else [item]
            meter.charge(len(flat))
            value = flat
        return value

    if node.quantifier is not None:
        return _question(compiler, node.quantifier, items, wanted, current, inner)

    def expand(frame: Frame) -> list[Any]:
        found: list[Any] = []
        skip = integer(offset(frame)) if offset else 0
        room = integer(count(frame)) if count else -1
        for item in items(frame):
            if room == 0:
                break
            meter.step()
            frame[current] = item
            if wanted is not None and not truthy(wanted(frame)):
                continue
            if skip > 0:
                skip -= 1
                continue
            room -= 1
            if project is not None:
                item = frame[current] = project(frame)
            found.append(item if tail is None else tail(frame))
        return meter.weigh(found)  # type: ignore[no-any-return]

    return expand


def _question(
    compiler: Compiler,
    quantifier: Quantifier,
    items: Callable[[Frame], list[Any]],
    wanted: Thunk | None,
    current: int,
    scope: Scope,
) -> Thunk:
    verdict = compile_quantifier(compiler, quantifier, scope)
    step = compiler.running.meter.step

    def ask(frame: Frame) -> bool:
        values = items(frame)

        def answers() -> Iterable[bool]:
            for item in values:
                step()
                frame[current] = item
                yield wanted is None or truthy(wanted(frame))

        return verdict(frame, answers(), len(values))

    return ask


def compile_quantifier(
    compiler: Compiler, quantifier: Quantifier, scope: Scope
) -> Callable[[Frame, Iterable[bool], int], bool]:
    """Whether enough of the items' answers are true; the answers are asked for no further than needed."""
    match quantifier.kind:
        case "ALL":
            return lambda frame, answers, size: all(answers)
        case "ANY":
            return lambda frame, answers, size: any(answers)
        case "NONE":
            return lambda frame, answers, size: not any(answers)
    least = compiler.expression(quantifier.least, scope) if quantifier.least is not None else None
    most = compiler.expression(quantifier.most, scope) if quantifier.most is not None else None
    ranged = quantifier.kind == "RANGE"

    def within(frame: Frame, answers: Iterable[bool], size: int) -> bool:
        low = to_number(least(frame)) if least is not None else 1
        if not ranged:
            return low <= 0 or any(count >= low for count, _ in enumerate(filter(None, answers), 1))
        high = to_number(most(frame)) if most is not None else low
        return low <= sum(answers) <= high

    return within


def compile_comparison(compiler: Compiler, node: Comparison, scope: Scope) -> Thunk:
    """`left ALL == right`. What is no array compares as false, as on the server; so does an empty one with ANY."""
    left, right = compiler.expression(node.left, scope), compiler.expression(node.right, scope)
    test, step = holds(compiler, node.operator), compiler.running.meter.step
    verdict = compile_quantifier(compiler, node.quantifier, scope)

    def compare_each(frame: Frame) -> bool:
        values, other = left(frame), right(frame)
        if type(values) is not list:
            return False

        def answers() -> Iterable[bool]:
            for value in values:
                step()
                yield test(value, other)

        return verdict(frame, answers(), len(values))

    return compare_each
