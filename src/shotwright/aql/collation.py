"""The order of text in AQL, near to that of ArangoDB, which asks ICU with the language en_US.

Two texts are compared level by level, and the next level counts only when the whole of both is alike on the one before:

1. base characters, without case and accents: blanks < punctuation < symbols < currency < digits < letters. Within the
   signs of `collation.toml` that is the CLDR root order (`_ - , ; : ! ? . ' " ( ) [ ] { } @ * / \\ & # %` and so on,
   digits by value, a to z); a sign not in that list comes after those that are, by code point, and other letters come
   after Latin by code point, which keeps Greek < Cyrillic < Hebrew < Arabic < kana < Han.
2. accents, in the order of the list; the text without the accent first;
3. case: upper before lower, as the server sets its collator;
4. code points.

Control characters other than blanks count only on the last level. Where this differs from ICU: contractions and the
finer variants (width, superscripts, ligatures) of other scripts, signs that the list leaves out, and the order among
rare marks. A server run with another `--default-language`, or with the POSIX locale, orders text in another way
altogether.
"""

from __future__ import annotations

import tomllib
import unicodedata
from functools import cache, lru_cache
from importlib import resources
from typing import Any

TextKey = tuple[str, str, str, str]

_SIGN, _OTHER_SIGN, _DIGIT, _LATIN, _OTHER_LETTER = 0x10, 0x7E, 0x80, 0x90, 0xD0
"""Where each kind begins on the first level. The two others are followed by the code point itself, so that the keys of
most texts take a byte a character."""
_SHORT = 64
"""Longer texts are not kept: their keys take room."""


@cache
def _table() -> dict[str, Any]:
    text = resources.files("shotwright.aql").joinpath("collation.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def _weights() -> dict[str, str]:
    """Base character in lower case -> its place on the first level."""
    table = _table()
    weights = {sign: chr(_SIGN + place) for place, sign in enumerate(table["signs"])}
    weights |= {str(digit): chr(_DIGIT + digit) for digit in range(10)}
    weights |= {chr(ord("a") + place): chr(_LATIN + 2 * place) for place in range(26)}
    for letter, before in table["after"].items():
        weights[letter] = chr(ord(weights[before]) + 1)
    return weights


@cache
def _marks() -> dict[str, str]:
    return {mark: chr(2 + place) for place, mark in enumerate(_table()["marks"])}


@cache
def _ascii_tables() -> tuple[dict[int, str | None], dict[int, str | None]]:
    """For `str.translate`: the first level and the case level of ASCII characters."""
    weights = _weights()
    base: dict[int, str | None] = {}
    case: dict[int, str | None] = {}
    for code in range(128):
        weight = weights.get(chr(code).lower())
        base[code] = weight
        case[code] = None if weight is None else ("0" if chr(code).isupper() else "1")
    return base, case


def text_key(text: str) -> TextKey:
    """A key that sorts texts as this module says; four strings, one a level."""
    return _kept_key(text) if len(text) <= _SHORT else _key(text)


@lru_cache(maxsize=1 << 16)
def _kept_key(text: str) -> TextKey:
    return _key(text)


def _key(text: str) -> TextKey:
    if text.isascii():
        base, case = _ascii_tables()
        primary = text.translate(base)
        return primary, "\x01" * len(primary), text.translate(case), text
    return _unicode_key(text)


def _unicode_key(text: str) -> TextKey:
    weights, marks, letters = _weights(), _marks(), _table()["letters"]
    first: list[str] = []
    second: list[str] = []
    third: list[str] = []
    for whole in unicodedata.normalize("NFD", text):
        case = "0" if whole.isupper() else "1"
        lower = whole.lower()
        for character in letters.get(lower, lower):
            if unicodedata.combining(character):
                second.append(marks.get(character, chr(_OTHER_SIGN) + character))
                continue
            weight = weights.get(character)
            if weight is None:
                weight = _other_weight(character)
            if weight:
                first.append(weight)
                second.append("\x01")
                third.append(case)
    return "".join(first), "".join(second), "".join(third), text


def _other_weight(character: str) -> str:
    category = unicodedata.category(character)
    if category in {"Cc", "Cf", "Cs", "Mn", "Me"}:
        return ""
    if category == "Nd":
        return chr(_DIGIT + unicodedata.decimal(character))
    return chr(_OTHER_LETTER if category[0] in "LNM" else _OTHER_SIGN) + character
