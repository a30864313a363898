"""Each measure against frames whose light, colour and framing are known."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.unit.vision.shading import LEGEND, Lit, drawn

from shotwright.craft.geometry import turn_between
from shotwright.vision.measures import colour, exposure, framing, horizon, light, sharpness
from shotwright.vision.measures.subject import Person, people_of, view_of


def seen(lit: Lit, **how: object):  # type: ignore[no-untyped-def]
    pixels, ids = drawn(lit, **how)  # type: ignore[arg-type]
    return view_of(pixels, people_of(ids, LEGEND))


@pytest.mark.parametrize("camera", [0.0, 90.0, 180.0, -120.0])
@pytest.mark.parametrize("azimuth", [-100.0, -60.0, 35.0, 80.0])
def test_the_key_keeps_its_azimuth_in_the_room_from_every_camera(camera: float, azimuth: float) -> None:
    view = seen(Lit(azimuth), camera_deg=camera)
    found = light.measure_light(view, view.people[0])
    assert found is not None
    assert found.azimuth_deg is not None
    assert abs(turn_between(azimuth, light.in_room(found.azimuth_deg, camera))) <= 22


@pytest.mark.parametrize("ratio", [1.5, 2.0, 4.0, 8.0])
@pytest.mark.parametrize("azimuth", [-75.0, -45.0, 60.0])
def test_key_to_fill_is_read_in_stops(ratio: float, azimuth: float) -> None:
    view = seen(Lit(azimuth, ratio=ratio))
    found = light.measure_light(view, view.people[0])
    assert found is not None
    assert found.key_fill_stops == pytest.approx(math.log2(ratio), abs=0.65)
    assert (found.left_right_stops > 0) == (azimuth < 0)


def test_without_parts_the_silhouette_alone_tells_the_side() -> None:
    for azimuth in (-60.0, 60.0):
        pixels, ids = drawn(Lit(azimuth))
        view = view_of(pixels, (Person("ann", np.isin(ids, (1, 2))),))
        found = light.measure_light(view, view.people[0])
        assert found is not None
        assert found.azimuth_deg is not None
        assert abs(turn_between(azimuth, found.azimuth_deg)) <= 25


def test_flat_light_has_no_side() -> None:
    view = seen(Lit(ratio=1.0))
    found = light.measure_light(view, view.people[0])
    assert found is not None
    assert found.azimuth_deg is None
    assert light.key_style_of(found) == "flat"
    assert light.direction_of(found) == "ambient"


@pytest.mark.parametrize("kelvin", [2800.0, 3500.0, 4500.0, 5600.0, 8000.0])
def test_kelvin_is_read_on_skin_at_every_exposure(kelvin: float) -> None:
    for ev in (-2.0, -0.5):
        view = seen(Lit(kelvin=kelvin, ev=ev))
        found = light.measure_light(view, view.people[0])
        assert found is not None
        assert found.skin_rgb is not None
        assert colour.skin_mired(found.skin_rgb) == pytest.approx(1e6 / kelvin, abs=12)


def test_a_stop_is_a_stop_on_lit_skin_and_in_the_frame() -> None:
    levels, frames = [], []
    for ev in (0.0, -1.0, -2.0):
        view = seen(Lit(ev=ev))
        found = light.measure_light(view, view.people[0])
        assert found is not None
        levels.append(found.lit_stops)
        frames.append(exposure.measure_exposure(view).stops)
    for read in (levels, frames):
        assert np.diff(read) == pytest.approx([-1.0, -1.0], abs=0.05)


def test_clipping_and_shadow_are_shares_of_the_frame() -> None:
    pixels = np.zeros((200, 400, 3), np.uint8)
    pixels[:, :100] = 255
    pixels[:, 200:] = 128
    found = exposure.measure_exposure(view_of(pixels, guess=False))
    assert found.clipped_high == pytest.approx(0.25)
    assert found.clipped_low == pytest.approx(0.25)
    assert found.shadow_fraction == pytest.approx(0.25)


def test_blur_lowers_sharpness_and_darkness_does_not() -> None:
    from PIL import Image, ImageFilter

    pixels, ids = drawn(Lit())
    dark, _ = drawn(Lit(ev=-2))
    people = people_of(ids, LEGEND)
    sharp = sharpness.measure_sharpness(view_of(pixels, people))
    soft = np.asarray(Image.fromarray(pixels).filter(ImageFilter.GaussianBlur(6)))
    assert sharpness.measure_sharpness(view_of(dark, people)) == pytest.approx(sharp, rel=0.2)
    assert sharpness.measure_sharpness(view_of(soft, people)) < 0.5 * sharp


def test_noise_is_read_in_eight_bit_steps() -> None:
    flat = np.full((270, 480, 3), 110.0)
    noisy = np.repeat(np.random.default_rng(3).normal(0, 5, (270, 480, 1)), 3, 2) + flat
    assert sharpness.measure_noise(view_of(noisy.round().astype(np.uint8), guess=False)) == pytest.approx(5, rel=0.1)
    assert sharpness.measure_noise(view_of(flat.astype(np.uint8), guess=False)) == 0


@pytest.mark.parametrize("tilt", [-8.0, -3.0, 0.0, 2.0, 5.0])
def test_the_lean_of_the_uprights_is_read_to_half_a_degree(tilt: float) -> None:
    found = horizon.measure_tilt(seen(Lit(), tilt_deg=tilt))
    assert found == pytest.approx(-tilt, abs=0.6)


@pytest.mark.parametrize(
    ("metres", "size"),
    [(0.42, "close_up"), (0.6, "medium_close_up"), (0.9, "medium"), (1.4, "medium_wide"), (2.6, "wide")],
)
def test_the_size_drawn_is_read_from_the_head(metres: float, size: str) -> None:
    found = framing.measure_framing(seen(Lit(), size=metres), standing=False)
    assert found.shot_size == size
    assert found.headroom == pytest.approx(0.08, abs=0.01)


def test_anchors_measure_the_frame_and_name_the_joint_on_its_edge() -> None:
    pixels, ids = drawn(Lit(), size=1.4)
    (ann,) = people_of(ids, LEGEND)
    mask = np.zeros_like(ann.mask)
    mask[40:, 400:560] = True
    anchored = Person("ann", mask, anchors={"crown": (0.5, 0.07), "chin": (0.5, 0.238), "knees": (0.5, 0.99)})
    found = framing.measure_framing(view_of(pixels, (anchored,)))
    assert found.coverage_m == pytest.approx(1.39, abs=0.05)
    assert found.cut_joints == ("knees",)
    assert framing.measure_framing(view_of(pixels, (anchored,)), waist_cut=True).cut_joints == ()


def test_look_room_is_before_the_face() -> None:
    view = seen(Lit(), shift=-0.2)
    ahead = framing.measure_framing(view, gaze="right").look_room
    behind = framing.measure_framing(view, gaze="left").look_room
    assert ahead is not None
    assert behind is not None
    assert ahead > 1 > behind


def test_people_who_changed_sides_are_found() -> None:
    order = framing.measure_framing(seen(Lit(), who=("ann", "ben"))).order
    assert order == ("ann", "ben")
    assert framing.crossed(order, {"ann": 0, "ben": 4}) is None
    assert framing.crossed(order, {"ann": 4, "ben": 0}) == ("ann", "ben")


def test_a_frame_without_anybody_has_no_subject() -> None:
    view = view_of(np.full((270, 480, 3), 90, np.uint8))
    assert view.known_by == "nothing"
    assert framing.measure_framing(view).shot_size is None
