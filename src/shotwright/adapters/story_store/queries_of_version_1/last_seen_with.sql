-- Who had a prop, and what they wore, latest scene first; of a character, where it was last seen and in what.
-- :thing  a prop, vehicle, animal or character
-- :before = ''  only scenes before this one: scene/sc_…
SELECT s.id AS scene, s.ord AS "order", json_extract(s.data, '$.synopsis') AS synopsis, seen.holder AS holder, seen.how AS how,
       w.dst AS look, json_extract(l.data, '$.description') AS wearing
FROM (
    SELECT u.src AS scene, json_extract(h.value, '$.character') AS holder, json_extract(h.value, '$.how') AS how, h.key AS place
    FROM edges AS u, json_each(u.data, '$.holders') AS h
    WHERE u.dst = :thing AND u.kind = 'uses'
    UNION ALL
    SELECT u.src, NULL, 'seen', 0 FROM edges AS u
    WHERE u.dst = :thing AND u.kind = 'uses' AND json_array_length(u.data, '$.holders') = 0
    UNION ALL
    SELECT p.dst, p.src, 'appears', 0 FROM edges AS p
    WHERE p.src = :thing AND p.kind = 'appears_in' AND json_extract(p.data, '$.presence.voice_only') = 0
) AS seen
JOIN nodes AS s ON s.id = seen.scene
LEFT JOIN edges AS w ON w.src = seen.holder AND w.kind = 'wears' AND w.scope = s.id
LEFT JOIN nodes AS l ON l.id = w.dst
WHERE :before = '' OR s.ord < (SELECT ord FROM nodes WHERE id = :before)
ORDER BY s.ord DESC, seen.place DESC, w.ord DESC;
