"""AQL values: one order over all types, equality that keeps types apart, casts, and numbers as a server writes them."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shotwright.aql.values import (
    calculate,
    compare,
    distinct_key,
    equal,
    number_text,
    parse_number,
    sort_key,
    to_json,
    to_list,
    to_number,
    to_text,
    truthy,
    type_name,
    whole,
)

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=4),
    lambda items: st.lists(items, max_size=3) | st.dictionaries(st.text("abA", max_size=2), items, max_size=3),
    max_leaves=6,
)


def test_types_are_ordered_from_null_to_object() -> None:
    in_order = [None, False, True, -1, 0, 0.5, 3, "", "a", [], [None], [0], [0, 1], [1], {}, {"b": 1}, {"a": 1}]
    for (here, left), (there, right) in itertools.product(enumerate(in_order), repeat=2):
        assert compare(left, right) == (here > there) - (here < there), (left, right)
    assert sorted(reversed(in_order), key=sort_key) == in_order


def test_an_attribute_that_is_not_there_counts_as_null() -> None:
    assert equal({"a": 1}, {"a": 1, "b": None})
    assert compare({"a": 1, "b": False}, {"a": 1}) == 1


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        (1, 1.0, True),
        (True, 1, False),
        (0, False, False),
        ("1", 1, False),
        ([1], [1.0], True),
        ("a", "A", False),
        (None, 0, False),
    ],
)
def test_equality_and_distinct_keys_keep_types_apart(left: object, right: object, same: bool) -> None:
    assert equal(left, right) is same
    assert (distinct_key(left) == distinct_key(right)) is same


def test_text_is_ordered_by_letter_then_accent_then_case_with_capitals_first() -> None:
    in_order = [
        "",
        " x",
        "_x",
        "-x",
        "!x",
        "$x",
        "10",
        "9",
        "A",
        "a",
        "á",
        "ab",
        "B",
        "b",
        "ea",
        "éa",
        "eb",
        "Zoë",
        "Ω",
        "я",
    ]
    assert sorted(reversed(in_order), key=sort_key) == in_order
    assert sorted(["zoe", "Zoë", "Zoe", "zoë"], key=sort_key) == ["Zoe", "zoe", "Zoë", "zoë"]
    assert sorted(["st", "ß", "sr", "ss"], key=sort_key) == ["sr", "ss", "ß", "st"]


@given(JSON, JSON)
def test_sort_keys_and_comparison_agree(left: object, right: object) -> None:
    result = compare(left, right)
    assert result == -compare(right, left)
    assert (sort_key(left) < sort_key(right)) is (result < 0)
    if distinct_key(left) == distinct_key(right):
        assert result == 0


@given(st.lists(JSON, min_size=3, max_size=3))
def test_the_order_is_transitive(values: list[object]) -> None:
    first, second, third = sorted(values, key=sort_key)
    assert compare(first, second) <= 0
    assert compare(second, third) <= 0
    assert compare(first, third) <= 0


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1.0, "1"),
        (0.5, "0.5"),
        (-0.25, "-0.25"),
        (20.4, "20.4"),
        (0.3333333333333333, "0.3333333333333333"),
        (12345678.0, "12345678"),
        (1e8, "1e+8"),
        (1.5e300, "1.5e+300"),
        (1e-7, "1e-7"),
        (123456.7890123, "1.234567890123e+5"),
        (10**18, "1000000000000000000"),
        (0.0, "0"),
    ],
)
def test_numbers_are_written_as_the_server_writes_them(number: float, text: str) -> None:
    assert number_text(number) == text
    assert float(text) == number


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_written_number_reads_back_as_itself(number: float) -> None:
    assert float(number_text(number)) == number


def test_text_of_compound_values_is_json_without_blanks() -> None:
    assert to_text([5, 6.0, {"b": None, "a": "é\n"}]) == '[5,6,{"b":null,"a":"é\\n"}]'
    assert to_text(None) == ""
    assert to_json(None) == "null"
    assert to_text(True) == "true"


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (None, 0),
        (True, 1),
        ("", 0),
        (" 12 ", 12),
        ("-1.5e2", -150),
        ("5 apples", 0),
        ([], 0),
        ([[7]], 7),
        ([1, 2], 0),
        ({"a": 1}, 0),
    ],
)
def test_casts_to_numbers(value: object, number: float) -> None:
    assert to_number(value) == number


def test_a_text_too_long_to_be_a_number_is_none() -> None:
    assert parse_number("9" * 100_000) is None
    assert parse_number("1e999") is None
    assert to_number("9" * 100_000) == 0


def test_casts_to_lists_and_truth() -> None:
    assert [to_list(value) for value in (None, 0, [1], {"a": 1, "b": 2})] == [[], [0], [1], [1, 2]]
    assert [truthy(value) for value in (None, False, 0, "", "0", [], {}, -1)] == [False] * 4 + [True] * 4
    assert [type_name(value) for value in (None, True, 1.5, "", [], {})] == [
        "null",
        "bool",
        "number",
        "string",
        "array",
        "object",
    ]


def test_arithmetic_stays_whole_within_64_bits_and_ends_in_null_where_there_is_no_answer() -> None:
    assert calculate("+", 2**62, 2**62) == 2**63
    assert isinstance(calculate("*", 2**62, 4), float)
    assert calculate("/", 1, 0) is None
    assert calculate("%", 1, "x") is None
    assert calculate("%", -7, 3) == -1
    assert calculate("%", 7.5, 2) == 1.5
    assert calculate("*", 1e300, 1e300) is None
    assert calculate("+", "3", [4]) == 7
    assert whole(float("nan")) is None
    assert whole(10**400) is None
