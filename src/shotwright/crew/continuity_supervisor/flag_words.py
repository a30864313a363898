"""The rules' flags in words that help the one who must mend them: the figures stay, what they mean is said for this
scene."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from shotwright.craft.answers import Refused, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from shotwright.model.shot import Flag, Shot

MOST_FLAGS = 6
"""So many flags of a scene are worded, errors first."""
MOST_WORDS = 32
WANTED = (
    'Rules found these. Add "flags":[{"flag":number,"say":words}] for those that you can say better to whoever must '
    "mend them: at most 25 words, what to change in this scene, every figure of the line kept. Leave the others out."
)
LONGEST = 260
_FIGURE = re.compile(r"\d+(?:[.,]\d+)?")
_WORD = re.compile(r"[\w'’]+")


def worth_wording(flags: Sequence[Flag], shots: Sequence[Shot]) -> tuple[int, ...]:
    """The places, among the flags, of those that are asked about: what somebody must mend, in shots of the scene that
    nobody has approved."""
    open_shots = {s.shot_id for s in shots if s.review.status != "approved"}
    found = [n for n, f in enumerate(flags) if f.severity in ("error", "warn") and f.shot_id in open_shots]
    return tuple(sorted(sorted(found, key=lambda n: (flags[n].severity != "error", n))[:MOST_FLAGS]))


def flag_lines(flags: Sequence[Flag], places: Sequence[int]) -> Iterator[str]:
    """The flags as a question shows them, numbered from 1, and what is asked about them."""
    for number, place in enumerate(places, 1):
        flag = flags[place]
        yield f"Flag {number}: {flag.message} {flag.hint}".strip()
    if places:
        yield WANTED


def worded_flag(text: str, flag: Flag, apart_from: Sequence[str]) -> str:
    """A model's words for a flag, cleaned. Every figure of the flag must be in them and no other. Raises Refused."""
    clean = sentence(text, most=LONGEST, least_words=5, apart_from=apart_from)
    if len(_WORD.findall(clean)) > MOST_WORDS:
        raise Refused("it is longer than 30 words")
    given = _figures(clean)
    for figure in sorted(_figures(flag.message)):
        if figure not in given:
            raise Refused(f"it drops the figure {figure}")
    known = _figures(" ".join((flag.message, flag.measured, flag.threshold, flag.hint)))
    for figure in sorted(given - known):
        raise Refused(f"the figure {figure} was not measured")
    return clean


def _figures(text: str) -> frozenset[str]:
    return frozenset(_FIGURE.findall(text))
