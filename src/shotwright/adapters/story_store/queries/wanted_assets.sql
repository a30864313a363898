-- The assets that no library holds yet, for whom, and how many shots and scenes wait for each.
WITH need AS MATERIALIZED (
    SELECT a.id AS asset, h.id AS shot, h.ord AS at, json_extract(h.data, '$.scene') AS scene,
           json_extract(n.data, '$.entity') AS entity, n.ord AS place,
           ROW_NUMBER() OVER (PARTITION BY a.id ORDER BY h.ord, h.id) AS nth
    FROM nodes AS a
    CROSS JOIN edges AS n ON n.production = a.production AND n.dst = a.id AND n.kind = 'needs'
    JOIN nodes AS h ON h.production = n.production AND h.id = n.src
    WHERE a.production = :production AND a.kind = 'asset' AND json_extract(n.data, '$.wanted') = 1
),
told AS MATERIALIZED (
    SELECT asset, json_group_array(entity) AS entities FROM (
        SELECT asset, entity FROM need GROUP BY asset, entity ORDER BY asset, MIN(at * 1000 + place)
    )
    GROUP BY asset
)
SELECT a.id AS asset, json_extract(a.data, '$.name') AS name, json_extract(a.data, '$.kind') AS kind,
       told.entities AS entities_json, COUNT(DISTINCT need.shot) AS shots, COUNT(DISTINCT need.scene) AS scenes,
       MAX(CASE need.nth WHEN 1 THEN need.shot END) AS first_shot, MIN(need.at) AS first_order
FROM need
JOIN told ON told.asset = need.asset
JOIN nodes AS a ON a.production = :production AND a.id = need.asset
GROUP BY a.id;
