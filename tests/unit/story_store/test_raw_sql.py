"""Raw SQL on the embedded store answers questions, and can do nothing else whatever it is asked."""

from __future__ import annotations

import json
import resource
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from shotwright.adapters.story_store import SqliteStoryStore
from shotwright.adapters.story_store.sqlite import raw
from shotwright.adapters.story_store.sqlite.statements import statement
from shotwright.errors import QueryError
from shotwright.model import story as story_model
from shotwright.model.graph import COLLECTIONS, RELATIONS, Edge, Node
from shotwright.model.query import AskLimits, RawAnswer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILM = [
    Node(id="character/ada", kind="character", data={"name": "Ada", "cues": ["ADA", "MISS ADA"], "speaks": True}),
    Node(id="character/bo", kind="character", order=1, data={"name": "Bo", "cues": ["BO"], "speaks": False}),
    Node(id="scene/sc_1", kind="scene", data={"synopsis": "Ada waits.", "references": "x", "eighths": 3}),
]
MET = Edge(
    key="appears_in|character/ada|scene/sc_1", kind="appears_in", src="character/ada", dst="scene/sc_1",
    data={"presence": {"feels_to": "joy", "speeches": 2, "voice_only": False}, "lines": [3, 9]},
)  # fmt: skip


@pytest.fixture(params=["file", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqliteStoryStore]:
    made = SqliteStoryStore(tmp_path / "graph.db" if request.param == "file" else None)
    made.replace("film", FILM, [MET])
    yield made
    made.close()


def ask(store: SqliteStoryStore, text: str, seconds: float = 5.0, rows: int = 1000, **bind: Any) -> RawAnswer:
    return store.ask("sql", text, bind, AskLimits(seconds=seconds, rows=rows))


def refused(store: SqliteStoryStore, text: str, **limits: Any) -> QueryError:
    before = store.fingerprint()
    with pytest.raises(QueryError) as error:
        ask(store, text, **limits)
    assert "\n" not in error.value.message
    assert store.fingerprint() == before
    return error.value


def test_views_show_the_fields_of_nodes_and_edges_by_name(store: SqliteStoryStore) -> None:
    found = ask(store, 'SELECT id, name, cues, speaks FROM characters WHERE production = :production ORDER BY "order"')
    assert found.columns == ("id", "name", "cues", "speaks")
    assert found.rows == (("character/ada", "Ada", '["ADA","MISS ADA"]', 1), ("character/bo", "Bo", '["BO"]', 0))
    met = ask(
        store, "SELECT src, dst, feels_to, speeches, voice_only FROM appears_in WHERE dst = @scene", scene="scene/sc_1"
    )
    assert met.rows == (("character/ada", "scene/sc_1", "joy", 2, 0),)


def test_every_kind_has_a_view_with_all_the_fields_of_its_model(store: SqliteStoryStore) -> None:
    models = {
        "scene": story_model.SceneStory, "character": story_model.Character, "location": story_model.Location,
        "prop": story_model.Thing, "vehicle": story_model.Thing, "animal": story_model.Thing,
        "look": story_model.Look, "plot_point": story_model.PlotPoint,
    }  # fmt: skip
    for kind, view in COLLECTIONS.items():
        columns = ask(store, f"SELECT * FROM {view}").columns
        assert columns[:3] == ("production", "id", "order")
        assert columns[-1] == "data"
        if kind in models:
            assert set(models[kind].model_fields) <= set(columns), view
    for relation in RELATIONS:
        assert ask(store, f"SELECT * FROM {relation}").columns[:5] == ("production", "key", "src", "dst", "order")
    presence = set(story_model.Presence.model_fields) - {"character"}
    assert presence <= set(ask(store, "SELECT * FROM appears_in").columns)
    assert statement("views.sql").count("CREATE VIEW") == len(COLLECTIONS) + len(RELATIONS)


def test_a_query_may_recurse_read_json_and_search_words(store: SqliteStoryStore) -> None:
    numbers = "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 5) SELECT SUM(x) FROM n"
    assert ask(store, numbers).rows == ((15,),)
    cues = "SELECT c.value FROM nodes, json_each(nodes.data, '$.cues') AS c WHERE kind = 'character' ORDER BY 1"
    assert [row[0] for row in ask(store, cues).rows] == ["ADA", "BO", "MISS ADA"]
    words = "SELECT n.id FROM node_words AS w JOIN nodes AS n ON n.row = w.rowid WHERE node_words MATCH 'words : waits'"
    assert ask(store, words).rows == (("scene/sc_1",),)


def test_our_text_functions_answer_as_sqlites_do(store: SqliteStoryStore) -> None:
    text = (
        "SELECT replace('abcabc', 'bc', 'x'), instr('abc', 'c'), instr('abc', 'z'), trim('  a '), ltrim('xxa', 'x'), "
        "rtrim('axx', 'x'), printf('%d of %s, %05.2f%%', 3, 'ten', 1.5), replace(NULL, 'a', 'b'), format('%-4s|', 'ab')"
    )
    assert ask(store, text).rows == (("axax", 3, 0, "a", "a", "a", "3 of ten, 01.50%", None, "ab  |"),)


def test_more_rows_than_asked_for_are_left_out_and_it_says_so(store: SqliteStoryStore) -> None:
    assert ask(store, "SELECT id FROM nodes ORDER BY id", rows=2) == RawAnswer(
        columns=("id",), rows=(("character/ada",), ("character/bo",)), truncated=True
    )
    assert not ask(store, "SELECT id FROM nodes", rows=3).truncated


def test_blobs_and_infinite_numbers_come_as_text_that_json_can_hold(store: SqliteStoryStore) -> None:
    assert ask(store, "SELECT x'00ff', 1e999, CAST(x'ff' AS TEXT)").rows == (("00ff", "inf", "\ufffd"),)


@pytest.mark.parametrize(
    "text",
    [
        "DELETE FROM nodes", "WITH x AS (SELECT 1) DELETE FROM nodes", "INSERT INTO nodes SELECT * FROM nodes",
        "UPDATE scopes SET content_hash = ''", "DROP VIEW scenes", "CREATE TABLE t (a)", "CREATE TEMP TABLE t (a)",
        "PRAGMA user_version = 7", "PRAGMA user_version", "VACUUM", "VACUUM INTO 'copy.db'", "BEGIN", "COMMIT",
        "ATTACH DATABASE 'other.db' AS other", "DETACH main", "REINDEX", "ANALYZE", "/* SELECT */ DELETE FROM nodes",
        "SELECT 1; DELETE FROM nodes", "REPLACE INTO nodes SELECT * FROM nodes", "SAVEPOINT a",
        "SELECT * FROM pragma_database_list", "SELECT * FROM pragma_table_info('nodes')", "SELECT * FROM dbstat",
        "SELECT load_extension('libevil')", "SELECT readfile('/etc/hostname')", "SELECT writefile('a', 'b')",
        "SELECT fts3_tokenizer('simple')", "SELECT * FROM other.nodes", "SELECT * FROM temp.sqlite_master",
        "WITH x AS (SELECT 1) INSERT INTO node_words (node_words) VALUES ('rebuild')",
    ],
)  # fmt: skip
def test_nothing_but_reading_the_graph_is_allowed(store: SqliteStoryStore, text: str) -> None:
    refused(store, text)


def test_no_other_file_is_read_or_made(store: SqliteStoryStore, tmp_path: Path) -> None:
    other = SqliteStoryStore(tmp_path / "other.db")
    other.close()
    before = sorted(path.name for path in tmp_path.iterdir())
    for text in (f"ATTACH '{tmp_path}/other.db' AS o", f"VACUUM INTO '{tmp_path}/stolen.db'", "SELECT * FROM o.nodes"):
        refused(store, text)
    assert sorted(path.name for path in tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    "text",
    [
        "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT COUNT(*) FROM n",
        "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n WHERE x < 0",
        f"SELECT COUNT(*) FROM {', '.join(f'sqlite_schema AS s{i}' for i in range(12))}",
        f"SELECT a.id FROM {', '.join(f'nodes AS {c}' for c in 'abcdefghijklmnopqrstuvwxyz')} ORDER BY random()",
        "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT group_concat(x, '') FROM n",
    ],
)
def test_a_query_that_runs_for_ever_is_stopped_in_time(store: SqliteStoryStore, text: str) -> None:
    began = time.monotonic()
    error = refused(store, text, seconds=0.3)
    assert time.monotonic() - began < 3
    assert "longer than 0.3 s" in error.message or "larger than" in error.message


LONG = (
    "(SELECT group_concat(x, '') FROM (WITH RECURSIVE n (x) AS "
    "(SELECT 'aaaaaaaaaa' UNION ALL SELECT x FROM n LIMIT 300000) SELECT x FROM n))"
)
NINE = "json_each('[1,2,3,4,5,6,7,8,9]')"


@pytest.mark.parametrize(
    "text",
    [
        "SELECT randomblob(1000000000)", "SELECT zeroblob(1000000000)", "SELECT printf('%.*c', 1000000000, 'x')",
        "SELECT printf('%1000000000d', 1)",
        f"SELECT hex(hex(hex(hex(hex(hex(group_concat(data))))))) FROM nodes, {NINE}, sqlite_schema",
        f"SELECT replace({LONG}, 'a', {LONG})", f"SELECT replace({LONG}, {LONG} || 'b', 'c')",
        f"SELECT instr({LONG}, {LONG} || 'b')", f"SELECT trim({LONG}, {LONG} || 'a')",
        f"SELECT {LONG} LIKE '%a%a%a%a%a%a%a%a%ab'", f"SELECT {LONG} LIKE {LONG}", f"SELECT {LONG} || {LONG}",
        f"SELECT * FROM json_each('[' || {LONG} || ']')",
        f"SELECT {', '.join([LONG] * 30)}",
    ],
    ids=lambda text: text[7:40],
)  # fmt: skip
def test_no_one_step_takes_long_or_much_memory(store: SqliteStoryStore, text: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.monotonic()
    with suppress(QueryError):
        ask(store, text, seconds=1)
    assert time.monotonic() - began < 6
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400_000


def test_tables_that_multiply_before_the_clock_runs_are_refused(store: SqliteStoryStore) -> None:
    tables = ", ".join(f"c{i} AS (SELECT a.x FROM c{i - 1} AS a, c{i - 1} AS b)" for i in range(1, 30))
    began = time.monotonic()
    assert "too often" in refused(store, f"WITH c0 AS (SELECT 1 AS x), {tables} SELECT COUNT(*) FROM c29").message
    assert time.monotonic() - began < 1
    few = ", ".join(f"c{i} AS (SELECT a.x FROM c{i - 1} AS a, c{i - 1} AS b)" for i in range(1, 5))
    assert ask(store, f"WITH c0 AS (SELECT 1 AS x), {few} SELECT COUNT(*) FROM c4").rows == ((1,),)


def test_a_query_too_long_or_too_deep_is_refused(store: SqliteStoryStore) -> None:
    assert "characters" in refused(store, "SELECT 1 -- " + "x" * raw.LONGEST_QUERY).message
    refused(store, f"SELECT {'(' * 5000}1{')' * 5000}")
    refused(store, f"SELECT {' + '.join(['1'] * 5000)}")
    refused(store, f"SELECT {'NOT ' * 20000}1")
    refused(store, " UNION ALL ".join(["SELECT 1"] * 5000))


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("SELECT\n  x FORM y z FORM nodes", 2, 10), ("SELECT nme FROM characters", 1, 8),
        ("SELECT id\nFROM charakters", 2, 6), ("SELECT 'FORM', id FRM nodes WHERE", 1, 23),
        ("  DELETE FROM nodes", 1, 3), ("SELECT nosuch(1)", 1, 8), ("SELECT id, FROM nodes", 1, 12),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line_and_column(store: SqliteStoryStore, text: str, line: int, column: int) -> None:
    error = refused(store, text)
    assert (error.line, error.column) == (line, column)


def test_what_is_bound_and_what_is_named_must_agree(store: SqliteStoryStore) -> None:
    with pytest.raises(QueryError, match=":name"):
        ask(store, "SELECT :name")
    with pytest.raises(QueryError, match=":other"):
        ask(store, "SELECT 1", other=2)
    with pytest.raises(QueryError, match=r"binds by \?"):
        ask(store, "SELECT ?")
    with pytest.raises(QueryError, match="too large"):
        ask(store, "SELECT :n", n=2**70)
    assert ask(store, "SELECT value FROM json_each(:ids)", ids=["a", "b"]).rows == (("a",), ("b",))


@pytest.mark.parametrize(
    "text", ["", "  -- nothing\n", ";", "SELECT", "SELECT '", "SELECT \0 1", "\ud800", "SELECT '\ud800'", "🎬", "("]
)
def test_whatever_the_text_is_the_answer_is_one_clear_line(store: SqliteStoryStore, text: str) -> None:
    refused(store, text)


def test_a_raw_query_sees_every_production_and_binds_the_own_one(tmp_path: Path) -> None:
    path = tmp_path / "graph.db"
    with_one, with_other = SqliteStoryStore(path, "one"), SqliteStoryStore(path, "other")
    with_one.replace("film", FILM, [])
    with_other.replace("film", FILM[:1], [])
    count = "SELECT production, COUNT(*) FROM characters GROUP BY production ORDER BY 1"
    assert with_one.ask("sql", count, {}).rows == (("one", 2), ("other", 1))
    own = "SELECT COUNT(*) FROM characters WHERE production = @production"
    assert with_other.ask("sql", own, {}).rows == ((1,),)
    with_one.close()
    with_other.close()


def test_an_answer_is_json(store: SqliteStoryStore) -> None:
    json.dumps(ask(store, "SELECT * FROM scenes").model_dump(), allow_nan=False)
