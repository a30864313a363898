"""A production's graph out of the tables as lines, and back; neither way holds the whole of it in memory."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from shotwright.adapters.story_store.canonical import edge_row, node_row
from shotwright.adapters.story_store.dump_lines import edge_line, node_line, read_dump
from shotwright.adapters.story_store.sqlite.parts import Parts
from shotwright.adapters.story_store.sqlite.schema import scope_hash
from shotwright.adapters.story_store.sqlite.statements import run_script, statement
from shotwright.adapters.story_store.words import searchable
from shotwright.model.graph import Node

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

    from shotwright.model.graph import Edge, ReplaceReport

_BATCH = 256


def dump_lines(db: sqlite3.Connection, production: str) -> Iterator[str]:
    """Nodes by kind, order and id, then edges by key. ValueError when a row's data is no JSON."""
    query = "SELECT scope, version, id, kind, ord, data FROM nodes WHERE production = ? ORDER BY kind, ord, id"
    for scope, version, *row in db.execute(query, (production,)):
        json.loads(row[3])
        yield node_line(scope, tuple(row), version)
    query = "SELECT scope, key, kind, src, dst, ord, data FROM edges WHERE production = ? ORDER BY key"
    for scope, *row in db.execute(query, (production,)):
        json.loads(row[5])
        yield edge_line(scope, tuple(row))


def load_lines(db: sqlite3.Connection, production: str, lines: Iterable[str]) -> ReplaceReport:
    """Put the lines, inside a transaction; of the scopes that they name, what they do not hold disappears."""
    loading = _Loading(db, production)
    for _, scope, item in read_dump(lines):
        if isinstance(item, Node):
            loading.put_node(scope, item)
        else:
            loading.put_edge(scope, item)
    return loading.finish()


class _Loading:
    """One load: rows are put in batches as they come, and what they replace is sorted out at the end."""

    def __init__(self, db: sqlite3.Connection, production: str) -> None:
        self._db = db
        self._production = production
        query = "SELECT 1 FROM nodes WHERE production = ? UNION ALL SELECT 1 FROM edges WHERE production = ? LIMIT 1"
        self._fresh = db.execute(query, (production, production)).fetchone() is None
        query = "SELECT 1 FROM sqlite_master WHERE type = 'trigger' AND name = 'node_words_added'"
        self._words_later = self._fresh and db.execute(query).fetchone() is not None
        if self._words_later:
            # Row by row the full-text index is written out after each: in one go it takes a third of the time.
            db.execute("DROP TRIGGER node_words_added")
        self._nodes: list[tuple[Any, ...]] = []
        self._edges: list[tuple[Any, ...]] = []
        self._named: dict[str, None] = {}
        self._robbed: set[str] = set()
        self._ids: set[str] = set()
        self._keys: set[str] = set()
        self._act = Parts(db, production)

    def put_node(self, scope: str, node: Node) -> None:
        self._named[scope] = None
        _, kind, order, data = node_row(node)
        if not self._fresh:
            self._ids.add(node.id)
            query = "SELECT scope, kind, ord, version, data FROM nodes WHERE production = ? AND id = ?"
            if self._stands(query, node.id, (scope, kind, order, node.version, data)):
                return
        self._act.counts["nodes_put"] += 1
        words = searchable(node.data)
        self._nodes.append((self._production, node.id, scope, kind, order, node.version, data, words))
        if len(self._nodes) >= _BATCH:
            self._flush()

    def put_edge(self, scope: str, edge: Edge) -> None:
        self._named[scope] = None
        key, *row = edge_row(edge)
        if not self._fresh:
            self._keys.add(key)
            query = "SELECT scope, kind, src, dst, ord, data FROM edges WHERE production = ? AND key = ?"
            if self._stands(query, key, (scope, *row)):
                return
        self._act.counts["edges_put"] += 1
        self._edges.append((self._production, key, scope, *row))
        if len(self._edges) >= _BATCH:
            self._flush()

    def finish(self) -> ReplaceReport:
        self._flush()
        if self._words_later:
            self._db.execute(statement("words_of_production.sql"), (self._production,))
            run_script(self._db, statement("migrations/full_text.sql"), {})
        if not self._fresh:
            for scope in self._named:
                self._act.keep(scope, self._ids, self._keys)
        report = self._act.finish()
        self._act.mark(self._robbed - set(self._named))
        for scope in self._named:
            found = scope_hash(self._db, self._production, scope)
            self._db.execute("INSERT OR REPLACE INTO scopes VALUES (?, ?, ?)", (self._production, scope, found))
        return report

    def _stands(self, query: str, name: str, row: tuple[Any, ...]) -> bool:
        stood = self._db.execute(query, (self._production, name)).fetchone()
        if stood == row:
            self._act.counts["unchanged"] += 1
            return True
        if stood is not None and stood[0] != row[0]:
            self._robbed.add(stood[0])
        return False

    def _flush(self) -> None:
        self._db.executemany(statement("load_node.sql"), self._nodes)
        self._db.executemany(statement("put_edge.sql"), self._edges)
        self._nodes.clear()
        self._edges.clear()
