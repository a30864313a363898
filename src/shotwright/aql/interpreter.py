"""The public door: run one query over some data."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from shotwright.aql import syntax
from shotwright.aql.check import check
from shotwright.aql.failures import AqlFailure, Number
from shotwright.aql.limits import Limits, Meter
from shotwright.aql.parser import parse
from shotwright.aql.running import Running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from shotwright.aql.data import GraphData

READ_ONLY = 1004
"""ArangoDB's number for a write where none may be."""

_SHORT = 8_000
"""Characters up to which the tree of a text is kept."""


@dataclass(slots=True)
class Result:
    """The rows, and what the query did on its way."""

    rows: list[Any]
    warnings: list[tuple[int, str]] = field(default_factory=list)
    """(ArangoDB's number, message), the first ten."""
    writes_executed: int = 0
    writes_ignored: int = 0
    scanned: int = 0
    """Documents and edges read."""
    truncated: bool = False
    """There were more rows than the limit, and whoever asked takes those that came first."""


def run_query(
    text: str,
    bind: Mapping[str, Any],
    data: GraphData,
    *,
    limits: Limits | None = None,
    writable: bool = False,
    truncate: bool = False,
    clock: Callable[[], float] = time.monotonic,
) -> Result:
    """Run an AQL query.

    `bind` holds values of bind variables without their `@`, a collection's under `@name`. A query that is not valid,
    that writes though not `writable`, or that passes its limits raises `AqlFailure`, a `QueryError` with ArangoDB's
    number in `code`. With `truncate` the rows beyond the limit are left out instead, and the result says so.
    """
    meter = Meter(limits or Limits(), clock)
    try:
        running = Running(text, _plain(bind), data, meter)
        return _run(text, running, writable, truncate)
    except RecursionError:
        raise AqlFailure(1524, "the query nests too deeply", hint="use fewer statements, or nest less") from None
    except MemoryError:
        raise AqlFailure(Number.RESOURCE_LIMIT, "the query needs more memory than there is") from None


@lru_cache(maxsize=128)
def _parsed(text: str) -> syntax.Query:
    """Kept for a text that is asked again: a tree does not change."""
    return parse(text)


def _plain(bind: Mapping[str, Any]) -> dict[str, Any]:
    """The values as JSON holds them; an error for those that it cannot."""
    try:
        values: dict[str, Any] = json.loads(json.dumps(dict(bind), allow_nan=False))
    except (TypeError, ValueError) as error:
        raise AqlFailure(
            1550,
            f"a bind variable holds what JSON cannot: {error}",
            hint="use null, truth values, numbers, text, arrays and objects",
        ) from None
    return values


def _run(text: str, running: Running, writable: bool, truncate: bool) -> Result:
    from shotwright.aql.evaluation import Compiler, Scope
    from shotwright.aql.statements import compile_query

    running.meter.weigh(running.bind)
    query = _parsed(text) if len(text) < _SHORT else parse(text)
    if not writable:
        _refuse_writes(query, running)
    check(query, text, collections=running.data.kind, bind=running.bind)
    compiler = Compiler(running)
    compiler.writes = any(isinstance(node, syntax.Write | syntax.Upsert) for node in _all_nodes(query))
    pipeline = compile_query(compiler, query, Scope())
    rows: list[Any] = []
    most, gather = running.meter.limits.rows, running.meter.gather
    total = 0
    truncated = False
    for row in pipeline.rows(compiler.frame()):
        if len(rows) == most:
            if truncate:
                truncated = True
                break
            raise AqlFailure(
                Number.RESOURCE_LIMIT, f"the query answers more than {most} rows", hint="add LIMIT, or FILTER more"
            )
        total = gather(total, row)
        rows.append(row)
    done = running.writes_executed, running.writes_ignored, running.meter.scanned
    return Result(rows, running.warnings, *done, truncated)


def _refuse_writes(query: syntax.Query, running: Running) -> None:
    for node in _all_nodes(query):
        if isinstance(node, syntax.Write | syntax.Upsert):
            kind = node.kind if isinstance(node, syntax.Write) else "UPSERT"
            raise running.failure(
                READ_ONLY, f"a raw query may only read, and this one has {kind}", node.at, hint="use FOR … RETURN"
            )


def _all_nodes(node: Any) -> Iterator[Any]:
    ahead = [node]
    while ahead:
        node = ahead.pop()
        yield node
        ahead += syntax.children(node)
