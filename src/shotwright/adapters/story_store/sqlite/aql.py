"""Raw AQL over the file: the interpreter on one state of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shotwright.adapters.story_store.sqlite.graph_data import SqliteGraphData
from shotwright.model.query import RawAnswer

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping
    from pathlib import Path

    from shotwright.model.query import AskLimits


def ask_aql(
    db: sqlite3.Connection, path: Path | None, text: str, bind: Mapping[str, Any], production: str, limits: AskLimits
) -> RawAnswer:
    """Ask within a read transaction of the connection. QueryError for a query that cannot be answered."""
    from shotwright.aql.interpreter import run_query
    from shotwright.aql.limits import Limits

    values = dict(bind)
    if "production" not in values and _names_production(text):
        values["production"] = production
    db.execute("BEGIN")
    try:
        most = Limits(seconds=limits.seconds, rows=limits.rows)
        found = run_query(text, values, SqliteGraphData(db, path), limits=most, truncate=True)
    finally:
        db.rollback()
    return RawAnswer(
        rows=tuple(found.rows), warnings=tuple(said for _, said in found.warnings), truncated=found.truncated
    )


def _names_production(text: str) -> bool:
    from shotwright.aql.failures import Fault
    from shotwright.aql.lexing import tokens

    try:
        return any(token.type == "BIND" and token == "@production" for token in tokens(text))
    except Fault:
        return False
