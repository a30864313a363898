"""Scene headings taken apart: interior or exterior, the set, sets within it, the time, and bracketed remarks."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, cast

from shotwright.model.screenplay import Slugline
from shotwright.screenplay.lexicon import lexicon

IntExt = Literal["INT", "EXT", "INT/EXT", "EST", ""]

_TAIL = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]|（([^（）]*)）|【([^【】]*)】")
_DASH = re.compile(r"\s+[-–—‐‑]{1,3}\s*|\s*[-–—‐‑]{1,3}\s+|\s*—\s*|--+")
_WIDE_DASH = re.compile(r"\s*[-–—ー−‐]\s*|[・　]+|\s+")
_SLASH = re.compile(r"\s+/\s*|\s*/\s+")
_COMMA = re.compile(r"\s*[,，、]\s+|[，、]")
_STOP = re.compile(r"\.\s+")
_EDGE = " \t-–—,.:;/。，、："
_SECOND_OPENING = re.compile(r"\s*/\s*(INT|EXT)\.\s*", re.IGNORECASE)
_FIGURE = re.compile(r"^(?:\d{1,2}(?::\d\d)?|[IVX]+|#?\d+)$")
_CLOCK = re.compile(r"^\d{1,2}(?:[:.]\d\d)?\s*(?:[AP]\.?M\.?|O['’]CLOCK|H(?:RS|OURS)?)?$", re.IGNORECASE)
_YEAR = re.compile(r"^(?:\w+ )?(?:1[0-9]|20)\d\d['’]?s?$", re.IGNORECASE)
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


@lru_cache(maxsize=4096)
def _is_time(segment: str) -> bool:
    """True when a segment is nothing but a time: `NIGHT`, `THE NEXT MORNING`, `TEN MINUTES LATER`, `3:15 AM`."""
    words = lexicon()
    upper = segment.upper().strip(_EDGE)
    if not upper:
        return False
    if upper in words.time_phrases or (_CLOCK.match(upper) and not upper.isdigit()):
        return True
    tokens = [token.strip(_EDGE + "'’") or token for token in upper.split()]
    if len(tokens) > 6:
        return False
    held = sum(1 for token in tokens if token in words.time_core)
    if held == 0:
        return any(phrase in upper for phrase in words.time_phrases) and all(
            token in words.time_beside or token in upper for token in tokens
        )
    return all(token in words.time_core or token in words.time_beside or _FIGURE.match(token) for token in tokens)


def _is_remark(segment: str) -> bool:
    upper = segment.upper().strip(_EDGE)
    return upper in lexicon().remarks or _YEAR.match(upper) is not None


def _stopped(text: str) -> list[str]:
    """The parts between full stops, those of abbreviations left alone: `ST. ANN'S. NIGHT` has two."""
    parts = [""]
    for piece in _STOP.split(text):
        parts[-1] = f"{parts[-1]}. {piece}" if parts[-1] else piece
        last = piece.split()[-1].lower() if piece.split() else ""
        if len(last) > 1 and last not in lexicon().abbreviations and last not in lexicon().either:
            parts.append("")
    return [part.strip(_EDGE) for part in parts if part.strip(_EDGE)]


def _split(rest: str) -> list[str]:
    """The heading's segments: by dashes; by commas, or by a stop before a time, where there is no dash."""
    pieces = [piece.strip(_EDGE) for piece in _DASH.split(rest)]
    pieces = [piece for piece in pieces if piece]
    if len(pieces) == 1 and _WIDE.search(rest):
        return [piece for piece in (part.strip(_EDGE) for part in _WIDE_DASH.split(rest)) if piece]
    if len(pieces) == 1:
        parts = [part for part in (part.strip(_EDGE) for part in _COMMA.split(pieces[0])) if part]
        if len(parts) > 1:
            return parts
        parts = _stopped(pieces[0])
        if len(parts) > 1 and _is_time(parts[-1]):
            return parts
        if not any(_is_time(piece) for piece in pieces):
            head, _, last = pieces[0].rpartition(" ")
            if head and last.upper() in lexicon().time_core and " " not in last:
                return [head, last]
    out: list[str] = []
    for piece in pieces:
        parts = _COMMA.split(piece)
        if len(parts) > 1 and (_is_time(parts[-1]) or _is_remark(parts[-1])):
            out += [", ".join(parts[:-1]), parts[-1]]
        else:
            out.append(piece)
    return out


@lru_cache(maxsize=4096)
def parse_slugline(heading: str) -> Slugline:
    """`INT. MILL - LOFT - NIGHT / LATER (1973)` taken apart. `heading` has no scene number; `raw` keeps it whole.

    What is in brackets, a year and remarks such as FLASHBACK or MOVING become tails, in the order in which they stand;
    the first segment left is the place and the others are sets within it.
    """
    words = lexicon()
    head = words.heading.match(heading)
    int_ext, rest = "", heading
    if head is not None:
        rest = heading[head.end() :]
        opening = (head.group("word") or "").upper()
        int_ext = "INT/EXT" if head.group("both") else words.heading_words.get(opening, "")
        if head.group("both"):
            int_ext = _both(head.group("both").upper())
    tails = [text for found in _TAIL.findall(rest) if (text := "".join(found))]
    bare = _TAIL.sub(" ", rest)
    if (other := _SECOND_OPENING.search(bare)) is not None:
        if int_ext in {"INT", "EXT"} and other.group(1).upper() != int_ext:
            int_ext = "INT/EXT"
        bare = _SECOND_OPENING.sub(" / ", bare)
    if _WIDE.search(rest) and tails and any(_is_time(tail) for tail in tails):
        bare = " - ".join([bare.strip(), *(tail for tail in tails if _is_time(tail))])
        tails = [tail for tail in tails if not _is_time(tail)]
    places: list[str] = []
    times: list[str] = []
    for segment in _split(bare):
        _sort(" ".join(segment.split()), places, times, tails)
    return Slugline(
        raw=heading,
        int_ext=cast("IntExt", int_ext),
        place=places[0] if places else "",
        sub_places=tuple(places[1:]),
        time=" / ".join(times),
        tails=tuple(tail.strip() for tail in tails if tail.strip()),
    )


def _both(opening: str) -> str:
    """INT/EXT for a mixed pair, INT or EXT for a pair of the same kind (`INT./INT.`)."""
    words = lexicon().heading_words
    kinds = {words.get(part.strip(" .")) for part in re.split(r"[/\\&-]", opening)} - {None}
    single = kinds.pop() if len(kinds) == 1 else None
    return single if single in {"INT", "EXT"} and opening not in words else "INT/EXT"


def _sort(segment: str, places: list[str], times: list[str], tails: list[str]) -> None:
    """Puts a segment where it belongs; one with slashes is taken apart, so `DAY / DRIVING` is a time and a remark."""
    if _is_time(segment):
        times.append(segment)
        return
    if _is_remark(segment):
        tails.append(segment)
        return
    parts = [part.strip(_EDGE) for part in _SLASH.split(segment)]
    if len(parts) == 1 and "/" in segment and any(_is_time(part) for part in segment.split("/")):
        parts = [part.strip(_EDGE) for part in segment.split("/")]
    if len(parts) == 1:
        places.append(segment)
        return
    for part in parts:
        if part:
            (times if _is_time(part) else tails if _is_remark(part) else places).append(part)
