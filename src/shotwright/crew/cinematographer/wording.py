"""What is said of a frame in words: its first and last frame, its composition, and why it was taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shotwright.craft.beats import beat_looks
from shotwright.craft.geometry import screen_direction, step
from shotwright.model.ids import kind_of
from shotwright.model.vocabulary import SIZE_ORDER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shotwright.craft.chooser import Candidate
    from shotwright.crew.cinematographer.cameras import Setup
    from shotwright.crew.cinematographer.figures import Moment
    from shotwright.crew.cinematographer.moves import Move
    from shotwright.model.shot import Staging, Subject
    from shotwright.model.story import SceneBrief
    from shotwright.model.vocabulary import Composition

SIZE_WORDS = {name: name.replace("_", " ") for name in SIZE_ORDER}
SIZE_WORDS["medium_close_up"] = "medium close-up"
SIZE_WORDS["close_up"] = "close-up"
SIZE_WORDS["extreme_close_up"] = "extreme close-up"
SIZE_WORDS["extreme_wide"] = "extreme wide"
POSE_WORDS = {
    "stand": "standing", "sit": "sitting", "walk": "walking", "run": "running", "point": "pointing", "lean": "leaning",
    "phone": "on the phone", "fight": "fighting", "lie": "lying down", "kneel": "kneeling", "embrace": "in an embrace",
    "hold": "holding on", "drive": "driving", "crouch": "crouching", "climb": "climbing", "swim": "swimming",
    "fall": "fallen", "dance": "dancing", "ride": "riding",
}  # fmt: skip
PLACE_WORDS = {
    "left": "frame left", "center_left": "left of centre", "center": "centre", "center_right": "right of centre",
    "right": "frame right", "off": "out of frame",
}  # fmt: skip
MOVE_WORDS = {
    "dolly_in": "the frame has drawn in",
    "dolly_out": "the frame has drawn back",
    "crane_up": "the camera has risen",
    "crane_down": "the camera has come down",
    "follow": "the camera still behind",
    "lead": "the camera still ahead",
    "truck_left": "the camera still beside",
    "truck_right": "the camera still beside",
    "arc_left": "seen from further round",
    "arc_right": "seen from further round",
    "pan_left": "the frame has turned left",
    "pan_right": "the frame has turned right",
    "tilt_up": "the frame has tilted up",
    "tilt_down": "the frame has tilted down",
    "whip_pan": "the frame has whipped round",
}


def names_of(brief: SceneBrief) -> dict[str, str]:
    """Story id -> display name, of the people, things and place of a scene."""
    found = {str(m.character.id): m.character.name for m in brief.cast}
    found.update({str(t.id): t.name for t in brief.things})
    found[str(brief.place.id)] = brief.place.name
    return found


def name_of(entity: str, names: Mapping[str, str]) -> str:
    return names.get(entity) or entity.rpartition("/")[2].replace("_", " ").replace(".", ", ")


def first_and_last(
    moment: Moment, chosen: Candidate, setup: Setup, staging: Staging, move: Move, names: Mapping[str, str]
) -> tuple[str, str]:
    """The first and the last frame of a shot, each one sentence."""
    people = [s for s in staging.subjects if kind_of(s.entity) in ("character", "animal")]
    size = SIZE_WORDS[setup.size]
    if chosen.kind == "insert":
        return _insert_words(moment, chosen, setup, size, names)
    if chosen.kind == "pov":
        viewer = name_of(chosen.partner, names)
        what = " and ".join(_placed(s, names) for s in staging.subjects[:3]) or "the way ahead"
        return f"Through {viewer}'s eyes: {what}.", _end(people, move, names)
    if not people:
        place = name_of(moment.stage.place, names)
        return f"{_capital(size)} of {place}, nobody in frame.", _end((), move, names)
    if moment.glance and moment.stage.driver in {s.entity for s in people if not s.foreground}:
        driver, other = name_of(moment.stage.driver or "", names), name_of(moment.glance, names)
        glance = f" {driver} glances at {other} for no more than a second and a half, then back at the road."
    else:
        glance = ""
    crowd = f" and {len(people) - 4} more" if len(people) > 4 else ""
    start = f"{_capital(size)}: {', '.join(_placed(s, names) for s in people[:4])}{crowd}."
    return start, _end(people, move, names) + glance


def _placed(subject: Subject, names: Mapping[str, str]) -> str:
    name = name_of(subject.entity, names)
    if subject.foreground:
        return (
            f"{name}'s shoulder at {PLACE_WORDS[subject.screen_position]} edge"
            if "center" not in subject.screen_position
            else f"{name}'s shoulder in the foreground"
        )
    where = PLACE_WORDS[subject.screen_position]
    if kind_of(subject.entity) not in ("character", "animal"):
        return f"{name} {where}"
    text = f"{name} {where}, {POSE_WORDS[subject.pose_start]}"
    if subject.gaze is not None and subject.gaze.screen_direction in ("left", "right"):
        text += f", looking {subject.gaze.screen_direction}"
    return text


def _end(people: Sequence[Subject], move: Move, names: Mapping[str, str]) -> str:
    told = []
    for subject in people:
        name = name_of(subject.entity, names)
        if subject.travel is not None and subject.travel.exits:
            told.append(f"{name} gone from the frame")
        elif subject.travel is not None and subject.travel.enters:
            told.append(f"{name} come to rest {PLACE_WORDS[subject.screen_position]}")
        elif subject.pose_end != subject.pose_start:
            told.append(f"{name} {POSE_WORDS[subject.pose_end]}")
    change = "; ".join(told[:3])
    moved = MOVE_WORDS.get(move.type)
    if moved:
        return f"{_capital(moved)}{': ' + change if change else ', the same people in it' if people else ''}."
    return f"The same frame{': ' + change if change else ', held'}."


def _insert_words(
    moment: Moment, chosen: Candidate, setup: Setup, size: str, names: Mapping[str, str]
) -> tuple[str, str]:
    thing = name_of(chosen.primary, names)
    start = f"{_capital(size)} of {thing}, filling the frame."
    user = moment.figures.get(chosen.partner)
    if user is None or user.phase <= 0:
        return start, f"The same frame, {thing} still in it."
    hand = "left" if chosen.primary == user.left else "right"
    beside = step(user.at, user.heading + (-90.0 if hand == "right" else 90.0), 0.3)
    aim_at = (moment.things[chosen.primary][0], moment.things[chosen.primary][2])
    angle = screen_direction(setup.plan, setup.aim, aim_at, beside)
    side = "right" if angle > 0 else "left"
    name = name_of(user.id, names)
    return start, f"{name}'s {hand} hand in the frame, come in from screen {side}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def composition(moment: Moment, chosen: Candidate, setup: Setup, staging: Staging) -> tuple[Composition, ...]:
    """The rules of composition that the frame keeps, read from where its subject stands."""
    if chosen.kind == "insert":
        return ("center",)
    if chosen.kind == "empty":
        return ("leading_lines", "horizontal") if setup.size == "extreme_wide" else ("balanced",)
    if chosen.kind == "pov":
        return ("center",)
    people = [s for s in staging.subjects if not s.foreground and kind_of(s.entity) in ("character", "animal")]
    wanted = beat_looks()[moment.shot.intent.beat.name].composition
    found: list[Composition] = []
    if len(people) == 1:
        where = people[0].screen_position
        if where in ("left", "center_left"):
            found.append("rule_of_thirds_left")
        elif where in ("right", "center_right"):
            found.append("rule_of_thirds_right")
        else:
            found.append("center")
    elif len(people) == 2:
        found.append("symmetrical" if chosen.kind == "two" and abs(chosen.azimuth) < 1 else "balanced")
    elif people:
        left = sum(1 for s in people if "left" in s.screen_position)
        right = sum(1 for s in people if "right" in s.screen_position)
        found.append("left_heavy" if left > right + 1 else "right_heavy" if right > left + 1 else "balanced")
    if wanted == "negative_space" and SIZE_ORDER[setup.size] <= 3:
        found.append("negative_space")
    elif wanted == "leading_lines" and SIZE_ORDER[setup.size] <= 1:
        found.append("leading_lines")
    elif wanted == "diagonal" and chosen.kind in ("moving", "two"):
        found.append("diagonal")
    return tuple(found) or ("balanced",)
