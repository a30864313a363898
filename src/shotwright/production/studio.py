"""Use cases over one production, for the command line and whatever else shows it to people."""

from __future__ import annotations

import gc
import shutil
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from shotwright.errors import InputError, ProductionError
from shotwright.model.shot import Shot
from shotwright.production.blobs import Blobs
from shotwright.production.config import Configured, load
from shotwright.production.files import ProductionFolder, sweep_leftovers, write_whole
from shotwright.production.graph import mark, open_store, rebuild, stands
from shotwright.production.journal import Journal, dumps
from shotwright.production.ledger import DERIVED, Standing, fold
from shotwright.production.opened import Production, find_folder, remembered_flags
from shotwright.production.orders import Orders, Progress, Report, Until, report_again, silent
from shotwright.production.sight import Sight

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from shotwright.exports import Film
    from shotwright.model.asset import Asset
    from shotwright.model.language import Refinement
    from shotwright.production.asking import Asking
    from shotwright.production.config import ModelSettings
    from shotwright.production.estimate import Estimate


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What the user asked `run` for."""

    target: Path
    out: Path | None = None
    assets: tuple[Path, ...] = ()
    until: Until = "review"
    scenes: tuple[str, ...] = ()
    flags: Mapping[str, Any] | None = None
    frames: bool = True
    """False draws nothing in this run."""
    budget_usd: float | None = None
    """What language models may cost in this run; None takes the settings' word."""
    replay: bool = False
    """Language models are not asked: what was never answered keeps its draft."""
    sample: int = 0
    """Which of several answers of a language model: another number asks again what was answered."""


def run_production(request: RunRequest, progress: Progress = silent) -> tuple[ProductionFolder, Report]:
    """Run, and leave `shots.json` and `summary.md` in the production folder."""
    # Imported here, because a run with nothing to do needs none of the crew.
    from shotwright.production import wire

    folder, screenplay = find_folder(request.target, request.out)
    if screenplay is None:
        folder.require()
    else:
        _require_screenplay(screenplay)
    configured, flags = _configure(folder, request)
    library = wire.asset_library(configured.settings.assets.libraries)
    assets = library.assets()
    folder.create()
    with folder.locked(), ExitStack() as stack:
        sweep_leftovers(folder.path)
        journal = stack.enter_context(Journal(folder.journal))
        given = (screenplay or _remembered(journal, folder)).resolve()
        settings = configured.settings
        asking = _asking(journal, settings.models, request)
        if asking is not None:
            stack.callback(asking.close)
        records: list[Refinement] = []
        script, adapted = _script(given, folder.path, asking, records)
        draws = request.frames and request.until in ("frames", "review") and settings.boards.draw != "none"
        frames = draws and wire.eyes_at_hand()
        minds = asking.fingerprints() if asking is not None else ""
        orders = Orders(script, settings, request.until, request.scenes, frames, minds)
        if remembered_flags(journal) != flags:
            journal.set_meta("flags", dumps(flags))
        if journal.meta("screenplay") != str(given):
            # Known from the start, so that a run that is cut short goes on by the folder's name alone.
            journal.set_meta("screenplay", str(given))
        report = report_again(orders, journal, assets)
        where = configured.settings.store
        if report is None:
            from shotwright.production.run import Screening, conduct

            store = open_store(where, folder, journal)
            stack.callback(store.close)
            screening = advisor = None
            wanted = settings.vision.suggest
            suggests = wanted == "always" or (wanted == "auto" and bool(settings.vision.url))
            if wire.eyes_at_hand() and (frames or suggests):
                sight = Sight(partial(wire.vision_service, settings.vision, folder), settings.vision.url)
                stack.callback(sight.close)
                screening = Screening(Blobs(folder.frames), sight, library.pictures) if frames else None
                advisor = sight if suggests else None
            with _without_collecting():
                report = conduct(
                    orders,
                    journal,
                    store,
                    assets,
                    progress,
                    publish=lambda made: write_products(folder, _document(made, configured, assets)),
                    screening=screening,
                    advisor=advisor,
                    asking=asking,
                )
            mark(store, where, folder, journal)
            journal.log([("run", "", report.line())])
        elif not stands(where, folder, journal):
            with Production(folder.path) as production, closing(open_store(where, folder, journal)) as store:
                rebuild(production, store, where, journal)
            journal.log([("graph", "", "made again from the journal")])
        if not report.film and not folder.shots.exists():
            _write_again(folder)
        report.adapted = adapted
        report.refinements[:0] = records
    return folder, report


def _script(
    given: Path, folder: Path, asking: Asking | None, records: list[Refinement]
) -> tuple[Path, tuple[str, ...]]:
    """The Fountain to run, and what is said of it: the screenplay itself, or what prose was adapted to."""
    from shotwright.screenplay.prose_detect import is_prose

    if not is_prose(given):
        return given, ()
    from shotwright.production.adaptation import adapt_prose
    from shotwright.production.adapting import adaptor

    refine, mind = adaptor(asking, records)
    found = adapt_prose(given, folder, refine=refine, mind=mind)
    return found.path, (found.message, *found.notes)


def _asking(journal: Journal, settings: ModelSettings, request: RunRequest, *, estimate: bool = False) -> Asking | None:
    """The run's way to its language models; None where no agent has one."""
    from shotwright.production import wire
    from shotwright.production.asking import Asking, Limits

    budget = request.budget_usd if request.budget_usd is not None else settings.budget_usd or None
    asks = not estimate and not request.replay
    minds = wire.minds(settings, priced=asks and budget is not None, ready=asks)
    if not minds:
        return None
    limits = Limits(
        in_flight=settings.in_flight,
        per_minute=settings.requests_per_minute,
        budget_usd=budget,
        ask_again=settings.ask_again,
        extra_output_tokens=settings.extra_output_tokens,
    )

    def count(text: str) -> int:
        # Its vocabulary is read at the first count: a run without a budget never counts.
        return wire.token_counter()[1](text)

    return Asking(minds, journal, limits, count=count, replay=request.replay, estimate=estimate, sample=request.sample)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """No cycle collection while a run makes values: they hold no cycles, and looking for some costs a fifth of the run
    (measured on a feature: 20 % of its CPU, no memory saved)."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _document(report: Report, configured: Configured, assets: Sequence[Asset]) -> Film:
    """What the products of a run are made from."""
    from shotwright.exports import Film

    assert report.told is not None
    keys = {c.key for c in report.told.casting if c.key}
    return Film(
        shots=tuple(shot for _, shots in report.film for shot in shots),
        title=report.told.story.title,
        settings=configured.settings.film,
        story=report.told.story,
        screenplay=report.screenplay,
        castings=report.told.casting,
        wanted=tuple(report.missing),
        assets=tuple(a for a in assets if a.key in keys),
    )


def write_products(folder: ProductionFolder, film: Film) -> None:
    """Leave the film where a person looks for it: `shots.json` and the one-page `summary.md`."""
    from shotwright.exports import export

    write_whole(folder.shots, export(film, "json"))
    write_whole(folder.summary, export(film, "summary"))


def _write_again(folder: ProductionFolder) -> None:
    with Production(folder.path) as production:
        if production.shots:
            write_products(folder, production.document())


def _require_screenplay(path: Path) -> None:
    if not path.exists():
        raise InputError(f"{path}: no such file", hint="name a Fountain screenplay, or a production folder")


def _remembered(journal: Journal, folder: ProductionFolder) -> Path:
    kept = journal.meta("screenplay")
    if kept is None:
        raise ProductionError(f"{folder.path}: no screenplay was read here yet", hint="shotwright run SCREENPLAY")
    return Path(kept)


def _configure(folder: ProductionFolder, request: RunRequest) -> tuple[Configured, dict[str, Any]]:
    """(settings, the flags to remember): those given now over those given to earlier runs of this production."""
    remembered: dict[str, Any] = {}
    if folder.exists():
        with Journal(folder.journal, readonly=True) as journal:
            remembered = remembered_flags(journal)
    flags = dict(request.flags or {})
    if request.assets:
        for path in request.assets:
            if not path.is_dir():
                raise InputError(f"{path}: no such asset library folder", hint="an asset library is a folder of assets")
        flags["assets.libraries"] = tuple(str(p.resolve()) for p in request.assets)
    return load(folder.settings, flags, remembered=remembered), {**remembered, **flags}


@dataclass(slots=True)
class Rehearsal:
    """What a run would do, found by doing it without writing."""

    report: Report
    changed: list[tuple[str, str, list[str]]]
    """(scene number, heading, what happens to it) for every scene that would change."""
    kept: int
    """Shots that stay exactly as they are."""
    altered: int
    added: int
    removed: int
    people: list[str]
    """Approved or edited shots that would ask for a person again, or go to the bin."""
    estimate: Estimate | None = None
    """What language models would be asked; None where no agent has one."""


def rehearse(request: RunRequest, progress: Progress = silent) -> Rehearsal:
    """Run in memory and compare with the film as it is: the exact blast radius. Writes nothing."""
    from shotwright.production import wire
    from shotwright.production.estimate import add_up
    from shotwright.production.run import conduct

    folder, screenplay = find_folder(request.target, request.out)
    if screenplay is None:
        folder.require()
    else:
        _require_screenplay(screenplay)
    configured, _ = _configure(folder, request)
    assets = wire.asset_library(configured.settings.assets.libraries).assets()
    journal = _rehearsal_journal(folder)
    with ExitStack() as stack:
        stack.callback(journal.close)
        given = (screenplay or _remembered(journal, folder)).resolve()
        before: dict[str, Shot] = {}
        if folder.exists():
            with Production(folder.path) as production:
                before = {s.shot_id: s for s in production.shots} if journal.film() else {}
        standing = fold(journal.ledger())
        asking = _asking(journal, configured.settings.models, request, estimate=True)
        script = _rehearsed_script(given, folder.path, stack, asking)
        orders = Orders(script, configured.settings, request.until, request.scenes)
        report = conduct(orders, journal, None, assets, progress, asking=asking)
    found = _compare(report, before, standing)
    if asking is not None:
        name, _ = wire.token_counter()
        found.estimate = add_up(report.expected, wire.price_of(configured.settings.models), name)
    return found


def _rehearsed_script(given: Path, folder: Path, stack: ExitStack, asking: Asking | None) -> Path:
    """Like `_script`, but prose is adapted beside the production: a rehearsal writes nothing into it."""
    from shotwright.production.adaptation import RECORD, SCRIPT

    aside = Path(stack.enter_context(TemporaryDirectory()))
    for name in (SCRIPT, RECORD):
        if (folder / name).is_file():
            shutil.copyfile(folder / name, aside / name)
    return _script(given, aside, asking, [])[0]


def _rehearsal_journal(folder: ProductionFolder) -> Journal:
    """The journal opened for reading with writes kept in memory; an empty one when there is no production yet."""
    if folder.exists():
        return Journal(folder.journal, readonly=True, dry=True)
    return Journal(Path(":memory:"), dry=True)


def _compare(report: Report, before: Mapping[str, Shot], standing: Mapping[str, Standing]) -> Rehearsal:
    changed: list[tuple[str, str, list[str]]] = []
    kept = altered = added = 0
    seen: set[str] = set()
    people: list[str] = []
    for scene, shots in report.film:
        notes: list[str] = []
        for shot in shots:
            seen.add(shot.shot_id)
            old = before.get(shot.shot_id)
            if old is None:
                added += 1
                notes.append(f"{shot.label} new")
            elif layers := _changed_layers(old, shot):
                altered += 1
                notes.append(f"{shot.label} changes ({', '.join(layers)})")
                if shot.review.status == "needs_human" and old.review.status != "needs_human":
                    people.append(f"{shot.label}: {shot.review.note}")
            else:
                kept += 1
        if notes:
            changed.append((shots[0].scene_number, scene, notes))
    gone = [s for s in before.values() if s.shot_id not in seen] if report.film else []
    for shot in gone:
        if shot.shot_id in standing:
            people.append(f"{shot.label}: its script text is gone; a person's work goes to the bin")
    return Rehearsal(report, changed, kept, altered, added, len(gone), people)


def _changed_layers(old: Shot, new: Shot) -> list[str]:
    """The parts of a shot that differ, leaving out numbers and places in the file: they say only where it stands."""
    cue = new.audio.music_cue.model_copy(update={"number": old.audio.music_cue.number})
    alike = new.model_copy(
        update={
            **{name: getattr(old, name) for name in DERIVED},
            "source": new.source.model_copy(update={"lines": old.source.lines}),
            "audio": new.audio.model_copy(update={"music_cue": cue}),
            "cuts": old.cuts if _lengths(old) == _lengths(new) else new.cuts,
        }
    )
    # A rehearsal draws nothing: what is only seen in frames is not known to change.
    unseen = ("frames", "continuity", "review") if old.frames and not new.frames else ()
    return [n for n in Shot.model_fields if n not in unseen and getattr(alike, n) != getattr(old, n)]


def _lengths(shot: Shot) -> list[tuple[int, int]]:
    return [(cut.src_in, cut.src_out) for cut in shot.cuts]
