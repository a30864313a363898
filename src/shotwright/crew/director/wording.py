"""Patterns and phrases for the words of a shot, chosen so that a scene never says the same thing twice."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from shotwright.craft.timing import plain, table
from shotwright.model.ids import digest

_SLOT = re.compile(r"\{(\w+)\}")
_TAIL = re.compile(r"(?:(?:,? and|;) \{clause\}\.|(\.”?) \{Clause\}\.)$")
_SENTENCES = re.compile(r"(?<=[.!?…])[\"”']?\s+")
_FUNCTION_START = frozenset({
    "a", "an", "the", "he", "she", "it", "they", "we", "his", "her", "their", "its", "this", "that", "these",
    "those", "there", "then", "now", "as", "at", "in", "on", "from", "with", "behind", "under", "over", "outside",
    "inside", "across", "around", "another", "one", "two", "three", "several", "some", "all", "both", "everyone",
    "everybody", "nobody", "neither", "suddenly", "slowly", "finally", "meanwhile", "beyond", "through", "between",
    "when", "while", "after", "before", "without", "silence",
})  # fmt: skip
MOST_LINE_WORDS = 11
MOST_DEED_WORDS = 20


@cache
def purposes() -> dict[str, dict[str, list[str]]]:
    """The purpose patterns by focus and kind."""
    raw: dict[str, dict[str, list[str]]] = tomllib.loads(_text("purposes.toml"))
    return raw


@cache
def bare_purposes() -> dict[str, dict[str, list[str]]]:
    """The purpose patterns without their tails, for shots of which the sentence already says what we learn.

    What would be left of some is the deed alone, which is no purpose: those are not among them.
    """
    bare: dict[str, dict[str, list[str]]] = {}
    for section, kinds in purposes().items():
        bare[section] = {}
        for kind, patterns in kinds.items():
            cut = [_TAIL.sub(lambda m: m.group(1) or ".", p) for p in patterns]
            bare[section][kind] = [c for c in dict.fromkeys(cut) if c not in ("{Deed}.", "{Deed}", "")]
    return bare


@cache
def performances() -> dict[str, dict[str, list[str]]]:
    """How parts are played, by what they do and the beat."""
    raw: dict[str, dict[str, list[str]]] = tomllib.loads(_text("performances.toml"))
    return raw


@cache
def roles() -> frozenset[str]:
    """Words for people who have no name of their own."""
    return frozenset(tomllib.loads(_text("acts.toml"))["roles"])


@cache
def _acts() -> tuple[tuple[str, re.Pattern[str]], ...]:
    raw: dict[str, Any] = tomllib.loads(_text("acts.toml"))
    return tuple((a["name"], re.compile(a["words"])) for a in raw["act"])


def _text(name: str) -> str:
    return files("shotwright.crew.director").joinpath(name).read_text("utf-8")


@lru_cache(maxsize=4096)
def act_of(text: str) -> str:
    """What a speech does: question, order, confession … `statement` when nothing tells."""
    sentences = [s.strip("\"“”'… -").lower().replace("’", "'") for s in _SENTENCES.split(text) if s.strip()]
    if not sentences:
        return "statement"
    ends = [sentences[-1], sentences[0]] if len(sentences) > 1 else sentences
    for name, pattern in _acts():
        if any(pattern.search(s) for s in ends) and (name != "story" or len(text.split()) >= 10):
            return name
    return "statement"


@lru_cache(maxsize=4096)
def key_line(text: str) -> str:
    """The few words of a speech that stand for it: its weightiest short sentence or clause, else its first words."""
    text = _unquoted(plain(text))
    clauses = [c.strip(" ,;:-–—") for c in re.split(r"(?<=[.!?…])\s+|(?<=[,;:])\s+|\s+(?:--|—)\s*", text)]
    fitting = [c for c in clauses if 3 <= len(c.split()) <= MOST_LINE_WORDS]
    if fitting:
        best = max(range(len(fitting)), key=lambda n: (_weight(fitting[n]), n))
        return _unjoined(fitting[best].rstrip(".,;"))
    text = _unjoined(text)
    words = text.split()
    if len(words) <= MOST_LINE_WORDS:
        return text.rstrip(".,;")
    cut = next((n for n in range(MOST_LINE_WORDS, 4, -1) if words[n].lower() in table().words["prepositions"]), 7)
    return " ".join(words[:cut]).rstrip(".,;:-") + "…"


def _unquoted(text: str) -> str:
    """Words without the quotation marks in and around them, as they stand in quotation marks of their own."""
    text = re.sub(r'[“”"«»„*]', "", text)
    return re.sub(r"(?<![\w’'])['‘](?=[A-Z])|(?<=[.,!?…])['’](?=\s|$)", "", text).strip()


def _balanced(text: str) -> str:
    """Double quotation marks as single ones, and no mark or bracket that a cut has left without its partner."""
    if text.count("(") > text.count(")"):
        text = text.rpartition("(")[0].rstrip(" ,;") or text.replace("(", "")
    count = len(re.findall(r'[“”"]', text))
    if count % 2:
        return re.sub(r'[“”"]', "", text)
    halves = iter("‘’" * (count // 2))
    return re.sub(r'[“”"]', lambda _: next(halves), text)


def _unjoined(clause: str) -> str:
    """A clause without the conjunction that joins it to the words before."""
    first, _, rest = clause.partition(" ")
    return rest if first.lower() in ("and", "but", "so", "because", "or") and len(rest.split()) >= 3 else clause


def _weight(clause: str) -> float:
    words = clause.lower().split()
    light = table().words["subjects"] | table().words["prepositions"] | table().words["openers"]
    heavy = sum(1 for w in words if w.strip(".,!?'") not in light and len(w) > 3)
    return heavy + (0.5 if clause.endswith(("?", "!")) else 0.0)


@lru_cache(maxsize=4096)
def deed_of(text: str) -> str:
    """A sentence of action without its stop, at most about twenty words, cut where a clause ends."""
    text = plain(text).replace("*", "").strip()
    trails = text.endswith(("...", "…", "--", "—"))
    text = text.rstrip(".…,:;!?-–— ")
    text = re.sub(r"^(?:--|—|\.\.\.|…|-)\s*", "", text)
    text = re.sub(r"^(?:But|And|Then|So),? (?=\S+ \S)", "", text)
    if text.count("(") > text.count(")"):
        text = text.rpartition("(")[0].rstrip()
    head = text.partition(";")[0].rstrip()
    if len(head.split()) >= 4:
        text = head
    words = text.split()
    if len(words) <= MOST_DEED_WORDS:
        unfinished = trails and words and words[-1].lower() in table().words["prepositions"] | {"the", "a", "is", "of"}
        return _balanced(text + "…" if unfinished else text)
    for n in range(min(len(words) - 1, MOST_DEED_WORDS), 5, -1):
        if words[n - 1].endswith((",", ";", ":", "--", "—")) or words[n] in (
            "and",
            "but",
            "as",
            "while",
            "where",
            "who",
        ):
            return _balanced(" ".join(words[:n]).rstrip(",;:-— "))
    return _balanced(" ".join(words[: MOST_DEED_WORDS - 4]).rstrip(",;:-— ") + "…")


def lowered(text: str) -> str:
    """The text with a small first letter, where the first word is no name."""
    first = text.split(" ", 1)[0]
    if first.lower().strip(",") in _FUNCTION_START and first[1:] == first[1:].lower():
        return text[:1].lower() + text[1:]
    return text


def raised(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


@lru_cache(maxsize=2048)
def _slots_of(pattern: str) -> tuple[str, ...]:
    return tuple(_SLOT.findall(pattern))


class Chooser:
    """Picks phrases by the shot's id, so that a choice stays where the shot stays, and passes over recent ones."""

    def __init__(self) -> None:
        self._recent: dict[str, list[str]] = {}

    def pick(self, topic: str, options: list[str], seed: str, slots: dict[str, str], again: int = 0) -> str | None:
        """One of the options whose slots can all be filled, unused of late; None when there is none."""
        usable = [o for o in options if all(slots.get(s) for s in _slots_of(o))]
        if not usable:
            return None
        recent = self._recent.setdefault(topic, [])
        fresh = [o for o in usable if o not in recent] or usable
        chosen = fresh[(int(digest(topic, seed, length=8), 16) + again) % len(fresh)]
        recent.append(chosen)
        del recent[: -max(1, min(len(options) - 2, 8))]
        return chosen


def fill(pattern: str, slots: dict[str, str]) -> str:
    """The pattern with its slots filled; a sentence never ends twice."""
    text = _SLOT.sub(lambda m: slots.get(m.group(1), ""), pattern)
    text = re.sub(r"([?!…])”([.,;:])", lambda m: f"{m.group(1)}”" + ("" if m.group(2) == "." else m.group(2)), text)
    text = re.sub(r"\s*(?:--+|—|–)\s*(?=[.,;:”]|$)", "…", text)
    text = re.sub(r"([?!…])[.,](?=[”\s]|$)(?:(?<=\.)|(?=”))", r"\1", text)
    text = text.replace("...", "…").replace("..", ".").replace(" ,", ",").replace(",.", ".").replace(",,", ",")
    text = re.sub(r"(\.”?) ([a-z])", lambda m: f"{m.group(1)} {m.group(2).upper()}", text)
    return raised(re.sub(r"\s+", " ", text).strip())


def fill_plain(text: str, slots: dict[str, str]) -> str:
    """Fill slots in a phrase without making a sentence of it."""
    for slot, value in slots.items():
        text = text.replace("{" + slot + "}", value)
    return text
