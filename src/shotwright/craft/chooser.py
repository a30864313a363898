"""The shot chooser: the cheapest way through a scene's candidates by dynamic programming.

The cost of a way is the sum of each shot's own cost, the cost of each cut between neighbours, and what a third shot
in a row costs; after Christie, Lino and Ronfard (2012), editing as shot quality, cut quality and rhythm.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shotwright.craft.geometry import turn_between

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.craft.idioms import Kind

CLOSE = 5
"""Step of size from which a frame counts as a close-up."""

REPEAT = 3.0
THIRTY_DEGREES = 4.0
LEAP = 6.0
UNMATCHED = 1.5
THIRD_RUNNING = 3.0
STEP = 0.18
NEW_SETUP = 0.5


@dataclass(slots=True)
class Candidate:
    """One way to photograph a shot, in numbers only. Degrees of the room; size as a step 0-6."""

    kind: Kind
    primary: str
    partner: str
    size: int
    azimuth: float
    angle: str
    cost: float
    because: str = ""
    exempt: bool = False
    """Nobody's neighbour: insert, point of view, series or montage element."""
    theta: float = 18.0
    evidence: tuple[str, ...] = ()
    people: frozenset[str] = frozenset()
    """Everyone whom the frame is of."""
    around: float = 0.0
    """Azimuth of the camera about the primary, which is not `azimuth` where the frame is built about several."""

    @property
    def key(self) -> tuple[str, str, str, int, float, str]:
        return self.kind, self.primary, self.partner, self.size, round(self.azimuth), self.angle


def cut_cost(before: Candidate, after: Candidate, sudden: bool) -> float:
    """What the cut between two neighbours costs. `sudden`: the feeling or the script wants a jump of size here."""
    if before.exempt or after.exempt:
        return REPEAT / 2 if before.key == after.key else 0.0
    cost = 0.0
    leap = abs(after.size - before.size)
    if leap >= 4 and not sudden:
        cost += LEAP
    cost += STEP * max(leap - 2, 0)
    same = before.primary == after.primary if before.primary else before.kind == after.kind == "empty"
    if same or (before.people and before.people == after.people):
        turned = abs(turn_between(before.around, after.around))
        if before.people == after.people and len(after.people) > 1:
            turned = min(turned, abs(turn_between(before.azimuth, after.azimuth)))
        if turned < 31 and leap < 2:
            cost += THIRTY_DEGREES + (REPEAT if leap == 0 else 0.0)
    elif before.kind == after.kind and before.kind in ("single", "over") and before.primary == after.partner:
        cost += UNMATCHED * min(leap, 2) + (0.6 if before.angle != after.angle and not sudden else 0.0)
    if before.kind == "master" and after.kind == "master":
        cost += 1.2
    if before.kind == "two" and after.kind == "two":
        cost += 1.0
    return cost


def choose(
    options: Sequence[Sequence[Candidate]], sudden: Sequence[bool], close_share: float = 0.35
) -> tuple[list[Candidate], float]:
    """The cheapest way through, and the price that was put on each close frame to keep their share under the cap."""
    price = 0.0
    allowed = max(1, int(close_share * len(options)))
    way = _cheapest(options, sudden, price)
    for dearer in (0.5, 1.0, 1.8, 3.0, 6.0):
        if sum(1 for c in way if c.size >= CLOSE and c.kind != "insert") <= allowed:
            break
        price = dearer
        way = _cheapest(options, sudden, price)
    return way, price


def _cheapest(options: Sequence[Sequence[Candidate]], sudden: Sequence[bool], price: float) -> list[Candidate]:
    if not options:
        return []
    totals = [_own(c, price) for c in options[0]]
    back: list[list[int]] = [[0] * len(options[0])]
    used: list[frozenset[tuple[str, str, str, int, float, str]]] = [frozenset([c.key]) for c in options[0]]
    for i in range(1, len(options)):
        before, here, leap_wanted = options[i - 1], options[i], sudden[i]
        earlier = options[i - 2] if i > 1 else ()
        new_totals, pointers, new_used = [], [], []
        for after in here:
            best, best_at = float("inf"), 0
            key = after.key
            for j, prior in enumerate(before):
                cost = totals[j] + cut_cost(prior, after, leap_wanted)
                if cost >= best:
                    continue
                if key not in used[j]:
                    cost += NEW_SETUP
                if (
                    earlier
                    and prior.size == after.size
                    and prior.primary == after.primary
                    and prior.angle == after.angle
                ):
                    first = earlier[back[i - 1][j]]
                    if first.size == after.size and first.primary == after.primary and not after.exempt:
                        cost += THIRD_RUNNING
                if cost < best:
                    best, best_at = cost, j
            new_totals.append(best + _own(after, price))
            pointers.append(best_at)
            new_used.append(used[best_at] if key in used[best_at] else used[best_at] | {key})
        totals, used = new_totals, new_used
        back.append(pointers)
    at = min(range(len(totals)), key=totals.__getitem__)
    way = []
    for i in range(len(options) - 1, -1, -1):
        way.append(options[i][at])
        at = back[i][at]
    way.reverse()
    return way


def _own(candidate: Candidate, price: float) -> float:
    if candidate.size >= CLOSE and candidate.kind != "insert":
        return candidate.cost + price
    return candidate.cost
