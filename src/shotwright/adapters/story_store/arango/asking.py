"""Raw AQL on the server: what may be asked, and the answer within its limits.

Two judges keep it from writing: our own parser, where the query is within what it knows, and the server's plan, which
says of every query whether it changes anything.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from shotwright.adapters.story_store.canonical import whole
from shotwright.errors import QueryError
from shotwright.model.query import AskLimits, RawAnswer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shotwright.adapters.story_store.arango.connection import Connection
    from shotwright.aql import syntax

LONGEST_QUERY = 200_000
"""Characters."""
_WRITING = frozenset({"InsertNode", "UpdateNode", "ReplaceNode", "RemoveNode", "UpsertNode"})


def ask_aql(
    connection: Connection, production: str, text: str, bind: Mapping[str, Any], limits: AskLimits | None
) -> RawAnswer:
    """Ask a raw query that only reads. QueryError for one that is wrong, writes, or passes its limits."""
    limits = limits or AskLimits()
    if len(text) > LONGEST_QUERY:
        raise QueryError(f"the query is longer than {LONGEST_QUERY:,} characters", hint="shorten it")
    values = dict(bind)
    try:
        json.dumps(values, allow_nan=False)
    except (ValueError, TypeError, RecursionError) as error:
        raise QueryError(f"what is bound to the query is not JSON: {error}") from error
    query = _parsed(text)
    if query is not None:
        _refuse_writes(query, text)
    with connection.reporting(limits.seconds):
        if "production" not in values and _names_production(connection, text):
            values["production"] = production
        _require_reading(connection, text, values)
    rows, warnings, more = connection.ask(text, values, seconds=limits.seconds, limit=limits.rows)
    return RawAnswer(rows=tuple(whole(row) for row in rows), warnings=warnings, truncated=more)


def _parsed(text: str) -> syntax.Query | None:
    """The syntax tree; None for what our parser does not know: the server has the last word about that."""
    from shotwright.aql.parser import parse

    try:
        return parse(text)
    except QueryError:
        return None


def _refuse_writes(query: syntax.Query, text: str) -> None:
    from shotwright.aql import syntax

    ahead: list[Any] = [query]
    while ahead:
        node = ahead.pop()
        if isinstance(node, syntax.Write | syntax.Upsert):
            kind = node.kind if isinstance(node, syntax.Write) else "UPSERT"
            line, column = syntax.where(text, node.at)
            raise QueryError(
                f"a raw query may only read, and this one has {kind}", hint="use FOR … RETURN", line=line, column=column
            )
        ahead += syntax.children(node)


def _names_production(connection: Connection, text: str) -> bool:
    from shotwright.aql.failures import Fault
    from shotwright.aql.lexing import tokens

    if "@production" not in text:
        return False
    try:
        return any(token.type == "BIND" and token == "@production" for token in tokens(text))
    except Fault:
        parsed = connection.again(lambda: connection.send("post", "/_api/query", {"query": text}))
        return "production" in parsed.get("bindVars", ())


def _require_reading(connection: Connection, text: str, values: Mapping[str, Any]) -> None:
    asked = {"query": text, "bindVars": dict(values)}
    plan = connection.again(lambda: connection.send("post", "/_api/explain", asked)).get("plan", {})
    writes = plan.get("isModificationQuery") or any(
        node.get("type") in _WRITING for node in plan.get("nodes", ())
    )  # fmt: skip
    if writes or any(c.get("type") not in (None, "read") for c in plan.get("collections", ())):
        raise QueryError("a raw query may only read, and this one writes", hint="use FOR … RETURN")
