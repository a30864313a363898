"""The animatic: the length of the cuts, words when they are said, moves that move, the same bytes twice."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("numpy")
pytest.importorskip("PIL")
pytest.importorskip("av")

import av
import numpy as np
from PIL import Image, ImageDraw
from tests.unit.exports.builders import build_shot, with_camera

from shotwright.errors import InputError
from shotwright.exports import Film
from shotwright.exports.animatic import pieces_of, write_animatic
from shotwright.model.shot import Cut, Frame, Movement

if TYPE_CHECKING:
    from pathlib import Path

    from shotwright.model.shot import Shot


def picture(shade: int) -> bytes:
    image = Image.new("RGB", (960, 540), (shade, shade, shade))
    pen = ImageDraw.Draw(image)
    pen.rectangle((440, 230, 520, 310), fill=(255 - shade,) * 3)
    data = io.BytesIO()
    image.save(data, "JPEG", quality=95)
    return data.getvalue()


PICTURES = {"a" * 64: picture(60), "b" * 64: picture(60), "c" * 64: picture(60), "d" * 64: picture(200)}


def shot(name: str, sha: str = "a", **changes: Any) -> Shot:
    frames = (Frame(at="first", sha256=sha * 64),)
    return build_shot(
        name, **{"frames": frames, "cuts": (Cut(src_in=0, src_out=48),), "transition_in": "cut"} | changes
    )


def film(*shots: Shot) -> Film:
    return Film(shots=shots, title="Two", pictures=PICTURES.get)


def frames_of(path: Path) -> list[tuple[int, Any]]:
    with av.open(str(path)) as file:
        return [(f.pts, f.to_ndarray(format="rgb24").astype(int)) for f in file.decode(video=0)]


def length_of(path: Path) -> float:
    with av.open(str(path)) as file:
        return float(file.streams.video[0].duration * file.streams.video[0].time_base)


def at_frame(path: Path, wanted: int) -> Any:
    with av.open(str(path)) as file:
        base = file.streams.video[0].time_base
        shown = [
            f.to_ndarray(format="rgb24").astype(int)
            for f in file.decode(video=0)
            if f.pts * base <= (wanted + 0.5) / 24
        ]
    return shown[-1]


def test_it_lasts_as_long_as_the_cuts_and_follows_their_order(tmp_path: Path) -> None:
    one = shot("sh_1", cuts=(Cut(src_in=0, src_out=36, record_in=0), Cut(src_in=96, src_out=120, record_in=60)))
    two = shot("sh_2", "d", cuts=(Cut(src_in=0, src_out=24, record_in=36),))
    assert [(p.shot.shot_id, p.begins, p.length) for p in pieces_of([one, two])] == [
        ("sh_1", 0, 36), ("sh_2", 36, 24), ("sh_1", 60, 24),
    ]  # fmt: skip
    path = tmp_path / "a.mp4"
    assert write_animatic(film(one, two), path, clean=True).seconds == 3.5
    assert length_of(path) == pytest.approx(3.5, abs=2 / 24)
    assert at_frame(path, 20)[20, 20, 0] < 90
    assert at_frame(path, 50)[20, 20, 0] > 170
    assert at_frame(path, 70)[20, 20, 0] < 90


def test_words_stand_while_they_are_said_and_not_on_the_clean_copy(tmp_path: Path) -> None:
    said = shot("sh_1", cuts=(Cut(src_in=0, src_out=144),))
    line = said.audio.dialogue[0]
    path, clean = tmp_path / "a.mp4", tmp_path / "clean.mp4"
    write_animatic(film(said), path)
    write_animatic(film(said), clean, clean=True)
    during = round((line.start_seconds + line.seconds / 2) * 24)
    before = round(line.start_seconds * 24) - 6

    def words(path: Path, frame: int) -> int:
        return int((at_frame(path, frame)[430:530] > 200).sum())

    assert words(path, during) > 500
    assert words(path, before) == 0
    assert words(clean, during) == 0


@pytest.mark.parametrize(("move", "grows"), [("dolly_in", True), ("dolly_out", False)])
def test_a_moving_camera_moves_between_its_frames(tmp_path: Path, move: str, grows: bool) -> None:
    moving = with_camera(shot("sh_1"), movement=Movement(type=move, speed="fast", support="dolly"))
    frames = tuple(Frame(at=at, sha256=s * 64) for at, s in (("first", "a"), ("middle", "b"), ("last", "c")))
    moving = moving.model_copy(update={"frames": frames, "cuts": (Cut(src_in=0, src_out=144),)})
    path = tmp_path / "a.mp4"
    write_animatic(film(moving), path, clean=True)
    light = [int((image[100:440, 200:760, 0] > 130).sum()) for pts, image in frames_of(path)]
    early = light[: len(light) // 4]
    assert early[0] != early[-1]
    assert (early[-1] > early[0]) is grows
    assert len(light) > 60


def test_a_dissolve_lies_between_the_two(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    write_animatic(film(shot("sh_1"), shot("sh_2", "d", transition_in="dissolve")), path, clean=True)
    middle = at_frame(path, 48 + 6)[20, 20, 0]
    assert 100 < middle < 160
    assert at_frame(path, 48 + 20)[20, 20, 0] > 180


def test_the_same_film_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.mp4", "b.mp4"):
        write_animatic(film(shot("sh_1"), shot("sh_2", "d")), tmp_path / name)
    assert (tmp_path / "a.mp4").read_bytes() == (tmp_path / "b.mp4").read_bytes()


def test_a_film_without_frames_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="frames"):
        write_animatic(Film(shots=(build_shot("sh_1"),)), tmp_path / "a.mp4")
    assert not list(tmp_path.iterdir())


def test_a_shot_that_was_not_drawn_is_a_card_with_its_words(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    write_animatic(film(shot("sh_1"), shot("sh_2", frames=())), path, clean=True)
    card = at_frame(path, 60)
    assert np.unique(card[100:400, 200:760, 0]).size > 10
