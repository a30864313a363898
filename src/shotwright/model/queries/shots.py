"""Questions about shots and the assets that they need."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shotwright.model.query import NamedQuery

QUERIES: tuple[NamedQuery, ...] = ()
