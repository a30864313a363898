"""Answers that a real ArangoDB 3.12 gave, and what the interpreter answers to the same queries.

outside.toml names the recordings that it does not reproduce, and why; one that it does reproduce may not stand there.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.unit.aql.recorded_graphs import GRAPHS

from shotwright.aql.interpreter import run_query
from shotwright.errors import QueryError

if TYPE_CHECKING:
    from collections.abc import Callable

OUTSIDE: dict[str, dict[str, str]] = tomllib.loads(Path(__file__).with_name("outside.toml").read_text(encoding="utf-8"))
BY_SHAPE = {
    "aqlUuid": "random",
    "aqlRandomToken": "random",
    "aqlDateTimeToLocal_3": "asks for the time, and tells the version of the time zones",
    "aqlDateTimeToUTC_3": "tells the version of the time zones",
}
"""Recordings that change with the moment: compared with every digit and letter taken for any other."""
ANY_ORDER = {
    "GRAPHASP_02_Carlisle_to_London": "two paths of one length",
    "GRAPHASP_03_Carlisle_to_London": "two paths of one length",
    "GRAPHKP_01_Aberdeen_to_London": "K_PATHS promises no order",
}
"""Recordings whose order of rows is the server's own choice."""
TOSSED = "GRAPHTRAV_07_traverse_7"
"""Filters by RAND() > 0.5: any part of what it would answer without."""
MADE_BY_THE_STORE = ("_rev",)


def matches(found: Any, recorded: Any) -> bool:
    """The same JSON: 1 is 1.0, true is not 1, and the order of attributes does not count."""
    if isinstance(recorded, dict):
        return (
            isinstance(found, dict)
            and found.keys() == recorded.keys()
            and all(matches(found[name], recorded[name]) for name in recorded if name not in MADE_BY_THE_STORE)
        )
    if isinstance(recorded, list):
        return isinstance(found, list) and len(found) == len(recorded) and all(map(matches, found, recorded))
    return isinstance(found, bool) is isinstance(recorded, bool) and bool(found == recorded)


def shape(value: Any) -> Any:
    if isinstance(value, str):
        return re.sub(r"[A-Za-z0-9_-]", "x", value)
    if isinstance(value, dict):
        return {name: shape(held) for name, held in value.items()}
    return [shape(item) for item in value] if isinstance(value, list) else value


def reproduced(recording: dict[str, Any]) -> str:
    """Empty when the answer is the recorded one, else what differs."""
    name, recorded = recording["name"], recording["result"]
    # The queries were taken from within strings of JavaScript, where every backslash stands twice.
    text = recording["query"].replace("\\\\", "\\")
    try:
        result = run_query(text, recording["bind_vars"] or {}, GRAPHS[recording["dataset"]](), writable=True)
    except QueryError as error:
        return f"{error} (line {error.line}, column {error.column})"
    rows = result.rows
    if name == TOSSED:
        whole = run_query(re.sub("FILTER.*", "", text), {}, GRAPHS[recording["dataset"]]()).rows
        return "" if {*rows, *recorded} <= {*whole} else f"answers {rows}"
    if name in BY_SHAPE:
        rows, recorded = shape(rows), shape(recorded)
    if name in ANY_ORDER:
        rows, recorded = sorted(rows, key=repr), sorted(recorded, key=repr)
    return "" if matches(rows, recorded) else f"answers {rows!r:.300}, recorded {recorded!r:.300}"


@pytest.fixture(scope="module")
def differences(shared_arango: Callable[[str], Any]) -> dict[str, str]:
    """Name -> what differs, of every recording of 3.12 with a result."""
    recordings = [each for each in shared_arango("aql_gold.json") if each["version"] == "3.12"]
    return {each["name"]: reproduced(each) for each in recordings if each["result"] is not None}


def test_every_recorded_answer_inside_the_subset_is_reproduced(differences: dict[str, str]) -> None:
    outside = {name for section in OUTSIDE.values() for name in section}
    wrong = {name: text for name, text in differences.items() if text and name not in outside}
    assert not wrong


def test_nothing_is_called_outside_the_subset_that_is_reproduced(differences: dict[str, str]) -> None:
    outside = {name for section in OUTSIDE.values() for name in section}
    assert outside <= differences.keys()
    assert not {name for name in outside if not differences[name]}


def test_more_than_three_hundred_and_fifty_recorded_answers_are_reproduced(differences: dict[str, str]) -> None:
    assert len(differences) == 395
    assert sum(not text for text in differences.values()) > 350
