-- What a character wears from scene to scene, when that changes, and whether a new day, the condition or the script changes it.
WITH worn AS MATERIALIZED (
    SELECT s.id AS scene, s.ord AS at, json_extract(s.data, '$.story_day') AS day, w.ord AS place, w.dst AS look,
           COALESCE(json_extract(w.data, '$.as_seen.description'), json_extract(l.data, '$.description')) AS wearing,
           COALESCE(json_extract(w.data, '$.as_seen.clothes'), json_extract(l.data, '$.clothes'), '[]') AS clothes,
           COALESCE(json_extract(w.data, '$.as_seen.condition'), json_extract(l.data, '$.condition'), '[]') AS condition
    FROM edges AS w INDEXED BY edges_out
    CROSS JOIN nodes AS s ON s.production = w.production AND s.id = w.scope
    LEFT JOIN nodes AS l ON l.production = w.production AND l.id = w.dst
    WHERE w.production = :production AND w.src = :character AND w.kind = 'wears'
),
after AS (
    SELECT worn.*, LAG(look) OVER before AS look_before, LAG(day) OVER before AS day_before,
           LAG(clothes) OVER before AS clothes_before, LAG(condition) OVER before AS condition_before
    FROM worn
    WINDOW before AS (ORDER BY at, scene, place)
),
told AS (
    SELECT after.*,
           CASE
               WHEN look_before IS NULL THEN 'first'
               WHEN look = look_before AND condition = condition_before THEN NULL
               WHEN clothes = clothes_before AND condition <> condition_before THEN 'condition'
               WHEN day IS NOT day_before THEN 'story_day'
               ELSE 'change'
           END AS why
    FROM after
)
SELECT scene, at AS "order", day AS story_day, look, wearing, clothes AS clothes_json, condition AS condition_json,
       why IS NOT NULL AS changed_bool, why
FROM told;
