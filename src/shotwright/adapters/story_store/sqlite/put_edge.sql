INSERT INTO edges (production, key, scope, kind, src, dst, ord, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (production, key) DO UPDATE SET
    scope = excluded.scope, kind = excluded.kind, src = excluded.src, dst = excluded.dst, ord = excluded.ord,
    data = excluded.data;
