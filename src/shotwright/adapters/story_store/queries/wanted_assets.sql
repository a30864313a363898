-- The assets that no library holds yet, for whom, and how many shots and scenes wait for each.
WITH told AS MATERIALIZED (
    SELECT id, ord, json_extract(data, '$.scene') AS scene FROM nodes WHERE production = :production AND kind = 'shot'
),
need AS MATERIALIZED (
    -- Beside a lone MIN, SQLite gives the other columns of the row that has it: the first need.
    SELECT a.id AS asset, a.data AS data, COUNT(DISTINCT told.ord) AS shots, COUNT(DISTINCT told.scene) AS scenes,
           told.id AS first_shot, told.ord AS first_order, n.data AS first_need, MIN(told.ord * 1000 + n.ord)
    FROM nodes AS a
    CROSS JOIN edges AS n INDEXED BY edges_in ON n.production = :production AND n.dst = a.id AND n.kind = 'needs'
    CROSS JOIN told ON told.id = n.src
    WHERE a.production = :production AND a.kind = 'asset' AND json_extract(a.data, '$.wanted') = 1
    GROUP BY a.ord, a.id
)
SELECT asset, json_extract(data, '$.name') AS name, json_extract(data, '$.kind') AS kind,
       json_extract(first_need, '$.entity') AS entity, shots, scenes, first_shot, first_order
FROM need;
