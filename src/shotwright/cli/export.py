"""shotwright export"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import click

from shotwright.errors import InputError
from shotwright.exports import EXPORTS, export, export_to
from shotwright.production.files import write_whole
from shotwright.production.opened import Production


@click.command("export")
@click.argument("production", type=click.Path(path_type=Path), metavar="DIR", required=False)
@click.option("--to", "form", metavar="FORMAT", help="json, csv, prompts, summary, contact-sheet, plans or animatic.")
@click.option("--list", "listing", is_flag=True, help="List the formats.")
@click.option("--layout", default="", help="Of json: layered (the default) or flat.")
@click.option("--model", default="", help="Of prompts: veo, kling, runway, wan, ltx …")
@click.option("--scene", "scenes", multiple=True, metavar="NUMBER", help="Only this scene; may be given several times.")
@click.option("--clean", is_flag=True, help="Of the animatic: no slate, clock or words on it.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="A file; else standard output.")
def command(
    production: Path | None,
    form: str | None,
    listing: bool,
    layout: str,
    model: str,
    scenes: tuple[str, ...],
    clean: bool,
    output: Path | None,
) -> None:
    """Write the film in a format that another tool reads, or that people look at.

    On a terminal a contact sheet, plans or an animatic go to a file in the production's folder.
    """
    if listing:
        for made in EXPORTS.values():
            options = "".join(f" [--{o}]" for o in made.options)
            click.echo(f"{made.name:<14}{made.what}{options}")
        return
    if production is None or form is None:
        raise InputError("export needs a production and a format", hint="shotwright export DIR --to json, or --list")
    with Production(production) as opened:
        if not opened.shots:
            raise InputError(f"{production}: no shots yet", hint=f"shotwright run {production}")
        film = opened.document()
        if scenes:
            wanted = {opened.find_scene(name) for name in scenes}
            film = replace(film, shots=tuple(shot for shot in film.shots if shot.scene_id in wanted))
        asked = {"layout": layout, "model": model, "clean": "yes" if clean else ""}
        chosen = EXPORTS.get(form)
        pictured = chosen is not None and chosen.write_file is not None
        if chosen is not None and pictured and output is None and sys.stdout.isatty():
            output = opened.folder.path / f"{form}.{chosen.extension}"
        if output is None:
            data = export(film, form, **asked)
        elif pictured:
            written = export_to(film, form, output, **asked)
        else:
            write_whole(output, export(film, form, **asked))
            written = [output]
    if output is not None:
        click.echo("\n".join(map(str, written)), err=True)
    elif isinstance(data, bytes):
        sys.stdout.buffer.write(data)
    else:
        click.echo(data, nl=False)
