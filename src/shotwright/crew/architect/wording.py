"""Sentences about a scene: people by the names the script uses, action as clauses, speeches as short quotations."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shotwright.crew.architect.acting import is_held
from shotwright.crew.architect.introductions import capital_runs
from shotwright.crew.architect.lexicon import people, verbs
from shotwright.crew.architect.naming import display, plain, take_apart
from shotwright.crew.architect.sightings import FEMALE_PRONOUNS, MALE_PRONOUNS, Sentence

if TYPE_CHECKING:
    from shotwright.crew.architect.feeling import Scores
    from shotwright.model.ids import EntityId
    from shotwright.model.screenplay import Scene, Unit
    from shotwright.model.story import ActionNote, Beat, Character, SpeechNote, Thing
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
SENTENCES = re.compile(r"[^.!?…]+[.!?…]+[\"']?|[^.!?…]+$")
TURN_SAID = re.compile(
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
            return listed([tale.names.get(one, "") for one in who]) + text[4:]
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


def listed(names: list[str]) -> str:
    names = [name for name in dict.fromkeys(names) if name]
    if len(names) > 3:
        return f"{names[0]}, {names[1]} and the others"
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1] if names else "people"


def inside(text: str, tale: Tale) -> str:
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


def snip(text: str, limit: int = 12) -> str:
    """The most telling sentence of a speech, at most `limit` words."""
    parts = [part.strip() for part in SENTENCES.findall(plain(text)) if part.strip()] or [plain(text)]
    best = max(
        parts, key=lambda part: (bool(TURN_SAID.search(part)), part.endswith("?"), 3 <= len(part.split()) <= limit)
    )
    words = best.split()
    if len(words) > limit:
        best = " ".join(words[:limit]).rstrip(",;:-") + "…"
    return str(best).strip('"').rstrip(".,")


def full(text: str) -> str:
    text = text.strip()
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?", '."', '!"', '?"', "…")) else text + "."
