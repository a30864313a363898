"""The language model as Supervisor: it judges what rules cannot, in a few notes of closed kinds.

A note names one shot, one field and its owner. It is a warning, never an error, and goes back to the owner once. What
the rules flagged it may say in words that help whoever must mend it; the figures stay.
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
from shotwright.crew.continuity_supervisor.flag_words import WANTED, flag_lines, worded_flag, worth_wording
from shotwright.model.crew import Revision
from shotwright.model.ids import ShotId, kind_of
from shotwright.model.layers import covers
from shotwright.model.question import Question, Taken
from shotwright.model.shot import Flag
from shotwright.model.value import Value
from shotwright.model.vocabulary import SIZE_ABBREVIATION, SIZE_ORDER, Agent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from shotwright.model.crew import FilmSettings
    from shotwright.model.language import Refinement
    from shotwright.model.shot import Provenance, Shot
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
MOST_WORDS = 28
SHOTS_A_NOTE = 4
"""A scene of so many shots may have one note, of twice as many two."""
LEAST_SHOTS = 3
"""In a shorter scene the rules see all that there is to see."""
_TAGS = re.compile(r"<\s*/?\s*script[^>]*>?", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{3,}")


class Judged(Value):
    """One note."""

    shot_id: ShotId
    code: Code
    field: str
    agent: Agent
    feedback: str
    mind: str
    also: tuple[ShotId, ...] = ()
    """The other shots that the note changes: an air is one through all its shots."""


class Judgement(Value):
    """What a language model noted of a scene; nothing is a good answer."""

    judged: tuple[Judged, ...] = ()
    feedback: dict[int, str] = {}
    """Place among the rules' flags -> how it is said to whoever must mend it."""
    fallen: str = ""
    """Why the model's answer was refused."""


class Note(BaseModel):
    shot: int
    code: Code
    say: str


class Notes(BaseModel):
    notes: list[Note]


class Worded(BaseModel):
    flag: int
    say: str


class NotesAndFlags(Notes):
    flags: list[Worded] = []


@cache
def prompt() -> str:
    """What every scene's question begins with."""
    return files("shotwright.crew.continuity_supervisor").joinpath("prompt.md").read_text(encoding="utf-8").strip()


def ask(
    brief: SceneBrief, shots: Sequence[Shot], flags: Sequence[Flag], settings: FilmSettings, film: str = ""
) -> Question[Judgement] | None:
    """The one question about a finished scene: `notes`, and `flag n` for each flag of the rules that may be said
    better; None where a scene is too short to judge and nothing is flagged. People's own shots are shown and get no
    notes."""
    asked_flags = worth_wording(flags, shots)
    judges = len(shots) >= LEAST_SHOTS
    if not judges and not asked_flags:
        return None
    table = _Table(
        tuple(shots),
        frozenset((f.shot_id, f.field) for f in flags),
        _words(" ".join(_vocabulary(brief))),
        tuple(u.text for u in brief.scene.units if u.text.strip()),
        brief.scene.turn.unit if brief.scene.turn else "",
        tuple(flags),
        asked_flags,
    )
    lines = [*_page(brief, shots), *(_plain(line) for line in flag_lines(flags, asked_flags))]
    return Question(
        agent="continuity_supervisor",
        task="continuity_supervisor.scene",
        scene=brief.scene.scene_id,
        instructions=prompt(),
        film=film,
        body="\n".join(lines),
        answer=NotesAndFlags if asked_flags else Notes,
        drafted=NotesAndFlags(notes=[], flags=[]) if asked_flags else Notes(notes=[]),
        keys=(*([KEY] if judges else []), *(f"flag {n}" for n in range(1, len(asked_flags) + 1))),
        take=partial(_take, table),
        mark=_mark,
        likely_tokens=60 + 40 * len(asked_flags),
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
    """The notes as the owners get them: one for each shot that the note changes."""
    return tuple(
        Revision(
            agent=j.agent, shot_id=shot, field=j.field, code=f"JUDGED_{j.code.upper()}", feedback=j.feedback,
            round=round,
        )
        for j in judgement.judged
        for shot in (j.shot_id, *j.also)
    )  # fmt: skip


def worded(judgement: Judgement, flags: Sequence[Flag]) -> tuple[Flag, ...]:
    """The rules' flags that were asked about, as they are to be said; what was measured is as it was, and the rule's
    own sentence is kept in the detail."""
    return tuple(
        f
        if n not in judgement.feedback
        else f.model_copy(
            update={"message": judgement.feedback[n], "detail": "; ".join(filter(None, (f.message, f.detail)))}
        )
        for n, f in enumerate(flags)
    )


@dataclass(frozen=True, slots=True)
class _Table:
    """What an answer is held against."""

    shots: tuple[Shot, ...]
    flagged: frozenset[tuple[str, str]]
    words: frozenset[str]
    script: tuple[str, ...]
    turn: str
    """The unit on which the scene turns; empty where it does not."""
    flags: tuple[Flag, ...]
    asked: tuple[int, ...]
    """Places of the flags that are asked about."""

    @property
    def most(self) -> int:
        return min(MOST_NOTES, max(1, len(self.shots) // SHOTS_A_NOTE))


def _take(table: _Table, standing: Judgement, answer: Any, open_keys: frozenset[str], mind: str) -> Taken[Judgement]:
    refused: dict[str, str] = {}
    changed: set[str] = set()
    if not isinstance(answer, Notes):
        return Taken(standing, dict.fromkeys(open_keys, "answer with a list of notes, or with none"))
    value = standing
    if KEY in open_keys:
        kept, fault = _notes(table, answer, mind)
        if fault:
            refused[KEY] = fault
        elif kept != standing.judged:
            changed.add(KEY)
            value = value.model_copy(update={"judged": kept})
    said: dict[int, str] = {}
    for entry in answer.flags[:50] if isinstance(answer, NotesAndFlags) else ():
        said.setdefault(entry.flag, entry.say)
    feedback = dict(standing.feedback)
    for number, place in enumerate(table.asked, 1):
        key = f"flag {number}"
        if key not in open_keys or number not in said or said[number] == table.flags[place].message:
            continue
        try:
            feedback[place] = worded_flag(said[number], table.flags[place], (*table.script, prompt(), WANTED))
        except Refused as why:
            refused[key] = f"flag {number}: {why.why}"
        else:
            changed.add(key)
    if feedback != standing.feedback:
        value = value.model_copy(update={"feedback": feedback})
    return Taken(value, refused, frozenset(changed))


def _notes(table: _Table, answer: Notes, mind: str) -> tuple[tuple[Judged, ...], str]:
    """The notes that stand, and what is wrong with the answer where none of what it says does."""
    judged: list[Judged] = []
    faults: list[str] = []
    for note in answer.notes[:50]:
        try:
            found = _judged(table, note, mind)
            if any(j.feedback.casefold() == found.feedback.casefold() for j in judged):
                raise Refused("another note says the same")
        except Refused as refused:
            faults.append(f"note on shot {min(max(note.shot, -1), 9999)}: {refused.why}")
            continue
        if not any({found.shot_id, *found.also} & {j.shot_id, *j.also} and j.field == found.field for j in judged):
            judged.append(found)
    kept = tuple(judged[: table.most])
    return kept, "" if kept else "; ".join(faults[:3])


def _judged(table: _Table, note: Note, mind: str) -> Judged:
    if not 1 <= note.shot <= len(table.shots):
        raise Refused(f"there is no such shot; they are numbered 1 to {len(table.shots)}")
    shot = table.shots[note.shot - 1]
    field, agent = FIELDS[note.code]
    also = _same_air(table, shot) if note.code == "sound_against_mood" else ()
    for each in (shot, *also):
        if each.review.status == "approved":
            raise Refused("a person approved this shot")
        if any(_by_person(p) and (covers(field, path) or covers(path, field)) for path, p in each.provenance.items()):
            raise Refused("a person has set this")
    if (shot.shot_id, field) in table.flagged:
        raise Refused("the rules have said so already")
    _require_sense(table, note, shot)
    say = sentence(note.say, most=240, least_words=5, apart_from=(*table.script, prompt()))
    if len(say.split()) > MOST_WORDS:
        raise Refused("it is longer than 25 words")
    if not _words(say) & table.words:
        raise Refused("it names nobody and nothing of this scene")
    if note.code == "turn_unseen":
        turns = [n for n, s in enumerate(table.shots, 1) if table.turn in s.source.units]
        if all(abs(n - note.shot) > 1 for n in turns):
            raise Refused(f"the scene turns in shot {turns[0]}: name that one, or the one beside it")
    return Judged(
        shot_id=shot.shot_id, code=note.code, field=field, agent=agent, feedback=say, mind=mind,
        also=tuple(s.shot_id for s in also),
    )  # fmt: skip


def _by_person(told: Provenance) -> bool:
    return told.pinned or told.mind == "person" or told.because.startswith("a person asked")


def _same_air(table: _Table, shot: Shot) -> tuple[Shot, ...]:
    return tuple(s for s in table.shots if s is not shot and s.audio.ambience == shot.audio.ambience)


def _require_sense(table: _Table, note: Note, shot: Shot) -> None:
    """Raise Refused for a note that the shot itself disproves."""
    if note.code == "purpose_repeats" and note.shot == 1:
        raise Refused("nothing comes before shot 1: name the later shot of the two")
    if note.code in ("purpose_repeats", "performance_contradicts") and shot.added:
        raise Refused("nobody plays in this shot")
    if note.code == "performance_contradicts" and not shot.narrative_layer.character_performance.strip():
        raise Refused("nobody plays in this shot")
    if note.code == "turn_unseen":
        if table.turn not in {u for s in table.shots for u in s.source.units}:
            raise Refused("the scene has no turn")
        if table.turn in shot.source.units and _face_is_read(shot):
            raise Refused("a face is close and turned to us in this shot")


def _face_is_read(shot: Shot) -> bool:
    camera = shot.technical_layer.camera
    near = SIZE_ORDER[camera.shot_size] >= SIZE_ORDER["medium_close_up"] and camera.framing != "insert"
    faces = (s for s in shot.technical_layer.staging.subjects if not s.foreground and s.screen_position != "off")
    return near and camera.facing in ("frontal", "three_quarter") and any(
        kind_of(s.entity) == "character" for s in faces
    )  # fmt: skip


def _mark(standing: Judgement, record: Refinement) -> Judgement:
    fallen = record.fallen.get(KEY, "")
    return standing.model_copy(update={"fallen": fallen}) if fallen else standing


# the page


def _page(brief: SceneBrief, shots: Sequence[Shot]) -> Iterator[str]:
    scene = brief.scene
    beats = ", ".join(dict.fromkeys(b.name.replace("_", " ") for b in scene.beats))
    yield "<script>"
    yield _plain(f"{scene.slugline.raw}. Goal: {_short(scene.goal, 24)}")
    if scene.turn is not None and scene.turn.what:
        yield _plain(f"Turn: {_short(scene.turn.what, 16)}")
    if beats:
        yield f"Feeling: {beats}."
    turn = scene.turn.unit if scene.turn else None
    air = ""
    names = {str(m.character.id): m.character.name for m in brief.cast}
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
            f"{n}. {SIZE_ABBREVIATION[camera.shot_size]}{move}: {', '.join(seen[:3]) or 'nobody'}.{turns}"
            f" For: {_short(shot.narrative_layer.shot_purpose, 14)}"
            + (f" Play: {_short(shot.narrative_layer.character_performance, 10)}" if seen else "")
            + (f" Says: {_short(spoken, 8)}" if spoken else "")
        )
    yield "</script>"


def _vocabulary(brief: SceneBrief) -> Iterator[str]:
    """What a note must name something of: people, things, the place, the feelings."""
    yield brief.scene.slugline.raw
    for member in brief.cast:
        yield from (member.character.name, *member.character.cues, *member.character.aliases)
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
