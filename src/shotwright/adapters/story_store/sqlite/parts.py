"""Replacing parts of a production's graph: what is compared, what moves, and what disappears."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from shotwright.adapters.story_store.canonical import EdgeRow, NodeRow, edge_row, hash_of, node_row
from shotwright.adapters.story_store.sqlite.statements import statement
from shotwright.adapters.story_store.words import searchable
from shotwright.errors import StoreError
from shotwright.model.graph import ReplaceReport

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

    from shotwright.ports.story_store import Part

_NODES = "SELECT id, kind, ord, data FROM nodes WHERE production = ? AND scope = ?"
_EDGES = "SELECT key, kind, src, dst, ord, data FROM edges WHERE production = ? AND scope = ?"


class Parts:
    """One act of replacing, inside a transaction: `put` each part, then `finish`."""

    def __init__(self, db: sqlite3.Connection, production: str) -> None:
        self._db = db
        self._production = production
        self._given: set[str] = set()
        self._gone: list[tuple[str, str]] = []
        """(id, scope) of nodes that their scope no longer names; another part of this act may have taken them."""
        self.counts = dict.fromkeys(ReplaceReport.model_fields, 0)

    def put(self, part: Part) -> None:
        """Put what the part holds, and remember what it no longer does."""
        scope, nodes, edges = part
        node_rows: dict[str, NodeRow] = {n.id: node_row(n) for n in nodes}
        edge_rows: dict[str, EdgeRow] = {e.key: edge_row(e) for e in edges}
        if len(node_rows) != len(nodes) or len(edge_rows) != len(edges):
            raise StoreError(f"the part {scope} names a node or an edge twice", hint="give each its own id or key")
        self._given.add(scope)
        content_hash = hash_of(node_rows.values(), edge_rows.values())
        where = (self._production, scope)
        query = "SELECT content_hash FROM scopes WHERE production = ? AND scope = ?"
        known = self._db.execute(query, where).fetchone()
        if known is not None and known[0] == content_hash:
            self.counts["unchanged"] += len(node_rows) + len(edge_rows)
            return
        stood: dict[str, NodeRow] = {row[0]: row for row in self._db.execute(_NODES, where)}
        linked: dict[str, EdgeRow] = {row[0]: row for row in self._db.execute(_EDGES, where)}
        self._touch("nodes WHERE production = ? AND id IN", [i for i in node_rows if i not in stood])
        self._touch("edges WHERE production = ? AND key IN", [k for k in edge_rows if k not in linked])
        changed = [n for n in nodes if stood.get(n.id) != node_rows[n.id]]
        drawn = [row for key, row in edge_rows.items() if linked.get(key) != row]
        self._db.executemany(
            statement("put_node.sql"),
            ((self._production, n.id, scope, *node_rows[n.id][1:], searchable(n.data)) for n in changed),
        )
        self._db.executemany(statement("put_edge.sql"), ((self._production, row[0], scope, *row[1:]) for row in drawn))
        self._gone += [(i, scope) for i in stood if i not in node_rows]
        self._erase_edges((k for k in linked if k not in edge_rows), scope)
        if node_rows or edge_rows:
            self._db.execute("INSERT OR REPLACE INTO scopes VALUES (?, ?, ?)", (*where, content_hash))
        else:
            self._db.execute("DELETE FROM scopes WHERE production = ? AND scope = ?", where)
        self.counts["nodes_put"] += len(changed)
        self.counts["edges_put"] += len(drawn)
        self.counts["unchanged"] += len(node_rows) - len(changed) + len(edge_rows) - len(drawn)

    def keep(self, scope: str, ids: set[str], keys: set[str]) -> None:
        """Of a part whose rows have been put already: remember what it no longer holds."""
        self._given.add(scope)
        where = (self._production, scope)
        stood = self._db.execute("SELECT id FROM nodes WHERE production = ? AND scope = ?", where).fetchall()
        linked = self._db.execute("SELECT key FROM edges WHERE production = ? AND scope = ?", where).fetchall()
        self._gone += [(i, scope) for (i,) in stood if i not in ids]
        self._erase_edges((k for (k,) in linked if k not in keys), scope)

    def finish(self) -> ReplaceReport:
        """Remove what no part holds any more, and with it the edges that parts beside this act have to it."""
        for node_id, scope in self._gone:
            # A node that moved in this act has another scope by now, and stays.
            query = "DELETE FROM nodes WHERE production = ? AND id = ? AND scope = ?"
            if self._db.execute(query, (self._production, node_id, scope)).rowcount:
                self.counts["nodes_removed"] += 1
                self._cut(node_id)
        return ReplaceReport(**self.counts)

    def _cut(self, node_id: str) -> None:
        query = (
            "SELECT scope, key FROM edges WHERE production = :production AND src = :node UNION "
            "SELECT scope, key FROM edges WHERE production = :production AND dst = :node ORDER BY scope, key"
        )
        found = self._db.execute(query, {"production": self._production, "node": node_id}).fetchall()
        lost = [(scope, key) for scope, key in found if scope not in self._given]
        for scope, key in lost:
            self._erase_edges([key], scope)
        self.mark({scope for scope, _ in lost})

    def _erase_edges(self, keys: Iterable[str], scope: str) -> None:
        query = "DELETE FROM edges WHERE production = ? AND key = ? AND scope = ?"
        rows = [(self._production, key, scope) for key in keys]
        if rows:
            self.counts["edges_removed"] += self._db.executemany(query, rows).rowcount

    def _touch(self, which: str, names: Sequence[str]) -> None:
        """What is put last wins: the scopes that held these until now are marked, so that they are put again."""
        query = f"SELECT DISTINCT scope FROM {which} (SELECT value FROM json_each(?))"
        self.mark({row[0] for row in self._db.execute(query, (self._production, json.dumps(names)))})

    def mark(self, scopes: set[str]) -> None:
        self._db.executemany(
            "UPDATE scopes SET content_hash = '' WHERE production = ? AND scope = ?",
            [(self._production, scope) for scope in sorted(scopes)],
        )


def replace_parts(
    db: sqlite3.Connection, production: str, parts: Sequence[Part], under: Sequence[str] = ()
) -> ReplaceReport:
    """Put the parts and empty every other scope whose name begins with one of `under`, inside a transaction."""
    act = Parts(db, production)
    named = {scope for scope, _, _ in parts}
    if len(named) != len(parts):
        raise StoreError("a part is given twice", hint="give each scope once")
    if under:
        for (scope,) in db.execute("SELECT scope FROM scopes WHERE production = ?", (production,)).fetchall():
            if scope not in named and scope.startswith(tuple(under)):
                act.put((scope, (), ()))
    for part in parts:
        act.put(part)
    return act.finish()
