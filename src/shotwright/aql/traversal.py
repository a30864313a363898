"""FOR v, e, p IN low..high OUTBOUND|INBOUND|ANY: depth first, breadth first or by weight.

Depth first takes the last of a vertex's edges first, as ArangoDB 3.12 does; breadth first takes them in their order.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any, Protocol

from shotwright.aql.functions.calling import integer
from shotwright.aql.reach import Reach, compile_vertex
from shotwright.aql.values import truthy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from shotwright.aql import syntax
    from shotwright.aql.data import Document
    from shotwright.aql.evaluation import Compiler, Frame, Scope, Thunk
    from shotwright.aql.running import Running
    from shotwright.aql.statements import Operator, Stream


@dataclass(slots=True, eq=False)
class Walk:
    """A path by its last step; the steps before hang on it."""

    vertex: str
    edge: Document | None
    before: Walk | None
    depth: int
    weight: float = 0

    def steps(self) -> list[Walk]:
        """From the start on."""
        found: list[Walk] = []
        step: Walk | None = self
        while step is not None:
            found.append(step)
            step = step.before
        found.reverse()
        return found


class _Frontier(Protocol):
    """Walks to go on from; the implementations differ in which comes next."""

    def put(self, walks: list[Walk]) -> None: ...

    def take(self) -> Walk | None: ...


class _Stack:
    def __init__(self) -> None:
        self._walks: list[Walk] = []

    def put(self, walks: list[Walk]) -> None:
        self._walks += walks

    def take(self) -> Walk | None:
        return self._walks.pop() if self._walks else None


class _Queue:
    def __init__(self) -> None:
        self._walks: deque[Walk] = deque()

    def put(self, walks: list[Walk]) -> None:
        self._walks.extend(walks)

    def take(self) -> Walk | None:
        return self._walks.popleft() if self._walks else None


class _Lightest:
    def __init__(self) -> None:
        self._walks: list[tuple[float, int, Walk]] = []
        self._count = 0

    def put(self, walks: list[Walk]) -> None:
        for walk in walks:
            self._count += 1
            heappush(self._walks, (walk.weight, self._count, walk))

    def take(self) -> Walk | None:
        return heappop(self._walks)[2] if self._walks else None


_FRONTIERS: dict[str, Callable[[], _Frontier]] = {"dfs": _Stack, "bfs": _Queue, "weighted": _Lightest}


@dataclass(frozen=True, slots=True)
class _Manner:
    """The OPTIONS of a traversal."""

    order: str
    vertices: str
    edges: str


def _manner(compiler: Compiler, options: dict[str, Any], at: int) -> _Manner:
    order = options.get("order", "bfs" if options.get("bfs") else "dfs")
    vertices, edges = options.get("uniqueVertices", "none"), options.get("uniqueEdges", "path")
    failure = compiler.running.failure
    if order not in _FRONTIERS:
        raise failure(10, "order is dfs, bfs or weighted", at)
    if vertices not in ("none", "path", "global"):
        raise failure(10, "uniqueVertices is none, path or global", at)
    if edges not in ("none", "path"):
        raise failure(10, "uniqueEdges is none or path", at)
    if vertices == "global" and order == "dfs":
        raise failure(
            10,
            "uniqueVertices: 'global' is only supported with order bfs or weighted",
            at,
            hint='add order: "bfs" to the OPTIONS',
        )
    return _Manner(order, vertices, edges)


class _Traverser:
    """One traversal as compiled; `walks` runs it from one start."""

    def __init__(self, running: Running, reach: Reach, manner: _Manner) -> None:
        self.running = running
        self._reach = reach
        self._manner = manner

    def walks(self, start: str, high: float, pruned: Callable[[Walk], bool]) -> Iterator[Walk]:
        """All walks up to `high` edges, each before those that go on from it."""
        frontier = _FRONTIERS[self._manner.order]()
        frontier.put([Walk(start, None, None, 0)])
        seen = {start}
        meter = self.running.meter
        early = self._manner.vertices == "global" and self._manner.order == "bfs"
        late = self._manner.vertices == "global" and self._manner.order == "weighted"
        while (walk := frontier.take()) is not None:
            meter.step()
            if late and walk.before is not None:
                if walk.vertex in seen:
                    continue
                seen.add(walk.vertex)
            stop = pruned(walk)
            yield walk
            if stop or walk.depth >= high:
                continue
            ahead = self._ahead(walk)
            if early:
                ahead = [each for each in ahead if each.vertex not in seen and not seen.add(each.vertex)]  # type: ignore[func-returns-value]
            meter.charge(len(ahead))
            frontier.put(ahead)

    def _ahead(self, walk: Walk) -> list[Walk]:
        found = []
        weighted = self._manner.order == "weighted"
        for edge, vertex in self._reach.around(walk.vertex):
            if self._may_go(walk, edge["_id"], vertex):
                weight = walk.weight + self._reach.cost(edge) if weighted else 0
                found.append(Walk(vertex, edge, walk, walk.depth + 1, weight))
        return found

    def _may_go(self, walk: Walk, edge: str, vertex: str) -> bool:
        unique_edges, unique_vertices = self._manner.edges == "path", self._manner.vertices == "path"
        step: Walk | None = walk
        while step is not None and (unique_edges or unique_vertices):
            self.running.meter.step()
            if unique_vertices and step.vertex == vertex:
                return False
            if unique_edges and step.edge is not None and step.edge["_id"] == edge:
                return False
            step = step.before
        return True


def path_of(running: Running, walk: Walk, *, weights: bool) -> dict[str, Any]:
    """The value of `p`."""
    steps = walk.steps()
    running.meter.charge(2 * len(steps))
    path: dict[str, Any] = {
        "vertices": [running.vertex(step.vertex) for step in steps],
        "edges": [step.edge for step in steps[1:]],
    }
    if weights:
        path["weights"] = [step.weight for step in steps]
    return path


def compile_depths(
    compiler: Compiler, node: syntax.Traversal | syntax.PathSearch, scope: Scope
) -> Callable[[Frame], tuple[float, float]]:
    """(low, high) of a depth range: 1..1 where none is written, n..n where one number is."""
    low = compiler.expression(node.low, scope) if node.low is not None else None
    high = compiler.expression(node.high, scope) if node.high is not None else None
    failure = compiler.running.failure

    def read(frame: Frame) -> tuple[float, float]:
        first = integer(low(frame)) if low is not None else 1
        last = integer(high(frame)) if high is not None else first
        if first < 0 or last < first:
            raise failure(1504, "a depth range goes from 0 or more upwards", node.at)
        return first, last

    return read


def compile_traversal(compiler: Compiler, node: syntax.Traversal, names: tuple[str, ...], scope: Scope) -> Operator:
    running = compiler.running
    options = compiler.options(node.options)
    manner = _manner(compiler, options, node.at)
    start, depths = compile_vertex(compiler, node.start, scope), compile_depths(compiler, node, scope)
    traverser = _Traverser(running, Reach(compiler, node, options), manner)
    places = [compiler.declare(name, scope) for name in names]
    prune = compiler.expression(node.prune, scope) if node.prune is not None else None
    verdict = compiler.declare(node.prune_name, scope) if node.prune_name is not None else None
    weights = manner.order == "weighted"

    def show(frame: Frame, walk: Walk) -> None:
        frame[places[0]] = running.vertex(walk.vertex)
        if len(places) > 1:
            frame[places[1]] = walk.edge
        if len(places) > 2:
            frame[places[2]] = path_of(running, walk, weights=weights)

    def pruned(frame: Frame, condition: Thunk) -> Callable[[Walk], bool]:
        def ask(walk: Walk) -> bool:
            show(frame, walk)
            value = truthy(condition(frame))
            if verdict is not None:
                frame[verdict] = value
            return value

        return ask

    def traverse(frame: Frame, stream: Stream) -> Stream:
        asked = pruned(frame, prune) if prune is not None else None
        for _ in stream:
            low, high = depths(frame)
            vertex = start(frame)
            if vertex is None:
                continue
            for walk in traverser.walks(vertex, high, asked or _never):
                if walk.depth < low:
                    continue
                if asked is None:
                    show(frame, walk)
                yield

    return traverse


def _never(walk: Walk) -> bool:
    return False
