"""The animatic: the film's frames in the time of its cuts, as an MP4, with words and slate burnt in for people to read.

Between the first, middle and last frame of a moving camera the nearest one is seen through the camera as it moves: what
lies in the plane of focus goes exactly where it would, and the next frame is dissolved to on the way.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from shotwright.errors import InputError
from shotwright.exports.contact_sheet import EXTRA, require_frames

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from shotwright.exports.film import Film
    from shotwright.model.shot import Cut, DialogueLine, Frame, Shot

STEP = 2
"""Frames of the film for one drawing of a moving camera: drawn on twos."""
STILL_STEP = 12
"""The longest that a still picture stands without being said again, so that players can seek."""
DISSOLVE_SECONDS = 0.5
HANDOVER = 0.07
"""Of the shot, on each side of half way between two frames: how long one is dissolved into the next."""
SOFT = 8
"""Pixels over which the edge of a frame goes over into the next frame where a camera has moved past it."""
MOMENTS = {"first": 0.0, "middle": 0.5, "last": 1.0}
TEXT, SHADE, FAINT = (245, 243, 238), (0, 0, 0), (205, 203, 198)


@dataclass(frozen=True, slots=True)
class Reel:
    """What was written."""

    seconds: float
    cuts: int
    codec: str


@dataclass(frozen=True, slots=True)
class Piece:
    """One cut in the order of the film."""

    shot: Shot
    cut: Cut
    begins: int
    """Frame of the film at which it begins."""

    @property
    def length(self) -> int:
        return self.cut.src_out - self.cut.src_in


def write_animatic(film: Film, path: Path, *, clean: bool = False) -> Reel:
    """Write the film, or those scenes of it that are given, to an MP4 of its frames' size at its frame rate.

    `clean` leaves slate, clock and words away. The film is drawn as it is written: memory does not grow with it. The
    same film gives the same bytes with the same encoder. InputError where nothing was drawn or PyAV is not installed.
    """
    require_frames(film, "the animatic")
    try:
        import av
    except ImportError as error:
        raise InputError("the animatic needs PyAV, which is not installed", hint=EXTRA) from error
    rate = film.settings.frame_rate
    pieces = pieces_of(film.shots)
    from shotwright.boards.frames import frame_size

    size = frame_size(film.settings.aspect)
    beside = path.with_name(f".{path.name}.part")
    try:
        with av.open(str(beside), "w", format="mp4", options={"fflags": "+bitexact"}) as file:
            stream, codec = _stream(file, size, rate)
            for at, image in _images(film, pieces, size, clean):
                frame = av.VideoFrame.from_ndarray(image, format="rgb24")
                frame.pts, frame.time_base = at, Fraction(1, rate)
                for packet in stream.encode(frame):
                    file.mux(packet)
            for packet in stream.encode(None):
                file.mux(packet)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return Reel(sum(p.length for p in pieces) / rate, len(pieces), codec)


def pieces_of(shots: Sequence[Shot]) -> list[Piece]:
    """Every cut of the shots in the order of the film, one after the other from frame 0."""
    cuts = sorted(
        ((cut.record_in, n, shot, cut) for n, shot in enumerate(shots) for cut in shot.cuts), key=lambda c: c[:2]
    )
    found: list[Piece] = []
    begins = 0
    for _, _, shot, cut in cuts:
        found.append(Piece(shot, cut, begins))
        begins += cut.src_out - cut.src_in
    return found


def _stream(file: Any, size: tuple[int, int], rate: int) -> tuple[Any, str]:
    import av

    for codec, options in (("libx264", {"preset": "veryfast", "crf": "23", "tune": "stillimage"}), ("mpeg4", {})):
        if codec not in av.codecs_available:
            continue
        # One thread: with several the bytes depend on which is first.
        stream = file.add_stream(codec, rate=rate, options={**options, "threads": "1"})
        stream.width, stream.height, stream.pix_fmt = size[0], size[1], "yuv420p"
        stream.codec_context.time_base = Fraction(1, rate)
        stream.codec_context.gop_size = 4 * rate
        if codec == "mpeg4":
            stream.bit_rate = 3_000_000
        return stream, codec
    raise InputError("this PyAV has no encoder for MP4 video", hint="install PyAV from the package index")


def _images(film: Film, pieces: Sequence[Piece], size: tuple[int, int], clean: bool) -> Iterator[tuple[int, Any]]:
    """(frame of the film, picture) wherever the picture changes, and often enough in between."""
    import numpy as np
    from PIL import Image

    rate = film.settings.frame_rate
    fade = round(DISSOLVE_SECONDS * rate)
    before: Any = Image.new("RGB", size)
    last: tuple[int, Any] = (0, None)
    for piece in pieces:
        viewer = _Viewer(film, piece.shot, size)
        shown: Any = None
        for offset in range(piece.length):
            words = _words(film, piece, offset, rate) if not clean else None
            mixed = offset < fade and piece.shot.transition_in in _TRANSITIONS
            moment = viewer.moment(piece.cut.src_in + offset - offset % STEP)
            key = (moment, words, offset if mixed else -1)
            if key == shown and offset % STILL_STEP:
                continue
            shown = key
            image = viewer.image(moment)
            if mixed:
                image = _TRANSITIONS[piece.shot.transition_in](before, image, (offset + 1) / (fade + 1))
            made = np.asarray(image if words is None else _lettered(image, words))
            last = (piece.begins + offset, made)
            yield last
        before = viewer.image(viewer.moment(piece.cut.src_out - 1))
    total = pieces[-1].begins + pieces[-1].length if pieces else 0
    if total - 1 > last[0] and last[1] is not None:
        yield total - 1, last[1]


class _Viewer:
    """One shot through its camera."""

    def __init__(self, film: Film, shot: Shot, size: tuple[int, int]) -> None:
        self._film = film
        self._shot = shot
        self._size = size
        order = [f for at in MOMENTS for f in shot.frames if f.at == at]
        self._frames: list[Frame] = order
        camera = shot.technical_layer.camera
        goes = any(subject.travel is not None for subject in shot.technical_layer.staging.subjects)
        # Whoever walks would be seen twice, once where each frame left them: those frames follow each other, dissolved.
        self._moves = not goes and (camera.movement.type != "static" or camera.lens.zoom is not None)

    def moment(self, frame: int) -> float:
        """0-1 through the shot; always the same where nothing moves."""
        if len(self._frames) < 2:
            return 0.0
        at = (frame + 0.5) / max(self._shot.duration_frames, 1)
        if self._moves:
            return round(at, 4)
        # People move and the camera does not: their frames follow each other, dissolved.
        here, there, mix = self._between(at)
        return round(here if mix == 0 else there if mix == 1 else at, 4)

    def image(self, moment: float) -> Any:
        if not self._frames:
            return _card(self._shot, self._film, self._size)
        from PIL import Image, ImageChops

        here, there, mix = self._between(moment)
        nearer, other, share = (here, there, mix) if mix < 0.5 else (there, here, 1 - mix)
        seen, hole = self._seen(nearer, moment)
        if nearer == other or (share == 0 and hole is None):
            return seen
        second, second_hole = self._seen(other, moment)
        mixed = Image.blend(seen, second, share)
        # Where one of the two frames ends, the other goes on alone.
        if second_hole is not None:
            mixed = Image.composite(seen, mixed, second_hole)
        if hole is not None and second_hole is not None:
            hole = ImageChops.multiply(hole, ImageChops.invert(second_hole))
        return mixed if hole is None else Image.composite(second, mixed, hole)

    def _between(self, at: float) -> tuple[float, float, float]:
        """(moment of one frame, of the next, how far from the one to the next)."""
        times = [MOMENTS[f.at] for f in self._frames]
        if len(times) == 1:
            return times[0], times[0], 0.0
        for one, two in pairwise(times):
            if at <= two or two == times[-1]:
                middle = (one + two) / 2
                mix = (at - middle + HANDOVER) / (2 * HANDOVER)
                return one, two, min(max(mix, 0.0), 1.0)
        raise AssertionError(at)

    def _seen(self, key: float, moment: float) -> tuple[Any, Any]:
        """The frame of one moment as the camera of another sees it, and a mask of what lies beyond its edges (None
        where it fills the picture)."""
        image = self._picture(key)
        if not self._moves or abs(key - moment) < 1e-6:
            return image, None
        from PIL import Image, ImageChops

        way = self._homography(key, moment)
        seen = image.transform(self._size, Image.Transform.PERSPECTIVE, way, Image.Resampling.BILINEAR)
        if _covers(way, self._size):
            return seen, None
        reach = _soft_edged(self._size).transform(
            self._size, Image.Transform.PERSPECTIVE, way, Image.Resampling.BILINEAR
        )
        # Where neither frame reaches, the frame as it was drawn is nearest to what would be there.
        return Image.composite(seen, image, reach), ImageChops.invert(reach)

    def _homography(self, key: float, moment: float) -> tuple[float, ...]:
        """Where in the frame of `key` each pixel of `moment` comes from, for the plane in focus (Hartley and Zisserman,
        Multiple View Geometry, 13.1)."""
        import numpy as np

        from shotwright.boards.camera import view_of

        camera = self._shot.technical_layer.camera
        there, here = view_of(camera, self._size, key), view_of(camera, self._size, moment)
        staged = {str(s.entity): s.position_m for s in self._shot.technical_layer.staging.subjects}
        x, _, z = staged.get(camera.focus.on, camera.look_at_m)
        target = np.array([x, float(there.eye[1]), z], np.float64)
        depth = max(float((target - there.eye) @ there.forward), 0.5)

        def axes(view: Any) -> Any:
            return np.stack([view.right, -view.up, view.forward]).astype(np.float64)

        def lens(view: Any) -> Any:
            return np.array([[view.focal_px, 0, view.width / 2], [0, view.focal_px, view.height / 2], [0, 0, 1]])

        step = (here.eye - there.eye).astype(np.float64)
        plane = np.outer(step, there.forward) + (depth - float(there.forward @ step)) * np.eye(3)
        whole = lens(there) @ axes(there) @ plane @ axes(here).T @ np.linalg.inv(lens(here))
        flat = (whole / whole[2, 2]).ravel()
        return tuple(round(float(v), 9) for v in flat[:8])

    def _picture(self, key: float) -> Any:
        frame = min(self._frames, key=lambda f: abs(MOMENTS[f.at] - key))
        return _decoded(self._film.pictures, frame.sha256, self._size)


def _covers(way: tuple[float, ...], size: tuple[int, int]) -> bool:
    """Whether every corner of the picture comes from inside the frame."""
    a, b, c, d, e, f, g, h = way
    for x, y in ((0, 0), (size[0], 0), (0, size[1]), size):
        depth = g * x + h * y + 1
        if depth <= 0:
            return False
        if not (
            -0.5 <= (a * x + b * y + c) / depth <= size[0] + 0.5
            and -0.5 <= (d * x + e * y + f) / depth <= size[1] + 0.5
        ):
            return False
    return True


@lru_cache(maxsize=2)
def _soft_edged(size: tuple[int, int]) -> Any:
    """Full inside a frame and fading out over its last pixels."""
    from PIL import Image, ImageFilter

    inner = Image.new("L", size, 0)
    inner.paste(255, (SOFT, SOFT, size[0] - SOFT, size[1] - SOFT))
    return inner.filter(ImageFilter.BoxBlur(SOFT - 1))


@lru_cache(maxsize=8)
def _decoded(pictures: Callable[[str], bytes | None] | None, sha256: str, size: tuple[int, int]) -> Any:
    from PIL import Image, ImageOps

    data = pictures(sha256) if pictures is not None else None
    if data is None:
        return Image.new("RGB", size, (40, 40, 44))
    with Image.open(io.BytesIO(data)) as opened:
        image = opened.convert("RGB")
    return image if image.size == size else ImageOps.pad(image, size, Image.Resampling.BILINEAR, (0, 0, 0))


def _card(shot: Shot, film: Film, size: tuple[int, int]) -> Any:
    """In place of a frame that was not drawn: what happens, in words."""
    from PIL import Image, ImageDraw

    from shotwright.boards.lettering import Lettering

    image = Image.new("RGB", size, (52, 52, 58))
    pen, type_ = ImageDraw.Draw(image), Lettering(24)
    lines = type_.wrap(shot.narrative_layer.action_description or "no frame drawn", size[0] * 0.7, 6)
    for row, text in enumerate(lines):
        type_.draw(pen, (size[0] / 2, size[1] * 0.35 + 34 * row), text, TEXT, "m")
    return image


def _words(film: Film, piece: Piece, offset: int, rate: int) -> tuple[str, str, tuple[str, ...]]:
    """(slate, clock, what is said) at a frame of the cut."""
    shot = piece.shot
    now = (piece.cut.src_in + offset) / rate
    said = tuple(
        f"{_speaker(film, line)}: {line.text}"
        for line in shot.audio.dialogue
        if line.start_seconds <= now < line.start_seconds + max(line.seconds, 0.5)
    )
    seconds = (piece.begins + offset) // rate
    clock = f"{seconds // 3600:d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return f"{shot.slate}   {shot.label}", clock, said


def _speaker(film: Film, line: DialogueLine) -> str:
    return " & ".join(film.name_of(who).upper() for who in (line.speakers or (line.speaker,)))


def _lettered(image: Any, words: tuple[str, str, tuple[str, ...]]) -> Any:
    from PIL import Image

    layer, mask = _lettering(image.size, words)
    return Image.composite(layer, image, mask)


@lru_cache(maxsize=4)
def _lettering(size: tuple[int, int], words: tuple[str, str, tuple[str, ...]]) -> tuple[Any, Any]:
    """The words with a dark edge, and where they cover the picture."""
    from PIL import Image, ImageChops, ImageDraw, ImageFilter

    from shotwright.boards.lettering import Lettering

    width, height = size
    slate, clock, said = words
    ink = Image.new("L", size, 0)
    pen, small, large = ImageDraw.Draw(ink), Lettering(17), Lettering(25)
    small.draw(pen, (16, 12), slate, 255)
    small.draw(pen, (width - 16, 12), clock, 255, "r")
    rows = [row for line in said for row in large.wrap(line, width * 0.86, 3)][-4:]
    for at, row in enumerate(rows):
        large.draw(pen, (width / 2, height - 20 - 32 * (len(rows) - at)), row, 255, "m")
    edge = ink.filter(ImageFilter.MaxFilter(5)).filter(ImageFilter.GaussianBlur(1.2))
    layer = Image.composite(Image.new("RGB", size, TEXT), Image.new("RGB", size, SHADE), ink)
    return layer, ImageChops.lighter(ink, edge)


def _dissolved(before: Any, image: Any, mix: float) -> Any:
    from PIL import Image

    return Image.blend(before, image, mix)


def _out_of(colour: tuple[int, int, int]) -> Any:
    def faded(before: Any, image: Any, mix: float) -> Any:
        from PIL import Image

        plain = Image.new("RGB", image.size, colour)
        return Image.blend(before, plain, mix * 2) if mix < 0.5 else Image.blend(plain, image, mix * 2 - 1)

    return faded


def _wiped(before: Any, image: Any, mix: float) -> Any:
    made = before.copy()
    edge = round(image.width * mix)
    made.paste(image.crop((0, 0, edge, image.height)), (0, 0))
    return made


_TRANSITIONS: dict[str, Any] = {
    "dissolve": _dissolved, "fade_in": _out_of((0, 0, 0)), "fade_out": _out_of((0, 0, 0)),
    "fade_white": _out_of((255, 255, 255)), "wipe": _wiped, "iris": _dissolved,
}  # fmt: skip
