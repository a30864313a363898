"""The Story Graph on an ArangoDB server."""

from shotwright.adapters.story_store.arango.diagnosis import Finding, diagnose
from shotwright.adapters.story_store.arango.settings import ArangoSettings
from shotwright.adapters.story_store.arango.store import ArangoStoryStore

__all__ = ["ArangoSettings", "ArangoStoryStore", "Finding", "diagnose"]
