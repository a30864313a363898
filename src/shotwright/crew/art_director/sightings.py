"""What a sentence of action calls for besides its people and props: effects and extras; and words for states."""

from __future__ import annotations

import re
from functools import lru_cache

from shotwright.crew.art_director.lexicon import lexicon

_QUOTED = re.compile(r"[\"“«][^\"”»]*[\"”»]")
_SIMILE = re.compile(r"\b(?:like|as if|as though|as \w+ as)\b[^.;,!?]*", re.IGNORECASE)
_DENIED = re.compile(r"\b(?:no|without|never any|not a)\s+(?:\w+\s+)?$", re.IGNORECASE)
_NOT_PICTURE = re.compile(r"^(?:SUPER|TITLE|SUPERIMPOSE|CHYRON)\b", re.IGNORECASE)


@lru_cache(maxsize=32768)
def literal(text: str) -> str:
    """A sentence without what is only quoted or compared: those are not on the set."""
    if _NOT_PICTURE.match(text):
        return ""
    return _SIMILE.sub(" ", _QUOTED.sub(" ", text))


@lru_cache(maxsize=32768)
def effects_in(text: str) -> tuple[str, ...]:
    """Names of the effects that a sentence shows, in the lexicon's order."""
    words = lexicon()
    plain = literal(text)
    if not words.effects_found.search(plain):
        return ()
    found: list[str] = []
    for effect in words.effects:
        seen = effect.found.search(plain)
        if seen is None or _DENIED.search(plain[: seen.start()]):
            continue
        if effect.unmade is not None and effect.unmade.search(text):
            continue
        found.append(effect.name)
    return tuple(found)


@lru_cache(maxsize=32768)
def extras_in(text: str) -> tuple[str, ...]:
    """Names of the background that a sentence shows."""
    words = lexicon()
    plain = literal(text)
    found: dict[str, None] = {}
    for seen in words.background_found.finditer(plain):
        if not _DENIED.search(plain[: seen.start()]):
            found[words.background[seen[0].lower()]] = None
    return tuple(found)


def sign_of(kind: str, name: str, text: str) -> str:
    """The word of a sentence that shows the effect or the extras of that name; empty when none does."""
    words = lexicon()
    if kind == "background":
        found = next(
            (m for m in words.background_found.finditer(literal(text)) if words.background[m[0].lower()] == name), None
        )
        return found[0] if found is not None else ""
    if name not in effects_in(text):
        return ""
    seen = next(effect.found.search(literal(text)) for effect in words.effects if effect.name == name)
    return seen[0] if seen is not None else ""


def garment_head(word: str) -> str:
    """The first noun of the word's group of garments, empty when it is no garment."""
    groups = lexicon().garment_group
    return groups.get(word) or groups.get(word + "s") or ""


def weather_names() -> frozenset[str]:
    """Effects that hold for a whole scene outdoors."""
    return frozenset(effect.name for effect in lexicon().effects if effect.weather)


@lru_cache(maxsize=4096)
def makeup_of(condition: str) -> str:
    """The make-up that a state calls for: `soaked` -> `wet`; a state that the lexicon lacks keeps its own name."""
    table = lexicon().makeup
    low = condition.lower().strip()
    if low in table:
        return table[low]
    for word in low.replace(",", " ").split():
        if word in table:
            return table[word]
    return low
