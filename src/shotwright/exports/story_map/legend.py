"""The foot of a story map: what its colours and signs mean, and the film at a glance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shotwright.exports.phrases import count
from shotwright.exports.story_map.ink import cut, px, xml

if TYPE_CHECKING:
    from shotwright.exports.story_map.drawing import Sheet

CIRCLES = 5
"""So many communities have a colour of their own; the smaller ones share one."""
NAMED_PLACES = 12


def draw_legend(sheet: Sheet) -> None:
    """Under the lanes: the places, who keeps together, what the signs mean, and the film at a glance."""
    film = sheet.film
    sheet.y += 30
    sheet.out.append(f'<path class="rule" d="M{px(sheet.left)} {px(sheet.y)}H{px(sheet.right)}"/>')
    top = sheet.y + 24
    x = sheet.left
    named = film.places[:NAMED_PLACES]
    rows = 4
    room = sheet.width - sheet.margin - sheet.left
    columns = max(1, min(3, int(room * 0.46 // 170)))
    named = named[: rows * columns]
    sheet.label(x, top, "MOST USED PLACES", "head")
    for i, (place, name, uses) in enumerate(named):
        a, b = x + (i // rows) * 170, top + 20 + (i % rows) * 18
        sheet.out.append(
            f'<rect x="{px(a)}" y="{px(b - 9)}" width="11" height="11" rx="2" fill="{sheet.fills[place]}"/>'
        )
        sheet.label(a + 18, b, f"{cut(name, 19)}  {uses}")
    if len(film.places) > len(named):
        sheet.label(x, top + 22 + rows * 18, f"and {count(len(film.places) - len(named), 'other place')}", "small")
    x += columns * 170 + 24
    _circles(sheet, x, top)
    _signs(sheet, x + 200, top)
    _notes(sheet, x + 490, top)
    sheet.y = top + 20 + (rows + 1) * 18 - 8


def _circles(sheet: Sheet, x: float, top: float) -> None:
    film = sheet.film
    drawn = {lane.character for lane in film.lanes}
    told = [(i, c) for i, c in enumerate(film.circles[:CIRCLES]) if len(c[1]) > 1 and drawn & set(c[1])]
    if not told:
        return
    sheet.label(x, top, "WHO KEEPS TOGETHER", "head")
    for row, (i, (name, members)) in enumerate(told):
        y = top + 20 + row * 18
        sheet.out.append(f'<g class="c{i}"><circle class="dot" cx="{px(x + 5)}" cy="{px(y - 4)}" r="5"/></g>')
        sheet.label(x + 18, y, f"{cut(name, 17)} and {len(members) - 1}")


def _signs(sheet: Sheet, x: float, top: float) -> None:
    film = sheet.film
    sheet.label(x, top, "SIGNS", "head")
    y = top + 20
    dot = "".join(f'<circle class="dot" cx="{px(x + a)}" cy="{{y}}" r="{r}"/>' for a, r in ((5, 3), (15, 5.5)))
    signs = [(dot, "there; larger says more")]
    if any(seen.voice_only for scene in film.scenes for seen in scene.seen):
        signs.append((f'<circle class="voice" cx="{px(x + 10)}" cy="{{y}}" r="4"/>', "a voice only"))
    stem = (
        f'<path class="stem gloom" stroke-width="3" d="M{px(x + 4)} {{b}}v-8"/>'
        f'<path class="stem even" stroke-width="3" d="M{px(x + 10)} {{b}}v-8"/>'
        f'<path class="stem bright" stroke-width="3" d="M{px(x + 16)} {{b}}v-8"/>'
    )
    signs.append((stem, "strongest feeling: dark, mixed, bright"))
    signs.append((f'<path class="curve" d="M{px(x)} {{y}}h20"/>', sheet.smoothed))
    if any(scene.past for scene in film.scenes):
        signs.append((f'<rect class="day past" x="{px(x)}" y="{{t}}" width="20" height="11"/>', "flashback"))
    if any(scene.dream for scene in film.scenes):
        signs.append((f'<rect class="day dream" x="{px(x)}" y="{{t}}" width="20" height="11"/>', "dream"))
    for i, (sign, words) in enumerate(signs):
        a, b = x + (i // 5) * 130, y + (i % 5) * 18
        shown = sign.format(y=px(b - 4), b=px(b), t=px(b - 9))
        sheet.out.append(f'<g class="c0" transform="translate({px(a - x)} 0)">{shown}</g>')
        sheet.label(a + 28, b, words)


def _notes(sheet: Sheet, x: float, top: float) -> None:
    room = (sheet.width - 24 - x) / 5.9
    if not sheet.film.notes or room < 30:
        return
    sheet.label(x, top, "AT A GLANCE", "head")
    for row, note in enumerate(sheet.film.notes[:5]):
        sheet.out.append(f"<g><title>{xml(note)}</title>")
        sheet.label(x, top + 20 + row * 18, cut(note, room))
        sheet.out.append("</g>")
