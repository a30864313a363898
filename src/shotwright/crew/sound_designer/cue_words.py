"""The film's music in a language model's words: what each cue is, and why it comes in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from shotwright.craft.answers import Refused, phrase
from shotwright.model.ids import SceneId, digest
from shotwright.model.question import Question, Taken

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from shotwright.model.crew import MusicPlan
    from shotwright.model.language import Refinement
    from shotwright.model.story import Story

Plans = tuple[tuple[SceneId, "MusicPlan"], ...]

MOST = 25
"""Cues a question."""
_BORDER = 12
"""One cue in so many ends a group, by its own id, so that a new cue moves no other group."""
LONGEST = 130
_WORD = re.compile(r"[^\W\d_]{3,}")
_PLAYING = frozenset(("playing", "plays", "play", "music", "the", "and", "from", "with"))
_NOT_MUSIC = re.compile(r"\b(?:camera|shot|scene|dialogue|in the style of|by [A-Z]\w+|like [A-Z]\w+)\b")


class CueWords(BaseModel):
    cue: int
    what: str
    why: str


class Cues(BaseModel):
    cues: list[CueWords]


@dataclass(frozen=True, slots=True)
class _Group:
    ids: tuple[str, ...]


@cache
def prompt() -> str:
    """What every question about music begins with."""
    path = files("shotwright.crew.sound_designer").joinpath("prompt_music.md")
    return path.read_text(encoding="utf-8").strip()


def ask_music(story: Story, plans: Plans, film: str = "") -> tuple[Question[Plans], ...]:
    """The film's cues, at most `MOST` a question. What a question says of them are kinds and feelings, no words of the
    script, so that an edit that moves no cue leaves every question as it is."""
    first: dict[str, MusicPlan] = {}
    for _, plan in plans:
        first.setdefault(plan.cue_id, plan)
    told = _told(story, plans)
    questions: list[Question[Plans]] = []
    for ids in _groups(list(first)):
        lines = [f"{n}. {told[cue]}. So far: {first[cue].description}" for n, cue in enumerate(ids, 1)]
        drafted = [CueWords(cue=n, what=first[c].description, why=first[c].why_in) for n, c in enumerate(ids, 1)]
        questions.append(
            Question(
                agent="sound_designer",
                task="sound_designer.music",
                scene="",
                instructions=prompt(),
                film=film,
                body="\n".join(lines),
                answer=Cues,
                drafted=Cues(cues=drafted),
                keys=tuple(f"cue {n}" for n in range(1, len(ids) + 1)),
                take=partial(_take, _Group(ids)),
                mark=_mark,
                likely_tokens=60 * len(ids),
            )
        )
    return tuple(questions)


def _groups(ids: Sequence[str]) -> Iterator[tuple[str, ...]]:
    group: list[str] = []
    for cue in ids:
        group.append(cue)
        if len(group) >= MOST or int(digest(cue), 16) % _BORDER == 0:
            yield tuple(group)
            group = []
    if group:
        yield tuple(group)


def _told(story: Story, plans: Plans) -> dict[str, str]:
    """What each cue lies under, in kinds."""
    scenes = {scene.scene_id: scene for scene in story.scenes}
    points: dict[str, str] = {}
    for point in story.plot_points:
        points.setdefault(point.scene, point.kind.replace("_", " "))
    over: dict[str, list[SceneId]] = {}
    diegetic: set[str] = set()
    for scene_id, plan in plans:
        over.setdefault(plan.cue_id, []).append(scene_id)
        if plan.diegetic:
            diegetic.add(plan.cue_id)
    told: dict[str, str] = {}
    for cue, ids in over.items():
        begins, ends = scenes[ids[0]], scenes[ids[-1]]
        beats = [b for i in ids for b in scenes[i].beats]
        loudest = max(beats, key=lambda b: b.intensity) if beats else None
        feelings = [f"from {beats[0].came_from} to {beats[-1].name}" if beats else "calm"]
        if loudest is not None and loudest.name not in (beats[0].came_from, beats[-1].name):
            feelings.append(f"through {loudest.name}")
        kind = begins.scene_type.replace("_", " ")
        facts = [
            " ".join(feelings), kind, "outside" if begins.slugline.int_ext.startswith("EXT") else "inside",
            begins.time_of_day.replace("_", " "),
            *(["on to another place"] if ends.location != begins.location else []),
            *(["heard in the scene itself"] if cue in diegetic else []),
            *dict.fromkeys(f"plot: {points[i]}" for i in ids if i in points),
        ]  # fmt: skip
        told[cue] = ", ".join(facts).replace("_", " ")
    return told


def _take(group: _Group, standing: Plans, answer: Any, open_keys: frozenset[str], mind: str) -> Taken[Plans]:
    said: dict[int, CueWords] = {}
    for entry in answer.cues if isinstance(answer, Cues) else ():
        said.setdefault(entry.cue, entry)
    now = {plan.cue_id: plan for _, plan in reversed(standing)}
    refused: dict[str, str] = {}
    words: dict[str, tuple[str, str]] = {}
    used = {now[cue].description.casefold() for n, cue in enumerate(group.ids, 1) if f"cue {n}" not in open_keys}
    for n, cue in enumerate(group.ids, 1):
        key = f"cue {n}"
        if key not in open_keys:
            continue
        if n not in said:
            refused[key] = f"cue {n} is missing"
            continue
        if (said[n].what, said[n].why) == (now[cue].description, now[cue].why_in):
            continue
        try:
            what, why = _checked(said[n].what), _checked(said[n].why)
            if now[cue].diegetic:
                _require_source(what, now[cue].description)
            if what.casefold() in used:
                raise Refused("another cue is the same; let it return changed")
        except Refused as fault:
            refused[key] = f"cue {n}: {fault.why}"
            continue
        used.add(what.casefold())
        words[cue] = (what, why)
    value = tuple(
        (scene, plan.model_copy(update={"description": words[plan.cue_id][0], "why_in": words[plan.cue_id][1],
                                        "mind": mind}) if plan.cue_id in words else plan)
        for scene, plan in standing
    )  # fmt: skip
    return Taken(value, refused, frozenset(f"cue {n}" for n, cue in enumerate(group.ids, 1) if cue in words))


def _checked(text: str) -> str:
    clean = phrase(text, most=LONGEST, apart_from=(prompt(),))
    if found := _NOT_MUSIC.search(clean):
        raise Refused(f"“{found.group()}” is not what is played")
    if len(clean.split()) < 2:
        raise Refused("say what is played and how")
    return clean


def _require_source(what: str, heard: str) -> None:
    """Raise Refused where music that plays in the scene itself would lose what it comes from."""
    source = heard.partition(":")[2].strip() or heard
    stems = {w.casefold()[:4] for w in _WORD.findall(source) if w.casefold() not in _PLAYING}
    if stems & {"sing", "song", "hum", "humm"}:
        stems |= {"sing", "song", "sung", "voic", "hum", "humm"}
    if stems and not stems & {w.casefold()[:4] for w in _WORD.findall(what)}:
        raise Refused(f"it is heard in the scene itself: say how the {source} sounds")


def _mark(standing: Plans, record: Refinement) -> Plans:
    """Which cues keep the rules' words stands in the record; a cue has no other place for it."""
    return standing
