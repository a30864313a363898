"""The set-ups that one shot could have, priced: the idiom's kinds and sizes, pulled by the beat, on one side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shotwright.craft.chooser import Candidate
from shotwright.craft.geometry import distance_between, heading_to, side_of_line, step
from shotwright.craft.optics import SIZES, coverage_of, size_of
from shotwright.model.vocabulary import SIZE_ORDER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.craft.beats import BeatLook
    from shotwright.craft.idioms import Idiom, Kind, Phase
    from shotwright.crew.cinematographer.figures import Figure, Moment
    from shotwright.model.story import SceneBrief

ANGLED_KINDS = frozenset({"single", "over", "moving", "two", "master"})
ROUGH_DISTANCE_M = (9.0, 5.0, 3.4, 2.6, 2.2, 2.4, 2.0)
"""About how far a camera stands from its subject, by step of size."""
ANGLED_FROM = 0.65
"""Intensity from which the beat's angle is used."""


@dataclass(slots=True)
class Arc:
    """Where a shot stands in the scene."""

    phase: Phase
    index: int
    count: int
    turn_at: int


class Options:
    """Collects the candidates of one shot."""

    def __init__(self, moment: Moment, arc: Arc, brief: SceneBrief, look: BeatLook, idiom: Idiom) -> None:
        self.moment, self.arc, self.brief, self.look, self.idiom = moment, arc, brief, look, idiom
        self.intensity = moment.shot.intent.beat.intensity
        self.options: list[Candidate] = []
        angle = look.angle_deg if self.intensity >= ANGLED_FROM else 0.0
        if moment.stage.kind == "car":
            angle = 0.0
        self.angle = "low_angle" if angle <= -4 else "high_angle" if angle >= 4 else "eye_level"
        self.ticket = (f"idiom {idiom.name}.{arc.phase}", f"beat {look.name}")

    def wanted(self, kind: Kind, usual: float) -> float:
        """The size wanted of a kind of frame: the idiom's and the beat's, weighed; tightest on the turn."""
        beat = self.look.size_at(self.intensity)
        if kind in ("single", "over"):
            size = 0.5 * usual + 0.5 * min(max(beat, 1.0), 5.4) + 0.4 * (self.intensity - 0.4)
        else:
            size = 0.7 * usual + 0.3 * min(beat, 4.0)
        if kind in ("single", "over") and self.arc.phase in ("early", "middle"):
            size += 0.8 * self.arc.index / max(self.arc.turn_at, 1) - 0.3
        if self.arc.phase == "after":
            size -= 0.3
        if (
            self.intensity >= 0.35
            and self.arc.phase == "peak"
            and kind == "single"
            and self.look.name not in ("dread", "vulnerability", "awe", "action")
        ):
            size = max(size, 5.0 if self.intensity >= 0.5 else 4.4)
        return size

    def add(
        self, kind: Kind, primary: str, partner: str, size: int, azimuth: float, cost: float, theta: float = 18.0
    ) -> None:
        self.options.append(
            Candidate(
                kind=kind,
                primary=primary,
                partner=partner,
                size=size,
                azimuth=azimuth,
                angle=self.angle if self._angled(kind) else "eye_level",
                cost=cost,
                theta=theta,
                evidence=self.ticket,
                people=self._of(kind, primary, partner, size),
                around=self._around(kind, primary, partner, size, azimuth),
            )
        )

    def _angled(self, kind: Kind) -> bool:
        """The beat's angle is kept for frames of everyone, for the turn and for what follows it."""
        return kind == "master" or (kind in ANGLED_KINDS and self.arc.phase in ("peak", "after", "close"))

    def _of(self, kind: Kind, primary: str, partner: str, size: int) -> frozenset[str]:
        if kind == "two":
            return frozenset((primary, partner))
        if kind == "master":
            return frozenset(self.moment.figures)
        if not primary or kind in ("insert", "pov"):
            return frozenset()
        if kind == "moving" and size <= 2:
            own = self.moment.figures[primary]
            return frozenset(f.id for f in self.moment.figures.values() if distance_between(f.at, own.at) < 1.9)
        return frozenset((primary,))

    def _around(self, kind: Kind, primary: str, partner: str, size: int, azimuth: float) -> float:
        """Azimuth about the primary of a camera that is aimed at the middle of several people."""
        if kind not in ("two", "master"):
            return azimuth
        figures = self.moment.figures
        spots = [figures[p].at for p in ((primary, partner) if kind == "two" else figures)]
        middle = (sum(x for x, _ in spots) / len(spots), sum(z for _, z in spots) / len(spots))
        spread = max(abs(x - middle[0]) for x, _ in spots)
        camera = step(middle, azimuth, max(ROUGH_DISTANCE_M[size], 2.2 * spread))
        return heading_to(figures[primary].at, camera)

    def priced(self, kind: Kind, fallback: float) -> tuple[float, float]:
        """(cost of the kind here, size wanted of it)."""
        rank = self.idiom.rank(self.arc.phase, kind)
        if rank is None:
            return 1.3, self.wanted(kind, fallback)
        return 0.4 * rank[0], self.wanted(kind, rank[1])

    def people(self, people: Sequence[str], travel: bool = False) -> None:
        figures = self.moment.figures
        first = figures[people[0]]
        many = [p for p in people if p in figures]
        partner = self._partner(first, many)
        intent = self.moment.shot.intent
        moving = first.going is not None and not (first.enters or first.exits)
        if len(many) < 2:
            self._single(first, intent.focus, partner, moving)
        if partner is not None and len(many) <= 2 and self.moment.stage.kind != "car":
            self._over(first, partner, intent.focus)
        alone = intent.focus == "listener" and len(many) < 2
        if partner is not None and len(many) <= 2 and not alone:
            self._two(first, partner, intent.focus, required=len(many) == 2)
        if len(many) > 2 or (intent.focus in ("action", "exchange", "travel")):
            self.master(0.0 if len(many) > 2 else 0.7)
        elif self.arc.phase == "open" and len(figures) > 1 and not alone:
            self.master(0.3)
        lateral = not (first.enters or first.exits)
        if (travel or moving) and lateral and len(many) < 2 and self.moment.stage.kind != "car":
            self.moving(first.id)

    def close(self, person: str) -> None:
        figure = self.moment.figures[person]
        for size, theta in ((5, 18.0), (5, 52.0), (4, 18.0)):
            azimuth = figure.gaze_heading - figure.way * theta
            self.add("single", person, "", size, azimuth, 0.2 + 0.3 * (theta > 20) + 0.4 * (size < 5), theta)

    def _partner(self, first: Figure, many: Sequence[str]) -> Figure | None:
        figures = self.moment.figures
        for other in (*many[1:], first.addressee or "", first.target):
            if other in figures and other != first.id:
                return figures[other]
        pair = self.moment.pair
        if pair is not None and first.id in pair:
            other = pair[1] if pair[0] == first.id else pair[0]
            return figures[other]
        return None

    def _single(self, figure: Figure, focus: str, partner: Figure | None, moving: bool) -> None:
        price, wanted = self.priced("single", 3.0)
        low, high = 1, 5
        if self.arc.phase == "peak" and self.intensity >= 0.85 and self.brief.act == "climax":
            high = 6 if self.brief.allowance.extreme_close_up else 5
        if focus == "listener":
            price -= 0.5
            wanted = max(wanted, 3.0)
        if focus == "speaker":
            wanted = max(wanted, 2.0)
        if focus == "action":
            wanted = min(wanted, 3.6)
        if moving:
            price += 1.2
            wanted = min(wanted, 2.5)
        if self.arc.phase == "open" and self.arc.index == 0 and len(self.moment.figures) > 1:
            price += 0.8
        faced = self.moment.figures.get(figure.target)
        held = faced is not None
        car = self.moment.stage.kind == "car"
        if self._company(figure):
            low, wanted = 3, max(wanted, 2.6)
        for size in range(max(low, int(wanted - 1)), min(high, int(wanted + 2)) + 1):
            off = price + (3.0 if self.arc.phase == "peak" else 0.9) * abs(size - wanted)
            front = 22.0 if car else 18.0
            self.add(
                "single",
                figure.id,
                partner.id if partner else "",
                size,
                figure.gaze_heading - figure.way * front,
                off,
                front,
            )
            if not car and not held:
                self.add("single", figure.id, "", size, figure.gaze_heading - figure.way * 52.0, off + 0.3, 52.0)
                if size <= 3 or self.look.composition == "short_side":
                    self.add("single", figure.id, "", size, figure.gaze_heading - figure.way * 84.0, off + 0.6, 84.0)

    def _over(self, figure: Figure, partner: Figure, focus: str) -> None:
        if figure.target != partner.id or self._apart(figure, partner):
            return
        price, wanted = self.priced("over", 3.0)
        if focus == "listener":
            price += 1.0
        wanted = min(max(wanted, 2.0), 4.0)
        apart = distance_between(figure.at, partner.at)
        for size in (2, 3, 4):
            if abs(size - wanted) < 1.4 and coverage_of(SIZES[size]) >= apart * 0.33:
                cost = price + 0.9 * abs(size - wanted)
                self.add("over", figure.id, partner.id, size, figure.gaze_heading - figure.way * 14.0, cost, 14.0)

    def _company(self, figure: Figure) -> bool:
        """Somebody stands so near that a frame of the whole body would hold both."""
        return any(o is not figure and distance_between(o.at, figure.at) < 2.2 for o in self.moment.figures.values())

    def _apart(self, one: Figure, two: Figure) -> bool:
        """True when a shoulder cannot frame a face: too far off, or somebody stands between."""
        if distance_between(one.at, two.at) > 3.0:
            return True
        for other in self.moment.figures.values():
            if other is one or other is two:
                continue
            if (
                distance_between(one.at, other.at) + distance_between(other.at, two.at)
                < distance_between(one.at, two.at) + 0.25
            ):
                return True
        return False

    def _two(self, figure: Figure, partner: Figure, focus: str, required: bool) -> None:
        price, wanted = self.priced("two", 2.4)
        if focus in ("exchange", "group") or required:
            price = min(price, 0.3)
        elif focus in ("speaker", "listener") and self.arc.phase not in ("open", "close"):
            price += 0.6
        left, right = sorted((figure.at, partner.at))
        facing = heading_to(left, right) - 90.0
        car = self.moment.stage.kind == "car"
        if car:
            if abs(right[0] - left[0]) < 0.3:
                return
            facing = 0.0
        tightest = tightest_two(left, right)
        for turn in (0.0, 32.0, -32.0):
            for size in range(max(2 if car else 0, int(wanted)), min(int(wanted) + 2, tightest) + 1):
                self.add(
                    "two",
                    figure.id,
                    partner.id,
                    size,
                    facing + turn,
                    price + 0.7 * abs(size - wanted) + (0.25 if turn else 0),
                )
            if int(wanted) > tightest:
                self.add("two", figure.id, partner.id, tightest, facing + turn, price + 0.3 + (0.25 if turn else 0))

    def master(self, extra: float = 0.0) -> None:
        price, wanted = self.priced("master", 1.2)
        people = self.moment.shot.intent.on
        first = next((str(p) for p in people if p in self.moment.figures), next(iter(self.moment.figures), ""))
        if not first:
            return
        car = self.moment.stage.kind == "car"
        if car:
            wanted = 2.0
        tightest = self._tightest()
        for size in (2,) if car else range(max(0, tightest - 2), tightest + 1):
            if self.moment.stage.kind == "room" and size == 0 and tightest > 0:
                continue
            if abs(size - wanted) <= 1.3 or size == tightest:
                for turn in self._master_turns(first, size):
                    self.add(
                        "master",
                        first,
                        "",
                        size,
                        turn,
                        price + extra + 0.6 * abs(size - wanted) + (0.2 if turn else 0.0),
                    )

    def _tightest(self) -> int:
        """The tightest step of size, medium wide at most, whose frame holds everyone."""
        spots = [f.at for f in self.moment.figures.values()]
        width = max(x for x, _ in spots) - min(x for x, _ in spots) + 0.7
        return min(2, SIZE_ORDER[size_of(width / 1.5)])

    def _master_turns(self, first: str, size: int) -> list[float]:
        """Azimuths for a frame of everyone: those on the cameras' side of the line that is in play."""
        figures = self.moment.figures
        own = figures[first]
        if self.moment.stage.kind == "car":
            return [0.0, 32.0, -32.0]
        pair = self.moment.pair or ((first, own.target) if own.target in figures else None)
        way = self.moment.stage.facing
        if pair is None:
            return [0.0, 32.0 * way, -32.0 * way]
        left, right = sorted((figures[pair[0]].at, figures[pair[1]].at))
        spots = [f.at for f in figures.values()]
        middle = (sum(x for x, _ in spots) / len(spots), sum(z for _, z in spots) / len(spots))
        found = [
            turn
            for turn in (0.0, 32.0 * way, -32.0 * way, 58.0 * way, -58.0 * way)
            if side_of_line(left, right, step(middle, turn, ROUGH_DISTANCE_M[size])) > 0.4
        ]
        return found[:3] or [0.0]

    def moving(self, person: str) -> None:
        figure = self.moment.figures[person]
        going = figure.going if figure.going is not None else figure.gaze_heading
        way = 1 if going > 0 else -1
        price, wanted = self.priced("moving", 2.0)
        if price > 1.0:
            price = 0.3
        for size in (1, 2, 3):
            if abs(size - wanted) > 1.4:
                continue
            cost = price + 0.6 * abs(size - wanted)
            self.add("moving", person, "", size, going - way * 80.0, cost, 80.0)
            self.add("moving", person, "", size, going - way * 35.0, cost + 0.15, 35.0)
            self.add("moving", person, "", size, going - way * 142.0, cost + 0.3, 142.0)

    def insert(self, thing: str) -> None:
        x, _, z = self.moment.things[thing]
        users = [f for f in self.moment.figures.values() if thing in (f.left, f.right, f.target)] or [
            f for f in self.moment.figures.values() if f.phase > 0
        ]
        if self.moment.stage.kind == "car":
            azimuth = 180.0
        elif users and users[0].at != (x, z):
            azimuth = heading_to((x, z), users[0].at) + 18.0
        else:
            azimuth = 25.0
        self.add("insert", thing, users[0].id if users else "", 5, azimuth, 0.0)

    def pov(self, people: Sequence[str]) -> None:
        figures = self.moment.figures
        viewer = next((p for p in people if figures[p].target != "nowhere"), next(iter(people), ""))
        if not viewer:
            viewer = next(
                (f.id for f in figures.values() if f.target not in ("nowhere", "road")), next(iter(figures), "")
            )
        if not viewer:
            self.place(wide=False)
            return
        figure = figures[viewer]
        target = figure.target if figure.target in figures or figure.target in self.moment.things else ""
        self.add("pov", target or "ahead", viewer, 2, figure.gaze_heading + 180.0, 0.0)

    def place(self, wide: bool) -> None:
        inside = self.brief.scene.slugline.int_ext == "INT"
        beat = self.look.size_at(self.intensity)
        wanted = 0.0 if wide and not inside else 0.7
        for size in (0, 1):
            cost = abs(size - wanted) + (0.2 if beat < 1 and size else 0.0)
            for turn in (20.0 * self.moment.stage.facing, -24.0 * self.moment.stage.facing):
                if self.moment.figures and not self.moment.shot.intent.added_establishing:
                    first = next(iter(self.moment.figures))
                    self.add("master", first, "", size, turn, cost)
                else:
                    self.add("empty", "", "", size, turn, cost)


def tightest_two(left: tuple[float, float], right: tuple[float, float]) -> int:
    """The tightest size, as a step, whose frame holds two people and their shoulders."""
    span = abs(right[0] - left[0]) + abs(right[1] - left[1]) * 0.5 + 0.35
    for size, width in ((4, 1.07), (3, 1.6), (2, 2.5), (1, 4.6)):
        if span <= width * 0.92:
            return size
    return 0
