"""What a plan shows, in metres as in the shots: x to the right, z towards the scene's master camera, which is below."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from shotwright.craft.geometry import sensor_mm

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from shotwright.exports.film import Film
    from shotwright.exports.floor_plan.outline import Outline
    from shotwright.model.shot import Camera, Gaze, Shot, Subject

    NameOf = Callable[[str], str]

Spot = tuple[float, float]
FARTHEST_M = 500.0
"""Whatever is said to be further off is drawn there."""
MOVED_M = 0.3
"""Less than this between two shots is the same place."""
GAZES = 2
"""Lines of sight a person, the commonest."""
STRIDE_M = 1.0
"""What a path out of or into a shot is drawn as."""
RAY_M = 0.7
"""A look at what is not on the plan is drawn so far."""
LEAVES_M = 0.15
"""A camera that goes less than this has no arrow."""


@dataclass(frozen=True, slots=True)
class Person:
    entity: str
    name: str
    spot: Spot
    heading_deg: float
    thing: bool = False
    gazes: tuple[tuple[Spot, str], ...] = ()
    """(where it ends, what it is of; empty where that is on the plan)."""
    path: tuple[Spot, ...] = ()


@dataclass(frozen=True, slots=True)
class SetUp:
    slate: str
    shots: int
    spot: Spot
    aim: Spot
    focal_mm: int
    half_angle: float
    """Radians: half of what the lens takes in across a Super 35 frame."""
    end: Spot | None = None
    """Where its move ends, when it leaves its place."""


@dataclass(frozen=True, slots=True)
class Axis:
    """The line of action, from a to b; `side` is which hand the cameras are on."""

    a: Spot
    b: Spot
    side: str


@dataclass(frozen=True, slots=True)
class Plan:
    title: str
    people: tuple[Person, ...] = ()
    setups: tuple[SetUp, ...] = ()
    axis: Axis | None = None
    key_deg: float | None = None
    """0 from the master camera (below), 90 from the right."""
    key_words: str = ""
    outline: Outline | None = None
    """The whole set as the boards build it, where they are installed."""


def plans_of(film: Film) -> dict[str, Plan]:
    """File stem -> plan, in the film's order: one for each scene, and for each place and passage of it that differs."""
    scenes: dict[str, list[Shot]] = {}
    for shot in film.shots:
        scenes.setdefault(str(shot.scene_id), []).append(shot)
    out: dict[str, Plan] = {}
    for scene, shots in scenes.items():
        told = film.scenes.get(scene)
        number = shots[0].scene_number
        groups = _passages(shots)
        outlines = _outlines(film, shots)
        for index, group in enumerate(groups):
            place = _place(group[0])
            raw = told.slugline.raw if told is not None else film.name_of(place)
            part = f"  (plan {index + 1} of {len(groups)}: {film.name_of(place)})" if len(groups) > 1 else ""
            plan = read_plan(group, f"{number}  {raw}{part}", film.name_of, outline=outlines.get(place))
            out[_stem(number, index, out)] = plan
    return out


def _stem(number: str, index: int, taken: dict[str, Plan]) -> str:
    digits, rest = re.match(r"(\d*)(.*)", number, re.S).groups()  # type: ignore[union-attr]
    plain = re.sub(r"[^a-z0-9]+", "", rest.casefold())[:20]
    stem = f"scene-{digits[:6].zfill(3)}{plain}"
    wanted = stem + (f"-{_letters(index)}" if index else "")
    while wanted in taken:
        index += 1
        wanted = f"{stem}-{_letters(index)}"
    return wanted


def _letters(index: int) -> str:
    """1 -> b … 25 -> z, 26 -> aa."""
    return (_letters(index // 26 - 1) if index > 25 else "") + chr(97 + index % 26)


def _place(shot: Shot) -> str:
    return shot.technical_layer.staging.plate.partition(" side ")[0]


def _passages(shots: Sequence[Shot]) -> list[list[Shot]]:
    """Shots by place and passage; a shot without a line goes with those before it in its place, equal plans are one."""
    last: dict[str, int] = {}
    for shot in reversed(shots):
        line = shot.technical_layer.staging.line
        if line is not None:
            last[_place(shot)] = line.passage
    runs: dict[tuple[str, int], list[Shot]] = {}
    for shot in shots:
        line = shot.technical_layer.staging.line
        if line is not None:
            last[_place(shot)] = line.passage
        runs.setdefault((_place(shot), last.get(_place(shot), 0)), []).append(shot)
    alike: dict[Hashable, list[Shot]] = {}
    for (place, _), group in runs.items():
        alike.setdefault((place, _axis_key(group), _spots_key(group)), []).extend(group)
    return list(alike.values())


def _axis_key(shots: Sequence[Shot]) -> Hashable:
    line = next((s.technical_layer.staging.line for s in shots if s.technical_layer.staging.line), None)
    return None if line is None else (line.a, line.b, line.side)


def _spots_key(shots: Sequence[Shot]) -> Hashable:
    found: dict[str, tuple[float, float]] = {}
    for shot in shots:
        for subject in shot.technical_layer.staging.subjects:
            found.setdefault(subject.entity, (round(subject.position_m[0], 1), round(subject.position_m[2], 1)))
    return tuple(sorted(found.items()))


def read_plan(shots: Sequence[Shot], title: str, name_of: NameOf, *, outline: Outline | None = None) -> Plan:
    """The plan of some shots: everybody at their first place with their path to later ones, each set-up once."""
    seen: dict[str, list[tuple[Shot, Subject]]] = {}
    setups: dict[str, list[Shot]] = {}
    for shot in shots:
        for subject in shot.technical_layer.staging.subjects:
            seen.setdefault(str(subject.entity), []).append((shot, subject))
        setups.setdefault(shot.slate, []).append(shot)
    spots = {entity: on_plan(found[0][1].position_m) for entity, found in seen.items()}
    named = {s.gaze.target for found in seen.values() for _, s in found if s.gaze}
    lines = [line for s in shots if (line := s.technical_layer.staging.line)]
    for line in lines:
        named |= {line.a, line.b}
    people = []
    for entity, found in seen.items():
        kind = entity.partition("/")[0]
        if kind in ("character", "animal", "vehicle") or entity in named:
            people.append(_person(entity, found, spots, name_of))
    axis = None
    if lines:
        chosen = max(dict.fromkeys((line.a, line.b, line.side) for line in lines),
                     key=[(line.a, line.b, line.side) for line in lines].count)  # fmt: skip
        if chosen[0] in spots and chosen[1] in spots and math.dist(spots[chosen[0]], spots[chosen[1]]) > 0.05:
            axis = Axis(spots[chosen[0]], spots[chosen[1]], chosen[2])
    lights = [(round(s.technical_layer.lighting.azimuth_deg), s.technical_layer.lighting.color_temperature_k,
               s.technical_layer.lighting.motivated_by) for s in shots]  # fmt: skip
    azimuth, kelvin, by = max(dict.fromkeys(lights), key=lights.count) if lights else (None, 0, "")
    return Plan(
        title=title,
        people=tuple(people),
        setups=tuple(_setup(slate, group) for slate, group in setups.items()),
        axis=axis,
        key_deg=azimuth,
        key_words=f"key {azimuth}°, {kelvin} K" + (f", {by}" if by else ""),
        outline=outline,
    )


def on_plan(point: Sequence[float]) -> Spot:
    x, z = (value if math.isfinite(value) else 0.0 for value in (point[0], point[2]))
    return max(-FARTHEST_M, min(x, FARTHEST_M)), max(-FARTHEST_M, min(z, FARTHEST_M))


def _person(entity: str, found: Sequence[tuple[Shot, Subject]], spots: dict[str, Spot], name_of: NameOf) -> Person:
    first = found[0][1]
    spot = spots[entity]
    heading = first.heading_deg if math.isfinite(first.heading_deg) else 0.0
    looks: list[tuple[Spot, str]] = []
    gazes = [(shot, s.gaze) for shot, s in found if s.gaze]
    targets = [gaze.target for _, gaze in gazes]
    for target in sorted(dict.fromkeys(targets), key=lambda t: (-targets.count(t), targets.index(t))):
        if len(looks) == GAZES or target == entity:
            continue
        if target in spots:
            looks.append((spots[target], ""))
        elif not looks:
            shot, gaze = next(pair for pair in gazes if pair[1].target == target)
            ray = _ray(shot, gaze, spot, heading)
            if ray is not None:
                looks.append((ray, name_of(target)))
    return Person(
        entity=entity,
        name=name_of(entity),
        spot=spot,
        heading_deg=heading,
        thing=entity.partition("/")[0] not in ("character", "animal"),
        gazes=tuple(looks),
        path=_path(spot, found),
    )


def _ray(shot: Shot, gaze: Gaze, spot: Spot, heading_deg: float) -> Spot | None:
    """Where a look goes that is at nothing on the plan: by its direction on the screen, at most 35° off the body."""
    camera = shot.technical_layer.camera
    eye, aim = on_plan(camera.position_m), on_plan(camera.look_at_m)
    if gaze.target == "camera":
        return eye
    axis = math.degrees(math.atan2(aim[0] - eye[0], aim[1] - eye[1]))
    way = {"left": axis + 90, "right": axis - 90, "away": axis, "toward_camera": axis + 180}.get(gaze.screen_direction)
    if way is None:
        return None
    off = (way - heading_deg + 180) % 360 - 180
    turn = math.radians(heading_deg + (max(-35.0, min(35.0, off)) if abs(off) < 120 else 0.0))
    return spot[0] + RAY_M * math.sin(turn), spot[1] + RAY_M * math.cos(turn)


def _path(spot: Spot, found: Sequence[tuple[Shot, Subject]]) -> tuple[Spot, ...]:
    """Every place in turn, from where somebody comes in and to where they go out."""
    path = [spot]
    for _, subject in found:
        here = on_plan(subject.position_m)
        if subject.travel is not None and math.isfinite(subject.heading_deg):
            turn = math.radians(subject.heading_deg)
            way = STRIDE_M * math.sin(turn), STRIDE_M * math.cos(turn)
            if subject.travel.enters and len(path) == 1:
                path.insert(0, (here[0] - way[0], here[1] - way[1]))
        if math.dist(here, path[-1]) > MOVED_M:
            path.append(here)
    last = found[-1][1]
    if last.travel is not None and not last.travel.enters and math.isfinite(last.heading_deg):
        turn = math.radians(last.heading_deg)
        path.append((path[-1][0] + STRIDE_M * math.sin(turn), path[-1][1] + STRIDE_M * math.cos(turn)))
    clean = [path[0]] + [b for a, b in pairwise(path) if a != b]
    return tuple(clean[:40]) if len(clean) > 1 else ()


def _setup(slate: str, group: Sequence[Shot]) -> SetUp:
    camera = group[0].technical_layer.camera
    moving = next((s.technical_layer.camera for s in group if s.technical_layer.camera.movement.type != "static"), None)
    gate, _ = sensor_mm(16 / 9)
    spot = on_plan(camera.position_m)
    end = _end(moving) if moving is not None else None
    return SetUp(
        slate=slate,
        shots=len(group),
        spot=spot,
        aim=on_plan(camera.look_at_m),
        focal_mm=camera.lens.focal_mm,
        half_angle=math.atan(gate / 2 / max(camera.lens.focal_mm, 1)),
        end=end if end is not None and math.dist(end, spot) > LEAVES_M else None,
    )


def _end(camera: Camera) -> Spot | None:
    """Where a move ends, as the boards draw it; None where they are not installed."""
    try:
        from shotwright.boards.camera import view_of
    except ImportError:
        return None
    x, y, z = (float(v) for v in view_of(camera, (960, 540), 1.0).eye)
    return on_plan((x, y, z))


def _outlines(film: Film, shots: Sequence[Shot]) -> dict[str, Outline]:
    """Location -> its set as the boards build it for the shots of one scene; empty where they are not installed."""
    if film.story is None:
        return {}
    try:
        from shotwright.boards.cast import CastSheet
    except ImportError:
        return {}
    from shotwright.exports.floor_plan.outline import outline_of

    found: dict[str, Outline] = {}
    for where, look in CastSheet.of(film.story, film.castings, film.assets).places(shots).items():
        first = next(shot for shot in shots if _place(shot) == where)
        outline = outline_of(look, first.technical_layer.lighting.azimuth_deg)
        if outline is not None:
            found[where] = outline
    return found
