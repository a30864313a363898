-- Other scenes that share a scene's place, or one around or within it, and a feeling with it.
WITH RECURSIVE here (id) AS (
    SELECT p.dst FROM edges AS p INDEXED BY edges_out WHERE p.production = :production AND p.src = :scene AND p.kind = 'takes_place_at'
),
around (id) AS (
    SELECT id FROM here
    UNION
    SELECT e.src FROM around
    CROSS JOIN edges AS e INDEXED BY edges_in ON e.production = :production AND e.dst = around.id AND e.kind = 'contains'
),
within (id) AS (
    SELECT id FROM here
    UNION
    SELECT e.dst FROM within
    CROSS JOIN edges AS e INDEXED BY edges_out ON e.production = :production AND e.src = within.id AND e.kind = 'contains'
),
place (id) AS (SELECT id FROM around UNION SELECT id FROM within),
mine (beat) AS MATERIALIZED (
    SELECT DISTINCT b.dst FROM edges AS b INDEXED BY edges_out
    WHERE b.production = :production AND b.src = :scene AND b.kind = 'has_emotional_beat'
),
shared AS MATERIALIZED (
    SELECT p.src AS scene, s.ord AS at, json_extract(s.data, '$.synopsis') AS synopsis, p.dst AS location,
           substr(b.dst, 16) AS feeling, MAX(json_extract(b.data, '$.intensity')) AS intensity, MIN(b.ord) AS nth
    FROM place
    CROSS JOIN edges AS p INDEXED BY edges_in ON p.production = :production AND p.dst = place.id AND p.kind = 'takes_place_at'
    CROSS JOIN edges AS b INDEXED BY edges_out ON b.production = :production AND b.src = p.src AND b.kind = 'has_emotional_beat'
    LEFT JOIN nodes AS s ON s.production = :production AND s.id = p.src
    WHERE p.src <> :scene AND b.dst IN (SELECT beat FROM mine)
    GROUP BY p.src, p.dst, b.dst
)
SELECT scene, at AS "order", synopsis, location, location IN (SELECT id FROM here) AS same_place_bool,
       json_group_array(json_object('feeling', feeling, 'intensity', intensity)) AS feelings_json
FROM (SELECT * FROM shared ORDER BY scene, location, nth)
GROUP BY scene, location;
