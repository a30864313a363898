"""A scene from above: people and where they look, the line of action, and every camera position with its slate."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shotwright.model.shot import Shot

Spot = tuple[float, float]
OnPage = Callable[[float, float], Spot]

SCALE = 130.0
"""Pixels a metre."""
SHOWN = 0.8
"""Of its size in pixels, what the plan asks for on a page."""
TOGETHER_M = 0.45
"""Cameras closer than this share a label."""
MARGIN = 0.9
"""Metres round everything that is drawn."""
FONT = "'DejaVu Sans', Helvetica, Arial, sans-serif"
INK, CAMERA, LINE, FLOOR = "#2b2d33", "#2f7f86", "#c2553f", "#f4f1ea"
SENSOR_MM = 24.89
"""Width of a Super 35 frame."""
CAST = ("#c08a2e", "#7a5ea8", "#3f7d54", "#b0566f", "#4c6f9f", "#8a7a4e")


def draw_plan(shots: Sequence[Shot], title: str, names: Mapping[str, str]) -> str:
    """The plan as an SVG. Metres as in the shots: x to the right, z towards the scene's master camera, which is below.

    One passage is drawn, the longest: positions are those of its first shot that has each person; a set-up of several
    shots is one camera.
    """
    passage = _longest_passage(shots)
    line = _line_of_action(passage)
    people: dict[str, tuple[float, float, float]] = {}
    gazes: dict[str, list[str]] = {}
    setups: dict[str, list[Shot]] = {}
    for shot in passage:
        for subject in shot.technical_layer.staging.subjects:
            if subject.entity.partition("/")[0] not in ("character", "animal"):
                continue
            x, _, z = subject.position_m
            people.setdefault(subject.entity, (x, z, subject.heading_deg))
            if subject.gaze:
                gazes.setdefault(subject.entity, []).append(subject.gaze.target)
        setups.setdefault(shot.slate, []).append(shot)
    spots = _stands(setups)
    eyes = [_on_plan(group[0].technical_layer.camera.position_m) for group in setups.values()]
    points = [(x, z) for x, z, _ in people.values()] + eyes
    left, right = min(p[0] for p in points) - MARGIN, max(p[0] for p in points) + MARGIN
    top, bottom = min(p[1] for p in points) - MARGIN, max(p[1] for p in points) + MARGIN * 0.7
    width, height = (right - left) * SCALE, (bottom - top) * SCALE + 40

    def at(x: float, z: float) -> Spot:
        return round((x - left) * SCALE, 1), round((z - top) * SCALE + 40, 1)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width * SHOWN:.0f}" height="{height * SHOWN:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" font-family="{FONT}">',
        f'<rect width="100%" height="100%" rx="8" fill="{FLOOR}"/>',
        f'<text x="18" y="28" font-size="17" font-weight="bold" fill="{INK}">{escape(title)}</text>',
    ]
    for group in setups.values():
        parts += _frame(group[0], at)
    if line and line[0] in people and line[1] in people:
        parts += _drawn_line(people[line[0]], people[line[1]], at)
    for group, words in spots:
        parts += _camera(group, words, at)
    for i, (who, (x, z, heading)) in enumerate(people.items()):
        looks = gazes.get(who, [""])
        aim = people.get(max(dict.fromkeys(looks), key=looks.count))
        name = names.get(who, who.rpartition("/")[2].replace("_", " "))
        parts += _person(name, (x, z), heading, aim, CAST[i % len(CAST)], at)
    parts.append("</svg>")
    return "\n".join(parts) + "\n"


def _on_plan(point: Sequence[float]) -> Spot:
    return point[0], point[2]


def _stands(setups: Mapping[str, Sequence[Shot]]) -> list[tuple[Shot, str]]:
    """Cameras that stand together share a label: (a shot from there, `15A ×2, 15E`)."""
    stands: list[tuple[Shot, list[str]]] = []
    for slate, group in setups.items():
        eye = _on_plan(group[0].technical_layer.camera.position_m)
        words = f"{slate} ×{len(group)}" if len(group) > 1 else slate
        near = next(
            (s for s in stands if math.dist(eye, _on_plan(s[0].technical_layer.camera.position_m)) < TOGETHER_M), None
        )
        if near is None:
            stands.append((group[0], [words]))
        else:
            near[1].append(words)
    return [(shot, ", ".join(words)) for shot, words in stands]


def _line_of_action(shots: Sequence[Shot]) -> tuple[str, str] | None:
    """The line that most shots of the passage are staged on."""
    lines = [(s.technical_layer.staging.line.a, s.technical_layer.staging.line.b)
             for s in shots if s.technical_layer.staging.line]  # fmt: skip
    return max(dict.fromkeys(lines), key=lines.count) if lines else None


def _longest_passage(shots: Sequence[Shot]) -> list[Shot]:
    runs: dict[tuple[str, int], list[Shot]] = {}
    for shot in shots:
        staging = shot.technical_layer.staging
        if staging.line is not None:
            runs.setdefault((staging.plate.partition(" side ")[0], staging.line.passage), []).append(shot)
    return max(runs.values(), key=len) if runs else list(shots)


def _drawn_line(one: tuple[float, ...], two: tuple[float, ...], at: OnPage) -> list[str]:
    long = math.dist(one[:2], two[:2]) or 1.0
    dx, dz = (two[0] - one[0]) / long, (two[1] - one[1]) / long
    (x1, y1), (x2, y2) = at(one[0] - dx, one[1] - dz), at(two[0] + dx, two[1] + dz)
    return [
        f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{LINE}" stroke-width="2" stroke-dasharray="9 6"/>',
        f'<text x="{(x1 + x2) / 2:.1f}" y="{(y1 + y2) / 2 - 8:.1f}" font-size="12" fill="{LINE}" '
        'text-anchor="middle">line of action</text>',
    ]


def _frame(shot: Shot, at: OnPage) -> list[str]:
    """What the lens takes in, as far as what it looks at."""
    camera = shot.technical_layer.camera
    eye, aim = _on_plan(camera.position_m), _on_plan(camera.look_at_m)
    heading = math.atan2(aim[1] - eye[1], aim[0] - eye[0])
    half = math.atan(SENSOR_MM / 2 / camera.lens.focal_mm)
    reach = math.dist(eye, aim)
    (x, y), a, b = (
        at(*eye),
        *(
            at(eye[0] + reach * math.cos(heading + turn), eye[1] + reach * math.sin(heading + turn))
            for turn in (-half, half)
        ),
    )
    return [f'<path d="M{x} {y}L{a[0]} {a[1]}L{b[0]} {b[1]}Z" fill="{CAMERA}" fill-opacity="0.10"/>']


def _camera(shot: Shot, words: str, at: OnPage) -> list[str]:
    camera = shot.technical_layer.camera
    eye, aim = _on_plan(camera.position_m), _on_plan(camera.look_at_m)
    heading = math.atan2(aim[1] - eye[1], aim[0] - eye[0])
    x, y = at(*eye)
    return [
        f'<g transform="translate({x} {y}) rotate({math.degrees(heading):.1f})" fill="{CAMERA}">'
        '<rect x="-9" y="-6" width="12" height="12" rx="2"/><path d="M3 0L10 -6V6Z"/></g>',
        f'<text x="{x - 10 * math.cos(heading):.1f}" y="{y + 24:.1f}" font-size="13" font-weight="bold" '
        f'fill="{CAMERA}" text-anchor="middle">{escape(words)}</text>',
        f'<text x="{x - 10 * math.cos(heading):.1f}" y="{y + 37:.1f}" font-size="10" fill="{INK}" '
        f'text-anchor="middle">{camera.lens.focal_mm} mm</text>',
    ]


def _person(name: str, spot: Spot, heading: float, aim: tuple[float, ...] | None, colour: str, at: OnPage) -> list[str]:
    x, y = at(*spot)
    face = (math.sin(math.radians(heading)), math.cos(math.radians(heading)))
    if aim is not None and aim[:2] != spot:
        long = math.dist(spot, aim[:2])
        face = ((aim[0] - spot[0]) / long, (aim[1] - spot[1]) / long)
    return [
        f'<line x1="{x}" y1="{y}" x2="{x + 32 * face[0]:.1f}" y2="{y + 32 * face[1]:.1f}" stroke="{colour}" '
        'stroke-width="4" stroke-linecap="round"/>',
        f'<circle cx="{x}" cy="{y}" r="13" fill="{colour}"/>',
        f'<text x="{x}" y="{y - 20}" font-size="13" fill="{INK}" text-anchor="middle">{escape(name)}</text>',
    ]
