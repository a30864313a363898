"""The blocks of a prose file: headings, breaks, front matter and paragraphs, each with its exact span."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from shotwright.screenplay.prose_words import words

if TYPE_CHECKING:
    from shotwright.model.prose import Span

LONGEST_PARAGRAPH = 20_000
"""Characters; what is longer is read as several paragraphs."""

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")
_ATX = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$")
_RULE = re.compile(
    r"^[ \t]*(?:([*_~=•·⁂§#+o.\-–—])(?:[ \t]*\1){2,}|[#⁂§❦☙※~*•—]|\*\*|o0o|<hr ?/?>|#\s*#)[ \t]*$", re.IGNORECASE
)
_UNDERLINE = re.compile(r"^ {0,3}(=+|-{2,})[ \t]*$")
_NUMERAL = re.compile(r"^(?:[IVXLC]+|\d{1,3})\.?$")
_FRONT = re.compile(
    r"\A﻿?---[ \t]*\r?\n(?:[\w-]+[ \t]*:.*\r?\n|[ \t]+.*\r?\n|#.*\r?\n){1,60}?(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)"
)
_TERMINAL = re.compile(r"[.!?…:—–-][\"”’'»*_)]*$|[\"”»]$")
_DIALOGUE = re.compile(r"^[ \t]*(?:[“\"«„「]|[—–―]\s*\S|[‘'](?=[A-Z]))")
_SPOKEN = re.compile(r"^[ \t]*[—―](?=[^\s—―])")
"""A dialogue dash: a long one that leans on the first word of a line."""
_ITEM = re.compile(r"^[ \t]*(?:[-*+•][ \t]+\S|\d{1,3}[.)][ \t]+\S)")


@dataclass(frozen=True, slots=True)
class Block:
    """One block; a paragraph's span has no white space at its ends."""

    kind: Literal["heading", "break", "matter", "paragraph"]
    span: Span
    words: Span = (0, 0)
    level: int = 0


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    """Without the line break."""
    text: str

    @property
    def blank(self) -> bool:
        return not self.text.strip("\ufeff\u200b \t\x0b\x0c\xa0") or not self.text.strip()


def _lines(text: str, start: int) -> list[_Line]:
    out: list[_Line] = []
    for found in _LINE.finditer(text, start):
        if found.end() == found.start():
            break
        body = found.group().rstrip("\r\n")
        out.append(_Line(found.start(), found.start() + len(body), body))
    return out


def find_blocks(text: str, *, markdown: bool) -> list[Block]:
    """Headings, breaks, matter and paragraphs in order; what lies between them is white space."""
    front = _FRONT.match(text)
    start = front.end() if front else (1 if text[:1] == "\ufeff" else 0)
    found: list[Block] = [Block("matter", (0, len(front.group().rstrip())))] if front else []
    hidden = _comments(text, start)
    runs: list[tuple[int, list[_Line]]] = []
    blanks = 0
    for line in _visible(_lines(text, start), hidden):
        if line.blank:
            blanks += 1
            continue
        if blanks or not runs:
            runs.append((blanks, []))
        runs[-1][1].append(line)
        blanks = 0
    found += [Block("matter", span) for span in hidden]
    width = max((len(line.text) for _, run in runs for line in run), default=0)
    spaced = _spaced(runs)
    shape = _Shape(markdown, width, bool(spaced), _lined(runs))
    opened = False
    for number, (gap, run) in enumerate(runs):
        blocks = _read_run(run, shape, opening=not opened, gap=gap, alone=number + 1 < len(runs))
        if gap > max(spaced, 1) and opened and blocks and blocks[0].kind == "paragraph" and gap <= 8:
            found.append(Block("break", (run[0].start, run[0].start)))
        found += blocks
        opened = opened or any(block.kind == "paragraph" for block in blocks)
    found = [Block("matter", b.span) if _is_matter(text, b) else b for b in found]
    return sorted(found, key=lambda block: (block.span, block.kind == "paragraph"))


def _is_matter(text: str, block: Block) -> bool:
    """Whether a paragraph says something about the work and not of it: `**Logline:** A thief …`."""
    if block.kind == "heading":
        return re.match(r"(?:table of )?contents$", text[slice(*block.words)].strip(), re.IGNORECASE) is not None
    short = block.kind == "paragraph" and block.span[1] - block.span[0] < 500
    return short and words().matter.match(text, block.span[0]) is not None


def _comments(text: str, start: int) -> list[Span]:
    """Every HTML comment that is closed."""
    out: list[Span] = []
    while (at := text.find("<!--", start)) >= 0:
        end = text.find("-->", at + 4)
        if end < 0:
            break
        out.append((at, end + 3))
        start = end + 3
    return out


@dataclass(frozen=True, slots=True)
class _Shape:
    """How a file is laid out."""

    markdown: bool
    width: int
    """Characters of its longest line."""
    spaced: bool
    """Blank lines stand between paragraphs."""
    lined: bool
    """A line is a paragraph: nearly all of those that stand together end as sentences do."""


def _visible(lines: list[_Line], hidden: list[Span]) -> list[_Line]:
    """The lines without comments; of a line that a comment shares, what stands before or after it."""
    if not hidden:
        return lines
    out: list[_Line] = []
    spans = iter([*hidden, (10**9, 10**9)])
    a, b = next(spans)
    for line in lines:
        at, kept = line.start, False
        while b <= line.start:
            a, b = next(spans)
        while a < line.end:
            if a > at:
                out.append(_Line(at, a, "".join(line_part(line, at, a))))
                kept = True
            at = min(max(b, at), line.end)
            if b > line.end:
                break
            a, b = next(spans)
        if at < line.end:
            out.append(_Line(at, line.end, line_part(line, at, line.end)))
        elif line.start == line.end or (at == line.start and not kept):
            out.append(line)
    return out


def line_part(line: _Line, start: int, end: int) -> str:
    """The text of a line between two offsets of the file."""
    return line.text[start - line.start : end - line.start]


def _spaced(runs: list[tuple[int, list[_Line]]]) -> int:
    """How many blank lines usually stand between paragraphs; 0 when paragraphs follow each other without."""
    if not runs:
        return 0
    lines = sum(len(run) for _, run in runs)
    if len(runs) * 6 < lines and max(len(line.text) for _, run in runs for line in run) > 100:
        return 0
    gaps = [gap for gap, _ in runs[1:] if gap]
    if not gaps:
        return 1
    return max(sorted(set(gaps)), key=lambda g: (gaps.count(g), -g))


def _lined(runs: list[tuple[int, list[_Line]]]) -> bool:
    """Whether lines that stand together end as sentences do: of wrapped lines no more than some three in ten do."""
    lines = [line.text.rstrip() for _, run in runs if len(run) > 1 for line in run]
    return len(lines) >= 4 and sum(_TERMINAL.search(line) is not None for line in lines) * 5 >= len(lines) * 4


def _read_run(run: list[_Line], shape: _Shape, *, opening: bool, gap: int, alone: bool) -> list[Block]:
    """The blocks of lines that stand together."""
    found: list[Block] = []
    if (whole := _chapters(run, alone)) is not None:
        return [whole]
    body: list[_Line] = []
    for place, line in enumerate(run):
        single = len(run) == 1
        mark = _marked(line, shape, single=single, opening=opening and not body and not found, alone=alone)
        under = _UNDERLINE.match(line.text) if shape.markdown and body and len(body) == 1 else None
        if under is not None and len(line.text.strip()) >= 3:
            head = body.pop()
            level = 1 if under[1][0] == "=" else 2
            found.append(Block("heading", (head.start, line.end), _trimmed(head), level))
        elif mark is not None and (single or mark.kind == "break" or place == 0 or _ATX.match(line.text)):
            found += _paragraphs(body, shape)
            body = []
            found.append(mark)
        else:
            body.append(line)
    return found + _paragraphs(body, shape)


def _chapters(run: list[_Line], alone: bool) -> Block | None:
    """A list of contents, or a chapter's mark with its title on the lines below; None when it is neither."""
    if len(run) < 2 or len(run[0].text) > 90 or not words().chapter.match(run[0].text.strip(" *_#")):
        return None
    span = (run[0].start, run[-1].end)
    if len(run) >= 3 and all(len(r.text) <= 90 and words().chapter.match(r.text.strip(" *_#")) for r in run):
        return Block("matter", span)
    bare = [r.text.strip() for r in run[1:]]
    if not alone or len(run) > 3 or any(len(b) > 70 or _TERMINAL.search(b) or b.endswith(",") for b in bare):
        return None
    return Block("heading", span, _trimmed(run[0])[:1] + _trimmed(run[-1])[1:], 2)


def _trimmed(line: _Line) -> Span:
    text = line.text
    lead = len(text) - len(text.lstrip("\ufeff \t*_#"))
    tail = len(text.rstrip(" \t*_"))
    return (line.start + lead, line.start + max(lead, tail))


def _marked(line: _Line, shape: _Shape, *, single: bool, opening: bool, alone: bool) -> Block | None:
    """A heading or break that one line makes, or None."""
    text = line.text.strip()
    span = (line.start, line.end)
    if _RULE.match(line.text) and (single or not _UNDERLINE.match(line.text.replace("=", "x"))):
        return Block("break", span)
    if (atx := _ATX.match(line.text)) is not None and (shape.markdown or atx[2]):
        return Block("heading", span, (line.start + atx.start(2), line.start + atx.end(2)), len(atx[1]))
    if not single or not alone or len(text) > 90:
        return None
    bare = text.strip("*_ \t")
    if _NUMERAL.match(bare):
        return Block("heading", span, _trimmed(line), 3)
    if words().chapter.match(bare) and not bare.endswith((",", ";")) and (len(bare.split()) < 12):
        return Block("heading", span, _trimmed(line), 2)
    if re.match(r"(?:INT|EXT)[./ ]", bare):
        return Block("heading", span, _trimmed(line), 3)
    told = bare.endswith((".", ",", ";", ":", "”", '"', "—")) or _DIALOGUE.match(line.text) is not None
    if opening and not told and len(bare) <= 70 and any(c.isalpha() for c in bare):
        by = re.match(r"by\s", bare, re.IGNORECASE) is not None
        return Block("heading", span, _trimmed(line), 2 if by else 1)
    if bare == bare.upper() and bare != bare.lower() and len(bare.split()) <= 9 and not told and bare[-1] not in "!?…-":
        return Block("heading", span, _trimmed(line), 3)
    if shape.markdown and text.startswith("**") and text.endswith("**") and len(bare.split()) <= 9 and not told:
        return Block("heading", span, _trimmed(line), 3)
    return None


def _paragraphs(run: list[_Line], shape: _Shape) -> list[Block]:
    """The paragraphs of lines that stand together: one where they are wrapped, one a line where they are not."""
    groups: list[list[_Line]] = []
    for line in run:
        if groups and not _begins(groups[-1][-1], line, groups[-1][0], shape):
            groups[-1].append(line)
        else:
            groups.append([line])
    out: list[Block] = []
    for group in groups:
        out += _cut(group[0].start, group[-1].end, group)
    return out


def _begins(before: _Line, line: _Line, first: _Line, shape: _Shape) -> bool:
    """Whether a line begins a paragraph though no blank line stands before it."""
    if _ITEM.match(line.text) or (_SPOKEN.match(line.text) and before.text.rstrip()[-1:] not in ",;"):
        return True
    ended = _TERMINAL.search(before.text.rstrip()) is not None
    if shape.lined:
        return ended
    if shape.markdown:
        return ended and (_DIALOGUE.match(line.text) is not None or before.text.endswith(("  ", "\\")))
    indent = len(line.text) - len(line.text.lstrip())
    if indent >= 1 and ended and indent > len(before.text) - len(before.text.lstrip()):
        return True
    if indent >= 2 and indent == len(first.text) - len(first.text.lstrip()) and ended and before is first:
        return True
    fits = len(before.text.rstrip()) + 1 + len(line.text.split()[0]) <= min(shape.width, 400) - 2
    return ended and (fits or shape.width > 160)


def _cut(start: int, end: int, group: list[_Line]) -> list[Block]:
    text = group[0].text
    lead = len(text) - len(text.lstrip("\ufeff\u200b \t\x0b\x0c\xa0"))
    start += lead
    end -= len(group[-1].text) - len(group[-1].text.rstrip())
    if end <= start:
        return []
    out: list[Block] = []
    while end - start > LONGEST_PARAGRAPH:
        at = next((line.start for line in reversed(group) if start < line.start <= start + LONGEST_PARAGRAPH), 0)
        at = at or start + LONGEST_PARAGRAPH
        out.append(Block("paragraph", (start, at)))
        start = at
    out.append(Block("paragraph", (start, end)))
    return out
