"""The statements of a query as a chain of generators over one frame: each sets its places in it and passes it on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeAlias

from shotwright.aql import syntax
from shotwright.aql.collecting import compile_collect
from shotwright.aql.sources import compile_for
from shotwright.aql.values import distinct_key, sort_key, truthy
from shotwright.aql.window import compile_window
from shotwright.aql.writing import compile_upsert, compile_write

if TYPE_CHECKING:
    from shotwright.aql.evaluation import Compiler, Frame, Scope, Thunk
    from shotwright.aql.limits import Meter

Stream: TypeAlias = Iterator[None]
"""One turn for each row, whose values lie in the frame."""
Operator: TypeAlias = "Callable[[Frame, Stream], Stream]"


@dataclass(slots=True)
class Pipeline:
    """A compiled query or sub-query."""

    meter: Meter
    operators: list[Operator] = field(default_factory=list)
    value: Thunk | None = None
    """Of RETURN."""
    distinct: bool = False
    writes: bool = False

    def rows(self, frame: Frame) -> Iterator[Any]:
        stream: Stream = iter((None,))
        for operator in self.operators:
            stream = operator(frame, stream)
        value = self.value
        if value is None:
            for _ in stream:
                pass
            return
        if not self.distinct:
            for _ in stream:
                yield value(frame)
            return
        seen, meter = set(), self.meter
        for _ in stream:
            row = value(frame)
            meter.step()
            key = distinct_key(meter.hold(row))
            if key not in seen:
                meter.charge(1)
                seen.add(key)
                yield row


def compile_query(compiler: Compiler, query: syntax.Query, scope: Scope) -> Pipeline:
    pipeline = Pipeline(compiler.running.meter)
    for place, statement in enumerate(query.statements):
        match statement:
            case syntax.For():
                operator = compile_for(compiler, statement, scope, query.statements[place + 1 :])
            case syntax.Let():
                operator = _let(compiler, statement, scope)
            case syntax.Filter():
                operator = _filter(compiler, statement, scope)
            case syntax.Sort():
                operator = _sort(compiler, statement, scope)
            case syntax.Limit():
                operator = _limit(compiler, statement, scope)
            case syntax.Collect():
                operator = compile_collect(compiler, statement, scope)
            case syntax.Window():
                operator = compile_window(compiler, statement, scope)
            case syntax.Write():
                operator = compile_write(compiler, statement, scope)
                pipeline.writes = True
            case syntax.Upsert():
                operator = compile_upsert(compiler, statement, scope)
                pipeline.writes = True
            case syntax.Return():
                pipeline.value = compiler.expression(statement.value, scope)
                pipeline.distinct = statement.distinct
                continue
        pipeline.operators.append(operator)
    return pipeline


def _let(compiler: Compiler, node: syntax.Let, scope: Scope) -> Operator:
    value = compiler.expression(node.value, scope)
    place = compiler.declare(node.name, scope)

    def let(frame: Frame, stream: Stream) -> Stream:
        for _ in stream:
            frame[place] = value(frame)
            yield

    return let


def _filter(compiler: Compiler, node: syntax.Filter, scope: Scope) -> Operator:
    condition = compiler.expression(node.condition, scope)

    def keep(frame: Frame, stream: Stream) -> Stream:
        for _ in stream:
            value = condition(frame)
            if value is True or (value is not False and truthy(value)):
                yield

    return keep


def _sort(compiler: Compiler, node: syntax.Sort, scope: Scope) -> Operator:
    keys = [(compiler.expression(value, scope), _descends(compiler, way)) for value, way in node.keys]
    meter = compiler.running.meter

    def order(frame: Frame, stream: Stream) -> Stream:
        rows: list[tuple[list[Any], Frame]] = []
        for _ in stream:
            meter.step()
            meter.charge(len(keys) + 1)
            rows.append(([sort_key(meter.hold(key(frame))) for key, _ in keys], frame[:]))
        # From the last key to the first: each sort keeps the order of the one before among equals.
        for column in range(len(keys) - 1, -1, -1):
            meter.look()
            rows.sort(key=partial(_column, column), reverse=keys[column][1])
        for _, held in rows:
            meter.step()
            frame[:] = held
            yield

    return order


def _column(place: int, row: tuple[list[Any], Frame]) -> Any:
    return row[0][place]


def _descends(compiler: Compiler, way: syntax.Expression | str) -> bool:
    value = way if isinstance(way, str) else compiler.constant(way)
    if isinstance(value, str):
        return value.upper() == "DESC"
    return not truthy(value)


def _limit(compiler: Compiler, node: syntax.Limit, scope: Scope) -> Operator:
    offset = _count(compiler, node.offset, scope) if node.offset is not None else None
    count = _count(compiler, node.count, scope)

    def cut(frame: Frame, stream: Stream) -> Stream:
        skipped = offset(frame) if offset is not None else 0
        return islice(stream, skipped, skipped + count(frame))

    return cut


def _count(compiler: Compiler, node: syntax.Expression, scope: Scope) -> Callable[[Frame], int]:
    value = compiler.expression(node, scope)

    def read(frame: Frame) -> int:
        found = value(frame)
        if type(found) is float and found.is_integer():
            found = int(found)
        if type(found) is not int or not 0 <= found < 2**53:
            raise compiler.running.failure(1504, "LIMIT takes whole numbers from 0", node.at)
        return found

    return read
