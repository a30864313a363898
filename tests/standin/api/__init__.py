"""The API, one module a family of routes; importing this package registers them all."""

from tests.standin.api import (
    administration,
    collections,
    cursors,
    documents,
    graphs,
    imports,
    indexes,
    transactions,
    views,
)

__all__ = [
    "administration", "collections", "cursors", "documents", "graphs", "imports", "indexes", "transactions", "views",
]  # fmt: skip
