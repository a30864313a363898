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
UNMATCHED = 2.0
THIRD_RUNNING = 3.0
STEP = 0.18
NEW_SETUP = 2.2
"""What it costs to put the camera somewhere new: a scene goes back to the set-ups that it has."""
SAME_COVERAGE = 1.4
SAME_DEG = 10.0


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
    asked: int = -1
    """The step of size that was asked for, where the frame had to be wider to hold everyone; else `size`."""
    turn: bool = False
    """It is a frame for the turn of the scene."""

    @property
    def key(self) -> tuple[str, str, str, int, float, str]:
        """What makes two candidates one set-up. A frame of several is the same whoever of them is the subject."""
        first, second = self.primary, self.partner
        if self.kind == "two":
            first, second = min(first, second), max(first, second)
        elif self.kind == "master":
            first = second = ""
        elif self.kind in ("single", "insert"):
            second = ""
        if self.kind == "single":
            # A look a few degrees aside is taken by the camera that stands there already.
            return self.kind, first, second, self.size, round(self.azimuth / SAME_DEG) * SAME_DEG, self.angle
        return self.kind, first, second, self.size, round(self.azimuth), self.angle


def cut_cost(before: Candidate, after: Candidate, sudden: bool) -> float:
    """What the cut between two neighbours costs. `sudden`: the feeling or the script wants a jump of size here."""
    if before.exempt or after.exempt:
        return REPEAT / 2 if before.kind == after.kind and before.key == after.key else 0.0
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
    if before.kind == after.kind and after.kind in ("master", "two"):
        cost += SAME_COVERAGE
    return cost


def choose(
    options: Sequence[Sequence[Candidate]], sudden: Sequence[bool], close_share: float = 0.35
) -> tuple[list[Candidate], float]:
    """The cheapest way through, and the price that was put on each close frame to keep their share under the cap."""
    price = 0.0
    allowed = max(1, int(close_share * len(options)))
    costs = _costs(options, sudden)
    way = _cheapest(options, costs, price)
    for dearer in (0.5, 1.0, 1.8, 3.0, 6.0):
        if sum(1 for c in way if c.size >= CLOSE and c.kind != "insert") <= allowed:
            break
        price = dearer
        way = _cheapest(options, costs, price)
    return way, price


@dataclass(slots=True)
class _Costs:
    """What does not change while a scene's prices are tried."""

    keys: list[list[int]]
    """Which set-up each candidate is, shot by shot; equal numbers are one set-up."""
    cuts: list[list[list[float]]]
    """Cost of the cut into each candidate from each of the shot before: [shot][after][before]."""


def _costs(options: Sequence[Sequence[Candidate]], sudden: Sequence[bool]) -> _Costs:
    numbers: dict[tuple[str, str, str, int, float, str], int] = {}
    kinds: dict[tuple[int, str, float, bool], int] = {}
    keys: list[list[int]] = []
    sorts: list[list[int]] = []
    for here in options:
        row = [numbers.setdefault(c.key, len(numbers)) for c in here]
        keys.append(row)
        sorts.append(
            [
                kinds.setdefault((key, c.primary, c.around, c.exempt), len(kinds))
                for key, c in zip(row, here, strict=True)
            ]
        )
    known: dict[int, float] = {}
    cuts: list[list[list[float]]] = [[]]
    many = len(kinds)
    for i in range(1, len(options)):
        leap = sudden[i]
        base = many * many if leap else 0
        before = options[i - 1]
        others = sorts[i - 1]
        rows = []
        for sort, after in zip(sorts[i], options[i], strict=True):
            offset = base + sort * many
            row_of_cuts = []
            for at, other in enumerate(others):
                cost = known.get(offset + other)
                if cost is None:
                    cost = known[offset + other] = cut_cost(before[at], after, leap)
                row_of_cuts.append(cost)
            rows.append(row_of_cuts)
        cuts.append(rows)
    return _Costs(keys, cuts)


def _cheapest(options: Sequence[Sequence[Candidate]], costs: _Costs, price: float) -> list[Candidate]:
    if not options:
        return []
    totals = [_own(c, price) for c in options[0]]
    back: list[list[int]] = [[0] * len(options[0])]
    used = [1 << key for key in costs.keys[0]]
    for i in range(1, len(options)):
        before, here = options[i - 1], options[i]
        earlier = options[i - 2] if i > 1 else ()
        pointers_before = back[i - 1]
        new_totals, pointers, new_used = [], [], []
        for after, key, cuts in zip(here, costs.keys[i], costs.cuts[i], strict=True):
            best, best_at = float("inf"), 0
            bit = 1 << key
            for j, prior in enumerate(before):
                cost = totals[j] + cuts[j]
                if cost >= best:
                    continue
                if not used[j] & bit:
                    cost += NEW_SETUP
                if (
                    earlier
                    and prior.size == after.size
                    and _alike(prior, after)
                    and not after.exempt
                    and (first := earlier[pointers_before[j]]).size == after.size
                    and _alike(first, after)
                ):
                    cost += THIRD_RUNNING
                if cost < best:
                    best, best_at = cost, j
            new_totals.append(best + _own(after, price))
            pointers.append(best_at)
            new_used.append(used[best_at] | bit)
        totals, used = new_totals, new_used
        back.append(pointers)
    at = min(range(len(totals)), key=totals.__getitem__)
    way = []
    for i in range(len(options) - 1, -1, -1):
        way.append(options[i][at])
        at = back[i][at]
    way.reverse()
    return way


def _alike(one: Candidate, two: Candidate) -> bool:
    """Frames of one size that a third running would make monotonous."""
    if one.kind == two.kind == "two":
        return True
    return one.primary == two.primary and one.angle == two.angle


def _own(candidate: Candidate, price: float) -> float:
    if candidate.size >= CLOSE and candidate.kind != "insert":
        return candidate.cost + price
    return candidate.cost
