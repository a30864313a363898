"""Where scenes begin in prose: sections first, then what sentences say of time, place and company.

A scene is cut where a paragraph's opening says that time has passed or that we are elsewhere, where somebody comes to
another place, and where everybody has gone. A place that is only passed through is no scene.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shotwright.crew.architect.adapt_places import (
    Place,
    long_jump,
    named_place,
    opening_place,
    reached_place,
    subject_place,
    time_passed,
)
from shotwright.crew.architect.adapt_words import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.crew.architect.adapt_speakers import Moment, Told
    from shotwright.model.prose import Prose, Section

_POSTURE = re.compile(
    r"\b(?:sits?|sat|stands?|stood|lies|lay|waits?|waited|wakes?|woke|was|were|is|are|sleeps?|slept)\b"
)
LEAST_WORDS = 4
"""What has fewer words is no scene of its own."""
SLUG = re.compile(r"^(INT\.?/EXT|INT|EXT)[. ]\s*(.+?)(?:\s+[-–—]+\s+([^-–—]+))?$", re.IGNORECASE)
"""A heading of the prose that is a scene heading already."""


@dataclass(slots=True)
class Cut:
    """Where a scene begins, and what is known of where and when it is."""

    at: int
    """Index of its first moment."""
    why: str
    section: str = ""
    place: Place | None = None
    passed: str = ""
    """The words that say that time has passed."""
    away: bool = False
    """It is somewhere else, the words do not say where."""
    fresh: bool = False
    """A new section: what was true before need not be."""
    heading: str = ""
    """A heading that the prose itself gives: `INT. BARN - NIGHT`."""


def find_cuts(prose: Prose, told: Told) -> list[Cut]:
    """Where scenes begin: at sections, where a paragraph's opening says that time has passed or that we are elsewhere,
    where somebody comes to another place, and where everybody has gone."""
    cuts: list[Cut] = []
    section_of = _sections(prose.sections)
    current: Place | None = None
    pending = ""
    for section in prose.sections:
        if section.heading and section.paragraphs[0] > section.paragraphs[1]:
            pending = section.heading
    section_at = -1
    paragraph = -1
    for at, moment in enumerate(told.moments):
        number = section_of.get(moment.paragraph, -1)
        starts = moment.paragraph != paragraph
        paragraph = moment.paragraph
        if number != section_at:
            section_at = number
            cut = _section_cut(prose.sections[number] if number >= 0 else None, moment, pending)
            cut.at = at
            pending = ""
            cuts.append(cut)
            current = cut.place
        elif moment.kind == "action" and (found := _turn(moment, current, starts)) is not None:
            found.at = at
            cuts.append(found)
            current = found.place or current
        if current is None and moment.kind == "action":
            # What is not known yet is learnt on the way, so that a move to it is not taken for a change.
            near = named_place(moment.text)
            current = near[0] if near is not None and near[1] else None
    return _settled(cuts, told.moments)


def _sections(sections: Sequence[Section]) -> dict[int, int]:
    return {p: n for n, s in enumerate(sections) for p in range(s.paragraphs[0], s.paragraphs[1] + 1)}


def _section_cut(section: Section | None, moment: Moment, pending: str) -> Cut:
    heading = section.heading if section is not None else ""
    cut = Cut(0, "section", section=" / ".join(filter(None, (pending, heading))), fresh=True)
    slug = SLUG.match(heading.rpartition(" / ")[2].strip("*_ "))
    if slug is not None:
        cut.heading = slug.group()
    if moment.kind == "action":
        cut.passed = time_passed(moment.text)
        place = opening_place(moment.text) or reached_place(moment.text) or subject_place(moment.text)
        if place is not None and not place.relative:
            cut.place = place
    return cut


def _turn(moment: Moment, current: Place | None, starts: bool) -> Cut | None:
    """The cut that a sentence makes within a section, or None."""
    text = moment.text
    passed = time_passed(text) if starts else ""
    opened = opening_place(text) if starts else None
    if opened is None and passed:
        rest = text[len(passed) :].lstrip(" ,")
        opened = opening_place(rest[:1].upper() + rest[1:])
    reached = reached_place(text) if _somebody_moves(text) else None
    place = opened or reached
    if place is None and passed and (named := named_place(text)) is not None and (named[1] or _POSTURE.search(text)):
        place = named[0]
    if place is not None and _elsewhere(place, current) and (current is not None or starts or passed):
        why = f"time: {passed}" if passed else f"place: {place.words}"
        return Cut(0, why, place=place, passed=passed)
    if passed and (long_jump(passed) or re.match(r"later|much later|some time", passed.lower())):
        return Cut(0, f"time: {passed}", passed=passed)
    if starts and (alone := words().alone.match(text)) is not None:
        if alone.group().lower() in ("elsewhere", "across town"):
            return Cut(0, f"place: {alone.group()}", away=True)
        return Cut(0, f"company: {alone.group()}", passed="later")
    return None


def _elsewhere(place: Place, current: Place | None) -> bool:
    """Whether a place is not the one where we are."""
    if current is None:
        return True
    return place.relative != current.relative if place.relative else not place.same(current)


def _somebody_moves(text: str) -> bool:
    """Whether a sentence's beginning is somebody who could come somewhere."""
    return re.match(r"(?:\w+,? ){0,3}?(?:[Hh]e|[Ss]he|[Tt]hey|[Ww]e|I|[A-ZÀ-Þ][\w’'-]+|the \w+)\b", text) is not None


def _settled(cuts: list[Cut], moments: Sequence[Moment]) -> list[Cut]:
    """Leaves out scenes that would only be passed through: one sentence on the way to the next place."""
    kept: list[Cut] = []
    for place, cut in enumerate(cuts):
        end = cuts[place + 1].at if place + 1 < len(cuts) else len(moments)
        body = moments[cut.at : end]
        passing = (
            not cut.fresh and place + 1 < len(cuts) and not cuts[place + 1].fresh and len(body) <= 1
            and cut.why.startswith("place") and cuts[place + 1].why.startswith("place")
        )  # fmt: skip
        if passing and kept:
            continue
        if kept and not cut.fresh and sum(len(m.text.split()) for m in moments[kept[-1].at : cut.at]) < LEAST_WORDS:
            # A salutation or a single word is no scene: it opens this one.
            cut.at, cut.section, cut.fresh, cut.heading = (
                kept[-1].at,
                kept[-1].section,
                kept[-1].fresh,
                kept[-1].heading,
            )
            kept.pop()
        kept.append(cut)
    return kept
