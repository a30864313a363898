-- A character through the film: each scene in order, how it feels going in and coming out, what it wears, how much it says.
-- :character  a character: character/…
SELECT s.id AS scene, s.ord AS "order",
       json_extract(s.data, '$.synopsis') AS synopsis,
       json_extract(s.data, '$.story_day') AS story_day,
       json_extract(e.data, '$.presence.feels_from') AS feels_from,
       json_extract(e.data, '$.presence.feels_to') AS feels_to,
       (SELECT MAX(json_extract(b.data, '$.intensity')) FROM edges AS b
        WHERE b.src = s.id AND b.kind = 'has_emotional_beat') AS peak_intensity,
       json_extract(e.data, '$.presence.speeches') AS speeches,
       json_extract(e.data, '$.presence.voice_only') = 1 AS voice_only_bool,
       (SELECT w.dst FROM edges AS w WHERE w.src = e.src AND w.kind = 'wears' AND w.scope = s.id ORDER BY w.ord, w.key LIMIT 1) AS look
FROM edges AS e JOIN nodes AS s ON s.id = e.dst
WHERE e.src = :character AND e.kind = 'appears_in'
ORDER BY s.ord, s.id;
