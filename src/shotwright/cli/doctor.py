"""shotwright doctor"""

from __future__ import annotations

import platform
import sqlite3
import sys
from pathlib import Path

import click

from shotwright import __version__
from shotwright.cli.terminal import print_json
from shotwright.errors import ShotwrightError
from shotwright.production.blobs import Blobs
from shotwright.production.config import load
from shotwright.production.files import ProductionFolder
from shotwright.production.film import wanted_blobs
from shotwright.production.graph import examine_graph
from shotwright.production.journal import Journal
from shotwright.production.wire import diagnose_models


@click.command("doctor")
@click.argument("production", required=False, type=click.Path(path_type=Path), metavar="[DIR]")
@click.option("--clean", is_flag=True, help="Drop results that nothing refers to any more.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def command(production: Path | None, clean: bool, as_json: bool) -> int:
    """Check the installation and, when a production is named, its health."""
    checks: list[tuple[str, bool, str]] = [
        ("Python 3.11 or later", sys.version_info >= (3, 11), platform.python_version()),
        ("SQLite 3.35 or later", sqlite3.sqlite_version_info >= (3, 35), sqlite3.sqlite_version),
        ("kernel file locks", platform.system() in ("Linux", "Darwin"), platform.system()),
    ]
    try:
        settings = load(ProductionFolder(production).settings if production else None, {}).settings
        checks.append(("settings", True, "valid"))
        for state, line, hint in diagnose_models(settings.models):
            checks.append(("language model", state != "fail", f"{line}; {hint}" if hint else line))
    except ShotwrightError as error:
        checks.append(("settings", False, error.message))
    if production is not None:
        checks.extend(_examine(ProductionFolder(production), clean))
    if as_json:
        told = [{"check": name, "ok": good, "detail": detail} for name, good, detail in checks]
        print_json({"version": __version__, "checks": told})
    else:
        click.echo(f"shotwright {__version__}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}")
    for name, good, detail in checks if not as_json else ():
        click.echo(f"{'ok  ' if good else 'FAIL'}  {name}: {detail}")
    return 0 if all(good for _, good, _ in checks) else 1


def _examine(folder: ProductionFolder, clean: bool) -> list[tuple[str, bool, str]]:
    folder.require()
    try:
        with folder.locked(), Journal(folder.journal) as journal:
            verdict = journal.verify()
            found = [("journal", verdict == "ok", verdict)]
            if clean:
                wanted = wanted_blobs(journal)
                dropped, freed = journal.clean()
                found.append(("clean", True, f"{dropped} results dropped, {freed / 1e6:.1f} MB freed"))
                pictures, size = Blobs(folder.frames).keep_only(wanted)
                found.append(("clean", True, f"{pictures} pictures dropped, {size / 1e6:.1f} MB freed"))
    except ShotwrightError as error:
        return [("journal", False, error.message)]
    try:
        graph = examine_graph(folder.path)
    except ShotwrightError as error:
        graph = [("fail", error.message, error.hint)]
    found.append(_examine_eyes(folder))
    return found + [("story graph", level != "fail", _told(level, line, hint)) for level, line, hint in graph]


def _examine_eyes(folder: ProductionFolder) -> tuple[str, bool, str]:
    from shotwright.production import wire
    from shotwright.production.sight import Sight

    if not wire.eyes_at_hand():
        return ("frames", True, 'none are drawn: the vision extra is not installed (pip install "shotwright[vision]")')
    settings = load(folder.settings, {}).settings.vision
    sight = Sight(lambda: wire.vision_service(settings, folder), settings.url)
    try:
        found = sight.describe()
    except ShotwrightError as error:
        return ("frames", False, f"{sight.name}: {error.message}")
    finally:
        sight.close()
    return ("frames", True, f"looked at by {sight.name}: {found.model.name}, {found.wire} wire, on {found.device}")


def _told(level: str, line: str, hint: str) -> str:
    said = line if level != "warn" else f"warning: {line}"
    return f"{said} ({hint})" if hint else said
