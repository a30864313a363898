"""The language model as Supervisor: it judges what rules cannot, in a few notes of closed kinds.

A note names one shot, one field and its owner. It is a warning, never an error, and goes back to the owner once.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal, get_args

from pydantic import BaseModel

from shotwright.craft.answers import Refused, sentence
from shotwright.model.crew import Revision
from shotwright.model.ids import ShotId
from shotwright.model.question import Question, Taken
from shotwright.model.shot import Flag
from shotwright.model.value import Value
from shotwright.model.vocabulary import Agent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from shotwright.model.crew import FilmSettings
    from shotwright.model.language import Refinement
    from shotwright.model.shot import Shot
    from shotwright.model.story import SceneBrief

Code = Literal[
    "purpose_unserved", "turn_unseen", "performance_contradicts", "purpose_repeats", "sound_against_mood"
]  # fmt: skip
FIELDS: dict[Code, tuple[str, Agent]] = {
    "purpose_unserved": ("technical_layer.camera", "cinematographer"),
    "turn_unseen": ("technical_layer.camera", "cinematographer"),
    "performance_contradicts": ("narrative_layer.character_performance", "director"),
    "purpose_repeats": ("narrative_layer.shot_purpose", "director"),
    "sound_against_mood": ("audio.ambience", "sound_designer"),
}
"""What a note of each kind is about, and whose it is."""
KEY = "notes"
MOST_NOTES = 3
SHOTS_A_NOTE = 4
"""A scene of so many shots may have one note, of twice as many two."""
LEAST_SHOTS = 3
"""In a shorter scene the rules see all that there is to see."""
_TAGS = re.compile(r"</?\s*script\s*>", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{3,}")


class Judged(Value):
    """One note."""

    shot_id: ShotId
    code: Code
    field: str
    agent: Agent
    feedback: str
    mind: str


class Judgement(Value):
    """What a language model noted of a scene; nothing is a good answer."""

    judged: tuple[Judged, ...] = ()
    fallen: str = ""
    """Why the model's answer was refused."""


class Note(BaseModel):
    shot: int
    code: Code
    say: str


class Notes(BaseModel):
    notes: list[Note]


@cache
def prompt() -> str:
    """What every scene's question begins with."""
    return files("shotwright.crew.continuity_supervisor").joinpath("prompt.md").read_text(encoding="utf-8").strip()


def ask(
    brief: SceneBrief, shots: Sequence[Shot], flags: Sequence[Flag], settings: FilmSettings, film: str = ""
) -> Question[Judgement] | None:
    """The one question about a finished scene; None for a scene too short to need it. People's own shots are shown and
    get no notes. `flags`: what the rules said already, which is not to be said again."""
    if len(shots) < LEAST_SHOTS:
        return None
    table = _Table(
        tuple(shots),
        frozenset((f.shot_id, f.field) for f in flags),
        _words(" ".join(_vocabulary(brief))),
        tuple(u.text for u in brief.scene.units),
    )
    return Question(
        agent="continuity_supervisor",
        task="continuity_supervisor.scene",
        scene=brief.scene.scene_id,
        instructions=prompt(),
        film=film,
        body="\n".join(_page(brief, shots)),
        answer=Notes,
        drafted=Notes(notes=[]),
        keys=(KEY,),
        take=partial(_take, table),
        mark=_mark,
    )


@cache
def _common() -> frozenset[str]:
    """Words that say nothing of a scene."""
    text = files("shotwright.crew.continuity_supervisor").joinpath("judging.toml").read_text(encoding="utf-8")
    return frozenset(tomllib.loads(text)["common"].split())


def flags_of(judgement: Judgement, shots: Sequence[Shot]) -> tuple[Flag, ...]:
    """A warning for each note, in the order of the shots."""
    place = {shot.shot_id: n for n, shot in enumerate(shots)}
    found = sorted((j for j in judgement.judged if j.shot_id in place), key=lambda j: (place[j.shot_id], j.code))
    return tuple(
        Flag(
            code=f"JUDGED_{j.code.upper()}",
            severity="warn",
            shot_id=j.shot_id,
            agent=j.agent,
            field=j.field,
            message=f"shot {place[j.shot_id] + 1}: {j.feedback}",
            detail=f"judged by {j.mind}",
        )
        for j in found
    )


def revisions_of(judgement: Judgement, round: int) -> tuple[Revision, ...]:
    """The notes as the owners get them."""
    return tuple(
        Revision(
            agent=j.agent, shot_id=j.shot_id, field=j.field, code=f"JUDGED_{j.code.upper()}", feedback=j.feedback,
            round=round,
        )
        for j in judgement.judged
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Table:
    """What an answer is held against."""

    shots: tuple[Shot, ...]
    flagged: frozenset[tuple[str, str]]
    words: frozenset[str]
    script: tuple[str, ...]

    @property
    def most(self) -> int:
        return min(MOST_NOTES, max(1, len(self.shots) // SHOTS_A_NOTE))


def _take(table: _Table, standing: Judgement, answer: Any, open_keys: frozenset[str], mind: str) -> Taken[Judgement]:
    if KEY not in open_keys or not isinstance(answer, Notes):
        return Taken(standing, {KEY: "answer with a list of notes, or with none"} if KEY in open_keys else {})
    judged: list[Judged] = []
    faults: list[str] = []
    for note in answer.notes[:50]:
        try:
            found = _judged(table, note, mind)
        except Refused as refused:
            faults.append(f"note on shot {min(max(note.shot, -1), 9999)}: {refused.why}")
            continue
        if not any((j.shot_id, j.field) == (found.shot_id, found.field) for j in judged):
            judged.append(found)
    kept = tuple(judged[: table.most])
    if kept or not faults:
        return Taken(standing.model_copy(update={"judged": kept}), {}, frozenset([KEY] if kept else ()))
    return Taken(standing, {KEY: "; ".join(faults[:3])})


def _judged(table: _Table, note: Note, mind: str) -> Judged:
    if not 1 <= note.shot <= len(table.shots):
        raise Refused(f"there is no such shot; they are numbered 1 to {len(table.shots)}")
    shot = table.shots[note.shot - 1]
    field, agent = FIELDS[note.code]
    if shot.review.status == "approved":
        raise Refused("a person approved this shot")
    if (shot.shot_id, field) in table.flagged:
        raise Refused("the rules have said so already")
    if note.code in ("purpose_repeats", "performance_contradicts") and shot.added:
        raise Refused("nobody plays in this shot")
    say = sentence(note.say, most=240, least_words=5, apart_from=(*table.script, prompt()))
    if not _words(say) & table.words:
        raise Refused("it names nobody and nothing of this scene")
    return Judged(shot_id=shot.shot_id, code=note.code, field=field, agent=agent, feedback=say, mind=mind)


def _mark(standing: Judgement, record: Refinement) -> Judgement:
    fallen = record.fallen.get(KEY, "")
    return standing.model_copy(update={"fallen": fallen}) if fallen else standing


# the page


def _page(brief: SceneBrief, shots: Sequence[Shot]) -> Iterator[str]:
    scene = brief.scene
    beats = ", ".join(dict.fromkeys(b.name.replace("_", " ") for b in scene.beats))
    yield _plain(f"{scene.slugline.raw}. Goal: {scene.goal}".strip())
    if beats:
        yield f"Feeling: {beats}."
    turn = scene.turn.unit if scene.turn else None
    air = ""
    names = {str(m.character.id): m.character.name for m in brief.cast}
    yield "<script>"
    for n, shot in enumerate(shots, 1):
        if shot.audio.ambience and shot.audio.ambience != air:
            air = shot.audio.ambience
            yield f"Air: {_short(air, 12)}"
        camera = shot.technical_layer.camera
        seen = [names.get(s.entity, s.entity.rpartition("/")[2].replace("_", " ")) for s in
                shot.technical_layer.staging.subjects if not s.foreground and s.screen_position != "off"]  # fmt: skip
        move = "" if camera.movement.type == "static" else f", {camera.movement.type.replace('_', ' ')}"
        turns = " TURN." if turn is not None and turn in shot.source.units else ""
        spoken = " ".join(line.text for line in shot.audio.dialogue)
        yield _plain(
            f"{n}. {camera.shot_size.replace('_', ' ')}{move}: {', '.join(seen[:4]) or 'nobody'}.{turns}"
            f" For: {_short(shot.narrative_layer.shot_purpose, 16)}"
            + (f" Play: {_short(shot.narrative_layer.character_performance, 12)}" if seen else "")
            + (f" Says: {_short(spoken, 9)}" if spoken else "")
        )
    yield "</script>"


def _vocabulary(brief: SceneBrief) -> Iterator[str]:
    """What a note must name something of: people, things, the place, the feelings."""
    yield brief.scene.slugline.raw
    for member in brief.cast:
        yield from (member.character.name, *member.character.aliases)
    for thing in brief.things:
        yield thing.name
    for beat in brief.scene.beats:
        yield beat.name.replace("_", " ")


def _words(text: str) -> frozenset[str]:
    return frozenset(word for word in (w.casefold() for w in _WORD.findall(text)) if word not in _common())


def _short(text: str, most: int) -> str:
    """The first words of a text."""
    words = _plain(text).split()
    return " ".join(words) if len(words) <= most else " ".join(words[:most]).rstrip(",;:.") + " …"


def _plain(text: str) -> str:
    return " ".join(_TAGS.sub("", text).split())


assert set(get_args(Code)) == set(FIELDS)
