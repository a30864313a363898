-- Every character with the scenes, voices, speeches, story days and shots it has, and where it comes in first and last.
WITH told AS MATERIALIZED (
    SELECT id, ord, json_extract(data, '$.story_day') AS day FROM nodes WHERE production = :production AND kind = 'scene'
),
part AS MATERIALIZED (
    SELECT a.src AS character, COUNT(*) AS scenes, SUM(json_extract(a.data, '$.presence.voice_only')) AS voices,
           SUM(json_extract(a.data, '$.presence.speeches')) AS speeches, COUNT(DISTINCT told.day) AS story_days,
           MIN(told.ord) AS first_order, MAX(told.ord) AS last_order
    FROM told
    CROSS JOIN edges AS a INDEXED BY edges_in ON a.production = :production AND a.dst = told.id AND a.kind = 'appears_in'
    GROUP BY a.src
)
SELECT c.id AS character, c.ord AS "order", json_extract(c.data, '$.name') AS name, json_extract(c.data, '$.role') AS role,
       COALESCE(part.scenes, 0) AS scenes, COALESCE(part.voices, 0) AS voices, COALESCE(part.speeches, 0) AS speeches,
       COALESCE(part.story_days, 0) AS story_days,
       (SELECT COUNT(DISTINCT f.src) FROM edges AS f INDEXED BY edges_in
        WHERE f.production = :production AND f.dst = c.id AND f.kind = 'features') AS shots,
       (SELECT MIN(told.id) FROM told WHERE told.ord = part.first_order) AS first_scene, part.first_order,
       (SELECT MIN(told.id) FROM told WHERE told.ord = part.last_order) AS last_scene, part.last_order
FROM nodes AS c
LEFT JOIN part ON part.character = c.id
WHERE c.production = :production AND c.kind = 'character';
