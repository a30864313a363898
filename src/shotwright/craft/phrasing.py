"""Where a speech may be cut: into phrases, each with how it is parted from the one before.

In order of preference: a parenthetical or (beat), the end of a sentence, a dash or ellipsis, a clause; never inside
a noun phrase, never under three words, and at a mere phrase only where nothing better leaves a piece short enough.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shotwright.craft.timing import BOUNDARY_COST, BoundaryKind, Token, joined, table, tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

_SENTENCE_END = re.compile(r"[.!?。！？][\"'”’)\]」』]*$")
_DASH_END = re.compile(r"(?:--|—|–|\.\.\.|…)[\"'”’)\]」』]*$")
_DASH_START = re.compile(r"^(?:--|—|–|\.\.\.|…)")
_COMMA_END = re.compile(r"[,;:、，；：][\"'”’)\]」』]*$")
_EDGES = re.compile(r"^[^\w']+|[^\w']+$")
LEAST_WORDS = 3


@dataclass(slots=True)
class Phrase:
    """A stretch of a speech that no cut divides."""

    text: str
    words: float
    kind: BoundaryKind
    """What parts it from the phrase before: `start` for the first."""
    cost: float
    """How unwelcome a cut before it is, 0 to about 6."""
    pause: str = ""
    """The parenthetical that stands before it, as written."""


def phrases(parts: Sequence[tuple[str, str]], most_words: float) -> list[Phrase]:
    """Cut a speech into phrases of at most `most_words`.

    `parts` are (kind, text) in order, the kind one of words, lyric, parenthetical. Joining the texts of the phrases
    gives the words of the parts, joined: with one space, or none between characters of a script without spaces.
    """
    stream: list[Token] = []
    before: dict[int, str] = {}
    lyric_starts: set[int] = set()
    note = ""
    for kind, text in parts:
        if kind == "parenthetical":
            note = f"{note}; {text}" if note else text
            continue
        fresh = tokens(text)
        if not fresh:
            continue
        if stream:
            fresh[0] = Token(fresh[0].text, True, fresh[0].words)
        if note:
            before[len(stream)] = note
            note = ""
        elif kind == "lyric" and stream:
            lyric_starts.add(len(stream))
        stream.extend(fresh)
    if not stream:
        return []
    kinds = _boundaries(stream, set(before) - {0}, lyric_starts)
    spans = _merge_short(stream, kinds)
    spans = [piece for span in spans for piece in _fit(stream, kinds, span, most_words)]
    found: list[Phrase] = []
    for start, end in spans:
        kind_here = kinds.get(start, "phrase") if start else "start"
        pause = "; ".join(before[i] for i in range(start, end) if i in before)
        found.append(
            Phrase(joined(stream[start:end]), _words(stream, start, end), kind_here, BOUNDARY_COST[kind_here], pause)
        )
    last = found[-1]
    if len(found) > 1 and last.kind == "sentence" and last.words <= 5:
        # A short last sentence answers the one before: parting them parts a set-up from its punch line.
        last.cost += 1.5
    return found


def _words(stream: list[Token], start: int, end: int) -> float:
    return sum(t.words for t in stream[start:end])


def _bare(token: Token) -> str:
    return _EDGES.sub("", token.text).casefold().replace("’", "'")


def _boundaries(stream: list[Token], paused: set[int], lyrics: set[int]) -> dict[int, BoundaryKind]:
    """Token index -> the kind of boundary before it, where there is one."""
    lists = table().words
    bare = [_bare(t) for t in stream]
    kinds: dict[int, BoundaryKind] = {}
    sentence_start = 0
    for i in range(1, len(stream)):
        text = stream[i - 1].text
        if i in paused:
            kinds[i] = "pause"
        elif _DASH_END.search(text) or (_DASH_START.match(stream[i].text) and len(stream[i].text) > 3):
            kinds[i] = "dash"
        elif _SENTENCE_END.search(text) and text.casefold() not in lists["abbreviations"]:
            kinds[i] = "sentence"
        elif i in lyrics:
            kinds[i] = "clause"
        elif _COMMA_END.search(text):
            found = _comma(stream, bare, i, sentence_start)
            if found:
                kinds[i] = found
        elif _opens_clause(bare, i):
            kinds[i] = "clause"
        if kinds.get(i) in ("sentence", "pause"):
            sentence_start = i
    return kinds


def _opens_clause(bare: list[str], i: int) -> bool:
    """A clause opens here without a comma: `… since March and I cannot …`, `… because …`."""
    lists = table().words
    if i + 2 >= len(bare) or i < 3:
        return False
    word, after = bare[i], bare[i + 1]
    if word == "because":
        return True
    pronoun = after in lists["subjects"] and after not in ("my", "your", "his", "her", "our", "their", "that", "this")
    return (
        word in ("and", "but", "so", "although", "unless", "until", "while", "when", "if", "before", "after")
        and pronoun
    )


def _comma(stream: list[Token], bare: list[str], i: int, sentence_start: int) -> BoundaryKind | None:
    """Whether the comma before token i parts two clauses (`clause`), two long phrases (`comma`) or a list (None)."""
    lists = table().words
    text = stream[i - 1].text.rstrip("\"'”’)]」』")
    if text[-1] in ";:；：":
        return "clause"
    if text[-1] in "、，":
        return "clause"
    word = bare[i]
    after = bare[i + 1] if i + 1 < len(bare) else ""
    if word in ("and", "or", "nor"):
        verbal = after in lists["subjects"] or after.endswith(("n't", "ing")) or _run_ahead(stream, i) >= 5
        return "clause" if verbal else None
    if word in lists["coordinators"] or word in lists["relatives"] or word in lists["subordinators"]:
        return "clause"
    if word in lists["subjects"] and word not in ("my", "your", "his", "her", "our", "their"):
        return "clause"
    if bare[sentence_start] in lists["subordinators"] and i - sentence_start >= 3:
        return "clause"
    ahead, behind = _run_ahead(stream, i), _run_behind(stream, i)
    return "comma" if ahead >= 4 and behind >= 4 else None


def _run_ahead(stream: list[Token], i: int) -> int:
    for n, token in enumerate(stream[i:], 1):
        if _COMMA_END.search(token.text) or _SENTENCE_END.search(token.text):
            return n
    return len(stream) - i


def _run_behind(stream: list[Token], i: int) -> int:
    n = 1
    while i - 1 - n >= 0:
        text = stream[i - 1 - n].text
        if _COMMA_END.search(text) or _SENTENCE_END.search(text):
            return n
        n += 1
    return n


def _least(stream: list[Token]) -> float:
    """Three words, or as many characters as three words weigh."""
    return LEAST_WORDS if stream[0].words != 0.4 else LEAST_WORDS * 0.8


def _merge_short(stream: list[Token], kinds: dict[int, BoundaryKind]) -> list[tuple[int, int]]:
    """Spans between boundaries, none under three words unless the speech is: a short one joins its closer side."""
    edges = [0, *sorted(kinds), len(stream)]
    least = _least(stream)
    spans = [(a, b) for a, b in itertools.pairwise(edges)]
    while len(spans) > 1:
        short = next((n for n, (a, b) in enumerate(spans) if _words(stream, a, b) < least), None)
        if short is None:
            break
        left = BOUNDARY_COST[kinds[spans[short][0]]] if short else -1.0
        right = BOUNDARY_COST[kinds[spans[short + 1][0]]] if short + 1 < len(spans) else -1.0
        n = short - 1 if left > right else short
        spans[n : n + 2] = [(spans[n][0], spans[n + 1][1])]
    return spans


def _fit(
    stream: list[Token], kinds: dict[int, BoundaryKind], span: tuple[int, int], most: float
) -> list[tuple[int, int]]:
    """Divide a span that is too long: at its own weak boundaries, else before a conjunction or preposition."""
    start, end = span
    total = _words(stream, start, end)
    if total <= most:
        return [span]
    openers = table().words["prepositions"]
    least = _least(stream)
    best: tuple[float, int] | None = None
    done = 0.0
    for i in range(start + 1, end):
        done += stream[i - 1].words
        if done < least or total - done < least or done > most:
            continue
        kind = kinds.get(i)
        word = _bare(stream[i])
        if kind is not None:
            cost = BOUNDARY_COST[kind]
        elif _COMMA_END.search(stream[i - 1].text):
            cost = 3.0
        elif word in openers and word != "of":
            cost = 4.0 if word in ("and", "but", "or", "because", "so", "that", "which", "who") else 5.0
        else:
            cost = 9.0 if stream[i].spaced or stream[i].words == 1.0 else 8.0
            if _bare(stream[i - 1]) in openers or _bare(stream[i - 1]) in (
                "a",
                "an",
                "the",
                "my",
                "your",
                "his",
                "her",
            ):
                cost += 4.0
        # Even halves read better than a long piece and a scrap.
        pieces = max(2.0, -(-total // most))
        cost += 4.0 * abs(done / total - round(done / total * pieces) / pieces)
        if best is None or cost < best[0]:
            best = (cost, i)
    if best is None:
        return _fit_anywhere(stream, span, most)
    middle = best[1]
    return [*_fit(stream, kinds, (start, middle), most), *_fit(stream, kinds, (middle, end), most)]


def _fit_anywhere(stream: list[Token], span: tuple[int, int], most: float) -> list[tuple[int, int]]:
    """Last resort for words without any place to part them: as many as fit, then the rest."""
    start, end = span
    found: list[tuple[int, int]] = []
    first, done = start, 0.0
    for i in range(start, end):
        if i > first and done + stream[i].words > most:
            found.append((first, i))
            first, done = i, 0.0
        done += stream[i].words
    found.append((first, end))
    return found
