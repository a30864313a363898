"""The Story Graph in one SQLite file.

The graph is a projection of the journal and can be made again from it, so `synchronous = NORMAL` is safe enough: a
power cut may cost the last commits, never the file. One process writes, any number read at the same time (WAL).
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import contextmanager
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal, cast

from shotwright.adapters.story_store.named_queries import named_queries
from shotwright.adapters.story_store.words import searchable, words_of
from shotwright.errors import StaleEdit, StoreError
from shotwright.model.graph import Edge, EdgeKind, Node, NodeKind, ReplaceReport

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

APPLICATION_ID = 0x53684757
"""`ShGW`: marks the file as a Story Graph, so that a foreign database is never written to."""
SCHEMA_VERSION = 1
BUSY_MILLISECONDS = 10_000

_NODE = "SELECT id, kind, data, ord, version FROM nodes"
_canonical = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), check_circular=False).encode

NodeRow = tuple[str, int, str]
EdgeRow = tuple[str, str, str, int, str]


class SqliteStoryStore:
    """A StoryStore in one file; `path` None keeps it in memory. Used from the thread that made it."""

    def __init__(self, path: Path | None, production: str = "film", *, read_only: bool = False) -> None:
        self.production = production
        self._path = path
        self._read_only = read_only
        with self._errors():
            self._db = self._connect()
        try:
            with self._errors():
                self._full_text = self._prepare()
        except BaseException:
            self._db.close()
            raise

    def replace(self, scope: str, nodes: Sequence[Node], edges: Sequence[Edge]) -> ReplaceReport:
        node_rows: dict[str, NodeRow] = {n.id: (n.kind, n.order, _canonical(n.data)) for n in nodes}
        edge_rows: dict[str, EdgeRow] = {e.key: (e.kind, e.src, e.dst, e.order, _canonical(e.data)) for e in edges}
        if len(node_rows) != len(nodes) or len(edge_rows) != len(edges):
            raise StoreError(f"the part {scope} names a node or an edge twice", hint="give each its own id or key")
        content_hash = _content_hash(node_rows, edge_rows)
        with self._transaction():
            known = self._one("SELECT content_hash FROM scopes WHERE scope = ?", scope)
            if known is not None and known[0] == content_hash:
                return ReplaceReport(unchanged=len(node_rows) + len(edge_rows))
            report = self._replace_rows(scope, {n.id: n for n in nodes}, node_rows, edge_rows)
            if node_rows or edge_rows:
                self._db.execute(
                    "INSERT OR REPLACE INTO scopes (scope, content_hash) VALUES (?, ?)", (scope, content_hash)
                )
            else:
                self._db.execute("DELETE FROM scopes WHERE scope = ?", (scope,))
        return report

    def replace_all(
        self, parts: Sequence[tuple[str, Sequence[Node], Sequence[Edge]]], *, under: Sequence[str] = ("",)
    ) -> ReplaceReport:
        with self._transaction():
            named = {scope for scope, _, _ in parts}
            gone = [self.replace(scope, (), ()) for scope in self.scopes() if scope not in named and scope.startswith(tuple(under))]
            reports = gone + [self.replace(scope, nodes, edges) for scope, nodes, edges in parts]
        return ReplaceReport(**{name: sum(getattr(r, name) for r in reports) for name in ReplaceReport.model_fields})

    def get(self, node_id: str) -> Node | None:
        row = self._one(f"{_NODE} WHERE id = ?", node_id)
        return None if row is None else _node(row)

    def neighbours(
        self,
        node_id: str,
        kinds: Sequence[EdgeKind] = (),
        direction: Literal["out", "in", "any"] = "any",
        depth: int = 1,
    ) -> list[Node]:
        parameters = {"node": node_id, "kinds": json.dumps(list(kinds)), "direction": direction, "depth": depth}
        with self._errors():
            return [_node(row) for row in self._db.execute(_statement("neighbours.sql"), parameters)]

    def run(self, query: str, **parameters: Any) -> list[dict[str, Any]]:
        named = named_queries().get(query)
        if named is None:
            raise StoreError(f"there is no query named {query}", hint=f"there are: {', '.join(named_queries())}")
        with self._errors():
            cursor = self._db.execute(named.text, named.bind(parameters))
            columns = [column[0] for column in cursor.description]
            return [dict(map(_cell, columns, row)) for row in cursor]

    def search(self, text: str, kinds: Sequence[NodeKind] = ()) -> list[Node]:
        wanted = list(dict.fromkeys(words_of(text)))
        if not wanted:
            return []
        with self._errors():
            if self._full_text:
                match = " ".join(f'"{word}"' for word in wanted)
                rows = self._db.execute(_statement("search_full_text.sql"), {"match": match}).fetchall()
            else:
                pattern = f"% {max(wanted, key=len)} %"
                rows = self._db.execute(_statement("search_like.sql"), {"pattern": pattern}).fetchall()
        found = [
            row for row in rows if (not kinds or row[1] in kinds) and all(f" {word} " in row[5] for word in wanted)
        ]
        return [_node(row) for row in sorted(found, key=lambda row: _rank(row, wanted))]

    def patch_if(self, node_id: str, expected_version: int, patch: dict[str, Any]) -> Node:
        with self._transaction():
            row = self._one("SELECT id, kind, data, ord, version, scope FROM nodes WHERE id = ?", node_id)
            if row is None:
                raise StaleEdit(f"{node_id} is no longer in the story graph", hint="look again, then edit")
            if row[4] != expected_version:
                raise StaleEdit(
                    f"{node_id} has changed since you looked (version {row[4]}, not {expected_version})",
                    hint="look again, then edit",
                )
            data = {**json.loads(row[2]), **patch}
            self._db.execute(
                "UPDATE nodes SET data = ?, words = ?, version = version + 1 WHERE id = ?",
                (_canonical(data), searchable(data), node_id),
            )
            self._db.execute("UPDATE scopes SET content_hash = '' WHERE scope = ?", (row[5],))
        return Node(id=row[0], kind=row[1], data=data, order=row[3], version=expected_version + 1)

    def dump(self) -> Iterable[str]:
        with self._errors():
            for row in self._db.execute("SELECT scope, id, kind, data, ord, version FROM nodes ORDER BY kind, ord, id"):
                yield _canonical({"scope": row[0], "node": _node(row[1:]).model_dump()})
            for row in self._db.execute("SELECT scope, key, kind, src, dst, data, ord FROM edges ORDER BY key"):
                edge = {"key": row[1], "kind": row[2], "src": row[3], "dst": row[4], "order": row[6]}
                yield _canonical({"scope": row[0], "edge": {**edge, "data": json.loads(row[5])}})

    def load(self, lines: Iterable[str]) -> ReplaceReport:
        scopes: dict[str, tuple[list[Node], list[Edge]]] = {}
        for number, line in enumerate(lines, 1):
            try:
                entry = json.loads(line)
                nodes, edges = scopes.setdefault(entry["scope"], ([], []))
                if "node" in entry:
                    nodes.append(Node(**entry["node"]))
                else:
                    edges.append(Edge(**entry["edge"]))
            except (ValueError, KeyError, TypeError) as error:
                raise StoreError(
                    f"line {number} of the dump is not a node or an edge", hint="was the file cut short?"
                ) from error
        total = dict.fromkeys(ReplaceReport.model_fields, 0)
        with self._transaction():
            for scope, (nodes, edges) in scopes.items():
                for count, value in self.replace(scope, nodes, edges):
                    total[count] += value
                versions = [(n.version, n.id) for n in nodes if n.version != 1]
                self._db.executemany("UPDATE nodes SET version = ? WHERE id = ?", versions)
        return ReplaceReport(**total)

    def scopes(self) -> dict[str, str]:
        with self._errors():
            return dict(self._db.execute("SELECT scope, content_hash FROM scopes ORDER BY scope"))

    def fingerprint(self) -> str:
        """Changes with the graph's contents, whichever way they came about."""
        state = blake2b(f"sqlite {SCHEMA_VERSION}".encode(), digest_size=20)
        with self._errors():
            for statement in (
                "SELECT id, kind, ord, data FROM nodes ORDER BY id",
                "SELECT key, kind, src, dst, ord, data FROM edges ORDER BY key",
            ):
                for row in self._db.execute(statement):
                    state.update(repr(row).encode("utf-8", "surrogatepass"))
        return state.hexdigest()

    def close(self) -> None:
        self._db.close()

    def _connect(self) -> sqlite3.Connection:
        if self._path is None:
            db = sqlite3.connect(":memory:", isolation_level=None)
        elif self._read_only:
            if not self._path.exists():
                raise StoreError(f"there is no story graph at {self._path}", hint="`shotwright run` makes it")
            db = sqlite3.connect(f"{self._path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)
        else:
            db = sqlite3.connect(self._path, isolation_level=None)
        db.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
        return db

    def _prepare(self) -> bool:
        """Check whose file it is, bring it to this version, and say whether it has a full-text index."""
        self._check_owner()
        if not self._read_only:
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            # A film's first projection is about 1,500 pages: one wait for the disk at its end is enough.
            self._db.execute("PRAGMA wal_autocheckpoint = 4000")
            if self._version() < SCHEMA_VERSION:
                self._migrate()
        return self._one("SELECT 1 FROM sqlite_master WHERE name = 'node_words'") is not None

    def _check_owner(self) -> None:
        mark = self._number("PRAGMA application_id")
        empty = self._number("SELECT COUNT(*) FROM sqlite_master") == 0
        if mark != APPLICATION_ID and not (mark == 0 and empty and not self._read_only):
            raise StoreError(f"{self._path} is not a story graph", hint="name another file; this one was left as it is")
        if self._version() > SCHEMA_VERSION:
            raise StoreError(
                f"{self._path} was written by a newer shotwright (graph version {self._version()}, "
                f"this one knows {SCHEMA_VERSION})",
                hint="upgrade shotwright, or delete the file: the next run makes it again from the journal",
            )
        if self._read_only and self._version() < SCHEMA_VERSION:
            raise StoreError(f"{self._path} is of an older version", hint="`shotwright run` brings it up to date")

    def _version(self) -> int:
        return self._number("PRAGMA user_version")

    def _migrate(self) -> None:
        with self._transaction():
            # Another process may have migrated while this one waited for the lock.
            for version in range(self._version() + 1, SCHEMA_VERSION + 1):
                _run_script(self._db, _statement(f"migrations/{version}.sql"))
            self._db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            self._db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
            if self._one("SELECT 1 FROM pragma_compile_options WHERE compile_options = 'ENABLE_FTS5'") is not None:
                _run_script(self._db, _statement("migrations/full_text.sql"))

    def _replace_rows(
        self, scope: str, nodes: dict[str, Node], node_rows: dict[str, NodeRow], edge_rows: dict[str, EdgeRow]
    ) -> ReplaceReport:
        db = self._db
        stood = {r[0]: r[1:] for r in db.execute("SELECT id, kind, ord, data FROM nodes WHERE scope = ?", (scope,))}
        linked = {
            r[0]: r[1:]
            for r in db.execute("SELECT key, kind, src, dst, ord, data FROM edges WHERE scope = ?", (scope,))
        }
        robbed = self._others("SELECT scope FROM nodes WHERE id = ?", [i for i in node_rows if i not in stood])
        robbed |= self._others("SELECT scope FROM edges WHERE key = ?", [k for k in edge_rows if k not in linked])
        changed = {i: row for i, row in node_rows.items() if stood.get(i) != row}
        gone = [i for i in stood if i not in node_rows]
        edges_changed = {k: row for k, row in edge_rows.items() if linked.get(k) != row}
        edges_gone = [k for k in linked if k not in edge_rows]
        db.executemany("DELETE FROM nodes WHERE id = ?", [(i,) for i in gone])
        db.executemany("DELETE FROM edges WHERE key = ?", [(k,) for k in edges_gone])
        for node_id in gone:
            # Edges of other parts go with the node; those parts are marked so that their next replacing restores them.
            robbed |= self._others("SELECT scope FROM edges WHERE ? IN (src, dst)", [node_id])
            db.execute("DELETE FROM edges WHERE src = :node OR dst = :node", {"node": node_id})
        db.executemany(
            _statement("put_node.sql"),
            [(i, scope, kind, order, data, searchable(nodes[i].data)) for i, (kind, order, data) in changed.items()],
        )
        db.executemany(_statement("put_edge.sql"), [(k, scope, *row) for k, row in edges_changed.items()])
        db.executemany("UPDATE scopes SET content_hash = '' WHERE scope = ?", [(s,) for s in sorted(robbed)])
        return ReplaceReport(
            nodes_put=len(changed),
            nodes_removed=len(gone),
            edges_put=len(edges_changed),
            edges_removed=len(edges_gone),
            unchanged=len(node_rows) - len(changed) + len(edge_rows) - len(edges_changed),
        )

    def _others(self, statement: str, names: list[str]) -> set[str]:
        """The parts that a statement finds for each name: what is put last wins, and they must hear of it."""
        return {row[0] for name in names for row in self._db.execute(statement, (name,))}

    def _one(self, statement: str, *parameters: Any) -> tuple[Any, ...] | None:
        with self._errors():
            return cast("tuple[Any, ...] | None", self._db.execute(statement, parameters).fetchone())

    def _number(self, statement: str) -> int:
        row = self._one(statement)
        return 0 if row is None else int(row[0])

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """One transaction; inside another it is part of that one."""
        with self._errors():
            if self._db.in_transaction:
                yield
                return
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.commit()
            except BaseException:
                self._db.rollback()
                raise

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise _store_error(error, self._path) from error
        except UnicodeEncodeError as error:
            raise StoreError(f"text that is not valid Unicode cannot be kept: {error.reason}") from error


def _store_error(error: sqlite3.Error, path: Path | None) -> StoreError:
    where, said = path or "the story graph in memory", str(error)
    if "locked" in said or "busy" in said:
        return StoreError(f"{where} is being written by another process", hint="try again in a moment", transient=True)
    if "full" in said:
        return StoreError(f"no space left to write {where}", hint="free some space and run again; nothing is lost")
    if "readonly" in said or "unable to open" in said:
        return StoreError(f"{where} cannot be opened or written: {said}", hint="check the folder and its permissions")
    if isinstance(error, sqlite3.OperationalError | sqlite3.ProgrammingError | sqlite3.IntegrityError):
        return StoreError(f"{where}: {said}", hint="if the file was changed by hand, move it away and run again")
    return StoreError(
        f"{where} is damaged or is not a story graph: {said}",
        hint="move it away: the next run makes it again from the journal",
    )


def _content_hash(node_rows: dict[str, NodeRow], edge_rows: dict[str, EdgeRow]) -> str:
    state = blake2b(digest_size=20)
    for name, row in [*sorted(node_rows.items()), *sorted(edge_rows.items())]:
        for part in (name, *map(str, row)):
            state.update(part.encode("utf-8", "surrogatepass"))
            state.update(b"\0")
    return state.hexdigest()


def _rank(row: Sequence[Any], wanted: list[str]) -> tuple[bool, int, str, int, str]:
    """Best first: named so, then by how often the words occur, then the order that neighbours has."""
    data = json.loads(row[2])
    name = words_of(str(data.get("name") or data.get("title") or ""))
    times = sum(row[5].count(f" {word} ") for word in wanted)
    return not all(word in name for word in wanted), -times, row[1], row[3], row[0]


def _node(row: Sequence[Any]) -> Node:
    return Node(id=row[0], kind=row[1], data=json.loads(row[2]), order=row[3], version=row[4])


def _cell(column: str, value: Any) -> tuple[str, Any]:
    """A column's ending says what SQLite's value stands for: JSON text or a truth value."""
    if column.endswith("_json"):
        return column.removesuffix("_json"), None if value is None else json.loads(value)
    if column.endswith("_bool"):
        return column.removesuffix("_bool"), None if value is None else bool(value)
    return column, value


@cache
def _statement(name: str) -> str:
    return (files("shotwright.adapters.story_store") / name).read_text(encoding="utf-8")


def _run_script(db: sqlite3.Connection, script: str) -> None:
    """Run a script inside the transaction that is open: sqlite3's own `executescript` would commit it first."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            db.execute(statement)
            statement = ""
