"""What people ask for when they send a shot back is done to that shot, in that direction, and to nothing else."""

from __future__ import annotations

import math

import pytest

from shotwright.crew.cinematographer import check_photography, photograph_scene
from shotwright.crew.cinematographer.requests import wishes
from shotwright.model.crew import FilmSettings, Revision
from shotwright.model.vocabulary import SIZE_ORDER

SETTINGS = FilmSettings()


def talk(scene_maker):
    s = scene_maker("dialogue_2", "INT. KITCHEN - DAY", ["ann", "ben"])
    s.shot([s.act("They stand.", actors=("character/ann",))], "action", ["ann", "ben"], function="master")
    for i in range(6):
        a, b = ("ann", "ben") if i % 2 == 0 else ("ben", "ann")
        s.shot([s.say(a, f"Line {i}.", b)], "speaker", [a], ("tension_rising", 0.4), turn=i == 4)
    return s.done()


def send_back(scene_maker, feedback: str, field: str = "technical_layer.camera", at: int = 3, code: str = "PERSON"):
    brief, directed = talk(scene_maker)
    first = photograph_scene(brief, directed, SETTINGS)
    revision = Revision(
        agent="cinematographer", shot_id=directed.shots[at].shot_id, field=field, code=code, feedback=feedback
    )
    second = photograph_scene(brief, directed, SETTINGS, revisions=(revision,), previous=first)
    assert check_photography(brief, directed, second) == ()
    for i, (one, two) in enumerate(zip(first.shots, second.shots, strict=True)):
        if i != at:
            assert one == two
    return first.shots[at], second.shots[at]


def reach(camera) -> float:
    return math.dist(camera.position_m, camera.look_at_m)


@pytest.mark.parametrize(
    ("words", "holds"),
    [
        (
            "Closer, please.",
            lambda a, b: SIZE_ORDER[b.shot_size] == SIZE_ORDER[a.shot_size] + 1 and reach(b) < reach(a),
        ),
        ("a bit tighter", lambda a, b: SIZE_ORDER[b.shot_size] == SIZE_ORDER[a.shot_size] + 1),
        ("looser", lambda a, b: SIZE_ORDER[b.shot_size] == SIZE_ORDER[a.shot_size] - 1 and reach(b) > reach(a)),
        ("Wider.", lambda a, b: SIZE_ORDER[b.shot_size] == SIZE_ORDER[a.shot_size] - 1),
        ("a longer lens", lambda a, b: b.lens.focal_mm > a.lens.focal_mm and b.shot_size == a.shot_size),
        ("a wider lens", lambda a, b: b.lens.focal_mm < a.lens.focal_mm and b.shot_size == a.shot_size),
        ("lower", lambda a, b: b.position_m[1] < a.position_m[1] and b.angle == "low_angle"),
        ("from above", lambda a, b: b.position_m[1] > a.position_m[1] and b.angle == "high_angle"),
        ("push in on her", lambda a, b: b.movement.type == "dolly_in" and b.position_m == a.position_m),
        ("make it handheld", lambda a, b: b.movement.support == "handheld" and b.shot_size == a.shot_size),
        ("over the shoulder", lambda a, b: b.framing == "over_the_shoulder"),
        ("a two-shot", lambda a, b: b.framing == "two_shot"),
    ],
)
def test_a_camera_goes_one_step_the_way_it_is_told(scene_maker, words: str, holds) -> None:
    before, after = send_back(scene_maker, words)
    assert holds(before.technical.camera, after.technical.camera)
    assert after.technical.lighting == before.technical.lighting
    assert words.strip() in after.provenance["camera"].because


def test_a_push_in_is_held_still_or_slowed_when_asked(scene_maker) -> None:
    before, after = send_back(scene_maker, "hold still", at=5)
    assert before.technical.camera.movement.type == "dolly_in"
    assert after.technical.camera.movement.type == "static"
    before, after = send_back(scene_maker, "no move at all", at=5)
    assert (after.technical.camera.movement.type, after.technical.camera.movement.speed) == ("static", "none")
    assert after.technical.camera.position_m == before.technical.camera.position_m


@pytest.mark.parametrize(
    ("words", "holds"),
    [
        ("brighter", lambda a, b: b.exposure_ev > a.exposure_ev),
        ("too bright", lambda a, b: b.exposure_ev < a.exposure_ev),
        ("warmer", lambda a, b: b.color_temperature_k < a.color_temperature_k),
        ("cooler", lambda a, b: b.color_temperature_k > a.color_temperature_k),
        ("softer", lambda a, b: b.quality == "soft" and b.contrast_ratio < a.contrast_ratio),
        ("harder", lambda a, b: b.quality == "hard" and b.contrast_ratio > a.contrast_ratio),
    ],
)
def test_light_goes_one_step_the_way_it_is_told(scene_maker, words: str, holds) -> None:
    before, after = send_back(scene_maker, words, "technical_layer.lighting")
    assert holds(before.technical.lighting, after.technical.lighting)
    assert after.technical.camera == before.technical.camera
    assert after.technical.lighting.azimuth_deg == before.technical.lighting.azimuth_deg


@pytest.mark.parametrize("field", ["technical_layer.camera", "technical_layer.lighting"])
def test_words_that_nobody_can_act_on_change_nothing(scene_maker, field: str) -> None:
    before, after = send_back(scene_maker, "I am not sure about this one", field)
    assert after == before


def test_a_wider_lens_is_not_a_wider_frame() -> None:
    assert wishes("a wider lens", "camera") == ("lens_wider",)
    assert wishes("wider, and on a longer lens", "camera") == ("lens_longer", "wider")
    assert wishes("slower push in", "camera") == ("push_in", "slower")
    assert wishes("", "camera") == ()


def test_light_that_strayed_from_the_plan_of_the_scene_is_brought_back(scene_maker) -> None:
    brief, directed = talk(scene_maker)
    first = photograph_scene(brief, directed, SETTINGS)
    stray = first.shots[2]
    lighting = stray.technical.lighting.model_copy(update={"azimuth_deg": 170.0, "color_temperature_k": 9000})
    broken = stray.model_copy(update={"technical": stray.technical.model_copy(update={"lighting": lighting})})
    previous = first.model_copy(update={"shots": (*first.shots[:2], broken, *first.shots[3:])})
    revision = Revision(
        agent="cinematographer", shot_id=stray.shot_id, field="technical_layer.lighting.azimuth_deg", code="CLIGHT",
        feedback="The key jumps.",
    )  # fmt: skip
    mended = photograph_scene(brief, directed, SETTINGS, revisions=(revision,), previous=previous)
    assert mended == first
