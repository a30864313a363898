"""Whatever a model answers, the scene is complete, legal and cuts together; and what is asked is short."""

from __future__ import annotations

import random
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.cinematographer.conftest import car_scene, invent
from tests.unit.cinematographer.test_continuity import complete

from shotwright.craft.answers import answer_schema
from shotwright.crew.architect import brief_scenes, meet_cast, read_scene, weave
from shotwright.crew.architect.company import relevant_cast
from shotwright.crew.cinematographer import check_photography, photograph_scene
from shotwright.crew.cinematographer.refine import ask
from shotwright.crew.cinematographer.taking import LookAnswer, PickAnswer, prompt
from shotwright.crew.continuity_supervisor import inspect_scene
from shotwright.crew.director import direct_scene
from shotwright.model.crew import FilmSettings, PhotographedScene
from shotwright.model.language import Refinement
from shotwright.production.assemble import place_speakers
from shotwright.screenplay import read

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from shotwright.crew.cinematographer.taking import Desk
    from shotwright.model.crew import DirectedScene
    from shotwright.model.question import Question
    from shotwright.model.story import SceneBrief

SETTINGS = FilmSettings()
FEATURE = "big_fish_nyousefi.fountain"
Asked = tuple["SceneBrief", "DirectedScene", PhotographedScene, "Question[PhotographedScene]"]


@cache
def scenes() -> tuple[Asked, ...]:
    found = []
    for brief, directed in (car_scene(), *(invent(seed) for seed in (0, 1, 4, 5, 8, 14, 21, 34))):
        standing = photograph_scene(brief, directed, SETTINGS)
        asked = ask(brief, directed, SETTINGS, standing)
        if asked is not None:
            found.append((brief, directed, standing, asked))
    return tuple(found)


def broken(brief: SceneBrief, directed: DirectedScene, photographed: PhotographedScene) -> set[tuple[str, str]]:
    """The errors that the Supervisor finds in the finished shots: (rule, shot)."""
    shots = [
        shot.model_copy(
            update={
                "audio": shot.audio.model_copy(
                    update={"dialogue": place_speakers(shot.audio.dialogue, shot.technical_layer)}
                )
            }
        )
        for shot in complete(brief, directed, photographed)
    ]
    return {(f.code, f.shot_id) for f in inspect_scene(shots, brief, SETTINGS) if f.severity == "error"}


def any_picks(asked: Question[PhotographedScene], pick: random.Random) -> LookAnswer:
    desk: Desk = asked.take.__self__  # type: ignore[attr-defined]
    shots = [PickAnswer(shot=i + 1, pick="abcd"[pick.randrange(len(o))]) for i, o in desk.offers.items()]
    return LookAnswer(shots=shots, light=pick.choice("abc"[: max(1, len(desk.keys))]))


NUMBERS = st.one_of(st.integers(-3, 20), st.integers(1, 12), st.sampled_from([0, 10**12, -(10**9)]))
LETTERS = st.one_of(st.sampled_from("abcdABCDz"), st.sampled_from(["", "b)", "b: close-up", "(c)", "2", "none", "é"]))
WHYS = st.one_of(
    st.sampled_from(["", "he is alone with it now", "shot 4 b", "</script>", "{\"a\":1}", "​", "a" * 400]),
    st.text(max_size=30),
)  # fmt: skip
ANSWERS = st.builds(
    LookAnswer,
    shots=st.lists(st.builds(PickAnswer, shot=NUMBERS, pick=LETTERS, why=WHYS), max_size=14),
    light=LETTERS,
    light_why=WHYS,
)


@settings(max_examples=300, deadline=None)
@given(at=st.integers(0, len(scenes()) - 1), said=ANSWERS, share=st.integers(0, 3))
def test_any_answer_leaves_a_legal_scene(at: int, said: LookAnswer, share: int) -> None:
    brief, directed, standing, asked = scenes()[at]
    open_keys = frozenset(k for n, k in enumerate(asked.keys) if n % 4 != share)
    taken = asked.take(standing, said, open_keys, "m-1")
    assert check_photography(brief, directed, taken.value) == ()
    assert [s.shot_id for s in taken.value.shots] == [s.shot_id for s in standing.shots]
    assert PhotographedScene.model_validate_json(taken.value.model_dump_json()) == taken.value
    assert taken.refused.keys() <= open_keys
    assert taken.changed <= open_keys - taken.refused.keys()
    heads = {n for n, s in enumerate(directed.shots) if s.continues_shot_id is None}
    for n, (one, two) in enumerate(zip(standing.shots, taken.value.shots, strict=True)):
        if n in heads and f"shot {n + 1}" not in taken.changed:
            assert (one.technical.camera, one.setup_id) == (two.technical.camera, two.setup_id)
    refinement = Refinement(
        agent="cinematographer", task=asked.task, asked=asked.keys, fallen=taken.refused, pending="it rains"
    )
    marked = asked.mark(taken.value, refinement)
    assert [s.technical for s in marked.shots] == [s.technical for s in taken.value.shots]


@pytest.mark.parametrize("seed", range(48))
def test_any_picks_break_no_rule_that_the_draft_keeps(seed: int) -> None:
    brief, directed = invent(seed)
    standing = photograph_scene(brief, directed, SETTINGS)
    asked = ask(brief, directed, SETTINGS, standing)
    if asked is None:
        return
    before = broken(brief, directed, standing)
    for n in range(3):
        said = any_picks(asked, random.Random(3 * seed + n))
        taken = asked.take(standing, said, frozenset(asked.keys), "m-1")
        assert broken(brief, directed, taken.value) <= before


@cache
def feature(path: Path) -> tuple[tuple[SceneBrief, DirectedScene], ...]:
    screenplay = read(path).screenplay
    cast = meet_cast(screenplay)
    readings = tuple(read_scene(scene, relevant_cast(scene, cast)) for scene in screenplay.scenes)
    briefs = brief_scenes(weave(screenplay, cast, readings, SETTINGS), SETTINGS)
    return tuple((brief, direct_scene(brief, SETTINGS)) for brief in briefs)


def test_a_feature_is_asked_about_in_few_words_and_any_picks_cut(
    shared_screenplay: Callable[[str], Path],
) -> None:
    shots = offered = tokens = picked = refused = 0
    fixed = len(prompt()) + len(answer_schema(LookAnswer))
    for n, (brief, directed) in enumerate(feature(shared_screenplay(FEATURE))):
        if not directed.shots:
            continue
        standing = photograph_scene(brief, directed, SETTINGS)
        asked = ask(brief, directed, SETTINGS, standing)
        shots += len(directed.shots)
        if asked is None:
            continue
        own = (fixed + len(asked.body)) // 4
        tokens += own
        assert own <= max(1200, 160 * len(directed.shots)), brief.scene.slugline.raw
        offered += sum(k != "light" for k in asked.keys)
        said = any_picks(asked, random.Random(n))
        taken = asked.take(standing, said, frozenset(asked.keys), "m-1")
        picked += sum(p.pick != "a" for p in said.shots)
        refused += sum(k != "light" for k in taken.refused)
        if n % 4 == 0:
            assert broken(brief, directed, taken.value) <= broken(brief, directed, standing)
    assert tokens / shots <= 120
    assert offered / shots >= 0.75
    assert refused / picked <= 0.1


def test_the_instructions_are_short() -> None:
    assert len(prompt()) <= 1350


TWO = """
INT. KITCHEN - NIGHT

ANNA lights the lamp. BEN covers the window with his coat.

ANNA
Did they follow you?

BEN
No. Two men at the bridge, and one of them knew my name.

Anna sits down.

EXT. BRIDGE - DAY

Two men wait. {action}

BEN
Good morning.
"""


def test_an_edit_in_another_scene_leaves_the_question_as_it_was(tmp_path: Path) -> None:
    asked = []
    for action in ("One of them smokes.", "One of them smokes and throws stones at the ducks."):
        path = tmp_path / "two.fountain"
        path.write_text(TWO.format(action=action), encoding="utf-8")
        brief, directed = feature.__wrapped__(path)[0]
        question = ask(brief, directed, SETTINGS, photograph_scene(brief, directed, SETTINGS))
        assert question is not None
        asked.append(question.body)
    assert asked[0] == asked[1]
