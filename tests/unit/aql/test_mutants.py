"""Every way to spoil a valid query is refused, at the place where it was spoilt.

The mutants are made from the queries of queries_to_spoil.toml; each maker computes the line and column by its own
reading of the text, not by the parser. A second test spoils the recorded queries in the same ways.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from shotwright.aql.check import check
from shotwright.aql.parser import parse
from shotwright.errors import QueryError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

QUERIES: list[tuple[str, dict[str, Any]]] = [
    (given["text"], given.get("bind", {}))
    for given in tomllib.loads(Path(__file__).with_name("queries_to_spoil.toml").read_text(encoding="utf-8"))["query"]
]


class Mutant(NamedTuple):
    kind: str
    text: str
    at: int
    """Offset of the offending place; -1 for the whole."""
    bind: dict[str, Any]


class Word(NamedTuple):
    text: str
    at: int
    kind: str

    @property
    def end(self) -> int:
        return self.at + len(self.text)


_WORD = re.compile(
    r"""(?P<skip>\s+|//[^\n]*|/\*.*?\*/)|(?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`)
    |(?P<number>0x[0-9a-fA-F]+|0b[01]+|(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?)|(?P<bind>@@?\w+)|(?P<word>[A-Za-z_$]\w*)
    |(?P<sign>==|=~|!=|!~|<=|>=|&&|\|\||\.\.|::|.)""",
    re.VERBOSE | re.DOTALL,
)
STATEMENTS = {
    "FOR",
    "LET",
    "FILTER",
    "SORT",
    "LIMIT",
    "COLLECT",
    "RETURN",
    "UPDATE",
    "REMOVE",
    "INSERT",
    "WINDOW",
    "UPSERT",
}
WRITES = {"UPDATE", "REMOVE", "INSERT", "UPSERT", "REPLACE"}
KEYWORDS = STATEMENTS | {
    "IN", "INTO", "WITH", "AND", "OR", "NOT", "LIKE", "AGGREGATE", "GRAPH", "PRUNE", "OPTIONS", "OUTBOUND", "INBOUND",
    "ANY", "TO", "DISTINCT", "ASC", "DESC", "COUNT", "SHORTEST_PATH", "K_PATHS", "K_SHORTEST_PATHS",
    "ALL_SHORTEST_PATHS", "NULL", "TRUE", "FALSE", "ALL", "NONE", "KEEP", "SEARCH", "CURRENT", "NEW", "OLD",
    "REPLACE", "AT", "LEAST",
}  # fmt: skip
CLOSERS = {")": "(", "]": "[", "}": "{"}


def words_of(text: str) -> list[Word]:
    return [
        Word(found.group(), found.start(), str(found.lastgroup))
        for found in _WORD.finditer(text)
        if found.lastgroup != "skip"
    ]


def is_keyword(word: Word | None, *which: str) -> bool:
    if word is None or word.kind != "word":
        return False
    return word.text.upper() in (set(which) or KEYWORDS)


def swap(text: str, word: Word, replacement: str) -> str:
    return text[: word.at] + replacement + text[word.end :]


def _after_with(words: list[Word], word: Word) -> bool:
    """Whether the words before are a list of collections, which swallows any further name."""
    return is_keyword(words[0], "WITH") and is_keyword(word, "FOR") and sum(is_keyword(w, "FOR") for w in words) == 1


def neighbours(words: list[Word]) -> Iterator[tuple[Word | None, Word, Word | None]]:
    for index, word in enumerate(words):
        yield words[index - 1] if index else None, word, words[index + 1] if index + 1 < len(words) else None


def closing_bracket_dropped(text: str, words: list[Word], _: dict[str, Any]) -> Iterator[tuple[str, int]]:
    for before, word, after in neighbours(words):
        if word.text in CLOSERS and before is not None:
            broken = swap(text, word, " ")
            if after is None:
                yield broken.rstrip(), before.end
            elif is_keyword(after, *STATEMENTS - WRITES) or (after.text in CLOSERS and after.text != word.text):
                yield broken, after.at


def opening_bracket_dropped(text: str, words: list[Word], _: dict[str, Any]) -> Iterator[tuple[str, int]]:
    for before, word, after in neighbours(words):
        if word.text != "(" or before is None or before.kind != "word" or is_keyword(before) or after is None:
            continue
        if after.kind in ("word", "string", "number", "bind") and not is_keyword(after):
            yield swap(text, word, " "), after.at


def keyword_dropped(text: str, words: list[Word], _: dict[str, Any]) -> Iterator[tuple[str, int]]:
    sorting = False
    for before, word, after in neighbours(words):
        if is_keyword(word, *STATEMENTS):
            literal = after is not None and after.kind in ("number", "string", "bind")
            plain = after is not None and (literal or (after.kind == "word" and not is_keyword(after)))
            hidden = before is not None and (before.text in "[*?(,:" or is_keyword(before, "UPSERT"))
            hidden = hidden or _after_with(words, word)
            if (
                plain
                and not hidden
                and not (sorting and literal)
                and not is_keyword(word, "UPDATE", "INSERT", "REMOVE")
            ):
                assert after is not None
                yield swap(text, word, " " * len(word.text)), after.at
            sorting = is_keyword(word, "SORT")
        elif is_keyword(word, "TO", "GRAPH", "INTO") and after is not None:
            if after.kind == "string" or (is_keyword(word, "INTO") and after.kind == "word"):
                yield swap(text, word, " " * len(word.text)), after.at
        elif is_keyword(word, "WITH") and is_keyword(after, "COUNT") and is_keyword(before, "COLLECT"):
            assert after is not None
            yield swap(text, word, "    "), after.at
        elif is_keyword(word, "AND", "OR", "LIKE") and after is not None and after.kind in ("word", "string"):
            if before is None or before.kind == "sign":
                continue
            yield swap(text, word, " " * len(word.text)), after.at


def keyword_misspelt(text: str, words: list[Word], _: dict[str, Any]) -> Iterator[tuple[str, int]]:
    for before, word, after in neighbours(words):
        if not is_keyword(word) or (before is not None and before.text in (".", "{", ",")):
            continue
        if (after is not None and after.text in ("(", ":", "=", ",")) or is_keyword(
            word, "AT", "LEAST", "KEEP", "COUNT"
        ):
            continue
        if is_keyword(word, "FOR", "RETURN", "TRUE", "FALSE", "NULL") and before is not None and before.text in "(":
            continue
        if word.text[-1] != word.text[-2]:
            yield swap(text, word, word.text[:-2] + word.text[-1] + word.text[-2]), word.at
        if len(word.text) > 4:
            yield swap(text, word, word.text[0] + word.text[2:]), word.at


def operator_doubled(text: str, words: list[Word], _: dict[str, Any]) -> Iterator[tuple[str, int]]:
    doubled = {"==", "!=", "<", "<=", ">", ">=", "=~", "!~", "%", "/", "..", "&&", "||", ":", ",", ".", "="}
    for _before, word, after in neighbours(words):
        if word.text in doubled or is_keyword(word, "AND", "OR", "LIKE"):
            # A pattern that takes an array apart may skip a place; LIKE( is a function.
            if (word.text == "," and text.startswith("FOR [")) or (
                is_keyword(word, "LIKE") and after and after.text == "("
            ):
                continue
            yield swap(text, word, f"{word.text} {word.text}"), word.end + 1


def _calls(words: list[Word]) -> Iterator[tuple[Word, Word]]:
    for _before, word, after in neighbours(words):
        if (
            after is not None
            and after.text == "("
            and word.kind == "word"
            and not is_keyword(word, *KEYWORDS - {"COUNT"})
        ):
            yield word, after


def function_unknown(text: str, words: list[Word], _: dict[str, Any]) -> Iterator[tuple[str, int]]:
    for word, _bracket in _calls(words):
        yield swap(text, word, word.text + "_OF"), word.at


def arguments_too_many(text: str, words: list[Word], _: dict[str, Any]) -> Iterator[tuple[str, int]]:
    endless = {
        "CONCAT",
        "CONCAT_SEPARATOR",
        "MERGE",
        "MERGE_RECURSIVE",
        "KEEP",
        "KEEP_RECURSIVE",
        "UNSET",
        "UNION",
        "MINUS",
    }
    endless |= {"UNSET_RECURSIVE", "UNION_DISTINCT", "INTERSECTION", "OUTERSECTION", "INTERLEAVE", "NOT_NULL"}
    aggregating = any(is_keyword(word, "AGGREGATE") for word in words)
    for word, bracket in _calls(words):
        if word.text.upper() not in endless and not aggregating:
            following = next(other for other in words if other.at > bracket.at)
            rest = "" if following.text == ")" else ", "
            yield text[: bracket.end] + "1, 2, 3, 4, 5, 6, 7, 8" + rest + text[bracket.end :], word.at


def _variables(words: list[Word]) -> Iterator[Word]:
    for before, word, after in neighbours(words):
        if before is not None and before.text == ".":
            continue
        if word.kind == "word" and not is_keyword(word) and after is not None and after.text == ".":
            yield word


def variable_undefined(text: str, words: list[Word], _: dict[str, Any]) -> Iterator[tuple[str, int]]:
    for word in _variables(words):
        yield swap(text, word, "nowhere"), word.at


def current_outside(text: str, words: list[Word], _: dict[str, Any]) -> Iterator[tuple[str, int]]:
    if "[*" in text or "[?" in text:
        return
    for word in _variables(words):
        yield swap(text, word, "CURRENT"), word.at


def variable_redefined(text: str, words: list[Word], _: dict[str, Any]) -> Iterator[tuple[str, int]]:
    named = words[1] if len(words) > 1 and words[1].kind == "word" else None
    if named is None or any(is_keyword(word, "COLLECT") for word in words):
        return
    returns = [word for word in words if is_keyword(word, "RETURN")]
    if is_keyword(words[0], "FOR", "LET") and returns:
        # The last RETURN of all is that of the query itself, where it stands in no bracket.
        last = returns[-1]
        before = text[: last.at]
        if sum(before.count(bracket) for bracket in "([{") == sum(before.count(bracket) for bracket in ")]}"):
            yield f"{before}LET {named.text} = 1 {text[last.at :]}", last.at + 4


def bind_missing(text: str, words: list[Word], bind: dict[str, Any]) -> Iterator[tuple[str, int]]:
    for word in words:
        if word.kind == "bind":
            other = word.text + "_other"
            yield swap(text, word, other), word.at


def string_open(text: str, words: list[Word], _: dict[str, Any]) -> Iterator[tuple[str, int]]:
    for word in words:
        if word.kind == "string" and word.text[0] not in text[word.end :] and "\\" not in word.text:
            yield text[: word.end - 1] + text[word.end :], word.at


def comment_open(text: str, words: list[Word], _: dict[str, Any]) -> Iterator[tuple[str, int]]:
    for word in words[:: max(1, len(words) // 3)]:
        if "*/" not in text[word.at :]:
            yield text[: word.at] + "/* " + text[word.at :], word.at


def trailing(text: str, words: list[Word], _: dict[str, Any]) -> Iterator[tuple[str, int]]:
    body = text[: words[-1].end]
    last = [word for word in words if is_keyword(word, *STATEMENTS)][-1]
    if is_keyword(last, "RETURN") and text.count("(", 0, last.at) == text.count(")", 0, last.at):
        for more in ("RETURN 1", ")", "}", "]", ";", "LET z = 1"):
            yield f"{body}\n {more}", len(body) + 2


def return_missing(text: str, words: list[Word], _: dict[str, Any]) -> Iterator[tuple[str, int]]:
    depth = 0
    for before, word, _after in neighbours(words):
        depth += (word.text in "([{") - (word.text in ")]}")
        if depth == 0 and is_keyword(word, "RETURN"):
            writes = any(is_keyword(other, "INSERT", "UPDATE", "REPLACE", "REMOVE") for other in words)
            if not writes:
                yield text[: word.at], before.end if before else 0


def limit_bad(text: str, words: list[Word], _: dict[str, Any]) -> Iterator[tuple[str, int]]:
    for before, word, _after in neighbours(words):
        if is_keyword(before, "LIMIT") and word.kind == "number":
            for bad in ("-1", "1.5", "'5'", "null", "true", "words", "[1]"):
                yield swap(text, word, bad), word.at


def assignment_for_equality(text: str, words: list[Word], _: dict[str, Any]) -> Iterator[tuple[str, int]]:
    for before, word, _after in neighbours(words):
        if word.text == "==" and not is_keyword(before, "ANY", "ALL", "NONE"):
            yield swap(text, word, "="), word.at


def foreign_inequality(text: str, words: list[Word], _: dict[str, Any]) -> Iterator[tuple[str, int]]:
    for word in words:
        if word.text in ("!=", "=="):
            yield swap(text, word, "<>"), word.at


def direction_bad(text: str, words: list[Word], _: dict[str, Any]) -> Iterator[tuple[str, int]]:
    for before, word, _after in neighbours(words):
        if is_keyword(word, "OUTBOUND", "INBOUND", "ANY") and before is not None and before.kind == "number":
            for bad in ("SIDEWAYS", "OUT", "BOTH", "FORWARD"):
                yield swap(text, word, bad), word.at


def number_malformed(text: str, words: list[Word], _: dict[str, Any]) -> Iterator[tuple[str, int]]:
    for _before, word, after in neighbours(words):
        if word.kind == "number":
            for bad in ("0x", "012", "1_000", "3px", "2e", *(() if after and after.text[0] == "." else ("4.",))):
                yield swap(text, word, bad), word.at


def name_reserved(text: str, words: list[Word], _: dict[str, Any]) -> Iterator[tuple[str, int]]:
    for before, word, _after in neighbours(words):
        if is_keyword(before, "FOR", "LET") and word.kind == "word":
            yield swap(text, word, "sort"), word.at


def aggregate_bad(text: str, words: list[Word], _: dict[str, Any]) -> Iterator[tuple[str, int]]:
    seen = False
    for before, word, after in neighbours(words):
        seen = seen or is_keyword(word, "AGGREGATE")
        if seen and before is not None and before.text == "=" and after is not None and after.text == "(":
            yield swap(text, word, "LOWER"), word.at
            yield swap(text, word, "MEDAN"), word.at


def foreign_word(text: str, words: list[Word], _: dict[str, Any]) -> Iterator[tuple[str, int]]:
    other = {"FILTER": "WHERE", "SORT": "ORDER BY", "COLLECT": "GROUP BY", "FOR": "SELECT", "LET": "VAR"}
    for before, word, _after in neighbours(words):
        if before is not None and before.text in "*?[(":
            continue
        if word.kind == "word" and word.text.upper() in other and not _after_with(words, word):
            yield swap(text, word, other[word.text.upper()]), word.at


MAKERS: list[Callable[[str, list[Word], dict[str, Any]], Iterator[tuple[str, int]]]] = [
    closing_bracket_dropped,
    opening_bracket_dropped,
    keyword_dropped,
    keyword_misspelt,
    operator_doubled,
    function_unknown,
    arguments_too_many,
    variable_undefined,
    current_outside,
    variable_redefined,
    bind_missing,
    string_open,
    comment_open,
    trailing,
    return_missing,
    limit_bad,
    assignment_for_equality,
    foreign_inequality,
    direction_bad,
    number_malformed,
    name_reserved,
    aggregate_bad,
    foreign_word,
]


def mutants(queries: list[tuple[str, dict[str, Any]]]) -> Iterator[Mutant]:
    for text, bind in queries:
        words = words_of(text)
        for make in MAKERS:
            for spoilt, at in make(text, words, bind):
                yield Mutant(make.__name__, spoilt, at, bind)
        yield Mutant("bind_surplus", text, -1, {**bind, "unused": 1})


def place(text: str, at: int) -> tuple[int, int]:
    if at < 0:
        return 0, 0
    lines = text[:at].split("\n")
    return len(lines), len(lines[-1]) + 1


def wrong(mutant: Mutant) -> str:
    """What is wrong with the answer to a mutant; empty when it is refused at the right place."""
    try:
        check(parse(mutant.text), mutant.text, bind=mutant.bind)
    except QueryError as error:
        found, right = (error.line, error.column), place(mutant.text, mutant.at)
        return "" if found == right else f"{mutant.kind}: at {found}, not {right}: {mutant.text!r}: {error}"
    return f"{mutant.kind}: not refused: {mutant.text!r}"


def test_the_queries_that_are_spoilt_are_valid() -> None:
    for text, bind in QUERIES:
        check(parse(text), text, bind=bind)


def test_at_least_a_thousand_mutants_of_more_than_twenty_kinds_are_refused_at_the_right_place() -> None:
    made = list(mutants(QUERIES))
    kinds = Counter(mutant.kind for mutant in made)
    complaints = [complaint for mutant in made if (complaint := wrong(mutant))]
    assert complaints == []
    assert len(made) >= 1000
    assert len(kinds) > 20
    assert min(kinds.values()) >= 3


def test_recorded_queries_spoilt_in_the_same_ways_are_refused(shared_arango: Callable[[str], Any]) -> None:
    queries = []
    for entry in shared_arango("aql_gold.json"):
        if entry["version"] == "3.12":
            try:
                check(parse(entry["query"]), entry["query"], bind=entry["bind_vars"] or {})
            except QueryError:
                continue
            queries.append((entry["query"], entry["bind_vars"] or {}))
    if not queries:
        pytest.skip("NO RECORDED QUERIES")
    made = list(mutants(queries))[::5]
    complaints = [complaint for mutant in made if (complaint := wrong(mutant))]
    assert complaints == []
    assert len(made) > 3000
