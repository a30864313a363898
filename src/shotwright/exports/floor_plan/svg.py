"""A drawing as SVG that asks no server for anything."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from shotwright.exports.floor_plan.drawing import Disc, Shape, Text

if TYPE_CHECKING:
    from shotwright.exports.floor_plan.drawing import Drawing

FONT = "'DejaVu Sans', Helvetica, Arial, sans-serif"
BASELINE = 0.78
"""Of a text's height, where its letters stand."""


def write_svg(drawing: Drawing) -> str:
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{drawing.width:.0f}" height="{drawing.height:.0f}" '
        f'viewBox="0 0 {drawing.width:.0f} {drawing.height:.0f}" font-family="{FONT}">',
        f"<title>{escape(drawing.title)}</title>",
    ]
    parts += [_item(item) for item in drawing.items]
    parts.append("</svg>")
    return "\n".join(parts) + "\n"


def _item(item: Shape | Disc | Text) -> str:
    if isinstance(item, Disc):
        return f'<circle cx="{item.x:.1f}" cy="{item.y:.1f}" r="{item.radius:g}" fill="{item.fill}"/>'
    if isinstance(item, Text):
        left, top, _, bottom = item.box
        bold = ' font-weight="bold"' if item.bold else ""
        return (
            f'<text x="{left:.1f}" y="{top + (bottom - top) * BASELINE:.1f}" font-size="{item.size:g}"{bold} '
            f'fill="{item.fill}">{escape(item.text)}</text>'
        )
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in item.points) + ("Z" if item.closed else "")
    how = f' fill="{item.fill or "none"}"'
    if item.stroke:
        how += f' stroke="{item.stroke}" stroke-width="{item.width:g}" stroke-linecap="round" stroke-linejoin="round"'
    if item.dash:
        how += f' stroke-dasharray="{item.dash[0]:g} {item.dash[1]:g}"'
    if item.opacity < 1:
        how += f' opacity="{item.opacity:g}"'
    return f'<path d="{path}"{how}/>'
