"""The language model as Director: it wishes where shots begin, says what each is for and how it is played.

One question a scene. Its cut is a wish: the solver keeps every clip within its bounds and every word of the script in
its place. Where it says nothing good the rules' words stand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from shotwright.crew.director.people import People
from shotwright.crew.director.performing import notes_of
from shotwright.crew.director.pieces import map_scene
from shotwright.crew.director.recut import free_shots, number_blocks
from shotwright.crew.director.scrutiny import known_of, prompt
from shotwright.crew.director.sides import given, limits, page, spelled
from shotwright.crew.director.taking import CUT, Desk, PlayAnswer, SceneAnswer, ShotAnswer
from shotwright.model.question import Question

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shotwright.crew.director.recut import Range
    from shotwright.model.crew import DirectedScene, DirectedShot, FilmSettings, Revision
    from shotwright.model.story import SceneBrief


def ask(
    brief: SceneBrief,
    settings: FilmSettings,
    draft: DirectedScene,
    fixed: tuple[DirectedShot, ...] = (),
    revisions: tuple[Revision, ...] = (),
    film: str = "",
) -> Question[DirectedScene] | None:
    """The one question about a scene: `cut`, and for each shot of the draft `purpose n` and `play n`.

    With `revisions` only the words of those shots are asked for, the cut stays, and what stands there is not taken
    again; `draft` is then the scene as it stands. None where no shot is left to ask about. `fixed` shots are not.
    """
    scene = map_scene(brief)
    cutting = number_blocks(brief, settings, scene, draft, fixed)
    if cutting is None:
        return None
    people = People(brief, scene)
    again = tuple(r for r in revisions if r.field.startswith("narrative"))
    desk = Desk(brief, settings, fixed, again, cutting, people, known_of(brief, people, film))
    shots = free_shots(draft, fixed)
    lines = page(brief, people, cutting, shots)
    keys: list[str] = []
    if revisions:
        lines.extend(_sent_back(again, shots, cutting.draft))
    else:
        least, most = desk.bounds()
        lines.append(limits(settings, least, most))
        keys.extend([CUT] * (len(cutting.blocks) > 1))
    drafted: list[ShotAnswer] = []
    for n, (shot, span) in enumerate(zip(shots, cutting.draft, strict=True), 1):
        notes = notes_of(shot, people)
        wanted = [k for k in _asked(shot, again) if k == "purpose" or notes] if revisions else ["purpose", "play"]
        keys.extend(f"{kind} {n}" for kind in wanted if kind == "purpose" or notes)
        if wanted:
            play = [PlayAnswer(who=note.label, does=note.text) for note in notes]
            drafted.append(
                ShotAnswer(first=span[0] + 1, last=span[1] + 1, purpose=shot.narrative.shot_purpose, play=play)
            )
    if not keys:
        return None
    return Question(
        agent="director",
        task="director.words" if revisions else "director.scene",
        scene=brief.scene.scene_id,
        instructions=prompt(),
        film=film,
        body="\n".join(lines),
        answer=SceneAnswer,
        drafted=SceneAnswer(shots=drafted),
        keys=tuple(keys),
        take=desk.take,
        mark=desk.mark,
    )


def _asked(shot: DirectedShot, revisions: Iterable[Revision]) -> list[str]:
    """Which words of a shot were sent back."""
    fields = [r.field for r in revisions if r.shot_id == shot.shot_id]
    kinds = {"purpose": "shot_purpose", "play": "character_performance"}
    named = [kind for kind, name in kinds.items() if any(f.endswith(name) for f in fields)]
    return named or (list(kinds) if fields else [])


def _sent_back(revisions: tuple[Revision, ...], shots: list[DirectedShot], spans: tuple[Range, ...]) -> Iterable[str]:
    yield "The cut stays. Word only these shots anew:"
    for shot, span in zip(shots, spans, strict=True):
        whys = [given(r.feedback) for r in revisions if r.shot_id == shot.shot_id]
        if whys:
            yield f"{spelled(span)}: {' '.join(whys)} So far: {given(shot.narrative.shot_purpose)}"
