"""What the commands share of the terminal: data on stdout, progress and remarks on stderr, no colour when piped."""

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import Console

    from shotwright.production.orders import Progress


def console(*, stderr: bool = False) -> Console:
    """A rich console that keeps plain text plain when nobody is watching."""
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, soft_wrap=not (sys.stderr if stderr else sys.stdout).isatty())


def print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


SHORT_CELL = 22


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table for people; tab-separated lines when piped."""
    if not sys.stdout.isatty():
        click.echo("\t".join(columns))
        for row in rows:
            click.echo("\t".join(cell.replace("\t", " ").replace("\n", " ") for cell in row))
        return
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title or None, title_justify="left", show_edge=False, pad_edge=False, header_style="bold")
    cells = list(rows)
    for i, column in enumerate(columns):
        # Numbers, labels and short names keep to one line; what is long is broken where it must be.
        short = max((len(row[i]) for row in cells), default=0) <= SHORT_CELL
        table.add_column(column, overflow="fold", no_wrap=short)
    for row in cells:
        table.add_row(*(Text(cell) for cell in row))
    console().print(table)


WORDS = {
    "read": "Reading",
    "story": "Architect: the story",
    "shots": "Director: shots",
    "layers": "Specialists: layers",
    "review": "Director, specialists, supervisor",
    "frames": "Frames, looked at",
    "number": "Numbering and proof",
}


REDRAW_SECONDS = 0.1


class ProgressDisplay:
    """Live progress per phase on a terminal; a line a phase when piped."""

    def __init__(self) -> None:
        self._live: Any = None
        self._tasks: dict[str, Any] = {}
        self._said: set[str] = set()
        self._drawn = 0.0
        self._tty = sys.stderr.isatty()

    def __enter__(self) -> Progress:
        if self._tty:
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

            self._live = Progress(
                TextColumn("{task.description:<34}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
                # Drawn when something is done, not by a thread: a run may fork, and threads do not survive it.
                console=console(stderr=True), auto_refresh=False,
            )  # fmt: skip
            self._live.start()
        return self._advance

    def __exit__(self, *_: object) -> None:
        if self._live is not None:
            self._live.stop()

    def _advance(self, phase: str, done: int, total: int) -> None:
        if self._live is not None:
            if phase not in self._tasks:
                self._tasks[phase] = self._live.add_task(WORDS[phase], total=total)
            self._live.update(self._tasks[phase], completed=done, total=total)
            now = time.monotonic()
            if done == total or now - self._drawn > REDRAW_SECONDS:
                self._drawn = now
                self._live.refresh()
        elif done == total and phase not in self._said:
            self._said.add(phase)
            click.echo(f"{WORDS[phase]}: {done}/{total}", err=True)
