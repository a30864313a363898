"""A production opened for looking, and for a person's decisions."""

from __future__ import annotations

import json
from contextlib import closing
from functools import cached_property
from typing import TYPE_CHECKING, Any, get_args

from pydantic import TypeAdapter

from shotwright.errors import InputError, ProductionError
from shotwright.model.crew import Casting, WantedAsset
from shotwright.model.layers import require_editable
from shotwright.model.review import BinnedShot, LedgerEntry, LedgerKind, SetupRef
from shotwright.model.screenplay import Screenplay
from shotwright.model.shot import Flag, Shot
from shotwright.model.story import SceneBrief, Story
from shotwright.model.vocabulary import AssetKind
from shotwright.production.blobs import Blobs
from shotwright.production.config import Configured, load
from shotwright.production.files import ProductionFolder
from shotwright.production.film import SceneBundle, ScreenedScene, flag_across
from shotwright.production.journal import FilmRow, Journal, iterate_results
from shotwright.production.ledger import Standing, bin_of, fold, get_field, lay_over, overlay_edits, set_field
from shotwright.production.number import number_film, number_scenes, numbers_to_lock

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from shotwright.exports import Film

LONGEST_NOTE = 2000
LARGEST_PICTURE = 24 * 2**20
"""Bytes of a picture that a person attaches."""


def find_folder(target: Path, out: Path | None = None) -> tuple[ProductionFolder, Path | None]:
    """(production folder, screenplay or None) for what the user named: a screenplay file or a production folder."""
    if out is not None:
        return ProductionFolder(out), None if target.is_dir() else target
    if target.is_dir():
        return ProductionFolder(target), None
    return ProductionFolder.beside(target), target


def remembered_flags(journal: Journal) -> dict[str, Any]:
    """Settings that earlier runs were given on the command line."""
    kept = json.loads(journal.meta("flags") or "{}")
    return {key: tuple(value) if isinstance(value, list) else value for key, value in kept.items()}


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
        return Story.model_validate_json(self._value("retell", "weave"))

    @cached_property
    def casting(self) -> tuple[Casting, ...]:
        return TypeAdapter(tuple[Casting, ...]).validate_json(self._value("recast", "casting"))

    @cached_property
    def standing(self) -> dict[str, Standing]:
        return fold(self.journal.ledger())

    @cached_property
    def _rows(self) -> list[FilmRow]:
        return self.journal.film()

    @cached_property
    def _agents_film(self) -> list[tuple[str, list[Shot]]]:
        """The crew's own film: the scenes' results, numbered, with the flags of the cuts between them."""
        scenes = [(row.scene, self._shots_of(row.scene)) for row in self._rows]
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
        answered = int(self.journal.meta("answered") or 0)
        return [(scene, lay_over(shots, self.standing, texts, answered)) for scene, shots in self._agents_film]

    @cached_property
    def shots(self) -> list[Shot]:
        return [shot for _, shots in self.film for shot in shots]

    def _shots_of(self, scene: str) -> tuple[Shot, ...]:
        screened = self.screened.get(scene)
        return screened.shots if screened is not None else self.bundles[scene].shots

    @cached_property
    def screened(self) -> dict[str, ScreenedScene]:
        """Scene -> its dailies, where they are of the scene as it stands."""
        keys = self.journal.current("scene")
        found = {s: ScreenedScene.model_validate_json(v) for s, v in iterate_results(self.journal, "screen")}
        return {scene: screened for scene, screened in found.items() if screened.of == keys.get(scene)}

    @cached_property
    def blobs(self) -> Blobs:
        return Blobs(self.folder.frames)

    @cached_property
    def bundles(self) -> dict[str, SceneBundle]:
        return {s: SceneBundle.model_validate_json(v) for s, v in iterate_results(self.journal, "scene")}

    def wanted(self) -> list[tuple[WantedAsset, list[str]]]:
        """What the libraries lack, with the numbers of the scenes that need it: by kind, the most needed first."""
        numbers = self.scene_numbers
        needs: dict[str, tuple[WantedAsset, list[str]]] = {}
        for scene, _ in self.film:
            bundle = self.bundles.get(scene)
            for asset in bundle.wanted if bundle else ():
                needs.setdefault(asset.proposed_key, (asset, []))[1].append(numbers[scene])
        kinds = get_args(AssetKind)
        return sorted(needs.values(), key=lambda pair: (kinds.index(pair[0].kind), -len(pair[1]), pair[0].proposed_key))

    def document(self) -> Film:
        """What every export is made from."""
        from shotwright.exports import Film
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
            pictures=self.blobs.get,
        )

    def binned(self) -> list[BinnedShot]:
        scenes: dict[str, str] = {s.shot_id: s.scene_id for s in self.shots}
        return bin_of(self.standing, self.texts, scenes)

    @cached_property
    def scene_numbers(self) -> dict[str, str]:
        locked = {i: n for (k, i), n in self.journal.locked_numbers().items() if k == "scene"}
        return number_scenes(self.screenplay.scenes, locked)

    def require_told(self) -> None:
        """Raise ProductionError when no run has told the story yet; nothing of it is read."""
        self._value("weave")

    def _value(self, *steps: str) -> str:
        """What the last run stands on for the first of the steps that it did."""
        value = next((v for v in map(self.journal.current_value, steps) if v is not None), None)
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

        settings = self.configured.settings.store
        with closing(wire.story_store(settings, self.folder, read_only=True)) as store:
            return brief_from_answer(store.run("scene_briefing", scene=scene_node(scene)))

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

    def attach(self, shots: Sequence[Shot], picture: Path, at: str) -> list[LedgerEntry]:
        """Put a person's picture in place of a frame of the shots. InputError for what is no picture, or too large."""
        try:
            data = picture.read_bytes() if picture.stat().st_size <= LARGEST_PICTURE else b""
        except OSError as error:
            raise InputError(f"{picture}: cannot read ({error.strerror or error})") from error
        if not data:
            most = f"at most {LARGEST_PICTURE // 2**20} MB"
            raise InputError(f"{picture}: empty, or too large for a picture", hint=most)
        from shotwright.production import wire

        wire.require_picture(data, str(picture))
        with self.folder.locked():
            sha256 = self.blobs.put(data)
        return self.decide("attach", shots, field=at, value=sha256)

    def _entry(self, kind: LedgerKind, shot: Shot, field: str, value: Any, note: str) -> LedgerEntry:
        tree = json.loads(shot.model_dump_json())
        was = json.dumps(get_field(tree, field), ensure_ascii=False) if field and kind == "edit" else ""
        if kind == "edit":
            set_field(tree, field, value)
        content = json.dumps(value, ensure_ascii=False) if kind in ("edit", "attach") else ""
        if kind == "approve":
            content = shot.model_dump_json()
        return LedgerEntry(
            sequence=0, kind=kind, shot_id=shot.shot_id, field=field, value_json=content, was_json=was, note=note,
            source_text=self.texts.get(shot.shot_id, ""), label=shot.label,
        )  # fmt: skip
