-- What the film introduces and never pays off, in order of introduction.
SELECT p.id AS plot_point, json_extract(p.data, '$.summary') AS summary, json_extract(p.data, '$.about') AS about,
       'scene/' || (json_extract(p.data, '$.scene')) AS scene, s.ord AS "order"
FROM nodes AS p
LEFT JOIN nodes AS s ON s.id = 'scene/' || (json_extract(p.data, '$.scene'))
WHERE p.kind = 'plot_point' AND json_extract(p.data, '$.kind') = 'introduction'
  AND NOT EXISTS (
      SELECT 1 FROM nodes AS answer
      WHERE answer.kind = 'plot_point' AND json_extract(answer.data, '$.pays_off') = p.id
  )
ORDER BY s.ord, p.id;
