"""The only place that knows which technology stands behind a port."""

from __future__ import annotations

import os
from contextlib import closing
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from shotwright.adapters.asset_library.folder import FolderAssetLibrary
from shotwright.adapters.story_store import SqliteStoryStore
from shotwright.adapters.story_store.sqlite.backup import put_back_file
from shotwright.errors import ConfigError, InputError, StoreError, VisionError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from shotwright.adapters.language_model.settings import LanguageModelSettings
    from shotwright.adapters.story_store.arango import ArangoSettings
    from shotwright.model.vocabulary import Agent
    from shotwright.ports.asset_library import AssetLibrary
    from shotwright.ports.language_model import LanguageModel
    from shotwright.ports.story_store import StoryStore
    from shotwright.ports.vision_service import VisionService
    from shotwright.production.asking import Mind
    from shotwright.production.config import ModelSettings, StoreSettings, VisionSettings
    from shotwright.production.estimate import Price
    from shotwright.production.files import ProductionFolder

OWN = "film"
SHARED_FILE = "sqlite:"
SERVERS = ("arangodb://", "arangodb+tls://")


def story_store(settings: StoreSettings, folder: ProductionFolder, *, read_only: bool = False) -> StoryStore:
    """The store that the settings name, opened for the folder's production."""
    if settings.url.startswith(SERVERS):
        from shotwright.adapters.story_store.arango import ArangoStoryStore

        return ArangoStoryStore(arango_settings(settings), store_name(settings, folder))
    return SqliteStoryStore(store_file(settings, folder), store_name(settings, folder), read_only=read_only)


def store_file(settings: StoreSettings, folder: ProductionFolder) -> Path:
    """The embedded store's file. ConfigError for an address that no store understands."""
    if not settings.url:
        return folder.store
    name = settings.url.removeprefix(SHARED_FILE)
    if name == settings.url or not name.strip("/"):
        raise ConfigError(
            f"store.url = {settings.url!r} names no store",
            hint="sqlite:FILE or arangodb://HOST:8529/DATABASE, or leave it empty for the production's own file",
        )
    return Path(name)


def diagnose_store(settings: StoreSettings, folder: ProductionFolder) -> list[tuple[str, str, str]]:
    """(ok, warn or fail; what was found; what to do) of a server, or of the embedded store's file."""
    if settings.url.startswith(SERVERS):
        from shotwright.adapters.story_store.arango import diagnose

        return [(f.level, f.line, f.hint) for f in diagnose(arango_settings(settings))]
    file = store_file(settings, folder)
    if not file.exists():
        return [("ok", f"{file.name}: not there yet; a run makes it", "")]
    try:
        with closing(SqliteStoryStore(file, store_name(settings, folder), read_only=True)) as store:
            faults = store.check()
    except StoreError as error:
        return [("fail", error.message, error.hint)]
    rebuild = "shotwright graph DIR --rebuild makes it again from the journal"
    return [("fail", fault, rebuild) for fault in faults] or [("ok", f"{file.name}: whole and as it was put", "")]


def back_up_store(settings: StoreSettings, folder: ProductionFolder, target: Path) -> None:
    """Copy the embedded store's file, also while a run writes to it. ConfigError for a server."""
    with closing(SqliteStoryStore(_own_file(settings, folder), store_name(settings, folder), read_only=True)) as store:
        store.backup(target)


def restore_store(settings: StoreSettings, folder: ProductionFolder, source: Path) -> None:
    """Make the embedded store's file what a backup is, whatever is there now. ConfigError for a server."""
    put_back_file(source, _own_file(settings, folder), store_name(settings, folder))


def _own_file(settings: StoreSettings, folder: ProductionFolder) -> Path:
    if settings.url.startswith(SERVERS):
        raise ConfigError(
            "a server's data is backed up with the server's own tools",
            hint="arangodump and arangorestore; shotwright graph DIR --export FILE takes one film out",
        )
    return store_file(settings, folder)


def store_name(settings: StoreSettings, folder: ProductionFolder) -> str:
    """The production's name in its store; in a file of its own always the same, so that the folder may be renamed."""
    return settings.production or (folder.store_name if settings.url else OWN)


def arango_settings(settings: StoreSettings) -> ArangoSettings:
    """The server's address with the secrets that the named environment variables hold."""
    from shotwright.adapters.story_store.arango import ArangoSettings

    return ArangoSettings(
        url=settings.url,
        username=settings.username,
        password=os.environ.get(settings.password_env, "") if settings.password_env else "",
        token=os.environ.get(settings.token_env, "") if settings.token_env else "",
        ca_file=Path(settings.ca_file) if settings.ca_file else None,
        timeout_seconds=settings.timeout_seconds,
    )


def eyes_at_hand() -> bool:
    """Whether frames can be drawn here: the libraries of the `vision` extra are installed."""
    from importlib.util import find_spec

    return all(find_spec(name) is not None for name in ("numpy", "PIL"))


def require_picture(data: bytes, name: str) -> None:
    """InputError unless the bytes are a whole picture of a kind that is looked at, within bounds."""
    if not eyes_at_hand():
        raise ConfigError("attaching pictures needs Pillow", hint='pip install "shotwright[vision]"')
    from shotwright.vision.pictures import decode

    try:
        decode(data)
    except VisionError as error:
        raise InputError(f"{name}: {error.message}", hint=error.hint) from error


def vision_service(settings: VisionSettings, folder: ProductionFolder) -> VisionService:
    """The service that the settings name; without one the eyes in this process, which keep what they know in the
    production's folder."""
    if settings.url:
        from shotwright.adapters.vision_service.http import HttpVisionService
        from shotwright.adapters.vision_service.link import HttpVisionSettings

        token = os.environ.get(settings.token_env, "") if settings.token_env else ""
        return HttpVisionService(
            HttpVisionSettings(address=settings.url, token=token, timeout_seconds=settings.timeout_seconds)
        )
    from shotwright.adapters.vision_service.local import open_local
    from shotwright.vision.backbones import BackboneSettings

    wanted = BackboneSettings(kind=settings.backbone, model=settings.model, threads=1)
    return open_local(folder.vision, settings=wanted, inline=True)


def asset_library(folders: Sequence[str]) -> AssetLibrary:
    """Folder libraries in order of precedence; none is an empty library."""
    return FolderAssetLibrary([Path(f) for f in folders])


AGENTS: tuple[Agent, ...] = (
    "architect", "director", "cinematographer", "art_director", "sound_designer", "continuity_supervisor"
)  # fmt: skip


def minds(settings: ModelSettings, *, priced: bool = False, ready: bool = False) -> dict[Agent, Mind]:
    """The language model of each agent that has one; none where no model is configured. Opens and asks nothing.
    `priced`: a budget must be kept, so a model whose price nobody knows is a ConfigError; `ready`: so is one that could
    not be asked."""
    from shotwright.production.asking import Mind

    found: dict[Agent, Mind] = {}
    known: dict[str, Mind] = {}
    for agent in AGENTS:
        spelling = settings.of(agent)
        if not spelling:
            continue
        if spelling not in known:
            own = language_model_settings(settings, spelling)
            opening = partial(_open_model, own)
            if ready:
                # Says at once what stands in the way: a key, a package, a name.
                opening()
            known[spelling] = Mind(spelling, own.fingerprint(), opening, _cost(settings, spelling))
        found[agent] = known[spelling]
    if priced:
        unpriced = next((m.spelling for m in known.values() if m.cost(1000, 1000) is None), None)
        if unpriced is not None:
            raise ConfigError(
                f"models: no price is known for {unpriced}, so a budget cannot be kept",
                hint="set models.price_input and models.price_output (USD a million tokens; 0 for a model of your own)",
            )
    return found


def language_model_settings(settings: ModelSettings, spelling: str) -> LanguageModelSettings:
    """One model's settings, checked: ConfigError for a name that means nothing or a key that is not there."""
    from shotwright.adapters.language_model.settings import LanguageModelSettings, parse_model

    parse_model(spelling)
    return LanguageModelSettings(
        model=spelling,
        fallbacks=settings.fallbacks,
        key_env=settings.key_env,
        output=settings.output,
        temperature=None if settings.temperature < 0 else settings.temperature,
        seed=None if settings.seed < 0 else settings.seed,
        thinking=settings.thinking,
        timeout_seconds=settings.timeout_seconds,
        tries=settings.tries,
        price_input=settings.price_input if _own_price(settings, spelling) else None,
        price_output=settings.price_output if _own_price(settings, spelling) else None,
    )


def _open_model(settings: LanguageModelSettings) -> LanguageModel:
    from shotwright.adapters.language_model import open_model

    return open_model(settings)


def _own_price(settings: ModelSettings, spelling: str) -> bool:
    """Whether the settings' prices are this model's: a served one's, or one's that no list has. With a model of one's
    own beside a cloud's, the cloud's keeps its list price."""
    from shotwright.adapters.language_model.counting import price_of

    return settings.price_input >= 0 and settings.price_output >= 0 and price_of(spelling) is None


def price_of(settings: ModelSettings) -> Callable[[str], Price | None]:
    """Model as spelled -> its price; None where nobody knows it. The settings' prices are those of unlisted models."""

    @cache
    def known(spelling: str) -> Price | None:
        if _own_price(settings, spelling):
            return settings.price_input, settings.price_input, settings.price_output
        from shotwright.adapters.language_model.counting import price_of

        return price_of(spelling)

    return known


def _cost(settings: ModelSettings, spelling: str) -> Callable[[int, int], float | None]:
    """(input tokens, output tokens) -> USD."""
    price = price_of(settings)

    def cost(input_tokens: int, output_tokens: int) -> float | None:
        known = price(spelling)
        return None if known is None else (input_tokens * known[0] + output_tokens * known[2]) / 1e6

    return cost


def diagnose_models(settings: ModelSettings) -> list[tuple[str, str, str]]:
    """(ok, warn or fail; what was found; what to do) of every model that an agent has. Asks none of them."""
    from shotwright.adapters.language_model.diagnosis import diagnose

    spellings = dict.fromkeys(s for s in map(settings.of, AGENTS) if s)
    return [found for spelling in spellings for found in diagnose(language_model_settings(settings, spelling))]


def token_counter() -> tuple[str, Callable[[str], int]]:
    """(name, count of a text's tokens) of the tokenizer at hand."""
    from shotwright.adapters.language_model.counting import tokenizer

    found = tokenizer()
    return found.name, found.count
