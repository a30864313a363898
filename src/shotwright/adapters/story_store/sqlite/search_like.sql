SELECT n.id, n.kind, n.data, n.ord, n.version, n.words
FROM nodes AS n WHERE n.production = :production AND n.words LIKE :pattern;
