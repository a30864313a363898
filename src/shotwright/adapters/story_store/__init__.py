"""Where the Story Graph is kept: SQLite, embedded."""

from shotwright.adapters.story_store.sqlite import SqliteStoryStore

__all__ = ["SqliteStoryStore"]
