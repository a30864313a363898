"""AQL, the query language of ArangoDB: a parser, a check and an interpreter of a documented subset."""
