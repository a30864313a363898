INSERT INTO nodes (production, id, scope, kind, ord, version, data, words) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (production, id) DO UPDATE SET
    version = excluded.version,
    scope = excluded.scope, kind = excluded.kind, ord = excluded.ord, data = excluded.data, words = excluded.words;
