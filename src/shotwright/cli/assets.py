"""shotwright assets"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shotwright.cli.terminal import print_json, print_table
from shotwright.production.opened import Production

if TYPE_CHECKING:
    from shotwright.model.crew import WantedAsset


@click.command("assets")
@click.argument("production", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--wanted", "only_wanted", is_flag=True, help="Only what the libraries lack.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def command(production: Path, only_wanted: bool, as_json: bool) -> None:
    """List the digital assets: what is wanted first, then what is in use."""
    with Production(production) as opened:
        wanted = opened.wanted()
        uses: dict[str, list[str]] = {}
        for shot in opened.shots:
            for entity, key in shot.digital_assets.bindings.items():
                if isinstance(key, str):
                    uses.setdefault(key, []).append(entity)
        if as_json:
            print_json(
                {
                    "wanted": [
                        {**asset.model_dump(mode="json"), "scenes": list(dict.fromkeys(scenes))}
                        for asset, scenes in wanted
                    ],
                    "used": {key: {"for": sorted(set(e)), "shots": len(e)} for key, e in sorted(uses.items())},
                }
            )
            return
        _print_wanted(wanted)
        if not only_wanted:
            click.echo("")
            print_table(
                "In use",
                ("key", "for", "shots"),
                [(key, ", ".join(sorted(set(e))), str(len(e))) for key, e in sorted(uses.items())],
            )
        click.echo(f"{len(wanted)} wanted, {len(uses)} in use", err=True)


def _print_wanted(wanted: list[tuple[WantedAsset, list[str]]]) -> None:
    """An entry of two lines on a terminal, where keys and reasons are too long for columns; a line each when piped."""
    rows = [(a.proposed_key, a.kind, a.name, _runs(list(dict.fromkeys(scenes))), a.why) for a, scenes in wanted]
    if not sys.stdout.isatty():
        print_table("Wanted", ("proposed key", "kind", "what", "scenes", "why"), rows)
        return
    click.secho("Wanted", bold=True)
    for key, kind, name, scenes, why in rows:
        click.echo(f"{click.style(key, bold=True)}  {kind.replace('_', ' ')}: {name}\n    scenes {scenes}\n    {why}")


def _runs(scenes: list[str]) -> str:
    """`10, 35-42, 45`: the scenes that follow each other are drawn together."""
    runs: list[list[str]] = []
    for scene in scenes:
        if runs and scene.isdigit() and runs[-1][-1].isdigit() and int(scene) == int(runs[-1][-1]) + 1:
            runs[-1].append(scene)
        else:
            runs.append([scene])
    return ", ".join(run[0] if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)
