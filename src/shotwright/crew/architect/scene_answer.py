"""One scene's part of a model's answer, checked entry by entry: each is taken, or the reason why not is said."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shotwright.craft.answers import Refused, sentence
from shotwright.crew.architect.naming import plain
from shotwright.crew.architect.reading_window import STEPS, Part, SceneOverlay, forced
from shotwright.crew.architect.wording import full, snip
from shotwright.model.story import Beat, Evidence, Turn

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from shotwright.crew.architect.reading_window import BeatEntry
    from shotwright.model.ids import EntityId
    from shotwright.model.story import SceneStory
    from shotwright.model.vocabulary import BeatName

MOST_BEATS = 5
_QUIETEST_CALM = 8
"""Calm is never stronger than so many twentieths: what is stronger is no calm."""
_WORDS: dict[Part, tuple[int, int]] = {"goal": (4, 26), "synopsis": (3, 28), "subtext": (2, 22)}
"""(fewest, most) words of a text; somewhat more than the prompt asks for."""
_NO_TURN = frozenset(("establishing", "montage", "series_of_shots"))
_FEW_UNITS = 8
_LONG_SCENE = 10
"""Filmed units from which on a scene is not all at one pitch."""
_RISE = 4
"""A scene whose forces lie so far apart in the draft has a shape: beats of one force all through would flatten it."""
_LATE = 3
"""So many filmed units a first beat may leave out before it; they are taken to be part of it."""
_CUE = re.compile(r"([^\W\d_]{3,}):")
_ABOUT_SCENE = re.compile(r"\b(?:this|the) (?:scene|script|story|film|audience|viewers?)\b")
_SUBJECTS = frozenset(("the", "a", "an", "he", "she", "it", "they", "we", "i", "this", "that", "his", "her", "their"))


@dataclass(frozen=True, slots=True)
class SceneFrame:
    """What an answer about a scene may point at."""

    scene: SceneStory
    people: tuple[EntityId, ...]
    """Person 1 is the first."""
    names: Mapping[EntityId, str]
    called: frozenset[str]
    """Every word, in lower case, of what these people are called."""
    strangers: frozenset[str]
    """First names, as spelled, of people of the film whom the scene neither has nor names."""
    said: tuple[str, ...]
    """The text of each unit, without markup; line 1 is the first."""


def take_words(
    frame: SceneFrame,
    overlay: SceneOverlay,
    part: Part,
    text: str,
    mind: str,
    used: set[str],
    prompt: str,
    beside: str = "",
) -> tuple[SceneOverlay, str]:
    """The goal, the synopsis or the subtext. `used` holds, in lower case, what other scenes say, and grows; `beside` is
    the synopsis that the same answer gives."""
    stands = getattr(overlay, part)
    if text == stands or (part == "subtext" and not text.strip()):
        return (overlay if text == stands else overlay.model_copy(update={part: ""})), ""
    try:
        clean = sentence(text, most=260, least_words=_WORDS[part][0], apart_from=frame.said)
    except Refused as refusal:
        return overlay, refusal.why
    clean = clean[:1].upper() + clean[1:]
    if clean == stands:
        return overlay, ""
    most = _WORDS[part][1]
    if len(clean.split()) > most:
        return overlay, f"it has more than {most} words"
    low = clean.casefold()
    if low.rstrip(".!?…") in prompt.casefold():
        return overlay, "it repeats the instructions"
    if _CUE.search(clean) and frame.called.intersection(_CUE.findall(low)):
        return overlay, "it is written like a script; tell it in a sentence"
    if part != "goal" and _ABOUT_SCENE.search(low):
        return overlay, "it speaks of the scene; speak of its people"
    astray = sorted(frame.strangers.intersection(re.findall(r"[^\W\d_]{3,}", clean)))
    if part == "synopsis" and astray:
        return overlay, f"{astray[0]} is not in this scene"
    if part == "goal" and (fault := _no_goal(frame, low, beside)):
        return overlay, fault
    if low in used:
        return overlay, "the same sentence stands elsewhere; say what is this one's own"
    used.add(low)
    update: dict[str, Any] = {part: clean}
    if part == "goal":
        update["worded_by"] = mind
    return overlay.model_copy(update=update), ""


def _no_goal(frame: SceneFrame, goal: str, synopsis: str) -> str:
    """Why a sentence is no goal but tells what happens; empty when it is one."""
    first = re.match(r"[^\W\d_]+", goal)
    if first is None or first.group() in _SUBJECTS or first.group() in frame.called:
        return "it tells what happens; begin with a verb and say what the scene is for"
    own, told = (set(re.findall(r"[^\W\d_]{4,}", text.casefold())) - frame.called for text in (goal, synopsis))
    if len(own) >= 3 and len(own & told) >= 0.7 * len(own):
        return "it tells the synopsis again; say what the scene is for"
    return ""


def take_turn(frame: SceneFrame, overlay: SceneOverlay, line: int, mind: str) -> tuple[SceneOverlay, str]:
    """The unit on which the scene turns; 0 for none."""
    units = frame.scene.units
    if line == 0 and (overlay.turn is None or _may_not_turn(frame.scene)):
        return (overlay if overlay.turn is None else overlay.model_copy(update={"turn": None})), ""
    if line == 0:
        return overlay, "a scene so long turns somewhere; name the line after which something is no longer the same"
    if line == -1:
        return overlay, "there is no turn; 0 says that the scene does not turn"
    if not 1 <= line <= len(units):
        return overlay, f"there is no line {_shown(line)}; the scene has lines 1 to {len(units)}"
    unit = units[line - 1]
    if overlay.turn is not None and overlay.turn.unit == unit.id:
        return overlay, ""
    if unit.kind == "direction":
        return overlay, f"line {line} is a direction, which nobody plays"
    if not _may_not_turn(frame.scene) and all(u.kind == "direction" for u in units[: line - 1]):
        return overlay, f"the scene only begins with line {line}; nothing was there yet that could turn"
    turn = Turn(
        unit=unit.id,
        what=happening(frame, line),
        evidence=Evidence(
            units=(unit.id,), confidence=0.8, because="after it the scene cannot go back, as read", mind=mind
        ),
    )
    return overlay.model_copy(update={"turn": turn}), ""


def _may_not_turn(scene: SceneStory) -> bool:
    """A scene too short or too loosely told to turn."""
    return scene.scene_type in _NO_TURN or sum(unit.kind != "direction" for unit in scene.units) <= _FEW_UNITS


def happening(frame: SceneFrame, line: int) -> str:
    """What happens on a line, in the words that the rules would use: `Will says to Edward, "…"`."""
    unit = frame.scene.units[line - 1]
    if unit.kind != "speech":
        return full(plain(unit.text))
    note = next((note for note in frame.scene.speeches if note.unit == unit.id), None)
    who = " and ".join(frame.names[one] for one in note.speakers if one in frame.names) if note else ""
    to = f" to {frame.names[note.addressees[0]]}" if note and _one_known(note.addressees, frame) else ""
    who = who or "a voice"
    return full(f'{who} says{to}, "{snip(unit.text)}"')


def _one_known(who: Sequence[EntityId], frame: SceneFrame) -> bool:
    return len(who) == 1 and who[0] in frame.names


def take_beats(
    frame: SceneFrame, overlay: SceneOverlay, entries: Iterable[BeatEntry], mind: str
) -> tuple[SceneOverlay, str]:
    """The scene's runs of feeling. The first reaches back to the scene's first line, each to where the next begins."""
    units = frame.scene.units
    live = [i for i, unit in enumerate(units, 1) if unit.kind != "direction"] or list(range(1, len(units) + 1))
    starts: dict[int, tuple[BeatName, int]] = {}
    for entry in entries:
        if not 1 <= entry.at <= len(units):
            return overlay, f"there is no line {_shown(entry.at)}; the scene has lines 1 to {len(units)}"
        if not 1 <= entry.force <= STEPS:
            return overlay, f"force {_shown(entry.force)} is not of 1 to {STEPS}"
        at = next((i for i in live if i >= entry.at), None)
        if at is not None:
            starts.setdefault(at, (entry.feel, entry.force))
    if not starts:
        return overlay, "there is no beat for this scene"
    order = {unit.id: i for i, unit in enumerate(units, 1)}
    told = [(at, *starts[at]) for at in sorted(starts)]
    if told == [(order[b.first_unit], b.name, forced(b.intensity)) for b in overlay.beats]:
        return overlay, ""
    if told[0][0] > live[min(_LATE, len(live) - 1)]:
        return overlay, f"the first beat begins at line {told[0][0]}; begin at line {live[0]}"
    told[0] = (live[0], told[0][1], told[0][2])
    told = _runs(told)
    if len(told) == 1 and len(live) >= _LONG_SCENE and len(overlay.beats) > 1:
        return overlay, "a scene so long is not at one pitch; say where the feeling or its force changes"
    if len(told) > MOST_BEATS:
        return overlay, f"there are {len(told)} beats; a scene has {MOST_BEATS} at most"
    drafted = [forced(b.intensity) for b in overlay.beats] or [0]
    if len(told) > 1 and len({force for _, _, force in told}) == 1 and max(drafted) - min(drafted) >= _RISE:
        return overlay, f"every beat has force {told[0][2]}; a scene builds and lets go: make its strongest moment tell"
    standing = {(b.first_unit, b.last_unit, b.name, forced(b.intensity)): b for b in overlay.beats}
    out: list[Beat] = []
    before: BeatName = "calm"
    ends = [*(at for at, _, _ in told[1:]), len(units) + 1]
    for (at, feel, force), end in zip(told, ends, strict=True):
        first, last = units[at - 1].id, units[max(i for i in live if at <= i < end) - 1].id
        kept = standing.get((first, last, feel, force))
        out.append(
            kept.model_copy(update={"came_from": before})
            if kept is not None
            else Beat(
                name=feel,
                intensity=round(force / STEPS, 2),
                came_from=before,
                first_unit=first,
                last_unit=last,
                evidence=Evidence(units=(first,), confidence=0.8, because="the feeling of the run, as read", mind=mind),
            )
        )
        before = feel
    return overlay.model_copy(update={"beats": tuple(out)}), ""


def _runs(told: list[tuple[int, BeatName, int]]) -> list[tuple[int, BeatName, int]]:
    """The beats with calm held low, and neighbours joined that are the same."""
    out: list[tuple[int, BeatName, int]] = []
    for at, feel, force in told:
        held = min(force, _QUIETEST_CALM) if feel == "calm" else force
        if not out or out[-1][1:] != (feel, held):
            out.append((at, feel, held))
    return out


def _shown(number: int) -> str:
    """A number as a model may be told of it: it may have any length."""
    return str(number) if abs(number) < 10**9 else "of that size"
