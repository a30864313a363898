"""What is seen of the people in a shot and how they play it.

Only what follows from the script is told: its sentences, who speaks to whom, its parentheticals, the pose and the
thing in hand that earlier action left; and of feelings first the script's own words, then the beat.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from shotwright.craft.directions import without_camera
from shotwright.crew.director.feelings import Feelings
from shotwright.crew.director.placing import inside, served
from shotwright.crew.director.wording import act_of, deed_of, fill, fill_plain, performances, raised

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.crew.director.coverage import Coverage
    from shotwright.crew.director.people import People
    from shotwright.crew.director.wording import Chooser
    from shotwright.model.shot import DialogueLine

_NO_MANNER = re.compile(
    r"^(?:(?:a |long |short |another |then |the )*(?:beat|pause|moment|then|silence)s?|"
    r"(?:re:|to |into |on (?:the )?phone|filtered|speaking|chorus|verse|continuing|o\.?s\.?|v\.?o\.?|cont).*)$",
    re.I,
)
_TIMED = re.compile(r"^(?:a )?(?:long |short )?(?:beat|pause),? ", re.I)
_OWN_CLAUSE = re.compile(r"^(?:(?:he|she|they|it|his|her|their|a|an|the)\b|[a-z]+[a-rt-z]s\b(?! of\b))", re.I)
_TRAILING = re.compile(r"\s*(?:--+|—|–|-|[,;:])\s*$")
_LEADING = re.compile(r"^(?:\.{2,}|…|[-–—\s])+")
PEOPLE = ("character/", "animal/")
MOST_SET = 2
"""Times in a scene that its place leads a sentence of talk."""
PLACED_EVERY = 5
"""Shots between two sentences of talk that are led by their place."""


class Playing:
    """Tells what is seen and how it is played, shot by shot, in order."""

    def __init__(self, people: People, chooser: Chooser) -> None:
        self.people, self.chooser = people, chooser
        self.feelings = Feelings()
        self.at = -1
        self.last_seen = ""
        self.asked = ""
        self.served = ""
        self._served_told = ""
        self._set = 0
        self._leads: set[tuple[str, str]] = set()
        self._placed = -PLACED_EVERY
        self._told_state: dict[str, str] = {}
        self._natures: set[str] = set()

    def watch(self, shot: Coverage) -> None:
        """Take in the next shot: what the script says of anybody's feeling in it."""
        self.at += 1
        for n, piece in enumerate(shot.pieces):
            if piece.kind != "action":
                continue
            if found := served().search(piece.text):
                self.served = found[0].lower()
            # `Embarrassed to admit it…` without a name is said of whoever speaks next.
            actors = piece.actors or next((p.speakers for p in shot.pieces[n + 1 :] if p.kind == "speech"), ())
            for who, felt in self.people.felt(piece.text, actors):
                self.feelings.note(who, felt, self.at)

    # what is seen

    def seen(self, shot: Coverage, seed: str, lines: list[DialogueLine], again: int) -> str:
        """The action of the shot in the script's sentences, and who speaks or hears."""
        sentences = [_sentence(p.text) for p in shot.action if p.text]
        told = ""
        for attempt in range(6):
            told = self._tell(shot, seed, lines, again + attempt, sentences)
            if told != self.last_seen:
                break
        for who in shot.on:
            self._told_state[who] = self.people.state(who)
        self.last_seen = told
        if lines:
            self.asked = lines[-1].speaker if lines[-1].text.rstrip("\"”'’").endswith("?") else ""
        return told

    def _tell(self, shot: Coverage, seed: str, lines: list[DialogueLine], again: int, sentences: list[str]) -> str:
        if not lines:
            if sentences:
                return " ".join(sentences)
            views = ["A view of {place}.", "{place}.", "{place}, and nobody in it.", "We look at {place}."]
            place = {"place": self.people.place(shot.pieces[0].place)}
            return fill(views[again % 2 if shot.present else again % 3], place)
        if sentences and all(line.voice == "voice_over" for line in lines):
            return " ".join(sentences)
        content = [p for p in shot.pieces if p.kind != "mark"]
        first = content[0].speakers if content and content[0].kind == "speech" else ()
        if first and (shot.focus == "listener" or {*first} & {*shot.on}):
            return " ".join([self._talk(shot, seed, lines, again, ""), *sentences])
        return " ".join([*sentences, self._talk(shot, seed, lines, again, " ".join(sentences))])

    def _talk(self, shot: Coverage, seed: str, lines: list[DialogueLine], again: int, before: str) -> str:
        """One sentence for those who talk or hear in the shot."""
        heard = [x for x in lines if x.voice != "voice_over"]
        voices = list(dict.fromkeys(s for x in heard for s in (x.speakers or (x.speaker,))))
        visible = [s for s in voices if s in shot.on]
        if not visible or shot.focus == "listener":
            return self._hearing(shot, seed, lines, again, before)
        if len(visible) > 1:
            return self._exchange(shot, visible, heard, seed, again)
        line = next(x for x in heard if visible[0] in (x.speakers or (x.speaker,)))
        return self._single(shot, line, visible[0], seed, again, before)

    def _single(self, shot: Coverage, line: DialogueLine, who: str, seed: str, again: int, before: str) -> str:
        to = line.addressee if line.addressee != who else None
        act = act_of(line.text)
        carried = not next(p for p in shot.speech if p.unit == line.unit).starts_speech
        if carried:
            act = "carried"
        elif self.asked and self.asked == to and act != "question":
            act = "answer"
        if not to:
            act = {"question": "alone_question", "carried": "alone_carried"}.get(act, "alone")
        elif to not in shot.present and (shot.pieces[0].segment == "intercut" or self.people.away(to)):
            act = "apart"
        if act not in performances()["seen"]:
            act = "statement"
        if act == "statement" and to and self.people.many(to):
            act = "to_many"
        label = self._label(shot, who, before, to, again)
        slots = self._subject(who, label) | {"to": self.people.name(to), "an": self.people.name(who)}
        slots["where"] = self._where(shot, before, label, who)
        text = self._say(act, seed, slots, again)
        manner = self._manner(line)
        if manner:
            joint = "; " if _OWN_CLAUSE.match(manner) else ", "
            text = f"{text[:-1]}{joint}{manner}."
        return text

    def _exchange(
        self, shot: Coverage, visible: Sequence[str], lines: list[DialogueLine], seed: str, again: int
    ) -> str:
        people = _listed([self.people.name(w) for w in visible])
        if len(visible) > 2:
            return self._say("many", seed, {"people": raised(people)}, again)
        if any(len(x.speakers) > 1 for x in lines):
            return self._say("joint", seed, {"people": raised(people)}, again)
        mine = [x for x in lines if x.speaker in visible]
        a, b = visible
        slots = self._subject(a, self._label(shot, a, "", b, again, mine)) | {
            "an": self.people.name(a),
            "b": self._label(shot, b, "", a, again),
            "sb": "" if self.people.plural(b) else "s",
            "s3b": "ve" if self.people.plural(b) else "s",
            "where": self._where(shot, "", "", ""),
        }
        if len(mine) > 2:
            last = mine[-1].speaker
            slots |= {
                "count": performances()["numbers"]["words"][min(len(mine), 9)], "lastname": self.people.name(last),
                "sl": "" if self.people.plural(last) else "s",
            }  # fmt: skip
            opens = mine[0].text.rstrip("\"”'’").endswith("?") and mine[1].speaker == b
            return self._say("trade_asked" if opens else "trade", seed, slots, again)
        if mine[0].addressee != b or mine[-1].addressee != a:
            return self._say("after", seed, slots, again)
        manner = next((m for x in mine if x.speaker == b and (m := self._manner(x))), "")
        if manner and not _OWN_CLAUSE.match(manner):
            return self._say("with_manner", seed, {**slots, "manner": manner}, again)
        asks = [x.text.rstrip("\"”'’").endswith("?") for x in mine]
        kind = "asked" if asks[0] and not asks[1] else "countered" if asks[1] and not asks[0] else "replied"
        return self._say(kind, seed, slots, again)

    def _hearing(self, shot: Coverage, seed: str, lines: list[DialogueLine], again: int, before: str) -> str:
        line = lines[0]
        people = [w for w in shot.on if w.startswith(PEOPLE)]
        speakers = line.speakers or (line.speaker,)
        speaker = _listed([self.people.name(s) for s in speakers])
        if not people or shot.focus == "thing":
            thing = next((w for w in shot.on), None)
            named = self.people.name(thing)
            what = self.people.place(shot.pieces[0].place)
            if thing:
                what = named if thing.startswith(PEOPLE) or named != named.lower() else f"the {named}"
                what = what.replace("the the ", "the ")
            return self._say("unseen", seed, {"place": what, "speaker": speaker}, again)
        who = people[0]
        if len(people) > 1 and who not in speakers:
            label = _listed([self.people.name(w) for w in people])
            slots = {"a": label, "s": "", "is": "are", "their": "their"}
            label = ""
        else:
            label = self._label(shot, who, before, line.speaker, again)
            slots = self._subject(who, label) | self.people.pronouns(who)
        several = len(speakers) > 1 or self.people.plural(speakers[0])
        slots |= {"speaker": speaker, "speaks": "speak" if several else "speaks", "has": "have" if several else "has"}
        slots["where"] = self._where(shot, before, label, who)
        if line.voice == "voice_over":
            return self._say("own" if who in speakers else "over", seed, slots, again)
        return self._say(line.voice if line.voice in ("phone", "off_screen") else "hears", seed, slots, again)

    def _say(self, kind: str, seed: str, slots: dict[str, str], again: int) -> str:
        options = performances()["seen"][kind]
        led = [o for o in options if o.startswith("{where}")] if slots.get("where") else []
        pattern = self.chooser.pick(f"seen {kind}", led or options, seed, slots, again) or options[0]
        if pattern.startswith("{where}"):
            self._placed = self.at
            if slots["where"].startswith("Over "):
                self._served_told = self.served
            self._leads.add((slots.get("who", ""), slots["where"]))
            self._set += slots["where"].startswith(("In ", "On ", "At "))
        return fill(pattern, slots)

    def _subject(self, who: str, label: str) -> dict[str, str]:
        many = self.people.plural(who)
        return {
            "who": who, "a": label, "s": "" if many else "s", "es": "" if many else "es", "ies": "y" if many else "ies",
            "is": "are" if many else "is", "s3": "ve" if many else "s",
        }  # fmt: skip

    def _where(self, shot: Coverage, before: str, label: str, who: str) -> str:
        """`Over the mugs` or `In the kitchen`: what earlier action or the slugline gives to talk, each once in a while.

        Empty where the shot's own action has just set the place, or the label already tells pose and hand.
        """
        if before or "," in label or shot.action or shot.pieces[0].place != self.people.brief.scene.location:
            return ""
        if self.at - self._placed < PLACED_EVERY:
            return ""
        state = raised(self.people.state(who)) if who and label == self.people.name(who) else ""
        if (who, state) in self._leads:
            state = ""
        return self._over() or state or (inside(self.people) if self._set < MOST_SET else "")

    def _over(self) -> str:
        """What stands between people at a table, as the action so far has set it there."""
        return f"Over the {self.served}" if self.served and self._served_told != self.served else ""

    def _label(
        self, shot: Coverage, who: str, before: str, to: str | None, again: int, lines: Sequence[DialogueLine] = ()
    ) -> str:
        """The name with what is known of body and hands where that is new, or a pronoun on second mention."""
        name = self.people.name(who)
        acts = any(who in p.actors for p in shot.action)
        manner = next((m for x in lines if x.speaker == who and (m := self._manner(x))), "")
        if manner and len(manner.split()) < 5 and not _OWN_CLAUSE.match(manner):
            return f"{name}, {manner},"
        if acts and name.lower() in before.lower():
            beside = dict.fromkeys([*shot.on, *(a for p in shot.action for a in p.actors), *([to] if to else [])])
            short = self.people.short(who, beside)
            if short:
                return short
        state = self.people.state(who)
        if state and not acts and (state != self._told_state.get(who) or again % 3 == 2):
            return f"{name}, {state},"
        return name

    # how it is played

    def played(self, shot: Coverage, seed: str, lines: list[DialogueLine]) -> str:
        """A note for everyone whom the shot is on."""
        people = [who for who in shot.on if who.startswith(PEOPLE)]
        if shot.focus == "thing":
            return self._hands(shot, people)
        if not people:
            if shot.focus == "pov":
                return "Seen through the eyes of the one who looks; nobody plays to the camera."
            return "Nobody is singled out." if shot.present else "Nobody in frame."
        parts = []
        for number, who in enumerate(people):
            parts.append(f"{raised(self.people.name(who))}: {self._part(shot, who, f'{seed}{number}', lines, number)}")
        return " ".join(p if p.endswith(".") else p + "." for p in parts)

    def _hands(self, shot: Coverage, people: Sequence[str]) -> str:
        """What is played in a shot of a thing: hands, or nobody."""
        who = next((w for w in people if w in self.people.cast), None)
        if who is None:
            return "Nobody in frame."
        deed = next((d for p in shot.action if p.actors[:1] == (who,) and (d := self._deed(p.text, who))), "")
        return f"{raised(self.people.name(who))}, hands only: {deed or 'no more than the action asks'}."

    def _part(self, shot: Coverage, who: str, seed: str, lines: list[DialogueLine], number: int) -> str:
        mine = [line for line in lines if line.speaker == who or who in line.speakers]
        speaks = bool(mine) and not all(line.voice == "voice_over" for line in mine)
        notes = list(dict.fromkeys(m for line in mine if speaks and (m := self._manner(line))))
        felt = self.feelings.worded(who, self.at)
        deed = ""
        for piece in reversed(shot.action):
            if piece.actors[:1] == (who,) and not deed:
                deed = self._deed(piece.text, who)
        if felt and felt not in deed:
            notes.append(felt)
        if deed and (len(shot.pieces) > 1 or not self.people.cast or felt in deed):
            notes.append(deed)
        if who.startswith("animal/") or self._is_animal(who):
            return "; ".join(notes) or self._pick("beast", "plain", seed, {})
        other = next((line.addressee for line in mine), None) or next((x.speaker for x in lines if x not in mine), None)
        slots = self.people.slots(who, other) | {"speaker": self.people.name(other)}
        heard = bool(lines) and not speaks and any(x.voice != "voice_over" for x in lines)
        if self.people.many(who):
            if not notes:
                does = "speaking" if speaks else "listening" if heard else "together"
                notes.append(self._pick("many", does, seed, slots))
        elif not (felt and notes):
            beat = self.people.beat_at(mine[0].unit) if mine else shot.beat
            beat = self.feelings.beat(who, beat, self.at)
            feeling = self._pick("speaking" if speaks else "listening" if heard else "silent", beat, seed, slots)
            if feeling:
                if number == 0 and shot.peak and shot.intensity >= 0.8:
                    feeling += ", " + fill_plain(performances()["degree"]["high"][int(seed[3:5], 16) % 3], slots)
                notes.append(feeling)
        notes.extend(self._nature(who))
        return "; ".join(notes)

    def _nature(self, who: str) -> list[str]:
        """What the library knows of a character's ways, once in a scene."""
        member = self.people.cast.get(who)
        if member is None or who in self._natures or not (member.personality or member.manner):
            return []
        self._natures.add(who)
        return [member.manner or f"{', '.join(member.personality[:2])} by nature"]

    def _is_animal(self, who: str) -> bool:
        member = self.people.cast.get(who)
        return member is not None and member.character.kind == "animal"

    def _pick(self, table: str, kind: str, seed: str, slots: dict[str, str]) -> str:
        options = performances()[table][kind]
        return fill_plain(self.chooser.pick(f"{table} {kind}", options, seed, slots) or options[0], slots)

    def _manner(self, line: DialogueLine) -> str:
        """The line's parenthetical as a way of playing; what it says of somebody else is not the speaker's."""
        gender = self.people.genders.get(line.speaker, "unknown")
        other = {"male": ("she ", "her "), "female": ("he ", "his ")}.get(gender, ())
        return "; ".join(d for d in _manner(line.delivery).split("; ") if d and not d.lower().startswith(other))

    def _deed(self, text: str, who: str) -> str:
        return _verb_phrase(without_camera(text), self.people.name(who))


def _sentence(text: str) -> str:
    """A sentence of action as the description tells it: without camera words, closed with a stop."""
    shown = _LEADING.sub("", without_camera(text)).replace("*", "")
    trailed = _TRAILING.sub("", shown)
    if trailed != shown and trailed:
        # What breaks off runs on into what comes next.
        shown = trailed if shown.rstrip()[-1:] in ",;:" else f"{trailed}…"
    return raised(shown if shown[-1:] in '.!?…"”' else f"{shown}.")


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def _manner(delivery: str) -> str:
    """A parenthetical as a way of playing: notes that time the line or say to whom it goes say nothing of it."""
    kept = [_TIMED.sub("", d.strip().rstrip(".")) for d in delivery.split(";")]
    return "; ".join(d for d in kept if d and not _NO_MANNER.match(d))


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
    if led != led.lower() or led.endswith(",") or not led.endswith(("s", "n't", "n’t")) or led == "is":
        return ""
    return rest if len(rest.split()) <= 14 else ""
