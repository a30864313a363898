-- Every character with the scenes, voices, speeches, story days and shots it has, and where it comes in first and last.
WITH part AS MATERIALIZED (
    SELECT c.id AS character, s.id AS scene, s.ord AS at, json_extract(s.data, '$.story_day') AS day,
           json_extract(a.data, '$.presence.voice_only') AS voice, json_extract(a.data, '$.presence.speeches') AS speeches,
           ROW_NUMBER() OVER (PARTITION BY c.id ORDER BY s.ord, s.id) AS nth,
           ROW_NUMBER() OVER (PARTITION BY c.id ORDER BY s.ord DESC, s.id DESC) AS nth_last
    FROM nodes AS s
    CROSS JOIN edges AS a ON a.production = s.production AND a.dst = s.id AND a.kind = 'appears_in'
    JOIN nodes AS c ON c.production = a.production AND c.id = a.src
    WHERE s.production = :production AND s.kind = 'scene'
)
SELECT c.id AS character, c.ord AS "order", json_extract(c.data, '$.name') AS name, json_extract(c.data, '$.role') AS role,
       COUNT(part.scene) AS scenes, COALESCE(SUM(part.voice), 0) AS voices, COALESCE(SUM(part.speeches), 0) AS speeches,
       COUNT(DISTINCT part.day) AS story_days,
       (SELECT COUNT(DISTINCT f.src) FROM edges AS f
        WHERE f.production = :production AND f.dst = c.id AND f.kind = 'features') AS shots,
       MAX(CASE part.nth WHEN 1 THEN part.scene END) AS first_scene, MIN(part.at) AS first_order,
       MAX(CASE part.nth_last WHEN 1 THEN part.scene END) AS last_scene, MAX(part.at) AS last_order
FROM nodes AS c
LEFT JOIN part ON part.character = c.id
WHERE c.production = :production AND c.kind = 'character'
GROUP BY c.id;
