"""The Architect's one question about the film as a whole, and what becomes of any answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.architect.readings import EXAMPLE, SETTINGS, example, scene_of, told

from shotwright.craft.answers import answer_schema
from shotwright.crew.architect import brief_scenes, check
from shotwright.crew.architect.reading_film import (
    LISTS,
    STRUCTURE,
    BondEntry,
    FilmAnswer,
    PayoffEntry,
    PointEntry,
    RoleEntry,
)
from shotwright.crew.architect.refine import ask_film, draft_film, draft_window, retell, windows
from shotwright.model.language import Refinement
from shotwright.screenplay import read_string

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from shotwright.crew.architect.reading_film import FilmReading
    from shotwright.model.question import Question, Taken
    from shotwright.model.story import Story

MIND = "reader-1"


def asked(story: Story) -> tuple[Question[FilmReading], FilmReading]:
    question = ask_film(story, tuple(draft_window(story, window) for window in windows(story)), "")
    assert question is not None
    return question, draft_film(story)


def taken(*keys: str, **answer: Any) -> tuple[Taken[FilmReading], FilmReading]:
    question, draft = asked(example()[1])
    return question.take(draft, FilmAnswer(**answer), frozenset(keys), MIND), draft


def point(reading: FilmReading, kind: str) -> Any:
    return next(p for p in reading.points if p.kind == kind)


def structure(*scenes: int) -> tuple[PointEntry, ...]:
    return tuple(
        PointEntry(kind=kind, scene=scene, words=f"Della learns what {scene} tickets mean to her.")
        for kind, scene in zip(STRUCTURE, scenes, strict=True)
    )


def person(name: str) -> int:
    listed = asked(example()[1])[0].body.partition("\n")[0].removeprefix("People: ").split(", ")
    return next(int(text.split(" ")[0]) for text in listed if f" {name} (" in text)


def thing(name: str) -> int:
    listed = asked(example()[1])[0].body.split("\n")[1].removeprefix("Things: ").split(", ")
    return next(int(text.partition(" ")[0]) for text in listed if text.partition(" ")[2] == name)


# what is asked


def test_each_scene_is_one_line_and_the_draft_is_accepted_unchanged() -> None:
    story = example()[1]
    question, draft = asked(story)
    lines = question.body.partition("<script>\n")[2].removesuffix("\n</script>").split("\n")
    assert [int(line.partition(" ")[0]) for line in lines] == list(range(1, len(story.scenes) + 1))
    found = question.take(draft, question.drafted, frozenset(STRUCTURE), MIND)
    assert found.value == draft
    assert not found.refused
    rest = question.take(draft, question.drafted, frozenset(LISTS), MIND)
    assert rest.value == draft
    assert not rest.refused


def test_a_film_of_three_scenes_is_not_asked_about() -> None:
    story = told("INT. A - DAY\n\nAda waits.\n\nINT. B - DAY\n\nAda runs.\n\nINT. C - DAY\n\nAda sleeps.\n")[1]
    assert ask_film(story, (), "") is None


def test_the_body_of_a_very_long_film_is_bounded() -> None:
    text = "\n\n".join(f"INT. ROOM {i} - DAY\n\nAda walks into room number {i} and looks for Bo." for i in range(900))
    question, _ = asked(told(text)[1])
    assert len(question.body) < 36_000
    assert " quiet\n" in question.body


def test_the_request_stays_within_its_budget_on_a_feature(shared_screenplay: Callable[[str], Path]) -> None:
    story = told(shared_screenplay("big_fish_nyousefi.fountain").read_text(encoding="utf-8"))[1]
    question, draft = asked(story)
    assert (len(question.body) + len(question.instructions) + len(answer_schema(question.answer))) / 4 <= 8000
    assert question.take(draft, question.drafted, frozenset(question.keys), MIND).value == draft


# points


def test_the_films_points_are_where_the_reader_says() -> None:
    found, _ = taken(*STRUCTURE, points=structure(2, 6, 9, 13, 17, 19))
    assert not found.refused
    scenes = [scene.scene_id for scene in example()[1].scenes]
    for kind, n in zip(STRUCTURE, (2, 6, 9, 13, 17, 19), strict=True):
        assert point(found.value, kind).scene == scenes[n - 1]
        assert point(found.value, kind).id == f"plot_point/{kind}"
        assert point(found.value, kind).evidence.mind == MIND


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (PointEntry(kind="climax", scene=0, words="Della opens the last ticket."), "no such scene"),
        (PointEntry(kind="climax", scene=10**50, words="Della opens the last ticket."), "no such scene"),
        (PointEntry(kind="climax", scene=2, words="Della opens the last ticket."), "into the film"),
        (PointEntry(kind="climax", scene=17, words=""), "empty"),
        (PointEntry(kind="climax", scene=17, words="the question is answered"), "repeats the instructions"),
        (PointEntry(kind="climax", scene=17, words="The story reaches its highest point here."), "speaks of the film"),
        (
            PointEntry(kind="climax", scene=17, words="Della folds her crust in half and puts it down."),
            "copies the script",
        ),
        (PointEntry(kind="midpoint", scene=9, words="The stakes change for Della here."), "no scene is named"),
    ],
)
def test_a_bad_point_is_refused_and_the_rules_point_stands(entry: PointEntry, why: str) -> None:
    found, draft = taken("climax", points=(entry,))
    assert why in found.refused["climax"]
    assert found.value == draft


def test_points_out_of_order_go_back_to_what_stood() -> None:
    found, draft = taken(*STRUCTURE, points=structure(2, 9, 7, 13, 17, 19))
    assert any("order" in why for why in found.refused.values())
    order = {scene.scene_id: i for i, scene in enumerate(example()[1].scenes)}
    places = [order[point(found.value, kind).scene] for kind in STRUCTURE]
    assert places == sorted(places)
    assert point(found.value, "climax") != point(draft, "climax")


def test_turns_replace_the_rules_and_two_in_one_tenth_have_names_of_their_own() -> None:
    told_turns = tuple(PointEntry(kind="turn", scene=n, words=f"Joss gives way the {n}th time.") for n in (4, 3, 4, 12))
    found, _ = taken("turns", points=told_turns)
    turns = [p for p in found.value.points if p.kind == "turn"]
    assert [p.id for p in turns] == ["plot_point/turn.2", "plot_point/turn.2.2", "plot_point/turn.7"]
    assert "turns" in taken("turns", points=(PointEntry(kind="turn", scene=99, words="Joss gives way."),))[0].refused


# payoffs, bonds, roles, question


def test_a_payoff_is_an_introduction_and_its_answer() -> None:
    entry = PayoffEntry(plant=4, pay=17, thing=thing("ticket"), words="the eleven tickets in the jar")
    found, _ = taken("payoffs", payoffs=(entry, PayoffEntry(plant=5, pay=17, words="Gwen's twelfth bird")))
    pairs = [p for p in found.value.points if p.kind in ("introduction", "payoff")]
    assert [p.id for p in pairs] == [
        "plot_point/plants.ticket", "plot_point/pays.ticket",
        "plot_point/plants.gwens_twelfth_bird", "plot_point/pays.gwens_twelfth_bird",
    ]  # fmt: skip
    assert pairs[0].about == "prop/ticket"
    assert pairs[1].pays_off == pairs[0].id
    assert pairs[2].about is None


@pytest.mark.parametrize(
    "entry",
    [
        PayoffEntry(plant=4, pay=4, words="the jar"), PayoffEntry(plant=9, pay=4, words="the jar"),
        PayoffEntry(plant=0, pay=4, words="the jar"), PayoffEntry(plant=1, pay=400, words="the jar"),
        PayoffEntry(plant=1, pay=4, thing=99, words="the jar"), PayoffEntry(plant=1, pay=2, thing=9, words="the bus"),
        PayoffEntry(plant=1, pay=4, words=""),
    ],
)  # fmt: skip
def test_a_bad_payoff_is_refused(entry: PayoffEntry) -> None:
    found, draft = taken("payoffs", payoffs=(entry,))
    assert found.refused["payoffs"]
    assert found.value == draft


def test_bonds_are_between_two_people_and_told_to_their_scenes_alone() -> None:
    della, joss = person("Della"), person("Joss")
    entries = (
        BondEntry(a=della, b=della, bond="siblings", state="strained", words="one person"),
        BondEntry(a=joss, b=della, bond="siblings", state="strained", words="siblings who blame each other"),
        BondEntry(a=della, b=joss, bond="enemies", state="close", words="the second time"),
        BondEntry(a=della, b=99, bond="enemies", state="close", words="nobody"),
    )
    found, _ = taken("bonds", bonds=entries)
    assert [(r.bond, r.words) for r in found.value.relations] == [("siblings", "siblings who blame each other")]
    story = retell(example()[1], (), found.value, SETTINGS)
    bond = found.value.relations[0]
    for brief in brief_scenes(story, SETTINGS):
        here = {presence.character for presence in brief.scene.presences}
        told_here = [(r.a, r.b, r.words, r.evidence.mind) for r in brief.relations]
        assert told_here == ([(bond.a, bond.b, "siblings, strained", MIND)] if {bond.a, bond.b} <= here else [])
    assert "bonds" in taken("bonds", bonds=entries[:1])[0].refused


def test_a_role_changes_who_is_introduced_and_a_bird_leads_no_film() -> None:
    story = example()[1]
    who = next(c for c in story.characters if c.name == "Salter")
    assert who.role in ("lead", "supporting")
    found, _ = taken("roles", roles=(RoleEntry(person=person("Salter"), role="minor"),))
    again = retell(story, (), found.value, SETTINGS)
    assert next(c for c in again.characters if c.id == who.id).role == "minor"
    assert not any(p.about == who.id for p in again.plot_points)
    assert "introduce Salter" not in scene_of(again, "PIGEON LOFT - DAY").goal
    bird = next(c for c in story.characters if c.name == "Duchess")
    if bird.kind == "animal":
        refused = taken("roles", roles=(RoleEntry(person=person("Duchess"), role="lead"),))[0].refused
        assert "roles" in refused


def test_the_question_of_the_film_is_one_good_sentence() -> None:
    found, _ = taken("question", question="Will Della find out why Gwen never sent the twelfth bird?")
    assert found.value.question == "Will Della find out why Gwen never sent the twelfth bird?"
    assert taken("question", question="")[0].refused == {}
    assert "question" in taken("question", question="<b>Who?</b> What is it")[0].refused


# what reaches the scenes


def test_an_answer_that_moves_one_point_reaches_the_two_scenes_concerned_alone() -> None:
    story = example()[1]
    one = taken(*STRUCTURE, points=structure(2, 6, 9, 13, 17, 19))[0].value
    two = taken(*STRUCTURE, points=structure(2, 6, 9, 14, 17, 19))[0].value
    briefs = [brief_scenes(retell(story, (), film, SETTINGS), SETTINGS) for film in (one, two)]
    changed = [i for i, (a, b) in enumerate(zip(*briefs, strict=True), 1) if a != b]
    assert changed == [13, 14]


def test_an_edited_line_changes_the_body_and_may_change_nothing_else() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    edited = told(text.replace("Dad looks at the sky over it.", "Dad looks over it."), read_string(text).id_table)[1]
    assert [scene.scene_id for scene in edited.scenes] == [scene.scene_id for scene in example()[1].scenes]
    answer = FilmAnswer(points=structure(2, 6, 9, 13, 17, 19))
    films = []
    for story in (example()[1], edited):
        question, draft = asked(story)
        films.append(question.take(draft, answer, frozenset(STRUCTURE), MIND).value)
    assert [point(films[0], kind) for kind in STRUCTURE] == [point(films[1], kind) for kind in STRUCTURE]


def test_what_fell_is_said_in_the_reason_of_the_point() -> None:
    question, draft = asked(example()[1])
    record = Refinement(agent="architect", task="architect.film", asked=question.keys, mind=MIND)
    fallen = question.mark(draft, record.model_copy(update={"fallen": {"climax": "no scene is named for it"}}))
    assert point(fallen, "climax").evidence.because.endswith(
        "; reader-1's answer was refused: no scene is named for it"
    )
    assert point(fallen, "midpoint") == point(draft, "midpoint")
    assert question.mark(draft, record) == draft


# any answer

_n = st.one_of(st.integers(-2, 24), st.sampled_from((10**9, -(10**40))))
_words = st.one_of(
    st.sampled_from(("", "the eleven tickets", "Della learns what the tickets mean.", "<script>", "climax", "a" * 300)),
    st.text(max_size=30),
)
ANSWERS = st.builds(
    FilmAnswer,
    question=_words,
    points=st.lists(
        st.builds(PointEntry, kind=st.sampled_from((*STRUCTURE, "turn")), scene=_n, words=_words), max_size=16
    ).map(tuple),
    payoffs=st.lists(st.builds(PayoffEntry, plant=_n, pay=_n, thing=_n, words=_words), max_size=8).map(tuple),
    bonds=st.lists(
        st.builds(
            BondEntry, a=_n, b=_n, bond=st.sampled_from(("kin", "enemies")), state=st.just("close"), words=_words
        ),
        max_size=6,
    ).map(tuple),
    roles=st.lists(
        st.builds(RoleEntry, person=_n, role=st.sampled_from(("lead", "supporting", "minor", "background"))), max_size=9
    ).map(tuple),
)


@settings(max_examples=300, deadline=None)
@given(answer=ANSWERS, keys=st.sets(st.sampled_from((*STRUCTURE, *LISTS))))
def test_whatever_a_model_answers_the_story_told_again_is_sound(answer: FilmAnswer, keys: set[str]) -> None:
    screenplay, story = example()
    question, draft = asked(story)
    found = question.take(draft, answer, frozenset(keys), MIND)
    assert set(found.refused) <= keys
    again = retell(story, (), found.value, SETTINGS)
    assert check(again, screenplay) == ()
    assert [s.units for s in again.scenes] == [s.units for s in story.scenes]
    assert len(again.scenes) == len(brief_scenes(again, SETTINGS))
