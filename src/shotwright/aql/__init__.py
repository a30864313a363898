"""AQL, the query language of ArangoDB: a parser, a check and an interpreter of a documented subset.

`run_query` of `interpreter` runs a query over `GraphData`; `MemoryGraph` of `memory` is such data held in memory.
"""
