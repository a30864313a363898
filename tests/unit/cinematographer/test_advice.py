"""The vision service's suggestions: what is asked, what they move, what they cannot, and what is said of them."""

from __future__ import annotations

import itertools
from typing import Any, get_args

import pytest
from tests.unit.cinematographer.test_continuity import complete

from shotwright.crew.cinematographer import check_photography, photograph_scene
from shotwright.crew.cinematographer.advice import suggest_request
from shotwright.crew.continuity_supervisor import inspect_scene
from shotwright.model.crew import FilmSettings, PhotographedScene, Pin
from shotwright.model.vision import ShotSuggestions, Suggestion, SuggestionEvidence
from shotwright.model.vocabulary import SIZE_ORDER, Angle, Framing, MovementType, ShotSize

FOUND = (SuggestionEvidence(library_id="ls_1", similarity=0.9, why="medium close-up, found by quarrel"),)


def talk(scene_maker: Any, count: int = 6) -> Any:
    s = scene_maker("dialogue_2", "INT. KITCHEN - DAY", ["ann", "ben"])
    enters = s.act("Ann and Ben stand by the table.", actors=("character/ann",))
    s.shot([enters], "action", ["ann", "ben"], function="master")
    for i in range(count):
        who, to = (("ann", "ben"), ("ben", "ann"))[i % 2]
        s.shot([s.say(who, f"Words number {i}.", to)], "speaker", [who], turn=i == count - 1)
    still = s.act("Ann looks at the floor.", actors=("character/ann",))
    s.shot([still], "action", ["ann"])
    return s.done()


def said(directed: Any, **terms: Any) -> list[ShotSuggestions]:
    one = Suggestion(label="Static, a frame", score=1.0, evidence=FOUND, **terms)
    return [ShotSuggestions(shot_id=shot.shot_id, candidates=(one,)) for shot in directed.shots]


def layers(found: PhotographedScene) -> list[str]:
    return [shot.technical.model_dump_json() for shot in found.shots]


def why(found: PhotographedScene, i: int) -> str:
    return found.shots[i].provenance["camera"].because


def test_what_is_asked_says_where_everyone_stands_and_which_side_the_camera_keeps(scene_maker) -> None:
    brief, directed = talk(scene_maker)
    asked = suggest_request(brief, directed, FilmSettings(genre=("noir",)))
    assert asked == suggest_request(brief, directed, FilmSettings(genre=("noir",)))
    assert [wish.shot_id for wish in asked.shots] == [shot.shot_id for shot in directed.shots]
    assert asked.scene.type == "dialogue_2"
    assert asked.scene.genre == ("noir",)
    assert asked.scene.emotional_beat is not None
    first, second = asked.shots[0], asked.shots[1]
    assert {str(s.entity) for s in first.blocking} == {"character/ann", "character/ben"}
    assert second.speaker == "character/ann"
    assert asked.shots[-2].turn
    line = asked.context.line
    assert line is not None
    assert line.side in ("left", "right")
    drawn = photograph_scene(brief, directed, FilmSettings()).shots[1].technical
    where = {str(s.entity): s.position_m for s in first.blocking}
    own = next(s for s in drawn.staging.subjects if str(s.entity) == "character/ann")
    assert own.position_m[0] == pytest.approx(where["character/ann"][0], abs=0.01)


def test_no_suggestions_leave_the_draft_and_say_so(scene_maker) -> None:
    brief, directed = talk(scene_maker)
    plain = photograph_scene(brief, directed, FilmSettings())
    none = [ShotSuggestions(shot_id=shot.shot_id, candidates=()) for shot in directed.shots]
    advised = photograph_scene(brief, directed, FilmSettings(), advice=none)
    assert layers(advised) == layers(plain)
    assert all("suggested nothing that could be used, so the draft stands" in why(advised, i) for i in range(3))
    assert photograph_scene(brief, directed, FilmSettings(), advice=()) == plain


def test_words_alone_move_the_frame_and_the_library_shot_is_named(scene_maker) -> None:
    brief, directed = talk(scene_maker)
    plain = photograph_scene(brief, directed, FilmSettings())
    wide = photograph_scene(brief, directed, FilmSettings(), advice=said(directed, shot_size="medium_wide"))
    sizes = [[SIZE_ORDER[s.technical.camera.shot_size] for s in found.shots] for found in (plain, wide)]
    assert sum(sizes[1]) < sum(sizes[0])
    taken = [s.provenance["camera"] for s in wide.shots if s.technical.camera.shot_size == "medium_wide"]
    assert taken
    for provenance in taken:
        assert "the vision service suggested “Static, a frame”; taken" in provenance.because
        assert "library ls_1" in provenance.evidence


def test_a_camera_beyond_the_line_is_refused_and_the_reason_given(scene_maker) -> None:
    brief, directed = talk(scene_maker)
    plain = photograph_scene(brief, directed, FilmSettings())
    advice = []
    for shot in plain.shots:
        camera = shot.technical.camera
        x, y, z = camera.position_m
        beyond = camera.model_copy(update={"position_m": (x, y, -z - 0.2), "shot_size": "medium_close_up"})
        one = Suggestion(
            label="From behind", score=1.0, shot_size="extreme_close_up", framing=camera.framing, angle=camera.angle,
            camera=beyond, evidence=FOUND,
        )  # fmt: skip
        advice.append(ShotSuggestions(shot_id=shot.shot_id, candidates=(one,)))
    advised = photograph_scene(brief, directed, FilmSettings(), advice=advice)
    reasons = [why(advised, i) for i in range(len(advised.shots))]
    assert sum("not taken, because it would cross the line" in reason for reason in reasons) >= 6
    assert all(shot.technical.camera.position_m[2] > 0 for shot in advised.shots)


def test_what_a_person_has_fixed_stands(scene_maker) -> None:
    brief, directed = talk(scene_maker)
    pin = Pin(shot_id=directed.shots[2].shot_id, field="technical_layer.camera.shot_size", value_json='"medium"')
    advice = said(directed, shot_size="close_up")
    advised = photograph_scene(brief, directed, FilmSettings(), (pin,), advice=advice)
    assert advised.shots[2].technical.camera.shot_size == "medium"
    assert "not taken, because a person has fixed the frame" in why(advised, 2)


def test_a_move_is_taken_once_where_nobody_speaks_and_refused_over_words(scene_maker) -> None:
    s = scene_maker("activity", "EXT. SHORE - DAY", ["ann"])
    for i in range(4):
        s.shot([s.act(f"Ann mends net {i}.", actors=("character/ann",))], "action", ["ann"])
    brief, directed = s.done()
    advised = photograph_scene(
        brief, directed, FilmSettings(), advice=said(directed, movement="dolly_in", speed="slow")
    )
    moves = [shot.technical.camera.movement.type for shot in advised.shots]
    assert moves.count("dolly_in") <= 1
    brief, directed = talk(scene_maker)
    advised = photograph_scene(
        brief, directed, FilmSettings(), advice=said(directed, movement="dolly_in", speed="slow")
    )
    spoken = [shot for shot, asked in zip(advised.shots, directed.shots, strict=True) if asked.dialogue]
    pushed = [shot for shot in spoken if shot.technical.camera.movement.type == "dolly_in"]
    assert len(pushed) <= 1
    assert any("taken but for its move, because dialogue plays to a still camera" in why(advised, i) for i in range(6))


ADVERSE = [
    (size, framing, angle, move)
    for size, framing, angle, move in itertools.islice(
        zip(
            itertools.cycle(get_args(ShotSize)), itertools.cycle(get_args(Framing)), itertools.cycle(get_args(Angle)),
            itertools.cycle(get_args(MovementType)), strict=False,
        ),
        280,
    )
]  # fmt: skip


@pytest.mark.parametrize("seed", range(48))
def test_no_advice_makes_a_scene_break_a_rule(invented, seed: int) -> None:
    brief, directed = invented(seed)
    settings = FilmSettings()
    errors = {}
    for push in (0, 3, 5):
        advice = []
        for i, shot in enumerate(directed.shots):
            # Now one wild frame for each shot, now one and the same for all of them.
            size, framing, angle, move = ADVERSE[(seed * 7 + push + (i if push != 5 else 0)) % len(ADVERSE)]
            one = Suggestion(
                label="Wild", score=1.0, shot_size=size, framing=framing, angle=angle, movement=move, speed="slow"
            )
            advice.append(ShotSuggestions(shot_id=shot.shot_id, candidates=(one,)))
        advised = photograph_scene(brief, directed, settings, advice=advice)
        assert PhotographedScene.model_validate_json(advised.model_dump_json()) == advised
        assert check_photography(brief, directed, advised) == ()
        flags = inspect_scene(complete(brief, directed, advised), brief, settings)
        errors[push] = [f.message for f in flags if f.agent == "cinematographer" and f.severity == "error"]
    assert errors == {0: [], 3: [], 5: []}
