"""Ten questions that a script supervisor would ask of Big Fish, answered by the named queries.

The answers were read off the script by hand; scenes are called by their place in the film."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from shotwright.production.graph import open_graph
from shotwright.production.studio import RunRequest, run_production

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from shotwright.ports.story_store import StoryStore

pytestmark = pytest.mark.slow
BIG_FISH = "big_fish_nyousefi.fountain"


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Path], StoryStore]]:
    opened: list[Any] = []

    def graph(script: Path) -> StoryStore:
        if not opened:
            out = tmp_path_factory.mktemp("big_fish") / "film.shotwright"
            run_production(RunRequest(script, out))
            opened.append(open_graph(out))
            opened.append(opened[0].__enter__())
        store: StoryStore = opened[1]
        return store

    yield graph
    if opened:
        opened[0].__exit__(None, None, None)


@pytest.fixture
def store(film: Callable[[Path], StoryStore], shared_screenplay: Callable[[str], Path]) -> StoryStore:
    return film(shared_screenplay(BIG_FISH))


def scene(store: StoryStore, order: int) -> str:
    return next(row["scene"] for row in store.run("story_map") if row["order"] == order)


def moves(store: StoryStore, thing: str) -> list[tuple[int, str | None, str]]:
    return [(row["order"], row["holder"], row["how"]) for row in store.run("custody", thing=thing)]


def test_1_where_does_the_wedding_ring_go(store: StoryStore) -> None:
    edward, will = "character/edward", "character/will"
    assert moves(store, "prop/wedding_ring") == [
        (2, edward, "drops"), (10, edward, "takes"), (182, edward, "takes"), (182, will, "takes"),
    ]  # fmt: skip


def test_2_and_the_engagement_ring_which_is_another(store: StoryStore) -> None:
    found = moves(store, "prop/engagement_ring")
    assert [place for place, _, _ in found] == [97, 97, 97]
    assert found[-2:] == [(97, "character/sandra", "drops"), (97, "character/don_price", "takes")]


def test_3_in_which_scenes_is_the_key_to_the_city_and_where_are_wills_keys(store: StoryStore) -> None:
    assert [place for place, _, _ in moves(store, "prop/key_to_the_city")] == [48, 50, 58, 62, 138, 187]
    held = [move for move in moves(store, "prop/key") if move[1]]
    assert held == [
        (127, "character/will", "takes"), (161, "character/will", "drops"), (165, "character/will", "takes"),
    ]  # fmt: skip


def test_4_who_was_there_when_the_beast_gives_the_ring_back(store: StoryStore) -> None:
    rows = store.run("who_was_there", what=scene(store, 10))
    assert {row["character"]: row["voice_only"] for row in rows} == {
        "character/beast": False, "character/edward": False, "character/will": True,
    }  # fmt: skip


def test_5_what_was_edward_wearing_when_last_seen_before_he_walks_into_spectre(store: StoryStore) -> None:
    rows = store.run("carried_into", scene=scene(store, 54))
    edward = next(row for row in rows if row["character"] == "character/edward")
    assert edward["since_order"] == 53
    assert {"wounded"} <= set(edward["since_condition"])
    assert edward["must_match"] is True
    # A crow takes his hat in the forest, and in Spectre his shoes go.
    assert "hat" not in edward["since_wearing"]
    hatted = {row["order"] for row in store.run("wardrobe", character="character/edward") if "hat" in row["clothes"]}
    assert {50, 51} <= hatted
    assert hatted.isdisjoint({52, 53, 54, 55, 56})


def test_6_where_was_jenny_last_seen_before_she_tells_will_the_truth(store: StoryStore) -> None:
    rows = store.run("last_seen_with", thing="character/jenny", before=scene(store, 158))
    assert [row["order"] for row in rows[:3]] == [155, 153, 152]


def test_7_which_scenes_share_the_hospital_room_and_its_grief(store: StoryStore) -> None:
    rows = store.run("same_place_and_feeling", scene=scene(store, 168))
    grieving = {
        row["order"] for row in rows if row["same_place"] and "grief" in {felt["feeling"] for felt in row["feelings"]}
    }
    assert grieving == {170, 172, 173, 177}


def test_8_in_which_scenes_do_we_see_norther_winslow(store: StoryStore) -> None:
    rows = store.run("scenes_of_character", character="character/norther_winslow")
    assert {55, 56, 57, 118, 121, 122, 180, 189} <= {row["order"] for row in rows if not row["voice_only"]}


def test_9_who_talks_most_to_whom(store: StoryStore) -> None:
    rows = store.run("speaks_with")
    assert [(row["speaker"], row["addressee"]) for row in rows[:2]] == [
        ("character/will", "character/edward"), ("character/edward", "character/will"),
    ]  # fmt: skip


def test_10_what_would_a_change_to_josephine_touch(store: StoryStore) -> None:
    rows = store.run("downstream", node="character/josephine")
    touched = {row["id"] for row in rows if row["kind"] == "scene"}
    assert scene(store, 4) in touched
    assert scene(store, 191) in touched
    assert scene(store, 10) not in touched
    assert any(row["kind"] == "asset" for row in rows)
    assert any(row["kind"] == "shot" for row in rows)


def test_every_briefing_of_the_film_is_complete(store: StoryStore) -> None:
    scenes = [row["scene"] for row in store.run("story_map")]
    assert len(scenes) == 193
    for place, name in enumerate(scenes):
        rows = store.run("scene_briefing", scene=name)
        parts = {row["part"] for row in rows}
        told = next(row["data"] for row in rows if row["part"] == "scene")
        assert {"scene", "place"} <= parts
        assert ("previous" in parts, "next" in parts) == (place > 0, place < len(scenes) - 1)
        assert told["goal"]
        assert told["beats"]
        assert ("cast" in parts) == bool(told["presences"])
        for row in rows:
            if row["part"] == "cast":
                heard = row["edge"]["presence"]["voice_only"]
                assert row["edge"]["presence"]["feels_to"]
                assert heard or row["look"], f"{row['id']} in scene {place} has no look"
