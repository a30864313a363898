"""The film as the journal keeps it: finished scenes, and the flags of the cuts between them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from shotwright.model.crew import DirectedScene, WantedAsset
from shotwright.model.frame import DrawnFrame, Viewing
from shotwright.model.language import Refinement
from shotwright.model.shot import Flag, Review, Shot
from shotwright.model.value import Value
from shotwright.production.journal import iterate_results

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.production.journal import Journal


class SceneBundle(Value):
    """A finished scene as the journal keeps it: its shots before numbering, and what people should know of them."""

    shots: tuple[Shot, ...]
    names: tuple[tuple[str, str], ...]
    """(content id, lasting id) of every shot."""
    wanted: tuple[WantedAsset, ...] = ()
    log: tuple[str, ...] = ()
    rounds: int = 0
    refinements: tuple[Refinement, ...] = ()
    """What became of each question that was put to a language model about this scene."""
    directed: DirectedScene | None = None
    """The Director's shots as a model left them; without one they are the rules' own."""


class ScreenedScene(Value):
    """A scene after its frames were drawn and looked at."""

    of: str
    """Key of the scene's bundle that the frames were drawn of."""
    shots: tuple[Shot, ...]
    """With their frames, their scores and what the Supervisor found in the pictures."""
    frames: dict[str, tuple[DrawnFrame, ...]] = {}
    """Shot id -> its frames with who is where in them."""
    viewings: tuple[Viewing, ...] = ()
    """What was seen, round by round."""
    log: tuple[str, ...] = ()
    pending: str = ""
    """Why the frames were not looked at though they should have been; the next run tries again."""


def viewings_changed(scene: ScreenedScene) -> list[str]:
    """Shots of the scene that were drawn again because of what was seen."""
    rounds = len([line for line in scene.log if line.startswith("frames, round") and ", now " in line])
    return [s.shot_id for s in scene.shots if 0 < s.continuity.rounds <= rounds] if rounds else []


def finished_shots(journal: Journal, scene: str) -> tuple[Shot, ...]:
    """A scene's shots as the last run left them: with their frames where these are of the scene as it stands."""
    key = journal.current("scene").get(scene)
    screened = journal.current_value("screen", scene)
    if screened is not None:
        found = ScreenedScene.model_validate_json(screened)
        if found.of == key:
            return found.shots
    text = journal.current_value("scene", scene)
    return SceneBundle.model_validate_json(text).shots if text is not None else ()


def wanted_blobs(journal: Journal) -> set[str]:
    """sha256 of every picture and mask that the production stands on, attached pictures included."""
    wanted: set[str] = set()
    for _, text in iterate_results(journal, "screen"):
        for frames in ScreenedScene.model_validate_json(text).frames.values():
            wanted.update(name for f in frames for name in (f.frame.sha256, f.frame.mask_sha256) if name)
    for entry in journal.ledger():
        if entry.kind == "attach":
            wanted.add(json.loads(entry.value_json))
    return wanted


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
