"""The Architect's questions to a language model: the script window by window, and once the film as a whole.

A model reads the script itself and says what each scene must do, where it turns and what it feels like; whatever it
answers, what comes out is a legal story.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from shotwright.crew.architect.corrections import Corrections
from shotwright.crew.architect.naming import plain
from shotwright.crew.architect.reading_film import FilmReading, ask_film, draft_film
from shotwright.crew.architect.reading_window import (
    PARTS,
    Part,
    SceneOverlay,
    WindowAnswer,
    WindowReading,
    draft_window,
    drafted_answer,
    scenes_of,
)
from shotwright.crew.architect.retell import retell
from shotwright.crew.architect.scene_answer import SceneFrame, take_beats, take_turn, take_words
from shotwright.crew.architect.windows import windows
from shotwright.crew.architect.wording import names_of
from shotwright.model.question import Question, Taken

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shotwright.model.ids import EntityId, SceneId
    from shotwright.model.language import Refinement
    from shotwright.model.screenplay import Unit
    from shotwright.model.story import Character, SceneStory, Story

__all__ = [
    "FilmReading", "WindowReading", "ask_film", "ask_window", "draft_film", "draft_window", "retell", "windows",
]  # fmt: skip

_LOUD = 17
"""From so many twentieths on a beat is one of the film's peaks."""


@cache
def _instructions() -> str:
    return files("shotwright.crew.architect").joinpath("prompt.md").read_text(encoding="utf-8").strip()


def ask_window(story: Story, window: Sequence[SceneId], film: str) -> Question[WindowReading] | None:
    """What the scenes of a window must do, where they turn, what they feel like, and what the rules missed in them.

    The body depends on these scenes alone. Scenes, their people and their lines bear numbers from 1.
    """
    scenes = scenes_of(story, window)
    if not scenes:
        return None
    cast = {person.id: person for person in story.characters}
    names = names_of(cast)
    things = {thing.id: thing.name for thing in story.things}
    frames = tuple(_frame(scene, names, cast) for scene in scenes)
    body = "\n".join(_shown(n, frame, things) for n, frame in enumerate(frames, 1))
    return Question(
        agent="architect",
        task="architect.window",
        scene=scenes[0].scene_id,
        instructions=_instructions(),
        film=film,
        body=f"<script>\n{body}\n</script>",
        answer=WindowAnswer,
        drafted=drafted_answer(scenes),
        keys=tuple(_key(n, part) for n in range(1, len(scenes) + 1) for part in PARTS),
        take=partial(_take, frames),
        mark=_mark,
    )


def _key(n: int, part: Part) -> str:
    return f"scene {n} {part}"


def _frame(scene: SceneStory, names: Mapping[EntityId, str], cast: Mapping[EntityId, Character]) -> SceneFrame:
    people = tuple(presence.character for presence in scene.presences if presence.character in names)
    spelled = " ".join(text for who in people for text in (names[who], cast[who].name, *cast[who].cues))
    said = tuple(plain(unit.text) for unit in scene.units)
    named = frozenset(re.findall(r"[^\W\d_]+", " ".join((spelled, plain(scene.slugline.raw), *said)).casefold()))
    return SceneFrame(
        scene=scene,
        people=people,
        names=names,
        called=frozenset(re.findall(r"[^\W\d_]{3,}", spelled.casefold())),
        strangers=frozenset(name for name in names.values() if name.istitle() and name.casefold() not in named),
        said=said,
    )


# what is shown


def _shown(n: int, frame: SceneFrame, things: Mapping[EntityId, str]) -> str:
    """A scene as lines: heading, people, things, then its units by number. A speech bears who says it to whom."""
    scene = frame.scene
    lines = [f"SCENE {n}: {_clean(scene.slugline.raw)}"]
    if frame.people:
        lines.append("People: " + ", ".join(f"{i} {_clean(frame.names[who])}" for i, who in enumerate(frame.people, 1)))
    if scene.things:
        lines.append("Things: " + ", ".join(_clean(things.get(what, "")) for what in scene.things if what in things))
    notes = {note.unit: note for note in scene.speeches}
    for i, unit in enumerate(scene.units, 1):
        if unit.kind != "speech":
            lines.append(f"{i} {_clean(unit.text)}")
            continue
        note = notes.get(unit.id)
        who = " and ".join(frame.names.get(one, "") for one in note.speakers) if note else unit.cue
        to = " and ".join(frame.names.get(one, "") for one in note.addressees) if note else ""
        over = (
            " (over)" if note and note.voice == "voice_over" else " (phone)" if note and note.voice == "phone" else ""
        )
        lines.append(f"{i} {_clean(who)}{over}{' > ' + _clean(to) if to else ''}: {_clean(_spoken(unit))}")
    return "\n".join(lines)


def _spoken(unit: Unit) -> str:
    """A speech with its parentheticals where they stand."""
    if not unit.parts:
        return unit.text
    return " ".join(f"({part.text.strip('() ')})" if part.kind == "parenthetical" else part.text for part in unit.parts)


def _clean(text: str) -> str:
    """Script text on one line, that cannot end the script's part of the body."""
    return " ".join(plain(text).replace("<", "‹").replace(">", "›").split())


# what is taken


@dataclass(slots=True)
class _Sorted:
    """An answer's entries by scene."""

    told: dict[int, Any]
    beats: dict[int, list[Any]]
    to: dict[int, list[Any]]
    props: dict[int, list[Any]]
    also: dict[int, list[Any]]


def _sorted(answer: WindowAnswer) -> _Sorted:
    told: dict[int, Any] = {}
    for entry in answer.scenes:
        told.setdefault(entry.scene, entry)
    out = _Sorted(told, {}, {}, {}, {})
    lists: tuple[tuple[Sequence[Any], dict[int, list[Any]]], ...] = (
        (answer.beats, out.beats), (answer.to, out.to), (answer.props, out.props), (answer.also, out.also),
    )  # fmt: skip
    for entries, by_scene in lists:
        for each in entries:
            by_scene.setdefault(each.scene, []).append(each)
    return out


def _take(
    frames: tuple[SceneFrame, ...], standing: WindowReading, answer: WindowAnswer, open_keys: frozenset[str], mind: str
) -> Taken[WindowReading]:
    """Scene by scene and part by part what can be used; the corrections of a scene are asked for with its words, and
    those that are not sure are left out without a word, since asking again costs the whole window."""
    found = _sorted(answer)
    overlays = {overlay.scene_id: overlay for overlay in standing.scenes}
    refused: dict[str, str] = {}
    changed: set[str] = set()
    texts = [text for overlay in standing.scenes for text in (overlay.goal, overlay.synopsis)]
    used = {text.casefold() for text in texts if text}
    out: list[SceneOverlay] = []
    corrections = Corrections()
    for n, frame in enumerate(frames, 1):
        overlay = before = overlays[frame.scene.scene_id]
        parts: list[Part] = [part for part in PARTS if _key(n, part) in open_keys]
        for part in parts:
            entry = found.told.get(n)
            if part == "beats":
                overlay, why = take_beats(frame, overlay, found.beats.get(n, ()), mind)
            elif entry is None:
                why = "there is no entry for this scene"
            elif part == "turn":
                overlay, why = take_turn(frame, overlay, entry.turn, mind)
            else:
                text, beside = getattr(entry, part), entry.synopsis
                overlay, why = take_words(frame, overlay, part, text, mind, used, _instructions(), beside)
            if why:
                refused[_key(n, part)] = why
            elif getattr(overlay, part) != getattr(before, part):
                changed.add(_key(n, part))
        if parts:
            corrections.hear(frame, found.to.get(n, ()), found.props.get(n, ()), found.also.get(n, ()))
        out.append(overlay)
    for i, overlay in enumerate(out):
        out[i] = corrections.lay(overlay, mind)
        if out[i] != overlay:
            changed.add(f"scene {i + 1} corrections")
    _keep_peaks_rare(overlays, out, refused, changed)
    return Taken(WindowReading(scenes=tuple(out)), refused, frozenset(changed))


def _keep_peaks_rare(
    before: Mapping[SceneId, SceneOverlay], out: list[SceneOverlay], refused: dict[str, str], changed: set[str]
) -> None:
    """Where more than half of a window's scenes peak, nothing does: those that a model raised least keep the draft."""
    tops = [max((round(beat.intensity * 20) for beat in overlay.beats), default=0) for overlay in out]
    loud = sorted((i for i, top in enumerate(tops) if top >= _LOUD), key=lambda i: (-tops[i], i))
    for i in loud[max(2, len(out) // 2) :]:
        key = _key(i + 1, "beats")
        if key in changed:
            out[i] = out[i].model_copy(update={"beats": before[out[i].scene_id].beats})
            changed.discard(key)
            refused[key] = f"too many scenes reach {_LOUD}; this one is not the loudest of them, so stay below"


def _mark(reading: WindowReading, record: Refinement) -> WindowReading:
    """Why a part is the rules' though a model was asked, in the reason of that part."""
    failed = dict(record.fallen)
    if record.pending:
        done = {*record.accepted, *record.repaired}
        failed = {key: "" for key in record.asked if key not in done}
    if not failed:
        return reading
    out = []
    for n, overlay in enumerate(reading.scenes, 1):
        update: dict[str, Any] = {}
        for part in ("turn", "beats"):
            key = _key(n, part)
            if key not in failed:
                continue
            words = (
                f"; not refined yet: {record.pending}"
                if record.pending
                else f"; {record.mind}'s answer was refused: {failed[key]}"
            )
            if part == "turn" and overlay.turn is not None:
                evidence = overlay.turn.evidence
                update["turn"] = overlay.turn.model_copy(
                    update={"evidence": evidence.model_copy(update={"because": evidence.because + words})}
                )
            elif part == "beats":
                update["beats"] = tuple(
                    beat.model_copy(
                        update={"evidence": beat.evidence.model_copy(update={"because": beat.evidence.because + words})}
                    )
                    for beat in overlay.beats
                )
        out.append(overlay.model_copy(update=update) if update else overlay)
    return WindowReading(scenes=tuple(out))
