"""shotwright schema"""

from __future__ import annotations

import difflib

import click

from shotwright.cli.terminal import print_json
from shotwright.errors import InputError
from shotwright.exports import schemas


@click.command("schema")
@click.argument("name", required=False, default="shot")
@click.option("--list", "listing", is_flag=True, help="List the schemas.")
def command(name: str, listing: bool) -> None:
    """Print the JSON Schema of a shot (or of a flat shot, a film, an asset)."""
    known = schemas()
    if listing:
        for entry in known:
            click.echo(entry)
        return
    if name not in known:
        close = difflib.get_close_matches(name, known, 1)
        raise InputError(
            f"there is no schema called {name}", hint=f"did you mean {close[0]}?" if close else ", ".join(known)
        )
    print_json(known[name])
