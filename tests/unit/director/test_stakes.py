"""Purposes under a weak feeling rest on facts of the scene, and talk is told with what is known of it."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from tests.unit.director.scenes import brief_of

from shotwright.crew.director import direct_scene
from shotwright.model.crew import FilmSettings

if TYPE_CHECKING:
    from shotwright.model.story import SceneBrief

CALM = "\n".join(
    f"{'ANNA' if n % 2 else 'BERT'}: The ferry number {n} was never on the list that they gave us." for n in range(12)
)


def purposes_of(brief: SceneBrief) -> list[str]:
    return [s.narrative.shot_purpose for s in direct_scene(brief, FilmSettings()).shots]


def with_goal(brief: SceneBrief, goal: str) -> SceneBrief:
    return brief.model_copy(update={"scene": brief.scene.model_copy(update={"goal": goal})})


def test_a_calm_shot_has_no_mood_for_a_tail() -> None:
    mood = re.compile(r"own pace|without fuss|nothing presses|more than it seems|take stock|worth remembering")
    assert not any(mood.search(p) for p in purposes_of(brief_of(CALM)))


def test_no_tail_comes_twice_in_a_scene() -> None:
    tails = Counter(m[1] for p in purposes_of(brief_of(CALM)) if (m := re.search(r"(?:; |, and )([^“”;,]+)\.$", p)))
    assert all(count == 1 for count in tails.values()), tails


def test_before_the_scene_s_question_its_asking_is_what_we_wait_for() -> None:
    script = f"{CALM}\nANNA: Who signed the list?\nBERT: I did not read the name on it."
    goal = 'Have Anna ask Bert, "Who signed the list?", and get an answer.'
    asked = re.compile(
        r"still to be asked|has not asked|not out yet|keeps the question|has to ask|step from asking|come to"
    )
    before = purposes_of(with_goal(brief_of(script), goal))
    assert any(asked.search(p) for p in before), before
    assert not any(asked.search(p) for p in purposes_of(brief_of(script)))


def test_a_long_tale_is_not_told_the_same_way_over_and_over() -> None:
    tale = "ANNA: " + " ".join(f"Then the water rose over step {n} and we carried the beds up." for n in range(30))
    openings = Counter(
        " ".join(re.sub(r"“.*?”", "“”", p).split()[:4]) for p in purposes_of(brief_of(tale, {"BERT": "Bert"}))
    )
    assert max(openings.values()) <= max(2, sum(openings.values()) // 4), openings


def test_mugs_on_the_table_are_remembered_when_people_talk_over_them() -> None:
    script = f"Anna sets down two mugs. Bert pulls up a chair and sits on it, and waits for her to sit as well.\n{CALM}"
    told = [s.narrative.action_description for s in direct_scene(brief_of(script), FilmSettings()).shots]
    assert sum(t.startswith("Over the mugs, ") for t in told) == 1
