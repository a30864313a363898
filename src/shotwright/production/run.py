"""A run: read, story, shots, layers, review, numbers, proof. It always resumes, and ends in one countable line."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from shotwright.crew.art_director import relevant_casting
from shotwright.crew.continuity_supervisor import inspect_cut
from shotwright.errors import InputError, RunCancelled, ShotwrightError, StepFailed
from shotwright.model.idtable import IdTable
from shotwright.model.screenplay import Screenplay
from shotwright.production.ahead import aside, work
from shotwright.production.asking import run_now
from shotwright.production.boundaries import fixed_shots
from shotwright.production.film import SceneBundle, ScreenedScene, finished_shots, flag_across, viewings_changed
from shotwright.production.graph import Shooting, put_shots
from shotwright.production.journal import FilmRow, Journal, dumps
from shotwright.production.ledger import fold, lay_over, pins_of, requests_of
from shotwright.production.naming import source_text
from shotwright.production.number import number_film, number_scenes
from shotwright.production.orders import Orders, Phase, Progress, Report, kept, report_again, signature
from shotwright.production.proof import prove_coverage
from shotwright.production.refining import ASKING
from shotwright.production.scene_line import SceneLine, SceneWork
from shotwright.production.steps import Steps
from shotwright.production.story_line import tell_story
from shotwright.screenplay import read

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from shotwright.model.asset import Asset
    from shotwright.model.crew import Casting, FilmSettings
    from shotwright.model.language import Refinement
    from shotwright.model.screenplay import Element
    from shotwright.model.shot import Flag, Shot
    from shotwright.model.story import SceneBrief
    from shotwright.ports.story_store import StoryStore
    from shotwright.production.asking import Asking
    from shotwright.production.blobs import Blobs
    from shotwright.production.dailies import Dailies
    from shotwright.production.ledger import Standing
    from shotwright.production.sight import Sight
    from shotwright.production.steps import Answer
    from shotwright.production.story_line import Told
    from shotwright.screenplay import Reading

Finished = tuple["Answer[SceneBundle]", SceneWork]
"""A scene's bundle, and what its line was made from."""
EARLY = 3
"""Scenes still to be drawn from which the film is delivered before its frames."""


@dataclass(frozen=True, slots=True)
class Screening:
    """Where frames are kept, and who looks at them."""

    blobs: Blobs
    sight: Sight
    pictures: Callable[[str], Sequence[bytes]]
    """Asset key -> the library's pictures of it."""


SCENE_STEPS = ("direct", "photograph", "dress", "score", "scene")
"""Steps that are done once a scene, after the story."""


def conduct(
    orders: Orders,
    journal: Journal,
    store: StoryStore | None,
    assets: Sequence[Asset],
    progress: Progress,
    publish: Callable[[Report], object] = lambda report: None,
    screening: Screening | None = None,
    advisor: Sight | None = None,
    asking: Asking | None = None,
) -> Report:
    """Run to `orders.until`. Interrupted at any point, the next run goes on from the last committed group.

    `publish` is called with the finished film, in a second process where there can be one, while this one commits it;
    where frames are still to be drawn, before that too. `screening` says how they are drawn and who looks, `advisor`
    whom the Cinematographer asks, `asking` which agents have a language model.
    """
    known = report_again(orders, journal, assets)
    if known is not None:
        return known
    try:
        run = _Run(orders, journal, store, assets, progress, publish, screening, advisor, asking)
        return run.conduct(signature(orders, journal, assets))
    except KeyboardInterrupt:
        journal.flush()
        raise RunCancelled(
            "interrupted; everything finished so far is kept", hint="the same command goes on from here"
        ) from None


class _Run:
    def __init__(
        self,
        orders: Orders,
        journal: Journal,
        store: StoryStore | None,
        assets: Sequence[Asset],
        progress: Progress,
        publish: Callable[[Report], object],
        screening: Screening | None,
        advisor: Sight | None,
        asking: Asking | None,
    ) -> None:
        self._orders = orders
        self._journal = journal
        self._store = store
        self._assets = {a.key: a for a in assets}
        self._progress = progress
        self._publish = publish
        self._screening = screening
        self._steps = Steps(journal)
        self._film: FilmSettings = orders.settings.film
        self._asking = asking
        self._line = SceneLine(self._steps, self._film, orders.settings.review.rounds, advisor, asking)
        self._standing: dict[str, Standing] = fold(journal.ledger())
        self._last_act = max((act.sequence for s in self._standing.values() for act in s.entries), default=0)
        self._report = Report(until=orders.until)

    def conduct(self, signed: str) -> Report:
        report = self._report
        self._progress("read", 0, 1)
        reading = self._read()
        self._progress("read", 1, 1)
        screenplay = reading.screenplay
        report.scenes = sum(not s.implied and not s.omitted for s in screenplay.scenes)
        assets = list(self._assets.values())
        advance = partial(self._progress, "story")
        selected = self._selected(screenplay)
        only = frozenset(selected) if self._orders.scenes else None
        told = tell_story(self._steps, screenplay, self._film, assets, self._store, advance, self._asking, only)
        self._line.film = told.film
        self._note(told.refinements)
        if self._orders.until == "story":
            return self._finish(signed, None)
        bundles = self._take_scenes(told, selected)
        if self._asking is not None:
            # Its threads must be gone before another process is forked to draw.
            self._asking.close()
        for answer, _ in bundles.values():
            self._note(answer.value.refinements)
        if self._orders.until == "shots":
            return self._finish(signed, None)
        report.screenplay, report.told = screenplay, told
        if self._screening is None:
            return self._deliver(signed, reading, bundles, self._kept_screened(bundles))
        dailies = self._dailies(told, self._screening)
        waiting = [scene for scene, (answer, _) in bundles.items() if not dailies.known(answer)]
        if len(waiting) >= EARLY:
            # What is finished can be read while frames are drawn; should the run be cut short, it stays.
            self._deliver("", reading, bundles, self._kept_screened(bundles))
        screened = self._screen(told, bundles, dailies, set(waiting))
        return self._deliver("" if report.unmeasured else signed, reading, bundles, screened)

    def _note(self, refinements: Sequence[Refinement]) -> None:
        """Add up what became of questions to language models."""
        self._report.refinements.extend(refinements)

    def _deliver(
        self,
        signed: str,
        reading: Reading,
        bundles: Mapping[str, Finished],
        screened: Mapping[str, Answer[ScreenedScene]],
    ) -> Report:
        """Put the film together, prove it, commit it and publish it."""
        report = self._report
        told, screenplay = report.told, reading.screenplay
        assert told is not None
        self._progress("number", 0, 1)
        film, rows = self._put_together(screenplay, told, bundles, screened)
        self._prove(reading, film)
        self._count(film, bundles, screened)
        self._progress("number", 1, 1)
        report.film = film
        published = aside(lambda: self._publish(report))
        self._finish(signed, rows, bundles)
        if self._store is not None:
            # After the journal, which is the truth: should this not come about, the next run makes it good.
            put_shots(self._store, Shooting(film, self._assets, told.casting, report.missing))
        published()
        return report

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

    def _take_scenes(self, told: Told, selected: set[str]) -> dict[str, Finished]:
        before = {row.scene: row.shots for row in self._journal.film()}
        recorded = self._journal.shot_names()
        chosen = [b for b in told.briefs if b.scene.scene_id in selected]
        bundles: dict[str, Finished] = {}
        phase: Phase = "shots" if self._orders.until == "shots" else "review"

        async def take(brief: SceneBrief) -> None:
            scene = brief.scene.scene_id
            try:
                scene_work = self._work(brief, told, before.get(scene, ()), recorded)
                if self._orders.until == "shots":
                    directed = await self._line.direct_asking(scene_work)
                    self._report.shots += len(directed.shots)
                else:
                    inspect = self._orders.until == "review"
                    bundles[scene] = await self._line.finish_asking(scene_work, inspect=inspect), scene_work
            except ShotwrightError:
                raise
            except Exception as error:
                self._fail(brief, error)

        self._progress(phase, 0, len(chosen))
        if self._asking is None:
            work(
                [lambda brief=brief: run_now(take(brief)) for brief in chosen],  # type: ignore[misc]
                self._steps,
                lambda done: self._progress(phase, done, len(chosen)),
            )
            return bundles
        finished = 0

        async def take_and_tell(brief: SceneBrief) -> None:
            nonlocal finished
            await take(brief)
            finished += 1
            self._progress(phase, finished, len(chosen))

        asking = self._asking
        asking.run(asking.together([take_and_tell(brief) for brief in chosen], asking.scenes_at_once))
        return bundles

    # frames

    def _dailies(self, told: Told, screening: Screening) -> Dailies:
        from shotwright.boards.cast import CastSheet
        from shotwright.production.dailies import Dailies

        settings = self._orders.settings
        looks = self._orders.until == "review" and settings.vision.look
        return Dailies(
            self._steps,
            screening.blobs,
            CastSheet.of(told.story, told.casting, list(self._assets.values())),
            screening.sight if looks else None,
            self._film,
            settings.boards,
            settings.vision,
            settings.review.rounds,
            {shot: s.pictures for shot, s in self._standing.items() if s.pictures},
            screening.pictures,
        )

    def _screen(
        self, told: Told, bundles: Mapping[str, Finished], dailies: Dailies, waiting: set[str]
    ) -> dict[str, Answer[ScreenedScene]]:
        """Every scene's dailies. Drawing is heavy work, so the second process starts at once."""
        screened: dict[str, Answer[ScreenedScene]] = {}
        total = len(bundles)

        def take(brief: SceneBrief) -> None:
            scene = brief.scene.scene_id
            answer, scene_work = bundles[scene]
            try:
                crew, _ = self._line.crew(scene_work, answer.value.directed)
                screened[scene] = dailies.screen(brief, answer, crew, answer.value.shots)
            except ShotwrightError:
                raise
            except Exception as error:
                self._fail(brief, error)

        self._progress("frames", 0, total)
        briefs = [b for b in told.briefs if b.scene.scene_id in bundles]
        for brief in briefs:
            if brief.scene.scene_id not in waiting:
                take(brief)
        still = total - len(waiting)
        self._progress("frames", still, total)
        work(
            [partial(take, brief) for brief in briefs if brief.scene.scene_id in waiting],
            self._steps,
            lambda done: self._progress("frames", min(still + done, total), total),
            heavy=True,
        )
        pending = [s.value.pending for s in screened.values() if s.value.pending]
        self._report.unmeasured, self._report.why_unmeasured = len(pending), pending[0] if pending else ""
        return screened

    def _kept_screened(self, bundles: Mapping[str, Finished]) -> dict[str, Answer[ScreenedScene]]:
        """What earlier runs drew of scenes that are as they were."""
        kept: dict[str, Answer[ScreenedScene]] = {}
        for scene, (answer, _) in bundles.items():
            found = self._steps.held("screen", scene, ScreenedScene)
            if found is not None and found.value.of == answer.key:
                self._steps.keep("screen", scene)
                kept[scene] = found
        return kept

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
            fixed=fixed_shots(self._journal, self._standing, brief, dict(before)),
            recorded=recorded,
            before=before,
            shortlist=self._shortlist(brief, casting),
        )

    def _shortlist(self, brief: SceneBrief, casting: Sequence[Casting]) -> tuple[Asset, ...]:
        if self._asking is None or not self._asking.serves("art_director") or not self._assets:
            return ()
        from shotwright.crew.art_director.implied import shortlist

        return shortlist(brief, tuple(self._assets.values()), tuple(casting))

    # the film

    def _put_together(
        self,
        screenplay: Screenplay,
        told: Told,
        bundles: Mapping[str, Finished],
        screened: Mapping[str, Answer[ScreenedScene]],
    ) -> tuple[list[tuple[str, list[Shot]]], list[FilmRow]]:
        """All scenes in order, numbered and looked at across their cuts: as people left them, and as the journal keeps
        them."""
        everything = {scene: answer.value.shots for scene, (answer, _) in bundles.items()}
        everything |= {scene: answer.value.shots for scene, answer in screened.items()}
        if self._orders.scenes:
            for scene in self._journal.current("scene"):
                if scene not in everything:
                    everything[scene] = finished_shots(self._journal, scene)
                    for step in (*SCENE_STEPS, *ASKING, "screen"):
                        self._steps.keep(step, scene)
        scenes = [(str(s.id), everything[s.id]) for s in screenplay.scenes if s.id in everything]
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
        left = [
            (scene, lay_over(part, self._standing, texts, self._last_act))
            for (scene, _), part in zip(scenes, film, strict=True)
        ]
        return left, rows

    def _prove(self, reading: Reading, film: Sequence[tuple[str, Sequence[Shot]]]) -> None:
        if self._report.failed or self._orders.scenes:
            return
        elements: Sequence[Element] = reading.elements
        self._report.proof = prove_coverage(reading.screenplay, elements, [s for _, shots in film for s in shots])

    def _count(
        self,
        film: Sequence[tuple[str, Sequence[Shot]]],
        bundles: Mapping[str, Finished],
        screened: Mapping[str, Answer[ScreenedScene]],
    ) -> None:
        shots = [shot for _, part in film for shot in part]
        report = self._report
        report.shots = len(shots)
        report.flagged = sum(s.review.status in ("flagged", "needs_human") for s in shots)
        report.warnings = sum(f.severity == "warn" for s in shots for f in s.continuity.flags)
        report.missing = list({w.proposed_key: w for b, _ in bundles.values() for w in b.value.wanted}.values())
        report.frames = sum(len(s.frames) for s in shots)
        report.mended = sum(len(viewings_changed(s.value)) for s in screened.values())
        report.wanted = len(report.missing)

    def _finish(
        self,
        signed: str,
        rows: list[FilmRow] | None,
        bundles: Mapping[str, Finished] | None = None,
    ) -> Report:
        report = self._report
        if self._asking is not None:
            report.asked, report.expected = self._asking.asked, self._asking.rows
        report.made = dict(self._steps.made)
        report.reused = dict(self._steps.reused)
        report.scenes_made = self._steps.scenes_made
        names = [(scene, content, name) for scene, (b, _) in (bundles or {}).items() for content, name in b.value.names]
        # A shorter run must not make the production forget what a longer one reached.
        if rows is None:
            for (step, scene), key in self._kept_beyond():
                self._steps.current.setdefault((step, scene), key)
        why = next((r.pending for r in report.refinements if r.pending), "")
        done = {"answered": str(self._last_act), "unanswered": dumps([report.pending, why])}
        if not report.failed and not report.pending and signed:
            done |= {"signature": signed, "report": kept(report)}
        self._journal.commit_run(
            current=((step, scene, key) for (step, scene), key in self._steps.current.items()),
            film=rows,
            names=names,
            meta=done,
        )
        return report

    def _kept_beyond(self) -> list[tuple[tuple[str, str], str]]:
        return [((step, scene), key) for step in SCENE_STEPS for scene, key in self._journal.current(step).items()]


def _json(flags: Sequence[Flag]) -> str:
    return "[" + ",".join(flag.model_dump_json() for flag in flags) + "]"
