"""What a person has pinned and what a revision may not touch."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from shotwright.model.crew import ShotCamera
from shotwright.model.shot import TechnicalLayer
from shotwright.model.vocabulary import SIZE_ORDER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shotwright.craft.chooser import Candidate
    from shotwright.model.crew import PhotographedScene, Pin, Revision
    from shotwright.model.ids import ShotId

LAYER = "technical_layer."
FRAMING_KINDS = {
    "single": ("single", "moving"), "two_shot": ("two",), "three_shot": ("master",), "group": ("master",),
    "over_the_shoulder": ("over",), "pov": ("pov",), "insert": ("insert",), "empty": ("empty",),
}  # fmt: skip


def pinned_options(shot_id: ShotId, options: list[Candidate], pins: Sequence[Pin]) -> list[Candidate]:
    """The candidates that agree with a person's pins; where none does, the nearest are bent to them."""
    for pin in pins:
        if pin.shot_id != shot_id or not pin.field.startswith(LAYER + "camera"):
            continue
        value = json.loads(pin.value_json)
        field = pin.field.removeprefix(LAYER)
        if field == "camera":
            for name in ("framing", "shot_size", "angle"):
                options = _agree(options, f"camera.{name}", value.get(name))
        else:
            options = _agree(options, field, value)
    return options


def _agree(options: list[Candidate], field: str, value: Any) -> list[Candidate]:
    if field == "camera.shot_size" and value in SIZE_ORDER:
        size = SIZE_ORDER[value]
        kept = [c for c in options if c.size == size]
        if not kept:
            near = min(abs(c.size - size) for c in options)
            kept = [c for c in options if abs(c.size - size) == near]
            for c in kept:
                c.size = c.asked = size
        return kept
    if field == "camera.framing" and value in FRAMING_KINDS:
        return [c for c in options if c.kind in FRAMING_KINDS[value]] or options
    if field == "camera.angle":
        for c in options:
            c.angle = value
    return options


def apply_pins(shots: list[ShotCamera], pins: Sequence[Pin]) -> list[ShotCamera]:
    """Write every pinned value of the technical layer into its shot, word for word."""
    wanted: dict[str, list[Pin]] = {}
    for pin in pins:
        if pin.field == "setup_id" or pin.field.startswith(LAYER) or pin.field == "technical_layer":
            wanted.setdefault(pin.shot_id, []).append(pin)
    if not wanted:
        return shots
    return [_pinned(shot, wanted[shot.shot_id]) if shot.shot_id in wanted else shot for shot in shots]


def _pinned(shot: ShotCamera, pins: Sequence[Pin]) -> ShotCamera:
    technical: dict[str, Any] = {"technical_layer": json.loads(shot.technical.model_dump_json())}
    setup = shot.setup_id
    provenance = dict(shot.provenance)
    for pin in pins:
        value = json.loads(pin.value_json)
        if pin.field == "setup_id":
            setup = value
            continue
        _put(technical, pin.field.split("."), value)
        part = pin.field.removeprefix(LAYER).split(".")[0]
        for name in ("camera", "lighting", "staging"):
            if part in (name, "technical_layer"):
                provenance[name] = provenance[name].model_copy(update={"pinned": True})
    return ShotCamera(
        shot_id=shot.shot_id,
        setup_id=setup,
        technical=TechnicalLayer.model_validate_json(json.dumps(technical["technical_layer"])),
        provenance=provenance,
    )


def _put(tree: Any, path: Sequence[str], value: Any) -> None:
    for step in path[:-1]:
        tree = tree[int(step)] if isinstance(tree, list) else tree[step]
    if isinstance(tree, list):
        tree[int(path[-1])] = value
    else:
        tree[path[-1]] = value


def keep_previous(
    shots: list[ShotCamera], previous: PhotographedScene, revisions: Sequence[Revision]
) -> list[ShotCamera]:
    """The previous answer, with only the fields that the revisions name taken from the new one."""
    old = {shot.shot_id: shot for shot in previous.shots}
    asked: dict[str, list[str]] = {}
    for revision in revisions:
        if revision.agent == "cinematographer":
            asked.setdefault(revision.shot_id, []).append(revision.field)
    found = []
    for shot in shots:
        kept = old.get(shot.shot_id)
        if kept is None:
            found.append(shot)
        elif shot.shot_id in asked:
            found.append(_revised(kept, shot, asked[shot.shot_id]))
        else:
            found.append(kept)
    return found


def _revised(kept: ShotCamera, fresh: ShotCamera, fields: Sequence[str]) -> ShotCamera:
    """A camera is one thing: revising any field of it re-reads the whole of what the frame then holds."""
    parts = {field.removeprefix(LAYER).split(".")[0] for field in fields}
    if parts & {"technical_layer", "setup_id"}:
        return fresh
    update: dict[str, Any] = {}
    provenance = dict(kept.provenance)
    setup = kept.setup_id
    if "camera" in parts:
        parts.add("staging")
        setup = fresh.setup_id
    for part in ("camera", "lighting", "staging"):
        if part in parts:
            update[part] = getattr(fresh.technical, part)
            provenance[part] = fresh.provenance[part]
    return ShotCamera(
        shot_id=kept.shot_id, setup_id=setup, technical=kept.technical.model_copy(update=update), provenance=provenance
    )
