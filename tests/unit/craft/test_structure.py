"""The shape of a film: every figure on graphs small enough to be worked out by hand."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.contracts.conftest import briefs as briefs
from tests.contracts.conftest import story as story

from shotwright.craft.structure import analyse, feelings, name_of, read_graph, shortest_path
from shotwright.model.graph import Edge, Node
from shotwright.model.vocabulary import BeatName
from shotwright.production.projection import project_story

if TYPE_CHECKING:
    from shotwright.model.story import SceneBrief, Story

ROOT = Path(__file__).resolve().parents[3]


def character(name: str, **data: object) -> Node:
    return Node(id=f"character/{name}", kind="character", data={"name": name.title(), **data})


def scene(number: int, **data: object) -> Node:
    told = {"slugline": {"raw": f"INT. ROOM {number} - DAY"}, "eighths": 4, **data}
    return Node(id=f"scene/sc_{number}", kind="scene", order=number, data=told)


def appears(name: str, number: int, speeches: int = 0) -> Edge:
    who, where = f"character/{name}", f"scene/sc_{number}"
    presence = {"character": who, "speeches": speeches, "voice_only": False}
    return Edge(key=f"appears_in|{who}|{where}", kind="appears_in", src=who, dst=where, data={"presence": presence})


def link(kind: str, src: str, dst: str, last: str = "", **data: object) -> Edge:
    key = "|".join(part for part in (kind, src, dst, last) if part)
    return Edge.model_validate({"key": key, "kind": kind, "src": src, "dst": dst, "data": data})


def company(*casts: str) -> tuple[list[Node], list[Edge]]:
    """A film of scenes, each cast a word whose letters are its characters."""
    names = sorted(set("".join(casts)))
    nodes = [*map(character, names), *(scene(i) for i in range(len(casts)))]
    return nodes, [appears(name, i) for i, cast in enumerate(casts) for name in cast]


def test_the_one_in_the_middle_of_a_chain_lies_on_every_way_between_the_ends() -> None:
    found = {c.character: c for c in analyse(*company("ab", "bc")).characters}
    assert found["character/b"].betweenness == 1.0
    assert found["character/a"].betweenness == found["character/c"].betweenness == 0.0
    assert (found["character/b"].partners, found["character/b"].strength, found["character/b"].scenes) == (2, 2, 2)


def test_those_who_share_more_scenes_are_nearer() -> None:
    # a and c meet once, but each meets b three times: the way over b (1/3 + 1/3) is shorter than the direct one (1).
    shape = analyse(*company("ab", "ab", "ab", "bc", "bc", "bc", "ac"))
    assert {c.character: c.betweenness for c in shape.characters}["character/b"] == 1.0
    assert [(p.a, p.b, p.scenes) for p in shape.pairs[:1]] == [("character/a", "character/b", 3)]


def test_pagerank_adds_up_to_one_and_is_right_on_a_star() -> None:
    shape = analyse(*company("ab", "ac", "ad"))
    rank = {c.character: c.pagerank for c in shape.characters}
    assert sum(rank.values()) == pytest.approx(1.0, abs=1e-5)
    # On a star of three leaves: centre = (1 - d)/4 + d * 3 * leaf, leaf = (1 - d)/4 + d * centre / 3, d = 0.85.
    centre = (0.0375 + 0.85 * 3 * 0.0375) / (1 - 0.85**2)
    assert rank["character/a"] == pytest.approx(centre, abs=1e-5)
    assert shape.characters[0].character == "character/a"


def test_somebody_always_alone_has_a_place_and_a_circle_of_one() -> None:
    shape = analyse(*company("ab", "c"))
    alone = next(c for c in shape.characters if c.character == "character/c")
    assert (alone.partners, alone.betweenness) == (0, 0.0)
    assert shape.communities[alone.community].members == ("character/c",)
    assert sum(c.pagerank for c in shape.characters) == pytest.approx(1.0, abs=1e-5)


def test_two_worlds_that_meet_once_are_two_communities_named_after_their_most_central() -> None:
    shape = analyse(*company("abc", "abc", "ab", "xyz", "xyz", "xy", "ax"))
    assert [(g.name, set(g.members)) for g in shape.communities] == [
        ("A", {"character/a", "character/b", "character/c"}),
        ("X", {"character/x", "character/y", "character/z"}),
    ]
    assert 0.3 < shape.modularity < 0.5


def test_a_bridge_is_who_alone_joins_others_to_the_film() -> None:
    shape = analyse(*company("abc", "cd", "ce", "def"))
    assert [(b.character, b.cut_off) for b in shape.bridges] == [("character/c", ("character/a", "character/b"))]
    assert analyse(*company("abc", "abd", "cd")).bridges == ()


def test_tension_is_the_greatest_intensity_weighted_by_what_the_feeling_is() -> None:
    nodes = [scene(i) for i in range(3)] + [
        Node(id=f"emotional_beat/{name}", kind="emotional_beat", data={"name": name}) for name in ("joy", "dread")
    ]
    beats = [
        link("has_emotional_beat", "scene/sc_0", "emotional_beat/joy", "0", intensity=0.9),
        link("has_emotional_beat", "scene/sc_1", "emotional_beat/joy", "0", intensity=0.9),
        link("has_emotional_beat", "scene/sc_1", "emotional_beat/dread", "1", intensity=0.6),
    ]
    points = analyse(nodes, beats).tension
    assert [p.tension for p in points] == [pytest.approx(0.09), pytest.approx(0.6), 0.0]
    assert [p.feeling for p in points] == ["joy", "joy", ""]
    assert points[0].valence > 0
    # Three scenes, weights 1 2 1; at the ends only what there is.
    assert points[0].smoothed == pytest.approx((2 * 0.09 + 0.6) / 3, abs=1e-6)
    assert points[1].smoothed == pytest.approx((0.09 + 2 * 0.6 + 0) / 4, abs=1e-6)


def test_every_feeling_of_the_vocabulary_is_on_the_curve() -> None:
    assert set(feelings()) == set(BeatName.__args__)  # type: ignore[attr-defined]
    for row in feelings().values():
        assert 0 <= row.tightens <= 1
        assert -1 <= row.valence <= 1


def test_acts_are_shared_by_length_and_not_by_the_number_of_scenes() -> None:
    nodes = [
        scene(0, eighths=6, brief={"act": "setup"}), scene(1, eighths=1, brief={"act": "climax"}),
        scene(2, eighths=1, brief={"act": "climax"}),
    ]  # fmt: skip
    acts = analyse(nodes, []).acts
    assert [(a.act, a.first, a.last, a.scenes, a.share) for a in acts] == [
        ("setup", 0, 0, 1, 0.75), ("climax", 1, 2, 2, 0.25),
    ]  # fmt: skip


def test_the_longest_absence_of_a_lead_counts_a_younger_self_as_the_person() -> None:
    nodes = [
        character("ada", role="lead"), character("young_ada", version_of="character/ada"),
        character("bo", role="minor"),
        *(scene(i) for i in range(8)),
    ]  # fmt: skip
    edges = [appears("ada", 0), appears("young_ada", 3), appears("ada", 7), appears("bo", 0), appears("bo", 7)]
    (away,) = analyse(nodes, edges).absences
    assert (away.character, away.after, away.until, away.scenes) == ("character/ada", "scene/sc_3", "scene/sc_7", 3)


def test_what_is_seen_once_and_what_stands_alone() -> None:
    nodes = [
        character("ada"), character("guest"), character("passer_by"),
        Node(id="prop/watch", kind="prop", data={"name": "watch", "hero": True}),
        Node(id="prop/cup", kind="prop", data={"name": "cup", "hero": False}),
        Node(id="location/house", kind="location", data={"name": "House"}),
        Node(id="location/house.attic", kind="location", data={"name": "Attic", "parent": "location/house"}),
        Node(id="location/moon", kind="location", data={"name": "Moon"}),
        *(scene(i) for i in range(4)),
    ]  # fmt: skip
    edges = [
        appears("ada", 0, 2), appears("ada", 1, 1), appears("guest", 1, 1), appears("passer_by", 1),
        link("uses", "scene/sc_0", "prop/watch"), link("uses", "scene/sc_0", "prop/cup"),
        link("takes_place_at", "scene/sc_0", "location/house"), link("takes_place_at", "scene/sc_3", "location/moon"),
        link("takes_place_at", "scene/sc_2", "location/house.attic"),
        link("contains", "location/house", "location/house.attic"),
    ]  # fmt: skip
    shape = analyse(nodes, edges)
    assert [(s.entity, s.scene) for s in shape.seen_once] == [
        ("prop/watch", "scene/sc_0"), ("character/guest", "scene/sc_1"),
    ]  # fmt: skip
    assert shape.lone_scenes == ("scene/sc_3",)


def test_what_is_never_paid_off_says_whether_it_is_seen_again(story: Story, briefs: tuple[SceneBrief, ...]) -> None:
    parts = project_story(story, briefs)
    shape = analyse([n for _, nodes, _ in parts for n in nodes], [e for _, _, edges in parts for e in edges])
    assert [(i.plot_point, i.about, i.scene, i.seen_again) for i in shape.introduced] == [
        ("plot_point/kettle", "prop/kettle", "scene/sc_b", 0)
    ]
    assert shape.title == "Flour"
    assert [p.scene for p in shape.tension] == ["scene/sc_a", "scene/sc_b", "scene/sc_c"]


def test_the_shortest_way_is_told_in_words_and_goes_round_by_days_only_if_it_must(
    story: Story, briefs: tuple[SceneBrief, ...]
) -> None:
    parts = project_story(story, briefs)
    nodes, edges = [n for _, ns, _ in parts for n in ns], [e for _, _, es in parts for e in es]
    numbers = {"sc_a": "1", "sc_b": "2", "sc_c": "3"}
    direct = shortest_path(nodes, edges, "character/odell", "character/mara", numbers)
    assert direct is not None
    assert [step.words for step in direct] == ["Odell ←speaks_to— Mara in Scene 1"]
    steps = shortest_path(nodes, edges, "prop/ring", "prop/kettle", numbers)
    assert steps is not None
    assert [step.words for step in steps] == [
        "ring ←uses— Scene 1", "Scene 1 ←appears_in— Odell", "Odell —appears_in→ Scene 2", "Scene 2 —uses→ kettle",
    ]  # fmt: skip
    assert all(a.dst == b.src for a, b in pairwise(steps))
    by_day = shortest_path(nodes, edges, "story_day/D1", "scene/sc_a", numbers)
    assert by_day is not None
    assert len(by_day) == 1
    assert shortest_path(nodes, edges, "prop/ring", "prop/ring") == []
    assert shortest_path(nodes, edges, "prop/ring", "prop/none") is None


def test_scenes_with_nothing_in_common_are_joined_by_their_order_alone() -> None:
    nodes = [scene(0), scene(1), scene(2)]
    follows = [link("follows", "scene/sc_1", "scene/sc_0"), link("follows", "scene/sc_2", "scene/sc_1")]
    steps = shortest_path(nodes, follows, "scene/sc_0", "scene/sc_2", {"sc_0": "1", "sc_1": "2", "sc_2": "3"})
    assert steps is not None
    assert [step.words for step in steps] == ["Scene 1 ←follows— Scene 2", "Scene 2 ←follows— Scene 3"]
    assert name_of(nodes[0]) == "INT. ROOM 0 - DAY"


def test_an_empty_graph_and_one_without_people_have_a_structure() -> None:
    assert analyse([], []).characters == ()
    shape = analyse([scene(0)], [])
    assert shape.lone_scenes == ("scene/sc_0",)
    assert shape.bridges == ()


def test_a_dump_is_read_back_as_the_same_structure(story: Story, briefs: tuple[SceneBrief, ...]) -> None:
    import json

    parts = project_story(story, briefs)
    nodes, edges = [n for _, ns, _ in parts for n in ns], [e for _, _, es in parts for e in es]
    lines = [json.dumps({"scope": "film", "node": n.model_dump()}) for n in nodes]
    lines += [json.dumps({"scope": "film", "edge": e.model_dump()}) for e in edges]
    assert analyse(*read_graph(lines)) == analyse(nodes, edges)
    assert analyse(nodes[::-1], edges[::-1]) == analyse(nodes, edges)


FEATURE = """
import sys
sys.modules["numpy"] = sys.modules["scipy"] = None
from tests.unit.craft.test_structure import feature
from shotwright.craft.structure import analyse
import hashlib
print(hashlib.sha256(analyse(*feature()).canonical_json().encode()).hexdigest())
"""


def feature() -> tuple[list[Node], list[Edge]]:
    """Two hundred scenes of a hundred characters, drawn by arithmetic alone."""
    names = [f"c{i:03}" for i in range(100)]
    nodes = [*map(character, names), *(scene(i) for i in range(200))]
    edges = [
        appears(names[(i * i + k * k * 7) % (5 if k == 0 else 100)], i, k) for i in range(200) for k in range(1 + i % 6)
    ]
    return nodes, list({edge.key: edge for edge in edges}.values())


def test_the_same_in_every_process_whatever_the_seed_of_its_hashes_and_without_numpy() -> None:
    told = set()
    for seed in ("1", "2", "77"):
        environ = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
        done = subprocess.run([sys.executable, "-c", FEATURE], capture_output=True, text=True, env=environ, check=False)
        assert done.returncode == 0, done.stderr
        told.add(done.stdout)
    assert len(told) == 1


def test_a_feature_takes_less_than_half_a_second() -> None:
    nodes, edges = feature()
    analyse(*company("ab"))
    start = time.process_time()
    shape = analyse(nodes, edges)
    assert time.process_time() - start < 0.5
    assert len(shape.characters) == 100
