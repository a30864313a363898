"""The story map: one sheet that shows every scene and everyone, safely, the same each time."""

from __future__ import annotations

import re
import time
import xml.etree.ElementTree as ET
from itertools import combinations
from math import dist
from typing import TYPE_CHECKING

import pytest
from tests.contracts.conftest import briefs as briefs
from tests.contracts.conftest import story as story

from shotwright.craft.structure import analyse
from shotwright.exports.story_map import MapScene, Seen, StoryMap, draw, draw_story_map, gather, palette
from shotwright.production.projection import project_story

if TYPE_CHECKING:
    from shotwright.model.graph import Edge, Node
    from shotwright.model.story import SceneBrief, Story

SVG = "{http://www.w3.org/2000/svg}"
NUMBERS = {"sc_a": "1", "sc_b": "2", "sc_c": "2A"}


@pytest.fixture
def graph(story: Story, briefs: tuple[SceneBrief, ...]) -> tuple[list[Node], list[Edge]]:
    parts = project_story(story, briefs)
    return [n for _, nodes, _ in parts for n in nodes], [e for _, _, edges in parts for e in edges]


def titles(picture: str) -> list[str]:
    return [node.text or "" for node in ET.fromstring(picture).iter(f"{SVG}title")]


def words(picture: str) -> list[str]:
    return [node.text or "" for node in ET.fromstring(picture).iter(f"{SVG}text")]


def film(count: int, cast: int, **changes: object) -> StoryMap:
    """A film by arithmetic: the first character is everywhere, the others come and go."""
    names = {f"character/c{i}": f"Person {i}" for i in range(cast)}
    ids = list(names)
    scenes = tuple(
        MapScene(
            number=str(i + 1), heading=f"INT. PLACE {i % 30} - DAY", synopsis="Something happens here that matters.",
            place=f"location/p{i % 30}", place_name=f"Place {i % 30}", day=f"D{i // 7}", past=i % 20 > 14,
            act=("setup", "complication", "development", "climax")[4 * i // count],
            seen=tuple(Seen(ids[(k * (i + 3)) % cast], k == 3, k) for k in range(1 + i % 5)),
            tension=(i % 10) / 10, smoothed=(i % 7) / 10, feeling="dread", intensity=(i % 9) / 10, valence=-0.5,
            points=(("midpoint", "It turns."),) if i == count // 2 else (), flags=i % 13 == 0,
        )
        for i in range(count)
    )  # fmt: skip
    made = {"title": "A film", "scenes": scenes, "names": names, "roles": {ids[0]: "lead"}, **changes}
    return StoryMap(**made)  # type: ignore[arg-type]


def test_every_scene_and_everyone_is_on_the_sheet_by_name_and_number(graph: tuple[list[Node], list[Edge]]) -> None:
    nodes, edges = graph
    picture = draw_story_map(nodes, edges, analyse(nodes, edges), NUMBERS)
    told = titles(picture)
    for number, heading in (
        ("1", "INT. HOUSE - KITCHEN - DAY"),
        ("2", "INT. HOUSE - NIGHT"),
        ("2A", "EXT. QUAY - DAY"),
    ):
        assert any(title.startswith(f"Scene {number} · {heading}") for title in told)
    assert {"Flour", "Mara", "Odell", "2A"} <= set(words(picture))
    assert "Mara, scene 2A: 1 speech" in told
    assert "Odell, scene 2: silent" in told


def test_rooms_of_a_house_share_its_colour_and_presence_is_the_graph_s(graph: tuple[list[Node], list[Edge]]) -> None:
    nodes, edges = graph
    made = gather(nodes, edges, analyse(nodes, edges), NUMBERS)
    assert [scene.place for scene in made.scenes] == ["location/house", "location/house", "location/quay"]
    assert made.columns == {"character/mara": [0, 2], "character/odell": [0, 1, 2]}
    assert [scene.act for scene in made.scenes] == ["setup", "complication", "climax"]
    assert [scene.number for scene in gather(nodes, edges, analyse(nodes, edges)).scenes] == ["1", "2", "3"]


def test_leads_come_first_and_those_of_one_scene_share_a_row() -> None:
    scenes = tuple(
        MapScene(number=str(i), seen=tuple(Seen(f"character/{who}") for who in cast))
        for i, cast in enumerate((["often", "lead", "x"], ["often", "lead", "y"], ["often", "y2"]))
    )
    made = StoryMap("", scenes, {}, {"character/lead": "lead"})
    assert [lane.character for lane in made.lanes] == ["character/lead", "character/often"]
    assert made.others == [["character/x"], ["character/y"], ["character/y2"]]
    assert "3 others" in words(draw(made))


def test_a_voice_is_hollow_and_who_stays_is_joined() -> None:
    scenes = tuple(MapScene(number=str(i), seen=(Seen("character/a", voice_only=i == 1),)) for i in range(3))
    root = ET.fromstring(draw(StoryMap("", scenes, {"character/a": "A"}, {})))
    lane = next(g for g in root.iter(f"{SVG}g") if "A: 3 scenes" in (g.findtext(f"{SVG}title") or ""))
    assert [c.get("class") for c in lane.iter(f"{SVG}circle")] == ["dot", "voice", "dot"]
    (way,) = [p.get("d") or "" for p in lane.iter(f"{SVG}path") if "link" in (p.get("class") or "")]
    assert way.count("M") == 2


def test_the_script_s_words_cannot_become_markup() -> None:
    bad = "</title><script>alert('x')</script>\x00\x0b\ud800 & \"quoted\""
    scenes = tuple(
        MapScene(number=bad, heading=bad, synopsis=bad, place=bad, place_name=bad, day=bad, act=bad, feeling=bad,
                 intensity=0.5, seen=(Seen(bad),), points=(("climax", bad),))
        for _ in range(2)
    )  # fmt: skip
    picture = draw(StoryMap(bad, scenes, {bad: bad}, {bad: bad}, circles=((bad, (bad, "b")),), notes=(bad,)))
    root = ET.fromstring(picture.encode("utf-8"))
    assert not [node.tag for node in root.iter() if node.tag.endswith("script")]
    assert "<script" not in picture


def test_it_fetches_nothing_runs_nothing_and_reads_on_dark_paper_too() -> None:
    picture = draw(film(40, 12))
    assert not re.search(r"https?://(?!www\.w3\.org/)|@font-face|@import|<script|<image|href=|\son\w+=", picture)
    assert "prefers-color-scheme:dark" in picture
    light, _, dark = picture.partition("@media (prefers-color-scheme:dark)")
    inks = set(re.findall(r"^(\.[\w.]+)[,{].*?(?:fill|stroke):#", light, re.MULTILINE))
    assert {name for name in inks if name not in (".day.past", ".day.dream")} <= set(re.findall(r"\.[\w.]+", dark))


def test_everything_that_says_something_has_a_title() -> None:
    root = ET.fromstring(draw(film(30, 10)))
    parents = {child: node for node in root.iter() for child in node}
    marks = {"dot", "voice", "hit", "stem", "bar", "flag", "point", "bracket", "curve"}
    silent = []
    for node in root.iter():
        kinds = set((node.get("class") or "").split())
        legend = parents.get(node) is not None and parents[node].get("transform") is not None
        if kinds & marks and not legend and node.find(f"{SVG}title") is None:
            above = parents[node]
            if above.tag == f"{SVG}g" and (above.find(f"{SVG}title") is not None or len(above) == 1):
                continue
            silent.append(ET.tostring(node))
    assert silent == []


def test_nothing_is_drawn_outside_the_sheet() -> None:
    for count, cast in ((1, 1), (2, 3), (9, 6), (60, 20), (250, 90)):
        root = ET.fromstring(draw(film(count, cast)))
        _, _, wide, high = map(float, (root.get("viewBox") or "").split())
        for node in root.iter():
            for name, most in (("x", wide), ("cx", wide), ("y", high), ("cy", high)):
                if node.get(name) is not None:
                    assert 0 <= float(node.get(name) or 0) <= most, (count, ET.tostring(node))


def test_a_film_without_scenes_people_or_feelings_is_still_a_sheet() -> None:
    assert "0 scenes" in " ".join(words(draw(StoryMap("", (), {}, {}))))
    ET.fromstring(draw(StoryMap("Bare", (MapScene(number="1"),), {}, {})))


def test_the_same_bytes_each_time_small_and_quick() -> None:
    feature = film(192, 100)
    start = time.process_time()
    picture = draw(feature)
    took = time.process_time() - start
    assert picture == draw(film(192, 100))
    assert took < 0.1
    assert len(picture.encode()) < 300_000


def test_many_places_have_colours_of_their_own() -> None:
    picture = draw(film(192, 20))
    strip = re.findall(r'rx="2" fill="(#\w{6})"><title>(Place \d+):', picture)
    fills = {name: fill for fill, name in strip}
    assert len(fills) == 30
    assert len(set(fills.values())) == 30


def test_axis_numbers_are_round_and_never_touch() -> None:
    root = ET.fromstring(draw(film(192, 20)))
    ticks = [(float(t.get("x") or 0), t.text or "") for t in root.iter(f"{SVG}text") if t.get("class") == "tick"]
    numbers = [(x, int(text)) for x, text in ticks if text.isdigit() and x < 1830]
    assert numbers[0][1] == 1
    assert all(number % 5 == 0 for _, number in numbers[1:])


# The three ways of seeing: rows of Machado, Oliveira and Fernandes (2009) at full severity, on linear light.
SEEN_BY = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "red-blind": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "green-blind": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
}


def oklab(colour: str, rows: tuple[tuple[float, ...], ...]) -> tuple[float, float, float]:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    light = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    r, g, b = (min(1.0, max(0.0, sum(k * p for k, p in zip(row, light, strict=True)))) for row in rows)
    long = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    middle = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    short = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


@pytest.mark.parametrize("eyes", SEEN_BY)
def test_the_most_used_places_can_be_told_apart_by_every_eye(eyes: str) -> None:
    assert len(palette()) >= 12
    seen = {colour: oklab(colour, SEEN_BY[eyes]) for colour in palette()}
    nearest = min((dist(seen[a], seen[b]), a, b) for a, b in combinations(palette(), 2))
    assert nearest[0] > 0.08, nearest
