"""A run: read, story, shots, layers, review, numbers, proof. It always resumes, and ends in one countable line."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from shotwright import __version__
from shotwright.crew.art_director import relevant_casting
from shotwright.crew.continuity_supervisor import inspect_cut
from shotwright.errors import InputError, RunCancelled, ShotwrightError, StepFailed
from shotwright.model.crew import DirectedScene, DirectedShot, FilmSettings, WantedAsset
from shotwright.model.ids import digest
from shotwright.model.idtable import IdTable
from shotwright.model.screenplay import Element, Screenplay
from shotwright.model.shot import Flag, Review, Shot
from shotwright.production.ahead import work
from shotwright.production.journal import FilmRow, Journal, dumps
from shotwright.production.ledger import Standing, fold, lay_over, pins_of, requests_of
from shotwright.production.naming import rename, source_text
from shotwright.production.number import number_film, number_scenes
from shotwright.production.proof import Proof, prove_coverage
from shotwright.production.scene_line import SceneBundle, SceneLine, SceneWork
from shotwright.production.steps import VERSIONS, Steps
from shotwright.production.story_line import Told, tell_story
from shotwright.screenplay import Reading, read

if TYPE_CHECKING:
    from pathlib import Path

    from shotwright.model.asset import Asset
    from shotwright.model.story import SceneBrief
    from shotwright.ports.story_store import StoryStore
    from shotwright.production.config import Settings

Phase = Literal["read", "story", "shots", "layers", "review", "number"]
Until = Literal["story", "shots", "layers", "frames", "review"]
Progress = Callable[[Phase, int, int], None]
"""Called with the phase, how many are done and how many there are."""



def silent(phase: Phase, done: int, total: int) -> None:
    """Progress that nobody watches."""


SCENE_STEPS = ("direct", "photograph", "dress", "score", "scene")
"""Steps that are done once a scene, after the story."""


@dataclass(frozen=True, slots=True)
class Orders:
    """What a run is asked to do."""

    screenplay: Path
    settings: Settings
    until: Until = "review"
    scenes: tuple[str, ...] = ()
    """Scene numbers or ids; empty means all."""


@dataclass(slots=True)
class Report:
    """How a run ended."""

    scenes: int = 0
    """Scenes under a heading; material before the first heading is filmed but not counted here."""
    shots: int = 0
    flagged: int = 0
    failed: int = 0
    warnings: int = 0
    wanted: int = 0
    nothing_to_do: bool = False
    until: Until = "review"
    proof: Proof | None = None
    failures: list[str] = field(default_factory=list)
    made: dict[str, int] = field(default_factory=dict)
    """Step -> how often it really ran."""
    reused: dict[str, int] = field(default_factory=dict)
    scenes_made: dict[str, set[str]] = field(default_factory=dict)
    film: list[tuple[str, list[Shot]]] = field(default_factory=list)
    """(scene id, its shots): numbered, as people left them."""
    screenplay: Screenplay | None = None
    told: Told | None = None
    missing: list[WantedAsset] = field(default_factory=list)
    """What the libraries lack, each once."""

    def line(self) -> str:
        return f"Done. scenes={self.scenes} shots={self.shots} flagged={self.flagged} failed={self.failed}"


def conduct(
    orders: Orders,
    journal: Journal,
    store: StoryStore | None,
    assets: Sequence[Asset],
    progress: Progress,
) -> Report:
    """Run to `orders.until`. Interrupted at any point, the next run goes on from the last committed group."""
    signature = _signature(orders, journal, assets)
    if journal.meta("signature") == signature and not journal.dry:
        return _report_again(journal)
    try:
        return _Run(orders, journal, store, assets, progress).conduct(signature)
    except KeyboardInterrupt:
        journal.flush()
        raise RunCancelled(
            "interrupted; everything finished so far is kept", hint="the same command goes on from here"
        ) from None


def _signature(orders: Orders, journal: Journal, assets: Sequence[Asset]) -> str:
    """Hash of everything that a run depends on: the same again means there is nothing to do."""
    try:
        text = hashlib.sha256(orders.screenplay.read_bytes()).hexdigest() if orders.screenplay.is_file() else ""
    except OSError:
        text = ""
    acts = journal.ledger()
    return digest(
        __version__, dumps(VERSIONS), text, orders.settings.model_dump_json(), orders.until, dumps(orders.scenes),
        dumps([(a.key, a.fingerprint, a.library) for a in assets]), str(acts[-1].sequence if acts else 0), length=40,
    )  # fmt: skip


def _report_again(journal: Journal) -> Report:
    import json

    kept = json.loads(journal.meta("report") or "{}")
    report = Report(**kept)
    report.nothing_to_do = True
    return report


class _Run:
    def __init__(
        self,
        orders: Orders,
        journal: Journal,
        store: StoryStore | None,
        assets: Sequence[Asset],
        progress: Progress,
    ) -> None:
        self._orders = orders
        self._journal = journal
        self._store = store
        self._assets = {a.key: a for a in assets}
        self._progress = progress
        self._steps = Steps(journal)
        self._film: FilmSettings = orders.settings.film
        self._line = SceneLine(self._steps, self._film, orders.settings.review.rounds)
        self._standing: dict[str, Standing] = fold(journal.ledger())
        self._report = Report(until=orders.until)

    def conduct(self, signature: str) -> Report:
        report = self._report
        self._progress("read", 0, 1)
        reading = self._read()
        self._progress("read", 1, 1)
        screenplay = reading.screenplay
        report.scenes = sum(not s.implied and not s.omitted for s in screenplay.scenes)
        told = tell_story(
            self._steps, screenplay, self._film, list(self._assets.values()), self._store, partial(self._progress, "story")
        )
        if self._orders.until == "story":
            return self._finish(signature, None)
        bundles = self._take_scenes(told, self._selected(screenplay))
        if self._orders.until == "shots":
            return self._finish(signature, None)
        self._progress("number", 0, 1)
        film, rows = self._put_together(screenplay, told, bundles)
        self._prove(reading, film)
        self._count(film, bundles)
        self._progress("number", 1, 1)
        report.screenplay, report.told = screenplay, told
        return self._finish(signature, rows, film, bundles)

    # read

    def _read(self) -> Reading:
        """Read the file against the ids of the last draft. The same file again stands on the reading that there is."""
        table = self._journal.meta("id_table")
        previous = IdTable.model_validate_json(table) if table else None
        reading = read(self._orders.screenplay, previous)
        fresh = reading.id_table.model_dump_json()
        if fresh != table:
            # Ids are fixed before any step uses them, so that a killed run and its successor agree on every name.
            self._journal.set_meta("id_table", fresh)
        self._steps.do(
            "read",
            "",
            [reading.screenplay.model_dump_json()],
            Screenplay,
            lambda: reading.screenplay,
        )
        return reading

    def _selected(self, screenplay: Screenplay) -> set[str]:
        every = {s.id for s in screenplay.scenes if not s.omitted}
        if not self._orders.scenes:
            return {str(s) for s in every}
        locked = {i: n for (k, i), n in self._journal.locked_numbers().items() if k == "scene"}
        by_number = {n.casefold(): s for s, n in number_scenes(screenplay.scenes, locked).items()}
        chosen: set[str] = set()
        for asked in self._orders.scenes:
            scene = by_number.get(asked.casefold().lstrip("0") or "0", asked if asked in every else None)
            if scene is None:
                numbers = list(by_number)
                raise InputError(
                    f"no scene {asked} in {self._orders.screenplay.name}",
                    hint=f"scenes are numbered {numbers[0]} to {numbers[-1]}" if numbers else "it has no scenes",
                )
            chosen.add(scene)
        return chosen

    # scenes

    def _take_scenes(self, told: Told, selected: set[str]) -> dict[str, SceneBundle]:
        before = {row.scene: row.shots for row in self._journal.film()}
        recorded = self._journal.shot_names()
        chosen = [b for b in told.briefs if b.scene.scene_id in selected]
        bundles: dict[str, SceneBundle] = {}
        phase: Phase = "shots" if self._orders.until == "shots" else "review"

        def take(brief: SceneBrief) -> None:
            scene = brief.scene.scene_id
            try:
                scene_work = self._work(brief, told, before.get(scene, ()), recorded)
                if self._orders.until == "shots":
                    self._report.shots += len(self._line.direct(scene_work).value.shots)
                else:
                    bundles[scene] = self._line.finish(scene_work, inspect=self._orders.until != "layers").value
            except ShotwrightError:
                raise
            except Exception as error:
                self._fail(brief, error)

        self._progress(phase, 0, len(chosen))
        work(
            [partial(take, brief) for brief in chosen],
            self._steps,
            lambda done: self._progress(phase, done, len(chosen)),
        )
        return bundles

    def _fail(self, brief: SceneBrief, error: Exception) -> None:
        failure = StepFailed(
            f"scene “{brief.scene.slugline.raw}” could not be finished: {type(error).__name__}: {error}",
            step="scene",
            scene=brief.scene.scene_id,
        )
        if __debug__ and isinstance(error, MemoryError):
            raise failure from error
        self._report.failed += 1
        self._report.failures.append(failure.message)
        self._last_error = error

    def _work(
        self,
        brief: SceneBrief,
        told: Told,
        before: Sequence[tuple[str, str]],
        recorded: Mapping[tuple[str, str], str],
    ) -> SceneWork:
        scene = brief.scene.scene_id
        own = [shot for shot, _ in before]
        casting = tuple(relevant_casting(brief, told.casting))
        used = tuple(self._assets[c.key] for c in casting if c.key in self._assets)
        return SceneWork(
            brief=brief,
            brief_json=brief.model_dump_json(),
            casting=casting,
            assets=used,
            music=told.music.get(scene, ()),
            pins=pins_of(self._standing, own),
            requests=requests_of(self._standing, own),
            fixed=self._fixed(scene, brief, dict(before)),
            recorded=recorded,
            before=before,
        )

    def _fixed(self, scene: str, brief: SceneBrief, before: Mapping[str, str]) -> tuple[DirectedShot, ...]:
        """The Director's part of shots that people approved or edited, whose script text is still there."""
        held = [s for s in before if s in self._standing and (self._standing[s].approved or self._standing[s].edits)]
        if not held:
            return ()
        text = self._journal.current_value("scene", scene)
        directed = self._journal.current_value("direct", scene)
        if text is None or directed is None:
            return ()
        names = dict(SceneBundle.model_validate_json(text).names)
        units: dict[str, str] = {u.id: u.text for u in brief.scene.units}
        shots = rename(DirectedScene.model_validate_json(directed), names).shots
        return tuple(
            s
            for s in shots
            if s.shot_id in held
            and s.units
            and all(u in units for u in s.units)
            and source_text(s.units, [(d.unit, d.text) for d in s.dialogue], units) == before[s.shot_id]
        )

    # the film

    def _put_together(
        self, screenplay: Screenplay, told: Told, bundles: Mapping[str, SceneBundle]
    ) -> tuple[list[tuple[str, list[Shot]]], list[FilmRow]]:
        """All scenes in order, numbered and looked at across their cuts: as people left them, and as the journal keeps
        them."""
        everything = dict(bundles)
        if self._orders.scenes:
            for scene in self._journal.current("scene"):
                if scene not in everything:
                    text = self._journal.current_value("scene", scene)
                    assert text is not None
                    everything[scene] = SceneBundle.model_validate_json(text)
                    for step in SCENE_STEPS:
                        self._steps.keep(step, scene)
        scenes = [(str(s.id), everything[s.id].shots) for s in screenplay.scenes if s.id in everything]
        film = number_film(scenes, screenplay, self._film, self._journal.locked_numbers())
        across: dict[str, list[Flag]] = {scene: [] for scene, _ in scenes}
        if self._orders.until != "layers":
            briefs = {b.scene.scene_id: b for b in told.briefs}
            for before, after in pairwise(part for part in film if part):
                here = after[0].scene_id
                across[here].extend(inspect_cut(before, after, briefs[before[0].scene_id], briefs[here]))
        film = flag_across(film, [flag for flags in across.values() for flag in flags])
        units: dict[str, str] = {u.id: u.text for s in screenplay.scenes for u in s.units}
        texts: dict[str, str] = {
            shot.shot_id: source_text(shot.source.units, [(d.unit, d.text) for d in shot.audio.dialogue], units)
            for part in film
            for shot in part
        }
        rows = [
            FilmRow(scene, [(s.shot_id, texts[s.shot_id]) for s in part], _json(across[scene]))
            for (scene, _), part in zip(scenes, film, strict=True)
        ]
        left = [(scene, lay_over(part, self._standing, texts)) for (scene, _), part in zip(scenes, film, strict=True)]
        return left, rows

    def _prove(self, reading: Reading, film: Sequence[tuple[str, Sequence[Shot]]]) -> None:
        if self._report.failed or self._orders.scenes:
            return
        elements: Sequence[Element] = reading.elements
        self._report.proof = prove_coverage(reading.screenplay, elements, [s for _, shots in film for s in shots])

    def _count(self, film: Sequence[tuple[str, Sequence[Shot]]], bundles: Mapping[str, SceneBundle]) -> None:
        shots = [shot for _, part in film for shot in part]
        report = self._report
        report.shots = len(shots)
        report.flagged = sum(s.review.status in ("flagged", "needs_human") for s in shots)
        report.warnings = sum(f.severity == "warn" for s in shots for f in s.continuity.flags)
        report.missing = list({w.proposed_key: w for b in bundles.values() for w in b.wanted}.values())
        report.wanted = len(report.missing)

    def _finish(
        self,
        signature: str,
        rows: list[FilmRow] | None,
        film: list[tuple[str, list[Shot]]] | None = None,
        bundles: Mapping[str, SceneBundle] | None = None,
    ) -> Report:
        report = self._report
        report.made = dict(self._steps.made)
        report.reused = dict(self._steps.reused)
        report.scenes_made = self._steps.scenes_made
        report.film = film or []
        names = [(scene, content, name) for scene, b in (bundles or {}).items() for content, name in b.names]
        # A shorter run must not make the production forget what a longer one reached.
        if rows is None:
            for (step, scene), key in self._kept_beyond():
                self._steps.current.setdefault((step, scene), key)
        done = {"screenplay": str(self._orders.screenplay)}
        if not report.failed:
            done |= {"signature": signature, "report": _kept(report)}
        self._journal.commit_run(
            current=((step, scene, key) for (step, scene), key in self._steps.current.items()),
            film=rows,
            names=names,
            meta=done,
        )
        return report

    def _kept_beyond(self) -> list[tuple[tuple[str, str], str]]:
        return [
            ((step, scene), key)
            for step in SCENE_STEPS
            for scene, key in self._journal.current(step).items()
        ]


def _kept(report: Report) -> str:
    return dumps(
        {
            "scenes": report.scenes,
            "shots": report.shots,
            "flagged": report.flagged,
            "failed": report.failed,
            "warnings": report.warnings,
            "wanted": report.wanted,
            "until": report.until,
        }
    )


def _json(flags: Sequence[Flag]) -> str:
    return "[" + ",".join(flag.model_dump_json() for flag in flags) + "]"


def flag_across(film: Sequence[Sequence[Shot]], flags: Sequence[Flag]) -> list[list[Shot]]:
    """The film with the flags of cuts between scenes on the shots that they name."""
    by_shot: dict[str, list[Flag]] = {}
    for flag in flags:
        by_shot.setdefault(flag.shot_id, []).append(flag)
    return [[_flagged(s, by_shot[s.shot_id]) if s.shot_id in by_shot else s for s in part] for part in film]


def _flagged(shot: Shot, found: Sequence[Flag]) -> Shot:
    flags = (*shot.continuity.flags, *found)
    failing = [flag for flag in flags if flag.severity == "error"]
    continuity = shot.continuity.model_copy(
        update={"flags": flags, "status": "needs_human" if failing else shot.continuity.status}
    )
    review = Review(status="needs_human", note=failing[0].message) if failing else shot.review
    return shot.model_copy(update={"continuity": continuity, "review": review})
