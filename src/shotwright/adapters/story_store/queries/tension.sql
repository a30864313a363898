-- The tension curve: the strongest feeling of every scene, and the one that it closes on.
SELECT s.id AS scene, s.ord AS "order",
       (SELECT MAX(json_extract(b.data, '$.intensity')) FROM edges AS b INDEXED BY edges_out
        WHERE b.production = :production AND b.src = s.id AND b.kind = 'has_emotional_beat') AS intensity,
       (SELECT substr(b.dst, 16) FROM edges AS b INDEXED BY edges_out
        WHERE b.production = :production AND b.src = s.id AND b.kind = 'has_emotional_beat'
        ORDER BY json_extract(b.data, '$.intensity') DESC, b.ord LIMIT 1) AS feeling,
       (SELECT substr(b.dst, 16) FROM edges AS b INDEXED BY edges_out
        WHERE b.production = :production AND b.src = s.id AND b.kind = 'has_emotional_beat'
        ORDER BY b.ord DESC LIMIT 1) AS closes_on,
       (SELECT json_extract(b.data, '$.intensity') FROM edges AS b INDEXED BY edges_out
        WHERE b.production = :production AND b.src = s.id AND b.kind = 'has_emotional_beat'
        ORDER BY b.ord DESC LIMIT 1) AS closing_intensity
FROM nodes AS s
WHERE s.production = :production AND s.kind = 'scene';
