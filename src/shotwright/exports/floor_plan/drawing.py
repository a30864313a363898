"""A plan as shapes and words in pixels of a page: what the SVG and the PDF are both written from."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from shotwright.exports.floor_plan.labels import Box, Labels, plain, width_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.exports.floor_plan.outline import Outline
    from shotwright.exports.floor_plan.plan import Axis, Person, Plan, SetUp, Spot

WIDEST, HIGHEST, NARROWEST, LOWEST = 1400.0, 900.0, 760.0, 360.0
CLOSEST = 130.0
"""Pixels a metre at most."""
MARGIN_M = 0.9
HEAD, FOOT, SIDE = 48.0, 64.0, 16.0
PERSON = 12.0
TOGETHER = 30.0
"""Cameras nearer than this in pixels share a label."""
MOST_SLATES = 4
"""Slates in one label; the rest are counted."""
INK, CAMERA, LINE, FLOOR, WALL, KEY, GREY = "#2b2d33", "#2f7f86", "#c2553f", "#f4f1ea", "#8d877b", "#d29a1e", "#77736a"
ROOM, WOOD, GLASS = "#fbf9f4", "#dccfb8", "#7fb2cc"
CAST = ("#a8741f", "#7a5ea8", "#3f7d54", "#b0566f", "#4c6f9f", "#7a6b3c")


@dataclass(frozen=True, slots=True)
class Shape:
    points: tuple[Spot, ...]
    fill: str = ""
    stroke: str = ""
    opacity: float = 1.0
    width: float = 1.5
    dash: tuple[float, float] | None = None
    closed: bool = True


@dataclass(frozen=True, slots=True)
class Disc:
    x: float
    y: float
    radius: float
    fill: str


@dataclass(frozen=True, slots=True)
class Text:
    """One line; `box` is what it may fill, its words begin at the left of it."""

    box: Box
    size: float
    text: str
    fill: str
    bold: bool = False


@dataclass(slots=True)
class Drawing:
    """`items` are drawn in their order."""

    width: float
    height: float
    title: str
    items: list[Shape | Disc | Text] = field(default_factory=list)
    labels: list[Text] = field(default_factory=list)
    """The texts that were placed about points, which overlap nothing that is written."""

    def __post_init__(self) -> None:
        self.items.append(Shape(_corners((0, 0, self.width, self.height)), fill=FLOOR))


class _Page:
    """Metres to pixels, with the drawing under way."""

    def __init__(self, plan: Plan) -> None:
        points = [p.spot for p in plan.people] + [s.spot for s in plan.setups]
        points += [s.end for s in plan.setups if s.end] + [at for p in plan.people for at in p.path]
        if plan.outline is not None:
            points += [plan.outline.walls[:2], plan.outline.walls[2:]]
        points = points or [(0.0, 0.0)]
        left, right = min(p[0] for p in points) - MARGIN_M, max(p[0] for p in points) + MARGIN_M
        top, bottom = min(p[1] for p in points) - MARGIN_M, max(p[1] for p in points) + MARGIN_M
        self.scale = min(CLOSEST, (WIDEST - 2 * SIDE) / (right - left), (HIGHEST - HEAD - FOOT) / (bottom - top))
        wide = max((right - left) * self.scale + 2 * SIDE, NARROWEST)
        high = max((bottom - top) * self.scale, LOWEST) + HEAD + FOOT
        self.x0 = wide / 2 - (left + right) / 2 * self.scale
        self.y0 = HEAD + (high - HEAD - FOOT) / 2 - (top + bottom) / 2 * self.scale
        self.out = Drawing(round(wide), round(high), plain(plan.title, 400))
        self.area: Box = (SIDE, HEAD, self.out.width - SIDE, self.out.height - FOOT)
        self.labels = Labels(self.area)

    def at(self, spot: Spot) -> Spot:
        return round(self.x0 + spot[0] * self.scale, 1), round(self.y0 + spot[1] * self.scale, 1)

    def shape(self, points: Sequence[Spot], **how: object) -> None:
        self.out.items.append(Shape(tuple(points), **how))  # type: ignore[arg-type]

    def arrow(self, points: Sequence[Spot], colour: str, width: float, dash: tuple[float, float] | None = None) -> None:
        """A line with a head at its last point; pixels."""
        (ax, ay), (bx, by) = points[-2], points[-1]
        long = math.hypot(bx - ax, by - ay)
        if long < 1:
            return
        ux, uy = (bx - ax) / long, (by - ay) / long
        size = 4 + 2.2 * width
        neck = bx - ux * size * 0.8, by - uy * size * 0.8
        self.shape((*points[:-1], neck), stroke=colour, width=width, dash=dash, closed=False)
        back = bx - ux * size, by - uy * size
        self.shape(
            ((bx, by), (back[0] - uy * size / 2, back[1] + ux * size / 2),
             (back[0] + uy * size / 2, back[1] - ux * size / 2)), fill=colour,
        )  # fmt: skip

    def label(
        self, at: Spot, text: str, radius: float, size: float, fill: str, *, bold: bool = False, longest: int = 28
    ) -> None:
        text = plain(text, longest)
        if not text:
            return
        wide, high = width_of(text, size) * (1.06 if bold else 1.0), size * 1.25
        box = self.labels.place(at[0], at[1], radius, (wide, high))
        if box is None:
            return
        near = min(max(at[0], box[0]), box[2]), min(max(at[1], box[1]), box[3])
        if math.dist(near, at) > radius + 14:
            self.shape((at, near), stroke=fill, width=0.7, opacity=0.6, closed=False)
        made = Text(box, size, text, fill, bold)
        self.out.labels.append(made)


def lay_out(plan: Plan) -> Drawing:
    """The plan on a page that is as large as it needs, 130 pixels a metre at most."""
    page = _Page(plan)
    if plan.outline is not None:
        _draw_outline(page, plan.outline)
    if plan.axis is not None:
        _draw_side(page, plan.axis)
    for setup in plan.setups:
        _draw_wedge(page, setup)
    page.labels.marks.extend(_marks(page, plan))
    if plan.axis is not None:
        _draw_axis(page, plan.axis)
    colours = {p.entity: GREY if p.thing else CAST[i % len(CAST)] for i, p in enumerate(plan.people)}
    for person in plan.people:
        _draw_lines(page, person, colours[person.entity])
    for setup in plan.setups:
        _draw_camera(page, setup)
    for person in plan.people:
        _draw_person(page, person, colours[person.entity])
    _name(page, plan, colours)
    if plan.key_deg is not None:
        _draw_key(page, plan.key_deg, plan.key_words)
    page.out.items.extend(page.out.labels)
    _frame(page, plan)
    return page.out


def _marks(page: _Page, plan: Plan) -> list[Box]:
    spots = [(page.at(p.spot), PERSON) for p in plan.people] + [(page.at(s.spot), 10.0) for s in plan.setups]
    return [(x - r, y - r, x + r, y + r) for (x, y), r in spots]


def _name(page: _Page, plan: Plan, colours: dict[str, str]) -> None:
    """People first: they are who the plan is about."""
    for person in plan.people:
        page.label(page.at(person.spot), person.name, PERSON, 13 if not person.thing else 11, colours[person.entity],
                   bold=not person.thing)  # fmt: skip
    stands: list[tuple[Spot, list[SetUp]]] = []
    for setup in plan.setups:
        at = page.at(setup.spot)
        near = next((found for where, found in stands if math.dist(at, where) < TOGETHER), None)
        if near is None:
            stands.append((at, [setup]))
        else:
            near.append(setup)
    for at, setups in stands:
        for start in range(0, len(setups), MOST_SLATES):
            words = ", ".join(
                f"{s.slate} {s.focal_mm} mm" + (f" ×{s.shots}" if s.shots > 1 else "")
                for s in setups[start : start + MOST_SLATES]
            )
            page.label(at, words, 10, 11, CAMERA, bold=True, longest=100)
    for person in plan.people:
        for end, words in person.gazes:
            if words:
                page.label(page.at(end), words, 2, 10, colours[person.entity])


def _draw_side(page: _Page, axis: Axis) -> None:
    """The half of the floor where the cameras stay, lightly shaded."""
    if axis.side not in ("left", "right"):
        return
    (ax, ay), (bx, by) = page.at(axis.a), page.at(axis.b)
    sign = 1 if axis.side == "right" else -1
    corners = _corners(page.area)

    def beyond(p: Spot) -> float:
        return sign * ((bx - ax) * (p[1] - ay) - (by - ay) * (p[0] - ax))

    kept: list[Spot] = []
    for one, two in pairwise((*corners, corners[0])):
        here, there = beyond(one), beyond(two)
        if here >= 0:
            kept.append(one)
        if here * there < 0:
            share = here / (here - there)
            kept.append((one[0] + (two[0] - one[0]) * share, one[1] + (two[1] - one[1]) * share))
    if len(kept) > 2:
        page.shape(kept, fill=LINE, opacity=0.07)


def _draw_axis(page: _Page, axis: Axis) -> None:
    (ax, ay), (bx, by) = page.at(axis.a), page.at(axis.b)
    ends = _clip((ax, ay), (bx, by), page.area)
    page.shape(ends, stroke=LINE, width=1.8, dash=(9, 6), closed=False)
    (x0, y0), (x1, y1) = ends
    steps = max(int(math.dist(*ends) / 8), 1)
    for n in range(steps + 1):
        x, y = x0 + (x1 - x0) * n / steps, y0 + (y1 - y0) * n / steps
        page.labels.marks.append((x - 4, y - 4, x + 4, y + 4))


def _draw_outline(page: _Page, outline: Outline) -> None:
    """Walls, furniture, doors and windows; nothing is written across a wall."""
    walls = _corners((*page.at(outline.walls[:2]), *page.at(outline.walls[2:])))
    page.shape(walls, fill=ROOM, stroke=WALL, width=5)
    for one, two in pairwise((*walls, walls[0])):
        page.labels.marks.append(
            (min(one[0], two[0]) - 4, min(one[1], two[1]) - 4, max(one[0], two[0]) + 4, max(one[1], two[1]) + 4)
        )
    for x0, z0, x1, z1 in outline.furniture:
        page.shape(_corners((*page.at((x0, z0)), *page.at((x1, z1)))), fill=WOOD, stroke=WALL, width=1)
    for openings, colour in ((outline.doors, WOOD), (outline.windows, GLASS)):
        for x0, z0, x1, z1 in openings:
            end = (x1, z0) if x1 - x0 > z1 - z0 else (x0, z1)
            page.shape((page.at((x0, z0)), page.at(end)), stroke=colour, width=8, closed=False)


def _draw_wedge(page: _Page, setup: SetUp) -> None:
    """What the lens takes in, as far as what it looks at."""
    eye, aim = setup.spot, setup.aim
    heading = math.atan2(aim[1] - eye[1], aim[0] - eye[0])
    reach = math.dist(eye, aim) / math.cos(setup.half_angle)
    a, b = (
        (eye[0] + reach * math.cos(heading + turn), eye[1] + reach * math.sin(heading + turn))
        for turn in (-setup.half_angle, setup.half_angle)
    )
    page.shape((page.at(eye), page.at(a), page.at(b)), fill=CAMERA, opacity=0.06)
    page.shape((page.at(a), page.at(eye), page.at(b)), stroke=CAMERA, width=0.8, opacity=0.45, closed=False)


def _draw_camera(page: _Page, setup: SetUp) -> None:
    x, y = page.at(setup.spot)
    heading = math.atan2(setup.aim[1] - setup.spot[1], setup.aim[0] - setup.spot[0])
    cos, sin = math.cos(heading), math.sin(heading)

    def turned(*points: Spot) -> tuple[Spot, ...]:
        return tuple((round(x + px * cos - py * sin, 1), round(y + px * sin + py * cos, 1)) for px, py in points)

    if setup.end is not None:
        page.arrow(((x, y), page.at(setup.end)), CAMERA, 2.2)
    page.shape(turned((-9, -6), (3, -6), (3, 6), (-9, 6)), fill=CAMERA)
    page.shape(turned((3, 0), (10, -6), (10, 6)), fill=CAMERA)


def _draw_lines(page: _Page, person: Person, colour: str) -> None:
    """Where somebody goes and what they look at."""
    if person.path:
        page.arrow([page.at(spot) for spot in person.path], colour, 2.4)
    x, y = page.at(person.spot)
    for end, words in person.gazes:
        ex, ey = page.at(end)
        long = math.hypot(ex - x, ey - y)
        short = PERSON + 4 if not words else 0.0
        if long < PERSON + short + 6:
            continue
        ux, uy = (ex - x) / long, (ey - y) / long
        # Beside the line from one to the other, so that two who look at each other have a line each.
        aside = -uy * 4, ux * 4
        page.arrow(
            (
                (x + ux * PERSON + aside[0], y + uy * PERSON + aside[1]),
                (ex - ux * short + aside[0], ey - uy * short + aside[1]),
            ),
            colour, 1.2, (4, 3),
        )  # fmt: skip


def _draw_person(page: _Page, person: Person, colour: str) -> None:
    x, y = page.at(person.spot)
    if person.thing:
        page.shape(((x - 7, y), (x, y - 7), (x + 7, y), (x, y + 7)), fill=colour)
        return
    turn = math.radians(person.heading_deg)
    tip = round(x + (PERSON + 9) * math.sin(turn), 1), round(y + (PERSON + 9) * math.cos(turn), 1)
    page.shape(((x, y), tip), stroke=colour, width=4, closed=False)
    page.out.items.append(Disc(x, y, PERSON, colour))


def _draw_key(page: _Page, degrees: float, words: str) -> None:
    """An arrow from the edge of the plan, the way the key comes."""
    left, top, right, bottom = page.area
    middle = (left + right) / 2, (top + bottom) / 2
    way = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
    half = (right - left) / 2 - 6, (bottom - top) / 2 - 6
    out = min(half[0] / max(abs(way[0]), 1e-6), half[1] / max(abs(way[1]), 1e-6))
    tail = middle[0] + way[0] * out, middle[1] + way[1] * out
    page.arrow((tail, (tail[0] - way[0] * 44, tail[1] - way[1] * 44)), KEY, 4)
    page.label((tail[0] - way[0] * 22, tail[1] - way[1] * 22), words, 14, 11, "#8a6410", longest=60)


def _frame(page: _Page, plan: Plan) -> None:
    """Title above; below a bar of metres and what the marks mean."""
    out = page.out
    room = out.width - 2 * SIDE
    title = out.title
    while width_of(title, 17) * 1.06 > room and len(title) > 2:
        title = title[:-2].rstrip() + "…"
    out.items.append(Text((SIDE, 12, SIDE + room, 36), 17, title, INK, True))
    y = out.height - FOOT + 18
    metres = next((m for m in (1, 2, 5, 10, 20, 50, 100, 200) if m * page.scale >= 60), 500)
    long = round(metres * page.scale, 1)
    out.items.append(Shape(((SIDE, y - 5), (SIDE, y), (SIDE + long, y), (SIDE + long, y - 5)), stroke=INK, width=1.5,
                           closed=False))  # fmt: skip
    out.items.append(Text((SIDE + long + 8, y - 11, SIDE + long + 80, y + 5), 12, f"{metres} m", INK))
    told = ["disc: person, tick: heading", "dashed arrow: gaze", "solid arrow: path"]
    if plan.axis is not None:
        told.append("long dashes: line of action" + (", shaded: cameras' side" if plan.axis.side != "on" else ""))
    told += ["wedge: field of view (Super 35)", "thick arrow: key light"]
    lines = [""]
    for words in told:
        joined = f"{lines[-1]}  ·  {words}" if lines[-1] else words
        if width_of(joined, 10) > room and lines[-1]:
            lines.append(words)
        else:
            lines[-1] = joined
    for index, text in enumerate(lines[:2]):
        top = out.height - 38 + index * 15
        out.items.append(Text((SIDE, top, SIDE + room, top + 13), 10, text, GREY))


def _corners(box: Box) -> tuple[Spot, ...]:
    left, top, right, bottom = box
    return (left, top), (right, top), (right, bottom), (left, bottom)


def _clip(a: Spot, b: Spot, box: Box) -> tuple[Spot, Spot]:
    """The endless line through two points inside the box, as the page shows it."""
    low, high = -1e9, 1e9
    for i in (0, 1):
        d = b[i] - a[i]
        if abs(d) < 1e-9:
            continue
        one, two = sorted(((box[i] - a[i]) / d, (box[i + 2] - a[i]) / d))
        low, high = max(low, one), min(high, two)
    ends = [(round(a[0] + (b[0] - a[0]) * t, 1), round(a[1] + (b[1] - a[1]) * t, 1)) for t in (low, high)]
    return ends[0], ends[1]
