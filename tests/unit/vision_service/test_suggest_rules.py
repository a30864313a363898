"""Suggestions over generated requests: rules held by the benchmark's own arithmetic, with the atlas and without."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from benchmarks.suggest_bench import blind, checked, made_request, with_more

from shotwright.model.shot import EmotionalBeat, Subject
from shotwright.model.vision import SceneSetting, ShotWish, SuggestRequest
from shotwright.vision.atlas import seed_atlas
from shotwright.vision.library import ShotLibrary
from shotwright.vision.plain_engines import ColourAndContour
from shotwright.vision.suggest import CraftSuggester

if TYPE_CHECKING:
    from collections.abc import Iterator

WRONG = ("C180", "error violations", "three running", "CSIZE leap", "without evidence", "label wrong", "no candidate")
A, B = "character/mara", "character/odell"


@pytest.fixture(scope="module", params=["atlas", "empty"])
def suggester(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CraftSuggester]:
    library = ShotLibrary(tmp_path_factory.mktemp("library"))
    if request.param == "atlas":
        seed_atlas(library)
    yield CraftSuggester(library, ColourAndContour())
    library.close()


@pytest.mark.parametrize("seed", range(0, 90, 3))
def test_no_rule_is_broken_whatever_is_asked(suggester: CraftSuggester, seed: int) -> None:
    request = with_more(made_request(seed), suggester, seed)
    found = checked(request, suggester.suggest(request, blind))
    assert {name: found[name] for name in WRONG} == dict.fromkeys(WRONG, 0)


def staged(*people: str) -> tuple[Subject, ...]:
    return tuple(
        Subject(entity=p, position_m=(1.4 * i, 0.0, 0.0), heading_deg=90.0 - 180.0 * i, screen_position="center")
        for i, p in enumerate(people)
    )


def test_a_frame_of_two_with_no_speaker_holds_both(suggester: CraftSuggester) -> None:
    scene = SceneSetting(
        type="dialogue_2", int_ext="INT", emotional_beat=EmotionalBeat(name="tension_rising", intensity=0.6)
    )
    shots = tuple(ShotWish(shot_id=f"s{i}", characters=(A, B), blocking=staged(A, B)) for i in range(4))
    found = suggester.suggest(SuggestRequest(scene=scene, shots=shots), blind)
    assert {s.candidates[0].framing for s in found.shots} <= {"two_shot", "over_the_shoulder"}


def test_a_shot_of_a_thing_is_an_insert_of_it_where_it_lies(suggester: CraftSuggester) -> None:
    lies = Subject(entity="prop/letter", position_m=(0.4, 0.8, 0.3), heading_deg=0.0, screen_position="center")
    shots = (
        ShotWish(shot_id="s0", characters=(A,), speaker=A, blocking=staged(A, B)),
        ShotWish(shot_id="s1", characters=("prop/letter",), blocking=(*staged(A, B), lies)),
        ShotWish(shot_id="s2", characters=("prop/key",), blocking=staged(A, B)),
    )
    found = suggester.suggest(SuggestRequest(scene=SceneSetting(type="dialogue_2"), shots=shots), blind)
    first = found.shots[1].candidates[0]
    assert first.camera is not None
    assert (first.framing, first.camera.focus.on) == ("insert", "prop/letter")
    assert first.camera.look_at_m == (0.4, 0.8, 0.3)
    assert found.shots[2].candidates[0].framing == "insert"
    assert found.shots[0].candidates[0].framing != "insert"


def test_a_shoulder_frames_no_whole_place_and_a_place_is_never_seen_close(suggester: CraftSuggester) -> None:
    for seed in range(0, 60, 4):
        for shot in suggester.suggest(made_request(seed), blind).shots:
            for c in shot.candidates:
                if c.framing == "over_the_shoulder":
                    assert c.shot_size not in ("extreme_wide", "wide")
                if c.framing == "empty":
                    assert c.shot_size in ("extreme_wide", "wide")
