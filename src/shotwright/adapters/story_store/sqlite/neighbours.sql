WITH RECURSIVE
wanted (kind) AS (SELECT value FROM json_each(:kinds)),
reached (id, steps) AS (
    SELECT :node, 0
    UNION
    SELECT e.dst, r.steps + 1
    FROM reached AS r JOIN edges AS e ON e.production = :production AND e.src = r.id
    WHERE r.steps < :depth AND :direction IN ('out', 'any')
      AND (:kinds = '[]' OR e.kind IN (SELECT kind FROM wanted))
    UNION
    SELECT e.src, r.steps + 1
    FROM reached AS r JOIN edges AS e ON e.production = :production AND e.dst = r.id
    WHERE r.steps < :depth AND :direction IN ('in', 'any')
      AND (:kinds = '[]' OR e.kind IN (SELECT kind FROM wanted))
)
SELECT n.id, n.kind, n.data, n.ord, n.version
FROM (SELECT id, MIN(steps) AS steps FROM reached GROUP BY id) AS nearest
JOIN nodes AS n ON n.production = :production AND n.id = nearest.id
WHERE n.id <> :node
ORDER BY nearest.steps, n.kind, n.ord, n.id;
