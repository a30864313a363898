-- The library's tables. Blobs lie beside the database under the hash of their content, and are there before a row is.
CREATE TABLE media (
  asset_id TEXT PRIMARY KEY,
  sha256 TEXT NOT NULL,
  filename TEXT NOT NULL,
  content_type TEXT NOT NULL,
  file_size INTEGER NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  format TEXT NOT NULL,
  uploaded TEXT NOT NULL,
  features INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX media_content ON media (sha256);
CREATE TABLE frame (
  shot_id TEXT NOT NULL,
  frame TEXT NOT NULL,
  asset_id TEXT NOT NULL REFERENCES media ON DELETE CASCADE,
  PRIMARY KEY (shot_id, frame)
) STRICT, WITHOUT ROWID;
CREATE TABLE embedding (
  key TEXT PRIMARY KEY,
  vector BLOB NOT NULL,
  used INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX embedding_used ON embedding (used);
CREATE TABLE shot (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  image_sha256 TEXT NOT NULL,
  shot TEXT NOT NULL
) STRICT;
CREATE INDEX shot_image ON shot (image_sha256);
CREATE TABLE word (
  word TEXT NOT NULL,
  shot INTEGER NOT NULL REFERENCES shot ON DELETE CASCADE,
  weight REAL NOT NULL,
  PRIMARY KEY (word, shot)
) STRICT, WITHOUT ROWID;
