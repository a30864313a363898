"""A film's graph to put into a store: the parts of a production that has been run, and made-up ones of any size."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from shotwright.model.graph import Edge, Node
from shotwright.production.graph import open_graph

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from shotwright.ports.story_store import Part


def parts_of_production(path: Path) -> list[Part]:
    with open_graph(path) as store:
        return parts_of_lines(store.dump())


def parts_of_lines(lines: Iterable[str]) -> list[Part]:
    parts: dict[str, tuple[list[Node], list[Edge]]] = {}
    for line in lines:
        entry = json.loads(line)
        nodes, edges = parts.setdefault(entry["scope"], ([], []))
        if "node" in entry:
            nodes.append(Node(**entry["node"]))
        else:
            edges.append(Edge(**entry["edge"]))
    return [(scope, nodes, edges) for scope, (nodes, edges) in parts.items()]


def feature(scenes: int) -> list[Part]:
    """A film of so many scenes: about 15 nodes and 40 edges a scene."""
    people = [
        Node(id=f"character/p{i}", kind="character", order=i, data={"name": f"P {i}", "cues": [f"P {i}"]})
        for i in range(max(12, scenes // 2))
    ]
    places = [Node(id=f"location/l{i}", kind="location", order=i, data={"name": f"L {i}"}) for i in range(scenes)]
    parts: list[Part] = [("film", [*people, *places], [])]
    for s in range(scenes):
        scene = f"scene/sc_{s}"
        nodes = [Node(id=scene, kind="scene", order=s, data={"synopsis": f"What happens in {s}."})]
        edges = [_edge("takes_place_at", scene, f"location/l{s}", 0)]
        edges += [_edge("appears_in", people[(s + i) % len(people)].id, scene, i) for i in range(12)]
        parts.append((scene, nodes, edges))
        shots = [
            Node(id=f"shot/sh_{s}_{i}", kind="shot", order=i, data={"size": "MS", "scene": scene}) for i in range(12)
        ]
        links = [_edge("part_of", shot.id, scene, shot.order) for shot in shots]
        links += [_edge("features", shot.id, people[(s + shot.order) % len(people)].id, 0) for shot in shots]
        parts.append((f"shots/sc_{s}", shots, links))
    return parts


def _edge(kind: str, src: str, dst: str, order: int) -> Edge:
    return Edge.model_validate({"key": f"{kind}|{src}|{dst}", "kind": kind, "src": src, "dst": dst, "order": order})
