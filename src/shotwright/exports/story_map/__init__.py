"""The story map: a film on one sheet, scenes from left to right, a line for each character, the tension above."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shotwright.exports.story_map.contents import Lane, MapScene, Seen, StoryMap
from shotwright.exports.story_map.drawing import draw
from shotwright.exports.story_map.gathering import gather
from shotwright.exports.story_map.ink import palette

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from shotwright.model.graph import Edge, Node
    from shotwright.model.structure import FilmStructure

__all__ = ["Lane", "MapScene", "Seen", "StoryMap", "draw", "draw_story_map", "gather", "palette"]


def draw_story_map(
    nodes: Iterable[Node], edges: Iterable[Edge], structure: FilmStructure, numbers: Mapping[str, str] | None = None
) -> str:
    """The film's story map as SVG, from its graph and the analysis of it; `numbers` is scene id -> scene number."""
    return draw(gather(nodes, edges, structure, numbers))
