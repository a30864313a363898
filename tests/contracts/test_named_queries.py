"""What every named query answers of the three-scene story, on every store."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shotwright.ports.story_store import StoryStore


def test_a_characters_arc_follows_the_script(told: StoryStore) -> None:
    assert told.run("character_arc", character="character/mara") == [
        {"scene": "scene/sc_a", "order": 0, "synopsis": "Mara finds a ring in the flour.", "story_day": "D1",
         "feels_from": "calm", "feels_to": "shock", "peak_intensity": 0.7, "speeches": 1, "voice_only": False,
         "look": "look/mara.dress"},
        {"scene": "scene/sc_c", "order": 2, "synopsis": "Mara gives the ring back.", "story_day": "D2",
         "feels_from": "calm", "feels_to": "grief", "peak_intensity": 0.85, "speeches": 1, "voice_only": False,
         "look": "look/mara.coat"},
    ]  # fmt: skip


def test_co_appearance_counts_scenes_and_speeches_between_a_pair(told: StoryStore) -> None:
    pair = {
        "a": "character/mara",
        "b": "character/odell",
        "scenes": 2,
        "speeches": 2,
        "first_order": 0,
        "last_order": 2,
    }
    assert told.run("co_appearance") == [pair]
    assert told.run("co_appearance", character="character/odell") == [pair]
    assert told.run("co_appearance", character="character/nobody") == []


def test_a_prop_was_last_seen_with_whoever_took_it_last(told: StoryStore) -> None:
    rows = told.run("last_seen_with", thing="prop/ring")
    assert [(r["scene"], r["holder"], r["how"], r["look"]) for r in rows] == [
        ("scene/sc_c", "character/odell", "takes", None),
        ("scene/sc_c", "character/mara", "drops", "look/mara.coat"),
        ("scene/sc_c", "character/mara", "holds", "look/mara.coat"),
        ("scene/sc_a", "character/mara", "takes", "look/mara.dress"),
    ]
    before = told.run("last_seen_with", thing="prop/ring", before="scene/sc_c")
    assert [r["wearing"] for r in before] == ["green dress"]


def test_what_a_character_wore_when_last_seen(told: StoryStore) -> None:
    rows = told.run("last_seen_with", thing="character/mara", before="scene/sc_c")
    assert [(r["scene"], r["wearing"]) for r in rows] == [("scene/sc_a", "green dress")]


def test_scenes_that_share_a_feeling_and_a_place_take_in_the_places_within(told: StoryStore) -> None:
    def scenes(**parameters: str) -> list[str]:
        return [r["scene"] for r in told.run("scenes_by_beat_and_location", **parameters)]

    assert scenes(beat="grief") == ["scene/sc_b", "scene/sc_c"]
    assert scenes(beat="grief", location="location/house") == ["scene/sc_b"]
    assert scenes(beat="shock", location="location/house") == ["scene/sc_a"]
    assert scenes(beat="joy") == []


def test_what_is_introduced_and_never_paid_off_is_unresolved(told: StoryStore) -> None:
    assert told.run("unresolved") == [
        {"plot_point": "plot_point/kettle", "summary": "The kettle has no lid.", "about": "prop/kettle",
         "scene": "scene/sc_b", "order": 1}
    ]  # fmt: skip
