"""shotwright config"""

from __future__ import annotations

from pathlib import Path

import click

from shotwright.cli.terminal import print_json, print_table
from shotwright.production.config import load
from shotwright.production.files import ProductionFolder


@click.command("config")
@click.argument("production", required=False, type=click.Path(path_type=Path), metavar="[DIR]")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def command(production: Path | None, as_json: bool) -> None:
    """Show each setting and where it comes from.

    Settings are read from flags, SHOTWRIGHT_* variables, DIR/shotwright.toml and the user's own shotwright.toml, in
    that order.
    """
    configured = load(ProductionFolder(production).settings if production else None, {})
    tree = configured.settings.model_dump(mode="json")
    rows = [
        (key, tree[key.partition(".")[0]][key.partition(".")[2]], origin) for key, origin in configured.origins.items()
    ]
    if as_json:
        print_json({key: {"value": value, "from": origin} for key, value, origin in rows})
        return
    print_table("", ("setting", "value", "from"), [(key, str(value), origin) for key, value, origin in rows])
