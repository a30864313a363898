"""The scene's people as its sentences speak of them: names, pronouns, and what each was last seen to do and hold."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

from shotwright.crew.director.feelings import Felt, felt_in
from shotwright.crew.director.wording import fill_plain, roles

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shotwright.crew.director.coverage import Coverage
    from shotwright.crew.director.pieces import SceneMap
    from shotwright.model.ids import EntityId
    from shotwright.model.story import CastMember, SceneBrief, Thing

_PRONOUNS = {
    "female": {"they": "she", "them": "her", "their": "her", "themself": "herself"},
    "male": {"they": "he", "them": "him", "their": "his", "themself": "himself"},
    "group": {"they": "they", "them": "them", "their": "their", "themself": "themselves"},
    "unknown": {"they": "they", "them": "them", "their": "their", "themself": "themself"},
}
# Poses that hold until somebody moves; the rest (a lean, an embrace) are over with their sentence.
_POSES = {
    "sit": "seated", "lie": "lying down", "kneel": "on {their} knees", "drive": "at the wheel",
    "crouch": "crouched", "swim": "in the water", "ride": "riding",
}  # fmt: skip


class People:
    """Who is who in one scene; `watch` each shot in order and the states stay true."""

    def __init__(self, brief: SceneBrief, scene: SceneMap) -> None:
        self.brief, self.scene = brief, scene
        self.cast: dict[str, CastMember] = {m.character.id: m for m in brief.cast}
        first = Counter(m.character.name.split()[0] for m in brief.cast if m.character.name)
        self.names: dict[str, str] = {m.character.id: _called(m, first) for m in brief.cast}
        self.names.update({t.id: _thing(t) for t in brief.things})
        self._felt: dict[tuple[str, tuple[EntityId, ...]], list[tuple[str, Felt]]] = {}
        self.poses: dict[str, str] = {}
        self.holds: dict[str, dict[str, None]] = {p.character: dict.fromkeys(p.holding) for p in brief.scene.presences}
        # Lower-case names, for the sentences that say who feels what.
        self.known = {
            n.lower(): m.character.id
            for m in brief.cast
            for n in (*m.character.cues, *m.character.aliases, m.character.name)
        }
        self.genders: dict[str, str] = {m.character.id: m.character.gender for m in brief.cast}
        # `JOSS PRYCE, 31, in a jacket` is read in a sentence as `Joss Pryce, in a jacket`.
        self.introduced = [
            (name.upper(), name)
            for m in brief.cast
            for name in sorted({m.character.name, *(c.title() for c in m.character.cues)}, key=lambda x: (-len(x), x))
        ]

    def name(self, entity: str | None) -> str:
        """How a story entity is called in a sentence."""
        if not entity:
            return ""
        if entity not in self.names and entity.startswith("prop/"):
            return entity.rpartition("/")[2].replace("_", " ")
        return self.names.get(entity) or entity.rpartition("/")[2].replace("_", " ").replace(".", " ").title()

    def place(self, where: str) -> str:
        """How a location is called in a sentence."""
        if where == self.brief.place.id and self.brief.place.name:
            name = self.brief.place.name
        else:
            name = where.rpartition(".")[2].rpartition("/")[2].replace("_", " ")
        name = name.split(" - ")[-1]
        return (
            f"the {name.lower()}"
            if name == name.upper() or name.islower()
            else name
            if "'" in name or "’" in name
            else f"the {name}"
        )

    def pronouns(self, who: str) -> dict[str, str]:
        member = self.cast.get(who)
        gender = member.character.gender if member else "unknown"
        return _PRONOUNS["group" if self.many(who) else gender]

    def short(self, who: str, beside: Iterable[str]) -> str:
        """`he` or `she` where that can only be this person among those beside, else empty."""
        member = self.cast.get(who)
        if member is None or member.character.gender == "unknown" or self.many(who):
            return ""
        gender = member.character.gender
        others = (self.cast.get(o) for o in beside if o != who)
        if any(
            o is not None and o.character.gender in (gender, "unknown") and o.character.kind != "group" for o in others
        ):
            return ""
        return _PRONOUNS[gender]["they"]

    def away(self, who: str) -> bool:
        """Whether somebody is only a voice here, or on the phone."""
        member = self.cast.get(who)
        return member is not None and (member.presence.voice_only or member.presence.on_phone)

    def felt(self, text: str, actors: tuple[EntityId, ...]) -> list[tuple[str, Felt]]:
        """Who is said to feel what in a sentence of action."""
        key = (text, actors)
        if key not in self._felt:
            self._felt[key] = felt_in(text, actors, self.known, self.genders)
        return self._felt[key]

    def plural(self, who: str) -> bool:
        """Whether verbs after the name are plural: `the nurses listen`, `the crowd listens`."""
        last = self.name(who).rpartition(" ")[2]
        return self.many(who) and (last in ("people", "men", "women", "children") or last.endswith("s"))

    def watch(self, shot: Coverage) -> None:
        """Keep what each person was last seen to hold and do."""
        for piece in shot.action:
            note = piece.note
            if note is None:
                continue
            moved = note.actors if note.travel else (*note.enters, *note.exits)
            for who in moved:
                self.poses.pop(who, None)
            for who, pose in note.poses:
                self.poses[who] = pose
            for who, thing in note.takes:
                self.holds.setdefault(who, {})[thing] = None
            for who, thing in note.drops:
                self.holds.setdefault(who, {}).pop(thing, None)

    def state(self, who: str) -> str:
        """`at the wheel, with the cake box`: what is known of a person's body and hands."""
        parts = []
        pose = _POSES.get(self.poses.get(who, ""), "")
        if pose:
            parts.append(fill_plain(pose, self.pronouns(who)))
        held = list(self.holds.get(who, {}))
        if held:
            parts.append(f"with the {self.name(held[-1])}")
        return ", ".join(parts)

    def many(self, who: str) -> bool:
        member = self.cast.get(who)
        return member is not None and member.character.kind == "group"

    def slots(self, who: str, to: str | None) -> dict[str, str]:
        return {**self.pronouns(who), "who": self.name(who), "to": self.name(to)}

    def beat_at(self, unit: str) -> str:
        beat = self.scene.beats[self.scene.order[unit]] if unit in self.scene.order else None
        return beat.name if beat else "calm"


@lru_cache(maxsize=512)
def introduction(name: str) -> re.Pattern[str]:
    """The pattern of a name in capitals with the age that follows it where somebody is introduced."""
    return re.compile(rf"\b{re.escape(name)}\b(?:, \(?\d+s?\)?,(?= (?:is|are|has|\w+s)\b)|,? \(?\d+s?\)?)?(?=\W|$)")


def _thing(thing: Thing) -> str:
    """A prop without an article, since it may be in a hand; an animal or vehicle with one unless it has a name."""
    if thing.kind == "prop":
        return thing.name.lower()
    return f"the {thing.name}" if thing.name.islower() else thing.name


def _called(member: CastMember, first: Counter[str]) -> str:
    """What the film's people would call a character in a sentence: `Edward` for Edward Bloom, `the girl` for a girl."""
    name = member.character.name
    words = name.split()
    if member.character.kind == "group" or (words and words[-1].lower() in roles() and len(words) < 4):
        return name.lower() if words[0].lower() in ("the", "a", "an") else f"the {name.lower()}"
    for cue in member.character.cues:
        if 0 < len(cue.split()) < len(words) and set(cue.split()) <= {w.upper() for w in words}:
            return " ".join(w for w in words if w.upper() in cue.split())
    if len(words) > 1 and words[0] in member.character.aliases and first[words[0]] == 1:
        return words[0]
    return name
