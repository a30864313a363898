"""A stand-in for an ArangoDB server: the HTTP API that a client needs, in memory, checked against recordings."""
