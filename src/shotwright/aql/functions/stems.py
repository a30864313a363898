"""Stems of English and German words, by the Snowball algorithms (Porter 2 and the German one)."""

from __future__ import annotations

import tomllib
from functools import cache, lru_cache
from importlib import resources
from typing import Any

_VOWELS = frozenset("aeiouy")
_GERMAN_VOWELS = frozenset("aeiouyäöü")
_DOUBLES = ("bb", "dd", "ff", "gg", "mm", "nn", "pp", "rr", "tt")


@cache
def _table() -> dict[str, Any]:
    text = resources.files("shotwright.aql.functions").joinpath("stems.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _region(word: str, start: int, vowels: frozenset[str]) -> int:
    """Where the part after the first consonant that follows a vowel begins, from `start` on."""
    for at in range(start + 1, len(word)):
        if word[at] not in vowels and word[at - 1] in vowels:
            return at + 1
    return len(word)


@lru_cache(maxsize=4096)
def stem_english(word: str) -> str:
    table = _table()["english"]
    if len(word) <= 2:
        return word
    if word in table["exceptions"]:
        stem: str = table["exceptions"][word]
        return stem
    word = _mark_consonants(word.removeprefix("'"))
    beginning = next((one for one in table["beginnings"] if word.startswith(one)), None)
    first = len(beginning) if beginning else _region(word, 0, _VOWELS)
    second = _region(word, first, _VOWELS)
    for ending in ("'s'", "'s", "'"):
        if word.endswith(ending):
            word = word.removesuffix(ending)
            break
    word = _plural(word)
    if word in table["settled"]:
        return word
    word = _past(word, first)
    if len(word) > 2 and word[-1] in "yY" and word[-2] not in _VOWELS:
        word = word[:-1] + "i"
    word = _replace(word, table["second"], first, second)
    word = _replace(word, table["third"], first, second)
    word = _drop(word, table["fourth"], second)
    return _finish(word, first, second).replace("Y", "y")


def _mark_consonants(word: str) -> str:
    """With a Y for the y at the start and after vowels, where it is a consonant."""
    letters = list(word)
    for at, letter in enumerate(letters):
        if letter == "y" and (at == 0 or letters[at - 1] in _VOWELS):
            letters[at] = "Y"
    return "".join(letters)


def _has_vowel(part: str) -> bool:
    return any(letter in _VOWELS for letter in part)


def _plural(word: str) -> str:
    if word.endswith("sses"):
        return word[:-2]
    if word.endswith(("ied", "ies")):
        return word[:-2] if len(word) > 4 else word[:-1]
    if word.endswith(("us", "ss")) or not word.endswith("s"):
        return word
    return word[:-1] if _has_vowel(word[:-2]) else word


def _past(word: str, first: int) -> str:
    for ending in ("eedly", "eed"):
        if word.endswith(ending):
            at = len(word) - len(ending)
            return word[:at] + "ee" if at >= first else word
    ending = next((one for one in ("ingly", "edly", "ing", "ed") if word.endswith(one)), "")
    stem = word.removesuffix(ending)
    if not ending or not _has_vowel(stem):
        return word
    if stem.endswith(("at", "bl", "iz")):
        return stem + "e"
    if stem.endswith(_DOUBLES):
        return stem[:-1]
    return stem + "e" if first >= len(stem) and _ends_short(stem) else stem


def _ends_short(word: str) -> bool:
    """In a short syllable: a vowel between consonants of which the last is no w, x or Y, or a word of vowel,
    consonant."""
    if len(word) == 2:
        return word[0] in _VOWELS and word[1] not in _VOWELS
    if len(word) < 2:
        return False
    return word[-1] not in _VOWELS and word[-1] not in "wxY" and word[-2] in _VOWELS and word[-3] not in _VOWELS


def _replace(word: str, endings: list[list[str]], first: int, second: int) -> str:
    for ending, replacement in endings:
        if not word.endswith(ending):
            continue
        at = len(word) - len(ending)
        allowed = at >= first
        if ending == "ogi":
            allowed &= word[:at].endswith("l")
        elif ending == "li":
            allowed &= word[at - 1 : at] in set("cdeghkmnrt")
        elif ending == "ative":
            allowed &= at >= second
        return word[:at] + replacement if allowed else word
    return word


def _drop(word: str, endings: list[str], second: int) -> str:
    for ending in endings:
        if word.endswith(ending):
            at = len(word) - len(ending)
            allowed = at >= second and (ending != "ion" or word[:at].endswith(("s", "t")))
            return word[:at] if allowed else word
    return word


def _finish(word: str, first: int, second: int) -> str:
    at = len(word) - 1
    if word.endswith("e") and (at >= second or (at >= first and not _ends_short(word[:-1]))):
        return word[:-1]
    if word.endswith("ll") and at >= second:
        return word[:-1]
    return word


@lru_cache(maxsize=4096)
def stem_german(word: str) -> str:
    table = _table()["german"]
    letters = list(word.replace("ß", "ss"))
    for at in range(1, len(letters) - 1):
        if letters[at] in "uy" and letters[at - 1] in _GERMAN_VOWELS and letters[at + 1] in _GERMAN_VOWELS:
            letters[at] = letters[at].upper()
    word = "".join(letters)
    start = _region(word, 0, _GERMAN_VOWELS)
    second = _region(word, start, _GERMAN_VOWELS)
    first = max(start, 3)
    word = _german_first(word, table["first"], first)
    word = _german_second(word, table["second"], first)
    word = _german_third(word, table["third"], first, second)
    return word.lower().translate(str.maketrans("äöü", "aou"))


def _german_first(word: str, endings: list[str], first: int) -> str:
    ending = next((one for one in endings if word.endswith(one)), "")
    at = len(word) - len(ending)
    if not ending or at < first or (ending == "s" and word[at - 1 : at] not in set("bdfghklmnrt")):
        return word
    stem = word[:at]
    return stem[:-1] if ending in {"e", "en", "es"} and stem.endswith("niss") else stem


def _german_second(word: str, endings: list[str], first: int) -> str:
    ending = next((one for one in endings if word.endswith(one)), "")
    at = len(word) - len(ending)
    if not ending or at < first or (ending == "st" and (at < 4 or word[at - 1] not in "bdfghklmnt")):
        return word
    return word[:at]


def _german_third(word: str, endings: list[str], first: int, second: int) -> str:
    ending = next((one for one in endings if word.endswith(one)), "")
    stem = word.removesuffix(ending)
    if not ending or len(stem) < second:
        return word
    if ending in {"end", "ung"}:
        if stem.endswith("ig") and not stem.endswith("eig") and len(stem) - 2 >= second:
            return stem[:-2]
    elif ending in {"ig", "ik", "isch"}:
        return word if stem.endswith("e") else stem
    elif ending in {"lich", "heit"}:
        if stem.endswith(("er", "en")) and len(stem) - 2 >= first:
            return stem[:-2]
    else:
        for more in ("lich", "ig"):
            if stem.endswith(more) and len(stem) - len(more) >= second:
                return stem.removesuffix(more)
    return stem
