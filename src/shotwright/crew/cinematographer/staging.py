"""What the frame holds: everyone and everything in it, projected from the floor plan, and the line it is staged on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from shotwright.craft.geometry import (
    angle_off_line,
    distance_between,
    heading_to,
    screen_direction,
    side_of_line,
    step,
    turn_between,
)
from shotwright.crew.cinematographer.cameras import FRONT_M, SHOULDER_M, WIDTH_MM, Setup
from shotwright.model.ids import EntityId, kind_of
from shotwright.model.shot import Gaze, Hands, Line, Staging, Subject, Travel

if TYPE_CHECKING:
    from shotwright.craft.chooser import Candidate
    from shotwright.crew.cinematographer.figures import Figure, Moment
    from shotwright.model.story import CastMember
    from shotwright.model.vocabulary import Depth, ScreenDirection, ScreenPosition

Side = Literal["left", "right", "on"]
NO_HANDS = Hands()


def screen_band(x: float) -> ScreenPosition:
    """The word for a place across the frame, -1 to 1."""
    if x < -0.5:
        return "left"
    if x < -0.14:
        return "center_left"
    if x <= 0.14:
        return "center"
    return "center_right" if x <= 0.5 else "right"


def direction_word(angle: float) -> ScreenDirection:
    """The word for a direction on screen: 0 away from the camera, +90 to screen right, 180 towards it."""
    away = abs(angle)
    if away > 174:
        return "toward_camera"
    if away < 6:
        return "away"
    return "right" if angle > 0 else "left"


def travel_word(angle: float) -> ScreenDirection:
    """As `direction_word`, for travel: within 20 degrees of the lens axis it is neutral."""
    away = abs(angle)
    if away > 160:
        return "toward_camera"
    if away < 20:
        return "away"
    return "right" if angle > 0 else "left"


def stage_shot(
    moment: Moment, chosen: Candidate, setup: Setup, cast: dict[str, CastMember], passage: int, reset: str
) -> tuple[Staging, int, bool]:
    """(staging, persons seen apart from shoulders, whether a shoulder hangs in the foreground)."""
    subjects: list[Subject] = []
    shoulder = False
    seen = 0
    own = moment.figures.get(chosen.primary)
    own_distance = distance_between(setup.plan, own.at) if own is not None else 0.0
    if chosen.kind not in ("empty", "insert"):
        order = sorted(moment.figures.values(), key=lambda f: f.id != chosen.primary)
        for figure in order:
            if chosen.kind == "pov" and figure.id == chosen.partner:
                continue
            x = setup.across(figure.at)
            if x is None:
                continue
            near = distance_between(setup.plan, figure.at)
            front = (
                own is not None
                and figure is not own
                and chosen.kind in ("single", "over", "moving")
                and near < own_distance - FRONT_M
            )
            edge = SHOULDER_M * setup.focal_mm / (WIDTH_MM / 2 * max(near, 0.2))
            if abs(x) > (1.0 + edge * 0.9 if front else 1.0):
                continue
            shoulder = shoulder or front
            seen += 0 if front else 1
            depth: Depth = "foreground" if front else "mid"
            if not front and own is not None and near > own_distance + 0.8:
                depth = "background"
            subjects.append(_person(figure, moment, setup, cast, x, depth, front))
    for thing in _things_shown(moment, chosen, setup):
        subjects.append(_thing(thing, moment, setup))
    plate = f"{moment.stage.place} side {plate_side(setup)}"
    line = _line(moment, chosen, setup, passage, reset)
    staging = Staging.model_construct(line=line, plate=plate, subjects=tuple(subjects), changes=moment.changes)
    return staging, seen, shoulder


def plate_side(setup: Setup) -> str:
    """Which side of the set is behind: A is the far side from the master camera, then clockwise on the plan."""
    away = heading_to(setup.plan, setup.aim)
    quarter = round(turn_between(180.0, away) / 90.0) % 4
    return "ABCD"[quarter]


def _person(
    figure: Figure, moment: Moment, setup: Setup, cast: dict[str, CastMember], x: float, depth: Depth, front: bool
) -> Subject:
    at = figure.at
    look_to = figure.target_at if figure.target_at is not None else step(at, figure.gaze_heading, 1.0)
    gaze = Gaze.model_construct(
        target=figure.target, screen_direction=direction_word(screen_direction(setup.plan, setup.aim, at, look_to))
    )
    travel = None
    heading = figure.heading
    if figure.enters or figure.exits:
        # Whoever comes or goes does so along the lens: neutral, so that no later journey has to agree with it.
        away = heading_to(setup.plan, setup.aim)
        heading = away if figure.exits else turn_between(180.0, away)
        travel = Travel.model_construct(
            screen_direction="away" if figure.exits else "toward_camera",
            to="out of the place" if figure.exits else "into the place",
            enters=figure.enters,
            exits=figure.exits,
        )
    elif figure.going is not None:
        way = screen_direction(setup.plan, setup.aim, at, step(at, figure.going, 1.0))
        travel = Travel.model_construct(screen_direction=travel_word(way), to="", enters=False, exits=False)
    member = cast.get(figure.id)
    look = member.look if member is not None else None
    hands = Hands.model_construct(left=figure.left, right=figure.right) if figure.left or figure.right else NO_HANDS
    return Subject.model_construct(
        entity=EntityId(figure.id),
        look=str(look.id) if look is not None else "",
        position_m=(round(at[0], 2), figure.base_m, round(at[1], 2)),
        heading_deg=round(heading, 1),
        screen_position=screen_band(x),
        depth=depth,
        gaze=gaze,
        addressee=EntityId(figure.addressee) if figure.addressee else None,
        pose_start=figure.pose_start,
        pose_end=figure.pose_end,
        action_phase=figure.phase,
        travel=travel,
        hands=hands,
        mouth="speaking" if figure.speaking else "closed",
        condition=look.condition if look is not None else (),
        foreground=front,
    )


def _things_shown(moment: Moment, chosen: Candidate, setup: Setup) -> list[str]:
    """Things in the frame: the subject of an insert, those that the shot is about, those in action nearby."""
    if chosen.kind in ("insert", "pov"):
        return [chosen.primary] if chosen.primary in moment.things else []
    wanted = {str(e) for e in moment.shot.intent.on}
    found = []
    for thing, (x, _, z) in moment.things.items():
        across = setup.across((x, z))
        if across is None or abs(across) > 1.0:
            continue
        if thing in wanted or chosen.size <= 3:
            found.append(thing)
    return found[:5]


def _thing(thing: str, moment: Moment, setup: Setup) -> Subject:
    x, y, z = moment.things[thing]
    across = setup.across((x, z))
    going = moment.thing_ways.get(thing)
    travel = None
    if going is not None:
        way = screen_direction(setup.plan, setup.aim, (x, z), step((x, z), going, 1.0))
        travel = Travel.model_construct(screen_direction=travel_word(way), to="", enters=False, exits=False)
    return Subject.model_construct(
        entity=EntityId(thing),
        look="",
        position_m=(x, y, z),
        heading_deg=going if going is not None else 0.0,
        screen_position=screen_band(across) if across is not None else "off",
        depth="mid",
        gaze=None,
        addressee=None,
        pose_start="stand",
        pose_end="stand",
        action_phase=0.0,
        travel=travel,
        hands=NO_HANDS,
        mouth="closed",
        condition=(),
        foreground=False,
    )


def _line(moment: Moment, chosen: Candidate, setup: Setup, passage: int, reset: str) -> Line | None:
    """The line of action that the shot is staged on; inserts, points of view and empty frames have none."""
    if chosen.kind in ("insert", "pov", "empty"):
        return None
    figures = moment.figures
    stage = moment.stage
    own = figures.get(chosen.primary)
    if stage.kind == "car" and len(figures) > 1:
        front = sorted(figures.values(), key=lambda f: (-f.at[1], f.at[0]))[:2]
        return _between("seats", *sorted(front, key=lambda f: f.at[0]), setup=setup, passage=passage, reset=reset)
    crossing = own is not None and not own.enters and not own.exits
    if own is not None and own.going is not None and crossing and own.target not in figures:
        ahead = step(own.at, own.going, 1.0)
        side, _ = _side(own.at, ahead, setup)
        return Line.model_construct(kind="travel", a=own.id, b="the way ahead", side=side, passage=passage, reset=reset)
    pair = moment.pair
    if chosen.kind == "two":
        pair = (chosen.primary, chosen.partner)
    elif own is not None and own.target in figures and (chosen.kind != "master" or pair is None):
        pair = (own.id, own.target)
    elif chosen.kind != "master" and (pair is None or own is None or own.id not in pair):
        pair = None
    if pair is not None:
        ends = sorted((figures[pair[0]], figures[pair[1]]), key=lambda f: (f.at[0], f.id))
        return _between("look", ends[0], ends[1], setup=setup, passage=passage, reset=reset)
    if own is not None and own.target_at is not None and kind_of(own.target) in ("prop", "vehicle", "animal"):
        side, _ = _side(own.at, own.target_at, setup)
        return Line.model_construct(kind="thing", a=own.id, b=own.target, side=side, passage=passage, reset=reset)
    return None


def _between(kind: Literal["look", "seats"], a: Figure, b: Figure, *, setup: Setup, passage: int, reset: str) -> Line:
    side, _ = _side(a.at, b.at, setup)
    return Line.model_construct(kind=kind, a=a.id, b=b.id, side=side, passage=passage, reset=reset)


def _side(a: tuple[float, float], b: tuple[float, float], setup: Setup) -> tuple[Side, float]:
    off = angle_off_line(a, b, setup.plan)
    if off < 1.0:
        return "on", off
    return ("right" if side_of_line(a, b, setup.plan) > 0 else "left"), off
