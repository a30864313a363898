"""What a scene is for, where it turns and what happens in it, worded from its own strongest sentences."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shotwright.crew.architect.acting import is_held
from shotwright.crew.architect.introductions import capital_runs
from shotwright.crew.architect.lexicon import feelings, people, verbs
from shotwright.crew.architect.naming import display, plain, take_apart
from shotwright.crew.architect.sightings import FEMALE_PRONOUNS, MALE_PRONOUNS, Sentence
from shotwright.model.story import ActionNote, Beat, Character, Evidence, SpeechNote, Thing, Turn

if TYPE_CHECKING:
    from shotwright.crew.architect.feeling import Scores
    from shotwright.model.ids import EntityId
    from shotwright.model.screenplay import Scene, Unit
    from shotwright.model.vocabulary import SceneType

_CAMERA = re.compile(
    r"^(?:(?:suddenly|then|now|and|but|sure enough|just then|finally|meanwhile|still|yet|so|again|of "
    r"course|slowly),?\s+)*"
    r"(?:(?:(?:new |reverse )?angle on|close (?:up )?on|on|favoring|favouring|insert|series of shots|"
    r"single shots?|various shots|"
    r"montage|in a single shot|wide on|pov)\b[:,]?\s+(?=[A-Z]))?"
    r"(?:(?:as |and )?we(?:'re| are)?\s+(?:now\s+|finally\s+)?(?:see|find|hear|come (?:into|to|upon)|are "
    r"with|follow|reveal|go to|spot|"
    r"watch)\s+(?:that\s+|as\s+)?)?",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"\s--\s[^-]{1,60}?\s--\s?")
_OPENING = re.compile(
    r"^(?:as|while|when|after|before|although|though|with|in|on|at|by|from|off|over|under|near|across|"
    r"without|despite|\w+ing|\w+ed|\w+ly)\b"
    r"[^,]{0,70},\s+(?=(?:[A-Z]|the |a |an |his |her |their |he |she |they ))",
    re.IGNORECASE,
)
_AGE = re.compile(
    r"\s*\((?:age )?\d{1,3}(?:'?s)?\)|,\s*(?:now |age |aged |still |about |also )*\d{1,3}(?:'?s)?\b(?: "
    r"and [\w-]+)?(?:,)?|"
    r"\s--\s*still about \d+",
    re.IGNORECASE,
)
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
_SENTENCES = re.compile(r"[^.!?…]+[.!?…]+[\"']?|[^.!?…]+$")
_TURN_WORDS = re.compile(
    r"\b(?:suddenly|finally|but then|just then|then|realiz\w+|realis\w+|at last|for the first time|"
    r"instead|until|no longer|"
    r"reveal\w*|surprise\w*|stops|freezes|turns to|decides?|leaves|refuses|confess\w*|admits?)\b",
    re.IGNORECASE,
)
_TURN_SAID = re.compile(
    r"\b(?:I (?:love|hate|killed|lied|promise|want you|quit|know|saw|do)|you (?:lied|knew|never|were)|it "
    r"was (?:me|you)|the truth|never|"
    r"marry|die|dying|dead|leaving|leave|goodbye|father|mother|pregnant|because|secret|always)\b",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Tale:
    """All that the wording of one scene draws on."""

    scene: Scene
    type: SceneType
    names: dict[EntityId, str]
    people: dict[EntityId, Character]
    sentences: dict[str, Sentence]
    scores: list[Scores]
    notes: dict[str, SpeechNote]
    acts: dict[str, ActionNote]
    present: list[EntityId]
    beats: tuple[Beat, ...]
    things: dict[EntityId, Thing]
    weights: dict[int, float] = field(default_factory=dict)


def names_of(cast: dict[EntityId, Character]) -> dict[EntityId, str]:
    """The short name by which a sentence calls each: `Edward`, `the old woman`."""
    out = {}
    for eid, person in cast.items():
        first = person.name.split(" ")[0]
        cue = display(person.cues[0]) if person.cues else ""
        if person.kind in ("group", "voice") or (not person.cues and first.lower() not in person.aliases):
            bare = person.name.lower().removeprefix("the ").removeprefix("a ")
            out[eid] = "the " + bare
        elif cue and first.lower() not in person.aliases and not person.version_of:
            out[eid] = cue
        else:
            out[eid] = first if first.lower() in person.aliases and len(first) > 2 else (cue or person.name)
        if person.cues and take_apart(person.name).generic and person.kind == "person":
            out[eid] = person.name if person.name.lower() in people().kin else _described(person.name)
        if person.version_of and not person.cues:
            out[eid] = _base_name(person)
        shown = out[eid]
        if not shown.startswith("the ") and shown.lower() in _common_nouns() - people().kin:
            out[eid] = "the " + shown.lower()
    return out


def _base_name(person: Character) -> str:
    """The name that the script uses of a younger self without a cue of its own: `Younger Edward` -> `Edward`."""
    return person.name.partition(" ")[2] or person.name


def _described(name: str) -> str:
    """`The Boss` -> `the boss`, `Will's Date` -> `Will's date`, `Cop #2` -> `Cop #2`."""
    owner, mark, rest = name.partition("'s ")
    if mark:
        return f"{owner}'s {rest.lower()}"
    return name if "#" in name else "the " + name.lower().removeprefix("the ").removeprefix("a ").removeprefix("some ")


def _common_nouns() -> frozenset[str]:
    return people().nouns | people().groups


def weight(tale: Tale, at: int) -> float:
    """How much an action unit says of what happens."""
    known = tale.weights.get(at)
    if known is None:
        tale.weights[at] = known = _weigh(tale, at)
    return known


def _weigh(tale: Tale, at: int) -> float:
    unit = tale.scene.units[at]
    sentence = tale.sentences.get(unit.id)
    if sentence is None or is_held(unit.text):
        return -5.0
    words = len(sentence.words)
    strong = verbs().classes["strong"]
    weak = verbs().classes["weak"]
    value = 0.0
    bases = [verb.base for verb in sentence.verbs]
    value += 2.0 * bool(bases and any(base in strong for base in bases)) + 1.0 * bool(
        bases and any(base not in weak for base in bases)
    )
    value += 1.0 * bool(sentence.actors) + 0.5 * (len(sentence.actors) > 1)
    value += 0.25 * min(4.0, sum(tale.scores[at].values()))
    value += 0.5 * (at >= 0.5 * len(tale.scene.units))
    value -= 1.5 * (not _main_verb(sentence)) + 1.5 * (sentence.text[-1:] not in ".!?\"')")
    value -= 2.0 * (not bases) + 1.0 * (words < 4) + 0.05 * max(0, words - 26)
    low = sentence.words[:2]
    value -= 1.5 * bool(
        low and low[0] in ("we", "it", "it's", "there", "this", "that", "what", "who", "he'd", "she'd", "which")
    )
    value -= 1.0 * (":" in sentence.words or '"' in sentence.words) + 1.0 * sentence.text.endswith(
        ("--", "...", "…", "?")
    )
    first = sentence.mentions[0] if sentence.mentions else None
    value += 1.2 * bool(first and first.start <= 2 and not first.possessive)
    return value


def _main_verb(sentence: Sentence) -> bool:
    """True when some verb in the present tense stands outside a clause with as, while, when, who or that."""
    inside = -10
    for at, word in enumerate(sentence.words):
        if word in ("as", "while", "when", "who", "that", "which", "where", "if"):
            inside = at
        elif word in (",", ";", "--") or word in ("and", "but"):
            inside = -10
        elif at - inside > 9 and any(verb.at == at for verb in sentence.verbs) and not word.endswith(("ing", "ed")):
            return True
    return False


def clause(tale: Tale, unit: Unit) -> str:
    """An action sentence as a clause without camera words: subject named, capitals lowered, at most 24
    words, no full stop."""
    sentence = tale.sentences[unit.id]
    text = _ASIDE.sub(" ", sentence.text)
    text = _CAMERA.sub("", text, count=1).strip()
    opening = _OPENING.match(text)
    if opening and len(text) - opening.end() > 15:
        text = text[opening.end() :]
    text = _named_subject(tale, sentence, text)
    text = _AGE.sub(lambda m: "," if m.group().endswith(",") else "", text)
    text = _lower_capitals(tale, text)
    text = re.sub(r"\s+", " ", text).strip()
    text = re.split(r"\s--\s?|;|…|\.\.\.|—|\s\(", text)[0]
    words = text.rstrip(" .!,:").split(" ")
    if len(words) > 24:
        cut = " ".join(words[:24])
        comma = max(cut.rfind(", "), cut.rfind(" as "), cut.rfind(" while "), cut.rfind(" who "))
        words = (cut[:comma] if comma > 30 else cut).split(" ")
        while len(words) > 3 and words[-1].lower().strip(",") in _DANGLING:
            words.pop()
    while len(words) > 3 and words[-1].lower().strip(",") in _UNFINISHED:
        words.pop()
    text = " ".join(words).rstrip(" .,:!-")
    return text[:1].upper() + text[1:]


_UNFINISHED = frozenset(
    ("with", "of", "and", "as", "towards", "because", "a", "the", "an", "or", "but", "by", "into", "from")
)
_DANGLING = frozenset(
    [
        "the",
        "a",
        "an",
        "of",
        "to",
        "and",
        "or",
        "in",
        "on",
        "with",
        "as",
        "by",
        "for",
        "at",
        "his",
        "her",
        "its",
        "their",
        "from",
        "into",
        "that",
        "who",
        "but",
    ]
)


def _named_subject(tale: Tale, sentence: Sentence, text: str) -> str:
    low = text.lower()
    first = low.split(" ")[0].rstrip(",") if low else ""
    if first in ("he", "she"):
        wanted = MALE_PRONOUNS if first == "he" else FEMALE_PRONOUNS
        who = next((m.who for m in sentence.mentions if m.pronoun and sentence.words[m.start] in wanted), ())
        if len(who) == 1:
            return tale.names.get(who[0], "Somebody") + text[len(first) :]
    if first == "they":
        who = next((m.who for m in sentence.mentions if m.pronoun and sentence.words[m.start] == "they"), ())
        if len(who) >= 2:
            return _list([tale.names.get(one, "") for one in who]) + text[4:]
    headed = plain(tale.scene.heading.raw).rstrip(" .,")
    if first in verbs().forms and first.endswith("s") and not (sentence.verbs and sentence.verbs[0].agents):
        if not tale.scene.heading.int_ext and len(headed.split(" ")) <= 4 and headed:
            return headed[:1] + headed[1:].lower() + " " + text[:1].lower() + text[1:]
    elif first in verbs().forms and first.endswith("s"):
        return tale.names.get(sentence.verbs[0].agents[0], "Somebody") + " " + text[:1].lower() + text[1:]
    return text


def _lower_capitals(tale: Tale, text: str) -> str:
    known = {shown.upper(): shown for shown in tale.names.values()}
    known |= {person.name.upper(): person.name for person in tale.people.values()}
    for start, end, run in reversed(capital_runs(text)):
        if len(run) <= 3 and run.lower() not in people().sounds and run.lower() not in verbs().forms:
            continue
        shown = known.get(run) or (run.lower() if not _is_name(tale, run) else display(run))
        text = text[:start] + shown + text[end:]
    return text


def _is_name(tale: Tale, run: str) -> bool:
    low = run.lower()
    return any(low in person.aliases and "the " + low != tale.names.get(eid) for eid, person in tale.people.items())


def _list(names: list[str]) -> str:
    names = [name for name in dict.fromkeys(names) if name]
    if len(names) > 3:
        return f"{names[0]}, {names[1]} and the others"
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1] if names else "people"


def _inner(text: str, tale: Tale) -> str:
    """A clause as it stands inside a sentence: lower-case start unless it starts with a name."""
    first = re.split(r"[\s,']", text)[0]
    if (
        any(first in name.split(" ") for name in tale.names.values())
        or first in ("I",)
        or (first.isupper() and len(first) > 1)
    ):
        return text
    if any(first in person.name.split(" ") for person in tale.people.values()):
        return text
    return text[:1].lower() + text[1:]


def turn(tale: Tale) -> Turn | None:
    """The unit after which the scene cannot go back: a strong change of feeling, a turning word, late
    in the scene."""
    units = tale.scene.units
    if not units:
        return None
    seams = {beat.first_unit: beat for beat in tale.beats[1:]}
    best, best_value, reason = -1, -1e9, ""
    count = len(units)
    longest = _outpouring(units)
    for i, unit in enumerate(units):
        if unit.kind == "direction":
            continue
        at = (i + 1) / count
        value = -abs(at - 0.78) * 2.2 + 0.22 * min(6.0, sum(tale.scores[i].values()))
        because = "the strongest feeling"
        if unit.id in seams:
            value += 1.0
            because = f"feeling turns to {feelings().noun[seams[unit.id].name]}"
        if unit.kind == "speech":
            said = bool(_TURN_SAID.search(unit.text))
            note = tale.notes.get(unit.id)
            value += 1.2 * (i == longest) + 0.7 * said - 1.5 * bool(note and note.voice == "voice_over")
            because = "a line that cannot be taken back" if said else because
        else:
            value += weight(tale, i) * 0.3
            if _TURN_WORDS.search(unit.text):
                value += 0.8
                because = "the action turns on a word of change"
        if value > best_value:
            best, best_value, reason = i, value, because
    if best < 0:
        return None
    unit = units[best]
    return Turn(
        unit=unit.id, what=_happening(tale, unit), evidence=Evidence(units=(unit.id,), confidence=0.5, because=reason)
    )


def _outpouring(units: tuple[Unit, ...]) -> int:
    """Where the longest speech of the second half stands, when it is long (25 words) and twice the usual; else -1."""
    sizes = {i: len(unit.text.split()) for i, unit in enumerate(units) if unit.kind == "speech"}
    late = [i for i in sizes if i >= len(units) / 2]
    if not late:
        return -1
    longest = max(late, key=lambda i: (sizes[i], -i))
    return longest if sizes[longest] >= max(25.0, 2.0 * sum(sizes.values()) / len(sizes)) else -1


def _happening(tale: Tale, unit: Unit) -> str:
    if unit.kind == "speech":
        note = tale.notes.get(unit.id)
        who = _list([tale.names.get(one, "") for one in note.speakers]) if note and note.speakers else "a voice"
        to = (
            f" to {tale.names[note.addressees[0]]}"
            if note and len(note.addressees) == 1 and note.addressees[0] in tale.names
            else ""
        )
        return _full(f'{who} says{to}, "{_snip(unit.text)}"')
    if unit.id in tale.sentences:
        return _full(clause(tale, unit))
    return _full(unit.text)


def _snip(text: str, limit: int = 12) -> str:
    """The most telling sentence of a speech, at most `limit` words."""
    parts = [part.strip() for part in _SENTENCES.findall(plain(text)) if part.strip()] or [plain(text)]
    best = max(
        parts, key=lambda part: (bool(_TURN_SAID.search(part)), part.endswith("?"), 3 <= len(part.split()) <= limit)
    )
    words = best.split()
    if len(words) > limit:
        best = " ".join(words[:limit]).rstrip(",;:-") + "…"
    return str(best).strip('"').rstrip(".,")


def _full(text: str) -> str:
    text = text.strip()
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?", '."', '!"', '?"', "…")) else text + "."


def _best_actions(tale: Tale, count: int) -> list[Unit]:
    ranked = sorted(
        (i for i, unit in enumerate(tale.scene.units) if unit.kind == "action"), key=lambda i: (-weight(tale, i), i)
    )[:count]
    return [tale.scene.units[i] for i in sorted(ranked) if weight(tale, i) > -2]


def _pair(tale: Tale) -> tuple[EntityId, ...]:
    """The speakers of the scene's talk, the one who drives it first."""
    said: dict[EntityId, float] = {}
    for note in tale.notes.values():
        if note.voice == "voice_over":
            continue
        for who in note.speakers:
            said[who] = said.get(who, 0.0) + 1
    named = [who for who in said if who not in tale.people or tale.people[who].kind == "person"]
    return tuple(sorted(named if len(named) > 1 else said, key=lambda who: -said[who]))


@dataclass(slots=True)
class Want:
    who: EntityId
    of: EntityId | None
    words: str
    unit: str


def _want(tale: Tale) -> Want | None:
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
        for sentence in _SENTENCES.findall(plain(unit.text)):
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
    if re.search(r"\byou\b|\byour\b|\byourself\b|\byours\b", phrase) and not other:
        return None
    for pattern, word in (
        (r"\bmy\b", own[0]), (r"\bme\b", own[1]), (r"\bmyself\b", own[2]), (r"\byourself\b", other),
        (r"\byour\b", f"{other}'s"),
        (r"\byou\b", other), (r"\bour\b", "their"), (r"\bus\b", "them"), (r"\bwe\b", "they"),
    ):  # fmt: skip
        phrase = re.sub(pattern, word, phrase)
    return phrase.strip()


def _question(tale: Tale) -> tuple[EntityId, EntityId | None, str] | None:
    """The weightiest question asked: who, of whom, the words."""
    best: tuple[float, tuple[EntityId, EntityId | None, str]] | None = None
    units = tale.scene.units
    for i, unit in enumerate(units):
        note = tale.notes.get(unit.id)
        if note is None or note.voice == "voice_over" or len(note.speakers) != 1:
            continue
        for part in _SENTENCES.findall(plain(unit.text)):
            part = part.strip()
            size = len(part.split())
            if not part.endswith("?") or not 3 <= size <= 14:
                continue
            value = 0.1 * size + 0.8 * i / len(units) + 0.8 * bool(re.match(r"(?:why|how|what)", part.lower()))
            value += 0.5 * bool(_TURN_SAID.search(part))
            if best is None or value > best[0]:
                best = (value, (note.speakers[0], note.addressees[0] if len(note.addressees) == 1 else None, part))
    return best[1] if best else None


def _face(asker: str, other: str, question: str) -> str:
    """A goal out of a question, by the kind of question that it is."""
    first = question.lower().split(" ")[0]
    if first == "why":
        return f'Corner {other} with {asker}\'s "{question}"'
    if first in ("what", "how", "where", "who", "when", "which"):
        return f'Make {other} face {asker}\'s question, "{question}"'
    return f'Let it hang on how {other} answers {asker}: "{question}"'


def _place(tale: Tale) -> str:
    heading = tale.scene.heading
    name = display(heading.sub_places[-1] if heading.sub_places else heading.place).strip()
    return name or "the place"


def synopsis(tale: Tale, turning: Turn | None) -> str:
    """What happens, in one line of present tense."""
    if tale.scene.synopsis:
        return _full(plain(tale.scene.synopsis))
    actions = _best_actions(tale, 2)
    pair = [who for who in _pair(tale) if who in tale.names]
    talk = len([n for n in tale.notes.values() if n.voice != "voice_over"])
    if len(pair) >= 2 and talk >= 3:
        names = _list([tale.names[who] for who in pair[:3]])
        strongest = max(tale.beats, key=lambda beat: beat.intensity).name if tale.beats else "calm"
        want = _want(tale)
        opening = f"{names} {feelings().talk[strongest]}"
        if want and want.who in tale.names:
            verb = "tries" if want.words.startswith("get ") else "wants"
            opening = f"{tale.names[want.who]} {verb} to {want.words}"
        elif strongest == "calm" or not actions:
            asked = _question(tale)
            if asked:
                to = f" {tale.names[asked[1]]}" if asked[1] in tale.names else ""
                opening = f'{tale.names.get(asked[0], "Somebody")} asks{to}, "{asked[2]}"'
        last = actions[-1:] and clause(tale, actions[-1])
        return _full(f"{opening}; {_inner(last, tale)}") if last else _full(opening)
    if actions:
        if len(actions) == 2:
            first, last = (clause(tale, unit) for unit in actions)
            if len(first.split()) + len(last.split()) <= 26 and first != last:
                return _full(f"{first}; {_inner(last, tale)}")
        top = max(actions, key=lambda unit: weight(tale, tale.scene.units.index(unit)))
        return _full(clause(tale, top))
    if turning is not None:
        return turning.what
    if tale.scene.units:
        return _full(plain(tale.scene.units[0].text)[:120])
    return _full(f"{_place(tale)}, empty")


def goal(tale: Tale, turning: Turn | None) -> str:
    """What the scene must do, one sentence; the turn closes it where there is one."""
    pair = [who for who in _pair(tale) if who in tale.names]
    actions = _best_actions(tale, 2)
    lead = clause(tale, actions[-1]) if actions else ""
    inner = _inner(lead, tale) if lead else ""
    if len(pair) >= 2:
        worded = _talk_goal(tale, pair, turning)
        if worded:
            return _full(worded)
    main = [tale.names[who] for who in tale.present if who in tale.names]
    subject = main[0] if main else "us"
    nouns = feelings().noun
    low, high = (nouns[tale.beats[0].name], nouns[tale.beats[-1].name]) if tale.beats else ("calm", "calm")
    feel = nouns[max(tale.beats, key=lambda beat: beat.intensity).name] if tale.beats else "calm"
    if not inner:
        return _full(
            f"Give {subject} a moment of {feel} at {_place(tale)}"
            if main
            else f"Set us down at {_place(tale)} in a mood of {feel}"
        )
    narrated = next((note for note in tale.notes.values() if note.voice == "voice_over" and note.speakers), None)
    by_type = {
        "montage": f"Let time pass in glimpses, as far as {inner}",
        "series_of_shots": f"Build up in glimpses to where {inner}",
        "action_chase": f"Drive {subject} forward with no time to think, until {inner}",
        "suspense": f"Hold us in {feel} while {inner}",
        "discovery": f"Let us find out with {subject} that something has changed: {inner}",
        "entrance": f"Bring a new presence into the scene: {inner}",
        "intimacy": f"Bring {_list(main[:2])} close: {inner}",
        "establishing": f"Set us down at {_place(tale)}: {inner}",
        "car": f"Keep {subject} on the road and in {feel}: {inner}",
    }
    if narrated and narrated.speakers[0] in tale.names:
        words = next(unit.text for unit in tale.scene.units if unit.id == narrated.unit)
        return _full(f'Let {tale.names[narrated.speakers[0]]} tell us, "{_snip(words, 10)}", while {inner}')
    if tale.type in by_type:
        return _full(by_type[tale.type])
    staged = _staged(tale, actions[-1], inner, feel)
    if staged:
        return _full(staged)
    if low != high:
        return _full(f"Take {subject} from {low} to {high}: {inner}")
    return _full(f"Show, with {feel}, how {inner}" if feel != "calm" else f"Show how {inner}")


def _staged(tale: Tale, unit: Unit, inner: str, feel: str) -> str:
    """A goal out of what the strongest action does: a prop changes hands, somebody comes, goes, looks or moves on."""
    note = tale.acts.get(unit.id)
    if note is None:
        return ""
    names = tale.names
    if note.exits and note.exits[0] in names:
        return f"Get {names[note.exits[0]]} out of {_place(tale)} and leave {feel} behind: {inner}"
    if note.enters and note.enters[0] in names:
        return f"Bring {names[note.enters[0]]} in so that the room changes: {inner}"
    for who, what in (*note.takes, *note.drops):
        if who in names and what in tale.things:
            return f"Make us watch the {tale.things[what].name} with {names[who]}: {inner}"
    for who, whom in note.looks_at:
        if who in names and whom in names:
            return f"Let {names[who]} take in {names[whom]} with {feel}: {inner}"
    if note.travel and note.actors and note.actors[0] in names:
        return f"Carry {names[note.actors[0]]} onward in {feel}: {inner}"
    if len(tale.present) == 1 and tale.present[0] in names and not tale.notes:
        only = names[tale.present[0]]
        return f"Stay with {only}: {inner}" if feel == "calm" else f"Stay with {only}, in {feel}: {inner}"
    return ""


def _talk_goal(tale: Tale, pair: list[EntityId], turning: Turn | None) -> str:
    want = _want(tale)
    units = {unit.id: unit for unit in tale.scene.units}
    close = ""
    if turning is not None and units[turning.unit].kind == "speech" and turning.unit in tale.notes:
        note = tale.notes[turning.unit]
        if note.speakers and note.speakers[0] in tale.names:
            close = f', until {tale.names[note.speakers[0]]} says, "{_snip(units[turning.unit].text, 9)}"'
    elif turning is not None and turning.unit in tale.sentences:
        close = f", until {_inner(turning.what.rstrip('.'), tale)}"
    if want and turning is not None and turning.unit == want.unit:
        close = ""
    if want and want.who in tale.names:
        other = want.of if want.of in tale.names else next((who for who in pair if who != want.who), None)
        against = f" against {tale.names[other]}" if other in tale.names and tale.names[other] not in want.words else ""
        return f"Play {tale.names[want.who]}'s need to {want.words}{against}{close}"
    asked = _question(tale)
    if asked and asked[0] in tale.names:
        other = asked[1] if asked[1] in tale.names else next((who for who in pair if who != asked[0]), None)
        if other in tale.names:
            return _face(tale.names[asked[0]], tale.names[other], asked[2])
    nouns = feelings().noun
    if tale.beats and tale.beats[0].name != tale.beats[-1].name:
        start, end = nouns[tale.beats[0].name], nouns[tale.beats[-1].name]
        return f"Move {_list([tale.names[who] for who in pair[:3]])} from {start} to {end}{close}"
    feel = feelings().talk[tale.beats[0].name if tale.beats else "calm"]
    return f"Let {_list([tale.names[who] for who in pair[:3]])} {feel}{close}" if close else ""
