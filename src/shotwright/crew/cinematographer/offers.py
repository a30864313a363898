"""What else a shot could be: a few frames, moves, heights and lenses that hold where the drafted one stands.

Every alternative is one that the rules allow: among the priced options of the shot or one step from its own frame,
within the film's allowance of moves, and cut to the neighbours as they are it jumps, leaps and crosses nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from shotwright.craft.beats import beat_looks
from shotwright.craft.chooser import cut_cost
from shotwright.crew.cinematographer.cameras import place_camera
from shotwright.crew.cinematographer.frames import Frame, held_setup, passages, setup_name, still_there
from shotwright.crew.cinematographer.labels import label, move_words
from shotwright.crew.cinematographer.moves import WRITTEN, Move, Operator
from shotwright.crew.cinematographer.requests import reframe
from shotwright.crew.cinematographer.staging import stage_shot
from shotwright.model.ids import kind_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from shotwright.craft.beats import BeatLook
    from shotwright.craft.chooser import Candidate
    from shotwright.crew.cinematographer.cameras import Setup
    from shotwright.crew.cinematographer.draft import Photography
    from shotwright.crew.cinematographer.figures import Moment
    from shotwright.crew.cinematographer.frames import Known
    from shotwright.crew.cinematographer.labels import Names
    from shotwright.crew.cinematographer.standing import Standing
    from shotwright.model.ids import SetupId
    from shotwright.model.shot import Camera

MOST_FRAMES = 2
"""So many other frames of a shot are offered, and one or two other ways to take its own."""
MOST_OTHERS = 3
REACH = 3.5
"""How much more than the cheapest an option may cost and still be weighed: a beat's wish, never a rule."""
CUT_REACH = 2.0
"""How much worse than the drafted frame's the cuts to both neighbours may be."""
ALIKE = 1.5
ALIKE_SIZE = 0.7
FELT_FROM = 0.45
"""Intensity from which a height or a move of the feeling is offered."""
HELD_BY_HAND = frozenset({"anger", "confusion", "action", "shock"})
STARTLED = frozenset({"shock", "action"})
"""Feelings that nobody pushes in on slowly."""
FIXED_MOVES = frozenset({*WRITTEN, "handheld", "zoom", "dutch"})
FIXED_ANGLES = frozenset({"low_angle", "high_angle", "overhead"})
HEIGHTS = {"lower": "from low", "higher": "from high", "eye_level": "level"}
MOST_PUSHES = 2
"""Shots of a scene to which a push-in is offered; one may have it."""


@dataclass(slots=True)
class Offer:
    """One way to take a shot. `frame` is None where the frame is the shot's own and only its move is another."""

    label: str
    chosen: Candidate
    setup: Setup | None
    frame: Frame | None
    move: Move


class Scout:
    """Finds what else each shot of a scene could be."""

    def __init__(self, scene: Photography, standing: Standing, cameras: Sequence[Camera], names: Names) -> None:
        self.scene, self.standing, self.cameras, self.names = scene, standing, cameras, names
        self.aspect = scene.settings.aspect
        self.passages = passages(scene.found, scene.names)
        self.known: Known = standing.setups(scene.found)
        heads, at_head = scene.takes()
        self.takes: dict[int, list[int]] = {head: [] for head in heads}
        for i, at in enumerate(at_head):
            self.takes[heads[at]].append(i)
        self.operator = Operator(scene.brief, scene.found, scene.arcs, list(standing.way))
        self.pushes = sum(m.type == "dolly_in" for m in standing.moves)
        self.may_push = self._pushes()

    def offers(self, i: int) -> list[Offer]:
        """The ways to take a shot, its own first; that one alone where there is no other worth weighing."""
        standing = self.standing
        frame, move = standing.frames[i], standing.moves[i]
        own = Offer(self.label(i), standing.way[i], frame.setup, frame, move)
        found = [own]
        found.extend(self._frames(i, {own.label}))
        other_ways = self._moves(i), self._height(i), self._lens(i)
        for other in other_ways:
            if other is not None and len(found) <= MOST_OTHERS and other.label not in {o.label for o in found}:
                found.append(other)
        return found

    def label(self, i: int) -> str:
        """What a shot is as it stands."""
        return self._label(i, self.standing.way[i], self.standing.frames[i], self.standing.moves[i])

    def put_frame(
        self, i: int, chosen: Candidate, setup: Setup, known: Known, *, own_place: bool = False
    ) -> Frame:  # fmt: skip
        """A frame in the place of a shot's own; a set-up that the scene has is gone back to unless `own_place`."""
        moment = self.scene.found[i]
        held = None if own_place else held_setup(known, moment, chosen, setup, self.aspect)
        if held is None:
            name = setup_name(self.scene.directed.scene_id, moment, chosen, setup)
            held = setup, name, i
        return self._staged(i, chosen, *held)

    def _staged(self, i: int, chosen: Candidate, setup: Setup, setup_id: SetupId, again: int) -> Frame:
        passage, reset = self.passages[i]
        staging, seen, shoulder = stage_shot(self.scene.found[i], chosen, setup, self.scene.cast, passage, reset)
        return Frame(setup, setup_id, staging, seen, shoulder, again)

    def take_frames(self, i: int, chosen: Candidate, frame: Frame) -> dict[int, tuple[Candidate, Frame]] | None:
        """The frame in every clip of the take that begins with a shot; None where one of them cannot hold it."""
        found = {i: (chosen, frame)}
        for at in self.takes[i][1:]:
            moment = self.scene.found[at]
            paired = chosen.kind in ("over", "two", "pov")
            if not still_there(chosen, moment) or (paired and chosen.partner not in moment.figures):
                return None
            found[at] = chosen, self._staged(at, chosen, frame.setup, frame.setup_id, frame.again)
        return found

    def holds(self, frames: dict[int, tuple[Candidate, Frame]]) -> bool:
        """Whether frames show whom they must and cut to the scene as it stands."""
        if not all(self._shows(i, chosen, frame) for i, (chosen, frame) in frames.items()):
            return False
        return self.standing.replaced(frames, {}, self.scene.found).wrong <= self.standing.wrong

    def _shows(self, i: int, chosen: Candidate, frame: Frame) -> bool:
        moment = self.scene.found[i]
        intent = moment.shot.intent
        shown = {str(s.entity) for s in frame.staging.subjects}
        if chosen.kind in ("insert", "pov", "empty"):
            return chosen.kind == self.standing.way[i].kind or not moment.shot.dialogue
        if chosen.kind == "single" and frame.seen > max(1, self.standing.frames[i].seen):
            return False
        if chosen.kind == "over" and not frame.shoulder:
            return False
        if intent.turn and len(intent.on) > 1 and shown & {str(e) for e in intent.on}:
            return True
        return all(str(e) in shown for e in intent.on if kind_of(e) == "character" and e in moment.figures)

    # frames

    def _frames(self, i: int, labels: set[str]) -> Iterator[Offer]:
        scene, base = self.scene, self.standing.way[i]
        row = scene.options[i]
        if not row or i not in self.takes:
            return
        floor, now = min(c.cost for c in row), self._cuts(i, base)
        left = [
            c for c in row
            if c is not base and c.cost <= floor + REACH and self._cuts(i, c) <= now + CUT_REACH
        ]  # fmt: skip
        taken = [base]
        while left and len(taken) <= MOST_FRAMES:
            best = min(left, key=lambda c: c.cost + _alike(c, taken))
            left = [c for c in left if c is not best]
            found = self._framed(i, best)
            if found is not None and found.label not in labels:
                labels.add(found.label)
                taken.append(best)
                yield found

    def _framed(self, i: int, chosen: Candidate) -> Offer | None:
        scene, moment = self.scene, self.scene.found[i]
        setup = place_camera(chosen, moment, scene.habit, self.aspect, scene.inside)
        frame = self.put_frame(i, chosen, setup, self.known)
        if frame.setup_id == self.standing.frames[i].setup_id:
            return None
        return self._offered(i, chosen, setup, frame, self._rule_move(i, chosen, moment, frame.setup))

    def _offered(
        self, i: int, chosen: Candidate, setup: Setup, frame: Frame, move: Move, words: str = ""
    ) -> Offer | None:  # fmt: skip
        frames = self.take_frames(i, chosen, frame)
        if frames is None or not self.holds(frames):
            return None
        return Offer(words or self._label(i, chosen, frame, move), chosen, setup, frame, move)

    def _rule_move(self, i: int, chosen: Candidate, moment: Moment, setup: Setup) -> Move:
        """What the rules would do with another frame, the scene's allowance being spent where it is spent."""
        operator, was = self.operator, self.standing.moves[i]
        way = operator.way = list(self.standing.way)
        way[i] = chosen
        face = chosen.kind in ("single", "over", "two")
        operator.push_at = i if was.type == "dolly_in" and face and not was.spoken else -1
        operator.breath_spent = operator.crane_spent = True
        operator.arc_left = False
        operator.dutch_left = bool(was.dutch)
        return operator.move(i, moment, setup)

    def _cuts(self, i: int, chosen: Candidate) -> float:
        """What the cuts into and out of a frame cost."""
        found, way, last = self.scene.found, self.standing.way, self.takes[i][-1]
        cost = 0.0
        if i and found[i - 1].stage is found[i].stage:
            cost += cut_cost(way[i - 1], chosen, self.scene.sudden(found[i]))
        if last + 1 < len(way) and found[last + 1].stage is found[i].stage:
            cost += cut_cost(chosen, way[last + 1], self.scene.sudden(found[last + 1]))
        return cost

    # moves, heights, lenses

    def _pushes(self) -> frozenset[int]:
        """The shots to which the scene's one push-in may be given: those felt most."""
        allowed = self.scene.brief.allowance.push_in and not self.operator.pushes_written and not self.pushes
        if not allowed:
            return frozenset()
        weights = [
            (arc.phase == "peak", m.shot.intent.beat.intensity, -i)
            for i, (m, arc) in enumerate(zip(self.scene.found, self.scene.arcs, strict=True))
            if (arc.phase == "peak" or m.shot.intent.beat.intensity >= FELT_FROM)
            and self.standing.way[i].kind in ("single", "over", "two")
            and beat_looks()[m.shot.intent.beat.name].move in ("dolly_in", "static")
            and m.shot.intent.beat.name not in STARTLED
        ]
        return frozenset(-at for _, _, at in sorted(weights, reverse=True)[:MOST_PUSHES])

    def _moves(self, i: int) -> Offer | None:
        moment, chosen, was = self.scene.found[i], self.standing.way[i], self.standing.moves[i]
        intent = moment.shot.intent
        own = moment.figures.get(chosen.primary)
        if (
            i not in self.takes
            or _written(moment, FIXED_MOVES)
            or chosen.kind in ("insert", "pov", "moving")
            or moment.stage.kind == "car"
            or intent.hold_seconds
            or (own is not None and own.going is not None)
        ):
            return None
        look = beat_looks()[intent.beat.name]
        move: Move | None = None
        if was.type in ("dolly_in", "dolly_out", "arc_right", "arc_left", "crane_up") or was.support == "handheld":
            move = Move("static", "none", "tripod", "the camera keeps still and leaves the moment to the actors")
        elif was.type != "static" or was.dutch:
            return None
        elif i in self.may_push:
            speed = look.speed if look.speed in ("very_slow", "slow") else "slow"
            move = Move("dolly_in", speed, "dolly", "the one push-in of the scene is spent here")
        elif intent.beat.name in HELD_BY_HAND and intent.beat.intensity >= FELT_FROM and chosen.kind != "master":
            move = Move("static", "none", "handheld", f"{intent.beat.name} is held by hand, standing still")
        elif not moment.shot.dialogue:
            move = self._release(i, chosen, look)
        if move is None:
            return None
        return Offer(f"a, {_told(move)}", chosen, None, None, move)

    def _release(self, i: int, chosen: Candidate, look: BeatLook) -> Move | None:
        """What the feeling does with a camera that is let go, once in a scene: back away, rise, circle."""
        arc, spent = self.scene.arcs[i], {m.type for m in self.standing.moves}
        if look.move in spent or self.scene.found[i].shot.intent.beat.intensity < FELT_FROM:
            return None
        if look.move == "dolly_out" and (arc.index >= arc.turn_at or arc.index == arc.count - 1):
            return Move("dolly_out", "slow", "dolly", "the camera backs away once")
        if look.move == "crane_up" and chosen.size <= 2 and not self.scene.inside:
            return Move("crane_up", "slow", "crane", "the camera rises once")
        if look.move == "arc" and self.scene.brief.allowance.arc and "arc_right" not in spent:
            return Move("arc_right", look.speed, look.support, "the camera circles once")
        return None

    def _height(self, i: int) -> Offer | None:
        """A step lower or higher, as the feeling asks; from a tilted frame to the level of the eyes."""
        moment, chosen = self.scene.found[i], self.standing.way[i]
        intent = moment.shot.intent
        if chosen.kind not in ("single", "two", "master", "over") or moment.stage.kind == "car":
            return None
        if _written(moment, FIXED_ANGLES) or i not in self.takes or not moment.figures:
            return None
        angle = beat_looks()[intent.beat.name].angle_deg
        now = self.cameras[i].angle
        if now in ("low_angle", "high_angle"):
            wish = "eye_level" if chosen.angle == now else ""
        elif intent.beat.intensity < FELT_FROM or chosen.kind == "over" or chosen.partner in moment.figures:
            # Cameras that answer each other stand at the eyes that are looked at.
            wish = ""
        else:
            wish = "lower" if angle <= -3 else "higher" if angle >= 4 else ""
        return self._reframed(i, wish, HEIGHTS[wish]) if wish else None

    def _lens(self, i: int) -> Offer | None:
        """The same size on longer or wider glass, for somebody alone."""
        moment, chosen = self.scene.found[i], self.standing.way[i]
        intent = moment.shot.intent
        if chosen.kind != "single" or chosen.size < 3 or len(moment.figures) > 1 or i not in self.takes:
            return None
        if intent.beat.intensity < FELT_FROM or moment.stage.kind == "car":
            return None
        habit = beat_looks()[intent.beat.name].lens
        focal = self.cameras[i].lens.focal_mm
        if habit == "wide" and focal >= 35:
            return self._reframed(i, "lens_wider", "wider lens, nearer")
        if habit == "long" and focal <= 65 and not self.scene.inside:
            return self._reframed(i, "lens_longer", "longer lens, further off")
        return None

    def _reframed(self, i: int, wish: str, words: str) -> Offer | None:
        scene, chosen = self.scene, self.standing.way[i]
        moved = reframe((wish,), self.cameras[i], scene.found[i], (), scene.habit, self.aspect, scene.inside)
        if moved is None:
            return None
        other = replace(chosen, angle=moved.setup.angle)
        frame = self.put_frame(i, other, moved.setup, {}, own_place=True)
        return self._offered(i, other, moved.setup, frame, self.standing.moves[i], f"a, {words}")

    def _label(self, i: int, chosen: Candidate, frame: Frame, move: Move) -> str:
        return label(self.scene.found[i], chosen, frame, move, self.names)


def _alike(chosen: Candidate, taken: Sequence[Candidate]) -> float:
    """What speaks against offering a frame beside others: it is of the same sort, or of the same size."""
    same = sum((c.kind, c.primary) == (chosen.kind, chosen.primary) for c in taken)
    return ALIKE * same + ALIKE_SIZE * sum(c.size == chosen.size for c in taken)


def _told(move: Move) -> str:
    return "still, on legs" if move.type == "static" and move.support == "tripod" else move_words(move)


def _written(moment: Moment, kinds: Collection[str]) -> bool:
    return any(w.kind in kinds for w in moment.shot.intent.written)
