"""A film's graph and its analysis brought together into what a story map shows."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from shotwright.exports.story_map.contents import MapScene, Seen, StoryMap

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from shotwright.model.graph import Edge, Node
    from shotwright.model.structure import FilmStructure, TensionPoint


DRAWN = frozenset({"contains", "takes_place_at", "appears_in", "part_of"})


def gather(
    nodes: Iterable[Node], edges: Iterable[Edge], structure: FilmStructure, numbers: Mapping[str, str] | None = None
) -> StoryMap:
    """The map of one film. `numbers` is scene id -> scene number; without it scenes are counted.

    A place is drawn as the outermost place that holds it, so that the rooms of a house share its colour.
    """
    by_id = {node.id: node for node in nodes}
    links = sorted((edge for edge in edges if edge.kind in DRAWN), key=lambda edge: (edge.order, edge.key))
    inside = {edge.dst: edge.src for edge in links if edge.kind == "contains"}
    places: dict[str, str] = {}
    seen: dict[str, list[Seen]] = {}
    flags: Counter[str] = Counter()
    for edge in links:
        if edge.kind == "takes_place_at":
            places.setdefault(edge.src, _outermost(edge.dst, inside))
        elif edge.kind == "appears_in":
            part: Mapping[str, Any] = edge.data.get("presence") or {}
            here = Seen(edge.src, bool(part.get("voice_only")), int(part.get("speeches", 0)))
            seen.setdefault(edge.dst, []).append(here)
        elif edge.kind == "part_of" and edge.src in by_id:
            flags[edge.dst] += int(by_id[edge.src].data.get("flags", 0))
    points: dict[str, list[tuple[str, str]]] = {}
    for node in sorted(by_id.values(), key=lambda node: (node.order, node.id)):
        if node.kind == "plot_point":
            told = (str(node.data.get("kind", "")), str(node.data.get("summary", "")))
            points.setdefault(f"scene/{node.data.get('scene', '')}", []).append(told)
    people = [node for node in by_id.values() if node.kind == "character"]
    named = {point.scene: (numbers or {}).get(point.scene.removeprefix("scene/")) for point in structure.tension}
    number = {point.scene: named[point.scene] or str(point.order + 1) for point in structure.tension}
    return StoryMap(
        title=structure.title,
        scenes=tuple(
            _column(
                by_id[point.scene], point, number[point.scene], places.get(point.scene, ""), by_id,
                tuple(seen.get(point.scene, ())), tuple(points.get(point.scene, ())), flags[point.scene],
            )
            for point in structure.tension
        ),
        names={who.id: str(who.data.get("name", "")) or who.id for who in people},
        roles={who.id: str(who.data.get("role", "")) for who in people},
        circles=tuple((group.name, group.members) for group in structure.communities),
        notes=tuple(_notes(structure, number)),
        window=structure.window,
    )  # fmt: skip


def _column(
    scene: Node, point: TensionPoint, number: str, place: str, by_id: Mapping[str, Node], seen: tuple[Seen, ...],
    points: tuple[tuple[str, str], ...], flags: int,
) -> MapScene:  # fmt: skip
    data = scene.data
    return MapScene(
        number=number,
        heading=str((data.get("slugline") or {}).get("raw", "")),
        synopsis=str(data.get("synopsis", "")),
        place=place,
        place_name=str(by_id[place].data.get("name", "")) if place in by_id else "",
        day=str(data.get("story_day", "")),
        past=bool(data.get("flashback")),
        dream=bool(data.get("dream")),
        act=str((data.get("brief") or {}).get("act", "")),
        seen=seen,
        tension=point.tension,
        smoothed=point.smoothed,
        feeling=point.feeling,
        intensity=point.intensity,
        valence=point.valence,
        points=points,
        flags=flags,
    )


def _outermost(place: str, inside: Mapping[str, str]) -> str:
    for _ in range(len(inside)):
        if place not in inside:
            break
        place = inside[place]
    return place


def _notes(structure: FilmStructure, number: Mapping[str, str]) -> Iterable[str]:
    if structure.characters and structure.characters[0].scenes:
        first = structure.characters[0]
        yield f"At the centre: {first.name}, in {first.scenes} of {structure.scenes} scenes"
    if structure.pairs:
        pair = structure.pairs[0]
        names = {place.character: place.name for place in structure.characters}
        yield f"Most together: {names[pair.a]} and {names[pair.b]}, {pair.scenes} scenes"
    tightest = max(structure.tension, key=lambda point: (point.tension, -point.order), default=None)
    if tightest is not None and tightest.tension > 0:
        yield f"Tightest: scene {number[tightest.scene]}, {tightest.feeling.replace('_', ' ')}"
    if structure.absences:
        away = structure.absences[0]
        yield f"Longest away: {away.name}, between scenes {number[away.after]} and {number[away.until]}"
    if structure.bridges:
        bridge = structure.bridges[0]
        others = len(bridge.cut_off)
        yield f"Holds the film together: {bridge.name}, alone the link to {others} other{'' if others == 1 else 's'}"
