"""The graphs of graphs.toml as data to query, one function for each data set of the recordings."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from shotwright.aql.data import EdgeDefinition
from shotwright.aql.memory import MemoryGraph


@cache
def _facts() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("graphs.toml").read_text(encoding="utf-8"))


def _fill(graph: MemoryGraph, collection: str, documents: list[dict[str, Any]]) -> None:
    for document in documents:
        graph.put(collection, document, replace=False)


def places() -> MemoryGraph:
    facts = _facts()["kShortestPathsGraph"]
    definition = EdgeDefinition("connections", ("places",), ("places",))
    graph = MemoryGraph({"places": "documents", "connections": "edges"}, graphs={"kShortestPathsGraph": [definition]})
    _fill(graph, "places", [{"_key": name, "label": name} for name in facts["places"]])
    pairs = facts["connections"]
    first = next(place for place, pair in enumerate(pairs) if pair[0] == "Toronto")
    key = facts["toronto"] - 4 * first
    for one, other, there, back in pairs:
        for start, end, hours in ((one, other, there), (other, one, back)):
            edge = {"_key": str(key), "_from": f"places/{start}", "_to": f"places/{end}"}
            graph.put("connections", edge | ({"travelTime": hours} if hours else {}), replace=False)
            key += 2
    return graph


def circles() -> MemoryGraph:
    edges = _facts()["traversalGraph"]["edges"]
    definition = EdgeDefinition("edges", ("circles",), ("circles",))
    graph = MemoryGraph({"circles": "documents", "edges": "edges"}, graphs={"traversalGraph": [definition]})
    _fill(graph, "circles", [{"_key": name} for name in sorted({name for edge in edges for name in edge[:2]})])
    shared = {"theTruth": True, "theFalse": False}
    for start, end, label in edges:
        graph.put(
            "edges", {"_from": f"circles/{start}", "_to": f"circles/{end}", "label": label} | shared, replace=False
        )
    return graph


def persons() -> MemoryGraph:
    facts = _facts()["knows_graph"]
    definition = EdgeDefinition("knows", ("persons",), ("persons",))
    graph = MemoryGraph({"persons": "documents", "knows": "edges"}, graphs={"knows_graph": [definition]})
    _fill(graph, "persons", [{"_key": name.lower(), "name": name} for name in facts["persons"]])
    ends = [(one.lower(), other.lower()) for one, other in facts["knows"]]
    _fill(graph, "knows", [{"_from": f"persons/{one}", "_to": f"persons/{other}"} for one, other in ends])
    return graph


def routes() -> MemoryGraph:
    facts = _facts()["routeplanner"]
    cities, roads = ("germanCity", "frenchCity"), ("germanHighway", "frenchHighway", "internationalHighway")
    ends = (cities[:1], cities[1:], cities)
    definitions = [EdgeDefinition(road, end, end) for road, end in zip(roads, ends, strict=True)]
    graph = MemoryGraph(
        {city: "documents" for city in cities} | {road: "edges" for road in roads},
        graphs={"routeplanner": definitions},
    )
    for city in cities:
        found = facts[city].items()
        _fill(graph, city, [{"_key": n, "geometry": {"type": "Point", "coordinates": at}} for n, at in found])
    for road in roads:
        _fill(graph, road, [{"_from": one, "_to": other} for one, other in facts[road]])
    return graph


def friends() -> MemoryGraph:
    facts = _facts()["joinSampleDataset"]
    graph = MemoryGraph({"users": "documents", "relations": "documents"})
    _fill(graph, "users", [{"userId": at, "name": name, "active": True} for at, name in enumerate(facts["users"], 1)])
    _fill(graph, "relations", [{"friendOf": of, "thisUser": by, "type": "friend"} for of, by in facts["relations"]])
    return graph


def observations() -> MemoryGraph:
    graph = MemoryGraph({"observations": "documents"})
    rows = _facts()["observationsSampleDataset"]["observations"]
    _fill(graph, "observations", [{"time": time, "subject": subject, "val": val} for time, subject, val in rows])
    return graph


GRAPHS = {
    None: lambda: MemoryGraph({}),
    "kShortestPathsGraph": places,
    "traversalGraph": circles,
    "knows_graph": persons,
    "routeplanner": routes,
    "joinSampleDataset": friends,
    "observationsSampleDataset": observations,
}
"""By the recordings' name of the data set."""
