"""What a place looks like and how far its cameras and people reach, so that the set is the same in all its shots."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from shotwright.boards.camera import view_of
from shotwright.boards.sets.solids import Colour, linear
from shotwright.craft.geometry import sensor_mm
from shotwright.model.ids import digest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.model.shot import Shot

PlanPoint = tuple[float, float]
MOVES = ("dolly_out", "arc_left", "arc_right", "truck_left", "truck_right", "follow", "lead", "pan_left", "pan_right")
"""Moves whose last frame sees other parts of the set than the first; a room leaves space for where they end."""
NOMINAL_ASPECT = 16 / 9


@dataclass(frozen=True, slots=True)
class PlaceLook:
    """One place for all shots in it. Two shots with equal looks get the same set."""

    id: str
    name: str
    inside: bool
    kind: str
    """`kitchen`, `street`, `car` …: a kind of places.toml."""
    colours: tuple[str, ...] = ()
    """`#rrggbb`: walls first, then wood, then light parts; empty takes the kind's own."""
    people: tuple[PlanPoint, ...] = ()
    """Where anybody stands in any of its shots, (x, z)."""
    sights: tuple[tuple[PlanPoint, PlanPoint, float], ...] = ()
    """(camera, what it looks at, half-width of its view over its distance): furniture keeps out of these."""
    practicals: tuple[str, ...] = ()

    def share(self, what: str) -> float:
        """A number in [0, 1) that is this place's own."""
        return int(digest(self.id, what, length=6), 16) / 0x1000000


@cache
def kinds(inside: bool) -> tuple[dict[str, Any], ...]:
    """The rows of places.toml for interiors or exteriors."""
    table = tomllib.loads(resources.files("shotwright.boards.sets").joinpath("places.toml").read_text("utf-8"))
    return tuple(table["inside" if inside else "outside"])


def place_kind(name: str, inside: bool) -> str:
    """The kind of place that a name means: its last words count first (`bus station` is a station)."""
    words = re.findall(r"[a-zé\-]+", name.casefold()[:400])[::-1]
    rows = kinds(inside)
    for word in words:
        stem = word.removesuffix("s")
        for row in rows:
            if word in row["words"] or stem in row["words"]:
                return str(row["kind"])
    return str(rows[-1]["kind"])


def row_of(place: PlaceLook) -> dict[str, Any]:
    rows = kinds(place.inside)
    return next((row for row in rows if row["kind"] == place.kind), rows[-1])


def colour_of(place: PlaceLook, index: int, fallback: Sequence[str]) -> Colour:
    """The place's own colour of a rank, else one of `fallback` by its id."""
    if len(place.colours) > index and re.fullmatch(r"#[0-9a-fA-F]{6}", place.colours[index]):
        return papered(linear(place.colours[index])) if place.inside and index == 0 else linear(place.colours[index])
    return linear(fallback[int(place.share(f"colour {index}") * len(fallback))])


def papered(colour: Colour) -> Colour:
    """A wall's colour with some paper in it: dark and loud walls would swallow the faces before them."""
    light = sum(colour) / 3
    mix = 0.12 if light > 0.3 else 0.42
    r, g, b = (c * (1 - mix) + p * mix for c, p in zip(colour, linear("#d8cbb2"), strict=True))
    return r, g, b


def place_look(
    location: str, name: str, inside: bool, shots: Sequence[Shot], *, colours: tuple[str, ...] = ()
) -> PlaceLook:
    """The look of a place from all shots that play in it (those whose plate is of another place are left out)."""
    people: dict[PlanPoint, None] = {}
    sights: dict[tuple[PlanPoint, PlanPoint, float], None] = {}
    practicals: dict[str, None] = {}
    for shot in shots:
        layer = shot.technical_layer
        if layer.staging.plate.partition(" side ")[0] != location:
            continue
        camera = layer.camera
        gate, _ = sensor_mm(NOMINAL_ASPECT)
        here = (camera.position_m[0], camera.position_m[2])
        spread = gate / 2 / camera.lens.focal_mm
        sights[here, (camera.look_at_m[0], camera.look_at_m[2]), spread] = None
        if camera.movement.type in MOVES:
            last = view_of(camera, (960, 540), 1.0)
            reach = last.eye + last.forward * last.focus_m
            there = (round(float(last.eye[0]), 2), round(float(last.eye[2]), 2))
            sights[there, (round(float(reach[0]), 2), round(float(reach[2]), 2)), spread] = None
        for subject in layer.staging.subjects:
            if subject.entity.startswith("character/"):
                people[subject.position_m[0], subject.position_m[2]] = None
        for practical in layer.lighting.practicals:
            practicals[practical] = None
    return PlaceLook(
        id=location,
        name=name,
        inside=inside,
        kind=place_kind(name, inside),
        colours=colours,
        people=tuple(people),
        sights=tuple(sights),
        practicals=tuple(practicals),
    )
