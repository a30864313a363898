-- What a change to a node would touch: scenes, shots and assets, and by which relation.
WITH RECURSIVE within (id) AS (
    SELECT :node
    UNION
    SELECT e.dst FROM within
    CROSS JOIN edges AS e INDEXED BY edges_out ON e.production = :production AND e.src = within.id AND e.kind = 'contains'
),
reached (scene, how) AS MATERIALIZED (
    SELECT e.src, e.kind FROM within
    CROSS JOIN edges AS e INDEXED BY edges_in ON e.production = :production AND e.dst = within.id
        AND e.kind IN ('takes_place_at', 'uses', 'advances', 'has_emotional_beat', 'on_day', 'follows')
    UNION
    SELECT e.dst, e.kind FROM edges AS e INDEXED BY edges_out
    WHERE e.production = :production AND e.src = :node AND e.kind IN ('appears_in', 'part_of')
    UNION
    SELECT e.scope, e.kind FROM edges AS e INDEXED BY edges_in WHERE e.production = :production AND e.dst = :node AND e.kind = 'wears'
    UNION
    SELECT p.dst, n.kind FROM edges AS n INDEXED BY edges_in
    CROSS JOIN edges AS p INDEXED BY edges_out ON p.production = n.production AND p.src = n.src AND p.kind = 'part_of'
    WHERE n.production = :production AND n.dst = :node AND n.kind = 'needs'
),
whole (scene) AS MATERIALIZED (
    SELECT :node
    UNION
    SELECT scene FROM reached WHERE how IN ('takes_place_at', 'advances', 'has_emotional_beat', 'on_day')
),
touched (shot, how) AS MATERIALIZED (
    SELECT p.src, p.kind FROM whole
    CROSS JOIN edges AS p INDEXED BY edges_in ON p.production = :production AND p.dst = whole.scene AND p.kind = 'part_of'
    UNION
    SELECT e.src, e.kind FROM edges AS e INDEXED BY edges_in
    WHERE e.production = :production AND e.dst = :node AND e.kind IN ('features', 'needs')
    UNION
    SELECT f.src, f.kind FROM edges AS w INDEXED BY edges_in
    CROSS JOIN edges AS p INDEXED BY edges_in ON p.production = w.production AND p.dst = w.scope AND p.kind = 'part_of'
    CROSS JOIN edges AS f INDEXED BY edges_out ON f.production = p.production AND f.src = p.src AND f.kind = 'features' AND f.dst = w.src
    WHERE w.production = :production AND w.dst = :node AND w.kind = 'wears' AND json_extract(f.data, '$.look') = :node
    UNION
    SELECT e.dst, e.kind FROM edges AS e INDEXED BY edges_out
    WHERE e.production = :production AND e.src = :node AND e.kind = 'cuts_to'
)
SELECT 'scene' AS kind, s.id AS id, s.ord AS "order", s.id AS scene, reached.how AS how
FROM reached
CROSS JOIN nodes AS s ON s.production = :production AND s.id = reached.scene
UNION
SELECT 'shot', h.id, h.ord, 'scene/' || json_extract(h.data, '$.scene'), touched.how
FROM touched
CROSS JOIN nodes AS h ON h.production = :production AND h.id = touched.shot
UNION
SELECT 'asset', a.id, a.ord, NULL, n.kind
FROM (SELECT shot FROM touched WHERE how IN ('part_of', 'features') UNION SELECT :node) AS need
CROSS JOIN edges AS n INDEXED BY edges_out ON n.production = :production AND n.src = need.shot AND n.kind = 'needs'
CROSS JOIN nodes AS a ON a.production = :production AND a.id = n.dst
WHERE need.shot = :node OR json_extract(n.data, '$.entity') IN (SELECT id FROM within)
   OR substr(:node, 1, instr(:node, '/') - 1) IN ('scene', 'plot_point', 'emotional_beat', 'story_day');
