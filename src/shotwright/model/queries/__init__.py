"""The named queries: what may be asked of a Story Graph in one word, with typed parameters and rows.

What each means stands here; how it is asked lies in a file a technology beside the adapters.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from shotwright.errors import QueryError
from shotwright.model.queries import people, places, plot, scenes, shots, things

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shotwright.model.query import NamedQuery

QUERIES: Mapping[str, NamedQuery] = MappingProxyType(
    {query.name: query for room in (scenes, people, things, places, plot, shots) for query in room.QUERIES}
)
"""Every named query by name, those about one kind of thing together."""


def query_named(name: str) -> NamedQuery:
    """The named query. QueryError when there is none of that name, and it says which there are."""
    if name not in QUERIES:
        raise QueryError(f"there is no query named {name}", hint=f"there are: {', '.join(QUERIES)}")
    return QUERIES[name]
