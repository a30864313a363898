"""The words of a shot: what is seen, how it is played, and why it is there.

The script's own sentences come first. Where a shot holds only talk, what is seen is told from what the speech does,
the feeling, and what the people were last seen to do and hold.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from shotwright.craft.directions import without_camera
from shotwright.crew.director.pieces import ELEMENT_SEGMENTS, Piece, SceneMap
from shotwright.crew.director.wording import (
    Chooser,
    act_of,
    deed_of,
    fill,
    key_line,
    lowered,
    performances,
    purposes,
    raised,
    roles,
)
from shotwright.model.shot import DialogueLine, NarrativeLayer

if TYPE_CHECKING:
    from shotwright.crew.director.coverage import Coverage
    from shotwright.model.ids import ShotId
    from shotwright.model.story import CastMember, SceneBrief

_PRONOUNS = {
    "female": {"them": "her", "their": "her", "themself": "herself"},
    "male": {"them": "him", "their": "his", "themself": "himself"},
}
_POSES = {
    "sit": "seated", "lie": "lying down", "kneel": "on {their} knees", "drive": "at the wheel", "lean": "leaning",
    "crouch": "crouched", "swim": "in the water", "ride": "riding",
    "embrace": "held close", "phone": "on the telephone",
}  # fmt: skip


class Narrator:
    """Words every shot of one scene in order, remembering what it has said."""

    def __init__(self, brief: SceneBrief, scene: SceneMap, shots: list[Coverage], again: dict[ShotId, int]) -> None:
        self.brief, self.scene, self.shots, self.again = brief, scene, shots, again
        self.cast: dict[str, CastMember] = {m.character.id: m for m in brief.cast}
        self.names: dict[str, str] = {m.character.id: _called(m) for m in brief.cast}
        self.names.update({t.id: t.name.lower() if t.kind == "prop" else t.name for t in brief.things})
        self.poses: dict[str, str] = {}
        self.holds: dict[str, dict[str, None]] = {p.character: dict.fromkeys(p.holding) for p in brief.scene.presences}
        self.chooser = Chooser()
        self.said: set[str] = set()
        # `JOSS PRYCE, 31, in a jacket` is read in a sentence as `Joss Pryce, in a jacket`.
        self.introduced = [
            (re.compile(rf"\b{re.escape(name.upper())}\b(?:,? \(?\d+s?\)?)?(?=\W|$)"), name)
            for m in brief.cast
            for name in sorted({m.character.name, *(c.title() for c in m.character.cues)}, key=lambda x: (-len(x), x))
        ]
        self.played: dict[str, str] = {}
        self.last_question: str = ""

    def narrate(self, n: int, identity: ShotId, lines: list[DialogueLine]) -> NarrativeLayer:
        """The narrative layer of the nth shot; to be asked in order."""
        shot = self.shots[n]
        again = self.again.get(identity, 0)
        self._watch(shot)
        self.played.clear()
        layer = NarrativeLayer(
            action_description=self._seen(shot, identity, lines, again),
            character_performance=self._played(shot, identity, lines),
            shot_purpose=self._purpose(n, identity, lines, again),
        )
        if lines:
            self.last_question = lines[-1].speaker if lines[-1].text.rstrip("\"”'").endswith("?") else ""
        return layer

    # -- names and state ---------------------------------------------------------------------------------------------

    def name(self, entity: str | None) -> str:
        """How a story entity is called in a sentence."""
        if not entity:
            return ""
        return self.names.get(entity) or entity.rpartition("/")[2].replace("_", " ").replace(".", " ").title()

    def _place(self, shot: Coverage) -> str:
        where = shot.pieces[0].place
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

    def _pronouns(self, who: str) -> dict[str, str]:
        member = self.cast.get(who)
        gender = member.character.gender if member else "unknown"
        return _PRONOUNS.get(gender) or {"them": "them", "their": "their", "themself": "themself"}

    def _watch(self, shot: Coverage) -> None:
        """Keep what each person was last seen to hold and do."""
        for piece in shot.action:
            note = piece.note
            if note is None:
                continue
            for who, pose in note.poses:
                self.poses[who] = pose
            for who, thing in note.takes:
                self.holds.setdefault(who, {})[thing] = None
            for who, thing in note.drops:
                self.holds.setdefault(who, {}).pop(thing, None)

    def _many(self, who: str) -> bool:
        member = self.cast.get(who)
        return member is not None and member.character.kind == "group"

    def _state(self, who: str) -> str:
        """`, at the wheel, the cake box in hand`: what is known of a person's body and hands."""
        parts = []
        pose = _POSES.get(self.poses.get(who, ""), "")
        if pose:
            parts.append(fill_plain(pose, self._pronouns(who)))
        held = list(self.holds.get(who, {}))
        if held:
            parts.append(f"{self.name(held[-1])} in hand")
        return ", ".join(parts)

    # -- what is seen ------------------------------------------------------------------------------------------------

    def _seen(self, shot: Coverage, seed: str, lines: list[DialogueLine], again: int) -> str:
        shown = [without_camera(p.text).lstrip("-–— ") for p in shot.action if p.text]
        sentences = [raised(text if text[-1:] in '.!?…:"”' else text.rstrip(",;") + ".") for text in shown]
        if not lines:
            if sentences:
                return " ".join(sentences)
            return fill("A view of {place}.", {"place": self._place(shot)})
        if sentences and all(line.voice == "voice_over" for line in lines):
            return " ".join(sentences)
        own = [] if sentences and shot.clip.natural - shot.clip.speech > 1.5 else self._talk(shot, seed, lines, again)
        if sentences and not own:
            doing = self._talk(shot, seed, lines, again)
            own = doing[:1]
        before = [p for p in shot.pieces if p.kind != "mark"]
        if before and before[0].kind == "speech" and sentences and own:
            return " ".join([*own, *sentences])
        return " ".join([*sentences, *own])

    def _talk(self, shot: Coverage, seed: str, lines: list[DialogueLine], again: int) -> list[str]:
        """Sentences for the people who talk or hear in the shot."""
        told: list[str] = []
        visible = set(shot.on) if any(x.voice in ("room", "phone") for x in lines) else set()
        for number, line in enumerate(dict.fromkeys(line.speaker for line in lines if line.speaker in visible)):
            first = next(x for x in lines if x.speaker == line)
            heard = first.addressee in shot.present
            told.append(self._talking(line, first, f"{seed}{number}", again, state=number < 2, heard=heard))
        if told:
            return told
        listener = shot.on[0] if shot.on else None
        line0 = lines[0]
        if listener is None or not listener.startswith(("character/", "animal/")):
            seen = self.name(listener) if listener else self._place(shot)
            if seen and not seen.startswith(("the ", "The ")) and listener:
                seen = f"the {seen}"
            unseen = performances()["hearing"]["unseen"]
            words = self.chooser.pick("unseen", unseen, seed, {"speaker": self.name(line0.speaker)}, again) or unseen[0]
            return [fill(f"{seen}{words}.", {"speaker": self.name(line0.speaker)})]
        if listener == line0.speaker:
            state = self._state(listener)
            body = f"{self.name(listener)}{', ' + state if state else ''}"
            own = self.chooser.pick(
                "own", performances()["hearing"]["own"], seed, self._slots_of(listener, None), again
            )
            return [fill(f"{body}, {own}.", self._slots_of(listener, None))]
        voice = line0.voice if line0.voice in performances()["hearing"] else "room"
        slots = self._slots_of(listener, line0.speaker) | {"speaker": self.name(line0.speaker)}
        hearing = (
            self.chooser.pick(f"hearing {voice}", performances()["hearing"][voice], seed, slots, again) or "listens"
        )
        feeling = self.chooser.pick(
            f"silent {shot.beat}", performances()["silent"][shot.beat], seed + "seen", slots, again
        )
        self.played[listener] = feeling or ""
        state = self._state(listener)
        body = f"{self.name(listener)}{', ' + state + ',' if state else ''}"
        return [fill(f"{body} {hearing}{',' if ',' in hearing else ''} and {feeling or 'is still'}.", slots)]

    def _talking(self, who: str, line: DialogueLine, seed: str, again: int, state: bool, heard: bool) -> str:
        act = act_of(line.text)
        to = self.name(line.addressee)
        slots = self._slots_of(who, line.addressee)
        options = performances()["doing"].get(act, performances()["doing"]["statement"])
        if not to:
            options = [o for o in options if "{to}" not in o] or performances()["doing"]["alone"]
        elif not heard:
            options = performances()["doing"]["apart"]
        doing = self.chooser.pick(f"doing {act}", options, seed, slots, again) or "speaks"
        body = self._state(who) if state else ""
        given = _manner(line.delivery)
        manner = f", {given.split(';')[0].lower()}" if given and len(given) < 40 else ""
        if not manner and " and " not in doing:
            beat = self._beat_at(line.unit)
            business = self.chooser.pick(f"business {beat}", performances()["speaking"][beat], seed, slots, again)
            self.played[who] = business or ""
            joint = ", and" if "," in doing else " and"
            manner = f"{joint} {business}" if business else ""
        return fill(f"{self.name(who)}{', ' + body + ',' if body else ''} {doing}{manner}.", slots)

    def _beat_at(self, unit: str) -> str:
        beat = self.scene.beats[self.scene.order[unit]] if unit in self.scene.order else None
        return beat.name if beat else "calm"

    def _own(self, who: str) -> str:
        return self._pronouns(who)["their"]

    def _slots_of(self, who: str, to: str | None) -> dict[str, str]:
        return {**self._pronouns(who), "who": self.name(who), "to": self.name(to)}

    # -- how it is played --------------------------------------------------------------------------------------------

    def _played(self, shot: Coverage, seed: str, lines: list[DialogueLine]) -> str:
        people = [who for who in shot.on if who.startswith(("character/", "animal/"))]
        if not people:
            return self._unpeopled(shot)
        parts = []
        for number, who in enumerate(people):
            parts.append(f"{raised(self.name(who))}: {self._part(shot, who, f'{seed}{number}', lines, number)}")
        return " ".join(p if p.endswith(".") else p + "." for p in parts)

    def _unpeopled(self, shot: Coverage) -> str:
        """What is played in a shot on a thing or a place: hands, or nobody."""
        hands = next((a for p in shot.action for a in p.actors if a in self.cast), None)
        if shot.focus == "thing" and hands:
            piece = next(p for p in shot.action if hands in p.actors)
            deed = _verb_phrase(piece.text, self.name(hands))
            return f"{self.name(hands)}, hands only: {deed or 'no more than the action asks'}."
        if shot.focus == "pov":
            return "Seen through the eyes of the one who looks; nobody plays to the camera."
        return "Nobody is singled out." if shot.present else "Nobody in frame."

    def _part(self, shot: Coverage, who: str, seed: str, lines: list[DialogueLine], number: int) -> str:
        mine = [line for line in lines if line.speaker == who or who in line.speakers]
        notes = []
        given = "; ".join(dict.fromkeys(m for line in mine if (m := _manner(line.delivery))))
        if given:
            notes.append(given)
        own = [p for p in shot.action if p.actors[:1] == (who,)]
        if own and len(shot.pieces) > 1:
            deed = _verb_phrase(own[-1].text, self.name(who))
            if deed:
                notes.append(deed)
        other = next((line.addressee for line in mine), None) or next(
            (line.speaker for line in lines if line.speaker != who), None
        )
        slots = self._slots_of(who, other) | {"speaker": self.name(other)}
        kind = "speaking" if mine and not all(line.voice == "voice_over" for line in mine) else "silent"
        beat = self._beat_at(mine[0].unit) if mine else shot.beat
        options = [o for o in performances()[kind][beat] if o != self.played.get(who)]
        if self._many(who):
            kind, beat, options = "many", "many", performances()["silent"]["many"]
        elif who.startswith("animal/"):
            kind, beat, options = "beast", "beast", performances()["silent"]["beast"]
        feeling = self.chooser.pick(f"{kind} {beat}", options, seed, slots)
        if feeling:
            feeling = fill_plain(feeling, slots)
            if number == 0 and shot.peak and shot.intensity >= 0.8:
                feeling += ", " + fill_plain(performances()["degree"]["high"][int(seed[3:5], 16) % 3], slots)
            notes.append(feeling)
        member = self.cast.get(who)
        if member and (member.personality or member.manner):
            notes.append(member.manner or f"{', '.join(member.personality[:2])} by nature")
        return "; ".join(notes)

    # -- why it is there ---------------------------------------------------------------------------------------------

    def _purpose(self, n: int, seed: str, lines: list[DialogueLine], again: int) -> str:
        shot = self.shots[n]
        slots = self._purpose_slots(n, lines, seed, again)
        kinds = self._kinds(n, lines, slots)
        table = purposes()
        for attempt in range(4):
            for section, kind in kinds:
                options = table[section].get(kind, [])
                pattern = self.chooser.pick(f"{section} {kind}", options, seed, slots, again + attempt)
                if pattern is None:
                    continue
                text = fill(pattern, slots)
                if text not in self.said:
                    self.said.add(text)
                    return text
        text = fill(
            "Shot {n} of the scene holds on {place}: {clause}.", {**slots, "n": str(n + 1), "place": self._place(shot)}
        )
        self.said.add(text)
        return text

    def _purpose_slots(self, n: int, lines: list[DialogueLine], seed: str, again: int) -> dict[str, str]:
        shot = self.shots[n]
        heard = [x for x in lines if x.speaker in shot.on] or lines
        line = max(heard, key=lambda x: len(x.text.split()), default=None)
        if shot.focus == "exchange" and len({x.speaker for x in lines}) > 1:
            line = lines[0]
        reply = next((x for x in lines if line is not None and x.speaker != line.speaker), None)
        actor = next((a for a in shot.actors if a in shot.on), None)
        who = line.speaker if line and line.speaker in shot.on else (shot.on[0] if shot.on else actor)
        to = line.addressee if line else None
        if shot.focus == "exchange":
            to = next((w for w in shot.on if w != who), to)
        deed = self._deed(shot)
        thing = next((t for t in shot.on if t.startswith(("prop/", "vehicle/"))), None)
        clause_beat = shot.beat
        clause = (
            self.chooser.pick("clause " + clause_beat, purposes()["clauses"][clause_beat], seed, {"x": "x"}, again)
            or ""
        )
        people = [self.name(w) for w in shot.on if w.startswith("character/")]
        return {
            "who": self.name(who) if who and not who.startswith("prop/") else "",
            "to": self.name(to) if to != who else "",
            "speaker": self.name(line.speaker) if line else "",
            "line": key_line(line.text) if line else "",
            "reply": key_line(reply.text) if reply else "",
            "deed": lowered(deed),
            "Deed": raised(deed),
            "thing": self.name(thing) if thing else "",
            "place": self._place(shot),
            "people": " and ".join([", ".join(people[:-1]), people[-1]]) if len(people) > 1 else "",
            "feel": purposes()["feel"][shot.beat],  # type: ignore[dict-item]
            "from": purposes()["feel"][shot.came_from],  # type: ignore[dict-item]
            "clause": clause,
            "Clause": raised(clause),
            "text": next((p.reads for p in shot.action if p.reads), ""),
        }

    def _deed(self, shot: Coverage) -> str:
        """The telling sentence of the shot as a clause, with the name where it begins with a pronoun."""
        if not shot.action:
            return ""
        piece = _telling(shot.action)
        deed = deed_of(without_camera(piece.text))
        first, _, rest = deed.partition(" ")
        if first in ("He", "She", "he", "she") and rest and piece.actors:
            return f"{self.name(piece.actors[0])} {rest}"
        for name in self.introduced:
            deed = name[0].sub(name[1], deed)
        return _LOUD_VERB.sub(lambda m: m.group(0).lower(), deed)

    def _kinds(self, n: int, lines: list[DialogueLine], slots: dict[str, str]) -> list[tuple[str, str]]:
        """The kinds of purpose that suit the shot, the most telling first."""
        shot = self.shots[n]
        spoken = bool(lines) and shot.focus in ("speaker", "exchange")
        voice = "speech" if spoken or (lines and not shot.action) else "action"
        over = bool(lines) and all(x.voice == "voice_over" for x in lines)
        kinds: list[tuple[str, str]] = []
        if any(p.title for p in shot.action):
            kinds.append(("action", "title"))
        elif slots["text"]:
            kinds.append(("action", "read"))
        if shot.turn and not over and shot.focus != "listener":
            kinds.append(("turn", voice))
        first_of_beat = n > 0 and shot.beat != self.shots[n - 1].beat and shot.came_from != shot.beat
        if first_of_beat and not over and shot.focus != "listener":
            kinds.append(("shift", voice))
        if over:
            kinds.append(("voice_over", "any"))
        elif shot.focus == "listener" and lines and slots["who"] != slots["speaker"]:
            voiced = lines[0].voice
            kinds.append(("listener", voiced if voiced in ("phone", "off_screen") else "any"))
            kinds.append(("listener", "any"))
        if n == 0 and not over and len(self.shots) > 1:
            kinds.append(("opens", voice))
        if shot.pieces[0].segment in ELEMENT_SEGMENTS and shot.action:
            kinds.append(("action", "montage"))
        if n == len(self.shots) - 1 and n > 1 and not over and shot.focus != "listener":
            kinds.append(("button", voice))
        if spoken:
            kinds.extend(self._spoken_kinds(shot, lines))
        kinds.extend(self._acted_kinds(shot))
        if lines and not shot.on:
            kinds.insert(0, ("listener", "nobody"))
        kinds.extend([("speaker", "statement"), ("listener", "any"), ("action", "any"), ("action", "nothing")])
        return kinds

    def _spoken_kinds(self, shot: Coverage, lines: list[DialogueLine]) -> list[tuple[str, str]]:
        if shot.focus == "exchange":
            return [("exchange", "any" if len({x.speaker for x in lines}) > 1 else "one"), ("exchange", "silent")]
        if not shot.speech[0].starts_speech and len(lines) == 1:
            return [("speaker", "carried")]
        line = max((x for x in lines if x.speaker in shot.on), key=lambda x: len(x.text), default=lines[0])
        act = act_of(line.text)
        if self.last_question and self.last_question == line.addressee and act in ("statement", "story", "denial"):
            act = "answer"
        return [("speaker", act), ("speaker", "statement")]

    def _acted_kinds(self, shot: Coverage) -> list[tuple[str, str]]:
        if not shot.action:
            return []
        kinds: list[tuple[str, str]] = []
        if shot.focus == "pov":
            kinds.append(("action", "pov"))
        if shot.focus == "thing":
            kinds.append(("action", "thing"))
        telling = _telling(shot.action)
        if telling.note and telling.note.enters:
            kinds.append(("action", "enters"))
        elif telling.note and telling.note.exits:
            kinds.append(("action", "exits"))
        if telling.hold:
            kinds.append(("action", "held"))
        if shot.focus == "place":
            kinds.append(("action", "place"))
        elif shot.focus == "group":
            kinds.append(("action", "group"))
        elif shot.focus == "travel":
            kinds.append(("action", "travel"))
        elif shot.function == "reaction":
            kinds.append(("action", "look"))
        kinds.append(("action", "any"))
        return kinds


def _telling(action: list[Piece]) -> Piece:
    """The sentence of a shot that tells most: what somebody does, the later the better; not the words on a title."""
    best = max(range(len(action)), key=lambda n: (_tells(action[n]), n))
    return action[best]


_TIMING_NOTES = re.compile(r"^(?:(?:a |long |short |another )*(?:beat|pause|moment|then|silence)s?)$", re.I)
_LOUD_VERB = re.compile(r"\b[A-Z]{3,}(?:S|ING|ED)\b")


def _manner(delivery: str) -> str:
    """A parenthetical as a way of playing: notes that only time the line say nothing of it."""
    kept = [d.strip().rstrip(".") for d in delivery.split(";") if not _TIMING_NOTES.match(d.strip().rstrip("."))]
    return "; ".join(d for d in kept if d)


def _called(member: CastMember) -> str:
    """What the film's people would call a character in a sentence: `Edward` for Edward Bloom, `the girl` for a girl."""
    name = member.character.name
    words = name.split()
    if member.character.kind == "group" or (words and words[-1].lower() in roles() and len(words) < 4):
        return name.lower() if words[0].lower() in ("the", "a", "an") else f"the {name.lower()}"
    for cue in member.character.cues:
        if 0 < len(cue.split()) < len(words) and set(cue.split()) <= {w.upper() for w in words}:
            return " ".join(w for w in words if w.upper() in cue.split())
    return name


def _tells(piece: Piece) -> float:
    value = min(4.0, piece.seconds) + (1.0 if piece.actors else 0.0) + (0.6 if piece.hold else 0.0)
    if piece.note and (piece.note.takes or piece.note.enters or piece.note.exits):
        value += 1.0
    return value - (3.0 if piece.title else 0.0) - (1.5 if len(piece.text.split()) < 4 else 0.0)


def _verb_phrase(text: str, name: str) -> str:
    """`Theo reaches across and presses the key.` -> `reaches across and presses the key`, where the name leads."""
    first = name.split()[0]
    if text.lower().startswith(name.lower() + " "):
        rest = text[len(name) + 1 :]
    elif text.lower().startswith(first.lower() + " "):
        rest = text[len(first) + 1 :]
    elif text.startswith(("He ", "She ")):
        rest = text.partition(" ")[2]
    else:
        return ""
    rest = deed_of(rest)
    led = rest.split(" ", 1)[0]
    if led != led.lower() or led.endswith(",") or not led.endswith(("s", "n't", "n’t")):
        return ""
    return rest if len(rest.split()) <= 14 else ""


def fill_plain(text: str, slots: dict[str, str]) -> str:
    """Fill slots in a phrase without making a sentence of it."""
    for slot, value in slots.items():
        text = text.replace("{" + slot + "}", value)
    return text
