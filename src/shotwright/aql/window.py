"""WINDOW: aggregates over the rows around each row, by their count or by the distance of a value."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from shotwright.aql.collecting import compile_aggregates
from shotwright.aql.functions import FUNCTIONS
from shotwright.aql.values import is_number

if TYPE_CHECKING:
    from shotwright.aql import syntax
    from shotwright.aql.evaluation import Compiler, Frame, Scope, Thunk
    from shotwright.aql.statements import Operator, Stream

UNBOUNDED = "unbounded"
_DURATION = re.compile(
    r"P(?=.)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d{1,3})?)S)?)?",
    re.ASCII,
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def compile_window(compiler: Compiler, node: syntax.Window, scope: Scope) -> Operator:
    bounds = compiler.options(node.bounds)
    unknown = sorted(set(bounds) - {"preceding", "following"})
    if unknown or not bounds:
        raise compiler.running.failure(1501, "WINDOW takes preceding and following", node.at)
    over = compiler.expression(node.over, scope) if node.over is not None else None
    aggregates = compile_aggregates(compiler, node.aggregates, scope)
    places = [compiler.declare(aggregate.name, scope) for aggregate in node.aggregates]
    meter = compiler.running.meter

    def slide(frame: Frame, stream: Stream) -> Stream:
        held: list[Frame] = []
        columns: list[list[Any]] = [[] for _ in aggregates]
        values: list[Any] = []
        for _ in stream:
            meter.step()
            meter.charge(2 + len(columns))
            held.append(frame[:])
            for column, (_, argument) in zip(columns, aggregates, strict=True):
                column.append(argument(frame))
            if over is not None:
                values.append(_position(compiler, over, frame))
        if over is None:
            spans = _row_spans(compiler, node, bounds, len(held))
        else:
            order = sorted(range(len(held)), key=values.__getitem__)
            held, values = [held[place] for place in order], [values[place] for place in order]
            columns = [[column[place] for place in order] for column in columns]
            spans = _range_spans(compiler, node, bounds, values)
        for row, (first, last) in zip(held, spans, strict=True):
            frame[:] = row
            for place, (function, _), column in zip(places, aggregates, columns, strict=True):
                meter.charge((last - first) >> 6)
                meter.step()
                frame[place] = meter.weigh(function(column[first:last]))
            yield

    return slide


def _position(compiler: Compiler, over: Thunk, frame: Frame) -> float:
    """A number, or a date as milliseconds."""
    value = over(frame)
    if isinstance(value, str):
        value = FUNCTIONS["DATE_TIMESTAMP"].call(compiler.running, value)
    return float(value) if is_number(value) else 0


def _row_spans(compiler: Compiler, node: syntax.Window, bounds: dict[str, Any], size: int) -> list[tuple[int, int]]:
    def reach(side: str) -> int:
        bound = bounds.get(side, 0)
        if bound == UNBOUNDED:
            return size
        if type(bound) is not int or bound < 0:
            raise compiler.running.failure(1501, f'{side} is a whole number from 0 or "{UNBOUNDED}"', node.at)
        return bound

    before, after = reach("preceding"), reach("following")
    return [(max(0, row - before), min(size, row + after + 1)) for row in range(size)]


def _range_spans(
    compiler: Compiler, node: syntax.Window, bounds: dict[str, Any], values: list[float]
) -> list[tuple[int, int]]:
    """For each of the sorted values the slice of those within its bounds."""
    spans = []
    first = last = 0
    for value in values:
        low = _bound(compiler, node, bounds, "preceding", value)
        high = _bound(compiler, node, bounds, "following", value)
        while first < len(values) and values[first] < low:
            first += 1
        while last < len(values) and values[last] <= high:
            last += 1
        spans.append((first, max(first, last)))
    return spans


def _bound(compiler: Compiler, node: syntax.Window, bounds: dict[str, Any], side: str, value: float) -> float:
    sign = -1 if side == "preceding" else 1
    bound = bounds.get(side, 0)
    if bound == UNBOUNDED:
        return sign * float("inf")
    if is_number(bound):
        return value + sign * float(bound)
    match = _DURATION.fullmatch(bound) if isinstance(bound, str) else None
    if match is None:
        raise compiler.running.failure(
            1501, f'{side} is a number, an ISO 8601 duration such as "PT30M", or "{UNBOUNDED}"', node.at
        )
    try:
        return _shifted(value, sign, match)
    except (OverflowError, ValueError):
        return sign * float("inf")


def _shifted(value: float, sign: int, duration: re.Match[str]) -> float:
    """A time in milliseconds moved by a duration; months and years keep the day where the month has it."""
    years, months, weeks, days, hours, minutes = (int(part or 0) for part in duration.groups()[:6])
    moment = _EPOCH + timedelta(milliseconds=value)
    if years or months:
        month = moment.year * 12 + moment.month - 1 + sign * (years * 12 + months)
        after = datetime(month // 12 + (month % 12 == 11), (month + 1) % 12 + 1, 1, tzinfo=UTC)
        most = (after - timedelta(days=1)).day
        moment = moment.replace(year=month // 12, month=month % 12 + 1, day=min(moment.day, most))
    seconds = float(duration[7] or 0)
    moment += sign * timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    return (moment - _EPOCH) / timedelta(milliseconds=1)
