"""Makes docs/show.svg, what `shotwright show` prints of one scene, and docs/floor_plan.svg, the same scene from above.

Usage: python docs/make_picture.py PRODUCTION [SCENE]
"""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

from floor_plan import draw_plan
from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from shotwright import Production
from shotwright.cli.cards import lay_out, render_scene

HERE = Path(__file__).resolve().parent
SCENE = "15"
WIDTH = 116
CARDS = 4

PAPER = TerminalTheme(
    (24, 26, 31),
    (222, 220, 214),
    [(24, 26, 31), (224, 108, 117), (152, 195, 121), (229, 192, 123), (97, 175, 239), (198, 140, 221), (104, 190, 190),
     (222, 220, 214)],
    [(110, 116, 128), (224, 108, 117), (152, 195, 121), (229, 192, 123), (97, 175, 239), (198, 140, 221),
     (104, 190, 190), (255, 255, 255)],
)  # fmt: skip


def draw_cards(production: Path, scene: str) -> str:
    """The first shots of a scene as an SVG that asks no server for its fonts."""
    with Production(production) as opened:
        found = opened.find_scene(scene)
        shots = next(shots for s, shots in opened.film if s == found)
        page = lay_out(opened, found, shots)
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, highlight=False)
    console.print(render_scene(page._replace(cards=page.cards[:CARDS]), WIDTH))
    console.print(Text(f"… and {len(page.cards) - CARDS} more shots", style="cyan"))
    svg = console.export_svg(
        title=f"shotwright show last_bird_in.shotwright scene {scene}", theme=PAPER, unique_id="show"
    )
    svg = re.sub(r"@font-face\s*{[^}]*}", "", svg)
    svg = re.sub(r"<!--.*?-->", "", svg)
    svg = svg.replace("Fira Code, monospace", "'DejaVu Sans Mono', Menlo, Consolas, monospace")
    assert "http" not in svg.replace("http://www.w3.org/", ""), "the picture would fetch something"
    return "\n".join(line.rstrip() for line in svg.splitlines() if line.strip()) + "\n"


def draw_scene(production: Path, scene: str) -> str:
    """The floor plan of a scene."""
    with Production(production) as opened:
        found = opened.find_scene(scene)
        shots = next(shots for s, shots in opened.film if s == found)
        told = next(s for s in opened.story.scenes if s.scene_id == found)
        names = {c.id: c.name for c in opened.story.characters}
    return draw_plan(shots, f"{scene}  {told.slugline.raw}", names)


if __name__ == "__main__":
    production, scene = Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else SCENE
    (HERE / "show.svg").write_text(draw_cards(production, scene))
    (HERE / "floor_plan.svg").write_text(draw_scene(production, scene))
