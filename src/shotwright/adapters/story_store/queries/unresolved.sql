-- What the film introduces and never pays off, in order of introduction.
SELECT p.id AS plot_point, json_extract(p.data, '$.summary') AS summary, json_extract(p.data, '$.about') AS about,
       'scene/' || json_extract(p.data, '$.scene') AS scene, s.ord AS "order"
FROM nodes AS p
LEFT JOIN nodes AS s ON s.production = p.production AND s.id = 'scene/' || json_extract(p.data, '$.scene')
WHERE p.production = :production AND p.kind = 'plot_point' AND json_extract(p.data, '$.kind') = 'introduction'
  AND p.id NOT IN (
      SELECT json_extract(answer.data, '$.pays_off') FROM nodes AS answer
      WHERE answer.production = :production AND answer.kind = 'plot_point'
        AND json_extract(answer.data, '$.pays_off') IS NOT NULL
  );
