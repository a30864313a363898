-- What happens from one plot point to another, both scenes included: where, with whom, with what feelings, and which plot points.
WITH ends AS MATERIALIZED (
    SELECT MIN(a.ord, b.ord) AS first, MAX(a.ord, b.ord) AS last
    FROM nodes AS p
    CROSS JOIN nodes AS a ON a.production = p.production AND a.id = 'scene/' || json_extract(p.data, '$.scene')
    CROSS JOIN nodes AS q ON q.production = p.production AND q.id = :last
    CROSS JOIN nodes AS b ON b.production = q.production AND b.id = 'scene/' || json_extract(q.data, '$.scene')
    WHERE p.production = :production AND p.id = :first
)
SELECT s.id AS scene, s.ord AS "order", json_extract(s.data, '$.synopsis') AS synopsis,
       (SELECT p.dst FROM edges AS p INDEXED BY edges_out WHERE p.production = :production AND p.src = s.id AND p.kind = 'takes_place_at'
        ORDER BY p.ord LIMIT 1) AS location,
       json_extract(s.data, '$.story_day') AS story_day,
       (SELECT json_group_array(src) FROM (
            SELECT a.src FROM edges AS a INDEXED BY edges_in
            WHERE a.production = :production AND a.dst = s.id AND a.kind = 'appears_in'
            ORDER BY a.ord
       )) AS characters_json,
       (SELECT json_group_array(json_object('feeling', feeling, 'intensity', intensity)) FROM (
            SELECT substr(b.dst, 16) AS feeling, MAX(json_extract(b.data, '$.intensity')) AS intensity
            FROM edges AS b INDEXED BY edges_out
            WHERE b.production = :production AND b.src = s.id AND b.kind = 'has_emotional_beat'
            GROUP BY b.dst ORDER BY MIN(b.ord)
       )) AS feelings_json,
       (SELECT json_group_array(dst) FROM (
            SELECT v.dst FROM edges AS v INDEXED BY edges_out
            WHERE v.production = :production AND v.src = s.id AND v.kind = 'advances'
            ORDER BY v.ord
       )) AS plot_points_json
FROM ends
CROSS JOIN nodes AS s ON s.production = :production AND s.kind = 'scene' AND s.ord BETWEEN ends.first AND ends.last;
