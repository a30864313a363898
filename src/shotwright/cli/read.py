"""shotwright read"""

from __future__ import annotations

from pathlib import Path

import click

from shotwright.cli.terminal import print_json, print_table
from shotwright.screenplay import elements_json, read


@click.command("read")
@click.argument("screenplay", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Every element with its lines, as JSON.")
def command(screenplay: Path, as_json: bool) -> None:
    """Read a screenplay and print what it is made of, without making a production."""
    reading = read(screenplay)
    if as_json:
        print_json(elements_json(reading))
        return
    for key, value in reading.title_page.items():
        click.echo(f"{key}: {value}".replace("\n", " / "))
    play = reading.screenplay
    rows = [
        (
            scene.number or ("-" if scene.implied else str(count)),
            scene.heading.raw or "(before the first heading)",
            f"{play.eighths.get(scene.id, 0)}/8",
            str(sum(u.kind == "speech" for u in scene.units)),
            str(sum(u.kind == "action" for u in scene.units)),
        )
        for count, scene in enumerate(play.scenes, 0 if play.scenes and play.scenes[0].implied else 1)
    ]
    print_table("", ("scene", "heading", "pages", "speeches", "action sentences"), rows)
    headed = sum(not s.implied for s in play.scenes)
    click.echo(f"{headed} scenes, {play.total_pages:.1f} pages", err=True)
