-- All that the crew is told about a scene, in one round trip: the scene, its cast with looks and feelings, place, things, plot points, neighbours.
-- :scene  a scene: scene/sc_…
SELECT 'scene' AS part, 0 AS "order", n.id AS id, n.data AS data_json, NULL AS edge_json, NULL AS look_json
FROM nodes AS n WHERE n.id = :scene
UNION ALL
SELECT 'cast', e.ord, e.src, COALESCE(json_extract(e.data, '$.as_seen'), c.data), e.data, (
    SELECT COALESCE(json_extract(w.data, '$.as_seen'), l.data)
    FROM edges AS w LEFT JOIN nodes AS l ON l.id = w.dst
    WHERE w.src = e.src AND w.kind = 'wears' AND w.scope = :scene AND json_extract(w.data, '$.told') IS NULL
    ORDER BY w.ord, w.key LIMIT 1
)
FROM edges AS e LEFT JOIN nodes AS c ON c.id = e.src
WHERE e.dst = :scene AND e.kind = 'appears_in'
UNION ALL
SELECT CASE e.kind WHEN 'takes_place_at' THEN 'place' WHEN 'uses' THEN 'thing' ELSE 'plot_point' END,
       e.ord, e.dst, COALESCE(json_extract(e.data, '$.as_seen'), n.data), e.data, NULL
FROM edges AS e LEFT JOIN nodes AS n ON n.id = e.dst
WHERE e.src = :scene AND e.kind IN ('takes_place_at', 'uses', 'advances') AND json_extract(e.data, '$.told') IS NULL
UNION ALL
SELECT 'previous', e.ord, n.id, json_extract(n.data, '$.as_neighbour'), e.data, NULL
FROM edges AS e JOIN nodes AS n ON n.id = e.dst
WHERE e.src = :scene AND e.kind = 'follows'
UNION ALL
SELECT 'next', e.ord, n.id, json_extract(n.data, '$.as_neighbour'), e.data, NULL
FROM edges AS e JOIN nodes AS n ON n.id = e.src
WHERE e.dst = :scene AND e.kind = 'follows'
ORDER BY part, "order", id;
