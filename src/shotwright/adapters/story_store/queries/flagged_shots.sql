-- The shots with open flags, in the order of the film or of one scene.
SELECT h.id AS shot, h.ord AS "order", json_extract(h.data, '$.label') AS label,
       'scene/' || json_extract(h.data, '$.scene') AS scene, json_extract(h.data, '$.flags') AS flags,
       json_extract(h.data, '$.status') AS status, json_extract(h.data, '$.shot_purpose') AS shot_purpose
FROM nodes AS h
WHERE h.production = :production AND h.kind = 'shot' AND json_extract(h.data, '$.flags') > 0
  AND (:scene = '' OR 'scene/' || json_extract(h.data, '$.scene') = :scene);
