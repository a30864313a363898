-- The shots of a scene in order: size, framing, movement, purpose, what is said, whom each shows, what it needs, and how its review stands.
SELECT h.id AS shot, h.ord AS "order", json_extract(h.data, '$.label') AS label, json_extract(h.data, '$.setup') AS setup,
       json_extract(h.data, '$.size') AS size, json_extract(h.data, '$.framing') AS framing,
       json_extract(h.data, '$.angle') AS angle, json_extract(h.data, '$.movement') AS movement,
       json_extract(h.data, '$.function') AS function, json_extract(h.data, '$.seconds') AS seconds,
       json_extract(h.data, '$.shot_purpose') AS shot_purpose, json_extract(h.data, '$.beat') AS beat,
       json_extract(h.data, '$.intensity') AS intensity, json_extract(h.data, '$.dialogue') AS dialogue_json,
       (SELECT json_group_array(json_object('entity', dst, 'look', look, 'mouth', mouth)) FROM (
            SELECT f.dst, json_extract(f.data, '$.look') AS look, json_extract(f.data, '$.mouth') AS mouth
            FROM edges AS f INDEXED BY edges_out
            WHERE f.production = :production AND f.src = h.id AND f.kind = 'features'
            ORDER BY f.ord
       )) AS features_json,
       (SELECT json_group_array(json_object('asset', dst, 'entity', entity, 'wanted', json(wanted))) FROM (
            SELECT n.dst, json_extract(n.data, '$.entity') AS entity, n.data -> '$.wanted' AS wanted
            FROM edges AS n INDEXED BY edges_out
            WHERE n.production = :production AND n.src = h.id AND n.kind = 'needs'
            ORDER BY n.ord
       )) AS assets_json,
       json_extract(h.data, '$.status') AS status, json_extract(h.data, '$.flags') AS flags,
       json_extract(h.data, '$.approved') AS approved_bool
FROM edges AS p INDEXED BY edges_in
CROSS JOIN nodes AS h ON h.production = p.production AND h.id = p.src
WHERE p.production = :production AND p.dst = :scene AND p.kind = 'part_of';
