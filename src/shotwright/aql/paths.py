"""SHORTEST_PATH, ALL_SHORTEST_PATHS, K_SHORTEST_PATHS and K_PATHS.

Among paths of one length (or weight) SHORTEST_PATH prefers the edges with the first keys, and the others go on with
what they began last; a server may choose otherwise.
"""

from __future__ import annotations

from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any, TypeAlias

from shotwright.aql.reach import Reach, compile_vertex
from shotwright.aql.traversal import Walk, compile_depths, path_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from shotwright.aql import syntax
    from shotwright.aql.data import Document
    from shotwright.aql.evaluation import Compiler, Frame, Scope
    from shotwright.aql.limits import Meter
    from shotwright.aql.statements import Operator, Stream


def compile_path_search(compiler: Compiler, node: syntax.PathSearch, names: tuple[str, ...], scope: Scope) -> Operator:
    running = compiler.running
    reach = Reach(compiler, node, compiler.options(node.options))
    start, target = compile_vertex(compiler, node.start, scope), compile_vertex(compiler, node.target, scope)
    depths = compile_depths(compiler, node, scope)
    places = [compiler.declare(name, scope) for name in names]
    finder = _Finder(reach, running.meter)

    def along(frame: Frame, walk: Walk) -> Stream:
        """The vertices of the one path, each with the edge that leads to it."""
        for step in walk.steps():
            frame[places[0]] = running.vertex(step.vertex)
            if len(places) > 1:
                frame[places[1]] = step.edge
            yield

    def whole(frame: Frame, walk: Walk) -> Stream:
        path: dict[str, Any] = path_of(running, walk, weights=False)
        if node.kind == "K_SHORTEST_PATHS":
            path["weight"] = walk.weight
        frame[places[0]] = path
        yield

    show = along if node.kind == "SHORTEST_PATH" else whole
    find: Callable[[str, str, Frame], Iterator[Walk]]
    match node.kind:
        case "SHORTEST_PATH":
            find = lambda first, last, frame: finder.shortest(first, last)  # noqa: E731
        case "K_PATHS":
            find = lambda first, last, frame: finder.within(first, last, *depths(frame))  # noqa: E731
        case _:
            ties = node.kind == "ALL_SHORTEST_PATHS"
            find = lambda first, last, frame: finder.ranked(first, last, ties_only=ties)  # noqa: E731

    def search(frame: Frame, stream: Stream) -> Stream:
        for _ in stream:
            first, last = start(frame), target(frame)
            if first is None or last is None or running.document(first) is None or running.document(last) is None:
                continue
            for walk in find(first, last, frame):
                yield from show(frame, walk)

    return search


_Way: TypeAlias = "dict[str, tuple[Document | None, str, int]]"
"""Vertex -> (edge, the vertex before it on the way from the end, edges from that end), in the order of discovery."""


class _Finder:
    def __init__(self, reach: Reach, meter: Meter) -> None:
        self._reach = reach
        self._meter = meter

    def shortest(self, start: str, target: str) -> Iterator[Walk]:
        return self._lightest(start, target) if self._reach.weighted else self._fewest(start, target)

    def _fewest(self, start: str, target: str) -> Iterator[Walk]:
        """Breadth first from both ends, level by level from the end that has fewer vertices to go on from.

        Of several places where the ways meet it takes the one that the way from the start found first.
        """
        ways: tuple[_Way, _Way] = ({start: (None, "", 0)}, {target: (None, "", 0)})
        edges = [[start], [target]]
        met = [start] if start == target else []
        while not met and edges[0] and edges[1]:
            side = 0 if len(edges[0]) <= len(edges[1]) else 1
            edges[side] = self._next_level(edges[side], ways[side], backwards=side == 1)
            met = [vertex for vertex in edges[side] if vertex in ways[1 - side]]
        if met:
            least = min(ways[0][vertex][2] + ways[1][vertex][2] for vertex in met)
            best = {vertex for vertex in met if ways[0][vertex][2] + ways[1][vertex][2] == least}
            yield _joined(ways, next(vertex for vertex in ways[0] if vertex in best))

    def _next_level(self, level: list[str], way: _Way, *, backwards: bool) -> list[str]:
        found = []
        for vertex in level:
            depth = way[vertex][2] + 1
            for edge, other in self._reach.around(vertex, backwards=backwards):
                if other not in way:
                    self._meter.charge(1)
                    way[other] = (edge, vertex, depth)
                    found.append(other)
        return found

    def _lightest(self, start: str, target: str) -> Iterator[Walk]:
        """Dijkstra from the start, which stops at the target."""
        done: set[str] = set()
        count = 0
        ahead = [(0.0, count, Walk(start, None, None, 0))]
        while ahead:
            self._meter.step()
            weight, _, walk = heappop(ahead)
            if walk.vertex == target:
                yield walk
                return
            if walk.vertex in done:
                continue
            done.add(walk.vertex)
            for edge, vertex in self._reach.around(walk.vertex):
                if vertex not in done:
                    count += 1
                    self._meter.charge(1)
                    longer = weight + self._reach.cost(edge)
                    heappush(ahead, (longer, count, Walk(vertex, edge, walk, walk.depth + 1, longer)))

    def ranked(self, start: str, target: str, *, ties_only: bool) -> Iterator[Walk]:
        """Paths without a vertex twice, lightest first, one by one.

        A* over paths (Hart, Nilsson and Raphael 1968): the distance from each vertex to the target is known exactly,
        so a path that can be completed without a detour is always the next to be completed.
        """
        rest = self._distances(target, stop=None, unweighted=False)
        if start not in rest:
            return
        count = 0
        ahead = [(rest[start], count, Walk(start, None, None, 0))]
        best = rest[start]
        while ahead:
            self._meter.step()
            total, _, walk = heappop(ahead)
            if ties_only and total > best + 1e-9:
                return
            if walk.vertex == target:
                yield walk
                continue
            for longer in self._longer(walk):
                if longer.vertex in rest:
                    count -= 1
                    heappush(ahead, (longer.weight + rest[longer.vertex], count, longer))

    def within(self, start: str, target: str, low: float, high: float) -> Iterator[Walk]:
        """All paths of `low` to `high` edges without a vertex twice, depth first."""
        rest = self._distances(target, stop=high, unweighted=True)
        ahead = [Walk(start, None, None, 0)] if start in rest else []
        while ahead:
            self._meter.step()
            walk = ahead.pop()
            if walk.vertex == target:
                if walk.depth >= low:
                    yield walk
                continue
            ahead += [
                longer
                for longer in self._longer(walk)
                if longer.vertex in rest and longer.depth + rest[longer.vertex] <= high
            ]

    def _longer(self, walk: Walk) -> Iterator[Walk]:
        """The path with one more edge, to a vertex that it does not hold."""
        held = {step.vertex for step in walk.steps()}
        for edge, vertex in self._reach.around(walk.vertex):
            if vertex not in held:
                self._meter.charge(1)
                yield Walk(vertex, edge, walk, walk.depth + 1, walk.weight + self._reach.cost(edge))

    def _distances(self, target: str, *, stop: float | None, unweighted: bool) -> dict[str, float]:
        """The least weight (or count of edges) from each vertex to the target, no further than `stop`."""
        found: dict[str, float] = {}
        ahead = [(0.0, target)]
        while ahead:
            self._meter.step()
            distance, vertex = heappop(ahead)
            if vertex in found:
                continue
            found[vertex] = distance
            for edge, other in self._reach.around(vertex, backwards=True):
                longer = distance + (1 if unweighted else self._reach.cost(edge))
                if other not in found and (stop is None or longer <= stop):
                    self._meter.charge(1)
                    heappush(ahead, (longer, other))
        return found


def _joined(ways: tuple[_Way, _Way], vertex: str) -> Walk:
    """The path through the vertex at which the ways from both ends met."""
    back: list[tuple[str, Document]] = []
    at = vertex
    while (edge := ways[0][at][0]) is not None:
        back.append((at, edge))
        at = ways[0][at][1]
    walk = Walk(at, None, None, 0)
    for reached, edge in reversed(back):
        walk = Walk(reached, edge, walk, walk.depth + 1)
    at = vertex
    while (edge := ways[1][at][0]) is not None:
        at = ways[1][at][1]
        walk = Walk(at, edge, walk, walk.depth + 1)
    return walk
