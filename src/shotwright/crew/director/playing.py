"""What is seen of the people in a shot and how they play it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from shotwright.craft.directions import without_camera
from shotwright.crew.director.wording import act_of, deed_of, fill, fill_plain, performances, raised

if TYPE_CHECKING:
    from shotwright.crew.director.coverage import Coverage
    from shotwright.crew.director.people import People
    from shotwright.crew.director.wording import Chooser
    from shotwright.model.shot import DialogueLine

_TIMING_NOTES = re.compile(r"^(?:(?:a |long |short |another )*(?:beat|pause|moment|then|silence)s?)$", re.I)


class Playing:
    """Tells what is seen and how it is played, shot by shot."""

    def __init__(self, people: People, chooser: Chooser) -> None:
        self.people, self.chooser = people, chooser
        self.played_as: dict[str, str] = {}

    def seen(self, shot: Coverage, seed: str, lines: list[DialogueLine], again: int) -> str:
        shown = [without_camera(p.text).lstrip("-–— ") for p in shot.action if p.text]
        sentences = [raised(text if text[-1:] in '.!?…:"”-–—' else text.rstrip(",;") + ".") for text in shown]
        if not lines:
            if sentences:
                return " ".join(sentences)
            return fill("A view of {place}.", {"place": self.people.place(shot.pieces[0].place)})
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
            seen = self.people.name(listener) if listener else self.people.place(shot.pieces[0].place)
            if seen and not seen.startswith(("the ", "The ")) and listener:
                seen = f"the {seen}"
            unseen = performances()["hearing"]["unseen"]
            words = (
                self.chooser.pick("unseen", unseen, seed, {"speaker": self.people.name(line0.speaker)}, again)
                or unseen[0]
            )
            return [fill(f"{seen}{words}.", {"speaker": self.people.name(line0.speaker)})]
        if listener == line0.speaker:
            state = self.people.state(listener)
            body = f"{self.people.name(listener)}{', ' + state if state else ''}"
            own = self.chooser.pick(
                "own", performances()["hearing"]["own"], seed, self.people.slots(listener, None), again
            )
            return [fill(f"{body}, {own}.", self.people.slots(listener, None))]
        voice = line0.voice if line0.voice in performances()["hearing"] else "room"
        slots = self.people.slots(listener, line0.speaker) | {"speaker": self.people.name(line0.speaker)}
        hearing = (
            self.chooser.pick(f"hearing {voice}", performances()["hearing"][voice], seed, slots, again) or "listens"
        )
        feeling = self.chooser.pick(
            f"silent {shot.beat}", performances()["silent"][shot.beat], seed + "seen", slots, again
        )
        self.played_as[listener] = feeling or ""
        state = self.people.state(listener)
        body = f"{self.people.name(listener)}{', ' + state + ',' if state else ''}"
        return [fill(f"{body} {hearing}{',' if ',' in hearing else ''} and {feeling or 'is still'}.", slots)]

    def _talking(self, who: str, line: DialogueLine, seed: str, again: int, state: bool, heard: bool) -> str:
        act = act_of(line.text)
        to = self.people.name(line.addressee)
        slots = self.people.slots(who, line.addressee)
        options = performances()["doing"].get(act, performances()["doing"]["statement"])
        if not to:
            options = [o for o in options if "{to}" not in o] or performances()["doing"]["alone"]
        elif not heard:
            options = performances()["doing"]["apart"]
        doing = self.chooser.pick(f"doing {act}", options, seed, slots, again) or "speaks"
        body = self.people.state(who) if state else ""
        given = _manner(line.delivery)
        manner = f", {given.split(';')[0]}" if given and len(given) < 40 else ""
        if not manner and " and " not in doing:
            beat = self.people.beat_at(line.unit)
            business = self.chooser.pick(f"business {beat}", performances()["speaking"][beat], seed, slots, again)
            self.played_as[who] = business or ""
            joint = ", and" if "," in doing else " and"
            manner = f"{joint} {business}" if business else ""
        return fill(f"{self.people.name(who)}{', ' + body + ',' if body else ''} {doing}{manner}.", slots)

    def played(self, shot: Coverage, seed: str, lines: list[DialogueLine]) -> str:
        people = [who for who in shot.on if who.startswith(("character/", "animal/"))]
        if not people:
            return self._unpeopled(shot)
        parts = []
        for number, who in enumerate(people):
            parts.append(f"{raised(self.people.name(who))}: {self._part(shot, who, f'{seed}{number}', lines, number)}")
        return " ".join(p if p.endswith(".") else p + "." for p in parts)

    def _unpeopled(self, shot: Coverage) -> str:
        """What is played in a shot on a thing or a place: hands, or nobody."""
        hands = next((a for p in shot.action for a in p.actors if a in self.people.cast), None)
        if shot.focus == "thing" and hands:
            piece = next(p for p in shot.action if hands in p.actors)
            deed = _verb_phrase(piece.text, self.people.name(hands))
            return f"{self.people.name(hands)}, hands only: {deed or 'no more than the action asks'}."
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
            deed = _verb_phrase(own[-1].text, self.people.name(who))
            if deed:
                notes.append(deed)
        other = next((line.addressee for line in mine), None) or next(
            (line.speaker for line in lines if line.speaker != who), None
        )
        slots = self.people.slots(who, other) | {"speaker": self.people.name(other)}
        kind = "speaking" if mine and not all(line.voice == "voice_over" for line in mine) else "silent"
        beat = self.people.beat_at(mine[0].unit) if mine else shot.beat
        options = [o for o in performances()[kind][beat] if o != self.played_as.get(who)]
        if self.people.many(who):
            kind, beat, options = "many", "many", performances()["silent"]["many"]
        elif who.startswith("animal/"):
            kind, beat, options = "beast", "beast", performances()["silent"]["beast"]
        feeling = self.chooser.pick(f"{kind} {beat}", options, seed, slots)
        if feeling:
            feeling = fill_plain(feeling, slots)
            if number == 0 and shot.peak and shot.intensity >= 0.8:
                feeling += ", " + fill_plain(performances()["degree"]["high"][int(seed[3:5], 16) % 3], slots)
            notes.append(feeling)
        member = self.people.cast.get(who)
        if member and (member.personality or member.manner):
            notes.append(member.manner or f"{', '.join(member.personality[:2])} by nature")
        return "; ".join(notes)


def _manner(delivery: str) -> str:
    """A parenthetical as a way of playing: notes that only time the line say nothing of it."""
    kept = [d.strip().rstrip(".") for d in delivery.split(";") if not _TIMING_NOTES.match(d.strip().rstrip("."))]
    return "; ".join(d for d in kept if d)


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
