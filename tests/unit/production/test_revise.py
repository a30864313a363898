"""The one way back: a flagged field goes to its owner, the round must improve, and else a person is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shotwright.model.crew import FilmSettings
from shotwright.production.opened import Production
from shotwright.production.revise import supervise

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from shotwright.model.crew import Revision
    from shotwright.model.shot import Shot
    from shotwright.model.story import SceneBrief


@pytest.fixture
def scene(example_production: Path) -> tuple[SceneBrief, list[Shot]]:
    """A scene of the example film with a pair of answering singles, as the crew left it."""
    with Production(example_production) as production:
        name, shots = next(
            (name, shots)
            for name, shots in production.film
            if sum(s.technical_layer.camera.framing == "single" and bool(s.audio.dialogue) for s in shots) >= 3
            and not any(f.severity == "error" for s in shots for f in s.continuity.flags)
        )
        return production.brief(name), shots


def spoilt(shots: Sequence[Shot]) -> tuple[list[Shot], int]:
    """The scene with one light turned round to the other side of the room."""
    place = len(shots) // 2
    shot = shots[place]
    technical = shot.technical_layer
    light = technical.lighting.model_copy(update={"azimuth_deg": (technical.lighting.azimuth_deg + 330) % 360 - 180})
    changed = shot.model_copy(update={"technical_layer": technical.model_copy(update={"lighting": light})})
    return [*shots[:place], changed, *shots[place + 1 :]], place


def test_a_mended_field_ends_the_loop_and_nothing_else_changes(scene: tuple[SceneBrief, list[Shot]]) -> None:
    brief, good = scene
    bad, place = spoilt(good)
    asked: list[Revision] = []

    def redo(shots: Sequence[Shot], revisions: Sequence[Revision]) -> list[Shot]:
        asked.extend(revisions)
        return [s.model_copy(update={"function": "button"}) for s in good]

    outcome = supervise(bad, brief, FilmSettings(), redo, rounds=3)
    assert {r.agent for r in asked} == {"cinematographer"}
    assert any(r.shot_id == good[place].shot_id for r in asked)
    assert outcome.rounds == 1
    mended = outcome.shots[place]
    assert mended.technical_layer.lighting == good[place].technical_layer.lighting
    assert mended.function == good[place].function, "a field that nobody asked about was changed"
    assert mended.continuity.status == "passed"
    assert mended.continuity.rounds == 1
    assert any("asked to mend" in line for line in outcome.log)


def test_an_answer_that_is_no_better_is_not_taken_and_a_person_is_asked(scene: tuple[SceneBrief, list[Shot]]) -> None:
    brief, good = scene
    bad, place = spoilt(good)
    outcome = supervise(bad, brief, FilmSettings(), lambda shots, revisions: list(bad), rounds=3)
    assert outcome.rounds == 1
    failing = [s for s in outcome.shots if s.review.status == "needs_human"]
    assert failing
    assert all(s.review.note and s.continuity.flags for s in failing)
    assert outcome.shots[place].technical_layer == bad[place].technical_layer


def test_with_no_rounds_allowed_the_flags_stand(scene: tuple[SceneBrief, list[Shot]]) -> None:
    brief, good = scene
    bad, _ = spoilt(good)

    def never(shots: Sequence[Shot], revisions: Sequence[Revision]) -> list[Shot]:
        raise AssertionError("nobody may be asked")

    outcome = supervise(bad, brief, FilmSettings(), never, rounds=0)
    assert outcome.rounds == 0
    assert any(s.review.status == "needs_human" for s in outcome.shots)
