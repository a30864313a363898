"""Filling, clipping and shading of triangles, by numba and by numpy."""

from __future__ import annotations

import contextlib
import functools
import importlib
from typing import Any

import numpy as np
import pytest

from shotwright.boards.camera import view_between
from shotwright.boards.mannequin import mannequin
from shotwright.boards.raster import draw_triangles
from shotwright.boards.raster.clipping import clip_near
from shotwright.boards.raster.drawing_board import tone_curve
from shotwright.boards.raster.triangles import Lights
from shotwright.boards.scene import Piece, triangles_of
from shotwright.boards.sets.solids import Solids


def _lights(**changes: Any) -> Lights:
    def rgb(v: float) -> Any:
        return np.full(3, v, np.float32)

    values: dict[str, Any] = {
        "key": np.array([0.6, 0.6, 0.5291503], np.float32), "key_rgb": rgb(0.9),
        "fill": np.array([0, 0, 1], np.float32),
        "fill_rgb": rgb(0.1), "back": np.array([0, 0, -1], np.float32), "back_rgb": rgb(0.0), "above_rgb": rgb(0.1),
        "below_rgb": rgb(0.1), "zenith_rgb": rgb(0.3), "horizon_rgb": rgb(0.5), "sun_rgb": rgb(0.0),
    }  # fmt: skip
    return Lights(**(values | changes))


def _ground_and_body() -> tuple[Any, dict[int, str]]:
    ground = Solids()
    ground.quad("ground", [(-20, 0, 20), (20, 0, 20), (20, 0, -20), (-20, 0, -20)], (0.4, 0.4, 0.4))
    return triangles_of(
        [
            Piece("set", ground.mesh(smooth=False), (0, 0, 0), 0.0, one_sided=True),
            Piece("character/ann", mannequin("character/ann"), (0, 0, 0), 0.0, person=True),
        ]
    )


def _loops() -> list[Any]:
    found = [importlib.import_module("shotwright.boards.raster.plain")]
    with contextlib.suppress(ImportError):
        found.append(importlib.import_module("shotwright.boards.raster.kernels"))
    return found


@pytest.mark.parametrize("loops", _loops(), ids=lambda m: m.__name__.rpartition(".")[2])
def test_the_floor_under_the_lens_is_drawn_down_to_the_edge_of_the_frame(loops: Any) -> None:
    body, legend = _ground_and_body()
    view = view_between((0, 1.0, 3), (0, 0.3, 0), 21, (320, 180))
    drawn = draw_triangles(body, _lights(), view, loops=loops)
    floor = next(n for n, name in legend.items() if name == "set/ground")
    assert (drawn.ids[-1] == floor).mean() > 0.8
    assert drawn.image[-1].mean() > 40


@pytest.mark.parametrize("loops", _loops(), ids=lambda m: m.__name__.rpartition(".")[2])
def test_the_side_towards_the_key_is_the_bright_one(loops: Any) -> None:
    body, legend = _ground_and_body()
    view = view_between((0, 1.6, 1.6), (0, 1.6, 0), 50, (320, 180))
    right = draw_triangles(body, _lights(), view, ink=0, loops=loops)
    mirrored = _lights(key=np.array([-0.6, 0.6, 0.5291503], np.float32))
    left = draw_triangles(body, mirrored, view, ink=0, loops=loops)
    skin = np.isin(right.ids, [n for n, name in legend.items() if name == "character/ann/skin"])
    half = np.arange(320) >= 160

    def balance(image: Any) -> float:
        return float(image[skin & half].mean() - image[skin & ~half].mean())

    assert balance(right.image) > 15
    assert balance(left.image) < -15


@pytest.mark.parametrize("loops", _loops(), ids=lambda m: m.__name__.rpartition(".")[2])
def test_a_body_throws_its_shadow_away_from_the_key(loops: Any) -> None:
    body, _ = _ground_and_body()
    view = view_between((0, 6, 0.5), (0, 0, 0), 28, (320, 180))
    drawn = draw_triangles(body, _lights(key=np.array([0.8, 0.6, 0.0], np.float32)), view, ink=0, loops=loops)
    east, west = (view.project(np.array([[x, 0.0, 0.0]]))[0].astype(int) for x in (1.2, -1.2))
    assert drawn.image[west[1], west[0]].mean() < 0.75 * drawn.image[east[1], east[0]].mean()


def test_numba_and_numpy_see_the_same_things_at_the_same_distances() -> None:
    pytest.importorskip("numba")
    body, _ = _ground_and_body()
    view = view_between((0.7, 1.5, 2.2), (0, 1.2, 0), 35, (320, 180))
    plain, fast = (draw_triangles(body, _lights(), view, loops=loops) for loops in _loops())
    assert (plain.ids == fast.ids).mean() > 0.999
    same = (plain.ids == fast.ids) & (plain.ids > 0)
    assert np.abs(plain.depth[same] / fast.depth[same] - 1).max() < 0.01
    assert np.abs(plain.image.astype(int) - fast.image.astype(int)).mean() < 6


def test_drawing_twice_gives_the_same_bytes() -> None:
    body, _ = _ground_and_body()
    view = view_between((0.7, 1.5, 2.2), (0, 1.2, 0), 35, (160, 90))
    first, second = (draw_triangles(body, _lights(), view) for _ in range(2))
    assert first.image.tobytes() == second.image.tobytes()


def test_a_face_that_reaches_behind_the_lens_is_cut_where_the_near_plane_lies() -> None:
    ahead = np.array([1.0, -1.0, 1.0], np.float32)
    points = np.array([[0, 0, 1], [0, 1, -1], [1, 0, 1]], np.float32)
    made, faces, rows = clip_near(ahead, points, np.array([[0, 1, 2]], np.int32), 0.1)
    assert len(faces) == 2
    assert rows.tolist() == [0, 0]
    assert made[faces][..., 2].min() == pytest.approx(0.1)


def test_a_face_wholly_behind_the_lens_is_not_drawn() -> None:
    ahead = np.array([-1.0, -1.0, -2.0], np.float32)
    _, faces, _ = clip_near(ahead, np.zeros((3, 3), np.float32), np.array([[0, 1, 2]], np.int32), 0.1)
    assert len(faces) == 0


def test_the_tone_curve_rises_and_keeps_mid_grey_near_its_place() -> None:
    curve = tone_curve().astype(int)
    assert (np.diff(curve) >= 0).all()
    grey = curve[int((0.18 / 16) ** 0.5 * (len(curve) - 1))]
    assert 105 <= grey <= 135


@pytest.mark.parametrize("loops", _loops(), ids=lambda m: m.__name__.rpartition(".")[2])
def test_somebody_seen_square_on_with_a_light_behind_has_no_undefined_pixels(loops: Any) -> None:
    sheet = Solids()
    sheet.quad("upper", [(-3, -3, 0), (3, -3, 0), (3, 3, 0), (-3, 3, 0)], (0.5, 0.5, 0.5))
    body, _ = triangles_of([Piece("character/ann", sheet.mesh(), (0, 0, 0), 0.0, person=True)])
    view = view_between((0, 0, 1), (0, 0, 0), 50, (161, 91))
    lights = _lights(back=np.array([0, 0, 1], np.float32), back_rgb=np.ones(3, np.float32))
    image = draw_triangles(body, lights, view, ink=0, loops=loops).image
    assert image.min() > 60
    assert np.ptp(image[..., 1].astype(int)) < 40


def test_a_whole_frame_is_the_same_picture_without_numba(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numba")
    from tests.unit.boards.staged import make_shot

    from shotwright.boards import drawing
    from shotwright.boards.sets import place_look

    shot = make_shot(shot_size="medium")
    place = place_look("location/kitchen", "kitchen", True, [shot])
    fast = drawing.draw_shot(shot, {}, place, 0.0, (320, 180))
    plain = importlib.import_module("shotwright.boards.raster.plain")
    monkeypatch.setattr(drawing, "draw_triangles", functools.partial(draw_triangles, loops=plain))
    slow = drawing.draw_shot(shot, {}, place, 0.0, (320, 180))
    assert (fast.ids == slow.ids).mean() > 0.995
    assert np.abs(fast.image.astype(int) - slow.image.astype(int)).mean() < 3
