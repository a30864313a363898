"""Sentences of an action paragraph: the units that shots are made from.

Joined by single spaces the sentences give the paragraph's words back, none lost, added or altered.
"""

from __future__ import annotations

import re

from shotwright.screenplay.lexicon import lexicon

_CLOSERS = "\"”’'»)]）」』"
_CLOSING = f"[{re.escape(_CLOSERS)}]*"
_STOP = re.compile(rf"[.!?…]+{_CLOSING}(?=\s)|[。！？｡]+{_CLOSING}")
_LIST_ITEM = re.compile(r"\n(?=[ \t]*(?:--?|–|—|•|\*|\d{1,2}[.)])\s)")
_JOINS_QUOTE = re.compile(r"[とっ、]")
"""What follows a closing quote when the sentence goes on: `「…。」と言う`."""
_LAST_WORD = re.compile(r"(\S+)$")
_FIRST_WORD = re.compile(r"[\w'’]+")
_DOTTED = re.compile(r"^(?:[^\W\d_]\.)+[^\W\d_]$")


def _lower_follows(rest: str) -> bool:
    """Whether what follows goes on in lower case, so that the stop ended no sentence."""
    for char in rest:
        if char.isalpha():
            return char.islower()
        if char.isdigit() or char in "([（":
            return False
    return False


def _is_short(before: str, rest: str) -> bool:
    """Whether a single full stop belongs to an abbreviation or an initial and the sentence goes on."""
    words = lexicon()
    found = _LAST_WORD.search(before)
    word = found.group(1).lstrip("(\"“'‘[") if found else ""
    low = word.lower()
    if low in words.abbreviations:
        return True
    if low in words.before_figures and rest[:1].isdigit():
        return True
    following = _FIRST_WORD.match(rest.lstrip("\"“‘'("))
    opens = following is not None and following.group().lower() in words.openers
    if low in words.either or _DOTTED.match(word):
        return not opens
    return len(word) == 1 and word.isalpha() and word.isupper() and word != "I" and not opens


def _ends(text: str, stop: re.Match[str]) -> bool:
    mark = stop.group().rstrip(_CLOSERS)
    rest = text[stop.end() :].lstrip()
    if not rest:
        return True
    if mark[-1] in "。！？｡":
        quoted = stop.group()[-1] in _CLOSERS
        return not (quoted and _JOINS_QUOTE.match(text, stop.end()))
    if _lower_follows(rest):
        return False
    return not (mark == "." and _is_short(text[: stop.start()], rest))


def split_sentences(paragraph: str) -> list[str]:
    """The sentences of a paragraph, white space run together.

    A stop ends one unless it belongs to an abbreviation or an initial, or lower case follows (`stops... and turns`).
    Lines that begin with a dash or a bullet are sentences of their own, as in a montage.
    """
    out: list[str] = []
    for item in _LIST_ITEM.split(paragraph):
        text = " ".join(item.split())
        start = 0
        for stop in _STOP.finditer(text):
            if _ends(text, stop):
                out.append(text[start : stop.end()].strip())
                start = stop.end()
        out.append(text[start:].strip())
    return [sentence for sentence in out if sentence]
