-- The assets that no library holds yet, for whom, and how many shots and scenes wait for each.
WITH told AS MATERIALIZED (
    SELECT id, ord, json_extract(data, '$.scene') AS scene FROM nodes WHERE production = :production AND kind = 'shot'
),
need AS MATERIALIZED (
    -- Beside a lone MIN, SQLite gives the other columns of the row that has it: the first need.
    SELECT n.dst AS asset, COUNT(DISTINCT told.ord) AS shots, COUNT(DISTINCT told.scene) AS scenes,
           told.id AS first_shot, told.ord AS first_order, n.data AS first_need, MIN(told.ord * 1000 + n.ord)
    FROM told
    CROSS JOIN edges AS n INDEXED BY edges_out ON n.production = :production AND n.src = told.id AND n.kind = 'needs'
    GROUP BY n.dst
)
SELECT asset, json_extract(a.data, '$.name') AS name, json_extract(a.data, '$.kind') AS kind,
       json_extract(first_need, '$.entity') AS entity, shots, scenes, first_shot, first_order
FROM need
CROSS JOIN nodes AS a ON a.production = :production AND a.id = need.asset
WHERE json_extract(a.data, '$.wanted') = 1;
