"""shotwright graph"""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shotwright.cli.answers.options import QueryCommand, meanings, takes
from shotwright.cli.answers.raw import binding, point_at
from shotwright.cli.terminal import print_json, print_table
from shotwright.errors import InputError, QueryError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from shotwright.cli.answers.names import Names
    from shotwright.model.query import NamedQuery, QueryLanguage
    from shotwright.model.structure import FilmStructure
    from shotwright.ports.story_store import StoryStore

LONGEST_QUERY = 100_000


@click.command("graph", cls=QueryCommand)
@click.argument("production", type=click.Path(path_type=Path), metavar="DIR")
@click.argument("query", required=False, metavar="[QUERY]")
@click.option("--list", "listing", is_flag=True, help="List the named queries with their parameters.")
@click.option("--search", metavar="WORDS", help="Nodes whose text holds every word, best first.")
@click.option("--kind", "kinds", multiple=True, metavar="KIND", help="Of a search: only this kind; may be repeated.")
@click.option("--aql", metavar="TEXT", help="A query in AQL that only reads; - takes it from standard input.")
@click.option("--sql", metavar="TEXT", help="A SELECT over the views of the embedded store; - as above.")
@click.option(
    "--bind", "bound", multiple=True, metavar="NAME=TEXT",
    help="A bind variable of --aql or --sql; NAME:=JSON for anything but text. May be repeated.",
)  # fmt: skip
@click.option(
    "--limit", type=click.IntRange(1, 1_000_000), metavar="ROWS", help="At most so many rows; 1000 of a raw query."
)
@click.option("--seconds", type=click.FloatRange(0.01, 600), metavar="N", help="How long a raw query may take; 5.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, with ids.")
@click.option("--jsonl", "as_lines", is_flag=True, help="Rows as JSON lines, with ids.")
@click.option("--map", "map_to", metavar="FILE", help="Draw the story map: an SVG file, or - for standard output.")
@click.option("--analysis", is_flag=True, help="The film's structure: who is central, tension, acts, loose ends.")
@click.option("--path", "between", nargs=2, metavar="A B", help="The shortest way from one node to another, in words.")
@click.option("--export", "export_to", metavar="FILE", help="The whole graph as JSON lines; - for standard output.")
@click.option("--backup", "backup_to", metavar="FILE", help="Copy the embedded store, whole, also while a run writes.")
@click.option("--restore", "restore_from", metavar="FILE", help="Put back what --backup wrote.")
@click.option("--rebuild", is_flag=True, help="Make the graph again from the journal.")
@click.option(
    "--copy-to",
    metavar="URL",
    help="Copy it to a store (arangodb://…, sqlite:FILE, embedded) and prove both equal.",
)
@click.pass_context
def command(ctx: click.Context, /, production: Path, query: str | None, **given: Any) -> None:
    """Ask the Story Graph: who is where with whom, what is left open, what a change would touch.

    \b
    shotwright graph film.shotwright                          what it holds
    shotwright graph film.shotwright character_arc --character Della
    shotwright graph film.shotwright scene_briefing --scene 12
    shotwright graph film.shotwright --aql 'FOR c IN characters RETURN c.name'
    shotwright graph film.shotwright QUERY --help             what a query takes

    Scenes are named by number, people, places and things by name.
    """
    _require_one(ctx, query, given)
    ask = _Asked(production, given)
    if query is not None:
        ask.named(query)
    elif given["listing"]:
        ask.list_queries()
    elif given["search"] is not None:
        ask.search(given["search"], given["kinds"])
    elif given["aql"] is not None or given["sql"] is not None:
        ask.raw("sql" if given["aql"] is None else "aql", given["sql"] if given["aql"] is None else given["aql"])
    elif given["between"]:
        ask.way(*given["between"])
    elif given["analysis"]:
        ask.analysis()
    elif given["map_to"]:
        ask.draw(given["map_to"])
    elif given["export_to"]:
        ask.export(given["export_to"])
    elif not _moved(production, given):
        ask.overview()


TOLD = ("synopsis", "description", "summary", "action_description")
"""Fields that say in words what was found, whichever kind of node it is."""
ACTS = {
    "listing": "--list", "search": "--search", "aql": "--aql", "sql": "--sql", "map_to": "--map",
    "analysis": "--analysis",
    "between": "--path", "export_to": "--export", "backup_to": "--backup", "restore_from": "--restore",
    "rebuild": "--rebuild", "copy_to": "--copy-to",
}  # fmt: skip
"""What asks for an answer of its own; one at a time."""
ONLY_WITH = {
    "bound": ("aql", "sql"), "seconds": ("aql", "sql"), "kinds": ("search",),
    "limit": ("query", "search", "aql", "sql"), "as_lines": ("query", "search", "aql", "sql", "between"),
}  # fmt: skip


def _require_one(ctx: click.Context, query: str | None, given: Mapping[str, Any]) -> None:
    acts = [name for name in ACTS if given[name] not in (None, False, ())]
    if query is not None:
        acts.insert(0, "query")
    if len(acts) > 1:
        shown = [ACTS.get(act, query or "") for act in acts[:2]]
        raise click.UsageError(f"{shown[0]} and {shown[1]} are two questions; ask one at a time", ctx)
    for option, homes in ONLY_WITH.items():
        if given[option] not in (None, False, ()) and not set(homes) & set(acts):
            flag = next(p.opts[0] for p in ctx.command.params if p.name == option)
            goes = " or ".join("a named query" if home == "query" else ACTS[home] for home in homes)
            raise click.UsageError(f"{flag} goes with {goes}", ctx)
    if given["as_json"] and given["as_lines"]:
        raise click.UsageError("--json or --jsonl, not both", ctx)


class _Asked:
    """One question to one production's graph."""

    def __init__(self, path: Path, given: Mapping[str, Any]) -> None:
        self.path = path
        self.given = given
        self.json = bool(given["as_json"])
        self.lines = bool(given["as_lines"])

    @contextmanager
    def _open(self) -> Iterator[tuple[StoryStore, Names]]:
        from shotwright.cli.answers.names import Names
        from shotwright.production.graph import open_graph
        from shotwright.production.opened import Production

        with Production(self.path) as opened, open_graph(self.path) as store:
            if store.get("film/film") is None:
                raise InputError(
                    f"{self.path}: the story graph holds nothing of {store.production}",
                    hint="shotwright graph DIR --rebuild makes it again from the journal",
                )
            yield store, Names(store.dump, opened.find_scene, lambda: opened.scene_numbers)

    def named(self, name: str) -> None:
        from shotwright.model.queries import QUERIES

        query = QUERIES[name]
        with self._open() as (store, names):
            bound = _parameters(query, self.given, names)
            rows = self._cut(store.run(name, **bound))
            self._print(list(query.row.model_fields), rows, names)
            if not rows:
                click.echo("no rows", err=True)

    def search(self, words: str, kinds: Sequence[str]) -> None:
        from shotwright.cli.answers.names import as_kinds, called

        wanted = as_kinds(kinds)
        with self._open() as (store, names):
            found = self._cut(store.search(words, wanted))
            if self.json or self.lines:
                self._print([], [node.model_dump(mode="json") for node in found], names)
                return
            rows = [
                (node.kind.replace("_", " "), _scene_or(names, node.id, called(node)), node.id,
                 next((str(node.data[field]) for field in TOLD if node.data.get(field)), ""))
                for node in found
            ]  # fmt: skip
            print_table("", ("kind", "name", "id", "text"), rows)
            if not rows:
                click.echo("nothing holds all of these words", err=True)

    def raw(self, language: QueryLanguage, text: str) -> None:
        from shotwright.cli.answers.rows import print_rows, print_rows_json, print_values
        from shotwright.model.query import AskLimits

        if text == "-":
            text = sys.stdin.read(LONGEST_QUERY + 1)
        if len(text) > LONGEST_QUERY:
            raise QueryError(f"the query has more than {LONGEST_QUERY:,} characters", hint="bind long values by name")
        limits = AskLimits(seconds=self.given["seconds"] or 5.0, rows=self.given["limit"] or 1000)
        bound = dict(map(binding, self.given["bound"]))
        with self._open() as (store, _):
            try:
                answer = store.ask(language, text, bound, limits)
            except QueryError as error:
                raise point_at(error, text) from error
        rows = list(answer.rows)
        columns = answer.columns
        # Columns of one name would hide each other in an object.
        named = bool(columns) and len(set(columns)) == len(columns)
        if named:
            rows = [dict(zip(columns, row, strict=True)) for row in rows]
        if self.json or self.lines:
            print_rows_json(rows, lines=self.lines)
        elif named:
            print_rows("", columns, rows)
        elif columns:
            print_table("", columns, [tuple("" if cell is None else str(cell) for cell in row) for row in rows])
        else:
            print_values(rows)
        for warning in answer.warnings:
            click.echo(f"warning: {warning}", err=True)
        if answer.truncated:
            click.echo(f"there are more than {limits.rows} rows: --limit", err=True)

    def list_queries(self) -> None:
        from shotwright.model.queries import QUERIES

        if self.json:
            print_json(
                [{"name": q.name, "what": q.what, "parameters": meanings(q.parameters),
                  "needs": [n for n, f in q.parameters.model_fields.items() if f.is_required()],
                  "row": list(q.row.model_fields)} for q in QUERIES.values()]
            )  # fmt: skip
            return
        print_table("", ("query", "takes", "what it answers"), [(q.name, takes(q), q.what) for q in QUERIES.values()])

    def overview(self) -> None:
        from shotwright.cli.answers.shape import highlights
        from shotwright.model.queries import QUERIES

        with self._open() as (store, names):
            shape, nodes, edges = _analysed(store)
            if self.json:
                print_json({"production": store.production, "nodes": nodes, "edges": edges,
                            "queries": list(QUERIES)})  # fmt: skip
                return
            told = [("nodes", _counts(nodes)), ("edges", _counts(edges)), *highlights(shape, names)]
        print_table(shape.title, ("what", "which"), told)
        click.echo("")
        print_table("Named queries", ("query", "takes", "what it answers"),
                    [(q.name, takes(q), q.what) for q in QUERIES.values()])  # fmt: skip

    def analysis(self) -> None:
        from shotwright.cli.answers.shape import print_structure

        with self._open() as (store, names):
            shape, _, _ = _analysed(store)
            if self.json:
                print_json(shape.model_dump(mode="json"))
            else:
                print_structure(shape, names)

    def way(self, a: str, b: str) -> None:
        from shotwright.cli.answers.names import KINDS
        from shotwright.cli.answers.rows import print_rows_json
        from shotwright.craft.structure import read_graph, shortest_path

        with self._open() as (store, names):
            first, last = (names.find("path", end, KINDS["node"]) for end in (a, b))
            nodes, edges = read_graph(store.dump())
            steps = shortest_path(nodes, edges, first, last, names.numbers)
            ends = f"{names.show(first)} and {names.show(last)}"
        if self.json or self.lines:
            print_rows_json([step.model_dump(mode="json") for step in steps or ()], lines=self.lines)
        else:
            for step in steps or ():
                click.echo(step.words)
        if steps is None:
            click.echo(f"nothing joins {ends}", err=True)
        elif not steps:
            click.echo("both are the same", err=True)

    def draw(self, target: str) -> None:
        from shotwright.craft.structure import analyse, read_graph
        from shotwright.exports.story_map import draw_story_map

        with self._open() as (store, names):
            nodes, edges = read_graph(store.dump())
            picture = draw_story_map(nodes, edges, analyse(nodes, edges), names.numbers)
        _write(target, picture)

    def export(self, target: str) -> None:
        with self._open() as (store, _):
            if target == "-":
                for line in store.dump():
                    click.echo(line)
                return
            text = "".join(f"{line}\n" for line in store.dump())
        _write(target, text)

    def _cut(self, rows: list[Any]) -> list[Any]:
        most = self.given["limit"]
        if most and len(rows) > most:
            click.echo(f"{most} of {len(rows)} rows", err=True)
            return rows[:most]
        return rows

    def _print(self, columns: Sequence[str], rows: list[dict[str, Any]], names: Names) -> None:
        from shotwright.cli.answers.rows import print_rows, print_rows_json

        if self.json or self.lines:
            print_rows_json(rows, lines=self.lines)
        else:
            print_rows("", columns, rows, names)


def _moved(path: Path, given: Mapping[str, Any]) -> bool:
    """Rebuild, copy, back up or restore, when that is asked; what was done goes to standard error, or as JSON out."""
    from dataclasses import asdict

    if given["rebuild"]:
        from shotwright.production.graph import rebuild_graph

        _report(rebuild_graph(path).model_dump(), given, "rebuilt")
    elif given["copy_to"]:
        from shotwright.production.copying import copy_graph

        _report(asdict(copy_graph(path, given["copy_to"], _progress())), given, "copied and found equal")
    elif given["backup_to"]:
        from shotwright.production.graph import backup_graph

        backup_graph(path, Path(given["backup_to"]))
        click.echo(given["backup_to"], err=True)
    elif given["restore_from"]:
        from shotwright.production.graph import restore_graph

        restore_graph(path, Path(given["restore_from"]))
        click.echo(f"restored from {given['restore_from']}", err=True)
    else:
        return False
    return True


def _report(counts: Mapping[str, Any], given: Mapping[str, Any], done: str) -> None:
    if given["as_json"]:
        print_json(dict(counts))
        return
    told = ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in counts.items() if isinstance(count, int))
    click.echo(f"{done}: {told}", err=True)


def _progress() -> Callable[[int, int], None]:
    def advance(done: int, total: int) -> None:
        if sys.stderr.isatty() or done == total:
            click.echo(f"{done}/{total} parts", err=True)

    return advance


def _write(target: str, text: str) -> None:
    from shotwright.production.files import write_whole

    if target == "-":
        click.echo(text, nl=False)
        return
    write_whole(Path(target), text)
    click.echo(target, err=True)


def _parameters(query: NamedQuery, given: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """What was given on the command line, as the query takes it: names as ids."""
    from shotwright.cli.answers.names import kinds_of

    fields = query.parameters.model_fields
    typed = {name: given[name] for name in fields if given.get(name) is not None}
    query.bind(typed)
    bound: dict[str, Any] = {}
    for name, text in typed.items():
        kinds = kinds_of(query.name, name)
        found = names.find(name, text, kinds) if kinds and text else text
        # A feeling is asked for by its plain name.
        bound[name] = found.removeprefix("emotional_beat/") if name == "beat" else found
    return query.bind(bound)


def _analysed(store: StoryStore) -> tuple[FilmStructure, dict[str, int], dict[str, int]]:
    """The structure, and how many nodes and edges there are of each kind."""
    from shotwright.craft.structure import analyse, read_graph

    nodes, edges = read_graph(store.dump())
    counted = (Counter(str(n.kind) for n in nodes), Counter(str(e.kind) for e in edges))
    found = [dict(sorted(kinds.items(), key=lambda item: (-item[1], item[0]))) for kinds in counted]
    return analyse(nodes, edges), found[0], found[1]


def _counts(kinds: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {kind.replace('_', ' ')}" for kind, count in kinds.items())


def _scene_or(names: Names, node_id: str, called: Sequence[str]) -> str:
    return f"scene {names.number(node_id)}" if node_id.startswith("scene/") else called[0]
