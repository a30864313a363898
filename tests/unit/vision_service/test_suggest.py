"""Suggestions: no hard rule is ever broken, the beat's direction is followed, and all of it is explained."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.vision_service.pictures import flat

from shotwright.craft.geometry import on_plan, side_of_line
from shotwright.craft.idioms import idioms
from shotwright.model.shot import Camera, EmotionalBeat, Line, Subject
from shotwright.model.vision import (
    ImageRef,
    LibraryShot,
    PlannedShot,
    SceneSetting,
    ShotWish,
    SuggestContext,
    SuggestRequest,
)
from shotwright.model.vocabulary import SIZE_ORDER, BeatName
from shotwright.vision.library import ShotLibrary
from shotwright.vision.pictures import picture_of
from shotwright.vision.plain_engines import ColourAndContour
from shotwright.vision.suggest import CraftSuggester

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from shotwright.model.vision import Suggested

BEATS: tuple[BeatName, ...] = BeatName.__args__  # type: ignore[attr-defined]
A, B = "character/mara", "character/odell"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ShotLibrary]:
    made = ShotLibrary(tmp_path_factory.mktemp("library"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def suggest(library: ShotLibrary) -> Callable[[SuggestRequest], Suggested]:
    suggester = CraftSuggester(library, ColourAndContour())
    return lambda request: suggester.suggest(request, _blind)


def _blind(*_: object) -> object:
    raise AssertionError("no picture was to be looked at")


def scene(
    beat: str, intensity: float = 0.8, count: int = 6, kind: str = "dialogue_2", people: tuple[str, ...] = (A, B),
    place: str = "INT",
) -> SuggestRequest:  # fmt: skip
    shots = []
    for i in range(count):
        who = (*people[i % max(len(people), 1) :], *people[: i % max(len(people), 1)])
        shots.append(ShotWish(shot_id=f"s{i}", characters=who, speaker=who[0] if who else "", turn=i == count - 2))
    feeling = EmotionalBeat(name=beat, intensity=intensity)
    return SuggestRequest(
        scene=SceneSetting(type=kind, int_ext=place, time_of_day="night", location="kitchen", emotional_beat=feeling),
        shots=tuple(shots),
        k=6,
    )


@settings(max_examples=60, deadline=None)
@given(
    beat=st.sampled_from(BEATS),
    intensity=st.floats(0, 1),
    count=st.integers(1, 8),
    kind=st.sampled_from([*idioms(), "", "no such scene"]),
    people=st.integers(0, 5),
    place=st.sampled_from(["INT", "EXT", ""]),
)
def test_no_candidate_is_beyond_the_line(
    suggest: Callable[[SuggestRequest], Suggested],
    beat: str, intensity: float, count: int, kind: str, people: int, place: str,
) -> None:  # fmt: skip
    cast = tuple(f"character/p{i}" for i in range(people))
    found = suggest(scene(beat, intensity, count, kind, cast, place))
    assert len(found.shots) == count
    for shot in found.shots:
        assert shot.candidates, "there is always a way to photograph a shot"
        assert not [v for c in shot.candidates for v in c.violations if v.severity == "error"]
        scores = [c.score for c in shot.candidates]
        assert scores == sorted(scores, reverse=True)
        assert all(0 <= s <= 1 for s in scores)
        assert len({c.label for c in shot.candidates}) == len(scores), "no candidate says what another says"
        assert all(c.camera.position_m[1] > 0 for c in shot.candidates)
    # Whoever stands to screen left of another stands there in every frame that shows the line.
    sides = {c.camera.position_m[2] > c.camera.look_at_m[2] for s in found.shots for c in s.candidates}
    assert sides == {True}


@pytest.mark.parametrize(("side", "sign"), [("left", -1), ("right", 1)])
def test_the_line_that_is_given_is_kept(suggest: Callable[[SuggestRequest], Suggested], side: str, sign: int) -> None:
    at = {A: (-0.7, 0.0, 0.4), B: (0.9, 0.0, -0.3)}
    blocking = tuple(
        Subject(entity=who, position_m=where, heading_deg=90.0 if who == A else -90.0, screen_position="left")
        for who, where in at.items()
    )
    line = Line(kind="look", a=A, b=B, side=side, passage=1)
    request = scene("anger").model_copy(update={"context": SuggestContext(line=line)})
    request = request.model_copy(
        update={"shots": tuple(s.model_copy(update={"blocking": blocking}) for s in request.shots)}
    )
    found = suggest(request)
    ends = on_plan(at[A]), on_plan(at[B])
    for shot in found.shots:
        assert shot.candidates
        for candidate in shot.candidates:
            assert side_of_line(*ends, on_plan(candidate.camera.position_m)) * sign > 0


def test_no_third_shot_running_has_one_size_angle_and_subject(
    suggest: Callable[[SuggestRequest], Suggested],
) -> None:
    request = scene("tension_rising", 0.6, 9, "monologue", (A,))
    best = [s.candidates[0].camera for s in suggest(request).shots]
    for one, two, three in zip(best, best[1:], best[2:], strict=False):
        assert not (one.shot_size == two.shot_size == three.shot_size and one.angle == two.angle == three.angle)


def test_changing_only_the_beat_changes_the_frame_in_its_direction(
    suggest: Callable[[SuggestRequest], Suggested],
) -> None:
    def mean(beat: str) -> tuple[float, float]:
        best = [s.candidates[0] for s in suggest(scene(beat)).shots]
        size = sum(SIZE_ORDER[c.camera.shot_size] for c in best) / len(best)
        return size, best[0].lighting.contrast_ratio

    tense, calm, joy, dread = mean("tension_rising"), mean("calm"), mean("joy"), mean("dread")
    assert tense[0] > calm[0] + 0.3, "tension is tighter than calm"
    assert dread[0] < tense[0] - 0.3, "dread keeps its distance"
    assert tense[1] > calm[1], "and darker"
    assert joy[1] < tense[1]
    power = suggest(scene("power")).shots[2].candidates[0].camera
    assert power.angle == "low_angle"
    assert power.position_m[1] < power.look_at_m[1]


def test_the_tightest_frame_is_on_the_turn_and_the_camera_moves_there_only(
    suggest: Callable[[SuggestRequest], Suggested],
) -> None:
    best = [s.candidates[0].camera for s in suggest(scene("tension_rising")).shots]
    sizes = [SIZE_ORDER[c.shot_size] for c in best]
    assert sizes[4] == max(sizes)
    assert [c.movement.type for c in best].count("dolly_in") == 1
    assert best[4].movement.type == "dolly_in"


def test_a_frame_is_as_high_at_the_subject_as_its_size_says(suggest: Callable[[SuggestRequest], Suggested]) -> None:
    from shotwright.craft.optics import coverage_of

    for shot in suggest(scene("calm", people=(A,), kind="monologue")).shots:
        for candidate in shot.candidates:
            camera = candidate.camera
            (x, _, z), (ax, _, az) = camera.position_m, camera.look_at_m
            away = ((x - ax) ** 2 + (z - az) ** 2) ** 0.5
            height = away * (24.89 / 1.78) / camera.lens.focal_mm
            assert height == pytest.approx(coverage_of(camera.shot_size), rel=0.02)


def test_what_a_person_has_fixed_is_answered_back_as_it_is(suggest: Callable[[SuggestRequest], Suggested]) -> None:
    first = suggest(scene("calm")).shots[1].candidates[0]
    camera = first.camera.model_copy(update={"shot_size": "extreme_close_up"})
    locked = {"s1": PlannedShot(shot_id="s1", camera=camera, lighting=first.lighting)}
    request = scene("calm").model_copy(update={"context": SuggestContext(locked=locked)})
    found = suggest(request).shots[1].candidates
    assert [c.camera for c in found] == [camera]
    assert found[0].evidence[0].library_id == "locked"


def test_a_shot_before_counts_for_the_cut(suggest: Callable[[SuggestRequest], Suggested]) -> None:
    alone = scene("calm", count=1, people=(A,), kind="monologue")
    first = suggest(alone).shots[0].candidates[0]
    subject = Subject(entity=A, position_m=(0, 0, 0), heading_deg=20, screen_position="center")
    before = PlannedShot(shot_id="p", camera=first.camera, subjects=(subject,))
    found = suggest(alone.model_copy(update={"context": SuggestContext(previous_shots=(before,))})).shots[0]
    best = found.candidates[0].camera
    assert abs(SIZE_ORDER[best.shot_size] - SIZE_ORDER[first.camera.shot_size]) >= 2
    same = [c for c in found.candidates if c.camera.shot_size == first.camera.shot_size]
    assert all(any(v.rule == "C30" for v in c.violations) for c in same)


def test_the_library_votes_and_is_named_as_evidence(tmp_path_factory: pytest.TempPathFactory) -> None:
    library = ShotLibrary(tmp_path_factory.mktemp("voting"))
    suggester = CraftSuggester(library, ColourAndContour())
    request = scene("calm", count=1, people=(A,), kind="monologue")
    wish = request.shots[0].model_copy(update={"action": "She counts coins at the counter.", "tags": ("counting",)})
    request = request.model_copy(update={"shots": (wish,)})
    before = suggester.suggest(request, _blind)  # type: ignore[arg-type]
    assert "empty" in before.message
    assert before.shots[0].candidates[0].scores.library == 0
    library.add(
        [LibraryShot(shot_size="medium_wide", tags=("counting", "coins"), source=f"film {i}") for i in range(4)],
        [flat((i, 2, 3)) for i in range(4)],
    )
    after = suggester.suggest(request, _blind)  # type: ignore[arg-type]
    agreeing = [c for c in after.shots[0].candidates if c.shot_size == "medium_wide"]
    assert agreeing
    assert agreeing[0].scores.library > 0.5
    assert any(e.library_id.startswith("ls_") and "count" in e.why for e in agreeing[0].evidence)
    where = [c.shot_size for c in before.shots[0].candidates]
    assert "medium_wide" not in where or where.index("medium_wide") >= [
        c.shot_size for c in after.shots[0].candidates
    ].index("medium_wide")
    library.close()


def test_a_label_says_the_frame_in_plain_words(suggest: Callable[[SuggestRequest], Suggested]) -> None:
    found = suggest(scene("tension_rising"))
    label = found.shots[4].candidates[0].label
    assert label.startswith("Very slow dolly push-in, ")
    assert "_" not in "".join(c.label for s in found.shots for c in s.candidates)


def test_diversity_spreads_the_candidates(suggest: Callable[[SuggestRequest], Suggested]) -> None:
    def kinds(diversity: float) -> int:
        request = scene("tension_rising").model_copy(update={"diversity": diversity, "k": 4})
        return sum(len({(c.shot_size, c.framing) for c in s.candidates}) for s in suggest(request).shots)

    assert kinds(1.0) >= kinds(0.0)


def test_the_same_question_has_the_same_answer(suggest: Callable[[SuggestRequest], Suggested]) -> None:
    assert suggest(scene("grief")) == suggest(scene("grief"))


def test_an_empty_place_is_shown_wide_and_without_people(suggest: Callable[[SuggestRequest], Suggested]) -> None:
    request = SuggestRequest(shots=(ShotWish(shot_id="s", action="Rain on the empty quay."),))
    camera: Camera = suggest(request).shots[0].candidates[0].camera
    assert camera.framing == "empty"
    assert SIZE_ORDER[camera.shot_size] <= 2


def test_cuts_between_neighbours_never_leap_four_sizes(suggest: Callable[[SuggestRequest], Suggested]) -> None:
    for beat in ("tension_rising", "joy", "grief"):
        sizes = [SIZE_ORDER[s.candidates[0].camera.shot_size] for s in suggest(scene(beat, count=8)).shots]
        assert all(abs(a - b) < 4 for a, b in pairwise(sizes))


def test_a_picture_of_the_place_makes_library_shots_like_it_louder(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    library = ShotLibrary(tmp_path_factory.mktemp("plates"))
    suggester = CraftSuggester(library, ColourAndContour())
    library.add(
        [LibraryShot(shot_size="medium", tags=("waiting",), source=name) for name in ("green", "red")],
        [flat((20, 160, 40)), flat((200, 20, 20))],
    )
    wish = ShotWish(shot_id="s", action="Waiting.", characters=(A,))
    request = SuggestRequest(shots=(wish,), plate=ImageRef(data=flat((24, 165, 38))), k=12)
    found = suggester.suggest(request, lambda image, *_: picture_of(image.data))  # type: ignore[misc]
    medium = next(c for c in found.shots[0].candidates if c.shot_size == "medium")
    heard = {e.library_id: e.similarity for e in medium.evidence if e.library_id.startswith("ls_")}
    green, red = (s.id for s in library.shots()[0])
    assert heard[green] > heard[red]
    library.close()
