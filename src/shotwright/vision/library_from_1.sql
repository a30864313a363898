-- What version 1 lacks: when an embedding was last asked for, in seconds since 1970.
ALTER TABLE embedding ADD COLUMN used INTEGER NOT NULL DEFAULT 0;
CREATE INDEX embedding_used ON embedding (used);
