"""A frame is called by whom it holds: one in a single, two in a two-shot, no speaker's face with a listener."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from shotwright.crew.cinematographer import photograph_scene
from shotwright.model.crew import FilmSettings
from shotwright.model.vocabulary import SIZE_ORDER

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = FilmSettings()


def faces(subjects: list[dict[str, Any]]) -> list[str]:
    """The characters in frame, shoulders apart."""
    return [
        s["entity"]
        for s in subjects
        if s["entity"].startswith("character/") and not s["foreground"] and s["screen_position"] != "off"
    ]


def miscounted(technical: dict[str, Any]) -> str:
    """What is untrue of the name of a frame; empty when it holds as many as it says."""
    subjects, framing = technical["staging"]["subjects"], technical["camera"]["framing"]
    count = len(faces(subjects))
    others = [s for s in subjects if not s["entity"].startswith("character/")]
    true = {
        "single": count == 1 or (count == 0 and bool(others)),
        "two_shot": count == 2,
        "three_shot": count == 3,
        "group": count >= 4,
        "over_the_shoulder": count >= 1 and any(s["foreground"] for s in subjects),
        "empty": count == 0,
        "insert": count == 0,
    }
    return "" if true.get(framing, True) else f"{framing} of {count}"


def photographed(brief, directed) -> list[dict[str, Any]]:
    found = photograph_scene(brief, directed, SETTINGS)
    return [shot.technical.model_dump(mode="json") for shot in found.shots]


@pytest.mark.parametrize("seed", range(72))
def test_every_frame_of_an_invented_scene_holds_as_many_as_it_says(invented, seed: int) -> None:
    brief, directed = invented(seed)
    shots = photographed(brief, directed)
    assert [what for shot in shots if (what := miscounted(shot))] == []


@pytest.mark.parametrize("seed", range(72))
def test_no_face_of_whoever_speaks_is_in_the_frame_of_whoever_listens(invented, seed: int) -> None:
    brief, directed = invented(seed)
    for asked, shot in zip(directed.shots, photographed(brief, directed), strict=True):
        if asked.intent.focus != "listener" or asked.intent.turn:
            continue
        speaking = {line.speaker for line in asked.dialogue} - set(asked.intent.on)
        assert not speaking & set(faces(shot["staging"]["subjects"])), (asked.shot_id, shot["camera"]["framing"])


@pytest.mark.parametrize("scene_type", ["dialogue_group", "activity"])
@pytest.mark.parametrize("count", [3, 4, 5, 6])
def test_a_speaker_with_a_neighbour_at_each_elbow_is_still_seen_alone(scene_maker, scene_type: str, count: int) -> None:
    people = ["ann", "ben", "cat", "dan", "eve", "fay"][:count]
    s = scene_maker(scene_type, "INT. HALL - DAY", people)
    for i in range(12):
        speaker, to = people[i % count], people[(i + 1) % count]
        units = [s.say(speaker, f"Words {i}.", to)]
        s.shot(units, "listener" if i % 3 == 2 else "speaker", [to if i % 3 == 2 else speaker], ("anger", 0.6))
    shots = photographed(*s.done())
    assert [what for shot in shots if (what := miscounted(shot))] == []
    alone = [shot for shot in shots if len(faces(shot["staging"]["subjects"])) == 1]
    assert len(alone) >= 0.6 * len(shots)


def test_a_single_in_a_car_is_a_medium_close_up_or_tighter_of_one_seat(car) -> None:
    shots = photographed(*car)
    singles = [shot for shot in shots if shot["camera"]["framing"] == "single"]
    assert singles
    for shot in singles:
        assert SIZE_ORDER[shot["camera"]["shot_size"]] >= 4
        people = [x for x in shot["staging"]["subjects"] if x["entity"].startswith("character/")]
        assert len(people) == 1, people


def test_every_frame_of_the_example_film_holds_as_many_as_it_says(example_production: Path) -> None:
    film = json.loads((example_production / "shots.json").read_text())
    wrong = {s["label"]: what for s in film["shots"] if (what := miscounted(s["technical_layer"]))}
    assert wrong == {}
    singles = [s for s in film["shots"] if s["technical_layer"]["camera"]["framing"] == "single"]
    assert len(singles) >= 0.3 * len(film["shots"])
