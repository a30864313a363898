"""shotwright vision"""

from __future__ import annotations

import os
from pathlib import Path

import click

from shotwright.errors import ConfigError

PORT = 3012


@click.group("vision")
def command() -> None:
    """The vision service: it looks at frames, and suggests how to photograph shots."""


@command.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, metavar="HOST", help="Address to listen at.")
@click.option(
    "--port", default=PORT, show_default=True, type=click.IntRange(1, 65535), metavar="N", help="Port to listen at."
)
@click.option(
    "--data",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Where pictures and the shot library are kept; without it in the user's data folder.",
)
@click.option("--token-env", metavar="NAME", help="The variable that holds the bearer token to ask of everyone.")
@click.option(
    "--allow-host", "allowed", multiple=True, metavar="HOST", help="Fetch pictures by URL from this host; repeatable."
)
def serve(host: str, port: int, folder: Path | None, token_env: str | None, allowed: tuple[str, ...]) -> None:
    """Serve the base wire of DINOv3 Utilities and our extension of it, under /api/v1.

    Nothing but this machine can reach it unless --host says otherwise, and then a token is asked.
    """
    token = os.environ.get(token_env, "") if token_env else ""
    if token_env and not token:
        raise ConfigError(f"the variable {token_env} is empty", hint="put the token into it, or leave --token-env out")
    try:
        import uvicorn

        from shotwright.vision.fetching import Fetching
        from shotwright.vision.opening import open_eyes
        from shotwright.vision.service.app import make_app
        from shotwright.vision.service.gate import LOOPBACK, Bounds
    except ImportError as error:
        raise ConfigError(f"the vision service needs {error.name}", hint='pip install "shotwright[vision]"') from error
    if host not in LOOPBACK and not token:
        raise ConfigError(f"{host} can be reached by others", hint="name a token's variable with --token-env")
    place = folder or _data_home() / "shotwright" / "vision"
    eyes = open_eyes(place, fetching=Fetching(hosts=frozenset(name.lower() for name in allowed)), atlas=True)
    click.echo(f"shotwright vision at http://{host}:{port}/api/v1, keeping its pictures in {place}", err=True)
    uvicorn.run(make_app(eyes, Bounds(token=token)), host=host, port=port, log_level="warning")


def _data_home() -> Path:
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
