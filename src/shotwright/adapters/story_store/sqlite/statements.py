"""The SQL that stands beside the code as files."""

from __future__ import annotations

import sqlite3
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@cache
def statement(name: str) -> str:
    return (files("shotwright.adapters.story_store.sqlite") / name).read_text(encoding="utf-8")


def run_script(db: sqlite3.Connection, script: str, parameters: Mapping[str, Any]) -> None:
    """Run a script inside the transaction that is open: sqlite3's own `executescript` would commit it first."""
    text = ""
    for line in script.splitlines(keepends=True):
        text += line
        if sqlite3.complete_statement(text):
            db.execute(text, parameters)
            text = ""
