-- Only where this SQLite was built with FTS5. The words are folded before they come here, so plain ASCII rules are enough.
CREATE VIRTUAL TABLE IF NOT EXISTS node_words USING fts5 (
    production, words, content = 'nodes', content_rowid = 'row', detail = 'column', columnsize = 0,
    tokenize = "unicode61 remove_diacritics 0 categories 'L* M* N* Co Pc' tokenchars '-'"
);
CREATE TRIGGER IF NOT EXISTS node_words_added AFTER INSERT ON nodes BEGIN
    INSERT INTO node_words (rowid, production, words) VALUES (new.row, new.production, new.words);
END;
CREATE TRIGGER IF NOT EXISTS node_words_removed AFTER DELETE ON nodes BEGIN
    INSERT INTO node_words (node_words, rowid, production, words) VALUES ('delete', old.row, old.production, old.words);
END;
CREATE TRIGGER IF NOT EXISTS node_words_changed AFTER UPDATE OF words ON nodes WHEN old.words <> new.words BEGIN
    INSERT INTO node_words (node_words, rowid, production, words) VALUES ('delete', old.row, old.production, old.words);
    INSERT INTO node_words (rowid, production, words) VALUES (new.row, new.production, new.words);
END;
