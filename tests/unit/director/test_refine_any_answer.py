"""Whatever a model answers, the scene is complete and legal; and what is asked is short and of this scene alone."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.director.scenes import brief_of, car

from shotwright.craft.answers import answer_schema
from shotwright.crew.director.check import check_scene
from shotwright.crew.director.draft import direct_scene
from shotwright.crew.director.refine import ask
from shotwright.crew.director.taking import PlayAnswer, SceneAnswer, ShotAnswer
from shotwright.model.crew import FilmSettings
from shotwright.model.language import Refinement

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from shotwright.model.crew import DirectedScene
    from shotwright.model.question import Question
    from shotwright.model.story import SceneBrief

EDITED = FilmSettings(cut_style="edited")
LITERAL = FilmSettings()
TALK = """
> CLOSE ON a match.
It flares. ANNA lights the lamp and BEN covers the window with his coat.
ANNA: Did they follow you?
BEN: (whispering) No. Two men at the bridge, and one of them knew my name, my street, the school, the year I left it, \
what my mother called me, and how I take my coffee; so I said good evening and walked the other way.
ANNA: Good evening.
^BEN: Good evening.
SERIES OF SHOTS
Nobody moves. A dog barks.
CARL (O.S.): Open the door!
BEN: Don't --
ANNA: -- answer it.
> CUT TO:
"""


@cache
def scenes() -> tuple[tuple[SceneBrief, FilmSettings, DirectedScene, Question[DirectedScene]], ...]:
    briefs = (
        car(),
        brief_of(TALK, turn=6, known_place=False, things=("lamp", "coat")),
        brief_of("ANNA: No.\nBEN: No."),
    )
    found = []
    for brief in briefs:
        for style in (EDITED, LITERAL):
            draft = direct_scene(brief, style)
            asked = ask(brief, style, draft)
            assert asked is not None
            found.append((brief, style, draft, asked))
    return tuple(found)


NUMBERS = st.one_of(st.integers(-3, 40), st.integers(1, 26), st.sampled_from([0, 10**9, -(10**9)]))
WORDS = st.one_of(
    st.sampled_from([
        "", " ", "To show the action.", "Nadia hides what Theo knows.", "Anna would rather die than open the door.",
        "Theo is ashamed of the money.", "Nadia. Nadia. Nadia.", "leans in", "Theo: leans away; and says nothing",
        "keeps Ben behind her", "hides: everything; from: Theo", "“Get out,” she says", "Marcus was here",
        "The silence after the bark frightens Ben more than the bark.", "{\"shots\":[]}", "</script> cut all of it",
    ]),
    st.text(max_size=60),
)  # fmt: skip
PLAY = st.builds(
    PlayAnswer, who=st.one_of(st.sampled_from(["Nadia", "THEO", "anna", "Ben", "Mum", "dog", ""]), st.text(max_size=9)),
    does=WORDS, want=st.one_of(st.just(""), WORDS, st.just("to hide it")),
)  # fmt: skip
SHOT = st.builds(ShotAnswer, first=NUMBERS, last=NUMBERS, purpose=WORDS, play=st.lists(PLAY, max_size=4))
CHAIN = st.lists(st.tuples(st.integers(1, 4), WORDS, st.lists(PLAY, max_size=3)), max_size=16)


def chained(parts: list[tuple[int, str, list[PlayAnswer]]]) -> SceneAnswer:
    """A cut without gaps, as a model that can count would give it."""
    shots, at = [], 1
    for length, purpose, play in parts:
        shots.append(ShotAnswer(first=at, last=at + length - 1, purpose=purpose, play=play))
        at += length
    return SceneAnswer(shots=shots)


ANSWERS = st.one_of(st.builds(SceneAnswer, shots=st.lists(SHOT, max_size=30)), CHAIN.map(chained), CHAIN.map(chained))


@settings(max_examples=300, deadline=None)
@given(ANSWERS, ANSWERS, st.integers(0, 5), st.booleans())
def test_whatever_is_answered_the_scene_is_complete_and_legal(
    first: SceneAnswer, second: SceneAnswer, at: int, pending: bool
) -> None:
    brief, style, draft, asked = scenes()[at]
    taken = asked.take(draft, first, frozenset(asked.keys), "m-1")
    assert check_scene(brief, style, taken.value) == ()
    assert taken.refused.keys() <= set(asked.keys)
    again = asked.take(taken.value, second, frozenset(taken.refused), "m-1")
    assert check_scene(brief, style, again.value) == ()
    assert again.refused.keys() <= taken.refused.keys()
    purposes = [s.narrative.shot_purpose for s in again.value.shots]
    assert len(set(purposes)) == len(purposes)
    record = Refinement(
        agent="director", task=asked.task, asked=asked.keys, fallen={} if pending else again.refused, mind="m-1",
        pending="no network" if pending else "",
    )  # fmt: skip
    marked = asked.mark(again.value, record)
    assert [s.narrative for s in marked.shots] == [s.narrative for s in again.value.shots]
    assert all((s.mind == "m-1") >= (s.narrative.shot_purpose in OWN) for s in marked.shots)


OWN = {"Nadia hides what Theo knows.", "Theo is ashamed of the money.", "Anna would rather die than open the door."}


def test_an_answer_of_another_kind_changes_nothing() -> None:
    brief, _, draft, asked = scenes()[0]
    taken = asked.take(draft, None, frozenset(asked.keys), "m-1")
    assert taken.value == draft
    assert taken.refused.keys() == set(asked.keys)
    assert brief.scene.units


def test_the_prompt_is_short_and_its_example_is_of_another_film() -> None:
    asked = scenes()[0][3]
    assert len(asked.instructions) <= 1350
    assert "Nadia" not in asked.instructions


def test_a_feature_is_asked_about_in_few_words(shared_screenplay: Callable[[str], Path]) -> None:
    from shotwright.crew.architect import brief_scenes, meet_cast, read_scene, weave
    from shotwright.screenplay import read

    screenplay = read(shared_screenplay("big_fish_nyousefi.fountain")).screenplay
    cast = meet_cast(screenplay)
    story = weave(screenplay, cast, tuple(read_scene(x, cast) for x in screenplay.scenes), EDITED)
    tokens = shots = 0.0
    for brief in brief_scenes(story, EDITED):
        draft = direct_scene(brief, EDITED)
        shots += len(draft.shots)
        asked = ask(brief, EDITED, draft)
        assert asked is not None
        whole = len(asked.instructions) + len(asked.body) + len(answer_schema(asked.answer))
        tokens += whole / 4
        assert whole / 4 <= max(1200, 160 * len(draft.shots))
        taken = asked.take(draft, asked.drafted, frozenset(asked.keys), "m-1")
        assert (taken.value, taken.refused, taken.changed) == (draft, {}, frozenset())
    assert tokens / shots <= 160


def test_a_line_edited_in_one_scene_leaves_the_question_about_another_as_it_was() -> None:
    from shotwright.crew.architect import brief_scenes, meet_cast, read_scene, weave
    from shotwright.screenplay import read_string

    bodies = []
    for line in ("I sold the boat.", "I sold the old boat."):
        hut = f"INT. HUT - NIGHT\n\nANNA mends a net.\n\nBEN\n{line}\n\n"
        pier = "EXT. PIER - DAY\n\nBEN coils a rope.\n\nANNA\nStay.\n"
        screenplay = read_string(hut + pier).screenplay
        cast = meet_cast(screenplay)
        story = weave(screenplay, cast, tuple(read_scene(x, cast) for x in screenplay.scenes), EDITED)
        asked = [ask(b, EDITED, direct_scene(b, EDITED)) for b in brief_scenes(story, EDITED)]
        bodies.append([q.body for q in asked if q is not None])
    assert bodies[0][0] != bodies[1][0]
    assert bodies[0][1] == bodies[1][1]
