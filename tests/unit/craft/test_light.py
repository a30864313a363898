"""Where light comes from."""

from __future__ import annotations

import itertools
import math

import pytest

from shotwright.craft.beats import beat_looks
from shotwright.craft.light import key_style, light_changes_in, light_directions, light_plan, practicals_in, soften


def plan(words: str = "KITCHEN", inside: bool = True, time: str = "midday", beat: str = "calm", held: bool = False):
    return light_plan("location/x", words, inside, time, beat_looks()[beat], held_to_place=held, moonlight_k=5600)


def test_a_place_that_plays_on_keeps_contrast_within_a_stop_and_colour_within_forty_mired() -> None:
    plans = [plan(beat=beat, held=True) for beat in beat_looks()]
    for a, b in itertools.combinations(plans, 2):
        assert abs(math.log2(a.ratio / b.ratio)) <= 1.0
        assert abs(1e6 / a.kelvin - 1e6 / b.kelvin) <= 42
        assert a.azimuth_deg == b.azimuth_deg


def test_places_bring_their_own_light() -> None:
    assert plan("HOSPITAL ROOM").source == ("fluorescent",)
    assert "neon" in plan("COCKTAIL BAR").source
    assert "dashboard" in plan("HATCHBACK", time="night").words
    assert plan("STREET", inside=False, time="night").motivated_by == "street lamps"
    assert plan("BARN DANCE").motivated_by != plan("BARBER").motivated_by


def test_a_low_sun_is_lower_and_warmer_than_noon() -> None:
    low, noon = plan("FIELD", False, "golden_hour"), plan("FIELD", False, "midday")
    assert low.elevation_deg < noon.elevation_deg
    assert low.kelvin < noon.kelvin


@pytest.mark.parametrize(
    ("azimuth", "camera", "found"),
    [
        (60, 60, "front"),
        (60, 0, "three_quarter_right"),
        (-90, 0, "side_left"),
        (180, 0, "back"),
        (60, 160, "side_left"),
    ],
)
def test_the_camera_sees_the_rooms_key_from_where_it_stands(azimuth, camera, found) -> None:
    assert light_directions(azimuth, 30, camera)[0] == found


def test_a_face_in_close_up_is_softened_by_less_than_a_stop() -> None:
    hard = plan(beat="dread", time="night")
    assert 0 < math.log2(hard.ratio / soften(hard).ratio) < 1


def test_practicals_and_changes_are_read_from_the_action() -> None:
    assert practicals_in(["A candle gutters.", "The TV mutters."]) == ("candle", "television")
    assert practicals_in(["She lampoons him."]) == ()
    changes = light_changes_in("He switches off the lamp.")
    assert [(c.what, c.on) for c in changes] == [("light", False)]
    assert light_changes_in("Lightning.")[0].flash
    assert light_changes_in("Nothing happens.") == ()


def test_styles_follow_the_ratio() -> None:
    assert [key_style(r) for r in (2.0, 3.5, 8.0)] == ["high_key", "mid_key", "low_key"]
