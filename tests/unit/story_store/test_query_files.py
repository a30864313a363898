"""The files of the named queries: one a query and technology, binding exactly what its model names, led by indexes."""

from __future__ import annotations

import ast
import inspect
import re
import sqlite3
import sys
from importlib.resources import files
from typing import TYPE_CHECKING, Literal

import pytest

from shotwright.adapters.story_store import SqliteStoryStore
from shotwright.adapters.story_store.named_queries import query_text
from shotwright.aql.check import check
from shotwright.aql.parser import parse
from shotwright.errors import QueryError
from shotwright.model.graph import COLLECTIONS, RELATIONS
from shotwright.model.queries import QUERIES, query_named

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pydantic import BaseModel

    from shotwright.model.query import NamedQuery

EVERY = [pytest.param(query, id=query.name) for query in QUERIES.values()]
TECHNOLOGIES: tuple[Literal["aql", "sql"], ...] = ("aql", "sql")


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """An empty store's file, opened without the adapter."""
    path: Path = tmp_path_factory.mktemp("plans") / "graph.db"
    SqliteStoryStore(path, "film").close()
    db = sqlite3.connect(path)
    yield db
    db.close()


def bound(query: NamedQuery) -> dict[str, str]:
    return dict.fromkeys([*query.parameters.model_fields, "production"], "x")


def test_there_is_a_file_for_every_query_in_every_technology_and_no_other() -> None:
    found = {file.name for file in (files("shotwright.adapters.story_store") / "queries").iterdir() if file.is_file()}
    assert found == {f"{name}.{technology}" for name in QUERIES for technology in TECHNOLOGIES}


@pytest.mark.parametrize("query", EVERY)
def test_a_file_begins_with_one_line_that_says_what_it_answers_alike_in_both(query: NamedQuery) -> None:
    sql, aql = (query_text(query.name, t).splitlines()[0] for t in ("sql", "aql"))
    assert sql.startswith("-- ")
    assert sql.endswith(".")
    assert aql == "// " + sql.removeprefix("-- ")


@pytest.mark.parametrize("query", EVERY)
def test_sql_binds_exactly_its_parameters_and_the_production(query: NamedQuery) -> None:
    code = re.sub(r"--[^\n]*|'[^']*'", "", query_text(query.name, "sql"))
    assert set(re.findall(r":([a-z_]+)", code)) == set(bound(query))


@pytest.mark.parametrize("query", EVERY)
def test_sql_gives_the_columns_of_its_row_in_order(query: NamedQuery, schema: sqlite3.Connection) -> None:
    cursor = schema.execute(query_text(query.name, "sql"), bound(query))
    columns = [re.sub(r"_(json|bool)$", "", column[0]) for column in cursor.description]
    assert sorted(columns) == sorted(query.row.model_fields)


@pytest.mark.parametrize("query", EVERY)
def test_sql_finds_every_node_and_edge_by_more_than_its_production(
    query: NamedQuery, schema: sqlite3.Connection
) -> None:
    text = query_text(query.name, "sql")
    tables = {"nodes", "edges", *re.findall(r"\b(?:nodes|edges) AS (\w+)", text)}
    steps = [row[3] for row in schema.execute(f"EXPLAIN QUERY PLAN {text}", bound(query))]
    reads = [(step, m) for step in steps if (m := re.match(r"(SCAN|SEARCH) (\w+)(.*)", step)) and m[2] in tables]
    assert reads
    for step, read in reads:
        assert read[1] == "SEARCH", step
        assert re.search(r"\(production=\? AND ", step), step
    # A Bloom filter is filled from a whole table: of a hundred films for a question about one.
    assert not [step for step in steps if "BLOOM" in step]


@pytest.mark.parametrize("query", EVERY)
def test_aql_is_valid_reads_only_the_graph_and_binds_exactly_its_parameters(query: NamedQuery) -> None:
    kinds: dict[str, Literal["documents", "edges"]] = dict.fromkeys(COLLECTIONS.values(), "documents")
    kinds.update(dict.fromkeys(RELATIONS, "edges"))
    text = query_text(query.name, "aql")
    checked = check(parse(text), text, collections=kinds.get, bind=bound(query))
    assert set(checked.bind_values) == set(bound(query))
    assert not checked.bind_collections
    assert not checked.writes
    assert set(checked.reads) <= set(kinds)


@pytest.mark.parametrize("query", EVERY)
def test_aql_starts_from_one_production_and_follows_edges_from_an_end(query: NamedQuery) -> None:
    """What a server has no index for would read every film's documents."""
    text = query_text(query.name, "aql")
    for loop in re.finditer(r"FOR (\w+) IN (\w+)\s+FILTER ([^\n]+?)(?= RETURN| SORT|\n|$)", text):
        variable, collection, condition = loop.groups()
        if collection in RELATIONS:
            assert re.search(rf"\b{variable}\._(from|to) == ", condition), loop[0]
        elif collection in COLLECTIONS.values():
            assert re.search(rf"\b{variable}\.(production == @production|_id == )", condition), loop[0]
    for loop in re.finditer(r"FOR \w+ IN (\w+)(?!\s+FILTER)\b(?=\s)(?!\s+FILTER)", text):
        assert loop[1] not in {*RELATIONS, *COLLECTIONS.values()}, loop[0]


@pytest.mark.parametrize("query", EVERY)
def test_every_query_explains_itself_and_its_order_names_its_columns(query: NamedQuery) -> None:
    assert query.what[0].isupper()
    assert query.what.endswith(".")
    assert query.what.count(". ") == 0
    assert len(set(query.order)) == len(query.order)
    assert {column.removeprefix("-") for column in query.order} <= set(query.row.model_fields)
    for model in (query.parameters, query.row):
        for name in model.model_fields:
            assert documented(model, name), f"{query.name}: {model.__name__}.{name} says nothing"


def documented(model: type[BaseModel], field: str) -> bool:
    """Is there a docstring under the field, in the model or in the one that it has it from?"""
    owner = next(base for base in model.__mro__ if field in inspect.get_annotations(base))
    for node in ast.parse(inspect.getsource(sys.modules[owner.__module__])).body:
        if isinstance(node, ast.ClassDef) and node.name == owner.__name__:
            for one, following in zip(node.body, node.body[1:], strict=False):
                if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name) and one.target.id == field:
                    return isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant)
    return False


def test_a_query_that_does_not_exist_is_answered_with_those_that_do() -> None:
    assert query_named("custody") is QUERIES["custody"]
    with pytest.raises(QueryError, match="there is no query named zeppelin") as error:
        query_named("zeppelin")
    assert "wardrobe" in error.value.hint
