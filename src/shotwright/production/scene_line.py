"""One scene through the line: Director, naming, three specialists, Supervisor. Each step is kept by its inputs."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING, Protocol, cast

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
from shotwright.production.asking import run_now
from shotwright.production.assemble import assemble_scene
from shotwright.production.film import SceneBundle
from shotwright.production.journal import dumps
from shotwright.production.naming import carry_names, source_text
from shotwright.production.refining import ASKING, Refining, judge
from shotwright.production.revise import supervise

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shotwright.model.asset import Asset
    from shotwright.model.shot import Shot
    from shotwright.model.story import SceneBrief
    from shotwright.model.value import Value
    from shotwright.model.vision_suggestion import SuggestRequest
    from shotwright.model.vocabulary import Agent
    from shotwright.production.asking import Asking
    from shotwright.production.steps import Answer, Steps


SCENE_AGENTS: tuple[Agent, ...] = (
    "director", "cinematographer", "art_director", "sound_designer", "continuity_supervisor"
)  # fmt: skip
INNER = ("direct", "photograph", "dress", "score", "advise")
"""Steps inside a scene's."""


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
    shortlist: tuple[Asset, ...] = ()
    """What else of the library could stand in the scene, where a model is asked about it."""

    @property
    def scene(self) -> str:
        return self.brief.scene.scene_id


class SceneLine:
    """Takes scenes through the line under one set of settings."""

    def __init__(
        self,
        steps: Steps,
        settings: FilmSettings,
        rounds: int,
        advisor: Advisor | None = None,
        asking: Asking | None = None,
    ) -> None:
        self._steps = steps
        self._settings = settings
        self._settings_json = settings.model_dump_json()
        self._rounds = rounds
        self._advisor = advisor
        self._asking = asking
        self.film = ""
        """What language models are told of the film, the same for every scene."""

    def finish(self, work: SceneWork, *, inspect: bool = True) -> Answer[SceneBundle]:
        """The whole line for one scene, by rules alone. Without `inspect` the Supervisor does not look."""
        return run_now(self.finish_asking(work, inspect=inspect))

    async def finish_asking(self, work: SceneWork, *, inspect: bool = True) -> Answer[SceneBundle]:
        """The whole line for one scene, with whatever models the agents have."""
        inputs = self._inputs(work, inspect)
        answer = self._steps.find("scene", work.scene, inputs, SceneBundle)
        if answer is None:
            bundle = await self._make(work, inspect)
            pending = any(record.pending for record in bundle.refinements)
            keep = self._steps.put_aside if pending else self._steps.keep_made
            answer = keep("scene", work.scene, inputs, SceneBundle, bundle)
        inner = (*INNER, *ASKING) if self._asking is not None else INNER
        self._steps.keep_within(answer, "scene", work.scene, ((step, work.scene) for step in inner))
        return answer

    def _inputs(self, work: SceneWork, inspect: bool) -> list[str]:
        inputs = [
            str(inspect), str(self._rounds), work.brief_json, self._settings_json, _json(work.casting),
            dumps([a.fingerprint for a in work.assets]), _json(work.music), _json(work.pins), _json(work.requests),
            _json(work.fixed),
        ]  # fmt: skip
        if self._advisor is not None:
            inputs.append(self._advisor.fingerprint())
        if self._asking is not None:
            minds = [self._asking.fingerprint(agent) for agent in SCENE_AGENTS]
            inputs.append(dumps(["minds", self.film, *minds, *(a.fingerprint for a in work.shortlist)]))
        return inputs

    def direct(self, work: SceneWork) -> Answer[DirectedScene]:
        asked = _for("director", work.requests)
        return self._steps.do(
            "direct",
            work.scene,
            [work.brief_json, self._settings_json, _json(work.fixed), _json(asked)],
            DirectedScene,
            lambda: direct_scene(work.brief, self._settings, work.fixed, asked),
        )

    async def direct_asking(self, work: SceneWork) -> DirectedScene:
        """The Director's shots of a scene, as its model would have them where it has one."""
        told = Refining(self._steps, self._asking, work, self.film)
        return await told.direct(self.direct(work).value, self._settings, self._settings_json)

    async def _make(self, work: SceneWork, inspect: bool) -> SceneBundle:
        told = Refining(self._steps, self._asking, work, self.film)
        content = self.direct(work).value
        directed = await told.direct(content, self._settings, self._settings_json)
        crew, names = self.crew(work, directed, told)
        shots = await crew.work(work.requests)
        log: list[str] = []
        rounds = 0
        if inspect:
            outcome = supervise(shots, work.brief, self._settings, crew.redo, rounds=self._rounds)
            shots, log, rounds = outcome.shots, outcome.log, outcome.rounds
            if told.serves("continuity_supervisor"):
                shots, said = await judge(shots, work, self._settings, crew, told)
                log.extend(said)
        return SceneBundle.model_construct(
            shots=tuple(shots),
            names=names,
            wanted=crew.wanted,
            log=tuple(log),
            rounds=rounds,
            refinements=tuple(told.records),
            directed=None if directed is content else directed,
        )

    def crew(
        self, work: SceneWork, directed: DirectedScene | None = None, told: Refining | None = None
    ) -> tuple[Specialists, tuple[tuple[str, str], ...]]:
        """The specialists over the Director's shots of a scene, and the (content id, lasting id) of each shot.
        `directed`: those shots as a model left them."""
        content = self.direct(work).value if directed is None else directed
        unit_texts: dict[str, str] = {u.id: u.text for u in work.brief.scene.units}
        texts: dict[str, str] = {
            s.shot_id: source_text(s.units, [(d.unit, d.text) for d in s.dialogue], unit_texts) for s in content.shots
        }
        named, _ = carry_names(content, work.recorded, work.before, texts)
        names = tuple((c.shot_id, s.shot_id) for c, s in zip(content.shots, named.shots, strict=True))
        told = told or Refining(self._steps, None, work, self.film)
        specialists = Specialists(self._steps, self._settings, self._settings_json, work, named, told, self._advisor)
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
        told: Refining,
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
        self._told = told
        self._photographed: PhotographedScene | None = None
        self._dressed: DressedScene | None = None
        self._scored: ScoredScene | None = None
        self.wanted: tuple[WantedAsset, ...] = ()

    async def work(self, requests: Sequence[Revision]) -> list[Shot]:
        """The three layers of every shot: by rules, then as each one's model would have them, side by side."""
        photographed = self._photograph(_for("cinematographer", requests), None)
        dressed = self._dress(_for("art_director", requests))
        scored = self._score(_for("sound_designer", requests))
        if self._told.asking is not None:
            photographed, dressed, scored = await self._refine(photographed, dressed, scored)
        self._photographed, self._dressed, self._scored = photographed, dressed, scored
        self.wanted = dressed.wanted
        return self._assemble(photographed, dressed, scored)

    async def _refine(
        self, photographed: PhotographedScene, dressed: DressedScene, scored: ScoredScene
    ) -> tuple[PhotographedScene, DressedScene, ScoredScene]:
        told = self._told
        assert told.asking is not None
        answers = await told.asking.together(
            [
                told.photograph(self._directed, photographed, self._settings),
                told.dress(self._directed, dressed),
                told.score(self._directed, scored, self._settings),
            ]
        )
        return cast("tuple[PhotographedScene, DressedScene, ScoredScene]", tuple(answers))

    async def ask_again(self, revisions: Sequence[Revision]) -> list[Shot]:
        """Each owner's model is asked about the shots that were sent back, with what was said of them."""
        told = self._told
        assert self._photographed is not None
        assert self._dressed is not None
        assert self._scored is not None
        directed = self._directed
        if wanted := _for("director", revisions):
            directed = await told.direct(directed, self._settings, self._settings_json, wanted)
        photographed, dressed, scored = self._photographed, self._dressed, self._scored
        if wanted := _for("cinematographer", revisions):
            photographed = await told.photograph(directed, photographed, self._settings, wanted)
        if wanted := _for("art_director", revisions):
            dressed = await told.dress(directed, dressed, wanted)
        if wanted := _for("sound_designer", revisions):
            scored = await told.score(directed, scored, self._settings, wanted)
        return assemble_scene(self._work.brief, directed, photographed, dressed, scored, self._settings)

    def _assemble(self, photographed: PhotographedScene, dressed: DressedScene, scored: ScoredScene) -> list[Shot]:
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
        return self._assemble(photographed, dressed, scored)

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
