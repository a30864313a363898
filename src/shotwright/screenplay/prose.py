"""The reader of prose: a story, treatment or chapter becomes sections, paragraphs, sentences and quoted speech.

Every character of the file is in exactly one piece, so that what is made of the prose can always say where it is from.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from shotwright.errors import ScreenplayError
from shotwright.model.prose import Piece, Prose, Section, Span
from shotwright.screenplay.detect import decode
from shotwright.screenplay.prose_blocks import Block, find_blocks
from shotwright.screenplay.prose_quotes import Style, find_quotes, opens_speech, style_of
from shotwright.screenplay.sentences import split_sentences

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGEST = 5 * 1024 * 1024
"""Bytes; the longest novels are about 3 MB."""
SUFFIXES = frozenset({".txt", ".md", ".markdown", ".text", ".prose"})
LONGEST_STRETCH = 3_000
"""Characters of narration in which sentences are looked for at once."""

_MARK = re.compile(r"(?m)^[ \t]*(?:>[ \t]?)+|\A[ \t]*(?:[-*+•][ \t]+|\d{1,3}[.)][ \t]+)")
_BY = re.compile(r"by\s+(.{2,60})$", re.IGNORECASE)


def read_prose(path: Path | str) -> Prose:
    """Reads a prose file of at most 5 MB; `ScreenplayError` says in one line what is wrong with anything else."""
    path = Path(path)
    try:
        if path.is_dir():
            raise ScreenplayError(f"{path} is a folder, not a story", hint="give a .txt or .md file")
        with path.open("rb") as stream:
            data = stream.read(LARGEST + 1)
    except FileNotFoundError:
        raise ScreenplayError(f"there is no file {path}", hint="check the path") from None
    except OSError as error:
        raise ScreenplayError(f"{path} cannot be read: {error.strerror or error}", hint="check the file") from error
    if len(data) > LARGEST:
        raise ScreenplayError(
            f"{path} is too large for prose: the limit is {LARGEST // 1024 // 1024} MB",
            hint="give it chapter by chapter",
        )
    return prose_from_text(decode(data, str(path)), path.name, markdown=path.suffix.lower() in {".md", ".markdown"})


def prose_from_text(text: str, name: str = "the text", *, markdown: bool = False) -> Prose:
    """Reads prose from text. Raises `ScreenplayError` when nothing stands in it."""
    blocks = find_blocks(text, markdown=markdown)
    paragraphs = [block for block in blocks if block.kind == "paragraph"]
    if not paragraphs:
        raise ScreenplayError(f"{name} is empty: no paragraph stands in it", hint="a story has something to tell")
    style = style_of(text, [block.span for block in paragraphs])
    pieces = tuple(_tiled(text, blocks, style))
    title, author = _titles(text, blocks)
    return Prose(
        text=text, name=name, title=title, author=author, markdown=markdown, pieces=pieces,
        sections=tuple(_sections(text, blocks)),
    )  # fmt: skip


def _titles(text: str, blocks: list[Block]) -> tuple[str, str]:
    """Title and author: from front matter, else the first heading if nothing but headings stands before it."""
    title = author = ""
    for block in blocks:
        if block.kind == "paragraph":
            break
        if block.kind == "matter":
            matter = text[slice(*block.span)]
            for key, value in re.findall(r"(?m)^(title|author)[ \t]*:[ \t]*[\"']?(.*?)[\"']?[ \t]*$", matter):
                title, author = (value or title, author) if key == "title" else (title, value or author)
        elif block.kind == "heading":
            words = " ".join(text[slice(*block.words)].split())
            by = _BY.match(words)
            if by:
                author = author or by[1]
            elif not title and block.level == 1:
                title = words
    return title, author


def _sections(text: str, blocks: list[Block]) -> Iterator[Section]:
    """Runs of paragraphs between headings and breaks; headings with nothing under them join the next section's."""
    headings: list[str] = []
    start = number = first = 0
    held = False
    for block in blocks:
        if block.kind == "paragraph":
            number += 1
            first = first or number
            held = True
        elif block.kind in ("heading", "break"):
            if held:
                yield Section(heading=" / ".join(headings), span=(start, block.span[0]), paragraphs=(first, number))
                headings, start, first, held = [], block.span[0], 0, False
            if block.kind == "heading" and not _BY.match(text[slice(*block.words)]):
                headings.append(" ".join(text[slice(*block.words)].split()))
    if held or headings:
        found = (first, number) if held else (1, 0)
        yield Section(heading=" / ".join(headings), span=(start, len(text)), paragraphs=found)


def _tiled(text: str, blocks: list[Block], style: Style) -> Iterator[Piece]:
    at = number = 0
    carried = False
    for place, block in enumerate(blocks):
        if block.span[0] > at:
            yield Piece(kind="space", span=(at, block.span[0]))
        at = block.span[1]
        if block.kind == "paragraph":
            number += 1
            after = blocks[place + 1] if place + 1 < len(blocks) else None
            onward = after is not None and after.kind == "paragraph" and opens_speech(text, after.span[0], style)
            quotes = find_quotes(text, *block.span, style, carried=carried, onward=onward)
            carried = bool(quotes) and quotes[-1].open_ended
            begin = block.span[0]
            for quote in quotes:
                yield from _narration(text, (begin, quote.start), number)
                yield Piece(
                    kind="quote", span=(quote.start, quote.end), paragraph=number, words=quote.inner,
                    reopened=quote.reopened,
                )  # fmt: skip
                begin = quote.end
            yield from _narration(text, (begin, block.span[1]), number)
        else:
            carried = False
            yield Piece(kind=block.kind, span=block.span, words=block.words, level=block.level)
    if at < len(text):
        yield Piece(kind="space", span=(at, len(text)))


def _narration(text: str, span: Span, number: int) -> Iterator[Piece]:
    """Sentences of a stretch that no quotation interrupts, and the white space and marks of layout between them."""
    at, end = span
    while at < end:
        stop = end
        if end - at > LONGEST_STRETCH:
            cut = text.rfind(". ", at + 1, at + LONGEST_STRETCH) + 1
            cut = cut if cut > at + 1 else text.rfind(" ", at + 1, at + LONGEST_STRETCH)
            stop = cut if cut > at else at + LONGEST_STRETCH
        yield from _stretch(text, at, stop, number)
        at = stop


def _stretch(text: str, start: int, end: int, number: int) -> Iterator[Piece]:
    marks = [(start + m.start(), start + m.end()) for m in _MARK.finditer(text[start:end])] if start < end else []
    bare = list(text[start:end])
    for a, b in marks:
        bare[a - start : b - start] = " " * (b - a)
    body = "".join(bare)
    at = 0
    for sentence in split_sentences(body):
        first = at
        while body[first].isspace():
            first += 1
        last = first
        for char in sentence:
            if char.isspace():
                continue
            while body[last].isspace():
                last += 1
            last += 1
        if first > at:
            yield Piece(kind="space", span=(start + at, start + first), paragraph=number)
        yield Piece(kind="narration", span=(start + first, start + last), paragraph=number)
        at = last
    if at < len(body):
        yield Piece(kind="space", span=(start + at, end), paragraph=number)
