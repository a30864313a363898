"""The shape of a film, read from its graph: its network of characters, its tension, its acts, and what it leaves open.

Everything is a function of the nodes and edges alone, and the same for the same graph in every process.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from shotwright.craft.network import DIGITS, Network
from shotwright.model.structure import (
    Absence,
    ActShare,
    FilmStructure,
    Introduced,
    PathStep,
    SeenOnce,
    TensionPoint,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from shotwright.model.graph import Edge, Node

TIES = frozenset({"follows", "cuts_to", "on_day", "has_emotional_beat"})
"""Edges that join everything to everything in a few steps: the order of scenes and shots, days, and feelings."""
SHOOTING = frozenset({"part_of", "features", "needs", "cuts_to"})
"""Edges of shots: most of a finished film's, and not of the story."""
THINGS = ("prop", "vehicle", "animal")


@dataclass(frozen=True, slots=True)
class Feeling:
    """One row of structure.toml."""

    tightens: float
    valence: float


@cache
def feelings() -> Mapping[str, Feeling]:
    """Emotional beat -> how it tells on the curve."""
    raw = tomllib.loads(resources.files("shotwright.craft").joinpath("structure.toml").read_text("utf-8"))
    return {name: Feeling(**row) for name, row in raw.items()}


def analyse(nodes: Iterable[Node], edges: Iterable[Edge]) -> FilmStructure:
    """The structure of one film's graph, shots or no shots. An empty graph gives an empty structure."""
    by_id = {node.id: node for node in sorted(nodes, key=lambda node: (node.kind, node.order, node.id))}
    links = sorted((edge for edge in edges if edge.kind not in SHOOTING), key=lambda edge: edge.key)
    scenes = [node for node in by_id.values() if node.kind == "scene"]
    order = {node.id: i for i, node in enumerate(scenes)}
    network = Network([node for node in by_id.values() if node.kind == "character"], links, order)
    rank = network.pagerank()
    groups, modularity = network.communities(rank)
    film = next((node for node in by_id.values() if node.kind == "film"), None)
    used_in = _used_in(links, order)
    return FilmStructure(
        title=str(film.data.get("title", "")) if film else "",
        scenes=len(scenes),
        characters=tuple(network.places(groups, rank)),
        pairs=tuple(network.pairs()),
        communities=tuple(network.named(groups)),
        modularity=modularity,
        tension=tuple(_tension(scenes, links)),
        window=_window(len(scenes)),
        acts=tuple(_acts(scenes)),
        introduced=tuple(_introduced(by_id, used_in)),
        seen_once=tuple(_seen_once(by_id, used_in, network, scenes)),
        lone_scenes=tuple(_lone_scenes(scenes, links, used_in)),
        absences=tuple(_absences(network, scenes)),
        bridges=tuple(network.bridges()),
    )


def shortest_path(
    nodes: Iterable[Node], edges: Iterable[Edge], a: str, b: str, numbers: Mapping[str, str] | None = None
) -> list[PathStep] | None:
    """The fewest edges from node `a` to node `b`, either way along each; None when nothing joins them.

    The order of scenes, days and feelings join everything to everything, so a way goes through them only when there
    is no other or an end is one of them. Ties go to the edge whose key comes first. `numbers` (scene id -> number)
    names scenes as people do.
    """
    by_id = {node.id: node for node in nodes}
    links = sorted((e for e in edges if e.src in by_id and e.dst in by_id), key=lambda edge: edge.key)
    if a not in by_id or b not in by_id:
        return None
    told = [edge for edge in links if edge.kind not in TIES or {edge.src, edge.dst} & {a, b}]
    way = _breadth_first(told, a, b)
    if way is None:
        way = _breadth_first(links, a, b)
    if way is None:
        return None
    steps = []
    for here, there, edge in way:
        forward = edge.src == here
        ends = (name_of(by_id[here], numbers), name_of(by_id[there], numbers))
        scene = edge.key.rpartition("|")[2] if edge.kind in ("speaks_to", "wears") else ""
        scene = scene if scene in by_id and scene not in (here, there) else ""
        where = f" in {name_of(by_id[scene], numbers)}" if scene else ""
        arrow = f"—{edge.kind}→" if forward else f"←{edge.kind}—"
        steps.append(
            PathStep(src=here, dst=there, kind=edge.kind, forward=forward, scene=scene,
                     words=f"{ends[0]} {arrow} {ends[1]}{where}")
        )  # fmt: skip
    return steps


def name_of(node: Node, numbers: Mapping[str, str] | None = None) -> str:
    """What people call a node: a name, a scene's number or heading, a plot point's summary, a shot's label."""
    data = node.data
    if node.kind == "scene":
        number = (numbers or {}).get(node.id.removeprefix("scene/"))
        return f"Scene {number}" if number else str((data.get("slugline") or {}).get("raw", "")) or node.id
    if node.kind == "film":
        return str(data.get("title", "")) or "the film"
    for field in ("name", "description", "summary", "label"):
        if data.get(field):
            return str(data[field])
    return node.id.partition("/")[2].replace("_", " ")


def _breadth_first(edges: Sequence[Edge], a: str, b: str) -> list[tuple[str, str, Edge]] | None:
    near: dict[str, list[tuple[str, Edge]]] = {}
    for edge in edges:
        near.setdefault(edge.src, []).append((edge.dst, edge))
        near.setdefault(edge.dst, []).append((edge.src, edge))
    came: dict[str, tuple[str, Edge] | None] = {a: None}
    wave = [a]
    while wave and b not in came:
        following = []
        for here in wave:
            for there, edge in near.get(here, ()):
                if there not in came:
                    came[there] = (here, edge)
                    following.append(there)
        wave = following
    if b not in came:
        return None
    way: list[tuple[str, str, Edge]] = []
    place = b
    while (step := came[place]) is not None:
        way.append((step[0], place, step[1]))
        place = step[0]
    return way[::-1]


def _tension(scenes: Sequence[Node], edges: Sequence[Edge]) -> list[TensionPoint]:
    known = feelings()
    felt: dict[str, list[tuple[float, str]]] = {scene.id: [] for scene in scenes}
    for edge in edges:
        name = edge.dst.removeprefix("emotional_beat/")
        if edge.kind == "has_emotional_beat" and edge.src in felt and name in known:
            felt[edge.src].append((float(edge.data.get("intensity", 0.0)), name))
    raw = [max((known[n].tightens * strong for strong, n in felt[scene.id]), default=0.0) for scene in scenes]
    points = []
    for i, (scene, smooth) in enumerate(zip(scenes, _smooth(raw, _window(len(scenes))), strict=True)):
        strong, name = max(
            felt[scene.id], key=lambda beat: (beat[0], known[beat[1]].tightens, beat[1]), default=(0, "")
        )
        points.append(
            TensionPoint(
                scene=scene.id, order=i, tension=round(raw[i], DIGITS), smoothed=round(smooth, DIGITS), feeling=name,
                intensity=strong, valence=round(known[name].valence * strong, DIGITS) if name else 0.0,
            )
        )  # fmt: skip
    return points


def _window(scenes: int) -> int:
    """How many scenes a mean takes in: few enough that a short film keeps its peaks."""
    return 3 if scenes < 60 else 5 if scenes < 240 else 7


def _smooth(values: Sequence[float], window: int) -> list[float]:
    """Triangular moving mean over `window` values; at the ends over those that there are."""
    reach = window // 2
    smoothed = []
    for i in range(len(values)):
        near = [(reach + 1 - abs(i - j), values[j]) for j in range(max(0, i - reach), min(len(values), i + reach + 1))]
        smoothed.append(sum(weight * value for weight, value in near) / sum(weight for weight, _ in near))
    return smoothed


def _acts(scenes: Sequence[Node]) -> list[ActShare]:
    found: dict[str, list[tuple[int, int]]] = {}
    for i, scene in enumerate(scenes):
        act = (scene.data.get("brief") or {}).get("act")
        if act:
            found.setdefault(str(act), []).append((i, int(scene.data.get("eighths", 1))))
    whole = sum(eighths for rows in found.values() for _, eighths in rows)
    return [
        ActShare(
            act=act, first=rows[0][0], last=rows[-1][0], scenes=len(rows), eighths=sum(e for _, e in rows),
            share=round(sum(e for _, e in rows) / whole, DIGITS) if whole else 0.0,
        )
        for act, rows in found.items()
    ]  # fmt: skip


def _used_in(edges: Sequence[Edge], order: Mapping[str, int]) -> dict[str, list[int]]:
    """Character, place or thing -> order of the scenes that it is in, rising."""
    found: dict[str, set[int]] = {}
    for edge in edges:
        if edge.kind == "appears_in" and edge.dst in order:
            found.setdefault(edge.src, set()).add(order[edge.dst])
        elif edge.kind in ("uses", "takes_place_at") and edge.src in order:
            found.setdefault(edge.dst, set()).add(order[edge.src])
    return {entity: sorted(scenes) for entity, scenes in found.items()}


def _introduced(by_id: Mapping[str, Node], used_in: Mapping[str, list[int]]) -> list[Introduced]:
    points = [node for node in by_id.values() if node.kind == "plot_point"]
    answered = {point.data.get("pays_off") for point in points}
    found = []
    for point in points:
        if point.data.get("kind") != "introduction" or point.id in answered:
            continue
        about, scene = str(point.data.get("about") or ""), f"scene/{point.data.get('scene', '')}"
        elsewhere = max(0, len(used_in.get(about, ())) - 1)
        found.append(
            Introduced(plot_point=point.id, summary=str(point.data.get("summary", "")), about=about,
                       scene=scene if scene in by_id else "", seen_again=elsewhere)
        )  # fmt: skip
    return sorted(found, key=lambda entry: (entry.seen_again, entry.plot_point))


def _seen_once(
    by_id: Mapping[str, Node], used_in: Mapping[str, list[int]], network: Network, scenes: Sequence[Node]
) -> list[SeenOnce]:
    speaks = {who for i, who in enumerate(network.ids) if network.speeches[i]}
    found = [
        (used_in[node.id][0], node)
        for node in by_id.values()
        if len(used_in.get(node.id, ())) == 1
        and (node.id in speaks if node.kind == "character" else node.kind in THINGS and node.data.get("hero"))
    ]
    return [
        SeenOnce(entity=node.id, name=name_of(node), kind=node.kind, scene=scenes[at].id)
        for at, node in sorted(found, key=lambda pair: (pair[0], pair[1].id))
    ]


def _lone_scenes(scenes: Sequence[Node], edges: Sequence[Edge], used_in: Mapping[str, list[int]]) -> list[str]:
    inside = {edge.dst: edge.src for edge in edges if edge.kind == "contains"}
    linked: set[int] = set()
    homes: dict[str, set[int]] = {}
    for entity, seen in used_in.items():
        home = entity
        for _ in range(len(inside)):
            if home not in inside:
                break
            home = inside[home]
        homes.setdefault(home, set()).update(seen)
    for found in homes.values():
        if len(found) > 1:
            linked |= found
    return [scene.id for i, scene in enumerate(scenes) if i not in linked]


def _absences(network: Network, scenes: Sequence[Node]) -> list[Absence]:
    """Of leads; a younger or older self counts as the person."""
    selves: dict[str, set[int]] = {}
    for node, seen in zip(network.nodes, network.seen, strict=True):
        selves.setdefault(str(node.data.get("version_of") or node.id), set()).update(seen)
    found = []
    for node in network.nodes:
        seen = sorted(selves.get(node.id, ()))
        if node.data.get("role") != "lead" or len(seen) < 2:
            continue
        gap, after = max((b - a - 1, -a) for a, b in pairwise(seen))
        if gap > 0:
            found.append(
                Absence(character=node.id, name=name_of(node), after=scenes[-after].id,
                        until=scenes[gap + 1 - after].id, scenes=gap)
            )  # fmt: skip
    return sorted(found, key=lambda absence: (-absence.scenes, absence.character))


def read_graph(lines: Iterable[str]) -> tuple[list[Node], list[Edge]]:
    """Nodes and edges from the lines of a store's `dump`, which are trusted to be what it wrote."""
    import json

    from shotwright.model.graph import Edge, Node

    nodes: list[Node] = []
    edges: list[Edge] = []
    for line in lines:
        entry: dict[str, Any] = json.loads(line)
        if "node" in entry:
            nodes.append(Node.model_construct(**entry["node"]))
        else:
            edges.append(Edge.model_construct(**entry["edge"]))
    return nodes, edges
