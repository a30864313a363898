"""Prose refined by the Architect's model, chunk by chunk, on its way to the Fountain."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from shotwright.crew.architect.adapt import Draft
    from shotwright.model.language import Refinement
    from shotwright.production.asking import Asking


def adaptor(
    asking: Asking | None, records: list[Refinement]
) -> tuple[Callable[[Draft], tuple[Draft, str]] | None, str]:
    """(what refines a draft, the fingerprint of the model that does); (None, `rules`) where the Architect has none.
    What became of each question is added to `records`."""
    if asking is None or not asking.serves("architect"):
        return None, "rules"
    way = asking

    def refine(draft: Draft) -> tuple[Draft, str]:
        from shotwright.crew.architect.adapt_refine import ask, merge

        asked = ask(draft)
        answers = way.run(way.together([way.refine(question, standing) for question, standing in asked]))
        records.extend(record for _, record in answers)
        pending = next((record.pending for _, record in answers if record.pending), "")
        return merge(draft, [choices for choices, _ in answers]), pending

    return refine, way.fingerprint("architect")
