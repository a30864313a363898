"""The film as the journal keeps it: finished scenes, and the flags of the cuts between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shotwright.model.crew import WantedAsset
from shotwright.model.shot import Flag, Review, Shot
from shotwright.model.value import Value

if TYPE_CHECKING:
    from collections.abc import Sequence


class SceneBundle(Value):
    """A finished scene as the journal keeps it: its shots before numbering, and what people should know of them."""

    shots: tuple[Shot, ...]
    names: tuple[tuple[str, str], ...]
    """(content id, lasting id) of every shot."""
    wanted: tuple[WantedAsset, ...] = ()
    log: tuple[str, ...] = ()
    rounds: int = 0


def flag_across(film: Sequence[Sequence[Shot]], flags: Sequence[Flag]) -> list[list[Shot]]:
    """The film with the flags of cuts between scenes on the shots that they name."""
    by_shot: dict[str, list[Flag]] = {}
    for flag in flags:
        by_shot.setdefault(flag.shot_id, []).append(flag)
    return [[_flagged(s, by_shot[s.shot_id]) if s.shot_id in by_shot else s for s in part] for part in film]


def _flagged(shot: Shot, found: Sequence[Flag]) -> Shot:
    flags = (*shot.continuity.flags, *found)
    failing = [flag for flag in flags if flag.severity == "error"]
    continuity = shot.continuity.model_copy(
        update={"flags": flags, "status": "needs_human" if failing else shot.continuity.status}
    )
    review = Review(status="needs_human", note=failing[0].message) if failing else shot.review
    return shot.model_copy(update={"continuity": continuity, "review": review})
