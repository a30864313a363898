"""The Story Graph from the command line: people's names in, data out, one clear line for what is wrong."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import pty
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Shotwright


@pytest.fixture
def ask(shotwright: Shotwright, example_production: Path) -> Any:
    def call(*words: str, code: int = 0, **options: object) -> subprocess.CompletedProcess[str]:
        answer = shotwright("graph", str(example_production), *words, **options)
        assert answer.returncode == code, answer.stderr
        assert "Traceback" not in answer.stderr
        return answer

    return call


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE))


def complaint(answer: subprocess.CompletedProcess[str], *words: str) -> None:
    assert answer.stdout == ""
    assert len([line for line in answer.stderr.splitlines() if line.startswith("error: ")]) == 1, answer.stderr
    for word in words:
        assert word in answer.stderr


def test_a_scene_is_named_by_its_number_and_its_people_by_their_names(ask: Any) -> None:
    rows = table(ask("scene_briefing", "--scene", "12").stdout)
    assert {row["id"] for row in rows if row["part"] == "cast"} == {"Salter", "Joss Pryce"}
    assert [row["id"] for row in rows if row["part"] in ("previous", "scene", "next")] == ["13", "11", "12"]


@pytest.mark.parametrize("who", ["Della", "della pryce", "DELLA", "character/della", "  Della  Pryce "])
def test_somebody_is_found_however_the_name_is_written(ask: Any, who: str) -> None:
    rows = table(ask("character_arc", "--character", who).stdout)
    assert len(rows) == 13
    assert rows[0]["scene"] == "2"
    assert "order" not in rows[0]


def test_json_has_ids_and_every_column_and_the_lines_are_the_same_rows(ask: Any) -> None:
    rows = json.loads(ask("character_arc", "--character", "Della", "--json").stdout)
    assert rows[0]["scene"].startswith("scene/sc_")
    assert rows[0]["order"] == 1
    lines = ask("character_arc", "--character", "Della", "--jsonl").stdout.splitlines()
    assert [json.loads(line) for line in lines] == rows
    assert lines[0] == json.dumps(rows[0], sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def test_every_named_query_is_listed_and_answers_from_its_help(ask: Any) -> None:
    listed = json.loads(ask("--list", "--json").stdout)
    assert len(listed) >= 18
    with_none = [query["name"] for query in listed if not query["needs"]]
    assert {"story_map", "tension", "unresolved"} <= set(with_none)
    for name in with_none:
        rows = json.loads(ask(name, "--json").stdout)
        row = next(q["row"] for q in listed if q["name"] == name)
        assert all(set(r) == set(row) for r in rows), name
    needing = next(query for query in listed if query["needs"])
    told = ask(needing["name"], "--help").stdout
    assert f"--{needing['needs'][0]}" in told
    assert needing["what"].split()[0] in told


def test_a_wrong_name_gets_a_suggestion_and_several_are_told_apart(ask: Any) -> None:
    complaint(ask("character_arc", "--character", "Dela", code=2), "no character called Dela", "mean Della Pryce?")
    complaint(ask("character_arc", "--character", "Pryce", code=2), "may be 3 of them", "character/joss")
    complaint(ask("scene_briefing", "--scene", "99", code=2), "no scene 99", "numbered 1 to 19")
    complaint(ask("character_arc", "--character", "prop/tobacco_tin", code=2), "is a prop", "takes character")
    complaint(ask("custody", "--thing", "spaceship", code=2), "no prop, vehicle or animal", "spaceship")


def test_a_wrong_query_or_parameter_is_one_line(ask: Any) -> None:
    complaint(ask("character_ark", "--character", "Della", code=2), "no query named character_ark", "character_arc")
    complaint(ask("character_arc", code=2), "needs character")
    answer = ask("character_arc", "--scene", "1", code=2)
    assert "--scene" in answer.stderr
    for wrong in (("story_map", "--list"), ("--limit", "3"), ("--aql", "RETURN 1", "--kind", "prop"), ("--limit", "0")):
        assert ask(*wrong, code=2).stdout == ""
    assert "one at a time" in ask("story_map", "--analysis", code=2).stderr


@pytest.mark.parametrize(("width", "words"), [(100, ("story_map",)), (200, ("character_arc", "--character", "Della"))])
def test_a_terminal_gets_rows_within_its_width(example_production: Path, width: int, words: tuple[str, ...]) -> None:
    leader, follower = pty.openpty()
    environ = {**os.environ, "COLUMNS": str(width), "PYTHONPATH": str(ROOT / "src"), "TERM": "xterm"}
    command = [sys.executable, "-m", "shotwright", "graph", str(example_production), *words]
    with subprocess.Popen(command, stdout=follower, stderr=subprocess.PIPE, env=environ) as running:
        os.close(follower)
        drawn = b""
        with contextlib.suppress(OSError):
            while more := os.read(leader, 65536):
                drawn += more
        os.close(leader)
        assert running.wait() == 0
    lines = re.sub(r"\x1b\[[0-9;]*m", "", drawn.decode()).splitlines()
    assert max(len(line.rstrip()) for line in lines) <= width
    text = " ".join(" ".join(lines).split()).replace("\u00a0", " ")
    shown = "heading EXT. COAST ROAD" if words == ("story_map",) else "yellow mackintosh"
    assert shown in text
    assert "scene/sc_" not in text


def test_a_limit_cuts_the_rows_and_says_so(ask: Any) -> None:
    answer = ask("story_map", "--limit", "3")
    assert len(table(answer.stdout)) == 3
    assert "3 of 19 rows" in answer.stderr


def test_search_finds_words_in_nodes_of_a_kind(ask: Any) -> None:
    found = table(ask("--search", "tobacco tin", "--kind", "prop").stdout)
    assert [row["id"] for row in found] == ["prop/tobacco_tin"]
    assert {n["kind"] for n in json.loads(ask("--search", "tin", "--json").stdout)} >= {"prop", "scene"}
    complaint(ask("--search", "tin", "--kind", "propp", code=2), "did you mean prop?")
    assert ask("--search", "zeppelin").stdout.splitlines() == ["kind\tname\tid\ttext"]


def test_sql_answers_in_columns_with_bound_values(ask: Any) -> None:
    asked = ("--sql", "SELECT name, role FROM characters WHERE name = :who", "--bind", "who=Gwen")
    assert ask(*asked).stdout == "name\trole\nGwen\tlead\n"
    assert json.loads(ask(*asked, "--json").stdout) == [{"name": "Gwen", "role": "lead"}]
    assert ask("--sql", "-", "--jsonl", input="SELECT 1 AS a, NULL AS b").stdout == '{"a":1,"b":null}\n'
    typed = ask("--sql", "SELECT :n + 1 AS n", "--bind", "n:=41", "--jsonl")
    assert typed.stdout == '{"n":42}\n'


def test_aql_answers_with_values_and_rows(ask: Any) -> None:
    names = ask(
        "--aql", "FOR c IN characters FILTER c.role == @r SORT c.name LIMIT 2 RETURN c.name", "--bind", "r=lead"
    )
    assert names.stdout == "Della Pryce\nEmlyn Pryce\n"
    rows = ask("--aql", "FOR c IN characters SORT c.name LIMIT 1 RETURN {who: c.name, n: 1}")
    assert rows.stdout == "who\tn\nBeatriz\t1\n"
    assert json.loads(ask("--aql", "RETURN [1, {a: null}]", "--json").stdout) == [[1, {"a": None}]]


def test_the_queries_of_the_documents_answer(ask: Any) -> None:
    page = (ROOT / "docs" / "story-graph.md").read_text()
    shown = re.findall(r"```(aql|sql)\n(.*?)```", page, re.DOTALL)
    assert len(shown) >= 3
    for language, text in shown:
        bound = ("--bind", "name=orange") if "@name" in text else ()
        assert json.loads(ask(f"--{language}", text, *bound, "--json").stdout), text


def test_a_mistake_in_a_query_is_pointed_at(ask: Any) -> None:
    answer = ask("--aql", 'FOR c IN characters\nFILTR c.name == "x" RETURN c', code=2)
    complaint(answer, "line 2, column 1", "did you mean FILTER?")
    source, caret = answer.stderr.splitlines()[:2]
    assert source[caret.index("^") :].startswith("FILTR")
    complaint(ask("--sql", "SELECT nothing FROM characters", code=2), "nothing")
    for writes in (("--aql", "FOR c IN characters REMOVE c IN characters"), ("--sql", "DELETE FROM nodes")):
        complaint(ask(*writes, code=2), "read")
    complaint(ask("--sql", "SELECT 1", "--bind", "n:={", code=2), "not JSON")
    complaint(ask("--sql", "SELECT 1", "--bind", "n", code=2), "--bind")


def test_a_query_that_runs_too_long_is_stopped(ask: Any) -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n"
    complaint(ask("--sql", endless, "--seconds", "0.2", code=2), "longer than 0.2 s")


def test_the_map_is_a_picture_of_every_scene(ask: Any, tmp_path: Path) -> None:
    ask("--map", "film.svg")
    picture = (tmp_path / "film.svg").read_text()
    root = ET.fromstring(picture)
    told = [node.text or "" for node in root.iter("{http://www.w3.org/2000/svg}title")]
    assert len([title for title in told if re.match(r"Scene \d+ · ", title)]) == 19
    assert ask("--map", "-").stdout == picture


def test_the_analysis_and_the_overview_say_who_is_central(ask: Any) -> None:
    shape = json.loads(ask("--analysis", "--json").stdout)
    assert shape["characters"][0]["name"] == "Della Pryce"
    assert len(shape["tension"]) == 19
    assert "Della Pryce\tlead\t13" in ask("--analysis").stdout
    seen = ask().stdout
    assert "Della Pryce, in 13 of 19 scenes" in seen
    assert "scene_briefing" in seen
    told = json.loads(ask("--json").stdout)
    assert told["nodes"]["scene"] == 19
    assert told["edges"]["follows"] == 18


def test_the_way_from_one_to_another_is_told_in_words(ask: Any) -> None:
    steps = ask("--path", "Salter", "Beatriz").stdout.splitlines()
    assert steps[0].startswith("Salter ")
    assert "Beatriz" in steps[-1]
    assert len(json.loads(ask("--path", "12", "Gwen", "--json").stdout)) >= 2
    assert ask("--path", "Gwen", "gwen").stderr == "both are the same\n"


def test_an_export_is_the_whole_graph_a_line_each(ask: Any, tmp_path: Path) -> None:
    lines = ask("--export", "-").stdout.splitlines()
    entries = [json.loads(line) for line in lines]
    told = json.loads(ask("--json").stdout)
    assert len([e for e in entries if "node" in e]) == sum(told["nodes"].values())
    assert len([e for e in entries if "edge" in e]) == sum(told["edges"].values())
    ask("--export", "graph.jsonl")
    assert (tmp_path / "graph.jsonl").read_text().splitlines() == lines


def test_the_graph_is_made_again_and_restored(shotwright: Shotwright, example_production: Path, tmp_path: Path) -> None:
    folder = tmp_path / example_production.name
    shutil.copytree(example_production, folder)
    before = shotwright("graph", folder.name, "--export", "-").stdout
    assert before.count("\n") > 1000
    saved = shotwright("graph", folder.name, "--backup", "saved.sqlite")
    assert saved.returncode == 0, saved.stderr
    for part in folder.glob("story.sqlite*"):
        part.unlink()
    rebuilt = shotwright("graph", folder.name, "--rebuild", "--json")
    assert rebuilt.returncode == 0, rebuilt.stderr
    assert json.loads(rebuilt.stdout)["nodes_put"] > 100
    assert shotwright("graph", folder.name, "--export", "-").stdout == before
    for part in folder.glob("story.sqlite*"):
        part.unlink()
    restored = shotwright("graph", folder.name, "--restore", "saved.sqlite")
    assert restored.returncode == 0, restored.stderr
    assert shotwright("graph", folder.name, "--export", "-").stdout == before


def test_a_copy_in_another_store_is_equal(shotwright: Shotwright, example_production: Path, tmp_path: Path) -> None:
    folder = tmp_path / example_production.name
    shutil.copytree(example_production, folder)
    copied = shotwright("graph", folder.name, "--copy-to", "sqlite:library.sqlite", "--json")
    assert copied.returncode == 0, copied.stderr
    assert json.loads(copied.stdout)["answers_compared"] > 50


def test_a_graph_that_is_gone_or_of_another_name_says_how_to_make_it_again(
    shotwright: Shotwright, example_production: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "renamed"
    shutil.copytree(example_production, folder)
    answer = shotwright("graph", "renamed", "story_map")
    assert answer.returncode in (0, 2)
    if answer.returncode:
        complaint(answer, "--rebuild")
    for part in folder.glob("story.sqlite*"):
        part.unlink()
    gone = shotwright("graph", "renamed", "story_map")
    assert gone.returncode == 1
    complaint(gone, "no story graph", "hint:")


def test_a_folder_without_a_graph_says_what_to_do(shotwright: Shotwright, tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    answer = shotwright("graph", "notes")
    assert answer.returncode == 2
    complaint(answer, "not a production folder", "shotwright run")
