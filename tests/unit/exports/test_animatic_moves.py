"""Between the frames of a camera that moves: no black edges, and nobody twice."""

from __future__ import annotations

import io

import pytest

pytest.importorskip("PIL")

from PIL import Image, ImageChops
from tests.unit.exports.builders import NADIA, build_shot, subject, with_camera, with_staging

from shotwright.exports import Film
from shotwright.exports.animatic import _Viewer
from shotwright.model.shot import Frame, Movement, Travel

SIZE = (320, 180)
SHADES = {"first": 120, "middle": 150, "last": 180}


def picture(shade: int) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", SIZE, (shade, shade, shade)).save(data, "PNG")
    return data.getvalue()


PICTURES = {str(n) * 64: picture(shade) for n, shade in enumerate(SHADES.values(), 1)}
FRAMES = tuple(Frame(at=at, sha256=str(n) * 64) for n, at in enumerate(SHADES, 1))  # type: ignore[arg-type]


@pytest.mark.parametrize("move", ["pan_left", "pan_right", "dolly_out", "truck_left", "tilt_up", "arc_left", "roll_cw"])
def test_a_moving_camera_never_sees_past_the_edge_of_its_frames(move: str) -> None:
    shot = with_camera(build_shot(frames=FRAMES), movement=Movement(type=move, speed="moderate"))  # type: ignore[arg-type]
    viewer = _Viewer(Film(shots=(shot,), pictures=PICTURES.get), shot, SIZE)
    for step in range(25):
        darkest, brightest = viewer.image(step / 24).convert("L").getextrema()
        assert darkest >= SHADES["first"] - 2, (move, step)
        assert brightest <= SHADES["last"] + 2, (move, step)


def test_frames_of_somebody_who_walks_follow_each_other_unmoved() -> None:
    walking = subject(NADIA, "left", pose_start="walk", travel=Travel(screen_direction="left"))
    shot = with_camera(build_shot(frames=FRAMES), movement=Movement(type="truck_left", speed="fast"))
    shot = with_staging(shot, walking)
    viewer = _Viewer(Film(shots=(shot,), pictures=PICTURES.get), shot, SIZE)
    assert ImageChops.difference(viewer.image(0.1), viewer.image(0.0)).getbbox() is None
