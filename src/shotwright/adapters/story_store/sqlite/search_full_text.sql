SELECT n.id, n.kind, n.data, n.ord, n.version, n.words
FROM node_words JOIN nodes AS n ON n.row = node_words.rowid
WHERE node_words MATCH :match AND n.production = :production;
