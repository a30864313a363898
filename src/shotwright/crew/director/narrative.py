"""The words of a shot: what is seen, how it is played, and why it is there.

The script's own sentences come first. Where a shot holds only talk, what is seen is told from what the speech does,
the feeling, and what the people were last seen to do and hold.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from shotwright.craft.directions import without_camera
from shotwright.crew.director.people import People, introduction
from shotwright.crew.director.pieces import ELEMENT_SEGMENTS, Piece, SceneMap
from shotwright.crew.director.playing import Playing
from shotwright.crew.director.stakes import Stakes
from shotwright.crew.director.wording import (
    Chooser,
    act_of,
    bare_purposes,
    deed_of,
    fill,
    key_line,
    lowered,
    purposes,
    raised,
)
from shotwright.model.ids import digest
from shotwright.model.shot import DialogueLine, NarrativeLayer

if TYPE_CHECKING:
    from shotwright.crew.director.coverage import Coverage
    from shotwright.model.ids import ShotId
    from shotwright.model.story import SceneBrief

WEAK = 0.4
"""Below this intensity a feeling does not carry a purpose."""


class Narrator:
    """Words every shot of one scene in order, remembering what it has said."""

    def __init__(self, brief: SceneBrief, scene: SceneMap, shots: list[Coverage], again: dict[ShotId, int]) -> None:
        self.shots, self.again = shots, again
        self.scene = scene
        self.people = People(brief, scene)
        self.chooser = Chooser()
        self.playing = Playing(self.people, self.chooser)
        self.stakes = Stakes(self.people, self.chooser, shots)
        self.said: set[str] = set()
        self.asked = ""

    def narrate(self, n: int, identity: ShotId, lines: list[DialogueLine]) -> NarrativeLayer:
        """The narrative layer of the nth shot; to be asked in order."""
        shot = self.shots[n]
        again = self.again.get(identity, 0)
        self.people.watch(shot)
        self.playing.watch(shot)
        self.asked = self.playing.asked
        return NarrativeLayer(
            action_description=self.playing.seen(shot, identity, lines, again),
            character_performance=self.playing.played(shot, identity, lines),
            shot_purpose=self._purpose(n, identity, lines, again),
        )

    def _purpose(self, n: int, seed: str, lines: list[DialogueLine], again: int) -> str:
        shot = self.shots[n]
        slots = self._purpose_slots(n, lines, seed, again)
        kinds = self._kinds(n, lines, slots)
        clause = slots["clause"]
        table = purposes() if clause else bare_purposes()
        for attempt in range(4):
            for section, kind in kinds:
                options = table[section].get(kind, [])
                pattern = self.chooser.pick(f"{section} {kind}", options, seed, slots, again + attempt)
                if pattern is None:
                    continue
                text = fill(pattern, slots)
                if text not in self.said:
                    self.said.add(text)
                    if clause and "lause}" in pattern:
                        self.stakes.used.add(clause)
                    return text
        ends = f"at step {n + 1} of the scene" + (f", {clause}" if clause else ", the scene goes on")
        text = fill(f"In {{place}}, {ends}.", {**slots, "place": self.people.place(shot.pieces[0].place)})
        self.said.add(text)
        return text

    def _clause(self, n: int, seed: str, again: int, deed: str) -> str:
        """What the shot does to the scene: a tie to its question, people or things, or the feeling where it is strong.

        Empty where the purpose is better without a tail. None is used twice in a scene.
        """
        shot = self.shots[n]
        beat: str = self.playing.feelings.colours(shot.actors or shot.on, shot.beat, self.playing.at)
        moods = [c for c in purposes()["clauses"].get(beat, ()) if c not in self.stakes.used]
        weak = beat == "calm" or shot.intensity < WEAK or not moods
        lot = int(digest("tail", seed, length=4), 16) % 8
        if weak or lot < 3:
            tie = "" if weak and lot == 7 and n % 2 else self.stakes.tie(n, seed, again, deed)
            if tie or weak:
                return tie
        if lot == 7:
            return ""
        return self.chooser.pick("clause " + beat, moods, seed, {"x": "x"}, again) or ""

    def _purpose_slots(self, n: int, lines: list[DialogueLine], seed: str, again: int) -> dict[str, str]:
        shot = self.shots[n]
        heard = [x for x in lines if x.speaker in shot.on] or lines
        line = max(heard, key=lambda x: len(x.text.split()), default=None)
        if shot.focus == "exchange" and len({x.speaker for x in lines}) > 1:
            line = lines[0]
        if shot.turn:
            turning = [x for x in lines if self.scene.order.get(x.unit) == self.scene.turn_at]
            line = turning[0] if turning else line
        reply = next((x for x in lines if line is not None and x.speaker != line.speaker), None)
        actor = next((a for a in shot.actors if a in shot.on), None)
        who = line.speaker if line and line.speaker in shot.on else (shot.on[0] if shot.on else actor)
        to = line.addressee if line else None
        if shot.focus == "exchange":
            to = next((w for w in shot.on if w != who), to)
        deed = self._deed(shot)
        thing = next((t for t in shot.on if t.startswith(("prop/", "vehicle/"))), None)
        clause = self._clause(n, seed, again, deed)
        people = [self.people.name(w) for w in shot.on if w.startswith("character/")]
        return {
            "who": self.people.name(who) if who and not who.startswith("prop/") else "",
            "to": self.people.name(to) if to != who else "",
            "speaker": self.people.name(line.speaker) if line else "",
            "line": key_line(line.text) if line else "",
            "reply": key_line(reply.text) if reply else "",
            "deed": lowered(deed),
            "Deed": raised(deed),
            "thing": self.people.name(thing).removeprefix("the ") if thing else "",
            "place": self.people.place(shot.pieces[0].place),
            "people": " and ".join([", ".join(people[:-1]), people[-1]]) if len(people) > 1 else "",
            "fact": self._fact(shot, deed),
            "beside": "" if line and self.people.name(line.speaker) in deed else self._fact(shot, deed),
            "says": self._says(line.speaker if line else None, deed),
            "felt": self._felt(shot),
            "clause": clause,
            "Clause": raised(clause),
            "text": next((p.reads for p in shot.action if p.reads), ""),
        }

    def _fact(self, shot: Coverage, deed: str) -> str:
        """The deed as it can follow `that`: where it begins with somebody's name or an article and is a sentence."""
        names = [self.people.name(a) for p in shot.action for a in p.actors]
        led = next((n for n in names if n and deed.lower().startswith(n.lower() + " ")), "")
        if not led:
            return ""
        verb = deed[len(led) :].split()[0]
        plain_verb = verb.islower() and (verb.endswith("s") or verb in ("are", "have", "do", "can’t", "can't"))
        return led + deed[len(led) :] if plain_verb else ""

    def _says(self, speaker: str | None, deed: str) -> str:
        """`Theo says`, with a pronoun where the deed before it has just named the one."""
        if not speaker:
            return ""
        name = self.people.name(speaker)
        led = deed.startswith(name + " ") and self.people.short(speaker, ())
        return f"{led or name} says"

    def _felt(self, shot: Coverage) -> str:
        """What the script says, in this shot, of the feeling of the one whom the purpose is about."""
        who = next((a for a in shot.actors if a in shot.on), None)
        return self.playing.feelings.worded(who, self.playing.at, lasting=True) if who else ""

    def _deed(self, shot: Coverage) -> str:
        """The telling sentence of the shot as a clause, with the name where it begins with a pronoun."""
        if not shot.action:
            return ""
        piece = self._telling(shot)
        deed = deed_of(without_camera(piece.text))
        first, _, rest = deed.partition(" ")
        if first in ("He", "She", "he", "she") and rest and piece.actors:
            return f"{self.people.name(piece.actors[0])} {rest}"
        for capitals, name in self.people.introduced:
            if capitals in deed:
                deed = introduction(capitals).sub(name, deed)
        return _LOUD_WORD.sub(lambda m: m.group(0).lower(), deed)

    def _telling(self, shot: Coverage) -> Piece:
        """The sentence of a shot that tells most: the turn, a feeling, what somebody does; the later the better."""

        def tells(n: int) -> tuple[float, int]:
            piece = shot.action[n]
            felt = 2.0 if self.people.felt(piece.text, piece.actors) else 0.0
            return _tells(piece) + felt + (4.0 if piece.at == self.scene.turn_at else 0.0), n

        return shot.action[max(range(len(shot.action)), key=tells)]

    def _kinds(self, n: int, lines: list[DialogueLine], slots: dict[str, str]) -> list[tuple[str, str]]:
        """The kinds of purpose that suit the shot, the most telling first."""
        shot = self.shots[n]
        heard = {x.speaker for x in lines} & set(shot.on)
        spoken = bool(heard) and shot.focus in ("speaker", "exchange", "group")
        voice = "speech" if spoken or (lines and not shot.action) else "action"
        over = bool(lines) and all(x.voice == "voice_over" for x in lines)
        kinds: list[tuple[str, str]] = []
        if any(p.title for p in shot.action):
            kinds.append(("action", "title"))
        elif slots["text"]:
            kinds.append(("action", "read"))
        acted = shot.turn and any(p.at == self.scene.turn_at and p.kind == "action" for p in shot.pieces)
        if shot.turn and (acted or (not over and shot.focus != "listener")):
            turns = "action" if acted else voice
            kinds.append(("turn", turns if shot.intensity >= 0.5 else f"quiet_{turns}"))
        if lines and not spoken and not over and shot.focus in ("action", "group", "travel") and shot.on:
            kinds.append(("exchange", "doing" if heard else "over"))
        first_of_beat = n > 0 and shot.beat != self.shots[n - 1].beat and shot.came_from != shot.beat
        if first_of_beat and not over and shot.focus != "listener":
            kinds.append(("shift", voice))
        kinds.extend(self._tale_kinds(n, lines, slots, "speaker" if spoken else "voice" if over else ""))
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

    def _tale_kinds(self, n: int, lines: list[DialogueLine], slots: dict[str, str], told: str) -> list[tuple[str, str]]:
        """Two in three shots of a long tale say what is now known, what is withheld and what the words raise."""
        shot = self.shots[n]
        if not lines or shot.turn or not self.stakes.tale(n):
            return []
        if shot.focus == "listener" and told != "voice":
            told = "listener" if slots["who"] != slots["speaker"] else ""
        if not told or int(digest("tale", str(lines[0].unit), str(n), length=4), 16) % 3 == 0:
            return []
        return [("tale", told)]

    def _spoken_kinds(self, shot: Coverage, lines: list[DialogueLine]) -> list[tuple[str, str]]:
        if shot.focus in ("exchange", "group"):
            if len({x.speaker for x in lines}) == 1:
                faced = lines[0].addressee in shot.on
                if faced and len(shot.on) == 2:
                    return [("exchange", "one")]
                return [("speaker", act_of(lines[0].text))] if faced else [
                    ("exchange", "doing" if lines[0].speaker in shot.on else "over"), ("speaker", "statement")
                ]  # fmt: skip
            asks = lines[0].text.rstrip("\"”'’").endswith("?") and lines[0].addressee == lines[1].speaker
            return [("exchange", "asked" if asks else "any"), ("exchange", "any")]
        if not shot.speech[0].starts_speech and len(lines) == 1:
            return [("speaker", "carried")]
        line = max((x for x in lines if x.speaker in shot.on), key=lambda x: len(x.text), default=lines[0])
        act = act_of(line.text)
        if self.asked and self.asked == line.addressee and act in ("statement", "story", "denial"):
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
        telling = self._telling(shot)
        if self._felt(shot) and self.people.felt(telling.text, telling.actors):
            kinds.append(("action", "felt"))
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


_LOUD_WORD = re.compile(r"(?<![:“\"'‘] )(?<![A-Z] )(?<![“\"'‘])\b[A-Z]{4,}\b(?! [A-Z]{2,})")


def _tells(piece: Piece) -> float:
    value = min(4.0, piece.seconds) + (1.6 if piece.actors else 0.0) + (0.6 if piece.hold else 0.0)
    if piece.note and (piece.note.takes or piece.note.enters or piece.note.exits):
        value += 1.0
    return value - (3.0 if piece.title else 0.0) - (1.5 if len(piece.text.split()) < 4 else 0.0)
