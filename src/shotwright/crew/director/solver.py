"""The duration solver: where one clip ends and the next begins, over the whole scene at once.

Dynamic programming on the scene's pieces. Every clip is between the settings' least and most seconds; short content
gets air, action squeezes, speech never does. A cut has the cost of its place in the text, a clip the cost of its
length and of what it crowds together. Once two solutions share a boundary they agree from there on, so a change in
one place leaves the shots away from it as they were.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shotwright.craft.timing import table

if TYPE_CHECKING:
    from shotwright.crew.director.pieces import Piece

NEVER = 1e9
MOST_SPEAKERS = 2
MOST_TURNS = 4
MOST_PIECES = 16
MOST_FACES = 3
WISH = 12.0
"""What a wished boundary is worth, and one that nobody wished costs: more than any taste of the rules, less than what
makes a clip illegal."""


@dataclass(slots=True)
class Clip:
    """A run of pieces in one clip."""

    pieces: list[Piece]
    natural: float
    """Seconds that the content takes; a voice-over runs while the action does."""
    speech: float
    """Seconds of speech, which cannot be squeezed."""
    seconds: float
    """The clip: natural, within the bounds."""


def solve(
    pieces: list[Piece],
    least: float,
    most: float,
    preferred: list[float],
    starts: frozenset[int] | None = None,
) -> list[Clip]:
    """Cut pieces into clips. `preferred` is the length wished for, by piece, in seconds.

    `starts` are the pieces at which a clip is wished to begin: kept wherever the clips between them are legal.
    """
    count = len(pieces)
    if not count:
        return []
    best = [NEVER] * (count + 1)
    origin = [0] * (count + 1)
    best[0] = 0.0
    for start in range(count):
        base = best[start]
        if base >= NEVER:
            continue
        if start:
            base += pieces[start].cost
            if pieces[start].glue:
                base += 40.0
            if starts is not None:
                base += -WISH if start in starts else WISH
        for end, cost in _clips_from(pieces, start, least, most, preferred[start], strict=starts is not None):
            if base + cost < best[end] - 1e-9:
                best[end] = base + cost
                origin[end] = start
    bounds = [count]
    while bounds[-1]:
        bounds.append(origin[bounds[-1]])
    bounds.reverse()
    return [_clip(pieces[a:b], least, most) for a, b in itertools.pairwise(bounds)]


def _clips_from(
    pieces: list[Piece], start: int, least: float, most: float, preferred: float, *, strict: bool = False
) -> list[tuple[int, float]]:
    """(end, cost) of every clip that may begin at a piece; always at least the shortest.

    `strict` lets no wish put a third speaker into a clip.
    """
    gap = table().gap
    action = floor = over = talk = 0.0
    turns = 0
    speakers: list[str] = []
    found: list[tuple[int, float]] = []
    faces = doing = talking = 0
    for n in range(start, min(len(pieces), start + MOST_PIECES)):
        piece = pieces[n]
        if n > start and piece.must:
            break
        if piece.kind == "speech":
            extra = _spoken(pieces, n, start, gap)
            if piece.voice == "voice_over":
                over += extra
            else:
                talk += extra
            if n == start or pieces[n - 1].unit != piece.unit:
                turns += 1
            if piece.speakers[0] not in speakers:
                speakers.append(piece.speakers[0])
            talking |= piece.faces
        else:
            action += piece.seconds
            floor += piece.floor
            doing |= piece.faces
        faces |= piece.faces
        natural, tightest = talk + max(action, over), talk + max(floor, over)
        if n > start and tightest > most + 1e-6 and (not piece.glue or tightest > most + 1.0):
            break
        cost = _length_cost(natural, tightest, least, most, preferred)
        if faces & (faces - 1):
            many = faces.bit_count()
            if many > MOST_FACES:
                cost += 0.45 * (many - MOST_FACES)
            if talking and doing and not doing & talking:
                # What one does and what another says are two pictures.
                cost += 0.4
        if len(speakers) > MOST_SPEAKERS:
            cost += (4.0 * WISH if strict else 6.0) * (len(speakers) - MOST_SPEAKERS)
        if turns > MOST_TURNS:
            cost += 2.5 * (turns - MOST_TURNS)
        elif turns > 1 and talk > 5.4:
            # Two long turns each deserve a face; quick talk shares a frame.
            cost += 0.25
        found.append((n + 1, cost))
    return found


def _spoken(pieces: list[Piece], n: int, start: int, gap: float) -> float:
    """Seconds that the nth piece, a phrase, adds to a clip that begins at `start`."""
    piece = pieces[n]
    if piece.dual_second and n > start:
        return max(0.0, piece.seconds - pieces[n - 1].seconds)
    return piece.seconds + (gap if n == start or pieces[n - 1].unit != piece.unit else 0.0)


def _length_cost(natural: float, floor: float, least: float, most: float, preferred: float) -> float:
    seconds = min(most, max(least, natural))
    cost = 0.14 * abs(seconds - preferred) + 0.55
    if natural < least:
        cost += 0.5 * (least - natural)
    elif natural > most:
        cost += 0.45 * (natural - most) + 0.8 * (natural - most) / max(0.2, natural - floor)
    if floor > most + 1e-6:
        cost += 30.0
    return cost


def _clip(pieces: list[Piece], least: float, most: float) -> Clip:
    gap = table().gap
    action = over = talk = 0.0
    for n, piece in enumerate(pieces):
        if piece.kind != "speech":
            action += piece.seconds
        elif piece.voice == "voice_over":
            over += _spoken(pieces, n, 0, gap)
        else:
            talk += _spoken(pieces, n, 0, gap)
    natural = talk + max(action, over)
    return Clip(pieces, natural, talk + over, min(most, max(least, natural)))
