"""The overhead plan of the README's scene, drawn by the product."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shotwright.exports import floor_plan

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shotwright.model.shot import Shot


def draw_plan(shots: Sequence[Shot], title: str, names: Mapping[str, str]) -> str:
    """The plan as an SVG."""
    return floor_plan.draw_plan(shots, title, names)
