"""Every scene from above: people and where they look, the line of action, every camera set-up, the key light."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shotwright.exports.floor_plan.drawing import Drawing, lay_out
from shotwright.exports.floor_plan.plan import Plan, plans_of, read_plan
from shotwright.exports.floor_plan.svg import write_svg

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shotwright.exports.film import Film
    from shotwright.model.shot import Shot

__all__ = ["Drawing", "Plan", "draw_plan", "drawings", "floor_plans", "floor_plans_pdf"]


def floor_plans(film: Film) -> dict[str, str]:
    """File stem -> SVG, in the film's order: `scene-012`, and `scene-012-b` … for its other places and passages."""
    return {stem: write_svg(drawing) for stem, drawing in drawings(film).items()}


def floor_plans_pdf(film: Film) -> bytes:
    """All plans as one PDF, one a page; needs Pillow."""
    from shotwright.exports.floor_plan.page import pages
    from shotwright.exports.pdf import write_pdf

    return write_pdf(pages(drawings(film).values()), f"{film.name}: floor plans")


def drawings(film: Film) -> dict[str, Drawing]:
    """File stem -> the drawing that both the SVG and the page are made of."""
    return {stem: lay_out(plan) for stem, plan in plans_of(film).items()}


def draw_plan(shots: Sequence[Shot], title: str, names: Mapping[str, str]) -> str:
    """One plan of some shots as an SVG; `names`: entity id -> name."""

    def name_of(entity: str) -> str:
        return names.get(entity) or entity.rpartition("/")[2].replace("_", " ")

    return write_svg(lay_out(read_plan(shots, title, name_of)))
