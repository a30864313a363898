"""shotwright assets"""

from __future__ import annotations

from pathlib import Path

import click

from shotwright.cli.terminal import print_json, print_table
from shotwright.production.opened import Production


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
        rows = [
            (a.proposed_key, a.kind, a.name, ", ".join(dict.fromkeys(scenes)), a.why) for a, scenes in wanted
        ]
        print_table("Wanted", ("proposed key", "kind", "what", "scenes", "why"), rows)
        if not only_wanted:
            click.echo("")
            print_table(
                "In use",
                ("key", "for", "shots"),
                [(key, ", ".join(sorted(set(e))), str(len(e))) for key, e in sorted(uses.items())],
            )
        click.echo(f"{len(wanted)} wanted, {len(uses)} in use", err=True)
