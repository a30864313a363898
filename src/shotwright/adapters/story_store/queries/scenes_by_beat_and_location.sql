-- Scenes that hold a feeling, in order, with its greatest intensity there; a place takes in the places within it.
WITH RECURSIVE within (id) AS (
    SELECT :location
    UNION
    SELECT e.dst FROM within
    CROSS JOIN edges AS e INDEXED BY edges_out ON e.production = :production AND e.src = within.id AND e.kind = 'contains'
)
SELECT s.id AS scene, s.ord AS "order", json_extract(s.data, '$.synopsis') AS synopsis, p.dst AS location,
       MAX(json_extract(b.data, '$.intensity')) AS intensity
FROM edges AS b INDEXED BY edges_in
CROSS JOIN nodes AS s ON s.production = b.production AND s.id = b.src
CROSS JOIN edges AS p INDEXED BY edges_out ON p.production = s.production AND p.src = s.id AND p.kind = 'takes_place_at'
WHERE b.production = :production AND b.dst = 'emotional_beat/' || :beat AND b.kind = 'has_emotional_beat'
  AND (:location = '' OR p.dst IN (SELECT id FROM within))
GROUP BY s.id, p.dst;
