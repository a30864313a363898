"""The Fountain reader: lines to a title page and typed elements with line spans.

Follows the syntax of Fountain 1.1 (fountain.io/syntax) and, beyond it, what real scripts hold: scene numbers at both
ends, headings in lower case or another language, a heading or transition without a blank line around it, capital lines
of direction that have the shape of a cue.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

from shotwright.model.screenplay import Element, ElementType
from shotwright.screenplay.cues import cue_shaped, enclosed, framing, is_cue, names_a_place, parse_cue
from shotwright.screenplay.headings import abrupt_transition, forced_heading, is_heading, is_transition, numbered
from shotwright.screenplay.markup import Page, lift, plain, split_lines
from shotwright.screenplay.title_page import read_title_page

_PAGE_BREAK = re.compile(r"^={3,}$")
_SECTION = re.compile(r"^(#{1,6})(?!#)\s*(.*)$")
_SYNOPSIS = re.compile(r"^=(?!=)\s*(.*)$")
_STANDALONE = frozenset({"scene_heading", "transition", "section", "synopsis", "page_break", "centered"})
_PARENTHETICAL_LINES = 8
"""A parenthetical that is not closed within so many lines is dialogue with a stray bracket."""


class Row(NamedTuple):
    """A line that is there: its number (1-based), its text without indent, and the line as it stands in the file."""

    number: int
    text: str
    raw: str


class _Reader:
    """One pass over the rows; each `_read_…` takes an element that begins at `at` and moves past it."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows
        self.elements: list[Element] = []
        self.at = 0
        self.seen = self._shapes()
        self.speech: list[int] = []
        """Indices of the elements of the last speech, while nothing but blanks and notes has followed it."""

    def _shapes(self) -> dict[str, int]:
        """How often each name stands where a cue would: a blank before, text after."""
        rows, seen = self.rows, Counter[str]()
        for i, row in enumerate(rows):
            alone = i == 0 or not rows[i - 1].text
            if row.text and alone and i + 1 < len(rows) and rows[i + 1].text and cue_shaped(row.text):
                seen[parse_cue(row.text).name] += 1
        return seen

    def read(self) -> list[Element]:
        after_blank = True
        while self.at < len(self.rows):
            row = self.rows[self.at]
            if not row.text:
                after_blank = True
                self.at += 1
                continue
            if not (self._read_marked(row) or self._read_plain(row, after_blank)):
                self._read_action()
            after_blank = self.elements[-1].type in _STANDALONE
        return self.elements

    def _add(
        self, kind: ElementType, text: str, first: int, last: int | None = None, number: str | None = None
    ) -> None:
        lines = (first, first if last is None else last)
        self.elements.append(Element(type=kind, text=text, lines=lines, scene_number=number))
        self.at += 1
        self.speech = []

    def _read_marked(self, row: Row) -> bool:
        """Elements that a mark at the head of the line declares."""
        text = row.text
        mark = text[0]
        if mark == "=" and _PAGE_BREAK.match(text):
            self._add("page_break", "", row.number)
        elif mark == "=" and (synopsis := _SYNOPSIS.match(text)):
            self._add("synopsis", plain(synopsis[1]), row.number)
        elif mark == "#" and (section := _SECTION.match(text)):
            lines = (row.number, row.number)
            self.elements.append(Element(type="section", text=plain(section[2]), lines=lines, depth=len(section[1])))
            self.at += 1
            self.speech = []
        elif mark == ">":
            centered = text.endswith("<") and len(text) > 1
            inner = text.strip("<> \t") if centered else text[1:].strip()
            self._add("centered" if centered else "transition", plain(inner), row.number)
        elif mark == "~":
            keep = self.speech
            self._add("lyric", plain(text[1:].strip()), row.number)
            if keep:
                self.speech = [*keep, len(self.elements) - 1]
        elif mark == "@" and len(text) > 1:
            self._read_speech(row)
        elif mark == "." and forced_heading(text):
            heading, number = numbered(text[1:].strip())
            self._add("scene_heading", heading, row.number, number=number)
        else:
            return False
        return True

    def _read_plain(self, row: Row, after_blank: bool) -> bool:
        """Elements that are known by their words."""
        text = row.text
        if text[0] == "!":
            return False
        if is_heading(text, after_blank=after_blank):
            heading, number = numbered(text)
            self._add("scene_heading", heading, row.number, number=number)
            return True
        if (is_transition(text) and after_blank and not self._continues(text)) or abrupt_transition(text):
            self._add("transition", plain(text), row.number)
            return True
        if after_blank and self._block_follows() and cue_shaped(text):
            block = self._block(self.at + 1)
            if is_cue(text, block, self.seen):
                self._read_speech(row)
                return True
            if framing(text) or names_a_place(text):
                self._add("action", plain(text), row.number)
                return True
        return False

    def _continues(self, text: str) -> bool:
        """A transition's words with a line of prose right under them are the first line of that paragraph."""
        if not self._block_follows() or text.rstrip().endswith((":", "：")):
            return False
        after = self.rows[self.at + 1].text
        return not is_heading(after, after_blank=True)

    def _block_follows(self) -> bool:
        return self.at + 1 < len(self.rows) and bool(self.rows[self.at + 1].text)

    def _block(self, start: int) -> list[str]:
        block = []
        for i in range(start, len(self.rows)):
            if not self.rows[i].text:
                break
            block.append(self.rows[i].text)
        return block

    def _breaks(self, text: str) -> bool:
        """Whether a line ends a paragraph or speech that it follows without a blank."""
        mark = text[0]
        if mark == "=":
            return _PAGE_BREAK.match(text) is not None or text.startswith("= ")
        if mark == "#":
            return re.match(r"#{1,6}\s", text) is not None
        if mark == ">":
            return True
        if mark == "@":
            return len(text) > 1
        if mark == ".":
            return forced_heading(text) and text == text.upper()
        return is_heading(text, after_blank=False) or abrupt_transition(text)

    def _read_action(self) -> None:
        first = self.rows[self.at]
        lines: list[str] = []
        last = first.number
        while self.at < len(self.rows):
            row = self.rows[self.at]
            if not row.text or (lines and (row.text[0] == "~" or self._breaks(row.text))):
                break
            lines.append(plain(row.text[1:].lstrip() if row.text[0] == "!" else row.text))
            last = row.number
            self.at += 1
        self.at -= 1
        self._add("action", "\n".join(lines), first.number, last)

    def _read_speech(self, row: Row) -> None:
        before = self.speech
        cue = parse_cue(row.text)
        start = len(self.elements)
        self.elements.append(
            Element(type="character", text=cue.name, lines=(row.number, row.number), extension=cue.extension)
        )
        self.at += 1
        pending: list[Row] = []
        while self.at < len(self.rows):
            line = self.rows[self.at]
            if not line.text:
                if not (pending and line.raw == "  " and self._goes_on()):
                    break
                pending.append(line)
            elif line.text[0] == "!" or self._breaks(line.text):
                break
            elif line.text[0] == "~":
                self._flush(pending)
                self.elements.append(
                    Element(type="lyric", text=plain(line.text[1:].strip()), lines=(line.number, line.number))
                )
            elif (span := self._parenthetical()) > 0:
                self._flush(pending)
                rows = self.rows[self.at : self.at + span]
                text = plain("\n".join(part.text for part in rows))
                self.elements.append(Element(type="parenthetical", text=text, lines=(rows[0].number, rows[-1].number)))
                self.at += span - 1
            else:
                pending.append(line)
            self.at += 1
        self._flush(pending)
        if cue.dual and before:
            for i in (*before, *range(start, len(self.elements))):
                self.elements[i] = self.elements[i].model_copy(update={"dual": True})
        self.speech = list(range(start, len(self.elements)))

    def _goes_on(self) -> bool:
        """Whether dialogue goes on after a line of exactly two spaces."""
        if not self._block_follows():
            return False
        text = self.rows[self.at + 1].text
        after = self.at + 2 < len(self.rows) and bool(self.rows[self.at + 2].text)
        return not (is_heading(text, after_blank=True) or is_transition(text) or (after and cue_shaped(text)))

    def _flush(self, pending: list[Row]) -> None:
        if pending:
            text = "\n".join(plain(row.text) for row in pending)
            self.elements.append(Element(type="dialogue", text=text, lines=(pending[0].number, pending[-1].number)))
            pending.clear()

    def _parenthetical(self) -> int:
        """How many rows from here make a parenthetical: 0 when there is none."""
        text = self.rows[self.at].text
        if text[0] not in "(（":
            return 0
        if enclosed(plain(text)):
            return 1
        joined = text
        if joined.count("(") + joined.count("（") > joined.count(")") + joined.count("）"):
            for span, row in enumerate(self.rows[self.at + 1 : self.at + _PARENTHETICAL_LINES], start=2):
                if not row.text:
                    break
                joined = f"{joined} {row.text}"
                if enclosed(joined):
                    return span
        return 0


def parse(text: str) -> tuple[dict[str, str], list[Element]]:
    """A Fountain text's title page and elements, in the order in which they begin. Any text is some script."""
    page = lift(split_lines(text))
    title_page, start = read_title_page(page.lines)
    rows: list[Row] = []
    for i, line in enumerate(page.lines[start:], start=start + 1):
        if line is not None:
            rows.append(Row(i, line.strip(), line))
    return title_page, _with_notes(_Reader(rows).read(), page)


def _with_notes(elements: list[Element], page: Page) -> list[Element]:
    """Notes put where they begin; one inside an element follows it."""
    if not page.notes:
        return elements
    notes = [Element(type="note", text=note.text, lines=(note.first, note.last)) for note in page.notes]
    return sorted([*elements, *notes], key=lambda element: element.lines[0])
