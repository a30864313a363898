"""shotwright export"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from shotwright.errors import InputError
from shotwright.exports import EXPORTS, export
from shotwright.production.files import write_whole
from shotwright.production.opened import Production


@click.command("export")
@click.argument("production", type=click.Path(path_type=Path), metavar="DIR", required=False)
@click.option("--to", "form", metavar="FORMAT", help="json, csv, prompts or summary.")
@click.option("--list", "listing", is_flag=True, help="List the formats.")
@click.option("--layout", default="", help="Of json: layered (the default) or flat.")
@click.option("--model", default="", help="Of prompts: veo, kling, runway, wan, ltx …")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="A file; else standard output.")
def command(
    production: Path | None, form: str | None, listing: bool, layout: str, model: str, output: Path | None
) -> None:
    """Write the film in a format that another tool reads."""
    if listing:
        for made in EXPORTS.values():
            options = "".join(f" [--{o}]" for o in made.options)
            click.echo(f"{made.name:<9}{made.what}{options}")
        return
    if production is None or form is None:
        raise InputError("export needs a production and a format", hint="shotwright export DIR --to json, or --list")
    with Production(production) as opened:
        if not opened.shots:
            raise InputError(f"{production}: no shots yet", hint=f"shotwright run {production}")
        data = export(opened.document(), form, layout=layout, model=model)
    if output is not None:
        write_whole(output, data)
        click.echo(f"{output}", err=True)
    elif isinstance(data, bytes):
        sys.stdout.buffer.write(data)
    else:
        click.echo(data, nl=False)
