"""Use cases over one production, for the command line and whatever else shows it to people."""

from __future__ import annotations

import gc
import json
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from shotwright.errors import InputError, ProductionError
from shotwright.exports import Film, export
from shotwright.model.crew import Casting, WantedAsset
from shotwright.model.layers import require_editable
from shotwright.model.review import BinnedShot, LedgerEntry, LedgerKind, SetupRef
from shotwright.model.screenplay import Screenplay
from shotwright.model.shot import Flag, Shot
from shotwright.model.story import SceneBrief, Story
from shotwright.production.config import Configured, load
from shotwright.production.files import ProductionFolder, sweep_leftovers, write_whole
from shotwright.production.journal import FilmRow, Journal, dumps, iterate_results
from shotwright.production.ledger import (
    Standing,
    bin_of,
    fold,
    get_field,
    lay_over,
    overlay_edits,
    set_field,
)
from shotwright.production.number import number_film, number_scenes, numbers_to_lock
from shotwright.production.run import Orders, Progress, Report, Until, conduct, flag_across, silent
from shotwright.production.scene_line import SceneBundle

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from shotwright.model.asset import Asset

LONGEST_NOTE = 2000


def find_folder(target: Path, out: Path | None = None) -> tuple[ProductionFolder, Path | None]:
    """(production folder, screenplay or None) for what the user named: a screenplay file or a production folder."""
    if out is not None:
        return ProductionFolder(out), None if target.is_dir() else target
    if target.is_dir():
        return ProductionFolder(target), None
    return ProductionFolder.beside(target), target


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What the user asked `run` for."""

    target: Path
    out: Path | None = None
    assets: tuple[Path, ...] = ()
    until: Until = "review"
    scenes: tuple[str, ...] = ()
    flags: Mapping[str, Any] | None = None


def run_production(request: RunRequest, progress: Progress = silent) -> tuple[ProductionFolder, Report]:
    """Run, and leave `shots.json` and `summary.md` in the production folder."""
    from shotwright.production import wire

    folder, screenplay = find_folder(request.target, request.out)
    if screenplay is None:
        folder.require()
    else:
        _require_screenplay(screenplay)
    configured, flags = _configure(folder, request)
    assets = wire.asset_library(configured.settings.assets.libraries).assets()
    folder.create()
    with folder.locked(), ExitStack() as stack:
        sweep_leftovers(folder.path)
        journal = stack.enter_context(Journal(folder.journal))
        screenplay = screenplay or _remembered(journal, folder)
        store = wire.story_store(folder.store)
        stack.callback(store.close)
        orders = Orders(screenplay.resolve(), configured.settings, request.until, request.scenes)
        if remembered_flags(journal) != flags:
            journal.set_meta("flags", dumps(flags))
        with _without_collecting():
            report = conduct(orders, journal, store, assets, progress)
        if not report.nothing_to_do:
            journal.log([("run", "", report.line())])
        if report.film:
            write_products(folder, _document(report, configured, assets))
        elif not folder.shots.exists():
            _write_again(folder)
    return folder, report


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


def remembered_flags(journal: Journal) -> dict[str, Any]:
    """Settings that earlier runs were given on the command line."""
    kept = json.loads(journal.meta("flags") or "{}")
    return {key: tuple(value) if isinstance(value, list) else value for key, value in kept.items()}


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


def rehearse(request: RunRequest, progress: Progress = silent) -> Rehearsal:
    """Run in memory and compare with the film as it is: the exact blast radius. Writes nothing."""
    from shotwright.production import wire

    folder, screenplay = find_folder(request.target, request.out)
    if screenplay is None:
        folder.require()
    else:
        _require_screenplay(screenplay)
    configured, _ = _configure(folder, request)
    assets = wire.asset_library(configured.settings.assets.libraries).assets()
    journal = _rehearsal_journal(folder)
    try:
        screenplay = screenplay or _remembered(journal, folder)
        before: dict[str, Shot] = {}
        if folder.exists():
            with Production(folder.path) as production:
                before = {s.shot_id: s for s in production.shots} if journal.film() else {}
        standing = fold(journal.ledger())
        orders = Orders(screenplay.resolve(), configured.settings, request.until, request.scenes)
        report = conduct(orders, journal, None, assets, progress)
    finally:
        journal.close()
    return _compare(report, before, standing)


def _rehearsal_journal(folder: ProductionFolder) -> Journal:
    """The journal opened for reading with writes kept in memory; an empty one when there is no production yet."""
    if folder.exists():
        return Journal(folder.journal, readonly=True, dry=True)
    return Journal(Path(":memory:"), dry=True)


def _compare(report: Report, before: Mapping[str, Shot], standing: Mapping[str, Standing]) -> Rehearsal:
    derived = {"label", "slate", "scene_number", "sequence_number", "shot_number_in_scene"}

    def content(shot: Shot) -> dict[str, Any]:
        tree = shot.model_dump(exclude=derived)
        tree["cuts"] = [(cut.src_in, cut.src_out) for cut in shot.cuts]
        tree["source"].pop("lines")
        tree["audio"]["music_cue"].pop("number")
        return tree

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
            elif content(old) != content(shot):
                altered += 1
                layers = [k for k, v in content(shot).items() if content(old)[k] != v]
                notes.append(f"{shot.label} changes ({', '.join(layers)})")
                if shot.shot_id in standing and old.narrative_layer != shot.narrative_layer:
                    people.append(f"{shot.label}: the script changes under a person's work")
            else:
                kept += 1
        if notes:
            changed.append((shots[0].scene_number, scene, notes))
    gone = [s for s in before.values() if s.shot_id not in seen] if report.film else []
    for shot in gone:
        if shot.shot_id in standing:
            people.append(f"{shot.label}: its script text is gone; a person's work goes to the bin")
    return Rehearsal(report, changed, kept, altered, added, len(gone), people)


class Production:
    """A production opened for looking, and for a person's decisions."""

    def __init__(self, path: Path) -> None:
        self.folder, _ = find_folder(path)
        self.folder.require()
        self.journal = Journal(self.folder.journal, readonly=True)

    def close(self) -> None:
        self.journal.close()

    def __enter__(self) -> Production:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @cached_property
    def configured(self) -> Configured:
        """The settings of the last run: what was given on its command line holds until another is given."""
        return load(self.folder.settings, {}, remembered=remembered_flags(self.journal))

    @cached_property
    def screenplay(self) -> Screenplay:
        return Screenplay.model_validate_json(self._value("read"))

    @cached_property
    def story(self) -> Story:
        return Story.model_validate_json(self._value("weave"))

    @cached_property
    def casting(self) -> tuple[Casting, ...]:
        return TypeAdapter(tuple[Casting, ...]).validate_json(self._value("casting"))

    @cached_property
    def standing(self) -> dict[str, Standing]:
        return fold(self.journal.ledger())

    @cached_property
    def _rows(self) -> list[FilmRow]:
        return self.journal.film()

    @cached_property
    def _agents_film(self) -> list[tuple[str, list[Shot]]]:
        """The crew's own film: the scenes' results, numbered, with the flags of the cuts between them."""
        scenes = [(row.scene, self.bundles[row.scene].shots) for row in self._rows]
        locked = self.journal.locked_numbers()
        film = number_film(scenes, self.screenplay, self.configured.settings.film, locked) if scenes else []
        flags = [Flag.model_validate(flag) for row in self._rows for flag in json.loads(row.flags)]
        return [(row.scene, part) for row, part in zip(self._rows, flag_across(film, flags), strict=True)]

    @cached_property
    def texts(self) -> dict[str, str]:
        """Shot id -> the script text that it carries."""
        return {shot: text for row in self._rows for shot, text in row.shots}

    @cached_property
    def film(self) -> list[tuple[str, list[Shot]]]:
        """(scene id, shots as people left them), in order."""
        texts = self.texts if self.standing else {}
        return [(scene, lay_over(shots, self.standing, texts)) for scene, shots in self._agents_film]

    @cached_property
    def shots(self) -> list[Shot]:
        return [shot for _, shots in self.film for shot in shots]

    @cached_property
    def bundles(self) -> dict[str, SceneBundle]:
        return {s: SceneBundle.model_validate_json(v) for s, v in iterate_results(self.journal, "scene")}

    def wanted(self) -> list[tuple[WantedAsset, list[str]]]:
        """What the libraries lack, with the numbers of the scenes that need it, most needed first."""
        numbers = self.scene_numbers
        needs: dict[str, tuple[WantedAsset, list[str]]] = {}
        for scene, _ in self.film:
            bundle = self.bundles.get(scene)
            for asset in bundle.wanted if bundle else ():
                needs.setdefault(asset.proposed_key, (asset, []))[1].append(numbers[scene])
        return sorted(needs.values(), key=lambda pair: (-len(pair[1]), pair[0].proposed_key))

    def document(self) -> Film:
        """What every export is made from."""
        from shotwright.production import wire

        keys = {c.key for c in self.casting if c.key}
        assets = wire.asset_library(self.configured.settings.assets.libraries).assets() if keys else ()
        return Film(
            shots=tuple(self.shots),
            title=self.story.title,
            settings=self.configured.settings.film,
            story=self.story,
            screenplay=self.screenplay,
            castings=self.casting,
            wanted=tuple(asset for asset, _ in self.wanted()),
            assets=tuple(a for a in assets if a.key in keys),
        )

    def binned(self) -> list[BinnedShot]:
        scenes: dict[str, str] = {s.shot_id: s.scene_id for s in self.shots}
        return bin_of(self.standing, self.texts, scenes)

    @cached_property
    def scene_numbers(self) -> dict[str, str]:
        locked = {i: n for (k, i), n in self.journal.locked_numbers().items() if k == "scene"}
        return number_scenes(self.screenplay.scenes, locked)

    def _value(self, step: str) -> str:
        value = self.journal.current_value(step)
        if value is None:
            raise ProductionError(
                f"{self.folder.path}: no finished run yet", hint="shotwright run goes on from where it stopped"
            )
        return value

    # finding

    def find_scene(self, name: str) -> str:
        """Scene id for a number (`12`, `012`, `12A`) or an id."""
        by_number = {n.casefold(): s for s, n in self.scene_numbers.items()}
        scene = by_number.get(name.casefold().lstrip("0") or "0") or by_number.get(name.casefold())
        if scene is None and name in self.scene_numbers:
            scene = name
        if scene is None:
            numbers = list(self.scene_numbers.values())
            raise InputError(f"no scene {name}", hint=f"scenes are numbered {numbers[0]} to {numbers[-1]}")
        return scene

    def find_shots(self, name: str) -> list[Shot]:
        """The shots meant by a shot's id or label, a set-up's id or slate, or `scene 12`."""
        if name.casefold().startswith(("scene ", "scene/")):
            scene = self.find_scene(name[6:].strip())
            return next((shots for s, shots in self.film if s == scene), [])
        for attribute in ("shot_id", "label", "setup_id", "slate"):
            found = [s for s in self.shots if str(getattr(s, attribute)).casefold() == name.casefold()]
            if found:
                return found
        hint = f"labels look like {self.shots[0].label}, slates like {self.shots[0].slate}" if self.shots else ""
        raise InputError(f"no shot or set-up called {name}", hint=hint)

    def setups(self) -> list[SetupRef]:
        found: dict[str, list[Shot]] = {}
        for shot in self.shots:
            found.setdefault(shot.setup_id, []).append(shot)
        return [
            SetupRef(setup_id=group[0].setup_id, slate=group[0].slate, shots=tuple(s.shot_id for s in group))
            for group in found.values()
        ]

    def brief(self, scene: str) -> SceneBrief:
        """The brief of one scene, from the story store."""
        from shotwright.production import wire
        from shotwright.production.projection import brief_from_answer, scene_node

        store = wire.story_store(self.folder.store)
        try:
            return brief_from_answer(store.run("scene_briefing", scene=scene_node(scene)))
        finally:
            store.close()

    # deciding

    def decide(
        self,
        kind: LedgerKind,
        shots: Sequence[Shot],
        *,
        field: str = "",
        value: Any = None,
        note: str = "",
    ) -> list[LedgerEntry]:
        """Write acts of a person to the ledger, checked first: an edit must leave a valid shot."""
        if len(note) > LONGEST_NOTE:
            raise InputError(f"the note is {len(note)} characters long", hint=f"at most {LONGEST_NOTE}")
        if kind in ("edit", "unpin") and field:
            require_editable(field)
        entries = [self._entry(kind, shot, field, value, note) for shot in shots]
        if kind == "edit":
            for shot, entry in zip(shots, entries, strict=True):
                overlay_edits(shot, {field: entry})
        with self.folder.locked():
            journal = Journal(self.folder.journal)
            try:
                done = journal.append(entries)
                if kind == "approve":
                    journal.lock_numbers(numbers_to_lock([shots for _, shots in self._agents_film]))
            finally:
                journal.close()
        for name in ("standing", "film", "shots"):
            self.__dict__.pop(name, None)
        return done

    def _entry(self, kind: LedgerKind, shot: Shot, field: str, value: Any, note: str) -> LedgerEntry:
        tree = json.loads(shot.model_dump_json())
        was = json.dumps(get_field(tree, field), ensure_ascii=False) if field and kind == "edit" else ""
        if kind == "edit":
            set_field(tree, field, value)
        content = json.dumps(value, ensure_ascii=False) if kind == "edit" else ""
        if kind == "approve":
            content = shot.model_dump_json()
        return LedgerEntry(
            sequence=0, kind=kind, shot_id=shot.shot_id, field=field, value_json=content, was_json=was, note=note,
            source_text=self.texts.get(shot.shot_id, ""), label=shot.label,
        )  # fmt: skip
