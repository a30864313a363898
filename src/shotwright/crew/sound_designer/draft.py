"""The Sound Designer's rules: bed, effects and music of every shot of a scene."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shotwright.crew.sound_designer.ambience import Bed, montage_bed, place_bed, scene_bed
from shotwright.crew.sound_designer.effects import Heard, Names, sounds_in
from shotwright.crew.sound_designer.requests import Sound, answer, told
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
from shotwright.model.shot import MusicCue, Provenance, SoundEffect

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shotwright.model.ids import UnitId
    from shotwright.model.screenplay import Unit
    from shotwright.model.story import ActionNote, SceneBrief

_MOST_EFFECTS = 5
"""More than a mixer could place in five seconds."""
_LAP_SECONDS = 0.5
_LATEST_OPENING = 2.0
"""A sound that comes within this many seconds of a scene's start may lead its picture."""


@dataclass(frozen=True, slots=True)
class _Span:
    """Where a unit of action lies in the clip, in seconds."""

    start: float
    seconds: float


def score_scene(
    brief: SceneBrief,
    directed: DirectedScene,
    music: Sequence[MusicPlan],
    settings: FilmSettings,
    pins: Sequence[Pin] = (),
    revisions: Sequence[Revision] = (),
) -> ScoredScene:
    """Sound for every shot of a scene: one bed a place, effects in their time, the film's music where it falls.

    `music` are the plans of this scene alone. Cue numbers are left empty for the last step. `revisions` change their
    own shot only: a person's words ("no music here", "louder rain", "add a door slam") or what the Supervisor found. A
    pinned field stays.
    """
    units = {unit.id: unit for unit in brief.scene.units}
    notes = {note.unit: note for note in brief.scene.actions}
    names = _names(brief)
    beds = _beds(brief, directed)
    cues = _cues(directed, music)
    minds = {plan.cue_id: plan.mind for plan in music}
    opens_talk = next((n for n, s in enumerate(directed.shots) if any(d.voice == "room" for d in s.dialogue)), -1)
    done: set[UnitId] = set()
    antecedents = _antecedents(brief)
    known: dict[tuple[str, str], Provenance] = {}
    shots: list[ShotSound] = []
    for at, shot in enumerate(directed.shots):
        bed = beds[at]
        spans = _spans(shot, units, settings.frame_rate)
        clip = shot.duration_frames / settings.frame_rate
        heard: list[tuple[UnitId, Heard]] = []
        for unit_id in shot.units:
            unit = units.get(unit_id)
            if unit is None or unit.kind == "speech" or unit_id in done:
                continue
            done.add(unit_id)
            heard.extend(
                (unit_id, sound)
                for sound in sounds_in(
                    unit.text, notes.get(unit_id), names, bed.surface, bed.vehicle, antecedents.get(unit_id, "")
                )
            )
        effects, because, evidence = _place(heard, spans, clip)
        if at == opens_talk and all(effect.category != "FLY" for effect in effects):
            foley, why = _presence(shot, notes, bed)
            effects = tuple(sorted((*effects, foley), key=lambda effect: (effect.start_seconds, effect.name)))
            because = f"{because}; {why}"
        line = _phone_sound(shot)
        if line is not None:
            effects = (*effects, line)
            because = f"{because}; the voice comes by phone or radio"
        lead, tail, lap = _laps(at, shot, directed, brief, effects, units, settings.frame_rate)
        if lead and effects and lap.startswith(effects[0].name):
            effects = (effects[0].model_copy(update={"start_seconds": 0.0}), *effects[1:])
        provenance = {
            "sound_effects": Provenance(
                by="sound_designer", because="; ".join(part for part in (because, lap) if part), evidence=evidence
            ),
            "ambience": _reason(known, bed.because, shot.intent.place),
            "music_cue": _reason(
                known,
                cues[at].why or "no cue runs here: the scene is left dry",
                cues[at].cue_id,
                minds.get(cues[at].cue_id, "rules"),
            ),
        }  # fmt: skip
        sound = ShotSound.model_validate(
            {
                "shot_id": shot.shot_id, "lead_frames": lead, "tail_frames": tail, "sound_effects": effects,
                "ambience": bed.text, "music_cue": cues[at], "provenance": provenance,
            }
        )  # fmt: skip
        asked = [revision for revision in revisions if revision.shot_id == shot.shot_id]
        if asked:
            sound = _revised(sound, asked, bed.text, clip)
        shots.append(_pinned(sound, pins) if pins else sound)
    return ScoredScene(scene_id=directed.scene_id, shots=tuple(shots))


def _reason(known: dict[tuple[str, str], Provenance], because: str, evidence: str, mind: str = "rules") -> Provenance:
    """A provenance that many shots of a scene share, built once."""
    if (because, evidence) not in known:
        known[because, evidence] = Provenance(
            by="sound_designer", mind=mind, because=because, evidence=(evidence,) if evidence else ()
        )
    return known[because, evidence]


def _names(brief: SceneBrief) -> Names:
    people: dict[str, str] = {}
    for member in brief.cast:
        character = member.character
        for name in (character.name, *character.cues, *character.aliases):
            for word in name.lower().replace(".", " ").split():
                if word not in ("the", "a", "an", "old", "young", "and", "of", "with", "his", "her") and len(word) > 1:
                    people.setdefault(word, character.id)
    things: dict[str, str] = {}
    for thing in brief.things:
        words = thing.name.lower().split()
        if words:
            things.setdefault(words[-1], thing.id)
            things.setdefault(words[-1] + "s", thing.id)
    for word in sorted(people):
        things.pop(word, None)
    return Names(people, things)


def _antecedents(brief: SceneBrief) -> dict[UnitId, str]:
    """What `it` means at the start of each sentence: the vehicle or thing last named in its paragraph."""
    notes = {note.unit: note.things for note in brief.scene.actions}
    found: dict[UnitId, str] = {}
    paragraph, last = -1, ""
    for unit in brief.scene.units:
        if unit.paragraph != paragraph:
            paragraph, last = unit.paragraph, ""
        found[unit.id] = last
        things = notes.get(unit.id, ())
        last = next((thing for thing in things if thing.startswith("vehicle/")), things[-1] if things else last)
    return found


def _beds(brief: SceneBrief, directed: DirectedScene) -> list[Bed]:
    """One bed for the scene; the far side of an intercut and a flashback have their own, a montage has one in all."""
    scene = brief.scene
    own = scene_bed(brief)
    if scene.scene_type == "montage":
        return [montage_bed(brief)] * len(directed.shots)
    others: dict[str, Bed] = {}
    result: list[Bed] = []
    for shot in directed.shots:
        place = shot.intent.place
        if shot.intent.segment == "montage":
            others.setdefault("", montage_bed(brief))
            result.append(others[""])
        elif place == scene.location or shot.intent.segment in ("normal", "sub_location", "series_of_shots"):
            result.append(own)
        else:
            if place not in others:
                others[place] = place_bed(brief, place)
            result.append(others[place])
    return result


def _spans(shot: DirectedShot, units: Mapping[UnitId, Unit], rate: int) -> dict[UnitId, _Span]:
    """Where each unit of action lies: in the gap of the dialogue where the script has it, by its words."""
    clip = shot.duration_frames / rate
    said = {line.unit: line for line in shot.dialogue}
    spans: dict[UnitId, _Span] = {}
    waiting: list[Unit] = []
    at = 0.0

    def flush(until: float) -> None:
        nonlocal at
        words = [max(len(unit.text.split()), 1) for unit in waiting]
        room = max(until - at, 0.0)
        begin = at
        for unit, count in zip(waiting, words, strict=True):
            share = room * count / sum(words)
            spans[unit.id] = _Span(begin, share)
            begin += share
        waiting.clear()

    for unit_id in shot.units:
        unit = units.get(unit_id)
        if unit is None:
            continue
        line = said.get(unit_id)
        if line is None:
            if unit.kind != "speech":
                waiting.append(unit)
            continue
        flush(line.start_seconds)
        at = max(at, line.start_seconds + line.seconds)
    flush(clip)
    return spans


def _presence(shot: DirectedShot, notes: Mapping[UnitId, ActionNote], bed: Bed) -> tuple[SoundEffect, str]:
    """The bodies under a scene's first words: feet where somebody crosses the place, else clothes as they shift."""
    moving = [notes[unit] for unit in shot.units if unit in notes]
    walks = not bed.vehicle and any(note.travel or note.enters for note in moving)
    name = f"footsteps on {bed.surface}" if walks and bed.surface else "cloth movement"
    source = next((actor for note in moving for actor in note.actors), shot.dialogue[0].speaker)
    effect = SoundEffect(
        name=name, category="FLY", source=source, start_seconds=0.0,
        seconds=round(min(1.5 if walks else 0.8, shot.dialogue[0].start_seconds + 0.8), 2), origin="action",
    )  # fmt: skip
    return effect, f"{name} puts bodies under the first words"


def _phone_sound(shot: DirectedShot) -> SoundEffect | None:
    """The grain of the line under a voice that comes by phone or radio."""
    for line in shot.dialogue:
        if line.voice == "phone":
            return SoundEffect.model_validate(
                {
                    "name": "thin speaker tone under the filtered voice", "source": line.speaker, "from": "action",
                    "start_seconds": line.start_seconds, "seconds": round(line.seconds, 2),
                }
            )  # fmt: skip
    return None


def _place(
    heard: Sequence[tuple[UnitId, Heard]], spans: Mapping[UnitId, _Span], clip: float
) -> tuple[tuple[SoundEffect, ...], str, tuple[str, ...]]:
    """The sounds in the clip's time; the script's own are kept first when there are too many."""
    chosen: dict[tuple[str, UnitId], tuple[UnitId, Heard]] = {}
    for unit, sound in sorted(heard, key=lambda pair: not pair[1].from_script):
        if len(chosen) < _MOST_EFFECTS:
            chosen.setdefault((sound.name, unit), (unit, sound))
    placed: list[SoundEffect] = []
    for unit, sound in chosen.values():
        span = spans.get(unit)
        start = span.start + span.seconds * 0.85 * sound.at if span is not None else 0.0
        seconds = min(sound.seconds, clip)
        start = round(max(0.0, min(start, clip - min(seconds, 0.4))), 2)
        seconds = round(min(seconds, clip - start), 2)
        placed.append(
            SoundEffect(
                name=sound.name, category=sound.category, source=sound.source, start_seconds=start, seconds=seconds,
                origin="script" if sound.from_script else "action",
            )
        )  # fmt: skip
    placed.sort(key=lambda effect: (effect.start_seconds, effect.name))
    written = [sound.words for _, sound in chosen.values() if sound.from_script]
    told = [f"{sound.words!r} makes {sound.name}" for _, sound in chosen.values() if not sound.from_script]
    parts = [f"the script writes {', '.join(written)}"] if written else []
    parts += told[:4]
    return (
        tuple(placed),
        "; ".join(parts) or "nothing in the action sounds above the bed",
        tuple(dict.fromkeys(unit for unit, _ in chosen.values())),
    )


def _cues(directed: DirectedScene, music: Sequence[MusicPlan]) -> list[MusicCue]:
    """The music's state shot by shot. Where one cue ends in the shot that another starts in, it ends a shot sooner."""
    count = len(directed.shots)
    first_at: dict[UnitId, int] = {}
    last_at: dict[UnitId, int] = {}
    for at, shot in enumerate(directed.shots):
        for unit in shot.units:
            first_at.setdefault(unit, at)
            last_at[unit] = at
    runs: list[tuple[int, int, MusicPlan]] = []
    for plan in music:
        start = first_at.get(plan.start_unit, 0) if plan.starts_here and plan.start_unit else 0
        end = last_at.get(plan.end_unit, count - 1) if plan.ends_here and plan.end_unit else count - 1
        runs.append((start, max(start, end), plan))
    runs.sort(key=lambda run: (run[0], run[1]))
    cues = [MusicCue(state="none")] * count
    for number, (start, end, plan) in enumerate(runs):
        follows = runs[number + 1][0] if number + 1 < len(runs) else count
        end = max(start, min(end, follows - 1))
        for at in range(start, min(end + 1, count)):
            starts, ends = at == start and plan.starts_here, at == end and plan.ends_here
            state = "starts_and_ends" if starts and ends else "starts" if starts else "ends" if ends else "continues"
            why = {
                "starts": plan.why_in, "ends": plan.why_out, "continues": f"runs on: {plan.why_in}",
                "starts_and_ends": f"in: {plan.why_in}; out: {plan.why_out}",
            }[state]  # fmt: skip
            cues[at] = MusicCue.model_validate(
                {
                    "cue_id": plan.cue_id,
                    "state": state,
                    "description": plan.description,
                    "why": why,
                    "diegetic": plan.diegetic,
                }
            )
    return cues


def _laps(
    at: int, shot: DirectedShot, directed: DirectedScene, brief: SceneBrief, effects: Sequence[SoundEffect],
    units: Mapping[UnitId, Unit], rate: int,
) -> tuple[int, int, str]:  # fmt: skip
    """Frames by which the shot's sound leads its picture or laps over the next, at a scene's edges only, and why."""
    frames = min(round(_LAP_SECONDS * rate), shot.duration_frames // 4)
    hard = ("smash_cut", "jump_cut", "fade_in")
    if (
        at == 0
        and brief.previous is not None
        and not brief.opens_film
        and shot.transition_in not in hard
        and not shot.added
    ):
        opening = next(
            (e for e in effects if e.origin == "script" and e.category == "SFX" and e.start_seconds <= _LATEST_OPENING),
            None,
        )
        if opening is not None:
            return frames, 0, f"{opening.name} leads the cut and pulls us into the scene"
        first = next((unit for unit in shot.units if unit in units), None)
        if (
            first is not None
            and shot.dialogue
            and shot.dialogue[0].unit == first
            and shot.dialogue[0].voice == "voice_over"
        ):
            return frames, 0, "the voice over leads the picture in"
    if at + 1 == len(directed.shots) and at and brief.next is not None and not brief.closes_film and shot.dialogue:
        line = shot.dialogue[-1]
        last = shot.units[-1] if shot.units else None
        if line.unit == last and line.voice == "voice_over":
            return 0, frames, "the voice over laps into the next scene"
    return 0, 0, ""


def _revised(sound: ShotSound, asked: Sequence[Revision], bed: str, clip: float) -> ShotSound:
    """The shot's sound as a person or the Supervisor asks for it; the rest of it as it was."""
    changed = answer(Sound(sound.sound_effects, sound.ambience, sound.music_cue), asked, bed, clip)
    by_person = any(revision.code == "PERSON" for revision in asked)
    return sound.model_copy(
        update={
            "sound_effects": changed.effects,
            "ambience": changed.ambience,
            "music_cue": changed.music,
            "provenance": {
                field: told(changed.done, field, before, by_person) for field, before in sound.provenance.items()
            },
        }
    )


def _pinned(sound: ShotSound, pins: Sequence[Pin]) -> ShotSound:
    changes: dict[str, object] = {}
    provenance = dict(sound.provenance)
    for pin in pins:
        head, _, name = pin.field.partition(".")
        if pin.shot_id != sound.shot_id or head != "audio":
            continue
        field, _, inner = name.partition(".")
        if field not in ("sound_effects", "ambience", "music_cue", "lead_frames", "tail_frames"):
            continue
        value = json.loads(pin.value_json)
        if inner and field == "music_cue":
            value = {**sound.music_cue.model_dump(), inner: value}
        changes[field] = value
        if field in provenance:
            provenance[field] = Provenance(by="sound_designer", mind="person", because="set by a person", pinned=True)
    if not changes:
        return sound
    return ShotSound.model_validate({**sound.model_dump(), **changes, "provenance": provenance})
