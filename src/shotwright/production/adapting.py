"""Prose refined by the Architect's model, chunk by chunk, on its way to the Fountain."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from shotwright.crew.architect.adapt import Draft
    from shotwright.production.asking import Asking


def adaptor(asking: Asking | None) -> tuple[Callable[[Draft], tuple[Draft, str]] | None, str]:
    """(what refines a draft, the fingerprint of the model that does); (None, `rules`) where the Architect has none."""
    return None, "rules"
