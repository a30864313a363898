"""Simulated pagination: 55 lines a page; action wrapped at 61 columns, dialogue at 35, parentheticals at 26."""

from __future__ import annotations

import math
import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.model.screenplay import Element
    from shotwright.screenplay.scenes import SceneText

LINES_A_PAGE = 55
_COLUMNS = {"dialogue": 35, "lyric": 35, "parenthetical": 26, "character": 38}
_ACTION_COLUMNS = 61
_UNPRINTED = frozenset({"note", "synopsis", "section"})
_UNDER_A_CUE = frozenset({"dialogue", "parenthetical", "lyric"})
_WORD = re.compile(r"(\s*)(\S+?-(?=\w{2})|\S+)")
"""A word with the space before it. Lines break after hyphens too, and two spaces after a stop are printed."""
_ASCII = re.compile(r"^[\x00-\u024f\u2010-\u2027]*$")


class Pages(NamedTuple):
    """Per scene: where it starts (1.0 is the top of page one) and its length in eighths; and the pages of the whole."""

    starts: list[float]
    eighths: list[int]
    total: float


def _width(word: str) -> int:
    """Columns of a word; wide characters of East Asia take two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in word)


def wrapped(text: str, columns: int) -> int:
    """How many lines a text takes when it is wrapped at words; a word wider than a line is broken."""
    if len(text) <= columns and "\n" not in text and _ASCII.match(text):
        return 1
    total = 0
    for line in text.split("\n"):
        if len(line) <= columns and _ASCII.match(line):
            total += 1
            continue
        narrow = _ASCII.match(line) is not None
        lines, used = 1, 0
        for gap, word in _WORD.findall(line):
            width = len(word) if narrow else _width(word)
            if used and used + len(gap) + width > columns:
                lines, used = lines + 1, width
            else:
                used += width + (len(gap) if used else 0)
            if used > columns:
                lines, used = lines + (used - 1) // columns, (used - 1) % columns + 1
        total += lines
    return total


def element_lines(element: Element) -> int:
    """Printed lines of an element with the blank line before it: two before a heading, none under a cue."""
    if element.type in _UNPRINTED or element.type == "page_break":
        return 0
    lines = wrapped(element.text, _COLUMNS.get(element.type, _ACTION_COLUMNS))
    if element.type in _UNDER_A_CUE:
        return lines
    return lines + (2 if element.type == "scene_heading" else 1)


def paginate(elements: Sequence[Element], scenes: Sequence[SceneText]) -> Pages:
    """Start page and eighths of each scene, to the nearest eighth and at least one; an omitted scene has none."""
    at = [0]
    for element in elements:
        at.append(at[-1] + element_lines(element))
    starts, eighths = [], []
    for i, scene in enumerate(scenes):
        end = scenes[i + 1].first_element if i + 1 < len(scenes) else len(elements)
        first, last = at[scene.first_element], at[end]
        starts.append(round(1 + first / LINES_A_PAGE, 3))
        eighths.append(0 if scene.omitted else max(1, math.floor((last - first) * 8 / LINES_A_PAGE + 0.5)))
    return Pages(starts, eighths, round(at[-1] / LINES_A_PAGE, 3))
