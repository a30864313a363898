"""What can be measured of a language model's film against the rules' own: pure figures over shots and exchanges."""

from __future__ import annotations

import json
import re
from collections import Counter
from itertools import combinations
from typing import TYPE_CHECKING, Any

from shotwright.model.value import Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from shotwright.model.language import Refinement
    from shotwright.model.shot import Shot
    from shotwright.model.story import SceneBrief
    from shotwright.production.exchanges import Exchange

NEAR = 0.6
"""Two purposes that share more than this part of their words say the same thing."""
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_STEM_CHARS = 5
"""Words count as the same that begin with the same so many letters; shorter ones than four letters say nothing."""


class TaskOutcome(Value):
    """What became of one agent's questions for one task."""

    agent: str
    task: str
    questions: int
    keys: int
    """Things asked for: a shot's purpose, a scene's goal."""
    accepted: int
    repaired: int
    fallen: int
    pending: int
    """Keys that nobody could answer."""
    changed: int
    """Keys whose value is no longer the draft's."""
    calls: int
    input_tokens: int
    output_tokens: int


class Reason(Value):
    """Why answers were refused, with figures and quotations left out so that like falls to like."""

    task: str
    why: str
    times: int


class Purposes(Value):
    """How a film's purposes differ from each other and hold to their scene."""

    shots: int
    words: float
    """Mean."""
    repeated: float
    """Share that stand word for word in another shot of the scene."""
    near: float
    """Share that share more than six words in ten with another of the scene."""
    names_somebody: float
    """Share that name somebody or something of the scene."""
    tied_to_scene: float
    """Share that share a word with the scene's goal, turn or beats."""
    tied_to_script: float
    """Share that share a word with the script text of their own shot."""


class Pair(Value):
    """What the rules wrote and what stands there now."""

    shot: str
    field: str
    draft: str
    refined: str


class Agreement(Value):
    """What two runs on the same screenplay have in common."""

    same_cut: float
    """Share of the first run's shots that the second has too, with the same script."""
    choices: dict[str, float]
    """Choice -> share of those shots in which it is the same."""
    purposes: float
    """Mean share of words that the purposes of those shots have in common."""
    questions: int
    """First questions that were put to the model word for word alike in both runs."""
    answers_same: float | None
    """Share of their keys with the same choices; None where there is none."""
    answers_words: float | None
    """Mean share of words in common where an answer is in words."""


def outcomes(refinements: Iterable[Refinement]) -> tuple[TaskOutcome, ...]:
    """By agent and task, in the order in which they are first met."""
    groups: dict[tuple[str, str], list[Refinement]] = {}
    for r in refinements:
        if r.asked:
            groups.setdefault((r.agent, r.task), []).append(r)
    return tuple(
        TaskOutcome(
            agent=agent,
            task=task,
            questions=len(rs),
            keys=sum(len(r.asked) for r in rs),
            accepted=sum(len(r.accepted) for r in rs),
            repaired=sum(len(r.repaired) for r in rs),
            fallen=sum(len(r.fallen) for r in rs),
            pending=sum(len(r.asked) - len(r.accepted) - len(r.repaired) - len(r.fallen) for r in rs if r.pending),
            changed=sum(len(r.changed) for r in rs),
            calls=sum(r.calls for r in rs),
            input_tokens=sum(r.input_tokens for r in rs),
            output_tokens=sum(r.output_tokens for r in rs),
        )
        for (agent, task), rs in groups.items()
    )


def reasons(refinements: Iterable[Refinement]) -> tuple[Reason, ...]:
    """The reasons for falling back, the most frequent first."""
    counted = Counter((r.task, _alike(why)) for r in refinements for why in r.fallen.values())
    found = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Reason(task=task, why=why, times=times) for (task, why), times in found)


def _alike(why: str) -> str:
    return re.sub(r"\d+", "N", re.sub(r"“[^”]*”|\"[^\"]*\"", "“…”", why))


def purposes(shots: Sequence[Shot], briefs: Mapping[str, SceneBrief]) -> Purposes:
    """Figures over every shot's purpose; those of a scene are compared with each other."""
    said = [s for s in shots if s.narrative_layer.shot_purpose]
    nearest = dict.fromkeys((s.shot_id for s in said), 0.0)
    repeats: set[str] = set()
    for a, b in combinations(said, 2):
        if a.scene_id != b.scene_id:
            continue
        one, other = a.narrative_layer.shot_purpose, b.narrative_layer.shot_purpose
        close = likeness(one, other)
        nearest[a.shot_id] = max(nearest[a.shot_id], close)
        nearest[b.shot_id] = max(nearest[b.shot_id], close)
        if one.casefold() == other.casefold():
            repeats |= {a.shot_id, b.shot_id}
    names = somebody = tied = own = 0
    for shot in said:
        purpose = shot.narrative_layer.shot_purpose
        brief = briefs.get(shot.scene_id)
        stems, words = _stems(purpose), {w.casefold() for w in _WORD.findall(purpose)}
        names += len(_WORD.findall(purpose))
        if brief is None:
            continue
        somebody += bool(words & _called(brief))
        tied += bool(stems & _stems(_scene_words(brief)))
        texts = {u.id: u.text for u in brief.scene.units}
        own += bool(stems & _stems(" ".join(texts.get(u, "") for u in shot.source.units)))
    of = max(1, len(said))
    return Purposes(
        shots=len(said),
        words=round(names / of, 1),
        repeated=_share(len(repeats), of),
        near=_share(sum(v > NEAR for v in nearest.values()), of),
        names_somebody=_share(somebody, of),
        tied_to_scene=_share(tied, of),
        tied_to_script=_share(own, of),
    )


def likeness(one: str, other: str) -> float:
    """Words in common over all words of both (Jaccard), 0-1."""
    a, b = ({w.casefold() for w in _WORD.findall(text)} for text in (one, other))
    return len(a & b) / len(a | b) if a | b else 1.0


def _stems(text: str) -> set[str]:
    return {w[:_STEM_CHARS].casefold() for w in _WORD.findall(text) if len(w) > 3}


def _called(brief: SceneBrief) -> set[str]:
    names = [name for m in brief.cast for name in (m.character.name, *m.character.aliases, *m.character.cues)]
    names += [thing.name for thing in brief.things]
    names += [brief.place.name]
    return {w.casefold() for name in names for w in _WORD.findall(name) if len(w) > 2}


def _scene_words(brief: SceneBrief) -> str:
    scene = brief.scene
    feelings = [word for beat in scene.beats for word in (beat.name, beat.came_from)]
    turn = scene.turn.what if scene.turn else ""
    return " ".join([scene.goal, turn, *feelings, *(p.summary for p in brief.plot_points)])


def _share(part: float, whole: float) -> float:
    return round(part / whole, 4) if whole else 0.0


_FIELDS: dict[str, Callable[[Shot], str]] = {
    "purpose": lambda s: s.narrative_layer.shot_purpose,
    "performance": lambda s: s.narrative_layer.character_performance,
    "action": lambda s: s.narrative_layer.action_description,
    "camera": lambda s: _camera(s),
    "light": lambda s: s.technical_layer.lighting.description,
    "assets": lambda s: _bindings(s),
    "atmosphere": lambda s: s.audio.ambience,
    "effects": lambda s: ", ".join(e.name for e in s.audio.sound_effects),
    "music": lambda s: _music(s),
}
"""What the crew decides of a shot -> how it reads."""


def _camera(shot: Shot) -> str:
    camera = shot.technical_layer.camera
    parts = [camera.shot_size, camera.angle, camera.framing, camera.movement.type, f"{camera.lens.focal_mm} mm"]
    return ", ".join(str(part).replace("_", " ") for part in parts)


def _bindings(shot: Shot) -> str:
    bound = shot.digital_assets.bindings.items()
    return ", ".join(f"{k} = {v if isinstance(v, str) else 'wanted ' + v.wanted}" for k, v in sorted(bound))


def _music(shot: Shot) -> str:
    cue = shot.audio.music_cue
    return cue.state if cue.state == "none" else f"{cue.state}: {cue.description}"


def cut_again(draft: Sequence[Shot], refined: Sequence[Shot]) -> int:
    """Shots of the refined film that carry another part of the script than any shot of the draft."""
    known = {(s.scene_id, s.source.units, tuple(d.text for d in s.audio.dialogue)) for s in draft}
    return sum((s.scene_id, s.source.units, tuple(d.text for d in s.audio.dialogue)) not in known for s in refined)


def changed(draft: Sequence[Shot], refined: Sequence[Shot]) -> tuple[dict[str, float], tuple[Pair, ...]]:
    """(field -> share of the shots in both films in which it differs, every such difference)."""
    before = {s.shot_id: s for s in draft}
    both = [(before[s.shot_id], s) for s in refined if s.shot_id in before]
    pairs = tuple(
        Pair(shot=new.label or new.shot_id, field=field, draft=read(old), refined=read(new))
        for old, new in both
        for field, read in _FIELDS.items()
        if read(old) != read(new)
    )
    counted = Counter(p.field for p in pairs)
    return {field: _share(counted[field], len(both)) for field in _FIELDS}, pairs


def retold(draft: Mapping[str, SceneBrief], refined: Mapping[str, SceneBrief]) -> tuple[Pair, ...]:
    """What the Architect says of a scene, where it differs."""

    def said(brief: SceneBrief) -> dict[str, str]:
        scene = brief.scene
        turn = next((u.text for u in scene.units if scene.turn and u.id == scene.turn.unit), "none")
        beats = ", ".join(f"{beat.name} {beat.intensity:g}" for beat in scene.beats)
        return {"goal": scene.goal, "synopsis": scene.synopsis, "turn": turn, "beats": beats.replace("_", " ")}

    return tuple(
        Pair(shot=f"scene {number}", field=field, draft=old, refined=new)
        for number, (scene_id, brief) in enumerate(draft.items(), 1)
        if scene_id in refined
        for (field, old), new in zip(said(brief).items(), said(refined[scene_id]).values(), strict=True)
        if old != new
    )


def flags(shots: Iterable[Shot]) -> dict[str, int]:
    """`severity code` -> how many flags of it the film has."""
    found = Counter(f"{flag.severity} {flag.code}" for shot in shots for flag in shot.continuity.flags)
    return dict(sorted(found.items()))


def agreement(
    one: Sequence[Shot], other: Sequence[Shot], asked: Sequence[Exchange], again: Sequence[Exchange]
) -> Agreement:
    """What two runs have in common: of their films, and of their answers to the same first questions."""
    second = {s.shot_id: s for s in other}
    both = [(s, second[s.shot_id]) for s in one if s.shot_id in second]
    choices = {
        field: _share(sum(read(a) == read(b) for a, b in both), len(both))
        for field, read in _FIELDS.items()
        if field not in ("purpose", "performance", "action")
    }
    alike = [likeness(a.narrative_layer.shot_purpose, b.narrative_layer.shot_purpose) for a, b in both]
    questions, same, words = _compare_answers(asked, again)
    return Agreement(
        same_cut=_share(len(both), len(one)),
        choices=choices,
        purposes=_share(sum(alike), len(alike)),
        questions=questions,
        answers_same=_share(sum(same), len(same)) if same else None,
        answers_words=_share(sum(words), len(words)) if words else None,
    )


def _compare_answers(asked: Sequence[Exchange], again: Sequence[Exchange]) -> tuple[int, list[bool], list[float]]:
    """(questions asked alike, for each key whether its choices are the same, likeness of each text in words)."""
    replies = {_question(e): e.reply.text for e in again if len(e.request.messages) == 1}
    pairs = [(e, replies[_question(e)]) for e in asked if len(e.request.messages) == 1 and _question(e) in replies]
    same: list[bool] = []
    words: list[float] = []
    for exchange, second in pairs:
        one, other = (_answers(text, exchange.request.answer_schema) for text in (exchange.reply.text, second))
        for key in one.keys() | other.keys():
            (choices, texts), (choices_again, texts_again) = one.get(key, ({}, {})), other.get(key, ({}, {}))
            if choices or choices_again:
                same.append(choices == choices_again)
            words.extend(likeness(texts.get(n, ""), texts_again.get(n, "")) for n in texts.keys() | texts_again.keys())
    return len(pairs), same, words


def _question(exchange: Exchange) -> tuple[str, str, str]:
    return exchange.agent, exchange.task, exchange.request.messages[0].text


Answered = dict[tuple[str, str], tuple[dict[str, Any], dict[str, str]]]
"""(list, key of the entry in it) -> (its choices, its texts)."""


def _answers(text: str, schema: str) -> Answered:
    """An answer taken apart: an entry of a list is known by its first field, what is no entry stands under its name."""
    from pydantic_core import from_json

    begin = text.find("{")
    try:
        tree: Any = from_json(text[begin:], allow_partial=True) if begin >= 0 else {}
        fields: dict[str, Any] = json.loads(schema).get("properties", {})
    except ValueError:
        return {}
    found: Answered = {}
    for name, declared in fields.items():
        value = tree.get(name) if isinstance(tree, dict) else None
        entry = declared.get("items", {}).get("properties") if declared.get("type") == "array" else None
        if entry is None or not isinstance(value, list):
            if value is not None:
                found[(name, "")] = _part({name: value}, {name: declared})
            continue
        first = next(iter(entry), "")
        for item in value[:500]:
            if isinstance(item, dict):
                rest = {k: v for k, v in item.items() if k != first}
                found.setdefault((name, str(item.get(first))), _part(rest, entry))
    return found


def _part(values: Mapping[str, Any], declared: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    choices: dict[str, Any] = {}
    texts: dict[str, str] = {}
    for name, value in values.items():
        kind = declared.get(name, {})
        if isinstance(value, str) and "enum" not in kind and "const" not in kind:
            texts[name] = value
        else:
            choices[name] = value
    return choices, texts
