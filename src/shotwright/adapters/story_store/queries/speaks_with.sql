-- Who speaks to whom, how often and in how many scenes, and where first and last; most speeches first.
WITH said AS MATERIALIZED (
    SELECT t.src AS speaker, t.dst AS addressee, json_extract(t.data, '$.speeches') AS speeches, s.id AS scene, s.ord AS at,
           ROW_NUMBER() OVER (PARTITION BY t.src, t.dst ORDER BY s.ord, s.id) AS nth,
           ROW_NUMBER() OVER (PARTITION BY t.src, t.dst ORDER BY s.ord DESC, s.id DESC) AS nth_last
    FROM nodes AS c
    CROSS JOIN edges AS t INDEXED BY edges_out ON t.production = c.production AND t.src = c.id AND t.kind = 'speaks_to'
    CROSS JOIN nodes AS s ON s.production = t.production AND s.id = t.scope
    WHERE c.production = :production AND c.kind = 'character'
      AND (:character = '' OR t.src = :character OR t.dst = :character)
)
SELECT speaker, addressee, SUM(speeches) AS speeches, COUNT(DISTINCT scene) AS scenes,
       MAX(CASE nth WHEN 1 THEN scene END) AS first_scene, MIN(at) AS first_order,
       MAX(CASE nth_last WHEN 1 THEN scene END) AS last_scene, MAX(at) AS last_order
FROM said
GROUP BY speaker, addressee;
