"""The one way back: flags become revisions for the crew member who owns the field, in rounds that must improve."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shotwright.model.crew import Revision

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.model.shot import Flag
    from shotwright.model.vocabulary import Agent

OWNERS: tuple[Agent, ...] = (
    "architect",
    "director",
    "cinematographer",
    "art_director",
    "sound_designer",
    "continuity_supervisor",
)


def revisions_for(flags: Sequence[Flag], round: int) -> tuple[Revision, ...]:
    """What each owner must mend, by owner in the order of the line, then as flagged; one entry a shot, field and rule.

    Errors always ask for a revision. A warning asks for one in the first round only: taste is offered once.
    """
    asked: dict[tuple[str, str, str], Flag] = {}
    for flag in flags:
        if flag.severity == "error" or (flag.severity == "warn" and round <= 1):
            asked.setdefault((flag.shot_id, flag.field, flag.code), flag)
    return tuple(
        Revision(
            agent=flag.agent,
            shot_id=flag.shot_id,
            field=flag.field,
            code=flag.code,
            feedback=_feedback(flag),
            measured=flag.measured,
            threshold=flag.threshold,
            round=round,
            other_shot_id=flag.other_shot_id,
        )
        for flag in sorted(asked.values(), key=lambda f: OWNERS.index(f.agent))
    )


def _feedback(flag: Flag) -> str:
    numbers = f" Measured {flag.measured}, should be {flag.threshold}." if flag.measured and flag.threshold else ""
    return f"{flag.message}{numbers}{' ' + flag.hint if flag.hint else ''}"
