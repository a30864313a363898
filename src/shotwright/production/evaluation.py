"""How good a language model is at this work: a film by rules alone beside the model's own, and the model's again."""

from __future__ import annotations

import json
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from shotwright.errors import InputError
from shotwright.model.language import Refinement
from shotwright.model.value import Value
from shotwright.production.evaluation_measures import (
    Agreement,
    Pair,
    Purposes,
    Reason,
    TaskOutcome,
    agreement,
    changed,
    cut_again,
    flags,
    outcomes,
    purposes,
    reasons,
    retold,
)
from shotwright.production.exchanges import Exchange, exchanges_of
from shotwright.production.files import write_whole
from shotwright.production.journal import iterate_results
from shotwright.production.opened import Production
from shotwright.production.orders import silent
from shotwright.production.studio import RunRequest, run_production

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from shotwright.model.shot import Shot
    from shotwright.model.story import SceneBrief
    from shotwright.production.orders import Progress

FILM_STEPS = ("read_window", "read_film", "refine_casting", "refine_music")
"""Steps of the film as a whole that ask; each keeps what it made together with what became of the question."""
AGENTS = ("architect", "director", "cinematographer", "art_director", "sound_designer", "continuity_supervisor")


@dataclass(frozen=True, slots=True)
class EvaluationRequest:
    """What is to be evaluated, and on what."""

    screenplay: Path
    scenes: tuple[str, ...] = ()
    """Scene numbers; the evaluation then films these alone, as a screenplay of their own. Empty: all."""
    model: str = ""
    """As the settings spell one; every agent gets it. Empty: the models of the settings."""
    runs: int = 2
    """1 measures no agreement."""
    assets: tuple[Path, ...] = ()
    out: Path | None = None
    """Where the productions are left, for reading and for going on after a stop; None keeps nothing."""
    budget_usd: float | None = None
    """For each run."""


class Evaluation(Value):
    """What was found."""

    model: str
    """As spelled, of each agent where they differ."""
    answered_by: tuple[str, ...]
    screenplay: str
    scenes: int
    shots_draft: int
    shots: int
    temperature: float
    coverage: str
    """The proof's own sentence; of a run that is gone on with, that it was proved then."""
    failed: int
    """Scenes that could not be finished."""
    pending: tuple[str, ...]
    """Why questions were left unanswered, each once."""
    tasks: tuple[TaskOutcome, ...]
    reasons: tuple[Reason, ...]
    cut_again: int
    """Shots that carry another part of the script than any of the draft."""
    changed: dict[str, float]
    """What the crew decides -> share of the shots in both films in which it differs."""
    purposes_draft: Purposes
    purposes: Purposes
    flags_draft: dict[str, int]
    flags: dict[str, int]
    calls: int
    input_tokens: int
    cached_tokens: int
    output_tokens: int
    model_seconds: float
    """Added up over all calls, however many were under way at once."""
    cost_usd: float | None
    seconds_draft: float
    """Of the run by rules alone."""
    seconds: float
    """Of the model's first run; near nothing for a run that was there already."""
    agreement: Agreement | None = None
    pairs: tuple[Pair, ...] = ()


@dataclass(frozen=True, slots=True)
class _Film:
    """One finished run."""

    shots: list[Shot]
    briefs: dict[str, SceneBrief]
    refinements: list[Refinement]
    exchanges: list[Exchange]
    coverage: str
    failed: int
    seconds: float


def evaluate(
    request: EvaluationRequest, progress: Progress = silent, say: Callable[[str], None] = lambda line: None
) -> Evaluation:
    """Make the film by rules, then by the model, then again, and compare. Draws no frames.

    Raises InputError where no model is named or a scene is not there, and what a run raises. A model that cannot be
    reached is no error: its questions stay pending, and the evaluation says so.
    """
    from shotwright.production.config import load

    with ExitStack() as stack:
        folder = request.out or Path(stack.enter_context(TemporaryDirectory(prefix="shotwright-")))
        folder.mkdir(parents=True, exist_ok=True)
        screenplay = _material(request, folder)
        # Nothing of the user's outside the evaluation is touched or asked: no server's graph, no eyes.
        quiet: dict[str, Any] = {"store.url": "", "store.production": "", "vision.url": "", "vision.suggest": "never"}
        alone = {**quiet, "models.default": "", **{f"models.{agent}": "" for agent in AGENTS}}
        minded = {**alone, "models.default": request.model} if request.model else quiet
        settings = load(None, minded).settings.models
        spellings = {agent: settings.of(agent) for agent in AGENTS}
        if not any(spellings.values()):
            raise InputError("no language model is named", hint="--model NAME, or models.default in shotwright.toml")
        say("By rules alone")
        draft = _film(request, screenplay, folder / "rules", alone, 0, progress)
        say("With the model")
        first = _film(request, screenplay, folder / "model", minded, 0, progress)
        second = None
        if request.runs > 1:
            say("With the model, again")
            second = _film(request, screenplay, folder / "again", minded, 1, progress)
        return _sum_up(request, spellings, settings.temperature, draft, first, second)


def _material(request: EvaluationRequest, folder: Path) -> Path:
    """The screenplay, or the scenes asked for as one of their own."""
    if not request.screenplay.is_file():
        raise InputError(f"{request.screenplay}: no such file", hint="name a screenplay")
    from shotwright.screenplay.prose_detect import is_prose

    if is_prose(request.screenplay):
        hint = "shotwright run makes a screenplay of it, in the production folder: evaluate on that"
        raise InputError(f"{request.screenplay}: prose, and both films must be of the same screenplay", hint=hint)
    if not request.scenes:
        return request.screenplay
    excerpt = folder / f"{request.screenplay.stem}_scenes.fountain"
    text = take_scenes(request.screenplay, request.scenes)
    if not excerpt.exists() or excerpt.read_text(encoding="utf-8") != text:
        write_whole(excerpt, text.encode("utf-8"))
    return excerpt


def take_scenes(screenplay: Path, wanted: Sequence[str]) -> str:
    """The title page and the scenes of these numbers, as Fountain. Raises InputError for a number that is not there."""
    from shotwright.production.number import number_scenes
    from shotwright.screenplay import read
    from shotwright.screenplay.detect import decode

    reading = read(screenplay)
    lines = decode(screenplay.read_bytes(), str(screenplay)).splitlines()
    scenes = [s for s in reading.screenplay.scenes if s.id in reading.screenplay.lines]
    numbers = number_scenes(reading.screenplay.scenes, {})
    begins = [reading.screenplay.lines[s.id][0] for s in scenes]
    ends = [*(begin - 1 for begin in begins[1:]), len(lines)]
    spans = {numbers[s.id].casefold(): span for s, *span in zip(scenes, begins, ends, strict=True)}
    chosen = []
    for number in wanted:
        span = spans.get(number.casefold().lstrip("0") or "0")
        if span is None:
            raise InputError(
                f"no scene {number} in {screenplay.name}",
                hint=f"scenes are numbered {numbers[scenes[0].id]} to {numbers[scenes[-1].id]}",
            )
        chosen.append(span)
    title = "".join(f"{key}: {' '.join(value.split())}\n" for key, value in reading.title_page.items())
    parts = ["\n".join(lines[begin - 1 : end]).strip("\n") for begin, end in sorted(chosen)]
    return (title + "\n" if title else "") + "\n\n".join(dict.fromkeys(parts)) + "\n"


def _film(
    request: EvaluationRequest, screenplay: Path, out: Path, flags: dict[str, Any], sample: int, progress: Progress
) -> _Film:
    began = time.perf_counter()
    asked = RunRequest(
        screenplay, out, request.assets, flags=flags, frames=False, budget_usd=request.budget_usd, sample=sample
    )
    folder, report = run_production(asked, progress)
    seconds = time.perf_counter() - began
    with Production(folder.path) as production:
        from shotwright.crew.architect import brief_scenes

        told = report.told
        story = production.story
        briefs = told.briefs if told is not None else list(brief_scenes(story, production.configured.settings.film))
        return _Film(
            shots=production.shots,
            briefs={b.scene.scene_id: b for b in briefs},
            refinements=report.refinements or _kept_refinements(production),
            exchanges=exchanges_of(production.journal),
            coverage=report.proof.sentence() if report.proof else "proved by the run that made it" if not report.failed
            else "",
            failed=report.failed,
            seconds=seconds,
        )  # fmt: skip


def _kept_refinements(production: Production) -> list[Refinement]:
    """Of a run that had nothing to do: what became of its questions then, the film's first."""
    found = []
    for step in FILM_STEPS:
        for _, text in iterate_results(production.journal, step):
            _, record = json.loads(text)
            found.append(Refinement.model_validate(record))
    return [*found, *(r for bundle in production.bundles.values() for r in bundle.refinements)]


def _sum_up(
    request: EvaluationRequest,
    spellings: dict[str, str],
    temperature: float,
    draft: _Film,
    first: _Film,
    second: _Film | None,
) -> Evaluation:
    shares, pairs = changed(draft.shots, first.shots)
    replies = [e.reply for e in first.exchanges]
    priced = [r.cost_usd for r in replies if r.cost_usd is not None]
    named = sorted(set(spellings.values()) - {""})
    return Evaluation(
        model=named[0] if len(named) == 1 else ", ".join(f"{a}: {s or 'rules'}" for a, s in spellings.items()),
        answered_by=tuple(sorted({r.model for r in replies})),
        screenplay=request.screenplay.name + (f", scenes {', '.join(request.scenes)}" if request.scenes else ""),
        scenes=len(first.briefs),
        shots_draft=len(draft.shots),
        shots=len(first.shots),
        temperature=temperature,
        coverage=first.coverage,
        failed=first.failed,
        pending=tuple(sorted({r.pending for r in first.refinements if r.pending})),
        tasks=outcomes(first.refinements),
        reasons=reasons(first.refinements),
        cut_again=cut_again(draft.shots, first.shots),
        changed=shares,
        purposes_draft=purposes(draft.shots, draft.briefs),
        purposes=purposes(first.shots, first.briefs),
        flags_draft=flags(draft.shots),
        flags=flags(first.shots),
        calls=len(replies),
        input_tokens=sum(r.input_tokens for r in replies),
        cached_tokens=sum(r.cached_tokens for r in replies),
        output_tokens=sum(r.output_tokens for r in replies),
        model_seconds=round(sum(r.seconds for r in replies), 2),
        cost_usd=sum(priced) if replies and len(priced) == len(replies) else None,
        seconds_draft=round(draft.seconds, 2),
        seconds=round(first.seconds, 2),
        agreement=agreement(first.shots, second.shots, first.exchanges, second.exchanges) if second else None,
        pairs=(*retold(draft.briefs, first.briefs), *pairs),
    )
