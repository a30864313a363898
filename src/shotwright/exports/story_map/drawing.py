"""The story map as SVG: self-contained, without scripts, on light paper and on dark, every mark with a title."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from shotwright.exports.phrases import count
from shotwright.exports.story_map.ink import cut, fills_of, is_light, px, runs, smooth_path, style, xml
from shotwright.exports.story_map.legend import CIRCLES, draw_legend

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from shotwright.exports.story_map.contents import Lane, StoryMap

LEFT, RIGHT, TOP = 196.0, 92.0, 40.0
PLOT, NARROWEST, WIDEST = 1640.0, 7.0, 84.0
"""Width for all columns together, and the limits of one."""
LANE, CURVE, STRIP, DAY = 23.0, 128.0, 22.0, 15.0
TURNS = {
    "inciting": "inciting incident", "first_turn": "first turn", "midpoint": "midpoint", "low_point": "low point",
    "climax": "climax", "resolution": "resolution",
}  # fmt: skip


def draw(film: StoryMap) -> str:
    """The map as an SVG document, ending in a newline; the same bytes for the same film."""
    return Sheet(film).document()


class Sheet:
    """One map being drawn, from the top down; `y` is where the next part begins."""

    def __init__(self, film: StoryMap) -> None:
        self.film = film
        self.count = max(1, len(film.scenes))
        self.step = min(WIDEST, max(NARROWEST, PLOT / self.count))
        self.left, self.margin = LEFT, RIGHT
        self.right = LEFT + self.step * self.count
        self.width = max(self.right, LEFT + 620) + RIGHT
        self.out: list[str] = []
        self.y = TOP
        self.ticks: list[int] = []
        self.drops: list[tuple[float, float, str]] = []
        self.fills = fills_of(film)
        self.smoothed = f"tension, mean over {film.window} scenes"

    def document(self) -> str:
        film = self.film
        self._title()
        self._acts()
        above = self.y
        self._points()
        self._curve()
        self._strip()
        self._days()
        self._axis()
        lanes = self.y
        self._lanes()
        backs = [*self._backs(lanes, self.y), *self._columns(above, self.y)]
        if any(scene.flags for scene in film.scenes):
            self._flags()
        draw_legend(self)
        height = self.y + 34
        told = f"Story map of {film.title or 'the film'}"
        about = f"{len(film.scenes)} scenes from left to right, a line for each character, the tension above"
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {px(self.width)} {px(height)}" '
            f'width="{px(self.width)}" height="{px(height)}" role="img" aria-labelledby="map-title map-about">\n'
            f'<title id="map-title">{xml(told)}</title><desc id="map-about">{xml(about)}</desc>\n'
            f"<style>{style()}</style>\n"
            '<defs><linearGradient id="heat" x1="0" y1="0" x2="0" y2="1"><stop class="heat0" offset="0"/>'
            '<stop class="heat1" offset="1"/></linearGradient></defs>\n'
            '<rect class="paper" width="100%" height="100%"/>\n'
        )
        return head + "\n".join([*backs, *self.out]) + "\n</svg>\n"

    def x(self, column: float) -> float:
        """The middle of a column."""
        return LEFT + (column + 0.5) * self.step

    def label(self, x: float, y: float, text: str, kind: str = "", anchor: str = "") -> None:
        side = f' text-anchor="{anchor}"' if anchor else ""
        named = f' class="{kind}"' if kind else ""
        self.out.append(f'<text{named} x="{px(x)}" y="{px(y)}"{side}>{xml(text)}</text>')

    def _title(self) -> None:
        film = self.film
        people = len(film.columns)
        days = len(dict.fromkeys(scene.day for scene in film.scenes if scene.day))
        counts = ((len(film.scenes), "scene"), (people, "character"), (len(film.places), "place"), (days, "story day"))
        self.label(LEFT, self.y + 30, film.title or "Untitled", "title")
        self.label(LEFT, self.y + 54, "  ·  ".join(f"{n} {what}{'' if n == 1 else 's'}" for n, what in counts), "told")
        self.y += 84

    def _acts(self) -> None:
        scenes = self.film.scenes
        acts = runs([scene.act for scene in scenes])
        if not any(act for act, _, _ in acts):
            return
        for act, first, last in acts:
            if not act:
                continue
            a, b = LEFT + first * self.step + 2, LEFT + (last + 1) * self.step - 2
            tip = f"{act}: scenes {scenes[first].number} to {scenes[last].number}"
            self.out.append(
                f'<path class="bracket" d="M{px(a)} {px(self.y + 14)}v-6H{px(b)}v6"><title>{xml(tip)}</title></path>'
            )
            if len(act) * 9.4 < b - a:
                self.label((a + b) / 2, self.y, act.upper(), "act", "middle")
        self.y += 22

    def _points(self) -> None:
        """Where the plot turns, above the curve, in as many rows as the words need."""
        ends: list[float] = []
        for i, scene in enumerate(self.film.scenes):
            for kind, summary in scene.points:
                if kind not in TURNS:
                    continue
                words = TURNS[kind]
                half = len(words) * 2.9 + 6
                x = min(max(self.x(i), LEFT + half - 8), self.width - RIGHT / 2 - half)
                row = next((r for r, end in enumerate(ends) if x - half > end), len(ends))
                if row == len(ends):
                    ends.append(0.0)
                ends[row] = x + half
                self.label(x, self.y + 14 + row * 14, words, anchor="middle")
                self.drops.append((self.x(i), self.y + 18 + row * 14, f"scene {scene.number}, {words}: {summary}"))
        self.y += 14 * len(ends) + 14

    def _curve(self) -> None:
        scenes = self.film.scenes
        top, floor = self.y, self.y + CURVE
        self.label(LEFT - 16, top + 10, "TENSION", "head", "end")
        for share in (0, 0.5, 1):
            y = floor - share * CURVE
            self.out.append(f'<path class="rule" d="M{px(LEFT)} {px(y)}H{px(self.right)}"/>')
        for x, y, tip in self.drops:
            self.out.append(
                f'<g><title>{xml(tip)}</title><path class="drop" d="M{px(x)} {px(y)}V{px(floor)}"/>'
                f'<path class="point" d="M{px(x)} {px(y - 1)}l3.5 4l-3.5 4l-3.5-4z"/></g>'
            )
        wide = min(5.0, max(1.6, self.step * 0.3))
        for i, scene in enumerate(scenes):
            if scene.intensity > 0:
                side = "bright" if scene.valence > 0.05 else "gloom" if scene.valence < -0.05 else "even"
                feeling = scene.feeling.replace("_", " ")
                tip = f"scene {scene.number}: {feeling} {scene.intensity:g}, tension {scene.tension:.2f}"
                high = floor - max(0.02, scene.intensity) * CURVE
                self.out.append(
                    f'<path class="stem {side}" stroke-width="{px(wide)}" d="M{px(self.x(i))} '
                    f'{px(floor - 1)}V{px(high)}"><title>{xml(tip)}</title></path>'
                )
        if len(scenes) > 1:
            line = smooth_path([(self.x(i), floor - scene.smoothed * CURVE) for i, scene in enumerate(scenes)])
            a, b = self.x(0), self.x(len(scenes) - 1)
            self.out.append(f'<path class="area" d="{line}L{px(b)} {px(floor)}H{px(a)}Z"/>')
            self.out.append(f'<path class="curve" d="{line}"><title>{xml(self.smoothed)}</title></path>')
        self.y = floor + 16

    def _strip(self) -> None:
        self.label(LEFT - 16, self.y + 15, "PLACES", "head", "end")
        names = {scene.place: scene.place_name or scene.place for scene in self.film.scenes}
        gap = 1.5 if self.step > 14 else 0.6
        for place, first, last in runs([scene.place for scene in self.film.scenes]):
            if not place:
                continue
            a, wide = LEFT + first * self.step + gap / 2, (last - first + 1) * self.step - gap
            fill = self.fills[place]
            tip = f"{names[place]}: {self._span(first, last)}"
            self.out.append(
                f'<rect x="{px(a)}" y="{px(self.y)}" width="{px(wide)}" height="{px(STRIP)}" rx="2" fill="{fill}">'
                f"<title>{xml(tip)}</title></rect>"
            )
            if wide > 34:
                ink = "on dark" if is_light(fill) else "on"
                self.label(a + wide / 2, self.y + 14.5, cut(names[place], (wide - 6) / 5.3), ink, "middle")
        self.y += STRIP + 5

    def _days(self) -> None:
        scenes = self.film.scenes
        days = runs([f"{s.day}{'~' * s.dream}" for s in scenes])
        if not any(scene.day for scene in scenes):
            return
        self.label(LEFT - 16, self.y + 11, "STORY DAYS", "head", "end")
        for i, (_, first, last) in enumerate(days):
            scene = scenes[first]
            if not scene.day:
                continue
            a, wide = LEFT + first * self.step, (last - first + 1) * self.step
            kind = ("dream" if scene.dream else "past" if scene.past else "") + (" odd" if i % 2 else "")
            what = "dream, " if scene.dream else "flashback, " if scene.past else ""
            tip = f"{what}{scene.day}: {self._span(first, last)}"
            self.out.append(
                f'<rect class="day {kind}" x="{px(a)}" y="{px(self.y)}" width="{px(wide)}" height="{px(DAY)}">'
                f"<title>{xml(tip)}</title></rect>"
            )
            if len(scene.day) * 6.6 + 4 < wide:
                self.label(a + wide / 2, self.y + 11, scene.day, "tick", "middle")
        self.y += DAY + 6

    def _axis(self) -> None:
        self.label(LEFT - 16, self.y + 11, "SCENE", "head", "end")
        every = next(n for n in (1, 2, 5, 10, 20, 50, 100, 1000) if n * self.step >= 26)
        self.ticks = []
        plain = [int(s.number) if s.number.isascii() and s.number.isdigit() else 0 for s in self.film.scenes]
        for i in range(len(self.film.scenes)):
            # Round numbers where scenes have plain numbers, else round counts; 12A is no number of its own.
            count_to = plain[i] if any(plain) else i + 1
            near = self.ticks and (i - self.ticks[-1]) * self.step < 24
            if not near and (i == 0 or every == 1 or (count_to and count_to % every == 0)):
                self.ticks.append(i)
        for i in self.ticks:
            self.label(self.x(i), self.y + 11, self.film.scenes[i].number, "tick", "middle")
        self.label(self.right + 12, self.y + 11, "SCENES", "head")
        self.y += 24

    def _lanes(self) -> None:
        film = self.film
        for lane in film.lanes:
            self._lane(lane)
        lone = film.others
        if any(lone):
            self._others(lone)

    def _lane(self, lane: Lane) -> None:
        film, y = self.film, self.y + LANE / 2
        ink = f"c{lane.circle if 0 <= lane.circle < CIRCLES else CIRCLES}"
        kind = "lead" if lane.role == "lead" else "name"
        scenes = [(i, next(s for s in film.scenes[i].seen if s.character == lane.character)) for i in lane.columns]
        said = sum(seen.speeches for _, seen in scenes)
        tip = f"{lane.name}: {count(len(scenes), 'scene')}, {count(said, 'speech', 'speeches')}"
        self.out.append(f'<g class="{ink}"><title>{xml(tip)}</title>')
        self.out.append(f'<path class="lane" d="M{px(LEFT)} {px(y)}H{px(self.right)}"/>')
        self.label(LEFT - 16, y + 4, cut(lane.name, 26), f"{kind}", "end")
        self.label(self.right + 12, y + 3.5, str(len(scenes)), "tick")
        ways: dict[str, list[str]] = {"far": [], "mid": [], "near": []}
        for (a, _), (b, _) in pairwise(scenes):
            reach = "near" if b - a == 1 else "mid" if b - a <= 6 else "far"
            ways[reach].append(f"M{px(self.x(a))} {px(y)}H{px(self.x(b))}")
        for reach, parts in ways.items():
            if parts:
                self.out.append(f'<path class="link {reach}" d="{"".join(parts)}"/>')
        small, large = max(2.2, min(4.2, self.step * 0.27)), max(3.4, min(9.5, self.step * 0.52))
        for i, seen in scenes:
            radius = small + (large - small) * min(1.0, seen.speeches / 12) ** 0.5
            how = "voice only, " if seen.voice_only else ""
            says = f"{how}{count(seen.speeches, 'speech', 'speeches')}" if seen.speeches else f"{how}silent"
            shape = "voice" if seen.voice_only else "dot"
            radius -= 0.7 * seen.voice_only
            self.out.append(
                f'<circle class="{shape}" cx="{px(self.x(i))}" cy="{px(y)}" r="{px(radius)}">'
                f"<title>{xml(f'{lane.name}, scene {film.scenes[i].number}: {says}')}</title></circle>"
            )
        self.out.append("</g>")
        self.y += LANE

    def _others(self, lone: Sequence[Sequence[str]]) -> None:
        most = max(map(len, lone))
        tall = 30.0
        self.y += 10
        floor = self.y + tall
        total = len(dict.fromkeys(who for row in lone for who in row))
        self.label(LEFT - 16, floor - 4, count(total, "other"), "name", "end")
        self.out.append(f'<path class="rule" d="M{px(LEFT)} {px(floor)}H{px(self.right)}"/>')
        for i, row in enumerate(lone):
            if row:
                high = tall * len(row) / max(4, most)
                wide = min(self.step * 0.6, 14)
                names = ", ".join(self.film.names.get(who, who) for who in row[:12])
                more = f" and {len(row) - 12} more" if len(row) > 12 else ""
                self.out.append(
                    f'<rect class="bar" x="{px(self.x(i) - wide / 2)}" y="{px(floor - high)}" width="{px(wide)}" '
                    f'height="{px(high)}"><title>{xml(f"scene {self.film.scenes[i].number}: {names}{more}")}</title>'
                    "</rect>"
                )
                if self.step >= 12:
                    self.label(self.x(i), floor - high - 3, str(len(row)), "small", "middle")
        self.y = floor + 8

    def _flags(self) -> None:
        self.y += 4
        self.label(LEFT - 16, self.y + 10, "FLAGS", "head", "end")
        for i, scene in enumerate(self.film.scenes):
            if scene.flags:
                tip = f"scene {scene.number}: {count(scene.flags, 'open flag')}"
                half = min(5.0, self.step * 0.42)
                self.out.append(
                    f'<path class="flag" d="M{px(self.x(i))} {px(self.y + 1)}l{px(half)} {px(half * 1.8)}h'
                    f'{px(-2 * half)}z"><title>{xml(tip)}</title></path>'
                )
                if self.step >= 24:
                    self.label(self.x(i) + 8, self.y + 10, str(scene.flags), "small")
        self.y += 16

    def _backs(self, top: float, bottom: float) -> Iterator[str]:
        """What lies behind the lanes: flashbacks, acts, and a line for every number on the axis."""
        scenes = self.film.scenes
        for kind, first, last in runs(["dream" if s.dream else "past" if s.past else "" for s in scenes]):
            if kind:
                a, wide = LEFT + first * self.step, (last - first + 1) * self.step
                yield f'<rect class="{kind}" x="{px(a)}" y="{px(top)}" width="{px(wide)}" height="{px(bottom - top)}"/>'
        for i in self.ticks if self.step < 40 else ():
            yield f'<path class="lane" d="M{px(self.x(i))} {px(top)}V{px(bottom)}"/>'
        for act, first, _ in runs([s.act for s in scenes])[1:]:
            if act:
                yield f'<path class="actrule" d="M{px(LEFT + first * self.step)} {px(top)}V{px(bottom)}"/>'

    def _columns(self, top: float, bottom: float) -> Iterator[str]:
        """A title for every scene, wherever the pointer is in its column."""
        for i, scene in enumerate(self.film.scenes):
            words = f"Scene {scene.number} · {scene.heading}{f' · {scene.day}' if scene.day else ''}"
            told = f"{words}\n{scene.synopsis}" if scene.synopsis else words
            yield (
                f'<rect class="hit" x="{px(LEFT + i * self.step)}" y="{px(top)}" width="{px(self.step)}" '
                f'height="{px(bottom - top)}"><title>{xml(told)}</title></rect>'
            )

    def _span(self, first: int, last: int) -> str:
        scenes = self.film.scenes
        if first == last:
            return f"scene {scenes[first].number}"
        return f"scenes {scenes[first].number} to {scenes[last].number}"
