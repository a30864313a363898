-- What a scene needs on the day: cast and voices, looks, place, props, vehicles, animals, and the assets of its shots.
SELECT CASE json_extract(a.data, '$.presence.voice_only') WHEN 1 THEN 'voice' ELSE 'character' END AS category,
       a.ord AS "order", c.id AS id, json_extract(c.data, '$.name') AS name, NULL AS whose, NULL AS wanted_bool
FROM edges AS a INDEXED BY edges_in
CROSS JOIN nodes AS c ON c.production = a.production AND c.id = a.src
WHERE a.production = :production AND a.dst = :scene AND a.kind = 'appears_in'
UNION ALL
SELECT 'look', w.ord, l.id, COALESCE(json_extract(w.data, '$.as_seen.description'), json_extract(l.data, '$.description')),
       w.src, NULL
FROM edges AS a INDEXED BY edges_in
CROSS JOIN edges AS w INDEXED BY edges_out ON w.production = a.production AND w.src = a.src AND w.kind = 'wears' AND w.scope = :scene
CROSS JOIN nodes AS l ON l.production = w.production AND l.id = w.dst
WHERE a.production = :production AND a.dst = :scene AND a.kind = 'appears_in'
UNION ALL
SELECT n.kind, e.ord, n.id, json_extract(n.data, '$.name'), json_extract(n.data, '$.owner'), NULL
FROM edges AS e INDEXED BY edges_out
CROSS JOIN nodes AS n ON n.production = e.production AND n.id = e.dst
WHERE e.production = :production AND e.src = :scene AND e.kind IN ('takes_place_at', 'uses')
UNION ALL
SELECT 'asset', MIN(h.ord), n.id, json_extract(n.data, '$.name'), json_extract(e.data, '$.entity'),
       MAX(json_extract(e.data, '$.wanted'))
FROM edges AS p INDEXED BY edges_in
CROSS JOIN nodes AS h ON h.production = p.production AND h.id = p.src
CROSS JOIN edges AS e INDEXED BY edges_out ON e.production = p.production AND e.src = p.src AND e.kind = 'needs'
CROSS JOIN nodes AS n ON n.production = e.production AND n.id = e.dst
WHERE p.production = :production AND p.dst = :scene AND p.kind = 'part_of'
GROUP BY n.id, json_extract(e.data, '$.entity');
