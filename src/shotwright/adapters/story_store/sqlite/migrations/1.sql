-- Nodes and edges belong to the scope that put them last; a scope's hash is empty once anything else touched its part.
CREATE TABLE scopes (
    scope TEXT PRIMARY KEY,
    content_hash TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE nodes (
    row INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    scope TEXT NOT NULL,
    kind TEXT NOT NULL,
    ord INTEGER NOT NULL,
    version INTEGER NOT NULL,
    data TEXT NOT NULL,
    words TEXT NOT NULL
);
CREATE INDEX nodes_by_scope ON nodes (scope);
CREATE INDEX nodes_by_kind ON nodes (kind, ord, id);

CREATE TABLE edges (
    key TEXT PRIMARY KEY,
    scope TEXT NOT NULL,
    kind TEXT NOT NULL,
    src TEXT NOT NULL,
    dst TEXT NOT NULL,
    ord INTEGER NOT NULL,
    data TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX edges_by_scope ON edges (scope);
CREATE INDEX edges_out ON edges (src, kind, ord);
CREATE INDEX edges_in ON edges (dst, kind, ord);
