-- Scenes that hold a feeling, in order, with its greatest intensity there; a place takes in the places within it.
-- :beat  an emotional beat: grief, joy, tension_rising …
-- :location = ''  only scenes at this place: location/…
WITH RECURSIVE within (id) AS (
    SELECT :location
    UNION
    SELECT e.dst FROM within JOIN edges AS e ON e.src = within.id AND e.kind = 'contains'
)
SELECT s.id AS scene, s.ord AS "order", json_extract(s.data, '$.synopsis') AS synopsis, p.dst AS location,
       MAX(json_extract(b.data, '$.intensity')) AS intensity
FROM edges AS b
JOIN nodes AS s ON s.id = b.src
JOIN edges AS p ON p.src = s.id AND p.kind = 'takes_place_at'
WHERE b.dst = 'emotional_beat/' || :beat AND b.kind = 'has_emotional_beat'
  AND (:location = '' OR p.dst IN (SELECT id FROM within))
GROUP BY s.id, p.dst
ORDER BY s.ord, s.id, p.dst;
