-- All that the crew is told about a scene: the scene, its cast with looks and feelings, place, things, plot points, neighbours.
SELECT 'scene' AS part, 0 AS "order", n.id AS id, n.data AS data_json, NULL AS edge_json, NULL AS look_json
FROM nodes AS n WHERE n.production = :production AND n.id = :scene
UNION ALL
SELECT 'cast', e.ord, e.src, COALESCE(json_extract(e.data, '$.as_seen'), c.data), e.data, (
    SELECT COALESCE(json_extract(w.data, '$.as_seen'), l.data)
    FROM edges AS w INDEXED BY edges_out LEFT JOIN nodes AS l ON l.production = w.production AND l.id = w.dst
    WHERE w.production = :production AND w.src = e.src AND w.kind = 'wears' AND w.scope = :scene
      AND json_extract(w.data, '$.told') IS NULL
    ORDER BY w.ord, w.key LIMIT 1
)
FROM edges AS e INDEXED BY edges_in LEFT JOIN nodes AS c ON c.production = e.production AND c.id = e.src
WHERE e.production = :production AND e.dst = :scene AND e.kind = 'appears_in'
UNION ALL
SELECT CASE e.kind WHEN 'takes_place_at' THEN 'place' WHEN 'uses' THEN 'thing' ELSE 'plot_point' END,
       e.ord, e.dst, COALESCE(json_extract(e.data, '$.as_seen'), n.data), e.data, NULL
FROM edges AS e INDEXED BY edges_out LEFT JOIN nodes AS n ON n.production = e.production AND n.id = e.dst
WHERE e.production = :production AND e.src = :scene AND e.kind IN ('takes_place_at', 'uses', 'advances')
  AND json_extract(e.data, '$.told') IS NULL
UNION ALL
SELECT 'previous', e.ord, n.id, json_extract(n.data, '$.as_neighbour'), e.data, NULL
FROM edges AS e INDEXED BY edges_out CROSS JOIN nodes AS n ON n.production = e.production AND n.id = e.dst
WHERE e.production = :production AND e.src = :scene AND e.kind = 'follows'
UNION ALL
SELECT 'next', e.ord, n.id, json_extract(n.data, '$.as_neighbour'), e.data, NULL
FROM edges AS e INDEXED BY edges_in CROSS JOIN nodes AS n ON n.production = e.production AND n.id = e.src
WHERE e.production = :production AND e.dst = :scene AND e.kind = 'follows';
