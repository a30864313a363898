"""A person in a pose: the shape skinned, eyes and mouth set, feet on the floor, and the points that framing needs."""

from __future__ import annotations

import math
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np

from shotwright.boards.figures.body import body_data
from shotwright.boards.figures.garments import cuts
from shotwright.boards.figures.shape import NAMES, Shape, shape_of
from shotwright.boards.figures.skeleton import skinned, turn
from shotwright.boards.figures.stance import Posed, strike
from shotwright.boards.mesh import Mesh

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from shotwright.boards.figures.appearance import Appearance

MOUTHS = ("closed", "open", "speaking", "smile")
_WORDS = (
    ("wet", ("wet", "soak", "drench", "dripping", "rain", "sweat")),
    ("muddy", ("mud", "dirt", "filth", "grime", "soot", "dust")),
    ("bleeding", ("bleed", "blood", "wound", "cut", "gash", "bruis", "injur")),
)


def condition_of(text: str) -> str | None:
    """`soaked to the skin` -> `wet`; none where the words name no condition that is drawn."""
    low = text.lower()
    return next((name for name, stems in _WORDS if any(stem in low for stem in stems)), None)


def figure(
    appearance: Appearance,
    pose: str = "stand",
    *,
    phase: float = 0.0,
    gaze: tuple[float, float] = (0.0, 0.0),
    mouth: str = "closed",
    hands: Mapping[str, str] | None = None,
    conditions: Sequence[str] = (),
    crowd: bool = False,
) -> Mesh:
    """One person as triangles, facing +z with the lowest point on y = 0 (a swimmer's water line lies there).

    `phase` is the share of a step walked or of a syllable said, 0-1; `gaze` is yaw towards +x and pitch upwards in
    degrees against the way the body faces; `hands` gives `l` and `r` a shape of poses.toml's [hands]; `conditions` are
    words such as `soaked`, `muddy`, `bleeding`; `crowd` draws some 2,000 triangles instead of 16,000.
    """
    shape = shape_of(appearance, crowd)
    skirted = any("skirt" in cuts()[g.kind] for g in appearance.garments)
    posed = strike(
        shape.body,
        appearance.height_m,
        pose,
        phase=phase,
        gaze=gaze,
        habit=appearance.habit,
        hands=hands,
        lap=0.055 if skirted else 0.0,
    )
    rest = shape.points
    if not crowd:
        rest = rest.copy()
        _set_face(rest, shape, mouth, phase, posed.eyes)
    matrices = posed.skeleton.matrices()
    points = skinned(rest, shape.index, shape.weights, matrices)
    faces, colours, parts = shape.faces, None, shape.parts
    wanted = tuple(sorted({c for c in map(condition_of, conditions) if c}))
    colours = _weathered(appearance, crowd, wanted)
    if pose == "phone" and not crowd:
        place, box, dark = _telephone(posed, appearance.height_m / 1.75)
        faces = np.concatenate([faces, box + len(points)])
        points = np.concatenate([points, place])
        colours = np.concatenate([colours, np.full((len(box), 3), dark, np.float32)])
        parts = np.concatenate([parts, np.full(len(box), NAMES.index("held"), np.uint8)])
    drop = _ground(points, posed)
    points[:, 1] -= np.float32(drop)
    return Mesh(
        vertices=points,
        faces=faces,
        colours=colours,
        parts=parts,
        names=NAMES,
        anchors=_anchors(posed, shape, drop, matrices),
    )


def _set_face(rest: NDArray[Any], shape: Shape, mouth: str, phase: float, eyes: tuple[float, float]) -> None:
    """Move lips, lids and eyeballs of the resting head."""
    moves: list[tuple[str, float]] = []
    if mouth == "open":
        moves.append(("mouth_open", 0.75))
    elif mouth == "speaking":
        moves += [("mouth_open", 0.08 + 0.16 * abs(math.sin(math.pi * (2 * phase + 0.3)))), ("mouth_part", 0.3)]
    elif mouth == "smile":
        moves.append(("smile", 0.8))
    # The lids follow the eyes down.
    else:
        moves.append(("smile", 0.14))
    moves.append(("lids_closed", max(0.0, -eyes[1]) * 0.02 - 0.10))
    face = body_data().face
    size = float(np.ptp(shape.body[:, 1])) / float(np.ptp(body_data().base[:, 1]))
    for name, by in moves:
        where, moved = face[name]
        at = shape.drawn[where]
        here = at >= 0
        rest[at[here]] += np.float32(by * size) * moved[here]
    spin = turn(-eyes[1], eyes[0], 0).astype(np.float32)
    for start, stop, middle in shape.balls:
        centre = np.array(middle, np.float32)
        rest[start:stop] = (rest[start:stop] - centre) @ spin.T + centre


def _telephone(posed: Posed, k: float) -> tuple[NDArray[Any], NDArray[Any], float]:
    """A telephone along the cheek in the right hand: points, faces, reflectance."""
    bones = posed.skeleton
    ear = bones.point("eye_r", "head") + bones.turns["head"] @ (np.array([-0.052, -0.040, -0.070]) * k)
    chin = bones.point("eye_r", "head") + bones.turns["head"] @ (np.array([-0.042, -0.125, 0.005]) * k)
    way = (chin - ear) / np.linalg.norm(chin - ear)
    flat = np.cross(way, bones.turns["head"][:, 0])
    flat /= np.linalg.norm(flat)
    thick = np.cross(way, flat)
    corner = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)])
    half = np.stack([way * 0.072, flat * 0.035, thick * 0.006]) * k
    faces = np.array([[0, 1, 3], [0, 3, 2], [4, 6, 7], [4, 7, 5], [0, 4, 5], [0, 5, 1], [2, 3, 7], [2, 7, 6],
                      [0, 2, 6], [0, 6, 4], [1, 5, 7], [1, 7, 3]], np.int32)  # fmt: skip
    return ((ear + chin) / 2 + corner @ half).astype(np.float32), faces, 0.02


def _ground(points: NDArray[Any], posed: Posed) -> float:
    """How far the figure must come down to stand on y = 0."""
    if posed.ground == "water":
        return float(posed.skeleton.point("eye_l", "head")[1]) - 0.14
    low = float(points[:, 1].min())
    return min(low, 0.0) if posed.ground == "seat" else low


def _anchors(posed: Posed, shape: Shape, drop: float, matrices: NDArray[Any]) -> dict[str, tuple[float, float, float]]:
    bones = posed.skeleton
    data = body_data()
    rest, at = bones.rest, bones.at
    head = bones.turns["head"]

    def moved(point: NDArray[Any]) -> NDArray[Any]:
        return np.asarray(at["head"] + head @ (point - rest["head"]))

    eye = (rest["eye_front_l"] + rest["eye_front_r"]) / 2
    skull = shape.body[data.grids["cap"].ravel()].astype(float)
    crown = skull[int(np.argmax(skull[:, 1]))] * [0, 1, 1]
    jaw = shape.body[data.grids["beard"].ravel()].astype(float)
    chin = jaw[int(np.argmin(jaw[:, 1] - 0.4 * jaw[:, 2]))] * [0, 1, 1]
    chest = bones.turns["spine_03"]
    front = at["spine_03"] + chest @ np.array([0.0, 0.02, 0.11 * float(np.ptp(shape.body[:, 1])) / 1.75])
    hips = (at["thigh_l"] + at["thigh_r"]) / 2
    found = {
        "eyes": moved(eye),
        "eye_left": moved(rest["eye_front_l"]),
        "eye_right": moved(rest["eye_front_r"]),
        "crown": moved(crown),
        "chin": moved(chin),
        "neck": at["neck_01"],
        "chest": front,
        "waist": at["spine_01"],
        "hips": hips,
        "knees": (at["calf_l"] + at["calf_r"]) / 2,
        "ankles": (at["foot_l"] + at["foot_r"]) / 2,
        "shoulder_left": at["upperarm_l"],
        "shoulder_right": at["upperarm_r"],
        "elbow_left": at["lowerarm_l"],
        "elbow_right": at["lowerarm_r"],
        "knee_left": at["calf_l"],
        "knee_right": at["calf_r"],
        "ankle_left": at["foot_l"],
        "ankle_right": at["foot_r"],
        "hand_left": (at["hand_l"] + at["middle_02_l"]) / 2,
        "hand_right": (at["hand_r"] + at["middle_02_r"]) / 2,
    }
    return {name: (float(p[0]), float(p[1] - drop), float(p[2])) for name, p in found.items()}


@lru_cache(maxsize=24)
def _weathered(appearance: Appearance, crowd: bool, conditions: tuple[str, ...]) -> NDArray[Any]:
    """Colours of all faces: wet cloth and hair are darker, mud climbs from the feet, blood lies on brow and shirt."""
    shape = shape_of(appearance, crowd)
    if not conditions:
        return shape.colours
    out = shape.colours.copy()
    name = np.array(NAMES)[shape.parts]
    middle = shape.points[shape.faces].mean(1)
    seed = int.from_bytes(blake2b(appearance.entity.encode(), digest_size=2).digest(), "big") / 65536
    one, other = np.array([61.0, 43.0, 57.0]), np.array([-37.0, 71.0, 29.0])
    patch = np.sin(middle @ one + seed * 40) * np.sin(middle @ other + seed * 17)
    solid = ~np.isin(name, ("eyes", "mouth", "brows"))
    if "wet" in conditions:
        cloth = solid & ~np.isin(name, ("skin", "glasses"))
        out[cloth] *= 0.52
    if "muddy" in conditions:
        chance = np.interp(shape.level, [-1, 1, 2.2, 4.5], [1.2, 0.70, 0.16, 0.0])
        out[solid & (patch < chance * 2 - 1)] = (0.085, 0.055, 0.032)
    if "bleeding" in conditions:
        eye = shape.body[body_data().joints["eye_l"]].astype(float)
        side = 1 if seed < 0.5 else -1
        x, y, z = (middle - (eye * [side, 1, 1] + np.array([0.012 * side, 0.034, 0.02]))).T
        brow = (np.abs(x) < 0.011 + 0.010 * patch) & (y < 0.014) & (y > -0.070) & (z > -0.05)
        far = np.hypot(middle[:, 0] - 0.06 * side, middle[:, 1] - eye[1] * 0.76)
        chest = (far < 0.06 + 0.035 * patch) & (middle[:, 2] > 0)
        out[(brow & (name == "skin")) | (chest & solid & (name != "hair"))] = (0.16, 0.006, 0.006)
    return np.asarray(out, np.float32)
