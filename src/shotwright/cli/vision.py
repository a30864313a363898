"""shotwright vision"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shotwright.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.vision.eyes import Eyes
    from shotwright.vision.video_library import SeenShot

PORT = 3012
MEGABYTE = 1024 * 1024
CACHE_MB = 512
MOST_FILM_BYTES = 32 * 1024**3
MOST_FILM_SECONDS = 5 * 3600.0
"""Of a film on this machine, which its owner names: more than over the wire."""

data_option = click.option(
    "--data",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Where pictures and the shot library are kept; without it in the user's data folder.",
)
model_option = click.option(
    "--model",
    default="",
    metavar="MODEL",
    help="A DINOv3 of your own: an ONNX file, a folder with model.onnx, or a hub id. Without it the embedded DINOv2.",
)
cache_option = click.option(
    "--cache-mb",
    default=CACHE_MB,
    show_default=True,
    type=click.IntRange(0, 1_000_000),
    metavar="MB",
    help="Embeddings kept on disk; those that were longest not asked for go first. Media are never touched.",
)


@click.group("vision")
def command() -> None:
    """The vision service: it looks at frames, and suggests how to photograph shots."""


@command.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, metavar="HOST", help="Address to listen at.")
@click.option(
    "--port", default=PORT, show_default=True, type=click.IntRange(1, 65535), metavar="N", help="Port to listen at."
)
@data_option
@model_option
@cache_option
@click.option("--token-env", metavar="NAME", help="The variable that holds the bearer token to ask of everyone.")
@click.option(
    "--allow-host", "allowed", multiple=True, metavar="HOST", help="Fetch pictures by URL from this host; repeatable."
)
def serve(
    host: str,
    port: int,
    folder: Path | None,
    model: str,
    cache_mb: int,
    token_env: str | None,
    allowed: tuple[str, ...],
) -> None:
    """Serve the base wire of DINOv3 Utilities and our extension of it, under /api/v1.

    Nothing but this machine can reach it unless --host says otherwise, and then a token is asked.
    """
    token = os.environ.get(token_env, "") if token_env else ""
    if token_env and not token:
        raise ConfigError(f"the variable {token_env} is empty", hint="put the token into it, or leave --token-env out")
    try:
        from importlib.metadata import version

        import uvicorn

        from shotwright.vision.backbones import BackboneSettings
        from shotwright.vision.fetching import Fetching
        from shotwright.vision.opening import open_eyes
        from shotwright.vision.service.app import make_app
        from shotwright.vision.service.gate import LOOPBACK, Bounds
    except ImportError as error:
        raise ConfigError(f"the vision service needs {error.name}", hint='pip install "shotwright[vision]"') from error
    if host not in LOOPBACK and not token:
        raise ConfigError(f"{host} can be reached by others", hint="name a token's variable with --token-env")
    place = _place(folder)
    eyes = open_eyes(
        place,
        settings=BackboneSettings(model=model),
        fetching=Fetching(hosts=frozenset(name.lower() for name in allowed)),
        cache_bytes=cache_mb * MEGABYTE,
        version=version("shotwright"),
        atlas=True,
    )
    click.echo(f"shotwright vision at http://{host}:{port}/api/v1, keeping its pictures in {place}", err=True)
    uvicorn.run(make_app(eyes, Bounds(token=token)), host=host, port=port, log_level="warning")


@command.command("add")
@click.argument("films", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@data_option
@model_option
@click.option(
    "--threshold",
    default=0.3,
    show_default=True,
    type=click.FloatRange(0.01, 1.0),
    metavar="0-1",
    help="How unlike two frames must be for a cut.",
)
@click.option("--describe", default="", metavar="TEXT", help="What the film's shots show, for the search by words.")
@click.option("--json", "as_json", is_flag=True, help="Print the shots as JSON.")
def add(
    films: tuple[Path, ...], folder: Path | None, model: str, threshold: float, describe: str, as_json: bool
) -> None:
    """Find the shots of FILMS and put them into the shot library, each with its move, size, light and keyframe.

    The films stay where they are; only keyframes are kept. The same film twice is there once.
    """
    try:
        from shotwright.vision.backbones import BackboneSettings
        from shotwright.vision.opening import open_eyes
        from shotwright.vision.video_library import embed_keyframes, see_film, store_film
        from shotwright.vision.video_shots import FilmBounds
    except ImportError as error:
        raise ConfigError(f"reading films needs {error.name}", hint='pip install "shotwright[vision,video]"') from error
    eyes = open_eyes(_place(folder), settings=BackboneSettings(model=model), inline=True, atlas=True)
    try:
        for film in films:
            bounds = FilmBounds(
                most_bytes=MOST_FILM_BYTES, most_seconds=MOST_FILM_SECONDS, cpu_seconds=MOST_FILM_SECONDS
            )
            click.echo(f"{film.name}: looking for cuts and moves …", err=True)
            facts, seen = see_film(eyes, film, bounds, threshold=threshold)
            ids, added = store_film(eyes, seen, film.name, described=describe)
            embed_keyframes(eyes, seen)
            click.echo(_report(film.name, seen, ids, as_json))
            click.echo(f"{film.name}: {len(ids)} shots in {facts.seconds:.1f} s, {added} new in the library", err=True)
    finally:
        _close(eyes)


@command.command("prune")
@data_option
@cache_option
def prune(folder: Path | None, cache_mb: int) -> None:
    """Forget the embeddings that were longest not asked for. Pictures, films and shots stay."""
    try:
        from shotwright.vision.library import ShotLibrary
    except ImportError as error:
        raise ConfigError(f"the shot library needs {error.name}", hint='pip install "shotwright[vision]"') from error
    place = _place(folder)
    if not (place / "library.db").is_file():
        raise ConfigError(f"{place} holds no vision library", hint="give its folder with --data")
    library = ShotLibrary(place, shared=True, cache_bytes=cache_mb * MEGABYTE)
    try:
        click.echo(f"{library.prune_embeddings()} embeddings forgotten")
    finally:
        library.close()


def _report(film: str, seen: Sequence[SeenShot], ids: Sequence[str], as_json: bool) -> str:
    """The shots of a film for people, a line each and only what is sure, or as a JSON array."""
    from shotwright.vision.video_looks import SURE

    rows = [
        {
            "film": film,
            "shot_id": shot_id,
            "start": one.shot.start,
            "end": one.shot.end,
            "movement": one.shot.move.kind,
            "speed": one.shot.move.speed,
            "movement_confidence": one.shot.move.confidence,
            "shot_size": one.look.shot_size,
            "shot_size_confidence": one.look.confidence,
            "key_style": one.look.key_style,
            "light_direction": one.look.light_direction,
        }
        for one, shot_id in zip(seen, ids, strict=True)
    ]
    if as_json:
        return json.dumps(rows, indent=2)
    return "\n".join(
        f"{row['start']:9.3f}  {row['end']:9.3f}  {row['movement']:<13}  {row['speed']:<9}  "
        f"{row['shot_size'] or '-' if one.look.confidence >= SURE else '-':<16}  {row['shot_id']}"
        for row, one in zip(rows, seen, strict=True)
    )


def _close(eyes: Eyes) -> None:
    import asyncio

    asyncio.run(eyes.close())


def _place(folder: Path | None) -> Path:
    return folder or _data_home() / "shotwright" / "vision"


def _data_home() -> Path:
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
