"""The network of characters who share scenes: who is central, who keeps together, who joins the parts.

Vertices are numbered in the order of the graph's characters before networkx sees them: sets of small integers come in
one order in every process, sets of names do not.
"""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from typing import TYPE_CHECKING, Any

from shotwright.model.structure import Bridge, CharacterPlace, CoAppearance, Community

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shotwright.model.graph import Edge, Node

DAMPING = 0.85
ROUNDS = 100
DIGITS = 6


class Network:
    """Characters joined by the scenes that they share, a voice that is only heard included.

    `nodes` are the characters in order; `scenes` the order of each scene node.
    """

    def __init__(self, nodes: Sequence[Node], edges: Sequence[Edge], scenes: Mapping[str, int]) -> None:
        import networkx

        self.nodes = nodes
        self.ids = [node.id for node in nodes]
        index = {name: i for i, name in enumerate(self.ids)}
        self.seen: list[list[int]] = [[] for _ in nodes]
        """Character -> order of its scenes, rising."""
        self.speeches: Counter[int] = Counter()
        casts: dict[str, list[int]] = {}
        said: Counter[tuple[int, int]] = Counter()
        for edge in edges:
            if edge.kind == "appears_in" and edge.src in index and edge.dst in scenes:
                who = index[edge.src]
                casts.setdefault(edge.dst, []).append(who)
                self.seen[who].append(scenes[edge.dst])
                self.speeches[who] += int((edge.data.get("presence") or {}).get("speeches", 0))
            elif edge.kind == "speaks_to" and edge.src in index and edge.dst in index:
                a, b = sorted((index[edge.src], index[edge.dst]))
                said[a, b] += int(edge.data.get("speeches", 0))
        for orders in self.seen:
            orders.sort()
        shared: Counter[tuple[int, int]] = Counter()
        for cast in casts.values():
            shared.update(combinations(sorted(set(cast)), 2))
        self.shared = dict(sorted(shared.items()))
        self.said = said
        self.graph: Any = networkx.Graph()
        self.graph.add_nodes_from(range(len(nodes)))
        for (a, b), count in self.shared.items():
            # The more scenes two share, the nearer they are (Newman 2001).
            self.graph.add_edge(a, b, weight=count, distance=1 / count)

    def pairs(self) -> list[CoAppearance]:
        """Who shares scenes with whom, most scenes first."""
        found = [
            CoAppearance(a=self.ids[a], b=self.ids[b], scenes=count, speeches=self.said[a, b])
            for (a, b), count in self.shared.items()
        ]
        return sorted(found, key=lambda pair: (-pair.scenes, -pair.speeches, pair.a, pair.b))

    def places(self, communities: Sequence[Sequence[int]], pagerank: Sequence[float]) -> list[CharacterPlace]:
        """Every character's place, the most central first."""
        import networkx

        member = {who: i for i, group in enumerate(communities) for who in group}
        # Betweenness after Freeman (1977), by Brandes's algorithm (2001).
        between = networkx.betweenness_centrality(self.graph, weight="distance")
        found = [
            CharacterPlace(
                character=node.id,
                name=str(node.data.get("name", "")) or node.id,
                role=str(node.data.get("role", "")),
                scenes=len(self.seen[i]),
                speeches=self.speeches[i],
                partners=self.graph.degree(i),
                strength=self.graph.degree(i, weight="weight"),
                betweenness=round(between[i], DIGITS),
                pagerank=round(pagerank[i], DIGITS),
                community=member[i],
                first=self.seen[i][0] if self.seen[i] else 0,
                last=self.seen[i][-1] if self.seen[i] else 0,
            )
            for i, node in enumerate(self.nodes)
        ]
        return sorted(found, key=lambda place: (-place.pagerank, -place.scenes, place.character))

    def pagerank(self) -> list[float]:
        """Weighted PageRank (Brin and Page 1998) by power iteration, damping 0.85, to rounding: they add up to 1.

        Written out because networkx's own needs scipy. A character who shares no scene gives its share to all alike.
        """
        count = len(self.nodes)
        if not count:
            return []
        near = [[(b, self.graph[a][b]["weight"]) for b in sorted(self.graph[a])] for a in range(count)]
        strength = [sum(weight for _, weight in row) for row in near]
        rank = [1 / count] * count
        for _ in range(ROUNDS):
            loose = sum(rank[a] for a in range(count) if not strength[a])
            fresh = [(1 - DAMPING + DAMPING * loose) / count] * count
            for a, row in enumerate(near):
                for b, weight in row:
                    fresh[b] += DAMPING * rank[a] * weight / strength[a]
            moved = sum(abs(new - old) for new, old in zip(fresh, rank, strict=True))
            rank = fresh
            if moved < 1e-10:
                break
        return rank

    def communities(self, pagerank: Sequence[float]) -> tuple[list[list[int]], float]:
        """Groups that share more scenes among themselves than by chance, and how clearly they part.

        Greedy maximisation of modularity (Newman and Girvan 2004; Clauset, Newman and Moore 2004), weighted by shared
        scenes. The largest group first; in each the most central first. Whoever shares no scene is a group alone.
        """
        import networkx

        if not self.shared:
            return [[i] for i in range(len(self.nodes))], 0.0
        groups = [set(g) for g in networkx.community.greedy_modularity_communities(self.graph, weight="weight")]
        modularity = networkx.community.modularity(self.graph, groups, weight="weight")
        ranked = [sorted(group, key=lambda who: (-round(pagerank[who], DIGITS), self.ids[who])) for group in groups]
        return sorted(ranked, key=lambda group: (-len(group), self.ids[group[0]])), round(modularity, DIGITS)

    def named(self, communities: Sequence[Sequence[int]]) -> list[Community]:
        """The groups as values, each by the name of its most central member."""
        return [
            Community(
                name=str(self.nodes[group[0]].data.get("name", "")) or self.ids[group[0]],
                members=tuple(self.ids[who] for who in group),
            )
            for group in communities
        ]

    def bridges(self) -> list[Bridge]:
        """Cut vertices of the network (Hopcroft and Tarjan 1973), those who hold the most others first."""
        import networkx

        found = []
        for who in sorted(networkx.articulation_points(self.graph)):
            near = self.graph.subgraph(networkx.node_connected_component(self.graph, who) - {who})
            parts = sorted(networkx.connected_components(near), key=lambda part: (-len(part), min(part)))
            lost = sorted((i for part in parts[1:] for i in part), key=lambda i: (self.seen[i][0], self.ids[i]))
            name = str(self.nodes[who].data.get("name", "")) or self.ids[who]
            found.append(Bridge(character=self.ids[who], name=name, cut_off=tuple(self.ids[i] for i in lost)))
        return sorted(found, key=lambda bridge: (-len(bridge.cut_off), bridge.character))
