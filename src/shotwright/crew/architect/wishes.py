"""What people in a scene say that they want, and the questions that they put to each other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shotwright.crew.architect.lexicon import verbs
from shotwright.crew.architect.naming import plain
from shotwright.crew.architect.wording import SENTENCES, TURN_SAID, Tale

if TYPE_CHECKING:
    from shotwright.model.ids import EntityId

_WANT = re.compile(
    r"\bI(?:(?:'d (?:just )?like| just want| want| wanted| need| have|'ve got|'m trying|'m hoping| hope| came here) "
    r"(?:to|we can)| gotta) (?P<vp>[a-z][^.,;:!?—]*?)(?=[.,;:!?—]|\s--|\.\.\.|$)"
)
_PLEA = re.compile(
    r"^(?:please,? )?(?P<vp>(?:promise|tell|give|let|show|stop|help|leave|take|bring|get|come|go|stay|"
    r"make|listen|trust|forgive|"
    r"marry|keep|put|turn|open|wait|find|hold|look|let's)\b[^.,;:!?—]*)(?=[.,;:!?—]|\s--|$)",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Want:
    who: EntityId
    of: EntityId | None
    words: str
    unit: str


def find_wish(tale: Tale) -> Want | None:
    """What somebody says that they want, as a verb phrase in the third person."""
    best: tuple[float, Want] | None = None
    for unit in tale.scene.units:
        note = tale.notes.get(unit.id)
        if note is None or note.voice == "voice_over" or len(note.speakers) != 1:
            continue
        who = note.speakers[0]
        if who in tale.people and tale.people[who].kind != "person":
            continue
        of = note.addressees[0] if len(note.addressees) == 1 else None
        for sentence in SENTENCES.findall(plain(unit.text)):
            sentence = sentence.strip()
            match = _WANT.search(sentence)
            plea = None if match else _PLEA.match(sentence)
            if not match and not plea:
                continue
            phrase = (match or plea).group("vp").strip()  # type: ignore[union-attr]
            for name in tale.names.values():
                phrase = phrase.removesuffix(" " + name)
            if plea:
                if of is None:
                    continue
                base = "get " + tale.names.get(of, "them") + " to "
                low = phrase.lower()
                if len(low.split()) < 3 or _IDLE.match(low):
                    continue
                phrase = re.sub(r"\byour\b", _own(tale, of), phrase)
                phrase = re.sub(
                    r"\byourself\b", {"his": "himself", "her": "herself"}.get(_own(tale, of), "themselves"), phrase
                )
                low = phrase.lower()
                if low.startswith(("let's ", "let me ")):
                    phrase = phrase[6:].strip()
                else:
                    phrase = re.sub(r"\bme\b", tale.names.get(who, "them"), phrase)
                    phrase = base + phrase[:1].lower() + phrase[1:]
            worded = _third_person(phrase, tale, who, of)
            size = len(worded.split()) if worded else 0
            if (
                worded is None
                or not 2 <= size <= 11
                or (worded.split()[0] not in verbs().forms and not _verb_like(worded))
            ):
                continue
            value = 1.5 * bool(match) + 0.15 * size + 0.5 * bool(of)
            if best is None or value > best[0]:
                best = (value, Want(who, of, worded, unit.id))
    return best[1] if best else None


_IDLE = re.compile(
    r"(?:come on|look|listen|wait|hold on|get out|let me (?:tell|guess|see)|take it easy|keep it|go on|"
    r"come here|leave it|tell (?:you|ya) what|tell me$|let me think|turn around|make sure|keep in mind)\b"
)


def _own(tale: Tale, who: EntityId) -> str:
    gender = tale.people[who].gender if who in tale.people else "unknown"
    return {"male": "his", "female": "her"}.get(gender, "their")


def _verb_like(phrase: str) -> bool:
    return phrase.split()[0] in _COMMON_VERBS


_COMMON_VERBS = frozenset(
    [
        "know",
        "talk",
        "see",
        "meet",
        "make",
        "do",
        "stay",
        "help",
        "ask",
        "speak",
        "thank",
        "believe",
        "love",
        "marry",
        "buy",
        "sell",
        "start",
        "try",
        "understand",
        "hear",
        "work",
        "live",
        "play",
        "win",
        "pay",
        "call",
        "change",
        "clear",
        "stop",
        "finish",
        "write",
        "build",
        "learn",
        "promise",
        "show",
        "trust",
        "forgive",
        "listen",
        "propose",
        "apologize",
        "convince",
    ]
)


def _third_person(phrase: str, tale: Tale, who: EntityId, of: EntityId | None) -> str | None:
    male = tale.people[who].gender == "male" if who in tale.people else False
    female = tale.people[who].gender == "female" if who in tale.people else False
    own = (
        ("his", "him", "himself") if male else ("her", "her", "herself") if female else ("their", "them", "themselves")
    )
    other = tale.names.get(of, "") if of else ""
    if re.search(
        r"\b(?:I|I'm|I've|I'd|I'll|we're|we'll|you're|you'll|you'd|you've|that|it|this|so|those|these)\b",
        phrase.split(" ")[-1],
    ) or re.search(r"\b(?:I|I'm|I've|I'd|I'll|you're|you'll|you'd|you've|we're|we'll)\b", phrase):
        return None
    if re.search(r"\byou (?:were|are|have|do|don't|can|know|want|think|said|had|did|will|would)\b", phrase):
        return None
    if re.search(r"\byou\b|\byour\b|\byourself\b|\byours\b", phrase) and not other:
        return None
    for pattern, word in (
        (r"\bmy\b", own[0]), (r"\bme\b", own[1]), (r"\bmyself\b", own[2]), (r"\byourself\b", other),
        (r"\byour\b", f"{other}'s"),
        (r"\byou\b", other), (r"\bour\b", "their"), (r"\bus\b", "them"), (r"\bwe\b", "they"),
    ):  # fmt: skip
        phrase = re.sub(pattern, word, phrase)
    return phrase.strip()


def find_question(tale: Tale) -> tuple[EntityId, EntityId | None, str] | None:
    """The weightiest question asked: who, of whom, the words."""
    best: tuple[float, tuple[EntityId, EntityId | None, str]] | None = None
    units = tale.scene.units
    for i, unit in enumerate(units):
        note = tale.notes.get(unit.id)
        if note is None or note.voice == "voice_over" or len(note.speakers) != 1:
            continue
        for part in SENTENCES.findall(plain(unit.text)):
            part = part.strip()
            size = len(part.split())
            if not part.endswith("?") or not 3 <= size <= 14:
                continue
            value = 0.1 * size + 0.8 * i / len(units) + 0.8 * bool(re.match(r"(?:why|how|what)", part.lower()))
            value += 0.5 * bool(TURN_SAID.search(part))
            if best is None or value > best[0]:
                best = (value, (note.speakers[0], note.addressees[0] if len(note.addressees) == 1 else None, part))
    return best[1] if best else None
