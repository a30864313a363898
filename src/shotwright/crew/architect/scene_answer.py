"""One scene's part of a model's answer, checked entry by entry: each is taken, or the reason why not is said."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shotwright.craft.answers import Refused, sentence
from shotwright.crew.architect.lexicon import things
from shotwright.crew.architect.naming import plain
from shotwright.crew.architect.reading_window import STEPS, Part, SceneOverlay, forced
from shotwright.crew.architect.wording import full, snip
from shotwright.model.story import Beat, Evidence, Turn

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from shotwright.crew.architect.reading_window import AlsoEntry, BeatEntry, PropEntry, ToEntry
    from shotwright.model.ids import EntityId
    from shotwright.model.story import SceneStory
    from shotwright.model.vocabulary import BeatName

MOST_BEATS = 5
_QUIETEST_CALM = 8
"""Calm is never stronger than so many twentieths: what is stronger is no calm."""
_MOST_CORRECTIONS = 3
"""So many props and other names a scene: beyond that a model lists the furniture."""
_WORDS: dict[Part, tuple[int, int]] = {"goal": (4, 26), "synopsis": (3, 28), "subtext": (2, 22)}
"""(fewest, most) words of a text; somewhat more than the prompt asks for."""
_NAMING = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*(?: [^\W\d_]+(?:['’-][^\W\d_]+)*){0,3}")
_ARTICLE = re.compile(r"^(?:the|a|an|his|her|their|its|my|your|our|this|that|some)\s+")
_NO_THING = frozenset(
    ("he", "she", "it", "they", "him", "her", "them", "we", "us", "you", "i", "who", "someone", "somebody", "everyone",
     "everybody", "nobody", "hand", "hands", "eye", "eyes", "face", "head", "arm", "arms", "foot", "feet", "leg",
     "legs", "finger", "fingers", "mouth", "hair", "door", "window", "room", "floor", "wall", "ground",
     "sky"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class SceneFrame:
    """What an answer about a scene may point at."""

    scene: SceneStory
    people: tuple[EntityId, ...]
    """Person 1 is the first."""
    names: Mapping[EntityId, str]
    called: frozenset[str]
    """Every word, in lower case, of what these people are called."""
    said: tuple[str, ...]
    """The text of each unit, without markup; line 1 is the first."""


def take_words(
    frame: SceneFrame, overlay: SceneOverlay, part: Part, text: str, mind: str, used: set[str], prompt: str
) -> tuple[SceneOverlay, str]:
    """The goal, the synopsis or the subtext. `used` holds, in lower case, what other scenes say, and grows."""
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
    if low in used:
        return overlay, "the same sentence stands elsewhere; say what is this one's own"
    used.add(low)
    update: dict[str, Any] = {part: clean}
    if part == "goal":
        update["worded_by"] = mind
    return overlay.model_copy(update=update), ""


def take_turn(frame: SceneFrame, overlay: SceneOverlay, line: int, mind: str) -> tuple[SceneOverlay, str]:
    """The unit on which the scene turns; 0 for none."""
    units = frame.scene.units
    if line == 0:
        return (overlay if overlay.turn is None else overlay.model_copy(update={"turn": None})), ""
    if line == -1:
        return overlay, "there is no turn; 0 says that the scene does not turn"
    if not 1 <= line <= len(units):
        return overlay, f"there is no line {_shown(line)}; the scene has lines 1 to {len(units)}"
    unit = units[line - 1]
    if overlay.turn is not None and overlay.turn.unit == unit.id:
        return overlay, ""
    if unit.kind == "direction":
        return overlay, f"line {line} is a direction, which nobody plays"
    turn = Turn(
        unit=unit.id,
        what=happening(frame, line),
        evidence=Evidence(
            units=(unit.id,), confidence=0.8, because="after it the scene cannot go back, as read", mind=mind
        ),
    )
    return overlay.model_copy(update={"turn": turn}), ""


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
    told[0] = (live[0], told[0][1], told[0][2])
    if told == [(order[b.first_unit], b.name, forced(b.intensity)) for b in overlay.beats]:
        return overlay, ""
    told = _runs(told)
    if len(told) > MOST_BEATS:
        return overlay, f"there are {len(told)} beats; a scene has {MOST_BEATS} at most"
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


def take_corrections(
    frame: SceneFrame,
    overlay: SceneOverlay,
    to: Iterable[ToEntry],
    props: Iterable[PropEntry],
    also: Iterable[AlsoEntry],
    mind: str,
) -> SceneOverlay:
    """What the rules missed or mistook, where the answer points at what is there; anything else is left out.

    What an earlier answer corrected stands: a later one adds to it.
    """
    addressed = dict(overlay.to)
    for told in to:
        _address(frame, told, addressed)
    named = dict.fromkeys(overlay.props)
    for prop in props:
        words = _thing_words(frame, prop)
        if words and len(named) < _MOST_CORRECTIONS:
            named[(frame.scene.units[prop.line - 1].id, words)] = None
    meant = dict.fromkeys(overlay.also)
    for other in also:
        who = _meant(frame, other)
        if who is not None and len(meant) < _MOST_CORRECTIONS:
            meant[(frame.scene.units[other.line - 1].id, who)] = None
    update = {"to": tuple(addressed.items()), "props": tuple(named), "also": tuple(meant)}
    if all(getattr(overlay, field) == value for field, value in update.items()):
        return overlay
    return overlay.model_copy(update={**update, "mind": mind})


def _address(frame: SceneFrame, told: ToEntry, addressed: dict[Any, EntityId | None]) -> None:
    units = frame.scene.units
    if not (1 <= told.line <= len(units) and 0 <= told.person <= len(frame.people)):
        return
    unit = units[told.line - 1].id
    note = next((note for note in frame.scene.speeches if note.unit == unit), None)
    if note is None or unit in addressed or note.voice == "voice_over":
        return
    who = frame.people[told.person - 1] if told.person else None
    if who in note.speakers or note.addressees == (() if who is None else (who,)):
        return
    addressed[unit] = who


def _thing_words(frame: SceneFrame, prop: PropEntry) -> str:
    """The words that name a prop, without their article; empty where they name none that the line shows."""
    if not 1 <= prop.line <= len(frame.said) or frame.scene.units[prop.line - 1].kind != "action":
        return ""
    words = _ARTICLE.sub("", " ".join(prop.words.casefold().split()))
    if not _NAMING.fullmatch(words) or not _stands(words, frame.said[prop.line - 1]):
        return ""
    last = words.rpartition(" ")[2]
    lexicon = things()
    if (
        last in _NO_THING
        or not frame.called.isdisjoint(words.split())
        or words in lexicon.garment_compounds
        or last in lexicon.garments
    ):
        return ""
    return words


def _meant(frame: SceneFrame, other: AlsoEntry) -> EntityId | None:
    """The person whom a line shows under another name, where it does."""
    if not (1 <= other.line <= len(frame.said) and 1 <= other.person <= len(frame.people)):
        return None
    unit = frame.scene.units[other.line - 1]
    words = " ".join(other.words.casefold().split())
    if unit.kind != "action" or not re.search(r"\w", words) or not _stands(words, frame.said[other.line - 1]):
        return None
    who = frame.people[other.person - 1]
    presence = next(p for p in frame.scene.presences if p.character == who)
    note = next((note for note in frame.scene.actions if note.unit == unit.id), None)
    return None if note is None or who in note.actors or presence.voice_only else who


def _stands(words: str, text: str) -> bool:
    """Whether the words stand in the text just so, as whole words, capitals apart."""
    low = " ".join(text.casefold().split())
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", low) is not None


def _shown(number: int) -> str:
    """A number as a model may be told of it: it may have any length."""
    text = str(number) if abs(number) < 10**9 else "of that size"
    return text
