"""Character cues: their parts, and the judgement whether a capital line is one at all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from shotwright.screenplay.lexicon import lexicon
from shotwright.screenplay.markup import plain

_OPEN, _CLOSE = "(（", ")）"
_PREFIXED = re.compile(r"^(?:Mc|Mac|De|Des|Di|Du|La|Le|Van|Von|Fitz|O['’]|Ma?c|St)(?=[A-ZÀ-Þ])")
_ORDINAL = re.compile(r"^\d+(?:st|nd|rd|th|er|e|º|ª)$")
_POSSESSIVE = re.compile(r"['’]s$")
_CASELESS_STOP = re.compile(r"[。、！？!?.,;；「」『』…]")
_LIST_MARK = re.compile(r"^(?:[-–—•·]|\*\s|\.\.|…|[\"“”«‘(（])")
_VOICE = re.compile(r"\b(?:VOICE|VOICES|MAN|WOMAN|BOY|GIRL|GUY|COP|GUARD|KID)S?$")


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue taken apart: the name, what stood in parentheses after it (several joined by `, `), and the dual mark."""

    name: str
    extension: str | None
    dual: bool


def enclosed(text: str) -> bool:
    """True when one pair of parentheses, half or full width, holds the whole text."""
    if len(text) < 2 or text[0] not in _OPEN or text[-1] not in _CLOSE:
        return False
    depth = 0
    for at, char in enumerate(text):
        depth += (char in _OPEN) - (char in _CLOSE)
        if depth == 0:
            return at == len(text) - 1
    return False


def _last_group(text: str) -> int:
    """Where the parenthesis that the text's last character closes opens, or -1."""
    depth = 0
    for at in range(len(text) - 1, -1, -1):
        depth += (text[at] in _CLOSE) - (text[at] in _OPEN)
        if depth == 0:
            return at
    return -1


@lru_cache(maxsize=4096)
def parse_cue(line: str) -> Cue:
    """`EDWARD (V.O.)(CONT’D) ^` -> name `EDWARD`, extension `V.O., CONT’D`, dual. Judges nothing."""
    text = line.strip().removeprefix("@").strip()
    dual = text.endswith("^")
    text = plain(text.rstrip("^ \t")).strip()
    groups: list[str] = []
    while text and text[-1] in _CLOSE and (at := _last_group(text)) > 0:
        groups.append(text[at + 1 : -1].strip())
        text = text[:at].rstrip()
    at = max(text.rfind("("), text.rfind("（"))
    if at > 0 and not any(char in _CLOSE for char in text[at:]):
        groups.append(text[at + 1 :].strip())
        text = text[:at].rstrip()
    text = text.rstrip(":： \t")
    while (bare := lexicon().extension.search(text)) is not None:
        groups.append(bare.group(1))
        text = text[: bare.start()].rstrip()
    if groups:
        text = text.rstrip(",、 ")
    return Cue(text, ", ".join(group for group in reversed(groups) if group) or None, dual)


def in_capitals(text: str) -> bool:
    """True of a name in capitals, or in a script without case. `McCABE`, `1st GUARD` and `ANN and BOB` count."""
    if text == text.upper():
        return any(char.isalpha() for char in text)
    words = text.split()
    capitals = 0
    for place, word in enumerate(words):
        bare = _POSSESSIVE.sub("", _PREFIXED.sub("", word.strip(".,&/")))
        if bare == bare.upper():
            capitals += any(char.isalpha() for char in bare)
        elif not (_ORDINAL.match(bare) or (place and bare in lexicon().cue_small)):
            return False
    return capitals > 0


def _caseless(text: str) -> bool:
    return any(char.isalpha() and char.upper() == char.lower() for char in text)


@lru_cache(maxsize=4096)
def cue_shaped(line: str) -> bool:
    """True of a line that has the shape of a cue, whatever stands around it."""
    if len(line) > 400 or _LIST_MARK.match(line):
        return False
    cue = parse_cue(line)
    name = cue.name
    if not name or not in_capitals(name):
        return False
    if _caseless(name):
        return len(name) <= 30 and len(name.split()) <= 4 and not _CASELESS_STOP.search(name)
    if name[-1] in "!?,;…-–—":
        return False
    return not (name.endswith(".") and not _stop_is_short(name))


def _stop_is_short(name: str) -> bool:
    """True when the final stop belongs to an abbreviation or an initial: `BOB JR.`, `MR. T.`, `J.J.`"""
    last = name.split()[-1]
    return last in lexicon().cue_abbreviations or re.fullmatch(r"(?:\w\.)+", last) is not None


def framing(line: str) -> bool:
    """True of a capital line of pure direction by its own words: `ANGLE ON THE DOOR`, `LATER`, `SNIPER SCOPE POV`."""
    words = lexicon()
    text = line.strip().rstrip(" .:…-–—").strip()
    if text in words.direction_whole:
        return True
    lead = words.direction_lead.match(line)
    if not (lead or text.endswith(words.direction_ends)):
        return False
    rest = line[lead.end() :] if lead else line
    if any(mark in rest for mark in ('"', "“", "!", "?")):
        return False
    tokens = re.findall(r"[\w'’.]+", rest)
    if line.startswith(("MONTAGE", "SERIES", "INTERCUT", "BEGIN", "START", "END", "A MONTAGE", "FLASHBACK", "DREAM")):
        return len(tokens) <= 14
    if lead is None and len(tokens) > 6:
        return False
    return len(tokens) <= 8 and "," not in rest and words.content.isdisjoint(tokens)


def names_a_place(line: str) -> bool:
    """True of a capital line that says where we are within the set: `THE EMPTY LOT`, `AT THE CAR`, `BACKSTAGE`."""
    words = lexicon()
    text = line.strip().rstrip(" .:-–—").strip()
    tokens = text.split()
    if text in words.place_whole:
        return True
    if len(tokens) > 6 or "," in text or '"' in text or not tokens:
        return False
    if words.place_preposition.match(text):
        return not _VOICE.search(text)
    return tokens[-1] in words.place_nouns


def is_cue(line: str, block: list[str], seen: dict[str, int]) -> bool:
    """Whether a capital line with a blank before and text after is a cue, judged by its words and its block.

    `block` is the text that follows without a blank; `seen` counts the names of all lines of this shape in the file.
    Where other evidence is missing a capital line is a cue, as the format says; direction, signs and captions are not.
    """
    if not cue_shaped(line):
        return False
    cue = parse_cue(line)
    name = cue.name
    if cue.extension and seen.get(name, 0) > 1:
        return True
    words = lexicon()
    if framing(name) or framing(line.strip()) or name in words.transitions:
        return False
    if (found := words.filmed.match(name)) is not None:
        rest = name[found.end() :].strip()
        if not rest or rest[0] in ":-–—\"“'":
            return False
    if cue.extension:
        return True
    if seen.get(name, 0) > 1:
        return True
    tokens = name.split()
    located = words.place_preposition.match(name) is not None or tokens[0] in words.determiners
    if (located or name in words.place_whole) and names_a_place(name):
        return False
    unsaid = all(text == text.upper() and not text.rstrip().endswith((".", "!", "?", "…", "-")) for text in block)
    return _caseless(name) or not unsaid
