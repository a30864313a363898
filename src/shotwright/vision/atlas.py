"""The rendered atlas: the shot library that everybody has from the first day, annotated by the tables of film craft.

840 frames: every size at every angle, in four framings under six key styles. What each is good for is computed: which
feelings by the beat table, which moments of which scenes by the idioms. The annotations need no picture and no model;
embeddings of the pictures come with the package for the embedded backbone, and the pictures can be drawn at any time.
"""

from __future__ import annotations

import math
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, cast

import numpy as np

from shotwright.craft.beats import beat_looks
from shotwright.craft.idioms import idioms
from shotwright.model.vision import LibraryShot
from shotwright.model.vocabulary import SIZE_ORDER
from shotwright.vision.atlas_frames import Cell, cell_of, cells, key_direction, table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from shotwright.model.vision_picture import VisionModel
    from shotwright.model.vocabulary import BeatName
    from shotwright.vision.library import ShotLibrary

SOURCE = "atlas"
KINDS = {"single": ("single", "moving"), "two_shot": ("two",), "over_the_shoulder": ("over",), "group": ("master",)}
PHASES = {
    "open": "opening", "early": "beginning", "middle": "middle", "peak": "turn", "after": "aftermath",
    "close": "ending",
}  # fmt: skip
"""What the phases of an idiom are called in words."""
SIZE_NAMES = {name: name.replace("_", " ") for name in SIZE_ORDER}
NEAR_SIZE = 0.75
"""Steps of size between an idiom's frame and one that serves for it."""
FITTING = 0.62
"""From here on a frame suits a feeling."""
MOST_USES = 10


@cache
def atlas() -> tuple[LibraryShot, ...]:
    """The annotations of all frames, in order; computed, always the same."""
    return tuple(_annotated(cell) for cell in cells())


def seed_atlas(library: ShotLibrary) -> int:
    """Put the atlas into a library that lacks it: how many shots were new."""
    if library.shots(limit=1, source=SOURCE)[1] >= len(cells()):
        return 0
    return library.add(atlas(), [None] * len(cells()))[1]


def is_atlas(shot: LibraryShot) -> bool:
    return shot.source == SOURCE


def atlas_vector(shot: LibraryShot, model: VisionModel) -> NDArray[np.float32] | None:
    """The unit embedding of an atlas shot's picture under a backbone; None where none came with the package."""
    known = _vectors()
    if known is None or not model.weights_sha256 or known[0] != model.weights_sha256:
        return None
    return cast("NDArray[np.float32]", known[1][_numbers()[_cell(shot)]])


@cache
def _numbers() -> dict[Cell, int]:
    return {cell: n for n, cell in enumerate(cells())}


def pack_vectors(vectors: NDArray[np.float32], weights_sha256: str) -> dict[str, NDArray[np.generic]]:
    """Embeddings of all cells in order, as they are kept: 8 bits a number, each vector by its own scale."""
    scale = np.abs(vectors).max(axis=1, keepdims=True) / 127.0
    return {
        "vectors": np.round(vectors / scale).astype(np.int8),
        "weights": np.frombuffer(weights_sha256.encode("ascii"), np.uint8),
    }


@cache
def _vectors() -> tuple[str, NDArray[np.float32]] | None:
    place = files(__package__).joinpath("atlas.npz")
    if not place.is_file():
        return None
    with place.open("rb") as file, np.load(file, allow_pickle=False) as kept:
        vectors = kept["vectors"].astype(np.float32)
        weights = kept["weights"].tobytes().decode("ascii")
    if len(vectors) != len(cells()):
        return None
    return weights, vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def _cell(shot: LibraryShot) -> Cell:
    return cell_of(str(shot.shot_size), str(shot.angle), str(shot.framing), str(shot.key_style))


def _annotated(cell: Cell) -> LibraryShot:
    feelings = _feelings(cell)
    uses = _uses(cell)
    names = [name for name, _ in feelings]
    types = dict.fromkeys(scene for _, scene, _ in uses)
    light = table()["light"][cell.key]["words"]
    who = {"single": "One person", "two_shot": "Two people", "over_the_shoulder": "Somebody over a shoulder",
           "group": "A group"}[cell.framing]  # fmt: skip
    angle = {"eye_level": "at eye level", "high_angle": "from above", "low_angle": "from below",
             "overhead": "from straight above", "worms_eye": "from the ground"}[cell.angle]  # fmt: skip
    return LibraryShot(
        source=SOURCE,
        shot_size=cell.size,
        angle=cell.angle,
        framing=cell.framing,
        key_style=cell.key,
        light_direction=key_direction(cell),
        beat=names[0],
        tags=tuple(dict.fromkeys((*names, *types))),
        usage_situations=tuple(f"{PHASES[phase]} of {scene.replace('_', ' ')}" for _, scene, phase in uses),
        scene_description=f"{who}, {SIZE_NAMES[cell.size]}, {angle}; {light}, {cell.place}.",
    )


def _feelings(cell: Cell) -> list[tuple[BeatName, float]]:
    """The feelings that a frame suits, the best first: by size, the side and steepness of its angle, and its key."""
    found = []
    for name, look in beat_looks().items():
        size = min(abs(SIZE_ORDER[cell.size] - s) + 0.15 * n for n, s in enumerate(look.sizes))
        fit = 0.42 * max(0.0, 1.0 - size / 2.5) + 0.26 * _angle_fit(cell, look.angle_deg)
        found.append((cast("BeatName", name), round(fit + 0.32 * _key_fit(cell, look.ratio, name), 4)))
    found.sort(key=lambda pair: (-pair[1], pair[0]))
    return [found[0], *(pair for pair in found[1:4] if pair[1] >= FITTING and pair[1] > found[0][1] - 0.2)]


def _angle_fit(cell: Cell, wanted: float) -> float:
    """1 where the angle is on the side of level that the feeling asks for, less where it goes too far or elsewhere."""
    steep = cell.angle in ("overhead", "worms_eye")
    side = {"eye_level": 0, "high_angle": 1, "overhead": 1, "low_angle": -1, "worms_eye": -1}[cell.angle]
    asked = 0 if abs(wanted) < 4 else math.copysign(1, wanted)
    if side == asked:
        return (1.0 if abs(wanted) >= 8 else 0.5) if steep else 1.0
    return 0.45 if not steep and 0 in (side, asked) else 0.0


def _key_fit(cell: Cell, ratio: float, beat: str) -> float:
    if cell.key == "silhouette":
        return 0.8 if beat in ("dread", "power", "awe", "vulnerability") else 0.1
    if cell.key == "flat":
        return 0.7 if beat in ("vulnerability", "confusion", "calm") else 0.2
    off = abs(math.log2(float(table()["light"][cell.key]["ratio"])) - math.log2(ratio))
    return max(0.0, 1.0 - off / 2.0)


def _uses(cell: Cell) -> list[tuple[float, str, str]]:
    """(how far off, scene type, phase) of the moments that the idioms would give this frame, the nearest first."""
    found = []
    kinds = KINDS[cell.framing]
    for scene, idiom in idioms().items():
        for phase, frames in idiom.phases.items():
            off = [
                abs(size - SIZE_ORDER[cell.size]) + 0.3 * n for n, (kind, size) in enumerate(frames) if kind in kinds
            ]
            if off and min(off) <= NEAR_SIZE:
                found.append((round(min(off), 3), scene, str(phase)))
    found.sort()
    return found[:MOST_USES]
