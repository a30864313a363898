"""The language model as Cinematographer: of the frames that hold, it picks those that tell the scene.

One question a scene. Code finds what each shot could be and proves what is picked; a shot that the answer does not name
stays as the rules made it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from shotwright.crew.cinematographer.draft import BY, CAMERA_FIELDS, Photography
from shotwright.crew.cinematographer.keying import keys_of
from shotwright.crew.cinematographer.labels import short_names
from shotwright.crew.cinematographer.offers import Scout
from shotwright.crew.cinematographer.standing import read_back
from shotwright.crew.cinematographer.taking import LETTERS, LIGHT, Desk, LookAnswer, PickAnswer, prompt
from shotwright.crew.cinematographer.wording import name_of
from shotwright.model.question import Question

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from shotwright.crew.cinematographer.keying import Key
    from shotwright.crew.cinematographer.labels import Names
    from shotwright.crew.cinematographer.offers import Offer
    from shotwright.model.crew import DirectedScene, DirectedShot, FilmSettings, PhotographedScene, Pin, Revision
    from shotwright.model.story import SceneBrief

_TAG = re.compile(r"<\s*/?\s*script[^>]*>?", re.IGNORECASE)
MOST_ACTION, MOST_PURPOSE, MOST_LINE, MOST_FINDING = 14, 16, 10, 20
"""Words of each that are shown."""
BESIDE = 2
"""So many shots on either side of one that was sent back are told with it."""
MOST_CHARS = 500
"""Of any one line of a body."""
FRAMED = ("technical_layer.camera", "technical_layer.staging", "setup_id")


def ask(
    brief: SceneBrief,
    directed: DirectedScene,
    settings: FilmSettings,
    draft: PhotographedScene,
    pins: tuple[Pin, ...] = (),
    revisions: tuple[Revision, ...] = (),
    film: str = "",
) -> Question[PhotographedScene] | None:
    """The one question about a scene: `shot n` for each shot that could be taken otherwise, and `light`.

    With `revisions` only the shots that they send back are asked about. None where there is nothing to choose.
    """
    if not directed.shots or len(draft.shots) != len(directed.shots):
        return None
    scene = Photography(brief, directed, settings, pins, (), None, ())
    scene.survey()
    names = short_names(brief, scene.names)
    scout = Scout(scene, read_back(scene, draft.shots), [s.technical.camera for s in draft.shots], names)
    again: dict[str, str] = {}
    for r in revisions:
        if r.agent == BY and _about_frame(r.field):
            again[r.shot_id] = f"{again[r.shot_id]} {r.feedback}" if r.shot_id in again else r.feedback
    held = {p.shot_id for p in pins if p.field == "technical_layer" or p.field.startswith(FRAMED)}
    offers: dict[int, list[Offer]] = {}
    for i, shot in enumerate(directed.shots):
        closed = i not in scout.takes or any(directed.shots[n].shot_id in held for n in scout.takes[i])
        if closed or (revisions and shot.shot_id not in again):
            continue
        found = scout.offers(i)
        if len(found) > 1:
            offers[i] = found
    keys = [] if revisions else keys_of(scene, scout.standing, [s.technical.lighting for s in draft.shots], pins)
    if not offers and not keys:
        return None
    shown = _texts(directed.shots, scene)
    named = frozenset(
        w.strip(".,()'’").casefold() for name in (*scene.names.values(), *names.values()) for w in name.split()
    )
    desk = Desk(scene, scout, offers, keys, tuple(t for texts in shown for t in texts if t), named)
    picks = [PickAnswer(shot=i + 1, pick="a") for i in offers]
    return Question(
        agent="cinematographer",
        task="cinematographer.frames",
        scene=brief.scene.scene_id,
        instructions=prompt(),
        film=film,
        body="\n".join(_body(brief, directed.shots, scout, names, desk, again)),
        answer=LookAnswer,
        drafted=LookAnswer(shots=picks, light="a" if keys else ""),
        keys=(*(f"shot {i + 1}" for i in offers), *((LIGHT,) if keys else ())),
        take=desk.take,
        mark=desk.mark,
        likely_tokens=20 * len(offers) + 40,
    )


def _about_frame(field: str) -> bool:
    return field in ("technical_layer", "setup_id") or field.startswith(CAMERA_FIELDS)


def _texts(shots: Sequence[DirectedShot], scene: Photography) -> list[tuple[str, ...]]:
    return [
        (*moment.texts, *(line.text for line in shot.dialogue), shot.narrative.shot_purpose)
        for shot, moment in zip(shots, scene.found, strict=True)
    ]


def _body(
    brief: SceneBrief, shots: Sequence[DirectedShot], scout: Scout, names: Names, desk: Desk,
    again: Mapping[str, str],
) -> Iterator[str]:  # fmt: skip
    scene = brief.scene
    kind = "" if scene.scene_type == "activity" else f", {_plain(scene.scene_type.removesuffix('_2'))}"
    yield "<script>"
    yield _given(f"{scene.slugline.int_ext} {brief.place.name}, {_plain(scene.time_of_day)}{kind}")
    if scene.goal:
        yield f"Goal: {_given(scene.goal, MOST_FINDING)}"
    if scene.subtext:
        yield f"Beneath: {_given(scene.subtext, MOST_FINDING)}"
    near = [not again or any(abs(i - n) <= BESIDE for n in desk.offers) for i in range(len(shots))]
    felt = ""
    for i, shot in enumerate(shots):
        if not near[i]:
            continue
        feeling = _feeling(shot)
        yield f"{i + 1} {'' if feeling == felt else feeling + ': '}{_told(shot, scout, i, names)}"
        felt = feeling
    yield "</script>"
    yield "Frames"
    for i in range(len(shots)):
        if i in desk.offers:
            ways = " · ".join(f"{x} {o.label}" for x, o in zip(LETTERS, desk.offers[i], strict=False))
            yield f"{i + 1} {_given(ways, 100)}"
        elif i in scout.takes and near[i]:
            yield f"{i + 1} {_given(scout.label(i))}"
    if desk.keys:
        yield f"Light {_lights(desk.keys)}"
    for i, shot in enumerate(shots):
        if shot.shot_id in again and i in desk.offers:
            yield f"Sent back: shot {i + 1}: {_given(again[shot.shot_id], 40)}"


def _told(shot: DirectedShot, scout: Scout, i: int, names: Names) -> str:
    """What a shot is of: its words and doings, and what the Director's model wants of it."""
    moment, parts = scout.scene.found[i], []
    if shot.intent.turn:
        parts.append("(turn)")
    if i not in scout.takes:
        parts.append("(the same take)")
    if shot.mind != "rules":
        parts.append(f"[{_given(shot.narrative.shot_purpose, MOST_PURPOSE)}]")
    if moment.texts:
        parts.append(_given(" ".join(moment.texts), MOST_ACTION))
    lines = shot.dialogue[:1] if len(shot.dialogue) < 2 else (shot.dialogue[0], shot.dialogue[-1])
    for line in lines:
        who = name_of(str(line.speaker), names).upper()
        heard = "" if line.voice == "room" else f" ({_plain(line.voice)})"
        parts.append(f"{_given(who)}{heard}: “{_given(line.text, MOST_LINE)}”")
    if lines and shot.intent.focus == "listener" and shot.intent.on:
        parts.append(f"({_given(name_of(shot.intent.on[0], names))} listens)")
    return " ".join(parts) or _given(shot.narrative.action_description, MOST_ACTION)


def _feeling(shot: DirectedShot) -> str:
    beat = shot.intent.beat
    strength = "strong " if beat.intensity >= 0.65 else "faint " if beat.intensity < 0.3 else ""
    return f"{strength}{_plain(beat.name)}"


def _lights(keys: Sequence[Key]) -> str:
    return " · ".join(f"{x} {k.label}" for x, k in zip(LETTERS, keys, strict=False))


def _given(text: str, most: int = 60) -> str:
    """A text on one line, shortened to some words, that cannot end the block that it stands in."""
    clean = " ".join(text.split())
    while _TAG.search(clean):
        clean = " ".join(_TAG.sub(" ", clean).split())
    words = clean.split(" ")
    clean = clean if len(words) <= most else " ".join(words[:most]).rstrip(" .,;:!?-—") + "…"
    return clean if len(clean) <= MOST_CHARS else clean[: MOST_CHARS - 1] + "…"


def _plain(name: str) -> str:
    return name.replace("_", " ")
