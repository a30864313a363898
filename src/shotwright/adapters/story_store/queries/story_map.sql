-- The film scene by scene: place, time, day, who is there, how strong the feeling, how many shots, and how many flags are open.
SELECT s.id AS scene, s.ord AS "order", json_extract(s.data, '$.slugline.raw') AS heading,
       json_extract(s.data, '$.synopsis') AS synopsis,
       json_extract(s.data, '$.time_of_day') AS time_of_day, json_extract(s.data, '$.story_day') AS story_day,
       json_extract(s.data, '$.eighths') AS eighths, json_extract(s.data, '$.lines') AS lines_json,
       (SELECT p.dst FROM edges AS p INDEXED BY edges_out WHERE p.production = :production AND p.src = s.id AND p.kind = 'takes_place_at'
        ORDER BY p.ord LIMIT 1) AS location,
       (SELECT json_group_array(src) FROM (
            SELECT a.src FROM edges AS a INDEXED BY edges_in
            WHERE a.production = :production AND a.dst = s.id AND a.kind = 'appears_in'
              AND json_extract(a.data, '$.presence.voice_only') = 0
            ORDER BY a.ord
       )) AS characters_json,
       (SELECT json_group_array(src) FROM (
            SELECT a.src FROM edges AS a INDEXED BY edges_in
            WHERE a.production = :production AND a.dst = s.id AND a.kind = 'appears_in'
              AND json_extract(a.data, '$.presence.voice_only') = 1
            ORDER BY a.ord
       )) AS voices_json,
       (SELECT MAX(json_extract(b.data, '$.intensity')) FROM edges AS b INDEXED BY edges_out
        WHERE b.production = :production AND b.src = s.id AND b.kind = 'has_emotional_beat') AS intensity,
       (SELECT substr(b.dst, 16) FROM edges AS b INDEXED BY edges_out
        WHERE b.production = :production AND b.src = s.id AND b.kind = 'has_emotional_beat'
        ORDER BY json_extract(b.data, '$.intensity') DESC, b.ord LIMIT 1) AS feeling,
       (SELECT COUNT(*) FROM edges AS h INDEXED BY edges_in
        WHERE h.production = :production AND h.dst = s.id AND h.kind = 'part_of') AS shots,
       (SELECT COALESCE(SUM(json_extract(n.data, '$.flags')), 0) FROM edges AS h INDEXED BY edges_in
        CROSS JOIN nodes AS n ON n.production = h.production AND n.id = h.src
        WHERE h.production = :production AND h.dst = s.id AND h.kind = 'part_of') AS flags
FROM nodes AS s
WHERE s.production = :production AND s.kind = 'scene';
