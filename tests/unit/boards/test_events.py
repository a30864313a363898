"""Lights that go on and off in a shot are seen to, between its first and its last frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from tests.unit.boards.staged import SIZE, make_shot

from shotwright.boards.drawing import draw_shot
from shotwright.boards.events import burning, glow_of
from shotwright.boards.sets import place_look
from shotwright.model.shot import LightEvent

if TYPE_CHECKING:
    from shotwright.model.shot import Shot

NIGHT = {"time_of_day": "night", "key_style": "low_key", "contrast_ratio": 8, "source": ["moonlight"]}
SWITCHED = ("light", "phone glow", "flame", "torch", "the door", "fridge light", "indicator amber")
FLASHED = ("lightning", "headlights", "match", "flashbulb", "fire flash", "passing lamp")


def shot_with(*events: LightEvent, **lighting: Any) -> Shot:
    return make_shot(shot_size="medium", lighting={**NIGHT, **lighting, "events": [e.model_dump() for e in events]})


def drawn(shot: Shot, at: float) -> Any:
    return draw_shot(shot, {}, place_look("location/kitchen", "kitchen", True, [shot]), at, SIZE)


def levels(shot: Shot) -> list[float]:
    return [float(drawn(shot, at).image.mean()) for at in (0.0, 0.5, 1.0)]


def switched(what: str, on: bool, at: float = 1.7) -> LightEvent:
    return LightEvent(what=what, on=on, at_seconds=at)


@pytest.mark.parametrize("what", SWITCHED)
def test_what_is_switched_on_is_brighter_at_the_end_than_at_the_beginning(what: str) -> None:
    shot = shot_with(switched(what, True))
    first, last = drawn(shot, 0.0), drawn(shot, 1.0)
    body = first.mask("character/ann")
    assert last.image[body].mean() > 1.05 * first.image[body].mean()


@pytest.mark.parametrize("what", SWITCHED)
def test_what_is_switched_off_is_darker_at_the_end(what: str) -> None:
    shot = shot_with(switched(what, False))
    first, last = drawn(shot, 0.0), drawn(shot, 1.0)
    body = first.mask("character/ann")
    assert last.image[body].mean() < 0.95 * first.image[body].mean()


@pytest.mark.parametrize("what", FLASHED)
def test_a_flash_is_seen_in_the_middle_and_gone_at_both_ends(what: str) -> None:
    shot = shot_with(switched(what, True, 0.5), switched(what, False, 0.9))
    first, middle, last = levels(shot)
    assert middle > 1.04 * max(first, last)
    assert first == pytest.approx(last, rel=0.02)


def test_a_light_that_burns_from_an_earlier_shot_burns_here_until_it_is_switched_off() -> None:
    lit, out = burning(shot_with(practicals=["phone glow"]), 0.0)
    assert list(lit) == ["phone glow"]
    assert not out
    shot = shot_with(switched("phone glow", False, 2.0), practicals=["phone glow"])
    assert "phone glow" in burning(shot, 0.0)[0]
    assert "phone glow" not in burning(shot, 1.0)[0]


def test_a_switch_late_in_the_shot_has_been_thrown_by_its_last_frame() -> None:
    shot = shot_with(switched("light", True, 40.0))
    assert not burning(shot, 0.5)[0]
    assert burning(shot, 1.0)[0]


def test_a_light_that_nobody_knows_changes_nothing() -> None:
    assert glow_of("a feeling") is None
    quiet, plain = shot_with(switched("a feeling", True)), shot_with()
    assert (drawn(quiet, 1.0).image == drawn(plain, 1.0).image).all()


def test_a_flame_is_warm_and_a_screen_is_cool_on_the_face() -> None:
    def warmth(what: str) -> float:
        shot = shot_with(switched(what, True))
        first, last = drawn(shot, 0.0), drawn(shot, 1.0)
        skin = first.mask("character/ann", "skin")
        gained = (last.image[skin].astype(np.float32) - first.image[skin]).mean(axis=0)
        return float(gained[0] - gained[2])

    assert warmth("flame") > warmth("phone glow") + 3


def test_lightning_lights_the_sky() -> None:
    shot = make_shot(shot_size="wide", lighting={**NIGHT, "events": [
        switched("lightning", True, 0.5).model_dump(), switched("lightning", False, 0.9).model_dump()
    ]})  # fmt: skip
    place = place_look("location/kitchen", "field", False, [shot])
    dark, bright = (draw_shot(shot, {}, place, at, SIZE) for at in (0.0, 0.5))
    sky = dark.ids == 0
    assert sky.any()
    assert bright.image[sky].mean() > dark.image[sky].mean() + 20
