"""Doubtful castings put to a model: what is in doubt, which picks are taken, and what else they change."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shotwright.crew.art_director import cast_film
from shotwright.crew.art_director.doubts import Pick, Picks
from shotwright.crew.art_director.recasting import settle_casting
from shotwright.crew.art_director.refine import ask_casting
from shotwright.model.asset import Asset
from shotwright.model.ids import entity_id
from shotwright.model.language import Refinement
from shotwright.model.story import Character, Location, Story, Thing

if TYPE_CHECKING:
    from shotwright.model.crew import Casting
    from shotwright.model.question import Question

LIBRARY = tuple(
    Asset.model_validate(entry)
    for entry in (
        {"key": "char_abe_stone_v01", "kind": "character", "name": "Abe Stone", "description": "A ferryman near sixty.",
         "personality": ["slow", "kind"], "looks": [{"clothes": ["cloth_oilskin_v01"]}]},
        {"key": "char_june_stone_v01", "kind": "character", "name": "June Stone", "description": "Nine, and barefoot."},
        {"key": "cloth_oilskin_v01", "kind": "clothes", "name": "Oilskin", "belongs_to": "Abe Stone"},
        {"key": "obj_red_lantern_v01", "kind": "object", "name": "Red lantern"},
        {"key": "obj_storm_lantern_v01", "kind": "object", "name": "Storm lantern", "description": "Brass, smoky."},
        {"key": "obj_rope_v01", "kind": "object", "name": "Rope"},
        {"key": "loc_old_jetty_v01", "kind": "location", "name": "Old jetty", "description": "Rotten piles in mud."},
    )
)  # fmt: skip
STORY = Story(
    characters=(
        Character(id=entity_id("character", "Walter Stone"), name="Walter Stone", role="lead", gender="male",
                  description="sixty, ferries people over"),
        Character(id=entity_id("character", "Mary Stone"), name="Mary Stone", description="his sister"),
    ),
    locations=(Location(id=entity_id("location", "Jetty"), name="Jetty", int_ext=("EXT",)),),
    things=(
        Thing(id=entity_id("prop", "tin lantern"), kind="prop", name="tin lantern"),
        Thing(id=entity_id("prop", "rope"), kind="prop", name="rope"),
    ),
)  # fmt: skip


@cache
def draft() -> tuple[Casting, ...]:
    return cast_film(STORY, LIBRARY)


@cache
def questions() -> tuple[Question[tuple[Casting, ...]], ...]:
    return ask_casting(STORY, draft(), LIBRARY, "Film: Ferry")


def number(of: str) -> tuple[Question[tuple[Casting, ...]], int]:
    for asked in questions():
        for line in asked.body.splitlines():
            if line[:1].isdigit() and line.split(" ", 1)[1].startswith(of):
                return asked, int(line.split()[0])
    raise AssertionError(f"{of} is asked nowhere: {[q.body for q in questions()]}")


def pick(of: str, what: str, why: str = "") -> tuple[dict[str, Casting], dict[str, str]]:
    asked, n = number(of)
    letter = what
    if what != "none":
        block = asked.body.splitlines()
        at = next(i for i, line in enumerate(block) if line.startswith(f"{n} "))
        letter = next(line.split()[0] for line in block[at + 1 :] if line.split(" ", 2)[2].startswith(what))
    taken = asked.take(draft(), Picks(picks=[Pick(n=n, pick=letter, why=why)]), frozenset((f"need {n}",)), "m-1")
    assert [e.entity for e in taken.value] == [e.entity for e in draft()]
    return {str(e.entity): e for e in taken.value}, taken.refused


def test_only_what_is_in_doubt_is_asked() -> None:
    bodies = "\n".join(q.body for q in questions())
    assert "Walter Stone (male person): sixty, ferries people over" in bodies
    assert " Abe Stone: A ferryman near sixty.; slow, kind" in bodies
    assert "tin lantern (prop)" in bodies
    assert "Jetty (place)" in bodies
    assert "rope" not in bodies.casefold(), "it was found by its very name"
    assert ask_casting(STORY, cast_film(STORY, ()), ()) == ()
    sure = Story(things=STORY.things[1:])
    assert ask_casting(sure, cast_film(sure, LIBRARY), LIBRARY) == ()


def test_the_draft_in_answer_form_changes_nothing() -> None:
    for asked in questions():
        taken = asked.take(draft(), asked.drafted, frozenset(asked.keys), "m-1")
        assert taken.value == draft()
        assert (taken.refused, taken.changed) == ({}, frozenset())


def test_a_pick_casts_the_asset_and_says_who_chose_it() -> None:
    cast, refused = pick("tin lantern", "Storm lantern", "the only one with smoke on it")
    entry = cast["prop/tin_lantern"]
    assert (entry.key, entry.kind, refused) == ("obj_storm_lantern_v01", "object", {})
    assert entry.because == "the only one with smoke on it; chosen by m-1"
    assert entry.proposed_key == ""


def test_none_keeps_it_wanted() -> None:
    cast, refused = pick("tin lantern", "none")
    assert cast["prop/tin_lantern"] == next(e for e in draft() if e.entity == "prop/tin_lantern")
    assert refused == {}


def test_none_for_what_was_found_puts_it_on_the_list_under_a_free_key() -> None:
    thing = Thing(id=entity_id("prop", "brass lantern"), kind="prop", name="brass lantern")
    story = Story(things=(thing,))
    library = (Asset.model_validate({"key": "obj_lantern_v01", "kind": "object", "name": "Lantern"}),)
    found = cast_film(story, library)
    assert found[0].key == "obj_lantern_v01"
    (asked,) = ask_casting(story, found, library)
    taken = asked.take(found, Picks(picks=[Pick(n=1, pick="None", why="a brass one")]), frozenset(asked.keys), "m-1")
    assert (taken.value[0].key, taken.value[0].proposed_key) == (None, "obj_brass_lantern_v01")
    assert taken.changed == {"need 1"}


def test_one_face_is_one_person() -> None:
    asked, walter = number("Walter Stone (")
    _, mary = number("Mary Stone (")
    both = Picks(picks=[Pick(n=walter, pick="a"), Pick(n=mary, pick="a")])
    taken = asked.take(draft(), both, frozenset((f"need {walter}", f"need {mary}")), "m-1")
    keys = [e.key for e in taken.value if e.kind == "character" and e.key]
    assert len(keys) == len(set(keys)) == 1
    assert len(taken.refused) == 1
    assert "already somebody else" in next(iter(taken.refused.values()))


@pytest.mark.parametrize("letter", ["z", "", "Storm lantern!", "7", "ab"])
def test_a_letter_that_was_not_offered_is_refused_and_the_draft_stands(letter: str) -> None:
    asked, n = number("tin lantern")
    taken = asked.take(draft(), Picks(picks=[Pick(n=n, pick=letter)]), frozenset((f"need {n}",)), "m-1")
    assert taken.value == draft()
    assert "or none" in taken.refused[f"need {n}"]
    assert set(asked.take(draft(), Picks(), frozenset(asked.keys), "m-1").refused) == set(asked.keys)


def test_whoever_gets_a_new_face_gets_its_clothes() -> None:
    cast, _ = pick("Walter Stone (", "Abe Stone")
    settled = {str(e.entity): e for e in settle_casting(STORY, draft(), tuple(cast.values()), LIBRARY)}
    assert settled["character/walter_stone"].key == "char_abe_stone_v01"
    assert settled["clothes/walter_stone.oilskin"].key == "cloth_oilskin_v01"
    assert "clothes/walter_stone.costume" not in settled
    assert settle_casting(STORY, draft(), draft(), LIBRARY) == draft()


def test_two_groups_cannot_give_one_face_to_two_people() -> None:
    face = next(a for a in LIBRARY if a.key == "char_abe_stone_v01")
    both = tuple(
        e.model_copy(update={"key": face.key, "proposed_key": ""}) if e.kind == "character" else e for e in draft()
    )
    settled = settle_casting(STORY, draft(), both, LIBRARY)
    assert [e.key for e in settled if e.kind == "character"].count(face.key) == 1


def test_a_note_says_which_castings_fell_back() -> None:
    asked, n = number("tin lantern")
    record = Refinement(
        agent="art_director", task=asked.task, mind="m-1", fallen={f"need {n}": "pick one of a, b or none"}
    )
    marked = {e.entity: e for e in asked.mark(draft(), record)}
    told = [e for e, entry in marked.items() if "answer was refused" in entry.because]
    assert told == ["prop/tin_lantern"]
    waiting = asked.mark(draft(), Refinement(agent="art_director", task=asked.task, pending="the service is down"))
    assert any(e.because.endswith("; not refined yet: the service is down") for e in waiting)


def test_a_need_less_moves_only_the_groups_beside_it() -> None:
    things = tuple(Thing(id=entity_id("prop", f"{n} lantern"), kind="prop", name=f"{n} lantern") for n in NAMES)
    story = Story(things=things)
    before = [q.body for q in ask_casting(story, cast_film(story, LIBRARY), LIBRARY)]
    fewer = Story(things=things[:33] + things[34:])
    after = [q.body for q in ask_casting(fewer, cast_film(fewer, LIBRARY), LIBRARY)]
    assert len(before) > 4
    assert 1 <= len(set(before) - set(after)) <= 2
    assert all(body.count("\n a ") <= 40 for body in before)


NAMES = [f"{a}{b}{c}ish" for a in "bdgkl" for b in "aeiou" for c in "mnrst"]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.builds(
            Pick,
            n=st.integers(-1, 9),
            pick=st.one_of(st.sampled_from(["a", "b", "c", "none", "A."]), st.text(max_size=5)),
            why=st.text(max_size=40),
        ),
        max_size=12,
    )
)
def test_whatever_is_picked_the_casting_is_whole(picks: list[Pick]) -> None:
    kinds = {asset.key: asset.kind for asset in LIBRARY}
    for asked in questions():
        taken = asked.take(draft(), Picks(picks=picks), frozenset(asked.keys), "m-1")
        assert [e.entity for e in taken.value] == [e.entity for e in draft()]
        for entry in taken.value:
            assert (entry.key is None) == bool(entry.proposed_key)
            assert entry.key is None or kinds[entry.key] == entry.kind
        faces = [e.key for e in taken.value if e.key and e.kind == "character"]
        assert len(faces) == len(set(faces))
