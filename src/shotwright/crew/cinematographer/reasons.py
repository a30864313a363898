"""Why a set-up was taken: what the shot asked for, what the frame answers, and what was weighed beside it and lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shotwright.craft.chooser import cut_cost
from shotwright.craft.idioms import idioms
from shotwright.crew.cinematographer.figures import ELEMENTS
from shotwright.crew.cinematographer.wording import name_of
from shotwright.model.ids import kind_of
from shotwright.model.vocabulary import SIZE_ABBREVIATION, SIZE_ORDER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shotwright.craft.chooser import Candidate
    from shotwright.crew.cinematographer.figures import Moment
    from shotwright.crew.cinematographer.frames import Frame
    from shotwright.crew.cinematographer.moves import Move
    from shotwright.crew.cinematographer.options import Arc
    from shotwright.model.story import SceneBrief

SHORT = tuple(SIZE_ABBREVIATION[name] for name in SIZE_ORDER)
KINDS = {
    "single": "single", "over": "over-shoulder", "two": "two-shot", "master": "frame of everyone",
    "moving": "moving frame", "insert": "insert", "pov": "point of view", "empty": "empty frame",
}  # fmt: skip

DETERMINED = frozenset({"the", "a", "an", "his", "her", "their", "its"})


@dataclass(slots=True)
class Choice:
    """What was decided for a scene, for the reasons to be read from."""

    brief: SceneBrief
    moments: Sequence[Moment]
    arcs: Sequence[Arc]
    way: Sequence[Candidate]
    options: Sequence[Sequence[Candidate]]
    frames: Sequence[Frame]
    names: Mapping[str, str]


def why_camera(choice: Choice, i: int, move: Move, *, lost: bool = True) -> str:
    """Why this set-up was taken for a shot, in a sentence of a few clauses; `lost`: also what was weighed beside it."""
    chosen, frame = choice.way[i], choice.frames[i]
    size = SIZE_ABBREVIATION[frame.setup.size]
    parts = [f"{size} {what_frame(choice, i)}: {chosen.because or _reason(choice, i)}"]
    answer = _place_in_scene(choice, i)
    if answer:
        parts.append(answer)
    if move.type != "static" or move.support == "handheld" or move.spoken:
        parts.append(move.because)
    other = _rejected(choice, i) if lost else ""
    if other:
        parts.append(other)
    return "; ".join(parts) + "."


def _called(entity: str, names: Mapping[str, str]) -> str:
    """The name in a sentence: things take an article, people none."""
    if not entity:
        return ""
    name = name_of(entity, names)
    bare = kind_of(entity) in ("character", "location") or name[:1].isupper() or name.split(" ")[0] in DETERMINED
    return name if bare else f"the {name}"


def what_frame(choice: Choice, i: int) -> str:
    """What a frame is of, in a few words."""
    chosen, frame, names = choice.way[i], choice.frames[i], choice.names
    first = _called(chosen.primary, names)
    second = _called(chosen.partner, names)
    if chosen.kind == "over" and frame.shoulder:
        return f"over {_owner(second)} shoulder on {first}"
    if chosen.kind == "two":
        return f"two-shot of {first} and {second}"
    if chosen.kind == "master":
        return "of everyone in the place" if len(choice.moments[i].figures) > 1 else f"of {first} in the place"
    if chosen.kind == "moving":
        return f"travelling with {first}"
    if chosen.kind == "insert":
        return f"insert of {first}"
    if chosen.kind == "pov":
        return f"through {_owner(second)} eyes"
    if chosen.kind == "empty":
        return f"of {name_of(choice.moments[i].stage.place, names)} alone"
    if frame.seen > 1:
        return f"of {first} among the others there"
    return f"single of {first}"


def _reason(choice: Choice, i: int) -> str:
    moment, arc, chosen = choice.moments[i], choice.arcs[i], choice.way[i]
    intent = moment.shot.intent
    beat = f"{intent.beat.name.replace('_', ' ')} at {intent.beat.intensity:g}"
    first = _called(chosen.primary, choice.names)
    if chosen.kind == "empty":
        return (
            "the words are of the place, and nobody in it has been met yet"
            if arc.index == 0
            else ("the words are of the place and name nobody")
        )
    if arc.phase == "peak" and arc.marked:
        if chosen.kind == "insert":
            return f"the scene turns on what is done with {first}, so the hands and the thing fill the frame"
        return f"the scene turns here ({beat}), and its closest frame is kept for it"
    if chosen.kind == "insert":
        return f"{first} is seen plainly before anyone reacts to it"
    if chosen.kind == "pov":
        return "we see what is seen before we see what it does"
    if moment.shot.function in ELEMENTS:
        return f"an element of its own, so a frame of its own, under {beat}"
    if arc.phase == "open" and len(moment.figures) == 1:
        return f"the scene opens on {first}"
    if arc.phase == "open":
        return idioms()[choice.brief.scene.scene_type].because
    return _on_people(choice, i, first, beat)


def _on_people(choice: Choice, i: int, first: str, beat: str) -> str:
    """What the people of a shot do that the frame is for."""
    moment, chosen = choice.moments[i], choice.way[i]
    intent = moment.shot.intent
    talkers = [name_of(f.id, choice.names) for f in moment.figures.values() if f.speaking]
    if intent.focus == "listener" and first:
        voices = [t for t in talkers if t != first]
        return f"{_owner(voices[0])} words land on {first}" if voices else f"the words land on {first}"
    if intent.focus == "exchange" and len(talkers) > 1:
        return f"{talkers[0]} and {talkers[1]} trade lines within the clip"
    if chosen.kind == "moving" or intent.focus == "travel":
        return f"{first or 'the subject'} is on the move, and the frame keeps the ground that is covered"
    if intent.focus == "speaker" and first:
        figure = moment.figures.get(chosen.primary)
        to = name_of(figure.target, choice.names) if figure is not None and figure.target in moment.figures else ""
        return f"{first} has the words{' for ' + to if to else ''}, under {beat}"
    if intent.focus == "action" and first:
        if moment.shot.dialogue and not talkers:
            return f"{first} keeps the picture while the words run over it, under {beat}"
        own = moment.figures.get(chosen.primary)
        body = "the whole body" if chosen.size <= 2 else "hands and face" if chosen.size <= 3 else "the face"
        if own is not None and own.doing:
            return f"“{_clipped(own.doing)}” needs {body} of {first}, under {beat}"
        told = _clipped(moment.texts[-1]) if moment.texts else ""
        return f"{first} is seen while “{told}” happens, under {beat}" if told else f"{first} is held, under {beat}"
    return f"{intent.focus} under {beat}"


def _place_in_scene(choice: Choice, i: int) -> str:
    """How the frame stands to those before it: a set-up gone back to, an answer, a step nearer or wider."""
    frame, chosen, arc = choice.frames[i], choice.way[i], choice.arcs[i]
    shot = choice.moments[i].shot
    if shot.continues_shot_id is not None:
        return "it runs on from the clip before in one take"
    if frame.again != i:
        return f"the camera goes back to where it stood for shot {frame.again + 1}"
    if chosen.kind in ("insert", "pov", "empty") or i == 0:
        return ""
    before = choice.way[i - 1]
    size = SIZE_ORDER[frame.setup.size]
    if chosen.kind == before.kind and chosen.kind in ("single", "over") and before.primary == chosen.partner:
        if frame.setup.size == choice.frames[i - 1].setup.size:
            return f"it answers shot {i} at the same size"
        return f"it answers shot {i}"
    if arc.marked and 0 < i - arc.turn_at <= 2 and size < SIZE_ORDER[choice.frames[arc.turn_at].setup.size]:
        return f"it opens out after the turn in shot {arc.turn_at + 1}"
    for j in range(i - 1, -1, -1):
        if choice.way[j].primary == chosen.primary and choice.way[j].kind != "insert":
            step = size - SIZE_ORDER[choice.frames[j].setup.size]
            if step:
                return f"{'closer' if step > 0 else 'wider'} than shot {j + 1} on the same subject"
            return f"the other side of the subject from shot {j + 1}" if i - j < 3 else ""
    return ""


def _rejected(choice: Choice, i: int) -> str:
    """The next best frame of another kind or size, and what spoke against it; empty when nothing came near."""
    taken = choice.way[i]
    others = sorted(
        (c for c in choice.options[i] if c.kind != taken.kind or c.size != taken.size), key=lambda c: c.cost
    )
    if not others or others[0].cost > taken.cost + 2.0:
        return ""
    other = others[0]
    what = f"{SHORT[other.size]} {KINDS[other.kind]}"
    article = "an" if what[0] in "EMA" else "a"
    intent = choice.moments[i].shot.intent
    beat = f"{intent.beat.name.replace('_', ' ')} at {intent.beat.intensity:g}"
    arc = choice.arcs[i]
    bad = bad_cut(choice, i, other)
    if bad:
        return f"{article} {what} {bad}"
    if other.size >= arc.ceiling and arc.phase != "peak":
        return f"{article} {what} is kept back for the turn in shot {arc.turn_at + 1}"
    if choice.frames[i].again != i and other.cost <= taken.cost + 0.3:
        return f"{article} {what} would have been one more set-up"
    if other.kind != taken.kind:
        usual = choice.brief.scene.scene_type.replace("_", " ").removesuffix(" 2").removesuffix(" 3")
        return f"{article} {what} was weighed, and serves {_article(usual)} {usual} scene less well here"
    return f"{article} {what} was weighed, and is {'closer' if other.size > taken.size else 'wider'} than {beat} asks"


def bad_cut(choice: Choice, i: int, other: Candidate) -> str:
    """What another frame would have been after the shot before; empty where it cuts about as well."""
    if not i or choice.moments[i - 1].stage is not choice.moments[i].stage:
        return ""
    before = choice.way[i - 1]
    if cut_cost(before, other, False) <= cut_cost(before, choice.way[i], False) + 1.0:
        return ""
    if abs(before.size - other.size) >= 4:
        return f"would have leapt from the {SHORT[before.size]} of shot {i}"
    if before.kind == other.kind and other.kind in ("two", "master"):
        return f"would have repeated shot {i}"
    if before.primary == other.primary or before.people == other.people:
        return f"stood within 30° and two sizes of shot {i}"
    return f"would not have matched shot {i}, which it answers"


def _clipped(text: str) -> str:
    words = text.split()
    return " ".join(words[:7]).rstrip(" .,;:!?-—") + ("…" if len(words) > 7 else "")


def _article(word: str) -> str:
    return "an" if word[0] in "aeiou" else "a"


def _owner(name: str) -> str:
    return f"{name}'" if name.endswith("s") else f"{name}'s"
