"""What must hold of a directed scene, whoever directed it."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from shotwright.craft.timing import table, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shotwright.model.crew import DirectedScene, DirectedShot, FilmSettings
    from shotwright.model.story import SceneBrief


def check_scene(brief: SceneBrief, settings: FilmSettings, directed: DirectedScene) -> tuple[str, ...]:
    """Every fault found, each one sentence that names the shot; empty when all holds.

    Every spoken word once and in order, every action sentence in a shot, lengths within the bounds or with a reason,
    words within the cut, no purpose twice in a row, no units in an added shot, nobody in focus who is not there.
    """
    found = [*_speech(brief, directed), *_action(brief, directed), *_neighbours(directed)]
    for shot in directed.shots:
        found.extend(_length(shot, settings))
        found.extend(_fit(shot, settings))
        if shot.added and (shot.units or shot.dialogue):
            found.append(f"{shot.shot_id}: an added shot carries a part of the script")
    ids = [s.shot_id for s in directed.shots]
    if len(set(ids)) != len(ids):
        found.append("two shots have the same id")
    return tuple(found)


def _plain(text: str) -> str:
    return "".join(text.split())


def _speech(brief: SceneBrief, directed: DirectedScene) -> Iterator[str]:
    spoken: dict[str, str] = {}
    last_at: dict[str, int] = {}
    order: list[str] = []
    for at, shot in enumerate(directed.shots):
        for line in shot.dialogue:
            spoken[line.unit] = spoken.get(line.unit, "") + _plain(line.text)
            if last_at.get(line.unit, at) < at - 1:
                yield f"{shot.shot_id}: the speech {line.unit} goes on after a shot without it"
            last_at[line.unit] = at
            if line.unit not in order:
                order.append(line.unit)
            if line.unit not in shot.units:
                yield f"{shot.shot_id}: says words of {line.unit} and does not cite it"
    speeches = [u for u in brief.scene.units if u.kind == "speech" and _plain(u.text)]
    for unit in speeches:
        if spoken.get(unit.id, "") != _plain(unit.text):
            yield f"the speech {unit.id} is not said word for word"
    if order != [u.id for u in speeches if u.id in spoken]:
        yield "the speeches are not in script order"


def _action(brief: SceneBrief, directed: DirectedScene) -> Iterator[str]:
    shown = [unit for shot in directed.shots for unit in shot.units]
    missing = {u.id for u in brief.scene.units if u.kind != "speech" or u.text} - set(shown)
    for unit in brief.scene.units:
        if unit.id in missing:
            yield f"no shot carries {unit.id}: {unit.text[:60]}"
    position = {u.id: n for n, u in enumerate(brief.scene.units)}
    places = [position[u] for u in shown if u in position]
    if any(b < a for a, b in pairwise(places)):
        yield "the units are not in script order"


def _neighbours(directed: DirectedScene) -> Iterator[str]:
    for before, shot in pairwise(directed.shots):
        if before.narrative.shot_purpose == shot.narrative.shot_purpose:
            yield f"{shot.shot_id}: has the purpose of the shot before it"


def _length(shot: DirectedShot, settings: FilmSettings) -> Iterator[str]:
    seconds = shot.duration_frames / settings.frame_rate
    if seconds > settings.clip_max_seconds + 1e-6:
        yield f"{shot.shot_id}: {seconds:.2f} s is over {settings.clip_max_seconds:g} s"
    if seconds < settings.clip_min_seconds - 1e-6 and shot.duration_reason is None:
        yield f"{shot.shot_id}: {seconds:.2f} s is under {settings.clip_min_seconds:g} s without a reason"
    if not shot.cuts:
        yield f"{shot.shot_id}: has no cut"
    for cut in shot.cuts:
        if not 0 <= cut.src_in < cut.src_out <= shot.duration_frames:
            yield f"{shot.shot_id}: a cut lies outside the clip"


def _fit(shot: DirectedShot, settings: FilmSettings) -> Iterator[str]:
    """Words / rate + 0.4 s for each run of speech, within what the audience sees."""
    if not shot.dialogue or not shot.cuts:
        return
    rate = settings.words_per_second
    need = 0.0
    for n, line in enumerate(shot.dialogue):
        words = sum(t.words for t in tokens(line.text))
        beside = line.dual and n > 0 and shot.dialogue[n - 1].dual and shot.dialogue[n - 1].unit != line.unit
        need += 0.0 if beside else words / rate + table().gap
    seen = sum(c.src_out - c.src_in for c in shot.cuts) / settings.frame_rate
    if need > seen + 0.05:
        yield f"{shot.shot_id}: {need:.2f} s of speech in a cut of {seen:.2f} s"
    first = min(line.start_seconds for line in shot.dialogue)
    begins = shot.cuts[0].src_in / settings.frame_rate
    if first - begins < table().lead - 0.02:
        yield f"{shot.shot_id}: the first word comes {first - begins:.2f} s into the cut"
    ends = max(line.start_seconds + line.seconds for line in shot.dialogue)
    if ends > shot.cuts[-1].src_out / settings.frame_rate + 0.05:
        yield f"{shot.shot_id}: the cut ends before its last word"
