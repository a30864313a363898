-- Where and when a character is called: its scenes with place, time, story day and length, when it comes and goes, and what it holds.
SELECT s.id AS scene, s.ord AS "order", json_extract(s.data, '$.slugline.raw') AS heading,
       json_extract(s.data, '$.synopsis') AS synopsis,
       (SELECT p.dst FROM edges AS p INDEXED BY edges_out WHERE p.production = :production AND p.src = s.id AND p.kind = 'takes_place_at'
        ORDER BY p.ord LIMIT 1) AS location,
       json_extract(s.data, '$.time_of_day') AS time_of_day, json_extract(s.data, '$.story_day') AS story_day,
       json_extract(s.data, '$.eighths') AS eighths, json_extract(a.data, '$.presence.speeches') AS speeches,
       json_extract(a.data, '$.presence.voice_only') AS voice_only_bool,
       json_extract(a.data, '$.presence.on_phone') AS on_phone_bool,
       json_extract(a.data, '$.presence.enters') AS enters, json_extract(a.data, '$.presence.exits') AS exits,
       json_extract(a.data, '$.presence.holding') AS holding_json, json_extract(a.data, '$.lines') AS lines_json
FROM edges AS a INDEXED BY edges_out
CROSS JOIN nodes AS s ON s.production = a.production AND s.id = a.dst
WHERE a.production = :production AND a.src = :character AND a.kind = 'appears_in';
