"""What a feeling asks of the frame: the beat table of beats.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from shotwright.model.vocabulary import SIZE_ORDER, DepthOfField, LightQuality, Speed, Support

if TYPE_CHECKING:
    from shotwright.craft.optics import LensHabit


@dataclass(frozen=True, slots=True)
class BeatLook:
    """One row of the table. `sizes` are steps 0-6 at low, middle and high intensity."""

    name: str
    sizes: tuple[int, int, int]
    angle_deg: float
    move: str
    speed: Speed
    support: Support
    lens: LensHabit
    depth: DepthOfField
    ratio: float
    mired: float
    quality: LightQuality
    light: str
    composition: str

    def size_at(self, intensity: float) -> float:
        """The wanted size as a step on the scale 0-6, between the table's three."""
        low, middle, high = self.sizes
        if intensity <= 0.5:
            return low + (middle - low) * intensity / 0.5
        return middle + (high - middle) * (intensity - 0.5) / 0.5


@cache
def beat_looks() -> dict[str, BeatLook]:
    """Beat name -> row."""
    raw = tomllib.loads(resources.files("shotwright.craft").joinpath("beats.toml").read_text("utf-8"))
    looks = {}
    for name, row in raw.items():
        low, middle, high = (SIZE_ORDER[size] for size in row.pop("sizes"))
        looks[name] = BeatLook(name=name, sizes=(low, middle, high), **row)
    return looks
