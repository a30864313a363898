"""The light of a scene from faces and sets of known light: what changed is named, and nobody else is blamed."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from shotwright.boards.raster.drawing_board import CURVE_STEPS, tone_curve
from shotwright.vision.measures import backdrop, keylight
from shotwright.vision.measures.head import Skin, film_table
from shotwright.vision.scene_light import LightReading, allowed, departure, departures, scene_light

CAMERAS = (0.0, 40.0, 180.0, 150.0, -35.0)
WHO = ("ann", "ann", "ben", "ben", "ann")
KEY = {"azimuth": 60.0, "ratio": 4.0, "level": 1.0}


def skin(entity: str, camera: float, azimuth: float, ratio: float, level: float, height: float = 120.0) -> Skin:
    """A face under the very light that the fit knows of: 25 fields of an egg, elevation 32."""
    across = np.linspace(-0.85, 0.85, 5)
    normals = np.array(
        [(x, y, math.sqrt(max(1 - x * x - y * y, 0.05))) for x in across for y in (-0.6, -0.3, 0, 0.2, 0.4)]
    )
    normals = (normals / np.linalg.norm(normals, axis=1, keepdims=True)).astype(np.float32)
    turn, rise = math.radians(azimuth - camera), math.radians(32)
    key = np.array([math.sin(turn) * math.cos(rise), math.sin(rise), math.cos(turn) * math.cos(rise)])
    side = math.radians(-38 if (azimuth - camera + 180) % 360 - 180 >= 0 else 38)
    low = math.radians(18)
    fill = np.array([math.sin(side) * math.cos(low), math.sin(low), math.cos(side) * math.cos(low)])
    shade = np.maximum(normals @ key + 0.2, 0) / 1.2
    light = (1 - 1 / ratio) * shade + (0.62 + 0.5 * np.maximum((normals @ fill + 0.6) / 1.6, 0)) / ratio
    stops = (np.log2(light) + level).astype(np.float32)
    return Skin(entity, normals, stops, np.full(len(stops), 1 / len(stops), np.float32), (0.5, 0.3, 0.2), height, 0.0)


def reading(at: int, mired: float = 160.0, **light: float) -> LightReading:
    lit = {**KEY, **light}
    level = lit["level"] - (1.5 if WHO[at] == "ben" else 0.0)
    face = skin(WHO[at], CAMERAS[at], lit["azimuth"], lit["ratio"], level)
    return LightReading(fits=(keylight.fit_of(face, CAMERAS[at]),), mireds={WHO[at]: mired})


def scene(at: int = -1, **changed: Any) -> list[LightReading]:
    return [reading(i, **(changed if i == at else {})) for i in range(len(CAMERAS))]


def too_far(readings: list[LightReading]) -> dict[int, list[str]]:
    found = {}
    for i, off in enumerate(departures(readings)):
        if off is not None:
            most = allowed(readings[i], off)
            names = ("turn_deg", "contrast_stops", "exposure_ev", "mired")
            over = [n for n in names if (v := getattr(off, n)) is not None and abs(v) > getattr(most, n)]
            if over:
                found[i] = over
    return found


def test_one_key_explains_faces_pale_and_dark_from_both_sides() -> None:
    light = scene_light(scene())
    assert light is not None
    assert light.azimuth_deg == 60
    assert light.key_fill_stops == pytest.approx(2.0)
    assert light.levels["ann"] - light.levels["ben"] == pytest.approx(1.5, abs=0.1)
    assert too_far(scene()) == {}


@pytest.mark.parametrize("at", [0, 1, 3, 4])
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"azimuth": -60.0}, "turn_deg"),
        ({"azimuth": 150.0}, "turn_deg"),
        ({"ratio": 16.0}, "contrast_stops"),
        ({"level": 0.0}, "exposure_ev"),
        ({"level": 2.0}, "exposure_ev"),
        ({"mired": 240.0}, "mired"),
        ({"mired": 80.0}, "mired"),
    ],
)
def test_the_frame_and_the_field_that_changed_are_named(at: int, change: dict[str, float], field: str) -> None:
    if "ratio" in change and at == 3:
        # The key stands behind this face: how hard it is cannot be told from it, and nobody else may be blamed.
        assert set(too_far(scene(at, **change))) <= {at}
        return
    assert too_far(scene(at, **change)) == {at: [field]}


def test_changes_within_the_tolerances_are_left_alone() -> None:
    for change in ({"azimuth": 90.0}, {"ratio": 5.6}, {"level": 1.5}, {"mired": 190.0}):
        assert too_far(scene(1, **change)) == {}


def test_a_declared_event_is_neither_judged_nor_counted() -> None:
    readings = scene(1, azimuth=-60.0, level=-1.0)
    readings[1] = replace(readings[1], event=True)
    assert departures(readings)[1] is None
    assert too_far(readings) == {}


def test_of_two_frames_the_later_departs() -> None:
    pair = [reading(0), reading(1, level=-0.5)]
    assert departure(0, pair) is None
    assert set(too_far(pair)) == {1}


def test_a_stranger_is_judged_gently() -> None:
    readings = scene()
    face = skin("carl", 0.0, 60.0, 4.0, -0.4)
    readings.append(LightReading(fits=(keylight.fit_of(face, 0.0),), mireds={"carl": 185.0}))
    assert too_far(readings) == {}
    off = departure(5, readings)
    assert off is not None
    assert not off.same_person


def test_a_moving_key_may_come_from_anywhere() -> None:
    readings = scene(1, azimuth=-60.0)
    readings[1] = replace(readings[1], moving_key=True)
    assert "turn_deg" not in too_far(readings).get(1, [])


def wall(level: float = 0.0, warm: float = 0.0, slope: float = 0.0, camera: float = 0.0) -> backdrop.Setting:
    fields = backdrop.ACROSS * backdrop.DOWN
    across = np.tile(np.linspace(-1, 1, backdrop.ACROSS), backdrop.DOWN).astype(np.float32)
    return backdrop.Setting(
        (camera, 1.6, 3.0, 0.0, 1.4, 0.0, 50.0), -2 + np.float32(level) + np.float32(slope) * across,
        np.full(fields, 0.2 + warm, np.float32), np.ones(fields, bool),
    )  # fmt: skip


def test_a_set_seen_twice_from_one_place_shows_what_changed() -> None:
    darker = backdrop.change_between(wall(level=-1.0), wall())
    assert darker is not None
    assert darker.level_stops == pytest.approx(-1.0)
    assert darker.pattern_stops == pytest.approx(0.0, abs=1e-5)
    turned = backdrop.change_between(wall(slope=0.6), wall(slope=-0.6))
    assert turned is not None
    assert turned.pattern_stops > 0.5
    warmer = backdrop.change_between(wall(warm=1.0), wall())
    assert warmer is not None
    assert 45 < warmer.mired < 100
    assert not backdrop.same_camera(wall(), wall(camera=0.5))


def test_a_set_that_is_lit_otherwise_is_a_departure_where_no_face_is_seen() -> None:
    readings = [LightReading(fits=r.fits, mireds=r.mireds, setting=wall()) for r in scene()[:3]]
    readings.append(LightReading(setting=wall(slope=0.8)))
    off = departures(readings)[3]
    assert off is not None
    assert off.pattern_stops is not None
    assert off.pattern_stops > allowed(readings[3], off).pattern_stops
    assert [o.excess(allowed(r, o)) <= 1 for r, o in zip(readings[:3], departures(readings)[:3], strict=True) if o] == [
        True
    ] * 3


@pytest.mark.parametrize("light", [0.02, 0.1, 0.18, 0.5, 1.2, 2.5])
def test_the_film_curve_of_boards_is_undone(light: float) -> None:
    coded = int(tone_curve()[round(math.sqrt(light / 16) * (CURVE_STEPS - 1))])
    assert float(film_table(True)[coded]) == pytest.approx(light, rel=0.06)
    assert float(film_table(False)[255]) == pytest.approx(1.0)
