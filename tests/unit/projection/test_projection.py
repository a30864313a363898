"""The story and its shots as parts of the graph."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from shotwright.model.graph import Edge, Node
from shotwright.production.projection import project_story

if TYPE_CHECKING:
    from shotwright.model.story import SceneBrief, Story


def edges_of(parts: list[tuple[str, list[Node], list[Edge]]]) -> dict[str, Edge]:
    return {edge.key: edge for _, _, edges in parts for edge in edges}


def test_the_film_is_one_part_and_each_scene_another(story: Story, briefs: tuple[SceneBrief, ...]) -> None:
    parts = project_story(story, briefs)
    assert [scope for scope, _, _ in parts] == ["film", "scene/sc_a", "scene/sc_b", "scene/sc_c"]
    kinds = Counter(node.kind for _, nodes, _ in parts for node in nodes)
    assert kinds == {"film": 1, "character": 2, "location": 3, "prop": 2, "look": 2, "plot_point": 3, "story_day": 3,
                     "emotional_beat": 3, "scene": 3}  # fmt: skip
    assert {edge.kind for edge in edges_of(parts).values()} == {
        "appears_in", "takes_place_at", "has_emotional_beat", "follows", "advances", "speaks_to", "uses", "wears",
        "contains", "on_day",
    }  # fmt: skip


def test_every_node_and_edge_is_a_legal_value_with_a_name_of_its_own(
    story: Story, briefs: tuple[SceneBrief, ...]
) -> None:
    parts = project_story(story, briefs)
    nodes = [node for _, found, _ in parts for node in found]
    edges = [edge for _, _, found in parts for edge in found]
    assert [Node.model_validate(n.model_dump()) for n in nodes] == nodes
    assert [Edge.model_validate(e.model_dump()) for e in edges] == edges
    assert len({n.id for n in nodes}) == len(nodes)
    assert len({e.key for e in edges}) == len(edges)
    assert {e.src for e in edges} | {e.dst for e in edges} <= {n.id for n in nodes}


def test_projecting_twice_is_the_same_and_a_changed_scene_changes_its_part_alone(
    story: Story, briefs: tuple[SceneBrief, ...]
) -> None:
    once = project_story(story, briefs)
    assert project_story(story, briefs) == once
    scene = briefs[1].scene.model_copy(update={"goal": "Odell waits for news."})
    changed = (briefs[0], briefs[1].model_copy(update={"scene": scene}), briefs[2])
    again = project_story(story.model_copy(update={"scenes": tuple(b.scene for b in changed)}), changed)
    assert [a[0] for a, b in zip(again, once, strict=True) if a != b] == ["scene/sc_b"]


def test_the_same_look_worn_in_two_scenes_is_two_edges(story: Story, briefs: tuple[SceneBrief, ...]) -> None:
    last = briefs[2]
    again = last.cast[0].model_copy(update={"look": briefs[0].cast[0].look})
    parts = project_story(story, (*briefs[:2], last.model_copy(update={"cast": (again, last.cast[1])})))
    worn = [e for e in edges_of(parts).values() if e.kind == "wears" and e.dst == "look/mara.dress"]
    assert len(worn) == 2


def test_what_came_from_the_script_carries_its_lines_and_how_sure_the_architect_is(
    story: Story, briefs: tuple[SceneBrief, ...]
) -> None:
    lines = {"sc_a": (1, 9), "un_1": (3, 3), "un_2": (3, 4), "un_3": (6, 7), "un_5": (20, 20)}
    parts = project_story(story, briefs, lines)
    nodes = {node.id: node for _, found, _ in parts for node in found}
    edges = edges_of(parts)
    assert nodes["scene/sc_a"].data["lines"] == [1, 9]
    assert nodes["prop/ring"].data["lines"] == [3, 4]
    assert nodes["prop/ring"].data["evidence"]["confidence"] == 0.9
    assert edges["appears_in|character/mara|scene/sc_a"].data["lines"] == [3, 7]
    assert edges["speaks_to|character/mara|character/odell|scene/sc_a"].data == {
        "speeches": 1, "units": ["un_3"], "confidence": 0.8, "lines": [6, 7],
    }  # fmt: skip
    assert edges["uses|scene/sc_c|prop/ring"].data["lines"] == [20, 20]


def test_a_beat_says_where_it_comes_from_and_how_strong_it_is(story: Story, briefs: tuple[SceneBrief, ...]) -> None:
    beat = edges_of(project_story(story, briefs))["has_emotional_beat|scene/sc_a|emotional_beat/shock|1"]
    assert (beat.order, beat.data["came_from"], beat.data["intensity"]) == (1, "calm", 0.7)
