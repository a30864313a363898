"""One scene through the line: Director, naming, three specialists, Supervisor. Each step is kept by its inputs."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING, Protocol

from shotwright.crew.art_director import dress_scene
from shotwright.crew.cinematographer import mend, photograph_scene, suggest_request
from shotwright.crew.director import direct_scene
from shotwright.crew.sound_designer import score_scene
from shotwright.model.crew import (
    Casting,
    DirectedScene,
    DirectedShot,
    DressedScene,
    FilmSettings,
    MusicPlan,
    PhotographedScene,
    Pin,
    Revision,
    ScoredScene,
    WantedAsset,
)
from shotwright.model.layers import covers
from shotwright.model.vision_suggestion import ShotSuggestions
from shotwright.production.assemble import assemble_scene
from shotwright.production.film import SceneBundle
from shotwright.production.journal import dumps
from shotwright.production.naming import carry_names, source_text
from shotwright.production.revise import supervise

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shotwright.model.asset import Asset
    from shotwright.model.shot import Shot
    from shotwright.model.story import SceneBrief
    from shotwright.model.value import Value
    from shotwright.model.vision_suggestion import SuggestRequest
    from shotwright.model.vocabulary import Agent
    from shotwright.production.steps import Answer, Steps


class Advisor(Protocol):
    """Who is asked how to photograph a scene."""

    def fingerprint(self) -> str: ...

    def suggest(self, request: SuggestRequest) -> tuple[ShotSuggestions, ...]: ...


@dataclass(frozen=True, slots=True)
class SceneWork:
    """All that one scene's line is made from. Everything but `recorded` and `before` is part of the key."""

    brief: SceneBrief
    brief_json: str
    casting: tuple[Casting, ...]
    assets: tuple[Asset, ...]
    music: tuple[MusicPlan, ...]
    pins: tuple[Pin, ...] = ()
    requests: tuple[Revision, ...] = ()
    fixed: tuple[DirectedShot, ...] = ()
    recorded: Mapping[tuple[str, str], str] = field(default_factory=dict)
    before: Sequence[tuple[str, str]] = ()
    """(shot id, source text) of the scene as last committed."""

    @property
    def scene(self) -> str:
        return self.brief.scene.scene_id


class SceneLine:
    """Takes scenes through the line under one set of settings."""

    def __init__(self, steps: Steps, settings: FilmSettings, rounds: int, advisor: Advisor | None = None) -> None:
        self._steps = steps
        self._settings = settings
        self._settings_json = settings.model_dump_json()
        self._rounds = rounds
        self._advisor = advisor

    def finish(self, work: SceneWork, *, inspect: bool = True) -> Answer[SceneBundle]:
        """The whole line for one scene. Without `inspect` the Supervisor does not look."""
        casting = _json(work.casting)
        inputs = [
            str(inspect), str(self._rounds), work.brief_json, self._settings_json, casting,
            dumps([a.fingerprint for a in work.assets]), _json(work.music), _json(work.pins), _json(work.requests),
            _json(work.fixed),
        ]  # fmt: skip
        if self._advisor is not None:
            inputs.append(self._advisor.fingerprint())
        answer = self._steps.do("scene", work.scene, inputs, SceneBundle, lambda: self._make(work, inspect))
        inner = ("direct", "photograph", "dress", "score", "advise")
        self._steps.keep_within(answer, "scene", work.scene, ((step, work.scene) for step in inner))
        return answer

    def direct(self, work: SceneWork) -> Answer[DirectedScene]:
        asked = _for("director", work.requests)
        return self._steps.do(
            "direct",
            work.scene,
            [work.brief_json, self._settings_json, _json(work.fixed), _json(asked)],
            DirectedScene,
            lambda: direct_scene(work.brief, self._settings, work.fixed, asked),
        )

    def _make(self, work: SceneWork, inspect: bool) -> SceneBundle:
        crew, names = self.crew(work)
        shots = crew.work(work.requests)
        log: list[str] = []
        rounds = 0
        if inspect:
            outcome = supervise(shots, work.brief, self._settings, crew.redo, rounds=self._rounds)
            shots, log, rounds = outcome.shots, outcome.log, outcome.rounds
        return SceneBundle.model_construct(
            shots=tuple(shots), names=names, wanted=crew.wanted, log=tuple(log), rounds=rounds
        )

    def crew(self, work: SceneWork) -> tuple[Specialists, tuple[tuple[str, str], ...]]:
        """The specialists over the Director's shots of a scene, and the (content id, lasting id) of each shot."""
        content = self.direct(work).value
        unit_texts: dict[str, str] = {u.id: u.text for u in work.brief.scene.units}
        texts: dict[str, str] = {
            s.shot_id: source_text(s.units, [(d.unit, d.text) for d in s.dialogue], unit_texts) for s in content.shots
        }
        directed, _ = carry_names(content, work.recorded, work.before, texts)
        names = tuple((c.shot_id, s.shot_id) for c, s in zip(content.shots, directed.shots, strict=True))
        specialists = Specialists(self._steps, self._settings, self._settings_json, work, directed, self._advisor)
        return specialists, names


class Specialists:
    """The three who work side by side on a directed scene; each answer is its own step."""

    def __init__(
        self,
        steps: Steps,
        settings: FilmSettings,
        settings_json: str,
        work: SceneWork,
        directed: DirectedScene,
        advisor: Advisor | None = None,
    ) -> None:
        self._steps = steps
        self._settings = settings
        self._settings_json = settings_json
        self._work = work
        self._casting = _json(work.casting)
        self._directed = directed
        self._directed_json = directed.model_dump_json()
        self._advisor = advisor
        self._photographed: PhotographedScene | None = None
        self.wanted: tuple[WantedAsset, ...] = ()

    def work(self, requests: Sequence[Revision]) -> list[Shot]:
        photographed = self._photograph(_for("cinematographer", requests), None)
        dressed = self._dress(_for("art_director", requests))
        scored = self._score(_for("sound_designer", requests))
        self._photographed = photographed
        self.wanted = dressed.wanted
        return assemble_scene(self._work.brief, self._directed, photographed, dressed, scored, self._settings)

    def redo(self, shots: Sequence[Shot], revisions: Sequence[Revision]) -> list[Shot]:
        """New answers of those who are asked; the others answer as before, from the journal."""
        own = self._work.requests
        photographed = self._photograph(
            (*_for("cinematographer", own), *_for("cinematographer", revisions)), self._photographed
        )
        dressed = self._dress((*_for("art_director", own), *_for("art_director", revisions)))
        scored = self._score((*_for("sound_designer", own), *_for("sound_designer", revisions)))
        self._photographed = photographed
        return assemble_scene(self._work.brief, self._directed, photographed, dressed, scored, self._settings)

    def redo_seen(self, shots: Sequence[Shot], revisions: Sequence[Revision], plan: Sequence[Shot]) -> list[Shot]:
        """New answers to what was seen in the frames of `shots`. `plan` holds the same shots as the crew left them:
        where a shot has strayed from it, that is the answer; where the plan looks wrong its owner finds another."""
        technical = mend(shots, plan, _for("cinematographer", revisions))
        asked = _for("art_director", revisions)
        wanted = {r.shot_id for r in asked}
        strayed = {
            s.shot_id for s, p in zip(shots, plan, strict=True)
            if s.shot_id in wanted and s.digital_assets != p.digital_assets
        }  # fmt: skip
        left = tuple(r for r in asked if r.shot_id not in strayed)
        fresh = {s.shot_id: s.assets for s in self._dress((*_for("art_director", self._work.requests), *left)).shots}
        return [
            shot.model_copy(
                update={
                    "technical_layer": layer,
                    "digital_assets": planned.digital_assets if shot.shot_id in strayed else fresh[shot.shot_id],
                }
            )
            for shot, planned, layer in zip(shots, plan, technical, strict=True)
        ]

    def pinned(self, shot: str, field: str) -> bool:
        """Whether a person has fixed the field, something in it, or what it is in."""
        return any(
            pin.shot_id == shot and (covers(pin.field, field) or covers(field, pin.field)) for pin in self._work.pins
        )

    def _pins(self, prefix: str) -> tuple[Pin, ...]:
        return tuple(pin for pin in self._work.pins if pin.field.startswith(prefix))

    def _photograph(self, asked: tuple[Revision, ...], previous: PhotographedScene | None) -> PhotographedScene:
        pins = self._pins("technical_layer")
        before = "" if previous is None or not asked else previous.model_dump_json()
        inputs = [self._work.brief_json, self._directed_json, self._settings_json, _json(pins), _json(asked), before]
        advice = self._advice()
        if advice:
            inputs.append(_json(advice))
        return self._steps.do(
            "photograph",
            self._work.scene,
            inputs,
            PhotographedScene,
            lambda: photograph_scene(
                self._work.brief, self._directed, self._settings, pins, asked, previous if asked else None, advice
            ),
        ).value

    @cached_property
    def _advised(self) -> tuple[ShotSuggestions, ...]:
        assert self._advisor is not None
        request = suggest_request(self._work.brief, self._directed, self._settings)
        inputs = [self._advisor.fingerprint(), request.model_dump_json()]
        ask = partial(self._advisor.suggest, request)
        return self._steps.do("advise", self._work.scene, inputs, tuple[ShotSuggestions, ...], ask).value

    def _advice(self) -> tuple[ShotSuggestions, ...]:
        """What the vision service suggests for the scene; nothing where nobody is asked."""
        return self._advised if self._advisor is not None and self._directed.shots else ()

    def _dress(self, asked: tuple[Revision, ...]) -> DressedScene:
        work, pins = self._work, self._pins("digital_assets")
        return self._steps.do(
            "dress",
            work.scene,
            [
                work.brief_json,
                self._directed_json,
                self._casting,
                dumps([a.fingerprint for a in work.assets]),
                _json(pins),
                _json(asked),
            ],
            DressedScene,
            lambda: dress_scene(work.brief, self._directed, work.casting, work.assets, pins, asked),
        ).value

    def _score(self, asked: tuple[Revision, ...]) -> ScoredScene:
        work, pins = self._work, self._pins("audio")
        return self._steps.do(
            "score",
            work.scene,
            [work.brief_json, self._directed_json, _json(work.music), self._settings_json, _json(pins), _json(asked)],
            ScoredScene,
            lambda: score_scene(work.brief, self._directed, work.music, self._settings, pins, asked),
        ).value


def _for(agent: Agent, revisions: Sequence[Revision]) -> tuple[Revision, ...]:
    return tuple(r for r in revisions if r.agent == agent)


def _json(values: Sequence[Value]) -> str:
    return "[" + ",".join(v.model_dump_json() for v in values) + "]" if values else ""
