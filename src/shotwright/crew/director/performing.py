"""The performance of a shot as notes, one a person: taken apart, reworded one by one, put together again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shotwright.crew.director.scrutiny import from_script
from shotwright.crew.director.sides import seen_people
from shotwright.crew.director.wording import raised

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shotwright.crew.director.people import People
    from shotwright.model.crew import DirectedShot

MOST_KEPT = 2
"""Clauses of the script's own that stand before a model's note."""


@dataclass(frozen=True, slots=True)
class Note:
    """How one person plays one shot."""

    who: str
    label: str
    """As the performance names the person."""
    text: str


def notes_of(shot: DirectedShot, people: People) -> tuple[Note, ...]:
    """Everyone's note in a shot's performance; none where nobody plays or it is not of the form `Name: note.`"""
    seen = seen_people(shot)
    told = shot.narrative.character_performance
    labels = [raised(people.name(who)) for who in seen]
    starts: list[int] = []
    at = 0
    for label in labels:
        found = told.find(f"{label}: ", at)
        if found < 0 or (found and told[found - 1] != " "):
            return ()
        starts.append(found)
        at = found + len(label) + 2
    if not starts or starts[0] != 0:
        return ()
    ends = [*(s - 1 for s in starts[1:]), len(told)]
    return tuple(
        Note(who, label, told[begin + len(label) + 2 : end].removesuffix("."))
        for who, label, begin, end in zip(seen, labels, starts, ends, strict=True)
    )


def delivery_of(shot: DirectedShot, who: str) -> str:
    """What the script's parentheticals in a shot say of somebody's lines."""
    mine = [line.delivery for line in shot.dialogue if line.delivery and who in (line.speaker, *line.speakers)]
    return "; ".join(dict.fromkeys(mine))


def speaks_in(shot: DirectedShot, who: str) -> bool:
    """Whether somebody is heard in a shot."""
    return any(who in (line.speaker, *line.speakers) for line in shot.dialogue)


def after_script(note: Note, shot: DirectedShot, shown: str, worded: str) -> str:
    """A note with what the script itself says of the playing first, then the model's words."""
    said = f"{shown} {delivery_of(shot, note.who)}"
    kept = [p for p in note.text.split("; ") if p.casefold() not in worded.casefold() and from_script(p, said)]
    return "; ".join(dict.fromkeys([*kept[:MOST_KEPT], worded]))


def put_together(notes: Sequence[Note], texts: Mapping[str, str]) -> str:
    """The performance with some people's notes changed, in the order of the frame."""
    return " ".join(f"{n.label}: {texts.get(n.who, n.text)}." for n in notes)
