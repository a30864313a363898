-- The scenes at a place and the places within it, with time, story day, length and who is there.
WITH RECURSIVE within (id) AS (
    SELECT :location
    UNION
    SELECT e.dst FROM within
    CROSS JOIN edges AS e INDEXED BY edges_out ON e.production = :production AND e.src = within.id AND e.kind = 'contains'
)
SELECT s.id AS scene, s.ord AS "order", p.dst AS location, json_extract(s.data, '$.slugline.raw') AS heading,
       json_extract(s.data, '$.synopsis') AS synopsis, json_extract(s.data, '$.time_of_day') AS time_of_day,
       json_extract(s.data, '$.story_day') AS story_day, json_extract(s.data, '$.eighths') AS eighths,
       (SELECT json_group_array(src) FROM (
            SELECT a.src FROM edges AS a INDEXED BY edges_in
            WHERE a.production = :production AND a.dst = s.id AND a.kind = 'appears_in'
              AND json_extract(a.data, '$.presence.voice_only') = 0
            ORDER BY a.ord
       )) AS characters_json,
       json_extract(s.data, '$.lines') AS lines_json
FROM within
CROSS JOIN edges AS p INDEXED BY edges_in ON p.production = :production AND p.dst = within.id AND p.kind = 'takes_place_at'
CROSS JOIN nodes AS s ON s.production = :production AND s.id = p.src;
