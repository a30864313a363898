"""The Director's rules: from a scene's brief to its shots, complete and legal without any language model.

Pieces, then the solver, then coverage, then frames, then words. Shots that a person has fixed come back unchanged at
their place, and what lies between them is cut afresh.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from shotwright.craft.directions import transition_of
from shotwright.craft.timing import plain
from shotwright.crew.director.coverage import Coverage, cover
from shotwright.crew.director.edit import Edit, edit_scene
from shotwright.crew.director.establishing import establishing_shot, needs_establishing
from shotwright.crew.director.fixed import around
from shotwright.crew.director.narrative import Narrator
from shotwright.crew.director.pieces import cut_into_pieces, map_scene
from shotwright.crew.director.preference import preferred_seconds
from shotwright.crew.director.solver import Clip, solve
from shotwright.model.crew import DirectedScene, DirectedShot, FilmSettings, Revision, ShotIntent
from shotwright.model.ids import ShotId, digest
from shotwright.model.shot import EmotionalBeat

if TYPE_CHECKING:
    from shotwright.crew.director.wishes import Wishes
    from shotwright.model.story import SceneBrief
    from shotwright.model.vocabulary import DurationReason, Transition


def direct_scene(
    brief: SceneBrief,
    settings: FilmSettings,
    fixed: tuple[DirectedShot, ...] = (),
    revisions: tuple[Revision, ...] = (),
    wishes: Wishes | None = None,
) -> DirectedScene:
    """The shots of one scene, in order, lengths in frames at the settings' rate.

    `fixed` shots are pinned or approved: they return unchanged and their words and sentences are carried by no other.
    `revisions` ask again for fields that failed a check: a purpose or a text is worded another way.
    `wishes` say where shots should begin and whom they should watch; they are kept as far as they are legal.
    """
    scene = map_scene(brief)
    pieces = cut_into_pieces(brief, settings, scene)
    stretches = around(pieces, fixed)
    clips: list[Clip | DirectedShot] = []
    passed = 0
    for stretch in stretches:
        if isinstance(stretch, DirectedShot):
            clips.append(stretch)
            continue
        lengths = preferred_seconds(stretch, scene, settings)
        wished = None if wishes is None else frozenset(n - passed for n in wishes.starts)
        clips.extend(solve(stretch, settings.clip_min_seconds, settings.clip_max_seconds, lengths, wished))
        passed += len(stretch)
    fresh = [c for c in clips if isinstance(c, Clip)]
    shots = cover(fresh, brief, scene, wishes.watch if wishes else {})
    texts: dict[str, str] = {u.id: plain(u.text) for u in brief.scene.units if u.kind == "speech"}
    edits = edit_scene(shots, settings, brief.scene.eighths, texts)
    again = {r.shot_id: r.round for r in revisions if r.field.startswith("narrative")}
    narrator = Narrator(brief, scene, shots, again)
    narrator.said.update(f.narrative.shot_purpose for f in fixed)
    ids = _ids(brief, shots, edits, fixed)
    made = [_shot(brief, shots, n, edits[n], ids[n], narrator, len(clips) == 1) for n in range(len(shots))]
    fresh_shots = iter(made)
    ordered = tuple(next(fresh_shots) if isinstance(c, Clip) else c for c in clips)
    if needs_establishing(brief, pieces) and not any(f.added for f in fixed):
        look = establishing_shot(brief, scene, settings, narrator.people.place(brief.scene.location))
        ordered = (look, *ordered)
    closing = transition_of(plain(brief.previous.closing_transition)) if brief.previous else None
    if closing and ordered and ordered[0].transition_in == "cut" and ordered[0] not in fixed:
        # How the scene before closes is how the audience comes into this one.
        ordered = (ordered[0].model_copy(update={"transition_in": closing}), *ordered[1:])
    ordered = _one_turn(ordered, fixed)
    return DirectedScene(scene_id=brief.scene.scene_id, shots=ordered)


def _one_turn(shots: tuple[DirectedShot, ...], fixed: tuple[DirectedShot, ...]) -> tuple[DirectedShot, ...]:
    """The scene turns once: a fixed shot that turns it leaves no turn to the shots around it."""
    if not any(f.intent.turn for f in fixed if f in shots):
        return shots
    return tuple(
        s.model_copy(update={"intent": s.intent.model_copy(update={"turn": False})})
        if s.intent.turn and s not in fixed
        else s
        for s in shots
    )


def _ids(brief: SceneBrief, shots: list[Coverage], edits: list[Edit], fixed: tuple[DirectedShot, ...]) -> list[ShotId]:
    """An id from what the shot carries, so that a shot whose text is unchanged keeps it whatever happens elsewhere."""
    taken = {f.shot_id for f in fixed}
    seen: Counter[tuple[str, ...]] = Counter()
    found = []
    for shot, edit in zip(shots, edits, strict=True):
        key = (brief.scene.scene_id, *_units(shot), *(line.text for line in edit.lines))
        while True:
            identity = ShotId("sh_" + digest(*key, str(seen[key])))
            seen[key] += 1
            if identity not in taken:
                break
        found.append(identity)
    return found


def _units(shot: Coverage) -> tuple[str, ...]:
    return tuple(dict.fromkeys(p.unit for p in shot.pieces))


def _shot(
    brief: SceneBrief, shots: list[Coverage], n: int, edit: Edit, identity: ShotId, narrator: Narrator, alone: bool
) -> DirectedShot:
    shot = shots[n]
    reads = [p.reads for p in shot.action if p.reads]
    return DirectedShot(
        shot_id=identity,
        units=tuple(dict.fromkeys(p.unit for p in shot.pieces)),
        duration_frames=edit.frames,
        duration_reason=_reason(shot, alone),
        cuts=(edit.cut,),
        function=shot.function,
        transition_in=_transition(shot),
        narrative=narrator.narrate(n, identity, edit.lines),
        dialogue=tuple(edit.lines),
        on_screen_text=tuple(reads),
        intent=ShotIntent(
            focus=shot.focus,
            on=tuple(shot.on),
            present=tuple(shot.present),
            place=shot.pieces[0].place,
            segment=shot.pieces[0].segment,
            beat=EmotionalBeat(name=shot.beat, intensity=round(shot.intensity, 2)),
            turn=shot.turn,
            peak=shot.peak,
            written=tuple(d for p in shot.pieces for d in p.written),
            hold_seconds=shot.held,
            travel=any(p.note is not None and p.note.travel for p in shot.action),
            text_to_read=" / ".join(reads),
        ),
        because=_because(shots, n),
    )


def _transition(shot: Coverage) -> Transition:
    return next((p.transition for p in shot.pieces if p.transition and p.at <= _first_content(shot)), "cut")


def _first_content(shot: Coverage) -> int:
    return next((p.at for p in shot.pieces if p.kind != "mark"), -1)


def _reason(shot: Coverage, alone: bool) -> DurationReason | None:
    """Why the content is shorter than the clip that carries it, where it is much shorter."""
    if shot.clip.natural >= 3.5:
        return None
    if alone:
        return "short_scene"
    if shot.function == "montage_element":
        return "montage_element"
    if shot.function == "series_element":
        return "script_series"
    if any(p.written for p in shot.pieces):
        return "written_length"
    if shot.held and len(shot.pieces) == 1:
        return "only_pause"
    if shot.held:
        return "held"
    if shot.speech and shot.speech[-1].text.endswith(("--", "—", "–")):
        return "interrupted"
    return None


def _because(shots: list[Coverage], n: int) -> str:
    """Why the shot begins where it does."""
    shot = shots[n]
    if n == 0:
        begins = "the scene begins"
    else:
        before, head = shots[n - 1].pieces[-1], shot.pieces[0]
        written = next((d.words for p in shot.pieces[:2] for d in p.written), "")
        if written:
            begins = f"the script writes “{written}”"
        elif head.transition:
            begins = f"the script writes “{head.text}”"
        elif head.side != before.side:
            begins = "another place or element begins"
        elif head.unit == before.unit:
            begins = "the speech is cut at a pause" if head.delivery else "the speech is cut where a clause ends"
        elif head.kind == "speech" and before.kind == "speech":
            begins = "the other one speaks"
        elif head.kind == "speech":
            begins = "the talk begins"
        elif before.kind == "speech":
            begins = "words give way to action"
        else:
            begins = "a new action begins"
    return begins + (f"; {shot.because}" if shot.because else "")
