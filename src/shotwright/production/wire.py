"""The only place that knows which technology stands behind a port."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from shotwright.adapters.asset_library.folder import FolderAssetLibrary
from shotwright.adapters.story_store import SqliteStoryStore

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.ports.asset_library import AssetLibrary
    from shotwright.ports.story_store import StoryStore


def story_store(path: Path) -> StoryStore:
    """The embedded store, in one file."""
    return SqliteStoryStore(path)


def asset_library(folders: Sequence[str]) -> AssetLibrary:
    """Folder libraries in order of precedence; none is an empty library."""
    return FolderAssetLibrary([Path(f) for f in folders])
