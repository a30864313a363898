"""The frames of a scene once its way through the candidates is chosen: cameras placed, people staged, cuts proved.

A set-up that the scene already has is gone back to wherever it still holds the shot, so that an exchange alternates
between the same few cameras. What a cut would do wrong is read from the frames themselves, as an editor would see it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from shotwright.craft.geometry import distance_between, heading_to, turn_between
from shotwright.crew.cinematographer.cameras import Setup, place_camera, several, sized_by, strays
from shotwright.crew.cinematographer.sizing import coverage_at, size_seen
from shotwright.crew.cinematographer.staging import stage_shot
from shotwright.model.ids import SetupId, digest, kind_of
from shotwright.model.vocabulary import SIZE_ORDER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shotwright.craft.chooser import Candidate
    from shotwright.craft.optics import LensHabit
    from shotwright.crew.cinematographer.figures import Figure, Moment
    from shotwright.model.shot import Staging
    from shotwright.model.story import CastMember

NEAR_M = 0.9
"""Two places this near for one frame of one subject are one set-up: the camera stays where it stood."""
AIM_M = 0.5
EYES_M = 0.12
HELD_WITHIN = 0.9
"""A set-up is gone back to only while everyone stands this far inside its edges, in half-widths."""
APART = 0.4
"""Two people nearer together on screen than this, in half-widths, have no order."""
PARALLAX = 1.6
"""Whoever is this much further from the lens than another is background, which slides with every change of angle."""
OFF_LENS = (6.0, 24.0)


Known = dict[tuple[str, ...], list[tuple[Setup, SetupId, int]]]
"""The set-ups of a scene by what they are of: (camera, name, index of the first shot)."""


@dataclass(slots=True)
class Frame:
    """One shot with its camera in place."""

    setup: Setup
    setup_id: SetupId
    staging: Staging
    seen: int
    shoulder: bool
    again: int
    """Index of the first shot of the same set-up; its own where it is new."""

    seen_people: frozenset[str] | None = None
    """What `people` found, once."""
    order: tuple[tuple[tuple[str, ...], int], ...] | None = None
    """Pairs inside the frame and who of each is on the left, once they were measured."""
    sides: tuple[tuple[str, str, int], ...] | None = None
    """The same of everyone staged, shoulders too."""

    @property
    def people(self) -> frozenset[str]:
        """Everyone whose body is in frame, shoulders apart."""
        if self.seen_people is None:
            self.seen_people = frozenset(
                s.entity
                for s in self.staging.subjects
                if not s.foreground and kind_of(s.entity) in ("character", "animal")
            )
        return self.seen_people


def frame_scene(
    scene_id: str,
    moments: Sequence[Moment],
    way: Sequence[Candidate],
    habit: LensHabit,
    aspect: float,
    inside: bool,
    cast: dict[str, CastMember],
    names: Mapping[str, str],
) -> list[Frame]:
    """Place and stage every shot of a way, in order."""
    frames: list[Frame] = []
    by_shot: dict[str, Frame] = {}
    known: Known = {}
    for i, (moment, chosen, (passage, reset)) in enumerate(zip(moments, way, passages(moments, names), strict=True)):
        parent = by_shot.get(moment.shot.continues_shot_id or "")
        if parent is not None and still_there(chosen, moment):
            setup, setup_id, again = parent.setup, parent.setup_id, parent.again
        else:
            setup = place_camera(chosen, moment, habit, aspect, inside)
            setup, setup_id, again = _go_back(scene_id, i, moment, chosen, setup, known, aspect)
        staging, seen, shoulder = stage_shot(moment, chosen, setup, cast, passage, reset)
        frame = Frame(setup, setup_id, staging, seen, shoulder, again)
        frames.append(frame)
        by_shot[moment.shot.shot_id] = frame
    return frames


def passages(moments: Sequence[Moment], names: Mapping[str, str]) -> list[tuple[int, str]]:
    """(number of the passage, what begins it anew) of each shot; a passage ends where the place changes."""
    found: list[tuple[int, str]] = []
    passage, stage_key = 0, ""
    for moment in moments:
        reset = ""
        if moment.stage.key != stage_key:
            if passage:
                place = names.get(moment.stage.place) or moment.stage.place.rpartition("/")[2].replace("_", " ")
                reset = f"the scene moves to {place}" if moment.opens_stage else f"back to {place}"
            stage_key = moment.stage.key
            passage += 1
        found.append((passage, reset))
    return found


def still_there(chosen: Candidate, moment: Moment) -> bool:
    """The subject of a continued take is still in the place."""
    subject = chosen.primary
    return not subject or subject in moment.figures or subject in moment.things or subject == "ahead"


def _go_back(
    scene_id: str,
    index: int,
    moment: Moment,
    chosen: Candidate,
    setup: Setup,
    known: Known,
    aspect: float,
) -> tuple[Setup, SetupId, int]:
    """The set-up of the scene that already holds this frame, else this one as a new set-up."""
    held = held_setup(known, moment, chosen, setup, aspect)
    if held is not None:
        return held
    setup_id = setup_name(scene_id, moment, chosen, setup)
    know_setup(known, moment, chosen, (setup, setup_id, index))
    return setup, setup_id, index


def held_setup(
    known: Known, moment: Moment, chosen: Candidate, setup: Setup, aspect: float
) -> tuple[Setup, SetupId, int] | None:
    """The set-up among those known that already holds a frame; None where it needs one of its own."""
    for held in known.get(_kind(moment, chosen, setup), ()):
        if _serves(held[0], setup, moment, chosen, aspect):
            return held
    return None


def know_setup(known: Known, moment: Moment, chosen: Candidate, held: tuple[Setup, SetupId, int]) -> None:
    """Add the set-up of a frame to those known."""
    known.setdefault(_kind(moment, chosen, held[0]), []).append(held)


def _kind(moment: Moment, chosen: Candidate, setup: Setup) -> tuple[str, ...]:
    subject = "" if chosen.kind == "master" else chosen.primary
    if chosen.kind == "two":
        subject = min(chosen.primary, chosen.partner) + " " + max(chosen.primary, chosen.partner)
    return moment.stage.key, chosen.kind, subject, setup.size, setup.angle, str(setup.coverage_m)


def setup_name(scene_id: str, moment: Moment, chosen: Candidate, setup: Setup) -> SetupId:
    """The name of a set-up: the same for the same frame of the same people from the same place."""
    spot = "/".join(f"{v:.2f}" for v in (*setup.position, *setup.look_at))
    rail = f"{chosen.theta:.0f}" if chosen.kind == "moving" else ""
    parts = (*_kind(moment, chosen, setup), str(setup.focal_mm), spot, rail)
    return SetupId("su_" + digest(scene_id, *parts))


def _serves(earlier: Setup, wanted: Setup, moment: Moment, chosen: Candidate, aspect: float) -> bool:
    if abs(earlier.eye_m - wanted.eye_m) > EYES_M or abs(earlier.position[1] - wanted.position[1]) > EYES_M:
        return False
    own = sized_by(chosen, moment)
    framed = own is not None and chosen.kind not in ("pov", "insert", "empty")
    if own is not None and framed and size_seen(coverage_at(earlier, own.at, own.eye_m, aspect), own) != earlier.size:
        return False
    apart = distance_between(earlier.plan, wanted.plan)
    if chosen.kind in ("moving", "pov", "insert", "empty"):
        return apart < 0.05 and distance_between(earlier.aim, wanted.aim) < 0.05
    if chosen.kind in ("two", "master"):
        aside = abs(turn_between(heading_to(wanted.aim, earlier.plan), heading_to(wanted.aim, wanted.plan)))
        held = (earlier.across(f.at) for f in several(chosen.kind, chosen.primary, chosen.partner, moment))
        return aside < 14 and all(x is not None and abs(x) <= HELD_WITHIN for x in held)
    if apart > NEAR_M or distance_between(earlier.aim, wanted.aim) > AIM_M:
        return False
    figure = moment.figures[chosen.primary]
    partner = moment.figures.get(figure.target)
    if not _as_alone(earlier, wanted, moment, figure):
        return False
    if partner is None:
        return apart < 0.4
    return _answers(earlier, figure) and (chosen.kind != "over" or _shoulder_hangs(earlier, wanted, partner))


def _as_alone(earlier: Setup, wanted: Setup, moment: Moment, figure: Figure) -> bool:
    """Nobody comes into the frame of one by going back to an earlier camera."""
    others = strays(earlier, moment, figure)
    return not others or len(others) <= len(strays(wanted, moment, figure))


def _answers(setup: Setup, figure: Figure) -> bool:
    """The eyes of whoever looks at somebody stay just off this lens, on the cameras' side of the look."""
    off = turn_between(heading_to(figure.at, setup.plan), figure.gaze_heading) * figure.way
    return OFF_LENS[0] <= off <= OFF_LENS[1]


def _shoulder_hangs(earlier: Setup, wanted: Setup, partner: Figure) -> bool:
    one, two = earlier.across(partner.at), wanted.across(partner.at)
    return one is not None and two is not None and abs(one - two) < 0.15


def faults(moments: Sequence[Moment], way: Sequence[Candidate], frames: Sequence[Frame]) -> list[int]:
    """Shots whose cut from the one before jumps, leaps or does not match the frame that it answers."""
    found: list[int] = []
    begun: set[frozenset[str]] = set()
    kept: dict[tuple[str, ...], int] = {}
    _swaps(moments[0], frames[0], kept) if frames else False
    for i in range(1, len(frames)):
        one, two = way[i - 1], way[i]
        if not two.exempt and two.kind not in ("pov", "insert", "empty") and _swaps(moments[i], frames[i], kept):
            found.append(i)
            continue
        if one.exempt or two.exempt or moments[i].shot.continues_shot_id is not None:
            continue
        if moments[i].stage.key != moments[i - 1].stage.key:
            begun.clear()
            continue
        before, after = frames[i - 1], frames[i]
        leap = abs(SIZE_ORDER[before.setup.size] - SIZE_ORDER[after.setup.size])
        shot = moments[i].shot
        sudden = shot.intent.beat.name == "shock" or shot.transition_in in ("smash_cut", "jump_cut")
        reveal = "reveal" in (shot.function, moments[i - 1].shot.function)
        if (leap >= 4 and not (sudden or reveal)) or (leap < 2 and _jumps(before, after, one, two)):
            found.append(i)
            continue
        if two.kind not in ("single", "over") or one.kind not in ("single", "over"):
            begun.clear()
            continue
        a, b = moments[i - 1].figures[one.primary], moments[i].figures[two.primary]
        pair = frozenset((a.id, b.id))
        if a.target != b.id or b.target != a.id or pair in begun:
            continue
        begun.add(pair)
        if before.shoulder == after.shoulder and leap and _waist_up(before) and _waist_up(after):
            found.append(i)
    return found


def _swaps(moment: Moment, frame: Frame, kept: dict[tuple[str, ...], int]) -> bool:
    """Whether two of a company stand the other way round than in the last frame that held them both; a wide gives a
    new order, and so does whoever travels."""
    if len(moment.figures) < 3:
        return False
    if frame.order is None:
        frame.order = _ordered(moment, frame)
    swapped = False
    close = SIZE_ORDER[frame.setup.size] > 1
    for pair, side in frame.order:
        going = moment.figures[pair[1]].going is not None or moment.figures[pair[2]].going is not None
        swapped = swapped or (kept.get(pair, side) != side and close and not going)
        kept[pair] = side
    return swapped


def _ordered(moment: Moment, frame: Frame) -> tuple[tuple[tuple[str, ...], int], ...]:
    """The pairs in a frame that stand apart on screen, and which of the two is on the left."""
    found = []
    across = sorted((x, f.id) for f in moment.figures.values() if (x := frame.setup.across(f.at)) is not None)
    inside = [(x, moment.figures[who]) for x, who in across if abs(x) <= 1.0]
    for (x, left), (y, right) in combinations(inside, 2):
        if y - x < APART:
            continue
        near, far = sorted(distance_between(frame.setup.plan, f.at) for f in (left, right))
        if far > PARALLAX * near:
            continue
        pair = (moment.stage.key, *sorted((left.id, right.id)))
        found.append((pair, 1 if pair[1] == left.id else -1))
    return tuple(found)


def _waist_up(frame: Frame) -> bool:
    return SIZE_ORDER[frame.setup.size] >= 3 and frame.seen == 1


def _jumps(before: Frame, after: Frame, one: Candidate, two: Candidate) -> bool:
    """The same people from nearly the same place."""
    same = before.people == after.people
    if not same and not (one.primary and one.primary == two.primary and len(before.people) == len(after.people)):
        return False
    spots = [(s.position_m[0], s.position_m[2]) for s in after.staging.subjects if s.entity in after.people]
    if len(spots) > 1:
        middle = (sum(x for x, _ in spots) / len(spots), sum(z for _, z in spots) / len(spots))
        about = [middle, after.setup.aim]
    else:
        about = spots or [after.setup.aim]
    turn = max(
        abs(turn_between(heading_to(spot, before.setup.plan), heading_to(spot, after.setup.plan))) for spot in about
    )
    return turn < 29.5
