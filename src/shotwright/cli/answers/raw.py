"""Raw queries as they are typed: bind variables, and where a text is wrong."""

from __future__ import annotations

import json
from typing import Any

import click

from shotwright.errors import QueryError

EXCERPT = 96
"""Characters of a query's line that are shown above the caret."""


def binding(text: str) -> tuple[str, Any]:
    """`name=text` or `name:=JSON` as a bind variable."""
    name, equals, value = text.partition("=")
    as_json = name.endswith(":")
    name = name.removesuffix(":").removeprefix("@").removeprefix(":")
    if not equals or not name:
        raise QueryError(f"--bind {text}: no name and value", hint="write --bind name=text or --bind name:=JSON")
    if not as_json:
        return name, value
    try:
        return name, json.loads(value)
    except (ValueError, RecursionError) as error:
        raise QueryError(f"--bind {name}: not JSON: {value[:40]}", hint=f"--bind {name}=… takes it as text") from error


def point_at(error: QueryError, text: str) -> QueryError:
    """The error with its place in the message; the line and a caret under it go to standard error."""
    lines = text.splitlines()
    if not 1 <= error.line <= len(lines):
        return error
    column = max(1, min(error.column, len(lines[error.line - 1]) + 1))
    start = max(0, column - EXCERPT // 2) if len(lines[error.line - 1]) > EXCERPT else 0
    shown = "".join(c if c.isprintable() else " " for c in lines[error.line - 1][start : start + EXCERPT])
    click.echo(f"  {shown}\n  {' ' * (column - 1 - start)}^", err=True)
    return QueryError(
        f"line {error.line}, column {column}: {error.message}", hint=error.hint, line=error.line, column=error.column
    )
