"""The one way back: flags become revisions, the owner mends the field, and the Supervisor looks again. Bounded."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shotwright.crew.continuity_supervisor import inspect_scene, revisions_for
from shotwright.model.crew import FilmSettings, Revision
from shotwright.model.shot import Continuity, Flag, Review, Shot
from shotwright.production.ledger import get_field, set_field

if TYPE_CHECKING:
    from shotwright.model.story import SceneBrief

Redo = Callable[[Sequence[Shot], Sequence[Revision]], list[Shot]]
"""Asks the owners of the fields for new answers; returns whole shots of the scene."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A scene after the Supervisor: its shots with their continuity record, and what was done."""

    shots: list[Shot]
    rounds: int
    log: list[str]


def supervise(shots: Sequence[Shot], brief: SceneBrief, settings: FilmSettings, redo: Redo, *, rounds: int) -> Outcome:
    """Inspect a scene's shots; send errors back while each round improves; then pass or ask for a person."""
    current = numbered_in_scene(shots)
    flags = inspect_scene(current, brief, settings)
    log: list[str] = []
    done = 0
    touched: dict[str, int] = {}
    while done < rounds and (wanted := revisions_for(flags, done + 1)):
        revised = keep_to_field(current, redo(current, wanted), wanted)
        after = inspect_scene(revised, brief, settings)
        done += 1
        log.extend(f"round {done}: {r.agent} asked to mend {r.field}: {r.feedback}" for r in wanted)
        if weight(after) >= weight(flags):
            log.append(f"round {done}: no better ({_count(after)}; before {_count(flags)}); kept as it was")
            break
        log.append(f"round {done}: {_count(flags)}, now {_count(after)}")
        for revision in wanted:
            touched[revision.shot_id] = done
        current, flags = revised, after
    return Outcome(record(current, flags, touched), done, log)


def weight(flags: Sequence[Flag]) -> tuple[int, int]:
    """(errors, warnings): a round must make this smaller, and one error weighs more than any number of warnings."""
    severities = [flag.severity for flag in flags]
    return severities.count("error"), severities.count("warn")


def _count(flags: Sequence[Flag]) -> str:
    errors, warnings = weight(flags)
    return f"{errors} errors and {warnings} warnings"


def numbered_in_scene(shots: Sequence[Shot]) -> list[Shot]:
    """Shots with their place in the scene, which the Supervisor's messages name."""
    return [
        shot if shot.shot_number_in_scene == place else shot.model_copy(update={"shot_number_in_scene": place})
        for place, shot in enumerate(shots, 1)
    ]


def keep_to_field(before: Sequence[Shot], after: Sequence[Shot], revisions: Sequence[Revision]) -> list[Shot]:
    """Of the new answer only the fields asked for, of the shots asked for; everything else as it was."""
    wanted: dict[str, list[str]] = {}
    for revision in revisions:
        wanted.setdefault(revision.shot_id, []).append(revision.field)
    fresh = {shot.shot_id: shot for shot in after}
    result: list[Shot] = []
    for shot in before:
        new = fresh.get(shot.shot_id)
        if shot.shot_id not in wanted or new is None or new == shot:
            result.append(shot)
            continue
        tree = json.loads(shot.model_dump_json())
        source = json.loads(new.model_dump_json())
        for field in wanted[shot.shot_id]:
            set_field(tree, field, get_field(source, field))
        result.append(Shot.model_validate(tree))
    return result


def record(shots: Sequence[Shot], flags: Sequence[Flag], rounds: dict[str, int]) -> list[Shot]:
    """Write the Supervisor's finding into each shot."""
    by_shot: dict[str, list[Flag]] = {}
    for flag in flags:
        by_shot.setdefault(flag.shot_id, []).append(flag)
    result: list[Shot] = []
    for shot in shots:
        found = tuple(by_shot.get(shot.shot_id, ()))
        failing = weight(found)[0] > 0
        continuity = Continuity(
            status="needs_human" if failing else "passed",
            rounds=rounds.get(shot.shot_id, 0),
            flags=found,
        )
        review = shot.review
        if failing:
            first = next(flag for flag in found if flag.severity == "error")
            review = Review(status="needs_human", note=first.message)
        result.append(shot.model_copy(update={"continuity": continuity, "review": review}))
    return result
