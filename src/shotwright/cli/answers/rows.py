"""Rows of an answer, for people and for programs."""

from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING, Any

import click

from shotwright.cli.terminal import SHORT_CELL, console, print_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shotwright.cli.answers.names import Names

LONGEST_CELL = 240
"""Of a cell on a terminal; when piped nothing is cut."""
NO_BREAK = "\u00a0"
NARROWEST = 18
"""Of a column of sentences."""
WORD = re.compile(r"[a-z]+(_[a-z]+)+")
"""A word of a vocabulary: `tension_rising`."""
TELLING = ("name", "synopsis", "summary", "description", "label", "text", "feeling", "entity", "asset")
"""Fields that stand for a whole object in a cell, the first that has words."""
UNTOLD = frozenset({"confidence", "lines", "units", "evidence"})
"""Fields of an object that say where it comes from, and not what it is: left out of a cell on a terminal."""


def canonical(value: Any) -> str:
    """A value as one line of JSON, names sorted: the same for the same answer, whichever store gave it."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def print_rows_json(rows: Sequence[Any], *, lines: bool) -> None:
    """A JSON array with a row a line, or JSON lines."""
    if lines:
        for row in rows:
            click.echo(canonical(row))
        return
    click.echo("[" + ",".join(f"\n{canonical(row)}" for row in rows) + ("\n]" if rows else "]"))


def print_rows(
    title: str, columns: Sequence[str], rows: Sequence[Mapping[str, Any]], names: Names | None = None
) -> None:
    """A table; with `names`, ids are shown as people know them and a scene's place in the film as its number.

    On a terminal the columns share its width; where even that is too narrow each row is a paragraph.
    """
    shown = _columns(columns) if names else list(columns)
    tty = sys.stdout.isatty()
    heads = [_head(column) if names else column for column in shown]
    table = [[_cell(row.get(column), column, names, tty) for column in shown] for row in rows]
    if tty:
        _print_to_fit([head.replace("_", " ") for head in heads], table)
    else:
        print_table(title, heads, table)


def _print_to_fit(heads: Sequence[str], table: Sequence[Sequence[str]]) -> None:
    from rich.table import Table
    from rich.text import Text

    screen = console()
    kept = _telling(table, len(heads))
    natural = [max([len(w) for w in heads[i].split()] + [len(row[i]) for row in table]) for i in kept]
    room = screen.width - 3 * (len(kept) - 1) - 1
    fixed = sum(w for w in natural if w <= SHORT_CELL)
    long = [w for w in natural if w > SHORT_CELL]
    if room - fixed < NARROWEST * len(long):
        _print_paragraphs([heads[i] for i in kept], [[row[i] for i in kept] for row in table])
        return
    drawn = Table(show_edge=False, pad_edge=False, header_style="bold")
    left, waiting = room - fixed, sum(long)
    for i, width in zip(kept, natural, strict=True):
        if width > SHORT_CELL:
            share = min(width, max(NARROWEST, left * width // waiting))
            left, waiting = left - share, waiting - width
            width = share
        drawn.add_column(heads[i], width=width, overflow="fold")
    for row in table:
        drawn.add_row(*(Text(_cut(row[i])) for i in kept))
    screen.print(drawn)


def _telling(table: Sequence[Sequence[str]], count: int) -> list[int]:
    """Columns that say something: not those that are empty or `no` in every row, or the same as one before."""
    seen: list[list[str]] = []
    kept = []
    for i in range(count):
        cells = [row[i] for row in table]
        if cells not in seen and any(cell not in ("", "no") for cell in cells):
            seen.append(cells)
            kept.append(i)
    return kept or list(range(count))


def _print_paragraphs(heads: Sequence[str], table: Sequence[Sequence[str]]) -> None:
    from rich.padding import Padding
    from rich.text import Text

    screen = console()
    for row in table:
        first, *rest = [
            (head, _cut(cell)) for head, cell in zip(heads, row, strict=True) if cell not in ("", "no")
        ] or [("", "")]
        words = Text()
        for head, cell in rest:
            words.append("" if not words else "  ")
            words.append(head.replace(" ", NO_BREAK) + NO_BREAK, style="dim").append(cell)
        screen.print(Text(f"{first[0]} {first[1]}", style="bold"))
        screen.print(Padding(words, (0, 0, 0, 4)))


def print_values(rows: Sequence[Any]) -> None:
    """Rows of any JSON value: objects as a table, text as it is, the rest as JSON, a line each."""
    if rows and all(isinstance(row, dict) for row in rows):
        columns = list(dict.fromkeys(name for row in rows for name in row))
        print_rows("", columns, rows)
        return
    for row in rows:
        click.echo(row if isinstance(row, str) and "\n" not in row else canonical(row))


def _columns(columns: Sequence[str]) -> list[str]:
    """Without the places of scenes that stand beside them by number."""
    return [
        c for c in columns
        if not (c == "order" and "scene" in columns)
        and not (c.endswith("_order") and f"{c.removesuffix('order')}scene" in columns)
    ]  # fmt: skip


def _head(column: str) -> str:
    return column.removesuffix("order") + "scene" if column.endswith("_order") else column


def _cell(value: Any, column: str, names: Names | None, tty: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, int):
        if names and column.endswith("_order"):
            return names.number(names.order[value]) if 0 <= value < len(names.order) else str(value)
        return str(value)
    if isinstance(value, str):
        if names and tty and WORD.fullmatch(value):
            return value.replace("_", " ")
        return names.show(value) if names else value
    if names is None:
        return canonical(value)
    if isinstance(value, list | tuple):
        if column == "lines" and len(value) == 2:
            return str(value[0]) if value[0] == value[1] else f"{value[0]}-{value[1]}"
        return ", ".join(_cell(item, "", names, tty) for item in value)
    told = next((str(value[field]) for field in TELLING if value.get(field)), "")
    if told or not tty:
        return names.show(told) if told else canonical(value)
    parts = ((field, _cell(part, field, names, tty)) for field, part in value.items() if field not in UNTOLD and part)
    return ", ".join(f"{field.replace('_', ' ')} {part}" for field, part in parts if part)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"
