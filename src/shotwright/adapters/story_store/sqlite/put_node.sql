INSERT INTO nodes (production, id, scope, kind, ord, version, data, words) VALUES (?, ?, ?, ?, ?, 1, ?, ?)
ON CONFLICT (production, id) DO UPDATE SET
    version = nodes.version + (nodes.data <> excluded.data),
    scope = excluded.scope, kind = excluded.kind, ord = excluded.ord, data = excluded.data, words = excluded.words;
