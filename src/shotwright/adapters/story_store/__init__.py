"""Where the Story Graph is kept: SQLite, embedded."""

from shotwright.adapters.story_store.named_queries import NamedQuery, Parameter, named_queries
from shotwright.adapters.story_store.sqlite import SqliteStoryStore

__all__ = ["NamedQuery", "Parameter", "SqliteStoryStore", "named_queries"]
