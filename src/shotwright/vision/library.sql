-- The library's tables. Blobs lie beside the database under the hash of their content, and are there before a row is.
CREATE TABLE IF NOT EXISTS media (
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
CREATE INDEX IF NOT EXISTS media_content ON media (sha256);
CREATE TABLE IF NOT EXISTS frame (
  shot_id TEXT NOT NULL,
  frame TEXT NOT NULL,
  asset_id TEXT NOT NULL REFERENCES media ON DELETE CASCADE,
  PRIMARY KEY (shot_id, frame)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS embedding (key TEXT PRIMARY KEY, vector BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS shot (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  image_sha256 TEXT NOT NULL,
  shot TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS shot_image ON shot (image_sha256);
CREATE TABLE IF NOT EXISTS word (
  word TEXT NOT NULL,
  shot INTEGER NOT NULL REFERENCES shot ON DELETE CASCADE,
  weight REAL NOT NULL,
  PRIMARY KEY (word, shot)
) STRICT, WITHOUT ROWID;
