"""What became of the vision service's suggestions for a shot: which was taken, and why another was not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shotwright.crew.cinematographer.advice import crosses, fits, followed, framing_of
from shotwright.crew.cinematographer.reasons import bad_cut
from shotwright.crew.cinematographer.wording import name_of
from shotwright.model.vocabulary import SIZE_ORDER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.crew.cinematographer.advice import Advice
    from shotwright.crew.cinematographer.moves import Move
    from shotwright.crew.cinematographer.reasons import Choice
    from shotwright.model.crew import Pin
    from shotwright.model.shot import Camera
    from shotwright.model.vision_suggestion import Suggestion

ORDINALS = ("first", "second", "third", "fourth", "fifth")
MOST_WORDS = 90
"""Characters of a service's label that are repeated."""
OWN_SOURCES = ("idiom/", "beat/", "locked")
"""Evidence that is film craft and names nothing in a shot library."""


def what_became(
    choice: Choice, i: int, move: Move, camera: Camera, advice: Advice, pins: Sequence[Pin]
) -> tuple[str, tuple[str, ...]]:
    """(what was suggested for a shot and what was done with it, the library shots that spoke for it); both empty when
    nothing was asked about the shot."""
    shot_id = choice.moments[i].shot.shot_id
    if shot_id not in advice.by_shot:
        return "", ()
    said = advice.said(shot_id)
    if not said:
        return "the vision service suggested nothing that could be used, so the draft stands", ()
    first = said[0]
    taken = next((n for n, s in enumerate(said) if followed(s, camera, choice.way[i])), None)
    if taken == 0:
        words = f"the vision service suggested {_quoted(first)}; taken{_but_its_move(first, move)}"
        return words, _library(first)
    why = _why_not(choice, i, first, advice, pins)
    if taken is None:
        return f"the vision service suggested {_quoted(first)}; not taken, because {why}", _library(first)
    second = said[taken]
    which = ORDINALS[taken] if taken < len(ORDINALS) else f"{taken + 1}th"
    words = (
        f"the vision service's {which} suggestion {_quoted(second)} is taken{_but_its_move(second, move)}, and not its "
        f"first, {_quoted(first)}, because {why}"
    )
    return words, _library(second)


def _quoted(suggestion: Suggestion) -> str:
    label = " ".join(suggestion.label.split())
    return f"“{label[:MOST_WORDS].rstrip() + '…' if len(label) > MOST_WORDS else label}”"


def _library(suggestion: Suggestion) -> tuple[str, ...]:
    ids = (e.library_id for e in suggestion.evidence)
    return tuple(dict.fromkeys(f"library {one}" for one in ids if one and not one.startswith(OWN_SOURCES)))[:4]


def _but_its_move(suggestion: Suggestion, move: Move) -> str:
    if suggestion.movement in (None, move.type):
        return ""
    if move.type == "static":
        return f" but for its move, because {move.because}"
    return f" but for its {'stillness' if suggestion.movement == 'static' else 'move'}, because {move.because}"


def _why_not(choice: Choice, i: int, suggestion: Suggestion, advice: Advice, pins: Sequence[Pin]) -> str:
    moment, chosen, frame = choice.moments[i], choice.way[i], choice.frames[i]
    if any(p.shot_id == moment.shot.shot_id and p.field.startswith("technical_layer.camera") for p in pins):
        return "a person has fixed the frame"
    if crosses(suggestion, moment, frame.setup, frame.staging.line):
        return "it would cross the line"
    if chosen.because:
        return chosen.because
    if moment.shot.continues_shot_id is not None:
        return "the take runs on from the clip before"
    fitting = [c for c in choice.options[i] if fits(suggestion, c, moment)]
    if not fitting:
        return _why_none(choice, i, suggestion)
    other = min(fitting, key=lambda c: c.cost)
    bad = bad_cut(choice, i, other)
    if bad:
        return f"it {bad}"
    if advice.overruled:
        return "the scene's cuts hold only without it"
    if other is chosen:
        return "what the frame must hold came out otherwise once everyone was in place"
    if frame.again != i:
        return "it would have been one more set-up"
    return "the frames before and after it go better with this one"


def _why_none(choice: Choice, i: int, suggestion: Suggestion) -> str:
    """Why no frame that the shot could have is the one suggested."""
    moment, arc = choice.moments[i], choice.arcs[i]
    intent = moment.shot.intent
    options = choice.options[i]
    if suggestion.framing and all(framing_of(c, moment) != suggestion.framing for c in options):
        named = [name_of(str(e), choice.names) for e in intent.on if str(e) in moment.figures]
        if intent.focus in ("pov", "thing", "place"):
            asked = {"pov": "what somebody sees", "thing": "a thing", "place": "the place"}[intent.focus]
            return f"the shot is of {asked}"
        if len(named) > 1:
            return f"the frame must hold {' and '.join(named[:3])}"
        if named:
            return f"the shot is of {named[0]}, and that frame is not to be had on this floor"
        return "that frame is not to be had on this floor"
    size = SIZE_ORDER[suggestion.shot_size] if suggestion.shot_size else -1
    if size >= arc.ceiling and arc.phase != "peak":
        return f"a frame so close is kept for the turn in shot {arc.turn_at + 1}"
    sized = [c for c in options if size < 0 or c.size == size]
    if not sized and arc.phase == "peak" and size < min(c.size for c in options):
        return "the scene turns here, and its closest frame is kept for it"
    if not sized:
        like = [c.size for c in options if suggestion.framing in (None, framing_of(c, moment))]
        if min(like) < size < max(like):
            return "no frame of that size was among those that the shot could have"
        return f"so {'close' if size > max(like) else 'wide'} a frame would lose what the shot is about"
    if suggestion.angle and all(c.angle != suggestion.angle for c in sized):
        return "the camera's height is that of the scene's feeling at this point"
    return "it is of another subject than the shot"
