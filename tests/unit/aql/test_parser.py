"""The parser makes the tree that ArangoDB's grammar means, and refuses the rest in plain words at the right place."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shotwright.aql import syntax as tree
from shotwright.aql.check import check
from shotwright.aql.lexing import RESERVED, SOFT
from shotwright.aql.parser import parse
from shotwright.errors import QueryError


def value(expression: str) -> Any:
    """The tree of an expression."""
    statement = parse(f"RETURN {expression}").statements[-1]
    assert isinstance(statement, tree.Return)
    return statement.value


def shown(node: Any) -> str:
    """An expression with every bracket that its tree has."""
    match node:
        case tree.Constant():
            return str(node.value)
        case tree.Name():
            return node.name
        case tree.Bind():
            return f"@{node.name}"
        case tree.Unary():
            return f"({node.operator} {shown(node.operand)})"
        case tree.Binary():
            return f"({shown(node.left)} {node.operator} {shown(node.right)})"
        case tree.Comparison():
            return f"({shown(node.left)} {node.quantifier.kind} {node.operator} {shown(node.right)})"
        case tree.Range():
            return f"({shown(node.low)}..{shown(node.high)})"
        case tree.Conditional():
            then = "" if node.then is None else shown(node.then)
            return f"({shown(node.condition)} ? {then} : {shown(node.otherwise)})"
        case tree.Attribute():
            return f"{shown(node.target)}.{node.name if isinstance(node.name, str) else shown(node.name)}"
        case tree.Index():
            return f"{shown(node.target)}[{shown(node.index)}]"
        case tree.Expansion():
            return (
                f"{shown(node.target)}[{'*' * (node.flatten + 1)}]{{{'' if node.tail is None else shown(node.tail)}}}"
            )
        case tree.Call():
            return f"{node.name}({', '.join(map(shown, node.arguments))})"
        case tree.ArrayOf():
            return f"[{', '.join(map(shown, node.items))}]"
    return "(query)"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("a + b * c", "(a + (b * c))"),
        ("a - b - c", "((a - b) - c)"),
        ("a OR b AND c", "(a OR (b AND c))"),
        ("a || b && c", "(a OR (b AND c))"),
        ("NOT a == b", "((NOT a) == b)"),
        ("! a IN b", "((NOT a) IN b)"),
        ("a NOT IN b", "(a NOT IN b)"),
        ("a == b IN c", "(a == (b IN c))"),
        ("a IN b < c", "(a IN (b < c))"),
        ("a < b == c", "((a < b) == c)"),
        ("1..n + 1", "(1..(n + 1))"),
        ("a < 1..2", "(a < (1..2))"),
        ("-a.b", "(- a.b)"),
        ("-a * b", "((- a) * b)"),
        ("a ? b : c ? d : e", "(a ? b : (c ? d : e))"),
        ("a ? b ? c : d : e", "(a ? (b ? c : d) : e)"),
        ("a ?: b", "(a ?  : b)"),
        ("a OR b ? c : d AND e", "((a OR b) ? c : (d AND e))"),
        ("a LIKE b AND c", "((a LIKE b) AND c)"),
        ("a NOT LIKE b", "(a NOT LIKE b)"),
        ("NOT LIKE(a, b)", "(NOT LIKE(a, b))"),
        ("a LIKE (b)", "(a LIKE b)"),
        ("a =~ b OR c !~ d", "((a =~ b) OR (c !~ d))"),
        ("a NOT =~ b", "(a !~ b)"),
        ("a ALL == b AND c", "((a ALL == b) AND c)"),
        ("a AND b ANY IN c", "(a AND (b ANY IN c))"),
        ("a NONE < b + 1", "(a NONE < (b + 1))"),
        ("a AT LEAST (2) > b", "(a AT LEAST > b)"),
        ("a ALL NOT IN b", "(a ALL NOT IN b)"),
        ("(a + b) * c", "((a + b) * c)"),
        ("a.b[0].c", "a.b[0].c"),
        ("a.@b", "a.@b"),
        ("a.`b c`.´d´", "a.b c.d"),
        ("[1, 2,][0]", "[1, 2][0]"),
        ("F(a, RETURN 1, FOR x IN y RETURN x)", "F(a, (query), (query))"),
        ("a::b::C(1)", "A::B::C(1)"),
        ("a[*].b.c", "a[*]{CURRENT.b.c}"),
        ("a[*].b[*].c", "a[*]{CURRENT.b[*]{CURRENT.c}}"),
        ("a[*].b[**].c", "a[*]{CURRENT.b}[**]{CURRENT.c}"),
        ("(a[*].b)[*].c", "a[*]{CURRENT.b}[*]{CURRENT.c}"),
        ("(a[*].b).c", "a[*]{CURRENT.b}.c"),
        ("a[*][0]", "a[*]{CURRENT[0]}"),
        ("count + keep + to", "((count + keep) + to)"),
        ("COUNT(options)", "COUNT(options)"),
    ],
)
def test_operators_bind_as_on_a_server(text: str, meant: str) -> None:
    assert shown(value(text)) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("0x1F", 31),
        ("0b101", 5),
        (".5", 0.5),
        ("1.5e-3", 0.0015),
        ("9223372036854775807", 2**63 - 1),
        ("9223372036854775808", float(2**63)),
        ("null", None),
        ("True", True),
        ('"a\\n\\"b\\u00e9\\ud83d\\ude00\\q\\\\."', 'a\n"bé😀q\\.'),
        ("'it\\'s'", "it's"),
        ('"\\ud800"', "\ufffd"),
        ("'two\nlines'", "two\nlines"),
    ],
)
def test_literals_have_their_values(text: str, meant: Any) -> None:
    found = value(text).value
    assert found == meant
    assert type(found) is type(meant)


def test_objects_take_every_kind_of_key() -> None:
    found = value('{ a, b: 1, "c d": 2, @e: 3, [CONCAT("f", 1)]: 4, `for`: 5, count: 6, }')
    assert [key if isinstance(key, str) else type(key) for key, _ in found.entries] == [
        "a", "b", "c d", tree.Bind, tree.Call, "for", "count",
    ]  # fmt: skip
    assert found.entries[0][1] == tree.Name("a", 9)


def test_an_inline_expression_has_its_parts() -> None:
    found = value("a[* FILTER CURRENT.x > 1 LIMIT 1, 2 RETURN CURRENT.y].z")
    assert shown(found.filter) == "(CURRENT.x > 1)"
    assert (found.offset.value, found.count.value) == (1, 2)
    assert shown(found.project) == "CURRENT.y"
    assert shown(found.tail) == "CURRENT.z"
    assert found.quantifier is None


@pytest.mark.parametrize(
    ("text", "kind", "least", "most"),
    [
        ("a[? FILTER CURRENT]", "ANY", None, None),
        ("a[?]", "ANY", None, None),
        ("a[? ALL FILTER CURRENT]", "ALL", None, None),
        ("a[? NONE FILTER CURRENT]", "NONE", None, None),
        ("a[? 2 FILTER CURRENT]", "RANGE", 2, 2),
        ("a[? 2..3 FILTER CURRENT]", "RANGE", 2, 3),
        ("a[? AT LEAST (2) FILTER CURRENT]", "AT LEAST", 2, None),
    ],
)
def test_the_question_asks_how_many(text: str, kind: str, least: int | None, most: int | None) -> None:
    found = value(text).quantifier
    assert found.kind == kind
    assert tuple(None if bound is None else bound.value for bound in (found.least, found.most)) == (least, most)


def test_a_traversal_has_its_parts() -> None:
    loop = parse(
        "FOR v, e, p IN 1..@most OUTBOUND s.start one, ANY two, INBOUND @@three"
        " PRUNE stop = v.x == 1 OPTIONS {order: 'bfs'} RETURN v"
    ).statements[0]
    assert isinstance(loop, tree.For)
    source = loop.source
    assert isinstance(source, tree.Traversal)
    assert loop.names == ("v", "e", "p")
    assert (shown(source.low), shown(source.high), source.direction) == ("1", "@most", "OUTBOUND")
    assert [(way, shown(name)) for way, name in source.edges] == [(None, "one"), ("ANY", "two"), ("INBOUND", "@three")]
    assert source.prune_name == "stop"
    assert shown(source.prune) == "(v.x == 1)"
    assert isinstance(source.options, tree.ObjectOf)


@pytest.mark.parametrize("graph", ["'g'", "g", "@g"])
def test_a_traversal_may_name_its_graph(graph: str) -> None:
    loop = parse(f"FOR v IN ANY 'a/b' GRAPH {graph} RETURN v").statements[0]
    assert isinstance(loop, tree.For)
    assert isinstance(loop.source, tree.Traversal)
    assert (loop.source.low, loop.source.high, loop.source.edges) == (None, None, ())
    assert loop.source.graph is not None
    assert shown(loop.source.graph) in ("g", "@g")


@pytest.mark.parametrize("kind", ["SHORTEST_PATH", "ALL_SHORTEST_PATHS", "K_SHORTEST_PATHS", "K_PATHS"])
def test_path_searches_parse(kind: str) -> None:
    depths = "1..3 " if kind == "K_PATHS" else ""
    loop = parse(f"FOR p IN {depths}ANY {kind} a.x TO 'c/d' GRAPH 'g' OPTIONS {{w: 1}} RETURN p").statements[0]
    assert isinstance(loop, tree.For)
    assert isinstance(loop.source, tree.PathSearch)
    assert (loop.source.kind, shown(loop.source.start), shown(loop.source.target)) == (kind, "a.x", "c/d")


@pytest.mark.parametrize(
    "clause",
    [
        "COLLECT WITH COUNT INTO n",
        "COLLECT a = x.a",
        "COLLECT a = x.a, b = x.b INTO g",
        "COLLECT a = x.a INTO g = {v: x.v}",
        "COLLECT a = x.a INTO g KEEP x",
        "COLLECT a = x.a WITH COUNT INTO n OPTIONS {method: 'sorted'}",
        "COLLECT AGGREGATE m = MAX(x.v), n = COUNT()",
        "COLLECT a = x.a AGGREGATE m = MAX(x.v) INTO g OPTIONS {}",
        "WINDOW {preceding: 1} AGGREGATE m = MAX(x.v)",
        "WINDOW x.t WITH {preceding: 1, following: 'PT1M'} AGGREGATE m = MAX(x.v)",
        "SORT x.a ASC, x.b desc, x.c @way, x.d 'DESC'",
        "LIMIT @a, @b",
        "LET a = 1, b = [2], {c, d: [e, , f]} = x, [g] = x.g",
        "INSERT x INTO c",
        "UPDATE x IN c OPTIONS {keepNull: false}",
        "UPDATE x._key WITH {a: 1} IN c",
        "REPLACE x WITH {a: 1} INTO @@c",
        "REMOVE x IN c",
        "REMOVE x.a IN x.b INTO c",
        "UPSERT {a: 1} INSERT {a: 1} UPDATE {b: OLD.b} IN c",
        "UPSERT FILTER CURRENT.a == 1 INSERT {a: 1} REPLACE {b: 1} INTO c OPTIONS {}",
        "UPSERT @example INSERT {} UPDATE {} IN 'c'",
    ],
)
def test_clauses_of_every_form_parse(clause: str) -> None:
    assert len(parse(f"FOR x IN y {clause} RETURN 1").statements) >= 3


def test_search_options_and_collections_before_the_query() -> None:
    query = parse("WITH a, @@b c FOR x IN v SEARCH x.a == 1 OPTIONS {o: 1} RETURN x")
    assert [shown(name) for name in query.declared] == ["a", "@b", "c"]
    loop = query.statements[0]
    assert isinstance(loop, tree.For)
    assert loop.search is not None
    assert loop.options is not None


def test_the_expression_of_a_write_ends_before_its_collection() -> None:
    write = parse("REMOVE a IN b IN c").statements[0]
    assert isinstance(write, tree.Write)
    assert write.key is not None
    assert (shown(write.key), shown(write.collection)) == ("(a IN b)", "c")


def test_taking_a_value_apart_makes_one_let_a_name() -> None:
    loop, *lets, _ = parse("FOR [a, , {b: c}] IN x RETURN a").statements
    assert isinstance(loop, tree.For)
    hidden = loop.names[0]
    assert hidden.startswith(".")
    assert [(let.name, shown(let.value)) for let in lets if isinstance(let, tree.Let)] == [
        ("a", f"{hidden}[0]"),
        ("c", f"{hidden}[2].b"),
    ]


def test_names_know_where_they_are() -> None:
    loop, let, _ = parse("FOR doc IN docs\n  LET half = doc.n / 2\n  RETURN half").statements
    assert isinstance(loop, tree.For)
    assert isinstance(let, tree.Let)
    assert isinstance(loop.names[0], tree.Identifier)
    assert (loop.names[0].at, let.at) == (4, 22)


def test_keywords_need_no_capitals_and_comments_count_for_nothing() -> None:
    assert parse("for x in /* a\n b */ y // c\n sort x return x") is not None


def test_words_that_are_keywords_only_in_their_place_are_names_elsewhere() -> None:
    for word in sorted(SOFT):
        parse(f"FOR {word} IN docs SORT {word}.a RETURN {{{word}, k: {word}.{word}}}")
    for word in sorted(RESERVED - {"LIKE"}):
        with pytest.raises(QueryError):
            parse(f"FOR {word} IN docs RETURN 1")


@pytest.mark.parametrize(
    ("text", "line", "column", "words", "hint"),
    [
        ("", 1, 1, "found the end of the query", "RETURN"),
        ("FOR x IN y", 1, 11, "found the end of the query", "a query ends with RETURN"),
        ("FOR x IN y\nFLTER x.a\nRETURN x", 2, 1, "found FLTER", "did you mean FILTER?"),
        ("FOR v IN OUTBOND 'a/b' GRAPH 'g' RETURN v", 1, 10, "found OUTBOND", "did you mean OUTBOUND?"),
        ("SELECT * FROM x", 1, 1, "found SELECT", "AQL has no SELECT"),
        ("FOR x IN y WHERE x.a == 1 RETURN x", 1, 12, "found WHERE", "FILTER"),
        ("FOR x IN y SORT x.a GROUP BY x.b RETURN x", 1, 21, "found GROUP", "COLLECT"),
        ("FOR x IN y ORDER BY x.b RETURN x", 1, 12, "found ORDER", "SORT"),
        ("FOR x IN y FILTER x.a = 1 RETURN x", 1, 23, "found =", "equality is written =="),
        # Where a recorded server places it.
        ("FOR i IN 1..100 FILTER i = 1 LIMIT 2 RETURN i * 3", 1, 26, "found =", "=="),
        ("RETURN d.sort", 1, 10, "expected a bind variable", "in backticks"),
        ("FOR x IN y FILTER x.a <> 1 RETURN x", 1, 23, "found <>", "!="),
        ("RETURN LENGTH([1, 2)", 1, 20, 'expected ",", "]" or an operator', "the [ before 1 , 2 is not closed"),
        ("RETURN 1)", 1, 9, "found )", "no bracket is open for this )"),
        ("RETURN {sort: 1}", 1, 9, "found sort", "in backticks"),
        ("RETURN 1 RETURN 2", 1, 10, "found RETURN", "nothing follows RETURN"),
        ("RETURN 'abc", 1, 8, "the string is not closed", "end it with '"),
        ("RETURN 1 /* abc", 1, 10, "the comment is not closed", "*/"),
        ("RETURN 012", 1, 8, "malformed number 012", "no leading zeros"),
        ("RETURN 1;", 1, 9, "found ;", "one query"),
        ("RETURN “a”", 1, 8, "found “", "straight quotes"),
        ("RETURN 1e999", 1, 8, "out of range", ""),
        ("FOR x, y IN z RETURN x", 1, 8, "has one variable", ""),
        ("FOR a, b, c, d IN ANY 'x/y' e RETURN a", 1, 14, "at most three variables", ""),
        ("FOR p IN 1..2 ANY SHORTEST_PATH 'a/b' TO 'c/d' e RETURN p", 1, 19, "takes no range", "K_PATHS"),
        ("FOR p IN ANY K_PATHS 'a/b' TO 'c/d' e PRUNE true RETURN p", 1, 39, "takes no PRUNE", ""),
        ("FOR x IN y COLLECT COUNT INTO n RETURN n", 1, 20, "expected WITH", ""),
        ("FOR x IN y COLLECT AGGREGATE m = MAX(1, 2) RETURN m", 1, 41, "takes one argument", ""),
    ],
)
def test_errors_say_what_is_wrong_and_where(text: str, line: int, column: int, words: str, hint: str) -> None:
    with pytest.raises(QueryError) as raised:
        parse(text)
    assert (raised.value.line, raised.value.column) == (line, column)
    assert words in str(raised.value)
    assert hint in raised.value.hint
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    "text",
    [
        "RETURN " + "(" * 5000,
        "RETURN " + "[" * 300 + "]" * 300,
        "RETURN " + "NOT " * 5000 + "1",
        "RETURN " + "1 + " * 5000 + "1",
        "RETURN " + "a ? " * 3000 + "1",
        "LET a = 1 RETURN a" + ".a" * 5000,
        "LET a = [] RETURN a" + "[*]" * 5000,
        "RETURN " + "F(" * 250 + ")" * 250,
        "RETURN " + "(RETURN " * 150 + "1" + ")" * 150,
        "x" * 200_001,
    ],
)
def test_depth_and_length_are_bounded(text: str) -> None:
    with pytest.raises(QueryError):
        parse(text)


def test_what_is_as_deep_as_allowed_is_also_checked() -> None:
    for text in ("RETURN " + "FLOOR(" * 195 + "1" + ")" * 195, "RETURN " + "(RETURN " * 60 + "1" + ")" * 60):
        check(parse(text), text)


def test_a_condition_of_many_parts_stays_shallow() -> None:
    text = "FOR x IN y FILTER " + " OR ".join(f"x.a == {n} AND x.b" for n in range(3000)) + " RETURN x"
    assert shown(value(" AND ".join("abc"))) == "((a AND b) AND c)"
    check(parse(text), text)


WORDS = [
    *sorted(RESERVED), *sorted(SOFT), "x", "docs", "@a", "@@c", "1", "2.5", "'s'", '"t"', "`n`", "==", "!=", "<", "=~",
    "+", "-", "*", "/", "%", "..", "?", ":", "::", "=", ",", ".", "(", ")", "[", "]", "{", "}", "LENGTH", "CURRENT",
    "AT", "LEAST", "//", "/*", "*/", "\n", "'", "&&", "!", "<>", "0x", "é", "_",
]  # fmt: skip


@given(st.lists(st.sampled_from(WORDS), max_size=60))
@settings(max_examples=400, deadline=None)
def test_a_soup_of_words_is_parsed_or_refused_with_a_place(words: list[str]) -> None:
    _parses_or_is_refused(" ".join(words))


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_text_is_parsed_or_refused_with_a_place(text: str) -> None:
    _parses_or_is_refused(text)
    _parses_or_is_refused(f"RETURN {text}")


def _parses_or_is_refused(text: str) -> None:
    refused: QueryError | None = None
    try:
        query = parse(text)
        check(query, text)
    except QueryError as error:
        refused = error
    if refused is not None:
        lines = text.split("\n")
        assert 1 <= refused.line <= len(lines)
        assert 1 <= refused.column <= len(lines[refused.line - 1]) + 1


def test_long_nonsense_is_refused_quickly() -> None:
    for text in ("a " * 30_000, "FOR x IN y " * 5_000, "RETURN " + "1 ? " * 15_000, "'" * 199_999, "/*" * 90_000):
        start = time.perf_counter()
        with pytest.raises(QueryError):
            parse(text)
        assert time.perf_counter() - start < 10
