"""Prose refined by the Architect's model, chunk by chunk, on its way to the Fountain."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from shotwright.crew.architect.adapt import Draft
    from shotwright.production.asking import Asking


def adaptor(asking: Asking | None) -> tuple[Callable[[Draft], tuple[Draft, str]] | None, str]:
    """(what refines a draft, the fingerprint of the model that does); (None, `rules`) where the Architect has none."""
    if asking is None or not asking.serves("architect"):
        return None, "rules"
    return partial(_refine, asking), asking.fingerprint("architect")


def _refine(asking: Asking, draft: Draft) -> tuple[Draft, str]:
    return asking.run(_refined(asking, draft))


async def _refined(asking: Asking, draft: Draft) -> tuple[Draft, str]:
    """The draft as a model improved it, and why some of it is still pending, or nothing."""
    from shotwright.crew.architect.adapt_refine import ask, merge

    answers = await asking.together(
        [asking.refine(question, standing) for question, standing in ask(draft)], asking.scenes_at_once
    )
    pending = next((refinement.pending for _, refinement in answers if refinement.pending), "")
    return merge(draft, [value for value, _ in answers]), pending
