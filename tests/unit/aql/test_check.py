"""A query that parses is checked as a server checks it: names, scopes, functions, bind variables and its writes."""

from __future__ import annotations

from typing import Any

import pytest

from shotwright.aql.catalogue import catalogue
from shotwright.aql.check import Checked, check
from shotwright.aql.parser import parse
from shotwright.errors import QueryError

KINDS: dict[str, Any] = {"docs": "documents", "other": "documents", "links": "edges", "found": "view"}


def checked(text: str, bind: dict[str, Any] | None = None) -> Checked:
    return check(parse(text), text, collections=KINDS.get, bind=bind or {})


def test_what_a_query_uses_is_told() -> None:
    found = checked(
        "WITH other FOR d IN @@docs FILTER d.a == @a LET n = LENGTH(docs) FOR v IN OUTBOUND d links"
        " INSERT {n: UPPER(d.b), m: v.m} INTO other2 RETURN NEW".replace("other2", "other"),
        {"@docs": "docs", "a": 1},
    )
    assert found == Checked(
        bind_values=("a",),
        bind_collections=("docs",),
        reads=("docs", "links", "other"),
        written=("other",),
        writes=True,
        functions=("LENGTH", "UPPER"),
    )


def test_without_values_a_bound_collection_goes_by_its_variable() -> None:
    text = "FOR d IN @@docs FILTER d.a == @a RETURN d"
    found = check(parse(text), text)
    assert (found.bind_values, found.bind_collections, found.reads) == (("a",), ("docs",), ("@@docs",))
    assert not found.writes


@pytest.mark.parametrize(
    "text",
    [
        "LET a = 1 FOR d IN docs COLLECT b = d.b RETURN [a, b]",
        "FOR d IN docs COLLECT b = d.b INTO d RETURN d",
        "FOR d IN docs COLLECT b = d.b INTO g KEEP d RETURN g",
        "FOR d IN docs COLLECT WITH COUNT INTO d RETURN d",
        "FOR d IN docs COLLECT b = d.b COLLECT c = b RETURN c",
        "FOR d IN docs LET s = (FOR e IN d.list RETURN e) FOR e IN s RETURN e",
        "RETURN (FOR x IN [1] RETURN x) == (FOR x IN [1] RETURN x)",
        "FOR d IN docs RETURN d.list[* FILTER CURRENT.a == d.a RETURN CURRENT.b].c",
        "RETURN [[1]][* RETURN CURRENT[* RETURN CURRENT]]",
        "RETURN [{a: 1}][? ANY FILTER CURRENT.a == 1]",
        "FOR d IN docs LIMIT 2 * 3, 5 RETURN d",
        "FOR d IN docs UPDATE d WITH {a: 1} IN docs RETURN [OLD.a, NEW.a]",
        "FOR d IN docs INSERT d INTO other LET n = NEW RETURN n",
        "UPSERT {a: 1} INSERT {a: 1} UPDATE {a: OLD.a} IN docs RETURN NEW",
        "UPSERT FILTER CURRENT.a == 1 INSERT {a: 1} UPDATE {} IN docs",
        "FOR d IN found SEARCH d.a == 1 RETURN d",
        "FOR v, e, p IN 1..2 ANY 'docs/a' links PRUNE stop = v.x FILTER stop RETURN p",
        "FOR d IN docs SORT d.a WINDOW {preceding: 'unbounded'} AGGREGATE s = PUSH(d.a) RETURN s",
        "FOR d IN docs REMOVE d IN docs FOR e IN [OLD] INSERT e INTO other",
        "RETURN DOCUMENT(docs, 'a')",
        "RETURN COLLECTION_COUNT(docs) + COUNT(docs)",
        "FOR d IN docs RETURN DISTINCT d.a",
        "LET s = (FOR d IN docs RETURN d._key) FOR k IN s REMOVE k IN docs",
        "FOR d IN docs COLLECT AGGREGATE n = COUNT() RETURN n",
    ],
)
def test_valid_queries_pass(text: str) -> None:
    checked(text)


@pytest.mark.parametrize(
    ("text", "column", "words", "hint"),
    [
        ("RETURN nul", 8, "unknown variable 'nul'", "did you mean null?"),
        ("LET scene = 1 RETURN scne", 22, "unknown variable 'scne'", "did you mean scene?"),
        ("LET a = a RETURN a", 9, "unknown variable 'a'", ""),
        ("FOR d IN nowhere RETURN d", 10, "unknown variable or collection 'nowhere'", ""),
        ("FOR d IN d RETURN d", 10, "unknown variable or collection 'd'", ""),
        ("RETURN docs", 8, "collection 'docs' is used as a value", "FOR"),
        ("LET a = 1 LET a = 2 RETURN a", 15, "variable 'a' is assigned multiple times", ""),
        ("FOR d IN docs FOR d IN docs RETURN d", 19, "variable 'd' is assigned multiple times", ""),
        ("LET a = 1 RETURN (FOR a IN [] RETURN a)", 23, "variable 'a' is assigned multiple times", ""),
        ("FOR v, v IN ANY 'docs/a' links RETURN v", 8, "assigned multiple times", ""),
        ("FOR d IN docs COLLECT d = d.a RETURN d", 23, "assigned multiple times", ""),
        ("FOR d IN docs COLLECT a = d.a RETURN d", 38, "unknown variable 'd'", ""),
        ("FOR d IN docs LET x = 1 COLLECT a = d.a RETURN x", 48, "unknown variable 'x'", ""),
        ("FOR d IN docs COLLECT a = d.a, b = a RETURN b", 36, "unknown variable 'a'", ""),
        ("FOR d IN docs COLLECT a = d.a INTO g KEEP e RETURN g", 43, "unknown variable 'e'", ""),
        ("RETURN {a: (FOR x IN [1] RETURN x), x}", 37, "unknown variable 'x'", ""),
        ("RETURN LENGHT([1])", 8, "unknown function LENGHT", "did you mean LENGTH?"),
        ("RETURN my::own(1)", 8, "unknown function MY::OWN", "not known here"),
        ("RETURN LENGTH()", 8, "LENGTH takes 1 argument, found none", ""),
        ("RETURN SUBSTRING('a')", 8, "SUBSTRING takes 2 to 3 arguments, found 1", ""),
        ("RETURN CONCAT()", 8, "CONCAT takes at least 1 argument, found none", ""),
        ("RETURN PI(3)", 8, "PI takes no arguments, found 1", ""),
        ("FOR d IN docs COLLECT AGGREGATE a = LOWER(d.a) RETURN a", 37, "LOWER cannot follow AGGREGATE", "MAX"),
        ("FOR d IN docs COLLECT AGGREGATE a = SUMM(d.a) RETURN a", 37, "unknown function SUMM", "SUM"),
        ("FOR d IN docs COLLECT AGGREGATE a = MAX() RETURN a", 37, "MAX takes 1 argument", ""),
        ("FOR d IN docs LIMIT -1 RETURN d", 21, "LIMIT takes whole numbers from 0 on", ""),
        ("FOR d IN docs LIMIT 1, 'a' RETURN d", 24, "LIMIT takes whole numbers", ""),
        ("FOR d IN docs LIMIT d.n RETURN d", 21, "LIMIT takes constant whole numbers", ""),
        ("FOR d IN docs LIMIT 1 + d.n RETURN d", 21, "LIMIT takes constant whole numbers", ""),
        ("RETURN CURRENT", 8, "CURRENT stands only in the brackets", ""),
        ("LET a = [] RETURN a[* RETURN CURRENT] == CURRENT", 42, "CURRENT stands only in the brackets", ""),
        ("RETURN NEW", 8, "NEW stands only after a write", ""),
        ("FOR d IN docs REMOVE d IN docs RETURN NEW", 39, "NEW stands only after a write", ""),
        ("FOR d IN docs UPDATE d WITH {a: OLD.a} IN docs", 33, "OLD stands only after a write", ""),
        ("LET a = 'ßßß' RETURN /* ß */ distinct a", 30, "RETURN DISTINCT needs a FOR", ""),
        ("RETURN DISTINCT 1", 8, "RETURN DISTINCT needs a FOR", ""),
        ("FOR d IN docs SEARCH d.a == 1 RETURN d", 10, "SEARCH needs a view", "FILTER"),
        ("FOR d IN [1] SEARCH d == 1 RETURN d", 21, "SEARCH needs a view", "FILTER"),
        ("FOR v IN ANY 'docs/a' docs RETURN v", 23, "'docs' holds no edges", ""),
        ("FOR v IN ANY 'docs/a' lnks RETURN v", 23, "unknown collection 'lnks'", ""),
        ("REMOVE 'a' IN found", 15, "is a view", ""),
        ("FOR d IN docs OPTIONS {a: d.b} RETURN d", 27, "OPTIONS must be known", ""),
        ("FOR v IN ANY 'docs/a' links PRUNE (RETURN 1) RETURN v", 35, "PRUNE may hold no sub-query", ""),
        ("FOR d IN docs SORT d.a WINDOW {before: 1} AGGREGATE s = SUM(d.a) RETURN s", 31, "WINDOW takes", ""),
        ("RETURN @a", 8, "bind variable @a has no value", ""),
        ("FOR d IN @@a RETURN d", 10, "bind variable @@a has no value", ""),
        (
            "INSERT {} INTO docs FOR d IN docs RETURN d",
            30,
            "collection 'docs' is read after it was written",
            "read first",
        ),
        ("INSERT {} INTO docs RETURN LENGTH(docs)", 35, "is read after it was written", ""),
        ("INSERT {} INTO docs FOR v IN ANY 'docs/a' links RETURN v", 30, "a graph is followed after a write", ""),
        ("INSERT {} INTO docs RETURN DOCUMENT('docs/a')", 28, "DOCUMENT reads documents after a write", ""),
        ("FOR d IN docs INSERT d IN other UPDATE d WITH {} IN other", 53, "collection 'other' is written twice", ""),
        ("FOR d IN docs LET s = (UPDATE d WITH {} IN docs) RETURN s", 44, "written in a sub-query", ""),
        ("INSERT {a: (REMOVE 'a' IN other)} INTO docs", 13, "a write cannot stand within another", "LET"),
    ],
)
def test_mistakes_are_named_and_placed(text: str, column: int, words: str, hint: str) -> None:
    with pytest.raises(QueryError) as raised:
        checked(text)
    assert words in str(raised.value)
    assert (raised.value.line, raised.value.column) == (1, column)
    assert hint in raised.value.hint


@pytest.mark.parametrize(
    ("text", "bind", "place", "words"),
    [
        ("RETURN @a", {"a": 1, "b": 2}, (0, 0), "@b is given but not used"),
        ("RETURN @a", {"a": 1, "@c": "docs"}, (0, 0), "@@c is given but not used"),
        ("FOR d IN @@c RETURN d", {"@c": 3}, (1, 10), "must be a collection's name"),
        ("FOR d IN @@c RETURN d", {"@c": "nowhere"}, (1, 10), "unknown variable or collection 'nowhere'"),
        ("FOR d IN @@c RETURN d", {"c": "docs"}, (1, 10), "bind variable @@c has no value"),
        ("FOR d IN docs LIMIT @n RETURN d", {"n": -1}, (1, 21), "LIMIT takes whole numbers"),
        ("FOR d IN docs LIMIT @n RETURN d", {"n": "1"}, (1, 21), "LIMIT takes whole numbers"),
        ("RETURN [@a, @b]", {"a": 1}, (1, 13), "@b has no value"),
        ("RETURN @@a", {"@a": "docs"}, (1, 8), "stands for a collection"),
    ],
)
def test_bind_variables_must_fit(text: str, bind: dict[str, Any], place: tuple[int, int], words: str) -> None:
    with pytest.raises(QueryError) as raised:
        checked(text, bind)
    assert words in str(raised.value)
    assert (raised.value.line, raised.value.column) == place


def test_without_a_list_of_collections_any_name_may_be_one_where_one_can_stand() -> None:
    for text in ("FOR d IN anything RETURN d", "RETURN LENGTH(anything)", "REMOVE 'a' IN anything"):
        check(parse(text), text)
    for text in ("RETURN anything", "RETURN UPPER(anything)", "RETURN anything.name", "FOR d IN [anything] RETURN d"):
        with pytest.raises(QueryError, match="unknown variable 'anything'"):
            check(parse(text), text)


def test_a_message_is_one_line_whatever_a_name_holds() -> None:
    with pytest.raises(QueryError) as raised:
        checked("RETURN `a\nb`.c")
    assert str(raised.value) == "unknown variable 'a b'"


def test_own_functions_may_be_given() -> None:
    text = "RETURN ONE(1)"
    check(parse(text), text, functions={"ONE": (1, 1)})
    with pytest.raises(QueryError, match="unknown function UPPER"):
        check(parse("RETURN UPPER('a')"), "RETURN UPPER('a')", functions={"ONE": (1, 1)})


def test_the_catalogue_holds_the_functions_of_a_server() -> None:
    found = catalogue()
    assert len(found) >= 240
    assert list(found) == sorted(found)
    assert all(name == name.upper() and (s.most is None or s.least <= s.most) for name, s in found.items())
    assert found["CONCAT"].most is None
    assert (found["DATE_DIFF"].least, found["DATE_DIFF"].most) == (3, 6)
    assert not found["RAND"].deterministic
    assert found["DOCUMENT"].reads
    assert found["SUM"].aggregates
    assert not found["UPPER"].aggregates
