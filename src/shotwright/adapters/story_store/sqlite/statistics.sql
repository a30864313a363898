-- How many rows a value of each index stands for, in a file of a hundred films. Fixed, so that every file is asked in the
-- same way: without it SQLite reads a whole production's edges where an index leads to the few of one node.
ANALYZE sqlite_schema;
DELETE FROM sqlite_stat1;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('scopes', 'scopes', '40000 400 1');
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('nodes', 'sqlite_autoindex_nodes_1', '250000 2500 1');
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('nodes', 'nodes_by_kind', '250000 2500 200 2 1');
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('nodes', 'nodes_by_scope', '250000 2500 7');
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('edges', 'sqlite_autoindex_edges_1', '1800000 18000 1');
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('edges', 'edges_out', '1800000 18000 12 3 1');
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('edges', 'edges_in', '1800000 18000 8 6 4');
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('edges', 'edges_by_scope', '1800000 18000 47');
ANALYZE sqlite_schema;
