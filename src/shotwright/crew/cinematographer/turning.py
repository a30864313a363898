"""The frame of the shot in which a scene turns: the tightest of the scene, on hands, on a face, or on two faces."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shotwright.crew.cinematographer.figures import Figure, Moment
    from shotwright.crew.cinematographer.options import Options

WIDE_FEELINGS = frozenset({"dread", "vulnerability", "awe", "action"})
"""Feelings that keep their distance: their turn is a medium close-up."""
CLOSE_ENOUGH = 3
"""Where two cannot be held this tight, one face is taken."""
HANDS_BEAT = 4
"""Beside a frame of the hands a turn is offered only faces that are this tight."""
LOUD = 0.85
"""Intensity from which a climax may spend its one extreme close-up."""


def turn_frames(found: Options, people: Sequence[str], things: Sequence[str]) -> None:
    """Add the frames that may hold the turn; those that are not the tightest of their kind are left out."""
    moment = found.moment
    intent = moment.shot.intent
    if moment.handled and not moment.shot.dialogue and intent.focus != "travel" and len(people) <= 2:
        found.insert(moment.handled)
    elif intent.focus == "thing" and things:
        found.insert(things[0])
    for c in found.options:
        c.turn = True
    inserts = len(found.options)
    shown = decisive(moment, people, {str(p.character): p.speeches for p in found.brief.scene.presences})
    if len(shown) == 2:
        _two_faces(found, *shown)
        if max((c.size for c in found.options[inserts:]), default=0) < CLOSE_ENOUGH:
            del found.options[inserts:]
            _one_face(found, next((f for f in shown if f.speaking), shown[0]))
    elif shown:
        _one_face(found, shown[0])
    elif not inserts and (moment.handled or things):
        found.insert(moment.handled or things[0])
        found.options[0].turn = True
        return
    faces = found.options[inserts:]
    tightest = max((c.size for c in faces), default=0)
    if inserts and tightest < HANDS_BEAT:
        del found.options[inserts:]
        return
    found.options[inserts:] = [c for c in faces if c.size == tightest]
    for c in found.options[inserts:]:
        c.turn = True
        c.cost += 0.6 if inserts else 0.0


def decisive(moment: Moment, people: Sequence[str], words: Mapping[str, int]) -> list[Figure]:
    """Whom the turn is on, two at most: of more, those who act or speak in it, who has most words first."""
    figures = [moment.figures[p] for p in people if p in moment.figures]
    if len(figures) > 2:
        figures = [f for f in figures if f.speaking or f.phase > 0] or figures
        figures.sort(key=lambda f: -words.get(f.id, 0))
    if not figures:
        figures = [f for f in moment.figures.values() if f.speaking or f.phase > 0] or list(moment.figures.values())
        return figures[:1]
    return figures[:2]


def _one_face(found: Options, figure: Figure) -> None:
    moment = found.moment
    size = 5 if found.intensity >= 0.5 and found.look.name not in WIDE_FEELINGS else 4
    if found.intensity >= LOUD and found.brief.act == "climax" and found.brief.allowance.extreme_close_up:
        size = 6
    size = min(size, found.arc.ceiling)
    car = moment.stage.kind == "car"
    front = 22.0 if car else 18.0
    gaze, way = figure.gaze_heading, figure.way
    partner = moment.figures.get(figure.target)
    found.add("single", figure.id, partner.id if partner else "", size, gaze - way * front, 0.0, front)
    if partner is None and not car:
        found.add("single", figure.id, "", size, gaze - way * 52.0, 0.2, 52.0)
    if partner is not None and size == 4 and not car and found.shouldered(figure, partner):
        found.add("over", figure.id, partner.id, 4, gaze - way * 14.0, 0.3, 14.0)
    if figure.going is not None and not figure.enters and not figure.exits and not car:
        found.moving(figure.id, (size,))


def _two_faces(found: Options, first: Figure, second: Figure) -> None:
    car = found.moment.stage.kind == "car"
    if not car:
        for at, (figure, partner) in enumerate(((first, second), (second, first))):
            if found.shouldered(figure, partner):
                found.add("over", figure.id, partner.id, 4, figure.gaze_heading - figure.way * 14.0, 0.25 * at, 14.0)
    found.two(first, second, 0.2, 4.0)
