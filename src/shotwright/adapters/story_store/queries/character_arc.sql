-- A character through the film: each scene in order, how it feels going in and coming out, what it wears, how much it says.
SELECT s.id AS scene, s.ord AS "order",
       json_extract(s.data, '$.synopsis') AS synopsis,
       json_extract(s.data, '$.story_day') AS story_day,
       json_extract(e.data, '$.presence.feels_from') AS feels_from,
       json_extract(e.data, '$.presence.feels_to') AS feels_to,
       (SELECT MAX(json_extract(b.data, '$.intensity')) FROM edges AS b INDEXED BY edges_out
        WHERE b.production = :production AND b.src = s.id AND b.kind = 'has_emotional_beat') AS peak_intensity,
       json_extract(e.data, '$.presence.speeches') AS speeches,
       json_extract(e.data, '$.presence.voice_only') AS voice_only_bool,
       (SELECT w.dst FROM edges AS w INDEXED BY edges_out
        WHERE w.production = :production AND w.src = :character AND w.kind = 'wears' AND w.scope = s.id
        ORDER BY w.ord, w.key LIMIT 1) AS look
FROM edges AS e INDEXED BY edges_out
CROSS JOIN nodes AS s ON s.production = e.production AND s.id = e.dst
WHERE e.production = :production AND e.src = :character AND e.kind = 'appears_in';
