"""Which set-ups could photograph a shot: a dozen at most, each with what speaks for and against it as a cost.

Direction written into the script leaves only the set-ups that obey it. Otherwise the scene type's idiom gives the kinds
and sizes that are usual at this point, and the beat pulls the size towards its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from shotwright.craft.beats import beat_looks
from shotwright.craft.idioms import Phase, idioms
from shotwright.crew.cinematographer.cameras import frame_one
from shotwright.crew.cinematographer.figures import ELEMENTS
from shotwright.crew.cinematographer.options import Arc, Glass, Options
from shotwright.crew.cinematographer.turning import turn_frames

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.craft.chooser import Candidate
    from shotwright.crew.cinematographer.figures import Moment
    from shotwright.model.crew import WrittenDirection
    from shotwright.model.story import SceneBrief

FRAMED: dict[str, tuple[str, ...]] = {
    "close_on": ("single", "insert"), "angle_on": ("single", "insert", "two", "over"), "insert": ("insert",),
    "pov": ("pov",), "wide": ("master", "empty"),
    "tracking": ("moving", "single"), "follow": ("moving", "single"), "two_shot": ("two",),
}  # fmt: skip
"""Written direction -> the kinds of set-up that obey it."""
MOST = 7
"""So many candidates a shot are weighed."""
OPENING = 2
"""So many shots after the turn must be wider than it."""
STRAY = 1.5
"""What each other person in the frame of one costs: a size tighter is cheaper. Twice that on a listener."""
SPEAKER_SEEN = 12.0
"""What it costs to see the face of whoever speaks in the frame of whoever listens."""
ANGLES = {"low_angle": "low_angle", "high_angle": "high_angle", "overhead": "overhead"}


def arcs(moments: Sequence[Moment]) -> list[Arc]:
    """The phase of each shot: everybody placed first, then towards the turn, the turn, and away from it."""
    count = len(moments)
    turns = [i for i, m in enumerate(moments) if m.shot.intent.turn] or [
        i for i, m in enumerate(moments) if m.shot.intent.peak
    ]
    turn_at = (
        turns[-1] if turns else max(range(count), key=lambda i: (moments[i].shot.intent.beat.intensity, i), default=0)
    )
    marked = bool(turns) or (count > 3 and moments[turn_at].shot.intent.beat.intensity >= 0.6)
    if count == 1 and moments[0].shot.intent.on:
        # The only shot of a scene has to place people and show what they do: it has no wider frame to be tighter than.
        marked = False
    found = []
    for i, moment in enumerate(moments):
        intent = moment.shot.intent
        phase: Phase
        if marked and (i == turn_at or intent.turn):
            phase = "peak"
        elif moment.opens_stage:
            phase = "open"
        elif i == count - 1 and count > 3 and i > turn_at:
            phase = "close"
        elif i < 0.45 * turn_at:
            phase = "early"
        else:
            phase = "middle" if i < turn_at else "after"
        found.append(Arc(phase, i, count, turn_at, marked=marked))
    return found


def all_candidates(
    moments: Sequence[Moment], where: Sequence[Arc], brief: SceneBrief, lens: Glass
) -> list[list[Candidate]]:
    """The candidates of every shot. Those of the turn come first: no other frame may be tighter than its."""
    found: list[list[Candidate]] = [[] for _ in moments]
    if not moments:
        return found
    at = where[0].turn_at
    turns = where[0].marked and where[at].phase == "peak"
    limit = 6
    while True:
        if turns:
            where[at].ceiling = limit
            found[at] = candidates(moments[at], where[at], brief, lens)
            _set_ceilings(where, at, found[at])
        for i, (moment, arc) in enumerate(zip(moments, where, strict=True)):
            if not turns or i != at:
                found[i] = candidates(moment, arc, brief, lens)
        within = _within_reach(found, at) if turns and limit == 6 else 6
        if within == 6:
            return found
        limit = within


def _set_ceilings(where: Sequence[Arc], at: int, frames: Sequence[Candidate]) -> None:
    """No frame may be tighter than the turn's, and those that follow it are wider."""
    faces = [c.size for c in frames if c.kind not in ("insert", "pov")]
    ceiling = max(faces, default=4 if frames[0].kind == "insert" else 0)
    if ceiling < 2:
        return
    for arc in where:
        if arc.index < at:
            arc.ceiling = ceiling
        elif arc.index > at:
            arc.ceiling = max(ceiling - 1 if arc.index - at <= OPENING or ceiling > 4 else ceiling, 2)


def _within_reach(found: Sequence[Sequence[Candidate]], at: int) -> int:
    """The tightest size of the turn that its neighbours can be cut to without a leap of four; 6 when any will do."""
    tightest = max(c.size for c in found[at])
    reach = 6
    for i in (at - 1, at + 1):
        if 0 <= i < len(found) and not any(c.exempt for c in found[i]):
            near = max(c.size for c in found[i])
            if tightest - near >= 4:
                reach = min(reach, near + 3)
    return reach


def candidates(moment: Moment, arc: Arc, brief: SceneBrief, lens: Glass) -> list[Candidate]:
    """Every set-up that could photograph the shot, never empty."""
    shot = moment.shot
    intent = shot.intent
    look = beat_looks()[intent.beat.name]
    idiom = idioms()[brief.scene.scene_type]
    found = Options(moment, arc, brief, look, idiom, lens)
    people = [str(e) for e in intent.on if e in moment.figures]
    things = [str(e) for e in intent.on if e in moment.things]
    _propose(found, arc, people, things)
    for thing in things:
        if intent.focus != "thing" and intent.text_to_read:
            found.insert(thing)
    if not found.options:
        found.master() if moment.figures else found.place(wide=arc.index == 0)
    obedient = _obey(found, moment)
    for c in obedient:
        c.exempt = c.kind in ("insert", "pov") or shot.function in (*ELEMENTS, "cutaway")
        if c.kind != "insert" and arc.phase != "peak" and arc.ceiling < 6:
            c.cost += 4.0 * max(0, c.size - arc.ceiling)
            if c.size == arc.ceiling:
                c.cost += 0.4 if arc.index < arc.turn_at else 0.8
    if arc.phase != "peak" and _must_place(moment, arc, brief):
        for c in obedient:
            c.cost += 1.5 * max(0, c.size - 2)
    obedient.sort(key=lambda c: c.cost)
    del obedient[MOST:]
    if len(moment.figures) > 1:
        _price_company(obedient, moment, found)
        obedient.sort(key=lambda c: c.cost)
    return obedient


def _price_company(options: Sequence[Candidate], moment: Moment, found: Options) -> None:
    """A frame of one that others stand in costs more, most of all where the speaker stands in the listener's."""
    intent = moment.shot.intent
    listening = intent.focus == "listener"
    heard = {str(line.speaker) for line in moment.shot.dialogue} - {str(e) for e in intent.on} if listening else set()
    for c in options:
        if c.kind not in ("single", "over"):
            continue
        _, others = frame_one(c, moment, found.lens.habit, found.lens.aspect)
        for other in others:
            c.cost += 2 * STRAY if listening else STRAY
            if other in heard:
                c.cost += SPEAKER_SEEN


def _propose(found: Options, arc: Arc, people: list[str], things: list[str]) -> None:
    """The frames that the Director's intent asks for."""
    moment = found.moment
    intent = moment.shot.intent
    # A shot that is all there is of several people's doings shows them; there is nothing for a close frame to top.
    crowded = moment.shot.function in ("master", "establishing") and len(people) > 2
    turning = arc.phase == "peak" and intent.focus not in ("place", "pov") and not crowded
    driven = next((t for t in things if t in moment.thing_ways), "")
    if turning and (moment.figures or things or moment.handled):
        turn_frames(found, people, things)
    elif driven and not people and intent.focus in ("travel", "thing", "action"):
        found.vehicle(driven)
    elif intent.focus == "place" or (not moment.figures and not things):
        found.place(wide=arc.index == 0)
    elif intent.focus == "thing" and things:
        found.insert(things[0])
        if people:
            found.people(people[:1])
    elif intent.focus == "pov":
        found.pov(people)
    else:
        found.people(people or _nearest(moment), travel=intent.focus == "travel")
        if intent.focus == "group" or not people:
            found.master()


def _must_place(moment: Moment, arc: Arc, brief: SceneBrief) -> bool:
    """The first frame of a place that nobody knows yet shows where we are, unless it is hidden on purpose."""
    if brief.known_place or brief.scene.withheld is not None or arc.index > 2:
        return False
    return moment.opens_stage and moment.shot.intent.focus not in ("thing", "pov")


def _nearest(moment: Moment) -> list[str]:
    """Somebody to look at when the Director names nobody: whoever acts, else the first there."""
    acting = [f.id for f in moment.figures.values() if f.phase > 0 or f.speaking]
    return acting[:2] or list(moment.figures)[:1]


def _obey(found: Options, moment: Moment) -> list[Candidate]:
    """The options that obey the first written direction that frames the shot; all of them when none is written."""
    kept = found.options
    for written in moment.shot.intent.written:
        kinds = FRAMED.get(written.kind)
        if kinds is None or _unknown(written, moment):
            continue
        _open_up(found, moment, written)
        fitting = [c for c in found.options if c.kind in kinds and _sized(c, written.kind)]
        if written.kind in ("close_on", "angle_on"):
            fitting = [c for c in fitting if c.primary == written.target] or fitting
            named = {str(e) for e in moment.shot.intent.on if e in moment.figures}
            fitting = [c for c in fitting if named <= {c.primary, c.partner, *c.people}] or fitting
        for c in fitting:
            c.because = f"the script asks for it: “{written.words or written.kind.replace('_', ' ')}”"
            c.evidence = (*c.evidence, f"unit {written.unit}")
        if fitting:
            kept = fitting
            break
    for written in moment.shot.intent.written:
        if written.kind in ANGLES:
            for c in kept:
                c.angle = ANGLES[written.kind]
    return kept


def _unknown(written: WrittenDirection, moment: Moment) -> bool:
    """The script asks for something that the story knows neither as a person nor as a thing of this shot."""
    if written.kind not in ("close_on", "angle_on") or not written.target or "/" in written.target:
        return False
    said = f"{written.target} {written.words}".casefold()
    names = [e.rpartition("/")[2].split("_")[0] for e in (*moment.figures, *moment.things)]
    return not any(name in said for name in names)


def _open_up(found: Options, moment: Moment, written: WrittenDirection) -> None:
    """Add the set-ups that a written direction needs and the intent alone did not bring."""
    target, kind = written.target, written.kind
    if kind in ("close_on", "insert", "angle_on") and target in moment.things:
        found.insert(target)
    elif kind in ("close_on", "angle_on") and target in moment.figures:
        found.close(target)
    elif kind == "pov":
        found.pov([target] if target in moment.figures else [])
    elif kind == "wide" and moment.figures:
        found.master()
    elif kind == "wide":
        found.place(wide=True)
    elif kind in ("tracking", "follow") and moment.figures:
        found.moving(target if target in moment.figures else _nearest(moment)[0])
    elif kind == "insert" and moment.things:
        found.insert(next(iter(moment.things)))
    elif kind == "close_on" and moment.figures:
        found.close(_nearest(moment)[0])


def _sized(candidate: Candidate, written: str) -> bool:
    if candidate.kind == "insert":
        return True
    if written == "close_on":
        return candidate.size == 5
    if written == "wide":
        return candidate.size <= 1
    return True
