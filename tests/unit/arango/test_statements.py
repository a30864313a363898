"""The statements are data: they name every collection, only read, and bind what the code gives them."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from shotwright.adapters.story_store.arango.connection import statement_text
from shotwright.adapters.story_store.arango.layout import EDGES, GRAPH, VERTICES, VIEW
from shotwright.aql import syntax
from shotwright.aql.lexing import tokens
from shotwright.aql.parser import parse

NAMES = sorted(f.name for f in (files("shotwright.adapters.story_store.arango") / "statements").iterdir())
BOUND = {
    "everything.aql": {"@production"},
    "moved.aql": {"@production", "@nodes", "@edges"},
    "neighbours_any.aql": {"@start", "@kinds", "@depth"},
    "neighbours_in.aql": {"@start", "@kinds", "@depth"},
    "neighbours_out.aql": {"@start", "@kinds", "@depth"},
    "parts.aql": {"@production", "@scopes"},
    "scopes.aql": {"@production"},
    "search.aql": {"@production", "@words"},
    "touching.aql": {"@nodes"},
}


@pytest.mark.parametrize("name", NAMES)
def test_a_statement_reads_only_and_binds_what_it_is_given(name: str) -> None:
    text = statement_text(name)
    ahead: list[object] = [parse(text)]
    while ahead:
        node = ahead.pop()
        assert not isinstance(node, syntax.Write | syntax.Upsert)
        ahead += syntax.children(node)
    assert {str(token) for token in tokens(text) if token.type == "BIND"} == BOUND[name]


@pytest.mark.parametrize("name", ["everything.aql", "moved.aql", "parts.aql"])
def test_a_statement_over_everything_names_every_collection_once(name: str) -> None:
    assert sorted(re.findall(r"FOR \w IN (\w+)", statement_text(name))) == sorted((*VERTICES, *EDGES))


def test_the_edges_that_touch_a_node_are_looked_for_in_every_relation() -> None:
    assert sorted(re.findall(r"FOR \w IN (\w+)", statement_text("touching.aql"))) == sorted(EDGES)


def test_each_row_of_an_edge_bears_the_name_of_its_collection() -> None:
    for name in ("everything.aql", "moved.aql", "parts.aql", "touching.aql"):
        pairs = re.findall(r'FOR e IN (\w+) .*?RETURN \["(\w+)"', statement_text(name))
        assert len(pairs) == len(EDGES)
        assert all(collection == said for collection, said in pairs)


def test_the_graph_and_the_view_are_called_as_they_are_made() -> None:
    assert f'GRAPH "{GRAPH}"' in statement_text("neighbours_any.aql")
    assert f"IN {VIEW}\n" in statement_text("search.aql")
