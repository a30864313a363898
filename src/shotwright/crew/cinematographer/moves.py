"""How the camera moves: still unless the script, a journey, the turn of the scene or its last breath asks for more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shotwright.craft.beats import beat_looks
from shotwright.craft.geometry import screen_direction, step, turn_between

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.craft.chooser import Candidate
    from shotwright.crew.cinematographer.cameras import Setup
    from shotwright.crew.cinematographer.figures import Moment
    from shotwright.crew.cinematographer.options import Arc
    from shotwright.model.story import SceneBrief
    from shotwright.model.vocabulary import MovementType, Speed, Support, Zoom

WRITTEN: dict[str, tuple[MovementType, Speed, Support]] = {
    "push_in": ("dolly_in", "slow", "dolly"),
    "pull_back": ("dolly_out", "slow", "dolly"),
    "rush_in": ("dolly_in", "fast", "gimbal"),
    "crane": ("crane_up", "slow", "crane"),
    "pan": ("pan_right", "slow", "tripod"),
    "tilt": ("tilt_up", "slow", "tripod"),
    "tracking": ("follow", "moderate", "steadicam"),
    "follow": ("follow", "moderate", "steadicam"),
    "reveal": ("dolly_out", "slow", "dolly"),
    "hold": ("static", "none", "tripod"),
    "freeze": ("static", "none", "tripod"),
}
DUTCH_DEG = 12.0


@dataclass(slots=True)
class Move:
    type: MovementType
    speed: Speed
    support: Support
    because: str
    zoom: Zoom | None = None
    dutch: float = 0.0
    spoken: bool = False
    """A still camera for a reason of its own, which is worth saying."""


class Operator:
    """Spends the scene's allowance of moves, shot by shot in order."""

    def __init__(
        self, brief: SceneBrief, moments: Sequence[Moment], arcs: Sequence[Arc], way: Sequence[Candidate]
    ) -> None:
        self.brief = brief
        self.arcs = arcs
        self.way = way
        self.pushes_written = any(w.kind in ("push_in", "rush_in") for m in moments for w in m.shot.intent.written)
        self.push_at = self._push_shot(moments, arcs, way)
        self.turns = any(arc.phase == "peak" for arc in arcs)
        self.breath_spent = False
        self.dutch_left = brief.allowance.dutch
        self.arc_left = brief.allowance.arc
        self.crane_spent = False

    def _push_shot(self, moments: Sequence[Moment], arcs: Sequence[Arc], way: Sequence[Candidate]) -> int:
        """The one shot that may be pushed in on: the turn, when it is of a face and nobody writes a push elsewhere."""
        if not self.brief.allowance.push_in or self.pushes_written:
            return -1
        best = -1
        for i, (moment, arc, chosen) in enumerate(zip(moments, arcs, way, strict=True)):
            intent = moment.shot.intent
            if arc.phase != "peak" or chosen.kind not in ("single", "over", "two") or intent.beat.intensity < 0.4:
                continue
            if beat_looks()[intent.beat.name].move not in ("dolly_in", "static") or intent.beat.name in (
                "shock",
                "action",
            ):
                continue
            if best < 0 or intent.turn:
                best = i
        return best

    def move(self, index: int, moment: Moment, setup: Setup) -> Move:
        """The move of one shot."""
        vehicle = moment.stage.kind == "car"
        found = (
            self._written(moment, self.way[index].kind == "insert")
            or self._travelling(index, moment, setup)
            or self._felt(index, moment)
        )
        if vehicle and found.type in ("static", "pan_left", "pan_right"):
            found.support = "vehicle"
        return found

    def _written(self, moment: Moment, insert: bool) -> Move | None:
        found: Move | None = None
        zoom: Zoom | None = None
        dutch = 0.0
        for written in moment.shot.intent.written:
            said = written.words or written.kind.replace("_", " ")
            if written.kind in WRITTEN and found is None and not (insert and written.kind == "reveal"):
                kind, speed, support = WRITTEN[written.kind]
                low = said.casefold()
                if kind == "pan_right" and "left" in low:
                    kind = "pan_left"
                if kind == "tilt_up" and "down" in low:
                    kind = "tilt_down"
                if kind == "crane_up" and "down" in low:
                    kind = "crane_down"
                found = Move(kind, speed, support, f"the script writes the move: “{said}”")
            elif written.kind == "handheld" and found is None:
                found = Move("static", "none", "handheld", f"the script writes it: “{said}”")
            elif written.kind == "zoom":
                zoom = "zoom_out" if "out" in said.casefold() else "zoom_in"
            elif written.kind == "dutch":
                dutch = DUTCH_DEG
        if found is None and (zoom or dutch):
            found = Move("static", "none", "tripod", "the script writes it")
        if found is not None:
            found.zoom, found.dutch, found.spoken = zoom, dutch, True
        return found

    def _travelling(self, index: int, moment: Moment, setup: Setup) -> Move | None:
        chosen = self.way[index]
        figure = moment.figures.get(chosen.primary)
        driven = moment.thing_ways.get(chosen.primary)
        if driven is not None:
            return self._driven(chosen, driven, moment)
        if figure is None or figure.going is None or chosen.kind in ("insert", "pov", "empty", "over"):
            return None
        angle = screen_direction(setup.plan, setup.aim, figure.at, step(figure.at, figure.going, 1.0))
        fast = moment.shot.intent.beat.name == "action"
        speed: Speed = "fast" if fast else "moderate"
        if chosen.kind == "moving":
            if chosen.theta > 120:
                return Move("follow", speed, "steadicam", "the camera goes after somebody who travels")
            if chosen.theta < 60:
                return Move("lead", speed, "gimbal", "the camera goes ahead of somebody who travels")
            truck: MovementType = "truck_right" if angle > 0 else "truck_left"
            return Move(
                truck, speed, "gimbal" if fast else "dolly", "the camera keeps pace beside somebody who travels"
            )
        if figure.enters or figure.exits or chosen.size <= 1:
            return None
        if 25 < abs(angle) < 155:
            pan: MovementType = "pan_right" if angle > 0 else "pan_left"
            return Move(pan, "slow", "tripod", "the camera pans to hold somebody who crosses")
        return None

    def _driven(self, chosen: Candidate, going: float, moment: Moment) -> Move:
        """The move beside a vehicle or an animal that crosses the space."""
        fast = moment.shot.intent.beat.name == "action" or self.brief.scene.scene_type == "action_chase"
        speed: Speed = "fast" if fast else "moderate"
        off = turn_between(going, chosen.azimuth)
        if abs(off) > 120:
            return Move("follow", speed, "vehicle", "the camera goes after what travels")
        if abs(off) < 60:
            return Move("lead", speed, "vehicle", "the camera goes ahead of what travels")
        truck: MovementType = "truck_right" if off < 0 else "truck_left"
        return Move(truck, speed, "vehicle", "the camera keeps pace beside what travels")

    def _felt(self, index: int, moment: Moment) -> Move:
        intent = moment.shot.intent
        look = beat_looks()[intent.beat.name]
        arc, chosen = self.arcs[index], self.way[index]
        strong = intent.beat.intensity >= 0.55
        if index == self.push_at:
            speed: Speed = look.speed if look.speed in ("very_slow", "slow") else "slow"
            return Move("dolly_in", speed, "dolly", "the one push-in of the scene is kept for its turn")
        if (
            strong
            and look.support == "handheld"
            and moment.stage.kind != "car"
            and chosen.kind in ("single", "over", "two", "moving")
        ):
            dutch = 0.0
            if look.name in ("confusion", "shock") and self.dutch_left and intent.beat.intensity >= 0.85:
                self.dutch_left, dutch = False, DUTCH_DEG
            return Move("static", "none", "handheld", f"{look.name} is held by hand, standing still", dutch=dutch)
        speech = bool(moment.shot.dialogue)
        if not speech and chosen.kind in ("single", "master", "two", "empty", "moving"):
            ending = arc.index == arc.count - 1 or (arc.phase == "peak" and look.name in ("grief", "vulnerability"))
            released = not self.turns or arc.index >= arc.turn_at
            if look.move == "dolly_out" and not self.breath_spent and released and (ending or strong):
                self.breath_spent = True
                return Move("dolly_out", look.speed, "dolly", f"{look.name} is left alone: the camera backs away once")
            if look.move == "crane_up" and not self.crane_spent and chosen.size <= 2 and intent.beat.intensity >= 0.5:
                self.crane_spent = True
                return Move("crane_up", "slow", "crane", "awe is given height once in the scene")
            if look.move == "arc" and self.arc_left and strong:
                self.arc_left = False
                return Move("arc_right", look.speed, look.support, "joy may circle once")
            may_push = (
                not self.turns and not self.breath_spent and self.brief.allowance.push_in and not self.pushes_written
            )
            if look.move == "dolly_in" and strong and may_push:
                self.breath_spent = True
                return Move("dolly_in", look.speed, "dolly", f"{look.name} draws the camera in once")
            if arc.index == 0 and moment.shot.function == "establishing" and chosen.size <= 1:
                kind: MovementType = "pan_right" if moment.stage.facing > 0 else "pan_left"
                return Move(kind, "very_slow", "tripod", "a new place is read across once before the scene begins")
        if chosen.kind == "insert":
            return Move("static", "none", "tripod", "held still so that it can be read", spoken=True)
        if intent.hold_seconds:
            return Move("static", "none", "tripod", "the script holds still, and so does the camera", spoken=True)
        why = "dialogue plays to a still camera" if speech else "nothing in the shot asks the camera to move"
        return Move("static", "none", "tripod", why)
