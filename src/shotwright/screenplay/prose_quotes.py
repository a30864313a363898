"""Quoted speech in a paragraph: double, single and angle quotes, dashes, speech that runs on over paragraphs.

Apostrophes, titles and words in inverted commas that nobody says are left in the narration.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from shotwright.screenplay.prose_words import words

if TYPE_CHECKING:
    from collections.abc import Sequence

_PAIRS = {"“": "”", "«": "»", "»": "«", "„": "“”", "「": "」", "『": "』", "＂": "＂"}
_BEFORE_OPENING = " \t\n([{—–-―‘'“\"*_>…/"
_ENDS = re.compile(r"[.,!?…—–;:-]['’\"”)*_]*$")
_FULL = re.compile(r"[.!?…—–-]['’\"”)*_]*$")
_ELIDED = re.compile(
    r"(?:'|’)(?:tis|twas|em|til|cause|bout|round|n|nuff|twere|twill|neath|gainst|\d0s|\d\d\b)", re.IGNORECASE
)
_DASH = re.compile(r"(?:—|–|―|--)[ \t]*(?=\S)")
_HYPHEN = re.compile(r"-[ \t]*(?=[A-ZÀ-Þ¡¿])")
_TAG_ENDS = re.compile(r"[.,!?;:]?\s*[—–―]\s*|[,:;]\s+|[.!?…]+\s+|$")
_ASIDE = re.compile(r"\s[—–―](?=[^\W\d_])(?![A-ZÀ-Þ])")
_ASIDE_ENDS = re.compile(r"(?<=[^\s—–―])[—–―](?:[.,;:!?…]+\s*|\s+)|$")
_APOSTROPHE = re.compile(r"[’']")
MOST_APOSTROPHES = 120
"""A single quotation mark that is not closed after so many apostrophes opened nothing."""
LONGEST_SPEECH = 60_000
"""Characters; a quotation mark that is not closed within so many opened nothing."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a file marks speech."""

    single: bool
    """‘single’ quotes hold speech; otherwise only what is quoted within it."""
    dash: str
    """Paragraphs that begin with a dash are speech: `—` with a long one only, `-` with a hyphen too; empty: none."""
    guillemets: str = "«"
    """Which of « and » opens."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quotation in the file's characters: with its marks, and the words alone."""

    start: int
    end: int
    inner: tuple[int, int]
    open_ended: bool = False
    """Not closed in its paragraph."""
    reopened: bool = False


def opens_speech(text: str, start: int, style: Style) -> bool:
    """Whether a paragraph begins with a quotation mark of the file's style."""
    return _openings(style.single, style.guillemets).match(text, start) is not None


def style_of(text: str, paragraphs: Sequence[tuple[int, int]]) -> Style:
    """The file's habits, from how its paragraphs begin and how often each mark opens something."""
    opens: Counter[str] = Counter()
    first: dict[str, int] = {}
    angle: Counter[str] = Counter()
    for start, end in paragraphs:
        para = text[start:end]
        if any(c.isalpha() for c in para):
            opens["dash"] += _DASH.match(para) is not None
            if _HYPHEN.match(para):
                # A list has hyphens too; only speech has tags.
                opens["hyphen"] += 1
                opens["tagged"] += words().dash_tag.search(para) is not None
        opens["double"] += para.count("“") + para.count("„") + para.count("«") + para.count("「")
        opens["double"] += para.count('"') // 2
        singles = _single_openings(para, 0)
        opens["single"] += len(singles)
        doubled = re.search('[“„«「"]', para)
        if doubled is not None:
            first.setdefault("double", start + doubled.start())
        if singles:
            first.setdefault("single", start + singles[0])
        for mark in "«»":
            at = para.find(mark)
            if at >= 0:
                angle[mark if at == 0 or para[at - 1] in " \t\n—(" else ("»" if mark == "«" else "«")] += 1
    hyphens = opens["hyphen"] if opens["tagged"] * 4 >= opens["hyphen"] > 0 else 0
    dashes = opens["dash"] + hyphens
    dash = ("-" if hyphens else "—") if dashes >= 2 and dashes * 2 > opens["double"] else ""
    single = opens["single"] > opens["double"]
    if opens["single"] == opens["double"] > 0:
        single = first.get("single", 0) < first.get("double", 0)
    return Style(single, dash, "»" if angle["»"] > angle["«"] else "«")


def _single_openings(para: str, start: int) -> list[int]:
    """Where a single quote stands as an opening one would: after a space or a dash, before a word, no elision."""
    return [found.start() for found in re.finditer(r"[‘']", para[start:]) if _opens_single(para, found.start() + start)]


def _opens_single(para: str, at: int) -> bool:
    if at + 1 >= len(para) or para[at + 1].isspace():
        return False
    if at and para[at - 1] not in _BEFORE_OPENING:
        return False
    if para[at] == "‘":
        return True
    return not _ELIDED.match(para, at)


def _single_end(para: str, start: int) -> int:
    """Where the single quote that opens before `start` closes: at a mark after a stop, else after a word; -1."""
    fallback = at = -1
    for _ in range(MOST_APOSTROPHES):
        found = _APOSTROPHE.search(para, start if at < 0 else at + 1)
        if found is None:
            break
        at = found.start()
        before, after = para[at - 1] if at else " ", para[at + 1 : at + 2]
        if after.isalnum() or before.isspace() or at == start:
            continue
        if before in '.,!?…—–-;:*_”"':
            return at
        if fallback < 0:
            fallback = at
    return fallback


def find_quotes(text: str, start: int, end: int, style: Style, *, carried: bool, onward: bool) -> list[Quoted]:
    """The speeches quoted in the paragraph at text[start:end], in order. What is quoted but not said stays narration.

    `carried`: the paragraph before left a speech open; `onward`: the next one begins with a quotation mark.
    """
    para = text[start:end]
    dash = (_DASH.match(para) or (_HYPHEN.match(para) if style.dash == "-" else None)) if style.dash else None
    if dash is not None:
        return [_shift(q, start) for q in _dashed(para, dash.end())]
    if not style.single and not carried and _leads_single(para):
        style = replace(style, single=True)
    found: list[Quoted] = []
    at = 0
    while at < len(para):
        quoted = _next(para, at, style, onward)
        if quoted is None:
            break
        at = max(quoted.end, quoted.start + 1)
        lead = not para[: quoted.start].strip(" \t\n*_>")
        reopened = carried and lead
        if reopened or _is_said(para, quoted, found):
            found.append(
                Quoted(quoted.start, quoted.end, quoted.inner, quoted.open_ended, reopened) if reopened else quoted
            )
    return [_shift(q, start) for q in found]


def _leads_single(para: str) -> bool:
    """Whether a paragraph begins with a speech in single quotation marks, though the file prefers double ones."""
    if para[:1] not in "‘'" or not _opens_single(para, 0):
        return False
    end = _single_end(para, 1)
    return end > 1 and para[end - 1] in ".,!?…—"


def _shift(quoted: Quoted, by: int) -> Quoted:
    inner = (quoted.inner[0] + by, quoted.inner[1] + by)
    return Quoted(quoted.start + by, quoted.end + by, inner, quoted.open_ended, quoted.reopened)


@cache
def _openings(single: bool, guillemets: str) -> re.Pattern[str]:
    return re.compile(f'[“„"「『＂{guillemets}' + ("‘']" if single else "]"))


def _next(para: str, at: int, style: Style, onward: bool) -> Quoted | None:
    for found in _openings(style.single, style.guillemets).finditer(para, at):
        start = found.start()
        mark = para[start]
        if mark in "‘'":
            if not _opens_single(para, start):
                continue
            end = _single_end(para, start + 1)
        elif mark == '"':
            if start and para[start - 1] not in _BEFORE_OPENING:
                continue
            end = para.find('"', start + 1, start + LONGEST_SPEECH)
        else:
            end = _paired_end(para, start, mark)
        if end >= 0:
            return Quoted(start, end + 1, (start + 1, end))
        if not para[:start].strip(" \t\n*_>") or _before_is_open(para[:start], onward):
            stop = len(para.rstrip())
            return Quoted(start, stop, (start + 1, stop), open_ended=True) if stop > start + 1 else None
    return None


def _before_is_open(before: str, onward: bool) -> bool:
    """A quote that is never closed is one only after what leads into speech, or where the next paragraph goes on."""
    last = before.rstrip()[-1:]
    return last in {",", ":"} or (onward and last in {".", "!", "?", "…", "—"})


def _paired_end(para: str, start: int, mark: str) -> int:
    closers = _PAIRS[mark]
    if all(para.find(closer, start + 1) < 0 for closer in closers):
        return -1
    depth = 1
    for at in range(start + 1, min(len(para), start + LONGEST_SPEECH)):
        char = para[at]
        if char in closers:
            depth -= 1
            if depth == 0:
                return at
        elif char == mark:
            depth += 1
    # A second opening mark that is never closed itself: the first closing one ends the quotation.
    ends = [e for e in (para.find(c, start + 1) for c in closers) if e >= 0]
    return min(ends) if ends else -1


def _is_said(para: str, quoted: Quoted, earlier: list[Quoted]) -> bool:
    """Whether somebody says it: by what ends it, what leads to it and what follows."""
    inner = para[quoted.inner[0] : quoted.inner[1]].strip()
    if not any(c.isalnum() for c in inner):
        return bool(inner) and not para[: quoted.start].strip()
    before, after = para[: quoted.start].rstrip(" \t\n*_"), para[quoted.end :].lstrip(" \t\n*_")
    table = words()
    if not before and not after:
        return True
    lead = before[earlier[-1].end :] if earlier else before
    if table.written.search(lead[-80:]):
        return False
    if table.called.search(before[-40:]) and not before.endswith((",", ":")):
        return False
    led = not before or before[-1] in ",:—–;" or _FULL.search(before) is not None
    if table.tag_first.match(after) and (led or _ENDS.search(inner)):
        return True
    if table.spoken_last.search(before[-60:]):
        return True
    if not led:
        return bool(_FULL.search(inner)) and inner[:1].isupper() and len(inner.split()) > 2
    if before[-1:] == "," and (inner[:1].islower() or not _ENDS.search(inner)):
        return bool(earlier)
    return bool(_ENDS.search(inner)) or (not before and after[:1] == ",") or bool(earlier and before[-1:] == ",")


def _dashed(para: str, start: int) -> list[Quoted]:
    """The speech of a paragraph that begins with a dash, its tags left out."""
    table = words()
    found: list[Quoted] = []
    at, first = start, 0
    while at < len(para):
        tag = table.dash_tag.search(para, at)
        aside = _ASIDE.search(para, at)
        if aside is not None and (tag is None or aside.start() <= tag.start()):
            # A dash that leans on the word after it opens what is told; one that leans on the word before it closes it.
            tag, over = aside, _ASIDE_ENDS
        else:
            over = _TAG_ENDS
        end = tag.start() if tag else len(para.rstrip())
        body = para[at:end].rstrip(" \t\n—–―")
        if body.strip():
            inner = (at, at + len(body))
            found.append(Quoted(first if not found else at, inner[1], inner))
        if tag is None:
            break
        rest = tag.end()
        stop = over.search(para, rest)
        if stop is None or stop.end() >= len(para.rstrip()):
            break
        if stop.group().strip()[:1] in {".", "!", "?", "…"} and not re.search("[—–―]", stop.group()):
            # After a full stop it is told, not said, unless a dash opens it again.
            break
        at = stop.end()
        first = at
    return found
