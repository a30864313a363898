-- Who was in a scene, or in every scene where a plot point, prop, place, person, day or feeling comes in, and in what.
WITH hit (scene) AS MATERIALIZED (
    SELECT n.id FROM nodes AS n WHERE n.production = :production AND n.id = :what AND n.kind = 'scene'
    UNION
    SELECT e.src FROM edges AS e INDEXED BY edges_in
    WHERE e.production = :production AND e.dst = :what
      AND e.kind IN ('uses', 'advances', 'takes_place_at', 'has_emotional_beat', 'on_day')
    UNION
    SELECT e.dst FROM edges AS e INDEXED BY edges_out WHERE e.production = :production AND e.src = :what AND e.kind = 'appears_in'
)
SELECT s.id AS scene, s.ord AS "order", c.id AS character, json_extract(c.data, '$.name') AS name,
       json_extract(a.data, '$.presence.voice_only') AS voice_only_bool,
       json_extract(a.data, '$.presence.on_phone') AS on_phone_bool,
       json_extract(a.data, '$.presence.enters') AS enters, json_extract(a.data, '$.presence.exits') AS exits,
       w.dst AS look,
       COALESCE(json_extract(w.data, '$.as_seen.description'), json_extract(l.data, '$.description')) AS wearing,
       json_extract(a.data, '$.lines') AS lines_json
FROM hit
CROSS JOIN nodes AS s ON s.production = :production AND s.id = hit.scene
CROSS JOIN edges AS a INDEXED BY edges_in ON a.production = :production AND a.dst = s.id AND a.kind = 'appears_in'
CROSS JOIN nodes AS c ON c.production = :production AND c.id = a.src
LEFT JOIN edges AS w INDEXED BY edges_out ON w.production = :production AND w.src = a.src AND w.kind = 'wears' AND w.scope = s.id
LEFT JOIN nodes AS l ON l.production = :production AND l.id = w.dst;
