-- Where a prop goes: every hand that holds, takes or drops it, in the order of the film.
SELECT s.id AS scene, s.ord AS "order", h.key AS place, json_extract(h.value, '$.character') AS holder,
       json_extract(h.value, '$.how') AS how, json_extract(h.value, '$.unit') AS unit,
       json_extract(s.data, '$.synopsis') AS synopsis, json_extract(u.data, '$.lines') AS lines_json
FROM edges AS u INDEXED BY edges_in
CROSS JOIN nodes AS s ON s.production = u.production AND s.id = u.src
CROSS JOIN json_each(u.data, '$.holders') AS h
WHERE u.production = :production AND u.dst = :thing AND u.kind = 'uses'
UNION ALL
SELECT s.id, s.ord, 0, NULL, 'seen', NULL, json_extract(s.data, '$.synopsis'), json_extract(u.data, '$.lines')
FROM edges AS u INDEXED BY edges_in
CROSS JOIN nodes AS s ON s.production = u.production AND s.id = u.src
WHERE u.production = :production AND u.dst = :thing AND u.kind = 'uses'
  AND COALESCE(json_array_length(u.data, '$.holders'), 0) = 0;
