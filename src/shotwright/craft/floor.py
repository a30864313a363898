"""Floor plans: where the people of a scene stand, so that one side of every line between them is the camera's.

Everyone is laid out from screen left to screen right along x, and all cameras work from the +z side. A line between any
two of them then has the same side all through, whoever speaks to whom, until somebody is seen to change places.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.craft.geometry import Plan

FloorKind = Literal["room", "car", "close", "standoff", "open"]
"""`close`: two who are near enough to touch; `open`: an exterior with room to move; `car`: seats."""

APART_M: dict[FloorKind, float] = {"room": 1.6, "car": 0.76, "close": 1.0, "standoff": 2.6, "open": 1.8}
BETWEEN_M = 0.9
ROW_LENGTH = 6


def seats(people: Sequence[str], driver: str | None, driver_side: str | None) -> dict[str, Plan]:
    """Seats of a car that faces +z, seen through its windscreen: the driver's right hand is to screen left."""
    drive_x = -0.38 if driver_side == "right" else 0.38
    order = [p for p in people if p == driver] + [p for p in people if p != driver]
    places = [(drive_x, 0.0), (-drive_x, 0.0), (drive_x, -0.9), (-drive_x, -0.9), (0.0, -0.95)]
    if driver is None:
        places = places[1:]
    return {p: places[i] if i < len(places) else (0.0, -1.8 - 0.9 * (i - len(places))) for i, p in enumerate(order)}


def places(kind: FloorKind, people: Sequence[str]) -> dict[str, Plan]:
    """Positions in metres on the plan. The first two of `people` are the main pair: the first stands to screen left."""
    apart = APART_M[kind]
    if not people:
        return {}
    if len(people) == 1:
        return {people[0]: (0.0, 0.0)}
    if len(people) == 2:
        return {people[0]: (-apart / 2, 0.0), people[1]: (apart / 2, 0.0)}
    if len(people) == 3:
        half = max(apart, 2.0) / 2
        return {people[0]: (-half, 0.0), people[1]: (half, 0.0), people[2]: (0.0, -0.6)}
    found = {people[0]: (-apart / 2, 0.0), people[1]: (apart / 2, 0.0)}
    for i, person in enumerate(people[2:ROW_LENGTH]):
        side = -1 if i % 2 == 0 else 1
        out = i // 2 + 1
        found[person] = (side * (apart / 2 + BETWEEN_M * out), 0.3 * out)
    for i, person in enumerate(people[ROW_LENGTH:]):
        side = -1 if i % 2 == 0 else 1
        found[person] = (round(side * (0.45 + 0.9 * (i // 2 % 5)), 2), -1.6 - 0.9 * (i // 10))
    return found
