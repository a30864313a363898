"""Markup that is not an element of its own line: boneyard, notes and emphasis."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_ODD_SPACE = str.maketrans(
    {"\x0b": " ", "\x0c": " ", "\x85": " ", "\u2028": " ", "\u2029": " ", "\ufeff": None, "\u200b": None}
)
_OPENING = re.compile(r"/\*|\[\[")
_BONE = re.compile(r"/\*|\*/")

LONGEST_MARKED = 20_000
"""Characters; a longer line is no line of a script, and looking for pairs in it would take long."""
_ESCAPED = re.compile(r"\\([^\w\s]|_)")
_STARS = re.compile(r"(?<![\\*])(\*{1,3})(?=[^\s*])(.{0,2000}?[^\s\\*])\1(?!\*)")
_UNDERLINE = re.compile(r"(?<![\w\\])_(?=\S)([^\n]{0,2000}?[^\s\\])_(?!\w)")


@dataclass(slots=True)
class Note:
    """A `[[note]]` with its lines (1-based, both included)."""

    text: str
    first: int
    last: int


@dataclass(slots=True)
class Page:
    """The file's lines without boneyard and notes, and what was taken out.

    A line of which nothing is left is `None`: it is not there at all, so it does not end a paragraph as a blank would.
    """

    lines: list[str | None]
    notes: list[Note] = field(default_factory=list)
    boneyard: list[tuple[int, int]] = field(default_factory=list)


def split_lines(text: str) -> list[str]:
    """Lines by CRLF, CR or LF alone; other separators of Unicode are spaces here, so line numbers are an editor's."""
    return _LINE_BREAK.split(text.translate(_ODD_SPACE))


def _bone_end(text: str, start: int) -> int:
    """Where the boneyard that opens at `start` ends: nested ones are counted; if they do not add up, the first `*/`."""
    depth = 0
    for mark in _BONE.finditer(text, start):
        depth += 1 if mark.group() == "/*" else -1
        if depth == 0:
            return mark.end()
    first = text.find("*/", start + 2)
    return first + 2 if first >= 0 else -1


def _note_end(text: str, start: int) -> int:
    """Where the note that opens at `start` ends, or -1 when another opens before it is closed."""
    end = text.find("]]", start + 2)
    again = text.find("[[", start + 2)
    if end < 0 or -1 < again < end:
        return -1
    return end + 3 if text.startswith("]]]", end) else end + 2


def lift(lines: list[str]) -> Page:
    """Takes boneyard and notes out of the lines. What is opened and never closed is ordinary text."""
    text = "\n".join(lines)
    if "/*" not in text and "[[" not in text:
        return Page(list(lines))
    kept: list[str] = []
    touched: set[int] = set()
    page = Page([])
    at = line = 0
    bones_closed = True
    last_note_end = text.rfind("]]")
    position = 0
    while (mark := _OPENING.search(text, position)) is not None:
        start = mark.start()
        if start and text[start - 1] == "\\":
            position = start + 2
            continue
        is_bone = mark.group() == "/*"
        end = -1
        if is_bone and bones_closed:
            end = _bone_end(text, start)
        elif not is_bone and start < last_note_end:
            end = _note_end(text, start)
        if end < 0:
            bones_closed = bones_closed and not is_bone
            position = start + 2
            continue
        line += text.count("\n", at, start)
        body = text[start:end]
        breaks = body.count("\n")
        if is_bone:
            page.boneyard.append((line + 1, line + breaks + 1))
        else:
            page.notes.append(Note(body.removeprefix("[[").rstrip("]").strip(), line + 1, line + breaks + 1))
        touched.update(range(line, line + breaks + 1))
        kept.append(text[at:start])
        kept.append("\n" * breaks)
        line += breaks
        at = position = end
    kept.append(text[at:])
    page.lines = [
        None if i in touched and not left.strip() else left for i, left in enumerate("".join(kept).split("\n"))
    ]
    return page


def plain(text: str) -> str:
    """The text without emphasis: `_the **whole**_ \\*story` -> `the whole *story`. Emphasis never runs over a line."""
    if len(text) < LONGEST_MARKED and ("*" in text or "_" in text):
        for _ in range(4):
            bare = _UNDERLINE.sub(r"\1", _STARS.sub(r"\2", text))
            if bare == text:
                break
            text = bare
    return _ESCAPED.sub(r"\1", text) if "\\" in text else text
