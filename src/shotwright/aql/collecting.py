"""COLLECT: groups, aggregates, INTO, KEEP and counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shotwright.aql.functions import AGGREGATES
from shotwright.aql.values import distinct_key, sort_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from shotwright.aql import syntax
    from shotwright.aql.evaluation import Compiler, Frame, Scope, Thunk
    from shotwright.aql.statements import Operator, Stream


@dataclass(slots=True)
class _Group:
    values: list[Any]
    size: int
    columns: list[list[Any]]
    """For each aggregate the values of its argument."""
    members: list[Any]
    weight: int = 0
    """Of the members."""


def compile_aggregates(
    compiler: Compiler, aggregates: tuple[syntax.Aggregate, ...], scope: Scope
) -> list[tuple[Callable[[list[Any]], Any], Thunk]]:
    """(what makes one value of the column, the argument that fills the column)."""
    found = []
    for aggregate in aggregates:
        function = AGGREGATES.get(aggregate.function)
        if function is None:
            raise compiler.running.failure(
                1574,
                f"invalid aggregate expression: {aggregate.function}()",
                aggregate.at,
                hint=f"known are {', '.join(sorted(AGGREGATES))}",
            )
        argument = compiler.expression(aggregate.argument, scope) if aggregate.argument is not None else _one
        found.append((function, argument))
    return found


def _one(frame: Frame) -> int:
    return 1


def compile_collect(compiler: Compiler, node: syntax.Collect, scope: Scope) -> Operator:
    meter = compiler.running.meter
    keys = [compiler.expression(value, scope) for _, value in node.groups]
    aggregates = compile_aggregates(compiler, node.aggregates, scope)
    member = _member(compiler, node, scope)
    ordered = compiler.options(node.options).get("method") != "hash"

    # What came in from the first FOR of this query on is gone; what stood before it, or around the query, stays.
    scope.names = {name: place for name, place in scope.names.items() if name not in scope.gathered}
    scope.gathered = []
    group_places = [compiler.declare(name, scope) for name, _ in node.groups]
    aggregate_places = [compiler.declare(aggregate.name, scope) for aggregate in node.aggregates]
    into = compiler.declare(node.into, scope) if node.into is not None else None
    counted = compiler.declare(node.count_into, scope) if node.count_into is not None else None

    def gather(frame: Frame, stream: Stream) -> list[_Group]:
        groups: dict[Any, _Group] = {}
        if not keys:
            groups[()] = _Group([], 0, [[] for _ in aggregates], [])
        for _ in stream:
            meter.step()
            values = [key(frame) for key in keys]
            found = tuple([distinct_key(meter.hold(value)) for value in values])
            group = groups.get(found)
            if group is None:
                meter.charge(2 + len(values))
                group = groups[found] = _Group(values, 0, [[] for _ in aggregates], [])
            group.size += 1
            for column, (_, argument) in zip(group.columns, aggregates, strict=True):
                meter.charge(1)
                column.append(argument(frame))
            if member is not None:
                kept = member(frame)
                meter.charge(len(kept) if type(kept) is dict else 1)
                group.weight = meter.gather(group.weight, kept)
                group.members.append(kept)
        return list(groups.values())

    def collect(frame: Frame, stream: Stream) -> Stream:
        groups = gather(frame, stream)
        if ordered and keys:
            groups.sort(key=lambda group: [sort_key(meter.hold(value)) for value in group.values])
        for group in groups:
            meter.step()
            for place, value in zip(group_places, group.values, strict=True):
                frame[place] = value
            for place, (function, _), column in zip(aggregate_places, aggregates, group.columns, strict=True):
                frame[place] = meter.weigh(function(column))
            if into is not None:
                frame[into] = group.members
            if counted is not None:
                frame[counted] = group.size
            yield

    return collect


def _member(compiler: Compiler, node: syntax.Collect, scope: Scope) -> Thunk | None:
    """What INTO keeps of one row: an expression, the variables of KEEP, or all that came from the first FOR on."""
    if node.into is None:
        return None
    if node.into_value is not None:
        return compiler.expression(node.into_value, scope)
    names = node.keep or tuple(scope.gathered if scope.looped else scope.names)
    kept = []
    for name in names:
        place = scope.place(name)
        if place is None:
            raise compiler.running.failure(1512, f"unknown variable '{name}'", node.at)
        kept.append((str(name), place))
    return lambda frame: {name: frame[place] for name, place in kept}
