"""What a model says that the rules missed or mistook: whom a speech is said to, things, people under other names.

None of it is asked for again, since that costs the whole window: what points at what is there is taken, and the rest is
left out without a word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shotwright.crew.architect.lexicon import things, verbs
from shotwright.crew.architect.objects import singular

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shotwright.crew.architect.reading_window import AlsoEntry, PropEntry, SceneOverlay, ToEntry
    from shotwright.crew.architect.scene_answer import SceneFrame
    from shotwright.model.ids import EntityId, SceneId, UnitId

_MOST_CORRECTIONS = 3
"""So many props and other names a scene: beyond that a model lists the furniture."""
_NAMING = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*(?: [^\W\d_]+(?:['’-][^\W\d_]+)*){0,3}")
_ARTICLE = re.compile(r"^(?:the|a|an|his|her|their|its|my|your|our|this|that|some)\s+")
_DETERMINERS = "a|an|the|his|her|their|its|this|that|these|those|some|no|one|two|three|four|another|each|every"
_BETWEEN = frozenset(
    ("about", "above", "across", "after", "again", "along", "around", "away", "back", "before", "behind", "below",
     "beneath", "beside", "between", "beyond", "down", "from", "here", "into", "just", "like", "more", "near", "next",
     "not", "now", "off", "onto", "out", "over", "past", "still", "than", "then", "there", "through", "too", "toward",
     "towards", "under", "until", "up", "upon", "very", "what", "when", "where", "which", "while", "with", "without",
     "and", "but", "for", "that", "both", "all", "each", "other", "another", "same", "such", "only", "even", "moment",
     "beat", "time", "way", "thing", "things", "silence", "light", "sound", "voice"))  # fmt: skip
_NO_THING = frozenset(
    ("he", "she", "it", "they", "him", "her", "them", "we", "us", "you", "i", "who", "someone", "somebody", "everyone",
     "everybody", "nobody", "hand", "hands", "eye", "eyes", "face", "head", "arm", "arms", "foot", "feet", "leg",
     "legs", "finger", "fingers", "mouth", "hair", "door", "window", "room", "floor", "wall", "ground",
     "sky"))  # fmt: skip


@dataclass(slots=True)
class Corrections:
    """What an answer says of a window's missed and mistaken people and things, scene by scene."""

    to: dict[SceneId, dict[UnitId, EntityId]] = field(default_factory=dict)
    props: dict[SceneId, dict[tuple[UnitId, str], None]] = field(default_factory=dict)
    also: dict[SceneId, dict[tuple[UnitId, EntityId], None]] = field(default_factory=dict)
    sound: int = 0
    astray: int = 0
    """Entries that point at what is not there."""

    def hear(
        self, frame: SceneFrame, to: Iterable[ToEntry], props: Iterable[PropEntry], also: Iterable[AlsoEntry]
    ) -> None:
        """Sort one scene's entries into what can be used and what points nowhere."""
        scene, units = frame.scene.scene_id, frame.scene.units
        for told in to:
            who = _address(frame, told)
            self._count(who is not None)
            if who is not None:
                self.to.setdefault(scene, {}).setdefault(units[told.line - 1].id, who)
        for prop in props:
            words = _thing_words(frame, prop)
            self._count(bool(words))
            if words:
                self.props.setdefault(scene, {})[(units[prop.line - 1].id, words)] = None
        for other in also:
            meant = _meant(frame, other)
            self._count(meant is not None)
            if meant is not None:
                self.also.setdefault(scene, {})[(units[other.line - 1].id, meant)] = None

    def _count(self, sound: bool) -> None:
        self.sound += sound
        self.astray += not sound

    def lay(self, overlay: SceneOverlay, mind: str) -> SceneOverlay:
        """The scene with its corrections, added to those that stand; a mind that mostly points nowhere is guessing,
        and nothing of it is taken."""
        if self.astray > self.sound:
            return overlay
        scene = overlay.scene_id
        to = {**dict(overlay.to), **self.to.get(scene, {})}
        props = list(dict.fromkeys((*overlay.props, *self.props.get(scene, {}))))[:_MOST_CORRECTIONS]
        also = list(dict.fromkeys((*overlay.also, *self.also.get(scene, {}))))[:_MOST_CORRECTIONS]
        update = {"to": tuple(to.items()), "props": tuple(props), "also": tuple(also)}
        if all(getattr(overlay, name) == value for name, value in update.items()):
            return overlay
        return overlay.model_copy(update={**update, "mind": mind})


def _address(frame: SceneFrame, told: ToEntry) -> EntityId | None:
    """Whom a speech is said to, where that can be and is not what stands."""
    units = frame.scene.units
    if not (1 <= told.line <= len(units) and 1 <= told.person <= len(frame.people)):
        return None
    unit = units[told.line - 1].id
    note = next((note for note in frame.scene.speeches if note.unit == unit), None)
    who = frame.people[told.person - 1]
    if note is None or note.voice == "voice_over" or who in note.speakers or note.addressees == (who,):
        return None
    return who


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
    return words if _is_noun(words, last, frame.said[prop.line - 1]) else ""


def _is_noun(words: str, last: str, text: str) -> bool:
    """Whether the words can name a thing where they stand: the last is a known thing, or stands behind a determiner;
    else it is at least no verb, no adverb and no word between others."""
    if singular(last) in things().kind:
        return True
    if last.endswith("ly") or last in _BETWEEN:
        return False
    low = " ".join(text.casefold().replace("’", "'").split())
    if re.search(rf"(?<!\w)(?:{_DETERMINERS}|[\w-]+'s) (?:[\w-]+ )?{re.escape(words)}(?!\w)", low):
        return True
    return last not in verbs().forms and not last.endswith(("ing", "ed"))


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
