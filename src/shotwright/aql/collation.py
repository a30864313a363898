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

_FIRST_SIGN = 0x10
_OTHER_SIGN = 0x1000
"""Signs outside the list: this plus the code point, squeezed below the digits."""
_DIGIT = 0x40000
_LATIN = 0x50000
_OTHER_LETTER = 0x60000
_LAST = 0x10FFFF


@cache
def _table() -> dict[str, Any]:
    text = resources.files("shotwright.aql").joinpath("collation.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def _weights() -> dict[str, int]:
    """Base character in lower case -> its place on the first level."""
    table = _table()
    weights = {sign: _FIRST_SIGN + place for place, sign in enumerate(table["signs"])}
    weights |= {str(digit): _DIGIT + digit for digit in range(10)}
    weights |= {chr(ord("a") + place): _LATIN + 4 * place for place in range(26)}
    for letter, before in table["after"].items():
        weights[letter] = weights[before] + 2
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
        base[code] = None if weight is None else chr(weight)
        case[code] = None if weight is None else ("0" if chr(code).isupper() else "1")
    return base, case


@lru_cache(maxsize=1 << 16)
def text_key(text: str) -> TextKey:
    """A key that sorts texts as this module says; four strings, one a level."""
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
                second.append(marks.get(character, chr(0x100 + ord(character) % 0xF000)))
                continue
            weight = weights.get(character)
            if weight is None:
                weight = _other_weight(character)
            if weight:
                first.append(chr(weight))
                second.append("\x01")
                third.append(case)
    return "".join(first), "".join(second), "".join(third), text


def _other_weight(character: str) -> int:
    category = unicodedata.category(character)
    if category in {"Cc", "Cf", "Cs", "Mn", "Me"}:
        return 0
    if category == "Nd":
        return _DIGIT + unicodedata.decimal(character)
    if category[0] in "LNM":
        return min(_OTHER_LETTER + ord(character), _LAST)
    return _OTHER_SIGN + ord(character) % (_DIGIT - _OTHER_SIGN)
