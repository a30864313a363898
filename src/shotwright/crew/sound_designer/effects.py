"""Hard effects and foley that a sentence of action makes, the script's own capitalised sounds first."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shotwright.crew.sound_designer.lexicon import Effects, Rule, SoundWord, effects

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shotwright.model.story import ActionNote
    from shotwright.model.vocabulary import SoundCategory

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|[.;:!?,]")
_QUOTED = re.compile(r"[\"“«][^\"”»]*[\"”»]")
_SIMILE = re.compile(r"\b(?:like|as if|as though)\b[^.;!?]*", re.IGNORECASE)
_SOUND_OF = re.compile(
    r"\b(?:sounds? of|hears?|hearing|we hear)\s+(?:the |a |an |his |her |their )?([^.,;:!?]{3,48})", re.IGNORECASE
)
_NOT_ACTION = re.compile(
    r"^(?:SUPER|TITLE|CHYRON|CUT TO|INSERT|CLOSE ON|ANGLE ON|BACK TO|INTERCUT|END |MONTAGE|SERIES OF|FADE|DISSOLVE)\b"
)
_AFTER_COLON_SIGN = re.compile(r":\s+[A-Z][A-Z .,'’&!-]*$")
_PRONOUNS = frozenset(
    ("he", "she", "they", "we", "who", "everyone", "someone", "somebody", "all", "both", "man", "woman", "boy", "girl",
     "men", "women", "kids", "people")
)  # fmt: skip
_LINKS = frozenset(("and", "or", "then", "also", "still", "just", "now", "suddenly", "slowly", "quickly"))
_SKIPPED = frozenset(("her", "his", "their", "its", "the", "a", "an", "of", "to", "on", "in", "at", "with", "and"))
_LOUD = re.compile(r"(?:([A-Z])\1{2,}|^(?:BR|KA|THW|CH|WH|SK|TH|CL|CR)[A-Z]*(?:NG|CK|SH|MP|CH|P|M|NK)$)")


@dataclass(frozen=True, slots=True)
class Heard:
    """A sound in a sentence: `at` is how far into the sentence it comes, 0-1."""

    name: str
    category: SoundCategory
    source: str
    seconds: float
    at: float
    from_script: bool
    words: str


@dataclass(frozen=True, slots=True)
class Names:
    """Words of a scene's people and things, lower case, so that a name in capitals is not taken for a sound."""

    people: Mapping[str, str]
    """A word of a name -> the character's id."""
    things: Mapping[str, str]
    """The head word of a thing's name -> its id."""


def sounds_in(
    text: str, note: ActionNote | None, names: Names, surface: str, vehicle: bool, it: str = ""
) -> list[Heard]:
    """Everything that a sentence makes audible, in order of coming. `it` is the thing that a pronoun would mean."""
    if _NOT_ACTION.match(text):
        head, colon, rest = text.partition(":")
        if not colon or head.startswith(("SUPER", "TITLE", "CHYRON")):
            return []
        text = rest.strip()
    table = effects()
    masked = _mask(_QUOTED, text) if '"' in text or "“" in text or "«" in text else text
    if ":" in masked:
        masked = _mask(_AFTER_COLON_SIGN, masked)
    folded = masked.casefold()
    plain = _mask(table.figures, _mask(_SIMILE, masked) if "like" in folded or "as " in folded else masked)
    raw = [(m[0], m.start()) for m in _WORD.finditer(masked)]
    length = max(len(text), 1)
    found = _written(raw, length, names, it, table)
    low = [(m[0].lower().replace("’", "'"), m.start()) for m in _WORD.finditer(plain)]
    taken = {heard.words.lower() for heard in found}
    for index, (word, start) in enumerate(low):
        if word in taken:
            continue
        heard = _from_deed(index, low, start / length, note, names, surface, vehicle, table)
        if heard is not None and all(heard.name != other.name for other in found):
            found.append(heard)
    heard_of = _SOUND_OF.search(masked) if not found and ("sound" in folded or "hear" in folded) else None
    if heard_of is not None:
        phrase = heard_of[1].strip().lower()
        words = re.split(r"\b(?:as|that|which|when|while|and|from|of a)\b", phrase)[0].split()
        if words and ("sound" in heard_of[0].lower() or any(word in table.sounds for word in words)):
            name = " ".join(words[:5])
            found.append(Heard(name, "SFX", name, 1.5, heard_of.start() / length, True, heard_of[0]))
    if note is not None:
        found.extend(_handled(note, found, low))
    found.sort(key=lambda heard: heard.at)
    return found


def _handled(note: ActionNote, found: list[Heard], low: list[tuple[str, int]]) -> list[Heard]:
    """Foley of what hands do with props, and vehicles that cross, where no louder sound stands for it."""
    heard = {sound.source for sound in found}
    made: list[Heard] = []
    for pairs, done in ((note.takes, "picked up"), (note.drops, "handled")):
        for who, prop in pairs:
            name = prop.partition("/")[2].replace("_", " ")
            if prop not in heard and not any(name.split()[-1] in sound.name for sound in found):
                heard.add(prop)
                made.append(Heard(f"{name} {done}", "FLY", prop, 0.5, 0.4, False, f"{who} {done}"))
    within = bool(low) and low[0][0] in ("inside", "in", "aboard", "on")
    for thing in note.things if note.travel and not within else ():
        if thing.startswith("vehicle/") and thing not in heard and not note.actors:
            name = thing.partition("/")[2].replace("_", " ")
            made.append(Heard(f"{name} passing", "SFX", thing, 2.5, 0.2, False, "it moves"))
    return made[:2]


def _mask(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda m: " " * len(m[0]), text)


def _is_capitals(word: str) -> bool:
    return len(word) > 1 and word.isupper()


def _written(raw: list[tuple[str, int]], length: int, names: Names, it: str, table: Effects) -> list[Heard]:
    """The capitalised sounds: a run of capitals with a word for a sound in it, named by who or what makes it."""
    if all(_is_capitals(word) or not word[0].isalpha() for word, _ in raw):
        return []
    found: list[Heard] = []
    for index, (word, start) in enumerate(raw):
        if not _is_capitals(word):
            continue
        low = word.lower()
        sound = table.sounds.get(low)
        if sound is None and "-" in low:
            sound = table.sounds.get(low.split("-")[0])
        if sound is None:
            if not _LOUD.search(word) or low in names.people or low in names.things or len(word) < 4:
                continue
            found.append(Heard(low, "SFX", low, 1.0, start / length, True, word))
            continue
        if low in names.people or (low in table.not_bare and not _is_deed(index, raw)):
            continue
        if (
            sound.noun_already
            and index + 1 < len(raw)
            and _is_capitals(raw[index + 1][0])
            and raw[index + 1][0].lower() in table.sounds
        ):
            continue
        if _denied(index, raw, table) or any(low in other.name.split() for other in found):
            continue
        subject, source = _subject(index, raw, names, table)
        if not subject and not source and index and raw[index - 1][0].lower() in ("it", "which", "that") and it:
            subject, source = it.partition("/")[2].replace("_", " "), it
        if (source.startswith("character/") or subject == "voice") and sound.noun in table.never_of_people:
            continue
        name = _call(sound, subject, source, index, raw)
        if all(name != other.name for other in found):
            made_by = source or (sound.noun if sound.noun_already else subject or sound.noun)
            found.append(Heard(name, "SFX", made_by, sound.seconds, start / length, True, word))
    return found


def _call(sound: SoundWord, subject: str, source: str, index: int, raw: list[tuple[str, int]]) -> str:
    """What a written sound is called: `bus roar`, `doorbell ring`, `knock on glass`, `Gwen's laugh`."""
    somebody = source.startswith("character/")
    thing = _object(index, raw) if sound.noun == "ring" else ""
    if thing:
        return f"{thing} ring"
    struck = _struck(index, raw) if sound.noun in ("knock", "bang", "tap", "pound", "thump") else ""
    if struck and (somebody or not subject):
        return f"{sound.noun} on {struck}"
    if sound.vocal and somebody and subject:
        return f"{subject}'s {sound.noun}"
    if (
        somebody
        or (sound.vocal and source.startswith("prop/"))
        or sound.noun in ("gunshot", "explosion")
        or subject == sound.noun
    ):
        return sound.noun
    return f"{subject} {sound.noun}".strip()


def _is_deed(index: int, raw: list[tuple[str, int]]) -> bool:
    """A doubtful word counts as a deed when something before it does it and it has a verb's ending."""
    word = raw[index][0].lower()
    return (
        index > 0
        and raw[index - 1][0][0].isalpha()
        and not _is_capitals(raw[index - 1][0])
        and word.endswith(("s", "ing", "ed"))
        and raw[index - 1][0].lower() not in _SKIPPED
    )


def _denied(index: int, words: list[tuple[str, int]], table: Effects) -> bool:
    for word, _ in reversed(words[max(0, index - 3) : index]):
        if not word[0].isalnum():
            return False
        if word.lower().replace("’", "'") in table.negations:
            return True
    return False


def _subject(index: int, raw: list[tuple[str, int]], names: Names, table: Effects) -> tuple[str, str]:
    """(name, source) of what makes the sound: the word just before it, else the clause's own subject."""
    start = index
    while start > 0 and raw[start - 1][0] not in ".;:!?":
        start -= 1
    clause = [(word, word.lower().replace("’", "'").removesuffix("'s")) for word, _ in raw[start:index]]
    if clause and clause[-1][1] in table.prepositions | table.determiners:
        seen = next((low for _, low in reversed(clause) if low in names.things), "")
        if seen:
            return seen, names.things[seen]
        gives = next((at for at, (_, low) in enumerate(clause) if low in table.giving), 0)
        maker = clause[gives - 1][1] if gives else ""
        return (maker, "") if maker and maker not in _PRONOUNS | _SKIPPED and maker not in names.people else ("", "")
    linked = bool(clause) and (clause[-1][1] in _LINKS or clause[-1][0] == ",")
    for word, low in reversed(clause):
        if low in names.people and not linked:
            return _named(word), names.people[low]
        if low in names.things:
            return low, names.things[low]
        if word == "," or low in _LINKS:
            linked = True
        elif not linked and low not in _SKIPPED and low not in table.not_makers:
            if low in ("he", "she", "they", "who"):
                return "", ""
            plain = not _is_capitals(word) or table.sounds.get(low, None) is not None
            return (low, "") if plain and not low.endswith(("ly", "ing", "ed")) else ("", "")
    for word, low in clause:
        if low in names.people:
            return _named(word), names.people[low]
        if low in ("he", "she", "they", "it", "we"):
            return "", ""
        if low not in _SKIPPED | _LINKS and low not in table.not_makers and not _is_capitals(word) and word != ",":
            return (low, "") if len(low) > 2 and linked else ("", "")
    return "", ""


def _named(word: str) -> str:
    """A name as a cue sheet has it: capitals are the script's emphasis, a small letter marks a common noun."""
    bare = re.sub(r"['’][sS]$", "", word)
    return bare.title() if bare.isupper() else bare


def _struck(index: int, raw: list[tuple[str, int]]) -> str:
    """What is knocked on: the noun after `on the`."""
    words = [word.lower() for word, _ in raw[index + 1 : index + 4]]
    if len(words) > 1 and words[0] in ("on", "at", "against"):
        return next((word for word in words[1:] if word not in _SKIPPED and word[0].isalpha()), "")
    return ""


def _object(index: int, raw: list[tuple[str, int]]) -> str:
    """The noun in capitals after the verb: RINGS THE DOORBELL."""
    for word, _ in raw[index + 1 : index + 4]:
        if not _is_capitals(word):
            return ""
        if word.lower() not in _SKIPPED:
            return word.lower()
    return ""


def _from_deed(
    index: int,
    low: list[tuple[str, int]],
    at: float,
    note: ActionNote | None,
    names: Names,
    surface: str,
    vehicle: bool,
    table: Effects,
) -> Heard | None:
    word = low[index][0]
    rule = table.by_noun.get(word)
    if rule is not None:
        return (
            None
            if _denied(index, low, table)
            else Heard(rule.sound, rule.category, word, rule.seconds, at, False, word)
        )
    for rule in table.by_verb.get(word, ()):
        noun = _noun_near(rule, index, low, table)
        if (rule.nouns and not noun) or (
            rule.after and not any(w in rule.after for w, _ in low[index + 1 : index + 6])
        ):
            continue
        previous = low[index - 1][0] if index else ""
        if previous in table.determiners or _denied(index, low, table):
            return None
        doer = _doer(index, low, names, note)
        if rule.who and not doer:
            continue
        if rule.feet and vehicle:
            continue
        if (
            rule.nouns
            and not rule.before
            and not doer
            and not _begins_clause(index, low)
            and not _is_doer(noun, index, low)
        ):
            continue
        name = rule.sound.replace("{noun}", noun).replace("{surface}", surface)
        source = (
            names.things.get(noun, "")
            or (doer if doer.startswith("character/") and rule.category == "FLY" else "")
            or noun
            or doer
            or word
        )
        return Heard(name, rule.category, source, rule.seconds, at, False, word)
    return None


def _noun_near(rule: Rule, index: int, low: list[tuple[str, int]], table: Effects) -> str:
    """A noun of the rule near the verb: after it up to the clause's end, or before it."""
    if not rule.nouns:
        return ""
    if not rule.before:
        for word, _ in low[index + 1 : index + 9]:
            if word in ".;:!?" or (rule.direct and word in table.prepositions):
                break
            if word in rule.nouns or word.removesuffix("s") in rule.nouns:
                return word if word in rule.nouns else word.removesuffix("s")
        if rule.direct or not low[index][0].endswith(("s", "ing")):
            return ""
    for word, _ in reversed(low[max(0, index - 5) : index]):
        if word in ".;:!?":
            break
        if word in rule.nouns or word.removesuffix("s") in rule.nouns:
            return word
    return ""


def _doer(index: int, low: list[tuple[str, int]], names: Names, note: ActionNote | None) -> str:
    """Who does it: a name or pronoun before the verb in its clause; the note says whom a pronoun means."""
    for word, _ in reversed(low[max(0, index - 9) : index]):
        if word in ".;:!?":
            break
        bare = word.removesuffix("'s")
        if bare in names.people and bare == word:
            return names.people[bare]
        if word in names.things and word not in _PRONOUNS:
            return ""
        if word in _PRONOUNS:
            return note.actors[0] if note is not None and note.actors else word
    if index == 0 and note is not None and note.actors:
        return note.actors[0]
    return ""


def _begins_clause(index: int, low: list[tuple[str, int]]) -> bool:
    return index == 0 or low[index - 1][0] in ".;:!?,and"


def _is_doer(noun: str, index: int, low: list[tuple[str, int]]) -> bool:
    return any(word == noun or word.removesuffix("s") == noun for word, _ in low[max(0, index - 4) : index])
