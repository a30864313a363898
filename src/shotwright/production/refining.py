"""A scene's questions to language models: each agent's refinement of its draft is a step of its own, and the
Supervisor's judgement goes back to the owners once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from shotwright.crew.continuity_supervisor import inspect_scene
from shotwright.model.crew import DirectedScene, DressedScene, PhotographedScene, ScoredScene
from shotwright.model.language import Refinement
from shotwright.model.layers import covers
from shotwright.production.revise import keep_to_field, record, weight

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from shotwright.model.crew import FilmSettings, Pin, Revision
    from shotwright.model.question import Question
    from shotwright.model.shot import Flag, Shot
    from shotwright.model.value import Value
    from shotwright.model.vocabulary import Agent
    from shotwright.production.asking import Asking
    from shotwright.production.scene_line import SceneWork, Specialists
    from shotwright.production.steps import Steps

T = TypeVar("T")

ASKING = (
    *(f"refine_{step}" for step in ("direct", "photograph", "dress", "score")),
    *(f"{step}_{when}" for step in ("direct", "photograph", "dress", "score") for when in ("asked", "again")), "judge",
)  # fmt: skip
"""Steps inside a scene's that ask a language model."""


class Refining:
    """Asks about one scene, and remembers what became of each question."""

    def __init__(self, steps: Steps, asking: Asking | None, work: SceneWork, film: str) -> None:
        """`film`: what every question says of the film."""
        self._steps = steps
        self.asking = asking
        self._work = work
        self._film = film
        self.records: list[Refinement] = []

    def serves(self, agent: Agent) -> bool:
        """Whether the agent has a model."""
        return self.asking is not None and self.asking.serves(agent)

    async def direct(
        self, draft: DirectedScene, settings: FilmSettings, settings_json: str, again: tuple[Revision, ...] = ()
    ) -> DirectedScene:
        """The Director's shots; `again` asks only about shots that were sent back, over what stands."""
        if not self.serves("director"):
            return draft
        from shotwright.crew.director.refine import ask

        work = self._work

        async def once(step: str, standing: DirectedScene, asked: tuple[Revision, ...]) -> DirectedScene:
            return await self._step(
                step, "director", standing, DirectedScene,
                [work.brief_json, settings_json, _json(work.fixed), _json(asked)],
                lambda: ask(work.brief, settings, standing, work.fixed, asked, self._film),
            )  # fmt: skip

        return await self._in_turn("direct", "director", draft, once, again)

    async def photograph(
        self,
        directed: DirectedScene,
        draft: PhotographedScene,
        settings: FilmSettings,
        again: tuple[Revision, ...] = (),
    ) -> PhotographedScene:
        if not self.serves("cinematographer"):
            return draft
        from shotwright.crew.cinematographer.refine import ask

        work, pins = self._work, self._pins("technical_layer")

        async def once(step: str, standing: PhotographedScene, asked: tuple[Revision, ...]) -> PhotographedScene:
            return await self._step(
                step, "cinematographer", standing, PhotographedScene,
                [work.brief_json, directed.model_dump_json(), settings.model_dump_json(), _json(pins), _json(asked)],
                lambda: ask(work.brief, directed, settings, standing, pins, asked, self._film),
            )  # fmt: skip

        return await self._in_turn("photograph", "cinematographer", draft, once, again)

    async def dress(
        self, directed: DirectedScene, draft: DressedScene, again: tuple[Revision, ...] = ()
    ) -> DressedScene:
        if not self.serves("art_director"):
            return draft
        from shotwright.crew.art_director.refine import ask

        work, pins = self._work, self._pins("digital_assets")
        assets = (*work.assets, *work.shortlist)
        library = " ".join(a.fingerprint for a in assets)

        async def once(step: str, standing: DressedScene, asked: tuple[Revision, ...]) -> DressedScene:
            return await self._step(
                step, "art_director", standing, DressedScene,
                [work.brief_json, directed.model_dump_json(), _json(work.casting), _json(pins), _json(asked), library],
                lambda: ask(work.brief, directed, standing, work.casting, assets, pins, asked, self._film),
            )  # fmt: skip

        return await self._in_turn("dress", "art_director", draft, once, again)

    async def score(
        self, directed: DirectedScene, draft: ScoredScene, settings: FilmSettings, again: tuple[Revision, ...] = ()
    ) -> ScoredScene:
        if not self.serves("sound_designer"):
            return draft
        from shotwright.crew.sound_designer.refine import ask

        work, pins = self._work, self._pins("audio")

        async def once(step: str, standing: ScoredScene, asked: tuple[Revision, ...]) -> ScoredScene:
            return await self._step(
                step, "sound_designer", standing, ScoredScene,
                [work.brief_json, directed.model_dump_json(), _json(work.music), _json(pins), _json(asked)],
                lambda: ask(work.brief, directed, standing, work.music, pins, asked, settings, self._film),
            )  # fmt: skip

        return await self._in_turn("score", "sound_designer", draft, once, again)

    async def _in_turn(
        self,
        step: str,
        agent: Agent,
        draft: T,
        once: Callable[[str, T, tuple[Revision, ...]], Awaitable[T]],
        again: tuple[Revision, ...],
    ) -> T:
        """The whole scene first, then what people sent back of it; or `again` only."""
        if again:
            return await once(f"{step}_again", draft, again)
        asked = tuple(r for r in self._work.requests if r.agent == agent)
        standing = await once(f"refine_{step}", draft, ())
        return await once(f"{step}_asked", standing, asked) if asked else standing

    def _pins(self, prefix: str) -> tuple[Pin, ...]:
        return tuple(p for p in self._work.pins if p.field.startswith(prefix))

    async def judge(self, shots: Sequence[Shot], flags: Sequence[Flag], settings: FilmSettings) -> Any:
        """The Supervisor's judgement of a scene; None where there is nothing to judge."""
        from shotwright.crew.continuity_supervisor.judging import Judgement, ask

        empty = Judgement()
        return await self._step(
            "judge", "continuity_supervisor", empty, Judgement,
            [self._work.brief_json, _json(shots), _json(flags)],
            lambda: ask(self._work.brief, shots, flags, settings, self._film),
        )  # fmt: skip

    async def _step(
        self,
        step: str,
        agent: Agent,
        draft: T,
        kind: Any,
        inputs: Sequence[str],
        ask: Callable[[], Question[T] | None],
    ) -> T:
        asking = self.asking
        assert asking is not None

        async def make() -> tuple[T, Refinement]:
            question = ask()
            if question is None:
                return draft, Refinement(agent=agent, task=step)
            return await asking.refine(question, draft)

        assert hasattr(draft, "model_dump_json")
        keyed = [asking.fingerprint(agent), self._film, draft.model_dump_json(), *inputs]
        value, kept = await self._steps.refine(step, self._work.scene, keyed, kind, make)
        if kept.asked:
            self.records.append(kept)
        return value


async def judge(
    shots: list[Shot], work: SceneWork, settings: FilmSettings, crew: Specialists, told: Refining
) -> tuple[list[Shot], list[str]]:
    """What the Supervisor's model sees that rules cannot: told as warnings, and sent back to the owners once."""
    from shotwright.crew.continuity_supervisor import revisions_for
    from shotwright.crew.continuity_supervisor.judging import flags_of, revisions_of, worded

    said = [flag for shot in shots for flag in shot.continuity.flags]
    judgement = await told.judge(shots, said, settings)
    flags = list(worded(judgement, said))
    found = flags_of(judgement, shots)
    if not found and flags == said:
        return shots, []
    log = [f"judged: {flag.message}" for flag in found]
    reworded = [new for new, old in zip(flags, said, strict=True) if new != old]
    back = (*revisions_of(judgement, 1), *revisions_for(reworded, 1))
    rounds: dict[str, int] = {s.shot_id: s.continuity.rounds for s in shots}
    wanted = [r for r in back if told.serves(r.agent) and not crew.pinned(r.shot_id, r.field)]
    mended: set[tuple[str, str]] = set()
    if wanted:
        fresh = await crew.ask_again(wanted)
        revised = _with_reasons(shots, keep_to_field(shots, fresh, wanted), fresh, wanted)
        after = inspect_scene(revised, work.brief, settings)
        if weight(after) <= weight(flags):
            before = {s.shot_id: s for s in shots}
            mended = {
                (r.shot_id, r.field) for r, s in ((r, s) for r in wanted for s in revised if s.shot_id == r.shot_id)
                if s != before[s.shot_id]
            }  # fmt: skip
            answered = (f"judged: {r.agent} answered for {r.field}: {r.feedback}" for r in wanted)
            log.extend(dict.fromkeys(answered))
            for shot_id, _ in mended:
                rounds[shot_id] += 1
            shots, flags = revised, list(after)
        else:
            log.append("judged: the answer broke a rule; kept as it was")
    left = [f for f in found if (f.shot_id, f.field) not in mended]
    return record(shots, [*flags, *left], rounds), log


def _with_reasons(
    before: Sequence[Shot], revised: Sequence[Shot], fresh: Sequence[Shot], revisions: Sequence[Revision]
) -> list[Shot]:
    """The revised shots, where a field changed with who set it now and why."""
    asked = {(r.shot_id, r.field) for r in revisions}
    told: list[Shot] = []
    for old, shot, new in zip(before, revised, fresh, strict=True):
        layers = {
            layer: new.provenance[layer]
            for layer in shot.provenance
            if shot != old
            and any(s == shot.shot_id and (covers(layer, f) or covers(f, layer)) for s, f in asked)
            and layer in new.provenance
        }
        told.append(shot.model_copy(update={"provenance": {**shot.provenance, **layers}}) if layers else shot)
    return told


def _json(values: Sequence[Value]) -> str:
    return "[" + ",".join(v.model_dump_json() for v in values) + "]" if values else ""
