"""Functions of text: cutting, searching, replacing, patterns, regular expressions, hashes and words."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.aql.function_calls import Caller, answer, warning

from shotwright.aql.functions.automaton import MOST_TRIES, compile_pattern
from shotwright.aql.functions.matching import is_like
from shotwright.errors import QueryError


@pytest.mark.parametrize(
    ("name", "arguments", "value"),
    [
        ("CONCAT", (None, 1.0, True, [2, {"a": "é"}]), '1true[2,{"a":"é"}]'),
        ("CONCAT_SEPARATOR", (", ", ["wren", None, "otter"]), "wren, otter"),
        ("SUBSTRING", ("heron", -3, 2), "ro"),
        ("SUBSTRING", ("heron", 1, -2), ""),
        ("LEFT", ("heron", -1), ""),
        ("RIGHT", ("heron", 2), "on"),
        ("TRIM", ("\t a \n", 1), "a \n"),
        ("TRIM", ("--a--", "-"), "a"),
        ("LTRIM", ("xxa", ""), "xxa"),
        ("CONTAINS", ("heron", ""), False),
        ("FIND_FIRST", ("banana", "an", 2), 3),
        ("FIND_FIRST", ("banana", ""), 0),
        ("FIND_LAST", ("banana", "an", 0, 2), 1),
        ("FIND_LAST", ("banana", "x"), -1),
        ("SPLIT", ("a-b,c", ["-", ","]), ["a", "b", "c"]),
        ("SPLIT", ("abc", ""), ["a", "b", "c"]),
        ("SPLIT", ("a-b-c", "-", 2), ["a", "b"]),
        ("SPLIT", ("a-b", "-", -1), None),
        ("SUBSTITUTE", ("aab", ["aa", "a"], ["x", "y"]), "xb"),
        ("SUBSTITUTE", ("aaa", "a", "b", 2), "bba"),
        ("SUBSTITUTE", ("cat dog", {"cat": "dog", "dog": "cat"}), "dog cat"),
        ("STARTS_WITH", ("foobar", ["f", "fo", "x"], 2), True),
        ("STARTS_WITH", ("foobar", ["f", "fo", "x"], 3), False),
        ("UPPER", ("straße",), "STRASSE"),
        ("REVERSE", ("abc",), "cba"),
        ("REPEAT", ("ab", 0), ""),
        ("SUBSTRING_BYTES", ("naïve", 2, 2), "ï"),
        ("TO_STRING", ([1.0, 1e9, 0.5],), "[1,1e+9,0.5]"),
        ("JSON_PARSE", ("[1.0, 1e3, null]",), [1, 1000, None]),
        ("CRC32", ("",), "0"),
        ("FNV64", ("",), "CBF29CE484222325"),
        ("ENCODE_URI_COMPONENT", ("a b/ü",), "a%20b%2F%C3%BC"),
        ("IPV4_TO_NUMBER", ("10.0.0.255",), 167772415),
        ("IS_IPV4", ("1.2.3.04",), False),
        ("TO_CHAR", (233,), "é"),
        ("LEVENSHTEIN_DISTANCE", ("ab", "ba"), 2),
        ("LEVENSHTEIN_MATCH", ("ab", "ba", 1), True),
        ("LEVENSHTEIN_MATCH", ("ab", "ba", 1, False), False),
        ("SOUNDEX", ("",), ""),
        ("SOUNDEX", (" 1 Pfister",), "P123"),
        ("SOUNDEX", ("ab-b",), "A110"),
        ("NGRAM_SIMILARITY", ("abc", "abc", 2), 1),
        ("NGRAM_SIMILARITY", ("a", "abc", 2), 0),
    ],
)  # fmt: skip
def test_functions_of_text(name: str, arguments: tuple[Any, ...], value: Any) -> None:
    assert answer(name, *arguments) == value


@pytest.mark.parametrize(
    ("text", "pattern", "insensitive", "like"),
    [
        ("cart", "ca_t", False, True),
        ("carrot", "ca%t", False, True),
        ("carrot", "ca_t", False, False),
        ("", "%", False, True),
        ("", "_", False, False),
        ("a\nb", "a%b", False, True),
        ("100%", "100\\%", False, True),
        ("100x", "100\\%", False, False),
        ("a\\b", "a\\\\b", False, True),
        ("a_b", "a\\_b", False, True),
        ("Müller", "mÜ%", True, True),
        ("ab", "%a%b%b%", False, False),
        ("aXbXc", "a%b_c", False, True),
        ("abab", "%ab", False, True),
        ("a.c", "a.c", False, True),
        ("abc", "a.c", False, False),
    ],
)
def test_like(text: str, pattern: str, insensitive: bool, like: bool) -> None:
    assert is_like(text, pattern, insensitive=insensitive) is like


@given(st.text("ab", max_size=12), st.text("ab%_", max_size=8))
def test_like_agrees_with_the_regular_expression_that_it_stands_for(text: str, pattern: str) -> None:
    expression = "".join({"%": ".*", "_": "."}.get(one, one) for one in pattern)
    assert is_like(text, pattern) is (re.fullmatch(expression, text) is not None)


def test_like_takes_no_time_over_many_wildcards() -> None:
    started = time.perf_counter()
    assert not is_like("a" * 20_000, "%a" * 200 + "%b")
    assert time.perf_counter() - started < 1


# Regular expressions


@pytest.mark.parametrize(
    ("pattern", "text", "groups"),
    [
        (r"^([a-z0-9_\.-]+)@([\da-z-]+)\.([a-z\.]{2,6})$", "john@doe.com", ["john@doe.com", "john", "doe", "com"]),
        (r"(a)|(b)", "b", ["b", "", "b"]),
        (r"(?i)WREN", "the wren", ["wren"]),
        (r"\bwren\b", "wrens", None),
        (r"[[:upper:]][^\s]+", "the Quay", ["Quay"]),
        (r"\p{Lu}\P{Lu}+", "the Quay", ["Quay"]),
        (r"(?:ab)+", "xababa", ["abab"]),
        (r"(?:ab)+?", "xababa", ["ab"]),
        (r"(a+)+b", "aaab", ["aaab", "aaa"]),
        (r"^the(\n[a-w]+)+\nfox$", "the\nquick\nbrown\nfox", ["the\nquick\nbrown\nfox", "\nbrown"]),
        (r"a{2,3}", "aaaa", ["aaa"]),
        (r"\Qa.b\E", "xa.b", ["a.b"]),
        (r"[\]x-]+", "a]-x", ["]-x"]),
        (r"a$", "a\n", ["a"]),
        (r"(?m)^b$", "a\nb\nc", ["b"]),
        (r"(?s)a.b", "a\nb", ["a\nb"]),
        (r"a.b", "a\nb", None),
        (r"\x41\u0042\x{43}", "ABC", ["ABC"]),
        (r"(?<day>\d+)", "day 12", ["12", "12"]),
        (r"", "abc", [""]),
    ],
)
def test_regular_expressions(pattern: str, text: str, groups: list[str] | None) -> None:
    assert answer("REGEX_MATCHES", text, pattern) == groups


@settings(max_examples=300, deadline=None)
@given(
    st.recursive(
        st.sampled_from(["a", "b", ".", "[ab]", "[^a]", r"\w", "a|b", "ab", "^", "$", r"\b", ""]).map(
            lambda one: f"(?:{one})"
        ),
        lambda inner: st.one_of(
            inner.map(lambda one: f"({one})"),
            st.tuples(inner, st.sampled_from(["?", "??", "*", "+", "*?", "{0,2}"])).map(
                lambda both: f"(?:{both[0]}x){both[1]}"
            ),
            st.tuples(inner, inner).map("".join),
            st.tuples(inner, inner).map(lambda both: f"(?:{both[0]}|{both[1]})"),
        ),
        max_leaves=6,
    ),
    st.text("abx", max_size=8),
)
def test_the_machine_finds_what_pythons_own_expressions_find(pattern: str, text: str) -> None:
    searcher = compile_pattern(pattern, False)
    expected, at = [], 0
    while at <= len(text) and (match := re.compile(pattern).search(text, at)) is not None:
        expected.append(tuple(match.span(group) for group in range(searcher.groups + 1)))
        at = match.end() + (match.end() == match.start())
    assert list(searcher._run_all(Caller(), text)) == expected
    assert list(searcher.find_all(Caller(), text)) == expected


@pytest.mark.parametrize("pattern", ["(a+)+$", "^(a|a)*$", "(a|aa)+$", "(?:a?){30}a{30}$", "(.*)*x", "^(\\w+\\s?)*$"])
def test_expressions_that_go_back_for_ever_elsewhere_end_soon(pattern: str) -> None:
    started = time.perf_counter()
    assert answer("REGEX_TEST", "a" * 60 + "!", pattern) is False
    assert time.perf_counter() - started < 1


def test_a_search_that_takes_too_long_is_a_clear_error() -> None:
    with pytest.raises(QueryError, match="takes too long"):
        answer("REGEX_TEST", "a" * 300_000, "(a|b|ab)*(a|b|ab)*(a|b|ab)*c")
    started = time.perf_counter()
    assert answer("REGEX_TEST", "x" * 1000, "x*x*x*x*y") is False
    assert time.perf_counter() - started < 5
    assert MOST_TRIES < 10**8


@pytest.mark.parametrize(
    "pattern", [r"(a)\1", "(?=a)", "(?!a)", "(?>a)", "a++", "[a&&b]", r"\p{Greek}", "a{1,5000}", "a" * 1001]
)
def test_what_is_not_done_is_said_and_not_guessed(pattern: str) -> None:
    with pytest.raises(QueryError):
        answer("REGEX_TEST", "a", pattern)


@pytest.mark.parametrize(
    "pattern", ["(", ")", "[a", "*", "a{", "a{2,1}", "\\", "[b-a]", "(?<1a>b)(?<1a>c)", r"\y", "[[:nope:]]"]
)
def test_what_is_no_regular_expression_gives_null(pattern: str) -> None:
    assert warning("REGEX_TEST", "a", pattern) == 1553


def test_replacing_and_splitting_with_regular_expressions() -> None:
    assert answer("REGEX_REPLACE", "wren, otter", r"(\w+), (\w+)", r"$2 and $1 \$") == "otter and wren $"
    assert answer("REGEX_REPLACE", "abc", "x*", "-") == "-a-b-c-"
    assert answer("REGEX_REPLACE", "2020-05", r"(?<year>\d{4})", "${year}!") == "2020!-05"
    assert warning("REGEX_REPLACE", "a", "(a)", "$2") == 1553
    assert answer("REGEX_SPLIT", "a1b22c", r"\d+") == ["a", "b", "c"]
    assert answer("REGEX_SPLIT", "a1b", r"(\d)") == ["a", "1", "b"]
    assert answer("REGEX_SPLIT", "a1b2c", r"\d", False, 2) == ["a", "b"]


# Words


def test_words_of_english_and_german_are_stemmed() -> None:
    assert answer("TOKENS", "The herons' nests weren't generously lined.", "text_en") == [
        "the", "heron", "nest", "weren't", "generous", "line",
    ]  # fmt: skip
    assert answer("TOKENS", ["Häuser", ["Verwirklichung"]], "text_de") == [["haus"], [["verwirklich"]]]
    assert answer("TOKENS", "as it is", "identity") == ["as it is"]
    with pytest.raises(QueryError, match="text_fr is not here"):
        answer("TOKENS", "mot", "text_fr")
