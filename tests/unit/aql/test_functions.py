"""The functions of AQL as a whole: which there are, how they refuse, and that no argument breaks them."""

from __future__ import annotations

import ast
import copy
import math
import subprocess
import sys
import tomllib
from importlib import resources
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.aql.function_calls import Caller, answer, warning

from shotwright.aql.functions import AGGREGATES, FUNCTIONS, supported_functions
from shotwright.aql.values import rank
from shotwright.errors import QueryError

ODD_TEXTS = [
    "", "a", "é", "ß", "2020-01-01", "2023-03-26T02:30:00Z", "P1Y2M", "day", "i", "week", "Europe/Berlin", "scenes/1",
    "a/b/c", "%a_", "[a-z]+", "(a|b)*c", "(", "\\", "$1", "{", "-3.5", "1e999", "text_en", "rank", "ABS", "[1,[2",
    '{"a":1}', "127.0.0.1", "0101", "%yyyy-%mm", "\x00", "\ud800", "a" * 200,
]  # fmt: skip
ODD_NUMBERS = [0, 1, -1, 2, 0.5, 1e308, -1e308, 5e-324, 2**31, 2**32, 2**53, 2**63, -(2**63), 2**64 - 1, 86_400_000]
ARGUMENT = st.recursive(
    st.none() | st.booleans() | st.sampled_from(ODD_NUMBERS) | st.sampled_from(ODD_TEXTS),
    lambda items: (
        st.lists(items, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "_id", "type", "coordinates"]), items, max_size=3)
    ),
    max_leaves=5,
)


def is_json(value: Any) -> bool:
    kind = rank(value)
    if kind == 2:
        return math.isfinite(value) and (isinstance(value, float) or -(2**63) <= value < 2**64)
    if kind == 4:
        return isinstance(value, list) and all(map(is_json, value))
    return kind != 5 or all(isinstance(name, str) and is_json(item) for name, item in value.items())


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_no_argument_makes_a_function_fail_in_any_but_the_ways_of_a_query(name: str) -> None:
    function = FUNCTIONS[name]
    most = function.min + 2 if function.max is None else function.max

    @settings(max_examples=12, deadline=None, database=None, derandomize=True)
    @given(st.lists(ARGUMENT, min_size=function.min, max_size=most))
    def holds(arguments: list[Any]) -> None:
        before = copy.deepcopy(arguments)
        try:
            found = function.call(Caller(), *arguments)
        except QueryError:
            return
        assert is_json(found), found
        assert arguments == before, "an argument was changed"

    holds()


def test_every_function_takes_whatever_number_of_arguments_the_table_of_the_language_lets_through() -> None:
    text = resources.files("shotwright.aql").joinpath("functions.toml").read_text(encoding="utf-8")
    families = tomllib.loads(text)["arguments"].values()
    counts = {name: count for family in families for name, count in family.items()}
    assert FUNCTIONS.keys() <= counts.keys()
    for name, function in FUNCTIONS.items():
        least, _, most = counts[name].removesuffix("+").partition("-")
        assert function.min <= int(least), name
        if counts[name].endswith("+"):
            assert function.max is None, name
        else:
            assert function.max is None or function.max >= int(most or least), name


def test_functions_are_listed_by_family_once_each() -> None:
    families = supported_functions()
    assert sum(map(len, families.values())) == len(FUNCTIONS) > 200
    assert {"strings", "arrays", "dates", "documents"} <= families.keys()
    assert "UNION" in families["sets"]
    assert "SLEEP" not in FUNCTIONS


def test_reading_the_package_loads_no_family() -> None:
    program = (
        "import sys, shotwright.aql.functions as functions\n"
        "families = ('strings', 'dates', 'arrays')\n"
        "print([name for name in families if f'shotwright.aql.functions.{name}' in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ast.literal_eval(ran.stdout) == []


def test_a_wrong_argument_gives_null_and_the_warning_of_the_server() -> None:
    caller = Caller()
    assert FUNCTIONS["KEEP"].call(caller, 3, "a") is None
    assert caller.warnings == [(1542, "invalid argument type in call to function 'KEEP()'")]
    assert warning("FIRST", "text") == 1563
    assert warning("DATE_YEAR", "soon") == 1572
    assert warning("REGEX_TEST", "a", "(") == 1553
    assert warning("MEDIAN", ["a"]) == 1561


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("REPEAT", ("abc", 10**12)),
        ("RANGE", (0, 10**15)),
        ("RANGE", (0, 1, 1e-300)),
        ("REPLACE_NTH", ([1], 10**12, 2, 3)),
        ("SUBSTITUTE", ("a" * 100_000, "a", "b" * 100_000)),
        ("REGEX_REPLACE", ("a" * 100_000, "a", "b" * 100_000)),
        ("CONCAT_SEPARATOR", ("x" * 1000, ["y"] * 50_000)),
        ("FLATTEN", ([[0] * 1000] * 1000, 2)),
        ("UNION", ([0] * 100_000, [1])),
    ],
)
def test_what_would_grow_too_large_is_stopped_before_it_is_made(name: str, arguments: tuple[Any, ...]) -> None:
    with pytest.raises(QueryError, match="no room left"):
        FUNCTIONS[name].call(Caller(), *arguments)


@pytest.mark.parametrize(
    ("name", "rows", "value"),
    [
        ("COUNT", [None, 1, 1], 3),
        ("SUM", [1, None, 2.5], 3.5),
        ("SUM", [None], 0),
        ("SUM", [], None),
        ("SUM", [1, "2"], None),
        ("AVG", [1, None, 2], 1.5),
        ("MIN", [3, None, "a", 1], 1),
        ("MAX", [3, None, "a", 1], "a"),
        ("MAX", [None], None),
        ("UNIQUE", [2, 1, 2.0, True], [2, 1, True]),
        ("SORTED_UNIQUE", ["b", "B", "a", "b"], ["a", "B", "b"]),
        ("COUNT_DISTINCT", [1, 1.0, True, None], 3),
        ("VARIANCE", [1, 2, 3, 4], 1.25),
        ("STDDEV_SAMPLE", [2], None),
        ("BIT_OR", [1, None, 4], 5),
        ("BIT_AND", ["x"], None),
        ("PUSH", [2, None], [2, None]),
    ],
)
def test_aggregates(name: str, rows: list[Any], value: Any) -> None:
    assert AGGREGATES[name](rows) == value


def test_functions_of_the_query_itself() -> None:
    assert answer("CURRENT_DATABASE") == "film"
    assert answer("CURRENT_USER") == "wren"
    assert answer("DOCUMENT", "scenes/1")["_key"] == "1"
    assert answer("DOCUMENT", "scenes", "2")["_key"] == "2"
    assert [found["_key"] for found in answer("DOCUMENT", "scenes", ["2", "9", "scenes/1"])] == ["2", "1"]
    assert answer("DOCUMENT", "scenes", "shots/1") is None
    assert answer("COLLECTION_COUNT", "scenes") == 2


def test_a_query_can_warn_and_fail_and_call_by_name() -> None:
    caller = Caller()
    assert FUNCTIONS["WARN"].call(caller, False, "no speech in the scene") is False
    assert caller.warnings == [(1594, "no speech in the scene")]
    assert answer("ASSERT", True, "fine") is True
    with pytest.raises(QueryError, match="too short"):
        answer("ASSERT", 0, "too short")
    with pytest.raises(QueryError, match="FAIL was called: on purpose"):
        answer("FAIL", "on purpose")
    assert answer("CALL", "substring", "guacamole", 2, 4) == "acam"
    assert answer("APPLY", "MAX", [[1, 3, 2]]) == 3
    with pytest.raises(QueryError, match="no function SLEEP"):
        answer("CALL", "SLEEP", 10)
    with pytest.raises(QueryError, match="2 arguments"):
        answer("CALL", "ABS", 1, 2)


def test_random_answers_are_marked_as_such() -> None:
    assert {name for name, function in FUNCTIONS.items() if not function.repeatable} == {
        "DATE_NOW", "RAND", "RANDOM_TOKEN", "UUID",
    }  # fmt: skip
    assert len(answer("RANDOM_TOKEN", 12)) == 12
    assert warning("RANDOM_TOKEN", 10**9) == 1542
    assert 0 <= answer("RAND") < 1
