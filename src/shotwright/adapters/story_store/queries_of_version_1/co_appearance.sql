-- Who shares scenes with whom, most scenes first, and how many speeches pass between them. A voice that is only heard counts.
-- :character = ''  only pairs with this character
SELECT a.src AS a, b.src AS b, COUNT(*) AS scenes,
       (SELECT COALESCE(SUM(json_extract(t.data, '$.speeches')), 0) FROM edges AS t
        WHERE t.kind = 'speaks_to' AND ((t.src = a.src AND t.dst = b.src) OR (t.src = b.src AND t.dst = a.src))) AS speeches,
       MIN(s.ord) AS first_order, MAX(s.ord) AS last_order
FROM edges AS a
JOIN edges AS b ON b.dst = a.dst AND b.kind = 'appears_in' AND a.src < b.src
JOIN nodes AS s ON s.id = a.dst
WHERE a.kind = 'appears_in' AND (:character = '' OR a.src = :character OR b.src = :character)
GROUP BY a.src, b.src
ORDER BY scenes DESC, speeches DESC, a, b;
