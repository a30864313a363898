"""The Story Graph in one SQLite file, embedded: no server, and other processes may read it while one writes."""

from shotwright.adapters.story_store.sqlite.backup import put_back_file
from shotwright.adapters.story_store.sqlite.store import SqliteStoryStore

__all__ = ["SqliteStoryStore", "put_back_file"]
