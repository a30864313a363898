"""The production's Story Graph: opened for questions, made again from the journal, copied, backed up and restored."""

from __future__ import annotations

import json
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shotwright.errors import ProductionError, StoreDamaged, StoreError
from shotwright.model.ids import digest
from shotwright.production.journal import Journal, dumps
from shotwright.production.opened import Production

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from shotwright.model.asset import Asset
    from shotwright.model.crew import Casting, WantedAsset
    from shotwright.model.graph import ReplaceReport
    from shotwright.model.shot import Shot
    from shotwright.ports.story_store import StoryStore
    from shotwright.production.config import StoreSettings
    from shotwright.production.files import ProductionFolder

HOMES = "graph_homes"
"""In the journal: the stores that this production has put its graph into."""
STATE = "graph"
"""In the journal: what the graph was when the journal and it last agreed."""


@contextmanager
def open_graph(path: Path) -> Iterator[StoryStore]:
    """The production's graph for reading. ProductionError when no run has told the story yet."""
    from shotwright.production import wire

    with Production(path) as production:
        settings = production.configured.settings.store
        production.require_told()
        with closing(wire.story_store(settings, production.folder, read_only=True)) as store:
            yield store


def open_store(settings: StoreSettings, folder: ProductionFolder, journal: Journal) -> StoryStore:
    """The store for a run to write to. A damaged file of our own is moved aside: the run makes the graph again.

    A server or a shared file that already holds a production of this name, from elsewhere, is refused: two films must
    not overwrite each other.
    """
    from shotwright.production import wire

    own = not settings.url
    try:
        store = wire.story_store(settings, folder)
    except StoreDamaged as error:
        if not own:
            raise
        aside = set_aside(folder.store)
        journal.log([("graph", "", f"{error.message}; moved to {aside.name} and made again")])
        store = wire.story_store(settings, folder)
    if not own:
        try:
            claim(store, settings, folder, journal)
        except BaseException:
            store.close()
            raise
    return store


def set_aside(path: Path) -> Path:
    """Move a file that cannot be used out of the way, with what SQLite keeps beside it; nothing is deleted."""
    number = 1
    while (aside := path.with_name(f"{path.name}.damaged{number}")).exists():
        number += 1
    for ending in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            path.with_name(path.name + ending).rename(aside.with_name(aside.name + ending))
    return aside


def home_of(settings: StoreSettings, folder: ProductionFolder) -> str:
    """The place of a production's graph, as the journal remembers it."""
    from shotwright.production import wire

    return f"{settings.url or folder.store.name} {wire.store_name(settings, folder)}"


def homes(journal: Journal) -> list[str]:
    return list(json.loads(journal.meta(HOMES) or "[]"))


def settle(journal: Journal, home: str) -> None:
    """Remember that this production's graph may be written there."""
    known = homes(journal)
    if home not in known:
        journal.set_meta(HOMES, dumps([*known, home]))


def claim(store: StoryStore, settings: StoreSettings, folder: ProductionFolder, journal: Journal) -> None:
    """Take the production's name in a shared store, or raise ProductionError when another film has it."""
    home = home_of(settings, folder)
    if home not in homes(journal) and store.scopes():
        raise ProductionError(
            f"{settings.url} already holds a production named {store.production}, which this folder did not put there",
            hint="set store.production to another name, or shotwright graph DIR --rebuild replaces what is there",
        )
    settle(journal, home)


def state_of(store: StoryStore) -> str:
    """A mark of all parts that the store holds: cheap, and other when a part is missing, old or touched."""
    return digest(dumps(sorted(store.scopes().items())), length=40)


def stands(settings: StoreSettings, folder: ProductionFolder, journal: Journal) -> bool:
    """Whether the graph is as the journal last left it. Of a server only that it has been told is known: a run with
    nothing to do does not wait for it."""
    from shotwright.production import wire

    marked = json.loads(journal.meta(STATE) or "{}")
    if marked.get("home") != home_of(settings, folder):
        return False
    if settings.url:
        return True
    try:
        with closing(wire.story_store(settings, folder, read_only=True)) as store:
            return bool(state_of(store) == marked.get("state"))
    except StoreError:
        return False


def mark(store: StoryStore, settings: StoreSettings, folder: ProductionFolder, journal: Journal) -> None:
    """Remember in the journal what the graph is, now that both agree."""
    journal.set_meta(STATE, dumps({"home": home_of(settings, folder), "state": state_of(store)}))


@dataclass(frozen=True, slots=True)
class Shooting:
    """What the shots' part of the graph is made from."""

    film: Sequence[tuple[str, Sequence[Shot]]]
    assets: Mapping[str, Asset]
    casting: Sequence[Casting]
    wanted: Sequence[WantedAsset]


def put_shots(store: StoryStore, shooting: Shooting) -> ReplaceReport:
    """Make the graph hold exactly the shots of the film; parts that have not changed cost a comparison."""
    from shotwright.production.shot_projection import ASSETS, SHOTS, project_shots

    parts = project_shots(shooting.film, shooting.assets, shooting.casting, shooting.wanted)
    return store.replace_all(parts, under=(ASSETS, SHOTS))


def rebuild_graph(path: Path) -> ReplaceReport:
    """Make the whole graph again from the journal, whatever the store holds now: nothing is asked of the crew."""
    with Production(path) as production:
        folder, settings = production.folder, production.configured.settings.store
        with folder.locked(), Journal(folder.journal) as journal:
            if settings.url:
                settle(journal, home_of(settings, folder))
            with closing(open_store(settings, folder, journal)) as store:
                return rebuild(production, store, settings, journal)


def rebuild(production: Production, store: StoryStore, settings: StoreSettings, journal: Journal) -> ReplaceReport:
    """As `rebuild_graph`, into a store that is open, by whoever holds the folder."""
    from shotwright.crew.architect import brief_scenes
    from shotwright.production import wire
    from shotwright.production.projection import project_story
    from shotwright.production.shot_projection import project_shots

    configured = production.configured.settings
    briefs = list(brief_scenes(production.story, configured.film))
    parts = project_story(production.story, briefs, production.screenplay.lines)
    if production.film:
        assets = {a.key: a for a in wire.asset_library(configured.assets.libraries).assets()}
        wanted = [asset for asset, _ in production.wanted()]
        parts += project_shots(production.film, assets, production.casting, wanted)
    report = store.replace_all(parts)
    mark(store, settings, production.folder, journal)
    return report


def backup_graph(path: Path, target: Path) -> None:
    """Copy the embedded store's file to `target`, whole or not at all, also while a run writes."""
    from shotwright.production import wire

    with Production(path) as production:
        wire.back_up_store(production.configured.settings.store, production.folder, target)


def restore_graph(path: Path, source: Path) -> None:
    """Make the embedded store's file what the backup is. The next run brings it up to what the journal says."""
    from shotwright.production import wire

    with Production(path) as production, production.folder.locked():
        wire.restore_store(production.configured.settings.store, production.folder, source)


def examine_graph(path: Path) -> list[tuple[str, str, str]]:
    """(ok, warn or fail; what was found; what to do) of the store that the production's settings name."""
    from shotwright.production import wire

    with Production(path) as production:
        return wire.diagnose_store(production.configured.settings.store, production.folder)
