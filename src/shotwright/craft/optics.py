"""Frames, lenses and stops: the numbers of optics.toml, and what a camera needs for a size at a distance."""

from __future__ import annotations

import math
import re
import tomllib
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Any, Literal, cast

from shotwright.model.vocabulary import SIZE_ORDER, DepthOfField, Height, LensClass, ShotSize

LensHabit = Literal["wide", "standard", "long"]
LightLevel = Literal["day", "interior", "night"]
ADULT_M = 1.75
SIZES: tuple[ShotSize, ...] = cast("tuple[ShotSize, ...]", tuple(SIZE_ORDER))


@cache
def tables() -> dict[str, Any]:
    """The contents of optics.toml, read once."""
    return tomllib.loads(resources.files("shotwright.craft").joinpath("optics.toml").read_text("utf-8"))


@cache
def eye_height(pose: str, height_m: float = ADULT_M) -> float:
    """Metres from the floor to the eyes of somebody of a height in a pose."""
    seat = float(tables()["seat_m"].get(pose, 0.0))
    return seat + (float(tables()["eye_height_m"].get(pose, 1.6)) - seat) * height_m / ADULT_M


@cache
def has_bed(place: str, inside: bool) -> bool:
    """Whether somebody who lies in a place, by its id or name, lies on a bed rather than on the floor."""
    return inside and set(re.findall(r"[a-z]+", place.casefold())).isdisjoint(tables()["floors"]["words"])


def bed_height() -> float:
    """Metres from the floor to the top of a bed."""
    return float(tables()["seat_m"]["lie"])


@cache
def coverage_of(size: ShotSize, pose: str = "stand") -> float:
    """Height of the frame at the subject, metres. A seated body needs less of a full frame than a standing one."""
    metres = float(tables()["coverage_m"][size])
    if size in ("wide", "medium_wide"):
        metres *= float(tables()["body_share"].get(pose, 1.0))
    if size == "medium_wide":
        # However low somebody is, wider than from the waist up is wider.
        metres = max(metres, 1.2 * float(tables()["coverage_m"]["medium"]))
    return metres


@cache
def size_of(coverage_m: float) -> ShotSize:
    """The size whose band holds a coverage; bands meet at the geometric mean of neighbours."""
    heights = tables()["coverage_m"]
    for wider, tighter in pairwise(SIZES):
        if coverage_m >= math.sqrt(heights[wider] * heights[tighter]):
            return wider
    return SIZES[-1]


@cache
def focal_for(size: ShotSize, habit: LensHabit) -> int:
    return int(tables()["focal_mm"][habit][size])


def lens_class(focal_mm: int) -> LensClass:
    if focal_mm <= 18:
        return "ultra_wide"
    if focal_mm <= 31:
        return "wide"
    if focal_mm <= 55:
        return "standard"
    return "long" if focal_mm <= 100 else "telephoto"


def aperture(depth: DepthOfField, level: LightLevel) -> float:
    """T-stop for a depth of field at a level of light."""
    return float(tables()["aperture_t"][depth][level])


@cache
def white_balance(key_k: int, night_blue: bool) -> int:
    """The camera's balance: the preset nearest in mired to the key; a night that must read blue is held below it."""
    presets = [int(k) for k in tables()["white_balance"]["presets_k"]]
    best = min(presets, key=lambda k: abs(1e6 / k - 1e6 / key_k))
    if night_blue and best > presets[0]:
        return presets[presets.index(best) - 1]
    return best


@cache
def object_coverage(name: str) -> float:
    """Height of the frame for a thing, metres, by the last word of its name that the table knows."""
    known = tables()["object_coverage_m"]
    for word in reversed(re.findall(r"\w+", name.casefold())):
        for form in (word, word.removesuffix("s"), word.removesuffix("es")):
            if form in known:
                return float(known[form])
    return float(known["default"])


def height_name(camera_m: float, eye_m: float) -> Height:
    """The set's word for a camera height beside the eyes of the subject."""
    if camera_m > 6.0:
        return "aerial"
    if abs(camera_m - eye_m) <= 0.25:
        return "eye"
    if camera_m > 2.3:
        return "overhead"
    if camera_m < 0.25:
        return "ground"
    if camera_m < 0.7:
        return "knee"
    if camera_m < 1.15:
        return "hip"
    return "shoulder" if camera_m < eye_m or camera_m < 1.5 else "eye"
