-- Many productions in one file. What a file of version 1 held becomes the production that the file is opened for.
DROP TRIGGER IF EXISTS node_words_added;
DROP TRIGGER IF EXISTS node_words_removed;
DROP TRIGGER IF EXISTS node_words_changed;
DROP TABLE IF EXISTS node_words;
DROP INDEX nodes_by_scope;
DROP INDEX nodes_by_kind;
DROP INDEX edges_by_scope;
DROP INDEX edges_out;
DROP INDEX edges_in;
ALTER TABLE scopes RENAME TO scopes_of_one;
ALTER TABLE nodes RENAME TO nodes_of_one;
ALTER TABLE edges RENAME TO edges_of_one;

CREATE TABLE scopes (
    production TEXT NOT NULL,
    scope TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    PRIMARY KEY (production, scope)
) WITHOUT ROWID;

CREATE TABLE nodes (
    row INTEGER PRIMARY KEY,
    production TEXT NOT NULL,
    id TEXT NOT NULL,
    scope TEXT NOT NULL,
    kind TEXT NOT NULL,
    ord INTEGER NOT NULL,
    version INTEGER NOT NULL,
    data TEXT NOT NULL,
    words TEXT NOT NULL,
    UNIQUE (production, id)
);

-- With a row number, unlike scopes: the keys are long, and every index would hold them again.
CREATE TABLE edges (
    production TEXT NOT NULL,
    key TEXT NOT NULL,
    scope TEXT NOT NULL,
    kind TEXT NOT NULL,
    src TEXT NOT NULL,
    dst TEXT NOT NULL,
    ord INTEGER NOT NULL,
    data TEXT NOT NULL,
    PRIMARY KEY (production, key)
);

INSERT INTO scopes SELECT :production, scope, content_hash FROM scopes_of_one;
INSERT INTO nodes (production, id, scope, kind, ord, version, data, words)
SELECT :production, id, scope, kind, ord, version, canonical(data), searchable(data) FROM nodes_of_one;
INSERT INTO edges (production, key, scope, kind, src, dst, ord, data) SELECT :production, key, scope, kind, src, dst, ord, canonical(data) FROM edges_of_one;
DROP TABLE scopes_of_one;
DROP TABLE nodes_of_one;
DROP TABLE edges_of_one;

CREATE INDEX nodes_by_kind ON nodes (production, kind, ord, id);
CREATE INDEX nodes_by_scope ON nodes (production, scope);
CREATE INDEX edges_out ON edges (production, src, kind, ord);
CREATE INDEX edges_in ON edges (production, dst, kind, ord);
CREATE INDEX edges_by_scope ON edges (production, scope);
