"""The headings of adapted scenes: where and when each is, from its own words, else from what was before, or a guess."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shotwright.crew.architect.adapt_cuts import SLUG, Cut
from shotwright.crew.architect.adapt_places import (
    IntExt,
    Place,
    arrived_place,
    hour_of,
    long_jump,
    named_place,
    subject_place,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.crew.architect.adapt_speakers import Moment
    from shotwright.model.prose import Prose

UNNAMED = "UNNAMED PLACE"
_LATE = re.compile(
    r"\b(?:it was (?:very |so )?late|lamps? (?:\w+ ){0,4}(?:burn(?:s|ed|ing)?|lit)|lit lamps?|by lamplight)\b", re.I
)
"""What makes night the better guess."""
OPENING_SENTENCES = 6
"""So many sentences of a scene are looked at for when it is, before the rest."""


@dataclass(frozen=True, slots=True)
class Head:
    """A scene's heading, and what of it is not from its own words."""

    at: int
    int_ext: IntExt
    place: str
    time: str
    why: str = ""
    section: str = ""
    guesses: tuple[str, ...] = ()
    inherited: bool = False
    """Its hour is that of the scene before."""
    fresh: bool = False
    mind: str = "rules"


@dataclass(slots=True)
class _State:
    """What the scenes so far leave standing."""

    title: str
    place: Place | None = None
    building: Place | None = None
    """The last place that is no room."""
    time: str = ""
    time_guessed: bool = True


def resolve_heads(prose: Prose, cuts: Sequence[Cut], moments: Sequence[Moment]) -> list[Head]:
    """The heading of every scene, in order."""
    state = _State(prose.title)
    out: list[Head] = []
    for place, cut in enumerate(cuts):
        end = cuts[place + 1].at if place + 1 < len(cuts) else len(moments)
        out.append(_head(prose, cut, moments[cut.at : end], state))
    return out


def _head(prose: Prose, cut: Cut, moments: Sequence[Moment], state: _State) -> Head:
    section = " / ".join(h for h in cut.section.split(" / ") if h and h != state.title and not SLUG.match(h))
    if cut.heading and (slug := SLUG.match(cut.heading)) is not None:
        kind: IntExt = "INT/EXT" if "/" in slug[1] else "EXT" if slug[1][:1] in "eE" else "INT"
        name, time = slug[2].upper(), (slug[3] or "DAY").upper()
        state.place, state.time, state.time_guessed = Place(name, name, kind, name), time, not slug[3]
        known: tuple[str, ...] = () if slug[3] else ("time",)
        return Head(cut.at, kind, name, time, cut.why, section, known, fresh=True)
    told = [prose.words(m.span) for m in moments if m.kind != "speech"]
    place, guessed = _place(cut, told, state)
    time, time_guessed, inherited = _time(cut, told, state)
    guesses = tuple(
        name for name, guess in (("place", guessed or place.name == UNNAMED), ("time", time_guessed)) if guess
    )
    state.place, state.time_guessed = place, time_guessed
    if not place.room and not place.relative:
        state.building = place
    if time not in ("LATER", "CONTINUOUS"):
        state.time = time
    return Head(cut.at, place.int_ext, place.name, time, cut.why, section, guesses, inherited, cut.fresh)


def _place(cut: Cut, told: Sequence[str], state: _State) -> tuple[Place, bool]:
    """Where a scene is: as its beginning says, else as its sentences do, else where we were; True for a guess."""
    if cut.place is not None:
        if not cut.place.relative:
            return cut.place, False
        if state.place is not None and state.place.name != UNNAMED:
            around = state.building if cut.place.relative == "outside" and state.place.room else None
            return _relative(cut.place, around or state.place), state.place.room and around is None
    if cut.away:
        state.place = None
    if cut.fresh or cut.passed or state.place is None or state.place.name == UNNAMED:
        if cut.fresh and (arrived := arrived_place(" ".join(told[:3]))) is not None:
            return arrived, False
        bare = next((place for text in told[:3] if (place := subject_place(text)) and len(text.split()) <= 4), None)
        if bare is not None:
            return bare, False
        found = named_place(" ".join(told[:3]))
        if found is not None and found[1]:
            return found[0], False
        begun = next((place for text in told[:3] if (place := subject_place(text)) is not None), None)
        if begun is not None and cut.fresh:
            return begun, False
        known = state.place is not None and state.place.name != UNNAMED
        if not known or cut.section:
            found = found or named_place(" ".join(told))
            if found is not None:
                return found[0], True
    if cut.place is not None and cut.place.relative:
        return Place(cut.place.relative.upper(), cut.place.noun, cut.place.int_ext, cut.place.words), False
    if state.place is not None:
        return state.place, cut.fresh or long_jump(cut.passed)
    return Place(UNNAMED, UNNAMED, "INT", ""), True


def _relative(place: Place, before: Place) -> Place:
    """`outside`, seen from a place: `EXT. MILL`, `INT. MILL - UPSTAIRS`."""
    name = before.name.partition(" - ")[0]
    if place.relative in ("upstairs", "downstairs"):
        name = f"{name} - {place.relative.upper()}"
    elif place.int_ext == before.int_ext:
        name = before.name
    elif place.relative == "outside" and before.room:
        name = "OUTSIDE THE HOUSE"
    return Place(name, place.noun, place.int_ext, place.words, relative=place.relative)


def _time(cut: Cut, told: Sequence[str], state: _State) -> tuple[str, bool, bool]:
    """When a scene is, whether that is a guess, and whether it is the hour of the scene before."""
    jumped = bool(cut.passed)
    said = hour_of(cut.passed)
    if not said and (cut.fresh or jumped):
        said = hour_of(" ".join(told[:OPENING_SENTENCES]))
    elif not said:
        said = hour_of(" ".join(told[:2]))
    if said:
        return said, False, False
    if jumped and cut.passed:
        if not long_jump(cut.passed) or "hour" in cut.passed.lower() or cut.passed.lower() in ("later", "much later"):
            return "LATER", False, False
        return "DAY", True, False
    if cut.fresh:
        if state.time and not state.time_guessed:
            return state.time, True, True
        late = _LATE.search(" ".join(told[:OPENING_SENTENCES])) is not None
        return "NIGHT" if late else "DAY", True, False
    return state.time or "DAY", state.time_guessed, True
