-- The tension curve: the strongest feeling of every scene, and the one that it closes on.
WITH felt AS MATERIALIZED (
    SELECT b.src AS scene, substr(b.dst, 16) AS feeling, json_extract(b.data, '$.intensity') AS intensity,
           ROW_NUMBER() OVER (PARTITION BY b.src ORDER BY json_extract(b.data, '$.intensity') DESC, b.ord) AS strongest,
           ROW_NUMBER() OVER (PARTITION BY b.src ORDER BY b.ord DESC) AS last
    FROM nodes AS s
    CROSS JOIN edges AS b ON b.production = s.production AND b.src = s.id AND b.kind = 'has_emotional_beat'
    WHERE s.production = :production AND s.kind = 'scene'
)
SELECT s.id AS scene, s.ord AS "order", peak.intensity, peak.feeling, closing.feeling AS closes_on,
       closing.intensity AS closing_intensity
FROM nodes AS s
LEFT JOIN felt AS peak ON peak.scene = s.id AND peak.strongest = 1
LEFT JOIN felt AS closing ON closing.scene = s.id AND closing.last = 1
WHERE s.production = :production AND s.kind = 'scene';
