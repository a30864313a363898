"""One shot's people, things and place, put together as triangles in scene metres."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from shotwright.boards.mesh import Mesh
from shotwright.boards.raster.triangles import PERSON, SURFACE_CODE, Triangles
from shotwright.boards.sets.exteriors import exterior
from shotwright.boards.sets.furniture import WOOD, chair
from shotwright.boards.sets.place import PlaceLook
from shotwright.boards.sets.props import cabin, prop, vehicle
from shotwright.boards.sets.rooms import room, room_box
from shotwright.boards.sets.solids import Solids, linear
from shotwright.craft.geometry import turn_between
from shotwright.craft.optics import bed_height, eye_height, has_bed
from shotwright.model.shot import Shot, Subject

if TYPE_CHECKING:
    from numpy.typing import NDArray

MeshMaker = Callable[[Subject, float], Mesh]
"""(somebody as staged, moment of the shot 0-1) -> its mesh, facing +z on y = 0."""
SET = "set"
SPEED_M = {"walk": 1.3, "run": 3.5, "climb": 0.5, "drive": 0.0, "ride": 3.0}
"""Metres gone in one shot by whoever travels. Shorter than in life: a board shows where a move leads."""
UNKNOWN_EYES_M = 0.66
SMALL_M = 0.5
"""An animal smaller than this, whose kind nobody said, is raised to where the eyes of such a one are looked for."""
HEAD_M = 0.07
"""Eyes are this far before the middle of a head."""
BEHIND_DEG = 110.0
"""Further round than this nobody looks without turning the body."""
ENTRY = 0.12
"""How far off, over the distance of the lens, whoever comes in is at the beginning."""
PART_SURFACE = {"skin": "skin", "hair": "hair", "eyes": "eye", "brows": "hair", "shoes": "cloth"}


@dataclass(slots=True)
class Piece:
    """One thing in the scene. `anchors` are in scene metres."""

    entity: str
    mesh: Mesh
    at: tuple[float, float, float]
    heading_deg: float
    person: bool = False
    one_sided: bool = False
    casts: bool = True

    def to_scene(self, points: NDArray[Any]) -> NDArray[Any]:
        return turned(points, self.heading_deg) + np.asarray(self.at, np.float32)

    def anchor(self, name: str) -> NDArray[Any] | None:
        point = self.mesh.anchors.get(name)
        return None if point is None else self.to_scene(np.asarray([point], np.float32))[0]


def turned(points: NDArray[Any], heading_deg: float) -> NDArray[Any]:
    """Points turned about y so that +z points along a heading."""
    cos, sin = math.cos(math.radians(heading_deg)), math.sin(math.radians(heading_deg))
    spin = np.array([[cos, 0, -sin], [0, 1, 0], [sin, 0, cos]], np.float32)
    out: NDArray[Any] = np.asarray(points, np.float32) @ spin
    return out


def vertex_normals(points: NDArray[Any], faces: NDArray[Any]) -> NDArray[Any]:
    """float32 (n, 3): normals averaged by area over the faces at each vertex."""
    a, b, c = (points[faces[:, i]] for i in range(3))
    across = np.cross(b - a, c - a).astype(np.float32)
    total = np.empty_like(points, dtype=np.float32)
    index = faces.ravel()
    for k in range(3):
        total[:, k] = np.bincount(index, np.repeat(across[:, k], 3), len(points))
    rim: NDArray[Any] = total / (np.linalg.norm(total, axis=1, keepdims=True) + 1e-12)
    return rim


def travelled(
    subject: Subject, at: float, lens: tuple[float, float, float] | None = None
) -> tuple[float, float, float]:
    """Metres that somebody who travels has gone by a moment of the shot. Whoever comes in ends where they are staged,
    from no further off than leaves their size its name through `lens`."""
    if subject.travel is None:
        return 0.0, 0.0, 0.0
    pose = subject.pose_end if subject.pose_end in SPEED_M else subject.pose_start
    far = SPEED_M.get(pose, 2.0 if subject.entity.startswith("vehicle/") else 0.6) * at
    if subject.travel.enters:
        reach = SPEED_M.get(pose, 0.6) * 0.6
        if lens is not None:
            x, _, z = subject.position_m
            reach = min(reach, ENTRY * math.hypot(lens[0] - x, lens[2] - z))
        far = reach * (at - 1)
    turn = math.radians(subject.heading_deg)
    return math.sin(turn) * far, 0.0, math.cos(turn) * far


def gaze_of(subject: Subject, shot: Shot, lens: tuple[float, float, float]) -> tuple[float, float]:
    """Yaw towards the subject's own +x and pitch upwards, degrees, to what it looks at; (0, 0) straight ahead."""
    if subject.gaze is None:
        return 0.0, 0.0
    eyes = eye_height(subject.pose_start)
    target: tuple[float, float, float] | None = None
    for other in shot.technical_layer.staging.subjects:
        if other.entity == subject.gaze.target and other.entity != subject.entity:
            x, y, z = other.position_m
            target = x, y + (eye_height(other.pose_start) if other.entity.startswith("character/") else 0.1), z
    if subject.gaze.target == "camera":
        target = lens
    if target is not None:
        dx, dz = target[0] - subject.position_m[0], target[2] - subject.position_m[2]
        yaw = turn_between(subject.heading_deg, math.degrees(math.atan2(dx, dz)))
        pitch = math.degrees(math.atan2(target[1] - eyes - subject.position_m[1], max(math.hypot(dx, dz), 0.2)))
        return max(-75.0, min(75.0, yaw)), max(-35.0, min(35.0, pitch))
    camera = shot.technical_layer.camera
    axis = math.degrees(
        math.atan2(camera.look_at_m[0] - camera.position_m[0], camera.look_at_m[2] - camera.position_m[2])
    )
    words = {"left": axis + 90, "right": axis - 90, "away": axis, "toward_camera": axis + 180}
    way = words.get(subject.gaze.screen_direction)
    if way is None:
        return 0.0, 25.0 if subject.gaze.screen_direction == "up" else -25.0
    yaw = turn_between(subject.heading_deg, way)
    return max(-35.0, min(35.0, yaw)) if abs(yaw) < 120 else 0.0, 0.0


@lru_cache(maxsize=24)
def _place_mesh(place: PlaceLook, azimuth: float, daylight: float, lamps: float) -> tuple[Mesh, Any]:
    if place.kind in ("car", "bus"):
        return cabin(place.kind, place.people), None
    if place.inside:
        return room(place, azimuth, daylight, lamps)
    return exterior(place, lamps), None


@lru_cache(maxsize=8)
def _surroundings(lamps: float) -> Mesh:
    return exterior(PlaceLook("location/road_outside", "road", False, "road"), lamps)


@lru_cache(maxsize=1)
def _chair() -> Mesh:
    out = Solids()
    chair(out, WOOD)
    return out.mesh(smooth=False)


@lru_cache(maxsize=1)
def _bed() -> Mesh:
    """A single bed about somebody on their back whose hips are over the middle, head towards -z."""
    out = Solids()
    top = bed_height()
    linen, blanket = linear("#e8e4da"), linear("#7c8a94")
    out.block("bed:wood", 0, 0.0, 0.05, (0.98, top - 0.18, 2.1), WOOD)
    out.block("bed:cloth", 0, top - 0.18, 0.05, (0.94, 0.18, 2.06), linen)
    out.block("bed:wood", 0, 0.0, -1.02, (0.98, top + 0.45, 0.05), WOOD)
    out.blob("bed:cloth", (0, top + 0.02, -0.84), (0.34, 0.07, 0.2), linen)
    out.blob("bed:cloth", (0, top + 0.05, 0.55), (0.46, 0.24, 0.62), blanket, sides=20)
    return out.mesh()


@lru_cache(maxsize=1)
def _water() -> Mesh:
    """The water that somebody swims in, where the set has none."""
    out = Solids()
    out.quad("sea:water", [(-24, 0.04, 24), (24, 0.04, 24), (24, 0.04, -24), (-24, 0.04, -24)], linear("#4f7383"))
    return out.mesh(smooth=False)


@lru_cache(maxsize=32)
def _support(height: float, inside: bool) -> Mesh:
    out = Solids()
    if inside and height <= 1.05:
        out.lathe(
            "table:wood",
            (0, 0, 0),
            [(0.2, 0), (0.03, 0.03), (0.03, height - 0.03), (0.32, height - 0.03), (0.32, height), (0, height)],
            WOOD,
            sides=20,
        )
    elif height > 1.05:
        out.block("post:wood", 0, 0, 0, (0.11, height, 0.11), linear("#7c6446"))
    else:
        out.block("post:wood", 0, 0, 0, (0.5, height - 0.04, 0.36), linear("#7c6446"))
        out.block("post:wood", 0, height - 0.04, 0, (0.6, 0.04, 0.46), linear("#947a58"))
    return out.mesh(smooth=False)


def pieces_of(
    shot: Shot, cast: dict[str, MeshMaker], place: PlaceLook, at: float, daylight: float, lamp_glow: float
) -> tuple[list[Piece], tuple[float, ...] | None]:
    """Everything in the shot, the place first, and the box of its room where it is one."""
    layer = shot.technical_layer
    mesh, box = _place_mesh(place, round(layer.lighting.azimuth_deg), round(daylight, 2), round(lamp_glow, 2))
    pieces = [Piece(SET, mesh, (0.0, 0.0, 0.0), 0.0, one_sided=True, casts=not place.inside)]
    if place.kind in ("car", "bus"):
        pieces.append(Piece(SET, _surroundings(round(lamp_glow, 2)), (0.0, -0.55, 0.0), 90.0, casts=False))
    main = layer.camera.focus.on
    for staged in layer.staging.subjects:
        subject = _turned_to_look(_laid(staged), shot)
        step = travelled(staged, at, layer.camera.position_m)
        x, y, z = (p + s for p, s in zip(subject.position_m, step, strict=True))
        maker = cast.get(subject.entity)
        kind, _, name = subject.entity.partition("/")
        name = name.replace("_", " ")
        if kind == "vehicle":
            if place.kind in ("car", "bus"):
                continue
            # The bonnet of a vehicle's mesh points along +x; one that does not travel is seen from its side.
            moved = _out_of_the_way(shot, subject, (x, z)) if subject.entity != main else (x, z)
            turn = subject.heading_deg - 90 if subject.travel is not None else 0.0
            made = maker(subject, at) if maker else vehicle(name)
            pieces.append(Piece(subject.entity, made, (moved[0], 0.0, moved[1]), turn))
        elif maker is not None:
            made = maker(subject, at)
            # Some animals are characters.
            person = kind == "character" and "knees" in made.anchors
            if kind == "character" and "eyes" in made.anchors:
                x, z = _under_head(made, subject, (x, z))
                if not person and y == 0.0 and made.anchors["eyes"][1] < SMALL_M:
                    y = UNKNOWN_EYES_M - made.anchors["eyes"][1]
            if person and subject.pose_start == "lie" and has_bed(place.id, place.inside):
                pieces.append(Piece(SET, _bed(), (x, 0.0, z), subject.heading_deg))
                y += bed_height()
            low = kind != "character" and float(made.vertices[:, 1].max()) > 0.6
            pieces.append(Piece(subject.entity, made, (x, 0.0 if low else y, z), subject.heading_deg, person=person))
            foot = float(made.vertices[:, 1].min()) + (0.0 if low else y)
            if foot > 0.3 and not person and subject.travel is None:
                pieces.append(Piece(SET, _support(round(foot, 2), place.inside), (x, 0.0, z), 0.0))
            if person and subject.pose_start == "sit" and place.kind not in ("car", "bus"):
                pieces.append(Piece(SET, _chair(), (x, 0.0, z), subject.heading_deg))
        elif kind in ("prop", "animal"):
            held = any(subject.entity in (o.hands.left, o.hands.right) for o in layer.staging.subjects)
            # What is staged is the middle of a thing, not its foot.
            made = prop(name)
            y = max(y - float(made.vertices[:, 1].max()) / 2, 0.0)
            pieces.append(Piece(subject.entity, made, (x, y, z), _to_lens(shot, x, z)))
            if not held and y > 0.3 and place.kind not in ("car", "bus"):
                pieces.append(Piece(SET, _support(round(y, 2), place.inside), (x, 0.0, z), 0.0))
    swimmers = [s.position_m for s in layer.staging.subjects if s.pose_start == "swim"]
    if swimmers and not place.inside:
        x, _, z = swimmers[0]
        pieces.append(Piece(SET, _water(), (x, 0.0, z), 0.0, casts=False))
    pieces += _in_hands(shot, pieces)
    return pieces, box if box is not None else (room_box(place) if place.inside and place.kind != "car" else None)


def _laid(subject: Subject) -> Subject:
    """Whoever lies does so across the way to what is looked at, feet to the master camera where that is across."""
    if subject.pose_start not in ("lie", "fall") or not subject.entity.startswith("character/"):
        return subject
    across = abs(math.sin(math.radians(subject.heading_deg))) > 0.7
    return subject.model_copy(update={"heading_deg": 0.0 if across else 90.0})


def _turned_to_look(subject: Subject, shot: Shot) -> Subject:
    """Whoever goes one way and looks at somebody behind turns the body so far that the eyes can get there."""
    if subject.gaze is None or not subject.entity.startswith("character/") or subject.pose_start == "lie":
        return subject
    target = next((o for o in shot.technical_layer.staging.subjects if o.entity == subject.gaze.target), None)
    if target is None or target.entity == subject.entity:
        return subject
    dx, dz = (target.position_m[i] - subject.position_m[i] for i in (0, 2))
    yaw = turn_between(subject.heading_deg, math.degrees(math.atan2(dx, dz)))
    if abs(yaw) <= BEHIND_DEG:
        return subject
    turned = subject.heading_deg + math.copysign(abs(yaw) - BEHIND_DEG / 2, yaw)
    return subject.model_copy(update={"heading_deg": turned})


def _under_head(body: Mesh, subject: Subject, at: tuple[float, float]) -> tuple[float, float]:
    """Where a body is put so that its head is over a place: what is staged, framed and looked at is the head."""
    aside, _, ahead = body.anchors["eyes"]
    cos, sin = math.cos(math.radians(subject.heading_deg)), math.sin(math.radians(subject.heading_deg))
    back = HEAD_M - ahead
    return at[0] + sin * back - cos * aside, at[1] + cos * back + sin * aside


def _to_lens(shot: Shot, x: float, z: float) -> float:
    lens = shot.technical_layer.camera.position_m
    return math.degrees(math.atan2(lens[0] - x, lens[2] - z))


def _out_of_the_way(shot: Shot, subject: Subject, at: tuple[float, float]) -> tuple[float, float]:
    """A vehicle that is not what the shot is of stands beyond everybody, on the same line from the lens."""
    lens = shot.technical_layer.camera.position_m
    target = shot.technical_layer.camera.look_at_m
    dx, dz = target[0] - lens[0], target[2] - lens[2]
    length = math.hypot(dx, dz) or 1.0
    dx, dz = dx / length, dz / length
    deepest = max(
        ((o.position_m[0] - lens[0]) * dx + (o.position_m[2] - lens[2]) * dz
         for o in shot.technical_layer.staging.subjects if o.entity.startswith("character/")), default=0.0,
    )  # fmt: skip
    if deepest <= 0:
        return at
    ahead = max((at[0] - lens[0]) * dx + (at[1] - lens[2]) * dz, 0.5)
    wanted = deepest + 3.6
    stretch = wanted / ahead
    return lens[0] + (at[0] - lens[0]) * stretch, lens[2] + (at[1] - lens[2]) * stretch


def _in_hands(shot: Shot, pieces: list[Piece]) -> list[Piece]:
    """What people hold, at their hands."""
    found = []
    staged = {piece.entity for piece in pieces}
    for subject in shot.technical_layer.staging.subjects:
        body = next((p for p in pieces if p.entity == subject.entity), None)
        if body is None or not body.person:
            continue
        for side in ("left", "right"):
            thing = getattr(subject.hands, side)
            point = body.anchor(f"hand_{side}")
            if thing is None or point is None or not str(thing).startswith("prop/") or thing in staged:
                continue
            made = prop(str(thing).partition("/")[2].replace("_", " "))
            tall = float(made.vertices[:, 1].max())
            drop = 0.03 if tall < 0.3 else tall
            spot = (float(point[0]), max(float(point[1]) - drop, 0.0), float(point[2]))
            found.append(Piece(str(thing), made, spot, subject.heading_deg))
    return found


def triangles_of(pieces: list[Piece]) -> tuple[Triangles, dict[int, str]]:
    """All pieces as one body, and what each id of it is: `entity/part`."""
    legend: dict[int, str] = {}
    known: dict[str, int] = {}
    vertices, normals, faces, colours, glows, ids, surface, one_sided, casts = ([] for _ in range(9))
    count = 0
    for piece in pieces:
        mesh = piece.mesh
        points, rim, corners = _flat(mesh)
        vertices.append(piece.to_scene(points))
        normals.append(turned(rim, piece.heading_deg))
        faces.append(corners + count)
        count += len(points)
        colours.append(mesh.colours)
        size = len(corners)
        glows.append(mesh.glow if mesh.glow is not None else np.zeros(size, np.float32))
        codes, numbers = [], []
        for name in mesh.names:
            part, _, stuff = name.partition(":")
            numbers.append(known.setdefault(f"{piece.entity}/{part}", len(known) + 1))
            legend[numbers[-1]] = f"{piece.entity}/{part}"
            stuff = stuff or (PART_SURFACE.get(part, "cloth") if piece.person else PART_SURFACE.get(part, "plain"))
            codes.append(SURFACE_CODE.get(stuff, 0) + (PERSON if piece.person else 0))
        ids.append(np.asarray(numbers, np.uint16)[mesh.parts])
        surface.append(np.asarray(codes, np.uint8)[mesh.parts])
        one_sided.append(np.full(size, piece.one_sided, np.bool_))
        casts.append(np.full(size, piece.casts, np.bool_))
    body = Triangles(
        np.ascontiguousarray(np.concatenate(vertices), np.float32),
        np.ascontiguousarray(np.concatenate(normals), np.float32),
        np.ascontiguousarray(np.concatenate(faces), np.int32),
        np.ascontiguousarray(np.concatenate(colours), np.float32),
        np.concatenate(glows).astype(np.float32),
        np.concatenate(ids),
        np.concatenate(surface),
        np.concatenate(one_sided),
        np.concatenate(casts),
    )
    return body, legend


_flattened: dict[int, tuple[Mesh, Any]] = {}


def _flat(mesh: Mesh) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Vertices, normals and faces of a mesh; without `smooth` every face has its own vertices. Kept by mesh."""
    kept = _flattened.get(id(mesh))
    if kept is not None and kept[0] is mesh:
        return kept[1]  # type: ignore[no-any-return]
    if mesh.smooth:
        made = (mesh.vertices, vertex_normals(mesh.vertices, mesh.faces), mesh.faces)
    else:
        points = mesh.vertices[mesh.faces.ravel()]
        a, b, c = points[0::3], points[1::3], points[2::3]
        across = np.cross(b - a, c - a)
        across = across / (np.linalg.norm(across, axis=1, keepdims=True) + 1e-12)
        made = (
            points,
            np.repeat(across, 3, axis=0).astype(np.float32),
            np.arange(len(points), dtype=np.int32).reshape(-1, 3),
        )
    if len(_flattened) > 64:
        _flattened.clear()
    _flattened[id(mesh)] = (mesh, made)
    return made
