"""From clips to frames: what of a clip the audience sees, and when in it each line is spoken."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shotwright.craft.timing import table
from shotwright.model.shot import Cut, DialogueLine

if TYPE_CHECKING:
    from shotwright.crew.director.coverage import Coverage
    from shotwright.crew.director.pieces import Piece
    from shotwright.model.crew import FilmSettings

EIGHTH_SECONDS = 7.5
# How far the page's minute may pull the action of a scene.
LEAST_PULL, MOST_PULL = 0.8, 1.3
LEAST_CUT = 0.8


@dataclass(slots=True)
class Edit:
    """A clip in frames, its cut, and its lines."""

    frames: int
    src_in: int
    src_out: int
    lines: list[DialogueLine]

    @property
    def cut(self) -> Cut:
        return Cut(src_in=self.src_in, src_out=self.src_out)


def edit_scene(shots: list[Coverage], settings: FilmSettings, eighths: int, texts: dict[str, str]) -> list[Edit]:
    """Length, cut and line timing of every clip. `texts` holds each speech's words by unit id."""
    rate = settings.frame_rate
    lengths = [_frames(shot.clip.seconds, settings) for shot in shots]
    cuts = list(lengths)
    if settings.cut_style == "edited":
        pull = _pull(shots, eighths)
        cuts = [
            min(frames, max(math.ceil(_cut_seconds(shot, pull) * rate - 1e-6), math.ceil(LEAST_CUT * rate)))
            for shot, frames in zip(shots, lengths, strict=True)
        ]
    found = []
    for n, (shot, frames, cut) in enumerate(zip(shots, lengths, cuts, strict=True)):
        butted = n + 1 < len(shots) and shots[n + 1].pieces[0].butt
        src_in = (frames - cut) if shot.pieces[0].butt and not butted else (frames - cut) // 2
        lines = _speak(shot.pieces, cut / rate, src_in / rate, butted, texts)
        found.append(Edit(frames, src_in, src_in + cut, lines))
    return found


def _frames(seconds: float, settings: FilmSettings) -> int:
    """Whole frames, within the bounds and never less than the content needs."""
    least = math.ceil(settings.clip_min_seconds * settings.frame_rate - 1e-6)
    most = math.floor(settings.clip_max_seconds * settings.frame_rate + 1e-6)
    return max(least, min(most, math.ceil(seconds * settings.frame_rate - 1e-6)))


def _pull(shots: list[Coverage], eighths: int) -> float:
    """How much the action of this scene stretches so that the scene nears a minute a page, gently."""
    speech = sum(s.clip.speech for s in shots)
    action = sum(_cut_seconds(s, 1.0) for s in shots) - speech
    if action <= 0.1:
        return 1.0
    wanted = eighths * EIGHTH_SECONDS - speech
    return round(max(LEAST_PULL, min(MOST_PULL, wanted / action)), 2)


def _cut_seconds(shot: Coverage, pull: float) -> float:
    """What the audience sees of a clip, in seconds: all of its speech, and action at the pace of its kind."""
    clip = shot.clip
    action = sum(p.seconds for p in shot.action)
    floor = sum(p.floor for p in shot.action)
    over = sum(p.seconds for p in shot.speech if p.voice == "voice_over")
    action, floor = max(0.0, action - over), max(0.0, floor - over)
    if clip.natural > clip.seconds:
        action = clip.seconds - clip.speech
    if clip.speech > 0:
        return min(clip.seconds, clip.speech + max(min(floor, action), action * pull) + (0.2 if shot.peak else 0.0))
    reading = max((p.floor for p in shot.action if p.reads), default=0.0)
    low, high = 1.5, 7.0
    if shot.function in ("montage_element", "series_element"):
        low, high = 1.5, 3.0
    elif shot.function == "reaction" or shot.focus in ("thing", "pov"):
        low, high = 1.5, 4.0
    elif shot.beat == "action" and shot.intensity >= 0.6:
        low, high = 0.8, 5.0
    seconds = max(low, min(high, action * pull))
    return min(clip.seconds, max(seconds, reading, shot.held))


def _speak(pieces: list[Piece], cut: float, offset: float, butted: bool, texts: dict[str, str]) -> list[DialogueLine]:
    """Lay the pieces out in the cut and say when each run of speech begins, in seconds of the clip."""
    t = table()
    speech = sum(_spoken(pieces, n) for n in range(len(pieces)))
    action = sum(p.seconds for p in pieces if p.kind == "action")
    room = max(0.0, cut - speech)
    scale = min(1.0, room / action) if action else 0.0
    spare = max(0.0, room - action * scale)
    # Air goes behind the words, where it tells; before an interruption there is none.
    clock = offset + (spare if butted else min(0.5, 0.2 * spare))
    lines: list[DialogueLine] = []
    n = 0
    while n < len(pieces):
        piece = pieces[n]
        if piece.kind != "speech":
            clock += piece.seconds * scale
            n += 1
            continue
        run = [piece]
        while n + len(run) < len(pieces) and pieces[n + len(run)].unit == piece.unit:
            run.append(pieces[n + len(run)])
        seconds = sum(p.seconds for p in run)
        tight = piece.butt and bool(lines)
        start = lines[-1].start_seconds if piece.dual_second and lines else clock + (0.05 if tight else t.lead)
        lines.append(_line(run, start, seconds, texts.get(piece.unit, "")))
        clock = max(clock, start + seconds + t.gap - t.lead)
        n += len(run)
    return lines


def _spoken(pieces: list[Piece], n: int) -> float:
    piece = pieces[n]
    if piece.kind != "speech":
        return 0.0
    gap = table().gap if not n or pieces[n - 1].unit != piece.unit else 0.0
    if piece.dual_second and n:
        return max(0.0, piece.seconds - pieces[n - 1].seconds)
    return piece.seconds + gap


def join_speech(texts: list[str], whole: str) -> str:
    """Pieces of a speech as one text: with a space, or none where the whole has none (scripts without spaces)."""
    text = ""
    for part in texts:
        spaced = f"{text} {part}" if text else part
        text = spaced if spaced in whole or f"{text}{part}" not in whole else f"{text}{part}"
    return text


def _line(run: list[Piece], start: float, seconds: float, whole: str) -> DialogueLine:
    piece = run[0]
    return DialogueLine(
        speaker=piece.speakers[0],
        speakers=piece.speakers if len(piece.speakers) > 1 else (),
        addressee=piece.addressee,
        text=join_speech([p.text for p in run], whole),
        extension=piece.extension,
        delivery="; ".join(dict.fromkeys(p.delivery for p in run if p.delivery)),
        unit=piece.unit,
        start_seconds=round(start, 2),
        seconds=round(seconds, 2),
        voice=piece.voice,
        dual=piece.dual,
    )
