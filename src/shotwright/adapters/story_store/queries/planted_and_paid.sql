-- What the film introduces and pays off, where, and how many scenes lie between.
SELECT p.id AS plot_point, json_extract(p.data, '$.summary') AS summary, json_extract(p.data, '$.about') AS about,
       'scene/' || json_extract(p.data, '$.scene') AS scene, s.ord AS "order",
       q.id AS payoff, json_extract(q.data, '$.summary') AS payoff_summary,
       'scene/' || json_extract(q.data, '$.scene') AS payoff_scene, t.ord AS payoff_order, t.ord - s.ord AS apart
FROM nodes AS q
CROSS JOIN nodes AS p ON p.production = q.production AND p.id = json_extract(q.data, '$.pays_off')
LEFT JOIN nodes AS s ON s.production = p.production AND s.id = 'scene/' || json_extract(p.data, '$.scene')
LEFT JOIN nodes AS t ON t.production = q.production AND t.id = 'scene/' || json_extract(q.data, '$.scene')
WHERE q.production = :production AND q.kind = 'plot_point';
