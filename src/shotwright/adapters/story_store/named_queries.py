"""The texts of the named queries, which stand beside the code as one file a query and technology."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Literal


@cache
def query_text(name: str, technology: Literal["aql", "sql"]) -> str:
    """The text of a named query of `QUERIES`. Its parameters are bound by name, and `production` always."""
    file = files("shotwright.adapters.story_store") / "queries" / f"{name}.{technology}"
    return file.read_text(encoding="utf-8")
