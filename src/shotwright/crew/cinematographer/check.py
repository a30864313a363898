"""What must hold of the Cinematographer's answer, whoever made it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shotwright.craft.geometry import on_plan, side_of_line
from shotwright.crew.cinematographer.moments import heard_only
from shotwright.model.ids import kind_of

if TYPE_CHECKING:
    from shotwright.model.crew import DirectedScene, PhotographedScene
    from shotwright.model.story import SceneBrief


def check_photography(brief: SceneBrief, directed: DirectedScene, photographed: PhotographedScene) -> tuple[str, ...]:
    """Everything that is wrong with an answer, one sentence each; empty when it may be used."""
    wrong: list[str] = []
    if [s.shot_id for s in photographed.shots] != [s.shot_id for s in directed.shots]:
        return ("The shots are not the Director's, one for one and in order.",)
    voices = {p.character for p in brief.scene.presences if p.voice_only}
    spots: dict[tuple[str, str], tuple[float, float]] = {}
    for shot, asked in zip(photographed.shots, directed.shots, strict=True):
        staging, camera = shot.technical.staging, shot.technical.camera
        speakers = {p for line in asked.dialogue for p in (line.speakers or (line.speaker,)) if line.voice == "room"}
        heard = heard_only(asked)
        present = set(asked.intent.present) - heard
        for subject in staging.subjects:
            spots[(staging.plate.partition(" side ")[0], subject.entity)] = on_plan(subject.position_m)
            if kind_of(subject.entity) != "character":
                continue
            if subject.entity not in present or subject.entity in voices:
                wrong.append(f"{shot.shot_id}: {subject.entity} is in frame and not in the place.")
            if subject.mouth == "speaking" and subject.entity not in speakers:
                wrong.append(f"{shot.shot_id}: {subject.entity} moves its mouth and has no words.")
        if camera.framing in ("insert", "pov", "empty"):
            continue
        shown = {s.entity for s in staging.subjects}
        if asked.intent.turn and len(asked.intent.on) > 1 and shown & set(asked.intent.on):
            # The turn may be on one face where several cannot be held close.
            continue
        missing = [e for e in asked.intent.on if kind_of(e) == "character" and e in present and e not in shown]
        if missing and asked.intent.focus not in ("thing", "pov", "place"):
            wrong.append(f"{shot.shot_id}: {', '.join(missing)} should be in frame.")
        line = staging.line
        if line is not None and line.kind in ("look", "seats") and line.side != "on":
            place = staging.plate.partition(" side ")[0]
            a, b = spots.get((place, line.a)), spots.get((place, line.b))
            if a is not None and b is not None:
                side = "right" if side_of_line(a, b, on_plan(camera.position_m)) > 0 else "left"
                if side != line.side:
                    wrong.append(f"{shot.shot_id}: the camera is not on the side of the line that it claims.")
    return tuple(wrong)
