"""The last step: numbers, labels, slates, cue numbers, line spans and record times. Pure.

Nothing before this step knows a number, so inserting a line renumbers without redoing work. From the first approval on
numbers are locked: an inserted scene becomes 12A, an inserted shot 012-0035, a new set-up takes the next free letter.
"""

from __future__ import annotations

import re
from itertools import chain, count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from shotwright.model.crew import FilmSettings
    from shotwright.model.screenplay import Scene, Screenplay
    from shotwright.model.shot import MusicCue, Shot

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Slate letters: no I and no O, which read as 1 and 0."""
REEL_SECONDS = 20 * 60.0


def letters(index: int) -> str:
    """0 -> nothing (the first set-up is the bare scene number), 1 -> A … 24 -> Z, 25 -> AA."""
    if index <= 0:
        return ""
    text = ""
    while index > 0:
        index, rest = divmod(index - 1, len(LETTERS))
        text = LETTERS[rest] + text
    return text


def number_scenes(scenes: Sequence[Scene], locked: Mapping[str, str]) -> dict[str, str]:
    """Scene id -> scene number: the locked one, else the one written in the script, else the running count.

    Material before the first heading is scene 0. A scene that has none and follows a locked or written number takes
    that number with the next free letter.
    """
    numbers: dict[str, str] = {}
    fixed = {s.id: locked.get(s.id) or s.number or "" for s in scenes}
    used = {n for n in fixed.values() if n}
    anchored = bool(used)
    running = 0
    last = "0"
    for scene in scenes:
        number = fixed[scene.id]
        if scene.implied and not number:
            number = "0"
        elif not number and not anchored:
            running += 1
            number = str(running)
        elif not number:
            number = _after(last, used)
        used.add(number)
        numbers[scene.id] = last = number
    return numbers


def _after(number: str, used: set[str]) -> str:
    """The first free number after one that may not move: 12 -> 12A, 12A -> 12B, at the end of the film 13."""
    match = re.match(r"^(\D*)(\d+)(.*)$", number)
    if match is None:
        stem = number
    else:
        following = f"{match[1]}{int(match[2]) + 1}"
        if not match[3] and not any(_count(n) > int(match[2]) for n in used):
            return following
        stem = f"{match[1]}{match[2]}"
    return next(stem + letters(i) for i in range(1, 10_000) if stem + letters(i) not in used)


def _count(number: str) -> int:
    match = re.search(r"\d+", number)
    return int(match[0]) if match else 0


def number_film(
    scenes: Sequence[tuple[str, Sequence[Shot]]],
    screenplay: Screenplay,
    settings: FilmSettings,
    locked: Mapping[tuple[str, str], str],
) -> list[list[Shot]]:
    """Every shot with its numbers, in film order. `locked` is the journal's table of numbers that may not change."""
    scene_numbers = number_scenes(screenplay.scenes, {i: n for (k, i), n in locked.items() if k == "scene"})
    cues = _CueNumbers(settings, locked)
    sequence = 0
    record = 0
    film: list[list[Shot]] = []
    for scene_id, shots in scenes:
        number = scene_numbers[scene_id]
        slates = _slates(number, shots, locked)
        labels = _labels(number, shots, locked)
        seconds_before = record / settings.frame_rate
        numbered: list[Shot] = []
        for place, shot in enumerate(shots, 1):
            sequence += 1
            cuts = []
            for cut in shot.cuts:
                cuts.append(cut.model_copy(update={"record_in": record}))
                record += cut.src_out - cut.src_in
            audio = shot.audio.model_copy(
                update={"music_cue": cues.number(shot.audio.music_cue, seconds_before, scene_id)}
            )
            lines = [screenplay.lines[u] for u in shot.source.units if u in screenplay.lines]
            numbered.append(
                shot.model_copy(
                    update={
                        "label": labels[shot.shot_id],
                        "slate": slates[shot.setup_id],
                        "scene_number": number,
                        "sequence_number": sequence,
                        "shot_number_in_scene": place,
                        "cuts": tuple(cuts),
                        "audio": audio,
                        "source": shot.source.model_copy(
                            update={"lines": (min(a for a, _ in lines), max(b for _, b in lines)) if lines else None}
                        ),
                    }
                )
            )
        film.append(numbered)
    return film


def _slates(number: str, shots: Sequence[Shot], locked: Mapping[tuple[str, str], str]) -> dict[str, str]:
    slates: dict[str, str] = {
        s.setup_id: locked[("setup", s.setup_id)] for s in shots if ("setup", s.setup_id) in locked
    }
    # A set-up that changed under a shot keeps the shot's slate when nothing else stands under it; a letter once locked
    # is never given to anything else, also when its set-up has gone.
    for shot in shots:
        kept = locked.get(("slate", shot.shot_id))
        if kept is not None and shot.setup_id not in slates and kept not in slates.values():
            slates[shot.setup_id] = kept
    used = {slate for (kind, _), slate in locked.items() if kind == "setup"} | set(slates.values())
    # A scene number that ends in a letter would run into the slate's letter: 12A/B says which is which.
    stem = f"{number}/" if number[-1:].isalpha() else number
    every = chain((number,), (stem + letters(i) for i in count(1)))
    free = (slate for slate in every if slate not in used)
    for shot in shots:
        if shot.setup_id not in slates:
            slates[shot.setup_id] = next(free)
    return slates


def _labels(number: str, shots: Sequence[Shot], locked: Mapping[tuple[str, str], str]) -> dict[str, str]:
    match = re.match(r"^(\D*)(\d+)(.*)$", number)
    stem = f"{match[1]}{int(match[2]):03d}{match[3]}" if match else number
    kept: dict[str, str] = {s.shot_id: locked[("shot", s.shot_id)] for s in shots if ("shot", s.shot_id) in locked}
    if not kept:
        return {s.shot_id: f"{stem}-{place * 10:04d}" for place, s in enumerate(shots, 1)}
    given = {label for (kind, _), label in locked.items() if kind == "shot"}
    return dict(_labels_between(stem, shots, kept, given))


def _labels_between(
    stem: str, shots: Sequence[Shot], kept: Mapping[str, str], used: set[str]
) -> Iterator[tuple[str, str]]:
    """Labels around the locked ones: new shots take the middle of the gap, then letters when a gap is full. `used` are
    all that were ever locked: none is given twice."""
    tail = {s: int(re.sub(r"\D", "", label.rpartition("-")[2]) or 0) for s, label in kept.items()}
    last = 0
    for place, shot in enumerate(shots):
        if shot.shot_id in kept:
            last = tail[shot.shot_id]
            yield shot.shot_id, kept[shot.shot_id]
            continue
        upcoming = [tail[s.shot_id] for s in shots[place:] if s.shot_id in tail]
        waiting = 1 + next((i for i, s in enumerate(shots[place:]) if s.shot_id in tail), 1)
        chosen = last + 10 if not upcoming else last + max(1, (upcoming[0] - last) // waiting)
        label = f"{stem}-{chosen:04d}"
        if label in used or (upcoming and chosen >= upcoming[0]):
            base = f"{stem}-{last:04d}"
            label = next(base + letters(i) for i in range(1, 10_000) if base + letters(i) not in used)
        else:
            last = chosen
        used.add(label)
        yield shot.shot_id, label


class _CueNumbers:
    """Music cues in order of entry: `1m01`. A reel is 20 minutes of running time broken at a scene."""

    def __init__(self, settings: FilmSettings, locked: Mapping[tuple[str, str], str]) -> None:
        self._restart = settings.cue_numbering == "reel"
        self._numbers = {i: n for (k, i), n in locked.items() if k == "cue"}
        self._reel = 1
        self._scene = ""
        self._in_reel: dict[int, int] = {}
        self._count = max((_count(n.partition("m")[2]) for n in self._numbers.values()), default=0)

    def number(self, cue: MusicCue, seconds: float, scene: str) -> MusicCue:
        if not cue.cue_id:
            return cue
        if scene != self._scene:
            self._scene = scene
            self._reel = max(self._reel, 1 + int(seconds // REEL_SECONDS))
        known = self._numbers.get(cue.cue_id)
        if known is None:
            if self._restart:
                self._in_reel[self._reel] = self._in_reel.get(self._reel, 0) + 1
                place = self._in_reel[self._reel]
            else:
                self._count += 1
                place = self._count
            known = f"{self._reel}m{place:02d}" + ("s" if cue.diegetic else "")
            self._numbers[cue.cue_id] = known
        return cue.model_copy(update={"number": known})


def numbers_to_lock(film: Sequence[Sequence[Shot]]) -> list[tuple[str, str, str]]:
    """(kind, id, number) rows of everything numbered, for the journal to keep from the first approval on."""
    rows: dict[tuple[str, str], str] = {}
    for shots in film:
        for shot in shots:
            rows[("scene", shot.scene_id)] = shot.scene_number
            rows[("shot", shot.shot_id)] = shot.label
            rows[("setup", shot.setup_id)] = shot.slate
            rows[("slate", shot.shot_id)] = shot.slate
            if shot.audio.music_cue.cue_id:
                rows[("cue", shot.audio.music_cue.cue_id)] = shot.audio.music_cue.number
    return [(kind, ident, number) for (kind, ident), number in rows.items()]
