"""The set-ups that one shot could have, priced: the idiom's kinds and sizes, pulled by the beat, on one side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shotwright.craft.chooser import Candidate
from shotwright.craft.geometry import distance_between, heading_to, side_of_line, step
from shotwright.craft.optics import SIZES, coverage_of
from shotwright.crew.cinematographer.cameras import frame_several
from shotwright.model.vocabulary import SIZE_ORDER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.craft.beats import BeatLook
    from shotwright.craft.idioms import Idiom, Kind, Phase
    from shotwright.craft.optics import LensHabit
    from shotwright.crew.cinematographer.figures import Figure, Moment
    from shotwright.model.story import SceneBrief

ANGLED_KINDS = frozenset({"single", "over", "moving", "two", "master"})
ROUGH_DISTANCE_M = (9.0, 5.0, 3.4, 2.6, 2.2, 2.4, 2.0)
"""About how far a camera stands from its subject, by step of size."""
TALK = frozenset({"dialogue_2", "dialogue_group", "phone_intercut", "car", "standoff_3"})
"""Scenes of talk: whoever has the words is seen from the waist up at least."""
LEVEL_M = 0.8
"""Eyes further apart in height than this have no shoulder between them: somebody and a bird."""
ANGLED_FROM = 0.65
"""Intensity from which the beat's angle is used."""


@dataclass(slots=True)
class Arc:
    """Where a shot stands in the scene."""

    phase: Phase
    index: int
    count: int
    turn_at: int
    ceiling: int = 6
    """The tightest step of size that the scene may use: that of its turn."""
    marked: bool = False
    """The scene has a turn that is told, so that its frame is the tightest."""


@dataclass(slots=True)
class Glass:
    """What a frame of several people is measured with."""

    habit: LensHabit
    aspect: float


class Options:
    """Collects the candidates of one shot."""

    def __init__(self, moment: Moment, arc: Arc, brief: SceneBrief, look: BeatLook, idiom: Idiom, lens: Glass) -> None:
        self.moment, self.arc, self.brief, self.look, self.idiom, self.lens = moment, arc, brief, look, idiom, lens
        self.inside = brief.scene.slugline.int_ext in ("INT", "INT/EXT", "")
        self.intensity = moment.shot.intent.beat.intensity
        self.options: list[Candidate] = []
        self.measured: set[tuple[str, int, float]] = set()
        self.together = " ".join((*moment.shot.intent.on, *moment.figures))
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
            size += 0.3 if self.arc.phase == "middle" else -0.1
        if self.arc.phase == "after":
            size -= 0.5
        return size

    def add(
        self, kind: Kind, primary: str, partner: str, size: int, azimuth: float, cost: float, theta: float = 18.0
    ) -> None:
        asked, around = -1, azimuth
        if kind in ("two", "master"):
            asked = size
            size, around = self._fitted(kind, primary, partner, size, azimuth)
            if (kind, size, azimuth) in self.measured:
                return
            self.measured.add((kind, size, azimuth))
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
                around=around,
                asked=asked,
            )
        )

    def _fitted(self, kind: Kind, primary: str, partner: str, size: int, azimuth: float) -> tuple[int, float]:
        """The size that a frame of several people really has, and the azimuth of its camera about its subject."""
        own = self.moment.figures[primary]
        fits = self.moment.stage.fits
        key = (kind, primary, partner or self.together, size, azimuth, own.pose_start)
        known = fits.get(key)
        if known is not None:
            return known
        plain = Candidate(kind, primary, partner, size, azimuth, "eye_level", 0.0, asked=size)
        setup = frame_several(plain, self.moment, self.lens.habit, self.lens.aspect, self.inside)
        fits[key] = SIZE_ORDER[setup.size], heading_to(own.at, setup.plan)
        return fits[key]

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
            self.over(first, partner, intent.focus)
            if len(many) == 2:
                self.over(partner, first, intent.focus, extra=0.25)
        alone = intent.focus == "listener" and len(many) < 2
        if partner is not None and len(many) <= 2 and not alone:
            self._two(first, partner, intent.focus, required=len(many) == 2)
        if len(many) > 2 or (intent.focus in ("action", "exchange", "travel")):
            self.master(0.0 if len(many) > 2 else 0.9)
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
        high = min(5, self.arc.ceiling)
        low = min(1, high)
        if focus == "listener":
            price -= 0.5
            wanted = max(wanted, 3.0)
        if focus == "speaker":
            wanted = max(wanted, 2.7 if self.brief.scene.scene_type in TALK else 2.0)
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
        if car and len(self.moment.figures) > 1:
            # Any wider and whoever sits beside would share the frame of a single.
            low, wanted = min(4, high), max(wanted, 3.8)
        elif self._company(figure):
            low, wanted = min(3, high), max(wanted, 2.6)
        wanted = min(wanted, high + 0.4)
        for size in range(max(low, int(wanted - 1)), min(high, int(wanted + 2)) + 1):
            off = price + 0.9 * abs(size - wanted)
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

    def over(self, figure: Figure, partner: Figure, focus: str, extra: float = 0.0) -> None:
        """Over the shoulder of the one on the face of the other, medium wide to medium close-up."""
        if not self.shouldered(figure, partner):
            return
        price, wanted = self.priced("over", 3.0)
        if focus == "listener":
            price += 1.0
        elif focus == "exchange" and self.arc.phase not in ("open", "close"):
            price = min(price, 0.2)
        high = min(4, self.arc.ceiling)
        wanted = min(max(wanted, 2.0), high)
        for size in (2, 3, 4):
            if size <= high and abs(size - wanted) < 1.4 and self._hangs(figure, partner, size):
                cost = price + extra + 0.9 * abs(size - wanted)
                self.add("over", figure.id, partner.id, size, figure.gaze_heading - figure.way * 14.0, cost, 14.0)

    def shouldered(self, figure: Figure, partner: Figure) -> bool:
        """One looks at the other from near enough for a shoulder to frame the face."""
        level = abs(figure.eye_m - partner.eye_m) < LEVEL_M
        return figure.target == partner.id and level and not self._apart(figure, partner)

    def _hangs(self, figure: Figure, partner: Figure, size: int) -> bool:
        return coverage_of(SIZES[size]) >= distance_between(figure.at, partner.at) * 0.33

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
        price, wanted = self.priced("two", 2.6)
        placing = self.arc.phase in ("open", "close")
        if focus in ("exchange", "group") or required:
            price = min(price, 0.0 if placing else 0.4)
        elif focus in ("speaker", "listener") and not placing:
            price += 0.6
        self.two(figure, partner, price, wanted)

    def two(self, figure: Figure, partner: Figure, price: float, wanted: float) -> None:
        """Frames of two people: square on, from 32 degrees aside, and raked along the line so that they overlap."""
        left, right = sorted((figure.at, partner.at))
        facing = heading_to(left, right) - 90.0
        if self.moment.stage.kind == "car":
            if abs(right[0] - left[0]) < 0.3:
                return
            facing = 0.0
            # With people in the back seats a camera to one side would change who is left of whom.
            turns: tuple[float, ...] = (0.0, 32.0, -32.0) if len(self.moment.figures) < 3 else (0.0,)
        else:
            turns = (0.0, 32.0, -32.0, 56.0 if figure.at[0] < partner.at[0] else -56.0)
        if abs(turns[-1]) > 40 and len(self.moment.figures) > 2:
            turns = turns[:-1]
        high = min(4, self.arc.ceiling)
        low = min(high, max(2 if self.moment.stage.kind == "car" else 0, int(wanted)))
        for turn in turns:
            # Seen along the line the first of the two is further off, and smaller than was asked for.
            for size in range(low, min(low + (2 if abs(turn) > 40 else 1), high) + 1):
                cost = price + (0.2 if turn else 0.0)
                found = len(self.options)
                self.add("two", figure.id, partner.id, size, facing + turn, cost)
                for c in self.options[found:]:
                    c.cost += 0.7 * abs(c.size - wanted)

    def master(self, extra: float = 0.0) -> None:
        price, wanted = self.priced("master", 1.2)
        people = self.moment.shot.intent.on
        first = next((str(p) for p in people if p in self.moment.figures), next(iter(self.moment.figures), ""))
        if not first:
            return
        car = self.moment.stage.kind == "car"
        if car:
            wanted = 2.0
        high = min(2, self.arc.ceiling)
        for turn in self._master_turns(first, min(high, 1)):
            for size in range(high + 1) if not car else (2,):
                if abs(size - wanted) > 1.3 and size < high:
                    continue
                if self.moment.stage.kind == "room" and size == 0:
                    continue
                found = len(self.options)
                self.add("master", first, "", size, turn, price + extra + (0.2 if turn else 0.0))
                for c in self.options[found:]:
                    c.cost += 0.6 * abs(c.size - wanted)

    def _master_turns(self, first: str, size: int) -> list[float]:
        """Azimuths for a frame of everyone: those on the cameras' side of the line that is in play."""
        figures = self.moment.figures
        own = figures[first]
        if self.moment.stage.kind == "car":
            return [0.0, 32.0, -32.0] if len(figures) < 3 else [0.0]
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

    def moving(self, person: str, sizes: Sequence[int] = ()) -> None:
        """Beside, ahead of and behind somebody who travels. `sizes`: these and no others."""
        figure = self.moment.figures[person]
        going = figure.going if figure.going is not None else figure.gaze_heading
        way = 1 if going > 0 else -1
        price, wanted = self.priced("moving", 2.0)
        if price > 1.0:
            price = 0.3
        for size in sizes or range(1, min(3, self.arc.ceiling) + 1):
            off = 0.0 if sizes else abs(size - wanted)
            if off > 1.4:
                continue
            cost = price + 0.6 * off
            for theta, more in self._rails():
                if theta < 120 or not sizes:
                    self.add("moving", person, "", size, going - way * theta, cost + more, theta)

    def _rails(self) -> tuple[tuple[float, float], ...]:
        """(angle off the way that somebody goes, extra cost): beside, ahead, behind; a chase is led and followed."""
        if self.brief.scene.scene_type == "action_chase":
            return (35.0, 0.0), (142.0, 0.1), (80.0, 0.3)
        return (80.0, 0.0), (35.0, 0.15), (142.0, 0.3)

    def vehicle(self, thing: str) -> None:
        """Ahead of, behind and beside a vehicle or an animal that crosses the space."""
        going = self.moment.thing_ways[thing]
        way = 1 if going > 0 else -1
        for theta, more in self._rails():
            self.add("insert", thing, "", 1, going - way * theta, more, theta)

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
        """The place: without people, unless the words of the shot name some of them."""
        beat = self.look.size_at(self.intensity)
        wanted = 0.0 if wide and self.brief.scene.slugline.int_ext != "INT" else 0.7
        named = next((f.id for f in self.moment.figures.values() if f.phase > 0), "")
        if self.moment.shot.intent.added_establishing:
            named = ""
        for size in (0, 1):
            cost = abs(size - wanted) + (0.2 if beat < 1 and size else 0.0)
            for turn in (20.0 * self.moment.stage.facing, -24.0 * self.moment.stage.facing):
                self.add("master" if named else "empty", named, "", size, turn, cost)
