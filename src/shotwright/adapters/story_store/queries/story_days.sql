-- Which scenes play on which story day, at what time, and which go on without a gap.
SELECT s.id AS scene, s.ord AS "order", json_extract(s.data, '$.story_day') AS story_day, d.ord AS day_order,
       json_extract(s.data, '$.time_of_day') AS time_of_day, json_extract(s.data, '$.continuous') AS continuous_bool,
       json_extract(s.data, '$.flashback') AS flashback_bool, json_extract(s.data, '$.dream') AS dream_bool,
       (SELECT p.dst FROM edges AS p INDEXED BY edges_out WHERE p.production = :production AND p.src = s.id AND p.kind = 'takes_place_at'
        ORDER BY p.ord LIMIT 1) AS location,
       json_extract(s.data, '$.synopsis') AS synopsis, json_extract(s.data, '$.eighths') AS eighths
FROM nodes AS s
LEFT JOIN edges AS e INDEXED BY edges_out ON e.production = s.production AND e.src = s.id AND e.kind = 'on_day'
LEFT JOIN nodes AS d ON d.production = e.production AND d.id = e.dst
WHERE s.production = :production AND s.kind = 'scene';
