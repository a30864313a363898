-- Who shares scenes with whom, most scenes first, and how many speeches pass between them. A voice that is only heard counts.
WITH person AS MATERIALIZED (
    SELECT id, ord FROM nodes WHERE production = :production AND kind = 'character'
),
said AS MATERIALIZED (
    SELECT t.src, t.dst, SUM(json_extract(t.data, '$.speeches')) AS speeches
    FROM person CROSS JOIN edges AS t INDEXED BY edges_out ON t.production = :production AND t.src = person.id AND t.kind = 'speaks_to'
    GROUP BY t.src, t.dst
),
pair AS (
    SELECT a.src AS a, b.src AS b, COUNT(*) AS scenes, MIN(s.ord) AS first_order, MAX(s.ord) AS last_order
    FROM nodes AS s
    CROSS JOIN edges AS a INDEXED BY edges_in ON a.production = s.production AND a.dst = s.id AND a.kind = 'appears_in'
    CROSS JOIN edges AS b INDEXED BY edges_in ON b.production = s.production AND b.dst = s.id AND b.kind = 'appears_in'
    CROSS JOIN person AS p ON p.id = a.src
    CROSS JOIN person AS q ON q.id = b.src
    WHERE s.production = :production AND s.kind = 'scene' AND (p.ord < q.ord OR p.ord = q.ord AND p.id < q.id)
      AND (:character = '' OR a.src = :character OR b.src = :character)
    GROUP BY a.src, b.src
)
SELECT pair.a, pair.b, pair.scenes, COALESCE(to_b.speeches, 0) + COALESCE(to_a.speeches, 0) AS speeches,
       pair.first_order, pair.last_order
FROM pair
LEFT JOIN said AS to_b ON to_b.src = pair.a AND to_b.dst = pair.b
LEFT JOIN said AS to_a ON to_a.src = pair.b AND to_a.dst = pair.a;
