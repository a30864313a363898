"""A suggestion's frame in real numbers: where people stand, where the camera goes, what lens, what light."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shotwright.craft.beats import beat_looks
from shotwright.craft.floor import places
from shotwright.craft.geometry import (
    camera_distance,
    heading_to,
    on_plan,
    screen_x,
    side_of_line,
    step,
    turn_between,
)
from shotwright.craft.light import key_style, light_directions, light_plan, practicals_in, soften
from shotwright.craft.optics import (
    SIZES,
    aperture,
    coverage_of,
    eye_height,
    focal_for,
    height_name,
    lens_class,
    object_coverage,
    size_of,
    white_balance,
)
from shotwright.model.ids import kind_of, slug
from shotwright.model.shot import Camera, Focus, Lens, Lighting, Movement
from shotwright.model.vocabulary import SIZE_ORDER

if TYPE_CHECKING:
    from shotwright.craft.beats import BeatLook
    from shotwright.craft.chooser import Candidate
    from shotwright.craft.geometry import Plan
    from shotwright.model.shot import EmotionalBeat, Point
    from shotwright.model.vision import ShotWish, SuggestRequest
    from shotwright.model.vocabulary import Composition, Facing, Framing, LightDirection, MovementType, TimeOfDay

ASPECT = 1.78
SENSOR_WIDTH_MM = 24.89
NEUTRAL_DEG = 15.0
"""A camera this near to the line is on neither side."""
OVER_DEG = 20.0
"""Between the line and a camera over a shoulder."""
SINGLE_DEG = 35.0
"""Between straight ahead of the scene and a single, towards whom the person looks at."""
OVER_BACK_M = 0.9
TABLE_M = 0.78
THINGS = frozenset({"prop", "vehicle"})
SIZE_WORDS = {
    "extreme_wide": "extreme wide shot", "wide": "wide shot", "medium_wide": "medium wide shot",
    "medium": "medium shot", "medium_close_up": "medium close-up", "close_up": "close-up",
    "extreme_close_up": "extreme close-up",
}  # fmt: skip
MOVE_WORDS = {
    "dolly_in": "dolly push-in", "dolly_out": "dolly pull-back", "crane_up": "crane up", "crane_down": "crane down",
    "arc_left": "arc to the left", "arc_right": "arc to the right", "follow": "follow", "lead": "lead",
}  # fmt: skip
FRAMING_WORDS = {
    "over_the_shoulder": "over the shoulder", "two_shot": "two-shot", "three_shot": "three-shot", "group": "group",
    "pov": "point of view", "insert": "insert", "empty": "empty frame",
}  # fmt: skip
ANGLE_WORDS = {"low_angle": "low angle", "high_angle": "high angle", "overhead": "overhead", "worms_eye": "worm's eye"}
DIRECTION_WORDS: dict[LightDirection, str] = {
    "front": "from beside the camera", "three_quarter_left": "from camera left, three-quarter",
    "three_quarter_right": "from camera right, three-quarter", "side_left": "from the left side of frame",
    "side_right": "from the right side of frame", "back": "from behind the subject", "top": "from above",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Framed:
    camera: Camera


@dataclass(slots=True)
class Floor:
    """Where people stand in a request, and which side of the line the camera keeps."""

    at: dict[str, Plan] = field(default_factory=dict)
    heading: dict[str, float] = field(default_factory=dict)
    pose: dict[str, str] = field(default_factory=dict)
    things: dict[str, tuple[float, float, float]] = field(default_factory=dict)
    """Where things lie that a frame may be of."""
    line: tuple[Plan, Plan, float] | None = None
    """Both ends, and the sign of the camera's side."""

    @classmethod
    def of(cls, request: SuggestRequest) -> Floor:
        floor = cls()
        staged = [s for shot in request.context.previous_shots for s in shot.subjects]
        staged += [s for shot in request.shots for s in shot.blocking]
        for subject in staged:
            name = str(subject.entity)
            if kind_of(name) in THINGS:
                floor.things.setdefault(name, subject.position_m)
                continue
            floor.at.setdefault(name, on_plan(subject.position_m))
            floor.heading.setdefault(name, subject.heading_deg)
            floor.pose.setdefault(name, subject.pose_start)
        named = dict.fromkeys(c for shot in request.shots for c in (*shot.characters, shot.speaker) if c)
        things = [name for name in named if kind_of(name) in THINGS and name not in floor.things]
        missing = [name for name in named if name not in floor.at and kind_of(name) not in THINGS]
        if missing and not floor.at:
            floor.at = dict(places("open" if request.scene.int_ext == "EXT" else "room", list(named)))
        elif missing:
            # Beside those who are placed, to screen right and back, where nobody is between them and the camera.
            edge = max(x for x, _ in floor.at.values())
            for i, name in enumerate(missing, 1):
                floor.at[name] = (edge + 0.9 * i, -0.3 * i)
        among = sum(x for x, _ in floor.at.values()) / max(len(floor.at), 1)
        for name in things:
            # On a table among them: nobody said where it lies.
            floor.things[name] = (round(among, 3), TABLE_M, 0.4)
        floor._face_each_other()
        line = request.context.line
        if line is not None and line.side != "on" and line.a in floor.at and line.b in floor.at:
            floor.line = floor.at[line.a], floor.at[line.b], 1.0 if line.side == "right" else -1.0
        elif len(floor.at) > 1:
            a, b = list(floor.at)[:2]
            ends = floor.at[a], floor.at[b]
            middle = ((ends[0][0] + ends[1][0]) / 2, (ends[0][1] + ends[1][1]) / 2)
            previous = [on_plan(s.camera.position_m) for s in request.context.previous_shots]
            side = side_of_line(*ends, previous[-1] if previous else (middle[0], middle[1] + 5.0))
            floor.line = (*ends, math.copysign(1.0, side))
        return floor

    def _face_each_other(self) -> None:
        names = list(self.at)
        for name in names:
            if name in self.heading:
                continue
            other = next((o for o in names if o != name), None)
            self.heading[name] = heading_to(self.at[name], self.at[other]) if other else 20.0

    @property
    def front(self) -> float:
        """Azimuth of the scene's open side: square to the line, where the camera works."""
        if self.line is None:
            return 0.0
        a, b, side = self.line
        along = heading_to(a, b)
        # side > 0 is the right hand of someone going from a to b, which is a turn of -90 on this plan.
        return _wrapped(along - 90.0 * side)

    def keeps_the_line(self, position: Point) -> bool:
        """Whether a camera is not beyond the line; within 15 degrees of it is neutral only outside both ends."""
        if self.line is None:
            return True
        a, b, side = self.line
        return side_of_line(a, b, on_plan(position)) * side > 0.0

    def single_azimuth(self, name: str) -> float:
        """From in front of the scene, turned towards where the person looks, so that the face is three-quarter."""
        off = turn_between(self.front, self.heading.get(name, self.front))
        return _wrapped(self.front + max(-SINGLE_DEG, min(SINGLE_DEG, off * 0.45)))

    def over_azimuth(self, name: str, partner: str) -> float:
        """Behind the partner's shoulder, off the line towards the open side."""
        along = heading_to(self.at[name], self.at[partner])
        off = turn_between(along, self.front)
        return _wrapped(along + math.copysign(min(OVER_DEG, abs(off)), off))

    def azimuth_of(self, camera: Camera, name: str) -> float:
        """Where a camera stands about somebody, or about what it looks at."""
        middle = self.at.get(name) or on_plan(camera.look_at_m)
        return heading_to(middle, on_plan(camera.position_m))

    def eye(self, name: str) -> float:
        return eye_height(self.pose.get(name, "stand"))


def frame(
    candidate: Candidate, floor: Floor, look: BeatLook, beat: EmotionalBeat, wish: ShotWish, *, moves: bool
) -> Framed:
    """The camera of a candidate: at the distance at which its lens shows the size, or wider where it must hold more."""
    people = [p for p in floor.at if p in candidate.people]
    size = SIZES[candidate.size]
    pose = floor.pose.get(candidate.primary, "stand")
    coverage = coverage_of(size, pose)
    target = floor.at.get(candidate.primary, (0.0, 0.0))
    eye = floor.eye(candidate.primary) if candidate.primary else 1.5
    lies = floor.things.get(candidate.primary)
    if lies is not None:
        target, eye = on_plan(lies), lies[1]
        coverage = object_coverage(candidate.primary.rpartition("/")[2]) * 1.35 ** (5 - candidate.size)
        size = size_of(coverage)
    if len(people) > 1 and candidate.kind in ("two", "master"):
        xs = [_across(floor.at[p], candidate.azimuth) for p in people]
        coverage = max(coverage, (max(xs) - min(xs) + 0.9) / ASPECT)
        size = size_of(coverage)
        target = (
            sum(floor.at[p][0] for p in people) / len(people),
            sum(floor.at[p][1] for p in people) / len(people),
        )
    azimuth = candidate.azimuth
    focal = focal_for(size, look.lens)
    distance = camera_distance(coverage, focal, ASPECT)
    if candidate.kind == "over" and candidate.partner:
        apart = math.dist(target, floor.at[candidate.partner])
        distance = max(distance, apart + OVER_BACK_M)
    aim_y = eye if lies is not None else _aim_height(coverage, eye, candidate)
    lift = -look.angle_deg if candidate.angle != "eye_level" else 0.0
    at = step(target, azimuth, distance)
    camera_y = max(0.2, aim_y - math.tan(math.radians(lift)) * distance if lift else aim_y)
    position = (round(at[0], 3), round(camera_y, 3), round(at[1], 3))
    aim = (round(target[0], 3), round(aim_y, 3), round(target[1], 3))
    side = screen_x(
        at, target, step(target, floor.heading.get(candidate.primary, azimuth), 1.0), focal, SENSOR_WIDTH_MM
    )
    movement = _movement(look, beat, wish, candidate) if moves else Movement()
    level = "night" if look.ratio >= 8 else "interior"
    stop = aperture(look.depth, "night" if level == "night" else "interior")
    return Framed(
        Camera(
            shot_size=size,
            angle=candidate.angle,
            height=height_name(camera_y, eye),
            facing=_facing(floor, candidate.primary, azimuth),
            framing=_framing(candidate, len(people)),
            dirty=candidate.kind == "over",
            composition=_composition(look, candidate, side),
            movement=movement,
            lens=Lens(focal_mm=focal, lens_class=lens_class(focal)),
            aperture_t=stop,
            depth_of_field=look.depth,
            white_balance_k=5600,
            focus=Focus(on=candidate.primary or "the place"),
            position_m=position,
            look_at_m=aim,
        )
    )


def light(request: SuggestRequest, beat: EmotionalBeat, camera: Camera, floor: Floor) -> Lighting:
    """The light of the scene's place and hour under the scene's feeling, as this camera sees it."""
    scene = request.scene
    hour = _hour(scene.time_of_day)
    mood = beat_looks()[(scene.emotional_beat or beat).name]
    words = " ".join((scene.location, scene.description))
    plan = light_plan(
        f"location/{slug(scene.location or 'place')}", words, scene.int_ext != "EXT", hour, mood,
        held_to_place=False, moonlight_k=5600,
    )  # fmt: skip
    if SIZE_ORDER[camera.shot_size] >= 5:
        plan = soften(plan)
    toward = heading_to(on_plan(camera.look_at_m), on_plan(camera.position_m))
    directions = light_directions(plan.azimuth_deg, plan.elevation_deg, round(toward))
    return Lighting(
        key_style=key_style(plan.ratio),
        direction=directions,
        azimuth_deg=plan.azimuth_deg,
        elevation_deg=plan.elevation_deg,
        quality=plan.quality,
        contrast_ratio=plan.ratio,
        color_temperature_k=plan.kelvin,
        source=plan.source,
        motivated_by=plan.motivated_by,
        practicals=practicals_in((words, *(shot.action for shot in request.shots))),
        time_of_day=hour,
        description=f"{plan.words}, {DIRECTION_WORDS[directions[0]]}; {plan.quality}, {plan.feeling}.",
    )


def label_of(camera: Camera) -> str:
    """`Slow dolly push-in, medium close-up, over the shoulder, low angle`."""
    move = camera.movement
    size = SIZE_WORDS[camera.shot_size]
    more = [w for w in (FRAMING_WORDS.get(camera.framing, ""), ANGLE_WORDS.get(camera.angle, "")) if w]
    words = MOVE_WORDS.get(move.type, move.type.replace("_", " "))
    if move.type == "static":
        words = "handheld" if move.support == "handheld" else "static"
    speed = move.speed.replace("_", " ")
    first = f"{speed} {words}" if move.type != "static" and speed not in ("none", "whip") else words
    return ", ".join([first[0].upper() + first[1:], size, *more])


def balanced(camera: Camera, lighting: Lighting) -> Camera:
    """The camera set to its light: white balance by the key, stop by the hour."""
    night = lighting.time_of_day in ("night", "dusk", "blue_hour")
    level = "night" if night else "day" if "daylight" in lighting.source or "sunny" in lighting.source else "interior"
    return camera.model_copy(
        update={
            "white_balance_k": white_balance(lighting.color_temperature_k, night and "moonlight" in lighting.source),
            "aperture_t": aperture(camera.depth_of_field, level),  # type: ignore[arg-type]
        }
    )


def _movement(look: BeatLook, beat: EmotionalBeat, wish: ShotWish, candidate: Candidate) -> Movement:
    if look.move == "static":
        return Movement(support=look.support) if look.support == "handheld" else Movement()
    kind: MovementType = "arc_right" if look.move == "arc" else look.move  # type: ignore[assignment]
    if candidate.kind == "over" and kind not in ("dolly_in", "dolly_out"):
        return Movement()
    tighter = {"dolly_in": "a little tighter on", "dolly_out": "further back from"}.get(kind, "from further round")
    whom = (candidate.primary.rpartition("/")[2] or "the place").replace("_", " ")
    return Movement(
        type=kind,
        support=look.support,
        speed=look.speed if look.speed != "none" else "slow",
        start=f"{SIZE_WORDS[SIZES[candidate.size]].capitalize()} of {whom}.",
        end=f"The frame is {tighter} {whom}.",
    )


def _aim_height(coverage: float, eye: float, candidate: Candidate) -> float:
    """Where the lens looks: eyes on the upper third of a tight frame, the whole body in a wide one."""
    if not candidate.primary:
        return 1.4
    return max(min(eye - coverage / 6, eye), coverage / 2 - 0.1 if coverage >= 2.0 else 0.0)


def _facing(floor: Floor, name: str, azimuth: float) -> Facing:
    if not name:
        return "frontal"
    off = abs(turn_between(floor.heading.get(name, azimuth), azimuth))
    for most, word in ((20, "frontal"), (65, "three_quarter"), (115, "profile"), (160, "three_quarter_back")):
        if off <= most:
            return word  # type: ignore[return-value]
    return "back"


def _framing(candidate: Candidate, count: int) -> Framing:
    if candidate.kind == "over":
        return "over_the_shoulder"
    if candidate.kind in ("empty", "insert", "pov"):
        return candidate.kind
    if count < 2:
        return "single"
    return "two_shot" if count == 2 else "three_shot" if count == 3 else "group"


def _composition(look: BeatLook, candidate: Candidate, looks_to: float | None) -> tuple[Composition, ...]:
    """Room to look into: someone who looks to screen right stands on the left third, unless the beat denies it."""
    if candidate.kind in ("two", "master"):
        return ("balanced",)
    if candidate.kind == "insert":
        return ("center",)
    word = look.composition
    if word in ("thirds", "short_side") and looks_to is not None:
        left = (looks_to >= 0) == (word == "thirds")
        third: Composition = "rule_of_thirds_left" if left else "rule_of_thirds_right"
        return (third,) if word == "thirds" else (third, "short_side")
    return (word,) if word not in ("thirds", "short_side") else ("center",)  # type: ignore[return-value]


def _hour(said: str) -> TimeOfDay:
    folded = said.casefold().strip().replace(" ", "_")
    known: dict[str, TimeOfDay] = {
        "dawn": "dawn", "sunrise": "dawn", "morning": "morning", "midday": "midday", "noon": "midday",
        "afternoon": "afternoon", "golden_hour": "golden_hour", "sunset": "golden_hour", "dusk": "dusk",
        "evening": "dusk", "blue_hour": "blue_hour", "night": "night", "midnight": "night", "day": "afternoon",
    }  # fmt: skip
    return known.get(folded, "afternoon")


def _across(point: Plan, azimuth: float) -> float:
    """Metres to the side of a point, as a camera at this azimuth sees it."""
    turn = math.radians(azimuth)
    return point[0] * math.cos(turn) - point[1] * math.sin(turn)


def _wrapped(heading: float) -> float:
    return turn_between(0.0, heading)
