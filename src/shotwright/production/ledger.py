"""What people did, folded to what holds now, and laid over the agents' output. Pure.

The agents' shots and the ledger are kept apart, so nothing that a person set is ever overwritten: it is put on again
after every run. When the script under an edited shot changes the edit stays and the shot asks for a person; when the
shot is gone its entries are in the bin.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from shotwright.errors import ConfigError
from shotwright.model.crew import Pin, Revision
from shotwright.model.ids import ShotId
from shotwright.model.layers import covers, owner_of
from shotwright.model.review import BinnedShot, LedgerEntry
from shotwright.model.shot import Continuity, DigitalAssets, Provenance, Review, Shot

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


APPROVED = (
    "technical_layer.camera", "technical_layer.lighting", "technical_layer.staging",
    *(f"digital_assets.{name}" for name in DigitalAssets.model_fields),
    "audio.sound_effects", "audio.ambience", "audio.music_cue", "audio.lead_frames", "audio.tail_frames",
)  # fmt: skip
"""What an approval pins for the specialists. The Director is given the shot itself."""

DERIVED = ("label", "slate", "scene_number", "sequence_number", "shot_number_in_scene", "continues_shot_id")
"""What still changes under an approval, because it says where the shot stands and not what it is."""


@dataclass(slots=True)
class Standing:
    """What people's acts on one shot come to."""

    edits: dict[str, LedgerEntry] = field(default_factory=dict)
    decision: LedgerEntry | None = None
    """The last approve, reject or send_back that still stands."""
    pictures: dict[str, str] = field(default_factory=dict)
    """Moment of the shot -> sha256 of the picture that stands there in the drawn frame's place."""
    entries: list[LedgerEntry] = field(default_factory=list)

    @property
    def approved(self) -> bool:
        return self.decision is not None and self.decision.kind == "approve"


def fold(entries: Sequence[LedgerEntry]) -> dict[str, Standing]:
    """Shot id -> what stands, in order of first touch."""
    standing: dict[str, Standing] = {}
    for entry in entries:
        shot = standing.setdefault(entry.shot_id, Standing())
        shot.entries.append(entry)
        if entry.kind == "edit":
            for inner in [f for f in shot.edits if covers(entry.field, f)]:
                del shot.edits[inner]
            shot.edits[entry.field] = entry
        elif entry.kind == "unpin":
            for inner in [f for f in shot.edits if not entry.field or covers(entry.field, f)]:
                del shot.edits[inner]
        elif entry.kind == "attach":
            shot.pictures[entry.field] = json.loads(entry.value_json)
        elif entry.kind == "detach":
            for at in [a for a in shot.pictures if entry.field in ("", a)]:
                del shot.pictures[at]
        elif entry.kind == "reopen":
            shot.decision = None
        else:
            shot.decision = entry
    return standing


def pins_of(standing: Mapping[str, Standing], shots: Sequence[str]) -> tuple[Pin, ...]:
    """Locked inputs for the agents: a person's values for the shots named."""
    pins: list[Pin] = []
    for shot in shots:
        if shot not in standing:
            continue
        stands = standing[shot]
        held = {name: entry.value_json for name, entry in stands.edits.items()}
        if stands.approved and stands.decision is not None:
            tree = json.loads(stands.decision.value_json)
            held = {name: json.dumps(get_field(tree, name), ensure_ascii=False) for name in APPROVED} | held
        pins.extend(Pin(shot_id=ShotId(shot), field=name, value_json=held[name]) for name in sorted(held))
    return tuple(pins)


def requests_of(standing: Mapping[str, Standing], shots: Sequence[str]) -> tuple[Revision, ...]:
    """What people sent back, as revisions for the agent that owns the field."""
    found: list[Revision] = []
    for shot in shots:
        decision = standing[shot].decision if shot in standing else None
        if decision is None or decision.kind != "send_back":
            continue
        agent = owner_of(decision.field)
        if agent is not None:
            found.append(
                Revision(
                    agent=agent, shot_id=decision.shot_id, field=decision.field, code="PERSON", feedback=decision.note
                )
            )
    return tuple(found)


def set_field(tree: dict[str, Any], path: str, value: Any) -> None:
    """Set a dotted path in a shot's JSON. The path must exist; a number indexes a list."""
    *parents, last = path.split(".")
    node: Any = tree
    for part in parents:
        node = _child(node, part, path)
    _child(node, last, path)
    if isinstance(node, list):
        node[int(last)] = value
    else:
        node[last] = value


def get_field(tree: Any, path: str) -> Any:
    """The value at a dotted path of a shot's JSON."""
    node = tree
    for part in path.split("."):
        node = _child(node, part, path)
    return node


def _child(node: Any, part: str, path: str) -> Any:
    if isinstance(node, dict) and part in node:
        return node[part]
    if isinstance(node, list) and part.isdigit() and int(part) < len(node):
        return node[int(part)]
    names = ", ".join(node) if isinstance(node, dict) else f"0-{len(node) - 1}" if isinstance(node, list) else "nothing"
    raise ConfigError(f"{path}: a shot has no {part!r} there", hint=f"there is: {names}")


def overlay_edits(shot: Shot, edits: Mapping[str, LedgerEntry]) -> Shot:
    """The shot with a person's values in place and their provenance pinned."""
    if not edits:
        return shot
    tree = json.loads(shot.model_dump_json())
    for path, entry in edits.items():
        set_field(tree, path, json.loads(entry.value_json))
        tree["provenance"][path] = json.loads(
            Provenance(by="person", mind="person", because=entry.note or "edited", pinned=True).model_dump_json()
        )
    if "duration_frames" in edits:
        frames = tree["duration_frames"]
        rate = shot.duration_frames / shot.duration_seconds if shot.duration_seconds else 24
        tree["duration_seconds"] = round(frames / rate, 3)
        tree["duration_reason"] = "pinned"
        tree["cuts"] = [{"src_in": 0, "src_out": frames, "record_in": 0}]
    try:
        return Shot.model_validate(tree)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ConfigError(f"{where} = {first['input']!r}: {first['msg']}", hint="shotwright schema shot") from error


def lay_over(
    shots: Sequence[Shot], standing: Mapping[str, Standing], texts: Mapping[str, str], answered: int = 0
) -> list[Shot]:
    """Shots as people left them: edits in place, approvals kept, and `needs_human` where the script moved under them.

    `texts` maps shot ids to the script text that they carry now; what was sent back up to entry `answered` has been
    answered by the crew since.
    """
    result: list[Shot] = []
    for shot in shots:
        stands = standing.get(shot.shot_id)
        if stands is None or not (stands.edits or stands.decision):
            result.append(shot)
            continue
        moved = _script_moved(stands, texts.get(shot.shot_id, ""))
        if stands.approved and not moved:
            shot = _as_approved(shot, stands)
        shot = overlay_edits(shot, stands.edits)
        result.append(_reviewed(shot, stands, moved=moved, answered=answered))
    return result


def _script_moved(stands: Standing, text: str) -> bool:
    acts = [*stands.edits.values(), *([stands.decision] if stands.decision else [])]
    return any(act.source_text and act.source_text != text for act in acts)


def _as_approved(shot: Shot, stands: Standing) -> Shot:
    """The shot that the person approved, where it stands now."""
    assert stands.decision is not None
    kept = Shot.model_validate_json(stands.decision.value_json)
    now = {name: getattr(shot, name) for name in DERIVED}
    if len(kept.cuts) == len(shot.cuts):
        now["cuts"] = tuple(
            was.model_copy(update={"record_in": cut.record_in}) for was, cut in zip(kept.cuts, shot.cuts, strict=True)
        )
    number = shot.audio.music_cue.number
    cue = kept.audio.music_cue.model_copy(update={"number": number})
    return kept.model_copy(
        update={
            **now,
            "source": shot.source,
            "continuity": shot.continuity,
            "frames": shot.frames,
            "audio": kept.audio.model_copy(update={"music_cue": cue}),
        }
    )


def _reviewed(shot: Shot, stands: Standing, *, moved: bool, answered: int) -> Shot:
    if moved:
        note = "the script changed under " + ("the approval" if stands.approved else "a person's edit")
        continuity: Continuity = shot.continuity
        return shot.model_copy(
            update={
                "review": Review(status="needs_human", note=note),
                "continuity": continuity.model_copy(update={"status": "needs_human"}),
            }
        )
    if stands.decision is None:
        return shot
    status = {"approve": "approved", "reject": "rejected"}.get(stands.decision.kind)
    if status is None and stands.decision.sequence <= answered:
        return shot
    if status is None:
        return shot.model_copy(
            update={"review": Review(status=shot.review.status, note=f"sent back: {stands.decision.note}")}
        )
    return shot.model_copy(update={"review": Review.model_validate({"status": status, "note": stands.decision.note})})


def bin_of(standing: Mapping[str, Standing], alive: Mapping[str, str], scenes: Mapping[str, str]) -> list[BinnedShot]:
    """Shots with a person's work on them that the film no longer has. `alive` holds the film's shot ids."""
    binned: list[BinnedShot] = []
    for shot, stands in standing.items():
        if shot in alive or not (stands.edits or stands.decision or stands.pictures):
            continue
        last = stands.entries[-1]
        binned.append(
            BinnedShot.model_validate(
                {
                    "shot_id": shot,
                    "scene_id": scenes.get(shot, ""),
                    "label": last.label,
                    "source_text": last.source_text,
                    "entries": stands.entries,
                }
            )
        )
    return binned
