INSERT INTO node_words (rowid, production, words)
SELECT row, production, words FROM nodes WHERE production = ?;
