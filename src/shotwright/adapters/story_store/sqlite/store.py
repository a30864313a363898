"""The embedded StoryStore: a production's graph in a SQLite file that may hold many."""

from __future__ import annotations

import json
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, Literal, get_args

from shotwright.adapters.story_store.canonical import hash_of, node_row
from shotwright.adapters.story_store.documents import require_own_names, require_production
from shotwright.adapters.story_store.named_queries import query_text
from shotwright.adapters.story_store.sqlite.aql import ask_aql
from shotwright.adapters.story_store.sqlite.backup import back_up, faults, put_back
from shotwright.adapters.story_store.sqlite.dump import dump_lines, load_lines
from shotwright.adapters.story_store.sqlite.failures import told_clearly, trusting_contents
from shotwright.adapters.story_store.sqlite.parts import replace_parts
from shotwright.adapters.story_store.sqlite.raw import ask_sql
from shotwright.adapters.story_store.sqlite.schema import connect, has_full_text, prepare
from shotwright.adapters.story_store.sqlite.statements import statement
from shotwright.adapters.story_store.words import rank, searchable, words_of
from shotwright.errors import QueryError, StaleEdit, StoreError
from shotwright.model.graph import EdgeKind, Node, NodeKind
from shotwright.model.queries import query_named
from shotwright.model.query import AskLimits, QueryLanguage

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from shotwright.model.graph import Edge, ReplaceReport
    from shotwright.model.query import RawAnswer
    from shotwright.ports.story_store import Part

_NODE = "SELECT id, kind, data, ord, version FROM nodes WHERE production = ? AND id = ?"


class SqliteStoryStore:
    """A StoryStore in one file; `path` None keeps it in memory. Used from the thread that made it.

    Any number of processes may read the file while one writes it. StoreError for a file that is not a Story Graph, is
    damaged, or comes from a newer shotwright; one of an older version is brought forward, and what it held becomes
    `production`.
    """

    def __init__(self, path: Path | None, production: str = "film", *, read_only: bool = False) -> None:
        self._path = path
        self._production = require_production(production)
        self._read_only = read_only
        with told_clearly(path):
            self._db = connect(path, read_only=read_only)
        try:
            with told_clearly(path):
                prepare(self._db, path, production, read_only=read_only)
                self._full_text = has_full_text(self._db)
        except BaseException:
            self._db.close()
            raise

    @property
    def production(self) -> str:
        return self._production

    def replace(self, scope: str, nodes: Sequence[Node], edges: Sequence[Edge]) -> ReplaceReport:
        with self._transaction():
            return replace_parts(self._db, self._production, [(scope, nodes, edges)])

    def replace_all(self, parts: Sequence[Part], *, under: Sequence[str] = ("",)) -> ReplaceReport:
        with self._transaction():
            return replace_parts(self._db, self._production, parts, under)

    def get(self, node_id: str) -> Node | None:
        with self._reading():
            row = self._db.execute(_NODE, (self._production, node_id)).fetchone()
            return None if row is None else _node(row)

    def neighbours(
        self,
        node_id: str,
        kinds: Sequence[EdgeKind] = (),
        direction: Literal["out", "in", "any"] = "any",
        depth: int = 1,
    ) -> list[Node]:
        parameters = {"production": self._production, "node": node_id, "kinds": json.dumps(list(kinds))}
        with self._reading():
            rows = self._db.execute(statement("neighbours.sql"), parameters | {"direction": direction, "depth": depth})
            return [_node(row) for row in rows]

    def run(self, query: str, **parameters: Any) -> list[dict[str, Any]]:
        named = query_named(query)
        bound = named.bind(parameters) | {"production": self._production}
        with self._reading():
            cursor = self._db.execute(query_text(query, "sql"), bound)
            return named.sort(_rows(cursor))

    def ask(
        self, language: QueryLanguage, text: str, bind: Mapping[str, Any], limits: AskLimits | None = None
    ) -> RawAnswer:
        """A raw query over all productions of the file; one that fails changes nothing, and none can."""
        if language not in get_args(QueryLanguage):
            raise QueryError(f"the store does not speak {language!r}", hint="ask in aql or sql")
        with told_clearly(self._path):
            db = self._aside()
            if language == "sql":
                return ask_sql(db, self._path, text, bind, self._production, limits or AskLimits())
            with closing(db):
                return ask_aql(db, self._path, text, bind, self._production, limits or AskLimits())

    def search(self, text: str, kinds: Sequence[NodeKind] = ()) -> list[Node]:
        wanted = list(dict.fromkeys(words_of(text)))
        if not wanted:
            return []
        with self._reading():
            if self._full_text:
                query, parameters = "search_full_text.sql", {"match": self._match(wanted)}
            else:
                query, parameters = "search_like.sql", {"pattern": f"% {max(wanted, key=len)} %"}
            rows = self._db.execute(statement(query), parameters | {"production": self._production}).fetchall()
            found = [
                row for row in rows if (not kinds or row[1] in kinds) and all(f" {word} " in row[5] for word in wanted)
            ]
            nodes = [(_node(row), _sound(row[5])) for row in found]
            return [node for node, _ in sorted(nodes, key=lambda item: rank(item[0], item[1], wanted))]

    def patch_if(self, node_id: str, expected_version: int, patch: dict[str, Any]) -> Node:
        with self._transaction():
            where = (self._production, node_id)
            query = "SELECT id, kind, data, ord, version, scope FROM nodes WHERE production = ? AND id = ?"
            row = self._db.execute(query, where).fetchone()
            if row is None:
                raise StaleEdit(f"{node_id} is no longer in the story graph", hint="look again, then edit")
            if row[4] != expected_version:
                raise StaleEdit(
                    f"{node_id} has changed since you looked (version {row[4]}, not {expected_version})",
                    hint="look again, then edit",
                )
            with trusting_contents(self._path):
                node = _node(row)
            require_own_names(node_id, patch)
            text = node_row(node.model_copy(update={"data": {**node.data, **patch}}))[3]
            data = json.loads(text)
            self._db.execute(
                "UPDATE nodes SET data = ?, words = ?, version = version + 1 WHERE production = ? AND id = ?",
                (text, searchable(data), *where),
            )
            self._db.execute(
                "UPDATE scopes SET content_hash = '' WHERE production = ? AND scope = ?", (self._production, row[5])
            )
        return node.model_copy(update={"data": data, "version": expected_version + 1})

    def dump(self) -> Iterable[str]:
        """The graph as JSON lines, nodes first, in a fixed order; what is written meanwhile is not in it."""
        with told_clearly(self._path), trusting_contents(self._path), closing(self._aside()) as db:
            db.execute("BEGIN")
            yield from dump_lines(db, self._production)

    def load(self, lines: Iterable[str]) -> ReplaceReport:
        with self._transaction():
            return load_lines(self._db, self._production, lines)

    def scopes(self) -> dict[str, str]:
        query = "SELECT scope, content_hash FROM scopes WHERE production = ? ORDER BY scope"
        with self._reading():
            return dict(self._db.execute(query, (self._production,)).fetchall())

    def fingerprint(self) -> str:
        with self._reading(), self._snapshot():
            nodes = "SELECT id, kind, ord, data FROM nodes WHERE production = ?"
            edges = "SELECT key, kind, src, dst, ord, data FROM edges WHERE production = ?"
            where = (self._production,)
            return hash_of(self._db.execute(nodes, where), self._db.execute(edges, where))

    def backup(self, target: Path) -> None:
        """Copy the whole file, all productions, to `target`, while others may write; whole, or as it was before."""
        if self._path is not None and target.resolve() == self._path.resolve():
            raise StoreError(f"{target} is the story graph itself", hint="name another file for its backup")
        with told_clearly(self._path):
            back_up(self._db, target)

    def restore(self, source: Path) -> None:
        """Make the whole file what a backup holds, in one act. StoreError, and nothing changes, if it is not sound."""
        with told_clearly(self._path):
            put_back(source, self._path, self._db, self._production)
            self._full_text = has_full_text(self._db)

    def check(self) -> list[str]:
        """What is wrong with the file, one line each: damage, and parts that are not as they were put; none is well."""
        with self._reading(), self._snapshot():
            return faults(self._db)

    def close(self) -> None:
        self._db.close()

    def _aside(self) -> sqlite3.Connection:
        """A connection of its own to the same contents, which cannot write them."""
        if self._path is not None:
            return connect(self._path, read_only=True)
        db = connect(None, read_only=False)
        self._db.backup(db)
        return db

    def _match(self, wanted: list[str]) -> str:
        words = " ".join(f'"{word}"' for word in wanted)
        return f'production : "{self._production}" AND words : ({words})'

    @contextmanager
    def _reading(self) -> Iterator[None]:
        with told_clearly(self._path), trusting_contents(self._path):
            yield

    @contextmanager
    def _snapshot(self) -> Iterator[None]:
        """Several statements that see one state of the file."""
        self._db.execute("BEGIN")
        try:
            yield
        finally:
            self._db.rollback()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with told_clearly(self._path):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.commit()
            except BaseException:
                self._db.rollback()
                raise


def _node(row: Sequence[Any]) -> Node:
    return Node(id=row[0], kind=row[1], data=json.loads(row[2]), order=row[3], version=row[4])


def _sound(words: str) -> str:
    """The words of a row. ValueError where a page of the file was wiped, which the text alone would not show."""
    if "\0" in words:
        raise ValueError("a page of words has been overwritten")
    return words


def _rows(cursor: sqlite3.Cursor) -> list[dict[str, Any]]:
    """A column's ending says what SQLite's value stands for: JSON text or a truth value."""
    columns: list[tuple[str, Callable[[Any], Any]]] = []
    for name, *_ in cursor.description:
        if name.endswith("_json"):
            columns.append((name.removesuffix("_json"), json.loads))
        elif name.endswith("_bool"):
            columns.append((name.removesuffix("_bool"), bool))
        else:
            columns.append((name, _same))
    return [
        {name: None if value is None else read(value) for (name, read), value in zip(columns, row, strict=True)}
        for row in cursor
    ]


def _same(value: Any) -> Any:
    return value
