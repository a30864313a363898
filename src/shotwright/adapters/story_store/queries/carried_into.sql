-- What each character brings into a scene: where it was last seen before, in what and in what state, beside what it wears and holds here.
WITH here AS MATERIALIZED (
    SELECT a.src AS character, a.ord AS place, s.id AS scene, s.ord AS at, s.data AS data, a.data AS edge, (
        SELECT b.dst FROM edges AS b INDEXED BY edges_out
        CROSS JOIN nodes AS t ON t.production = b.production AND t.id = b.dst
        WHERE b.production = :production AND b.src = a.src AND b.kind = 'appears_in' AND t.ord < s.ord
          AND json_extract(b.data, '$.presence.voice_only') = 0
        ORDER BY t.ord DESC, t.id LIMIT 1
    ) AS since
    FROM nodes AS s
    CROSS JOIN edges AS a INDEXED BY edges_in ON a.production = s.production AND a.dst = s.id AND a.kind = 'appears_in'
    WHERE s.production = :production AND s.id = :scene AND json_extract(a.data, '$.presence.voice_only') = 0
)
SELECT h.character, h.place AS "order", json_extract(h.data, '$.story_day') AS story_day, w.dst AS look,
       COALESCE(json_extract(w.data, '$.as_seen.description'), json_extract(l.data, '$.description')) AS wearing,
       COALESCE(json_extract(w.data, '$.as_seen.condition'), json_extract(l.data, '$.condition')) AS condition_json,
       json_extract(h.edge, '$.presence.holding') AS holding_json,
       json_extract(h.edge, '$.presence.feels_from') AS feels_from,
       t.id AS since, t.ord AS since_order, json_extract(t.data, '$.story_day') AS since_day, v.dst AS since_look,
       COALESCE(json_extract(v.data, '$.as_seen.description'), json_extract(m.data, '$.description')) AS since_wearing,
       COALESCE(json_extract(v.data, '$.as_seen.condition'), json_extract(m.data, '$.condition')) AS since_condition_json,
       json_extract(b.data, '$.presence.feels_to') AS felt,
       CASE WHEN t.id IS NOT NULL THEN json_extract(t.data, '$.story_day') IS json_extract(h.data, '$.story_day') END
           AS must_match_bool
FROM here AS h
LEFT JOIN edges AS w INDEXED BY edges_out ON w.production = :production AND w.src = h.character AND w.kind = 'wears' AND w.scope = h.scene
LEFT JOIN nodes AS l ON l.production = :production AND l.id = w.dst
LEFT JOIN nodes AS t ON t.production = :production AND t.id = h.since
LEFT JOIN edges AS b INDEXED BY edges_out ON b.production = :production AND b.src = h.character AND b.kind = 'appears_in' AND b.dst = t.id
LEFT JOIN edges AS v INDEXED BY edges_out ON v.production = :production AND v.src = h.character AND v.kind = 'wears' AND v.scope = t.id
LEFT JOIN nodes AS m ON m.production = :production AND m.id = v.dst;
