"""The walls, doors, windows and furniture of a set from above, as the boards build it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shotwright.boards.sets import PlaceLook

Rectangle = tuple[float, float, float, float]
"""x0, z0, x1, z1 in metres."""
TOUCHING_M = 0.03


@dataclass(frozen=True, slots=True)
class Outline:
    walls: Rectangle
    doors: tuple[Rectangle, ...] = ()
    windows: tuple[Rectangle, ...] = ()
    furniture: tuple[Rectangle, ...] = ()


def outline_of(place: PlaceLook, key_azimuth_deg: float) -> Outline | None:
    """The room as drawn for a key light from there (its windows depend on it); None outdoors and in vehicles."""
    if not place.inside or place.kind in ("car", "bus"):
        return None
    from shotwright.boards.sets.rooms import room

    mesh, (x0, x1, _, _, z0, z1) = room(place, round(key_azimuth_deg), 1.0, 0.0)
    return Outline(
        (x0, z0, x1, z1),
        _rectangles(mesh, ("door",)),
        _rectangles(mesh, ("window:",)),
        _rectangles(mesh, ("furniture", "lamp")),
    )


def _rectangles(mesh: Any, parts: tuple[str, ...]) -> tuple[Rectangle, ...]:
    """The rectangles that the faces of some parts cover on the floor, those that touch taken together."""
    chosen = [index for index, name in enumerate(mesh.names) if name.startswith(parts)]
    found: list[list[float]] = []
    for face in mesh.faces[[int(p) in chosen for p in mesh.parts]]:
        points = mesh.vertices[face]
        new = [
            float(points[:, 0].min()),
            float(points[:, 2].min()),
            float(points[:, 0].max()),
            float(points[:, 2].max()),
        ]
        apart = []
        for old in found:
            if (
                new[0] - TOUCHING_M < old[2] and old[0] < new[2] + TOUCHING_M
                and new[1] - TOUCHING_M < old[3] and old[1] < new[3] + TOUCHING_M
            ):  # fmt: skip
                new = [min(new[0], old[0]), min(new[1], old[1]), max(new[2], old[2]), max(new[3], old[3])]
            else:
                apart.append(old)
        found = [*apart, new]
    return tuple((round(a, 2), round(b, 2), round(c, 2), round(d, 2)) for a, b, c, d in sorted(found))
