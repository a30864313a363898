"""The story told again with what a model read: what depends on a reading follows it, and nothing else moves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.unit.architect.readings import SETTINGS, asked, example, line_of, scene_of, window_with

from shotwright.adapters.story_store import SqliteStoryStore
from shotwright.crew.architect import brief_scenes, check
from shotwright.crew.architect.reading_window import (
    AlsoEntry,
    BeatEntry,
    PropEntry,
    SceneEntry,
    ToEntry,
    WindowAnswer,
)
from shotwright.crew.architect.refine import draft_film, draft_window, retell, windows
from shotwright.crew.architect.weave import HEIGHTS
from shotwright.model.ids import EntityId
from shotwright.model.story import PlotPoint, Relation
from shotwright.production.projection import brief_from_answer, project_story, scene_node

if TYPE_CHECKING:
    from shotwright.crew.architect.refine import WindowReading
    from shotwright.model.story import Story

KITCHEN = "KITCHEN - MORNING"
MIND = "reader-1"


def reading(slug: str, **lists: Any) -> WindowReading:
    """The window's reading when a model answers only this about the scene; every list without its scene numbers."""
    story = example()[1]
    window, n = window_with(story, slug)
    question, draft = asked(story, window)
    kinds: dict[str, Any] = {
        "scenes": SceneEntry,
        "beats": BeatEntry,
        "to": ToEntry,
        "props": PropEntry,
        "also": AlsoEntry,
    }
    answer = WindowAnswer(**{k: tuple(kinds[k](scene=n, **e) for e in entries) for k, entries in lists.items()})
    value: WindowReading = question.take(
        draft, answer, frozenset(k for k in question.keys if k.startswith(f"scene {n} ")), MIND
    ).value
    return value


def retold(slug: str, **lists: Any) -> Story:
    again = retell(example()[1], (reading(slug, **lists),), None, SETTINGS)
    assert check(again, example()[0]) == ()
    return again


def test_readings_that_agree_with_the_rules_leave_every_byte() -> None:
    story = example()[1]
    drafts = tuple(draft_window(story, window) for window in windows(story))
    assert retell(story, drafts, draft_film(story), SETTINGS).model_dump_json() == story.model_dump_json()
    assert retell(story, (), None, SETTINGS).model_dump_json() == story.model_dump_json()


def test_a_reading_of_one_scene_changes_that_scene_alone() -> None:
    story = example()[1]
    again = retold(KITCHEN, scenes=[{"goal": "Make Della fight for what Joss has already sold."}])
    changed = [new for new, old in zip(again.scenes, story.scenes, strict=True) if new != old]
    assert [scene.scene_id for scene in changed] == [scene_of(story, KITCHEN).scene_id]
    assert changed[0].goal == "Make Della fight for what Joss has already sold."
    assert changed[0].worded_by == MIND
    same = {"scenes", "plot_points"}
    assert again.model_dump(exclude=same) == story.model_dump(exclude=same)


def test_people_feel_the_beats_as_read_and_the_next_scene_hears_of_the_last() -> None:
    story = example()[1]
    again = retold(KITCHEN, beats=[{"at": 1, "feel": "anger", "force": 9}, {"at": 16, "feel": "shock", "force": 14}])
    old, new = scene_of(story, KITCHEN), scene_of(again, KITCHEN)
    was = {p.character: p for p in old.presences}
    assert any(p.feels_to == "shock" for p in new.presences)
    for presence in new.presences:
        before = was[presence.character]
        for field in ("feels_from", "feels_to"):
            assert getattr(presence, field) in (getattr(before, field), "anger", "shock")
    at = [scene.scene_id for scene in again.scenes].index(new.scene_id)
    following = brief_scenes(again, SETTINGS)[at + 1].previous
    assert following is not None
    assert following.closing_beat == "shock"


def test_a_missed_prop_is_a_thing_of_its_line_and_its_scene() -> None:
    old = scene_of(example()[1], KITCHEN)
    line = line_of(old, "eats toast")
    again = retold(KITCHEN, scenes=[{}], props=[{"line": line, "words": "toast"}])
    scene = scene_of(again, KITCHEN)
    thing = next(t for t in again.things if t.id == "prop/toast")
    assert thing.evidence.mind == MIND
    assert thing.evidence.units == (old.units[line - 1].id,)
    assert scene.things == (*old.things, "prop/toast")
    note = next(note for note in scene.actions if note.unit == old.units[line - 1].id)
    assert note.things[-1] == "prop/toast"
    assert note.evidence.mind == MIND
    assert "prop/toast" in [t.id for b in brief_scenes(again, SETTINGS) for t in b.things]


def test_a_prop_that_the_film_knows_is_the_same_thing() -> None:
    known = next(t for t in example()[1].things if t.name == "ticket")
    line = line_of(scene_of(example()[1], "PIGEON LOFT - LATER"), "Printed:")
    scene = scene_of(example()[1], "PIGEON LOFT - LATER")
    assert known.id in scene.things
    again = retold("PIGEON LOFT - LATER", scenes=[{}], props=[{"line": line, "words": "laundry"}])
    assert [t.id for t in again.things][-1] == "prop/laundry"
    assert len(again.things) == len(example()[1].things) + 1


def test_a_speech_is_said_to_whom_the_reader_says() -> None:
    old = scene_of(example()[1], KITCHEN)
    line = line_of(old, "He counts.")
    again = retold(KITCHEN, scenes=[{}], to=[{"line": line, "person": 2}])
    note = next(note for note in scene_of(again, KITCHEN).speeches if note.unit == old.units[line - 1].id)
    assert note.addressees == (old.presences[1].character,)
    assert note.evidence.mind == MIND
    others = [n for n in scene_of(again, KITCHEN).speeches if n.unit != note.unit]
    assert others == [n for n in old.speeches if n.unit != note.unit]


def test_where_the_film_turns_a_feeling_is_raised_once() -> None:
    story = example()[1]
    high = next(p for p in story.plot_points if p.kind == "climax")
    scene = next(s for s in story.scenes if s.scene_id == high.scene)
    read_so = [{"at": 1, "feel": "joy", "force": 6}, {"at": 5, "feel": "awe", "force": 10}]
    again = retold(scene.slugline.raw, beats=read_so)
    assert [b.intensity for b in next(s for s in again.scenes if s.scene_id == high.scene).beats] == [0.3, 0.6]
    turning = {p.scene for p in story.plot_points if p.kind in HEIGHTS}
    low = next(
        s
        for s in story.scenes
        if s.scene_id not in turning and max(s.beats, key=lambda beat: beat.intensity).name != "calm"
    )
    again = retold(low.slugline.raw, beats=read_so)
    assert [b.intensity for b in next(s for s in again.scenes if s.scene_id == low.scene_id).beats] == [0.3, 0.5]
    film = draft_film(story)
    moved = tuple(
        p.model_copy(update={"scene": low.scene_id}) if p.kind == "climax" else p for p in film.points
    )  # fmt: skip
    again = retell(story, (), film.model_copy(update={"points": moved}), SETTINGS)
    top = max(b.intensity for b in low.beats)
    assert max(b.intensity for b in next(s for s in again.scenes if s.scene_id == low.scene_id).beats) == round(
        top + 0.1, 2
    )


def test_a_point_of_the_rules_says_what_its_scene_says_now() -> None:
    story = example()[1]
    kinds = ("inciting", "first_turn", "midpoint", "low_point", "climax", "resolution")
    high = next(p for p in story.plot_points if p.kind in kinds and p.kind != "resolution")
    scene = next(s for s in story.scenes if s.scene_id == high.scene)
    words = "Della finally understands what the counting at the window was for."
    again = retold(scene.slugline.raw, scenes=[{"synopsis": words}])
    assert next(p for p in again.plot_points if p.id == high.id).summary == words


def test_a_payoff_as_read_takes_the_place_of_the_rules_in_the_goals() -> None:
    story = example()[1]
    film = draft_film(story)
    thing = next(t.id for t in story.things if t.name == "ticket")
    plant, pay = scene_of(story, "PIGEON LOFT - LATER"), story.scenes[-1]
    start = EntityId("plot_point/plants.ticket")
    points = (
        PlotPoint(id=start, kind="introduction", scene=plant.scene_id, summary="Plants this.", about=thing),
        PlotPoint(
            id=EntityId("plot_point/pays.ticket"), kind="payoff", scene=pay.scene_id, summary="Pays this off.",
            about=thing, pays_off=start,
        ),
    )  # fmt: skip
    kept = tuple(p for p in film.points if p.kind not in ("introduction", "payoff"))
    again = retell(story, (), film.model_copy(update={"points": (*kept, *points)}), SETTINGS)
    assert again.scenes[-1].goal.endswith("pay off the ticket.")
    assert sum("pay off" in scene.goal for scene in again.scenes) == 1
    assert next(t for t in again.things if t.id == thing).hero
    assert check(again, example()[0]) == ()
    assert retell(story, (), film, SETTINGS) == story


def test_the_graph_says_which_edges_rest_on_a_model() -> None:
    story = example()[1]
    again = retold(KITCHEN, beats=[{"at": 1, "feel": "anger", "force": 9}, {"at": 9, "feel": "joy", "force": 5}])

    def minded(told: Story) -> list[str]:
        parts = project_story(told, brief_scenes(told, SETTINGS))
        return [edge.kind for _, _, edges in parts for edge in edges if "minds" in edge.data]

    assert minded(story) == []
    assert "has_emotional_beat" in minded(again)


def test_the_graph_gives_back_the_brief_with_all_that_was_read() -> None:
    story = example()[1]
    film = draft_film(story)
    bond = Relation(a=story.scenes[1].presences[0].character, b=story.scenes[1].presences[1].character, bond="siblings")
    read_so = reading(
        KITCHEN, scenes=[{"goal": "Make Della fight for the birds.", "subtext": "Neither can say sorry."}]
    )
    whole = film.model_copy(update={"relations": (bond,), "question": "Who waits for whom?"})
    again = retell(story, (read_so,), whole, SETTINGS)
    briefs = brief_scenes(again, SETTINGS)
    store = SqliteStoryStore(None)
    try:
        store.replace_all(project_story(again, briefs))
        for brief in briefs:
            assert brief_from_answer(store.run("scene_briefing", scene=scene_node(brief.scene.scene_id))) == brief
    finally:
        store.close()
    assert [r.words for r in briefs[1].relations] == ["siblings, close"]
    assert briefs[1].scene.subtext == "Neither can say sorry."
