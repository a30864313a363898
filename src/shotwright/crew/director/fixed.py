"""Shots that a person has pinned or approved are fixed boundaries: the scene is cut around them."""

from __future__ import annotations

from dataclasses import replace

from shotwright.craft.timing import plain
from shotwright.crew.director.pieces import Piece
from shotwright.model.crew import DirectedShot


def around(pieces: list[Piece], fixed: tuple[DirectedShot, ...]) -> list[list[Piece] | DirectedShot]:
    """The scene as stretches to solve and fixed shots, in script order.

    A fixed shot takes its action sentences and its words out of the pieces; a phrase that it holds only part of is
    divided there. A fixed shot whose text is gone from the scene is left out: its keeper shows it to a person.
    """
    items: list[Piece | DirectedShot] = list(pieces)
    opening: list[DirectedShot] = []
    for shot in fixed:
        if not shot.units and not shot.dialogue:
            opening.append(shot)
            continue
        taken = _take(items, shot)
        if taken is not None:
            items = taken
    stretches: list[list[Piece] | DirectedShot] = list(opening)
    run: list[Piece] = []
    for item in items:
        if isinstance(item, DirectedShot):
            _close(stretches, run)
            run = []
            stretches.append(item)
        else:
            run.append(item)
    _close(stretches, run)
    return stretches


def _close(stretches: list[list[Piece] | DirectedShot], run: list[Piece]) -> None:
    if run and any(p.kind != "mark" or p.text for p in run):
        stretches.append(run)


def _take(items: list[Piece | DirectedShot], shot: DirectedShot) -> list[Piece | DirectedShot] | None:
    """The items with the fixed shot in the place of what it carries, or None where its text is not there."""
    wanted: dict[str, list[str]] = {}
    for line in shot.dialogue:
        wanted.setdefault(line.unit, []).extend(plain(line.text).split())
    spoken = set(wanted)
    result: list[Piece | DirectedShot] = []
    placed = False
    remaining = {unit: list(words) for unit, words in wanted.items()}
    started: set[str] = set()
    # A speech that the shot leaves for the next unit ends in it: words that are said twice are then the later ones.
    offsets = {unit: _offset(items, unit, words, ends=unit != shot.units[-1]) for unit, words in wanted.items()}
    if any(at is None for at in offsets.values()):
        return None
    passed = dict.fromkeys(spoken, 0)
    for item in items:
        if isinstance(item, DirectedShot) or item.unit not in set(shot.units) | spoken:
            result.append(item)
            continue
        if item.kind != "speech":
            if not placed:
                result.append(shot)
                placed = True
            continue
        if item.unit not in spoken:
            result.append(item)
            continue
        words = item.text.split()
        start = offsets[item.unit] or 0
        begin, size = passed[item.unit], len(words)
        passed[item.unit] += size
        low, high = max(0, start - begin), min(size, start + len(remaining[item.unit]) - begin)
        if low >= high:
            result.append(item)
            continue
        if low > 0:
            result.append(_part(item, words[:low], starts=True, ends=False))
        if not placed:
            result.append(shot)
            placed = True
        if high < size:
            result.append(_part(item, words[high:], starts=False, ends=True))
        started.add(item.unit)
    return result if placed else None


def _part(piece: Piece, words: list[str], starts: bool, ends: bool) -> Piece:
    share = len(words) / max(1, len(piece.text.split()))
    return replace(
        piece,
        text=" ".join(words),
        words=piece.words * share,
        seconds=piece.seconds * share,
        floor=piece.floor * share,
        starts_speech=piece.starts_speech and starts,
        ends_speech=piece.ends_speech and ends,
        must=False,
    )


def _offset(items: list[Piece | DirectedShot], unit: str, words: list[str], *, ends: bool) -> int | None:
    """Where in what is left of a speech the words begin, counted in words; the last place of several if it `ends`."""
    left = [w for i in items if isinstance(i, Piece) and i.unit == unit and i.kind == "speech" for w in i.text.split()]
    places = range(len(left) - len(words) + 1)
    for at in reversed(places) if ends else places:
        if left[at : at + len(words)] == words:
            return at
    return None
