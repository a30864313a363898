"""The language model as Sound Designer: the air of each place, what is left out, one telling sound more, and where
sound goes over a cut.

What the script writes is never dropped, and nothing here is music: `ask_music` words the film's cues.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel

from shotwright.craft.answers import Refused, phrase
from shotwright.crew.sound_designer.check import check_sound
from shotwright.crew.sound_designer.cue_words import ask_music
from shotwright.crew.sound_designer.laps import laps_offered
from shotwright.crew.sound_designer.plausible import known_sounds, offered, require_plausible, require_weather
from shotwright.model.layers import covers
from shotwright.model.question import Question, Taken
from shotwright.model.shot import SoundEffect

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from shotwright.crew.sound_designer.laps import Lap
    from shotwright.model.crew import (
        DirectedScene,
        DirectedShot,
        FilmSettings,
        MusicPlan,
        Pin,
        Revision,
        ScoredScene,
        ShotSound,
    )
    from shotwright.model.language import Refinement
    from shotwright.model.story import SceneBrief

__all__ = ["ask", "ask_music"]

EFFECTS = "effects"
LAPS = "laps"
MOST_ADDED = 3
MOST_LAPS = 3
LONGEST_AIR = 130
MOST_AIR_WORDS = 18
LONGEST_SOUND = 60
ADDED_SECONDS = 1.5
_TAGS = re.compile(r"<\s*/?\s*script[^>]*>?", re.IGNORECASE)
_VOICES = re.compile(
    r"\b(?:voices?|words|calls? (?:out|his|her|their)|murmurs? (?:his|her|their|that)|prays?)\b", re.IGNORECASE
)
_NOT_SOUND = re.compile(
    r"\b(?:music|score|song|theme|melody|orchestra|strings|piano|violins?|cellos?|choir|singing|sings|dialogue|says|"
    r"whispers? (?:that|to)|voice ?over|narrat\w*|camera|shot|silence)\b",
    re.IGNORECASE,
)


class Air(BaseModel):
    air: str
    say: str


class Added(BaseModel):
    shot: int
    sound: str


class OverCut(BaseModel):
    shot: int
    way: Literal["lead", "tail"]


class Sounds(BaseModel):
    airs: list[Air]
    drop: list[int]
    add: list[Added]
    laps: list[OverCut] = []


@cache
def prompt() -> str:
    """What every scene's question begins with."""
    return files("shotwright.crew.sound_designer").joinpath("prompt.md").read_text(encoding="utf-8").strip()


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Shots under one air."""

    letter: str
    shots: tuple[int, ...]
    text: str


@dataclass(frozen=True, slots=True)
class _Desk:
    """What an answer is held against."""

    brief: SceneBrief
    directed: DirectedScene
    rate: int
    airs: tuple[_Stretch, ...]
    loose: tuple[tuple[int, int], ...]
    """(shot, place among its effects) of each effect that may be dropped, by number from 1."""
    open_shots: frozenset[int]
    """Shots whose effects may change."""
    script: tuple[str, ...]
    laps: tuple[Lap, ...]
    known: str
    """What the scene speaks of and sounds of already, in lower case."""
    asked: dict[str, str]
    """Shot -> what a person asked for there."""


def ask(
    brief: SceneBrief,
    directed: DirectedScene,
    draft: ScoredScene,
    music: Sequence[MusicPlan],
    pins: Sequence[Pin] = (),
    revisions: Sequence[Revision] = (),
    settings: FilmSettings | None = None,
    film: str = "",
) -> Question[ScoredScene] | None:
    """The one question about a scene's sound; with `revisions` only about their shots. None where all is pinned, or is
    as a person asked already."""
    asked = {r.shot_id for r in revisions}
    about = [n for n, shot in enumerate(draft.shots) if not asked or shot.shot_id in asked]
    fields = {r.field for r in revisions}
    sent: dict[str, str] = {r.shot_id: r.feedback for r in revisions}
    airs = _airs(draft, about, _held(draft, pins, "ambience"), sent)
    if asked and not any(f in ("audio", "audio.ambience") for f in fields):
        airs = ()
    held = _held(draft, pins, "sound_effects")
    effects_asked = not asked or any(f != "audio.ambience" for f in fields)
    open_shots = frozenset(n for n in about if draft.shots[n].shot_id not in held) if effects_asked else frozenset()
    rate = settings.frame_rate if settings is not None else 24
    locked = held | _pinned(pins, "lead_frames") | _pinned(pins, "tail_frames")
    laps = () if asked else laps_offered(brief, directed, draft, rate, sorted(locked))
    if not airs and not open_shots:
        return None
    loose = tuple(
        (n, place)
        for n in sorted(open_shots)
        for place, effect in enumerate(draft.shots[n].sound_effects)
        if effect.origin != "script"
    )
    script = tuple(u.text for u in brief.scene.units if u.text.strip())
    by_person: dict[str, str] = {r.shot_id: r.feedback for r in revisions if r.code == "PERSON"}
    known = known_sounds(brief, draft) + " " + " ".join(r.feedback.casefold() for r in revisions)
    desk = _Desk(brief, directed, rate, airs, loose, open_shots, script, laps, known, by_person)
    return Question(
        agent="sound_designer",
        task="sound_designer.scene",
        scene=brief.scene.scene_id,
        instructions=prompt(),
        film=film,
        body="\n".join(_page(desk, draft, about, revisions)),
        answer=Sounds,
        drafted=Sounds(airs=[Air(air=a.letter, say=a.text) for a in airs], drop=[], add=[]),
        keys=(
            *(f"air {a.letter}" for a in airs),
            *([EFFECTS] if open_shots else []),
            *([LAPS] if laps else []),
        ),
        take=partial(_take, desk),
        mark=partial(_mark, desk),
        likely_tokens=40 * len(airs) + 80,
    )


def _held(draft: ScoredScene, pins: Sequence[Pin], field: Literal["ambience", "sound_effects"]) -> frozenset[str]:
    """Shots whose field a person has set, or asked for in words that the rules could meet."""
    met = (s.shot_id for s in draft.shots if s.provenance[field].mind == "person" or s.provenance[field].pinned)
    return _pinned(pins, field) | frozenset(met)


def _pinned(pins: Sequence[Pin], field: str) -> frozenset[str]:
    return frozenset(p.shot_id for p in pins if covers(p.field, f"audio.{field}") or covers(f"audio.{field}", p.field))


def _airs(draft: ScoredScene, about: Sequence[int], held: frozenset[str], sent: dict[str, str]) -> tuple[_Stretch, ...]:
    """The scene's airs by letter; of shots that were sent back, those apart that were sent back with other words."""
    groups: dict[tuple[str, str], list[int]] = {}
    for n in about:
        shot = draft.shots[n]
        if shot.shot_id not in held and shot.ambience:
            groups.setdefault((shot.ambience, sent.get(shot.shot_id, "")), []).append(n)
    return tuple(
        _Stretch(chr(ord("A") + at), tuple(shots), draft.shots[shots[0]].ambience)
        for at, shots in enumerate(list(groups.values())[:26])
    )


# the answer


def _take(desk: _Desk, standing: ScoredScene, answer: Any, open_keys: frozenset[str], mind: str) -> Taken[ScoredScene]:
    refused: dict[str, str] = {}
    changed: set[str] = set()
    shots = list(standing.shots)
    said = answer if isinstance(answer, Sounds) else Sounds(airs=[], drop=[], add=[])
    _take_airs(desk, shots, said, open_keys, mind, refused, changed)
    if EFFECTS in open_keys:
        _take_effects(desk, shots, said, mind, refused, changed)
    if LAPS in open_keys:
        _take_laps(desk, shots, said, mind, refused, changed)
    value = standing.model_copy(update={"shots": tuple(shots)})
    if check_sound(desk.directed, value, desk.rate):
        return Taken(standing, dict.fromkeys(open_keys, "it cannot be mixed into these shots"))
    return Taken(value, refused, frozenset(changed))


def _take_airs(
    desk: _Desk, shots: list[ShotSound], said: Sounds, open_keys: frozenset[str], mind: str,
    refused: dict[str, str], changed: set[str],
) -> None:  # fmt: skip
    words: dict[str, str] = {}
    for entry in said.airs:
        words.setdefault(entry.air.strip().upper().removeprefix("AIR").strip(), entry.say)
    taken = {shots[n].ambience.casefold() for a in desk.airs if f"air {a.letter}" not in open_keys for n in a.shots}
    for air in desk.airs:
        key = f"air {air.letter}"
        if key not in open_keys:
            continue
        if air.letter not in words:
            refused[key] = f"air {air.letter} is missing"
            continue
        if words[air.letter].strip() == air.text:
            continue
        try:
            text = phrase(words[air.letter], most=LONGEST_AIR, apart_from=(*desk.script, prompt()))
            if found := _NOT_SOUND.search(text):
                raise Refused(f"“{found.group()}” is not the air of a place")
            if len(text.split()) < 3:
                raise Refused("name two or three sources")
            if len(text.split()) > MOST_AIR_WORDS:
                raise Refused("it takes more than 14 words")
            require_plausible(text, desk.known)
            if not any(desk.directed.shots[n].shot_id in desk.asked for n in air.shots):
                require_weather(text, air.text)
            if text.casefold() in taken:
                raise Refused("another place sounds the same")
        except Refused as why:
            refused[key] = f"air {air.letter}: {why.why}"
            continue
        taken.add(text.casefold())
        changed.add(key)
        for n in air.shots:
            before = shots[n].provenance["ambience"]
            wish = desk.asked.get(desk.directed.shots[n].shot_id)
            because = f"a person asked: {wish}" if wish else f"how this place sounds under {_feeling(desk.brief)}"
            told = before.model_copy(update={"mind": mind, "because": because})
            shots[n] = shots[n].model_copy(
                update={"ambience": text, "provenance": {**shots[n].provenance, "ambience": told}}
            )


def _take_effects(
    desk: _Desk, shots: list[ShotSound], said: Sounds, mind: str, refused: dict[str, str], changed: set[str]
) -> None:
    gone: dict[int, set[int]] = {}
    for number in dict.fromkeys(said.drop):
        if 1 <= number <= len(desk.loose):
            shot, place = desk.loose[number - 1]
            gone.setdefault(shot, set()).add(place)
    more: dict[int, SoundEffect] = {}
    faults: list[str] = []
    for added in said.add[:50]:
        at = added.shot - 1
        try:
            if at not in desk.open_shots:
                raise Refused("there is no such shot here")
            if at in more or len(more) >= MOST_ADDED:
                continue
            name = phrase(added.sound, most=LONGEST_SOUND, apart_from=(prompt(),))
            if found := _NOT_SOUND.search(name):
                raise Refused(f"“{found.group()}” is no effect")
            if found := _VOICES.search(name):
                raise Refused(f"“{found.group()}”: nobody speaks that the script does not have")
            if len(name.split()) > 8:
                raise Refused("it takes more than six words")
            require_plausible(name, desk.known)
            if any(name.casefold() == e.name.casefold() for s in shots for e in s.sound_effects):
                raise Refused("it is heard already")
        except Refused as why:
            faults.append(f"sound for shot {min(max(added.shot, -1), 9999)}: {why.why}")
            continue
        more[at] = _placed(desk.directed.shots[at], name, desk.rate)
    if faults and not more and not gone:
        refused[EFFECTS] = "; ".join(faults[:3])
        return
    for at in sorted({*gone, *more}):
        sound = shots[at]
        kept = [e for place, e in enumerate(sound.sound_effects) if place not in gone.get(at, ())]
        if at in more:
            kept = sorted([*kept, more[at]], key=lambda effect: (effect.start_seconds, effect.name))
        names = [e.name for place, e in enumerate(sound.sound_effects) if place in gone.get(at, ())]
        parts = [f"without {', '.join(names)}, so that the rest is heard"] if names else []
        parts += [f"{more[at].name} tells what is not seen"] if at in more else []
        before = sound.provenance["sound_effects"]
        told = before.model_copy(update={"mind": mind, "because": "; ".join((before.because, *parts))})
        shots[at] = sound.model_copy(
            update={"sound_effects": tuple(kept), "provenance": {**sound.provenance, "sound_effects": told}}
        )
        changed.add(EFFECTS)


def _take_laps(
    desk: _Desk, shots: list[ShotSound], said: Sounds, mind: str, refused: dict[str, str], changed: set[str]
) -> None:
    offers = {(lap.shot + 1, lap.way): lap for lap in desk.laps}
    wished = list(dict.fromkeys((entry.shot, entry.way) for entry in said.laps[:50]))
    taken = [offers[wish] for wish in wished if wish in offers][:MOST_LAPS]
    if wished and not taken:
        listed = ", ".join(f"{lap.way} {lap.shot + 1}" for lap in desk.laps[:12])
        refused[LAPS] = f"sound may go over a cut here only: {listed}"
    for lap in taken:
        sound = shots[lap.shot]
        before = sound.provenance["sound_effects"]
        told = before.model_copy(update={"mind": mind, "because": f"{before.because}; {lap.because}"})
        shots[lap.shot] = sound.model_copy(
            update={
                "lead_frames" if lap.way == "lead" else "tail_frames": lap.frames,
                "provenance": {**sound.provenance, "sound_effects": told},
            }
        )
        changed.add(LAPS)


def _placed(shot: DirectedShot, name: str, rate: int) -> SoundEffect:
    """The sound in the longest stretch of the clip without words."""
    clip = shot.duration_frames / rate
    said = sorted((line.start_seconds, line.start_seconds + line.seconds) for line in shot.dialogue)
    edges = [(0.0, 0.0), *said, (clip, clip)]
    begin, end = max(((a[1], b[0]) for a, b in pairwise(edges)), key=lambda gap: (gap[1] - gap[0], -gap[0]))
    start = round(max(0.0, min(begin, clip - 0.4)), 2)
    seconds = round(min(ADDED_SECONDS, max(0.4, end - begin), clip - start), 2)
    return SoundEffect(name=name, category="SFX", start_seconds=start, seconds=seconds, origin="place")


def _mark(desk: _Desk, standing: ScoredScene, record: Refinement) -> ScoredScene:
    """What fell back or waits is said where it would have stood."""
    why: dict[tuple[int, str], str] = {}
    for key in record.asked:
        if key in record.fallen:
            told = f"; {record.mind}'s answer was refused: {record.fallen[key]}"
        elif record.pending and key not in (*record.accepted, *record.repaired):
            told = f"; not refined yet: {record.pending}"
        else:
            continue
        if key in (EFFECTS, LAPS):
            spots = desk.open_shots if key == EFFECTS else {lap.shot for lap in desk.laps}
            for n in sorted(spots):
                why.setdefault((n, "sound_effects"), told)
        else:
            air = next(a for a in desk.airs if key == f"air {a.letter}")
            why.update({(n, "ambience"): told for n in air.shots})
    if not why:
        return standing
    shots = list(standing.shots)
    for (n, field), told in sorted(why.items()):
        before = shots[n].provenance[field]  # type: ignore[index]
        after = before.model_copy(update={"because": before.because + told})
        shots[n] = shots[n].model_copy(update={"provenance": {**shots[n].provenance, field: after}})
    return standing.model_copy(update={"shots": tuple(shots)})


# the page


def _page(desk: _Desk, draft: ScoredScene, about: Sequence[int], revisions: Sequence[Revision]) -> Iterator[str]:
    scene = desk.brief.scene
    yield "<script>"
    yield _plain(f"{scene.slugline.raw}, {scene.time_of_day.replace('_', ' ')}. Under: {_feeling(desk.brief)}.")
    for air in desk.airs:
        yield _plain(f"Air {air.letter} (shots {_ranges(air.shots)}) so far: {air.text}")
    numbers = {spot: number for number, spot in enumerate(desk.loose, 1)}
    for n in about:
        shot, sound = desk.directed.shots[n], draft.shots[n]
        heard = [
            f"[{numbers[n, place]}] {e.name}" if (n, place) in numbers else e.name
            for place, e in enumerate(sound.sound_effects)
        ]
        spoken = " ".join(line.text for line in shot.dialogue)
        yield _plain(
            f"{n + 1}. {_short(shot.narrative.action_description, 18)}"
            + (f" Says: {_short(spoken, 7)}" if spoken else "")
            + (f" Heard: {', '.join(heard)}" if heard else "")
        )
    yield "</script>"
    if desk.laps:
        ways = {way: [lap.shot for lap in desk.laps if lap.way == way] for way in ("lead", "tail")}
        yield "Laps: " + "; ".join(f"{way} {_ranges(sorted(at))}" for way, at in ways.items() if at)
    if desk.open_shots and (near := offered(desk.brief, desk.known)):
        yield f"Such places have: {'; '.join(near)}"
    sent: dict[str, list[int]] = {}
    for revision in revisions:
        at = [n for n in about if draft.shots[n].shot_id == revision.shot_id]
        sent.setdefault(revision.feedback, []).extend(n for n in at if n not in sent.get(revision.feedback, ()))
    for feedback, at in sent.items():
        if at:
            yield _plain(f"Sent back, shots {_ranges(sorted(at))}: {_short(feedback, 40)}")


def _feeling(brief: SceneBrief) -> str:
    beats = list(dict.fromkeys(b.name.replace("_", " ") for b in brief.scene.beats))
    return ", then ".join(beats[:3]) or "calm"


def _ranges(shots: Sequence[int]) -> str:
    """`1-3, 6` of places from 0, in order."""
    runs: list[list[int]] = []
    for n in shots:
        if runs and n == runs[-1][-1] + 1:
            runs[-1].append(n)
        else:
            runs.append([n])
    return ", ".join(f"{r[0] + 1}-{r[-1] + 1}" if len(r) > 1 else str(r[0] + 1) for r in runs)


def _short(text: str, most: int) -> str:
    words = _plain(text).split()
    return " ".join(words) if len(words) <= most else " ".join(words[:most]).rstrip(",;:.") + " …"


def _plain(text: str) -> str:
    return " ".join(_TAGS.sub("", text).split())
