-- The shots and scenes that need an asset, for whom, and whether it is found or still wanted.
SELECT h.id AS shot, h.ord AS "order", json_extract(h.data, '$.label') AS label,
       'scene/' || json_extract(h.data, '$.scene') AS scene, s.ord AS scene_order,
       json_extract(n.data, '$.entity') AS entity, json_extract(n.data, '$.wanted') AS wanted_bool
FROM edges AS n INDEXED BY edges_in
CROSS JOIN nodes AS h ON h.production = n.production AND h.id = n.src
LEFT JOIN nodes AS s ON s.production = h.production AND s.id = 'scene/' || json_extract(h.data, '$.scene')
WHERE n.production = :production AND n.dst = :asset AND n.kind = 'needs';
