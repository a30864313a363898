"""Which set-ups could photograph a shot: a dozen at most, each with what speaks for and against it as a cost.

Direction written into the script leaves only the set-ups that obey it. Otherwise the scene type's idiom gives the kinds
and sizes that are usual at this point, and the beat pulls the size towards its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from shotwright.craft.beats import beat_looks
from shotwright.craft.idioms import Phase, idioms
from shotwright.crew.cinematographer.figures import ELEMENTS
from shotwright.crew.cinematographer.options import Arc, Options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.craft.chooser import Candidate
    from shotwright.crew.cinematographer.figures import Moment
    from shotwright.model.crew import WrittenDirection
    from shotwright.model.story import SceneBrief

FRAMED: dict[str, tuple[str, ...]] = {
    "close_on": ("single", "insert"), "angle_on": ("single", "insert", "two"), "insert": ("insert",), "pov": ("pov",),
    "wide": ("master", "empty"), "tracking": ("moving", "single"), "follow": ("moving", "single"), "two_shot": ("two",),
}  # fmt: skip
"""Written direction -> the kinds of set-up that obey it."""
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
    found = []
    for i, moment in enumerate(moments):
        intent = moment.shot.intent
        phase: Phase
        if intent.turn or intent.peak or (marked and i == turn_at):
            phase = "peak"
        elif moment.opens_stage:
            phase = "open"
        elif i == count - 1 and count > 3 and i > turn_at:
            phase = "close"
        elif i < 0.45 * turn_at:
            phase = "early"
        else:
            phase = "middle" if i < turn_at else "after"
        found.append(Arc(phase, i, count, turn_at))
    return found


def candidates(moment: Moment, arc: Arc, brief: SceneBrief) -> list[Candidate]:
    """Every set-up that could photograph the shot, never empty."""
    shot = moment.shot
    intent = shot.intent
    look = beat_looks()[intent.beat.name]
    idiom = idioms()[brief.scene.scene_type]
    found = Options(moment, arc, brief, look, idiom)
    people = [str(e) for e in intent.on if e in moment.figures]
    things = [str(e) for e in intent.on if e in moment.things]
    if intent.focus == "place" or (not moment.figures and not things):
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
    for thing in things:
        if intent.focus != "thing" and intent.text_to_read:
            found.insert(thing)
    if not found.options:
        found.master() if moment.figures else found.place(wide=arc.index == 0)
    obedient = _obey(found, moment)
    for c in obedient:
        c.exempt = c.kind in ("insert", "pov") or shot.function in (*ELEMENTS, "cutaway")
    if arc.phase == "peak" and look.size_at(intent.beat.intensity) >= 2.5:
        for c in obedient:
            c.cost += 0.7 * max(0, 3 - c.size)
    if _must_place(moment, arc, brief):
        for c in obedient:
            c.cost += 1.5 * max(0, c.size - 2)
    obedient.sort(key=lambda c: c.cost)
    return obedient[:12]


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
        if kinds is None:
            continue
        _open_up(found, moment, written)
        fitting = [c for c in found.options if c.kind in kinds and _sized(c, written.kind)]
        if written.kind in ("close_on", "angle_on"):
            fitting = [c for c in fitting if c.primary == written.target] or fitting
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
