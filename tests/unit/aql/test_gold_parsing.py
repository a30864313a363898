"""What real servers answered, the parser and the check must accept."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from shotwright.aql.check import check
from shotwright.aql.parser import parse
from shotwright.errors import QueryError

if TYPE_CHECKING:
    from collections.abc import Callable

_SCRIPT = re.compile(r"\s*(?:var\s|print\(|view\.|db\.)")
_ENDING = re.compile(r"\b(?:RETURN|INSERT|UPDATE|REPLACE|REMOVE|UPSERT)\b", re.IGNORECASE)


def is_script(text: str) -> bool:
    """Whether a recorded text is JavaScript of the shell: it starts as such, or has no word that ends an AQL query."""
    return bool(_SCRIPT.match(text)) or not _ENDING.search(text)


def outcome(entry: dict[str, Any]) -> str:
    if entry["error"]:
        return "an error on the server"
    if is_script(entry["query"]):
        return "JavaScript"
    try:
        query = parse(entry["query"])
    except QueryError as error:
        return f"not parsed: {error}"
    try:
        check(query, entry["query"], bind=entry["bind_vars"] or {})
    except QueryError as error:
        return f"refused: {error}"
    return "valid"


def test_every_valid_recorded_query_of_3_12_parses_and_passes(shared_arango: Callable[[str], Any]) -> None:
    entries = [entry for entry in shared_arango("aql_gold.json") if entry["version"] == "3.12"]
    counts = Counter(outcome(entry) for entry in entries)
    assert set(counts) <= {"valid", "JavaScript", "an error on the server"}
    assert counts["valid"] >= 390
    assert counts["JavaScript"] <= 5


def test_recorded_queries_of_later_versions_fail_only_for_what_3_12_does_not_have(
    shared_arango: Callable[[str], Any],
) -> None:
    entries = [entry for entry in shared_arango("aql_gold.json") if entry["version"] != "3.12"]
    counts = Counter(outcome(entry) for entry in entries)
    newer = {name: count for name, count in counts.items() if name.startswith(("not parsed", "refused"))}
    spread, functions = (
        sum(c for n, c in newer.items() if "found .." in n),
        sum(c for n, c in newer.items() if "unknown function" in n),
    )
    assert spread + functions == sum(newer.values())
    assert counts["valid"] >= 390
