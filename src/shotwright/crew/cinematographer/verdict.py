"""What is wrong with picks taken together: cuts that jump, sizes that run on, more close-ups or moves than one has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shotwright.craft.chooser import CLOSE
from shotwright.crew.cinematographer.wording import SIZE_WORDS, name_of
from shotwright.model.vocabulary import SIZE_ORDER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from shotwright.crew.cinematographer.draft import Photography
    from shotwright.crew.cinematographer.offers import Offer, Scout
    from shotwright.crew.cinematographer.standing import Standing

CLOSE_SHARE = 0.35
ONCE = {"dolly_in": "push-in", "dolly_out": "move back", "crane_up": "crane move", "arc_right": "circling move"}
"""Moves that a scene has once."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One thing that does not hold."""

    pick: int
    """Index of the shot that is left as it was."""
    why: str
    concerned: tuple[int, ...] = ()
    """Picks of which any might be left out instead."""


def verdicts(
    scene: Photography, standing: Standing, new: Standing, picks: Mapping[int, Offer], scout: Scout
) -> list[Verdict]:
    """Everything that the picks made worse than it stood, the cuts first."""
    head = {at: i for i, clips in scout.takes.items() for at in clips}
    found = list(_cuts(scene, standing, new, picks, head))
    found.extend(_runs(scene, standing, new, picks, head))
    found.extend(_closeness(standing, new, picks, scout))
    found.extend(_moves(standing, new, picks, scout))
    return found


def _cuts(
    scene: Photography, standing: Standing, new: Standing, picks: Mapping[int, Offer], head: Mapping[int, int]
) -> Iterator[Verdict]:  # fmt: skip
    for at in sorted(new.wrong - standing.wrong):
        concerned = tuple(dict.fromkeys(p for p in (head[at], head[at - 1]) if p in picks))
        if not concerned:
            earlier = [p for p in picks if p < at] or list(picks)
            concerned = (earlier[-1],)
        yield Verdict(concerned[0], _why_cut(scene, new, at), concerned)


def _why_cut(scene: Photography, new: Standing, at: int) -> str:
    before, after = new.frames[at - 1], new.frames[at]
    one, two = SIZE_ORDER[before.setup.size], SIZE_ORDER[after.setup.size]
    sizes = f"from {SIZE_WORDS[before.setup.size]} to {SIZE_WORDS[after.setup.size]}"
    where = f"the cut from shot {at} to shot {at + 1}"
    if abs(one - two) >= 4:
        return f"{where} leaps {sizes}"
    if abs(one - two) < 2 and new.way[at - 1].primary == new.way[at].primary:
        who = name_of(new.way[at].primary, scene.names) if new.way[at].primary else "the same place"
        return f"{where} jumps, {who} again from nearly the same place and size"
    if new.way[at].kind in ("single", "over") and new.way[at - 1].kind in ("single", "over"):
        return f"{where} answers {sizes}; two who answer each other first match"
    return f"{where} jumps or changes who stands left and right"


def _runs(
    scene: Photography, standing: Standing, new: Standing, picks: Mapping[int, Offer], head: Mapping[int, int]
) -> Iterator[Verdict]:  # fmt: skip
    """A third shot running on the same subject in one size from one height."""
    for at in range(2, len(new.way)):
        if not _run(scene, new, at) or _run(scene, standing, at):
            continue
        concerned = tuple(dict.fromkeys(p for p in (head[at], head[at - 1], head[at - 2]) if p in picks))
        if concerned:
            size = SIZE_WORDS[new.frames[at].setup.size]
            yield Verdict(concerned[0], f"shot {at + 1} is a third {size} running", concerned)


def _run(scene: Photography, what: Standing, at: int) -> bool:
    three = [(scene.found[n], what.way[n], what.frames[n].setup) for n in (at - 2, at - 1, at)]
    if any(way.exempt or moment.shot.continues_shot_id is not None for moment, way, _ in three):
        return False
    (_, _, first), *_ = three
    return (
        len({moment.stage.key for moment, _, _ in three}) == 1
        and all(setup.size == first.size and setup.angle == first.angle for _, _, setup in three)
        and (len({way.primary for _, way, _ in three}) == 1 or all(way.kind == "two" for _, way, _ in three))
    )


def _closeness(
    standing: Standing, new: Standing, picks: Mapping[int, Offer], scout: Scout
) -> Iterator[Verdict]:  # fmt: skip
    """More close-ups than a scene bears."""

    def close(what: Standing, n: int) -> bool:
        return SIZE_ORDER[what.frames[n].setup.size] >= CLOSE and what.way[n].kind != "insert"

    allowed = max(1, int(CLOSE_SHARE * len(scout.takes)), sum(close(standing, n) for n in scout.takes))
    if sum(close(new, n) for n in scout.takes) > allowed:
        more = tuple(n for n in picks if close(new, n) and not close(standing, n))
        if more:
            yield Verdict(more[-1], "so many close-ups leave none for the turn")


def _moves(standing: Standing, new: Standing, picks: Mapping[int, Offer], scout: Scout) -> Iterator[Verdict]:
    for kind, name in ONCE.items():
        with_it = [n for n in scout.takes if new.moves[n].type == kind]
        if len(with_it) <= max(1, sum(standing.moves[n].type == kind for n in scout.takes)):
            continue
        more = [n for n in with_it if n in picks and standing.moves[n].type != kind]
        if more:
            other = next(n for n in with_it if n != more[-1])
            yield Verdict(more[-1], f"a scene has one {name}, and shot {other + 1} has it")
