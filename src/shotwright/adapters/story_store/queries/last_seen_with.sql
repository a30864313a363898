-- Who had a prop, and what they wore, latest scene first; of a character, where it was last seen and in what.
SELECT s.id AS scene, s.ord AS "order", json_extract(s.data, '$.synopsis') AS synopsis, seen.place AS place,
       seen.holder AS holder, seen.how AS how, w.dst AS look,
       COALESCE(json_extract(w.data, '$.as_seen.description'), json_extract(l.data, '$.description')) AS wearing
FROM (
    SELECT u.src AS scene, json_extract(h.value, '$.character') AS holder, json_extract(h.value, '$.how') AS how, h.key AS place
    FROM edges AS u INDEXED BY edges_in, json_each(u.data, '$.holders') AS h
    WHERE u.production = :production AND u.dst = :thing AND u.kind = 'uses'
    UNION ALL
    SELECT u.src, NULL, 'seen', 0 FROM edges AS u INDEXED BY edges_in
    WHERE u.production = :production AND u.dst = :thing AND u.kind = 'uses'
      AND COALESCE(json_array_length(u.data, '$.holders'), 0) = 0
    UNION ALL
    SELECT p.dst, p.src, 'appears', 0 FROM edges AS p INDEXED BY edges_out
    WHERE p.production = :production AND p.src = :thing AND p.kind = 'appears_in'
      AND json_extract(p.data, '$.presence.voice_only') = 0
) AS seen
CROSS JOIN nodes AS s ON s.production = :production AND s.id = seen.scene
LEFT JOIN edges AS w INDEXED BY edges_out ON w.production = :production AND w.src = seen.holder AND w.kind = 'wears' AND w.scope = s.id
LEFT JOIN nodes AS l ON l.production = :production AND l.id = w.dst
WHERE :before = '' OR s.ord < (SELECT ord FROM nodes WHERE production = :production AND id = :before);
